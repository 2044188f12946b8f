/* Any text for any field: two bytes say which field, the rest is the value. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/registry.h"
#include "schema/snapshot.h"
#include "schema/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The field with this number, counted through all resources. */
static const struct resource *
resource_with(size_t number, size_t *field)
{
	size_t total = 0;

	for (size_t i = 0; i < registry_count; i++)
		total += registry[i]->nfields;
	number %= total;
	for (size_t i = 0;; i++) {
		if (number < registry[i]->nfields) {
			*field = number;
			return registry[i];
		}
		number -= registry[i]->nfields;
	}
}

static void
use(const struct record *before, struct record *record, struct view *view)
{
	struct faults faults = { .arena = view->arena };

	if (record->resource->complete)
		record->resource->complete(record, before, view);
	record_check(record, before, before != NULL, view, &faults);
	for (size_t i = 0; i < record->resource->nfields; i++) {
		const struct field *field = &record->resource->fields[i];

		field_label(field, record->values[i], view);
		if (field->derive)
			field->derive(record, view);
	}
	if (record->resource->spread)
		record->resource->spread(record, before, view);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct schema   *schema;
	static struct snapshot *snapshot;
	scoped_arena            arena = arena_new();
	size_t                  field;

	if (size < 2)
		return 0;
	schema = schema ? schema : schema_new(registry, registry_count);
	snapshot = snapshot ? snapshot : snapshot_new(schema);
	const struct resource *resource = resource_with((size_t)(data[0] << 8 | data[1]), &field);
	struct record         *record = record_make(arena, resource);
	struct view            view = { arena, snapshot, NULL, record };
	const char            *value = arena_copy(arena, (struct text){ (const char *)data + 2, size - 2 });

	record_put(record, field, field_normal(&resource->fields[field], value, &view));
	use(NULL, record, &view);
	struct record *sealed = record_seal(record);

	record = record_edit(sealed, &view);
	view.record = record;
	use(sealed, record, &view);
	record_release(sealed);
	return 0;
}
