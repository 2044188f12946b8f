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

/* Position in the wanted order of each record that is in it, in the order in which they are now. */
static size_t
first_out_of_place(const struct collection *records, const char *const *uuids, size_t count)
{
	size_t at = 0;

	for (size_t i = 0; i < collection_count(records) && at < count; i++) {
		const char *uuid = collection_at(records, i)->uuid;

		if (strcmp(uuid, uuids[at]) == 0) {
			at++;
			continue;
		}
		/* Not in the list at all: somebody else's. */
		size_t later = at + 1;

		while (later < count && strcmp(uuid, uuids[later]) != 0)
			later++;
		if (later < count)
			return at;
	}
	return count;
}

void
keep_order(struct request *request, const struct resource *resource, const char *const *uuids,
           size_t count)
{
	const struct collection *records = snapshot_collection(request->snapshot, resource);
	size_t                   at = first_out_of_place(records, uuids, count);

	/* What "top" does: only the first one moves. */
	if (at == 0 && count > 0 && change_place_first(request->change, resource, text_of(uuids[0]))) {
		records = snapshot_collection(request->snapshot, resource);
		at = first_out_of_place(records, uuids, count);
	}
	for (; at < count; at++)
		change_place_last(request->change, resource, text_of(uuids[at]));
}
