/*
 * Four files of lines. Lines that are not ours are copied as they are, whatever is in them. What another program changes at the same
 * time is safe by the lock that all of them take, .pwd.lock.
 */
#include "backend/access/accounts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/access/files.h"
#include "base/cleanup.h"
#include "base/number.h"

#define MARK        "drawbridge"
#define TITLE_MARK  ",,,," MARK  /* behind a title that has no comma: the part for "other", which only root may change */
#define TITLE_PART  4            /* counted from 0; who has the account may change those before it */
#define GROUP_MARK  "!" MARK     /* no password at all */
#define GROUP_USERS 100          /* Debian's "users", everybody's first group */
#define KEYS        "drawbridge-keys"

struct writing {
	const struct accounts *wanted;
	struct buffer          passwd, shadow, group, gshadow;     /* as they are */
	struct buffer          passwd_new, shadow_new, group_new, gshadow_new;
	bool                   has_account[ACCOUNTS_MAX], has_group[ACCOUNTS_MAX]; /* of wanted: can be made */
	enum result            result;
	struct buffer         *message;
};

static void __attribute__((format(printf, 3, 4)))
miss(struct writing *writing, enum result result, const char *format, ...)
{
	va_list args;

	if (writing->result == RESULT_DONE)
		writing->result = result;
	if (writing->message->len > 0)
		buffer_add_string(writing->message, "; ");
	va_start(args, format);
	buffer_print_args(writing->message, format, args);
	va_end(args);
}

/* --- Lines ------------------------------------------------------------------------------------------- */

static struct text
field(struct text line, size_t n)
{
	struct text one = text_until(&line, ':');

	while (n-- > 0)
		one = text_until(&line, ':');
	return one;
}

static bool
is_our_account(struct text line)
{
	struct text title = field(line, 4);

	for (int i = 0; i < TITLE_PART; i++)
		text_until(&title, ',');
	return text_is(title, MARK);
}

static bool
is_our_group(struct text gshadow_line)
{
	return text_is(field(gshadow_line, 1), GROUP_MARK);
}

/* The line that begins with this name; empty: none. */
static struct text
line_of(const struct buffer *file, struct text name)
{
	struct text rest = buffer_text(file), line;

	while (text_next(&rest, "\n", &line))
		if (text_equal(field(line, 0), name))
			return line;
	return TEXT_NONE;
}

static bool
account_is_ours(const struct writing *writing, struct text name)
{
	return is_our_account(line_of(&writing->passwd, name));
}

static bool
group_is_ours(const struct writing *writing, struct text name)
{
	return is_our_group(line_of(&writing->gshadow, name));
}

static void
copy_line(struct buffer *out, struct text line)
{
	buffer_add(out, line);
	buffer_add_byte(out, '\n');
}

/* --- Who can be made --------------------------------------------------------------------------------- */

/* Has somebody of the machine's own the name, or the number in this field? */
static bool
is_taken(const struct writing *writing, const struct buffer *file, const char *name, uint32_t id,
	 bool (*is_ours)(const struct writing *, struct text))
{
	struct text rest = buffer_text(file), line;
	int64_t     number;

	while (text_next(&rest, "\n", &line)) {
		if (is_ours(writing, field(line, 0)))
			continue;
		if (text_is(field(line, 0), name) || (number_read(field(line, 2), 0, UINT32_MAX, &number) && number == id))
			return true;
	}
	return false;
}

static void
choose(struct writing *writing)
{
	const struct accounts *wanted = writing->wanted;

	for (size_t i = 0; i < wanted->n; i++) {
		const struct account       *one = &wanted->accounts[i];
		const struct account_shell *shell = &account_shells[one->shell];

		if (is_taken(writing, &writing->passwd, one->name, one->id, account_is_ours))
			miss(writing, RESULT_REFUSED, "account %s: the machine has one of that name or number, which is left alone",
			     one->name);
		else if (access(shell->path, X_OK) != 0)
			miss(writing, RESULT_UNAVAILABLE, "account %s: its shell is not installed: apt install %s", one->name,
			     shell->package);
		else
			writing->has_account[i] = true;
	}
	for (size_t i = 0; i < wanted->ngroups; i++) {
		const struct account_group *group = &wanted->groups[i];

		if (is_taken(writing, &writing->group, group->name, group->id, group_is_ours))
			miss(writing, RESULT_REFUSED, "group %s: the machine has one of that name or number, which is left alone",
			     group->name);
		else
			writing->has_group[i] = true;
	}
}

