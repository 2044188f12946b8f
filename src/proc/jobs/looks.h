/* proc/jobs/looks.h: looking at others once: what name servers say, the way to a host, whether a port is open. */
#pragma once

#include "base/value.h"
#include "wire/courier.h"

/* All of these may take seconds; what they give is made in the arena. Words and shapes are upstream's. */

/*
 * {A: {answers, query_time, server}, AAAA, MX, TXT}: only those with answers; of an address {PTR: ...}. {error_message} when nobody
 * answers. server "": the first of this machine's.
 */
struct value *look_dns(struct arena *, const char *host, const char *server);

struct look_wish {
	const char *host, *source; /* source "": the kernel's choice */
	bool        inet6, is_icmp;
	unsigned    port, source_port;
	bool        shows_text; /* what the other side says */
};

/* {rows: [{ttl, AS, host, address, probes}], error?, notice?} */
struct value *look_route(struct arena *, struct courier *, const struct look_wish *);
/* {message, payload} */
struct value *look_port(struct arena *, struct courier *, const struct look_wish *);
