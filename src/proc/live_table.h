/*
 * proc/live_table.h: host names and aliases that are looked up, and what each means; for live.c and its tests. Not safe for
 * threads: live.c holds its lock.
 */
#pragma once

#include "proc/live_find.h"

#define TABLE_BUCKETS 4096

enum entry_kind { ENTRY_NAME, ENTRY_LIST, ENTRY_KINDS };

struct entry {
	enum entry_kind      kind;
	char                *name;
	const struct record *alias; /* of a list; held */
	int64_t              due;   /* seconds of the steady clock */
	bool                 is_wanted, was_tried;
	bool                 is_other; /* what it means is of what it said before */
	struct finding       means; /* now; no arena: nothing is known */
	uint64_t             stamp; /* never used for a second meaning */
	struct entry        *next;  /* of its bucket */
};

/* Starts zeroed. What was swapped out stays until live_table_bury_all(), because a plan may still be reading it. */
struct live_table {
	struct entry  *buckets[TABLE_BUCKETS];
	size_t         count, untried; /* untried: never looked up since they came or changed */
	struct arena **graveyard;
	size_t         ngraves, graves_room;
	uint64_t       stamps;
};

/* NULL: there is none. */
struct entry *live_table_find(struct live_table *, enum entry_kind, struct text name);
/* The one that is there, or a new one; NULL when there are too many. It is wanted now. */
struct entry *live_table_want(struct live_table *, enum entry_kind, struct text name, bool *is_new);
/* The first one, or the one behind another; NULL at the end. In any order. */
struct entry *live_table_next(struct live_table *, const struct entry *before);
/* NULL: nothing of the kind is due. */
struct entry *live_table_due(struct live_table *, enum entry_kind, int64_t now);
/* It is to be looked up (again). */
void          live_table_hurry(struct live_table *, struct entry *);
/* It was looked up. */
void          live_table_tried(struct live_table *, struct entry *, int64_t due);
/* Takes the finding over. True when it means something else now; nothing found keeps the old meaning. */
bool          live_table_take(struct live_table *, struct entry *, struct finding *);

/* Before everything is wanted anew. */
void live_table_want_none(struct live_table *);
/* Those that nobody wants; `dropped` is told of each before it goes. */
void live_table_drop(struct live_table *, void (*dropped)(void *context, const struct entry *), void *context);
/* Nobody reads what was swapped out any more. */
void live_table_bury_all(struct live_table *);
