/*
 * Aliases, flattened: names of other aliases and host names are replaced by what they
 * stand for, entries with "!" are taken away from the rest.
 */
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "plan/address_list.h"
#include "plan/filter_reader.h"

#define NESTING_MAX 32
#define MAC_TEXT    17
#define WILD_MAX    16 /* bits of a wildcard that may vary in the middle of an address */

static bool
address_before(struct address *address)
{
	for (size_t i = address_bits(address->family) / 8; i-- > 0;)
		if (address->bytes[i]-- != 0)
			return true;
	return false;
}

/* What is left of the ranges without one. */
static void
subtract(struct arena *arena, struct address_list *ranges, const struct address_range *hole)
{
	const size_t count = ranges->count;

	for (size_t i = 0; i < count; i++) {
		struct address_range range = ranges->ranges[i];
		struct address       below = hole->first, above = hole->last;

		if (range.first.family != hole->first.family || address_compare(&range.last, &hole->first) < 0 ||
		    address_compare(&range.first, &hole->last) > 0)
			continue;
		const bool left = address_compare(&range.first, &hole->first) < 0 && address_before(&below);
		const bool right = address_compare(&range.last, &hole->last) > 0 && address_next(&above);

		if (left)
			ranges->ranges[i].last = below;
		else if (right)
			ranges->ranges[i].first = above;
		else
			ranges->ranges[i].first.family = FAMILY_NONE;
		if (left && right)
			address_list_append(arena, ranges, above, range.last);
	}
}

static void
drop_empty(struct address_list *ranges)
{
	size_t kept = 0;

	for (size_t i = 0; i < ranges->count; i++)
		if (ranges->ranges[i].first.family != FAMILY_NONE)
			ranges->ranges[kept++] = ranges->ranges[i];
	ranges->count = kept;
}

/* --- one alias --------------------------------------------------------------------------------------- */

struct flattening {
	struct filter_reader *reader;
	struct arena         *arena;
	struct address_list   ranges, holes;
	struct port_range    *ports;
	size_t                nports;
	bool                  is_fixed; /* nothing in it depends on other aliases or on the running box */
	unsigned              depth;
};

static void flatten(struct flattening *, const struct record *);

static void
add_interface(struct flattening *flattening, struct text name)
{
	const struct filter *filter = &flattening->reader->filter;

	flattening->is_fixed = false;
	for (size_t i = 0; i < filter->ninterfaces; i++) {
		const struct filter_interface *interface = &filter->interfaces[i];

		for (size_t k = 0; text_is(name, interface->name) && k < interface->naddresses; k++)
			address_list_append(flattening->arena, &flattening->ranges, prefix_first(&interface->addresses[k].prefix),
				  prefix_last(&interface->addresses[k].prefix));
	}
}

static void
add_name(struct flattening *flattening, struct text name)
{
	const struct filter_live *live = flattening->reader->live;
	const struct record      *alias = map_get(flattening->reader->aliases, name);
	size_t                    count = 0;

	flattening->is_fixed = false;
	if (alias) {
		if (flattening->depth++ < NESTING_MAX)
			flatten(flattening, alias);
		flattening->depth--;
		return;
	}
	if (text_starts(name, TEXT("__")) && text_ends(name, TEXT("_network")) && name.len > 10) {
		add_interface(flattening, text_first(text_after(name, 2), name.len - 10));
		return;
	}
	const struct address *found = live && live->resolve
					      ? live->resolve(live->context, arena_copy(flattening->arena, name), &count)
					      : NULL;

	for (size_t i = 0; i < count; i++)
		address_list_append(flattening->arena, &flattening->ranges, found[i], found[i]);
}

/* "::5" stands for a host in each network that the interface is in now. */
static void
add_dynamic_host(struct flattening *flattening, struct text interface, struct text entry)
{
	const struct filter *filter = &flattening->reader->filter;
	struct address       host;

	if (!address_read(entry, &host) || host.family != FAMILY_INET6)
		return;
	for (size_t i = 0; i < filter->ninterfaces; i++)
		for (size_t k = 0; text_is(interface, filter->interfaces[i].name) && k < filter->interfaces[i].naddresses; k++) {
			const struct prefix *prefix = &filter->interfaces[i].addresses[k].prefix;
			struct address       address = prefix_first(prefix);
			const struct address rest = prefix_last(&(struct prefix){ { FAMILY_INET6, { 0 } }, prefix->bits });

			if (prefix->address.family != FAMILY_INET6 || address_is_link_local(&address))
				continue;
			for (size_t b = 0; b < sizeof(host.bytes); b++)
				address.bytes[b] |= host.bytes[b] & rest.bytes[b];
			address_list_append(flattening->arena, &flattening->ranges, address, address);
		}
}

static uint32_t
number_of(const struct address *address)
{
	return (uint32_t)address->bytes[0] << 24 | (uint32_t)address->bytes[1] << 16 | (uint32_t)address->bytes[2] << 8 |
	       address->bytes[3];
}

static struct address
address_of(uint32_t number)
{
	return (struct address){ FAMILY_INET, { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
						(uint8_t)number } };
}

