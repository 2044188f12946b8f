/* proc/about/proofs.h: which of what is served reaches a real kernel or daemon, and the tests that show it. */
#pragma once

#include <stddef.h>

#include "base/text.h"

struct proof {
	const char *dialect; /* "opnsense" */
	/* What it is about: an endpoint, or those below a path ("unbound", "PUT status/carp"). The longest that fits counts. */
	const char *path;
	const char *backend; /* in a few words */
	const char *tests;   /* between blanks, as meson names them; NULL: nobody makes it true yet, which applying says */
};

extern const struct proof proofs[];
extern const size_t       nproofs;

/* NULL: nothing is said of it, which is a mistake. id: "firewall/alias/add_item" or "POST firewall/alias". */
const struct proof *proof_find(const char *dialect, const char *id);
