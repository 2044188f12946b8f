/* plan/numbers.h: small numbers that belong to names, for what the kernel can only carry a number of. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

/*
 * A name keeps its number until it is released; released numbers are given away again only when all others
 * were. Whoever makes it owns it. Names are copied. One thread at a time.
 */
struct numbers;

/* Numbers from 1 to `most`. */
struct numbers *numbers_new(unsigned most);
void            numbers_free(struct numbers *);

/* The number of a name, a new one when it has none. 0: all are taken. */
unsigned    numbers_give(struct numbers *, const char *name);
/* 0: it has none. */
unsigned    numbers_find(const struct numbers *, const char *name);
/* NULL: nobody's. Valid until the next release. */
const char *numbers_name(const struct numbers *, unsigned number);
/* This number for this name; false when either is taken. */
bool        numbers_take(struct numbers *, const char *name, unsigned number);
void        numbers_release(struct numbers *, unsigned number);
unsigned    numbers_count(const struct numbers *);
/* Grows whenever a number is given or released. */
uint64_t    numbers_version(const struct numbers *);

/* All of them as lines, "12 name". */
void numbers_write(const struct numbers *, struct buffer *);
/* False, and nothing taken, when the text is not as it was written. What is taken already stays whose it is. */
bool numbers_read(struct numbers *, struct text);