/* "10.0.0.1/0.0.255.0": the bits of the mask may vary. Those at the end make ranges; each combination of the others is one. */
static bool
add_wildcard(struct flattening *flattening, struct text entry)
{
	struct text    rest = entry;
	struct address base, mask;

	if (!address_read(text_until(&rest, '/'), &base) || !address_read(rest, &mask) || base.family != FAMILY_INET ||
	    mask.family != FAMILY_INET)
		return false;
	const uint32_t wild = number_of(&mask), low = wild & ~(wild + 1), middle = wild & ~low;

	if (__builtin_popcount(middle) > WILD_MAX)
		return true;
	for (uint32_t bits = middle;; bits = (bits - 1) & middle) {
		const uint32_t first = (number_of(&base) & ~wild) | bits;

		address_list_append(flattening->arena, &flattening->ranges, address_of(first), address_of(first | low));
		if (bits == 0)
			return true;
	}
}

static void
add_address_entry(struct flattening *flattening, struct text entry)
{
	const struct address_list ranges = flattening->ranges;

	/* What is excluded is gathered in the same way, elsewhere. */
	if (entry.len > 0 && entry.ptr[0] == '!') {
		flattening->ranges = flattening->holes;
		add_address_entry(flattening, text_after(entry, 1));
		flattening->holes = flattening->ranges;
		flattening->ranges = ranges;
		return;
	}
	if (entry.len > 0 && !address_list_add(flattening->arena, &flattening->ranges, entry) && !add_wildcard(flattening, entry))
		add_name(flattening, entry);
}

static void
add_port_entry(struct flattening *flattening, struct text entry)
{
	struct ports ports;

	if (!read_ports(flattening->reader, flattening->arena, entry, &ports))
		return;
	if (ports.kind == PORTS_RANGE) {
		flattening->ports[flattening->nports++] = ports.range;
		return;
	}
	if (ports.kind == PORTS_ALIAS)
		add_name(flattening, entry);
}

static void
flatten(struct flattening *flattening, const struct record *record)
{
	const struct filter_live *live = flattening->reader->live;
	const struct text         type = record_text(record, "type");
	struct text               rest = record_text(record, "content"), entry;
	const bool                is_port = text_is(type, "port");
	size_t                    count = 0;
	uint64_t                  stamp;

	if (is_port) {
		const size_t       room = flattening->nports + rest.len / 2 + 2;
		struct port_range *ports = ARENA_MAKE(flattening->arena, struct port_range, room);

		if (flattening->nports)
			memcpy(ports, flattening->ports, flattening->nports * sizeof(*ports));
		flattening->ports = ports;
	}
	if (is_port || text_is(type, "host") || text_is(type, "network") || text_is(type, "networkgroup"))
		while (text_next(&rest, "\n", &entry)) {
			entry = text_trim(entry);
			if (entry.len == 0)
				continue;
			if (is_port)
				add_port_entry(flattening, entry);
			else
				add_address_entry(flattening, entry);
		}
	else
		flattening->is_fixed = false;
	while (text_is(type, "dynipv6host") && text_next(&rest, "\n", &entry))
		add_dynamic_host(flattening, record_text(record, "interface"), text_trim(entry));
	if (!live || !live->ranges)
		return;
	const struct address_range *more = live->ranges(live->context, record_get(record, "name"), &count, &stamp);

	for (size_t i = 0; i < count; i++)
		address_list_append(flattening->arena, &flattening->ranges, more[i].first, more[i].last);
	if (count > 0)
		flattening->is_fixed = false;
}

/* Six octets, or fewer that addresses begin with. */
static bool
read_mac(struct text entry, struct mac_range *out)
{
	char     copy[MAC_TEXT + 1] = "";
	unsigned b[6];

	if (entry.len < 2 || entry.len > MAC_TEXT)
		return false;
	memcpy(copy, entry.ptr, entry.len);
	const int given = sscanf(copy, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]);

	for (int i = 0; i < 6; i++) {
		out->first.bytes[i] = i < given ? (uint8_t)b[i] : 0;
		out->last.bytes[i] = i < given ? (uint8_t)b[i] : 0xff;
	}
	return given > 0;
}

size_t
read_macs(struct arena *arena, struct text rest, const struct mac_range **out)
{
	struct mac_range *macs = ARENA_MAKE(arena, struct mac_range, rest.len / 3 + 1);
	size_t            count = 0;
	struct text       entry;

	while (text_next(&rest, "\n", &entry))
		count += read_mac(text_trim(entry), &macs[count]);
	*out = macs;
	return count;
}

/* A stamp for content that has to be made anew each time: the content itself, hashed. */
uint64_t
alias_stamp(const struct filter_alias *alias)
{
	const struct text parts[] = {
		{ (const char *)alias->ranges, alias->nranges * sizeof(*alias->ranges) },
		{ (const char *)alias->ports, alias->nports * sizeof(*alias->ports) },
	};

	return (text_hash(parts[0]) * 31 + text_hash(parts[1])) | 1ULL << 63;
}

