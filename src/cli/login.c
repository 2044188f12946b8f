/*
 * drawbridge-login: OpenVPN asks it who may come in. It is run with fixed words, the last of them OpenVPN's own, and says yes by its exit
 * status 0. The users stand in a file that only root reads, a line each: the day (since 1970) that they may come until or 0, the hash of
 * the password, the name.
 *
 *   drawbridge-login users FILE free|exact|any-case FILE-WITH-NAME-AND-PASSWORD
 *   drawbridge-login depth MOST DEPTH SUBJECT
 */
#include <crypt.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/number.h"

#define YES          0
#define NO           1
#define FILE_MAX     ((size_t)16 * 1024 * 1024)
#define PASSWORD_MAX 511 /* bytes that crypt takes */
#define BCRYPT_BYTES 72  /* of which bcrypt looks at so many: a longer one is as good as its beginning */
#define DAY_SECONDS  86400

/* A hash that nothing fits, for names that are not there: they take as long as those that are. */
#define NOBODY "$2b$10$abcdefghijklmnopqrstuu..............................."

static bool
read_file(const char *path, struct buffer *out)
{
	scoped_fd fd = open(path, O_RDONLY | O_CLOEXEC);
	char      bytes[65536];
	ssize_t   n = -1;

	while (fd >= 0 && out->len < FILE_MAX && (n = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(out, (struct text){ bytes, (size_t)n });
	return n == 0;
}

/* The time it takes says nothing of where they differ. */
static bool
is_same(struct text a, struct text b)
{
	unsigned char difference = 0;

	for (size_t i = 0; a.len == b.len && i < a.len; i++)
		difference |= (unsigned char)(a.ptr[i] ^ b.ptr[i]);
	return a.len == b.len && difference == 0;
}

static bool
fits(struct text hash, struct text password)
{
	static struct crypt_data data;
	char                     setting[CRYPT_OUTPUT_SIZE], phrase[PASSWORD_MAX + 1];
	const bool               is_bcrypt = text_starts(hash, TEXT("$2"));

	if (is_bcrypt)
		password = text_first(password, BCRYPT_BYTES);
	if (hash.len == 0 || hash.len >= sizeof(setting) || password.len > PASSWORD_MAX)
		return false;
	memcpy(setting, hash.ptr, hash.len);
	setting[hash.len] = '\0';
	memcpy(phrase, password.ptr, password.len);
	phrase[password.len] = '\0';
	const char *made = crypt_rn(phrase, setting, &data, sizeof(data));
	const bool  is_right = made && made[0] != '*' && is_same(text_of(made), hash);

	explicit_bzero(phrase, sizeof(phrase));
	explicit_bzero(&data, sizeof(data));
	return is_right;
}

/* The hash of who may come in today; that of nobody when there is none of this name. */
static struct text
find_hash(struct text users, struct text name)
{
	const int64_t today = (int64_t)time(NULL) / DAY_SECONDS;
	struct text   line, hash = TEXT(NOBODY);

	while (text_next(&users, "\n", &line)) {
		const struct text until = text_until(&line, ' '), its = text_until(&line, ' ');
		int64_t           day;

		if (text_equal(line, name) && number_read(until, 0, INT32_MAX, &day) && (day == 0 || today <= day))
			hash = its;
	}
	return hash;
}

/* May this name come with the certificate that it came with? */
static bool
goes_with(const char *how, struct text name)
{
	const struct text common = text_of(getenv("common_name"));

	if (strcmp(how, "free") == 0)
		return true;
	return strcmp(how, "exact") == 0 ? text_equal(name, common) : text_equal_any_case(name, common);
}

static int
ask_users(const char *users_path, const char *how, const char *said_path)
{
	struct buffer users = BUFFER_NONE, said = BUFFER_NONE;
	bool          is_right = false;

	if (read_file(users_path, &users) && read_file(said_path, &said)) {
		struct text       rest = buffer_text(&said);
		const struct text name = text_until(&rest, '\n'), password = text_until(&rest, '\n');

		is_right = fits(find_hash(buffer_text(&users), name), password) && name.len > 0 && goes_with(how, name);
	}
	if (said.bytes)
		explicit_bzero(said.bytes, said.len);
	buffer_clear(&said);
	buffer_clear(&users);
	return is_right ? YES : NO;
}

/* The certificate itself is at 0, who signed it at 1, and so on. */
static int
ask_depth(const char *most, const char *depth)
{
	int64_t limit, number;

	return number_read(text_of(most), 0, INT32_MAX, &limit) && number_read(text_of(depth), 0, limit, &number) ? YES : NO;
}

int
main(int argc, char *argv[])
{
	if (argc == 5 && strcmp(argv[1], "users") == 0)
		return ask_users(argv[2], argv[3], argv[4]);
	if (argc == 5 && strcmp(argv[1], "depth") == 0)
		return ask_depth(argv[2], argv[3]);
	fputs("OpenVPN asks this program who may come in; it is of no use to others.\n", stderr);
	return NO;
}
