/*
 * <dhcpdv6>, by interface: its server becomes a subnet of Kea with its pools and reservations, and what it says of router
 * advertisements an entry of radvd. Networks stand with the interface there.
 */
#include <string.h>

#include "api/older/element.h"
#include "api/older/older.h"
#include "base/address.h"
#include "base/number.h"
#include "schema/record.h"
#include "schema/schema.h"

#define PLACE "dhcpdv6"

struct server {
	struct change       *change;
	struct arena        *arena;
	struct xml          *node;
	const struct record *interface;
	struct element_of    of;
	struct buffer       *report;
};

/* clang-format off */
static const struct element subnet_elements[] = {
	{ "defaultleasetime", "valid_lifetime" },
};

static const struct element reservation_elements[] = {
	{ "duid", "duid" },
	{ "ipaddrv6", "ip_address" },
	{ "hostname", "hostname" },
	{ "descr", "description" },
};

static const struct element advertised_elements[] = {
	{ "rapriority", "AdvDefaultPreference" },
	{ "ravalidlifetime", "AdvValidLifetime" },
	{ "rapreferredlifetime", "AdvPreferredLifetime" },
	{ "raminrtradvinterval", "MinRtrAdvInterval" },
	{ "ramaxrtradvinterval", "MaxRtrAdvInterval" },
	{ "raadvdefaultlifetime", "AdvDefaultLifetime" },
};
/* clang-format on */

static void
miss(const struct server *server, const char *what)
{
	buffer_print(server->report, "not mapped: " PLACE " %zu (%s): %s\n", server->of.number, server->of.descr, what);
}

/* Elements of one name, and what parts their text, as a list between commas. */
static const char *
list_of(const struct server *server, const char *name)
{
	scoped_buffer list = BUFFER_NONE;

	for (struct xml *one = xml_child(server->node, name); one; one = xml_next(one)) {
		struct text rest = one->text, word;

		one->is_used = true;
		while (text_next(&rest, "; ,", &word)) {
			if (word.len > 0 && list.len > 0)
				buffer_add_byte(&list, ',');
			buffer_add(&list, word);
		}
	}
	return arena_copy(server->arena, buffer_text(&list));
}

/* --- Addresses and prefixes ---------------------------------------------------------------------------- */

static void
add_range(struct xml *range, struct buffer *pools)
{
	const char *from = element_take(range, "from"), *to = element_take(range, "to");

	if (from[0] && to[0])
		buffer_print(pools, "%s%s-%s", pools->len > 0 ? "\n" : "", from, to);
}

/* What is of no use there is taken, but said. */
static void
fill_pools(const struct server *server, struct record *subnet)
{
	scoped_buffer pools = BUFFER_NONE;

	add_range(xml_child(server->node, "range"), &pools);
	for (struct xml *pool = xml_child(server->node, "pool"); pool; pool = xml_next(pool))
		add_range(xml_child(pool, "range"), &pools);
	if (pools.len > 0 && record_bool(subnet, "dynamic_prefix"))
		miss(server, "a range in a prefix that changes");
	else
		record_set(subnet, "pools", arena_copy(server->arena, buffer_text(&pools)));
}

/* The prefix whose first part of that length is `from` and whose last one is `to`; false: there is none. */
static bool
find_prefix(const struct address *from, const struct address *to, unsigned part, struct prefix *out)
{
	*out = (struct prefix){ *from, part };
	while (out->bits > 0 && !prefix_covers(out, to))
		out->bits--;
	const struct address first = prefix_first(out), last = prefix_last(out);
	const struct prefix  last_part = { last, part };
	const struct address last_first = prefix_first(&last_part);

	return address_compare(&first, from) == 0 && address_compare(&last_first, to) == 0;
}

static void
import_prefixes(const struct server *server, const char *subnet)
{
	struct xml    *node = xml_child(server->node, "prefixrange");
	const char    *part = element_take(node, "prefixlength");
	const char    *first = element_take(node, "from"), *last = element_take(node, "to");
	struct address from, to;
	struct prefix  whole;
	int64_t        bits;

	if (!first[0] && !last[0])
		return;
	if (!address_read(text_of(first), &from) || !address_read(text_of(last), &to) || from.family != FAMILY_INET6 ||
	    to.family != FAMILY_INET6 || !number_read(text_of(part), 1, 128, &bits) ||
	    !find_prefix(&from, &to, (unsigned)bits, &whole)) {
		miss(server, arena_print(server->arena, "prefixes from %s to %s are no prefix", first, last));
		return;
	}
	struct record *pool = record_make(server->arena, schema_named(snapshot_schema(change_snapshot(server->change)), "kea.pd_pool"));

	record_set(pool, "subnet", subnet);
	record_set(pool, "prefix", address_print(server->arena, &whole.address));
	record_set(pool, "prefix_len", arena_print(server->arena, "%u", whole.bits));
	record_set(pool, "delegated_len", part);
	change_put(server->change, pool);
}

