/* XML is read with limits and without entities. */
#include "api/xml.h"

#include "test.h"

TEST(elements_attributes_and_text_become_a_tree)
{
	scoped_arena arena = arena_new();
	const char  *why = NULL;
	struct xml  *root = xml_read(arena, TEXT("<a>\n <b uuid=\"u1\"> x &amp; y </b>\n <b><![CDATA[<z>]]></b>\n</a>"), &why);

	CHECK(root != NULL);
	CHECK_STRING(xml_value(root, "b"), " x & y ");
	CHECK_STRING(xml_child(root, "b")->uuid, "u1");
	CHECK_STRING(xml_next(xml_child(root, "b"))->text.ptr, "<z>");
	CHECK(xml_next(xml_next(xml_child(root, "b"))) == NULL);
	CHECK_STRING(xml_value(root, "nothing"), "");
	CHECK(root->attributes == NULL);
	root = xml_read(arena, TEXT("<a type=\"5\" name='x &lt; y'/>"), &why);
	CHECK(root != NULL && root->uuid == NULL);
	CHECK_STRING(root->attributes[0], "type");
	CHECK_STRING(root->attributes[1], "5");
	CHECK_STRING(root->attributes[3], "x < y");
	CHECK(root->attributes[4] == NULL);
}

TEST(entities_and_broken_documents_are_refused)
{
	static const char *const refused[] = {
		"", "<a>", "<a></b>", "text", "<a/><b/>",
		"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
		"<!DOCTYPE a [<!ENTITY % x SYSTEM \"file:///etc/passwd\">]><a/>",
	};
	scoped_arena arena = arena_new();

	for (size_t i = 0; i < COUNT(refused); i++) {
		const char *why = NULL;

		CHECK(xml_read(arena, text_of(refused[i]), &why) == NULL);
		CHECK(why != NULL);
	}
}

TEST(what_is_written_reads_back_the_same)
{
	scoped_arena  arena = arena_new();
	scoped_buffer out = BUFFER_NONE;
	struct xml   *root = xml_make(arena, NULL, "a");
	const char   *why = NULL;

	xml_make_path(arena, root, "b/c.d")->text = TEXT("<&>\"'\n\r x");
	xml_write(&out, root);
	root = xml_read(arena, buffer_text(&out), &why);
	CHECK(root != NULL);
	CHECK_STRING(xml_path(root, "b/c/d")->text.ptr, "<&>\"'\n\r x");
}

RUN(cmocka_unit_test(elements_attributes_and_text_become_a_tree),
    cmocka_unit_test(entities_and_broken_documents_are_refused),
    cmocka_unit_test(what_is_written_reads_back_the_same));
