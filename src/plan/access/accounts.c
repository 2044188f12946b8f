/* What an account may be, and its way to the keeper, which asks the same of it. */
#include "plan/access/accounts.h"

#include <string.h>

#include "base/base64.h"
#include "base/bug.h"
#include "plan/coding.h"

/* clang-format off */
const struct account_shell account_shells[] = {
	{ "/bin/sh", "dash" }, { "/bin/bash", "bash" }, { "/bin/dash", "dash" }, { "/bin/rbash", "bash" }, { "/bin/zsh", "zsh" },
	{ "/bin/csh", "csh" }, { "/bin/tcsh", "tcsh" }, { "/bin/ksh", "ksh93u+m" }, { "/usr/bin/fish", "fish" },
	{ "/usr/bin/tmux", "tmux" }, { "/usr/bin/screen", "screen" },
};
const size_t account_shells_count = COUNT(account_shells);

static const char *const key_kinds[] = {
	"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
	"sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
};
/* clang-format on */

/* --- Values ------------------------------------------------------------------------------------------ */

bool
account_name_is_valid(struct text name)
{
	bool has_letter = false;

	if (name.len == 0 || name.len > ACCOUNT_NAME_MAX || name.ptr[0] == '-' || name.ptr[0] == '.')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];
		const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!is_letter && !(c >= '0' && c <= '9') && c != '-' && c != '.')
			return false;
		has_letter |= is_letter;
	}
	return has_letter;
}

bool
account_title_is_valid(struct text title)
{
	if (title.len > ACCOUNT_TITLE_MAX)
		return false;
	for (size_t i = 0; i < title.len; i++)
		if (title.ptr[i] < ' ' || title.ptr[i] > '~' || title.ptr[i] == ':' || title.ptr[i] == ',')
			return false;
	return true;
}

bool
account_hash_is_valid(struct text hash)
{
	if (hash.len == 0 || hash.len > ACCOUNT_HASH_MAX)
		return false;
	for (size_t i = 0; i < hash.len; i++) {
		const char c = hash.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c != '\0' && strchr("./$,=", c))))
			return text_is(hash, "*");
	}
	return true;
}

/* The key has its kind inside once more: so no other words can be taken for a key. */
static bool
is_of_kind(struct text key, struct text kind)
{
	scoped_arena arena = arena_new();
	size_t       len = 0;
	const char  *bytes = base64_decode(arena, key, &len);

	return bytes && len > 4 + kind.len && memcmp(bytes, "\0\0\0", 3) == 0 && (unsigned char)bytes[3] == kind.len &&
	       memcmp(bytes + 4, kind.ptr, kind.len) == 0;
}

bool
account_key_is_valid(struct text line)
{
	struct text       rest = line;
	const struct text kind = text_until(&rest, ' '), key = text_until(&rest, ' ');

	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] < ' ' || line.ptr[i] > '~')
			return false;
	for (size_t i = 0; i < COUNT(key_kinds); i++)
		if (text_is(kind, key_kinds[i]))
			return is_of_kind(key, kind);
	return false;
}

static bool
are_keys(struct text keys)
{
	struct text line;

	if (keys.len > 0 && keys.ptr[keys.len - 1] != '\n')
		return false;
	while (text_next(&keys, "\n", &line))
		if (!account_key_is_valid(line))
			return false;
	return true;
}

/* --- Writing ----------------------------------------------------------------------------------------- */

void
accounts_encode(struct buffer *out, const struct accounts *all)
{
	coding_put_number(out, all->n);
	for (size_t i = 0; i < all->n; i++) {
		const struct account *one = &all->accounts[i];

		coding_put_text(out, text_of(one->name));
		coding_put_number(out, one->id);
		coding_put_number(out, one->expires);
		coding_put_text(out, text_of(one->title));
		coding_put_number(out, one->shell);
		coding_put_text(out, text_of(one->hash));
		coding_put_text(out, text_of(one->keys));
	}
	coding_put_number(out, all->ngroups);
	for (size_t i = 0; i < all->ngroups; i++) {
		const struct account_group *group = &all->groups[i];

		coding_put_text(out, text_of(group->name));
		coding_put_number(out, group->id);
		coding_put_number(out, group->nmembers);
		for (size_t k = 0; k < group->nmembers; k++)
			coding_put_text(out, text_of(group->members[k]));
	}
}

/* --- Reading ----------------------------------------------------------------------------------------- */

static uint32_t
take_id(struct coding *in)
{
	const size_t id = coding_number(in, ACCOUNT_ID_MAX);

	in->failed |= id < ACCOUNT_ID_MIN;
	return (uint32_t)id;
}

static struct account
take_account(struct coding *in)
{
	struct account account = { .name = coding_string(in, ACCOUNT_NAME_MAX, account_name_is_valid) };

	account.id = take_id(in);
	account.expires = (uint32_t)coding_number(in, INT32_MAX);
	account.title = coding_string(in, ACCOUNT_TITLE_MAX, account_title_is_valid);
	account.shell = coding_number(in, account_shells_count - 1);
	account.hash = coding_string(in, ACCOUNT_HASH_MAX, account_hash_is_valid);
	account.keys = coding_string(in, ACCOUNT_KEYS_MAX, are_keys);
	return account;
}

static bool
has_account(const struct accounts *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->accounts[i].name, name) == 0)
			return true;
	return false;
}

static struct account_group
take_group(struct coding *in, const struct accounts *all)
{
	struct account_group group = { .name = coding_string(in, ACCOUNT_NAME_MAX, account_name_is_valid) };
	const char         **members;

	group.id = take_id(in);
	group.nmembers = coding_number(in, ACCOUNTS_MAX);
	members = ARENA_MAKE(in->arena, const char *, group.nmembers);
	for (size_t i = 0; i < group.nmembers && !in->failed; i++) {
		members[i] = coding_string(in, ACCOUNT_NAME_MAX, account_name_is_valid);
		in->failed |= !has_account(all, members[i]);
	}
	group.members = members;
	return group;
}

static bool
are_different(const struct accounts *all)
{
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < i; k++)
			if (all->accounts[i].id == all->accounts[k].id || strcmp(all->accounts[i].name, all->accounts[k].name) == 0)
				return false;
	for (size_t i = 0; i < all->ngroups; i++)
		for (size_t k = 0; k < i; k++)
			if (all->groups[i].id == all->groups[k].id || strcmp(all->groups[i].name, all->groups[k].name) == 0)
				return false;
	return true;
}

bool
accounts_decode(struct arena *arena, struct text bytes, struct accounts *out)
{
	struct coding         in = { .arena = arena, .rest = bytes };
	struct accounts       all = { .n = coding_number(&in, ACCOUNTS_MAX) };
	struct account       *accounts = ARENA_MAKE(arena, struct account, all.n);
	struct account_group *groups;

	for (size_t i = 0; i < all.n && !in.failed; i++)
		accounts[i] = take_account(&in);
	all.accounts = accounts;
	all.ngroups = coding_number(&in, ACCOUNTS_MAX);
	groups = ARENA_MAKE(arena, struct account_group, all.ngroups);
	for (size_t i = 0; i < all.ngroups && !in.failed; i++)
		groups[i] = take_group(&in, &all);
	all.groups = groups;
	if (!coding_is_whole(&in) || !are_different(&all))
		return false;
	*out = all;
	return true;
}
