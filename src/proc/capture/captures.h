/* proc/capture/captures.h: packets being written down, each capture by a process of its own. */
#pragma once

#include "backend/backends.h"
#include "proc/child/children.h"

#define CAPTURES_MAX 16 /* at a time */

struct captures;

/* program: our own executable, open. The children are the caller's. */
struct captures *captures_new(struct children *, int program);
/* None may be running any more: see captures_end(). */
void             captures_free(struct captures *);

/*
 * Begin one. *file is memory that grows as packets come, in the format of pcap; the caller's, for reading. Besides what
 * the backend says: TOO_BIG: there are too many.
 */
enum result captures_start(struct captures *, const struct backends *, const struct capture_wish *, size_t snaplen, size_t count,
			   uint32_t *id, int *file, struct buffer *message);
/* False: there is no such capture, or it has ended. */
bool        captures_stop(struct captures *, uint32_t id);
/* The ids of those that are running. */
size_t      captures_list(const struct captures *, uint32_t ids[CAPTURES_MAX]);
/* Nobody wants any of them any more. */
void        captures_end(struct captures *);
