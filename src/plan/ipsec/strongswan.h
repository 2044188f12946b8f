/* plan/ipsec/strongswan.h: strongSwan's strongswan.conf for a configuration. */
#pragma once

#include "schema/snapshot.h"

struct buffer;

/*
 * What the daemon reads when it starts: how it works, and which of its plugins it has. kernel_has_esp: the kernel wraps packets;
 * else the daemon does it by itself.
 */
void strongswan_write(struct buffer *, const struct snapshot *, bool kernel_has_esp);
