/* What connections carried between looks, whichever comes first: the look, or the news of their end. */
#include "proc/flow/meter.h"

#include <stdlib.h>

#include "proc/flow/cache.h"
#include "test.h"

#define NOW 1764000000000 /* ms */

struct given {
	uint64_t packets[2], bytes[2];
	size_t   n, ended;
	int64_t  first, last;
};

static void
take(void *self, const struct meter_reading *reading)
{
	struct given *given = self;

	for (size_t i = 0; i < 2; i++) {
		given->packets[i] += reading->packets[i];
		given->bytes[i] += reading->bytes[i];
	}
	given->n++;
	given->ended += reading->has_ended;
	given->first = reading->first;
	given->last = reading->last;
}

static struct state
connection(uint32_t id, uint64_t packets)
{
	return (struct state){ .id = id, .protocol = 17, .age = 1,
			       .source = { { FAMILY_INET, { 10, 1, 0, 10 } }, 1000 },
			       .destination = { { FAMILY_INET, { 192, 0, 2, 10 } }, 53 },
			       .packets = { packets, packets / 2 }, .bytes = { packets * 100, packets * 50 } };
}

static struct given
look_at(struct meter *meter, const struct state *states, size_t n, uint64_t total, int64_t now)
{
	const struct states all = { states, n, total };
	struct given        given = { 0 };

	meter_look(meter, &all, now, take, &given);
	return given;
}

static struct given
end(struct meter *meter, struct state state, int64_t started, int64_t time)
{
	const struct feed_flow flow = { state, started };
	struct given           given = { 0 };

	meter_end(meter, &flow, time, take, &given);
	return given;
}

TEST(only_what_comes_after_the_first_look_counts)
{
	struct meter      *meter = meter_new();
	const struct state before = connection(1, 10), after = connection(1, 14), fresh = connection(2, 6);
	const struct state both[] = { after, fresh };

	CHECK_NUMBER(look_at(meter, &before, 1, 1, NOW).n, 0);
	struct given given = look_at(meter, both, 2, 2, NOW + 10000);

	CHECK_NUMBER(given.n, 2);
	CHECK_NUMBER(given.packets[0], 4 + 6);
	CHECK_NUMBER(given.bytes[1], 2 * 100 + 6 * 50);
	/* The other one is a second old. */
	CHECK_NUMBER(given.first, NOW + 9000);
	CHECK_NUMBER(given.last, NOW + 10000);
	CHECK_NUMBER(look_at(meter, both, 2, 2, NOW + 20000).n, 0);
	meter_free(meter);
}

TEST(the_rest_of_one_that_ends_counts_once)
{
	struct meter      *meter = meter_new();
	const struct state first = connection(1, 10), last = connection(1, 16);

	look_at(meter, &first, 1, 1, NOW);
	struct given given = end(meter, last, NOW - 5000, NOW + 5000);

	CHECK_NUMBER(given.packets[0], 6);
	CHECK_NUMBER(given.ended, 1);
	CHECK_NUMBER(given.first, NOW);
	CHECK_NUMBER(end(meter, last, NOW - 5000, NOW + 5000).packets[0], 0);
	/* A look from before its end that comes late. */
	CHECK_NUMBER(look_at(meter, &last, 1, 1, NOW + 10000).n, 0);
	meter_free(meter);
}

TEST(an_end_that_is_told_after_the_next_look_counts_the_rest_alone)
{
	struct meter      *meter = meter_new();
	const struct state first = connection(1, 10);

	look_at(meter, &first, 1, 1, NOW);
	look_at(meter, NULL, 0, 0, NOW + 10000);
	CHECK_NUMBER(end(meter, connection(1, 13), NOW - 5000, NOW + 9000).packets[0], 3);
	CHECK_NUMBER(end(meter, connection(1, 13), NOW - 5000, NOW + 9000).packets[0], 0);
	meter_free(meter);
}

TEST(one_that_no_look_has_seen_counts_as_a_whole)
{
	struct meter *meter = meter_new();

	CHECK_NUMBER(end(meter, connection(7, 4), NOW, NOW + 1).n, 0);
	look_at(meter, NULL, 0, 0, NOW);
	CHECK_NUMBER(end(meter, connection(7, 4), NOW + 10, NOW + 20).packets[0], 4);
	/* It ended before anybody counted. */
	CHECK_NUMBER(end(meter, connection(8, 4), NOW - 10, NOW + 1).n, 0);
	/* One look was not complete: it may be one of those that were left out. */
	look_at(meter, NULL, 0, 5, NOW + 10000);
	look_at(meter, NULL, 0, 5, NOW + 20000);
	CHECK_NUMBER(end(meter, connection(9, 4), NOW - 10, NOW + 21000).packets[0], 4);
	meter_free(meter);
}

