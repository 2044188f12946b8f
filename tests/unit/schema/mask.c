/* Masks are compiled once, by whichever thread comes first. */
#include "schema/mask.h"

#include <pthread.h>

#include "test.h"

#define THREADS 8
#define MASKS   64

static char masks[MASKS][16];

static void *
match_all(void *right)
{
	for (size_t i = 0; i < MASKS * 20; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%zu", i % MASKS);
		*(size_t *)right += mask_matches(text_of(masks[i % MASKS]), false, text_of(text));
	}
	return NULL;
}

TEST(threads_that_meet_a_new_mask_together_agree)
{
	pthread_t threads[THREADS];
	size_t    right[THREADS] = { 0 };

	for (size_t i = 0; i < MASKS; i++)
		snprintf(masks[i], sizeof(masks[i]), "^%zu$", i);
	for (size_t i = 0; i < THREADS; i++)
		CHECK_NUMBER(pthread_create(&threads[i], NULL, match_all, &right[i]), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < THREADS; i++)
		CHECK_NUMBER(right[i], MASKS * 20);
}

RUN(cmocka_unit_test(threads_that_meet_a_new_mask_together_agree));
