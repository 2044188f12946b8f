/*
 * Reading a snapshot. What each record becomes is remembered (filter_kept.c) together with a hash of the names that
 * were known, for a rule that named an alias yesterday may name an interface today.
 */
#include "plan/filter_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

uint64_t
fresh_stamp(struct filter_reader *reader)
{
	return ++reader->stamps;
}

/* --- pieces that all kinds of rules have -------------------------------------------------------- */

/* No comma separated list has more entries. */
static size_t
most_entries(struct text list)
{
	size_t count = 1;

	for (size_t i = 0; i < list.len; i++)
		count += list.ptr[i] == ',';
	return count;
}

const char *const *
read_names(struct arena *arena, struct text list, size_t *count)
{
	const char **names = ARENA_MAKE(arena, const char *, most_entries(list));
	struct text  one;

	*count = 0;
	while (text_next(&list, ",", &one))
		if (one.len > 0)
			names[(*count)++] = arena_copy(arena, one);
	return names;
}

const char *
text_or_null(const struct record *record, const char *field)
{
	return record_has(record, field) ? record_get(record, field) : NULL;
}

enum rule_family
read_family(struct text t)
{
	return text_is(t, "inet6") ? RULE_INET6 : text_is(t, "inet") ? RULE_INET : RULE_INET46;
}

