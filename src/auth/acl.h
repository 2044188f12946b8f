/* auth/acl.h: OPNsense's privileges and what URLs they open. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct privilege {
	const char        *id;       /* "page-firewall-aliases" */
	const char        *name;     /* "Firewall: Aliases" */
	const char *const *patterns; /* NULL-terminated; NULL: opens nothing by itself */
};

extern const struct privilege acl_privileges[]; /* by id, in byte order */
extern const size_t           acl_privileges_count;

const struct privilege *acl_find(struct text id); /* NULL: unknown */
/*
 * Does a pattern match all of the URI? "*" stands for any text, everything else for itself; a
 * trailing "/" + "*", "&*" or "?*" also matches when nothing follows.
 */
bool acl_matches(const char *pattern, struct text uri);
/* Does the privilege open the URI (without leading "/", cut at "#")? */
bool acl_opens(const struct privilege *, struct text uri);
/* Does any privilege but page-all, which opens everything? */
bool acl_is_opened(struct text uri);
/* URIs that are open to every authenticated user. */
bool acl_is_public(struct text uri);
