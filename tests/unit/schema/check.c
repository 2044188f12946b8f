/* Constraints between fields, and between records. */
#include "schema/snapshot.h"
#include "schema/types.h"

#include "base/buffer.h"
#include "test.h"

/* clang-format off */
static const struct field fields[] = {
	{ "name", &type_text, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "kind", .any_case = true }) },
	{ "kind", &type_text, .preset = "plain", .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "name" }) },
	{ "user", &type_text, .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "password" }) },
	{ "password", &type_text },
	{ "size", &type_text, .constraints = CONSTRAINTS({ CONSTRAINT_SET, "unit" }) },
	{ "unit", &type_text },
	{ "key", &type_text, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "kind", "keyed" }) },
	{ "first", &type_text, .constraints = CONSTRAINTS({ CONSTRAINT_SINGLE_SELECT, "second", .required = true }) },
	{ "second", &type_text },
	{ "from", &type_integer, .constraints = CONSTRAINTS({ CONSTRAINT_ALL_OR_NONE, "to" }, { CONSTRAINT_COMPARE, "to", "lt" }) },
	{ "to", &type_integer },
};
/* clang-format on */

static const struct resource thing = { .name = "test.thing", .summary = "Thing", .fields = fields, .nfields = COUNT(fields) };
static const struct resource *const resources[] = { &thing };

/* Names of the fields at fault, joined by blanks. */
static const char *
faults_of(struct arena *arena, const struct snapshot *snapshot, const struct record *record, const struct record *before)
{
	const struct view view = { arena, snapshot, NULL, record };
	struct faults     faults = { .arena = arena };
	scoped_buffer     names = BUFFER_NONE;

	record_check(record, before, before != NULL, &view, &faults);
	for (const struct fault *fault = faults.first; fault; fault = fault->next)
		buffer_print(&names, "%s%s", names.len ? " " : "", fault->field);
	return arena_copy(arena, buffer_text(&names));
}

static struct record *
filled(struct arena *arena, const char *pairs)
{
	struct record *record = record_make(arena, &thing);
	struct text    rest = text_of(pairs), pair;

	record_set(record, "name", "n");
	record_set(record, "first", "x");
	while (text_next(&rest, " ", &pair)) {
		struct text value = pair;
		const char *name = arena_copy(arena, text_until(&value, '='));

		record_set(record, name, arena_copy(arena, value));
	}
	return record;
}

TEST(constraints_see_what_goes_together)
{
	static const struct {
		const char *pairs, *faults;
	} cases[] = {
		{ "", "" },
		{ "name=", "name" },
		{ "password=x", "user" },
		{ "password=0", "" },
		{ "unit=0", "size" },
		{ "kind=keyed", "key" },
		{ "kind=keyed key=1", "" },
		{ "second=y", "first" },
		{ "first=", "first" },
		{ "to=5", "from" },
		{ "from=4 to=5", "" },
		{ "from=5 to=5", "from" },
	};
	scoped_arena   arena = arena_new();
	struct schema *schema = schema_new(resources, 1);
	struct snapshot *snapshot = snapshot_new(schema);

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_STRING(faults_of(arena, snapshot, filled(arena, cases[i].pairs), NULL), cases[i].faults);
	snapshot_release(snapshot);
	schema_free(schema);
}

TEST(uniqueness_does_not_meet_itself_and_only_looks_at_what_changed)
{
	scoped_arena   arena = arena_new();
	struct schema *schema = schema_new(resources, 1);
	struct snapshot *draft = snapshot_new(schema);
	struct record   *stored = filled(arena, "name=Same"), *twin = filled(arena, "name=sAME");

	memcpy(stored->uuid, "00000000-0000-4000-8000-000000000001", UUID_LENGTH + 1);
	struct record *sealed = record_seal(stored);

	snapshot_put(draft, sealed);
	CHECK_STRING(faults_of(arena, draft, stored, NULL), "");
	CHECK_STRING(faults_of(arena, draft, twin, NULL), "name name"); /* the second by reference of kind */
	CHECK_STRING(faults_of(arena, draft, filled(arena, "name=Same kind=other"), NULL), "");
	CHECK_STRING(faults_of(arena, draft, twin, twin), "");
	CHECK_STRING(faults_of(arena, draft, twin, filled(arena, "name=sAME kind=other")), "name");
	record_release(sealed);
	snapshot_release(draft);
	schema_free(schema);
}

/* clang-format off */
static const struct field wrong[] = {
	{ "a", &type_text, .mask = "(" },
	{ "a", &type_text },
	{ "b", &type_integer, .preset = "x" },
	{ "c", &type_relation, .relations = RELATIONS({ "no.such", "name" }) },
	{ "d", &type_text, .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "nosuch" }) },
};
/* clang-format on */

TEST(mistakes_in_tables_are_found)
{
	static const struct resource        resource = { .name = "test.wrong", .summary = "W", .fields = wrong, .nfields = COUNT(wrong) };
	static const struct resource *const all[] = { &resource };
	struct schema                      *schema = schema_new(all, 1);
	scoped_buffer                       mistakes = BUFFER_NONE;
	size_t                              lines = 0;

	CHECK(!schema_check(schema, NULL, &mistakes));
	for (size_t i = 0; i < mistakes.len; i++)
		lines += mistakes.bytes[i] == '\n';
	CHECK_NUMBER(lines, 5);
	schema_free(schema);
}

RUN(cmocka_unit_test(constraints_see_what_goes_together),
    cmocka_unit_test(uniqueness_does_not_meet_itself_and_only_looks_at_what_changed),
    cmocka_unit_test(mistakes_in_tables_are_found));
