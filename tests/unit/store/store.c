/* The store, in memory and on disk: the same tests for both. */
#include "store/store.h"

#include <string.h>

#include "sample.h"

/* A store for one test; its clock stands still. */
struct bench {
	struct arena *arena;
	struct store *store;
	const char   *folder; /* NULL: in memory */
	unsigned      keep;
};

static int64_t
still(void *context)
{
	(void)context;
	return INT64_C(1764000000123456);
}

static void
open_store(struct bench *bench)
{
	scoped_buffer message = BUFFER_NONE;

	bench->store = store_open(&(struct store_setup){ .schema = sample_schema(), .folder = bench->folder,
	                                                 .keep_revisions = bench->keep, .names = "applied.", .now = still },
	                          &message);
	CHECK_STRING(buffer_string(&message), "");
	CHECK(bench->store);
}

/* Close and open it, when it is on disk. */
static void
reopen(struct bench *bench)
{
	if (!bench->folder)
		return;
	store_close(bench->store);
	open_store(bench);
}

static void
on_both(void (*test)(struct bench *), unsigned keep)
{
	for (int on_disk = 0; on_disk < 2; on_disk++) {
		scoped_arena arena = arena_new();
		struct bench bench = { .arena = arena, .folder = on_disk ? folder_make(arena) : NULL, .keep = keep };

		open_store(&bench);
		test(&bench);
		store_close(bench.store);
		if (on_disk)
			folder_remove(bench.folder);
	}
}

/* --- committing ----------------------------------------------------------------------------- */

static void
committed_records(struct bench *bench)
{
	scoped_buffer  message = BUFFER_NONE;
	struct batch  *batch = store_begin(bench->store);
	struct change *change = batch_change(batch, bench->arena, NULL);
	struct record *record = sample(bench->arena, &rules, "c", "c\"\n\\\x01");

	put_rule(change, "b", "b");
	put_rule(change, "a", "a");
	record_set(record, "action", "");
	record_set(record, "password", "secret");
	change_put(change, record);
	change_put(change, sample(bench->arena, &general, "", "g"));
	change_place_first(change, &rules, TEXT("a"));
	CHECK_NUMBER(batch_accept(batch, change, false), 1);
	CHECK(batch_commit(batch, &message) == RESULT_DONE);
	const struct snapshot *before = store_snapshot(bench->store);

	reopen(bench);
	const struct snapshot *after = store_snapshot(bench->store);

	CHECK_NUMBER(snapshot_revision(after), 1);
	CHECK_STRING(rule_names(bench->arena, after), "abc\"\n\\\x01");
	CHECK(!edits_between(bench->arena, before, after));
	snapshot_release(before);
	snapshot_release(after);
}

TEST(what_was_committed_is_there_after_opening_again)
{
	on_both(committed_records, 0);
}

static void
batched_changes(struct bench *bench)
{
	scoped_buffer  message = BUFFER_NONE;
	struct batch  *batch = store_begin(bench->store);
	struct change *first = batch_change(batch, bench->arena, NULL), *second, *third;

	put_rule(first, "a", "a");
	CHECK_NUMBER(batch_accept(batch, first, false), 1);
	second = batch_change(batch, bench->arena, NULL);
	CHECK_STRING(rule_names(bench->arena, change_snapshot(second)), "a");
	put_rule(second, "b", "b"); /* and dropped */
	third = batch_change(batch, bench->arena, NULL);
	put_rule(third, "c", "c");
	CHECK_NUMBER(batch_accept(batch, third, false), 2);
	CHECK_STRING(stored_names(bench->arena, bench->store), ""); /* not before it is durable */
	CHECK(batch_commit(batch, &message) == RESULT_DONE);
	CHECK_STRING(stored_names(bench->arena, bench->store), "ac");
	reopen(bench);
	CHECK_STRING(stored_names(bench->arena, bench->store), "ac");
}

TEST(a_batch_is_published_whole_and_each_change_sees_those_before_it)
{
	on_both(batched_changes, 0);
}

