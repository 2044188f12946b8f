/* What passes the filters of a GET, and in which form it is given. */
#include "dialect/pfsense/query.h"

#include "json/read.h"
#include "json/write.h"
#include "test.h"

static struct value *
read_json(struct arena *arena, const char *json)
{
	struct value *value = NULL;

	CHECK_NUMBER(json_read(arena, text_of(json), NULL, &value, NULL), RESULT_DONE);
	return value;
}

static const char *
filtered(struct arena *arena, const char *data, const char *filters)
{
	scoped_buffer out = BUFFER_NONE;

	json_value(&(struct json){ .out = &out }, query_filter(arena, read_json(arena, data), read_json(arena, filters), NULL));
	return arena_copy(arena, buffer_text(&out));
}

TEST(entries_that_pass_every_filter_are_kept)
{
	static const char list[] = "[{\"a\":\"x1\",\"n\":\"5\",\"in\":{\"b\":[\"p\",\"q\"]}},"
				   "{\"n\":7,\"a\":\"X1\",\"more\":null},"
				   "{\"a__contains\":\"1\",\"n\":\"07.0\",\"a\":\"\"}]";
	static const struct {
		const char *filters, *kept; /* their indexes, or those of the list's members */
	} cases[] = {
		{ "{\"a\":\"x1\"}", "0" },
		{ "{\"a\":\"X1\"}", "1" },
		/* Members stand elsewhere in each, and numbers are what they are worth. */
		{ "{\"n\":\"7\"}", "12" },
		{ "{\"n\":5}", "0" },
		{ "{\"n__gte\":\"6.5\"}", "12" },
		{ "{\"n__lt\":7}", "0" },
		{ "{\"n__lt\":\"x\"}", "" },
		{ "{\"a__startswith\":\"x\"}", "0" },
		{ "{\"a__endswith\":\"1\"}", "01" },
		/* A member may be called like a test. */
		{ "{\"a__contains\":\"1\"}", "012" },
		{ "{\"in__b__1\":\"q\"}", "0" },
		{ "{\"in__b__2\":\"q\"}", "" },
		/* What is not there is empty. */
		{ "{\"more\":\"\"}", "012" },
		{ "{\"n\":7,\"a__startswith\":\"X\"}", "1" },
		{ "{\"n\":7,\"client-id\":\"me\"}", "12" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		scoped_arena  arena = arena_new();
		struct value *all = read_json(arena, list);
		struct value *kept = query_filter(arena, all, read_json(arena, cases[i].filters), NULL);
		scoped_buffer indexes = BUFFER_NONE;

		for (size_t j = 0; j < value_count(kept); j++)
			for (size_t at = 0; at < all->count; at++)
				if (all->members[at].value == kept->members[j].value)
					buffer_add_number(&indexes, (long long)at);
		CHECK_STRING(buffer_string(&indexes), cases[i].kept);
	}
}

TEST(only_a_list_that_begins_at_its_beginning_stays_a_list)
{
	scoped_arena arena = arena_new();

	CHECK_STRING(filtered(arena, "[{\"a\":1},{\"a\":1},{\"a\":2}]", "{\"a\":1}"), "[{\"a\":1},{\"a\":1}]");
	CHECK_STRING(filtered(arena, "[{\"a\":1},{\"a\":2},{\"a\":1}]", "{\"a\":1}"), "{\"0\":{\"a\":1},\"2\":{\"a\":1}}");
	CHECK_STRING(filtered(arena, "[{\"a\":1}]", "{\"a\":3}"), "[]");
	CHECK_STRING(filtered(arena, "{\"x\":{\"a\":1},\"y\":{\"a\":2}}", "{\"a\":2}"), "{\"y\":{\"a\":2}}");
	CHECK_STRING(filtered(arena, "{\"x\":{\"a\":1}}", "{\"a\":2}"), "[]");
}

RUN(cmocka_unit_test(entries_that_pass_every_filter_are_kept),
    cmocka_unit_test(only_a_list_that_begins_at_its_beginning_stays_a_list));
