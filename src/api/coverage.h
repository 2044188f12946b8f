/* api/coverage.h: what a dialect serves, next to what its contract lists. */
#pragma once

#include <stdbool.h>

/* One endpoint, for `drawbridge routes` and `drawbridge coverage`. */
struct coverage {
	const char *id;   /* "firewall/alias/search_item" */
	const char *kind; /* in the words of the contract */
	bool        served;
	bool        in_contract; /* false: one we serve beyond it */
};
