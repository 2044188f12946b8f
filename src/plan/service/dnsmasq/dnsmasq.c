/*
 * dnsmasq(8). What changes often, names and clients with a place of their own, is in files that it reads again when it is told;
 * all the rest it reads at its start.
 */
#include "plan/service/dnsmasq/writing.h"

#define AGAIN "/etc/dnsmasq.d/drawbridge/again/"

/* A setting that is the same in both worlds. */
static const struct setting {
	const char *field, *option;
} flags[] = {
	{ "strict_order", "strict-order" },
	{ "domain_needed", "domain-needed" },
	{ "no_private_reverse", "bogus-priv" },
	{ "no_resolv", "no-resolv" },
	{ "log_queries", "log-queries" },
	{ "no_hosts", "no-hosts" },
	{ "expand_hosts", "expand-hosts" },
	{ "strictbind", "bind-interfaces" },
	{ "add_subnet", "add-subnet=32,128" },
	{ "strip_subnet", "strip-subnet" },
	{ "no_ident", "no-ident" },
	{ "dhcp.authoritative", "dhcp-authoritative" },
	{ "dhcp.enable_ra", "enable-ra" },
	{ "dhcp.log_dhcp", "log-dhcp" },
	{ "dhcp.log_quiet", "quiet-dhcp" },
	{ "dhcp.log_quiet", "quiet-dhcp6" },
	{ "dhcp.log_quiet", "quiet-ra" },
}, numbers[] = {
	{ "dns_forward_max", "dns-forward-max" },
	{ "cache_size", "cache-size" },
	{ "local_ttl", "local-ttl" },
	{ "dhcp.lease_max", "dhcp-lease-max" },
	{ "dhcp.reply_delay", "dhcp-reply-delay" },
};

/* Clients without a domain of their own are in that of DHCP, else in the box's. */
static void
put_domain(struct writing *writing)
{
	const struct record *general = snapshot_single(writing->view->snapshot, "system.general");
	const struct text    own = record_text(writing->settings, "dhcp.domain");
	const struct text    domain = own.len > 0 ? own : record_text(general, "domain");

	if (domain.len == 0)
		return;
	writing_put(writing, "domain", domain);
	if (record_bool(writing->settings, "dhcp.fqdn"))
		buffer_add_string(&writing->conf, "dhcp-fqdn\n");
	if (record_bool(writing->settings, "dhcp.local")) {
		writing_begin(writing, "local");
		writing_print(writing, "/%.*s/", TEXT_ARGS(domain));
		writing_end(writing, &writing->conf);
	}
}

static void
put_mac(struct writing *writing)
{
	const struct text form = record_text(writing->settings, "add_mac");

	if (text_is(form, "standard"))
		buffer_add_string(&writing->conf, "add-mac\n");
	else if (form.len > 0)
		writing_put(writing, "add-mac", form);
}

static void
put_settings(struct writing *writing)
{
	const struct record *settings = writing->settings;
	int64_t              number;

	buffer_add_string(&writing->conf, "# Written by drawbridge.\n");
	writing_put(writing, "port", record_get(settings, "port")[0] ? record_text(settings, "port") : TEXT("53"));
	buffer_print(&writing->conf, "user=%s\ngroup=%s\n", writing->view->is_alone ? "root" : "dnsmasq",
		     writing->view->is_alone ? "root" : "nogroup");
	buffer_add_string(&writing->conf, "log-facility=-\npid-file=/run/dnsmasq-drawbridge.pid\n"
					  "dhcp-leasefile=/var/lib/misc/dnsmasq.leases\n"
					  "addn-hosts=" AGAIN "hosts\ndhcp-hostsfile=" AGAIN "clients\n");
	for (size_t i = 0; i < COUNT(flags); i++)
		if (record_bool(settings, flags[i].field))
			buffer_print(&writing->conf, "%s\n", flags[i].option);
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (service_number(settings, numbers[i].field, 0, INT32_MAX, &number))
			buffer_print(&writing->conf, "%s=%lld\n", numbers[i].option, (long long)number);
	if (record_bool(settings, "dnssec"))
		buffer_add_string(&writing->conf, "dnssec\nconf-file=/usr/share/dnsmasq-base/trust-anchors.conf\n");
	if (!record_bool(settings, "dhcp.host_ping"))
		buffer_add_string(&writing->conf, "no-ping\n");
	writing_put_devices(writing, "interface", record_text(settings, "interface"));
	writing_put_devices(writing, "no-dhcp-interface", record_text(settings, "dhcp.no_interface"));
	put_mac(writing);
	put_domain(writing);
}

void
plan_dnsmasq(const struct service_view *view, struct service_draft *draft)
{
	struct writing writing = { view, draft, snapshot_single(view->snapshot, "dnsmasq.settings") };
	const bool     is_wanted = record_bool(writing.settings, "enable");
	struct service_plan *plan = service_put(draft, "dnsmasq", is_wanted);

	if (!is_wanted)
		return;
	put_settings(&writing);
	dnsmasq_put_names(&writing);
	dnsmasq_put_ranges(&writing);
	dnsmasq_put_options(&writing);
	dnsmasq_put_clients(&writing);
	service_put_file(draft, plan, "dnsmasq.conf", buffer_text(&writing.conf), false);
	service_put_file(draft, plan, "again/hosts", buffer_text(&writing.hosts), false);
	service_put_file(draft, plan, "again/clients", buffer_text(&writing.clients), false);
	buffer_clear(&writing.conf);
	buffer_clear(&writing.hosts);
	buffer_clear(&writing.clients);
	buffer_clear(&writing.line);
}
