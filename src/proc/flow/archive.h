/*
 * proc/flow/archive.h: who moved how much in a span of time, for as many spans as fit: a ring in a file. Of each span only the
 * largest are kept by name, others are added up.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "proc/flow/ways.h"

/* What is told apart; members that an archive does not tell apart are zero in all its rows. */
struct flow_key {
	char           device[WAYS_NAME_MAX + 1];
	bool           is_out;
	uint8_t        protocol;
	uint16_t       port;
	struct address source, destination;
};

struct flow_row {
	struct flow_key key;
	uint64_t        octets, packets;
	int64_t         last; /* seconds since 1970 */
};

struct archive_shape {
	unsigned step;  /* seconds of a span */
	unsigned spans; /* that are kept */
	unsigned rows;  /* of a span that are kept */
};

#define ARCHIVE_OPEN 4 /* times as many rows may be told apart while a span is under way */

struct archive;

/* fd: a file to read and write, which is ours from now on; -1: what is over is forgotten. What it has that is not ours is as good as zero. */
struct archive *archive_new(const struct archive_shape *, int fd);
/* Saves. NULL is fine. */
void            archive_free(struct archive *);

/* Time in seconds since 1970; what is older than the span under way counts in that. */
void archive_add(struct archive *, const struct flow_key *, uint64_t octets, uint64_t packets, int64_t time);
/* Write down what is not yet. False: the file cannot be written. */
bool archive_save(struct archive *);
/* Forget all. */
void archive_clear(struct archive *);

/* start: of its span, in seconds since 1970. */
typedef void archive_take(void *self, int64_t start, const struct flow_row *);
/* The rows of spans that begin at `from` or later, or are under way then, and begin before `to`; as of `now`, oldest span first. */
void archive_read(struct archive *, int64_t from, int64_t to, int64_t now, archive_take *, void *self);
