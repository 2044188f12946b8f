/* One function a server. */
#include "plan/service/leasing.h"

#include "base/bug.h"

/* --- dnsmasq ------------------------------------------------------------------------------------------- */

/* A range without an interface is for all that dnsmasq listens on, which without any are all. */
static bool
dnsmasq_leases(const struct snapshot *snapshot, struct text interface, enum family family)
{
	const struct record     *settings = snapshot_single(snapshot, "dnsmasq.settings");
	const struct collection *ranges = snapshot_named(snapshot, "dnsmasq.range");
	const struct text        listens = record_text(settings, "interface");

	if (!record_bool(settings, "enable") || !record_bool(settings, "dhcp.default_fw_rules") ||
	    (listens.len > 0 && !text_lists(listens, interface)) ||
	    text_lists(record_text(settings, "dhcp.no_interface"), interface))
		return false;
	for (size_t i = 0; i < collection_count(ranges); i++) {
		const struct record *range = collection_at(ranges, i);
		struct address       first;

		if (address_read(record_text(range, "start_addr"), &first) && first.family == family &&
		    (!record_has(range, "interface") || text_equal(record_text(range, "interface"), interface)))
			return true;
	}
	return false;
}

/* --- Kea ---------------------------------------------------------------------------------------------- */

static const struct record *
kea_settings(const struct snapshot *snapshot, enum family family)
{
	return snapshot_single(snapshot, family == FAMILY_INET6 ? "kea.dhcpv6_settings" : "kea.dhcpv4_settings");
}

static bool
has_server(const struct snapshot *snapshot, struct text interface, enum family family)
{
	const struct record *server =
		family == FAMILY_INET ? collection_find(snapshot_named(snapshot, "dhcp.server"), interface) : NULL;

	return server && record_bool(server, "enabled");
}

static bool
is_listening(const struct snapshot *snapshot, struct text interface, enum family family)
{
	const struct record *settings = kea_settings(snapshot, family);

	return record_bool(settings, "general.enabled") && text_lists(record_text(settings, "general.interfaces"), interface);
}

bool
leasing_is_keas(const struct snapshot *snapshot, enum family family)
{
	return record_bool(kea_settings(snapshot, family), "general.enabled") ||
	       (family == FAMILY_INET && collection_where(snapshot_named(snapshot, "dhcp.server"), "enabled", TEXT("1")));
}

bool
leasing_by_kea(const struct snapshot *snapshot, struct text interface, enum family family)
{
	return is_listening(snapshot, interface, family) || has_server(snapshot, interface, family);
}

static bool
kea_leases(const struct snapshot *snapshot, struct text interface, enum family family)
{
	return has_server(snapshot, interface, family) ||
	       (is_listening(snapshot, interface, family) && record_bool(kea_settings(snapshot, family), "general.fwrules"));
}

/* --- All ----------------------------------------------------------------------------------------------- */

/* A relay is asked like a server. */
static bool
is_relayed(const struct snapshot *snapshot, struct text interface, enum family family)
{
	const struct collection *relays = snapshot_named(snapshot, "dhcrelay.relay");

	for (size_t i = 0; i < collection_count(relays); i++) {
		const struct record *relay = collection_at(relays, i);
		const struct record *to =
			collection_find(snapshot_named(snapshot, "dhcrelay.destination"), record_text(relay, "destination"));
		struct text    rest = to ? record_text(to, "server") : TEXT_NONE, first;
		struct address address;

		if (record_bool(relay, "enabled") && text_equal(record_text(relay, "interface"), interface) &&
		    text_next(&rest, ",", &first) && address_read(first, &address) && address.family == family)
			return true;
	}
	return false;
}

static bool (*const servers[])(const struct snapshot *, struct text, enum family) = { dnsmasq_leases, kea_leases, is_relayed };

bool
leasing_is_open(const struct snapshot *snapshot, struct text interface, enum family family)
{
	for (size_t i = 0; i < COUNT(servers); i++)
		if (servers[i](snapshot, interface, family))
			return true;
	return false;
}
