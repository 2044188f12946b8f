/* What collections look records up by beside their uuids, and what they say differs between two of them: against going over all. */
#include "schema/snapshot.h"

#include <pthread.h>
#include <stdio.h>
#include <strings.h>

#include "base/number.h"
#include "test.h"

#define UUIDS   900
#define KEPT    6
#define THREADS 4

static const struct field fields[] = { { "name" }, { "first" }, { "second" }, { "kind" }, { "words" }, { "number" } };
static const struct resource things = { .name = "test.thing", .fields = fields, .nfields = COUNT(fields), .flags = ORDERED,
	                                .key = "name" };
static const struct resource *const all[] = { &things };

static void
words_of(const struct index *by, const struct record *record, void (*add)(void *, struct text), void *context)
{
	struct text rest = text_of(record->values[by->fields[0]]), word;

	while (text_next(&rest, " ", &word))
		add(context, word);
}

static const struct index by_pair = { .fields = { 1, 2 }, .count = 2 };
static const struct index by_pair_any_case = { .fields = { 1, 2 }, .count = 2, .any_case = true };
static const struct index by_words = { .fields = { 4 }, .count = 1, .words = words_of };

static bool
number_of(const struct index *by, const struct record *record, struct rank *rank)
{
	int64_t number;

	if (!number_read(text_of(record->values[by->fields[0]]), INT64_MIN, INT64_MAX, &number))
		return false;
	*rank = rank_of_number(number);
	return true;
}

static const struct index by_number = { .fields = { 5 }, .count = 1, .rank = number_of };

static uint32_t
next_random(uint32_t *state)
{
	return *state = *state * 1664525 + 1013904223, *state >> 8;
}

static void
put_any(struct snapshot *draft, uint32_t *random, const char *uuid)
{
	static const char *const texts[] = { "", "a", "b", "A", "B", "ab", "c", "d" };
	scoped_arena             arena = arena_new();
	struct record           *record = record_make(arena, &things);

	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	record->place = next_random(random) % 200;
	record_set(record, "name", arena_print(arena, "n%u", next_random(random) % UUIDS));
	record_set(record, "first", arena_print(arena, "%s%u", texts[next_random(random) % 8], next_random(random) % 20));
	if (next_random(random) % 8 == 0)
		record_set(record, "first", "");
	record_set(record, "second", texts[next_random(random) % 8]);
	record_set(record, "kind", next_random(random) % 50 ? "usual" : "rare");
	record_set(record, "words", arena_print(arena, "%s all w%u w%u", texts[next_random(random) % 8], next_random(random) % 30,
						next_random(random) % 30));
	record_set(record, "number", next_random(random) % 9 ? arena_print(arena, "%d", (int)(next_random(random) % 700) - 50) : "none");
	const struct record *sealed = record_seal(record);

	snapshot_put(draft, sealed);
	record_release(sealed);
}

static const struct snapshot *
edited(const struct snapshot *from, uint32_t *random, unsigned edits)
{
	struct snapshot *draft = snapshot_draft(from);
	char             uuid[UUID_LENGTH + 1];

	for (unsigned i = 0; i < edits; i++) {
		snprintf(uuid, sizeof(uuid), "%u", next_random(random) % UUIDS);
		if (next_random(random) % 4 == 0)
			snapshot_remove(draft, &things, text_of(uuid));
		else
			put_any(draft, random, uuid);
	}
	snapshot_freeze(draft);
	return draft;
}

/* --- by going over all ------------------------------------------------------------------------- */

static bool
has_twin(const struct collection *records, const struct record *like, bool any_case)
{
	for (size_t i = 0; i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);
		int (*compare)(const char *, const char *) = any_case ? strcasecmp : strcmp;

		if (strcmp(record->uuid, like->uuid) != 0 && compare(record->values[1], like->values[1]) == 0 &&
		    compare(record->values[2], like->values[2]) == 0)
			return true;
	}
	return false;
}

