/*
 * auth/auth.h: who is calling, and what they may do.
 *
 * Users, groups and their keys are records (auth.user, auth.group). A password hash is slow
 * on purpose, so a credential that was checked is remembered for AUTH_MEMORY seconds under a
 * keyed hash, and forgotten as soon as the record of its user changes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/text.h"
#include "schema/snapshot.h"

#define AUTH_MEMORY 300 /* seconds */

struct auth;

/* One for the process; all functions may be called from any thread. Now is in seconds since 1970. */
struct auth *auth_new(int64_t (*now)(void *), void *context);
void         auth_free(struct auth *);

enum auth_outcome {
	AUTH_OK,
	AUTH_NO,   /* unknown, wrong, disabled or expired: the caller cannot tell which */
	AUTH_SLOW, /* a password hash must be computed: ask again where that may be done */
};

/* Somebody whose credentials were right. Lives as long as the arena that was given, which holds the user. */
struct caller {
	const struct record *user;
	const char          *name;
	const char          *key; /* the API key that was used; NULL: none */
	struct address       peer;
	bool                 everything;   /* page-all */
	bool                 may_not_save; /* user-config-readonly */
	const char         **privileges;   /* NULL-terminated */
	const char         **readable;     /* privileges for reads only; NULL-terminated */
};

/*
 * OPNsense: whatever stands behind the first blank of the Authorization header is base64 of key:secret.
 * slowly: the caller may compute a password hash now (some milliseconds).
 */
enum auth_outcome auth_key(struct auth *, const struct snapshot *, struct arena *, struct text authorization,
                           const struct address *peer, bool slowly, struct caller *out);
/* A user's name and password. */
enum auth_outcome auth_password(struct auth *, const struct snapshot *, struct arena *, struct text name,
                                struct text password, const struct address *peer, bool slowly,
                                struct caller *out);
/*
 * A user who proved who they are in another way (a token, a session, the unix socket). AUTH_NO
 * when disabled or expired.
 */
enum auth_outcome auth_user(struct auth *, const struct snapshot *, struct arena *, const struct record *user,
                            const struct address *peer, struct caller *out);

bool caller_has(const struct caller *, const char *privilege);
/* Is one of the space-separated privileges held? An empty list is open to all. */
bool caller_has_any(const struct caller *, const char *privileges);
/* The same for what changes nothing: those for reads only count as well. */
bool caller_may_read_any(const struct caller *, const char *privileges);
/* OPNsense's URL patterns (acl.h): the raw URI without its leading "/". */
bool caller_may_visit(const struct caller *, struct text uri);
/* The same for what changes nothing. */
bool caller_may_read(const struct caller *, struct text uri);
