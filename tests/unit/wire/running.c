/* What the keeper tells of the running system, as bytes and back. */
#include "test.h"
#include "wire/routes.h"
#include "wire/shaper.h"
#include "wire/states.h"
#include "wire/tables.h"

#define NET(a, b, c, d) { FAMILY_INET, { a, b, c, d } }

static const struct state some_states[] = {
	{ .id = 1, .mark = 0x01800007, .left = 120, .age = 5, .protocol = 6, .progress = 3, .replied = true, .assured = true,
	  .source = { NET(10, 0, 0, 5), 40000 }, .destination = { NET(198, 51, 100, 1), 443 },
	  .reply_source = { NET(198, 51, 100, 1), 443 }, .reply_destination = { NET(192, 0, 2, 1), 51000 },
	  .packets = { 3, UINT64_MAX }, .bytes = { 300, 4 } },
	{ .protocol = 58, .source = { { FAMILY_INET6, { 0x20, 1 } }, 9 } },
};

static const struct route some_routes[] = {
	{ .destination = { NET(0, 0, 0, 0), 0 }, .gateway = NET(192, 0, 2, 254), .link = 2, .table = 254, .metric = 100,
	  .is_static = true },
	{ .destination = { { FAMILY_INET6, { 0x20, 1 } }, 64 }, .source = { FAMILY_INET6, { 0x20, 1 } }, .mtu = 1400,
	  .kind = ROUTE_OTHER },
};

static const struct neighbour some_neighbours[] = {
	{ .address = NET(192, 0, 2, 254), .link = 2, .age = 7, .has_mac = true, .mac = { 2, 1 }, .state = NEIGHBOUR_STALE },
	{ .address = { FAMILY_INET6, { 0xfe, 0x80 } }, .is_router = true, .state = NEIGHBOUR_PERMANENT },
};

static const struct table some_tables[] = { { "a_web_4n", 1, true, true, 3 }, { "m_phones", 4, false, false, 0 } };
static const struct rule_count some_counts[] = { { 1, 2, 3, 4 }, { 65535, UINT64_MAX, 5, 6 } };

static const struct states      states = { some_states, COUNT(some_states), 7 };
static const struct routes      routes = { some_routes, COUNT(some_routes) };
static const struct neighbours  neighbours = { some_neighbours, COUNT(some_neighbours) };
static const struct tables      tables = { some_tables, COUNT(some_tables) };
static const struct rule_counts counts = { some_counts, COUNT(some_counts) };
static const struct shaper_count some_classes[] = { { 5, UINT64_MAX, 2, 3, 4, NET(10, 0, 0, 5) }, { 65535, 1, 0, 0, UINT32_MAX } };
static const struct shaper_counts classes = { some_classes, COUNT(some_classes) };
static const struct element_count  some_elements[] = { { { 192, 0, 2, 1 }, 7, 700 }, { { 192, 0, 2, 2 }, UINT64_MAX, 0 } };
static const struct element_counts elements = { 1, some_elements, COUNT(some_elements) };
static const struct table_keys  keys = { 1, true, 9, { "\1\2\3\4\1\2\3\5", 8 } };

/* Taken apart and put together again: true when it was taken. */
static bool
states_again(struct arena *arena, struct text bytes, struct buffer *out)
{
	struct states got;

	if (!states_decode(arena, bytes, &got))
		return false;
	states_encode(out, &got);
	return true;
}

static bool
routes_again(struct arena *arena, struct text bytes, struct buffer *out)
{
	struct routes got;

	if (!routes_decode(arena, bytes, &got))
		return false;
	routes_encode(out, &got);
	return true;
}

static bool
neighbours_again(struct arena *arena, struct text bytes, struct buffer *out)
{
	struct neighbours got;

	if (!neighbours_decode(arena, bytes, &got))
		return false;
	neighbours_encode(out, &got);
	return true;
}

static bool
tables_again(struct arena *arena, struct text bytes, struct buffer *out)
{
	struct tables got;

	if (!tables_decode(arena, bytes, &got))
		return false;
	tables_encode(out, &got);
	return true;
}

static bool
counts_again(struct arena *arena, struct text bytes, struct buffer *out)
{
	struct rule_counts got;

	if (!rule_counts_decode(arena, bytes, &got))
		return false;
	rule_counts_encode(out, &got);
	return true;
}

static bool
keys_again(struct arena *arena, struct text bytes, struct buffer *out)
{
	struct table_keys got;

	(void)arena;
	if (!table_keys_decode(bytes, &got))
		return false;
	table_keys_encode(out, &got);
	return true;
}

static bool
classes_again(struct arena *arena, struct text bytes, struct buffer *out)
{
	struct shaper_counts got;

	if (!shaper_counts_decode(arena, bytes, &got))
		return false;
	shaper_counts_encode(out, &got);
	return true;
}

static bool
elements_again(struct arena *arena, struct text bytes, struct buffer *out)
{
	struct element_counts got;

	if (!element_counts_decode(arena, bytes, &got))
		return false;
	element_counts_encode(out, &got);
	return true;
}

#define KINDS 8

struct kind {
	struct buffer bytes;
	bool        (*again)(struct arena *, struct text, struct buffer *);
};

