/* api/labels.h: what people see for the values of a resource, worked out once per request. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "schema/snapshot.h"
#include "schema/type.h"

/* What one value of one field is shown as. */
struct label {
	const char *text;
	uint64_t    words;  /* for search.c: which words of the phrase occur in it */
	bool        looked; /* words is known */
};

/* Made for one resource and one snapshot, in the view's arena; lives as long as both. */
struct labels;

struct labels         *labels_make(const struct view *, const struct resource *);
const struct resource *labels_resource(const struct labels *);
/* Is every value of the field its own label? */
bool           labels_are_values(const struct labels *, size_t field);
/* The value as it is shown and searched: stored, or computed when the field is derived. */
const char    *labels_value(struct labels *, const struct record *, size_t field);
/* NULL when the value is its own label. */
struct label  *labels_find(struct labels *, const struct record *, size_t field);
/* The label, or the value when there is none. */
const char    *labels_text(struct labels *, const struct record *, size_t field);
