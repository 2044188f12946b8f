/* Ifgroupentry records of the Firewall.Group model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "ifname", &type_group_name, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "members", &type_plain_interface, .flags = REQUIRED | MANY },
	{ "nogroup", &type_boolean },
	{ "sequence", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "0", .min = 0,
	  .max = 9999 },
	{ "descr", &type_description },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

extern const struct resource firewall_group_resource;

/* Groups that daemons put their own devices into. */
static const struct record *
builtin(size_t n, const struct view *view)
{
	static const char *const groups[][2] = {
		{ "openvpn", "OpenVPN (Group)" }, { "enc0", "IPsec encapsulation" }, { "wireguard", "WireGuard (Group)" },
	};
	struct record *record;

	if (n >= COUNT(groups))
		return NULL;
	record = record_make(view->arena, &firewall_group_resource);
	snprintf(record->uuid, sizeof(record->uuid), "%s", groups[n][0]);
	record_set(record, "ifname", groups[n][0]);
	record_set(record, "descr", groups[n][1]);
	record_set(record, "sequence", "10");
	record_set(record, "nogroup", "");
	return record;
}

const struct resource firewall_group_resource = {
	.name = "firewall.group",
	.summary = "Ifgroupentry records of the Firewall.Group model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "ifname",
	.model = "Firewall.Group",
	.path = "ifgroupentry",
	.touches = PART_FILTER,
	.builtin = builtin,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/group", "_item", "group", CRUD, .sort = "ifname" }) },
};
