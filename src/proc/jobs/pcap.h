/* proc/jobs/pcap.h: captured packets: taken from their file, and described in a line as tcpdump does. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/* A file in the format of pcap, of this machine's byte order. */
struct pcap {
	struct text rest;
	bool        is_raw; /* packets begin with their IP header */
};

struct pcap_packet {
	int64_t     time; /* microseconds since 1970 */
	uint32_t    length; /* on the wire */
	struct text bytes;
};

/* False: it is no such file. */
bool pcap_begin(struct pcap *, struct text file);
/* False: there are no more, or the last one is not there as a whole (yet). */
bool pcap_next(struct pcap *, struct pcap_packet *);

enum pcap_detail { PCAP_NORMAL, PCAP_MEDIUM, PCAP_HIGH };

/* What it is; medium: with the fields of its IP header; high: and its bytes, in lines. Printable ASCII and line ends only. */
void pcap_describe(struct buffer *, const struct pcap_packet *, bool is_raw, enum pcap_detail);
/* "ip", "ip6" or "": another family. */
const char *pcap_family(const struct pcap_packet *, bool is_raw);
