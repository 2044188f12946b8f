/*
 * Checking credentials. What was found right is kept in a table of keyed hashes, together with
 * the very record that vouched for it: another record under the same uuid means that the user has
 * changed since, and the entry is worth nothing.
 */
#include "auth/auth.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/acl.h"
#include "auth/apikey.h"
#include "auth/secret.h"
#include "base/number.h"

#define MEMORY_SLOTS  4096 /* a power of two */
#define DIGEST_BYTES  32
#define CREDENTIAL_MAX 2048 /* bytes of key:secret or name and password */

struct memory {
	pthread_mutex_t      lock;
	unsigned char        digest[DIGEST_BYTES];
	const struct record *user; /* held; NULL: free */
	int64_t              until;
};

struct auth {
	int64_t (*now)(void *);
	void         *context;
	unsigned char key[DIGEST_BYTES];
	struct memory memory[MEMORY_SLOTS];
};

struct auth *
auth_new(int64_t (*now)(void *), void *context)
{
	struct auth *auth = calloc(1, sizeof(*auth));

	BUG_IF(!auth, "out of memory");
	auth->now = now;
	auth->context = context;
	BUG_IF(gnutls_rnd(GNUTLS_RND_KEY, auth->key, sizeof(auth->key)) != 0, "no random numbers");
	for (size_t i = 0; i < MEMORY_SLOTS; i++)
		pthread_mutex_init(&auth->memory[i].lock, NULL);
	return auth;
}

void
auth_free(struct auth *auth)
{
	if (!auth)
		return;
	for (size_t i = 0; i < MEMORY_SLOTS; i++) {
		record_release(auth->memory[i].user);
		pthread_mutex_destroy(&auth->memory[i].lock);
	}
	free(auth);
}

/* --- remembering --------------------------------------------------------------------------------- */

static struct memory *
slot_of(struct auth *auth, struct text credential, unsigned char digest[DIGEST_BYTES])
{
	uint32_t at;

	BUG_IF(gnutls_hmac_fast(GNUTLS_MAC_SHA256, auth->key, sizeof(auth->key), credential.ptr, credential.len,
				digest) != 0,
	       "HMAC failed");
	memcpy(&at, digest, sizeof(at));
	return &auth->memory[at & (MEMORY_SLOTS - 1)];
}

/* The user who is remembered for it, if still the same in this snapshot; NULL otherwise. */
static const struct record *
recall(struct auth *auth, const struct snapshot *snapshot, struct text credential)
{
	unsigned char        digest[DIGEST_BYTES];
	struct memory       *slot = slot_of(auth, credential, digest);
	const struct record *user = NULL;

	pthread_mutex_lock(&slot->lock);
	if (slot->user && slot->until > auth->now(auth->context) &&
	    gnutls_memcmp(slot->digest, digest, DIGEST_BYTES) == 0) {
		user = collection_find(snapshot_named(snapshot, "auth.user"), text_of(slot->user->uuid));
		if (user != slot->user)
			user = NULL;
	}
	pthread_mutex_unlock(&slot->lock);
	return user;
}

static void
remember(struct auth *auth, struct text credential, const struct record *user)
{
	unsigned char  digest[DIGEST_BYTES];
	struct memory *slot = slot_of(auth, credential, digest);

	pthread_mutex_lock(&slot->lock);
	record_release(slot->user);
	slot->user = record_hold(user);
	memcpy(slot->digest, digest, DIGEST_BYTES);
	slot->until = auth->now(auth->context) + AUTH_MEMORY;
	pthread_mutex_unlock(&slot->lock);
}

/* --- who may come in, and with what ---------------------------------------------------------------- */

/* "MM/DD/YYYY" lies before today (UTC). Whatever else stands there does not expire. */
static bool
is_past(struct text date, int64_t now)
{
	struct text   rest = date;
	int64_t       month, day, year;
	struct tm     today;
	const time_t  seconds = (time_t)now;

	if (!number_read(text_until(&rest, '/'), 1, 12, &month) || !number_read(text_until(&rest, '/'), 1, 31, &day) ||
	    !number_read(rest, 1900, 9999, &year))
		return false;
	gmtime_r(&seconds, &today);
	const int64_t then = year * 10000 + month * 100 + day;

	return then < (today.tm_year + 1900) * 10000 + (today.tm_mon + 1) * 100 + today.tm_mday;
}

