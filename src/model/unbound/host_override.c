/* Host records of the Unbound.Unbound model. */
#include "model/checks.h"
#include "model/types.h"

/* The names that records of unbound.host_alias give this host. */
static const char *
aliases(const struct record *host, const struct view *view)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, "unbound.host_alias") : NULL;
	const char              *names = "";

	for (size_t i = 0; records && host->uuid[0] && i < collection_count(records); i++) {
		const struct record *alias = collection_at(records, i);
		const char          *domain = record_get(is_set(alias, "domain") ? alias : host, "domain");

		if (!is_value(alias, "host", host->uuid))
			continue;
		names = arena_print(view->arena, "%s%s%s%s%s", names, names[0] ? "," : "", record_get(alias, "hostname"),
		                    is_set(alias, "hostname") ? "." : "", domain);
	}
	return names;
}

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "hostname", &type_hostname, .settings = HOST_WILDCARD | DNS_NAME | NO_ADDRESS },
	{ "domain", &type_text, .flags = REQUIRED | MASK_ANY_CASE,
	  .mask = "^(?:(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])$" },
	{ "rr", &type_option, .flags = REQUIRED, .preset = "A",
	  .choices = CHOICES({ "A", "A (IPv4 address)" }, { "AAAA", "AAAA (IPv6 address)" },
		{ "MX", "MX (mail server)" }, { "TXT", "TXT (text)" }),
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "mxprio" }, { CONSTRAINT_REFER, "mx" },
		{ CONSTRAINT_REFER, "server" }, { CONSTRAINT_REFER, "txtdata" }) },
	{ "mxprio", &type_integer, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "MX" }) },
	{ "mx", &type_hostname, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "MX" }) },
	{ "ttl", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 2147483647 },
	{ "server", &type_network, .settings = MASK_FORBIDDEN,
	  .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "A" }, { CONSTRAINT_SET_IF, "rr", "AAAA" }) },
	{ "txtdata", &type_description, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "TXT" }) },
	{ "addptr", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "aliases", &type_alias_reflector, .flags = VOLATILE | AS_LIST, .derive = aliases,
	  .settings = HOST_WILDCARD | FQDN_WILDCARD | DNS_NAME | NO_ADDRESS },
	{ "description", &type_description },
};
/* clang-format on */

static void
check(const struct record *host, const struct view *view, struct faults *faults)
{
	(void)view;
	if (text_ends(record_text(host, "hostname"), TEXT(".")))
		faults_add(faults, "hostname", FAULT_FORMAT, "A host name does not end in a dot.");
}

const struct resource unbound_host_override_resource = {
	.name = "unbound.host_override",
	.summary = "Host records of the Unbound.Unbound model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "hostname",
	.model = "Unbound.Unbound",
	.path = "hosts.host",
	.check = check,
	.touches = PART_RESOLVER,
	.faces = { [OPNSENSE] = FACES(
		{ "unbound/settings", "_host_override", "host", VERB_SEARCH | VERB_GET | VERB_ADD | VERB_SET | VERB_TOGGLE }) },
};
