/*
 * Changes: a draft, and every step that was taken with it, so that steps can be undone.
 * The edits are what remains when the steps with each record are taken together.
 */
#include "store/change.h"

#include <string.h>

#include "base/map.h"
#include "store/change_inside.h"

struct step {
	const struct record *before, *after; /* held */
};

struct change {
	struct arena    *arena;
	struct snapshot *draft;
	struct author    author;
	const char      *note;
	struct step     *steps;
	size_t           count, room;
	struct edit     *edits; /* of the first edited steps */
	size_t           edited;
};

static void
let_go_of_change(void *what)
{
	struct change *change = what;

	for (size_t i = 0; i < change->count; i++) {
		record_release(change->steps[i].before);
		record_release(change->steps[i].after);
	}
	snapshot_release(change->draft);
}

static struct author
author_copy(struct arena *arena, const struct author *author)
{
	const struct author from = author ? *author : (struct author){ 0 };

	return (struct author){
		arena_copy(arena, text_of(from.user)),
		arena_copy(arena, text_of(from.address)),
		arena_copy(arena, text_of(from.dialect)),
		arena_copy(arena, text_of(from.endpoint)),
	};
}

struct change *
change_make(struct arena *arena, const struct snapshot *from, const struct author *author)
{
	struct change *change = ARENA_MAKE(arena, struct change, 1);

	change->arena = arena;
	change->draft = snapshot_draft(from);
	change->note = "";
	change->author = author_copy(arena, author);
	arena_defer(arena, let_go_of_change, change);
	return change;
}

const struct snapshot *
change_snapshot(const struct change *change)
{
	return change->draft;
}

static void
add_step(struct change *change, struct step step)
{
	if (change->count == change->room) {
		struct step *old = change->steps;

		change->room = change->room * 2 + 4;
		change->steps = ARENA_MAKE(change->arena, struct step, change->room);
		if (old)
			memcpy(change->steps, old, change->count * sizeof(*old));
	}
	change->steps[change->count++] = step;
	change->edited = SIZE_MAX;
}

static const struct record *
find(const struct change *change, const struct resource *resource, struct text uuid)
{
	return collection_find(snapshot_collection(change->draft, resource), uuid);
}

void
change_put_sealed(struct change *change, const struct record *record)
{
	const struct record *before = find(change, record->resource, text_of(record->uuid));

	if (before)
		record_hold(before);
	snapshot_put(change->draft, record);
	add_step(change, (struct step){ before, record });
}

void
change_set_place(struct change *change, const struct record *record, int64_t place)
{
	struct record *moved = record_seal(record);

	moved->place = place;
	change_put_sealed(change, moved);
}

static void
name_record(const struct change *change, struct record *record)
{
	if (record->resource->shape == SINGLETON)
		memcpy(record->uuid, SINGLE_UUID, sizeof(SINGLE_UUID));
	else if (record->uuid[0] == '\0')
		memcpy(record->uuid, uuid_new().text, sizeof(record->uuid));
	const struct collection *collection = snapshot_collection(change->draft, record->resource);
	const struct record     *before = collection_find(collection, text_of(record->uuid));
	const size_t             count = collection_count(collection);

	record->place = before        ? before->place
			: count == 0 ? PLACE_STEP
				     : collection_at(collection, count - 1)->place + PLACE_STEP;
}

static void
empty_volatile(struct record *record)
{
	const struct resource *resource = record->resource;

	for (size_t i = 0; i < resource->nfields; i++)
		if (resource->fields[i].flags & VOLATILE)
			record->values[i] = resource->fields[i].preset ? resource->fields[i].preset : "";
}

const struct record *
change_put(struct change *change, const struct record *record)
{
	struct record *sealed = record_seal(record);

	name_record(change, sealed);
	if (!(sealed->resource->flags & IN_MEMORY))
		empty_volatile(sealed);
	const struct record *before = find(change, sealed->resource, text_of(sealed->uuid));

	if (before && record_same(before, sealed)) {
		record_release(sealed);
		arena_defer(change->arena, (void (*)(void *))record_release, (void *)record_hold(before));
		return before;
	}
	change_put_sealed(change, sealed);
	return sealed;
}

bool
change_remove(struct change *change, const struct resource *resource, struct text uuid)
{
	const struct record *before = find(change, resource, uuid);

	if (!before)
		return false;
	add_step(change, (struct step){ record_hold(before), NULL });
	return snapshot_remove(change->draft, resource, uuid);
}

size_t
change_mark(const struct change *change)
{
	return change->count;
}

void
change_undo_to(struct change *change, size_t mark)
{
	BUG_IF(mark > change->count, "a mark that was undone already");
	while (change->count > mark) {
		const struct step step = change->steps[--change->count];

		if (step.before)
			snapshot_put(change->draft, step.before);
		else
			snapshot_remove(change->draft, step.after->resource, text_of(step.after->uuid));
		record_release(step.before);
		if (step.after) /* the caller may still look at what it put */
			arena_defer(change->arena, (void (*)(void *))record_release, (void *)step.after);
	}
	change->edited = SIZE_MAX;
}

