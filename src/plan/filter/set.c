/*
 * The sets rules refer to. A want is made once per cache and name; its elements again when what
 * they come from has changed. Sets of single addresses are hashed, those with ranges are
 * intervals, merged here so that the kernel need not.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "plan/filter/build.h"
#include "plan/filter/cache.h"
#include "plan/filter/span.h"

static void
note(struct build *build, struct want *want)
{
	for (size_t i = 0; i < build->nwants; i++)
		if (build->wants[i] == want)
			return;
	if (build->nwants == build->wants_room) {
		build->wants_room = build->wants_room ? build->wants_room * 2 : 64;
		build->wants = realloc(build->wants, build->wants_room * sizeof(struct want *));
		BUG_IF(!build->wants, "out of memory");
	}
	build->wants[build->nwants++] = want;
}

/* The want of that name; a new one when there is none, for the caller to fill. */
static struct want *
find(struct build *build, const char *name, bool *is_new)
{
	struct want *want = map_get(build->cache->wants, text_of(name));

	*is_new = !want;
	if (!want) {
		want = ARENA_MAKE(build->keep, struct want, 1);
		want->name = arena_copy(build->keep, text_of(name));
		want->next = build->cache->all_wants;
		build->cache->all_wants = want;
		map_set(build->cache->wants, text_of(want->name), want);
	}
	note(build, want);
	return want;
}

static char
family_digit(enum set_type type)
{
	return type == SET_IPV6 ? '6' : '4';
}

/* Names that cannot be part of a set's name stand for themselves as a number; nothing is in such sets. */
static const char *
plain(struct build *build, const char *name)
{
	if (step_name_is_valid(text_of(name)) && strlen(name) <= 64)
		return name;
	return arena_print(build->once, "x%016llx", (unsigned long long)ruleset_mix_string(0, name));
}

const char *
want_alias(struct build *build, const char *name, enum set_type type)
{
	const struct alias_info *info = build_alias(build, name);
	const bool               dynamic = info && info->alias->dynamic;
	const bool               interval = dynamic ? !info->single
						    : info && (type == SET_IPV6 ? info->interval6 : info->interval4);
	const bool               address = type == SET_IPV4 || type == SET_IPV6;
	char                     full[STEP_NAME_MAX];
	bool                     is_new;

	if (address)
		snprintf(full, sizeof(full), "a_%s_%c%s", plain(build, name), family_digit(type), interval ? "n" : "");
	else
		snprintf(full, sizeof(full), "%c_%s%s", type == SET_PORT ? 'p' : 'm', plain(build, name), interval ? "_n" : "");
	struct want *want = find(build, full, &is_new);

	if (is_new) {
		want->kind = WANT_ALIAS;
		want->type = type;
		want->of = arena_copy(build->keep, text_of(name));
		want->interval = interval;
		want->dynamic = dynamic;
		want->counted = dynamic && info->single;
		want->timeout = want->dynamic ? info->alias->timeout : 0;
		want->size = want->dynamic ? 1000000 : 0;
	}
	return want->name;
}

void
want_dynamic(struct build *build)
{
	const struct filter *filter = build->filter;

	for (size_t i = 0; i < filter->naliases; i++) {
		if (!filter->aliases[i]->dynamic || filter->aliases[i]->kind != ALIAS_ADDRESSES)
			continue;
		build->nwants = 0;
		want_alias(build, filter->aliases[i]->name, SET_IPV4);
		want_alias(build, filter->aliases[i]->name, SET_IPV6);
		want_use(build, build->wants, build->nwants);
	}
	build->nwants = 0;
}

const char *
want_interface(struct build *build, enum want_kind kind, const char *name, enum set_type type)
{
	char full[STEP_NAME_MAX];
	bool is_new;

	snprintf(full, sizeof(full), "%s_%s_%c", kind == WANT_INTERFACE ? "net" : "addr", plain(build, name),
		 family_digit(type));
	struct want *want = find(build, full, &is_new);

	if (is_new) {
		want->kind = kind;
		want->type = type;
		want->of = arena_copy(build->keep, text_of(name));
		want->interval = kind == WANT_INTERFACE;
	}
	return want->name;
}

