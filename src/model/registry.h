/* model/registry.h: the resources there are. */
#pragma once

#include "schema/schema.h"

extern const struct resource *const registry[];
extern const size_t                 registry_count;
