/* A table of slots, each with a lock of its own; a target has one slot that it can be in. */
#include "proc/lane/replies.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/map.h"

struct slot {
	pthread_mutex_t       lock;
	struct replies_origin origin;
	struct text           target; /* allocated */
	struct http_canned   *answer; /* held; NULL: free */
};

struct replies {
	_Atomic size_t   bytes;
	_Atomic uint64_t newest; /* snapshot that was swept for */
	struct slot      slots[REPLIES_SLOTS];
};

struct replies *
replies_new(void)
{
	struct replies *replies = calloc(1, sizeof(*replies));

	BUG_IF(!replies, "out of memory");
	for (size_t i = 0; i < REPLIES_SLOTS; i++)
		pthread_mutex_init(&replies->slots[i].lock, NULL);
	return replies;
}

/* With the slot's lock held. */
static void
empty(struct replies *replies, struct slot *slot)
{
	if (!slot->answer)
		return;
	atomic_fetch_sub(&replies->bytes, http_canned_size(slot->answer) + slot->target.len);
	http_canned_release(slot->answer);
	free((char *)slot->target.ptr);
	slot->answer = NULL;
}

void
replies_free(struct replies *replies)
{
	if (!replies)
		return;
	for (size_t i = 0; i < REPLIES_SLOTS; i++) {
		empty(replies, &replies->slots[i]);
		pthread_mutex_destroy(&replies->slots[i].lock);
	}
	free(replies);
}

static struct slot *
slot_of(struct replies *replies, struct text target)
{
	const uint64_t hash = text_hash(target);

	return &replies->slots[(hash ^ hash >> 32) & (REPLIES_SLOTS - 1)];
}

static bool
is_same(struct replies_origin a, struct replies_origin b)
{
	return a.snapshot == b.snapshot && a.facts == b.facts;
}

struct http_canned *
replies_find(struct replies *replies, struct text target, struct replies_origin origin)
{
	struct slot        *slot = slot_of(replies, target);
	struct http_canned *found = NULL;

	pthread_mutex_lock(&slot->lock);
	if (slot->answer && is_same(slot->origin, origin) && text_equal(slot->target, target))
		found = http_canned_hold(slot->answer);
	pthread_mutex_unlock(&slot->lock);
	return found;
}

/* Nobody will ask for what older snapshots said; one caller for each goes over all of it. */
static void
sweep(struct replies *replies, struct replies_origin origin)
{
	uint64_t swept = atomic_load(&replies->newest);

	if (swept >= origin.snapshot || !atomic_compare_exchange_strong(&replies->newest, &swept, origin.snapshot))
		return;
	for (size_t i = 0; i < REPLIES_SLOTS; i++) {
		struct slot *slot = &replies->slots[i];

		pthread_mutex_lock(&slot->lock);
		if (slot->origin.snapshot < origin.snapshot || slot->origin.facts < origin.facts)
			empty(replies, slot);
		pthread_mutex_unlock(&slot->lock);
	}
}

void
replies_keep(struct replies *replies, struct text target, struct replies_origin origin, struct http_canned *answer)
{
	const size_t bytes = http_canned_size(answer) + target.len;
	struct slot *slot = slot_of(replies, target);

	if (atomic_load(&replies->bytes) + bytes > REPLIES_BYTES_MAX)
		sweep(replies, origin);
	pthread_mutex_lock(&slot->lock);
	empty(replies, slot);
	if (atomic_fetch_add(&replies->bytes, bytes) + bytes <= REPLIES_BYTES_MAX) {
		char *copy = malloc(target.len + 1);

		BUG_IF(!copy, "out of memory");
		memcpy(copy, target.ptr, target.len);
		slot->target = (struct text){ copy, target.len };
		slot->origin = origin;
		slot->answer = http_canned_hold(answer);
	} else {
		atomic_fetch_sub(&replies->bytes, bytes);
	}
	pthread_mutex_unlock(&slot->lock);
}
