/* proc/portal/pages.h: the files that the portal serves: those of a template, and our own where it has none. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

struct page {
	const char *path; /* "css/a.css" */
	const char *type;
	struct text content;
};

struct pages {
	const struct page *list;
	size_t             count;
};

/* Our own. */
struct pages pages_own(void);
/* Those of a template's record. False, and why: it cannot be used. */
struct record;
bool         pages_read(struct arena *, const struct record *, struct pages *, const char **why);
/* A ZIP file of what is served with this template; NULL: of our own. */
struct text  pages_packed(struct arena *, const struct record *, int64_t now);
/* Behind the first "/" of a URL, decoded; "" is index.html. Those before ours first; NULL: there is none. */
const struct page *pages_find(const struct pages *, struct text path);
