/* aliases/alias: firewall.alias. */
#include "dialect/pfsense/mount.h"

#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed members[] = {
	{ "name",    NULL,          FORM_ALWAYS },
	{ "type",    NULL,          FORM_ALWAYS },
	{ "descr",   "description", FORM_ALWAYS },
	{ "address", "content",     FORM_SPACES },
	{ NULL },
};
/* clang-format on */

/* Those the box makes for itself, and kinds that these clients cannot name, are not shown. */
static bool
belongs(const struct record *alias)
{
	static const char *const kinds[] = { "host", "network", "port", "url", "urltable", NULL };

	return record_choice(alias, "type", kinds, COUNT(kinds)) < COUNT(kinds);
}

const struct mount mount_aliases = {
	.path = "aliases/alias",
	.resource = "firewall.alias",
	.shape = MOUNT_LIST,
	.identity = "name",
	.members = members,
	.belongs = belongs,
};
