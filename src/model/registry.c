/* Every resource. The list, RESOURCES(X), is made of the one in meson.build. */
#include "model/registry.h"

#include "model/resources.h"

#define DECLARE(name) extern const struct resource name##_resource;
#define ADDRESS(name) &name##_resource,

RESOURCES(DECLARE)

const struct resource *const registry[] = { RESOURCES(ADDRESS) };
const size_t                 registry_count = COUNT(registry);
