/* Numbers that belong to names. */
#include "plan/numbers.h"

#include "base/arena.h"
#include "test.h"

TEST(a_name_keeps_its_number)
{
	struct numbers *numbers = numbers_new(3);

	CHECK_NUMBER(numbers_give(numbers, "a"), 1);
	CHECK_NUMBER(numbers_give(numbers, "b"), 2);
	CHECK_NUMBER(numbers_give(numbers, "a"), 1);
	CHECK_NUMBER(numbers_find(numbers, "b"), 2);
	CHECK_NUMBER(numbers_find(numbers, "c"), 0);
	CHECK_STRING(numbers_name(numbers, 2), "b");
	CHECK(!numbers_name(numbers, 3));
	CHECK(!numbers_name(numbers, 4));
	CHECK_NUMBER(numbers_count(numbers), 2);
	numbers_free(numbers);
}

TEST(there_are_so_many_and_no_more)
{
	struct numbers *numbers = numbers_new(3);
	const uint64_t  version = numbers_version(numbers);

	CHECK(numbers_take(numbers, "c", 2));
	CHECK(!numbers_take(numbers, "d", 2));
	CHECK(!numbers_take(numbers, "c", 3));
	CHECK(!numbers_take(numbers, "e", 0));
	CHECK(!numbers_take(numbers, "e", 4));
	CHECK_NUMBER(numbers_give(numbers, "a"), 1);
	CHECK_NUMBER(numbers_give(numbers, "b"), 3);
	CHECK_NUMBER(numbers_give(numbers, "d"), 0);
	CHECK_NUMBER(numbers_version(numbers), version + 3);
	numbers_release(numbers, 2);
	numbers_release(numbers, 2);
	CHECK_NUMBER(numbers_version(numbers), version + 4);
	CHECK_NUMBER(numbers_find(numbers, "c"), 0);
	CHECK_NUMBER(numbers_give(numbers, "d"), 2);
	CHECK_STRING(numbers_name(numbers, 2), "d");
	numbers_free(numbers);
}

TEST(what_was_released_last_is_given_last)
{
	struct numbers *numbers = numbers_new(4);

	CHECK_NUMBER(numbers_give(numbers, "a"), 1);
	CHECK_NUMBER(numbers_give(numbers, "b"), 2);
	numbers_release(numbers, 1);
	CHECK_NUMBER(numbers_give(numbers, "c"), 3);
	CHECK_NUMBER(numbers_give(numbers, "d"), 4);
	CHECK_NUMBER(numbers_give(numbers, "e"), 1);
	numbers_free(numbers);
}

TEST(names_that_come_and_go_leave_nothing_behind)
{
	struct numbers *numbers = numbers_new(100);

	CHECK_NUMBER(numbers_give(numbers, "stays"), 1);
	for (unsigned i = 0; i < 20000; i++) {
		scoped_arena   arena = arena_new();
		const unsigned number = numbers_give(numbers, arena_print(arena, "name %u", i));

		CHECK(number > 1);
		numbers_release(numbers, number);
	}
	CHECK_NUMBER(numbers_find(numbers, "stays"), 1);
	CHECK_NUMBER(numbers_count(numbers), 1);
	numbers_free(numbers);
}

TEST(numbers_are_written_and_read)
{
	struct numbers *numbers = numbers_new(9), *other = numbers_new(9);
	scoped_buffer   text = BUFFER_NONE;

	numbers_take(numbers, "with a blank", 7);
	numbers_give(numbers, "x");
	numbers_write(numbers, &text);
	CHECK_STRING(buffer_string(&text), "1 x\n7 with a blank\n");
	CHECK(numbers_read(other, buffer_text(&text)));
	CHECK_NUMBER(numbers_find(other, "with a blank"), 7);
	CHECK(!numbers_read(other, TEXT("2 y\n10 z\n")));
	CHECK(!numbers_read(other, TEXT("2 y\n3\n")));
	CHECK(!numbers_read(other, TEXT("2 y\nz 3\n")));
	CHECK_NUMBER(numbers_find(other, "y"), 0);
	CHECK(numbers_read(other, TEXT("1 y\n2 x\n3 z\n")));
	CHECK_NUMBER(numbers_find(other, "y"), 0);
	CHECK_NUMBER(numbers_find(other, "z"), 3);
	numbers_free(numbers);
	numbers_free(other);
}

RUN(cmocka_unit_test(a_name_keeps_its_number), cmocka_unit_test(there_are_so_many_and_no_more),
    cmocka_unit_test(what_was_released_last_is_given_last), cmocka_unit_test(names_that_come_and_go_leave_nothing_behind),
    cmocka_unit_test(numbers_are_written_and_read));
