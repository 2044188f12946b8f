/* store/store_inside.h: what a store is made of. Included in store/ alone. */
#pragma once

#include <pthread.h>

#include "store/current.h"
#include "store/shelf.h"
#include "store/store.h"

struct store {
	const struct schema *schema;
	struct store_setup   setup;
	struct shelf        *shelf;
	struct current       current;
	pthread_mutex_t      writing; /* one write to the shelf at a time */
	pthread_mutex_t      reading; /* of the settings; never held for long */
	struct setting      *settings; /* as on the shelf; each is one block of memory */

	/* The committer's. */
	uint64_t newest; /* revision */
	int64_t  time;   /* of it */
	size_t   bytes;  /* of the newest snapshot, as record_bytes() counts */
};

/* settings.c: what the shelf has now is also in memory. */
void settings_keep(struct store *, const struct setting *);
void settings_forget(struct store *);
