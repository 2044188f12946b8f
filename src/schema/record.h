/* schema/record.h: one instance of a resource. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/uuid.h"

struct resource;

/*
 * A record is made in an arena, filled, and then sealed: the sealed copy is
 * immutable, counted, shared between snapshots and threads. All values are texts
 * that end in NUL; an empty one is "". Lists are joined as their type says.
 */
struct record {
	const struct resource *resource;
	char                   uuid[UUID_LENGTH + 1]; /* "" until it has one */
	int64_t                place;  /* order in the collection; the store gives it out */
	_Atomic(unsigned)      holds;  /* 0: belongs to an arena */
	const char            *values[]; /* one for each field of the resource */
};

/* A new one with every field's plain default. */
struct record *record_make(struct arena *, const struct resource *);
struct record *record_copy(struct arena *, const struct record *);
/* The value is not copied: it must live as long as the arena of the record. */
void           record_put(struct record *, size_t field, const char *value);
void           record_set(struct record *, const char *field, const char *value);

/* An immutable copy that the caller holds once. */
struct record       *record_seal(const struct record *);
const struct record *record_hold(const struct record *);
void                 record_release(const struct record *);

/* Asking for a field the resource lacks is a bug and aborts. */
const char *record_get(const struct record *, const char *field);
struct text record_text(const struct record *, const char *field);
bool        record_bool(const struct record *, const char *field); /* "1" */
bool        record_has(const struct record *, const char *field);  /* neither "" nor "0" */
/* The number, or otherwise when it is empty or none. */
int64_t     record_number(const struct record *, const char *field, int64_t otherwise);
/* The place of the value in a NULL-terminated list of words; otherwise when it is none of them. */
size_t      record_choice(const struct record *, const char *field, const char *const *words, size_t otherwise);
bool        record_same(const struct record *, const struct record *); /* every value */
