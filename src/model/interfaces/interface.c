/* Interface records of the Interfaces.NetworkInterface model. */
#include "model/checks.h"
#include "model/types.h"
#include "schema/facts.h"

/* What pages show in front of it. */
static const char *
icon(const struct record *interface, const struct view *view)
{
	(void)view;
	return interface->uuid[0] ? "fa fa-plug text-muted" : "";
}

/* The kind of its device, when that can be assigned. */
static const char *
device_group(const struct record *interface, const struct view *view)
{
	const struct choice *device = facts_find(view->facts, "assignable devices", record_text(interface, "if"));

	return interface->uuid[0] && device && device->group ? device->group : "";
}

/* clang-format off */
static const struct field fields[] = {
	{ "descr", &type_if_desc, .flags = MASK_ANY_CASE, .mask = "^[a-z_0-9]{0,255}$" },
	{ "identifier", &type_text },
	{ "pending_action", &type_text },
	{ "icon", &type_text, .flags = VOLATILE, .derive = icon },
	{ "optgroup", &type_text, .flags = VOLATILE, .derive = device_group },
	{ "if", &type_device, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "lock", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "enable", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "blockpriv", &type_boolean },
	{ "blockbogons", &type_boolean },
	{ "promisc", &type_boolean },
	{ "gateway_interface", &type_boolean },
	{ "mtu", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 576, .max = 65535 },
	{ "mss", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 576, .max = 65535 },
	{ "type4", &type_option, .flags = REQUIRED, .preset = "none",
	  .choices = CHOICES({ "none", "None" }, { "staticv4", "Static IPv4" }, { "dhcp", "DHCP" },
		{ "ppp", "PPP" }, { "pppoe", "PPPoE" }, { "pptp", "PPTP" }, { "l2tp", "L2TP" }) },
	{ "type6", &type_option, .flags = REQUIRED, .preset = "none",
	  .choices = CHOICES({ "none", "None" }, { "staticv6", "Static IPv6" }, { "dhcp6", "DHCPv6" },
		{ "linklocal", "Link-local" }, { "slaac", "SLAAC" }, { "6rd", "6rd Tunnel" }, { "6to4", "6to4 Tunnel" },
		{ "idassoc6", "Identity association" }, { "track6", "Track Interface (legacy)" }, { "pppoev6", "PPPoEv6" }) },
	{ "ipaddr", &type_network, .settings = ONLY_INET | MASK_REQUIRED },
	{ "ipaddrv6", &type_network, .settings = ONLY_INET6 | MASK_REQUIRED },
	{ "alias-address", &type_network, .settings = ONLY_INET | MASK_FORBIDDEN },
	{ "alias-subnet", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 32 },
	{ "dhcprejectfrom", &type_network, .flags = AS_LIST, .settings = ONLY_INET | MASK_FORBIDDEN },
	{ "dhcphostname", &type_hostname, .settings = DNS_NAME | NO_ADDRESS },
	{ "dhcphonourmtu", &type_boolean },
	{ "dhcpvlanprio", &type_option, .blank = "Disabled",
	  .choices = CHOICES({ "1", "Background (1, lowest)" }, { "0", "Best Effort (0, default)" },
		{ "2", "Excellent Effort (2)" }, { "3", "Critical Applications (3)" }, { "4", "Video (4)" },
		{ "5", "Voice (5)" }, { "6", "Internetwork Control (6)" }, { "7", "Network Control (7, highest)" }) },
	{ "dhcp6vlanprio", &type_option, .blank = "Disabled",
	  .choices = CHOICES({ "1", "Background (1, lowest)" }, { "0", "Best Effort (0, default)" },
		{ "2", "Excellent Effort (2)" }, { "3", "Critical Applications (3)" }, { "4", "Video (4)" },
		{ "5", "Voice (5)" }, { "6", "Internetwork Control (6)" }, { "7", "Network Control (7, highest)" }) },
	{ "dhcp6-ia-pd-len", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 48, .max = 64 },
	{ "dhcp6prefixonly", &type_boolean },
	{ "dhcp6_request_dns", &type_boolean },
	{ "dhcp6-ia-pd-send-hint", &type_boolean },
	{ "dhcp6_rapid_commit", &type_boolean },
	{ "dhcp6-prefix-id", &type_text, .flags = MASK_ANY_CASE, .mask = "^0x([a-f,0-9]){0,30}$" },
	{ "dhcp6_ifid", &type_text, .flags = MASK_ANY_CASE, .mask = "^0x([a-f,0-9]){0,30}$" },
	{ "dhcp6_assoc_pd", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "prefix-6rd", &type_network, .settings = ONLY_INET6 | MASK_REQUIRED },
	{ "gateway-6rd", &type_network, .settings = ONLY_INET | MASK_FORBIDDEN },
	{ "prefix-6rd-v4plen", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 32 },
	{ "prefix-6rd-v4addr", &type_network, .settings = ONLY_INET | MASK_FORBIDDEN },
	{ "track6-interface", &type_interface,
	  .conditions = CONDITIONS({ "enable", "^(?!0).*$" }, { "ipaddrv6", "^6rd|6to4|dhcp6$" }) },
	{ "track6-prefix-id", &type_text, .flags = MASK_ANY_CASE, .mask = "^0x([a-f,0-9]){0,30}$" },
	{ "track6_ifid", &type_text, .flags = MASK_ANY_CASE, .mask = "^0x([a-f,0-9]){0,30}$" },
	{ "track6_prefix_range", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "track6_assoc_pd", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "dhcpd6track6allowoverride", &type_boolean },
	{ "gateway", &type_gateway, .settings = ONLY_INET },
	{ "gatewayv6", &type_gateway, .settings = ONLY_INET6 },
	{ "spoofmac", &type_mac_address, .flags = HIDDEN, .help = "The MAC address the device has instead of its own." },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

#define PREFIX_ID_BITS 63

/* Of a new one: the first free optN. It is known by that instead of a random uuid. */
static void
complete(struct record *interface, const struct record *before, const struct view *view)
{
	const struct collection *interfaces = snapshot_collection(view->snapshot, interface->resource);

	for (size_t number = 1; !before && interface->uuid[0] == '\0'; number++) {
		const char *key = arena_print(view->arena, "opt%zu", number);

		if (!collection_find(interfaces, text_of(key)))
			snprintf(interface->uuid, sizeof(interface->uuid), "%s", key);
	}
	record_set(interface, "identifier", arena_copy(view->arena, text_of(interface->uuid)));
}

static void
check_device(const struct record *interface, const struct view *view, struct faults *faults)
{
	const struct record *bridge =
		collection_where(snapshot_named(view->snapshot, "interfaces.bridge"), "bridgeif", record_text(interface, "if"));

	if (is_set(interface, "if") && bridge && interface->uuid[0] &&
	    entries_have(record_get(bridge, "members"), ',', text_of(interface->uuid)))
		faults_add(faults, "if", FAULT_CONFLICT, "This bridge has the interface as a member.");
}

/* Point-to-point types go with devices of that name only, and those with nothing else. */
static void
check_types(const struct record *interface, struct faults *faults)
{
	static const char points[] = "ppp,pppoe,pptp,l2tp";
	struct text       device = record_text(interface, "if");

	while (device.len > 0 && device.ptr[device.len - 1] >= '0' && device.ptr[device.len - 1] <= '9')
		device.len--;
	const bool point = entries_have(points, ',', device);

	if (point ? !is_value(interface, "type4", "none") && !text_equal(device, record_text(interface, "type4")) :
	            is_one_of(interface, "type4", points))
		faults_add(faults, "type4", FAULT_CONFLICT, "The device does not go with this type.");
	if (point ? !is_one_of(interface, "type6", "pppoev6,none") : is_value(interface, "type6", "pppoev6"))
		faults_add(faults, "type6", FAULT_CONFLICT, "The device does not go with this type.");
}

/* A gateway of another interface is out of reach. */
static void
check_gateway(const struct record *interface, const char *field, const struct view *view, struct faults *faults)
{
	const struct record *gateway =
		is_set(interface, field) ?
			collection_where(snapshot_named(view->snapshot, "routing.gateway"), "name", record_text(interface, field)) :
			NULL;

	if (gateway && !is_value(gateway, "interface", interface->uuid))
		faults_add(faults, field, FAULT_CONFLICT, "The gateway belongs to another interface.");
}

/* The prefix ID must fit between the delegated prefix and the 64 bits of the network. */
static void
check_prefix_id(const struct record *interface, struct faults *faults)
{
	const int64_t      length = bounded_number(interface, "dhcp6-ia-pd-len", 64);
	const int64_t      bits = length <= 16 ? length : 64 - length;
	unsigned long long id;
	char              *end;

	if (!is_value(interface, "type6", "dhcp6") || !is_set(interface, "dhcp6-prefix-id"))
		return;
	id = strtoull(record_get(interface, "dhcp6-prefix-id"), &end, 16);
	if (*end == '\0' && bits >= 0 && bits <= PREFIX_ID_BITS && id >= 1ULL << bits)
		faults_add(faults, "dhcp6-prefix-id", FAULT_RANGE, "The prefix has no room for this ID.");
}

static void
check(const struct record *interface, const struct view *view, struct faults *faults)
{
	check_device(interface, view, faults);
	check_types(interface, faults);
	if (is_value(interface, "type4", "staticv4"))
		must_be_set(interface, "ipaddr", faults, "A static interface needs its address.");
	if (is_value(interface, "type6", "staticv6"))
		must_be_set(interface, "ipaddrv6", faults, "A static interface needs its address.");
	check_gateway(interface, "gateway", view, faults);
	check_gateway(interface, "gatewayv6", view, faults);
	check_prefix_id(interface, faults);
	if (is_one_of(interface, "type6", "idassoc6,track6"))
		must_be_set(interface, "track6-interface", faults, "Say which interface has the prefix.");
}

const struct resource interfaces_interface_resource = {
	.name = "interfaces.interface",
	.summary = "Interface records of the Interfaces.NetworkInterface model",
	.shape = COLLECTION,
	.flags = KEYED,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Interfaces.NetworkInterface",
	.path = "interface",
	.check = check,
	.complete = complete,
	.touches = PART_INTERFACES,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/assignment", "_item", "interface", CRUD }) },
};