/* --- Contents ---------------------------------------------------------------------------------------- */

static bool
is_wanted(const struct writing *writing, struct text name)
{
	for (size_t i = 0; i < writing->wanted->n; i++)
		if (writing->has_account[i] && text_is(name, writing->wanted->accounts[i].name))
			return true;
	return false;
}

static void
print_accounts(struct writing *writing, const char *homes)
{
	struct text rest = buffer_text(&writing->passwd), line;

	while (text_next(&rest, "\n", &line))
		if (!is_our_account(line))
			copy_line(&writing->passwd_new, line);
	rest = buffer_text(&writing->shadow);
	while (text_next(&rest, "\n", &line))
		if (!account_is_ours(writing, field(line, 0)) && !is_wanted(writing, field(line, 0)))
			copy_line(&writing->shadow_new, line);
	for (size_t i = 0; i < writing->wanted->n; i++) {
		const struct account *one = &writing->wanted->accounts[i];

		if (!writing->has_account[i])
			continue;
		buffer_print(&writing->passwd_new, "%s:x:%u:%d:%s" TITLE_MARK ":%s/%s:%s\n", one->name, one->id, GROUP_USERS,
			     one->title, homes, one->name, account_shells[one->shell].path);
		buffer_print(&writing->shadow_new, "%s:%s:::::", one->name, one->hash);
		if (one->expires > 0)
			buffer_print(&writing->shadow_new, ":%u:\n", one->expires);
		else
			buffer_add_string(&writing->shadow_new, "::\n");
	}
}

static void
print_members(const struct writing *writing, const struct account_group *group, struct buffer *out)
{
	bool is_any = false;

	for (size_t i = 0; i < group->nmembers; i++) {
		if (!is_wanted(writing, text_of(group->members[i])))
			continue;
		buffer_print(out, "%s%s", is_any ? "," : "", group->members[i]);
		is_any = true;
	}
	buffer_add_byte(out, '\n');
}

static bool
group_is_wanted(const struct writing *writing, struct text name)
{
	for (size_t i = 0; i < writing->wanted->ngroups; i++)
		if (writing->has_group[i] && text_is(name, writing->wanted->groups[i].name))
			return true;
	return false;
}

static void
print_groups(struct writing *writing)
{
	struct text rest = buffer_text(&writing->group), line;

	while (text_next(&rest, "\n", &line))
		if (!group_is_ours(writing, field(line, 0)))
			copy_line(&writing->group_new, line);
	rest = buffer_text(&writing->gshadow);
	while (text_next(&rest, "\n", &line))
		if (!is_our_group(line) && !group_is_wanted(writing, field(line, 0)))
			copy_line(&writing->gshadow_new, line);
	for (size_t i = 0; i < writing->wanted->ngroups; i++) {
		const struct account_group *group = &writing->wanted->groups[i];

		if (!writing->has_group[i])
			continue;
		buffer_print(&writing->group_new, "%s:x:%u:", group->name, group->id);
		print_members(writing, group, &writing->group_new);
		buffer_print(&writing->gshadow_new, "%s:" GROUP_MARK "::", group->name);
		print_members(writing, group, &writing->gshadow_new);
	}
}

/* --- Keys and homes ---------------------------------------------------------------------------------- */

/* Files of those that have no account any more. */
static void
remove_keys(const struct writing *writing, int directory)
{
	const int            fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR                 *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!list) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(list)))
		if (entry->d_name[0] != '.' && !is_wanted(writing, text_of(entry->d_name)))
			unlinkat(directory, entry->d_name, 0);
	closedir(list);
}