static void
check_twins(const struct collection *records, const struct record *like)
{
	const struct record *twin = collection_twin(records, &by_pair, like);

	CHECK((twin != NULL) == has_twin(records, like, false));
	CHECK(!twin || (strcmp(twin->uuid, like->uuid) != 0 && strcmp(twin->values[1], like->values[1]) == 0));
	twin = collection_twin(records, &by_pair_any_case, like);
	CHECK((twin != NULL) == has_twin(records, like, true));
}

static bool
has_word(const struct record *record, struct text wanted)
{
	struct text rest = record_text(record, "words"), word;

	while (text_next(&rest, " ", &word))
		if (text_equal(word, wanted))
			return true;
	return false;
}

static void
check_words(struct arena *arena, const struct collection *records, struct text word)
{
	size_t                count, at = 0;
	const struct record **found = collection_having(arena, records, &by_words, word, &count);

	for (size_t i = 0; i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);

		if (!has_word(record, word))
			continue;
		/* There may be others between them. */
		for (size_t j = 0; j < count; j++)
			at += found[j] == record;
	}
	for (size_t j = 0; j < count; j++)
		at -= has_word(found[j], word);
	CHECK_NUMBER(at, 0);
	for (size_t j = 1; j < count; j++)
		CHECK(found[j - 1]->place <= found[j]->place && found[j - 1] != found[j]);
}

static void
check_where(const struct collection *records, const char *field, struct text value)
{
	const struct record *found = collection_where(records, field, value);

	for (size_t i = 0; i < collection_count(records); i++)
		if (text_equal(record_text(collection_at(records, i), field), value)) {
			CHECK(found && found->place == collection_at(records, i)->place && text_equal(record_text(found, field), value));
			return;
		}
	CHECK(!found);
}

/* The nearest number on one side, of all but one record; false: there is none. */
static bool
nearest(const struct collection *records, int64_t limit, bool up, const char *without, int64_t *best)
{
	struct rank rank;
	bool        found = false;

	for (size_t i = 0; i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);

		if (strcmp(record->uuid, without) == 0 || !number_of(&by_number, record, &rank))
			continue;
		const int64_t number = number_of_rank(&rank);

		if ((up ? number < limit : number > limit) || (found && (up ? number >= *best : number <= *best)))
			continue;
		*best = number;
		found = true;
	}
	return found;
}

static void
check_ranks(const struct collection *records, int64_t limit, const char *without)
{
	const struct rank    rank = rank_of_number(limit);
	struct rank          found;
	int64_t              best = 0, free = limit;
	const struct record *record = collection_from(records, &by_number, &rank, without, &found);

	CHECK((record != NULL) == nearest(records, limit, true, without, &best));
	CHECK(!record || (number_of_rank(&found) == best && strcmp(record->uuid, without) != 0));
	record = collection_to(records, &by_number, &rank, without, &found);
	CHECK((record != NULL) == nearest(records, limit, false, without, &best));
	CHECK(!record || (number_of_rank(&found) == best && strcmp(record->uuid, without) != 0));
	while (nearest(records, free, true, "", &best) && best == free)
		free++;
	CHECK_NUMBER(collection_lowest_free(records, &by_number, limit), free);
}

static void
check_all(const struct snapshot *snapshot)
{
	scoped_arena             arena = arena_new();
	const struct collection *records = snapshot_collection(snapshot, &things);

	for (size_t i = 0; i < collection_count(records); i += 17) {
		check_twins(records, collection_at(records, i));
		check_where(records, "name", record_text(collection_at(records, i), "name"));
		check_where(records, "first", record_text(collection_at(records, i), "first"));
	}
	for (int64_t limit = -60; limit < 700; limit += 95) {
		const size_t count = collection_count(records);

		check_ranks(records, limit, "");
		check_ranks(records, limit, count ? collection_at(records, (size_t)(limit + 60) % count)->uuid : "x");
	}
	for (size_t i = 0; i < collection_count(records); i += 97) {
		const struct record *record = collection_at(records, i);
		struct rank          rank;

		if (number_of(&by_number, record, &rank))
			check_ranks(records, number_of_rank(&rank), record->uuid);
	}
	check_where(records, "first", TEXT("nothing"));
	check_where(records, "kind", TEXT("rare"));
	check_where(records, "kind", TEXT("usual"));
	for (unsigned i = 0; i < 30; i += 3)
		check_words(arena, records, text_of(arena_print(arena, "w%u", i)));
	check_words(arena, records, TEXT("a"));
	check_words(arena, records, TEXT("all"));
	check_words(arena, records, TEXT("nowhere"));
}

