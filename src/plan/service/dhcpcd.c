/*
 * dhcpcd.conf(5): one process for all interfaces that are given their addresses. It gets leases and keeps addresses and
 * default routes; router advertisements are left to the kernel, and what is to be done with a delegated prefix to the plan of
 * the network. It runs no scripts. Options end with their line and their words with a blank, so a value that has either is left out.
 */
#include <string.h>

#include "base/address.h"
#include "base/map.h"
#include "plan/network/network.h"
#include "plan/service/planner.h"

#define HOST_MAX 253
#define DUID_MAX 400
#define IAID_MASK 0x7fffffffU

struct writing {
	const struct service_view *view;
	struct service_draft      *draft;
	struct buffer              names, blocks;
};

static bool
is_made_of(struct text t, const char *others, size_t max)
{
	if (t.len == 0 || t.len > max)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		const char c = t.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr(others, c))))
			return false;
	}
	return true;
}

/* --- One interface ---------------------------------------------------------------------------- */

static void
put_rejected(struct writing *writing, const struct record *interface)
{
	struct text   rest = record_text(interface, "dhcprejectfrom"), one;
	struct prefix prefix;

	while (text_next(&rest, ",", &one))
		if (prefix_read(one, &prefix))
			buffer_print(&writing->blocks, "blacklist %s\n", prefix_print(writing->view->arena, &prefix));
}

static void
put_four(struct writing *writing, const struct record *interface)
{
	const struct text host = record_text(interface, "dhcphostname");

	buffer_add_string(&writing->blocks, "option domain_name_servers, domain_name, domain_search, classless_static_routes\n");
	if (record_bool(interface, "dhcphonourmtu"))
		buffer_add_string(&writing->blocks, "option interface_mtu\n");
	if (is_made_of(host, "-._", HOST_MAX))
		buffer_print(&writing->blocks, "hostname %.*s\n", TEXT_ARGS(host));
	else if (host.len > 0)
		service_miss(writing->draft, "%s: no host can be called so to a DHCP server", interface->uuid);
	put_rejected(writing, interface);
	if (record_has(interface, "dhcpvlanprio") || text_is(record_text(interface, "dhcpvlanprio"), "0"))
		service_miss(writing->draft, "%s: dhcpcd cannot set a VLAN priority for DHCP", interface->uuid);
}

/* What it does with the prefix: nothing. There is no interface of that name. */
static void
put_prefix(struct writing *writing, const struct record *interface)
{
	const unsigned iaid = (unsigned)(text_hash(record_text(interface, "if")) & IAID_MASK);
	const int64_t  bits = record_number(interface, "dhcp6-ia-pd-len", 0);

	if (bits == 0)
		return;
	if (record_bool(interface, "dhcp6-ia-pd-send-hint"))
		buffer_print(&writing->blocks, "ia_pd %u/::/%u -\n", iaid, (unsigned)bits);
	else
		buffer_print(&writing->blocks, "ia_pd %u -\n", iaid);
}

static void
put_six(struct writing *writing, const struct record *interface)
{
	if (!record_bool(interface, "dhcp6prefixonly"))
		buffer_add_string(&writing->blocks, "ia_na\n");
	put_prefix(writing, interface);
	buffer_add_string(&writing->blocks, "option dhcp6_name_servers, dhcp6_domain_search\n");
	if (record_bool(interface, "dhcp6_rapid_commit"))
		buffer_add_string(&writing->blocks, "option dhcp6_rapid_commit\n");
	if (record_has(interface, "dhcp6vlanprio") || text_is(record_text(interface, "dhcp6vlanprio"), "0"))
		service_miss(writing->draft, "%s: dhcpcd cannot set a VLAN priority for DHCPv6", interface->uuid);
}

static void
put_interface(struct writing *writing, const struct record *interface)
{
	const bool        four = text_is(record_text(interface, "type4"), "dhcp");
	const bool        six = text_is(record_text(interface, "type6"), "dhcp6");
	const struct text device = record_text(interface, "if");

	if (!record_bool(interface, "enable") || (!four && !six))
		return;
	if (!network_name_is_valid(device)) {
		service_miss(writing->draft, "%s: no link can be called so", interface->uuid);
		return;
	}
	buffer_print(&writing->names, " %.*s", TEXT_ARGS(device));
	buffer_print(&writing->blocks, "\ninterface %.*s\n", TEXT_ARGS(device));
	if (four)
		put_four(writing, interface);
	else
		buffer_add_string(&writing->blocks, "noipv4\n");
	if (six)
		put_six(writing, interface);
	else
		buffer_add_string(&writing->blocks, "noipv6\n");
}

/* --- The whole -------------------------------------------------------------------------------- */

void
plan_dhcpcd(const struct service_view *view, struct service_draft *draft)
{
	const struct collection *interfaces = snapshot_named(view->snapshot, "interfaces.interface");
	const struct text        duid = record_text(snapshot_single(view->snapshot, "interfaces.settings"), "dhcp6_duid");
	struct writing           writing = { view, draft, BUFFER_NONE, BUFFER_NONE };
	scoped_buffer            whole = BUFFER_NONE;
	struct service_plan     *plan;

	for (size_t i = 0; i < collection_count(interfaces); i++)
		put_interface(&writing, collection_at(interfaces, i));
	plan = service_put(draft, "dhcpcd", writing.names.len > 0);
	/* Addresses stay while it starts again. */
	buffer_print(&whole, "# Written by drawbridge.\nallowinterfaces%s\n", buffer_string(&writing.names));
	buffer_add_string(&whole, "persistent\nnodev\nnodelay\nnoarp\nnoipv4ll\nnoipv6rs\nscript /dev/null\n");
	if (duid.len > 2 && is_made_of(duid, ":", DUID_MAX))
		buffer_print(&whole, "duid %.*s\n", TEXT_ARGS(duid));
	else
		buffer_add_string(&whole, "duid\n");
	buffer_add(&whole, buffer_text(&writing.blocks));
	if (writing.names.len > 0)
		service_put_file(draft, plan, "dhcpcd.conf", buffer_text(&whole), false);
	buffer_clear(&writing.names);
	buffer_clear(&writing.blocks);
}
