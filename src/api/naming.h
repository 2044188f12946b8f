/*
 * api/naming.h: which fields name records of which kind. What a field holds is a list; "!" may stand before an entry, and
 * "ip" behind the name of a group.
 */
#pragma once

#include "schema/schema.h"

/* A field that names records of a kind: by its type, or by where it is. */
struct naming {
	const char        *target;
	const struct type *type;
	unsigned           settings; /* of the type: needed */
	const char        *source;   /* of the field: needed at its start */
	const char        *resource; /* instead of the type */
	const char        *field;
	const char        *behind; /* may follow the name: "ip" for the address of an interface */
};

bool                 naming_knows(const char *target); /* Does any field name records of this resource? */
bool                 naming_may(const struct resource *, const struct field *); /* Does the field name anything? */
/* How the field names records of a kind; NULL: it does not. */
const struct naming *naming_find(const char *target, const struct resource *, const struct field *);
/* All kinds a field names, one by one. previous NULL: the first; NULL behind the last. */
const struct naming *naming_next(const struct naming *previous, const struct resource *, const struct field *);

size_t      naming_entry_length(const char *at);
bool        naming_matches(const struct naming *, const char *value, struct text name);
const char *naming_replace(struct arena *, const struct naming *, const char *value, struct text from, const char *to);
