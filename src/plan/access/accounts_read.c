/* From users and groups of the configuration to those who may log in. */
#include <string.h>
#include <time.h>

#include "base/base64.h"
#include "base/bug.h"
#include "base/number.h"
#include "plan/access/accounts.h"

#define PRIVILEGE    "user-shell-access" /* pfSense's word for what is a shell in OPNsense */
#define SHELL_PRESET "bash"              /* of those who have only the privilege */
#define DAY_SECONDS  86400
#define MISSING_MAX  2000 /* bytes; more would only repeat itself */

struct reading {
	struct arena          *arena;
	const struct snapshot *snapshot;
	int64_t                day;
	struct buffer         *missing;
	struct account        *accounts;
	const struct record  **users; /* of the accounts */
	size_t                 n;
};

static void __attribute__((format(printf, 3, 4)))
miss(struct reading *reading, const struct record *about, const char *format, ...)
{
	va_list args;

	if (reading->missing->len > MISSING_MAX)
		return;
	buffer_print(reading->missing, "%s%s %.64s: ", reading->missing->len > 0 ? "; " : "",
		     strcmp(about->resource->name, "auth.user") == 0 ? "account" : "group", record_get(about, "name"));
	va_start(args, format);
	buffer_print_args(reading->missing, format, args);
	va_end(args);
}

static bool
has_word(struct text list, struct text word)
{
	struct text one;

	while (text_next(&list, ",\n", &one))
		if (text_equal(one, word))
			return true;
	return false;
}

/* --- Who --------------------------------------------------------------------------------------------- */

static bool
has_privilege(const struct reading *reading, const struct record *user)
{
	const struct collection *groups = snapshot_named(reading->snapshot, "auth.group");

	if (has_word(record_text(user, "priv"), TEXT(PRIVILEGE)))
		return true;
	for (size_t i = 0; i < collection_count(groups); i++) {
		const struct record *group = collection_at(groups, i);

		if (has_word(record_text(group, "member"), record_text(user, "uid")) &&
		    has_word(record_text(group, "priv"), TEXT(PRIVILEGE)))
			return true;
	}
	return false;
}

/* "12/31/2030" */
int64_t
account_expiry(const struct record *user)
{
	struct text rest = record_text(user, "expires"), part;
	int64_t     numbers[3] = { 0 };
	size_t      n = 0;

	if (rest.len == 0)
		return 0;
	while (n < COUNT(numbers) && text_next(&rest, "/", &part))
		if (!number_read(part, 1, 9999, &numbers[n++]))
			return -1;
	struct tm when = { .tm_mon = (int)numbers[0] - 1, .tm_mday = (int)numbers[1], .tm_year = (int)numbers[2] - 1900 };

	return n == COUNT(numbers) && rest.len == 0 ? timegm(&when) / DAY_SECONDS : -1;
}

static bool
may_log_in(const struct reading *reading, const struct record *user)
{
	const int64_t expiry = account_expiry(user);

	if (text_is(record_text(user, "scope"), "system") || record_bool(user, "disabled"))
		return false;
	if (expiry < 0 || (expiry > 0 && expiry < reading->day))
		return false;
	if (text_ends(record_text(user, "shell"), TEXT("/nologin")))
		return false;
	return record_has(user, "shell") || has_privilege(reading, user);
}

/* --- What -------------------------------------------------------------------------------------------- */

/* By its last word: "/usr/local/bin/bash" is where the BSDs have it. */
static bool
read_shell(const struct record *user, size_t *shell)
{
	static const char *const menus[] = { "opnsense-shell", "rc.initial", NULL };
	const char              *path = record_has(user, "shell") ? record_get(user, "shell") : SHELL_PRESET;
	const char              *slash = strrchr(path, '/');
	const char              *name = slash ? slash + 1 : path;

	for (size_t i = 0; menus[i]; i++)
		name = strcmp(name, menus[i]) == 0 ? SHELL_PRESET : name;
	for (size_t i = 0; i < account_shells_count; i++)
		if (strcmp(strrchr(account_shells[i].path, '/') + 1, name) == 0) {
			*shell = i;
			return true;
		}
	return false;
}

static const char *
read_title(struct arena *arena, struct text title)
{
	char *copy = arena_copy(arena, text_first(title, ACCOUNT_TITLE_MAX));

	for (char *at = copy; *at; at++)
		if (!account_title_is_valid((struct text){ at, 1 }))
			*at = ' ';
	return copy;
}

