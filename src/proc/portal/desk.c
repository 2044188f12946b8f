/* What clients and administrators ask of the portal, in upstream's words. */
#include <string.h>

#include "auth/secret.h"
#include "base/bug.h"
#include "plan/address_list.h"
#include "proc/portal/inside.h"
#include "store/store.h"

/* --- Words ------------------------------------------------------------------------------------------ */

static struct value *
say_state(struct arena *arena, const char *state, const struct address *address)
{
	struct value *answer = value_object(arena);

	value_set_string(arena, answer, "clientState", state);
	value_set_string(arena, answer, "ipAddress", address_print(arena, address));
	return answer;
}

static struct value *
say_session(struct arena *arena, const struct session *session)
{
	struct value *answer = session_value(arena, session);

	value_set_string(arena, answer, "clientState", "AUTHORIZED");
	return answer;
}

/* Somebody who needs no session. */
static struct value *
say_allowed(struct arena *arena, const struct portal_client *client, const char *way, const char *mac)
{
	struct value *answer = say_state(arena, "AUTHORIZED", &client->address);

	value_set(arena, answer, "zoneid", value_integer(arena, client->zone));
	value_set_string(arena, answer, "userName", mac[0] ? mac : address_print(arena, &client->address));
	value_set_string(arena, answer, "macAddress", mac);
	value_set_string(arena, answer, "authenticated_via", way);
	return answer;
}

/* --- Looking ---------------------------------------------------------------------------------------- */

static const char *
mac_of(const struct portal *portal, struct arena *arena, const struct address *address)
{
	const struct neighbours neighbours = door_neighbours(portal->setup.courier, arena);
	const struct neighbour *found = door_neighbour(&neighbours, address);

	return found ? mac_print(arena, found->mac) : "";
}

static bool
is_allowed_address(struct arena *arena, const struct portal_zone *zone, const struct address *address)
{
	struct address_list list = { 0 };

	for (size_t i = 0; i < zone->naddresses; i++)
		address_list_add(arena, &list, text_of(zone->addresses[i]));
	for (size_t i = 0; i < list.count; i++)
		if (list.ranges[i].first.family == address->family && address_compare(&list.ranges[i].first, address) <= 0 &&
		    address_compare(address, &list.ranges[i].last) <= 0)
			return true;
	return false;
}

/* A part of an address allows all that begin with it. */
static bool
is_allowed_mac(const struct portal_zone *zone, const char *mac)
{
	for (size_t i = 0; mac[0] && i < zone->nmacs; i++) {
		const struct text part = text_of(zone->macs[i]);

		if (part.len > 0 && text_equal_any_case(text_first(text_of(mac), part.len), part))
			return true;
	}
	return false;
}

/* Whoever may pass, with a session or without; NULL: nobody who may. */
static struct value *
find_authorized(struct portal *portal, struct arena *arena, const struct portal_client *client)
{
	const struct portal_zone *zone = portal_zone(portal, client->zone);
	const struct session     *session = sessions_of_address(&portal->sessions, client->zone, &client->address);

	if (session)
		return say_session(arena, session);
	if (!zone)
		return NULL;
	if (is_allowed_address(arena, zone, &client->address))
		return say_allowed(arena, client, "---ip---", "");
	const char *mac = zone->nmacs > 0 ? mac_of(portal, arena, &client->address) : "";

	return is_allowed_mac(zone, mac) ? say_allowed(arena, client, "---mac---", mac) : NULL;
}

struct value *
portal_status(struct portal *portal, struct arena *arena, const struct portal_client *client)
{
	pthread_mutex_lock(&portal->lock);
	const struct portal_zone *zone = portal_zone(portal, client->zone);
	struct value             *answer = find_authorized(portal, arena, client);

	if (!answer) {
		answer = say_state(arena, "NOT_AUTHORIZED", &client->address);
		if (zone && zone->tells_mac) {
			const char *mac = mac_of(portal, arena, &client->address);

			if (mac[0])
				value_set_string(arena, answer, "macAddress", mac);
		}
	}
	value_set_string(arena, answer, "authType", zone && zone->nservers > 0 ? "normal" : "none");
	pthread_mutex_unlock(&portal->lock);
	return answer;
}

