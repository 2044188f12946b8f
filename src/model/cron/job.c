/* Job records of the Cron.Cron model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "origin", &type_text, .flags = REQUIRED, .preset = "cron", .mask = "^([a-z,A-Z,1-9]){0,30}$" },
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "minutes", &type_text, .flags = REQUIRED, .preset = "0",
	  .mask = "^((?:\\*|[1-5][0-9]|0[0-9]|[0-9])(,{1}|-{1}|\\/{1}|$))+$" },
	{ "hours", &type_text, .flags = REQUIRED, .preset = "0",
	  .mask = "^((?:\\*|([1][0-9]|[2][0-3])|0[0-9]|[0-9])(,{1}|-{1}|\\/{1}|$))+$" },
	{ "days", &type_text, .flags = REQUIRED, .preset = "*",
	  .mask = "^(((?:\\*|[1-2][0-9]|0[1-9]|[1-9]|[3][0-1])(,{1}|-{1}|\\/{1}|$))+|L)$" },
	{ "months", &type_text, .flags = REQUIRED, .preset = "*",
	  .mask = "^(((?:\\*|[1][0-2]|0[1-9]|[1-9]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(,{1}|-{1}|\\/{1}|$))+)$" },
	{ "weekdays", &type_text, .flags = REQUIRED, .preset = "*",
	  .mask = "^(((?:\\*|[0-7])(,{1}|-{1}|\\/{1}|$))+)$" },
	{ "who", &type_text, .flags = REQUIRED, .preset = "root" },
	{ "command", &type_actions, .flags = REQUIRED,
	  .conditions = CONDITIONS({ "description", "(.){1,255}" }) },
	{ "parameters", &type_text, .flags = HIGH_LIMIT, .max = 1023, .mask = "(?s)^.+$" },
	{ "description", &type_description, .flags = REQUIRED },
};
/* clang-format on */

const struct resource cron_job_resource = {
	.name = "cron.job",
	.summary = "Job records of the Cron.Cron model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Cron.Cron",
	.path = "jobs.job",
	.touches = PART_CRON,
	.faces = { [OPNSENSE] = FACES(
		{ "cron/settings", "_job", "job", VERB_SEARCH | VERB_GET | VERB_ADD | VERB_DELETE | VERB_TOGGLE, .sort = "description", .search_suffix = "_jobs" }) },
};
