/* Scores by address, in a table that forgets the oldest. */
#include "auth/guard.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/text.h"

#define SLOTS_PER_BUCKET 8
#define BUCKETS          (GUARD_ADDRESSES / SLOTS_PER_BUCKET)
#define BLOCK_MAX        86400U

struct score {
	struct address address; /* family 0: free */
	unsigned       points, blocks;
	int64_t        last, blocked_until;
};

struct guard {
	pthread_mutex_t lock;
	struct score  (*scores)[SLOTS_PER_BUCKET]; /* BUCKETS of them; NULL until somebody fails */
};

struct guard *
guard_new(void)
{
	struct guard *guard = calloc(1, sizeof(*guard));

	BUG_IF(!guard, "out of memory");
	pthread_mutex_init(&guard->lock, NULL);
	return guard;
}

void
guard_free(struct guard *guard)
{
	if (!guard)
		return;
	pthread_mutex_destroy(&guard->lock);
	free(guard->scores);
	free(guard);
}

static struct score *
bucket_of(struct guard *guard, const struct address *address)
{
	uint64_t hash = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < sizeof(address->bytes); i++)
		hash = (hash ^ address->bytes[i]) * 0x100000001b3ULL;
	return guard->scores[(hash ^ hash >> 32) % BUCKETS];
}

static struct score *
find(struct score *bucket, const struct address *address)
{
	for (size_t i = 0; i < SLOTS_PER_BUCKET; i++)
		if (bucket[i].address.family != FAMILY_NONE && address_compare(&bucket[i].address, address) == 0)
			return &bucket[i];
	return NULL;
}

/* A free slot, or the one that was quiet for longest. */
static struct score *
make_room(struct score *bucket, const struct address *address)
{
	struct score *oldest = &bucket[0];

	for (size_t i = 1; i < SLOTS_PER_BUCKET; i++)
		if (bucket[i].last < oldest->last)
			oldest = &bucket[i];
	*oldest = (struct score){ .address = *address };
	return oldest;
}

static bool
is_exempt(const struct address *address, const char *list)
{
	struct text   rest = text_of(list), one;
	struct prefix prefix;

	while (text_next(&rest, " \t\n,", &one))
		if (prefix_read(one, &prefix) && prefix_covers(&prefix, address))
			return true;
	return false;
}

unsigned
guard_failure(struct guard *guard, const struct address *address, int64_t now, const struct guard_settings *settings)
{
	unsigned block = 0;

	if (address->family == FAMILY_NONE || is_exempt(address, settings->exempt))
		return 0;
	pthread_mutex_lock(&guard->lock);
	if (!guard->scores)
		guard->scores = calloc(BUCKETS, sizeof(*guard->scores));
	BUG_IF(!guard->scores, "out of memory");
	struct score *bucket = bucket_of(guard, address);
	struct score *score = find(bucket, address);

	if (!score)
		score = make_room(bucket, address);
	if (now - score->last > settings->memory && now >= score->blocked_until)
		*score = (struct score){ .address = *address };
	score->last = now;
	score->points += GUARD_FAILURE_SCORE;
	if (score->points >= settings->threshold && now >= score->blocked_until) {
		double seconds = settings->block_time;

		for (unsigned i = 0; i < score->blocks && seconds < BLOCK_MAX; i++)
			seconds *= 1.5;
		block = seconds < BLOCK_MAX ? (unsigned)seconds : BLOCK_MAX;
		score->blocks++;
		score->points = 0;
		score->blocked_until = now + block;
	}
	pthread_mutex_unlock(&guard->lock);
	return block;
}

unsigned
guard_blocked(struct guard *guard, const struct address *address, int64_t now)
{
	pthread_mutex_lock(&guard->lock);
	const struct score *score = guard->scores ? find(bucket_of(guard, address), address) : NULL;
	const int64_t       left = score ? score->blocked_until - now : 0;

	pthread_mutex_unlock(&guard->lock);
	return left > 0 ? (unsigned)left : 0;
}