static void
all_kinds(struct kind *kinds)
{
	states_encode(&kinds[0].bytes, &states);
	kinds[0].again = states_again;
	routes_encode(&kinds[1].bytes, &routes);
	kinds[1].again = routes_again;
	neighbours_encode(&kinds[2].bytes, &neighbours);
	kinds[2].again = neighbours_again;
	tables_encode(&kinds[3].bytes, &tables);
	kinds[3].again = tables_again;
	rule_counts_encode(&kinds[4].bytes, &counts);
	kinds[4].again = counts_again;
	table_keys_encode(&kinds[5].bytes, &keys);
	kinds[5].again = keys_again;
	shaper_counts_encode(&kinds[6].bytes, &classes);
	kinds[6].again = classes_again;
	element_counts_encode(&kinds[7].bytes, &elements);
	kinds[7].again = elements_again;
}

TEST(lists_arrive_as_they_were)
{
	scoped_arena arena = arena_new();
	struct kind  kinds[KINDS] = { 0 };

	all_kinds(kinds);
	for (size_t i = 0; i < KINDS; i++) {
		scoped_buffer again = BUFFER_NONE;

		CHECK(kinds[i].again(arena, buffer_text(&kinds[i].bytes), &again));
		CHECK(text_equal(buffer_text(&kinds[i].bytes), buffer_text(&again)));
		buffer_clear(&kinds[i].bytes);
	}
}

TEST(truncated_lists_and_lists_with_something_left_over_are_refused)
{
	scoped_arena  arena = arena_new();
	scoped_buffer again = BUFFER_NONE;
	struct kind   kinds[KINDS] = { 0 };

	all_kinds(kinds);
	for (size_t i = 0; i < KINDS; i++) {
		for (size_t n = 0; n < kinds[i].bytes.len; n++)
			CHECK(!kinds[i].again(arena, text_first(buffer_text(&kinds[i].bytes), n), &again));
		buffer_add_byte(&kinds[i].bytes, 0);
		CHECK(!kinds[i].again(arena, buffer_text(&kinds[i].bytes), &again));
		buffer_clear(&kinds[i].bytes);
	}
}

TEST(lists_that_claim_to_be_long_get_no_room)
{
	scoped_arena  arena = arena_new();
	scoped_buffer again = BUFFER_NONE;
	struct kind   kinds[KINDS] = { 0 };
	const char    many[16] = "\0\x0f\0\0\0\0\0\0\0\x0f\0\0\0\0\0";

	all_kinds(kinds);
	for (size_t i = 0; i < KINDS; i++) {
		CHECK(!kinds[i].again(arena, (struct text){ many, sizeof(many) }, &again));
		buffer_clear(&kinds[i].bytes);
	}
}

/* --- Filters ----------------------------------------------------------------------------- */

TEST(a_filter_matches_what_it_names_before_and_after_translation)
{
	static const struct {
		struct state_filter filter;
		bool                matches;
	} cases[] = {
		{ { 0 }, true },
		{ { .mark = 7, .mask = 0xffff }, true },
		{ { .mark = 8, .mask = 0xffff }, false },
		{ { .protocol = 17 }, false },
		{ { .source = { NET(10, 0, 0, 0), 8 } }, true },
		{ { .source = { NET(192, 0, 2, 1), 32 } }, true },
		{ { .source = { NET(198, 51, 100, 1), 32 } }, false },
		{ { .destination = { NET(198, 51, 100, 0), 24 } }, true },
		{ { .destination = { NET(10, 0, 0, 5), 32 } }, false },
		{ { .either = { NET(198, 51, 100, 1), 32 } }, true },
		{ { .either = { NET(203, 0, 113, 1), 32 } }, false },
		{ { .either = { { FAMILY_INET6, { 0x20, 1 } }, 16 } }, false },
		{ { .source_port = 51000 }, true },
		{ { .destination_port = 443, .id = 1 }, true },
		{ { .destination_port = 80 }, false },
		{ { .id = 2 }, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(state_matches(&cases[i].filter, &some_states[0]) == cases[i].matches);
}

TEST(a_filter_arrives_as_it_was)
{
	const struct state_filter filter = {
		.mark = 7, .mask = 0xffff, .id = 9, .protocol = 6, .source = { NET(10, 0, 0, 0), 8 },
		.either = { { FAMILY_INET6, { 0x20, 1 } }, 128 }, .destination_port = 443,
	};
	struct writer out, again;
	struct reader in;

	writer_init(&out);
	writer_init(&again);
	put_state_filter(&out, &filter);
	in = reader_of(writer_text(&out));
	const struct state_filter got = get_state_filter(&in);

	CHECK(got_all(&in) && !state_filter_is_empty(&got));
	put_state_filter(&again, &got);
	CHECK(text_equal(writer_text(&out), writer_text(&again)));
}

RUN(cmocka_unit_test(lists_arrive_as_they_were),
    cmocka_unit_test(truncated_lists_and_lists_with_something_left_over_are_refused),
    cmocka_unit_test(lists_that_claim_to_be_long_get_no_room),
    cmocka_unit_test(a_filter_matches_what_it_names_before_and_after_translation),
    cmocka_unit_test(a_filter_arrives_as_it_was));
