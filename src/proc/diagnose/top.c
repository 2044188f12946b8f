/*
 * Who causes the traffic of an interface: connections are looked at twice, and what they have carried in between is added up
 * by hosts. A connection passes the interface its first packet came from and, unless it ends here, the one it leaves by.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "proc/diagnose/diagnose.h"

#define SECONDS     2
#define STATES_MOST 100000
#define HOSTS_MAX   200 /* shown of each interface */
#define PEERS_MAX   20  /* shown of each host */
#define HOSTS_ROOM  16384
#define PEERS_ROOM  256

struct peer {
	struct address address;
	uint64_t       bytes;
	struct peer   *next;
};

struct host {
	struct address address;
	uint64_t       in, out; /* bytes in between */
	struct peer   *peers;
	size_t         npeers;
};

struct hosts {
	struct arena *arena;
	struct map   *by_address;
	struct host **list;
	size_t        n;
};

struct moved {
	const struct state *state;
	uint64_t            there, back; /* bytes */
};

/* --- Adding up ------------------------------------------------------------------------------------------------ */

static struct host *
host_of(struct hosts *hosts, const struct address *address)
{
	const struct text key = { (const char *)address->bytes, address_bits(address->family) / 8 };
	struct host      *host = map_get(hosts->by_address, key);

	if (host || hosts->n == HOSTS_ROOM)
		return host;
	host = ARENA_MAKE(hosts->arena, struct host, 1);
	host->address = *address;
	map_set(hosts->by_address, (struct text){ (const char *)host->address.bytes, key.len }, host);
	hosts->list[hosts->n++] = host;
	return host;
}

static void
add_way(struct hosts *hosts, const struct address *one, const struct address *other, uint64_t in, uint64_t out)
{
	struct host *host = host_of(hosts, one);
	struct peer *peer;

	if (!host)
		return;
	host->in += in;
	host->out += out;
	for (peer = host->peers; peer; peer = peer->next)
		if (address_compare(&peer->address, other) == 0)
			break;
	if (!peer && host->npeers == PEERS_ROOM)
		return;
	if (!peer) {
		host->npeers++;
		peer = ARENA_MAKE(hosts->arena, struct peer, 1);
		*peer = (struct peer){ *other, 0, host->peers };
		host->peers = peer;
	}
	peer->bytes += in + out;
}

static void
add_pair(struct hosts *hosts, const struct address *from, const struct address *to, const struct moved *moved)
{
	add_way(hosts, from, to, moved->back, moved->there);
	add_way(hosts, to, from, moved->there, moved->back);
}

static bool
covers(const struct filter_interface *interface, const struct address *address)
{
	for (size_t i = 0; i < interface->naddresses; i++)
		if (prefix_covers(&interface->addresses[i].prefix, address))
			return true;
	return false;
}

static bool
is_ours(const struct filter *filter, const struct address *address)
{
	for (size_t i = 0; filter && i < filter->ninterfaces; i++)
		for (size_t k = 0; k < filter->interfaces[i].naddresses; k++)
			if (address_compare(&filter->interfaces[i].addresses[k].prefix.address, address) == 0)
				return true;
	return false;
}

/* By which a packet to this address leaves. */
static const struct filter_interface *
way_out(const struct filter *filter, const struct address *address)
{
	const struct filter_interface *wan = NULL;

	for (size_t i = 0; i < filter->ninterfaces; i++) {
		if (covers(&filter->interfaces[i], address))
			return &filter->interfaces[i];
		if (!wan && filter->interfaces[i].is_wan)
			wan = &filter->interfaces[i];
	}
	return wan;
}

static void
add_state(struct hosts *hosts, const struct filter *filter, const struct filter_interface *interface, const struct moved *moved)
{
	const struct state *state = moved->state;
	bool                is_out;

	if (state_interface(filter, state, &is_out) == interface && !is_out)
		add_pair(hosts, &state->source.address, &state->destination.address, moved);
	if (!is_ours(filter, &state->reply_source.address) && way_out(filter, &state->reply_source.address) == interface)
		add_pair(hosts, &state->reply_destination.address, &state->reply_source.address, moved);
}

/* --- Showing ---------------------------------------------------------------------------------------------------- */

static const char *
size_text(struct arena *arena, double size, const char *unit)
{
	static const char *const units[] = { "", "K", "M", "G", "T" };
	size_t                   at = 0;

	for (; size >= 1000 && at + 1 < COUNT(units); at++)
		size /= 1000;
	return arena_print(arena, "%.2f%s%s", size, units[at], unit);
}

static void
put_rate(struct arena *arena, struct value *row, const char *suffix, uint64_t bytes)
{
	const int64_t bits = (int64_t)bytes * 8 / SECONDS;

	value_set(arena, row, arena_print(arena, "rate_bits%s", suffix), value_integer(arena, bits));
	value_set_string(arena, row, arena_print(arena, "rate%s", suffix), size_text(arena, (double)bits, "b"));
	value_set(arena, row, arena_print(arena, "cumulative_bytes%s", suffix), value_integer(arena, (int64_t)bytes));
	value_set_string(arena, row, arena_print(arena, "cumulative%s", suffix), size_text(arena, (double)bytes, "B"));
}

static bool
is_private(const struct address *address)
{
	static const struct prefix nets[] = {
		{ { FAMILY_INET, { 10 } }, 8 }, { { FAMILY_INET, { 172, 16 } }, 12 }, { { FAMILY_INET, { 192, 168 } }, 16 },
		{ { FAMILY_INET6, { 0xfc } }, 7 }, { { FAMILY_INET6, { 0xfe, 0x80 } }, 10 },
	};

	for (size_t i = 0; i < COUNT(nets); i++)
		if (prefix_covers(&nets[i], address))
			return true;
	return false;
}

