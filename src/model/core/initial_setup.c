/* Single settings of the Core.InitialSetup model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "hostname", &type_hostname, .flags = REQUIRED, .settings = NO_ADDRESS },
	{ "domain", &type_hostname, .flags = REQUIRED, .settings = NO_ADDRESS },
	{ "language", &type_key_value, .flags = REQUIRED, .source = "system list locales" },
	{ "dns_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN },
	{ "dnsallowoverride", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "unbound.enabled", &type_boolean, .flags = REQUIRED },
	{ "unbound.dnssec", &type_boolean, .flags = REQUIRED },
	{ "unbound.dnssecstripped", &type_boolean, .flags = REQUIRED },
	{ "timezone", &type_key_value, .flags = REQUIRED, .source = "system list timezones" },
	{ "interfaces.wan.disable", &type_boolean },
	{ "interfaces.wan.ipv4_type", &type_option, .flags = REQUIRED, .preset = "dhcp",
	  .choices = CHOICES({ "dhcp", "DHCP" }, { "static", "Static" }, { "pppoe", "PPPoE" }) },
	{ "interfaces.wan.spoofmac", &type_mac_address },
	{ "interfaces.wan.mtu", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 576, .max = 65535 },
	{ "interfaces.wan.mss", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 576, .max = 65535 },
	{ "interfaces.wan.ipaddr", &type_network, .settings = MASK_REQUIRED },
	{ "interfaces.wan.gateway", &type_network, .settings = MASK_FORBIDDEN },
	{ "interfaces.wan.dhcphostname", &type_hostname, .settings = DNS_NAME | NO_ADDRESS },
	{ "interfaces.wan.pppoe_username", &type_text },
	{ "interfaces.wan.pppoe_password", &type_text },
	{ "interfaces.wan.pppoe_provider", &type_text },
	{ "interfaces.wan.blockpriv", &type_boolean },
	{ "interfaces.wan.blockbogons", &type_boolean },
	{ "interfaces.lan.ipaddr", &type_network, .settings = MASK_REQUIRED },
	{ "interfaces.lan.disable", &type_boolean },
	{ "interfaces.lan.configure_dhcp", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "deployment_type.multiwan", &type_boolean },
	{ "deployment_type.dhcp_dns_registration", &type_boolean },
	{ "deployment_type.maxthreads", &type_boolean },
	{ "password", &type_text },
	{ "password_confirm", &type_text },
};
/* clang-format on */

static void
check(const struct record *setup, const struct view *view, struct faults *faults)
{
	(void)view;
	if (!is_value(setup, "password", record_get(setup, "password_confirm")))
		faults_add(faults, "password", FAULT_CONFLICT, "Both passwords must be the same.");
	if (is_value(setup, "interfaces.wan.ipv4_type", "pppoe")) {
		must_be_set(setup, "interfaces.wan.pppoe_username", faults, "PPPoE needs a user name.");
		must_be_set(setup, "interfaces.wan.pppoe_password", faults, "PPPoE needs a password.");
	}
	if (is_value(setup, "interfaces.wan.ipv4_type", "static") && is_set(setup, "interfaces.wan.gateway") &&
	    !literal_is_in(record_get(setup, "interfaces.wan.gateway"), record_get(setup, "interfaces.wan.ipaddr")))
		faults_add(faults, "interfaces.wan.gateway", FAULT_CONFLICT, "The gateway is not in the network of the interface.");
}

const struct resource core_initial_setup_resource = {
	.name = "core.initial_setup",
	.summary = "Single settings of the Core.InitialSetup model",
	.shape = SINGLETON,
	.flags = IN_MEMORY,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Core.InitialSetup",
	.path = "",
	.check = check,
	.faces = { [OPNSENSE] = FACES(
		{ "core/initial_setup", "", "wizard", VERB_GET | VERB_SET }) },
};
