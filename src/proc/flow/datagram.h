/*
 * proc/flow/datagram.h: NetFlow as collectors read it: version 5, and version 9 (RFC 3954), whose templates are in each
 * datagram. Pure: bytes in memory, sent by others.
 */
#pragma once

#include "base/text.h"
#include "proc/flow/passing.h"

#define DATAGRAM_MAX 1464 /* bytes: 30 records of version 5, in one packet of Ethernet */

struct datagram {
	unsigned version;  /* 5 or 9 */
	int64_t  began;    /* ms since 1970: times are told as since then */
	uint32_t sequence; /* of version 5: records that were told before; of 9: datagrams */
	unsigned records, templates;
	size_t   set;      /* where the set under way begins, which has records of one family; 0: none */
	enum family family;
	size_t   len;
	uint8_t  bytes[DATAGRAM_MAX];
};

void datagram_init(struct datagram *, unsigned version, int64_t began);
/* Can it be told at all? Version 5 knows no IPv6. */
bool datagram_can_tell(const struct datagram *, const struct passing *);
/* False: there is no room: send this one first. What is larger than a record can say is split by the caller. */
bool datagram_add(struct datagram *, const struct passing *);
/* Complete, and ready for the next one: these bytes are there until something is added. Empty: there was nothing. */
struct text datagram_finish(struct datagram *, int64_t now);

/* So much of it as one record can say; *rest becomes what does not. False: nothing is left. */
bool datagram_part(unsigned version, struct passing *rest, struct passing *part);
