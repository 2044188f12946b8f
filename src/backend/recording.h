/* backend/recording.h: backends that remember what they were asked and touch nothing. */
#pragma once

#include "backend/backends.h"

/* Starts zeroed; recording_clear() gives its memory back. */
struct recording {
	struct buffer rules;        /* the last packet filter plan */
	unsigned      rules_loaded; /* how many came */
	enum result   answer;       /* what all functions return */
};

struct backends recording_backends(struct recording *); /* which must outlive it */
void            recording_clear(struct recording *);
