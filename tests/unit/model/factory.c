/* What a fresh box holds passes its own checks. */
#include "model/factory.h"

#include <stdio.h>
#include <string.h>

#include "model/registry.h"
#include "scenario/setup.h"
#include "schema/type.h"
#include "test.h"

static struct record *
make(struct arena *arena, const struct schema *schema, const struct factory_record *from, size_t number)
{
	const struct resource *resource = schema_named(schema, from->resource);
	struct record         *record;

	BUG_IF(!resource, "no resource %s", from->resource);
	record = record_make(arena, resource);
	if (from->uuid)
		snprintf(record->uuid, sizeof(record->uuid), "%s", from->uuid);
	else
		snprintf(record->uuid, sizeof(record->uuid), "00000000-0000-4000-8000-%012u", (unsigned)(number % 100000));
	for (size_t i = 0; from->values[i]; i += 2)
		record_set(record, from->values[i], from->values[i + 1]);
	return record;
}

TEST(the_factory_configuration_has_no_faults)
{
	scoped_arena       arena = arena_new();
	struct schema     *schema = schema_new(registry, registry_count);
	struct snapshot   *draft = snapshot_new(schema);
	const struct facts facts = setup_facts(arena, VECTORS "/opnsense");
	struct view        view = { arena, draft, &facts, NULL };
	struct faults      faults = { .arena = arena };
	struct record    **records = ARENA_MAKE(arena, struct record *, factory_records_count);
	/* The administrator is made when the box is. */
	const struct factory_record root = { "auth.user", "00000000-0000-4000-8000-000000000000",
		                             (const char *const[]){ "uid", "0", "name", "admin", NULL } };
	struct record *administrator = record_seal(make(arena, schema, &root, 0));

	snapshot_put(draft, administrator);
	record_release(administrator);

	for (size_t i = 0; i < factory_records_count; i++) {
		records[i] = make(arena, schema, &factory_records[i], i);
		view.record = records[i];
		for (size_t j = 0; j < records[i]->resource->nfields; j++)
			if (records[i]->resource->fields[j].type->fresh && records[i]->values[j][0] == '\0')
				record_put(records[i], j, records[i]->resource->fields[j].type->fresh(&records[i]->resource->fields[j], &view));
		struct record *sealed = record_seal(records[i]);

		snapshot_put(draft, sealed);
		record_release(sealed);
	}
	for (size_t i = 0; i < factory_records_count; i++)
		record_check(records[i], NULL, false, &view, &faults);
	for (const struct fault *fault = faults.first; fault; fault = fault->next)
		print_error("%s: %s\n", fault->field, fault->message);
	snapshot_release(draft);
	schema_free(schema);
	CHECK_NUMBER(faults.count, 0);
}

RUN(cmocka_unit_test(the_factory_configuration_has_no_faults));
