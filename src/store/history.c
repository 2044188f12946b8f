/* The history: finding revisions, and walking back from the current snapshot to any of them. */
#include <string.h>

#include "base/number.h"
#include "store/store_inside.h"

static enum result
ask(struct store *store, struct arena *arena, struct history_query query, struct history *out)
{
	return store->shelf->kind->list(store->shelf, arena, &query, out);
}

static enum result
ask_one(struct store *store, struct arena *arena, struct history_query query, struct revision *out)
{
	struct history    history;
	const enum result result = ask(store, arena, query, &history);

	if (result != RESULT_DONE)
		return result;
	if (history.count == 0)
		return RESULT_MISSING;
	*out = history.revisions[0];
	return RESULT_DONE;
}

enum result
store_revisions(struct store *store, struct arena *arena, size_t limit, size_t offset, struct history *out)
{
	return ask(store, arena, (struct history_query){ .limit = limit, .offset = offset }, out);
}

enum result
store_revision(struct store *store, struct arena *arena, uint64_t id, struct revision *out)
{
	if (id == 0 || id > INT64_MAX)
		return RESULT_MISSING;
	return ask_one(store, arena, (struct history_query){ .id = id, .limit = 1 }, out);
}

enum result
store_revision_at(struct store *store, struct arena *arena, struct text time, struct revision *out)
{
	struct text rest = time, seconds = text_until(&rest, '.');
	int64_t     whole = 0, fraction = 0;

	while (text_ends(rest, TEXT("0")))
		rest.len--;
	if (!number_read(seconds, 0, INT64_MAX / 2000000, &whole) || rest.len > 6 ||
	    (rest.len > 0 && !number_read(rest, 0, 999999, &fraction)))
		return RESULT_MISSING;
	for (size_t i = rest.len; i < 6; i++)
		fraction *= 10;
	if (whole == 0 && fraction == 0)
		return RESULT_MISSING;
	return ask_one(store, arena, (struct history_query){ .time = whole * 1000000 + fraction, .limit = 1 }, out);
}

const char *
revision_time(struct arena *arena, const struct revision *revision)
{
	const long long seconds = revision->time / 1000000, micros = revision->time % 1000000;

	if (micros % 100 == 0)
		return arena_print(arena, "%lld.%04lld", seconds, micros / 100);
	return arena_print(arena, "%lld.%06lld", seconds, micros);
}

enum result
store_revision_hide(struct store *store, uint64_t id, struct buffer *message)
{
	pthread_mutex_lock(&store->writing);
	const enum result result = store->shelf->kind->hide(store->shelf, id, message);

	pthread_mutex_unlock(&store->writing);
	return result;
}

/* --- walking back --------------------------------------------------------------------------- */

static void
take_back(void *draft, uint64_t revision, const struct record *before, const struct record *after)
{
	(void)revision;
	if (before)
		snapshot_put(draft, before);
	else
		snapshot_remove(draft, after->resource, text_of(after->uuid));
}

/* The newest snapshot; when the revision is newer, it may be on the shelf and about to be published: wait for that. */
static const struct snapshot *
newest_for(struct store *store, uint64_t revision)
{
	const struct snapshot *newest = store_snapshot(store);

	if (revision <= snapshot_revision(newest))
		return newest;
	snapshot_release(newest);
	pthread_mutex_lock(&store->writing);
	newest = store_snapshot(store);
	pthread_mutex_unlock(&store->writing);
	return newest;
}

static enum result
walk_back(struct store *store, const struct snapshot *newest, uint64_t revision, const struct snapshot **out)
{
	struct snapshot  *draft = snapshot_draft(newest);
	const enum result result = store->shelf->kind->edits(
		store->shelf, store->schema, revision, snapshot_revision(newest), take_back, draft);

	if (result != RESULT_DONE) {
		snapshot_release(draft);
		return result;
	}
	snapshot_set_revision(draft, revision);
	snapshot_freeze(draft);
	*out = draft;
	return RESULT_DONE;
}

enum result
store_snapshot_at(struct store *store, uint64_t revision, const struct snapshot **out)
{
	const struct snapshot *newest = newest_for(store, revision);
	enum result            result = RESULT_MISSING;

	if (revision == snapshot_revision(newest)) {
		*out = newest;
		return RESULT_DONE;
	}
	if (revision < snapshot_revision(newest))
		result = walk_back(store, newest, revision, out);
	snapshot_release(newest);
	return result;
}

enum result
store_restore_into(struct store *store, struct change *change, uint64_t revision,
                   const struct resource *const *only)
{
	const struct snapshot *target;
	const enum result      result = store_snapshot_at(store, revision, &target);

	if (result != RESULT_DONE)
		return result;
	change_toward(change, target, only);
	snapshot_release(target);
	return RESULT_DONE;
}

/* --- showing -------------------------------------------------------------------------------- */

/* Secrets are not shown, only that they changed. */
static const struct record *
masked(struct arena *arena, const struct record *record, const struct record *other)
{
	if (!record)
		return NULL;
	struct record *copy = record_copy(arena, record);

	for (size_t i = 0; i < record->resource->nfields; i++)
		if ((record->resource->fields[i].flags & SECRET) && record->values[i][0] != '\0')
			copy->values[i] = other && strcmp(other->values[i], record->values[i]) != 0
			                          ? "(secret, changed)"
			                          : "(secret)";
	return copy;
}

static void
add_masked(struct arena *arena, struct edit ***end, const struct record *before, const struct record *after)
{
	struct edit *edit = ARENA_MAKE(arena, struct edit, 1);

	*edit = (struct edit){ masked(arena, before, NULL), masked(arena, after, before), NULL };
	**end = edit;
	*end = &edit->next;
}

struct collected {
	struct arena *arena;
	struct edit  *first;
};

/* They come last first. */
static void
collect(void *context, uint64_t revision, const struct record *before, const struct record *after)
{
	struct collected *collected = context;
	struct edit      *one, **end = &one;

	(void)revision;
	add_masked(collected->arena, &end, before, after);
	one->next = collected->first;
	collected->first = one;
}

enum result
store_revision_edits(struct store *store, struct arena *arena, uint64_t revision, const struct edit **out)
{
	struct collected  collected = { arena, NULL };
	const enum result result =
		revision == 0 ? RESULT_MISSING
			      : store->shelf->kind->edits(store->shelf, store->schema, revision - 1, revision,
	                                                  collect, &collected);

	if (result == RESULT_DONE)
		*out = collected.first;
	return result;
}

enum result
store_compare(struct store *store, struct arena *arena, uint64_t from, uint64_t to, const struct edit **out)
{
	const struct snapshot *old, *new;
	scoped_arena           scratch = arena_new();
	struct edit           *first = NULL, **end = &first;
	enum result            result = store_snapshot_at(store, from, &old);

	if (result != RESULT_DONE)
		return result;
	result = store_snapshot_at(store, to, &new);
	if (result == RESULT_DONE) {
		for (const struct edit *edit = edits_between(scratch, old, new); edit; edit = edit->next)
			add_masked(arena, &end, edit->before, edit->after);
		snapshot_release(new);
		*out = first;
	}
	snapshot_release(old);
	return result;
}
