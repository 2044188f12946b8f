/* Gathering changes of links, addresses and routes until they have settled. */
#include "proc/hear/news.h"

#include <unistd.h>

#include "backend/links.h"

static void
tell_links(void *self)
{
	struct news *news = self;

	if (!news->tell(news->self, EVENT_LINKS))
		loop_start(news->loop, &news->settle, NEWS_AGAIN);
}

static void
hear_links(void *self)
{
	struct news *news = self;

	if (links_changed(news->links.fd) && !news->settle.running)
		loop_start(news->loop, &news->settle, NEWS_SETTLE);
}

static void
tell_neighbours(void *self)
{
	struct news *news = self;

	news->is_told = news->tell(news->self, EVENT_NEIGHBOURS);
	if (!news->is_told)
		loop_start(news->loop, &news->neighbours_settle, NEWS_AGAIN);
}

static void
hear_neighbours(void *self)
{
	struct news *news = self;

	if (links_changed(news->neighbours.fd) && !news->is_told && !news->neighbours_settle.running)
		loop_start(news->loop, &news->neighbours_settle, NEWS_NEIGHBOURS);
}

void
news_asked(struct news *news)
{
	news->is_told = false;
}

bool
news_start(struct news *news, struct loop *loop, bool (*tell)(void *self, enum event), void *self)
{
	*news = (struct news){ .loop = loop, .tell = tell, .self = self };
	news->neighbours_settle = (struct timer){ .due = tell_neighbours, .self = news };
	news->neighbours = (struct watch){ -1, hear_neighbours, news };
	news->settle = (struct timer){ .due = tell_links, .self = news };
	news->links = (struct watch){ links_watch(), hear_links, news };
	if (news->links.fd < 0)
		return false;
	loop_watch(loop, &news->links);
	news->neighbours.fd = neighbours_watch();
	if (news->neighbours.fd < 0)
		return false;
	loop_watch(loop, &news->neighbours);
	return true;
}

void
news_end(struct news *news)
{
	if (!news->loop || news->links.fd < 0)
		return;
	loop_cancel(news->loop, &news->settle);
	loop_unwatch(news->loop, &news->links);
	close(news->links.fd);
	news->links.fd = -1;
	if (news->neighbours.fd < 0)
		return;
	loop_cancel(news->loop, &news->neighbours_settle);
	loop_unwatch(news->loop, &news->neighbours);
	close(news->neighbours.fd);
	news->neighbours.fd = -1;
}
