/* Comparing the clock with ranges of days and hours. */
#include "plan/schedule.h"

#include <stdint.h>

#include "base/number.h"

static bool
has_number(struct text list, int wanted)
{
	struct text one;
	int64_t     number;

	while (text_next(&list, ",", &one))
		if (number_read(text_trim(one), 0, 99, &number) && number == wanted)
			return true;
	return false;
}

/* Is today the n-th of the days, in the n-th of the months? */
static bool
has_date(struct text months, struct text days, const struct tm *local)
{
	struct text month, day;
	int64_t     m, d;

	while (text_next(&months, ",", &month) && text_next(&days, ",", &day))
		if (number_read(text_trim(month), 1, 12, &m) && number_read(text_trim(day), 1, 31, &d) &&
		    m == local->tm_mon + 1 && d == local->tm_mday)
			return true;
	return false;
}

/* "H:MM" in minutes. */
static bool
read_time(struct text t, int *minutes)
{
	struct text rest = t;
	int64_t     hour, minute;

	if (!number_read(text_until(&rest, ':'), 0, 24, &hour) || !number_read(rest, 0, 59, &minute))
		return false;
	*minutes = (int)(hour * 60 + minute);
	return true;
}

static bool
is_hour(struct text range, const struct tm *local)
{
	const int now = local->tm_hour * 60 + local->tm_min;
	int       from, to;

	return read_time(text_until(&range, '-'), &from) && read_time(range, &to) && now >= from && now <= to;
}

bool
schedule_is_active(struct text ranges, const struct tm *local)
{
	struct text line;

	while (text_next(&ranges, "\n", &line)) {
		const struct text weekdays = text_until(&line, '|'), months = text_until(&line, '|');
		const struct text days = text_until(&line, '|'), hours = text_until(&line, '|');
		const int         weekday = local->tm_wday == 0 ? 7 : local->tm_wday;

		if (!is_hour(hours, local))
			continue;
		if (weekdays.len > 0 ? has_number(weekdays, weekday) : has_date(months, days, local))
			return true;
	}
	return false;
}
