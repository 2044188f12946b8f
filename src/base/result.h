/* base/result.h: how an operation ended. One table per dialect maps these to status and body. */
#pragma once

enum result {
	RESULT_DONE = 0,
	RESULT_INVALID,     /* the input has faults; see struct faults */
	RESULT_MISSING,     /* what was named does not exist */
	RESULT_IN_USE,      /* refused: something else refers to it */
	RESULT_REFUSED,     /* a rule of the product forbids it; a message says which */
	RESULT_FORBIDDEN,   /* the caller may not */
	RESULT_UNAUTHENTICATED,
	RESULT_TOO_BIG,     /* a limit was passed */
	RESULT_CONFLICT,    /* the world changed meanwhile (If-Match, generation) */
	RESULT_UNAVAILABLE, /* a daemon, package or kernel feature is missing; a message names it */
	RESULT_FAILED,      /* the system said no; a message says what */
};

/* A word for logs: "done", "in use"... */
const char *result_word(enum result);
