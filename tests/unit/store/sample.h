/* A small schema, and short words for making records and committing them, for the tests of the store. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/change.h"
#include "store/store.h"
#include "test.h"

static const struct field rule_fields[] = {
	{ "name" },
	{ "action", .preset = "pass" },
	{ "password", .flags = SECRET },
	{ "note", .flags = VOLATILE },
};
static const struct resource rules = { .name = "test.rule", .fields = rule_fields, .nfields = COUNT(rule_fields),
	                               .flags = ORDERED, .touches = PART_FILTER };
static const struct resource general = { .name = "test.general", .fields = rule_fields,
	                                 .nfields = COUNT(rule_fields), .shape = SINGLETON, .touches = PART_IDENTITY };
static const struct resource passing = { .name = "test.passing", .fields = rule_fields,
	                                 .nfields = COUNT(rule_fields), .flags = IN_MEMORY };
static const struct resource *const sample_resources[] = { &rules, &general, &passing };

static inline const struct schema *
sample_schema(void)
{
	static const struct schema *made;

	return made ? made : (made = schema_new(sample_resources, COUNT(sample_resources)));
}

static inline struct record *
sample(struct arena *arena, const struct resource *resource, const char *uuid, const char *name)
{
	struct record *record = record_make(arena, resource);

	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	record_set(record, "name", name);
	return record;
}

static inline void
put_rule(struct change *change, const char *uuid, const char *name)
{
	scoped_arena arena = arena_new();

	change_put(change, sample(arena, &rules, uuid, name));
}

/* The names of the rules, in order. */
static inline const char *
rule_names(struct arena *arena, const struct snapshot *snapshot)
{
	const struct collection *collection = snapshot_collection(snapshot, &rules);
	scoped_buffer            out = BUFFER_NONE;

	for (size_t i = 0; i < collection_count(collection); i++)
		buffer_add_string(&out, record_get(collection_at(collection, i), "name"));
	return arena_copy(arena, buffer_text(&out));
}

static inline const char *
stored_names(struct arena *arena, struct store *store)
{
	const struct snapshot *snapshot = store_snapshot(store);
	const char            *names = rule_names(arena, snapshot);

	snapshot_release(snapshot);
	return names;
}

/* One revision with one rule. */
static inline uint64_t
commit_rule(struct store *store, const char *uuid, const char *name)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  message = BUFFER_NONE;
	struct batch  *batch = store_begin(store);
	struct change *change = batch_change(batch, arena, &(struct author){ "admin", "192.0.2.1", "native", "/x" });

	put_rule(change, uuid, name);
	change_note(change, name);
	const uint64_t revision = batch_accept(batch, change, false);

	CHECK(batch_commit(batch, &message) == RESULT_DONE);
	return revision;
}

/* --- a folder for a store on disk ------------------------------------------------------------ */

static inline const char *
folder_make(struct arena *arena)
{
	char *folder = arena_print(arena, "%s/drawbridge-store-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");

	CHECK(mkdtemp(folder) != NULL);
	return folder;
}

static inline void
folder_remove(const char *folder)
{
	static const char *const names[] = { "configuration.db", "configuration.db-wal", "configuration.db-shm", "lock" };
	scoped_arena             arena = arena_new();

	for (size_t i = 0; i < COUNT(names); i++)
		unlink(arena_print(arena, "%s/%s", folder, names[i]));
	rmdir(folder);
}
