/* dialect/opnsense/grid.h: what clients ask of a list of rows, and how pages of it are answered. */
#pragma once

#include "api/search.h"
#include "dialect/opnsense/call.h"

struct grid {
	int64_t current; /* page, from 1; echoed */
	int64_t size;    /* rows per page; -1: all */
	struct search search;
};

/*
 * As crud-search takes it: from the body of a POST, else from the query (which knows no sort).
 * Pages, phrase and sort are set; sort is left empty when the client names none.
 */
struct grid grid_read(struct call *, int64_t size);
/* {"rows":[ is written; the caller writes rows, then: */
void grid_begin(struct call *);
void grid_end(struct call *, const struct grid *, size_t count, size_t total);

/*
 * As query-grid: search, sort and cut a list of objects, and answer. size: the default for rows per
 * page. A field to sort by that no row has shows as null in each.
 */
void grid_answer(struct call *, struct value *rows, int64_t size);
