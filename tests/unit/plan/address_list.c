/* Published address lists become ranges; what is no address is counted and left. */
#include "plan/address_list.h"

#include "json/read.h"
#include "test.h"

TEST(the_first_word_of_a_line_counts)
{
	scoped_arena        arena = arena_new();
	struct address_list list = { 0 };

	address_list_read(arena,
			  TEXT("# comment\n; too\n\n192.0.2.0/24 ; SBL1\r\n2001:db8::1\n10.0.0.5-10.0.0.9,x\nnonsense\n"
			       "10.0.0.9-10.0.0.5\n"),
			  &list);
	CHECK_NUMBER(list.count, 3);
	CHECK_NUMBER(list.ignored, 2);
	CHECK_STRING(address_print(arena, &list.ranges[0].last), "192.0.2.255");
	CHECK_STRING(address_print(arena, &list.ranges[2].first), "10.0.0.5");
}

static size_t
count(struct arena *arena, const char *json, const char *path)
{
	struct address_list list = { 0 };
	struct value       *value;

	CHECK(json_read(arena, text_of(json), NULL, &value, NULL) == RESULT_DONE);
	address_list_select(arena, value, text_of(path), &list);
	return list.count;
}

TEST(a_path_selects_texts_of_a_json_document)
{
	scoped_arena arena = arena_new();
	const char  *json = "{\"p\":[{\"ip\":\"192.0.2.1\"},{\"ip\":\"192.0.2.2\",\"x\":5}],\"q\":[\"10.0.0.0/8\",\"no\"]}";

	CHECK_NUMBER(count(arena, json, ".p[].ip"), 2);
	CHECK_NUMBER(count(arena, json, ".p[] | .ip"), 2);
	CHECK_NUMBER(count(arena, json, ".q[]"), 1);
	CHECK_NUMBER(count(arena, json, ".nothing[].here"), 0);
	CHECK_NUMBER(count(arena, json, ""), 3);
}

RUN(cmocka_unit_test(the_first_word_of_a_line_counts), cmocka_unit_test(a_path_selects_texts_of_a_json_document));
