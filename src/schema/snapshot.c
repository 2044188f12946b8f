/*
 * Snapshots hold counted collections; collections hold counted records in order and
 * a hash index from uuid to position. A draft owns the collections it has changed.
 */
#include "schema/snapshot.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

#define INDEX_FREE UINT32_MAX

struct collection {
	_Atomic(unsigned)      holds;
	const struct resource *resource;
	uint64_t               stamp;
	size_t                 count, room;
	const struct record  **records;
	uint32_t              *index; /* NULL until somebody needs it: only while private */
	size_t                 index_room;
	const struct snapshot *owner; /* the draft that may change it */
};

struct snapshot {
	_Atomic(unsigned)    holds;
	const struct schema *schema;
	uint64_t             revision;
	struct collection  **collections; /* one for each resource */
	struct record      **defaults;    /* of singletons, made with the first snapshot, shared for good */
};

static _Atomic(uint64_t) last_stamp;

static void *
take(size_t size)
{
	void *memory = calloc(1, size ? size : 1);

	BUG_IF(!memory, "out of memory: %zu bytes", size);
	return memory;
}

/* --- the uuid index ------------------------------------------------------------------------- */

static size_t
index_slot(const struct collection *collection, struct text uuid)
{
	size_t at = text_hash(uuid) & (collection->index_room - 1);

	while (collection->index[at] != INDEX_FREE &&
	       !text_is(uuid, collection->records[collection->index[at]]->uuid))
		at = (at + 1) & (collection->index_room - 1);
	return at;
}

static void
index_build(struct collection *collection)
{
	size_t room = 16;

	while (room < collection->room * 2)
		room *= 2;
	if (room != collection->index_room) {
		free(collection->index);
		collection->index = take(room * sizeof(*collection->index));
		collection->index_room = room;
	}
	memset(collection->index, 0xff, room * sizeof(*collection->index));
	for (size_t i = 0; i < collection->count; i++)
		collection->index[index_slot(collection, text_of(collection->records[i]->uuid))] = (uint32_t)i;
}

/* --- collections ---------------------------------------------------------------------------- */

static struct collection *
collection_new(const struct resource *resource, size_t room)
{
	struct collection *collection = take(sizeof(*collection));

	atomic_store(&collection->holds, 1);
	collection->resource = resource;
	collection->room = room;
	collection->records = take(room * sizeof(*collection->records));
	collection->stamp = atomic_fetch_add(&last_stamp, 1) + 1;
	return collection;
}

static void
collection_release(struct collection *collection)
{
	if (atomic_fetch_sub(&collection->holds, 1) != 1)
		return;
	for (size_t i = 0; i < collection->count; i++)
		record_release(collection->records[i]);
	free(collection->records);
	free(collection->index);
	free(collection);
}

/* The draft's own copy, made when it changes the collection for the first time. */
static struct collection *
own(struct snapshot *draft, const struct resource *resource)
{
	const size_t       at = schema_index(draft->schema, resource);
	struct collection *old = draft->collections[at];

	if (old->owner == draft) {
		old->stamp = atomic_fetch_add(&last_stamp, 1) + 1;
		return old;
	}
	struct collection *copy = collection_new(resource, old->count + old->count / 8 + 4);

	copy->owner = draft;
	copy->count = old->count;
	for (size_t i = 0; i < old->count; i++)
		copy->records[i] = record_hold(old->records[i]);
	index_build(copy);
	draft->collections[at] = copy;
	collection_release(old);
	return copy;
}

size_t
collection_count(const struct collection *collection)
{
	return collection->count;
}

const struct record *
collection_at(const struct collection *collection, size_t at)
{
	BUG_IF(at >= collection->count, "%s: no record %zu", collection->resource->name, at);
	return collection->records[at];
}

size_t
collection_position(const struct collection *collection, struct text uuid)
{
	if (collection->count == 0)
		return SIZE_MAX;
	const uint32_t at = collection->index[index_slot(collection, uuid)];

	return at == INDEX_FREE ? SIZE_MAX : at;
}

const struct record *
collection_find(const struct collection *collection, struct text uuid)
{
	const size_t at = collection_position(collection, uuid);

	return at == SIZE_MAX ? NULL : collection->records[at];
}

const struct record *
collection_where(const struct collection *collection, const char *field, struct text value)
{
	const size_t at = resource_field(collection->resource, field);

	for (size_t i = 0; i < collection->count; i++)
		if (text_is(value, collection->records[i]->values[at]))
			return collection->records[i];
	return NULL;
}

uint64_t
collection_stamp(const struct collection *collection)
{
	return collection->stamp;
}

/* --- snapshots ------------------------------------------------------------------------------ */

static struct record **
make_defaults(const struct schema *schema)
{
	struct record **defaults = take(schema_count(schema) * sizeof(struct record *));

	for (size_t i = 0; i < schema_count(schema); i++) {
		scoped_arena arena = arena_new();

		if (schema_at(schema, i)->shape == SINGLETON)
			defaults[i] = record_seal(record_make(arena, schema_at(schema, i)));
	}
	return defaults;
}