/* What of an alias nobody can fill. */
static const char *
note_on(struct text type)
{
	if (text_is(type, "asn"))
		return "nobody says which networks an autonomous system announces: the alias is empty";
	if (text_is(type, "authgroup"))
		return "who is logged in by OpenVPN is not known: the alias is empty";
	return NULL;
}

static void *
make_alias(struct filter_reader *reader, struct arena *arena, const struct record *record)
{
	struct filter_alias *alias = ARENA_MAKE(arena, struct filter_alias, 1);
	const struct text    type = record_text(record, "type");
	struct flattening    flattening = { .reader = reader,
					    .arena = arena,
					    .is_fixed = true };

	alias->name = record_get(record, "name");
	alias->uuid = record->uuid;
	alias->note = note_on(type);
	alias->stamp = fresh_stamp(reader);
	alias->dynamic = text_is(type, "external");
	alias->timeout = (unsigned)record_number(record, "expire", 0);
	alias->kind = text_is(type, "port") ? ALIAS_PORTS : text_is(type, "mac") ? ALIAS_MACS : ALIAS_ADDRESSES;
	if (alias->kind == ALIAS_MACS) {
		alias->nmacs = read_macs(arena, record_text(record, "content"), &alias->macs);
		return alias;
	}
	flatten(&flattening, record);
	for (size_t i = 0; i < flattening.holes.count; i++)
		subtract(arena, &flattening.ranges, &flattening.holes.ranges[i]);
	drop_empty(&flattening.ranges);
	alias->ranges = flattening.ranges.ranges;
	alias->nranges = flattening.ranges.count;
	alias->ports = flattening.ports;
	alias->nports = flattening.nports;
	if (!flattening.is_fixed)
		alias->stamp = alias_stamp(alias);
	return alias;
}

/* Does its content depend on anything but its record? */
static bool
is_fixed(const struct record *record)
{
	const struct text type = record_text(record, "type");
	struct text       rest = record_text(record, "content"), entry;
	struct prefix     prefix;

	if (text_is(type, "mac") || text_is(type, "external"))
		return true;
	if (!text_is(type, "host") && !text_is(type, "network") && !text_is(type, "port"))
		return false;
	while (text_next(&rest, "\n", &entry)) {
		if (text_is(type, "port") && entry.len > 0 && entry.ptr[0] >= '0' && entry.ptr[0] <= '9')
			continue;
		if (!prefix_read(entry, &prefix))
			return false;
	}
	return true;
}

/* --- the box's own ------------------------------------------------------------------------------------ */

/* Networks nobody may come from, for as long as no list was fetched: special purposes (RFC 6890). */
static const char *const bogons[] = {
	"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", NULL
};
static const char *const bogons6[] = { "2001:db8::/32", "2001:10::/28", "3fff::/20", "fec0::/10", NULL };

static void
add_bogons(struct flattening *flattening, const char *const *list)
{
	for (; *list; list++)
		address_list_add(flattening->arena, &flattening->ranges, text_of(*list));
}

/* Tables that nobody wrote: those that are filled at run time, and the networks of interfaces. */
static const struct filter_alias *
make_own(struct filter_reader *reader, const struct record *record)
{
	struct filter_alias *alias = ARENA_MAKE(reader->once, struct filter_alias, 1);
	struct flattening    flattening = { .reader = reader, .arena = reader->once };
	const struct text    name = record_text(record, "name");

	alias->name = record_get(record, "name");
	flatten(&flattening, record);
	if (text_is(name, "bogons") || text_is(name, "bogonsv6")) {
		if (flattening.ranges.count == 0)
			add_bogons(&flattening, text_is(name, "bogons") ? bogons : bogons6);
	} else if (text_is(record_text(record, "type"), "external")) {
		alias->dynamic = alias->single = true;
		alias->timeout = (unsigned)record_number(record, "expire", 0);
	} else {
		add_name(&flattening, name);
	}
	alias->ranges = flattening.ranges.ranges;
	alias->nranges = flattening.ranges.count;
	alias->stamp = alias_stamp(alias);
	return alias;
}

void
read_aliases(struct filter_reader *reader)
{
	const struct collection    *aliases = snapshot_named(reader->snapshot, "firewall.alias");
	const size_t                count = collection_count(aliases);
	const struct filter_alias **list = ARENA_MAKE(reader->once, const struct filter_alias *, count + reader->nown + 1);
	size_t                      used = 0;
	const uint64_t              names = reader->names;

	/* A fixed one is remembered whatever else there is. */
	reader->names = 0;
	struct reading reading = reading_begin(reader, "firewall.alias", count);

	for (size_t i = 0; i < count; i++) {
		const struct record *record = collection_at(aliases, i);

		if (!record_bool(record, "enabled"))
			continue;
		list[used++] = reading_knows(&reading, record) || is_fixed(record) ? reading_one(&reading, record, make_alias)
						: make_alias(reader, reader->once, record);
	}
	reading_end(&reading);
	reader->names = names;
	for (size_t i = 0; i < reader->nown; i++)
		list[used++] = make_own(reader, reader->own[i]);
	reader->filter.aliases = list;
	reader->filter.naliases = used;
}