void
change_note(struct change *change, const char *note)
{
	change->note = arena_copy(change->arena, text_of(note));
}

const char *
change_noted(const struct change *change)
{
	return change->note;
}

const struct author *
change_author(const struct change *change)
{
	return &change->author;
}

/* --- edits ---------------------------------------------------------------------------------- */

static bool
is_edit(const struct edit *edit)
{
	if (!edit->before || !edit->after)
		return edit->before != edit->after;
	return edit->before->place != edit->after->place || !record_same(edit->before, edit->after);
}

/* One entry for each record: its state before its first step and after its last. */
static struct edit *
merge_steps(const struct change *change, size_t *count)
{
	scoped_arena scratch = arena_new();
	struct map  *seen = map_make(scratch);
	struct edit *edits = ARENA_MAKE(change->arena, struct edit, change->count);

	*count = 0;
	for (size_t i = 0; i < change->count; i++) {
		const struct step   *step = &change->steps[i];
		const struct record *record = step->before ? step->before : step->after;
		const char  *name = arena_print(scratch, "%s %s", record->uuid, record->resource->name);
		struct edit *edit = map_get(seen, text_of(name));

		if (!edit) {
			edit = &edits[(*count)++];
			edit->before = step->before;
			map_set(seen, text_of(name), edit);
		}
		edit->after = step->after;
	}
	return edits;
}

const struct edit *
change_edits(struct change *change)
{
	size_t        count;
	struct edit **end = &change->edits;

	if (change->edited == change->count)
		return change->edits;
	struct edit *edits = merge_steps(change, &count);

	for (size_t i = 0; i < count; i++)
		if (is_edit(&edits[i])) {
			*end = &edits[i];
			end = &edits[i].next;
		}
	*end = NULL;
	change->edited = change->count;
	return change->edits;
}

bool
change_is_empty(struct change *change)
{
	return !change_edits(change);
}

unsigned
change_touched(struct change *change)
{
	unsigned touched = 0;

	for (const struct edit *edit = change_edits(change); edit; edit = edit->next)
		touched |= (edit->before ? edit->before : edit->after)->resource->touches;
	return touched;
}

const struct snapshot *
change_finish(struct change *change, uint64_t revision)
{
	snapshot_set_revision(change->draft, revision);
	snapshot_freeze(change->draft);
	return snapshot_hold(change->draft);
}

/* --- from one snapshot to another ----------------------------------------------------------- */

static void
add_edit(struct arena *arena, struct edit ***end, const struct record *before, const struct record *after)
{
	struct edit *edit = ARENA_MAKE(arena, struct edit, 1);

	*edit = (struct edit){ before, after, NULL };
	if (before)
		arena_defer(arena, (void (*)(void *))record_release, (void *)record_hold(before));
	if (after)
		arena_defer(arena, (void (*)(void *))record_release, (void *)record_hold(after));
	**end = edit;
	*end = &edit->next;
}

static void
compare_collections(struct arena *arena, struct edit ***end, const struct collection *from,
                    const struct collection *to)
{
	if (collection_stamp(from) == collection_stamp(to))
		return;
	for (size_t i = 0; i < collection_count(from); i++) {
		const struct record *before = collection_at(from, i);

		if (!collection_find(to, text_of(before->uuid)))
			add_edit(arena, end, before, NULL);
	}
	for (size_t i = 0; i < collection_count(to); i++) {
		const struct record *after = collection_at(to, i);
		const struct record *before = collection_find(from, text_of(after->uuid));

		if (before != after && is_edit(&(struct edit){ before, after, NULL }))
			add_edit(arena, end, before, after);
	}
}

struct edit *
edits_between(struct arena *arena, const struct snapshot *from, const struct snapshot *to)
{
	const struct schema *schema = snapshot_schema(from);
	struct edit         *first = NULL, **end = &first;

	for (size_t i = 0; i < schema_count(schema); i++)
		if (!(schema_at(schema, i)->flags & IN_MEMORY))
			compare_collections(arena, &end, snapshot_collection(from, schema_at(schema, i)),
			                    snapshot_collection(to, schema_at(schema, i)));
	return first;
}

static bool
is_wanted(const struct resource *const *only, const struct resource *resource)
{
	for (size_t i = 0; only && only[i]; i++)
		if (only[i] == resource)
			return true;
	return !only;
}

void
change_toward(struct change *change, const struct snapshot *target, const struct resource *const *only)
{
	scoped_arena scratch = arena_new();

	for (const struct edit *edit = edits_between(scratch, change->draft, target); edit; edit = edit->next) {
		const struct record *record = edit->after ? edit->after : edit->before;

		if (!is_wanted(only, record->resource))
			continue;
		if (edit->after)
			change_put_sealed(change, record_hold(edit->after));
		else
			change_remove(change, record->resource, text_of(record->uuid));
	}
}
