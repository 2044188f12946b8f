/* Numbers over time: averages by span, forgotten when they are old, there again after a restart. */
#include "proc/record/health.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

#define NOW 1764000000 /* a whole day's beginning would be another */

static char folder[] = "/tmp/drawbridge-health-XXXXXX";
static int  state_fd;

static void
put(struct health *health, int64_t time, float a, float b)
{
	const float values[] = { a, b };

	CHECK(health_put(health, "wan", "traffic", "in,out", time, values));
}

static float
value_at_time(struct health *health, struct arena *arena, unsigned detail, int64_t now, int64_t time, size_t column)
{
	struct health_data data;

	CHECK(health_fetch(health, arena, "wan-traffic", detail, now, &data));
	const int64_t row = (time - data.first) / data.step;

	return row >= 0 && row < (int64_t)data.rows ? data.values[(size_t)row * data.columns + column] : NAN;
}

TEST(spans_hold_averages_in_every_detail)
{
	scoped_arena   arena = arena_new();
	struct health *health = health_new(-1);

	put(health, NOW, 10, 1);
	put(health, NOW + 60, 20, NAN);
	put(health, NOW + 120, 60, 3);
	CHECK(value_at_time(health, arena, 0, NOW + 120, NOW, 0) == 10);
	CHECK(value_at_time(health, arena, 0, NOW + 120, NOW + 120, 0) == 60);
	CHECK(isnan(value_at_time(health, arena, 0, NOW + 120, NOW + 60, 1)));
	CHECK(value_at_time(health, arena, 1, NOW + 120, NOW, 0) == 30);
	CHECK(value_at_time(health, arena, 1, NOW + 120, NOW, 1) == 2);
	CHECK(value_at_time(health, arena, 3, NOW + 120, NOW, 0) == 30);
	/* Twice within one span. */
	put(health, NOW + 121, 20, 3);
	CHECK(value_at_time(health, arena, 0, NOW + 120, NOW + 120, 0) == 40);
	health_free(health);
}

TEST(what_is_too_old_is_not_there)
{
	scoped_arena       arena = arena_new();
	struct health     *health = health_new(-1);
	const int64_t      later = NOW + 60 * 1200;
	struct health_data data;

	put(health, NOW, 10, 1);
	CHECK(isnan(value_at_time(health, arena, 0, later, NOW, 0)));
	CHECK(value_at_time(health, arena, 1, later, NOW, 0) == 10);
	CHECK(health_fetch(health, arena, "traffic-wan", 0, later, &data));
	CHECK(data.rows == 1200 && data.columns == 2 && data.step == 60);
	for (size_t i = 0; i < data.rows * data.columns; i++)
		CHECK(isnan(data.values[i]));
	CHECK(!health_fetch(health, arena, "wan-traffic", HEALTH_DETAILS, later, &data));
	CHECK(!health_fetch(health, arena, "lan-traffic", 0, later, &data));
	health_free(health);
}

TEST(names_that_no_file_can_have_are_refused)
{
	struct health *health = health_new(-1);
	const float    values[HEALTH_NAMES_MAX + 1] = { 0 };

	CHECK(!health_put(health, "../etc", "traffic", "in", NOW, values));
	CHECK(!health_put(health, "", "traffic", "in", NOW, values));
	CHECK(!health_put(health, "wan", "a-b", "in", NOW, values));
	CHECK(!health_put(health, "wan", "traffic", "1,2,3,4,5,6,7,8,9,10,11,12,13", NOW, values));
	for (unsigned i = 0; i < HEALTH_SERIES_MAX + 1; i++) {
		char name[16];

		snprintf(name, sizeof(name), "if%u", i);
		CHECK(health_put(health, name, "traffic", "in", NOW, values) == (i < HEALTH_SERIES_MAX));
	}
	health_free(health);
}

TEST(numbers_survive_a_restart_and_are_flushed)
{
	scoped_arena                arena = arena_new();
	struct health              *health = health_new(state_fd);
	const struct health_series *list;
	const float                 other[] = { 7 };

	put(health, NOW, 10, 1);
	CHECK(health_put(health, "processor", "system", "user", NOW, other));
	health_free(health);
	health = health_new(state_fd);
	CHECK_NUMBER(health_list(health, arena, &list), 2);
	CHECK_STRING(list[0].topic, "system");
	CHECK_STRING(list[1].names, "in,out");
	CHECK(value_at_time(health, arena, 0, NOW, NOW, 1) == 1);
	/* Other names, another series. */
	CHECK(health_put(health, "wan", "traffic", "all", NOW, other));
	CHECK(value_at_time(health, arena, 0, NOW, NOW, 0) == 7);
	CHECK(health_flush(health, "wan-traffic"));
	CHECK(!health_flush(health, "wan-traffic"));
	health_free(health);
	health = health_new(state_fd);
	CHECK_NUMBER(health_list(health, arena, &list), 1);
	CHECK(health_flush(health, ""));
	CHECK_NUMBER(health_list(health, arena, &list), 0);
	health_free(health);
}

TEST(files_of_others_are_left_alone)
{
	scoped_arena                arena = arena_new();
	const struct health_series *list;
	char                        name[128];

	snprintf(name, sizeof(name), "%s/health/bad-one.health", folder);
	FILE *file = fopen(name, "we");

	fputs("something else", file);
	fclose(file);
	struct health *health = health_new(state_fd);

	CHECK_NUMBER(health_list(health, arena, &list), 0);
	health_free(health);
	CHECK(unlink(name) == 0);
}

static int
set_up(void **state)
{
	(void)state;
	CHECK(mkdtemp(folder) != NULL);
	state_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return 0;
}

static int
tear_down(void **state)
{
	char name[128];

	(void)state;
	snprintf(name, sizeof(name), "%s/health", folder);
	rmdir(name);
	rmdir(folder);
	close(state_fd);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_hold_averages_in_every_detail),
		cmocka_unit_test(what_is_too_old_is_not_there),
		cmocka_unit_test(names_that_no_file_can_have_are_refused),
		cmocka_unit_test(numbers_survive_a_restart_and_are_flushed),
		cmocka_unit_test(files_of_others_are_left_alone),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
