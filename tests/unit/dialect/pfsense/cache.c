/* Cached lists: whatever changed since the last one, they are what making all anew gives, and what is found in them is there. */
#include "dialect/pfsense/cache.h"

#include <pthread.h>
#include <stdio.h>

#include "base/number.h"
#include "dialect/pfsense/envelope.h"
#include "test.h"

#define UUIDS   400
#define KEPT    5
#define THREADS 3

static const struct field fields[] = { { "name" }, { "sequence" }, { "kind" } };
static const struct resource things = { .name = "test.thing", .fields = fields, .nfields = COUNT(fields), .flags = ORDERED };
static const struct resource *const all[] = { &things };

static uint32_t
next_random(uint32_t *state)
{
	return *state = *state * 1664525 + 1013904223, *state >> 8;
}

static const struct snapshot *
edited(const struct snapshot *from, uint32_t *random, unsigned edits)
{
	struct snapshot *draft = snapshot_draft(from);

	for (unsigned i = 0; i < edits; i++) {
		scoped_arena   arena = arena_new();
		struct record *record = record_make(arena, &things);

		snprintf(record->uuid, sizeof(record->uuid), "%u", next_random(random) % UUIDS);
		if (next_random(random) % 4 == 0) {
			snapshot_remove(draft, &things, text_of(record->uuid));
			continue;
		}
		record->place = next_random(random) % 1000;
		record_set(record, "name", arena_print(arena, "n%u", next_random(random) % 300));
		record_set(record, "sequence", arena_print(arena, "%u", next_random(random) % 50));
		record_set(record, "kind", next_random(random) % 9 ? "shown" : "hidden");
		const struct record *sealed = record_seal(record);

		snapshot_put(draft, sealed);
		record_release(sealed);
	}
	snapshot_freeze(draft);
	return draft;
}

/* --- what is shown ----------------------------------------------------------------------------- */

static bool
belongs(const struct record *record)
{
	return strcmp(record_get(record, "kind"), "hidden") != 0;
}

static int64_t
number_of(void *context, const struct record *record)
{
	(void)context;
	return record_number(record, "sequence", 0);
}

static struct value *
show(void *context, const struct record *record)
{
	struct arena *arena = context;
	struct value *object = value_object(arena), *inner = value_object(arena);

	value_set_string(arena, object, "uuid", record->uuid);
	value_set_string(arena, object, "sequence", record_get(record, "sequence"));
	value_set_string(arena, inner, "name", record_get(record, "name"));
	value_set(arena, object, "inner", inner);
	return object;
}

#define OUT_OF_ORDER "n7"

static size_t
rank(void *context, const struct value *object)
{
	int64_t number = 0;

	(void)context;
	number_read(value_get(object, "sequence")->text, 0, 100, &number);
	/* Some are out of order behind the first few. */
	return text_is(value_path(object, "inner.name")->text, OUT_OF_ORDER) ? 0 : (size_t)number / 10;
}

static struct shown_list *
ask(const struct snapshot *snapshot, struct arena *arena, size_t list)
{
	const bool           numbered = list % 2 == 0;
	const struct showing showing = { .list = list, .records = snapshot_collection(snapshot, &things), .others = 1,
					 .named = !numbered, .scratch = arena, .context = arena, .belongs = belongs,
					 .number = numbered ? number_of : NULL, .show = show, .rank = rank };

	return cache_show(&showing);
}

/* --- against making all anew ------------------------------------------------------------------- */

static int
compare(const void *left, const void *right)
{
	const struct record *a = *(const struct record *const *)left, *b = *(const struct record *const *)right;
	const int64_t        x = record_number(a, "sequence", 0), y = record_number(b, "sequence", 0);

	return x != y ? (x < y ? -1 : 1) : (a->place > b->place) - (a->place < b->place);
}

/* What it brings along is what printing it anew gives. */
static void
check_json(struct arena *arena, const struct record *record, const struct value *object)
{
	scoped_buffer json = BUFFER_NONE;

	envelope_value(&json, show(arena, record));
	CHECK(text_equal(object->text, buffer_text(&json)));
}

static void
check_list(const struct snapshot *snapshot, struct arena *arena, const struct value *list, size_t number)
{
	const struct collection *records = snapshot_collection(snapshot, &things);
	const struct record    **wanted = ARENA_MAKE(arena, const struct record *, collection_count(records) + 1);
	size_t                   count = 0;

	for (size_t i = 0; i < collection_count(records); i++)
		if (belongs(collection_at(records, i)))
			wanted[count++] = collection_at(records, i);
	if (number % 2 == 0 && count)
		qsort(wanted, count, sizeof(*wanted), compare);
	CHECK_NUMBER(value_count(list), count);
	bool *seen = ARENA_MAKE(arena, bool, collection_count(records) + 1), is_ranked = true;

	for (size_t i = 0; i < count; i++) {
		const struct value *object = list->members[i].value;
		const struct record *record = collection_find(records, value_get(object, "uuid")->text);

		/* Of those with one place, any may come first. */
		CHECK(record && belongs(record) && record->place == wanted[i]->place);
		CHECK(!seen[collection_position(records, text_of(record->uuid))]);
		seen[collection_position(records, text_of(record->uuid))] = true;
		CHECK_STRING(value_get(object, "sequence")->text.ptr, record_get(record, "sequence"));
		CHECK_STRING(value_path(object, "inner.name")->text.ptr, record_get(record, "name"));
		CHECK_NUMBER(shown_rank(object), rank(NULL, object));
		is_ranked &= i == 0 || rank(NULL, list->members[i - 1].value) <= rank(NULL, object);
		check_json(arena, record, object);
		if (number % 2)
			CHECK_STRING(list->members[i].name.ptr, record->uuid);
	}
	CHECK_NUMBER(shown_is_ranked(list), is_ranked);
}

