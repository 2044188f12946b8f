/* proc/flow/passing.h: packets of one way of a connection, at one interface: what is counted, and what collectors are told. */
#pragma once

#include "proc/flow/meter.h"
#include "proc/flow/ways.h"

#define PASSING_LINKS_MAX 256 /* that are watched */

struct passing {
	char             device[WAYS_NAME_MAX + 1];
	bool             is_out;  /* they leave by it */
	uint8_t          protocol;
	struct state_end source, destination; /* as they are there: before or after translation */
	uint16_t         service; /* the port that was asked for; 0: none */
	uint32_t         in, out; /* numbers of links; 0: none */
	uint64_t         packets, octets;
	int64_t          first, last; /* ms since 1970 */
};

/* Where is watched. */
struct passing_links {
	struct {
		char device[WAYS_NAME_MAX + 1];
		bool only_out;
	} links[PASSING_LINKS_MAX];
	size_t n;
};

typedef void passing_take(void *self, const struct passing *);

/* What is read of a connection at each link that is watched: up to four of them. */
void passing_each(const struct meter_reading *, const struct ways *, const struct passing_links *, passing_take *, void *self);
