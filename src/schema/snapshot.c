/*
 * Snapshots: a counted collection for each resource. A draft shares all of them with
 * where it came from until it changes one. Nothing that is held twice is ever changed,
 * so a draft of a draft is as safe as any.
 */
#include "schema/snapshot.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "schema/collection.h"
#include "schema/shared.h"

/* Of singletons; made with the first snapshot, shared by all that come from it. */
struct defaults {
	_Atomic(unsigned)    holds;
	const struct record *records[]; /* NULL: not a singleton */
};

struct snapshot {
	_Atomic(int64_t)     holds;
	const struct schema *schema;
	uint64_t             revision, stamp;
	bool                 frozen;
	struct defaults     *defaults;
	struct collection   *collections[]; /* one for each resource */
};

static _Atomic(uint64_t) last_stamp;

static struct defaults *
defaults_new(const struct schema *schema)
{
	struct defaults *defaults = take_memory(sizeof(*defaults) + schema_count(schema) * sizeof(struct record *));
	scoped_arena     arena = arena_new();

	atomic_store(&defaults->holds, 1);
	for (size_t i = 0; i < schema_count(schema); i++)
		if (schema_at(schema, i)->shape == SINGLETON)
			defaults->records[i] = record_seal(record_make(arena, schema_at(schema, i)));
	return defaults;
}

static void
defaults_release(struct defaults *defaults, size_t count)
{
	if (atomic_fetch_sub(&defaults->holds, 1) != 1)
		return;
	for (size_t i = 0; i < count; i++)
		record_release(defaults->records[i]);
	free(defaults);
}

static struct snapshot *
make(const struct schema *schema, struct defaults *defaults)
{
	struct snapshot *snapshot =
		take_memory(sizeof(*snapshot) + schema_count(schema) * sizeof(struct collection *));

	atomic_store(&snapshot->holds, 1);
	snapshot->stamp = atomic_fetch_add(&last_stamp, 1) + 1;
	snapshot->schema = schema;
	snapshot->defaults = defaults;
	return snapshot;
}

struct snapshot *
snapshot_new(const struct schema *schema)
{
	struct snapshot *snapshot = make(schema, defaults_new(schema));

	for (size_t i = 0; i < schema_count(schema); i++)
		snapshot->collections[i] = collection_new(schema_at(schema, i));
	return snapshot;
}

struct snapshot *
snapshot_draft(const struct snapshot *from)
{
	struct snapshot *draft = make(from->schema, from->defaults);

	atomic_fetch_add(&draft->defaults->holds, 1);
	draft->revision = from->revision;
	for (size_t i = 0; i < schema_count(from->schema); i++)
		draft->collections[i] = (struct collection *)collection_hold(from->collections[i]);
	return draft;
}

const struct snapshot *
snapshot_hold(const struct snapshot *snapshot)
{
	return snapshot_hold_many(snapshot, 1);
}

const struct snapshot *
snapshot_hold_many(const struct snapshot *snapshot, int64_t n)
{
	atomic_fetch_add(&((struct snapshot *)snapshot)->holds, n);
	return snapshot;
}

void
snapshot_release(const struct snapshot *held)
{
	if (held)
		snapshot_release_many(held, 1);
}

void
snapshot_release_many(const struct snapshot *held, int64_t n)
{
	struct snapshot *snapshot = (struct snapshot *)held;

	if (atomic_fetch_sub(&snapshot->holds, n) != n)
		return;
	for (size_t i = 0; i < schema_count(snapshot->schema); i++)
		collection_release(snapshot->collections[i]);
	defaults_release(snapshot->defaults, schema_count(snapshot->schema));
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

uint64_t
snapshot_stamp(const struct snapshot *snapshot)
{
	return snapshot->stamp;
}

void
snapshot_set_revision(struct snapshot *draft, uint64_t revision)
{
	BUG_IF(draft->frozen, "a published snapshot does not change");
	draft->revision = revision;
}

void
snapshot_freeze(struct snapshot *draft)
{
	draft->frozen = true;
}

const struct collection *
snapshot_collection(const struct snapshot *snapshot, const struct resource *resource)
{
	return snapshot->collections[schema_index(snapshot->schema, resource)];
}

const struct collection *
snapshot_named(const struct snapshot *snapshot, const char *name)
{
	const struct resource *resource = schema_named(snapshot->schema, name);

	BUG_IF(!resource, "no resource %s", name);
	return snapshot_collection(snapshot, resource);
}

const struct record *
snapshot_single(const struct snapshot *snapshot, const char *name)
{
	const struct resource *resource = schema_named(snapshot->schema, name);

	BUG_IF(!resource, "no resource %s", name);
	BUG_IF(resource->shape != SINGLETON, "%s is a collection", name);
	const size_t at = schema_index(snapshot->schema, resource);

	return collection_count(snapshot->collections[at]) > 0 ? collection_at(snapshot->collections[at], 0)
							       : snapshot->defaults->records[at];
}

void
snapshot_put(struct snapshot *draft, const struct record *record)
{
	BUG_IF(draft->frozen, "a published snapshot does not change");
	BUG_IF(record->uuid[0] == '\0', "%s: a record without uuid", record->resource->name);
	BUG_IF(atomic_load(&record->holds) == 0, "%s: a record that is not sealed", record->resource->name);
	collection_put(&draft->collections[schema_index(draft->schema, record->resource)], record);
}

bool
snapshot_remove(struct snapshot *draft, const struct resource *resource, struct text uuid)
{
	BUG_IF(draft->frozen, "a published snapshot does not change");
	return collection_remove(&draft->collections[schema_index(draft->schema, resource)], uuid);
}
