/* Each zone has a table of those that it lets in, and the same once more for what goes to them. */
#include "proc/portal/door.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan/portal.h"
#include "proc/part/connections.h"
#include "wire/bulk.h"
#include "wire/order.h"
#include "wire/sealed.h"

enum { PROTO_TCP = 6 };

static struct text
key_of(const struct address *address)
{
	return (struct text){ (const char *)address->bytes, address_bits(address->family) / 8 };
}

static enum result
change(struct courier *courier, const char *set, struct text deleted, struct text added)
{
	scoped_writer  order;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_string(&order, set);
	put_u32(&order, 0);
	put_bool(&order, true);
	put_text(&order, deleted);
	put_text(&order, added);
	return courier_ask(courier, ORDER_CHANGE_TABLE, &order, ORDER_TIMEOUT, &reply);
}

static enum result
change_both(struct courier *courier, unsigned zone, const struct address *address, bool is_open)
{
	scoped_arena      arena = arena_new();
	const char *const tables[] = { portal_table_to(arena, zone), portal_table(arena, zone) };
	const struct text key = key_of(address);
	enum result       result = RESULT_DONE;

	for (size_t i = 0; i < COUNT(tables); i++) {
		const enum result one = change(courier, portal_set(arena, tables[i], address->family), is_open ? TEXT_NONE : key,
					       is_open ? key : TEXT_NONE);

		/* That it was not there is as well. */
		if (one != RESULT_DONE && (is_open || one != RESULT_MISSING))
			result = one;
	}
	return result;
}

enum result
door_open(struct courier *courier, unsigned zone, const struct address *address)
{
	return change_both(courier, zone, address, true);
}

enum result
door_close(struct courier *courier, unsigned zone, const struct address *address)
{
	return change_both(courier, zone, address, false);
}

/* What is answered with sealed memory, which the caller unmaps. */
static enum result
ask_sealed(struct courier *courier, unsigned number, const struct writer *order, size_t most, struct text *mapped)
{
	scoped_message    reply;

	message_init(&reply);
	const enum result result = courier_ask(courier, number, order, ORDER_TIMEOUT, &reply);

	if (result != RESULT_DONE)
		return result;
	struct reader in = message_reader(&reply);
	scoped_fd     fd = get_fd(&in);

	return got_all(&in) && sealed_map(fd, most, mapped) ? RESULT_DONE : RESULT_FAILED;
}

static int
compare_ids(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The ids of those that end, ascending, each once. */
static void
put_ids(struct arena *arena, const struct states *states, const struct address *address, uint16_t but_port, struct buffer *out)
{
	uint32_t *ids = ARENA_MAKE(arena, uint32_t, states->n + 1);
	size_t    n = 0;

	for (size_t i = 0; i < states->n; i++) {
		const struct state *state = &states->states[i];

		if (state->protocol != PROTO_TCP || state->source.port != but_port ||
		    address_compare(&state->source.address, address) != 0)
			ids[n++] = state->id;
	}
	qsort(ids, n, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || ids[i] != ids[i - 1])
			bulk_u32(out, ids[i]);
}

static void
end_others(struct courier *courier, const struct state_filter *which, const struct address *address, uint16_t but_port)
{
	scoped_arena   arena = arena_new();
	scoped_writer  order, kill;
	scoped_sealed  mapped = TEXT_NONE;
	scoped_buffer  ids = BUFFER_NONE;
	scoped_message reply;
	struct states  states;

	writer_init(&order);
	writer_init(&kill);
	message_init(&reply);
	put_state_filter(&order, which);
	put_u32(&order, STATES_MAX);
	if (ask_sealed(courier, ORDER_STATES, &order, STATES_BYTES_MAX, &mapped) != RESULT_DONE ||
	    !states_decode(arena, mapped, &states))
		return;
	put_ids(arena, &states, address, but_port, &ids);
	put_fd(&kill, sealed_new("drawbridge-kill", buffer_text(&ids)));
	courier_ask(courier, ORDER_KILL_STATES_BY_ID, &kill, ORDER_TIMEOUT, &reply);
}

void
door_end_connections(struct courier *courier, const struct address *address, uint16_t but_port)
{
	const struct state_filter all = { .either = { *address, address_bits(address->family) } };

	if (but_port)
		end_others(courier, &all, address, but_port);
	else
		connections_end(courier, &all);
}

enum result
door_count(struct courier *courier, struct arena *arena, unsigned zone, enum family family, bool is_to, struct element_counts *out)
{
	const char   *table = is_to ? portal_table_to(arena, zone) : portal_table(arena, zone);
	scoped_writer order;
	scoped_sealed mapped = TEXT_NONE;

	writer_init(&order);
	put_string(&order, portal_set(arena, table, family));
	const enum result result = ask_sealed(courier, ORDER_COUNT_TABLE, &order, ELEMENT_COUNTS_BYTES_MAX, &mapped);

	if (result != RESULT_DONE)
		return result;
	return element_counts_decode(arena, mapped, out) ? RESULT_DONE : RESULT_FAILED;
}

struct address
door_address(const struct element_count *count, enum family family)
{
	struct address address = { .family = family };

	memcpy(address.bytes, count->key, address_bits(family) / 8);
	return address;
}

struct neighbours
door_neighbours(struct courier *courier, struct arena *arena)
{
	struct neighbours neighbours = { NULL, 0 };
	scoped_writer     order;
	scoped_sealed     mapped = TEXT_NONE;

	writer_init(&order);
	if (ask_sealed(courier, ORDER_NEIGHBOURS, &order, ROUTES_BYTES_MAX, &mapped) != RESULT_DONE ||
	    !neighbours_decode(arena, mapped, &neighbours))
		return (struct neighbours){ NULL, 0 };
	return neighbours;
}

const struct neighbour *
door_neighbour(const struct neighbours *neighbours, const struct address *address)
{
	for (size_t i = 0; i < neighbours->n; i++) {
		const struct neighbour *one = &neighbours->neighbours[i];

		if (one->has_mac && one->state != NEIGHBOUR_FAILED && address_compare(&one->address, address) == 0)
			return one;
	}
	return NULL;
}

static int
listen_in(struct courier *courier, enum family family, uint16_t port, struct buffer *message)
{
	const struct address any = { .family = FAMILY_NONE };
	scoped_writer        order;
	scoped_message       reply;

	writer_init(&order);
	message_init(&reply);
	put_u32(&order, PROBE_SOCKET_PORTAL);
	put_u8(&order, family);
	put_address(&order, &any);
	put_u16(&order, port);
	const enum result result = courier_ask(courier, ORDER_PROBE_SOCKET, &order, ORDER_TIMEOUT, &reply);
	struct reader     in = message_reader(&reply);

	if (result == RESULT_DONE)
		return get_fd(&in);
	const struct text why = get_text(&in, ORDER_MESSAGE_MAX);

	buffer_add(message, why.len ? why : TEXT("the keeper does not answer"));
	return -1;
}

/* A kernel without IPv6 has the other family. */
int
door_listen(struct courier *courier, uint16_t port, struct buffer *message)
{
	const int fd = listen_in(courier, FAMILY_INET6, port, message);

	if (fd >= 0)
		return fd;
	buffer_cut(message, 0);
	return listen_in(courier, FAMILY_INET, port, message);
}
