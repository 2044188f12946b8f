/* The longest prefix that covers an address, by one binary search for each length there is. */
#include "proc/flow/ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "plan/network/network.h"

#define LOCAL_TABLE  255
#define LENGTHS      (33 + 129)

struct entry {
	struct prefix prefix;
	uint32_t      metric;
	uint32_t      link; /* 0: this machine, or nowhere */
};

/* Entries of one family and length, by address. */
struct length {
	enum family family;
	unsigned    bits;
	size_t      first, n;
};

struct ways {
	struct entry *entries;
	size_t        n;
	struct length lengths[LENGTHS]; /* long ones first */
	size_t        nlengths;
	uint32_t      gateways[NETWORK_GATEWAYS_MAX + 1][2]; /* their links, by family */
	struct {
		uint32_t index;
		char     name[WAYS_NAME_MAX + 1];
	} *links;
	size_t        nlinks;
};

/* --- Reading ---------------------------------------------------------------------------------------------------- */

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	const enum family   families[] = { left->prefix.address.family, right->prefix.address.family };
	int                 order;

	if (families[0] != families[1])
		return families[0] < families[1] ? -1 : 1;
	if (left->prefix.bits != right->prefix.bits)
		return left->prefix.bits > right->prefix.bits ? -1 : 1;
	order = address_compare(&left->prefix.address, &right->prefix.address);
	return order ? order : (left->metric > right->metric) - (left->metric < right->metric);
}

static void
take_route(struct ways *ways, const struct route *route)
{
	const enum family family = route->destination.address.family;
	const uint32_t    link = route->kind == ROUTE_UNICAST ? route->link : 0, number = route->table - NETWORK_TABLE(0);

	if (route->table == ROUTE_TABLE_MAIN || route->table == LOCAL_TABLE) {
		ways->entries[ways->n++] = (struct entry){
			{ prefix_first(&route->destination), route->destination.bits }, route->metric, link };
		return;
	}
	if (number >= 1 && number <= NETWORK_GATEWAYS_MAX && route->destination.bits == 0)
		ways->gateways[number][family == FAMILY_INET6] = link;
}

static void
find_lengths(struct ways *ways)
{
	qsort(ways->entries, ways->n, sizeof(*ways->entries), compare_entries);
	for (size_t i = 0; i < ways->n; i++) {
		const struct prefix *prefix = &ways->entries[i].prefix;
		struct length       *last = ways->nlengths ? &ways->lengths[ways->nlengths - 1] : NULL;

		if (!last || last->family != prefix->address.family || last->bits != prefix->bits) {
			last = &ways->lengths[ways->nlengths++];
			*last = (struct length){ prefix->address.family, prefix->bits, i, 0 };
		}
		last->n++;
	}
}

static void
take_links(struct ways *ways, const struct links *links)
{
	ways->links = calloc(links->n + 1, sizeof(*ways->links));
	BUG_IF(!ways->links, "out of memory");
	for (size_t i = 0; i < links->n; i++) {
		ways->links[i].index = links->links[i].index;
		snprintf(ways->links[i].name, sizeof(ways->links[i].name), "%s", links->links[i].name);
	}
	ways->nlinks = links->n;
}

struct ways *
ways_new(const struct links *links, const struct routes *routes)
{
	struct ways *ways = calloc(1, sizeof(*ways));

	BUG_IF(!ways, "out of memory");
	take_links(ways, links);
	ways->entries = calloc(routes->n + 1, sizeof(*ways->entries));
	BUG_IF(!ways->entries, "out of memory");
	for (size_t i = 0; i < routes->n; i++)
		take_route(ways, &routes->routes[i]);
	find_lengths(ways);
	return ways;
}

void
ways_free(struct ways *ways)
{
	if (!ways)
		return;
	free(ways->entries);
	free(ways->links);
	free(ways);
}

/* --- Finding ---------------------------------------------------------------------------------------------------- */

/* The first of those with the same address: it has the lowest metric. NULL: none. */
static const struct entry *
search(const struct entry *entries, size_t n, const struct address *address)
{
	size_t low = 0, high = n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (address_compare(&entries[middle].prefix.address, address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && address_compare(&entries[low].prefix.address, address) == 0 ? &entries[low] : NULL;
}

static uint32_t
link_to(const struct ways *ways, const struct address *address)
{
	for (size_t i = 0; i < ways->nlengths; i++) {
		const struct length *length = &ways->lengths[i];
		const struct prefix  whole = { *address, length->bits };

		if (length->family != address->family)
			continue;
		const struct address first = prefix_first(&whole);
		const struct entry  *entry = search(ways->entries + length->first, length->n, &first);

		if (entry)
			return entry->link;
	}
	return 0;
}

struct way
ways_of(const struct ways *ways, const struct state *state)
{
	const uint32_t number = state->mark >> 24;
	const bool     for_answers = state->mark & NETWORK_MARK_REPLY, inet6 = state->source.address.family == FAMILY_INET6;
	const uint32_t gateway = number <= NETWORK_GATEWAYS_MAX ? ways->gateways[number][inet6] : 0;
	struct way     way = { link_to(ways, &state->source.address), link_to(ways, &state->reply_source.address) };

	/* What begins or ends here does not pass a gateway on that side. */
	if (gateway && for_answers && way.in)
		way.in = gateway;
	if (gateway && !for_answers && way.out)
		way.out = gateway;
	return way;
}

const char *
ways_name(const struct ways *ways, uint32_t link)
{
	for (size_t i = 0; link && i < ways->nlinks; i++)
		if (ways->links[i].index == link)
			return ways->links[i].name;
	return "";
}

uint32_t
ways_link(const struct ways *ways, const char *name)
{
	for (size_t i = 0; i < ways->nlinks; i++)
		if (strcmp(ways->links[i].name, name) == 0)
			return ways->links[i].index;
	return 0;
}
