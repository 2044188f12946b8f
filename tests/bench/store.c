/*
 * What the store costs: durable writes of 64 writers that share them, against SQLite with a row for each commit on
 * the same disk; one changed record among 10,000; opening with 10,000 records; taking the current snapshot.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "store/store.h"

#define RECORDS 10000
#define WRITERS 64
#define SECONDS 2
#define EDITS   2000
#define TAKES   2000000

static const struct field fields[] = {
	{ "enabled", .preset = "1" }, { "action", .preset = "pass" }, { "interface" },   { "direction", .preset = "in" },
	{ "protocol" },               { "source_net", .preset = "any" }, { "destination_net", .preset = "any" },
	{ "destination_port" },       { "description" },
};
static const struct resource rules = { .name = "bench.rule", .fields = fields, .nfields = COUNT(fields), .flags = ORDERED, .key = "description" };
static const struct resource *const resources[] = { &rules };

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void
report(const char *what, const char *ours, const char *reference, const char *note)
{
	printf("bench\t%s\t%s\t%s\t%s\n", what, ours, reference, note);
}

static const char *
print(struct arena *arena, const char *unit, double number)
{
	scoped_buffer out = BUFFER_NONE;

	buffer_print(&out, "%.*f%s", number >= 100 ? 0 : 1, number, unit);
	return arena_copy(arena, buffer_text(&out));
}

static struct record *
rule(struct arena *arena, const char *uuid, unsigned number)
{
	struct record *record = record_make(arena, &rules);

	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	record_set(record, "interface", "lan");
	record_set(record, "protocol", "TCP");
	record_set(record, "source_net", arena_print(arena, "10.%u.%u.0/24", number / 256 % 256, number % 256));
	record_set(record, "destination_port", arena_print(arena, "%u", number % 65536));
	record_set(record, "description", arena_print(arena, "Rule number %u, \"quoted\"", number));
	return record;
}

static struct store *
open_store(const struct schema *schema, const char *folder)
{
	scoped_buffer message = BUFFER_NONE;
	struct store *store = store_open(&(struct store_setup){ .schema = schema, .folder = folder }, &message);

	BUG_IF(!store, "%s", buffer_string(&message));
	return store;
}

static void
commit(struct batch *batch)
{
	scoped_buffer message = BUFFER_NONE;

	BUG_IF(batch_commit(batch, &message) != RESULT_DONE, "%s", buffer_string(&message));
}

static void
fill(struct store *store)
{
	scoped_arena   arena = arena_new();
	struct batch  *batch = store_begin(store);
	struct change *change = batch_change(batch, arena, NULL);

	for (unsigned i = 0; i < RECORDS; i++)
		change_put(change, rule(arena, "", i));
	batch_accept(batch, change, false);
	commit(batch);
}

/* --- writers that share a durable write ------------------------------------------------------ */

struct writing {
	struct store   *store;
	pthread_mutex_t lock;
	pthread_cond_t  asked, done;
	unsigned        waiting; /* changes asked for */
	uint64_t        round;   /* batches committed */
	size_t          changes;
	double          end;
	bool            is_writing, is_over;
};

static void *
write_on(void *context)
{
	struct writing *writing = context;

	pthread_mutex_lock(&writing->lock);
	while (!writing->is_over) {
		/* Those that ask while a batch is written are in the one after it. */
		const uint64_t want = writing->round + 1 + writing->is_writing;

		writing->waiting++;
		pthread_cond_signal(&writing->asked);
		while (writing->round < want && !writing->is_over)
			pthread_cond_wait(&writing->done, &writing->lock);
	}
	pthread_mutex_unlock(&writing->lock);
	return NULL;
}

/* Each change alters one of the 10,000 rules. */
static void
write_batch(struct writing *writing, unsigned changes, unsigned *number)
{
	struct batch *batch = store_begin(writing->store);

	for (unsigned i = 0; i < changes; i++) {
		scoped_arena             arena = arena_new();
		const struct collection *all = snapshot_collection(batch_snapshot(batch), &rules);
		const struct record     *old = collection_at(all, (*number += 7919) % RECORDS);
		struct change           *change = batch_change(batch, arena, NULL);

		change_put(change, rule(arena, old->uuid, *number));
		batch_accept(batch, change, false);
	}
	commit(batch);
}

static void
run_committer(struct writing *writing)
{
	unsigned number = 1;

	pthread_mutex_lock(&writing->lock);
	while (now() < writing->end) {
		while (writing->waiting == 0)
			pthread_cond_wait(&writing->asked, &writing->lock);
		const unsigned changes = writing->waiting;

		writing->waiting = 0;
		writing->is_writing = true;
		pthread_mutex_unlock(&writing->lock);
		write_batch(writing, changes, &number);
		pthread_mutex_lock(&writing->lock);
		writing->changes += changes;
		writing->round++;
		writing->is_writing = false;
		pthread_cond_broadcast(&writing->done);
	}
	writing->is_over = true;
	pthread_cond_broadcast(&writing->done);
	pthread_mutex_unlock(&writing->lock);
}

