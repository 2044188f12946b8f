/*
 * The time service: what both upstreams keep in the section ntpd of their configuration. Which servers there are stands in
 * system.general; here they are told apart. pfSense's dialect serves it as services/ntpd.
 */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enable", &type_option, .choices = CHOICES({ "enabled" }, { "disabled" }), .help = "Empty: enabled." },
	{ "interface", &type_text, .flags = MANY,
	  .help = "Where it answers: names of interfaces, comma separated. Empty: everywhere." },
	{ "ispool", &type_text, .help = "Servers that stand for many, blank separated." },
	{ "prefer", &type_text, .help = "Servers that are believed before others, blank separated." },
	{ "noselect", &type_text, .help = "Servers that are watched only, blank separated." },
	{ "orphan", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 15,
	  .help = "Stratum of the box when it has no server. Empty: 12." },
	{ "logpeer", &type_boolean },
	{ "logsys", &type_boolean },
	{ "clockstats", &type_boolean, .help = "Log what reference clocks say." },
	{ "loopstats", &type_boolean, .help = "Log how the clock is steered." },
	{ "peerstats", &type_boolean, .help = "Log what servers say." },
	{ "statsgraph", &type_boolean },
	{ "leapsec", &type_text, .help = "Leap seconds, base64. That there are some makes those of the time zones count." },
};
/* clang-format on */

const struct resource system_time_resource = {
	.name = "system.time",
	.summary = "The time service",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.touches = PART_TIME,
};
