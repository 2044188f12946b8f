/* Which networks have part of another: against comparing it with each. */
#include "schema/networks.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

#define NETWORKS 300
#define ROUNDS   4000

static const struct field fields[] = { { "network" } };
static const struct resource things = { .name = "test.thing", .fields = fields, .nfields = COUNT(fields) };
static const struct resource *const all[] = { &things };

static bool
rank_of(const struct index *by, const struct record *record, struct rank *rank)
{
	struct prefix network;

	if (!prefix_read(text_of(record->values[by->fields[0]]), &network))
		return false;
	*rank = rank_of_network(&network);
	return true;
}

static const struct index by_network = { .fields = { 0 }, .count = 1, .rank = rank_of };

static uint32_t
next_random(uint32_t *state)
{
	return *state = *state * 1664525 + 1013904223, *state >> 8;
}

/* Many are in others, and some are the same; some have bits set behind their length. */
static const char *
any_network(struct arena *arena, uint32_t *random)
{
	const unsigned a = next_random(random) % 3, b = next_random(random) % 5, c = next_random(random) % 256;

	switch (next_random(random) % 3) {
	case 0:
		return arena_print(arena, "10.%u.%u.%u/%u", a, b * 50, c, 6 + next_random(random) % 27);
	case 1:
		return arena_print(arena, "2001:db8:%x:%x::%x/%u", a, b << 13, c, 30 + next_random(random) % 99);
	default:
		return next_random(random) % 30 ? "" : next_random(random) % 2 ? "2000::/3" : "0.0.0.0/0";
	}
}

static void
put(struct snapshot *draft, unsigned n, const char *network)
{
	scoped_arena   arena = arena_new();
	struct record *record = record_make(arena, &things);

	snprintf(record->uuid, sizeof(record->uuid), "%u", n);
	record->place = n;
	record_set(record, "network", network);
	const struct record *sealed = record_seal(record);

	snapshot_put(draft, sealed);
	record_release(sealed);
}

static bool
overlap(const struct prefix *a, const struct prefix *b)
{
	return prefix_covers(a, &b->address) || prefix_covers(b, &a->address);
}

static bool
any_overlaps(const struct collection *networks, const struct prefix *wanted, const char *without)
{
	struct prefix network;

	for (size_t i = 0; i < collection_count(networks); i++)
		if (strcmp(collection_at(networks, i)->uuid, without) != 0 &&
		    prefix_read(record_text(collection_at(networks, i), "network"), &network) && overlap(wanted, &network))
			return true;
	return false;
}

static void
check(const struct collection *networks, const struct prefix *wanted, const char *without)
{
	const struct record *found = networks_overlapping(networks, &by_network, wanted, without);
	struct prefix        network;

	CHECK((found != NULL) == any_overlaps(networks, wanted, without));
	if (!found)
		return;
	CHECK(strcmp(found->uuid, without) != 0);
	CHECK(prefix_read(record_text(found, "network"), &network) && overlap(wanted, &network));
}

TEST(a_network_overlaps_what_going_over_all_finds)
{
	for (unsigned few = 1; few <= NETWORKS; few *= 4) {
		scoped_arena     arena = arena_new();
		struct schema   *schema = schema_new(all, COUNT(all));
		struct snapshot *draft = snapshot_new(schema);
		uint32_t         random = few;
		struct prefix    network;

		for (unsigned i = 0; i < ROUNDS; i++) {
			const unsigned n = next_random(&random) % few;

			put(draft, n, any_network(arena, &random));
			if (prefix_read(text_of(any_network(arena, &random)), &network))
				check(snapshot_collection(draft, &things), &network,
				      i % 2 ? "" : arena_print(arena, "%u", next_random(&random) % few));
		}
		snapshot_release(draft);
		schema_free(schema);
	}
}

/* What is around it lies far before it in the order, behind others that are beside it. */
TEST(a_network_around_many_others_is_found)
{
	struct schema   *schema = schema_new(all, COUNT(all));
	struct snapshot *draft = snapshot_new(schema);
	struct prefix    network;

	put(draft, 1000, "10.0.0.0/8");
	for (unsigned i = 0; i < 200; i++) {
		char text[32];

		snprintf(text, sizeof(text), "10.0.%u.0/24", i);
		put(draft, i, text);
	}
	CHECK(prefix_read(TEXT("10.1.0.0/24"), &network));
	const struct record *found = networks_overlapping(snapshot_collection(draft, &things), &by_network, &network, "");

	CHECK(found && strcmp(found->uuid, "1000") == 0);
	CHECK(!networks_overlapping(snapshot_collection(draft, &things), &by_network, &network, "1000"));
	snapshot_release(draft);
	schema_free(schema);
}

RUN(cmocka_unit_test(a_network_overlaps_what_going_over_all_finds), cmocka_unit_test(a_network_around_many_others_is_found));