static void
check_positions(const struct value *list, const struct positions *found, const char *member, const char *wanted)
{
	size_t at = 0, count = 0;

	for (size_t i = 0; i < value_count(list); i++) {
		if (!text_is(value_path(list->members[i].value, member)->text, wanted))
			continue;
		count++;
		CHECK(at < found->count && found->at[at] == i);
		at++;
	}
	CHECK_NUMBER(found->count, count);
}

/* How many times it was known. */
static unsigned
check_found(struct arena *arena, const struct value *list)
{
	struct positions found;
	unsigned         known = 0;

	for (unsigned i = 0; i < 300; i += 11) {
		const char *name = arena_print(arena, "n%u", i);

		if (cache_find_text(list, "inner.name", text_of(name), &found)) {
			check_positions(list, &found, "inner.name", name);
			known++;
		}
		if (cache_find_number(list, "sequence", i, &found)) {
			check_positions(list, &found, "sequence", name + 1);
			known++;
		}
	}
	CHECK(!cache_find_text(list, "inner.name", TEXT_NONE, &found));
	return known;
}

TEST(a_list_is_what_making_it_anew_gives_whatever_changed_in_between)
{
	struct schema         *schema = schema_new(all, COUNT(all));
	const struct snapshot *kept[KEPT] = { snapshot_new(schema) };
	struct arena          *held[KEPT] = { arena_new() };
	struct shown_list     *lists[KEPT] = { ask(kept[0], held[0], 2) };
	uint32_t               random = 11;
	unsigned               known = 0, ranked = 0;

	for (unsigned round = 1; round < 150; round++) {
		const unsigned from = next_random(&random) % KEPT, to = next_random(&random) % KEPT;
		scoped_arena   arena = arena_new();

		if (!kept[from])
			continue;
		const struct snapshot *made = edited(kept[from], &random, round % 4 ? round % 7 : 200);

		/* Some lists stay with a request while others come and go. */
		if (kept[to]) {
			check_list(kept[to], arena, shown_value(lists[to]), 2);
			shown_release(lists[to]);
			snapshot_release(kept[to]);
			arena_free(held[to]);
		}
		kept[to] = made;
		held[to] = arena_new();
		lists[to] = ask(made, held[to], 2);
		check_list(made, arena, shown_value(lists[to]), 2);
		known += check_found(arena, shown_value(lists[to]));
		ranked += shown_is_ranked(shown_value(lists[to]));
		struct shown_list *other = ask(made, arena, 3);

		check_list(made, arena, shown_value(other), 3);
		check_found(arena, shown_value(other));
		shown_release(other);
	}
	CHECK(known > 100);
	CHECK(ranked > 20 && ranked < 130);
	for (unsigned i = 0; i < KEPT; i++)
		if (kept[i]) {
			shown_release(lists[i]);
			snapshot_release(kept[i]);
			arena_free(held[i]);
		}
	schema_free(schema);
}

/* --- threads ------------------------------------------------------------------------------------ */

struct shared {
	pthread_mutex_t        lock;
	const struct snapshot *current;
	bool                   over;
};

static void *
read_lists(void *context)
{
	struct shared *shared = context;

	for (bool over = false; !over;) {
		scoped_arena arena = arena_new();

		pthread_mutex_lock(&shared->lock);
		const struct snapshot *snapshot = snapshot_hold(shared->current);

		over = shared->over;
		pthread_mutex_unlock(&shared->lock);
		struct shown_list *list = ask(snapshot, arena, 4);

		check_list(snapshot, arena, shown_value(list), 4);
		check_found(arena, shown_value(list));
		shown_release(list);
		snapshot_release(snapshot);
	}
	return NULL;
}

TEST(readers_see_whole_lists_while_a_writer_makes_new_ones)
{
	struct schema *schema = schema_new(all, COUNT(all));
	struct shared  shared = { .lock = PTHREAD_MUTEX_INITIALIZER, .current = snapshot_new(schema) };
	pthread_t      threads[THREADS];
	uint32_t       random = 17;

	for (unsigned i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, read_lists, &shared) == 0);
	for (unsigned round = 0; round < 100; round++) {
		const struct snapshot *old = shared.current, *next = edited(old, &random, round % 10 ? 3 : 150);
		scoped_arena           arena = arena_new();

		/* The writer sees it first, as a request that commits does. */
		struct shown_list *list = ask(next, arena, 4);

		check_list(next, arena, shown_value(list), 4);
		shown_release(list);
		pthread_mutex_lock(&shared.lock);
		shared.current = next;
		shared.over = round == 99;
		pthread_mutex_unlock(&shared.lock);
		snapshot_release(old);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	snapshot_release(shared.current);
	schema_free(schema);
}

RUN(cmocka_unit_test(a_list_is_what_making_it_anew_gives_whatever_changed_in_between),
    cmocka_unit_test(readers_see_whole_lists_while_a_writer_makes_new_ones));