static void
empty_changes(struct bench *bench)
{
	scoped_buffer  message = BUFFER_NONE;
	struct history history;
	struct batch  *batch = store_begin(bench->store);

	CHECK_NUMBER(batch_accept(batch, batch_change(batch, bench->arena, NULL), false), 0);
	CHECK_NUMBER(batch_accept(batch, batch_change(batch, bench->arena, NULL), true), 1);
	struct change *passing_by = batch_change(batch, bench->arena, NULL);

	change_put(passing_by, sample(bench->arena, &passing, "", "p"));
	CHECK_NUMBER(batch_accept(batch, passing_by, false), 1);
	CHECK(batch_commit(batch, &message) == RESULT_DONE);
	CHECK(store_revisions(bench->store, bench->arena, 0, 0, &history) == RESULT_DONE);
	CHECK_NUMBER(history.count, 1);
	const struct snapshot *snapshot = store_snapshot(bench->store);

	CHECK_NUMBER(collection_count(snapshot_collection(snapshot, &passing)), 1);
	snapshot_release(snapshot);
	reopen(bench);
	snapshot = store_snapshot(bench->store);
	CHECK_NUMBER(collection_count(snapshot_collection(snapshot, &passing)), bench->folder ? 0 : 1);
	CHECK_NUMBER(snapshot_revision(snapshot), 1);
	snapshot_release(snapshot);
}

TEST(a_change_without_edits_makes_a_revision_only_when_it_is_to)
{
	on_both(empty_changes, 0);
}

static void
abandoned_batch(struct bench *bench)
{
	struct batch  *batch = store_begin(bench->store);
	struct change *change = batch_change(batch, bench->arena, NULL);

	put_rule(change, "a", "a");
	CHECK_NUMBER(batch_accept(batch, change, false), 1);
	batch_abandon(batch);
	CHECK_STRING(stored_names(bench->arena, bench->store), "");
	CHECK_NUMBER(commit_rule(bench->store, "b", "b"), 1);
}

TEST(an_abandoned_batch_never_happened)
{
	on_both(abandoned_batch, 0);
}

/* --- history -------------------------------------------------------------------------------- */

static void
listed_revisions(struct bench *bench)
{
	struct history  history;
	struct revision found;

	for (unsigned i = 0; i < 5; i++)
		commit_rule(bench->store, "a", arena_print(bench->arena, "%u", i));
	reopen(bench);
	CHECK(store_revisions(bench->store, bench->arena, 2, 1, &history) == RESULT_DONE);
	CHECK_NUMBER(history.total, 5);
	CHECK_NUMBER(history.count, 2);
	CHECK_NUMBER(history.revisions[0].id, 4);
	CHECK_NUMBER(history.revisions[1].id, 3);
	CHECK_STRING(history.revisions[0].note, "3");
	CHECK_STRING(history.revisions[0].author.user, "admin");
	CHECK_STRING(history.revisions[0].author.address, "192.0.2.1");
	CHECK_STRING(history.revisions[0].author.dialect, "native");
	CHECK_STRING(history.revisions[0].author.endpoint, "/x");
	CHECK_NUMBER(history.revisions[0].touched, PART_FILTER);
	CHECK(history.revisions[0].bytes > 0);
	CHECK(store_revisions(bench->store, bench->arena, 0, 5, &history) == RESULT_DONE && history.count == 0);
	CHECK(store_revision(bench->store, bench->arena, 2, &found) == RESULT_DONE && found.id == 2);
	CHECK(store_revision(bench->store, bench->arena, 6, &found) == RESULT_MISSING);
	CHECK(store_revision(bench->store, bench->arena, 0, &found) == RESULT_MISSING);
	CHECK(store_revision(bench->store, bench->arena, UINT64_MAX, &found) == RESULT_MISSING);
}

TEST(revisions_are_listed_newest_first)
{
	on_both(listed_revisions, 0);
}

