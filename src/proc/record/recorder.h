/* proc/record/recorder.h: fetching what the keeper heard, and putting it where it can be asked for. */
#pragma once

#include "proc/machine.h"
#include "proc/record/journal.h"
#include "wire/courier.h"
#include "wire/feed.h"

struct recorder;

struct recorder_setup {
	struct courier *courier;
	struct journal *journal;
	struct machine *machine; /* which knows links by number */
	/* What a rule is called, made in the arena; "" when it is not known. */
	const char *(*label)(void *context, struct arena *, const char *uuid);
	/* Connections that ended. */
	void (*flows)(void *context, const struct feed_entries *);
	void  *context;
};

/* One thread. What there is already is fetched first. */
struct recorder *recorder_new(const struct recorder_setup *);
void             recorder_free(struct recorder *); /* NULL is fine */
/* There is something new. Any thread; NULL is fine. */
void             recorder_wake(struct recorder *);
