/* Schedules by weekday and by date. */
#include "plan/schedule.h"

#include "test.h"

TEST(a_range_holds_on_its_days_and_within_its_hours)
{
	static const struct {
		const char *ranges;
		struct tm   local;
		bool        active;
	} cases[] = {
		{ "1,2,3,4,5|||9:00-17:00|work", { .tm_wday = 1, .tm_hour = 9 }, true },
		{ "1,2,3,4,5|||9:00-17:00|work", { .tm_wday = 1, .tm_hour = 8, .tm_min = 59 }, false },
		{ "1,2,3,4,5|||9:00-17:59|", { .tm_wday = 5, .tm_hour = 17, .tm_min = 59, .tm_sec = 59 }, true },
		{ "1,2,3,4,5|||9:00-17:00|", { .tm_wday = 0, .tm_hour = 12 }, false },
		{ "7|||0:00-23:59|", { .tm_wday = 0 }, true },
		{ "|12,1|31,1|0:00-23:59|", { .tm_mon = 0, .tm_mday = 1 }, true },
		{ "|12,1|31,1|0:00-23:59|", { .tm_mon = 11, .tm_mday = 1 }, false },
		{ "1|||x\n1|||0:00-1:00|", { .tm_wday = 1 }, true },
		{ "", { .tm_wday = 1 }, false },
		{ "nonsense", { .tm_wday = 1 }, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(schedule_is_active(text_of(cases[i].ranges), &cases[i].local) == cases[i].active);
}

RUN(cmocka_unit_test(a_range_holds_on_its_days_and_within_its_hours));
