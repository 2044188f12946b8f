/* dialect/opnsense/csv_text.h: reading and writing comma (or semicolon) separated values. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"

#define CSV_COLUMNS_MAX 512

struct csv {
	struct text rest;
	char        separator;
};

struct csv_row {
	struct text *cells;
	size_t       count;
};

/* The separator is "," or ";", whichever comes first. */
struct csv csv_start(struct text);
/* The next row that is not blank; false after the last. Cells are made in the arena. */
bool       csv_next(struct csv *, struct arena *, struct csv_row *);
/* One cell, quoted when it must be; first says whether a separator is due. */
void       csv_put(struct buffer *, bool first, const char *cell);
