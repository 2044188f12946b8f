/* Three small files and one system call. */
#include "backend/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"

#define MARK_BEGIN "# drawbridge: begin"
#define MARK_END   "# drawbridge: end"

/* --- Checking ----------------------------------------------------------------------------------- */

static bool
is_label(struct text label)
{
	if (label.len == 0 || label.len > IDENTITY_HOST_MAX || label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++) {
		const char c = label.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return true;
}

bool
identity_is_valid(const struct identity *identity)
{
	struct text domain = text_of(identity->domain), label;

	if (!is_label(text_of(identity->host)) || domain.len > IDENTITY_DOMAIN_MAX || text_ends(domain, TEXT(".")))
		return false;
	while (text_next(&domain, ".", &label))
		if (!is_label(label))
			return false;
	return identity->nservers <= IDENTITY_SERVERS_MAX;
}

/* --- Contents ----------------------------------------------------------------------------------- */

static void
print_name(const struct identity *identity, struct buffer *out)
{
	buffer_print(out, "%s\n", identity->host);
}

static void
print_resolver(const struct identity *identity, struct buffer *out)
{
	scoped_arena arena = arena_new();

	buffer_add_string(out, "# Written by drawbridge.\n");
	if (*identity->domain)
		buffer_print(out, "search %s\n", identity->domain);
	for (size_t i = 0; i < identity->nservers; i++)
		buffer_print(out, "nameserver %s\n", address_print(arena, &identity->servers[i]));
}

/* Everything but what is between our marks; a begin without its end takes nothing along. */
static void
copy_others(struct text old, struct buffer *out)
{
	bool        inside = text_contains(old, TEXT(MARK_BEGIN)) && text_contains(old, TEXT(MARK_END));
	const bool  skips = inside;
	struct text line;

	inside = false;
	while (text_next(&old, "\n", &line)) {
		if (skips && text_is(line, MARK_BEGIN))
			inside = true;
		else if (inside && text_is(line, MARK_END))
			inside = false;
		else if (!inside) {
			buffer_add(out, line);
			buffer_add_byte(out, '\n');
		}
	}
}

static void
print_hosts(const struct identity *identity, struct text old, struct buffer *out)
{
	if (old.len == 0)
		old = TEXT("127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n");
	copy_others(old, out);
	buffer_add_string(out, MARK_BEGIN "\n127.0.1.1 ");
	if (*identity->domain)
		buffer_print(out, "%s.%s ", identity->host, identity->domain);
	buffer_print(out, "%s\n" MARK_END "\n", identity->host);
}

/* --- Files -------------------------------------------------------------------------------------- */

struct file {
	const char   *name, *made;
	struct buffer content;
	bool          wanted;
};

static bool
read_old(int directory, const char *name, struct buffer *out)
{
	scoped_fd   fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	struct stat about;
	ssize_t     n;

	if (fd < 0)
		return errno == ENOENT;
	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > IDENTITY_HOSTS_MAX)
		return false;
	buffer_reserve(out, (size_t)about.st_size + 1);
	n = read(fd, out->bytes, (size_t)about.st_size);
	if (n != about.st_size)
		return false;
	out->len = (size_t)n;
	out->bytes[n] = '\0';
	return true;
}

static bool
make_file(int directory, const struct file *file)
{
	unlinkat(directory, file->made, 0);
	scoped_fd fd = openat(directory, file->made, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	return fd >= 0 && fchmod(fd, 0644) == 0 &&
	       write(fd, file->content.bytes, file->content.len) == (ssize_t)file->content.len && fsync(fd) == 0;
}

/* A file that says this already is not written again. */
static bool
is_same(int directory, const struct file *file)
{
	scoped_buffer old = BUFFER_NONE;

	return read_old(directory, file->name, &old) && text_equal(buffer_text(&old), buffer_text(&file->content));
}

/*
 * Into the file that is there, where it is one: the gate, confined, goes on reading the one that it knows. Else, or when that
 * fails, in place of it.
 */
static bool
put_in_place(int directory, const struct file *file)
{
	scoped_fd   fd = openat(directory, file->name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat about;

	if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_nlink != 1 || fchmod(fd, 0644) != 0 ||
	    pwrite(fd, file->content.bytes, file->content.len, 0) != (ssize_t)file->content.len ||
	    ftruncate(fd, (off_t)file->content.len) != 0)
		return renameat(directory, file->made, directory, file->name) == 0;
	unlinkat(directory, file->made, 0);
	return true;
}

static enum result
put_files(int directory, struct file *files, size_t n, struct buffer *message)
{
	for (size_t i = 0; i < n; i++) {
		files[i].wanted = files[i].content.len > 0 && !is_same(directory, &files[i]);
		if (!files[i].wanted || make_file(directory, &files[i]))
			continue;
		buffer_print(message, "cannot write %s: %s", files[i].name, strerror(errno));
		for (size_t k = 0; k <= i; k++)
			unlinkat(directory, files[k].made, 0);
		return RESULT_FAILED;
	}
	for (size_t i = 0; i < n; i++)
		if (files[i].wanted && !put_in_place(directory, &files[i])) {
			buffer_print(message, "cannot put %s in place: %s", files[i].name, strerror(errno));
			return RESULT_FAILED;
		}
	return RESULT_DONE;
}

enum result
identity_write(int directory, const struct identity *identity, struct buffer *message)
{
	struct file   files[] = { { .name = "hostname", .made = ".hostname.drawbridge" },
				  { .name = "hosts", .made = ".hosts.drawbridge" },
				  { .name = "resolv.conf", .made = ".resolv.conf.drawbridge" } };
	scoped_buffer old = BUFFER_NONE;
	enum result   result = RESULT_FAILED;

	if (!identity_is_valid(identity)) {
		buffer_add_string(message, "no machine can be called so");
		return RESULT_INVALID;
	}
	if (!read_old(directory, "hosts", &old)) {
		buffer_add_string(message, "hosts cannot be read, or is too big");
		return RESULT_FAILED;
	}
	print_name(identity, &files[0].content);
	print_hosts(identity, buffer_text(&old), &files[1].content);
	if (identity->nservers > 0)
		print_resolver(identity, &files[2].content);
	result = put_files(directory, files, COUNT(files), message);
	for (size_t i = 0; i < COUNT(files); i++)
		buffer_clear(&files[i].content);
	return result;
}

enum result
identity_apply(const struct identity *identity, struct buffer *message)
{
	scoped_fd         etc = open("/etc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const enum result result = identity_write(etc, identity, message);

	if (result != RESULT_DONE || sethostname(identity->host, strlen(identity->host)) == 0)
		return result;
	buffer_print(message, "cannot set the host name: %s", strerror(errno));
	return RESULT_FAILED;
}
