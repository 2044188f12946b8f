/* Whom the box writes to when something happens that somebody should know. The pfSense dialect serves it as system/notifications/email. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "disabled", &type_boolean },
	{ "server", &type_hostname, .help = "Who takes mail. Empty: nobody is written to." },
	{ "port", &type_port, .help = "Empty: 25, or 465 with TLS from the start." },
	{ "timeout", &type_integer, .flags = LOW_LIMIT, .min = 1, .help = "Seconds for one mail. Empty: 20." },
	{ "tls", &type_boolean, .help = "TLS from the start; otherwise when the server offers it." },
	{ "verify", &type_option, .choices = CHOICES({ "enabled" }, { "disabled" }),
	  .help = "Only servers whose certificate is good. Empty: enabled." },
	{ "sender", &type_text },
	{ "recipient", &type_text, .help = "Comma separated." },
	{ "mechanism", &type_option, .choices = CHOICES({ "PLAIN" }, { "LOGIN" }), .help = "How a user logs in. Empty: PLAIN." },
	{ "username", &type_text, .help = "Empty: without a login." },
	{ "password", &type_text, .flags = SECRET },
};
/* clang-format on */

const struct resource system_mail_resource = {
	.name = "system.mail",
	.summary = "Mail about what happens to the box",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
};
