/* Snapshots: order, look-up by uuid, and that what was published never changes. */
#include "schema/snapshot.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "schema/sealed.h"
#include "test.h"

static const struct field fields[] = { { "name" }, { "note", .preset = "none" } };
static const struct resource things = { .name = "test.thing", .fields = fields, .nfields = COUNT(fields), .flags = ORDERED,
	                                .key = "name" };
static const struct resource single = { .name = "test.single", .fields = fields, .nfields = COUNT(fields), .shape = SINGLETON };
static const struct resource *const all[] = { &things, &single };

static struct schema *
schema(void)
{
	static struct schema *made;

	return made ? made : (made = schema_new(all, COUNT(all)));
}

static void
put(struct snapshot *draft, const char *uuid, int64_t place, const char *name)
{
	scoped_arena   arena = arena_new();
	struct record *record = record_make(arena, &things);

	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	record->place = place;
	record_set(record, "name", name);
	const struct record *sealed = record_seal(record);

	snapshot_put(draft, sealed);
	record_release(sealed);
}

static const char *
who_has(const struct snapshot *snapshot, const char *name)
{
	const struct record *found = collection_where(snapshot_named(snapshot, "test.thing"), "name", text_of(name));

	return found ? found->uuid : "nobody";
}

/* The names in order. */
static const char *
names(struct arena *arena, const struct snapshot *snapshot)
{
	const struct collection *collection = snapshot_named(snapshot, "test.thing");
	const char              *all_names = "";

	for (size_t i = 0; i < collection_count(collection); i++)
		all_names = arena_print(arena, "%s%s", all_names, record_get(collection_at(collection, i), "name"));
	return all_names;
}

TEST(a_sealed_record_shares_the_default_with_others)
{
	scoped_arena   arena = arena_new();
	struct record *record = record_make(arena, &things);

	record_set(record, "name", "none");
	record_set(record, "note", arena_copy(arena, TEXT("none")));
	struct record *sealed = record_seal(record);

	CHECK(sealed->values[1] == fields[1].preset);
	CHECK(sealed->values[0] != fields[1].preset);
	CHECK_STRING(sealed->values[0], "none");
	record_release(sealed);
	record_set(record, "note", arena_copy(arena, TEXT("")));
	sealed = record_seal(record);
	CHECK_STRING(sealed->values[1], "");
	record_release(sealed);
}

TEST(what_was_set_in_a_sealed_record_is_one_text)
{
	scoped_arena   arena = arena_new();
	struct record *record = record_make(arena, &things);
	struct record *empty = record_seal(record);

	record_set(record, "name", "a name");
	record_set(record, "note", "another note");
	struct record *sealed = record_seal(record);

	CHECK(!sealed_texts(record).ptr);
	CHECK(sealed_texts(empty).ptr);
	CHECK_NUMBER(sealed_texts(empty).len, 0);
	CHECK(text_equal(sealed_texts(sealed), TEXT("a name\0another note\0")));
	CHECK(sealed_texts(sealed).ptr == sealed->values[0]);
	record_release(sealed);
	record_release(empty);
}

TEST(records_stand_in_the_order_of_their_places)
{
	scoped_arena     arena = arena_new();
	struct snapshot *draft = snapshot_new(schema());

	put(draft, "c", 30, "c");
	put(draft, "a", 10, "a");
	put(draft, "b", 20, "b");
	put(draft, "d", 30, "d"); /* of equal ones the last is last */
	CHECK_STRING(names(arena, draft), "abcd");
	put(draft, "b", 20, "B");
	CHECK_STRING(names(arena, draft), "aBcd");
	put(draft, "a", 25, "A");
	CHECK_STRING(names(arena, draft), "BAcd");
	CHECK(snapshot_remove(draft, &things, TEXT("c")));
	CHECK(!snapshot_remove(draft, &things, TEXT("c")));
	CHECK_STRING(names(arena, draft), "BAd");
	CHECK_NUMBER(collection_position(snapshot_collection(draft, &things), TEXT("d")), 2);
	CHECK(collection_position(snapshot_collection(draft, &things), TEXT("x")) == SIZE_MAX);
	CHECK_STRING(collection_where(snapshot_collection(draft, &things), "name", TEXT("A"))->uuid, "a");
	snapshot_release(draft);
}

TEST(a_singleton_shows_its_defaults_until_it_is_stored)
{
	struct snapshot *empty = snapshot_new(schema()), *draft = snapshot_draft(empty);
	scoped_arena     arena = arena_new();
	struct record   *record = record_make(arena, &single);

	CHECK_STRING(record_get(snapshot_single(empty, "test.single"), "note"), "none");
	snprintf(record->uuid, sizeof(record->uuid), "x");
	record_set(record, "note", "some");
	const struct record *sealed = record_seal(record);

	snapshot_put(draft, sealed);
	record_release(sealed);
	CHECK_STRING(record_get(snapshot_single(draft, "test.single"), "note"), "some");
	CHECK_STRING(record_get(snapshot_single(empty, "test.single"), "note"), "none");
	snapshot_release(empty);
	CHECK_STRING(record_get(snapshot_single(draft, "test.single"), "note"), "some");
	snapshot_release(draft);
}

