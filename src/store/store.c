/*
 * The store: opening it, and committing. A batch chains the drafts of the changes it
 * accepts; the last of them becomes the current snapshot once the shelf has all edits.
 */
#include "store/store.h"

#include <stdlib.h>
#include <time.h>

#include "base/bug.h"
#include "base/number.h"
#include "store/codec.h"
#include "store/store_inside.h"

struct batch {
	struct store          *store;
	struct arena          *arena;
	const struct snapshot *latest; /* held */
	const struct change   *open;   /* neither accepted nor dropped, as far as we know */
	uint64_t               newest;
	int64_t                time;
	size_t                 bytes;
	struct kept           *kept, **kept_end;
	struct setting        *settings, **settings_end;
};

static int64_t
clock_now(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static size_t
count_bytes(const struct snapshot *snapshot)
{
	const struct schema *schema = snapshot_schema(snapshot);
	size_t               bytes = 0;

	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct collection *collection = snapshot_collection(snapshot, schema_at(schema, i));

		for (size_t j = 0; j < collection_count(collection); j++)
			bytes += record_bytes(collection_at(collection, j));
	}
	return bytes;
}

/* Fill a new store with what is on its shelf. */
static enum result
load(struct store *store, struct buffer *message)
{
	scoped_arena     arena = arena_new();
	struct snapshot *draft = snapshot_new(store->schema);
	struct found     found = { .draft = draft, .arena = arena };

	if (store->shelf->kind->load(store->shelf, store->schema, &found, message) != RESULT_DONE) {
		snapshot_release(draft);
		return RESULT_FAILED;
	}
	if (found.strange_fields || found.strange_records)
		buffer_print(message, "%zu records and %zu fields that this version does not know were left alone",
		             found.strange_records, found.strange_fields);
	store->newest = found.newest;
	store->time = found.time;
	store->bytes = count_bytes(draft);
	settings_keep(store, found.settings);
	snapshot_set_revision(draft, found.newest);
	snapshot_freeze(draft);
	current_set(&store->current, draft);
	return RESULT_DONE;
}

struct store *
store_open(const struct store_setup *setup, struct buffer *message)
{
	struct shelf *shelf = setup->folder ? disk_shelf(setup->folder, setup->vfs, message) : memory_shelf();

	if (!shelf)
		return NULL;
	struct store *store = calloc(1, sizeof(*store));

	BUG_IF(!store, "out of memory");
	store->schema = setup->schema;
	store->setup = *setup;
	if (store->setup.keep_revisions == 0)
		store->setup.keep_revisions = STORE_KEEP_REVISIONS;
	if (!store->setup.now)
		store->setup.now = clock_now;
	store->shelf = shelf;
	pthread_mutex_init(&store->writing, NULL);
	pthread_mutex_init(&store->reading, NULL);
	if (load(store, message) == RESULT_DONE)
		return store;
	store_close(store);
	return NULL;
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	current_set(&store->current, NULL);
	store->shelf->kind->close(store->shelf);
	settings_forget(store);
	pthread_mutex_destroy(&store->writing);
	pthread_mutex_destroy(&store->reading);
	free(store);
}

const struct snapshot *
store_snapshot(struct store *store)
{
	return current_take(&store->current);
}

/* --- batches -------------------------------------------------------------------------------- */

struct batch *
store_begin(struct store *store)
{
	struct arena *arena = arena_new();
	struct batch *batch = ARENA_MAKE(arena, struct batch, 1);

	*batch = (struct batch){ .store = store, .arena = arena, .latest = store_snapshot(store),
		                 .newest = store->newest, .time = store->time, .bytes = store->bytes };
	batch->kept_end = &batch->kept;
	batch->settings_end = &batch->settings;
	return batch;
}

const struct snapshot *
batch_snapshot(const struct batch *batch)
{
	return batch->latest;
}

struct change *
batch_change(struct batch *batch, struct arena *arena, const struct author *author)
{
	struct change *change = change_make(arena, batch->latest, author);

	batch->open = change;
	return change;
}

/* Later than the one before, and with four decimals as long as there are not too many. */
static int64_t
next_time(struct batch *batch)
{
	const int64_t now = batch->store->setup.now(batch->store->setup.context) / 100 * 100;

	return batch->time = now > batch->time ? now : batch->time + 1;
}

static bool
is_stored(const struct edit *edit)
{
	return !((edit->before ? edit->before : edit->after)->resource->flags & IN_MEMORY);
}