/* A group may count for callers from certain networks only. */
static bool
counts_from(const struct record *group, const struct address *peer)
{
	struct text   networks = record_text(group, "source_networks"), one;
	struct prefix prefix;

	if (networks.len == 0)
		return true;
	while (text_next(&networks, ",", &one))
		if (prefix_read(one, &prefix) && prefix_covers(&prefix, peer))
			return true;
	return false;
}

struct privileges {
	struct arena *arena;
	const char  **names;
	size_t        count, room;
};

static void
add_privileges(struct privileges *privileges, struct text list)
{
	struct text one;

	while (text_next(&list, ",", &one)) {
		if (privileges->count + 1 >= privileges->room) {
			const size_t room = privileges->room ? privileges->room * 2 : 8;
			const char **names = ARENA_MAKE(privileges->arena, const char *, room);

			if (privileges->count)
				memcpy(names, privileges->names, privileges->count * sizeof(*names));
			privileges->names = names;
			privileges->room = room;
		}
		privileges->names[privileges->count++] = arena_copy(privileges->arena, one);
	}
}

static const char **
privileges_of(const struct snapshot *snapshot, struct arena *arena, const struct record *user,
              const struct address *peer, const char *field)
{
	struct privileges     privileges = { .arena = arena };
	size_t                count;
	const struct record **groups =
		collection_naming(arena, snapshot_named(snapshot, "auth.group"), "member", record_text(user, "uid"), &count);

	add_privileges(&privileges, record_text(user, field));
	for (size_t i = 0; i < count; i++)
		if (counts_from(groups[i], peer))
			add_privileges(&privileges, record_text(groups[i], field));
	return privileges.names ? privileges.names : ARENA_MAKE(arena, const char *, 1);
}

enum auth_outcome
auth_user(struct auth *auth, const struct snapshot *snapshot, struct arena *arena, const struct record *user,
          const struct address *peer, struct caller *out)
{
	if (record_bool(user, "disabled") || is_past(record_text(user, "expires"), auth->now(auth->context)))
		return AUTH_NO;
	/* The caller outlives the snapshot when its request moves to another lane. */
	arena_defer(arena, (void (*)(void *))record_release, (void *)record_hold(user));
	*out = (struct caller){
		.user = user,
		.name = record_get(user, "name"),
		.peer = *peer,
		.privileges = privileges_of(snapshot, arena, user, peer, "priv"),
		.readable = privileges_of(snapshot, arena, user, peer, "priv_readonly"),
	};
	out->everything = caller_has(out, "page-all");
	out->may_not_save = caller_has(out, "user-config-readonly");
	return AUTH_OK;
}

/* --- the two kinds of credentials ------------------------------------------------------------------- */

/*
 * Is the phrase the one behind the hash? The credential (what to remember it by) names both who
 * and what; a right one is remembered.
 */
static enum auth_outcome
check(struct auth *auth, struct text credential, const struct record *user, const char *hash, const char *phrase,
      bool slowly)
{
	if (!slowly)
		return AUTH_SLOW;
	if (!hash_matches(hash, phrase))
		return AUTH_NO;
	remember(auth, credential, user);
	return AUTH_OK;
}

/* Kind, who and what as one text; the length of who keeps the two apart. */
static struct text
credential_of(struct arena *arena, char kind, struct text who, struct text what)
{
	const size_t len = 1 + sizeof(who.len) + who.len + what.len;
	char        *bytes = arena_take(arena, len + 1);

	bytes[0] = kind;
	memcpy(bytes + 1, &who.len, sizeof(who.len));
	memcpy(bytes + 1 + sizeof(who.len), who.ptr, who.len);
	if (what.len > 0)
		memcpy(bytes + 1 + sizeof(who.len) + who.len, what.ptr, what.len);
	return (struct text){ bytes, len };
}

