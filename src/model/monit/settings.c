/* Single settings of the Monit.Monit model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "general.enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "general.interval", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "120",
	  .min = 0, .max = 86400 },
	{ "general.startdelay", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "120",
	  .min = 0, .max = 86400 },
	{ "general.mailserver", &type_hostname, .flags = REQUIRED | AS_LIST, .preset = "127.0.0.1" },
	{ "general.port", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "25", .min = 0,
	  .max = 65535 },
	{ "general.username", &type_strict_text },
	{ "general.password", &type_strict_text },
	{ "general.ssl", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "general.sslversion", &type_option, .flags = REQUIRED, .preset = "auto",
	  .choices = CHOICES({ "auto", "AUTO" }, { "tlsv1", "TLSV1" }, { "tlsv11", "TLSV11" },
		{ "tlsv12", "TLSV12" }, { "tlsv13", "TLSV13" }) },
	{ "general.sslverify", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "general.logfile", &type_strict_text, .mask = "^(\\/[^\\/ ]*)+\\/?|syslog.*$" },
	{ "general.statefile", &type_strict_text, .mask = "^(\\/[^\\/ ]*)+\\/?$" },
	{ "general.eventqueuePath", &type_strict_text, .mask = "^(\\/[^\\/ ]*)+\\/?$" },
	{ "general.eventqueueSlots", &type_integer },
	{ "general.httpdEnabled", &type_boolean, .flags = REQUIRED, .preset = "0",
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "general.httpdPassword" }) },
	{ "general.httpdUsername", &type_strict_text, .flags = REQUIRED, .preset = "root" },
	{ "general.httpdPassword", &type_strict_text,
	  .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "general.httpdEnabled", "1" }) },
	{ "general.httpdPort", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "2812",
	  .min = 1, .max = 65535 },
	{ "general.httpdAllow", &type_csv, .flags = MASK_PER_ITEM, .mask = "\\A[^\\r\\n]*\\z" },
	{ "general.mmonitUrl", &type_strict_text },
	{ "general.mmonitTimeout", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "5",
	  .min = 0, .max = 86400 },
	{ "general.mmonitRegisterCredentials", &type_boolean, .flags = REQUIRED, .preset = "1" },
};
/* clang-format on */

const struct resource monit_settings_resource = {
	.name = "monit.settings",
	.summary = "Single settings of the Monit.Monit model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Monit.Monit",
	.touches = PART_MONITOR,
	.path = "",
	.mount = "//OPNsense/monit",
	.version = "1.0.14",
	.faces = { [OPNSENSE] = FACES(
		{ "monit/settings", "", "monit", VERB_GET | VERB_SET }) },
};