static uint64_t
hash_nets(const struct nets *nets)
{
	uint64_t hash = nets->count;

	for (size_t i = 0; i < nets->count; i++) {
		const struct net *net = &nets->list[i];

		hash = ruleset_mix(hash, net->kind);
		if (net->kind == NET_PREFIX)
			hash = ruleset_mix_bytes(ruleset_mix(hash, net->prefix.bits << 8 | net->prefix.address.family),
						 (struct text){ (const char *)net->prefix.address.bytes, 16 });
		else if (net->kind != NET_SELF)
			hash = ruleset_mix_string(hash, net->name);
	}
	return hash;
}

const char *
want_union(struct build *build, const struct nets *nets, enum set_type type)
{
	char full[STEP_NAME_MAX];
	bool is_new;

	snprintf(full, sizeof(full), "l_%016llx_%c", (unsigned long long)hash_nets(nets), family_digit(type));
	struct want *want = find(build, full, &is_new);

	if (!is_new)
		return want->name;
	struct net *copy = ARENA_MAKE(build->keep, struct net, nets->count);

	for (size_t i = 0; i < nets->count; i++) {
		copy[i] = nets->list[i];
		if (copy[i].name)
			copy[i].name = arena_copy(build->keep, text_of(copy[i].name));
	}
	want->kind = WANT_UNION;
	want->type = type;
	want->interval = true;
	want->nets = (struct nets){ copy, nets->count };
	return want->name;
}

const char *
want_devices(struct build *build, const char *const *devices, size_t count)
{
	uint64_t hash = count;
	char     full[STEP_NAME_MAX];
	bool     is_new;

	for (size_t i = 0; i < count; i++)
		hash = ruleset_mix_string(hash, devices[i]);
	snprintf(full, sizeof(full), "d_%016llx", (unsigned long long)hash);
	struct want *want = find(build, full, &is_new);

	if (!is_new)
		return want->name;
	const char **copy = ARENA_MAKE(build->keep, const char *, count);

	for (size_t i = 0; i < count; i++)
		copy[i] = arena_copy(build->keep, text_of(devices[i]));
	want->kind = WANT_DEVICES;
	want->type = SET_DEVICE;
	want->devices = copy;
	want->ndevices = count;
	return want->name;
}

static const char *
want_plain(struct build *build, const char *name, enum want_kind kind, enum set_type type)
{
	bool         is_new;
	struct want *want = find(build, name, &is_new);

	if (is_new) {
		want->kind = kind;
		want->type = type;
	}
	return want->name;
}

const char *
want_protocols(struct build *build)
{
	return want_plain(build, "tcp_udp", WANT_PROTOCOLS, SET_PROTOCOL);
}

const char *
want_icmp(struct build *build, const struct icmp_types *types, enum set_type type)
{
	const struct text bytes = { (const char *)types->bits, sizeof(types->bits) };
	char              full[STEP_NAME_MAX];

	snprintf(full, sizeof(full), "t_%016llx_%c", (unsigned long long)ruleset_mix_bytes(0, bytes),
		 type == SET_ICMP ? '4' : '6');
	const char *name = want_plain(build, full, WANT_ICMP, type);

	((struct want *)map_get(build->cache->wants, text_of(name)))->icmp = *types;
	return name;
}

const char *
want_inner(struct build *build)
{
	const char *name = want_plain(build, "inner_4", WANT_INNER, SET_IPV4);

	((struct want *)map_get(build->cache->wants, text_of(name)))->interval = true;
	return name;
}

const char *
want_counted(struct build *build, const char *name, enum set_type type, uint32_t timeout, uint32_t size)
{
	bool         is_new;
	struct want *want = find(build, name, &is_new);

	if (is_new) {
		want->kind = WANT_COUNTED;
		want->type = type;
		want->dynamic = want->counted = true;
		want->timeout = timeout;
		want->size = size;
	}
	return want->name;
}

