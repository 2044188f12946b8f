/* plan/filter_boot.h: the filter before there is a configuration: closed but for management. */
#pragma once

#include "base/arena.h"
#include "plan/filter.h"

/*
 * Lets in what answers us, what IPv6 cannot do without, DHCP answers, and TCP to these ports of this box
 * from anywhere; lets everything of our own out, and forwards nothing. Made in the arena.
 */
const struct filter *filter_boot(struct arena *, const uint16_t *ports, size_t count);
