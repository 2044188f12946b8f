/* virtualip/vip, vlans/vlan and bridges/bridged. */
#include "dialect/pfsense/mount.h"

#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed vip_members[] = {
	{ "mode",        NULL, FORM_ALWAYS },
	{ "interface",   NULL, FORM_ALWAYS },
	{ "descr",       NULL, FORM_ALWAYS },
	{ "noexpand",    NULL, FORM_FLAG },
	{ "subnet",      NULL, FORM_ALWAYS },
	{ "subnet_bits", NULL, FORM_ALWAYS },
	{ "vhid",        NULL, FORM_TEXT },
	{ "advbase",     NULL, FORM_OWN },
	{ "advskew",     NULL, FORM_OWN },
	{ "password",    NULL, FORM_TEXT },
	{ NULL },
};

static const struct renamed vlan_members[] = {
	{ "if",     NULL, FORM_ALWAYS },
	{ "tag",    NULL, FORM_ALWAYS },
	{ "pcp",    NULL, FORM_ALWAYS },
	{ "descr",  NULL, FORM_ALWAYS },
	{ "vlanif", NULL, FORM_ALWAYS },
	{ NULL },
};

static const struct renamed bridge_members[] = {
	{ "members",  NULL, FORM_ALWAYS },
	{ "descr",    NULL, FORM_ALWAYS },
	{ "maxaddr",  NULL, FORM_ALWAYS },
	{ "timeout",  NULL, FORM_ALWAYS },
	{ "maxage",   NULL, FORM_ALWAYS },
	{ "fwdelay",  NULL, FORM_ALWAYS },
	{ "proto",    NULL, FORM_ALWAYS },
	{ "holdcnt",  NULL, FORM_ALWAYS },
	{ "bridgeif", NULL, FORM_ALWAYS },
	{ NULL },
};
/* clang-format on */

/* The id that rules and VPNs know a virtual address by, for one that another dialect made. */
static void
show_vip(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena *arena = tree_arena(tree);
	char          id[14];
	size_t        len = 0;

	for (const char *at = record->uuid; *at && len < 13; at++)
		if (*at != '-')
			id[len++] = *at;
	id[len] = '\0';
	value_set_string(arena, object, "uniqid", id);
	value_set_string(arena, object, "type", "single");
	if (record_has(record, "vhid")) {
		value_set_string(arena, object, "advbase", record_get(record, "advbase"));
		value_set_string(arena, object, "advskew", record_get(record, "advskew"));
	}
}

static void
fill_vip(struct tree *tree, const struct value *object, struct record *record)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *base = value_get(object, "advbase"), *skew = value_get(object, "advskew");

	record_set(record, "advbase", is_blank(base) ? "1" : to_string(arena, base));
	record_set(record, "advskew", is_none(skew) ? "0" : to_string(arena, skew));
}

const struct mount mount_vips = {
	.path = "virtualip/vip",
	.resource = "interfaces.vip",
	.shape = MOUNT_LIST,
	.members = vip_members,
	.show = show_vip,
	.fill = fill_vip,
};

const struct mount mount_vlans = {
	.path = "vlans/vlan",
	.resource = "interfaces.vlan",
	.shape = MOUNT_LIST,
	.members = vlan_members,
};

const struct mount mount_bridges = {
	.path = "bridges/bridged",
	.resource = "interfaces.bridge",
	.shape = MOUNT_LIST,
	.members = bridge_members,
};
