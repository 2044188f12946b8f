/* Runs the cases: make, fill, complete, check, compare. */
#include "cases.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "model/registry.h"
#include "scenario/setup.h"
#include "schema/lists.h"

static void
fill(struct record *record, const char *values, const struct view *view)
{
	struct text rest = text_of(values), pair;

	while (text_next(&rest, ";", &pair)) {
		struct text   value = pair;
		const char   *name = arena_copy(view->arena, text_until(&value, '='));
		const size_t  at = strcmp(name, "uuid") == 0 ? SIZE_MAX : resource_field(record->resource, name);

		if (at != SIZE_MAX)
			record_put(record, at, field_normal(&record->resource->fields[at], arena_copy(view->arena, value), view));
	}
}

/* "uuid=..." in front of the values. */
static const char *
uuid_in(const char *values, struct arena *arena)
{
	struct text rest = text_of(values);

	if (!text_starts(rest, TEXT("uuid=")))
		return NULL;
	rest = text_after(rest, 5);
	return arena_copy(arena, text_until(&rest, ';'));
}

static struct record *
fresh_record(const struct resource *resource, const struct view *view)
{
	struct record *record = record_make(view->arena, resource);
	struct view    own = *view;

	own.record = record;
	for (size_t i = 0; i < resource->nfields; i++)
		if (resource->fields[i].type->fresh)
			record_put(record, i, resource->fields[i].type->fresh(&resource->fields[i], &own));
	return record;
}

static const struct resource *
find(const struct schema *schema, const char *name)
{
	const struct resource *resource = schema_named(schema, name);

	BUG_IF(!resource, "no resource %s", name);
	return resource;
}

static void
put(struct snapshot *draft, const struct given *given, const struct view *view)
{
	const struct resource *resource = find(snapshot_schema(draft), given->resource);
	struct record         *record = record_make(view->arena, resource);
	struct view            own = *view;

	own.record = record;
	fill(record, given->values, &own);
	if (resource->complete)
		resource->complete(record, NULL, &own);
	snprintf(record->uuid, sizeof(record->uuid), "%s", given->uuid);
	struct record *sealed = record_seal(record);

	snapshot_put(draft, sealed);
	record_release(sealed);
}

/* The fields at fault, and in *details the messages. */
static const char *
faults_of(const struct check_case *one, const struct snapshot *snapshot, const struct view *view, struct buffer *details)
{
	const struct resource *resource = find(snapshot_schema(snapshot), one->resource);
	const char            *uuid = uuid_in(one->values, view->arena);
	const struct record   *before =
		uuid ? collection_find(snapshot_collection(snapshot, resource), text_of(uuid)) : NULL;
	struct record *record = before ? record_copy(view->arena, before) : fresh_record(resource, view);
	struct faults  faults = { .arena = view->arena };
	struct view    own = *view;
	scoped_buffer  names = BUFFER_NONE;

	own.record = record;
	fill(record, one->values, &own);
	if (resource->complete)
		resource->complete(record, before, &own);
	record_check(record, before, false, &own, &faults);
	for (const struct fault *fault = faults.first; fault; fault = fault->next) {
		buffer_print(details, "\n\t%s: %s", fault->field, fault->message);
		if (!entries_have(buffer_string(&names), ' ', text_of(fault->field)))
			buffer_print(&names, "%s%s", names.len ? " " : "", fault->field);
	}
	return arena_copy(view->arena, buffer_text(&names));
}

void
cases_run(const struct given *given, size_t ngiven, const struct check_case *cases, size_t ncases)
{
	scoped_arena       arena = arena_new();
	struct schema     *schema = schema_new(registry, registry_count);
	struct snapshot   *draft = setup_snapshot(schema);
	const struct facts facts = setup_facts(arena, VECTORS "/opnsense");
	const struct view  view = { arena, draft, &facts, NULL };
	size_t             wrong = 0;

	for (size_t i = 0; i < ngiven; i++)
		put(draft, &given[i], &view);
	for (size_t i = 0; i < ncases; i++) {
		scoped_buffer details = BUFFER_NONE;
		const char   *faults = faults_of(&cases[i], draft, &view, &details);

		if (strcmp(faults, cases[i].faults) == 0)
			continue;
		wrong++;
		print_error("%s \"%s\": faults \"%s\", not \"%s\"%s\n", cases[i].resource, cases[i].values, faults,
		            cases[i].faults, buffer_string(&details));
	}
	snapshot_release(draft);
	schema_free(schema);
	CHECK_NUMBER(wrong, 0);
}