/* --- Content --------------------------------------------------------------------------- */

static void
add_prefix(struct spans *spans, const struct prefix *prefix)
{
	const struct address first = prefix_first(prefix), last = prefix_last(prefix);

	if (address_bits(prefix->address.family) / 8 == spans->size)
		spans_add(spans, first.bytes, last.bytes);
}

static void
add_alias(struct spans *spans, const struct filter_alias *alias, enum set_type type)
{
	if (alias->dynamic)
		return;
	for (size_t i = 0; type == SET_PORT && i < alias->nports; i++) {
		const struct port_range *r = &alias->ports[i];

		if (r->first > r->last)
			continue;
		const uint8_t            first[2] = { (uint8_t)(r->first >> 8), (uint8_t)r->first };
		const uint8_t            last[2] = { (uint8_t)(r->last >> 8), (uint8_t)r->last };

		spans_add(spans, first, last);
	}
	for (size_t i = 0; type == SET_MAC && i < alias->nmacs; i++)
		spans_add(spans, alias->macs[i].first.bytes, alias->macs[i].last.bytes);
	for (size_t i = 0; (type == SET_IPV4 || type == SET_IPV6) && i < alias->nranges; i++)
		if (alias->ranges[i].first.family == (type == SET_IPV4 ? FAMILY_INET : FAMILY_INET6) &&
		    address_compare(&alias->ranges[i].first, &alias->ranges[i].last) <= 0 &&
		    alias->ranges[i].first.family == alias->ranges[i].last.family)
			spans_add(spans, alias->ranges[i].first.bytes, alias->ranges[i].last.bytes);
}

static void
add_interface(struct spans *spans, const struct filter_interface *interface, bool network)
{
	for (size_t i = 0; interface && i < interface->naddresses; i++) {
		struct prefix prefix = interface->addresses[i].prefix;

		if (!network)
			prefix.bits = address_bits(prefix.address.family);
		add_prefix(spans, &prefix);
	}
}

static void
add_union(struct build *build, struct spans *spans, const struct want *want)
{
	for (size_t i = 0; i < want->nets.count; i++) {
		const struct net *net = &want->nets.list[i];

		if (net->kind == NET_PREFIX)
			add_prefix(spans, &net->prefix);
		else if (net->kind == NET_ALIAS && build_alias(build, net->name))
			add_alias(spans, build_alias(build, net->name)->alias, want->type);
		else if (net->kind != NET_SELF)
			add_interface(spans, build_interface(build, net->name), net->kind == NET_INTERFACE);
	}
}

static void
add_numbers(struct spans *spans, const struct want *want)
{
	static const uint8_t tcp = 6, udp = 17;

	if (want->kind == WANT_PROTOCOLS) {
		spans_add(spans, &tcp, &tcp);
		spans_add(spans, &udp, &udp);
	}
	for (unsigned i = 0; want->kind == WANT_ICMP && i < 256; i++) {
		const uint8_t byte = (uint8_t)i;

		if (want->icmp.bits[i / 64] >> (i % 64) & 1)
			spans_add(spans, &byte, &byte);
	}
	for (size_t i = 0; want->kind == WANT_DEVICES && i < want->ndevices; i++) {
		uint8_t name[16] = { 0 };

		memcpy(name, want->devices[i], strnlen(want->devices[i], 15));
		spans_add(spans, name, name);
	}
}

static void
gather(struct build *build, struct spans *spans, const struct want *want)
{
	const struct filter *filter = build->filter;

	switch (want->kind) {
	case WANT_ALIAS:
		if (build_alias(build, want->of))
			add_alias(spans, build_alias(build, want->of)->alias, want->type);
		break;
	case WANT_INTERFACE:
	case WANT_INTERFACE_ADDRESS:
		add_interface(spans, build_interface(build, want->of), want->kind == WANT_INTERFACE);
		break;
	case WANT_UNION:
		add_union(build, spans, want);
		break;
	case WANT_INNER:
		for (size_t i = 0; i < filter->ninterfaces; i++)
			if (!filter->interfaces[i].is_wan)
				add_interface(spans, &filter->interfaces[i], true);
		break;
	case WANT_DEVICES:
	case WANT_PROTOCOLS:
	case WANT_ICMP:
		add_numbers(spans, want);
		break;
	case WANT_COUNTED:
		break;
	}
}

