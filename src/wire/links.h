/* wire/links.h: what the kernel says of its network links, on its way from the keeper to the gate. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"

#define LINK_NAME_MAX      15
#define LINK_KIND_MAX      31
#define LINKS_MAX          8192
#define LINK_ADDRESSES_MAX 1024
#define LINKS_BYTES_MAX    ((size_t)64 * 1024 * 1024)

struct link_address {
	struct prefix prefix;    /* host bits kept */
	bool          local;     /* link-local scope */
	bool          tentative; /* duplicate detection is not through, or found one */
};

struct link_counters {
	uint64_t packets, bytes, errors, drops;
};

struct link {
	uint32_t                   index;  /* the kernel's */
	uint32_t                   master; /* index of the bridge or bond it belongs to; 0: none */
	uint32_t                   mtu;
	uint32_t                   flags;   /* IFF_* */
	uint32_t                   queue;   /* packets that wait at most */
	uint32_t                   speed;   /* Mb/s; 0: not known */
	uint16_t                   type;    /* ARPHRD_* */
	bool                       up;      /* as configured */
	bool                       running; /* it has a carrier */
	uint8_t                    mac[6];  /* zero: it has none */
	const char                *name;
	const char                *kind;    /* "veth", "bridge"...; "" for hardware, "loopback" for lo */
	struct link_counters       in, out;
	struct link_counters       in6, out6; /* of these, IPv6: packets and bytes */
	uint64_t                   multicast, collisions, unknown; /* received; when sending; of protocols nobody knows */
	const struct link_address *addresses;
	size_t                     naddresses;
};

/* By index. What is in there lies in the arena it was made in. */
struct links {
	const struct link *links;
	size_t             n;
};

void links_encode(struct buffer *, const struct links *);
/* False when the bytes are anything but what links_encode() makes; *out is untouched then. */
bool links_decode(struct arena *, struct text bytes, struct links *out);
/* Of the link with this index; "" when there is none. */
const char        *links_name(const struct links *, uint32_t index);
/* NULL: none is called so. */
const struct link *links_find(const struct links *, const char *name);