struct value *
portal_captive(struct portal *portal, struct arena *arena, const struct portal_client *client)
{
	struct value *answer = value_object(arena);

	pthread_mutex_lock(&portal->lock);
	const struct portal_zone *zone = portal_zone(portal, client->zone);
	const struct session     *session = sessions_of_address(&portal->sessions, client->zone, &client->address);
	const int64_t             left = zone && session ? session_left(session, zone->hard_minutes, portal_now()) : -1;

	value_set(arena, answer, "captive", value_bool(arena, !find_authorized(portal, arena, client)));
	if (left >= 0)
		value_set(arena, answer, "seconds-remaining", value_integer(arena, left));
	pthread_mutex_unlock(&portal->lock);
	return zone ? answer : NULL;
}

const char *
portal_url(struct portal *portal, struct arena *arena, unsigned id, const char *host)
{
	const char *url = NULL;

	pthread_mutex_lock(&portal->lock);
	const struct portal_zone *zone = portal_zone(portal, id);

	if (zone)
		url = arena_print(arena, "%s://%s:%u/", zone->certificate[0] ? "https" : "http", zone->host[0] ? zone->host : host,
				  PORTAL_PAGE_PORT + id);
	pthread_mutex_unlock(&portal->lock);
	return url;
}

struct value *
portal_sessions(struct portal *portal, struct arena *arena, int zone)
{
	struct value *rows = value_list(arena);

	pthread_mutex_lock(&portal->lock);
	for (size_t i = 0; i < portal->sessions.count; i++)
		if (zone == PORTAL_ALL_ZONES || portal->sessions.list[i].zone == (unsigned)zone)
			value_add(arena, rows, session_value(arena, &portal->sessions.list[i]));
	pthread_mutex_unlock(&portal->lock);
	return rows;
}

/* --- Coming and going -------------------------------------------------------------------------------- */

/* Nobody is logged on twice by the same name. */
static void
end_others(struct portal *portal, const struct session *made)
{
	for (size_t i = portal->sessions.count; i-- > 0;) {
		struct session *other = &portal->sessions.list[i];

		if (other->zone == made->zone && strcmp(other->user, made->user) == 0)
			portal_end(portal, other, "logged on elsewhere", 0);
	}
}

/* NULL: the packet filter does not let it in, or there are too many. The lock is held. */
static struct session *
begin(struct portal *portal, struct arena *arena, const struct portal_client *client, struct text user, const char *via, int64_t ends)
{
	const struct portal_zone *zone = portal_zone(portal, client->zone);
	const struct neighbours   neighbours = door_neighbours(portal->setup.courier, arena);
	const struct neighbour   *device = door_neighbour(&neighbours, &client->address);
	struct session            made = { .zone = client->zone, .started = portal_now(), .ends = ends };

	memcpy(made.id, random_hex(arena, SESSION_ID_BYTES), sizeof(made.id));
	if (user.len > 0)
		memcpy(made.user, user.ptr, user.len);
	snprintf(made.via, sizeof(made.via), "%s", via);
	made.seen = made.started;
	session_add_address(&made, &client->address);
	if (device) {
		memcpy(made.mac, device->mac, sizeof(made.mac));
		made.has_mac = true;
	}
	if (!zone->is_concurrent)
		end_others(portal, &made);
	portal_log(portal, "AUTH %s (%s) zone %u", made.user, address_print(arena, &client->address), made.zone);
	return portal_begin(portal, &made);
}

