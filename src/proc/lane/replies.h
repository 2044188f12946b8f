/*
 * proc/lane/replies.h: answers to reads, kept for as long as the configuration and the machine stay what they are.
 *
 * A snapshot never changes, so what follows from one, from the facts of the machine and from the target of a request is
 * the same each time.
 * All functions may be called from any thread. Who may see an answer has been decided before it is looked for.
 */
#pragma once

#include <stdint.h>

#include "http/server.h"

#define REPLIES_SLOTS     1024              /* a power of two */
#define REPLIES_BYTES_MAX ((size_t)8 << 20) /* of all bodies; what does not fit is not kept */

struct replies;

/* What an answer follows from. */
struct replies_origin {
	uint64_t snapshot; /* snapshot_stamp() */
	uint64_t facts;    /* facts_stamp(), taken before the facts were looked at */
};

struct replies *replies_new(void);
void            replies_free(struct replies *);

/* Held for the caller; NULL: not known. */
struct http_canned *replies_find(struct replies *, struct text target, struct replies_origin);
/* It may take another's place. */
void replies_keep(struct replies *, struct text target, struct replies_origin, struct http_canned *);
