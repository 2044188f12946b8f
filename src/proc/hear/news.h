/* proc/hear/news.h: what the kernel says unasked, passed on in small doses. */
#pragma once

#include "proc/child/loop.h"
#include "wire/order.h"

/* In ms. Changes come in flocks: they are told together. */
#define NEWS_SETTLE 50
#define NEWS_AGAIN  500 /* when there was no room for it */
#define NEWS_NEIGHBOURS 500 /* as NEWS_SETTLE, of what comes all the time */

struct news {
	struct loop *loop;
	struct watch links; /* fd is -1 where nobody watches */
	struct timer settle;
	/* Neighbours; is_told until somebody asked for them: news_asked(). */
	struct watch neighbours;
	struct timer neighbours_settle;
	bool         is_told;
	/* False: no room now, tell me later. */
	bool       (*tell)(void *self, enum event);
	void        *self;
};

/* Watch the network namespace we are in. False and errno when the kernel does not let us; news_end() is fine then. */
bool news_start(struct news *, struct loop *, bool (*tell)(void *self, enum event), void *self);
/* Somebody is about to be told which neighbours there are. */
void news_asked(struct news *);
void news_end(struct news *);
