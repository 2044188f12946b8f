/* api/older/element.h: elements of records in the older forms of config.xml, one by one; for the files beside it. */
#pragma once

#include "api/xml.h"
#include "store/change.h"

/* How the text of an element becomes a value. */
enum element_form {
	AS_IS,
	AS_FLAG,   /* it is there, and is not "0" */
	AS_UNFLAG, /* the other way round */
	IN_LOWER_CASE,
	AS_PORTS,  /* a range may have a colon */
	BY_NAME,   /* of a record of the other resource; its uuid is kept */
};

struct element {
	const char       *path, *field;
	enum element_form form;
	const char       *resource;
};

/* Which record, for the report. */
struct element_of {
	const char *place;
	size_t      number; /* from 1 */
	const char *descr;
};

/* A record of the resource with what its elements say, for the caller to complete; the node counts as used. */
struct record *element_begin(struct change *, struct arena *, struct xml *, const char *resource, const struct element *,
			     size_t count);

/* These mark the element as taken. */
const char *element_take(struct xml *record, const char *path); /* "" when there is none */
bool        element_is_set(struct xml *record, const char *path); /* it is there, and not "0" */

/*
 * What nobody took, and is no mere history, goes into the report, a line each. True: without some of it the record would be
 * about more than it was.
 */
bool element_report(const struct element_of *, struct xml *, struct buffer *report);

/* With each letter as tolower() or toupper() has it. */
const char *element_in_case(struct arena *, const char *, int change(int));
