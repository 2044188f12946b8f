/*
 * store/change.h: a set of edits against a snapshot.
 *
 * A change is made in an arena and lives as long. It works on a draft of its own, which shows every
 * edit at once and is what validation looks at; nobody else sees it before it is committed (store.h).
 * One thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "schema/snapshot.h"

/* Who makes it, for the history. NULL is as good as "". */
struct author {
	const char *user;     /* "admin" */
	const char *address;  /* "192.0.2.1" */
	const char *dialect;  /* "opnsense" */
	const char *endpoint; /* "/api/firewall/alias/add_item" */
};

/* What became of one record, all in all. Both sealed, and held as long as the list they are in. */
struct edit {
	const struct record *before; /* NULL: it is new */
	const struct record *after;  /* NULL: it is gone */
	struct edit         *next;
};

struct change;

/* Holds what it starts from; copies the author. */
struct change *change_make(struct arena *, const struct snapshot *from, const struct author *);

/* The draft, with the edits so far. The pointer stays the same; what was read from it lives until the next edit. */
const struct snapshot *change_snapshot(const struct change *);

/*
 * Put a record, of an arena or sealed, in place of the one with its uuid, which keeps its place; or as a new one,
 * behind all others, with a new uuid when it has none. The record->place that comes in does not matter. Volatile fields are
 * emptied unless the resource is in memory only; a singleton is put over the one there is. Gives the sealed record: it
 * lives as long as the arena.
 */
const struct record *change_put(struct change *, const struct record *);
bool                 change_remove(struct change *, const struct resource *, struct text uuid); /* false: not there */

/* Move a record; false when one of them is not there. */
bool change_place_before(struct change *, const struct resource *, struct text uuid, struct text before);
bool change_place_first(struct change *, const struct resource *, struct text uuid);
bool change_place_last(struct change *, const struct resource *, struct text uuid);

/*
 * The edits that make the draft what another snapshot is. only: a list of resources that ends in NULL, the rest stays;
 * NULL: all but those that live in memory only. Records keep their uuids and places.
 */
void change_toward(struct change *, const struct snapshot *target, const struct resource *const *only);

/* A point to go back to: everything after it is undone. Marks made later are void then. */
size_t change_mark(const struct change *);
void   change_undo_to(struct change *, size_t mark);

/* What the history says about it; the last one counts. Copied. */
void change_note(struct change *, const char *note);

/* One edit for each record that differs now, in the order in which they were first touched; NULL: none. */
const struct edit   *change_edits(struct change *);
bool                 change_is_empty(struct change *); /* no record differs */
unsigned             change_touched(struct change *);  /* enum part, or-ed, of those that do */
const struct author *change_author(const struct change *);
const char          *change_noted(const struct change *); /* "": nothing */

/* No edits from here on: the draft is numbered and frozen. Held once for the caller. */
const struct snapshot *change_finish(struct change *, uint64_t revision);
/* change_edits() of any two snapshots: from one to the other, in the order of the schema. Lives as long as the arena. */
struct edit *edits_between(struct arena *, const struct snapshot *from, const struct snapshot *to);
