/* What administrators do with vouchers. */
#include <string.h>

#include "proc/portal/inside.h"
#include "store/store.h"

#define TRIES_MAX 16 /* names that are given already */

/* The configuration as it is now: servers are not applied. The caller releases it. */
static const struct snapshot *
hold_server(struct portal *portal, const char *server, const struct record **record)
{
	const struct snapshot *snapshot = store_snapshot(portal->setup.store);

	*record = portal_voucher_server(snapshot, server);
	return snapshot;
}

static bool
is_server(struct portal *portal, const char *server)
{
	const struct record *record;

	snapshot_release(hold_server(portal, server, &record));
	return record != NULL;
}

struct value *
portal_voucher_servers(struct portal *portal, struct arena *arena)
{
	const struct snapshot   *snapshot = store_snapshot(portal->setup.store);
	const struct collection *servers = snapshot_named(snapshot, "auth.voucher_server");
	struct value            *names = value_list(arena);

	for (size_t i = 0; i < collection_count(servers); i++)
		value_add(arena, names, value_string(arena, record_get(collection_at(servers, i), "name")));
	snapshot_release(snapshot);
	return names;
}

struct value *
portal_voucher_groups(struct portal *portal, struct arena *arena, const char *server)
{
	struct value *groups;

	if (!is_server(portal, server))
		return NULL;
	pthread_mutex_lock(&portal->lock);
	groups = vouchers_groups(&portal->vouchers, arena, server);
	pthread_mutex_unlock(&portal->lock);
	return groups;
}

struct value *
portal_vouchers(struct portal *portal, struct arena *arena, const char *server, const char *group)
{
	struct value *rows;

	if (!is_server(portal, server))
		return NULL;
	pthread_mutex_lock(&portal->lock);
	rows = vouchers_of_group(&portal->vouchers, arena, server, group, portal_now());
	pthread_mutex_unlock(&portal->lock);
	return rows;
}

/* --- making them ------------------------------------------------------------------------------------ */

static const char *
wrong_with(const struct portal_voucher_wish *wish, const struct record *server)
{
	if (!server)
		return "there is no such server for vouchers";
	if (wish->count < 1 || wish->count > VOUCHERS_AT_ONCE)
		return "so many vouchers are not made at once";
	if (wish->validity < 1 || wish->validity > VOUCHER_SECONDS_MAX || wish->expiry < 0 || wish->expiry > VOUCHER_SECONDS_MAX)
		return "no such time";
	if (strlen(wish->group) > VOUCHER_GROUP_MAX)
		return "the name of the group is too long";
	return NULL;
}

/* What was imported may be out of bounds. */
static size_t
length_of(const struct record *server, const char *field, size_t otherwise)
{
	const int64_t length = record_number(server, field, (int64_t)otherwise);

	return length >= 4 && length <= VOUCHER_LENGTH_MAX ? (size_t)length : otherwise;
}

static struct value *
shown(struct arena *arena, const struct voucher_wish *wish, const struct made_voucher *made)
{
	struct value *row = value_object(arena);

	value_set_string(arena, row, "username", made->user);
	value_set_string(arena, row, "password", made->password);
	value_set_string(arena, row, "vouchergroup", wish->group);
	value_set(arena, row, "validity", value_integer(arena, wish->validity));
	value_set(arena, row, "expirytime", value_integer(arena, wish->expires));
	value_set(arena, row, "starttime", value_null(arena));
	return row;
}

/* Hashes take their time; the lock is held for a moment only. */
static bool
make_one(struct portal *portal, struct arena *arena, const struct voucher_wish *wish, struct value *rows)
{
	for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
		const struct made_voucher made = voucher_make(arena, wish);

		pthread_mutex_lock(&portal->lock);
		const bool is_kept = vouchers_add(&portal->vouchers, wish, &made);
		const bool is_full = portal->vouchers.count >= VOUCHERS_MAX;

		pthread_mutex_unlock(&portal->lock);
		if (is_kept)
			value_add(arena, rows, shown(arena, wish, &made));
		if (is_kept || is_full)
			return is_kept;
	}
	return false;
}

struct value *
portal_make_vouchers(struct portal *portal, struct arena *arena, const struct portal_voucher_wish *asked, struct buffer *message)
{
	const struct record   *server;
	const struct snapshot *snapshot = hold_server(portal, asked->server, &server);
	const char            *wrong = wrong_with(asked, server);
	struct value          *rows = value_list(arena);

	if (wrong) {
		buffer_add_string(message, wrong);
		snapshot_release(snapshot);
		return NULL;
	}
	const struct voucher_wish wish = {
		.server = asked->server, .group = asked->group, .validity = asked->validity,
		.expires = asked->expiry ? portal_now() + asked->expiry : 0,
		.user_length = length_of(server, "usernameLength", 8), .password_length = length_of(server, "passwordLength", 10),
		.is_simple = record_bool(server, "simplePasswords"),
	};

	snapshot_release(snapshot);
	for (int64_t i = 0; i < asked->count; i++)
		if (!make_one(portal, arena, &wish, rows)) {
			buffer_add_string(message, "there is no room for more vouchers");
			break;
		}
	pthread_mutex_lock(&portal->lock);
	portal_keep_vouchers(portal);
	pthread_mutex_unlock(&portal->lock);
	return value_count(rows) > 0 ? rows : NULL;
}

/* --- ending them ------------------------------------------------------------------------------------ */

int64_t
portal_drop_vouchers(struct portal *portal, const char *server, const char *group, bool only_expired)
{
	size_t count;

	if (!is_server(portal, server))
		return -1;
	pthread_mutex_lock(&portal->lock);
	count = vouchers_drop(&portal->vouchers, server, group, only_expired, portal_now());
	if (count > 0)
		portal_keep_vouchers(portal);
	pthread_mutex_unlock(&portal->lock);
	return (int64_t)count;
}

/* Whoever is logged on with it goes as well. */
static void
end_sessions_of(struct portal *portal, const char *server, const char *user)
{
	for (size_t i = portal->sessions.count; i-- > 0;) {
		struct session *session = &portal->sessions.list[i];

		if (strcmp(session->via, server) == 0 && strcmp(session->user, user) == 0)
			portal_end(portal, session, "the voucher has expired", 0);
	}
}

bool
portal_expire_voucher(struct portal *portal, const char *server, const char *user)
{
	bool is_there;

	if (!is_server(portal, server))
		return false;
	pthread_mutex_lock(&portal->lock);
	is_there = vouchers_expire(&portal->vouchers, server, user, portal_now());
	if (is_there) {
		portal_keep_vouchers(portal);
		end_sessions_of(portal, server, user);
	}
	pthread_mutex_unlock(&portal->lock);
	return is_there;
}
