/* dialect/pfsense/enums.h: closed lists of words that several operations share. */
#pragma once

#include "dialect/pfsense/scope.h"

/* The words of "enum:name" in an expression; NULL: there is no such list. */
struct value *enum_list(struct arena *, struct text name);
bool          enum_exists(struct text name);
/* Names of the services that are configured. */
struct value *services_configured(struct scope *);
/* Every privilege that can be given. */
extern const char *const known_privileges[];