static uint64_t
hash_want(const struct want *want)
{
	uint64_t hash = want->type | want->interval << 8 | want->dynamic << 9 | want->counted << 10;

	hash = ruleset_mix(hash, (uint64_t)want->timeout << 32 | want->size);
	return ruleset_mix_bytes(hash, (struct text){ want->elements, want->len });
}

static void
make_elements(struct build *build, struct want *want)
{
	struct spans   spans = { .size = set_key_size(want->type) };
	const unsigned size = spans.size;

	gather(build, &spans, want);
	spans_merge(&spans, want->interval);
	want->count = spans.count;
	want->len = spans.count * size * (want->interval ? 2 : 1);
	want->elements = realloc(want->elements, want->len + 1);
	BUG_IF(!want->elements, "out of memory");
	spans_write(&spans, want->interval, want->elements);
	free(spans.list);
	want->hash = hash_want(want);
}

/* What the content comes from, as a number; 0 when that is not known. */
static uint64_t
stamp_of(struct build *build, const struct want *want)
{
	switch (want->kind) {
	case WANT_ALIAS: {
		const struct alias_info *info = build_alias(build, want->of);

		return info ? info->stamp : 1;
	}
	case WANT_DEVICES:
	case WANT_PROTOCOLS:
	case WANT_ICMP:
	case WANT_COUNTED:
		return 1;
	default:
		return 0;
	}
}

void
want_use(struct build *build, struct want *const *wants, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (wants[i]->round == build->round)
			continue;
		wants[i]->round = build->round;
		build->cache->used[build->cache->nused++] = wants[i];
		if (build->cache->nused < build->cache->used_room)
			continue;
		build->cache->used_room *= 2;
		build->cache->used = realloc(build->cache->used, build->cache->used_room * sizeof(struct want *));
		BUG_IF(!build->cache->used, "out of memory");
	}
}

void
want_fill(struct build *build)
{
	struct filter_cache *cache = build->cache;
	struct ruleset_set  *sets = ARENA_MAKE(build->once, struct ruleset_set, cache->nused + build->nmaps);

	for (size_t i = 0; i < cache->nused; i++) {
		struct want   *want = cache->used[i];
		const uint64_t stamp = stamp_of(build, want);

		if (stamp == 0 || stamp != want->stamp)
			make_elements(build, want);
		want->stamp = stamp;
		sets[i] = (struct ruleset_set){
			.name = want->name, .type = want->type, .interval = want->interval,
			.dynamic = want->dynamic, .counted = want->counted, .timeout = want->timeout,
			.size = want->size, .hash = want->hash, .count = want->count,
			.elements = { want->elements, want->len },
		};
	}
	if (build->nmaps > 0)
		memcpy(sets + cache->nused, build->maps, build->nmaps * sizeof(*sets));
	build->out->sets = sets;
	build->out->nsets = cache->nused + build->nmaps;
}

void
want_look(struct alias_info *info)
{
	const struct filter_alias *alias = info->alias;

	info->interval4 = info->interval6 = false;
	for (size_t i = 0; i < alias->nranges; i++) {
		const struct address_range *range = &alias->ranges[i];

		if (address_compare(&range->first, &range->last) == 0)
			continue;
		info->interval4 |= range->first.family == FAMILY_INET;
		info->interval6 |= range->first.family == FAMILY_INET6;
	}
	for (size_t i = 0; i < alias->nports; i++)
		info->interval4 |= alias->ports[i].first != alias->ports[i].last;
	for (size_t i = 0; i < alias->nmacs; i++)
		info->interval4 |= memcmp(&alias->macs[i].first, &alias->macs[i].last, sizeof(struct mac)) != 0;
}
