/* api/packages.h: what Debian's package manager keeps and says, taken apart. All in the arena. */
#pragma once

#include "base/value.h"

/*
 * dpkg's list of packages (/var/lib/dpkg/status) and apt's of those that came along with others (extended_states; may be
 * empty). Rows of what is installed, by name: {name, version, summary, description, section, kilobytes, locked, automatic}.
 */
struct value *packages_installed(struct arena *, struct text status, struct text automatic);
/* The row of one; NULL: it is not installed. */
struct value *packages_find(const struct value *rows, const char *name);

/*
 * What "apt-get -s" would do, from its output: rows {name, old, new, repository, reason: upgrade, new or remove}. Other
 * lines are passed over.
 */
struct value *packages_changes(struct arena *, struct text said);
