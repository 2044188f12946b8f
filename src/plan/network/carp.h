/* plan/network/carp.h: addresses that move between boxes: which of the virtual ones do, and where. */
#pragma once

#include "schema/snapshot.h"

#define CARP_DEMOTION 240 /* of a box in maintenance, and for each link of a virtual address that is down */

/* Somebody switched it off: no such address is anywhere on this box. */
bool carp_is_disabled(const struct snapshot *);
/* This box is only to have the addresses when no other can. */
bool carp_is_in_maintenance(const struct snapshot *);
/* Is it the address of a virtual router, not an alias or another kind? */
bool carp_is_router(const struct record *vip);
/* Does the address come and go, alone or (an alias with the number of one that does) along with another? */
bool carp_floats(const struct record *vip);
/* Is there one that does on the interface, and is it not switched off? */
bool carp_is_on(const struct snapshot *, struct text interface);