static struct value *
tags_of(struct arena *arena, const struct filter *filter, const struct address *address)
{
	struct value *tags = value_list(arena);

	if (is_ours(filter, address))
		value_add(arena, tags, value_string(arena, "local"));
	if (is_private(address))
		value_add(arena, tags, value_string(arena, "private"));
	return tags;
}

static struct value *
details_of(struct arena *arena, const struct filter *filter, const struct host *host)
{
	struct value *details = value_list(arena);
	size_t        n = 0;

	for (const struct peer *peer = host->peers; peer && n < PEERS_MAX; peer = peer->next, n++) {
		struct value *row = value_object(arena);

		value_set_string(arena, row, "address", address_print(arena, &peer->address));
		put_rate(arena, row, "", peer->bytes);
		value_set(arena, row, "tags", tags_of(arena, filter, &peer->address));
		value_add(arena, details, row);
	}
	return details;
}

static int
compare_hosts(const void *a, const void *b)
{
	const struct host *left = *(struct host *const *)a, *right = *(struct host *const *)b;
	const uint64_t     one = left->in + left->out, other = right->in + right->out;

	return one != other ? (one < other) - (one > other) : address_compare(&left->address, &right->address);
}

static struct value *
records_of(struct arena *arena, const struct filter *filter, struct hosts *hosts)
{
	struct value *records = value_list(arena);

	qsort(hosts->list, hosts->n, sizeof(struct host *), compare_hosts);
	for (size_t i = 0; i < hosts->n && i < HOSTS_MAX; i++) {
		const struct host *host = hosts->list[i];
		struct value      *row = value_object(arena);

		value_set_string(arena, row, "address", address_print(arena, &host->address));
		value_set_string(arena, row, "rname", "");
		value_set(arena, row, "tags", tags_of(arena, filter, &host->address));
		put_rate(arena, row, "_in", host->in);
		put_rate(arena, row, "_out", host->out);
		put_rate(arena, row, "", host->in + host->out);
		value_set(arena, row, "details", details_of(arena, filter, host));
		value_add(arena, records, row);
	}
	return records;
}

/* --- Looking ------------------------------------------------------------------------------------------------------- */

/* What those of the second look have carried since the first; new ones: all of theirs. */
static struct moved *
find_moved(struct arena *arena, const struct states *before, const struct states *now, size_t *n)
{
	struct map   *old = map_make(arena);
	struct moved *moved = ARENA_MAKE(arena, struct moved, now->n + 1);

	for (size_t i = 0; i < before->n; i++)
		map_set(old, (struct text){ (const char *)&before->states[i].id, sizeof(uint32_t) }, (void *)&before->states[i]);
	*n = 0;
	for (size_t i = 0; i < now->n; i++) {
		const struct state *state = &now->states[i];
		const struct state *was = map_get(old, (struct text){ (const char *)&state->id, sizeof(uint32_t) });
		const uint64_t      there = was ? was->bytes[0] : 0, back = was ? was->bytes[1] : 0;
		struct moved       *one = &moved[*n];

		*one = (struct moved){ state, state->bytes[0] > there ? state->bytes[0] - there : 0,
				       state->bytes[1] > back ? state->bytes[1] - back : 0 };
		*n += one->there + one->back > 0;
	}
	return moved;
}

static void
put_interface(struct asking *asking, struct value *answer, struct text name, const struct moved *moved, size_t n)
{
	const struct filter *filter = asking->box->filter;
	struct arena        *arena = asking->arena;
	struct hosts         hosts = { arena, map_make(arena), ARENA_MAKE(arena, struct host *, HOSTS_ROOM), 0 };
	struct value        *entry = value_object(arena);

	for (size_t i = 0; filter && i < filter->ninterfaces; i++)
		if (text_is(name, filter->interfaces[i].name))
			for (size_t k = 0; k < n; k++)
				add_state(&hosts, filter, &filter->interfaces[i], &moved[k]);
	value_set(arena, entry, "records", records_of(arena, filter, &hosts));
	value_set_string(arena, entry, "status", "ok");
	value_set_text(arena, answer, name, entry);
}

/* Names of the configuration, comma separated; those that are none of it are left out. */
enum result
topic_traffic_top(struct asking *asking, struct value **answer)
{
	const struct timespec    pause = { SECONDS, 0 };
	const struct collection *known = snapshot_named(asking->snapshot, "interfaces.interface");
	struct text              rest = text_of(asked_text(asking, "interfaces")), name;
	struct states            before, now;
	size_t                   n;
	enum result              result = asked_states(asking, NULL, STATES_MOST, &before);

	if (result != RESULT_DONE)
		return result;
	if (!asking->box->setup.is_simulated)
		nanosleep(&pause, NULL);
	result = asked_states(asking, NULL, STATES_MOST, &now);
	if (result != RESULT_DONE)
		return result;
	const struct moved *moved = find_moved(asking->arena, &before, &now, &n);

	*answer = value_object(asking->arena);
	pthread_mutex_lock(&asking->box->lock);
	while (text_next(&rest, ",", &name))
		if (collection_find(known, name) && !value_get_text(*answer, name))
			put_interface(asking, *answer, name, moved, n);
	pthread_mutex_unlock(&asking->box->lock);
	return RESULT_DONE;
}
