/* Edits of the change that a request is about to make. */
#include "dialect/pfsense/keep.h"

const char *
keep_record(struct request *request, struct record *record)
{
	return change_put(request->change, record)->uuid;
}

void
keep_removed(struct request *request, const struct resource *resource, struct text uuid)
{
	change_remove(request->change, resource, uuid);
}

void
keep_behind(struct request *request, const struct resource *resource, const char *uuid, const char *previous)
{
	const struct collection *records = snapshot_collection(request->snapshot, resource);
	const size_t             at = previous ? collection_position(records, text_of(previous)) + 1 : 0;
	const struct record     *next = at < collection_count(records) ? collection_at(records, at) : NULL;

	if (!next)
		change_place_last(request->change, resource, text_of(uuid));
	else if (strcmp(next->uuid, uuid) != 0)
		change_place_before(request->change, resource, text_of(uuid), text_of(next->uuid));
}