TEST(a_change_changes_no_other_snapshot)
{
	scoped_arena     arena = arena_new();
	struct snapshot *first = snapshot_new(schema());

	put(first, "a", 1, "a");
	put(first, "b", 2, "b");
	struct snapshot *second = snapshot_draft(first), *third = snapshot_draft(second);
	const uint64_t   stamp = collection_stamp(snapshot_collection(first, &things));

	put(second, "b", 2, "B");
	put(third, "b", 0, "x");
	put(first, "c", 3, "c"); /* the one the others came from may change too */
	CHECK_STRING(names(arena, first), "abc");
	CHECK_STRING(names(arena, second), "aB");
	CHECK_STRING(names(arena, third), "xa");
	CHECK(collection_stamp(snapshot_collection(first, &things)) != stamp);
	CHECK(collection_stamp(snapshot_collection(second, &things)) !=
	      collection_stamp(snapshot_collection(third, &things)));
	snapshot_release(second);
	CHECK_STRING(names(arena, third), "xa");
	snapshot_release(first);
	CHECK_STRING(names(arena, third), "xa");
	snapshot_release(third);
}

TEST(the_first_record_with_a_key_is_found)
{
	struct snapshot *draft = snapshot_new(schema());

	put(draft, "a", 1, "same");
	put(draft, "b", 2, "same");
	put(draft, "c", 3, "");
	CHECK_STRING(who_has(draft, "same"), "a");
	CHECK_STRING(who_has(draft, ""), "c");
	CHECK_STRING(who_has(draft, "other"), "nobody");
	struct snapshot *next = snapshot_draft(draft);

	put(next, "a", 9, "same");
	CHECK_STRING(who_has(next, "same"), "b");
	put(next, "b", 2, "other");
	CHECK_STRING(who_has(next, "same"), "a");
	CHECK_STRING(who_has(next, "other"), "b");
	put(next, "a", 9, "");
	CHECK_STRING(who_has(next, "same"), "nobody");
	put(next, "c", 3, "same");
	CHECK(snapshot_remove(next, &things, TEXT("b")));
	CHECK_STRING(who_has(next, "same"), "c");
	CHECK_STRING(who_has(next, "other"), "nobody");
	CHECK_STRING(who_has(draft, "same"), "a");
	snapshot_release(draft);
	snapshot_release(next);
}

/* --- against a plain list ------------------------------------------------------------------- */

#define MODEL_MAX 700

struct model {
	size_t count;
	struct {
		char    uuid[UUID_LENGTH + 1];
		int64_t place;
	} rows[MODEL_MAX];
};

static void
model_put(struct model *model, const char *uuid, int64_t place)
{
	size_t at = 0;

	while (at < model->count && strcmp(model->rows[at].uuid, uuid) != 0)
		at++;
	if (at < model->count && model->rows[at].place == place)
		return;
	if (at < model->count) {
		memmove(&model->rows[at], &model->rows[at + 1], (model->count - at - 1) * sizeof(model->rows[0]));
		model->count--;
	}
	for (at = model->count++; at > 0 && model->rows[at - 1].place > place; at--)
		model->rows[at] = model->rows[at - 1];
	snprintf(model->rows[at].uuid, sizeof(model->rows[at].uuid), "%s", uuid);
	model->rows[at].place = place;
}

static bool
model_remove(struct model *model, const char *uuid)
{
	for (size_t at = 0; at < model->count; at++)
		if (strcmp(model->rows[at].uuid, uuid) == 0) {
			memmove(&model->rows[at], &model->rows[at + 1],
				(model->count - at - 1) * sizeof(model->rows[0]));
			model->count--;
			return true;
		}
	return false;
}

static void
check_same(const struct snapshot *snapshot, const struct model *model)
{
	const struct collection *collection = snapshot_collection(snapshot, &things);

	CHECK_NUMBER(collection_count(collection), model->count);
	for (size_t i = 0; i < model->count; i++) {
		CHECK_STRING(collection_at(collection, i)->uuid, model->rows[i].uuid);
		CHECK_NUMBER(collection_position(collection, text_of(model->rows[i].uuid)), i);
		CHECK_STRING(who_has(snapshot, model->rows[i].uuid), model->rows[i].uuid);
	}
}

static uint32_t
next_random(uint32_t *state)
{
	return *state = *state * 1664525 + 1013904223, *state >> 8;
}

