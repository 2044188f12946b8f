/* A thread for each caller; a barrier lets them ask at once. */
#include "together.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hold.h"
#include "test.h"

struct caller {
	const struct box      *box;
	const struct together *together;
	pthread_barrier_t     *barrier;
	pthread_t              thread;
	unsigned               number;
	long                   saved, asked; /* statuses of HTTP */
	bool                   is_live;
};

static void *
call(void *context)
{
	struct caller         *caller = context;
	const struct together *together = caller->together;
	scoped_arena           arena = arena_new();
	struct client         *client = client_new(caller->box->instance);
	const char            *path = arena_print(arena, "/api/%s/service/reconfigure", together->service);

	client->limit = 60000;
	caller->saved = post(client, arena, together->path, together->body(arena, caller->number)).status;
	pthread_barrier_wait(caller->barrier);
	pthread_barrier_wait(caller->barrier);
	caller->asked = post(client, arena, path, "{}").status;
	caller->is_live = together->is_live(caller->box, arena, caller->number);
	client_free(client);
	return NULL;
}

static unsigned
count_loads(const struct box *box, const char *words)
{
	scoped_buffer log = BUFFER_NONE;
	struct text   rest, line;
	unsigned      count = 0;

	BOX_RUN(box, OUTSIDE, &log, "/bin/cat", box->instance->log);
	rest = buffer_text(&log);
	while (text_next(&rest, "\n", &line))
		count += text_contains(line, text_of(words));
	return count;
}

void
together_check(const struct box *box, const struct together *together)
{
	struct caller     callers[TOGETHER_CALLERS];
	pthread_barrier_t barrier;
	const unsigned    before = count_loads(box, together->loaded);

	pthread_barrier_init(&barrier, NULL, TOGETHER_CALLERS + 1);
	for (unsigned i = 0; i < TOGETHER_CALLERS; i++) {
		callers[i] = (struct caller){ .box = box, .together = together, .barrier = &barrier, .number = i + 1 };
		CHECK_NUMBER(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
	}
	/* All have saved. The first one to ask is held up until all others wait behind it. */
	pthread_barrier_wait(&barrier);
	hold_begin(box->instance);
	pthread_barrier_wait(&barrier);
	hold_end(box->instance);
	for (unsigned i = 0; i < TOGETHER_CALLERS; i++)
		pthread_join(callers[i].thread, NULL);
	pthread_barrier_destroy(&barrier);
	for (unsigned i = 0; i < TOGETHER_CALLERS; i++)
		if (callers[i].saved != 200 || callers[i].asked != 200 || !callers[i].is_live)
			fail_msg("caller %u: saving %ld, asking %ld, %s", i + 1, callers[i].saved, callers[i].asked,
				 callers[i].is_live ? "live" : "not live");
	const unsigned loads = count_loads(box, together->loaded) - before;

	print_message("%s: %u for %u callers\n", together->loaded, loads, TOGETHER_CALLERS);
	CHECK(loads >= 1 && loads <= TOGETHER_LOADS_MAX);
}
