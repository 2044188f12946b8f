/* schema/aliases.h: the aliases there are, stored and built in. */
#pragma once

#include "schema/schema.h"

void                 aliases_each(const struct view *, void (*visit)(void *context, const struct record *alias), void *context);
const struct record *alias_find(const struct view *, struct text name); /* NULL: none */

/* One entry of a field of type_port, by its settings. */
bool port_accepts(const struct field *, struct text entry, const struct view *);