/* Changes a second. */
static double
measure_writers(struct store *store)
{
	struct writing writing = { .store = store, .end = now() + SECONDS };
	pthread_t      threads[WRITERS];
	const double   start = now();

	pthread_mutex_init(&writing.lock, NULL);
	pthread_cond_init(&writing.asked, NULL);
	pthread_cond_init(&writing.done, NULL);
	for (size_t i = 0; i < WRITERS; i++)
		BUG_IF(pthread_create(&threads[i], NULL, write_on, &writing) != 0, "no thread");
	run_committer(&writing);
	const double seconds = now() - start;

	for (size_t i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	return (double)writing.changes / seconds;
}

/* One row for each commit, as durable as ours. */
static double
measure_plain(const char *path)
{
	sqlite3      *db;
	sqlite3_stmt *insert;
	size_t        rows = 0;

	BUG_IF(sqlite3_open(path, &db) != SQLITE_OK, "no database");
	sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)", NULL,
	             NULL, NULL);
	BUG_IF(sqlite3_prepare_v2(db, "INSERT INTO t(b) VALUES('some three hundred bytes of a rule, or not quite as many')",
	                          -1, &insert, NULL) != SQLITE_OK, "no statement");
	const double start = now();

	for (; now() - start < SECONDS; rows++) {
		BUG_IF(sqlite3_step(insert) != SQLITE_DONE, "no row");
		sqlite3_reset(insert);
	}
	const double seconds = now() - start;

	sqlite3_finalize(insert);
	sqlite3_close(db);
	return (double)rows / seconds;
}

/* --- one thread ----------------------------------------------------------------------------- */

/* Seconds for a draft with one changed record, made and forgotten. */
static double
measure_draft(struct store *store)
{
	scoped_arena           arena = arena_new();
	const struct snapshot *snapshot = store_snapshot(store);
	const struct record   *sealed[16];

	for (size_t i = 0; i < COUNT(sealed); i++) {
		const struct record *old = collection_at(snapshot_collection(snapshot, &rules), i * 600);
		struct record       *copy = record_copy(arena, old);

		record_set(copy, "description", "changed");
		sealed[i] = record_seal(copy);
	}
	const double start = now();

	for (size_t i = 0; i < EDITS; i++) {
		struct snapshot *draft = snapshot_draft(snapshot);

		snapshot_put(draft, sealed[i % COUNT(sealed)]);
		snapshot_release(draft);
	}
	const double seconds = (now() - start) / EDITS;

	for (size_t i = 0; i < COUNT(sealed); i++)
		record_release(sealed[i]);
	snapshot_release(snapshot);
	return seconds;
}

static double
measure_memory(struct store *store)
{
	struct writing writing = { .store = store };
	unsigned       number = 1;
	const double   start = now();

	for (size_t i = 0; i < EDITS; i++)
		write_batch(&writing, 1, &number);
	return (now() - start) / EDITS;
}

static double
measure_takes(struct store *store)
{
	const double start = now();

	for (size_t i = 0; i < TAKES; i++)
		snapshot_release(store_snapshot(store));
	return (now() - start) / TAKES;
}

static void
remove_folder(struct arena *arena, const char *folder)
{
	static const char *const names[] = { "configuration.db", "lock", "plain.db" };

	for (size_t i = 0; i < COUNT(names); i++)
		unlink(arena_print(arena, "%s/%s", folder, names[i]));
	rmdir(folder);
}

int
main(void)
{
	scoped_arena         arena = arena_new();
	const struct schema *schema = schema_new(resources, COUNT(resources));
	const char          *base = getenv("TMPDIR");
	char                *folder = arena_print(arena, "%s/drawbridge-bench-XXXXXX", base ? base : "/var/tmp");

	BUG_IF(!mkdtemp(folder), "no folder in %s", folder);
	struct store *disk = open_store(schema, folder), *memory = open_store(schema, NULL);

	fill(disk);
	fill(memory);
	store_close(disk);
	double start = now();

	disk = open_store(schema, folder);
	report("opening a store of 10,000 rules", print(arena, " ms", (now() - start) * 1e3), "100 ms", "our own limit");
	const double plain = measure_plain(arena_print(arena, "%s/plain.db", folder));
	const double ours = measure_writers(disk);

	report("durable changes a second, 64 writers", print(arena, " /s", ours), print(arena, " /s", plain),
	       "SQLite, one row in each commit, same disk");
	report("draft with one of 10,000 records changed", print(arena, " µs", measure_draft(disk) * 1e6), "-", "");
	report("revision in memory, one of 10,000 records", print(arena, " µs", measure_memory(memory) * 1e6), "-", "");
	report("taking and releasing the snapshot", print(arena, " ns", measure_takes(disk) * 1e9), "-", "");
	store_close(disk);
	store_close(memory);
	remove_folder(arena, folder);
	return 0;
}
