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
/* No two are the same, and a draft's is higher than any before it. Revisions say nothing of what lives in memory only. */
uint64_t             snapshot_stamp(const struct snapshot *);
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
/* The first record whose field has this value, or NULL. */
const struct record     *collection_where(const struct collection *, const char *field, struct text value);
/* Changes whenever anything in it does: two equal ones hold the same records. */
uint64_t                 collection_stamp(const struct collection *);
/* All of it, in order, into room for collection_count() of them. */
void                     collection_copy(const struct collection *, const struct record **);
/* For whoever needs it longer than the snapshot. */
const struct collection *collection_hold(const struct collection *);
void                     collection_release(const struct collection *);

/*
 * What records are looked up by beside their uuid: the values of some fields together, words that a function finds in
 * them, or a rank that it gives them. A collection makes the table when it is first asked and keeps it up to date as it changes.
 */
#define INDEX_FIELDS_MAX 8
/* A number, or a network: its first address (of IPv4: mapped into IPv6) and how many bits of those 128 it has. */
struct rank {
	uint64_t high, low;
	unsigned bits;
};
static inline struct rank
rank_of_number(int64_t number)
{
	return (struct rank){ .high = (uint64_t)number ^ 1ULL << 63 };
}
static inline int64_t
number_of_rank(const struct rank *rank)
{
	return (int64_t)(rank->high ^ 1ULL << 63);
}
struct index {
	size_t fields[INDEX_FIELDS_MAX];
	size_t count;
	bool   any_case; /* of ASCII letters */
	/* Beyond fields: add() each word of the record. It gives the same each time. */
	void (*words)(const struct index *, const struct record *, void (*add)(void *context, struct text word), void *context);
	/* Beyond fields: what the record is ordered by, the same each time. False: it has none. */
	bool (*rank)(const struct index *, const struct record *, struct rank *);
	const char *prefix; /* for rank(): of the names that count, what is before the number; one text for all who ask */
};

/* A record with another uuid and the same values in these fields; NULL: there is none. */
const struct record *collection_twin(const struct collection *, const struct index *, const struct record *like);
/* Those that have the word, as the index knows words, and perhaps others; in order, each once. In the arena. */
const struct record **collection_having(struct arena *, const struct collection *, const struct index *, struct text word,
					size_t *count);

/* Those whose list in this field (with commas between) has the entry ("": none), in order, each once. In the arena. */
const struct record **collection_naming(struct arena *, const struct collection *, const char *field, struct text entry,
					size_t *count);
/*
 * By rank: the first record from a rank on, and the last up to it, besides the one with this uuid ("": none is passed over). Its
 * own rank goes to *found. NULL: there is none.
 */
const struct record *collection_from(const struct collection *, const struct index *, const struct rank *, const char *without,
				     struct rank *found);
const struct record *collection_to(const struct collection *, const struct index *, const struct rank *, const char *without,
				   struct rank *found);
/* The lowest number from one on that is no record's rank. */
int64_t              collection_lowest_free(const struct collection *, const struct index *, int64_t from);

/* One record that two collections of a resource do not share: there at one place in both, or only in one (the other NULL). */
struct difference {
	const struct record *before, *after;
};
/* What one has that the other has not, in the order of places, in the arena. What both share is not looked at. */
struct difference *collection_compare(struct arena *, const struct collection *from, const struct collection *to, size_t *count);
/* The record of a singleton: stored, or one with the defaults. Never NULL. */
const struct record     *snapshot_single(const struct snapshot *, const char *resource);

/* Writers, for drafts. Records are sealed by the caller; the draft takes a hold of its own. */
/* Put it in place of the one with its uuid, or, when there is none, at the place record->place says (sorted by it). */
void snapshot_put(struct snapshot *draft, const struct record *);
bool snapshot_remove(struct snapshot *draft, const struct resource *, struct text uuid); /* false: not there */
