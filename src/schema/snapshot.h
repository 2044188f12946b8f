/*
 * schema/snapshot.h: the whole configuration at one revision.
 *
 * A published snapshot is immutable, counted, and shares what did not change with
 * its predecessor: collections and records. A draft is a snapshot that one thread
 * is still changing; what it has not touched it shares too.
 */
#pragma once

#include <stdint.h>

#include "schema/schema.h"

struct snapshot;
struct collection;

/* Empty: no records; singletons show their defaults. Held once. */
struct snapshot       *snapshot_new(const struct schema *);
/* A draft that starts as this one. Held once. */
struct snapshot       *snapshot_draft(const struct snapshot *);
const struct snapshot *snapshot_hold(const struct snapshot *);
void                   snapshot_release(const struct snapshot *);
/* For whoever counts holds elsewhere first (store/current.h). The count may not come to 0 before all are accounted for. */
const struct snapshot *snapshot_hold_many(const struct snapshot *, int64_t);
void                   snapshot_release_many(const struct snapshot *, int64_t);

const struct schema *snapshot_schema(const struct snapshot *);
uint64_t             snapshot_revision(const struct snapshot *);
void                 snapshot_set_revision(struct snapshot *draft, uint64_t revision);
/* Before others may see it: from now on changing it is a bug that aborts. */
void                 snapshot_freeze(struct snapshot *draft);

/* Readers. What they give lives as long as the snapshot is held (in a draft: until its next change). */
const struct collection *snapshot_collection(const struct snapshot *, const struct resource *);
const struct collection *snapshot_named(const struct snapshot *, const char *resource); /* aborts when unknown */
size_t                   collection_count(const struct collection *);
const struct record     *collection_at(const struct collection *, size_t index);
const struct record     *collection_find(const struct collection *, struct text uuid); /* NULL: none */
/* Position of a uuid, or SIZE_MAX. */
size_t                   collection_position(const struct collection *, struct text uuid);
/* The first record whose field has this value, or NULL. Fast for the resource's key; else all are looked at. */
const struct record     *collection_where(const struct collection *, const char *field, struct text value);
/* Changes whenever anything in it does: two equal ones hold the same records. */
uint64_t                 collection_stamp(const struct collection *);
/* The record of a singleton: stored, or one with the defaults. Never NULL. */
const struct record     *snapshot_single(const struct snapshot *, const char *resource);

/* Writers, for drafts. Records are sealed by the caller; the draft takes a hold of its own. */
/* Put it in place of the one with its uuid, or, when there is none, at the place record->place says (sorted by it). */
void snapshot_put(struct snapshot *draft, const struct record *);
bool snapshot_remove(struct snapshot *draft, const struct resource *, struct text uuid); /* false: not there */
