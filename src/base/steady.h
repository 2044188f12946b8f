/* base/steady.h: waiting by the clock that nobody sets. */
#pragma once

#include <pthread.h>
#include <time.h>

/* For pthread_cond_timedwait() until a time of CLOCK_MONOTONIC. pthread_cond_destroy() ends it. */
static inline void
steady_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t steady;

	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &steady);
	pthread_condattr_destroy(&steady);
}
