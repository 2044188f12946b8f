/*
 * tests/system/lease.h: a DHCP client at the other end of a sandbox's link.
 *
 * It asks and takes what it gets, and sets nothing. Which hardware address and client ID it says it has is the test's choice.
 */
#pragma once

#include "box.h"

#define LEASE_PACKET_MAX 1500

struct lease_wish {
	const char *device;    /* "em0" */
	const char *mac;       /* "02:00:00:00:00:01"; of IPv6 the end of the DUID */
	const char *client_id; /* option 61 in hex, "01aabb"; NULL: none */
	const char *hostname;  /* NULL: none */
	const char *asked;     /* option 55 in hex, "0306"; NULL: the usual ones */
	int         limit;     /* ms; 0: LEASE_LIMIT */
	bool        wants_prefix; /* of IPv6: a prefix too */
};

#define LEASE_LIMIT 15000

struct lease {
	bool     is_there;
	char     address[64]; /* "": none */
	char     prefix[64];  /* "2001:db8:1::/56"; "": none */
	unsigned seconds;
	uint8_t  packet[LEASE_PACKET_MAX]; /* the reply that gave it */
	size_t   len, options; /* where its options begin */
	bool     is_six;
};

/* Ask until it has one or the time is over. */
struct lease lease_take(const struct box *, const struct lease_wish *);
struct lease lease_take6(const struct box *, const struct lease_wish *);
/* The bytes of an option of the reply; ptr NULL: it is not in it. */
struct text  lease_option(const struct lease *, unsigned code);
