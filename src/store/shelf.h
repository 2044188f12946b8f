/*
 * store/shelf.h: where revisions are kept, behind one interface: in memory (memory.c) or in SQLite (disk.c).
 * Included in store/ and its tests alone.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"
#include "store/change.h"
#include "store/store.h"

/* A revision that is to be kept, with its edits. */
struct kept {
	struct revision    revision;
	const struct edit *edits; /* none of resources that live in memory only */
	struct kept       *next;
};

struct setting {
	const char     *name;
	const char     *value; /* NULL: forget it */
	struct setting *next;
};

/* All that is written at once, or not at all. */
struct parcel {
	const struct kept    *kept;     /* oldest first */
	const struct setting *settings;
	uint64_t              oldest;   /* revisions before this one may go */
};

/* What was found at start. */
struct found {
	struct snapshot *draft; /* records are put here */
	struct arena    *arena;
	struct setting  *settings;
	uint64_t         newest; /* revision; 0: none yet */
	int64_t          time;   /* of the newest */
	size_t           strange_fields, strange_records; /* not in the schema: left alone */
};

/* What to do with the edits of one revision; newest revisions first, in them the last edit first. */
typedef void each_edit(void *context, uint64_t revision, const struct record *before, const struct record *after);

struct shelf {
	const struct shelf_kind *kind;
};

struct shelf_kind {
	/* Once, before all else. */
	enum result (*load)(struct shelf *, const struct schema *, struct found *, struct buffer *message);
	/* By one thread at a time; done means durable. */
	enum result (*write)(struct shelf *, const struct parcel *, struct buffer *message);
	enum result (*hide)(struct shelf *, uint64_t revision, struct buffer *message);
	void (*close)(struct shelf *);

	/* The rest by any thread, while others write. Lists are made in the arena. */
	enum result (*list)(struct shelf *, struct arena *, const struct history_query *, struct history *);
	/* Of the revisions after first up to last. MISSING when first, unless it is 0 and nothing was pruned, or last is not there. */
	enum result (*edits)(struct shelf *, const struct schema *, uint64_t first, uint64_t last, each_edit *,
	                     void *context);

	/* Copies. Those that write by one thread at a time; done means durable. content.ptr NULL: as it is. */
	enum result (*copy_put)(struct shelf *, const struct copy *, struct text content, struct buffer *message);
	enum result (*copy_remove)(struct shelf *, const char *uuid, struct buffer *message);
	enum result (*copy_list)(struct shelf *, struct arena *, struct copies *);
	enum result (*copy_read)(struct shelf *, struct arena *, const char *uuid, struct text *content);
};

struct shelf *memory_shelf(void);
/* NULL when it cannot be opened; the message says why. vfs: NULL for SQLite's own. */
struct shelf *disk_shelf(const char *folder, const char *vfs, struct buffer *message);
