/*
 * What clients do, seen from time to time: what they moved, which addresses they have now, who has gone. What the packet filter
 * lets in is made what the sessions say, whoever changed it.
 */
#include <string.h>

#include "base/bug.h"
#include "base/map.h"
#include "proc/portal/inside.h"

#define WRITE_SECONDS 60 /* between two times that traffic is written down */
#define KEY_BYTES     18

/* An address of a session, found by zone and address. */
struct seat {
	struct session         *session;
	struct session_address *address;
	char                    key[KEY_BYTES];
	bool                    is_open; /* the packet filter lets it in */
};

struct look {
	struct portal    *portal;
	struct arena     *arena;
	struct neighbours neighbours;
	struct seat      *seats;
	size_t            nseats;
	struct map       *by_key;
	int64_t           now;
};

/* --- Who is over ------------------------------------------------------------------------------------ */

static void
end_old(struct look *look)
{
	struct sessions *sessions = &look->portal->sessions;

	for (size_t i = sessions->count; i-- > 0;) {
		const struct portal_zone *zone = portal_zone(look->portal, sessions->list[i].zone);
		const char               *cause = zone ? session_over(&sessions->list[i], zone->idle_minutes, zone->hard_minutes, look->now)
						       : "the zone is gone";

		if (cause)
			portal_end(look->portal, &sessions->list[i], cause, 0);
	}
}

/* --- Who has which address -------------------------------------------------------------------------- */

/* Another device has taken the address: it is not logged on. */
static void
drop_address(struct look *look, struct session *session, size_t at)
{
	const struct address address = session->addresses[at].address;

	door_close(look->portal->setup.courier, session->zone, &address);
	door_end_connections(look->portal->setup.courier, &address, 0);
	memmove(&session->addresses[at], &session->addresses[at + 1],
		(--session->naddresses - at) * sizeof(*session->addresses));
	look->portal->is_counting = true;
}

/* False: none of its addresses is its own any more. */
static bool
check_addresses(struct look *look, struct session *session)
{
	for (size_t i = session->naddresses; i-- > 0;) {
		const struct neighbour *found = door_neighbour(&look->neighbours, &session->addresses[i].address);

		if (!found)
			continue;
		if (!session->has_mac) {
			memcpy(session->mac, found->mac, sizeof(session->mac));
			session->has_mac = true;
		} else if (memcmp(session->mac, found->mac, sizeof(session->mac)) != 0) {
			if (session->naddresses == 1)
				return false;
			drop_address(look, session, i);
		}
	}
	return true;
}

/* A device that is known by its Ethernet address keeps its session when it takes another one. */
static void
follow_device(struct look *look, struct session *session)
{
	const struct neighbours *all = &look->neighbours;

	for (size_t i = 0; session->has_mac && i < all->n && session->naddresses < SESSION_ADDRESSES_MAX; i++) {
		const struct neighbour *one = &all->neighbours[i];

		if (!one->has_mac || memcmp(one->mac, session->mac, sizeof(one->mac)) != 0 || one->state == NEIGHBOUR_FAILED ||
		    one->state == NEIGHBOUR_INCOMPLETE || address_is_link_local(&one->address) ||
		    sessions_of_address(&look->portal->sessions, session->zone, &one->address))
			continue;
		if (door_open(look->portal->setup.courier, session->zone, &one->address) == RESULT_DONE)
			look->portal->is_counting |= session_add_address(session, &one->address);
	}
}

static void
follow_devices(struct look *look)
{
	struct sessions *sessions = &look->portal->sessions;

	for (size_t i = sessions->count; i-- > 0;) {
		struct session           *session = &sessions->list[i];
		const struct portal_zone *zone = portal_zone(look->portal, session->zone);

		if (!check_addresses(look, session))
			portal_end(look->portal, session, "another device has its address", 0);
		else if (zone && zone->roams)
			follow_device(look, session);
	}
}

/* --- What was moved --------------------------------------------------------------------------------- */

static void
make_key(char *key, unsigned zone, const struct address *address)
{
	key[0] = (char)zone;
	key[1] = (char)address->family;
	memcpy(key + 2, address->bytes, sizeof(address->bytes));
}

static void
find_seats(struct look *look)
{
	struct sessions *sessions = &look->portal->sessions;

	look->seats = ARENA_MAKE(look->arena, struct seat, sessions->count * SESSION_ADDRESSES_MAX + 1);
	look->by_key = map_make(look->arena);
	for (size_t i = 0; i < sessions->count; i++)
		for (size_t k = 0; k < sessions->list[i].naddresses; k++) {
			struct seat *seat = &look->seats[look->nseats++];

			seat->session = &sessions->list[i];
			seat->address = &sessions->list[i].addresses[k];
			make_key(seat->key, sessions->list[i].zone, &seat->address->address);
			map_set(look->by_key, (struct text){ seat->key, KEY_BYTES }, seat);
		}
}

/* False: the packet filter does not have the zone (yet). */
static bool
count_table(struct look *look, unsigned zone, enum family family, bool is_to)
{
	struct element_counts counts;

	if (door_count(look->portal->setup.courier, look->arena, zone, family, is_to, &counts) != RESULT_DONE)
		return false;
	for (size_t i = 0; i < counts.n; i++) {
		const struct address address = door_address(&counts.counts[i], family);
		char                 key[KEY_BYTES];

		make_key(key, zone, &address);
		struct seat *seat = map_get(look->by_key, (struct text){ key, KEY_BYTES });

		if (!seat) {
			door_close(look->portal->setup.courier, zone, &address);
			continue;
		}
		seat->is_open |= !is_to;
		session_count(seat->session, seat->address, is_to ? SESSION_OUT : SESSION_IN, counts.counts[i].packets,
			      counts.counts[i].bytes, look->now);
		look->portal->is_counting = true;
	}
	return true;
}

static void
count_zone(struct look *look, unsigned zone)
{
	static const enum family families[] = { FAMILY_INET, FAMILY_INET6 };

	for (size_t i = 0; i < COUNT(families); i++)
		if (!count_table(look, zone, families[i], false) || !count_table(look, zone, families[i], true))
			return;
	for (size_t i = 0; i < look->nseats; i++)
		if (look->seats[i].session->zone == zone && !look->seats[i].is_open)
			door_open(look->portal->setup.courier, zone, &look->seats[i].address->address);
}

void
portal_look(struct portal *portal)
{
	scoped_arena arena = arena_new();
	struct look  look = { .portal = portal, .arena = arena, .now = portal_now() };

	look.neighbours = door_neighbours(portal->setup.courier, arena);
	follow_devices(&look);
	find_seats(&look);
	for (size_t i = 0; i < portal->nzones; i++)
		count_zone(&look, portal->zones[i].id);
	end_old(&look);
	if (portal->is_changed || (portal->is_counting && look.now - portal->written >= WRITE_SECONDS))
		portal_keep(portal);
}
