/* Domainoverrides records of the Dnsmasq.Dnsmasq model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "sequence", &type_auto_number, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "1", .min = 1,
	  .max = 99999 },
	{ "domain", &type_dnsmasq_name, .flags = REQUIRED, .settings = IS_DOMAIN | HOST_WILDCARD },
	{ "ipset", &type_relation,
	  .relations = RELATIONS({ "firewall.alias", "name", NULL, "type=^[Ee]xternal.*\nname=^(?!bogons$|bogonsv6$|virusprot$|sshlockout$|__.*).*" }) },
	{ "srcip", &type_network, .settings = MASK_FORBIDDEN },
	{ "port", &type_port },
	{ "ip", &type_domain_ip, .settings = MASK_FORBIDDEN },
	{ "descr", &type_text },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

static void
check(const struct record *domain, const struct view *view, struct faults *faults)
{
	(void)view;
	if (is_value(domain, "domain", "*") && is_set(domain, "ipset"))
		faults_add(faults, "domain", FAULT_CONFLICT, "\"*\" does not go together with a table.");
}

const struct resource dnsmasq_domain_resource = {
	.name = "dnsmasq.domain",
	.summary = "Domainoverrides records of the Dnsmasq.Dnsmasq model",
	.shape = COLLECTION,
	.flags = ORDERED,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Dnsmasq.Dnsmasq",
	.path = "domainoverrides",
	.check = check,
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "_domain", "domainoverride", CRUD | FACE_GUARDED }) },
};
