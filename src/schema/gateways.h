/* schema/gateways.h: the gateways that interfaces are given, by name. */
#pragma once

#include "base/address.h"
#include "schema/snapshot.h"

/* What ends the name of the one an interface gets from outside for a family; NULL: it gets none. */
const char *gateway_found_suffix(const struct record *interface, enum family);
/* "WAN_DHCP": the interface's description and the suffix. Gateways that are configured go before those of the same name. */
const char *gateway_found_name(struct arena *, const struct record *interface, const char *suffix);
/* Does a configured gateway say that it is the one that this interface gets? */
bool        gateway_is_adopted(const struct snapshot *, const struct record *interface, enum family);