static void
revisions_by_time(struct bench *bench)
{
	static const struct {
		const char *time;
		uint64_t    want; /* 0: missing */
	} cases[] = {
		{ "1764000000.1234", 1 }, { "1764000000.12340", 1 }, { "1764000000.123401", 2 }, { "1764000000.1235", 0 },
		{ "1764000000", 0 },      { "", 0 },                 { ".", 0 },                 { "1764000000.1234.1", 0 },
		{ "../../etc/passwd", 0 }, { "99999999999999999999.1", 0 }, { "-1.5", 0 }, { "1764000000.1234000", 1 },
		{ "1764000000.12340000000000000000001", 0 },
	};

	commit_rule(bench->store, "a", "1");
	commit_rule(bench->store, "a", "2"); /* within the same moment */
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct revision   found = { 0 };
		const enum result result =
			store_revision_at(bench->store, bench->arena, text_of(cases[i].time), &found);

		CHECK(result == (cases[i].want ? RESULT_DONE : RESULT_MISSING));
		CHECK_NUMBER(found.id, cases[i].want);
	}
	struct revision found;

	CHECK(store_revision(bench->store, bench->arena, 1, &found) == RESULT_DONE);
	CHECK_STRING(revision_time(bench->arena, &found), "1764000000.1234");
	CHECK(store_revision(bench->store, bench->arena, 2, &found) == RESULT_DONE);
	CHECK_STRING(revision_time(bench->arena, &found), "1764000000.123401");
}

TEST(a_revision_is_found_by_its_time)
{
	on_both(revisions_by_time, 0);
}

static void
edits_shown(struct bench *bench)
{
	const struct edit *edits;
	scoped_buffer      message = BUFFER_NONE;

	for (unsigned i = 0; i < 2; i++) {
		struct batch  *batch = store_begin(bench->store);
		struct change *change = batch_change(batch, bench->arena, NULL);
		struct record *record = sample(bench->arena, &rules, "a", "same");

		record_set(record, "password", i == 0 ? "first" : "second");
		change_put(change, record);
		put_rule(change, "b", i == 0 ? "one" : "two");
		batch_accept(batch, change, false);
		CHECK(batch_commit(batch, &message) == RESULT_DONE);
	}
	CHECK(store_revision_edits(bench->store, bench->arena, 2, &edits) == RESULT_DONE);
	CHECK_STRING(record_get(edits->before, "password"), "(secret)");
	CHECK_STRING(record_get(edits->after, "password"), "(secret, changed)");
	CHECK_STRING(record_get(edits->next->before, "name"), "one");
	CHECK_STRING(record_get(edits->next->after, "name"), "two");
	CHECK_STRING(record_get(edits->next->after, "password"), "");
	CHECK(!edits->next->next);
	CHECK(store_revision_edits(bench->store, bench->arena, 1, &edits) == RESULT_DONE && !edits->before);
	CHECK(store_revision_edits(bench->store, bench->arena, 3, &edits) == RESULT_MISSING);
	CHECK(store_revision_edits(bench->store, bench->arena, 0, &edits) == RESULT_MISSING);
}

TEST(the_edits_of_a_revision_are_shown_without_secrets)
{
	on_both(edits_shown, 0);
}

/* Every revision and what it was. */
static void
walked_back(struct bench *bench)
{
	const char *was[40];
	uint32_t    random = 1;

	was[0] = "";
	for (unsigned i = 1; i < COUNT(was); i++) {
		scoped_buffer  message = BUFFER_NONE;
		struct batch  *batch = store_begin(bench->store);
		struct change *change = batch_change(batch, bench->arena, NULL);
		const char     uuid[2] = { (char)('a' + (random >> 8) % 6), '\0' }, name[2] = { (char)('A' + i % 26), '\0' };

		random = random * 1664525 + 1013904223;
		if (random >> 12 & 1)
			put_rule(change, uuid, name);
		else if (random >> 13 & 1)
			change_remove(change, &rules, text_of(uuid));
		else
			change_place_first(change, &rules, text_of(uuid));
		was[i] = rule_names(bench->arena, change_snapshot(change));
		CHECK_NUMBER(batch_accept(batch, change, true), i);
		CHECK(batch_commit(batch, &message) == RESULT_DONE);
	}
	reopen(bench);
	for (unsigned i = 0; i < COUNT(was); i++) {
		const struct snapshot *snapshot;

		CHECK(store_snapshot_at(bench->store, i, &snapshot) == RESULT_DONE);
		CHECK_STRING(rule_names(bench->arena, snapshot), was[i]);
		CHECK_NUMBER(snapshot_revision(snapshot), i);
		snapshot_release(snapshot);
	}
	const struct snapshot *untouched = NULL;

	CHECK(store_snapshot_at(bench->store, COUNT(was), &untouched) == RESULT_MISSING && !untouched);
}

