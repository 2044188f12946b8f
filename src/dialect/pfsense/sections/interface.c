/* interfaces: interfaces.interface, by their ids; and the groups they are in. */
#include "dialect/pfsense/mount.h"

#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed members[] = {
	{ "if",               NULL, FORM_ALWAYS },
	{ "descr",            NULL, FORM_ALWAYS },
	{ "enable",           NULL, FORM_FLAG },
	{ "blockpriv",        NULL, FORM_FLAG },
	{ "blockbogons",      NULL, FORM_FLAG },
	{ "spoofmac",         NULL, FORM_ALWAYS },
	{ "mtu",              NULL, FORM_TEXT },
	{ "mss",              NULL, FORM_TEXT },
	{ "ipaddr",           NULL, FORM_OWN },
	{ "subnet",           NULL, FORM_OWN },
	{ "ipaddrv6",         NULL, FORM_OWN },
	{ "subnetv6",         NULL, FORM_OWN },
	{ "gateway",          NULL, FORM_TEXT },
	{ "gatewayv6",        NULL, FORM_TEXT },
	{ "alias-address",    NULL, FORM_TEXT },
	{ "alias-subnet",     NULL, FORM_TEXT },
	{ "dhcphostname",     NULL, FORM_TEXT },
	{ "dhcprejectfrom",   NULL, FORM_TEXT },
	{ "dhcp6prefixonly",  NULL, FORM_FLAG },
	{ "dhcp6-ia-pd-send-hint", NULL, FORM_FLAG },
	{ "dhcp6-ia-pd-len",  NULL, FORM_OWN },
	{ "track6-interface", NULL, FORM_TEXT },
	{ "track6-prefix-id", NULL, FORM_OWN },
	{ "gateway-6rd",      NULL, FORM_TEXT },
	{ "prefix-6rd",       NULL, FORM_TEXT },
	{ "prefix-6rd-v4plen", NULL, FORM_TEXT },
	{ NULL },
};

static const struct renamed group_members[] = {
	{ "ifname",  NULL, FORM_ALWAYS },
	{ "members", NULL, FORM_WORDS },
	{ "descr",   NULL, FORM_ALWAYS },
	{ NULL },
};

/* How an interface gets its address, in each dialect's word. */
static const char *const kinds4[][2] = {
	{ "dhcp", "dhcp" }, { "pppoe", "pppoe" }, { "pptp", "pptp" }, { "l2tp", "l2tp" }, { "ppp", "ppp" },
};
static const char *const kinds6[][2] = {
	{ "dhcp6", "dhcp6" }, { "slaac", "slaac" }, { "6rd", "6rd" }, { "6to4", "6to4" },
	{ "track6", "track6" }, { "track6", "idassoc6" },
};
/* clang-format on */

static void
show_family(struct arena *arena, const struct record *record, bool six, struct value *object)
{
	const char *kind = record_get(record, six ? "type6" : "type4");
	struct text bits = record_text(record, six ? "ipaddrv6" : "ipaddr");
	const struct text address = text_until(&bits, '/');
	const char *const(*kinds)[2] = six ? kinds6 : kinds4;

	if (strcmp(kind, six ? "staticv6" : "staticv4") == 0) {
		value_set(arena, object, six ? "ipaddrv6" : "ipaddr", value_text(arena, address));
		value_set(arena, object, six ? "subnetv6" : "subnet", value_text(arena, bits));
		return;
	}
	for (size_t i = 0; i < (six ? COUNT(kinds6) : COUNT(kinds4)); i++)
		if (strcmp(kinds[i][1], kind) == 0)
			value_set_string(arena, object, six ? "ipaddrv6" : "ipaddr", kinds[i][0]);
}

static void
fill_family(struct arena *arena, const struct value *object, bool six, struct record *record)
{
	const char *word = to_string(arena, value_get(object, six ? "ipaddrv6" : "ipaddr"));
	const char *bits = to_string(arena, value_get(object, six ? "subnetv6" : "subnet"));
	const char *const(*kinds)[2] = six ? kinds6 : kinds4;
	struct address address;
	const char    *kind = "none";

	record_set(record, six ? "ipaddrv6" : "ipaddr", "");
	for (size_t i = 0; i < (six ? COUNT(kinds6) : COUNT(kinds4)); i++)
		if (strcmp(kinds[i][0], word) == 0 &&
		    (strcmp(kind, "none") == 0 || strcmp(record_get(record, six ? "type6" : "type4"), kinds[i][1]) == 0))
			kind = kinds[i][1];
	if (address_read(text_of(word), &address)) {
		kind = six ? "staticv6" : "staticv4";
		record_set(record, six ? "ipaddrv6" : "ipaddr",
			   arena_print(arena, "%s/%s", word,
				       bits[0] ? bits : arena_print(arena, "%u", address_bits(address.family))));
	}
	record_set(record, six ? "type6" : "type4", kind);
}

/* Prefix lengths asked for are kept as what is left of 64 there; the ids of prefixes in hex here. */
static void
show(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena *arena = tree_arena(tree);
	const int64_t len = record_number(record, "dhcp6-ia-pd-len", -1);
	const char   *id = record_get(record, "track6-prefix-id");

	show_family(arena, record, false, object);
	show_family(arena, record, true, object);
	if (len >= 0 && len <= 64)
		value_set_string(arena, object, "dhcp6-ia-pd-len",
				 arena_print(arena, "%lld", (long long)(64 - len)));
	if (id[0])
		value_set_string(arena, object, "track6-prefix-id",
				 strncmp(id, "0x", 2) == 0 ? id + 2 : id);
}

static void
fill(struct tree *tree, const struct value *object, struct record *record)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *len = value_get(object, "dhcp6-ia-pd-len");
	const char         *id = to_string(arena, value_get(object, "track6-prefix-id"));

	record_set(record, "identifier", arena_copy(arena, text_of(record->uuid)));
	fill_family(arena, object, false, record);
	fill_family(arena, object, true, record);
	record_set(record, "dhcp6-ia-pd-len",
		   is_numeric(len) ? arena_print(arena, "%lld", (long long)(64 - to_integer(len))) : "");
	record_set(record, "track6-prefix-id", id[0] ? arena_print(arena, "0x%s", id) : "");
}

const struct mount mount_interfaces = {
	.path = "interfaces",
	.resource = "interfaces.interface",
	.shape = MOUNT_NAMED,
	.members = members,
	.show = show,
	.fill = fill,
};

const struct mount mount_interface_groups = {
	.path = "ifgroups/ifgroupentry",
	.resource = "firewall.group",
	.shape = MOUNT_LIST,
	.members = group_members,
};
