/*
 * store/store.h: the configuration and its history.
 *
 * There is always one newest durable snapshot, which any thread takes without a lock. Changes are committed in
 * batches by one thread, the committer: a batch is one durable write, and the next snapshot is
 * published when it is done.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"
#include "schema/snapshot.h"
#include "store/change.h"

#define STORE_KEEP_REVISIONS 1000
#define STORE_KEEP_NAMED     16384 /* so far behind the newest one is kept because it is named */

struct store_setup {
	const struct schema *schema;
	const char          *folder;         /* the state directory, which must exist; NULL: in memory only */
	unsigned             keep_revisions; /* at least this many; 0: STORE_KEEP_REVISIONS */
	const char          *names;          /* settings that begin so name revisions, which are kept too; NULL: none do */
	int64_t            (*now)(void *context); /* microseconds since 1970; NULL: the clock */
	void                *context;
	const char          *vfs; /* for tests: SQLite's way to files; NULL: its own */
};

struct store;

/*
 * NULL when it cannot be opened: somebody else has it, its files are open to others or damaged, it was made by a newer
 * version; the message says which. When it opens, the message may say what was strange.
 */
struct store *store_open(const struct store_setup *, struct buffer *message);
void          store_close(struct store *); /* NULL is fine. Snapshots that are held live on. */

/* The newest durable snapshot, held for the caller: snapshot_release() it. Any thread, never waits. */
const struct snapshot *store_snapshot(struct store *);

/* --- changing it: the committer's thread alone ---------------------------------------------- */

struct batch;

struct batch *store_begin(struct store *);
/* The newest snapshot with the changes this batch accepted so far. Not held. */
const struct snapshot *batch_snapshot(const struct batch *);
/* A change that starts there. One at a time: the one before must have been accepted or dropped. */
struct change *batch_change(struct batch *, struct arena *, const struct author *);
/*
 * Take it into the batch; no edits from here on. Gives the revision it will be: a new one, or, when no record differs
 * and it is not to be one always, the one before. Records that live in memory only make none. A dropped change need not be reported.
 */
uint64_t batch_accept(struct batch *, struct change *, bool always);
/* A setting that becomes durable with the batch; see store_setting_set(). */
void batch_setting(struct batch *, const char *name, const char *value);
/*
 * One durable write of all that was accepted, then the new snapshot is published. When it fails, nothing of it
 * ever happened. Ends the batch either way. A batch without anything in it writes nothing.
 */
enum result batch_commit(struct batch *, struct buffer *message);
void        batch_abandon(struct batch *);

/* --- history: any thread -------------------------------------------------------------------- */

struct revision {
	uint64_t      id;   /* 1, 2, 3... */
	int64_t       time; /* microseconds since 1970; no two are alike */
	struct author author;
	const char   *note;
	unsigned      touched; /* enum part, or-ed */
	size_t        bytes;   /* about how big the configuration was, as a file */
};

struct history {
	struct revision *revisions;
	size_t           count; /* of revisions given */
	size_t           total; /* there are */
};

struct history_query {
	size_t   limit;  /* 0: all */
	size_t   offset;
	uint64_t id;     /* only this one; 0: any */
	int64_t  time;   /* only the one of this time; 0: any */
};

/* Newest first. */
enum result store_revisions(struct store *, struct arena *, size_t limit, size_t offset, struct history *);
enum result store_revision(struct store *, struct arena *, uint64_t id, struct revision *);
/* By what revision_time() gives, or with fewer or more trailing zeros. MISSING for anything else. */
enum result store_revision_at(struct store *, struct arena *, struct text time, struct revision *);
/* "1764000000.1234", as OPNsense names its backups: seconds with four decimals, or six when they are needed. */
const char *revision_time(struct arena *, const struct revision *);
/* Not listed or found any more; what it changed stays known, so that older ones can be restored. Any thread. */
enum result store_revision_hide(struct store *, uint64_t id, struct buffer *message);

/* The configuration as it was; held for the caller. 0: before the first revision. MISSING when it is pruned or never was. */
enum result store_snapshot_at(struct store *, uint64_t revision, const struct snapshot **);
/* What a revision changed, and what differs from one to another, for people: secrets are masked. */
enum result store_revision_edits(struct store *, struct arena *, uint64_t revision, const struct edit **);
enum result store_compare(struct store *, struct arena *, uint64_t from, uint64_t to, const struct edit **);
/* Fill a change with what brings its draft back to a revision; only: see change_toward(). */
enum result store_restore_into(struct store *, struct change *, uint64_t revision,
                               const struct resource *const *only);

/* --- settings: small durable texts that are not configuration; any thread -------------------- */

/* A copy in the arena; NULL: not set. */
const char *store_setting(struct store *, struct arena *, const char *name);
/* Durable when done. NULL forgets it. May wait for a batch that is being written. */
enum result store_setting_set(struct store *, const char *name, const char *value, struct buffer *message);

/* --- copies: whole configurations that stay until somebody removes them, however many revisions follow; any thread --- */

#define STORE_COPIES_MAX     64
#define STORE_COPY_NAME_MAX  255  /* bytes */
#define STORE_COPY_NOTE_MAX  8192

struct copy {
	char        uuid[UUID_LENGTH + 1];
	const char *name;     /* no two are alike */
	const char *note;
	int64_t     time;     /* microseconds since 1970: when it was taken */
	uint64_t    revision; /* that it is the same as */
	size_t      bytes;
};

struct copies {
	struct copy *copies; /* oldest first */
	size_t       count;
};

enum result store_copies(struct store *, struct arena *, struct copies *);
/*
 * Keep a snapshot; it gets a uuid when it has none. CONFLICT: the name is taken. TOO_BIG: there are STORE_COPIES_MAX
 * of them, or a text is too long. Time, revision and bytes are filled in.
 */
enum result store_copy_add(struct store *, const struct snapshot *, struct copy *, struct buffer *message);
/* The same content under another name. MISSING: the first is not there. */
enum result store_copy_clone(struct store *, struct text from, struct copy *, struct buffer *message);
/* Name, note and revision. MISSING, CONFLICT, TOO_BIG as above. */
enum result store_copy_change(struct store *, const struct copy *, struct buffer *message);
enum result store_copy_remove(struct store *, struct text uuid, struct buffer *message);
/* Fill a change with what makes its draft the copy. */
enum result store_copy_into(struct store *, struct change *, struct text uuid);