/* Somebody who has proved who they are; the zone may be gone by now. */
static struct value *
welcome(struct portal *portal, struct arena *arena, const struct portal_client *client, struct text user, const char *via, int64_t ends)
{
	struct value *answer;

	pthread_mutex_lock(&portal->lock);
	answer = find_authorized(portal, arena, client);
	if (!answer && portal_zone(portal, client->zone)) {
		const struct session *session = begin(portal, arena, client, user, via, ends);

		answer = session ? say_session(arena, session) : NULL;
	}
	pthread_mutex_unlock(&portal->lock);
	return answer ? answer : say_state(arena, "UNKNOWN", &client->address);
}

/* The zone as it was applied, with what it was read from held; NULL: there is none. */
static const struct portal_zone *
hold_zone(struct portal *portal, struct arena *arena, unsigned id, const struct snapshot **held)
{
	struct portal_zone *zones = ARENA_MAKE(arena, struct portal_zone, PORTAL_ZONES_MAX);

	pthread_mutex_lock(&portal->lock);
	*held = portal->snapshot ? snapshot_hold(portal->snapshot) : NULL;
	pthread_mutex_unlock(&portal->lock);
	const size_t count = *held ? portal_zones(arena, *held, zones) : 0;

	for (size_t i = 0; i < count; i++)
		if (zones[i].id == id)
			return &zones[i];
	return NULL;
}

struct value *
portal_logon(struct portal *portal, struct arena *arena, const struct portal_client *client, struct text user, struct text password)
{
	const struct snapshot    *applied, *users = store_snapshot(portal->setup.store);
	const struct portal_zone *zone = hold_zone(portal, arena, client->zone, &applied);
	const struct portal_trial trial = { zone, users, client->address, user, password };
	const char               *via = "";
	int64_t                   ends = 0;
	struct value             *answer;

	if (zone && zone->nservers == 0)
		user = text_of(arena_print(arena, "anonymous@%s", address_print(arena, &client->address)));
	if (!zone) {
		answer = say_state(arena, "UNKNOWN", &client->address);
	} else if (zone->nservers == 0 || portal_authenticate(portal, arena, &trial, &via, &ends)) {
		answer = welcome(portal, arena, client, user, arena_copy(arena, text_of(via)), ends);
	} else {
		answer = say_state(arena, "NOT_AUTHORIZED", &client->address);
	}
	snapshot_release(applied);
	snapshot_release(users);
	return answer;
}

struct value *
portal_logoff(struct portal *portal, struct arena *arena, const struct portal_client *client)
{
	struct value *answer = NULL;

	pthread_mutex_lock(&portal->lock);
	struct session *session = sessions_of_address(&portal->sessions, client->zone, &client->address);

	if (session) {
		answer = session_value(arena, session);
		value_set_string(arena, answer, "terminateCause", "User-Request");
		portal_log(portal, "LOGOUT %s (%s) zone %u", session->user, address_print(arena, &client->address), client->zone);
		portal_end(portal, session, "User-Request", client->port);
	}
	pthread_mutex_unlock(&portal->lock);
	return answer ? answer : say_state(arena, "UNKNOWN", &client->address);
}

struct value *
portal_connect(struct portal *portal, struct arena *arena, const struct portal_client *client, struct text user)
{
	const struct session *session = NULL;
	struct value         *answer = NULL;

	if (user.len > SESSION_NAME_MAX)
		return NULL;
	pthread_mutex_lock(&portal->lock);
	session = sessions_of_address(&portal->sessions, client->zone, &client->address);
	if (!session && portal_zone(portal, client->zone))
		session = begin(portal, arena, client, user, "API", 0);
	if (session)
		answer = say_session(arena, session);
	pthread_mutex_unlock(&portal->lock);
	return answer;
}

struct value *
portal_disconnect(struct portal *portal, struct arena *arena, struct text id)
{
	struct value *answer = NULL;

	pthread_mutex_lock(&portal->lock);
	struct session *session = sessions_with_id(&portal->sessions, id);

	if (session) {
		answer = session_value(arena, session);
		value_set_string(arena, answer, "terminateCause", "Admin-Reset");
		portal_end(portal, session, "Admin-Reset", 0);
	}
	pthread_mutex_unlock(&portal->lock);
	return answer;
}
