/*
 * api/search.h: finding, sorting and paging records. What a phrase finds is in api/phrase.h.
 */
#pragma once

#include "api/labels.h"

#define SEARCH_KEYS_MAX 16 /* fields to sort by */

struct search {
	struct text   phrase;
	const char   *fields; /* names, comma separated; NULL: all */
	struct text   sort[SEARCH_KEYS_MAX];
	size_t        nsort;      /* 0: the order they are in. An unknown field counts as empty. */
	bool          descending; /* all keys */
	bool          both;       /* the phrase is looked for in values too, not only in their labels */
	/* Used instead of sort when there is none of it: a number to order by. */
	uint64_t (*rank)(const struct record *, void *rank_context);
	void *rank_context;
	size_t        skip;
	size_t        take;       /* SIZE_MAX: all */
	/* NULL: every record. */
	bool (*wanted)(const struct record *, void *context);
	void *context;
};

struct found {
	const struct record **records; /* of the page, in the arena */
	size_t                count;
	size_t                total; /* of all pages */
};

/* What a resource has, stored and built in, in the arena of the view. The records belong to the snapshot. */
struct rows {
	const struct record **records;
	size_t                count;
};
struct rows rows_of(const struct view *, const struct resource *);

struct found search_run(const struct search *, const struct view *, struct labels *, struct rows);
/* A record by uuid, or by name when built in; NULL: none. */
const struct record *rows_find(const struct view *, const struct resource *, struct text uuid);
/* Sort texts as people do: item9 before item10, any case. The texts are the members' names. */
void names_sort(struct text *names, size_t count);
