/* tests/collector.h: NetFlow as a collector reads it: from the documents of both versions, not from our writer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define COLLECTED_MAX 64

struct collected_record {
	char     source[46], destination[46];
	uint64_t source_port, destination_port, protocol, in, out, packets, octets, first, last;
	int      direction; /* -1: it does not say */
};

struct collected {
	uint64_t                version, count, uptime, seconds, sequence;
	struct collected_record records[COLLECTED_MAX];
	size_t                  n;
};

/* False: something is not as the version says, or is missing, or is left. */
bool collector_read(struct text datagram, struct collected *);
