/* Single settings of the Dnsmasq.Dnsmasq model. */
#include "model/checks.h"
#include "model/types.h"

/* Where it answers: 53 unless something else is chosen; 0 switches it off. */
static const char *
dns_port(const struct record *settings, const struct view *view)
{
	(void)view;
	return record_get(settings, "port")[0] ? record_get(settings, "port") : "53";
}

/* clang-format off */
static const struct field fields[] = {
	{ "enable", &type_boolean },
	{ "regdhcp", &type_boolean },
	{ "regdhcpstatic", &type_boolean },
	{ "dhcpfirst", &type_boolean },
	{ "strict_order", &type_boolean },
	{ "domain_needed", &type_boolean },
	{ "no_private_reverse", &type_boolean },
	{ "no_resolv", &type_boolean },
	{ "log_queries", &type_boolean },
	{ "no_hosts", &type_boolean },
	{ "expand_hosts", &type_boolean },
	{ "strictbind", &type_boolean },
	{ "dnssec", &type_boolean },
	{ "regdhcpdomain", &type_hostname, .settings = DNS_NAME },
	{ "interface", &type_interface, .flags = MANY },
	{ "port", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 65535 },
	{ "dns_port", &type_integer, .flags = VOLATILE, .derive = dns_port },
	{ "dns_forward_max", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "cache_size", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "local_ttl", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "add_mac", &type_option, .choices = CHOICES({ "standard" }, { "base64" }, { "text" }) },
	{ "add_subnet", &type_boolean },
	{ "strip_subnet", &type_boolean },
	{ "dhcp.no_interface", &type_interface, .flags = MANY },
	{ "dhcp.fqdn", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "dhcp.domain", &type_hostname, .settings = DNS_NAME | NO_ADDRESS },
	{ "dhcp.local", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "dhcp.lease_max", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "dhcp.authoritative", &type_boolean },
	{ "dhcp.default_fw_rules", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "dhcp.reply_delay", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 60 },
	{ "dhcp.enable_ra", &type_boolean },
	{ "dhcp.host_ping", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "dhcp.nosync", &type_boolean },
	{ "dhcp.log_dhcp", &type_boolean, .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "dhcp.log_quiet" }) },
	{ "dhcp.log_quiet", &type_boolean,
	  .constraints = CONSTRAINTS({ CONSTRAINT_SINGLE_SELECT, "dhcp.log_dhcp" }) },
	{ "no_ident", &type_boolean, .flags = REQUIRED, .preset = "1" },
};
/* clang-format on */

/* Two name servers cannot answer on one port. */
static void
check(const struct record *settings, const struct view *view, struct faults *faults)
{
	const struct record *other = snapshot_single(view->snapshot, "unbound.settings");
	const char          *port = record_get(settings, "port");

	if (!record_bool(settings, "enable") || !record_bool(other, "general.enabled") || strcmp(port, "0") == 0)
		return;
	if (strcmp(port[0] ? port : "53", record_get(other, "general.port")[0] ? record_get(other, "general.port") : "53") == 0)
		faults_add(faults, "port", FAULT_UNIQUE, "Unbound answers on this port already.");
}

const struct resource dnsmasq_settings_resource = {
	.name = "dnsmasq.settings",
	.summary = "Single settings of the Dnsmasq.Dnsmasq model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Dnsmasq.Dnsmasq",
	.path = "",
	.check = check,
	.mount = "/dnsmasq",
	.version = "1.0.9",
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "", "dnsmasq", VERB_GET | VERB_SET }) },
};
