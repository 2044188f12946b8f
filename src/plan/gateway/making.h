/* plan/gateway/making.h: what the files that read gateways share; nobody else includes it. */
#pragma once

#include "plan/gateway/gateway.h"

/* Groups and default gateways, from the sorted list. */
void gateways_choose(struct arena *, const struct snapshot *, struct gateways *);
