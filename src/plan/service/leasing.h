/* plan/service/leasing.h: where this box is a DHCP server, for those who must let its clients in. */
#pragma once

#include "base/address.h"
#include "schema/snapshot.h"

/* On the interface of this name, in this family; and nobody said that the rules for it are written by hand. */
bool leasing_is_open(const struct snapshot *, struct text interface, enum family);
/* Only one server can have a family's port: where Kea is on, dnsmasq leases nothing. */
bool leasing_is_keas(const struct snapshot *, enum family);
/* Is Kea on this interface? */
bool leasing_by_kea(const struct snapshot *, struct text interface, enum family);
