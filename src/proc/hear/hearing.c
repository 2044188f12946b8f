/* One for all. */
#include "proc/hear/hearing.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "plan/filter.h"

void
hearing_open(struct hearing *hearing, struct loop *loop, bool (*tell)(void *self, enum event), void *self)
{
	*hearing = (struct hearing){ .news = { .loop = loop, .links.fd = -1, .tell = tell, .self = self } };
	hearing->feeds = feeds_new(loop, tell, self);
}

void
hearing_listen(struct hearing *hearing)
{
	const struct news *news = &hearing->news;

	if (!news_start(&hearing->news, news->loop, news->tell, news->self))
		log_warning("changes of links or neighbours cannot be seen: %s", strerror(errno));
	hearing->probes = probes_new(news->loop, news->tell, news->self);
	feeds_listen(hearing->feeds, FILTER_LOG_GROUP);
}

void
hearing_close(struct hearing *hearing)
{
	news_end(&hearing->news);
	feeds_free(hearing->feeds);
	probes_free(hearing->probes);
}
