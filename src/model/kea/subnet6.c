/* Subnet6 records of the Kea.KeaDhcpv6 model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "subnet_id", &type_auto_number, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 1,
	  .max = 4294967294, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "subnet", &type_network, .settings = MASK_REQUIRED | ONLY_INET6,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "valid_lifetime", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "allocator", &type_option, .blank = "Default",
	  .choices = CHOICES({ "iterative", "Iterative" }, { "random", "Random" }, { "flq", "Free Lease Queue" }) },
	{ "pd-allocator", &type_option, .blank = "Default",
	  .choices = CHOICES({ "iterative", "Iterative" }, { "random", "Random" }, { "flq", "Free Lease Queue" }) },
	{ "option_data_autocollect", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "option_data.dns_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN | ONLY_INET6 },
	{ "option_data.domain_search", &type_hostname, .flags = AS_LIST, .settings = NO_ADDRESS },
	{ "option_data.v6_dnr", &type_text, .mask = "^([^\\n\"])*$" },
	{ "option", &type_relation, .flags = MANY, .relations = RELATIONS({ "kea.option6", "description" }) },
	{ "pools", &type_kea_pools },
	{ "interface", &type_interface, .flags = REQUIRED },
	{ "dynamic_prefix", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "ddns_forward_zone", &type_hostname, .settings = NO_ADDRESS,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_dns_server" }) },
	{ "ddns_reverse_zone", &type_hostname, .settings = NO_ADDRESS },
	{ "ddns_qualifying_suffix", &type_hostname },
	{ "ddns_dns_server", &type_network, .settings = MASK_FORBIDDEN,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_forward_zone" }) },
	{ "ddns_dns_port", &type_port },
	{ "ddns_domain_key_name", &type_text,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_domain_key_secret" }) },
	{ "ddns_domain_key_secret", &type_base64,
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_domain_key_name" }) },
	{ "ddns_domain_key_algorithm", &type_option,
	  .choices = CHOICES({ "hmac-md5" }, { "hmac-sha1" }, { "hmac-sha224" }, { "hmac-sha256" },
		{ "hmac-sha384" }, { "hmac-sha512" }),
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "ddns_domain_key_secret" }) },
	{ "ddns_override_no_update", &type_boolean },
	{ "ddns_override_client_update", &type_boolean },
	{ "ddns_update_on_renew", &type_boolean },
	{ "ddns_conflict_resolution_mode", &type_option, .blank = "check-with-dhcid (default)",
	  .choices = CHOICES({ "no-check-with-dhcid" }, { "check-exists-with-dhcid" }, { "no-check-without-dhcid" }) },
	{ "description", &type_description },
};
/* clang-format on */

/* Every pool inside the subnet. */
static bool
pools_are_inside(const struct record *subnet, const struct view *view)
{
	const char    *network = record_get(subnet, "subnet");
	struct entries entries = entries_of(record_get(subnet, "pools"), '\n');
	struct text    pool;

	while (entry_next(&entries, &pool)) {
		struct text last = pool;
		struct text first = text_trim(text_until(&last, '-'));

		if (!literal_is_in(arena_copy(view->arena, first), network) ||
		    (last.len > 0 && !literal_is_in(arena_copy(view->arena, text_trim(last)), network)))
			return false;
	}
	return true;
}

/* Of a subnet whose prefix is dynamic. */
static bool
has_dynamic_twin(const struct record *subnet, const struct view *view)
{
	const struct resource *resource = subnet->resource;
	const struct index     by = { .fields = { resource_field(resource, "interface"), resource_field(resource, "dynamic_prefix") },
				      .count = 2 };

	return collection_twin(snapshot_collection(view->snapshot, resource), &by, subnet) != NULL;
}

static bool
has_several_prefix_pools(const struct record *subnet, const struct view *view)
{
	const struct record *pool = collection_where(snapshot_named(view->snapshot, "kea.pd_pool"), "subnet", text_of(subnet->uuid));

	return subnet->uuid[0] && pool && has_twin(pool, "subnet", view);
}

static void
check_prefix(const struct record *subnet, const struct view *view, struct faults *faults)
{
	if (!record_bool(subnet, "dynamic_prefix")) {
		must_be_set(subnet, "subnet", faults, "A subnet is required unless the prefix is dynamic.");
		if (literal_family(record_get(subnet, "subnet")) == FAMILY_INET6 && !pools_are_inside(subnet, view))
			faults_add(faults, "pools", FAULT_CONFLICT, "A pool is not in the subnet.");
		return;
	}
	must_be_empty(subnet, "subnet", faults, "A dynamic prefix is not written down.");
	must_be_empty(subnet, "pools", faults, "A dynamic prefix has no pools.");
	if (has_dynamic_twin(subnet, view))
		faults_add(faults, "interface", FAULT_UNIQUE, "The interface has a dynamic prefix already.");
	if (has_several_prefix_pools(subnet, view))
		faults_add(faults, "dynamic_prefix", FAULT_CONFLICT, "A dynamic prefix has at most one pool of prefixes.");
}

static void
check(const struct record *subnet, const struct view *view, struct faults *faults)
{
	const struct record *settings = snapshot_single(view->snapshot, "kea.dhcpv6_settings");

	if (is_set(subnet, "interface") &&
	    !entries_have(record_get(settings, "general.interfaces"), ',', record_text(subnet, "interface")))
		faults_add(faults, "interface", FAULT_CONFLICT, "The server does not listen on this interface.");
	check_prefix(subnet, view, faults);
	if (!record_bool(subnet, "option_data_autocollect"))
		return;
	must_be_empty(subnet, "option_data.dns_servers", faults, "This is collected already.");
	must_be_empty(subnet, "option_data.domain_search", faults, "This is collected already.");
}

const struct resource kea_subnet6_resource = {
	.name = "kea.subnet6",
	.summary = "Subnet6 records of the Kea.KeaDhcpv6 model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "subnet",
	.model = "Kea.KeaDhcpv6",
	.path = "subnets.subnet6",
	.check = check,
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv6", "_subnet", "subnet6", CRUD | FACE_GUARDED, .sort = "subnet" }) },
};
