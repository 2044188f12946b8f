/*
 * Revision R gives the three "fixed" rows the name R, adds a row R and removes the row R - 4. The
 * setting "last" is the last revision of the batch: a batch that is there in part is found out by it.
 */
#include "workload.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"

#define FIXED 3
#define ALIVE 4 /* rows besides those */
#define KEPT  20

static const struct field fields[] = { { "name" }, { "text" } };
static const struct resource rows = { .name = "test.row", .fields = fields, .nfields = COUNT(fields), .flags = ORDERED };
static const struct resource *const resources[] = { &rows };

const struct schema *
workload_schema(void)
{
	static const struct schema *made;

	return made ? made : (made = schema_new(resources, COUNT(resources)));
}

struct store *
workload_open(const char *folder, const char *vfs, struct buffer *message)
{
	return store_open(&(struct store_setup){ .schema = workload_schema(), .folder = folder, .vfs = vfs,
	                                         .keep_revisions = KEPT },
	                  message);
}

static void
put(struct change *change, const char *uuid, uint64_t revision)
{
	scoped_arena   arena = arena_new();
	struct record *record = record_make(arena, &rows);

	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	record_set(record, "name", arena_print(arena, "%llu", (unsigned long long)revision));
	/* Long enough now and then to need pages of its own. */
	record_set(record, "text", arena_print(arena, "%0*d", revision % 7 == 0 ? 6000 : 40, 7));
	change_put(change, record);
}

static void
fill(struct change *change, uint64_t revision)
{
	char uuid[UUID_LENGTH + 1];

	for (unsigned i = 0; i < FIXED; i++) {
		snprintf(uuid, sizeof(uuid), "fixed %u", i);
		put(change, uuid, revision);
	}
	snprintf(uuid, sizeof(uuid), "%llu", (unsigned long long)revision);
	put(change, uuid, revision);
	snprintf(uuid, sizeof(uuid), "%lld", (long long)revision - ALIVE);
	change_remove(change, &rows, text_of(uuid));
}

enum result
workload_commit(struct store *store, unsigned changes, struct buffer *message)
{
	scoped_arena  arena = arena_new();
	struct batch *batch = store_begin(store);
	uint64_t      last = 0;

	for (unsigned i = 0; i < changes; i++) {
		struct change *change = batch_change(batch, arena, NULL);

		fill(change, snapshot_revision(batch_snapshot(batch)) + 1);
		last = batch_accept(batch, change, false);
	}
	batch_setting(batch, "last", arena_print(arena, "%llu", (unsigned long long)last));
	return batch_commit(batch, message);
}

uint64_t
workload_revision(struct store *store)
{
	const struct snapshot *snapshot = store_snapshot(store);
	const uint64_t         revision = snapshot_revision(snapshot);

	snapshot_release(snapshot);
	return revision;
}

static void
check_row(const struct snapshot *snapshot, const char *uuid, uint64_t revision)
{
	char                 want[24];
	const struct record *record = collection_find(snapshot_collection(snapshot, &rows), text_of(uuid));

	snprintf(want, sizeof(want), "%llu", (unsigned long long)revision);
	BUG_IF(!record, "revision %s: row %s is missing", want, uuid);
	BUG_IF(strcmp(record_get(record, "name"), want) != 0, "row %s is of revision %s, not %s", uuid,
	       record_get(record, "name"), want);
	BUG_IF(strlen(record_get(record, "text")) != (revision % 7 == 0 ? 6000 : 40), "row %s was cut", uuid);
}

static void
check_snapshot(const struct snapshot *snapshot)
{
	const uint64_t revision = snapshot_revision(snapshot);
	const uint64_t alive = revision < ALIVE ? revision : ALIVE;
	const size_t   have = collection_count(snapshot_collection(snapshot, &rows));
	char           uuid[UUID_LENGTH + 1];

	BUG_IF(have != (revision ? FIXED : 0) + alive, "revision %llu has %zu rows", (unsigned long long)revision, have);
	for (unsigned i = 0; revision > 0 && i < FIXED; i++) {
		snprintf(uuid, sizeof(uuid), "fixed %u", i);
		check_row(snapshot, uuid, revision);
	}
	for (uint64_t i = revision; i > revision - alive; i--) {
		snprintf(uuid, sizeof(uuid), "%llu", (unsigned long long)i);
		check_row(snapshot, uuid, i);
	}
}

void
workload_check(struct store *store, uint64_t acknowledged, uint64_t tried)
{
	scoped_arena           arena = arena_new();
	const struct snapshot *snapshot = store_snapshot(store), *old;
	const uint64_t         revision = snapshot_revision(snapshot);
	const char            *last = store_setting(store, arena, "last");
	struct history         history;

	BUG_IF(revision < acknowledged, "revision %llu was acknowledged, the store has %llu",
	       (unsigned long long)acknowledged, (unsigned long long)revision);
	BUG_IF(revision > tried, "revision %llu was never tried", (unsigned long long)revision);
	check_snapshot(snapshot);
	snapshot_release(snapshot);
	BUG_IF(strcmp(last ? last : "0", arena_print(arena, "%llu", (unsigned long long)revision)) != 0,
	       "half a batch: the last is %s", last);
	BUG_IF(store_revisions(store, arena, 0, 0, &history) != RESULT_DONE, "no history");
	BUG_IF(history.count < (revision < KEPT ? revision : KEPT), "the history has %zu", history.count);
	if (revision == 0)
		return;
	BUG_IF(history.revisions[0].id != revision, "the history ends elsewhere");
	BUG_IF(store_snapshot_at(store, history.revisions[history.count - 1].id, &old) != RESULT_DONE,
	       "the oldest revision cannot be walked to");
	check_snapshot(old);
	snapshot_release(old);
}

void
workload_remove(const char *folder)
{
	static const char *const names[] = { "configuration.db", "configuration.db-wal", "configuration.db-shm",
		                             "lock" };

	for (size_t i = 0; i < COUNT(names); i++) {
		scoped_buffer path = BUFFER_NONE;

		buffer_print(&path, "%s/%s", folder, names[i]);
		unlink(buffer_string(&path));
	}
	rmdir(folder);
}
