/* What a daemon is told so that it has the new lines: all about what changed, nothing else. */
#include "proc/service/lines.h"

#include "test.h"

static void
check(const char *old, const char *now, const char *gone, const char *told)
{
	scoped_buffer have_gone = BUFFER_NONE, have_told = BUFFER_NONE;

	CHECK(lines_compare(text_of(old), text_of(now), &have_gone, &have_told));
	CHECK_STRING(buffer_string(&have_gone), gone);
	CHECK_STRING(buffer_string(&have_told), told);
}

TEST(what_is_the_same_is_not_told)
{
	check("", "", "", "");
	check("a 1\nb 2\n", "b 2\na 1\n", "", "");
}

TEST(what_is_new_is_told)
{
	check("a 1\n", "a 1\nb 2\n", "", "b 2\n");
}

TEST(what_is_gone_is_taken_back_once)
{
	check("a 1\na 2\nb 2\n", "b 2\n", "a\n", "");
}

TEST(all_about_what_changed_is_told_again)
{
	check("a 1\na 2\nb 2\n", "a 1\na 3\nb 2\n", "a\n", "a 1\na 3\n");
	check("a 1\n", "a 1\na 2\n", "a\n", "a 1\na 2\n");
}

TEST(what_both_begin_or_end_with_makes_no_difference)
{
	check("a 1\nb 2\nc 3\n", "a 1\nb 4\nc 3\n", "b\n", "b 4\n");
	check("a 1\nb 12\nc 3\n", "a 1\nb 2\nc 3\n", "b\n", "b 2\n");
	check("a 1\na 1\na 1\n", "a 1\na 1\n", "a\n", "a 1\na 1\n");
	check("a 1\n", "a 1\na 1\n", "a\n", "a 1\na 1\n");
	/* Also there, what is about the same is told again. */
	check("a 1\nb 2\na 3\nc 4\n", "a 1\nb 2\na 5\nc 4\n", "a\n", "a 1\na 5\n");
	check("b 2\na 3\nc 4\na 1\n", "b 2\nc 4\na 1\n", "a\n", "a 1\n");
}

TEST(too_much_is_not_told)
{
	scoped_buffer now = BUFFER_NONE, gone = BUFFER_NONE, told = BUFFER_NONE;

	while (now.len <= LINES_MAX)
		buffer_print(&now, "name%zu 192.0.2.1\n", now.len);
	CHECK(!lines_compare(TEXT_NONE, buffer_text(&now), &gone, &told));
}

RUN(cmocka_unit_test(what_is_the_same_is_not_told), cmocka_unit_test(what_is_new_is_told),
    cmocka_unit_test(what_is_gone_is_taken_back_once), cmocka_unit_test(all_about_what_changed_is_told_again),
    cmocka_unit_test(what_both_begin_or_end_with_makes_no_difference), cmocka_unit_test(too_much_is_not_told));
