/* Removing what there is, and putting what there was at first. */
#include "api/factory.h"

#include <stdio.h>
#include <string.h>

#include "schema/snapshot.h"

struct record *
factory_make(struct arena *arena, const struct schema *schema, const struct factory_record *row)
{
	const struct resource *kind = schema_named(schema, row->resource);

	BUG_IF(!kind, "no resource %s", row->resource);
	struct record *record = record_make(arena, kind);

	snprintf(record->uuid, sizeof(record->uuid), "%s", row->uuid ? row->uuid : "");
	for (size_t i = 0; row->values[i]; i += 2)
		record_set(record, row->values[i], row->values[i + 1]);
	return record;
}

static void
remove_but(struct request *request, const struct resource *resource, const char *field, const char *value)
{
	const struct collection *collection = snapshot_collection(request->snapshot, resource);
	const size_t             count = collection_count(collection);
	const char             **uuids = ARENA_MAKE(request->arena, const char *, count + 1);
	size_t                   going = 0;

	for (size_t i = 0; i < count; i++) {
		const struct record *record = collection_at(collection, i);

		if (!field || strcmp(record_get(record, field), value) != 0)
			uuids[going++] = arena_copy(request->arena, text_of(record->uuid));
	}
	for (size_t i = 0; i < going; i++)
		change_remove(request->change, resource, text_of(uuids[i]));
}

void
factory_remove_all(struct request *request, const struct resource *resource)
{
	remove_but(request, resource, NULL, NULL);
}

void
factory_restore(struct request *request)
{
	const struct service    *service = request->service;
	const struct schema     *schema = service->schema;
	const struct collection *interfaces = snapshot_named(request->snapshot, "interfaces.interface");
	const struct record     *kept[] = { collection_find(interfaces, TEXT("wan")),
					    collection_find(interfaces, TEXT("lan")) };

	for (size_t i = 0; i < COUNT(kept); i++)
		if (kept[i])
			kept[i] = record_copy(request->arena, kept[i]);
	for (size_t i = 0; i < schema_count(schema); i++) {
		const bool are_users = strcmp(schema_at(schema, i)->name, "auth.user") == 0;

		remove_but(request, schema_at(schema, i), are_users ? "uid" : NULL, "0");
	}
	for (size_t i = 0; i < service->nfactory; i++) {
		struct record *record = factory_make(request->arena, schema, &service->factory[i]);

		for (size_t j = 0; j < COUNT(kept); j++)
			if (kept[j] && kept[j]->resource == record->resource && strcmp(kept[j]->uuid, record->uuid) == 0)
				record_set(record, "if", record_get(kept[j], "if"));
		change_put(request->change, record);
	}
}
