/* A few slots under a lock; the thread looks once a second, which is near enough for minutes. */
#include "api/deadline.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"

struct slot {
	char   *name, *target; /* NULL: free */
	int64_t due;
};

struct deadlines {
	pthread_mutex_t lock;
	pthread_cond_t  ended;
	pthread_t       thread;
	bool            is_ending;
	struct slot     slots[DEADLINES_MAX];
	int64_t       (*now)(void *);
	void           *now_context;
	void          (*fire)(void *, const char *);
	void           *context;
};

static void
clear(struct slot *slot)
{
	free(slot->name);
	free(slot->target);
	*slot = (struct slot){ NULL, NULL, 0 };
}

const char *
deadline_take(struct deadlines *deadlines, struct arena *arena)
{
	const int64_t now = deadlines->now(deadlines->now_context);
	const char   *target = NULL;

	pthread_mutex_lock(&deadlines->lock);
	for (size_t i = 0; i < DEADLINES_MAX && !target; i++) {
		struct slot *slot = &deadlines->slots[i];

		if (!slot->name || slot->due > now)
			continue;
		target = arena_copy(arena, text_of(slot->target));
		clear(slot);
	}
	pthread_mutex_unlock(&deadlines->lock);
	return target;
}

/* True: the end has come. */
static bool
wait_a_second(struct deadlines *deadlines)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_mutex_lock(&deadlines->lock);
	if (!deadlines->is_ending)
		pthread_cond_timedwait(&deadlines->ended, &deadlines->lock, &until);
	const bool end = deadlines->is_ending;

	pthread_mutex_unlock(&deadlines->lock);
	return end;
}

static void *
watch(void *context)
{
	struct deadlines *deadlines = context;

	while (!wait_a_second(deadlines)) {
		scoped_arena arena = arena_new();
		const char  *target;

		while ((target = deadline_take(deadlines, arena)))
			deadlines->fire(deadlines->context, target);
	}
	return NULL;
}

struct deadlines *
deadlines_new(int64_t (*now)(void *), void *now_context, void (*fire)(void *, const char *), void *context)
{
	struct deadlines *deadlines = calloc(1, sizeof(*deadlines));

	BUG_IF(!deadlines, "out of memory");
	deadlines->now = now;
	deadlines->now_context = now_context;
	deadlines->fire = fire;
	deadlines->context = context;
	pthread_mutex_init(&deadlines->lock, NULL);
	pthread_cond_init(&deadlines->ended, NULL);
	if (fire)
		BUG_IF(pthread_create(&deadlines->thread, NULL, watch, deadlines) != 0, "no thread");
	return deadlines;
}

void
deadlines_free(struct deadlines *deadlines)
{
	if (!deadlines)
		return;
	pthread_mutex_lock(&deadlines->lock);
	deadlines->is_ending = true;
	pthread_cond_signal(&deadlines->ended);
	pthread_mutex_unlock(&deadlines->lock);
	if (deadlines->fire)
		pthread_join(deadlines->thread, NULL);
	for (size_t i = 0; i < DEADLINES_MAX; i++)
		clear(&deadlines->slots[i]);
	pthread_mutex_destroy(&deadlines->lock);
	pthread_cond_destroy(&deadlines->ended);
	free(deadlines);
}

static struct slot *
find(struct deadlines *deadlines, const char *name)
{
	for (size_t i = 0; i < DEADLINES_MAX; i++)
		if (deadlines->slots[i].name && strcmp(deadlines->slots[i].name, name) == 0)
			return &deadlines->slots[i];
	return NULL;
}

bool
deadline_set(struct deadlines *deadlines, const char *name, unsigned seconds, const char *target)
{
	struct slot *slot = NULL;

	pthread_mutex_lock(&deadlines->lock);
	for (size_t i = 0; i < DEADLINES_MAX && !slot && !find(deadlines, name); i++)
		if (!deadlines->slots[i].name)
			slot = &deadlines->slots[i];
	if (slot)
		*slot = (struct slot){ strdup(name), strdup(target),
				       deadlines->now(deadlines->now_context) + (int64_t)seconds * 1000000 };
	pthread_mutex_unlock(&deadlines->lock);
	return slot;
}

bool
deadline_cancel(struct deadlines *deadlines, const char *name, const char *target)
{
	pthread_mutex_lock(&deadlines->lock);
	struct slot *slot = find(deadlines, name);
	const bool   found = slot && strcmp(slot->target, target) == 0;

	if (found)
		clear(slot);
	pthread_mutex_unlock(&deadlines->lock);
	return found;
}