/* The edits that are stored, in the batch's arena, which holds the records: the change may go before the batch does. */
static const struct edit *
take_edits(struct batch *batch, const struct edit *from, unsigned *touched)
{
	struct edit *first = NULL, **end = &first;

	for (; from; from = from->next) {
		const struct record *sides[] = { from->before, from->after };

		if (!is_stored(from))
			continue;
		for (size_t i = 0; i < COUNT(sides); i++)
			if (sides[i])
				arena_defer(batch->arena, (void (*)(void *))record_release,
				            (void *)record_hold(sides[i]));
		*touched |= (from->before ? from->before : from->after)->resource->touches;
		batch->bytes += from->after ? record_bytes(from->after) : 0;
		batch->bytes -= from->before ? record_bytes(from->before) : 0;
		*end = ARENA_MAKE(batch->arena, struct edit, 1);
		**end = (struct edit){ from->before, from->after, NULL };
		end = &(*end)->next;
	}
	return first;
}

/* It becomes the next revision. */
static void
keep(struct batch *batch, const struct change *change, const struct edit *edits)
{
	struct arena        *arena = batch->arena;
	const struct author *author = change_author(change);
	struct kept         *kept = ARENA_MAKE(arena, struct kept, 1);

	kept->revision.id = ++batch->newest;
	kept->revision.time = next_time(batch);
	kept->revision.author = (struct author){
		arena_copy(arena, text_of(author->user)),
		arena_copy(arena, text_of(author->address)),
		arena_copy(arena, text_of(author->dialect)),
		arena_copy(arena, text_of(author->endpoint)),
	};
	kept->revision.note = arena_copy(arena, text_of(change_noted(change)));
	kept->edits = take_edits(batch, edits, &kept->revision.touched);
	kept->revision.bytes = batch->bytes;
	*batch->kept_end = kept;
	batch->kept_end = &kept->next;
}

uint64_t
batch_accept(struct batch *batch, struct change *change, bool always)
{
	const struct edit *edits = change_edits(change), *stored = edits;

	BUG_IF(change != batch->open, "a change that is not the batch's last");
	batch->open = NULL;
	while (stored && !is_stored(stored))
		stored = stored->next;
	if (stored || always)
		keep(batch, change, edits);
	if (edits || stored || always) {
		snapshot_release(batch->latest);
		batch->latest = change_finish(change, batch->newest);
	}
	return batch->newest;
}

void
batch_setting(struct batch *batch, const char *name, const char *value)
{
	struct setting *setting = ARENA_MAKE(batch->arena, struct setting, 1);

	setting->name = arena_copy(batch->arena, text_of(name));
	setting->value = value ? arena_copy(batch->arena, text_of(value)) : NULL;
	*batch->settings_end = setting;
	batch->settings_end = &setting->next;
}

void
batch_abandon(struct batch *batch)
{
	snapshot_release(batch->latest);
	arena_free(batch->arena);
}

static void
publish(struct batch *batch)
{
	struct store *store = batch->store;

	store->newest = batch->newest;
	store->time = batch->time;
	store->bytes = batch->bytes;
	settings_keep(store, batch->settings);
	current_set(&store->current, snapshot_hold(batch->latest));
}

/* Older ones may go. */
static uint64_t
oldest_to_keep(struct store *store, uint64_t newest)
{
	const uint64_t    count = store->setup.keep_revisions;
	uint64_t          oldest = newest > count ? newest - count + 1 : 0;
	const uint64_t    least = newest > STORE_KEEP_NAMED ? newest - STORE_KEEP_NAMED : 1;
	const char *const names = store->setup.names;
	int64_t           named;

	pthread_mutex_lock(&store->reading);
	for (const struct setting *one = store->settings; names && one; one = one->next)
		if (text_starts(text_of(one->name), text_of(names)) && number_read(text_of(one->value), 1, INT64_MAX, &named) &&
		    (uint64_t)named >= least && (uint64_t)named < oldest)
			oldest = (uint64_t)named;
	pthread_mutex_unlock(&store->reading);
	return oldest;
}

enum result
batch_commit(struct batch *batch, struct buffer *message)
{
	struct store       *store = batch->store;
	const struct parcel parcel = { batch->kept, batch->settings, oldest_to_keep(store, batch->newest) };
	enum result         result = RESULT_DONE;

	/* Published before the next may write: who waits for this lock finds what is on the shelf published. */
	pthread_mutex_lock(&store->writing);
	if (batch->kept || batch->settings)
		result = store->shelf->kind->write(store->shelf, &parcel, message);
	if (result == RESULT_DONE)
		publish(batch);
	pthread_mutex_unlock(&store->writing);
	batch_abandon(batch);
	return result;
}
