/*
 * dialect/pfsense/tree.h: the configuration in the shape that this API's clients know.
 *
 * "aliases/alias", "filter/rule", "system/user"...: built from the records when asked for. Lists whose
 * things exist as records of their own are mounted (mount.h) at their paths; everything else of a
 * top-level section is kept as it is in a record of pfsense.section.
 */
#pragma once

#include "api/request.h"

struct tree;

struct tree *tree_make(struct request *);
/* What is there, or NULL. Shared: must not be changed. */
struct value *tree_get(struct tree *, const struct text *steps, size_t count);
struct value *tree_find(struct tree *, const char *path);
/* The list of records that is mounted at the path, as it was before anything was changed; NULL: there is none. */
const struct value *tree_shown(struct tree *, const char *path);
/* Make it so; parents are made as needed. A list index that is the list's length appends. */
void tree_set(struct tree *, const struct text *steps, size_t count, struct value *);
void tree_put(struct tree *, const char *path, struct value *);
void tree_remove(struct tree *, const struct text *steps, size_t count);
/* Was anything set or removed? */
bool tree_is_changed(const struct tree *);
/* Turn what was changed into records, on LANE_COMMIT. On trouble the message says which field. */
enum result tree_save(struct tree *, const char **message);