/* What is told takes one to the other, and nothing that both have is told. */
static void
check_differences(const struct snapshot *from, const struct snapshot *to)
{
	scoped_arena             arena = arena_new();
	const struct collection *before = snapshot_collection(from, &things), *after = snapshot_collection(to, &things);
	size_t                   count, gone = 0, added = 0;
	const struct difference *list = collection_compare(arena, before, after, &count);
	struct snapshot         *draft = snapshot_draft(from);

	for (size_t i = 0; i < count; i++) {
		const struct difference *difference = &list[i];

		CHECK(difference->before || difference->after);
		CHECK(difference->before != difference->after);
		if (difference->before && difference->after)
			CHECK_STRING(difference->before->uuid, difference->after->uuid);
		gone += difference->before != NULL;
		added += difference->after != NULL;
		if (difference->before)
			CHECK(snapshot_remove(draft, &things, text_of(difference->before->uuid)));
	}
	for (size_t i = 0; i < count; i++)
		if (list[i].after)
			snapshot_put(draft, list[i].after);
	CHECK_NUMBER(collection_count(before) - gone + added, collection_count(after));
	for (size_t i = 0; i < collection_count(after); i++)
		CHECK(collection_find(snapshot_collection(draft, &things), text_of(collection_at(after, i)->uuid)) ==
		      collection_at(after, i));
	snapshot_release(draft);
}

TEST(what_is_looked_up_is_what_going_over_all_finds_in_every_snapshot)
{
	struct schema         *schema = schema_new(all, COUNT(all));
	const struct snapshot *kept[KEPT] = { snapshot_new(schema) };
	uint32_t               random = 3;

	for (unsigned round = 1; round < 60; round++) {
		const unsigned from = next_random(&random) % KEPT, to = next_random(&random) % KEPT;

		if (!kept[from])
			continue;
		const struct snapshot *made = edited(kept[from], &random, round % 3 ? round % 9 : 400);

		check_differences(kept[from], made);
		if (kept[to])
			check_differences(kept[to], made);
		snapshot_release(kept[to]);
		kept[to] = made;
		check_all(made);
		for (unsigned i = 0; round % 16 == 0 && i < KEPT; i++)
			if (kept[i])
				check_all(kept[i]);
	}
	for (unsigned i = 0; i < KEPT; i++)
		snapshot_release(kept[i]);
	schema_free(schema);
}

/* --- threads ------------------------------------------------------------------------------------ */

static void *
look_up(void *snapshot)
{
	check_all(snapshot);
	return NULL;
}

TEST(readers_ask_first_at_the_same_time_while_a_writer_goes_on)
{
	struct schema         *schema = schema_new(all, COUNT(all));
	const struct snapshot *current = snapshot_new(schema);
	uint32_t               random = 5;

	for (unsigned round = 0; round < 20; round++) {
		pthread_t              threads[THREADS];
		const struct snapshot *next = edited(current, &random, 500);

		snapshot_release(current);
		current = next;
		for (unsigned i = 0; i < THREADS; i++)
			CHECK(pthread_create(&threads[i], NULL, look_up, (void *)current) == 0);
		for (unsigned i = 0; i < 5; i++) {
			next = edited(current, &random, 3);
			check_all(next);
			snapshot_release(next);
		}
		for (unsigned i = 0; i < THREADS; i++)
			pthread_join(threads[i], NULL);
	}
	snapshot_release(current);
	schema_free(schema);
}

RUN(cmocka_unit_test(what_is_looked_up_is_what_going_over_all_finds_in_every_snapshot),
    cmocka_unit_test(readers_ask_first_at_the_same_time_while_a_writer_goes_on));