/* The field has them in base64; a line that begins with options is none of ours to grant. */
static const char *
read_keys(struct reading *reading, const struct record *user)
{
	size_t        len = 0;
	const char   *text = base64_decode(reading->arena, record_text(user, "authorizedkeys"), &len);
	struct text   rest = { text, text ? len : 0 }, line;
	scoped_buffer keys = BUFFER_NONE;

	if (!text)
		miss(reading, user, "its keys are malformed");
	while (text_next(&rest, "\n", &line)) {
		line = text_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (!account_key_is_valid(line) || keys.len + line.len + 1 > ACCOUNT_KEYS_MAX) {
			miss(reading, user, "a key is none, has options or is one too many");
			continue;
		}
		buffer_add(&keys, line);
		buffer_add_byte(&keys, '\n');
	}
	return arena_copy(reading->arena, buffer_text(&keys));
}

static bool
read_id(const struct record *record, const char *field, uint32_t *id)
{
	int64_t number;

	if (!number_read(record_text(record, field), ACCOUNT_ID_MIN, ACCOUNT_ID_MAX, &number))
		return false;
	*id = (uint32_t)number;
	return true;
}

static bool
is_taken(const struct reading *reading, const struct account *account)
{
	for (size_t i = 0; i < reading->n; i++)
		if (reading->accounts[i].id == account->id || strcmp(reading->accounts[i].name, account->name) == 0)
			return true;
	return false;
}

static void
read_user(struct reading *reading, const struct record *user)
{
	struct account    account = { .name = record_get(user, "name") };
	const struct text hash = record_text(user, "password");

	if (!account_name_is_valid(text_of(account.name)))
		miss(reading, user, "no account can be called so");
	else if (!read_id(user, "uid", &account.id))
		miss(reading, user, "no account can have the number %.20s", record_get(user, "uid"));
	else if (!read_shell(user, &account.shell))
		miss(reading, user, "there is no shell %.64s on Linux", record_get(user, "shell"));
	else if (is_taken(reading, &account) || reading->n == ACCOUNTS_MAX)
		miss(reading, user, "there is one like it already, or there are too many");
	else {
		account.title = read_title(reading->arena, record_text(user, "descr"));
		account.hash = account_hash_is_valid(hash) ? record_get(user, "password") : "*";
		account.keys = read_keys(reading, user);
		account.expires = (uint32_t)account_expiry(user);
		reading->users[reading->n] = user;
		reading->accounts[reading->n++] = account;
	}
}

/* --- Groups ------------------------------------------------------------------------------------------ */

/* Those of its members that are accounts; a group of none is not needed. */
static size_t
read_members(const struct reading *reading, const struct record *group, const char **members)
{
	size_t n = 0;

	for (size_t i = 0; i < reading->n; i++)
		if (has_word(record_text(group, "member"), record_text(reading->users[i], "uid")))
			members[n++] = reading->accounts[i].name;
	return n;
}

static bool
group_is_taken(const struct accounts *all, const struct account_group *group)
{
	for (size_t i = 0; i < all->ngroups; i++)
		if (all->groups[i].id == group->id || strcmp(all->groups[i].name, group->name) == 0)
			return true;
	return all->ngroups == ACCOUNTS_MAX;
}

static void
read_groups(struct reading *reading, struct accounts *out)
{
	const struct collection *groups = snapshot_named(reading->snapshot, "auth.group");
	struct account_group    *all = ARENA_MAKE(reading->arena, struct account_group, collection_count(groups));

	out->groups = all;
	for (size_t i = 0; i < collection_count(groups); i++) {
		const struct record *record = collection_at(groups, i);
		const char         **members = ARENA_MAKE(reading->arena, const char *, reading->n);
		struct account_group group = { .name = record_get(record, "name"), .members = members };

		group.nmembers = read_members(reading, record, members);
		if (group.nmembers == 0)
			continue;
		if (!account_name_is_valid(text_of(group.name)) || !read_id(record, "gid", &group.id) || group_is_taken(out, &group))
			miss(reading, record, "no group can be called so or have the number %.20s", record_get(record, "gid"));
		else
			all[out->ngroups++] = group;
	}
}

void
accounts_read(struct arena *arena, const struct snapshot *snapshot, int64_t day, struct accounts *out, struct buffer *missing)
{
	const struct collection *users = snapshot_named(snapshot, "auth.user");
	struct reading           reading = { arena, snapshot, day, missing,
		                             ARENA_MAKE(arena, struct account, ACCOUNTS_MAX),
		                             ARENA_MAKE(arena, const struct record *, ACCOUNTS_MAX), 0 };

	for (size_t i = 0; i < collection_count(users); i++)
		if (may_log_in(&reading, collection_at(users, i)))
			read_user(&reading, collection_at(users, i));
	*out = (struct accounts){ .accounts = reading.accounts, .n = reading.n };
	read_groups(&reading, out);
}
