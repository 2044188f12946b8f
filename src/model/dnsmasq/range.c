/* Dhcp_ranges records of the Dnsmasq.Dnsmasq model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "interface", &type_interface, .settings = DYNAMIC, .blank = "Any",
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }, { "type", "(?s)^((?!group).)*$" }) },
	{ "set_tag", &type_relation, .relations = RELATIONS({ "dnsmasq.tag", "tag" }) },
	{ "start_addr", &type_range_address, .flags = REQUIRED, .settings = MASK_FORBIDDEN },
	{ "end_addr", &type_range_address, .settings = MASK_FORBIDDEN },
	{ "subnet_mask", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "constructor", &type_interface },
	{ "mode", &type_option, .flags = MANY, .choices = CHOICES({ "static" }) },
	{ "prefix_len", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 64 },
	{ "lease_time", &type_integer },
	{ "domain_type", &type_option, .flags = REQUIRED, .preset = "range",
	  .choices = CHOICES({ "interface", "Interface" }, { "range", "Range" }) },
	{ "domain", &type_hostname, .settings = DNS_NAME | NO_ADDRESS },
	{ "nosync", &type_boolean },
	{ "ra_mode", &type_option, .flags = MANY,
	  .choices = CHOICES({ "ra-only" }, { "slaac" }, { "ra-names" }, { "ra-stateless" }, { "ra-advrouter" },
		{ "off-link" }) },
	{ "ra_priority", &type_option, .blank = "Normal",
	  .choices = CHOICES({ "high", "High" }, { "low", "Low" }) },
	{ "ra_mtu", &type_integer },
	{ "ra_interval", &type_integer },
	{ "ra_router_lifetime", &type_integer },
	{ "description", &type_description },
};
/* clang-format on */

static void
check_end(const struct record *range, struct faults *faults)
{
	const enum family first = literal_family(record_get(range, "start_addr"));
	const enum family last = literal_family(record_get(range, "end_addr"));

	if (entries_have(record_get(range, "mode"), ',', TEXT("static"))) {
		must_be_empty(range, "end_addr", faults, "A static range has no end.");
		must_be_empty(range, "subnet_mask", faults, "A static range has no mask.");
	} else if (!is_set(range, "end_addr") && first != FAMILY_INET6) {
		faults_add(faults, "end_addr", FAULT_REQUIRED, "A range needs its last address.");
	} else if (!is_set(range, "end_addr") && is_value(range, "domain_type", "range") && is_set(range, "domain")) {
		faults_add(faults, "end_addr", FAULT_REQUIRED, "A domain for a range needs its last address.");
	} else if (is_set(range, "end_addr") && first != FAMILY_NONE && last != first) {
		faults_add(faults, "end_addr", FAULT_CONFLICT, "Both addresses must be of one family.");
	}
}

/* Prefixes are put in front of what begins with "::". */
static void
check_constructor(const struct record *range, struct faults *faults)
{
	static const char *const ends[] = { "start_addr", "end_addr" };
	const bool               six = literal_family(record_get(range, "start_addr")) == FAMILY_INET6;

	if (is_set(range, "constructor") && !six)
		faults_add(faults, "constructor", FAULT_CONFLICT, "Only IPv6 ranges are built from an interface.");
	for (size_t i = 0; is_set(range, "constructor") && i < COUNT(ends); i++)
		if (is_set(range, ends[i]) && !text_starts(record_text(range, ends[i]), TEXT("::")))
			faults_add(faults, ends[i], FAULT_FORMAT, "With a constructor this must begin with \"::\".");
	if (!is_set(range, "prefix_len"))
		return;
	if (!six)
		faults_add(faults, "prefix_len", FAULT_CONFLICT, "Only IPv6 ranges have a prefix length.");
	else if (is_set(range, "ra_mode") && bounded_number(range, "prefix_len", 64) < 64)
		faults_add(faults, "prefix_len", FAULT_RANGE, "Router advertisements need at least 64.");
}

static bool
is_allowed_together(const char *modes)
{
	const bool names = entries_have(modes, ',', TEXT("ra-names")), slaac = entries_have(modes, ',', TEXT("slaac"));
	const bool stateless = entries_have(modes, ',', TEXT("ra-stateless"));
	const size_t count = entries_count(modes, ',');

	return count <= 1 || count == (size_t)names + slaac + stateless;
}

/* One domain is either given by range or by interface. */
static bool
is_of_other_type(const struct record *range, const struct view *view)
{
	const struct resource *resource = range->resource;
	const struct field    *type = &resource->fields[resource_field(resource, "domain_type")];
	const struct index     by = { .fields = { resource_field(resource, "domain"), resource_field(resource, "domain_type") },
				      .count = 2 };

	for (size_t i = 0; is_set(range, "domain") && i < type->nchoices; i++) {
		struct record *like = record_copy(view->arena, range);

		record_set(like, "domain_type", type->choices[i].key);
		if (!record_same(like, range) && collection_twin(snapshot_collection(view->snapshot, resource), &by, like))
			return true;
	}
	return false;
}

static void
check(const struct record *range, const struct view *view, struct faults *faults)
{
	check_end(range, faults);
	check_constructor(range, faults);
	if (!is_set(range, "interface") &&
	    (is_set(range, "ra_mode") || (is_value(range, "domain_type", "interface") && is_set(range, "domain"))))
		faults_add(faults, "interface", FAULT_REQUIRED, "This needs an interface.");
	if (is_of_other_type(range, view))
		faults_add(faults, "domain", FAULT_CONFLICT, "Another range uses this domain in the other way.");
	if (!is_allowed_together(record_get(range, "ra_mode")))
		faults_add(faults, "ra_mode", FAULT_CONFLICT, "These modes do not go together.");
}

const struct resource dnsmasq_range_resource = {
	.name = "dnsmasq.range",
	.summary = "Dhcp_ranges records of the Dnsmasq.Dnsmasq model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Dnsmasq.Dnsmasq",
	.path = "dhcp_ranges",
	.check = check,
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "_range", "range", CRUD | FACE_GUARDED }) },
};