TEST(counters_that_went_back_are_those_of_another_one)
{
	struct meter      *meter = meter_new();
	const struct state first = connection(1, 10), other = connection(1, 3);

	look_at(meter, &first, 1, 1, NOW);
	CHECK_NUMBER(look_at(meter, &other, 1, 1, NOW + 10000).packets[0], 3);
	meter_free(meter);
}

TEST(no_more_than_the_limit_are_remembered)
{
	struct meter *meter = meter_new();
	struct state *many = calloc(METER_MAX + 1, sizeof(*many));

	CHECK(many != NULL);
	for (uint32_t i = 0; i <= METER_MAX; i++)
		many[i] = connection(i + 1, 1);
	look_at(meter, many, METER_MAX + 1, METER_MAX + 1, NOW);
	for (uint32_t i = 0; i <= METER_MAX; i++)
		many[i] = connection(i + 1, 2);
	CHECK_NUMBER(look_at(meter, many, METER_MAX + 1, METER_MAX + 1, NOW + 10000).packets[0], METER_MAX);
	/* The last one counts when it ends. */
	CHECK_NUMBER(end(meter, many[METER_MAX], NOW - 1000, NOW + 11000).packets[0], 2);
	free(many);
	meter_free(meter);
}

/* --- the cache ---------------------------------------------------------------------------------------- */

static struct given
add(struct flow_cache *cache, uint32_t id, uint64_t packets, int64_t time, bool has_ended)
{
	const struct state         state = connection(id, 1);
	const struct meter_reading reading = { &state, { packets, 0 }, { packets * 100, 0 }, time - 1, time, has_ended };
	struct given               given = { 0 };

	flow_cache_add(cache, &reading, take, &given);
	return given;
}

static struct given
expire(struct flow_cache *cache, int64_t now, int64_t active, int64_t inactive)
{
	struct given given = { 0 };

	flow_cache_expire(cache, now, active, inactive, take, &given);
	return given;
}

TEST(one_is_told_when_it_ends_with_all_it_carried)
{
	struct flow_cache *cache = flow_cache_new();

	CHECK_NUMBER(add(cache, 1, 3, NOW, false).n, 0);
	CHECK_NUMBER(flow_cache_count(cache), 1);
	struct given given = add(cache, 1, 2, NOW + 5000, true);

	CHECK_NUMBER(given.packets[0], 5);
	CHECK_NUMBER(given.first, NOW - 1);
	CHECK_NUMBER(given.last, NOW + 5000);
	CHECK_NUMBER(flow_cache_count(cache), 0);
	/* The same again is another one. */
	CHECK_NUMBER(add(cache, 1, 4, NOW + 6000, true).packets[0], 4);
	flow_cache_free(cache);
}

TEST(one_is_told_when_nothing_comes_or_when_it_goes_on_for_long)
{
	struct flow_cache *cache = flow_cache_new();

	add(cache, 1, 3, NOW, false);
	add(cache, 2, 5, NOW + 9000, false);
	CHECK_NUMBER(expire(cache, NOW + 9999, 60000, 10000).n, 0);
	CHECK_NUMBER(expire(cache, NOW + 10000, 60000, 10000).packets[0], 3);
	add(cache, 2, 5, NOW + 19000, false);
	CHECK_NUMBER(expire(cache, NOW + 20000, 11000, 10000).packets[0], 10);
	CHECK_NUMBER(flow_cache_count(cache), 0);
	flow_cache_free(cache);
}

TEST(when_there_are_too_many_all_are_told)
{
	struct flow_cache *cache = flow_cache_new();

	for (uint32_t i = 0; i < CACHE_MAX; i++)
		CHECK_NUMBER(add(cache, i + 1, 1, NOW, false).n, 0);
	CHECK_NUMBER(add(cache, CACHE_MAX + 1, 1, NOW, false).n, CACHE_MAX);
	CHECK_NUMBER(flow_cache_count(cache), 1);
	flow_cache_free(cache);
}

RUN(cmocka_unit_test(only_what_comes_after_the_first_look_counts), cmocka_unit_test(the_rest_of_one_that_ends_counts_once),
    cmocka_unit_test(an_end_that_is_told_after_the_next_look_counts_the_rest_alone),
    cmocka_unit_test(one_that_no_look_has_seen_counts_as_a_whole),
    cmocka_unit_test(counters_that_went_back_are_those_of_another_one), cmocka_unit_test(no_more_than_the_limit_are_remembered),
    cmocka_unit_test(one_is_told_when_it_ends_with_all_it_carried),
    cmocka_unit_test(one_is_told_when_nothing_comes_or_when_it_goes_on_for_long),
    cmocka_unit_test(when_there_are_too_many_all_are_told));
