/*
 * fault/image.h: a disk in memory for SQLite that logs all that is done to it, so that it can be put back to
 * what a crash at any point would have left. One thread, one disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_VFS "image"

/* What a crash does to writes. */
enum crash {
	CRASH_KILL, /* the process ends: all is there that was written */
	CRASH_TORN, /* the same, but of the write at that point only a part was done */
	CRASH_LOST, /* power fails: nothing is there that was not synced */
	CRASH_SOME, /* power fails: of what was not synced some sectors are there, some not */
	CRASH_KINDS,
};

/* Register with SQLite; an empty disk, an empty log. */
void   image_start(void);
void   image_end(void);
/* Writes, truncations, syncs, creations and deletions so far. */
size_t image_count(void);
/* Is this step a write to a log that is longer than so many bytes? */
bool   image_is_in_long_log(size_t step, size_t bytes);

/* From now on nothing is logged; image_put() may be called with steps that do not get smaller. */
void image_stop_logging(void);
/* The disk as a crash leaves it before (TORN: within) this step. */
void image_put(size_t step, enum crash, uint32_t random);

/* After so many more steps that change something, the next few fail with this code of SQLite's. */
void image_fail(unsigned after, unsigned count, int code);
bool image_has_failed(void); /* since image_fail() */