TEST(every_revision_can_be_seen_as_it_was)
{
	on_both(walked_back, 0);
}

static void
restored(struct bench *bench)
{
	scoped_buffer      message = BUFFER_NONE;
	const struct edit *edits;

	commit_rule(bench->store, "a", "a");
	commit_rule(bench->store, "b", "b");
	commit_rule(bench->store, "a", "A");
	struct batch  *batch = store_begin(bench->store);
	struct change *change = batch_change(batch, bench->arena, NULL);

	change_put(change, sample(bench->arena, &general, "", "g"));
	batch_accept(batch, change, false);
	change = batch_change(batch, bench->arena, NULL);
	CHECK(store_restore_into(bench->store, change, 9, NULL) == RESULT_MISSING);
	CHECK(store_restore_into(bench->store, change, 1, (const struct resource *const[]){ &rules, NULL }) == RESULT_DONE);
	CHECK_NUMBER(batch_accept(batch, change, false), 5);
	CHECK(batch_commit(batch, &message) == RESULT_DONE);
	reopen(bench);
	CHECK_STRING(stored_names(bench->arena, bench->store), "a");
	CHECK(store_compare(bench->store, bench->arena, 1, 5, &edits) == RESULT_DONE);
	CHECK(edits && !edits->next && edits->after->resource == &general);
	CHECK(store_compare(bench->store, bench->arena, 3, 1, &edits) == RESULT_DONE);
	CHECK(edits && edits->next && !edits->next->next && !edits->after);
	CHECK(store_compare(bench->store, bench->arena, 1, 9, &edits) == RESULT_MISSING);
}

TEST(a_restore_is_a_revision_that_may_be_of_some_resources_only)
{
	on_both(restored, 0);
}

static void
hidden(struct bench *bench)
{
	scoped_buffer          message = BUFFER_NONE;
	struct history         history;
	struct revision        found;
	const struct snapshot *snapshot;

	commit_rule(bench->store, "a", "a");
	commit_rule(bench->store, "b", "b");
	CHECK(store_revision_hide(bench->store, 2, &message) == RESULT_DONE);
	CHECK(store_revision_hide(bench->store, 2, &message) == RESULT_MISSING);
	CHECK(store_revision_hide(bench->store, 3, &message) == RESULT_MISSING);
	reopen(bench);
	CHECK(store_revision(bench->store, bench->arena, 2, &found) == RESULT_MISSING);
	CHECK(store_revisions(bench->store, bench->arena, 0, 0, &history) == RESULT_DONE);
	CHECK(history.count == 1 && history.total == 1);
	CHECK(store_snapshot_at(bench->store, 1, &snapshot) == RESULT_DONE);
	CHECK_STRING(rule_names(bench->arena, snapshot), "a");
	snapshot_release(snapshot);
	CHECK_NUMBER(commit_rule(bench->store, "c", "c"), 3);
}

TEST(a_hidden_revision_is_not_listed_but_can_be_walked_over)
{
	on_both(hidden, 0);
}

static void
pruned(struct bench *bench)
{
	struct history  history;
	struct revision found;

	for (unsigned i = 1; i <= 40; i++) {
		commit_rule(bench->store, "a", arena_print(bench->arena, "%u", i));
		if (i == 20)
			reopen(bench);
		CHECK(store_revisions(bench->store, bench->arena, 0, 0, &history) == RESULT_DONE);
		CHECK(history.count >= (i < 3 ? i : 3) && history.count <= 4);
	}
	const struct snapshot *snapshot;

	CHECK(store_revision(bench->store, bench->arena, 38, &found) == RESULT_DONE);
	CHECK(store_snapshot_at(bench->store, 38, &snapshot) == RESULT_DONE);
	CHECK_STRING(rule_names(bench->arena, snapshot), "38");
	snapshot_release(snapshot);
	CHECK(store_snapshot_at(bench->store, 20, &snapshot) == RESULT_MISSING);
	CHECK(store_snapshot_at(bench->store, 0, &snapshot) == RESULT_MISSING);
}

