/* Changes: edits, their undoing, and the order of records. */
#include "sample.h"

static struct change *
fresh(struct arena *arena)
{
	struct snapshot *empty = snapshot_new(sample_schema());
	struct change   *change = change_make(arena, empty, NULL);

	snapshot_release(empty);
	return change;
}

/* A change against a snapshot that has the rules a, b, c... */
static struct change *
lettered(struct arena *arena, size_t count)
{
	scoped_arena           scratch = arena_new();
	struct change         *change = fresh(scratch);

	for (size_t i = 0; i < count; i++) {
		const char name[2] = { (char)('a' + i), '\0' };

		put_rule(change, name, name);
	}
	const struct snapshot *base = change_finish(change, 1);
	struct change         *second = change_make(arena, base, NULL);

	snapshot_release(base);
	return second;
}

static size_t
count_edits(struct change *change)
{
	size_t count = 0;

	for (const struct edit *edit = change_edits(change); edit; edit = edit->next)
		count++;
	return count;
}

TEST(a_new_record_gets_a_uuid_and_stands_last)
{
	scoped_arena         arena = arena_new();
	struct change       *change = lettered(arena, 2);
	const struct record *made = change_put(change, sample(arena, &rules, "", "x"));

	CHECK(uuid_is_valid(text_of(made->uuid)));
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "abx");
	CHECK_NUMBER(count_edits(change), 1);
	CHECK(change_edits(change)->before == NULL && change_edits(change)->after == made);
	CHECK_NUMBER(change_touched(change), PART_FILTER);
}

TEST(a_record_put_again_keeps_its_place)
{
	scoped_arena   arena = arena_new();
	struct change *change = lettered(arena, 3);
	struct record *record = sample(arena, &rules, "b", "B");

	record->place = 77;
	change_put(change, record);
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "aBc");
}

TEST(putting_what_is_there_is_no_edit)
{
	scoped_arena   arena = arena_new();
	struct change *change = lettered(arena, 2);

	put_rule(change, "a", "a");
	CHECK(change_is_empty(change));
	put_rule(change, "a", "x");
	put_rule(change, "a", "a");
	put_rule(change, "new", "n");
	CHECK(change_remove(change, &rules, TEXT("new")));
	CHECK(!change_remove(change, &rules, TEXT("new")));
	CHECK(change_is_empty(change));
	CHECK_NUMBER(change_touched(change), 0);
}

TEST(there_is_one_record_of_a_singleton)
{
	scoped_arena   arena = arena_new();
	struct change *change = fresh(arena);

	change_put(change, sample(arena, &general, "", "one"));
	change_put(change, sample(arena, &general, "other", "two"));
	const struct collection *collection = snapshot_collection(change_snapshot(change), &general);

	CHECK_NUMBER(collection_count(collection), 1);
	CHECK_STRING(record_get(snapshot_single(change_snapshot(change), "test.general"), "name"), "two");
}

TEST(volatile_fields_are_emptied_unless_nothing_is_stored)
{
	scoped_arena   arena = arena_new();
	struct change *change = fresh(arena);
	struct record *stored = sample(arena, &rules, "", "x"), *passing_by = sample(arena, &passing, "", "x");

	record_set(stored, "note", "n");
	record_set(passing_by, "note", "n");
	CHECK_STRING(record_get(change_put(change, stored), "note"), "");
	CHECK_STRING(record_get(change_put(change, passing_by), "note"), "n");
}

TEST(what_follows_a_mark_can_be_undone)
{
	scoped_arena   arena = arena_new();
	struct change *change = lettered(arena, 4);

	put_rule(change, "a", "A");
	const size_t         mark = change_mark(change);
	const struct record *put = change_put(change, sample(arena, &rules, "", "x"));

	put_rule(change, "a", "AA");
	change_remove(change, &rules, TEXT("b"));
	change_place_first(change, &rules, TEXT("d"));
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "dAAcx");
	change_undo_to(change, mark);
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "Abcd");
	CHECK_NUMBER(count_edits(change), 1);
	CHECK_STRING(record_get(put, "name"), "x"); /* still there to look at */
	change_undo_to(change, 0);
	CHECK(change_is_empty(change));
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "abcd");
}

