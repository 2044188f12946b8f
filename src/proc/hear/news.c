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

bool
news_start(struct news *news, struct loop *loop, bool (*tell)(void *self, enum event), void *self)
{
	*news = (struct news){ .loop = loop, .tell = tell, .self = self };
	news->settle = (struct timer){ .due = tell_links, .self = news };
	news->links = (struct watch){ links_watch(), hear_links, news };
	if (news->links.fd < 0)
		return false;
	loop_watch(loop, &news->links);
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
}