TEST(the_oldest_revisions_go_but_never_too_many)
{
	on_both(pruned, 3);
}

/* What runs was made of it, however long ago. */
static void
kept_by_name(struct bench *bench)
{
	scoped_buffer          message = BUFFER_NONE;
	const struct snapshot *snapshot;

	for (unsigned i = 1; i <= 40; i++) {
		commit_rule(bench->store, "a", arena_print(bench->arena, "%u", i));
		if (i == 10)
			CHECK(store_setting_set(bench->store, "applied.one", "10", &message) == RESULT_DONE);
		if (i == 12)
			CHECK(store_setting_set(bench->store, "applied.two", "12", &message) == RESULT_DONE);
		if (i == 20)
			reopen(bench);
	}
	CHECK(store_snapshot_at(bench->store, 10, &snapshot) == RESULT_DONE);
	CHECK_STRING(rule_names(bench->arena, snapshot), "10");
	snapshot_release(snapshot);
	CHECK(store_snapshot_at(bench->store, 4, &snapshot) == RESULT_MISSING);
	CHECK(store_setting_set(bench->store, "applied.one", "40", &message) == RESULT_DONE);
	CHECK(store_setting_set(bench->store, "applied.two", "", &message) == RESULT_DONE);
	commit_rule(bench->store, "a", "41");
	CHECK(store_snapshot_at(bench->store, 12, &snapshot) == RESULT_MISSING);
}

TEST(a_revision_that_a_setting_names_stays)
{
	on_both(kept_by_name, 3);
}

/* --- settings ------------------------------------------------------------------------------- */

static void
kept_settings(struct bench *bench)
{
	scoped_buffer message = BUFFER_NONE;
	struct batch *batch = store_begin(bench->store);

	CHECK(!store_setting(bench->store, bench->arena, "x"));
	CHECK(store_setting_set(bench->store, "x", "1", &message) == RESULT_DONE);
	CHECK(store_setting_set(bench->store, "y", "", &message) == RESULT_DONE);
	batch_setting(batch, "x", "2");
	batch_setting(batch, "z", "3");
	CHECK_STRING(store_setting(bench->store, bench->arena, "x"), "1");
	CHECK(batch_commit(batch, &message) == RESULT_DONE);
	reopen(bench);
	CHECK_STRING(store_setting(bench->store, bench->arena, "x"), "2");
	CHECK_STRING(store_setting(bench->store, bench->arena, "y"), "");
	CHECK_STRING(store_setting(bench->store, bench->arena, "z"), "3");
	CHECK(store_setting_set(bench->store, "x", NULL, &message) == RESULT_DONE);
	CHECK(store_setting_set(bench->store, "never", NULL, &message) == RESULT_DONE);
	reopen(bench);
	CHECK(!store_setting(bench->store, bench->arena, "x"));
}

TEST(settings_are_durable_alone_and_in_a_batch)
{
	on_both(kept_settings, 0);
}

RUN(cmocka_unit_test(what_was_committed_is_there_after_opening_again),
    cmocka_unit_test(a_batch_is_published_whole_and_each_change_sees_those_before_it),
    cmocka_unit_test(a_change_without_edits_makes_a_revision_only_when_it_is_to),
    cmocka_unit_test(an_abandoned_batch_never_happened),
    cmocka_unit_test(revisions_are_listed_newest_first),
    cmocka_unit_test(a_revision_is_found_by_its_time),
    cmocka_unit_test(the_edits_of_a_revision_are_shown_without_secrets),
    cmocka_unit_test(every_revision_can_be_seen_as_it_was),
    cmocka_unit_test(a_restore_is_a_revision_that_may_be_of_some_resources_only),
    cmocka_unit_test(a_hidden_revision_is_not_listed_but_can_be_walked_over),
    cmocka_unit_test(the_oldest_revisions_go_but_never_too_many),
		cmocka_unit_test(a_revision_that_a_setting_names_stays),
    cmocka_unit_test(settings_are_durable_alone_and_in_a_batch));