TEST(records_move_before_others_first_and_last)
{
	scoped_arena   arena = arena_new();
	struct change *change = lettered(arena, 5);

	CHECK(change_place_before(change, &rules, TEXT("d"), TEXT("b")));
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "adbce");
	CHECK(change_place_before(change, &rules, TEXT("a"), TEXT("e")));
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "dbcae");
	CHECK(change_place_first(change, &rules, TEXT("e")));
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "edbca");
	CHECK(change_place_last(change, &rules, TEXT("d")));
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "ebcad");
	CHECK_NUMBER(count_edits(change), 3); /* a, d and e moved */
}

TEST(moving_a_record_to_where_it_is_changes_nothing)
{
	scoped_arena   arena = arena_new();
	struct change *change = lettered(arena, 3);

	CHECK(change_place_first(change, &rules, TEXT("a")));
	CHECK(change_place_last(change, &rules, TEXT("c")));
	CHECK(change_place_before(change, &rules, TEXT("a"), TEXT("b")));
	CHECK(change_place_before(change, &rules, TEXT("b"), TEXT("b")));
	CHECK(change_is_empty(change));
	CHECK(!change_place_before(change, &rules, TEXT("x"), TEXT("b")));
	CHECK(!change_place_before(change, &rules, TEXT("a"), TEXT("x")));
	CHECK(!change_place_before(change, &rules, TEXT("a"), TEXT_NONE));
	CHECK(!change_place_first(change, &rules, TEXT("x")));
}

TEST(the_order_holds_when_the_room_between_two_is_used_up)
{
	scoped_arena   arena = arena_new();
	struct change *change = lettered(arena, 26);
	const char    *want = rule_names(arena, change_snapshot(change));

	/* Always between the first and the second, from the far end: halves the same gap each time. */
	for (size_t round = 0; round < 500; round++) {
		const char last[2] = { want[25], '\0' }, second[2] = { want[1], '\0' };

		CHECK(change_place_before(change, &rules, text_of(last), text_of(second)));
		want = arena_print(arena, "%c%c%.24s", want[0], want[25], want + 1);
		CHECK_STRING(rule_names(arena, change_snapshot(change)), want);
	}
}

TEST(a_change_toward_a_snapshot_makes_them_alike)
{
	scoped_arena   arena = arena_new();
	struct change *change = lettered(arena, 5), *other = lettered(arena, 4);

	put_rule(other, "new", "n");
	put_rule(other, "b", "B");
	change_remove(other, &rules, TEXT("a"));
	change_place_first(other, &rules, TEXT("d"));
	change_put(other, sample(arena, &general, "", "g"));
	change_put(other, sample(arena, &passing, "", "p"));
	const size_t mark = change_mark(change);

	change_toward(change, change_snapshot(other), (const struct resource *const[]){ &general, NULL });
	CHECK_STRING(rule_names(arena, change_snapshot(change)), "abcde");
	CHECK_STRING(record_get(snapshot_single(change_snapshot(change), "test.general"), "name"), "g");
	change_undo_to(change, mark);
	change_toward(change, change_snapshot(other), NULL);
	CHECK_STRING(rule_names(arena, change_snapshot(change)), rule_names(arena, change_snapshot(other)));
	CHECK(!edits_between(arena, change_snapshot(change), change_snapshot(other)));
	CHECK_NUMBER(collection_count(snapshot_collection(change_snapshot(change), &passing)), 0);
}

RUN(cmocka_unit_test(a_new_record_gets_a_uuid_and_stands_last),
    cmocka_unit_test(a_record_put_again_keeps_its_place),
    cmocka_unit_test(putting_what_is_there_is_no_edit),
    cmocka_unit_test(there_is_one_record_of_a_singleton),
    cmocka_unit_test(volatile_fields_are_emptied_unless_nothing_is_stored),
    cmocka_unit_test(what_follows_a_mark_can_be_undone),
    cmocka_unit_test(records_move_before_others_first_and_last),
    cmocka_unit_test(moving_a_record_to_where_it_is_changes_nothing),
    cmocka_unit_test(the_order_holds_when_the_room_between_two_is_used_up),
    cmocka_unit_test(a_change_toward_a_snapshot_makes_them_alike));
