/* Printing JSON. */
#include "json/write.h"

#include <math.h>

#include "test.h"

/* A text of len bytes, printed with these options. */
static const char *
printed(struct arena *arena, const char *bytes, size_t len, unsigned options)
{
	scoped_buffer out = BUFFER_NONE;
	struct json   json = { .out = &out, .options = options };

	json_text(&json, (struct text){ bytes, len });
	return arena_copy(arena, buffer_text(&out));
}

TEST(commas_and_brackets_come_by_themselves)
{
	scoped_buffer out = BUFFER_NONE;
	struct json   json = { .out = &out };

	json_object(&json);
	json_put_string(&json, "a", "1");
	json_name(&json, "b");
	json_list(&json);
	json_number(&json, -1);
	json_list(&json);
	json_list_end(&json);
	json_object(&json);
	json_object_end(&json);
	json_list_end(&json);
	json_put_bool(&json, "c", true);
	json_put_null(&json, "d");
	json_put_number(&json, "e", INT64_MIN);
	json_object_end(&json);
	CHECK_STRING(buffer_string(&out),
	             "{\"a\":\"1\",\"b\":[-1,[],{}],\"c\":true,\"d\":null,\"e\":-9223372036854775808}");
	CHECK_NUMBER(json.open, 0);
}

TEST(what_json_forbids_in_texts_is_escaped)
{
	scoped_arena arena = arena_new();

	CHECK_STRING(printed(arena, "a\"b\\c/\b\f\n\r\t", 11, 0), "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\"");
	CHECK_STRING(printed(arena, "\0\x1f\x7f", 3, 0), "\"\\u0000\\u001f\x7f\"");
	CHECK_STRING(printed(arena, "", 0, 0), "\"\"");
	CHECK_STRING(printed(arena, NULL, 0, 0), "\"\"");
}

TEST(slashes_and_wide_characters_are_escaped_when_asked)
{
	scoped_arena arena = arena_new();
	const char  *wide = "/\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";

	CHECK_STRING(printed(arena, wide, 10, JSON_ESCAPE_SLASH | JSON_ASCII),
	             "\"\\/\\u00e9\\u20ac\\ud83d\\ude00\"");
	CHECK_STRING(printed(arena, wide, 10, 0), "\"/\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

TEST(bytes_that_are_no_utf8_are_replaced)
{
	static const struct {
		const char *bytes;
		size_t      len;
		const char *want;
	} cases[] = {
		{ "a\xff", 2, "\"a\\ufffd\"" },
		{ "\xc3", 1, "\"\\ufffd\"" },                 /* cut short */
		{ "\xc0\xaf", 2, "\"\\ufffd\\ufffd\"" },      /* overlong */
		{ "\xed\xa0\x80", 3, "\"\\ufffd\\ufffd\\ufffd\"" }, /* surrogate */
		{ "\xf4\x90\x80\x80", 4, "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		{ "\xe2\x82z", 3, "\"\\ufffd\\ufffdz\"" },
	};
	scoped_arena arena = arena_new();

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_STRING(printed(arena, cases[i].bytes, cases[i].len, JSON_ASCII), cases[i].want);
	CHECK_STRING(printed(arena, "\xff", 1, 0), "\"\xef\xbf\xbd\"");
}

TEST(reals_are_short_and_read_back_the_same)
{
	static const struct {
		double      real;
		const char *want;
	} cases[] = {
		{ 0.1, "0.1" }, { 1.0, "1" }, { -2.5, "-2.5" }, { 1e300, "1e+300" },
		{ 1.0 / 3, "0.3333333333333333" }, { INFINITY, "null" }, { NAN, "null" }, { -0.0, "-0.0" }, { 0.0, "0" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		scoped_buffer out = BUFFER_NONE;
		struct json   json = { .out = &out };

		json_real(&json, cases[i].real);
		CHECK_STRING(buffer_string(&out), cases[i].want);
	}
}

TEST(a_tree_is_printed_in_its_order)
{
	scoped_arena  arena = arena_new();
	scoped_buffer out = BUFFER_NONE;
	struct json   json = { .out = &out };
	struct value *root = value_object(arena), *list = value_list(arena);

	value_add(arena, list, value_null(arena));
	value_add(arena, list, value_real(arena, 0.5));
	value_set(arena, root, "z", list);
	value_set(arena, root, "a", value_bool(arena, false));
	json_value(&json, root);
	CHECK_STRING(buffer_string(&out), "{\"z\":[null,0.5],\"a\":false}");
}

RUN(cmocka_unit_test(commas_and_brackets_come_by_themselves),
    cmocka_unit_test(what_json_forbids_in_texts_is_escaped),
    cmocka_unit_test(slashes_and_wide_characters_are_escaped_when_asked),
    cmocka_unit_test(bytes_that_are_no_utf8_are_replaced),
    cmocka_unit_test(reals_are_short_and_read_back_the_same),
    cmocka_unit_test(a_tree_is_printed_in_its_order));
