/* Records as the store writes them. */
#include "store/codec.h"

#include "sample.h"

static const char *
written(struct arena *arena, const struct record *record)
{
	scoped_buffer out = BUFFER_NONE;

	record_write(&out, record);
	return arena_copy(arena, buffer_text(&out));
}

TEST(only_what_differs_from_its_preset_is_written)
{
	scoped_arena   arena = arena_new();
	struct record *record = record_make(arena, &rules);

	CHECK_STRING(written(arena, record), "{}");
	record_set(record, "action", arena_print(arena, "pass"));
	CHECK_STRING(written(arena, record), "{}");
	record_set(record, "action", "");
	record_set(record, "name", "n");
	record_set(record, "note", "volatile");
	CHECK_STRING(written(arena, record), "{\"name\":\"n\",\"action\":\"\"}");
}

TEST(every_value_comes_back_byte_for_byte)
{
	static const char *const values[] = {
		"", "plain", "a \"quoted\" \\ word", "line\nline\r\n\ttab", "\x01\x1f\x7f", "\xc3\xa9\xff\xfe", "\\", "\"", "\\u0041", "{}",
	};
	scoped_arena arena = arena_new();

	for (size_t i = 0; i < COUNT(values); i++) {
		struct record *record = sample(arena, &rules, "u", values[i]);
		size_t         unknown = 0;

		record_set(record, "password", values[COUNT(values) - 1 - i]);
		struct record *again = record_read(arena, &rules, text_of(written(arena, record)), &unknown);

		CHECK(again && record_same(record, again) && unknown == 0);
	}
}

TEST(names_may_come_in_any_order_and_strange_ones_are_counted)
{
	scoped_arena   arena = arena_new();
	size_t         unknown = 0;
	struct record *record = record_read(
		arena, &rules, TEXT("{\"password\":\"p\",\"gone\":\"1\",\"name\":\"n\",\"\":\"\"}"), &unknown);

	CHECK(record);
	CHECK_STRING(record_get(record, "name"), "n");
	CHECK_STRING(record_get(record, "password"), "p");
	CHECK_STRING(record_get(record, "action"), "pass");
	CHECK_NUMBER(unknown, 2);
}

TEST(what_was_not_written_here_is_refused)
{
	static const char *const cases[] = {
		"", "{", "}", "[]", "null", "{\"name\"}", "{\"name\":}", "{\"name\":\"a}", "{\"name\":\"a\"", "{\"name\":\"a\",}",
		"{\"name\":\"a\"}}", "{\"name\":\"a\\\"}", "{\"name\":\"\\x\"}", "{\"name\":\"\\u0000\"}", "{\"name\":\"\\u12\"}",
		"{\"name\":1}", "{ }", "{\"name\":\"\\u01",
	};
	scoped_arena arena = arena_new();
	size_t       unknown = 0;

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(!record_read(arena, &rules, text_of(cases[i]), &unknown));
	CHECK(!record_read(arena, &rules, (struct text){ "{\"name\":\"a\0b\"}", 14 }, &unknown));
}

RUN(cmocka_unit_test(only_what_differs_from_its_preset_is_written),
    cmocka_unit_test(every_value_comes_back_byte_for_byte),
    cmocka_unit_test(names_may_come_in_any_order_and_strange_ones_are_counted),
    cmocka_unit_test(what_was_not_written_here_is_refused));
