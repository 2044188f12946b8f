/* How people get in by secure shell; upstream keeps it outside its models. The pfSense dialect serves it as services/sshd. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enable", &type_boolean },
	{ "port", &type_port, .help = "Empty: 22." },
	{ "keyonly", &type_option, .blank = "Key or password",
	  .choices = CHOICES({ "enabled", "Key only" }, { "both", "Key and password" }) },
	{ "agent_forwarding", &type_boolean },
	{ "permit_root_login", &type_boolean, .help = "Off: as the machine has it." },
	{ "interfaces", &type_text, .flags = MANY,
	  .help = "Where it listens: names of interfaces, comma separated. Empty: everywhere." },
};
/* clang-format on */

const struct resource system_ssh_resource = {
	.name = "system.ssh",
	.summary = "The secure shell",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.touches = PART_ACCESS | PART_FILTER,
};
