/*
 * A committer, readers, askers of the history and setters of settings at once. What readers see is whole and
 * never older than before; no update is lost. Also built with the thread sanitizer.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "sample.h"

#define ROWS     100 /* more than one chunk */
#define BATCHES  15
#define PER_BATCH 5

struct shared {
	struct store *store;
	_Atomic(bool) done;
};

/* CHECK() belongs to the main thread. */
#define MUST(condition) BUG_IF(!(condition), "%s", #condition)

/* Every change gives all rows the number of its revision. */
static void
check_whole(const struct snapshot *snapshot)
{
	const struct collection *collection = snapshot_collection(snapshot, &rules);
	char                     want[24];

	snprintf(want, sizeof(want), "%llu", (unsigned long long)snapshot_revision(snapshot));
	MUST(collection_count(collection) == (snapshot_revision(snapshot) ? ROWS : 0));
	for (size_t i = 0; i < collection_count(collection); i++)
		MUST(strcmp(record_get(collection_at(collection, i), "name"), want) == 0);
}

static void *
read_snapshots(void *context)
{
	struct shared         *shared = context;
	const struct snapshot *held = store_snapshot(shared->store);

	while (!atomic_load(&shared->done)) {
		const struct snapshot *next = store_snapshot(shared->store);

		MUST(snapshot_revision(next) >= snapshot_revision(held));
		check_whole(next);
		check_whole(held);
		snapshot_release(held);
		held = next;
	}
	snapshot_release(held);
	return NULL;
}

static void *
ask_for_history(void *context)
{
	struct shared *shared = context;

	for (uint64_t round = 0; !atomic_load(&shared->done); round++) {
		scoped_arena           arena = arena_new();
		const struct snapshot *old;
		struct history         history;

		MUST(store_revisions(shared->store, arena, 3, 0, &history) == RESULT_DONE);
		if (history.count == 0)
			continue;
		MUST(history.revisions[0].id == history.total);
		MUST(store_snapshot_at(shared->store, round % history.total, &old) == RESULT_DONE);
		check_whole(old);
		snapshot_release(old);
	}
	return NULL;
}

static void *
set_settings(void *context)
{
	struct shared *shared = context;
	scoped_buffer  message = BUFFER_NONE;

	for (unsigned i = 0; !atomic_load(&shared->done); i++) {
		scoped_arena arena = arena_new();
		const char  *value = arena_print(arena, "%u", i);

		MUST(store_setting_set(shared->store, "mine", value, &message) == RESULT_DONE);
		MUST(strcmp(store_setting(shared->store, arena, "mine"), value) == 0);
		usleep(2000);
	}
	return NULL;
}

static void
commit_one_batch(struct store *store)
{
	scoped_buffer message = BUFFER_NONE;
	scoped_arena  arena = arena_new();
	struct batch *batch = store_begin(store);

	for (unsigned i = 0; i < PER_BATCH; i++) {
		struct change *change = batch_change(batch, arena, NULL);
		const char    *name = arena_print(
                        arena, "%llu", (unsigned long long)snapshot_revision(batch_snapshot(batch)) + 1);

		for (unsigned row = 0; row < ROWS; row++)
			put_rule(change, arena_print(arena, "row %u", row), name);
		if (i == 2)
			continue; /* dropped */
		batch_accept(batch, change, false);
		batch_setting(batch, "revision", name);
	}
	CHECK(batch_commit(batch, &message) == RESULT_DONE);
}

static void
run_all(const char *folder)
{
	static void *(*const work[])(void *) = { ask_for_history, set_settings, read_snapshots, read_snapshots };
	scoped_buffer message = BUFFER_NONE;
	scoped_arena  arena = arena_new();
	struct shared shared = { store_open(&(struct store_setup){ .schema = sample_schema(), .folder = folder },
		                            &message) };
	pthread_t     threads[COUNT(work)];

	CHECK(shared.store);
	for (size_t i = 0; i < COUNT(work); i++)
		CHECK(pthread_create(&threads[i], NULL, work[i], &shared) == 0);
	for (unsigned i = 0; i < BATCHES; i++)
		commit_one_batch(shared.store);
	atomic_store(&shared.done, true);
	for (size_t i = 0; i < COUNT(work); i++)
		pthread_join(threads[i], NULL);
	const struct snapshot *last = store_snapshot(shared.store);

	CHECK_NUMBER(snapshot_revision(last), BATCHES * (PER_BATCH - 1));
	check_whole(last);
	snapshot_release(last);
	CHECK_STRING(store_setting(shared.store, arena, "revision"),
	             arena_print(arena, "%u", BATCHES * (PER_BATCH - 1)));
	store_close(shared.store);
}

TEST(nothing_is_torn_or_lost_in_memory)
{
	run_all(NULL);
}

TEST(nothing_is_torn_or_lost_on_disk)
{
	scoped_arena arena = arena_new();
	const char  *folder = folder_make(arena);

	run_all(folder);
	folder_remove(folder);
}

RUN(cmocka_unit_test(nothing_is_torn_or_lost_in_memory), cmocka_unit_test(nothing_is_torn_or_lost_on_disk));
