/* proc/record/overload.h: ending the connections of sources that exceeded what a rule allows, as logged packets tell of them. */
#pragma once

#include <stdint.h>

#include "wire/courier.h"
#include "wire/feed.h"

/* Of one listener; zeroed at first. */
struct overload {
	struct overloaded {
		struct address address;
		int64_t        at; /* microseconds */
	} recent[64];
	unsigned next;
};

/*
 * The packet is not for the log: the source of it loses its connections, unless that was done less than a second before it came.
 * False: it is for the log. time: when it came. Waits for the keeper.
 */
bool overload_take(struct overload *, struct courier *, int64_t time, const struct feed_packet *);