bool
read_protocol(struct text t, int *out)
{
	static const struct {
		const char *name;
		int         number;
	} names[] = { { "any", PROTOCOL_ANY }, { "", PROTOCOL_ANY }, { "tcp/udp", PROTOCOL_TCP_UDP },
		      { "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "ipv6-icmp", 58 }, { "icmp6", 58 }, { "esp", 50 },
		      { "ah", 51 }, { "gre", 47 }, { "igmp", 2 }, { "pim", 103 }, { "ospf", 89 }, { "ospfigp", 89 },
		      { "carp", 112 }, { "vrrp", 112 }, { "pfsync", 240 }, { "ipv6", 41 }, { "ipv4", 4 },
		      { "ipencap", 4 }, { "sctp", 132 }, { "l2tp", 115 }, { "etherip", 97 }, { "ggp", 3 }, { "st", 5 },
		      { "egp", 8 }, { "igp", 9 }, { "pup", 12 }, { "hmp", 20 }, { "xns-idp", 22 }, { "rdp", 27 },
		      { "iso-tp4", 29 }, { "dccp", 33 }, { "xtp", 36 }, { "ddp", 37 }, { "idpr-cmtp", 38 },
		      { "idrp", 45 }, { "rsvp", 46 }, { "skip", 57 }, { "eigrp", 88 }, { "ax.25", 93 },
		      { "ipip", 94 }, { "encap", 98 }, { "ipcomp", 108 }, { "isis", 124 }, { "fc", 133 },
		      { "udplite", 136 }, { "mpls-in-ip", 137 }, { "manet", 138 }, { "hip", 139 }, { "shim6", 140 },
		      { "wesp", 141 }, { "rohc", 142 }, { "ethernet", 143 }, { "vmtp", 81 }, { "rspf", 73 } };
	int64_t number;

	for (size_t i = 0; i < COUNT(names); i++)
		if (text_equal_any_case(t, text_of(names[i].name))) {
			*out = names[i].number;
			return true;
		}
	if (!number_read(t, 0, 255, &number))
		return false;
	*out = (int)number;
	return true;
}

/* What one name or literal stands for. */
static bool
read_net(const struct filter_reader *reader, struct arena *arena, struct text t, struct net *net)
{
	if (prefix_read(t, &net->prefix)) {
		net->kind = NET_PREFIX;
		return true;
	}
	if (text_is(t, "(self)")) {
		net->kind = NET_SELF;
		return true;
	}
	net->name = arena_copy(arena, t);
	if (map_get(reader->interfaces, t) || map_get(reader->groups, t)) {
		net->kind = NET_INTERFACE;
		return true;
	}
	if (text_ends(t, TEXT("ip")) && map_get(reader->interfaces, text_first(t, t.len - 2))) {
		net->kind = NET_INTERFACE_ADDRESS;
		net->name = arena_copy(arena, text_first(t, t.len - 2));
		return true;
	}
	if (text_starts(t, TEXT("__")) && text_ends(t, TEXT("_network")) && t.len > 10) {
		net->kind = NET_INTERFACE;
		net->name = arena_copy(arena, text_first(text_after(t, 2), t.len - 10));
		return map_get(reader->interfaces, text_of(net->name));
	}
	net->kind = NET_ALIAS;
	return map_get(reader->aliases, t) != NULL;
}

bool
read_nets(const struct filter_reader *reader, struct arena *arena, struct text list, bool negated, struct nets *out)
{
	struct net *nets = ARENA_MAKE(arena, struct net, most_entries(list));
	size_t      count = 0;
	struct text one;

	*out = (struct nets){ .negated = negated };
	while (text_next(&list, ",", &one)) {
		if (one.len > 0 && one.ptr[0] == '!') {
			out->negated = true;
			one = text_after(one, 1);
		}
		if (one.len == 0 || text_is(one, "any"))
			continue;
		if (!read_net(reader, arena, one, &nets[count++]))
			return false;
	}
	out->list = nets;
	out->count = count;
	return true;
}

bool
read_port(const struct filter_reader *reader, struct text t, uint16_t *out)
{
	int64_t number;

	if (!number_read(t, 0, 65535, &number)) {
		const struct choice *service = facts_find(reader->facts, "services", t);

		if (!service || !service->label || !number_read(text_of(service->label), 0, 65535, &number))
			return false;
	}
	*out = (uint16_t)number;
	return true;
}

bool
read_ports(const struct filter_reader *reader, struct arena *arena, struct text t, struct ports *out)
{
	struct text last = t;

	*out = (struct ports){ .kind = PORTS_ANY };
	if (t.len == 0 || text_is(t, "any"))
		return true;
	out->kind = PORTS_RANGE;
	if (read_port(reader, t, &out->range.first)) {
		out->range.last = out->range.first;
		return true;
	}
	const struct text first = text_until(&last, memchr(t.ptr, ':', t.len) ? ':' : '-');

	if (first.len < t.len && read_port(reader, first, &out->range.first) &&
	    read_port(reader, last, &out->range.last))
		return out->range.first <= out->range.last;
	out->kind = PORTS_ALIAS;
	out->alias = arena_copy(arena, t);
	return map_get(reader->aliases, t) != NULL;
}

/* --- what cannot be had --------------------------------------------------------------------------- */

void
note_add(struct noting *noting, const char *format, ...)
{
	char    text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (noting->count < FILTER_NOTES_MAX)
		noting->list[noting->count++] = arena_copy(noting->arena, text_of(text));
}

void
note_missing(struct noting *noting, const struct record *record, const char *field)
{
	note_add(noting, "%s names what is not there (%s): the rule is not applied", field, record_get(record, field));
}

/* --- the whole ------------------------------------------------------------------------------------ */

static uint64_t
mix(uint64_t hash, const char *string)
{
	return (hash ^ text_hash(text_of(string))) * 0x100000001b3ULL;
}

/* Aliases that are built in have names too. */
static uint64_t
read_own_aliases(struct filter_reader *reader, uint64_t names)
{
	const struct view      view = { .snapshot = reader->snapshot, .arena = reader->once, .facts = reader->facts };
	const struct resource *resource = schema_named(snapshot_schema(reader->snapshot), "firewall.alias");
	const struct record   *record;

	reader->nown = 0;
	while (resource && resource->builtin && resource->builtin(reader->nown, &view))
		reader->nown++;
	reader->own = ARENA_MAKE(reader->once, const struct record *, reader->nown + 1);
	for (size_t i = 0; i < reader->nown; i++) {
		record = resource->builtin(i, &view);
		reader->own[i] = record;
		map_set(reader->aliases, record_text(record, "name"), (void *)record);
		names = mix(names, record_get(record, "name"));
	}
	return names;
}

/* Rules know gateways by their indexes. */
static uint64_t
mix_gateways(const struct filter_reader *reader, uint64_t names)
{
	const struct gateways *gateways = reader->live ? reader->live->gateways : NULL;

	for (size_t i = 0; gateways && i < gateways->n; i++)
		names = mix(names, gateways->list[i].name) * 31 + gateways->list[i].number;
	return names;
}

/* Which names there are: maps for this reading, and a hash for what is remembered. */
static void
read_known_names(struct filter_reader *reader)
{
	static const struct {
		const char *resource, *field;
		size_t      map; /* offset in the reader */
	} kinds[] = {
		{ "firewall.alias", "name", offsetof(struct filter_reader, aliases) },
		{ "interfaces.interface", NULL, offsetof(struct filter_reader, interfaces) },
		{ "firewall.group", "ifname", offsetof(struct filter_reader, groups) },
	};
	uint64_t names = 0xcbf29ce484222325ULL;

	for (size_t k = 0; k < COUNT(kinds); k++) {
		const struct collection *collection = snapshot_named(reader->snapshot, kinds[k].resource);
		struct map              *map = map_make(reader->once);

		*(struct map **)((char *)reader + kinds[k].map) = map;
		if (collection_count(collection) == 0)
			continue;
		const size_t field = kinds[k].field ? resource_field(collection_at(collection, 0)->resource,
								     kinds[k].field)
						    : 0;

		for (size_t i = 0; i < collection_count(collection); i++) {
			const struct record *record = collection_at(collection, i);
			const char          *name = kinds[k].field ? record->values[field] : record->uuid;

			map_set(map, text_of(name), (void *)record);
			names = mix(names, name);
		}
		names = mix(names, kinds[k].resource);
	}
	for (size_t i = 0; device_groups[i]; i++) {
		if (map_get(reader->groups, text_of(device_groups[i])) || !has_device_group(reader, i))
			continue;
		map_set(reader->groups, text_of(device_groups[i]), reader);
		names = mix(names, device_groups[i]);
	}
	reader->names = read_own_aliases(reader, mix_gateways(reader, names));
}

/* The ports that stay reachable, and that of the secure shell where it is another. */
static void
read_management_ports(struct filter_reader *reader)
{
	static const uint16_t usual_ports[] = { 22, 80, 443 };
	const struct record  *shell = snapshot_single(reader->snapshot, "system.ssh");
	const bool            is_told = reader->live && reader->live->nmanagement_ports > 0;
	const uint16_t       *ports = is_told ? reader->live->management_ports : usual_ports;
	const size_t          n = is_told ? reader->live->nmanagement_ports : COUNT(usual_ports);
	uint16_t             *all = ARENA_MAKE(reader->once, uint16_t, n + 1);
	int64_t               port = 0;
	bool                  is_known = !record_bool(shell, "enable") ||
		!number_read(record_text(shell, "port"), 1, UINT16_MAX, &port);

	for (size_t i = 0; i < n; i++) {
		all[i] = ports[i];
		is_known |= ports[i] == port;
	}
	all[n] = (uint16_t)port;
	reader->filter.management_ports = all;
	reader->filter.nmanagement_ports = is_known ? n : n + 1;
}

const struct filter *
filter_read(struct filter_reader *reader, const struct snapshot *snapshot, const struct facts *facts,
            const struct filter_live *live)
{
	arena_reset(reader->once);
	reader->round++;
	reader->snapshot = snapshot;
	reader->facts = facts;
	reader->live = live;
	reader->filter = (struct filter){
		.log_default_block = true,
		.log_group = FILTER_LOG_GROUP,
		.lacks_synproxy = live && live->lacks_synproxy,
		.lacks_timeouts = live && live->lacks_timeouts,
		.shaper = live ? live->shaper : NULL,
	};
	read_management_ports(reader);
	read_known_names(reader);
	read_interfaces(reader);
	read_gateways(reader);
	read_aliases(reader);
	read_rules(reader);
	read_nat(reader);
	read_zones(reader);
	return &reader->filter;
}