/* Some edits of both. */
static void
edit_both(struct snapshot *draft, struct model *model, uint32_t *random, unsigned edits)
{
	for (unsigned i = 0; i < edits; i++) {
		char uuid[UUID_LENGTH + 1];

		snprintf(uuid, sizeof(uuid), "%x", next_random(random) % MODEL_MAX);
		if (next_random(random) % 3 == 0) {
			CHECK(snapshot_remove(draft, &things, text_of(uuid)) == model_remove(model, uuid));
		} else {
			const int64_t place = next_random(random) % 400;

			put(draft, uuid, place, uuid);
			model_put(model, uuid, place);
		}
	}
}

TEST(random_edits_give_what_a_plain_list_gives_and_leave_predecessors_alone)
{
	enum { KEPT = 8 };
	static struct model    models[KEPT];
	const struct snapshot *kept[KEPT] = { snapshot_new(schema()) };
	uint32_t               random = 7;

	for (unsigned round = 1; round < 160; round++) {
		const unsigned from = next_random(&random) % KEPT, to = next_random(&random) % KEPT;

		if (!kept[from])
			continue;
		struct snapshot *draft = snapshot_draft(kept[from]);
		struct model     model = models[from];

		edit_both(draft, &model, &random, round % 60);
		snapshot_freeze(draft);
		snapshot_release(kept[to]);
		kept[to] = draft;
		models[to] = model;
		for (unsigned i = 0; i < KEPT; i++)
			if (kept[i] && (i == to || round % 16 == 0))
				check_same(kept[i], &models[i]);
	}
	for (unsigned i = 0; i < KEPT; i++)
		snapshot_release(kept[i]);
}

/* --- threads -------------------------------------------------------------------------------- */

#define READERS 3
#define ROWS    200

struct shared {
	pthread_mutex_t        lock;
	const struct snapshot *current;
	_Atomic(bool)          done;
};

static const struct snapshot *
current(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	const struct snapshot *held = snapshot_hold(shared->current);

	pthread_mutex_unlock(&shared->lock);
	return held;
}

/* Every row has the revision as its name: a mixture would be a torn read. */
static void *
read_all(void *context)
{
	struct shared *shared = context;

	while (!atomic_load(&shared->done)) {
		const struct snapshot   *snapshot = current(shared);
		const struct collection *collection = snapshot_collection(snapshot, &things);
		const char              *want = record_get(collection_at(collection, 0), "name");

		for (size_t i = 0; i < collection_count(collection); i++)
			CHECK_STRING(record_get(collection_at(collection, i), "name"), want);
		snapshot_release(snapshot);
	}
	return NULL;
}

static struct snapshot *
next_of(const struct snapshot *from, unsigned revision)
{
	struct snapshot *draft = snapshot_draft(from);
	char             uuid[UUID_LENGTH + 1], name[16];

	snprintf(name, sizeof(name), "%u", revision);
	for (unsigned i = 0; i < ROWS; i++) {
		snprintf(uuid, sizeof(uuid), "%u", i);
		put(draft, uuid, i, name);
	}
	snapshot_freeze(draft);
	return draft;
}

TEST(readers_see_whole_snapshots_while_a_writer_goes_on)
{
	struct snapshot *empty = snapshot_new(schema());
	struct shared    shared = { .current = next_of(empty, 0) };
	pthread_t        threads[READERS];

	pthread_mutex_init(&shared.lock, NULL);
	for (unsigned i = 0; i < READERS; i++)
		CHECK(pthread_create(&threads[i], NULL, read_all, &shared) == 0);
	for (unsigned revision = 1; revision < 120; revision++) {
		const struct snapshot *old = shared.current;
		struct snapshot       *draft = next_of(old, revision);

		pthread_mutex_lock(&shared.lock);
		shared.current = draft;
		pthread_mutex_unlock(&shared.lock);
		snapshot_release(old);
	}
	atomic_store(&shared.done, true);
	for (unsigned i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	snapshot_release(shared.current);
	snapshot_release(empty);
	pthread_mutex_destroy(&shared.lock);
}

RUN(cmocka_unit_test(a_sealed_record_shares_the_default_with_others),
    cmocka_unit_test(what_was_set_in_a_sealed_record_is_one_text),
    cmocka_unit_test(records_stand_in_the_order_of_their_places),
    cmocka_unit_test(a_singleton_shows_its_defaults_until_it_is_stored),
    cmocka_unit_test(a_change_changes_no_other_snapshot),
    cmocka_unit_test(the_first_record_with_a_key_is_found),
    cmocka_unit_test(random_edits_give_what_a_plain_list_gives_and_leave_predecessors_alone),
    cmocka_unit_test(readers_see_whole_snapshots_while_a_writer_goes_on));