enum auth_outcome
auth_key(struct auth *auth, const struct snapshot *snapshot, struct arena *arena, struct text authorization,
         const struct address *peer, bool slowly, struct caller *out)
{
	struct text rest = authorization, pair;

	if (authorization.len > CREDENTIAL_MAX)
		return AUTH_NO;
	text_until(&rest, ' ');
	const char *plain = base64_decode(arena, rest, &pair.len);

	if (rest.len == 0 || !plain || strlen(plain) != pair.len)
		return AUTH_NO;
	pair.ptr = plain;
	struct text       secret = pair;
	const struct text key = text_until(&secret, ':');

	if (key.len == 0 || key.len == pair.len)
		return AUTH_NO;
	secret = text_until(&secret, ':');

	const struct text    credential = credential_of(arena, 'k', key, secret);
	const struct record *user = recall(auth, snapshot, credential);

	if (!user) {
		const char *hash;

		user = apikey_owner(snapshot, arena, key, &hash);
		if (!user)
			return AUTH_NO;
		const enum auth_outcome outcome = check(auth, credential, user, hash,
							arena_copy(arena, secret), slowly);

		if (outcome != AUTH_OK)
			return outcome;
	}
	const enum auth_outcome outcome = auth_user(auth, snapshot, arena, user, peer, out);

	if (outcome == AUTH_OK)
		out->key = arena_copy(arena, key);
	return outcome;
}

enum auth_outcome
auth_password(struct auth *auth, const struct snapshot *snapshot, struct arena *arena, struct text name,
              struct text password, const struct address *peer, bool slowly, struct caller *out)
{
	if (name.len == 0 || name.len + password.len > CREDENTIAL_MAX || memchr(name.ptr, '\0', name.len) ||
	    (password.len > 0 && memchr(password.ptr, '\0', password.len)))
		return AUTH_NO;
	const struct text    credential = credential_of(arena, 'p', name, password);
	const struct record *user = recall(auth, snapshot, credential);

	if (!user) {
		user = collection_where(snapshot_named(snapshot, "auth.user"), "name", name);
		if (!user)
			return AUTH_NO;
		const enum auth_outcome outcome = check(auth, credential, user, record_get(user, "password"),
							arena_copy(arena, password), slowly);

		if (outcome != AUTH_OK)
			return outcome;
	}
	return auth_user(auth, snapshot, arena, user, peer, out);
}

/* --- what callers may do ------------------------------------------------------------------------------ */

static bool
holds(const char *const *privileges, struct text privilege)
{
	for (size_t i = 0; privileges[i]; i++)
		if (text_is(privilege, privileges[i]))
			return true;
	return false;
}

static bool
holds_any(const char *const *held, const char *privileges)
{
	struct text rest = text_of(privileges), one;

	while (text_next(&rest, " ", &one))
		if (holds(held, one))
			return true;
	return false;
}

static bool
opens(const char *const *privileges, struct text uri)
{
	for (size_t i = 0; privileges[i]; i++) {
		const struct privilege *privilege = acl_find(text_of(privileges[i]));

		if (privilege && acl_opens(privilege, uri))
			return true;
	}
	return false;
}

bool
caller_has(const struct caller *caller, const char *privilege)
{
	return holds(caller->privileges, text_of(privilege));
}

bool
caller_has_any(const struct caller *caller, const char *privileges)
{
	return caller->everything || privileges[0] == '\0' || holds_any(caller->privileges, privileges);
}

bool
caller_may_read_any(const struct caller *caller, const char *privileges)
{
	return caller_has_any(caller, privileges) || holds(caller->readable, TEXT("page-all")) ||
	       holds_any(caller->readable, privileges);
}

bool
caller_may_visit(const struct caller *caller, struct text uri)
{
	return caller->everything || acl_is_public(uri) || opens(caller->privileges, uri);
}

bool
caller_may_read(const struct caller *caller, struct text uri)
{
	return caller_may_visit(caller, uri) || opens(caller->readable, uri);
}
