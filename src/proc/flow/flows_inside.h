/* proc/flow/flows_inside.h: what the files about flows share; nothing for others. */
#pragma once

#include <pthread.h>

#include "proc/flow/cache.h"
#include "proc/flow/flows.h"
#include "proc/flow/sender.h"
#include "proc/flow/settings.h"

struct flows {
	struct keeper_box   *box;
	pthread_t            thread;
	pthread_mutex_t      look_lock; /* held while looking; taken before the other one */
	int64_t              looked;    /* ms of the steady clock; 0: not yet; the look lock is held */
	int64_t              took;      /* ms; likewise */
	uint64_t             lost;      /* datagrams, as far as was said; likewise */
	int64_t              said;      /* when; likewise */
	bool                 is_unsaved; /* which was said; likewise */
	_Atomic(bool)        is_failing; /* looks do, which was said */
	_Atomic(bool)        has_new_ways;
	pthread_mutex_t      lock;      /* of what follows */
	pthread_cond_t       wake;
	bool                 is_ending;
	struct flow_settings settings;  /* changed only while the look lock is held too */
	struct meter        *meter;     /* NULL: nothing is accounted */
	struct ways         *ways;      /* NULL: not known yet */
	struct flow_cache   *cache;     /* NULL: likewise */
	struct flow_sender  *sender;
	struct insight      *insight;   /* NULL: nobody has asked for it yet */
};
