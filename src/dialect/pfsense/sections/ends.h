/* dialect/pfsense/sections/ends.h: the two ends of a rule: {any | network | address, not, port} and plain fields. */
#pragma once

#include "dialect/pfsense/mount.h"

/* The names of the fields that hold one end; port NULL: kept elsewhere. */
struct end {
	const char *name; /* of the object's member: "source" */
	const char *net, *not, *port;
};

void end_show(struct tree *, const struct record *, const struct end *, struct value *object);
void end_fill(struct tree *, const struct value *object, const struct end *, struct record *);
/* "tcp" for "TCP"; no member for "any". */
void protocol_show(struct tree *, const struct record *, struct value *object);
void protocol_fill(struct tree *, const struct value *object, struct record *, bool upper_case);
/* A number for a uuid, always the same one. */
int64_t number_of(const struct record *);
