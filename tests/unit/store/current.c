/* Taking the current snapshot while it is replaced. Also built with the thread sanitizer. */
#include "store/current.h"

#include <pthread.h>

#include "sample.h"

#define TAKERS 3
#define ROUNDS 2000

struct shared {
	struct current current;
	_Atomic(bool)  done;
};

static struct snapshot *
numbered(uint64_t revision)
{
	struct snapshot *snapshot = snapshot_new(sample_schema());

	snapshot_set_revision(snapshot, revision);
	snapshot_freeze(snapshot);
	return snapshot;
}

TEST(a_snapshot_lives_as_long_as_somebody_has_it)
{
	struct current current = { 0 };

	current_set(&current, numbered(1));
	const struct snapshot *one = current_take(&current), *again = current_take(&current);

	CHECK(one == again);
	snapshot_release(one);
	current_set(&current, numbered(2));
	CHECK_NUMBER(snapshot_revision(again), 1);
	snapshot_release(again); /* the last: the leak checker sees whether it went */
	const struct snapshot *two = current_take(&current);

	current_set(&current, NULL);
	CHECK_NUMBER(snapshot_revision(two), 2);
	snapshot_release(two);
}

TEST(it_may_be_taken_more_often_than_the_short_count_holds)
{
	static const struct snapshot *taken[200000];
	struct current                current = { 0 };

	current_set(&current, numbered(1));
	for (size_t i = 0; i < COUNT(taken); i++)
		taken[i] = current_take(&current);
	current_set(&current, NULL);
	for (size_t i = 0; i < COUNT(taken); i++)
		snapshot_release(taken[i]);
	current_set(&current, numbered(2));
	for (size_t i = 0; i < COUNT(taken); i++)
		snapshot_release(current_take(&current));
	current_set(&current, NULL);
}

static void *
take_and_look(void *context)
{
	struct shared         *shared = context;
	const struct snapshot *kept = current_take(&shared->current);

	while (!atomic_load(&shared->done)) {
		const struct snapshot *next = current_take(&shared->current);

		CHECK(snapshot_revision(next) >= snapshot_revision(kept));
		snapshot_release(kept);
		kept = next;
	}
	snapshot_release(kept);
	return NULL;
}

TEST(takers_never_see_a_freed_or_an_older_snapshot)
{
	struct shared shared = { 0 };
	pthread_t     threads[TAKERS];

	current_set(&shared.current, numbered(1));
	for (size_t i = 0; i < TAKERS; i++)
		CHECK(pthread_create(&threads[i], NULL, take_and_look, &shared) == 0);
	for (uint64_t revision = 2; revision < ROUNDS; revision++)
		current_set(&shared.current, numbered(revision));
	atomic_store(&shared.done, true);
	for (size_t i = 0; i < TAKERS; i++)
		pthread_join(threads[i], NULL);
	current_set(&shared.current, NULL);
}

RUN(cmocka_unit_test(a_snapshot_lives_as_long_as_somebody_has_it),
    cmocka_unit_test(it_may_be_taken_more_often_than_the_short_count_holds),
    cmocka_unit_test(takers_never_see_a_freed_or_an_older_snapshot));