static void
write_keys(struct writing *writing, int etc)
{
	if (mkdirat(etc, "ssh", 0755) != 0 && errno != EEXIST) {
		miss(writing, RESULT_FAILED, "the keys of accounts cannot be written: %s", strerror(errno));
		return;
	}
	if (mkdirat(etc, "ssh/" KEYS, 0755) == 0)
		(void)!fchmodat(etc, "ssh/" KEYS, 0755, 0);
	scoped_fd directory = openat(etc, "ssh/" KEYS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (directory < 0) {
		miss(writing, RESULT_FAILED, "the keys of accounts cannot be written: %s", strerror(errno));
		return;
	}
	remove_keys(writing, directory);
	for (size_t i = 0; i < writing->wanted->n; i++) {
		const struct account *one = &writing->wanted->accounts[i];

		if (writing->has_account[i] && !file_replace(directory, one->name, text_of(one->keys), 0644))
			miss(writing, RESULT_FAILED, "the keys of %s cannot be written: %s", one->name, strerror(errno));
	}
}

static bool
make_home(int homes, const struct account *account)
{
	struct stat about;

	if (mkdirat(homes, account->name, 0700) != 0)
		return errno == EEXIST && fstatat(homes, account->name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
		       S_ISDIR(about.st_mode) && about.st_uid == account->id;
	scoped_fd fd = openat(homes, account->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 && fchown(fd, account->id, GROUP_USERS) == 0;
}

static void
make_homes(struct writing *writing, const char *path)
{
	scoped_fd homes = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < writing->wanted->n; i++)
		if (writing->has_account[i] && !make_home(homes, &writing->wanted->accounts[i]))
			miss(writing, RESULT_REFUSED, "account %s: %s/%s cannot be made or belongs to somebody else",
			     writing->wanted->accounts[i].name, path, writing->wanted->accounts[i].name);
}

/* --- All of it --------------------------------------------------------------------------------------- */

/* Released when it is closed. */
static int
lock(int etc)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	scoped_fd    fd = openat(etc, ".pwd.lock", O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	const int    held = fd;

	if (fd < 0 || fcntl(fd, F_SETLK, &whole) != 0)
		return -1;
	fd = -1;
	return held;
}

static bool
read_files(struct writing *writing, int etc)
{
	return file_read_whole(etc, "passwd", ACCOUNTS_FILE_MAX, &writing->passwd) &&
	       file_read_whole(etc, "shadow", ACCOUNTS_FILE_MAX, &writing->shadow) &&
	       file_read_whole(etc, "group", ACCOUNTS_FILE_MAX, &writing->group) &&
	       file_read_whole(etc, "gshadow", ACCOUNTS_FILE_MAX, &writing->gshadow);
}

/* Passwords first: a line there without its account lets nobody in. */
static bool
replace_files(const struct writing *writing, int etc)
{
	return file_replace(etc, "shadow", buffer_text(&writing->shadow_new), 0600) &&
	       file_replace(etc, "gshadow", buffer_text(&writing->gshadow_new), 0600) &&
	       file_replace(etc, "group", buffer_text(&writing->group_new), 0644) &&
	       file_replace(etc, "passwd", buffer_text(&writing->passwd_new), 0644);
}

static void
clear(struct writing *writing)
{
	struct buffer *const all[] = { &writing->passwd, &writing->shadow, &writing->group, &writing->gshadow,
				       &writing->passwd_new, &writing->shadow_new, &writing->group_new, &writing->gshadow_new };

	for (size_t i = 0; i < COUNT(all); i++)
		buffer_clear(all[i]);
}

enum result
accounts_write(int directory, const struct accounts *accounts, const char *homes, struct buffer *message)
{
	struct writing writing = { .wanted = accounts, .result = RESULT_DONE, .message = message };
	scoped_fd      held = lock(directory);

	if (held < 0) {
		buffer_add_string(message, "somebody else changes the accounts of the machine");
		return RESULT_FAILED;
	}
	if (!read_files(&writing, directory)) {
		miss(&writing, RESULT_FAILED, "the accounts of the machine cannot be read: %s", strerror(errno));
		clear(&writing);
		return writing.result;
	}
	choose(&writing);
	print_accounts(&writing, homes);
	print_groups(&writing);
	write_keys(&writing, directory);
	if (!replace_files(&writing, directory))
		miss(&writing, RESULT_FAILED, "accounts cannot be written: %s", strerror(errno));
	make_homes(&writing, homes);
	clear(&writing);
	return writing.result;
}

enum result
accounts_apply(const struct accounts *accounts, const char *homes, struct buffer *message)
{
	scoped_fd etc = open("/etc", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return accounts_write(etc, accounts, homes, message);
}