static void
import_reservations(const struct server *server, const char *subnet, bool is_dynamic)
{
	struct element_of of = { PLACE "/staticmap", 0, "" };

	for (struct xml *node = xml_child(server->node, "staticmap"); node; node = xml_next(node)) {
		struct record *one = element_begin(server->change, server->arena, node, "kea.reservation6", reservation_elements,
						   COUNT(reservation_elements));

		of.number++;
		of.descr = record_get(one, "duid");
		if (!node->first)
			continue;
		element_report(&of, node, server->report);
		record_set(one, "subnet", subnet);
		if (is_dynamic)
			miss(server, arena_print(server->arena, "%s in a prefix that changes", of.descr));
		else
			change_put(server->change, one);
	}
}

/* --- Servers --------------------------------------------------------------------------------------------- */

static bool
is_dynamic(const struct record *interface)
{
	return text_is(record_text(interface, "type6"), "track6") || text_is(record_text(interface, "type6"), "idassoc6");
}

static void
listen_on(const struct server *server)
{
	const struct snapshot *snapshot = change_snapshot(server->change);
	struct record         *settings = record_copy(server->arena, snapshot_single(snapshot, "kea.dhcpv6_settings"));
	const char            *have = record_get(settings, "general.interfaces");

	record_set(settings, "general.enabled", "1");
	record_set(settings, "general.interfaces",
		   arena_print(server->arena, "%s%s%s", have, have[0] ? "," : "", server->of.descr));
	change_put(server->change, settings);
}

static void
import_subnet(const struct server *server)
{
	struct prefix  network;
	struct record *subnet = element_begin(server->change, server->arena, server->node, "kea.subnet6", subnet_elements,
					      COUNT(subnet_elements));
	const char    *servers = list_of(server, "dnsserver"), *search = list_of(server, "domainsearchlist");

	if (is_dynamic(server->interface)) {
		record_set(subnet, "dynamic_prefix", "1");
	} else if (prefix_read(record_text(server->interface, "ipaddrv6"), &network)) {
		network.address = prefix_first(&network);
		record_set(subnet, "subnet", prefix_print(server->arena, &network));
	} else {
		miss(server, "its interface has no network of IPv6");
		return;
	}
	listen_on(server);
	record_set(subnet, "subnet_id", arena_print(server->arena, "%zu", server->of.number));
	record_set(subnet, "interface", server->of.descr);
	record_set(subnet, "option_data.dns_servers", servers);
	record_set(subnet, "option_data.domain_search", search);
	record_set(subnet, "option_data_autocollect", servers[0] || search[0] ? "0" : "1");
	fill_pools(server, subnet);
	const char *uuid = change_put(server->change, subnet)->uuid;

	if (record_bool(subnet, "dynamic_prefix") && xml_path(server->node, "prefixrange/from"))
		miss(server, "prefixes of a prefix that changes");
	else
		import_prefixes(server, uuid);
	import_reservations(server, uuid, record_bool(subnet, "dynamic_prefix"));
}

/* Without a word of it, a server is assisted by advertisements, and where there is none nothing is advertised. */
static void
import_advertised(const struct server *server, bool has_server)
{
	const char    *mode = element_take(server->node, "ramode");
	struct record *entry = element_begin(server->change, server->arena, server->node, "radvd.entry", advertised_elements,
					     COUNT(advertised_elements));

	if (!mode[0])
		mode = has_server ? "assist" : "disabled";
	if (strcmp(mode, "disabled") == 0)
		return;
	record_set(entry, "interface", server->of.descr);
	record_set(entry, "mode", strcmp(mode, "stateless_dhcp") == 0 ? "stateless" : mode);
	record_set(entry, "RDNSS", list_of(server, element_is_set(server->node, "rasamednsasdhcp6") ? "dnsserver" : "radnsserver"));
	record_set(entry, "DNSSL", list_of(server, "radomainsearchlist"));
	change_put(server->change, entry);
}

void
older_dhcp6_import(struct change *change, struct arena *arena, struct xml *root, struct buffer *report)
{
	struct xml *above = xml_child(root, PLACE);
	size_t      number = 0;

	/* What a newer file says of Kea counts. */
	if (!above || collection_count(snapshot_named(change_snapshot(change), "kea.subnet6")) > 0)
		return;
	for (struct xml *node = above->first; node; node = node->next) {
		const struct record *interface =
			collection_find(snapshot_named(change_snapshot(change), "interfaces.interface"), text_of(node->name));
		struct server server = { change, arena, node, interface, { PLACE, ++number, node->name }, report };
		const bool    has_server = element_is_set(node, "enable");

		if (!interface || !node->first)
			continue;
		if (has_server)
			import_subnet(&server);
		import_advertised(&server, has_server);
		element_report(&server.of, node, report);
	}
}
