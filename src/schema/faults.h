/* schema/faults.h: everything that is wrong with a client's input. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* What kind of fault, for dialects that number theirs. */
enum fault_kind {
	FAULT_FORMAT,   /* does not look like what the field takes */
	FAULT_REQUIRED, /* empty or missing */
	FAULT_RANGE,    /* number or length out of limits */
	FAULT_CHOICE,   /* not one of the choices */
	FAULT_UNIQUE,   /* taken */
	FAULT_REFERENCE, /* names something that does not exist */
	FAULT_CONFLICT, /* does not go with another field */
};

struct fault {
	const char     *field; /* dotted name in the resource */
	enum fault_kind kind;
	const char     *message; /* an English sentence, safe to show */
	struct fault   *next;
};

/* In the order found. Made empty by { .arena = arena }. */
struct faults {
	struct arena *arena;
	struct fault *first, *last;
	size_t        count;
};

void faults_add(struct faults *, const char *field, enum fault_kind, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static inline bool
faults_none(const struct faults *faults)
{
	return faults->count == 0;
}
bool faults_has(const struct faults *, const char *field);
