/* proc/portal/pages.h: the files that the portal serves: those of a template, and our own where it has none. */
#pragma once

#include <stdbool.h>

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
/* The type of a file of this name. */
const char  *page_type(const char *path);
/* Behind the first "/" of a URL, decoded; "" is index.html. Those before ours first; NULL: there is none. */
const struct page *pages_find(const struct pages *, struct text path);
