/*
 * api/verbs.h: keeping, changing and removing records, in no dialect. All of it happens in
 * LANE_COMMIT, on request->change; nothing is kept unless the dialect sets request->keep.
 */
#pragma once

#include "api/references.h"
#include "api/request.h"

/* What a new record has before the client says anything: defaults, and numbers given out. */
struct record *verb_fresh(const struct request *, const struct resource *);

/*
 * A copy to be changed: what is derived stands in it as clients see it (record_edit()), and fields that are never
 * stored have their defaults again.
 */
struct record *verb_edit(const struct request *, const struct record *before);

/* INVALID with faults, or DONE: kept under record->uuid, which is new unless it was there already. */
enum result verb_add(struct request *, struct record *, struct faults *);

/*
 * Put after in place of before, which it was copied from. all: fields that did not change are
 * checked too. Whoever names the record follows when its name changes.
 */
enum result verb_set(struct request *, const struct record *before, struct record *after, bool all,
                     struct faults *);

/* IN_USE with those who refer to it, or DONE. guarded: uuids count as references, not only names. */
enum result verb_delete(struct request *, const struct record *, bool guarded, struct reference **users);
