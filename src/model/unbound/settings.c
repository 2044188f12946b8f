/* Single settings of the Unbound.Unbound model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "general.enabled", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "general.port", &type_port, .flags = REQUIRED, .preset = "53" },
	{ "general.stats", &type_boolean },
	{ "general.active_interface", &type_unbound_interface, .flags = MANY },
	{ "general.dnssec", &type_boolean },
	{ "general.dns64", &type_boolean },
	{ "general.dns64prefix", &type_network, .settings = MASK_REQUIRED | ONLY_INET6 },
	{ "general.noarecords", &type_boolean },
	{ "general.regdhcp", &type_boolean },
	{ "general.regdhcpdomain", &type_text, .flags = MASK_ANY_CASE,
	  .mask = "^(?:(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])$" },
	{ "general.regdhcpstatic", &type_boolean },
	{ "general.noreglladdr6", &type_boolean },
	{ "general.noregrecords", &type_boolean },
	{ "general.txtsupport", &type_boolean },
	{ "general.cacheflush", &type_boolean },
	{ "general.safesearch", &type_boolean },
	{ "general.local_zone_type", &type_option, .flags = REQUIRED, .preset = "transparent",
	  .choices = CHOICES({ "transparent" }, { "always_nxdomain" }, { "always_refuse" },
		{ "always_transparent" }, { "deny" }, { "inform" }, { "inform_deny" }, { "nodefault" }, { "refuse" },
		{ "static" }, { "typetransparent" }) },
	{ "general.outgoing_interface", &type_unbound_interface, .flags = MANY },
	{ "general.enable_wpad", &type_boolean },
	{ "advanced.hideidentity", &type_boolean },
	{ "advanced.hideversion", &type_boolean },
	{ "advanced.prefetch", &type_boolean },
	{ "advanced.prefetchkey", &type_boolean },
	{ "advanced.dnssecstripped", &type_boolean },
	{ "advanced.belownxdomain", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "advanced.aggressivensec", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "advanced.serveexpired", &type_boolean },
	{ "advanced.serveexpiredreplyttl", &type_numeric },
	{ "advanced.serveexpiredttl", &type_numeric },
	{ "advanced.serveexpiredttlreset", &type_boolean },
	{ "advanced.serveexpiredclienttimeout", &type_numeric },
	{ "advanced.qnameminstrict", &type_boolean },
	{ "advanced.extendedstatistics", &type_boolean },
	{ "advanced.logqueries", &type_boolean },
	{ "advanced.logreplies", &type_boolean },
	{ "advanced.logtagqueryreply", &type_boolean },
	{ "advanced.logservfail", &type_boolean },
	{ "advanced.loglocalactions", &type_boolean },
	{ "advanced.logverbosity", &type_option, .flags = REQUIRED, .preset = "1",
	  .choices = CHOICES({ "0", "Level 0" }, { "1", "Level 1 (Default)" }, { "2", "Level 2" },
		{ "3", "Level 3" }, { "4", "Level 4" }, { "5", "Level 5" }) },
	{ "advanced.valloglevel", &type_option, .flags = REQUIRED, .preset = "0",
	  .choices = CHOICES({ "0", "Level 0 (Default)" }, { "1", "Level 1" }, { "2", "Level 2" }) },
	{ "advanced.privatedomain", &type_csv, .flags = MASK_PER_ITEM, .mask = "\\A[^\\r\\n]*\\z" },
	{ "advanced.privateaddress", &type_network, .flags = REQUIRED | AS_LIST, .settings = NO_WILDCARD,
	  .preset = "0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,169.254.0.0/16,172.16.0.0/12,192.0.2.0/24,192.168.0.0/16,198.18.0.0/15,198.51.100.0/24,203.0.113.0/24,233.252.0.0/24,::1/128,2001:db8::/32,fc00::/8,fd00::/8,fe80::/10" },
	{ "advanced.insecuredomain", &type_csv, .flags = MASK_PER_ITEM, .mask = "\\A[^\\r\\n]*\\z" },
	{ "advanced.msgcachesize", &type_strict_text, .flags = MASK_ANY_CASE, .mask = "[0-9]+[kmg]?" },
	{ "advanced.rrsetcachesize", &type_strict_text, .flags = MASK_ANY_CASE, .mask = "[0-9]+[kmg]?" },
	{ "advanced.outgoingnumtcp", &type_numeric },
	{ "advanced.incomingnumtcp", &type_numeric },
	{ "advanced.numqueriesperthread", &type_numeric },
	{ "advanced.outgoingrange", &type_numeric },
	{ "advanced.jostletimeout", &type_numeric },
	{ "advanced.discardtimeout", &type_numeric },
	{ "advanced.cachemaxttl", &type_numeric },
	{ "advanced.cachemaxnegativettl", &type_numeric },
	{ "advanced.cacheminttl", &type_numeric },
	{ "advanced.infrahostttl", &type_numeric },
	{ "advanced.infrakeepprobing", &type_boolean },
	{ "advanced.infracachenumhosts", &type_numeric },
	{ "advanced.unwantedreplythreshold", &type_numeric },
	{ "acls.default_action", &type_option, .flags = REQUIRED, .preset = "allow",
	  .choices = CHOICES({ "allow", "Allow" }, { "deny", "Deny" }, { "refuse", "Refuse" }) },
	{ "forwarding.enabled", &type_boolean },
};
/* clang-format on */

/* Two name servers cannot answer on one port. */
static void
check(const struct record *settings, const struct view *view, struct faults *faults)
{
	const struct record *other = snapshot_single(view->snapshot, "dnsmasq.settings");
	const char          *port = record_get(settings, "general.port");

	if (!record_bool(settings, "general.enabled") || !record_bool(other, "enable") || strcmp(port, "0") == 0)
		return;
	if (strcmp(port[0] ? port : "53", record_get(other, "port")[0] ? record_get(other, "port") : "53") == 0)
		faults_add(faults, "general.port", FAULT_UNIQUE, "Dnsmasq answers on this port already.");
}

const struct resource unbound_settings_resource = {
	.name = "unbound.settings",
	.summary = "Single settings of the Unbound.Unbound model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Unbound.Unbound",
	.path = "",
	.check = check,
	.mount = "//OPNsense/unboundplus",
	.version = "1.0.15",
	.touches = PART_RESOLVER,
	.faces = { [OPNSENSE] = FACES(
		{ "unbound/settings", "", "unbound", VERB_GET | VERB_SET }) },
};
