/* dialect/opnsense/show.h: records as this dialect shows them. */
#pragma once

#include "api/labels.h"
#include "json/write.h"
#include "schema/type.h"

/* What a field is called here; NULL: it is not shown. */
const char *shown_name(const struct field *);

/*
 * One value under the name it was given, or an option map, and its label beside it. What stands
 * behind the last dot of the field's name is its name.
 */
void show_field(struct json *, const struct field *, const char *name, const char *value, const struct view *);

/*
 * A whole record as get gives it: nested, lists as option maps. The object is not opened or closed here,
 * so that others can add to it. without: fields that are left out, comma separated; NULL: none.
 */
void show_record(struct json *, const struct record *, const char *without, const struct view *);

/*
 * A model: the fields of its singleton and its arrays, each record under its uuid. without: paths of
 * arrays that are left out, comma separated; NULL: none.
 */
void show_model(struct json *, const char *model, const char *without, const struct view *);

/* A row of a search: every leaf, dotted, with its label beside it. Not opened or closed either. */
void show_row(struct json *, const struct record *, const char *without, struct labels *);
/* The uuid is not written either. */
void show_leaves(struct json *, const struct record *, const char *without, struct labels *);
/* Is a name in a comma-separated list? NULL: in none. */
bool is_listed(const char *list, const char *name);
