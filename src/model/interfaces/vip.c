/* Vip records of the Interfaces.Vip model. */
#include "model/checks.h"
#include "model/types.h"

/* What clients send and see as one: address and bits. */
static const char *
network(const struct record *vip, const struct view *view)
{
	if (!is_set(vip, "subnet"))
		return "";
	return arena_print(view->arena, "%s/%s", record_get(vip, "subnet"), record_get(vip, "subnet_bits"));
}

static const char *
vhid_text(const struct record *vip, const struct view *view)
{
	if (!is_value(vip, "mode", "carp"))
		return record_get(vip, "vhid");
	return arena_print(view->arena, "%s (freq. %s/%s)", record_get(vip, "vhid"), record_get(vip, "advbase"),
	                   record_get(vip, "advskew"));
}

/* clang-format off */
static const struct field fields[] = {
	{ "interface", &type_vip_interface, .flags = REQUIRED },
	{ "mode", &type_option, .flags = REQUIRED, .preset = "ipalias",
	  .choices = CHOICES({ "ipalias", "IP Alias" }, { "carp", "CARP" }, { "proxyarp", "Proxy ARP" }) },
	{ "subnet", &type_vip_network, .flags = REQUIRED },
	{ "subnet_bits", &type_vip_network },
	{ "gateway", &type_network },
	{ "noexpand", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "nobind", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "password", &type_text },
	{ "vhid", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 255 },
	{ "advbase", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1", .min = 1,
	  .max = 254 },
	{ "advskew", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "0", .min = 0,
	  .max = 254 },
	{ "peer", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "peer6", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET6 },
	{ "nosync", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "address", &type_text, .flags = VOLATILE, .derive = network },
	{ "vhid_txt", &type_text, .flags = VOLATILE, .derive = vhid_text },
	{ "descr", &type_description },
	/* In place of subnet and subnet_bits where a single record is shown or sent. */
	{ "network", &type_text, .flags = VOLATILE, .derive = network },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

static void
complete(struct record *vip, const struct record *before, const struct view *view)
{
	struct text bits = record_text(vip, "network");
	struct text address = text_until(&bits, '/');

	if (address.len == 0 || (before && is_value(vip, "network", network(before, view))))
		return;
	record_set(vip, "subnet", arena_copy(view->arena, address));
	record_set(vip, "subnet_bits", arena_copy(view->arena, bits));
}

/* Neither the first nor the last of a network that has such. */
static bool
is_usable(const struct prefix *prefix)
{
	const struct address first = prefix_first(prefix), last = prefix_last(prefix);

	return prefix->address.family != FAMILY_INET || prefix->bits > 30 ||
	       (address_compare(&first, &prefix->address) != 0 && address_compare(&last, &prefix->address) != 0);
}

static bool
is_link_local(const struct address *address)
{
	static const struct prefix link_local = { { FAMILY_INET6, { 0xfe, 0x80 } }, 10 };

	return prefix_covers(&link_local, address);
}

/* As a number, however it was written. */
static struct text
word_of(const struct address *address)
{
	return (struct text){ (const char *)address, sizeof(*address) };
}

static void
add_address(const struct index *by, const struct record *vip, void (*add)(void *context, struct text word), void *context)
{
	struct address address;

	(void)by;
	if (address_read(record_text(vip, "subnet"), &address))
		add(context, word_of(&address));
}

/* The address of another record; a link-local one is only taken on its own interface. */
static bool
is_taken(const struct record *vip, const struct address *wanted, const struct view *view)
{
	static const struct index by_address = { .words = add_address };
	struct address            address;
	size_t                    count;
	const struct record     **vips = collection_having(view->arena, snapshot_collection(view->snapshot, vip->resource),
							   &by_address, word_of(wanted), &count);

	for (size_t i = 0; i < count; i++) {
		const struct record *other = vips[i];

		if (strcmp(other->uuid, vip->uuid) != 0 && address_read(record_text(other, "subnet"), &address) &&
		    address_compare(&address, wanted) == 0 &&
		    (!is_link_local(wanted) || is_value(other, "interface", record_get(vip, "interface"))))
			return true;
	}
	return false;
}

static void
check_address(const struct record *vip, const struct view *view, struct faults *faults)
{
	struct prefix prefix;

	if (!is_set(vip, "subnet_bits") || !prefix_read(text_of(network(vip, view)), &prefix))
		return;
	const struct address first = prefix_first(&prefix);

	if (is_one_of(vip, "mode", "carp,ipalias") && !is_usable(&prefix))
		faults_add(faults, "subnet", FAULT_CONFLICT, "This is the address of the network or its broadcast address.");
	if (is_value(vip, "mode", "proxyarp") && address_compare(&first, &prefix.address) != 0)
		faults_add(faults, "subnet", FAULT_CONFLICT, "A network to answer for has no host bits.");
	if (is_taken(vip, &prefix.address, view))
		faults_add(faults, "subnet", FAULT_UNIQUE, "Another virtual IP has this address.");
	if (!is_value(vip, "mode", "carp"))
		return;
	must_be_empty(vip, prefix.address.family == FAMILY_INET ? "peer6" : "peer", faults,
	              "The peer must be of the family of the address.");
}

/* Is there a CARP record with the vhid on the same interface, besides this one? */
static bool
has_carp(const struct record *vip, const struct view *view)
{
	const struct resource *resource = vip->resource;
	const struct index     by = { .fields = { resource_field(resource, "vhid"), resource_field(resource, "interface"),
						  resource_field(resource, "mode") },
				      .count = 3 };
	struct record         *like = record_copy(view->arena, vip);

	record_set(like, "mode", "carp");
	return collection_twin(snapshot_collection(view->snapshot, resource), &by, like) != NULL;
}

/* Devices without hardware addresses, by how their names begin. */
static bool
is_without_ethernet(const struct record *vip, const struct view *view)
{
	static const char *const prefixes[] = { "lo", "ipsec", "l2tp", "ppp", "pppoe", "pptp" };
	const struct record     *interface = interface_record(view, record_get(vip, "interface"));
	const struct text        device = interface ? record_text(interface, "if") : record_text(vip, "interface");

	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (text_starts(device, text_of(prefixes[i])))
			return true;
	return false;
}

static void
check(const struct record *vip, const struct view *view, struct faults *faults)
{
	const bool bare = is_without_ethernet(vip, view);

	check_address(vip, view, faults);
	if (is_one_of(vip, "mode", "carp,proxyarp") && bare)
		faults_add(faults, "mode", FAULT_CONFLICT, "The interface cannot answer for other addresses.");
	if (is_value(vip, "mode", "carp")) {
		must_be_set(vip, "password", faults, "CARP needs a password.");
		must_be_set(vip, "vhid", faults, "CARP needs a virtual host ID.");
		if (is_set(vip, "vhid") && has_carp(vip, view))
			faults_add(faults, "vhid", FAULT_UNIQUE, "Another address on this interface has this virtual host ID.");
	}
	if (is_value(vip, "mode", "ipalias") && is_set(vip, "vhid") && (bare || !has_carp(vip, view)))
		faults_add(faults, "vhid", FAULT_REFERENCE, "The interface has no CARP address with this virtual host ID.");
}

const struct resource interfaces_vip_resource = {
	.name = "interfaces.vip",
	.summary = "Vip records of the Interfaces.Vip model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Interfaces.Vip",
	.path = "vip",
	.check = check,
	.complete = complete,
	.touches = PART_INTERFACES | PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "interfaces/vip_settings", "_item", "vip", CRUD, .sort = "descr" }) },
};
