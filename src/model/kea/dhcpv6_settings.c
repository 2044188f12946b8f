/* Single settings of the Kea.KeaDhcpv6 model. */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "general.enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "general.manual_config", &type_boolean },
	{ "general.interfaces", &type_interface, .flags = MANY },
	{ "general.service_sockets_max_retries", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "general.service_sockets_retry_wait_time", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "general.valid_lifetime", &type_integer, .flags = REQUIRED | LOW_LIMIT, .preset = "4000", .min = 0 },
	{ "general.decline_probation_period", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "general.mac_sources", &type_option, .flags = REQUIRED | MANY, .preset = "ipv6-link-local",
	  .choices = CHOICES({ "duid" }, { "ipv6-link-local" }, { "client-link-addr-option" }, { "remote-id" },
		{ "docsis-cmts" }, { "docsis-modem" }) },
	{ "general.fwrules", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "lexpire.hold_reclaimed_time", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "lexpire.reclaim_timer_wait_time", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "lexpire.flush_reclaimed_timer_wait_time", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "lexpire.max_reclaim_time", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "lexpire.max_reclaim_leases", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "lexpire.unwarned_reclaim_cycles", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "ha.enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "ha.this_server_name", &type_text, .mask = "^([0-9a-zA-Z.\\:\\-,_]){0,1024}$" },
	{ "ha.max_unacked_clients", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .preset = "2",
	  .min = 0, .max = 65535 },
};
/* clang-format on */

const struct resource kea_dhcpv6_settings_resource = {
	.name = "kea.dhcpv6_settings",
	.summary = "Single settings of the Kea.KeaDhcpv6 model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Kea.KeaDhcpv6",
	.path = "",
	.mount = "//OPNsense/Kea/dhcp6",
	.version = "1.0.3",
	.touches = PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "kea/dhcpv6", "", "dhcpv6", VERB_GET | VERB_SET }) },
};
