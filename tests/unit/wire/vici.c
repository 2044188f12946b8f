/* What strongSwan is asked, byte by byte, and that no answer of its is trusted. */
#include "wire/vici.h"

#include "base/arena.h"
#include "test.h"

#define EVENT  "\0\0\0\x39\x07\x07list-sa"
#define REPLY  "\0\0\0\x01\x01"
#define HEARS  "\0\0\0\x01\x05"
#define OF_ONE "\x01\x04" "con1" "\x03\x05" "state" "\0\x02" "UP" "\x04\x08" "local-ts" "\x05\0\x02" "::" "\x05\0\x01" "/" "\x06" \
	       "\x03\x02" "id" "\0\x04" "a\n\xff\"" "\x02"
/* Without the zero that the compiler adds. */
static const struct text whole = TEXT(HEARS EVENT OF_ONE REPLY);

TEST(a_question_is_as_the_daemon_wants_it)
{
	static const char *const pairs[] = { "child", "net", NULL };
	const struct text        wanted = TEXT("\0\0\0\x09\x03\x07list-sa" "\0\0\0\x16\0\x08" "initiate" "\x03\x05" "child" "\0\x03" "net");
	scoped_buffer            out = BUFFER_NONE;

	vici_ask(&out, "list-sa", "initiate", pairs);
	CHECK(text_equal(buffer_text(&out), wanted));
}

TEST(an_answer_is_a_tree_for_each_event_and_one_for_the_reply)
{
	scoped_arena        arena = arena_new();
	const struct value *said = vici_read(arena, whole);

	CHECK_NUMBER(value_count(said), 2);
	CHECK_STRING(value_as_string(arena, value_path(said, "0.con1.state")), "UP");
	CHECK_STRING(value_as_string(arena, value_path(said, "0.con1.local-ts.1")), "/");
	CHECK_NUMBER(value_count(value_at(said, 1)), 0);
}

TEST(what_peers_are_called_breaks_nothing)
{
	scoped_arena arena = arena_new();

	CHECK_STRING(value_as_string(arena, value_path(vici_read(arena, whole), "0.con1.id")), "a??\"");
}

TEST(an_answer_that_is_cut_at_any_place_is_none)
{
	scoped_arena arena = arena_new();

	for (size_t n = 0; n < whole.len; n++) {
		CHECK(!vici_is_whole(text_first(whole, n)));
		CHECK(!vici_read(arena, text_first(whole, n)));
	}
	CHECK(vici_is_whole(whole));
}

TEST(a_byte_that_is_wrong_does_no_harm)
{
	for (size_t i = 0; i < whole.len; i++)
		for (unsigned wrong = 0; wrong < 256; wrong++) {
			scoped_arena arena = arena_new();
			char        *copy = arena_copy(arena, whole);

			copy[i] = (char)wrong;
			(void)vici_is_whole((struct text){ copy, whole.len });
			(void)vici_read(arena, (struct text){ copy, whole.len });
		}
}

TEST(sections_in_each_other_have_an_end)
{
	scoped_arena  arena = arena_new();
	scoped_buffer deep = BUFFER_NONE;

	buffer_add(&deep, TEXT("\0\0\0\xf1\x01"));
	for (int i = 0; i < 80; i++)
		buffer_add(&deep, TEXT("\x01\x01" "a"));
	CHECK(!vici_read(arena, buffer_text(&deep)));
}

TEST(a_command_that_is_unknown_has_no_answer)
{
	scoped_arena arena = arena_new();

	CHECK(vici_is_whole(TEXT("\0\0\0\x01\x02")) && !vici_read(arena, TEXT("\0\0\0\x01\x02")));
	CHECK(vici_is_whole(TEXT("\0\0\0\0")) && !vici_read(arena, TEXT("\0\0\0\0")));
}

RUN(cmocka_unit_test(a_question_is_as_the_daemon_wants_it),
    cmocka_unit_test(an_answer_is_a_tree_for_each_event_and_one_for_the_reply),
    cmocka_unit_test(what_peers_are_called_breaks_nothing), cmocka_unit_test(an_answer_that_is_cut_at_any_place_is_none),
    cmocka_unit_test(a_byte_that_is_wrong_does_no_harm), cmocka_unit_test(sections_in_each_other_have_an_end),
    cmocka_unit_test(a_command_that_is_unknown_has_no_answer));
