/* plan/network/grant.h: what interfaces were given, as the DHCP client tells it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "plan/network/network.h"

#define GRANTS_MAX        256
#define GRANT_SERVERS_MAX 8
#define GRANT_DOMAIN_MAX  253

/* Of one link, both families together. Seconds are counted from when it was told. */
struct grant {
	char           device[NETWORK_NAME_MAX + 1];
	char           domain[GRANT_DOMAIN_MAX + 1]; /* "": none */
	struct address servers[GRANT_SERVERS_MAX];   /* of names */
	size_t         nservers;
	struct address router;                       /* of IPv4; no family: none */
	struct prefix  prefix;                       /* delegated; no family: none */
	uint32_t       prefix_seconds;               /* how long it is ours */
	uint32_t       seconds;                      /* how long the IPv4 address is ours */
};

struct grants {
	const struct grant *list;
	size_t              n;
};

/*
 * From the output of `dhcpcd -U`: blocks of NAME=VALUE, empty lines between them. Servers that we never saw fill in the
 * values: whatever is not what it should be is passed over. In the arena.
 */
struct grants grants_read(struct arena *, struct text said);
/* NULL: none. */
const struct grant *grants_find(const struct grants *, const char *device);
