/* Reading JSON from clients. */
#include "json/read.h"

#include <string.h>

#include "json/write.h"
#include "test.h"

/* What was read, printed again; NULL when refused. */
static const char *
again(struct arena *arena, const char *in)
{
	scoped_buffer out = BUFFER_NONE;
	struct json   json = { .out = &out };
	struct value *value;

	if (json_read(arena, text_of(in), NULL, &value, NULL) != RESULT_DONE)
		return NULL;
	json_value(&json, value);
	return arena_copy(arena, buffer_text(&out));
}

TEST(every_kind_of_value_is_read)
{
	scoped_arena arena = arena_new();
	const char  *all = "{\"b\":[1,-2,0.5,\"x\",true,false,null],\"a\":{},\"\":[]}";

	CHECK_STRING(again(arena, all), all);
	CHECK_STRING(again(arena, " \"\\u00e9\\ud83d\\ude00\\/\" "), "\"\xc3\xa9\xf0\x9f\x98\x80/\"");
	CHECK_STRING(again(arena, "9223372036854775807"), "9223372036854775807");
}

TEST(what_is_not_json_is_refused)
{
	static const char *const cases[] = {
		"", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "+1", ".5", "1.", "nul", "NaN", "Infinity", "[1] 2",
		"\"\x01\"", "\"\xff\"", "\"\\ud800\"", "\"\\u0000\"", "{\"\\u0000\":1}", "\"a", "[\"\\x\"]", "/* */ 1",
		"012345678901234567890123", "-012345678901234567890123", "[12345678901234567890123,]", "1-2345678901234567890123",
	};
	scoped_arena arena = arena_new();

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct value *untouched = NULL;
		const char   *message = NULL;

		CHECK(json_read(arena, text_of(cases[i]), NULL, &untouched, &message) == RESULT_INVALID);
		CHECK(!untouched && message);
	}
	CHECK(json_read(arena, (struct text){ "1\0", 2 }, NULL, &(struct value *){ NULL }, NULL) == RESULT_INVALID);
	CHECK(json_read(arena, TEXT_NONE, NULL, &(struct value *){ NULL }, NULL) == RESULT_INVALID);
}

TEST(of_names_that_come_twice_the_last_counts)
{
	scoped_arena arena = arena_new();

	CHECK_STRING(again(arena, "{\"a\":1,\"b\":2,\"a\":{\"c\":3}}"), "{\"a\":{\"c\":3},\"b\":2}");
}

TEST(numbers_too_big_become_texts_with_the_same_digits)
{
	scoped_arena arena = arena_new();

	CHECK_STRING(again(arena, "[9223372036854775808, -9223372036854775809 ,7]"),
	             "[\"9223372036854775808\",\"-9223372036854775809\",7]");
	CHECK_STRING(again(arena, "{\"1e999\\\"\":1e999,\"b\":\"9223372036854775808\"}"),
	             "{\"1e999\\\"\":\"1e999\",\"b\":\"9223372036854775808\"}");
}

static enum result
read_within(const char *in, struct json_limits limits)
{
	scoped_arena  arena = arena_new();
	struct value *value;

	return json_read(arena, text_of(in), &limits, &value, NULL);
}

TEST(limits_hold_at_the_limit_and_refuse_one_past_it)
{
	char deep[2 * (JSON_DEPTH_MAX + 1) + 1] = "";

	CHECK(read_within("[1,2]", (struct json_limits){ .bytes = 5 }) == RESULT_DONE);
	CHECK(read_within("[1,22]", (struct json_limits){ .bytes = 5 }) == RESULT_TOO_BIG);
	CHECK(read_within("[1,[2],{\"a\":3}]", (struct json_limits){ .members = 5 }) == RESULT_DONE);
	CHECK(read_within("[1,[2],{\"a\":3}]", (struct json_limits){ .members = 4 }) == RESULT_TOO_BIG);
	CHECK(read_within("[{\"a\":[]}]", (struct json_limits){ .depth = 3 }) == RESULT_DONE);
	CHECK(read_within("[{\"a\":[]}]", (struct json_limits){ .depth = 2 }) == RESULT_TOO_BIG);
	memset(deep, '[', JSON_DEPTH_MAX);
	memset(deep + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	CHECK(read_within(deep, (struct json_limits){ 0 }) == RESULT_DONE);
	memset(deep, '[', JSON_DEPTH_MAX + 1);
	memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	CHECK(read_within(deep, (struct json_limits){ 0 }) == RESULT_TOO_BIG);
}

TEST(a_hundred_thousand_brackets_do_no_harm)
{
	scoped_arena  arena = arena_new();
	scoped_buffer in = BUFFER_NONE;

	for (size_t i = 0; i < 100000; i++)
		buffer_add_byte(&in, '[');
	CHECK(json_read(arena, buffer_text(&in), NULL, &(struct value *){ NULL }, NULL) != RESULT_DONE);
}

RUN(cmocka_unit_test(every_kind_of_value_is_read),
    cmocka_unit_test(what_is_not_json_is_refused),
    cmocka_unit_test(of_names_that_come_twice_the_last_counts),
    cmocka_unit_test(numbers_too_big_become_texts_with_the_same_digits),
    cmocka_unit_test(limits_hold_at_the_limit_and_refuse_one_past_it),
    cmocka_unit_test(a_hundred_thousand_brackets_do_no_harm));
