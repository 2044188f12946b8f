/* The last answer, with prefixes of those before it that are still ours. */
#include "proc/part/grants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "plan/network/point.h"
#include "proc/service/query.h"
#include "wire/order.h"
#include "wire/sealed.h"

struct grant_part {
	struct arena *arena; /* of the next */
	struct grants now;
	int64_t       taken; /* when it was said */
	uint64_t      version;
};

struct grant_clients
grant_part_clients(const struct snapshot *snapshot)
{
	const struct collection *interfaces = snapshot ? snapshot_named(snapshot, "interfaces.interface") : NULL;
	struct grant_clients     clients = { .dhcp = false };
	struct point             point;

	for (size_t i = 0; interfaces && i < collection_count(interfaces); i++) {
		const struct record *interface = collection_at(interfaces, i);

		clients.dhcp |= record_bool(interface, "enable") && (text_is(record_text(interface, "type4"), "dhcp") ||
								     text_is(record_text(interface, "type6"), "dhcp6"));
		if (!clients.line[0] && point_read(snapshot, interface, &point))
			snprintf(clients.line, sizeof(clients.line), "%s", point.device);
	}
	return clients;
}

static bool
ask(struct courier *courier, const char *query, struct buffer *said)
{
	scoped_sealed  mapped = TEXT_NONE;
	scoped_writer  order;
	scoped_message reply;
	struct reader  in;

	writer_init(&order);
	message_init(&reply);
	put_string(&order, query);
	put_string(&order, "");
	if (courier_ask(courier, ORDER_ASK_SERVICE, &order, ORDER_APPLY_TIMEOUT, &reply) != RESULT_DONE)
		return false;
	in = message_reader(&reply);
	scoped_fd fd = get_fd(&in);

	if (!got_all(&in) || !sealed_map(fd, QUERY_ANSWER_MAX, &mapped))
		return false;
	buffer_add(said, mapped);
	return true;
}

/* pppd's file of "nameserver ADDRESS" in the words of the other client; it has one for all lines. */
static void
add_line(const char *device, struct text file, struct buffer *said)
{
	struct text line, word;

	buffer_print(said, "\n\ninterface=%s\nreason=BOUND\ndomain_name_servers=", device);
	while (text_next(&file, "\n", &line))
		if (text_next_word(&line, &word) && text_is(word, "nameserver") && text_next_word(&line, &word))
			buffer_print(said, "%.*s ", TEXT_ARGS(word));
	buffer_add_byte(said, '\n');
}

bool
grant_part_ask(struct courier *courier, const struct grant_clients *clients, struct buffer *said)
{
	scoped_buffer file = BUFFER_NONE;

	if (clients->dhcp && !ask(courier, "dhcpcd.grants", said))
		return false;
	/* No file is no name servers yet. */
	if (clients->line[0] && ask(courier, "pppd.servers", &file))
		add_line(clients->line, buffer_text(&file), said);
	return true;
}

static bool
same_prefix(const struct prefix *a, const struct prefix *b)
{
	return a->address.family == b->address.family &&
	       (a->address.family == FAMILY_NONE || (a->bits == b->bits && address_compare(&a->address, &b->address) == 0));
}

static bool
same_grants(const struct grants *a, const struct grants *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct grant *x = &a->list[i], *y = &b->list[i];

		if (strcmp(x->device, y->device) != 0 || strcmp(x->domain, y->domain) != 0 || x->nservers != y->nservers ||
		    !same_prefix(&x->prefix, &y->prefix))
			return false;
		for (size_t k = 0; k < x->nservers; k++)
			if (x->servers[k].family != y->servers[k].family || address_compare(&x->servers[k], &y->servers[k]) != 0)
				return false;
	}
	return true;
}

/* What the old one still has of a link, if the new one has nothing in its place. */
static void
keep_prefixes(const struct grant_part *part, struct arena *arena, struct grants *now, int64_t gone)
{
	struct grant *list = ARENA_MAKE(arena, struct grant, now->n + part->now.n + 1);
	size_t        n = now->n;

	if (n > 0)
		memcpy(list, now->list, n * sizeof(*list));
	for (size_t i = 0; i < part->now.n && n < GRANTS_MAX; i++) {
		const struct grant *old = &part->now.list[i];
		struct grant       *place = NULL;

		if (old->prefix.address.family == FAMILY_NONE || gone >= (int64_t)old->prefix_seconds)
			continue;
		for (size_t k = 0; k < now->n; k++)
			if (strcmp(list[k].device, old->device) == 0)
				place = &list[k];
		if (place && place->prefix.address.family != FAMILY_NONE)
			continue;
		if (!place) {
			place = &list[n++];
			memcpy(place->device, old->device, sizeof(place->device));
		}
		place->prefix = old->prefix;
		place->prefix_seconds = old->prefix_seconds - (uint32_t)gone;
	}
	*now = (struct grants){ list, n };
}

void
grant_part_take(struct grant_part *part, struct text said, int64_t now)
{
	struct arena *arena = arena_new();
	struct grants grants = grants_read(arena, said);

	keep_prefixes(part, arena, &grants, now > part->taken ? now - part->taken : 0);
	part->version += !same_grants(&grants, &part->now);
	arena_free(part->arena);
	part->arena = arena;
	part->now = grants;
	part->taken = now;
}

void
grant_part_forget(struct grant_part *part)
{
	part->version += part->now.n > 0;
	part->now = (struct grants){ NULL, 0 };
}

const struct grants *
grant_part_now(const struct grant_part *part)
{
	return &part->now;
}

uint64_t
grant_part_version(const struct grant_part *part)
{
	return part->version;
}

struct grant_part *
grant_part_new(void)
{
	struct grant_part *part = calloc(1, sizeof(*part));

	BUG_IF(!part, "out of memory");
	part->arena = arena_new();
	return part;
}

void
grant_part_free(struct grant_part *part)
{
	if (!part)
		return;
	arena_free(part->arena);
	free(part);
}
