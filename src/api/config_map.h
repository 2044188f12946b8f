/* api/config_map.h: single places of config.xml that follow no declaration; for config_import.c and config_export.c. */
#pragma once

#include "api/xml.h"
#include "schema/schema.h"

/* <interfaces><wan>: addresses and their kinds share one element there. */
void interface_from_xml(struct arena *, struct record *, struct xml *);
void interface_to_xml(struct arena *, const struct record *, struct xml *);

/* Field of a singleton that is no model's -> path from the root; repeated elements become a list. By resource. */
struct system_place {
	const char *resource, *field, *path;
	bool        is_pfsense; /* read from its files only, and never written */
};
extern const struct system_place system_places[];
extern const size_t              system_places_count;

/* Fields that are more than one element there. */
struct nested_field {
	const char *resource, *name;
	const char *(*from_xml)(struct arena *, struct xml *first); /* the first element of that name */
	void (*to_xml)(struct arena *, const char *value, struct xml *record);
};
const struct nested_field *nested_field(const struct record *, const char *name); /* NULL: it is an ordinary one */

/* Where a collection's records are: the element above them and their own name. */
struct place {
	const char *above; /* path from the root */
	const char *name;
};
struct place collection_place(struct arena *, const char *mount, const char *path);
/* The mount as a path from the root. */
const char *mount_path(struct arena *, const char *mount);
/* The resource that carries the mount of a model; NULL: it is in no file. */
const struct resource *mount_owner(const struct schema *, const struct resource *);
