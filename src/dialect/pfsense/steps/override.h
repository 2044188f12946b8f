/* dialect/pfsense/steps/override.h: steps that the host overrides of both resolvers have in common. */
#pragma once

#include "dialect/pfsense/operation.h"

/* clang-format off */
/* Other names of a host; the codes are those of what is wrong with a name, and of what is missing. */
#define HOST_ALIASES(not_host, no_host, not_domain, no_domain) \
	EACH("aliases", "aliases.item[]"), \
	REFUSE("aliases[].host", not_host, "not hostname(aliases[].host)"), \
	REFUSE("aliases[].host", no_host, "has(aliases) and not has(aliases[].host)"), \
	SET("aliases[].host", "host", "aliases[].host", "has(aliases)"), \
	REFUSE("aliases[].domain", not_domain, "not hostname(aliases[].domain)"), \
	REFUSE("aliases[].domain", no_domain, "has(aliases) and not has(aliases[].domain)"), \
	SET("aliases[].domain", "domain", "aliases[].domain", "has(aliases)"), \
	SET("aliases[].description", "description", "str(aliases[].description)", \
	      "has(aliases[].description)"), \
	END("aliases")
/* clang-format on */
