/* Finding, sorting and paging records: a page is a piece of the whole, and what people see is found. */
#include "api/search.h"

#include <stdio.h>

#include "schema/types.h"
#include "test.h"

#define OWNERS 600 /* more than labels are kept for when no value comes twice */
#define THINGS 2000

static const struct field owner_fields[] = { { "name", &type_text } };
static const struct resource owners = { .name = "test.owner", .fields = owner_fields, .nfields = COUNT(owner_fields) };

static const struct field thing_fields[] = {
	{ "name", &type_text },
	{ "number", &type_text },
	{ "owner", &type_relation, .relations = RELATIONS({ "test.owner", "name" }) },
	{ "long", &type_text },
};
static const struct resource things = { .name = "test.thing", .fields = thing_fields, .nfields = COUNT(thing_fields) };

static const struct resource *const all[] = { &owners, &things };

static void
put(struct snapshot *draft, struct record *record, const char *prefix, unsigned n)
{
	snprintf(record->uuid, sizeof(record->uuid), "%s0000-0000-4000-8000-%012u", prefix, n);
	record->place = n;
	struct record *sealed = record_seal(record);

	snapshot_put(draft, sealed);
	record_release(sealed);
}

/* The n-th of numbers with hundreds of digits, around where they are too many for a key. */
static const char *
long_number(struct arena *arena, unsigned n)
{
	return arena_print(arena, "%.*s1%0*u", (int)(n % 3), "00", 250 + (int)(n % 6), n % 7);
}

/* Things in no order, some with names that differ in case or leading zeros only; the owner of the n-th is n, of every tenth nobody. */
static struct view
filled(struct arena *arena, struct schema *schema)
{
	static const char *const forms[] = { "item%u", "Item%03u", "%u", "00-%u.x%u", "item%u.long-enough-to-go-past-the-head" };
	struct snapshot         *draft = snapshot_new(schema);

	for (unsigned n = 0; n < OWNERS; n++) {
		struct record *owner = record_make(arena, &owners);

		record_set(owner, "name", arena_print(arena, "owner-%u-of-many", n));
		put(draft, owner, "a000", n);
	}
	for (unsigned n = 0; n < THINGS; n++) {
		struct record *thing = record_make(arena, &things);
		const unsigned random = n * 7919 % 1009;

		record_set(thing, "name", arena_print(arena, forms[random % COUNT(forms)], random / 7, n % 13));
		record_set(thing, "number", arena_print(arena, "%u", random % 50));
		record_set(thing, "long", long_number(arena, random));
		if (n % 10)
			record_set(thing, "owner", arena_print(arena, "a0000000-0000-4000-8000-%012u", n % OWNERS));
		put(draft, thing, "c000", n);
	}
	snapshot_freeze(draft);
	arena_defer(arena, (void (*)(void *))snapshot_release, draft);
	return (struct view){ .arena = arena, .snapshot = draft };
}

static struct found
run(const struct view *view, struct search search)
{
	return search_run(&search, view, labels_make(view, &things), rows_of(view, &things));
}

/* By the keys that are sorted by; equal ones by uuid. */
static int
compare(const struct search *search, const struct record *a, const struct record *b)
{
	for (size_t i = 0; i < search->nsort; i++) {
		const size_t field = resource_find_field(&things, search->sort[i]);
		const int    order = field == SIZE_MAX ? 0 : text_compare_natural(text_of(a->values[field]), text_of(b->values[field]));

		if (order != 0)
			return order;
	}
	return strcmp(a->uuid, b->uuid);
}

TEST(a_page_is_a_piece_of_the_whole_in_order)
{
	static const struct search searches[] = {
		{ .sort = { { "name", 4 } }, .nsort = 1 },
		{ .sort = { { "name", 4 } }, .nsort = 1, .descending = true },
		{ .sort = { { "number", 6 }, { "nothing", 7 }, { "name", 4 } }, .nsort = 3 },
		{ .sort = { { "number", 6 }, { "name", 4 } }, .nsort = 2, .descending = true },
		{ .sort = { { "nothing", 7 } }, .nsort = 1 },
		{ .sort = { { "long", 4 } }, .nsort = 1 },
		{ .sort = { { "long", 4 }, { "name", 4 } }, .nsort = 2, .descending = true },
	};
	static const struct {
		size_t skip, take;
	} pages[] = { { 0, 1 }, { 0, 20 }, { 40, 20 }, { 240, 20 }, { 1980, 20 }, { 1990, 20 }, { 2000, 20 }, { 0, 0 } };
	scoped_arena   arena = arena_new();
	struct schema *schema = schema_new(all, COUNT(all));

	arena_defer(arena, (void (*)(void *))schema_free, schema);
	const struct view view = filled(arena, schema);

	for (size_t i = 0; i < COUNT(searches); i++) {
		struct search      search = searches[i];
		const struct found whole = (search.take = SIZE_MAX, run(&view, search));

		CHECK_NUMBER(whole.count, THINGS);
		for (size_t j = 1; j < whole.count; j++) {
			const int order = compare(&search, whole.records[j - 1], whole.records[j]);

			CHECK(search.descending ? order > 0 : order < 0);
		}
		for (size_t j = 0; j < COUNT(pages); j++) {
			search.skip = pages[j].skip;
			search.take = pages[j].take;
			const struct found page = run(&view, search);

			CHECK_NUMBER(page.total, THINGS);
			CHECK_NUMBER(page.count, search.skip + search.take > THINGS ? THINGS - search.skip : search.take);
			for (size_t k = 0; k < page.count; k++)
				CHECK(page.records[k] == whole.records[search.skip + k]);
		}
	}
}

static uint64_t
rank(const struct record *record, void *context)
{
	(void)context;
	return (uint64_t)record->values[1][0];
}

TEST(equal_ranks_stay_in_the_order_they_are_in)
{
	scoped_arena   arena = arena_new();
	struct schema *schema = schema_new(all, COUNT(all));

	arena_defer(arena, (void (*)(void *))schema_free, schema);
	const struct view  view = filled(arena, schema);
	const struct found page = run(&view, (struct search){ .rank = rank, .take = 100 });

	CHECK_NUMBER(page.count, 100);
	for (size_t i = 1; i < page.count; i++) {
		const struct record *before = page.records[i - 1], *here = page.records[i];

		CHECK(rank(before, NULL) < rank(here, NULL) || (rank(before, NULL) == rank(here, NULL) && before->place < here->place));
	}
}

TEST(a_name_that_is_shown_for_another_record_is_found_however_many_there_are)
{
	scoped_arena   arena = arena_new();
	struct schema *schema = schema_new(all, COUNT(all));

	arena_defer(arena, (void (*)(void *))schema_free, schema);
	const struct view view = filled(arena, schema);

	for (unsigned n = 1; n < OWNERS; n += 97) {
		const char        *phrase = arena_print(arena, "OWNER-%u-of", n);
		const struct found found = run(&view, (struct search){ .phrase = text_of(phrase), .take = SIZE_MAX });
		size_t             wanted = 0;

		for (unsigned thing = n; thing < THINGS; thing += OWNERS)
			wanted += thing % 10 != 0;
		CHECK_NUMBER(found.count, wanted);
		for (size_t i = 0; i < found.count; i++)
			CHECK_NUMBER(found.records[i]->place % OWNERS, n);
	}
}

RUN(cmocka_unit_test(a_page_is_a_piece_of_the_whole_in_order),
    cmocka_unit_test(equal_ranks_stay_in_the_order_they_are_in),
    cmocka_unit_test(a_name_that_is_shown_for_another_record_is_found_however_many_there_are));
