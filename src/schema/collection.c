/* The records of a resource: in order (order.h), by uuid, and by the field people know them by (lookup.h). */
#include "schema/collection.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "schema/lookup.h"
#include "schema/order.h"
#include "schema/shared.h"

struct collection {
	_Atomic(unsigned)      holds;
	const struct resource *resource;
	uint64_t               stamp;
	struct order           order;
	struct lookup          uuids;
	struct lookup          keys; /* of the records whose key is not empty; unused without a key */
};

static _Atomic(uint64_t) last_stamp;

struct collection *
collection_new(const struct resource *resource)
{
	struct collection *collection = take_memory(sizeof(*collection));

	atomic_store_explicit(&collection->holds, 1, memory_order_relaxed);
	collection->resource = resource;
	collection->stamp = atomic_fetch_add(&last_stamp, 1) + 1;
	collection->uuids.field = LOOKUP_UUID;
	collection->keys.field = resource->key ? resource_find_field(resource, text_of(resource->key)) : SIZE_MAX;
	return collection;
}

struct collection *
collection_hold(struct collection *collection)
{
	hold(&collection->holds);
	return collection;
}

void
collection_release(struct collection *collection)
{
	if (!let_go(&collection->holds))
		return;
	order_clear(&collection->order);
	lookup_clear(&collection->uuids);
	lookup_clear(&collection->keys);
	free(collection);
}

/* Make sure that nobody else has it, and that it is known as changed. */
static struct collection *
own(struct collection **slot)
{
	struct collection *old = *slot;

	if (!is_shared(&old->holds)) {
		old->stamp = atomic_fetch_add(&last_stamp, 1) + 1;
		return old;
	}
	*slot = collection_new(old->resource);
	order_share(&(*slot)->order, &old->order);
	lookup_share(&(*slot)->uuids, &old->uuids);
	lookup_share(&(*slot)->keys, &old->keys);
	collection_release(old);
	return *slot;
}

static bool
has_key(const struct collection *collection, const struct record *record)
{
	return record && collection->keys.field != SIZE_MAX && record->values[collection->keys.field][0] != '\0';
}

/* Both tables learn that a record takes the place of another; either may be NULL. */
static void
replace(struct collection *collection, const struct record *before, const struct record *after)
{
	const struct record *old = has_key(collection, before) ? before : NULL;
	const struct record *new = has_key(collection, after) ? after : NULL;

	lookup_replace(&collection->uuids, before, after);
	if (old || new)
		lookup_replace(&collection->keys, old, new);
}

void
collection_put(struct collection **slot, const struct record *record)
{
	struct collection   *collection = own(slot);
	const struct record *before = lookup_find(&collection->uuids, text_of(record->uuid));

	record_hold(record);
	replace(collection, before, record);
	if (before && before->place == record->place) {
		order_replace(&collection->order, order_position(&collection->order, before), record);
	} else {
		if (before)
			order_remove(&collection->order, order_position(&collection->order, before));
		order_insert(&collection->order, record);
	}
	record_release(before);
}

bool
collection_remove(struct collection **slot, struct text uuid)
{
	const struct record *record = collection_find(*slot, uuid);

	if (!record)
		return false;
	struct collection *collection = own(slot);

	replace(collection, record, NULL);
	order_remove(&collection->order, order_position(&collection->order, record));
	record_release(record);
	return true;
}

/* --- readers -------------------------------------------------------------------------------- */

size_t
collection_count(const struct collection *collection)
{
	return collection->order.count;
}

const struct record *
collection_at(const struct collection *collection, size_t position)
{
	BUG_IF(position >= collection->order.count, "%s: no record %zu", collection->resource->name, position);
	return order_at(&collection->order, position);
}

const struct record *
collection_find(const struct collection *collection, struct text uuid)
{
	return lookup_find(&collection->uuids, uuid);
}

size_t
collection_position(const struct collection *collection, struct text uuid)
{
	const struct record *record = collection_find(collection, uuid);

	return record ? order_position(&collection->order, record) : SIZE_MAX;
}

const struct record *
collection_where(const struct collection *collection, const char *field, struct text value)
{
	const size_t at = resource_field(collection->resource, field);

	if (at == collection->keys.field && value.len > 0)
		return lookup_find(&collection->keys, value);
	for (size_t i = 0; i < collection->order.count; i++) {
		const struct record *record = order_at(&collection->order, i);

		if (text_is(value, record->values[at]))
			return record;
	}
	return NULL;
}

uint64_t
collection_stamp(const struct collection *collection)
{
	return collection->stamp;
}
