/* dialect/opnsense/options.h: fields that are shown as the choices they have. */
#pragma once

#include "json/write.h"
#include "schema/type.h"

/*
 * {"key":{"value":"label","selected":0 or 1}}; [] when there are no choices, and a list when the keys are
 * 0, 1, 2... in that order.
 */
void show_options(struct json *, const struct field *, const char *value, const struct view *);
/* What an alias holds and could hold, each with its description. value NULL: nothing is selected. */
void show_alias_content(struct json *, const struct field *, const char *value, const struct view *);
