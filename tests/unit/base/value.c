/* Trees of values. */
#include "base/value.h"

#include "test.h"

TEST(a_path_descends_through_objects_and_lists)
{
	scoped_arena arena = arena_new();
	struct value *root = value_object(arena), *list = value_list(arena), *leaf = value_object(arena);

	value_set_string(arena, leaf, "name", "x");
	value_add(arena, list, leaf);
	value_set(arena, root, "rows", list);
	CHECK_STRING(value_as_string(arena, value_path(root, "rows.0.name")), "x");
	CHECK(value_path(root, "rows.1.name") == NULL);
	CHECK(value_path(root, "rows.-1") == NULL);
	CHECK(value_path(root, "nothing.at.all") == NULL);
}

TEST(setting_a_member_again_keeps_its_place)
{
	scoped_arena arena = arena_new();
	struct value *root = value_object(arena);

	value_set_string(arena, root, "a", "1");
	value_set_string(arena, root, "b", "2");
	value_set_string(arena, root, "a", "3");
	CHECK_NUMBER(root->count, 2);
	CHECK(text_is(root->members[0].name, "a"));
	CHECK(value_remove(root, "a") && !value_remove(root, "a"));
	CHECK(text_is(root->members[0].name, "b"));
}

TEST(scalars_become_the_text_the_field_rules_want)
{
	scoped_arena arena = arena_new();

	CHECK_STRING(value_as_string(arena, value_bool(arena, true)), "1");
	CHECK_STRING(value_as_string(arena, value_bool(arena, false)), "");
	CHECK_STRING(value_as_string(arena, value_null(arena)), "");
	CHECK_STRING(value_as_string(arena, value_integer(arena, -5)), "-5");
	CHECK_STRING(value_as_string(arena, value_real(arena, 1.5)), "1.5");
	CHECK(value_as_string(arena, value_list(arena)) == NULL);
}

RUN(cmocka_unit_test(a_path_descends_through_objects_and_lists),
    cmocka_unit_test(setting_a_member_again_keeps_its_place),
    cmocka_unit_test(scalars_become_the_text_the_field_rules_want));