struct snapshot *
snapshot_new(const struct schema *schema)
{
	struct snapshot *snapshot = take(sizeof(*snapshot));

	atomic_store(&snapshot->holds, 1);
	snapshot->schema = schema;
	snapshot->collections = take(schema_count(schema) * sizeof(struct collection *));
	snapshot->defaults = take(schema_count(schema) * sizeof(struct record *));
	struct record **defaults = make_defaults(schema);

	memcpy(snapshot->defaults, defaults, schema_count(schema) * sizeof(struct record *));
	free(defaults);
	for (size_t i = 0; i < schema_count(schema); i++)
		snapshot->collections[i] = collection_new(schema_at(schema, i), 0);
	return snapshot;
}

struct snapshot *
snapshot_draft(const struct snapshot *from)
{
	const size_t     count = schema_count(from->schema);
	struct snapshot *draft = take(sizeof(*draft));

	atomic_store(&draft->holds, 1);
	draft->schema = from->schema;
	draft->revision = from->revision;
	draft->collections = take(count * sizeof(struct collection *));
	draft->defaults = take(count * sizeof(struct record *));
	for (size_t i = 0; i < count; i++) {
		draft->collections[i] = from->collections[i];
		atomic_fetch_add(&draft->collections[i]->holds, 1);
		if (from->defaults[i])
			draft->defaults[i] = (struct record *)record_hold(from->defaults[i]);
	}
	return draft;
}

const struct snapshot *
snapshot_hold(const struct snapshot *snapshot)
{
	atomic_fetch_add(&((struct snapshot *)snapshot)->holds, 1);
	return snapshot;
}

void
snapshot_release(const struct snapshot *held)
{
	struct snapshot *snapshot = (struct snapshot *)held;

	if (!snapshot || atomic_fetch_sub(&snapshot->holds, 1) != 1)
		return;
	for (size_t i = 0; i < schema_count(snapshot->schema); i++) {
		/* Another snapshot may get this address: no collection may think that it is its owner. */
		if (snapshot->collections[i]->owner == snapshot)
			snapshot->collections[i]->owner = NULL;
		collection_release(snapshot->collections[i]);
		record_release(snapshot->defaults[i]);
	}
	free(snapshot->collections);
	free(snapshot->defaults);
	free(snapshot);
}

const struct schema *
snapshot_schema(const struct snapshot *snapshot)
{
	return snapshot->schema;
}

uint64_t
snapshot_revision(const struct snapshot *snapshot)
{
	return snapshot->revision;
}

void
snapshot_set_revision(struct snapshot *draft, uint64_t revision)
{
	draft->revision = revision;
}

const struct collection *
snapshot_collection(const struct snapshot *snapshot, const struct resource *resource)
{
	return snapshot->collections[schema_index(snapshot->schema, resource)];
}

const struct collection *
snapshot_named(const struct snapshot *snapshot, const char *name)
{
	const struct resource *resource = schema_find(snapshot->schema, text_of(name));

	BUG_IF(!resource, "no resource %s", name);
	return snapshot_collection(snapshot, resource);
}

const struct record *
snapshot_single(const struct snapshot *snapshot, const char *name)
{
	const struct collection *collection = snapshot_named(snapshot, name);

	if (collection->count > 0)
		return collection->records[0];
	return snapshot->defaults[schema_index(snapshot->schema, collection->resource)];
}

/* --- changing a draft ----------------------------------------------------------------------- */

static void
make_room(struct collection *collection)
{
	if (collection->count < collection->room)
		return;
	collection->room = collection->room * 2 + 4;
	collection->records = realloc(collection->records, collection->room * sizeof(*collection->records));
	BUG_IF(!collection->records, "out of memory");
}

/* Move a record along until its neighbours' places fit; true when it moved. */
static bool
settle(struct collection *collection, size_t at)
{
	const struct record **records = collection->records;
	const struct record  *record = records[at];
	const size_t          from = at;

	for (; at > 0 && records[at - 1]->place > record->place; at--)
		records[at] = records[at - 1];
	for (; at + 1 < collection->count && records[at + 1]->place < record->place; at++)
		records[at] = records[at + 1];
	records[at] = record;
	return at != from;
}

void
snapshot_put(struct snapshot *draft, const struct record *record)
{
	struct collection *collection = own(draft, record->resource);
	const size_t       at = collection_position(collection, text_of(record->uuid));

	BUG_IF(record->uuid[0] == '\0', "%s: a record without uuid", record->resource->name);
	record_hold(record);
	if (at != SIZE_MAX) {
		record_release(collection->records[at]);
		collection->records[at] = record;
		if (settle(collection, at))
			index_build(collection);
		return;
	}
	make_room(collection);
	collection->records[collection->count++] = record;
	const bool moved = settle(collection, collection->count - 1);

	if (moved || collection->index_room < collection->count * 2)
		index_build(collection);
	else
		collection->index[index_slot(collection, text_of(record->uuid))] = (uint32_t)(collection->count - 1);
}

bool
snapshot_remove(struct snapshot *draft, const struct resource *resource, struct text uuid)
{
	if (!collection_find(snapshot_collection(draft, resource), uuid))
		return false;
	struct collection *collection = own(draft, resource);
	const size_t       at = collection_position(collection, uuid);

	record_release(collection->records[at]);
	memmove(&collection->records[at], &collection->records[at + 1],
		(collection->count - at - 1) * sizeof(*collection->records));
	collection->count--;
	index_build(collection);
	return true;
}
