/*
 * tests/system/together.h: many clients save something of their own, ask at once for it to be made so, and look for it when they
 * are answered.
 */
#pragma once

#include "box.h"

#define TOGETHER_CALLERS   50
#define TOGETHER_LOADS_MAX 3 /* times that a daemon may take new files for all of them */

struct together {
	const char *service;                                     /* that is told to reconfigure */
	const char *loaded;                                      /* what the keeper logs each time the daemon has new files */
	const char *path;                                        /* where a caller saves */
	const char *(*body)(struct arena *, unsigned caller);    /* what it saves; callers are 1, 2, 3... */
	bool (*is_live)(const struct box *, struct arena *, unsigned caller); /* on a thread of its own */
};

/* Ends the test unless each found its own, and the daemon was told no more often than it should be. */
void together_check(const struct box *, const struct together *);
