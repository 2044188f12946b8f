/* proc/hear/hearing.h: all that the keeper hears unasked. */
#pragma once

#include "proc/hear/feeds.h"
#include "proc/hear/news.h"
#include "proc/hear/probes.h"

struct hearing {
	struct news    news;
	struct feeds  *feeds;
	struct probes *probes; /* NULL: not there */
};

/* What we log is heard from now on. */
void hearing_open(struct hearing *, struct loop *, bool (*tell)(void *self, enum event), void *self);
/* The kernel too, of the network namespace we are in. What cannot be heard is logged. */
void hearing_listen(struct hearing *);
void hearing_close(struct hearing *);
