/* docs/add-a-resource.md tells the truth: its code is built, and does what the page says. */
#include "model/registry.h"
#include "model/types.h"
#include "schema/snapshot.h"

#include "base/buffer.h"
#include "test.h"

extern const struct resource support_contact_resource;

static const struct resource *const resources[] = { &support_contact_resource };

TEST(the_declaration_has_no_mistakes)
{
	struct schema *schema = schema_new(resources, COUNT(resources));
	scoped_buffer  mistakes = BUFFER_NONE;

	if (!schema_check(schema, NULL, &mistakes))
		fputs(buffer_string(&mistakes), stderr);
	schema_free(schema);
	CHECK_NUMBER(mistakes.len, 0);
}

/* The fields at fault of a contact with these values, joined by blanks. */
static const char *
faults_of(struct arena *arena, const char *name, const char *email, const char *phone)
{
	struct schema         *schema = schema_new(resources, COUNT(resources));
	struct snapshot       *snapshot = snapshot_new(schema);
	struct record         *contact = record_make(arena, &support_contact_resource);
	struct faults          faults = { .arena = arena };
	scoped_buffer          names = BUFFER_NONE;

	record_set(contact, "name", name);
	record_set(contact, "email", email);
	record_set(contact, "phone", phone);

	const struct view view = { arena, snapshot, NULL, contact };

	record_check(contact, NULL, false, &view, &faults);
	for (const struct fault *fault = faults.first; fault; fault = fault->next)
		buffer_print(&names, "%s%s", names.len ? " " : "", fault->field);
	snapshot_release(snapshot);
	schema_free(schema);
	return arena_copy(arena, buffer_text(&names));
}

TEST(the_checks_are_those_of_the_page)
{
	scoped_arena arena = arena_new();

	CHECK_STRING(faults_of(arena, "Ada", "ada@example.org", ""), "");
	CHECK_STRING(faults_of(arena, "Ada", "", "+44 20 7946 0000"), "");
	CHECK_STRING(faults_of(arena, "Ada", "", ""), "email");
	CHECK_STRING(faults_of(arena, "", "ada", "12"), "name email phone");
}

RUN(cmocka_unit_test(the_declaration_has_no_mistakes), cmocka_unit_test(the_checks_are_those_of_the_page));
