/* The names of the parts, and whether anything is left of one. */
#include "proc/part/left.h"

#include "base/arena.h"
#include "plan/service/planner.h"

static const struct {
	unsigned    part;
	const char *name;
	const char *sections; /* of pfSense's configuration that ask for it too, comma separated */
} part_names[] = {
	{ PART_INTERFACES, "interfaces" },
	{ PART_ROUTING, "routing" },
	{ PART_RESOLVER, "resolver" },
	{ PART_DHCP, "DHCP", "dhcpdv6" },
	{ PART_TIME, "time" },
	{ PART_IDENTITY, "host name" },
	{ PART_ACCOUNTS, "system accounts" },
	{ PART_VPN_IPSEC, "IPsec", "ipsec" },
	{ PART_VPN_OPENVPN, "OpenVPN" },
	{ PART_VPN_WIREGUARD, "WireGuard" },
	{ PART_LOGGING, "logging", "syslog" },
	{ PART_TRUST, "certificates" },
	{ PART_CRON, "cron" },
	{ PART_ACCESS, "secure shell" },
	{ PART_TUNABLES, "tunables" },
	{ PART_FLOWS, "accounting of traffic" },
	{ PART_MONITOR, "Monit" },
	{ PART_PORTAL, "captive portal" },
	{ PART_DISCOVERY, "host discovery" },
	{ PART_OTHER, "other services" },
};

/* A family of resources that its own settings switch off needs nobody. */
static bool
is_off(const struct snapshot *snapshot, const struct resource *resource)
{
	static const char *const switches[] = { "enable", "enabled", "general.enabled" };
	const struct schema     *schema = snapshot_schema(snapshot);
	struct text              rest = text_of(resource->name);
	scoped_arena             arena = arena_new();
	const struct text        family = text_until(&rest, '.');
	const char              *name = arena_print(arena, "%.*s.settings", TEXT_ARGS(family));
	const struct resource   *settings = schema_named(schema, name);

	for (size_t i = 0; settings && settings->shape == SINGLETON && i < COUNT(switches); i++)
		if (resource_find_field(settings, text_of(switches[i])) != SIZE_MAX)
			return !record_bool(snapshot_single(snapshot, name), switches[i]);
	return false;
}

/* Is there anything that such a part would be made of and nobody makes? */
static bool
is_left(const struct snapshot *snapshot, size_t at)
{
	const struct schema     *schema = snapshot_schema(snapshot);
	const struct collection *sections = snapshot_named(snapshot, "pfsense.section");
	struct text              rest = text_of(part_names[at].sections), section;

	for (size_t i = 0; i < schema_count(schema); i++)
		if ((schema_at(schema, i)->touches & part_names[at].part) && !services_know(schema_at(schema, i)->name) &&
		    !is_off(snapshot, schema_at(schema, i)) &&
		    collection_count(snapshot_collection(snapshot, schema_at(schema, i))) > 0)
			return true;
	while (text_next(&rest, ",", &section))
		if (collection_find(sections, section))
			return true;
	return false;
}

enum result
parts_check_left(const struct snapshot *snapshot, unsigned left, struct buffer *message)
{
	bool is_complete = true;

	for (size_t i = 0; i < COUNT(part_names); i++) {
		if (!(left & part_names[i].part) || !is_left(snapshot, i))
			continue;
		buffer_add_string(message, is_complete ? "there is no backend yet for " : ", ");
		buffer_add_string(message, part_names[i].name);
		is_complete = false;
	}
	return is_complete ? RESULT_DONE : RESULT_UNAVAILABLE;
}
