/* wire/shaper.h: what the classes of the shaper have done, on its way from the keeper to the gate. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"

#define SHAPER_COUNTS_MAX 65536

struct shaper_count {
	uint32_t class;
	uint64_t bytes, packets; /* that went through */
	uint64_t dropped;        /* packets */
	uint32_t backlog;        /* packets that wait */
	struct address host;     /* whose it is now; no family: nobody's by himself */
};

struct shaper_counts {
	const struct shaper_count *counts; /* classes ascend */
	size_t                     n;
};

#define SHAPER_COUNTS_BYTES_MAX ((size_t)4 + (size_t)SHAPER_COUNTS_MAX * 49)

void shaper_counts_encode(struct buffer *, const struct shaper_counts *);
/* False when the bytes are anything but what encoding makes; *out is untouched then. */
bool shaper_counts_decode(struct arena *, struct text bytes, struct shaper_counts *out);
