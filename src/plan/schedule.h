/* plan/schedule.h: when a schedule is in force. */
#pragma once

#include <stdbool.h>
#include <time.h>

#include "base/text.h"

/*
 * The ranges of a firewall.schedule record: lines "weekdays|months|days|H:MM-H:MM|description". Weekdays are 1
 * (Monday) to 7, comma separated; or months and days in pairs. The end counts to its last second (17:59 lasts to
 * 18:00). A line that is malformed is never in force.
 */
bool schedule_is_active(struct text ranges, const struct tm *local);
