/* plan/access/accounts.h: who may log in on the machine, and the groups they are in. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "schema/snapshot.h"

#define ACCOUNT_NAME_MAX  32
#define ACCOUNT_TITLE_MAX 100
#define ACCOUNT_HASH_MAX  255
#define ACCOUNT_KEYS_MAX  ((size_t)64 * 1024) /* bytes of one's keys */
#define ACCOUNTS_MAX      1000                /* of accounts, and of groups */
/* Numbers of accounts and groups that may be ours. */
#define ACCOUNT_ID_MIN    1999
#define ACCOUNT_ID_MAX    59999
#define ACCOUNTS_BYTES_MAX (ACCOUNTS_MAX * (ACCOUNT_KEYS_MAX + 4096))

/* The shells there are; which of them the machine has is seen there. */
struct account_shell {
	const char *path;
	const char *package; /* Debian's */
};
extern const struct account_shell account_shells[];
extern const size_t               account_shells_count;

struct account {
	const char *name;
	uint32_t    id;
	uint32_t    expires; /* days since 1970; 0: never */
	const char *title;   /* printable ASCII without ":" and "," */
	size_t      shell;   /* of account_shells */
	const char *hash;    /* as crypt(5) has it; "*": no password fits */
	const char *keys;    /* public keys as in authorized_keys, without options; a line each */
};

struct account_group {
	const char        *name;
	uint32_t           id;
	const char *const *members; /* names of accounts */
	size_t             nmembers;
};

struct accounts {
	const struct account       *accounts; /* no two of a name or number */
	size_t                      n;
	const struct account_group *groups;
	size_t                      ngroups;
};

/* Days since 1970 that a user may come until; 0: for ever, -1: what is said is no date. */
int64_t account_expiry(const struct record *user);

/* Letters, digits and "._-"; not beginning with "-" or ".", not all digits. */
bool account_name_is_valid(struct text);

/*
 * The accounts of those who may log in on this day (since 1970): users that are not the system's own, have a shell or the privilege
 * of one, are not disabled and have not expired. *missing says in words what cannot be had. In the arena.
 */
void accounts_read(struct arena *, const struct snapshot *, int64_t day, struct accounts *out, struct buffer *missing);

void accounts_encode(struct buffer *, const struct accounts *);
/* Strict, each value checked again; false leaves *out as it was. */
bool accounts_decode(struct arena *, struct text bytes, struct accounts *out);
/* Is it one public key of a known kind, without options? */
bool account_key_is_valid(struct text line);
/* Printable ASCII without ":" and ",". */
bool account_title_is_valid(struct text);
bool account_hash_is_valid(struct text);
