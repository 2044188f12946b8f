/*
 * Translation: destinations before the filter, sources after it. First match wins, as in pf; each
 * interface has its own chain behind a verdict map.
 */
#include "plan/filter/nat.h"

#include <string.h>

#include "base/bug.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17 };
enum { PRIORITY_DESTINATION = -100, PRIORITY_SOURCE = 100 };

static const struct nets any;

void
translation_start(struct translation *t, struct build *build, const char *uuid)
{
	*t = (struct translation){ .build = build, .uuid = uuid, .index = build_index(build, uuid),
				   .protocol = PROTOCOL_ANY };
	build->out->counters[t->index / 64] |= 1ULL << (t->index % 64);
}

static void
add_tail(struct line *line, const struct translation *t)
{
	char counter[16], prefix[STEP_NAME_MAX + 1];

	if (t->has_pick)
		line_add(line, &t->pick);
	snprintf(counter, sizeof(counter), "r%u", t->index);
	line_add(line, &(struct step){ .kind = STEP_COUNTER, .name = text_of(counter) });
	snprintf(prefix, sizeof(prefix), "%u:nat:%s:%s", t->index, t->last.nat == NAT_DESTINATION ? "in" : "out", t->uuid);
	if (t->log)
		line_add(line, &(struct step){ .kind = STEP_LOG, .name = text_of(prefix),
					       .number = line->build->filter->log_group });
	if (t->set_tag)
		line_add(line, &(struct step){ .kind = STEP_LABEL, .number = build_tag(line->build, t->set_tag) });
	if (t->pass) {
		struct step mark = { .kind = STEP_SET, .key = KEY_CT_MARK };

		step_put_number(KEY_CT_MARK, mark.value, t->index);
		line_add(line, &mark);
	}
	line_add(line, &t->last);
	line_add(line, &(struct step){ .kind = STEP_COMMENT, .name = text_of(t->uuid) });
}

static void
add_match(struct line *line, const struct translation *t, const struct term *source, const struct term *destination)
{
	if (t->hairpin) {
		struct step status = { .kind = STEP_MATCH, .key = KEY_CT_STATUS, .compare = COMPARE_NOT, .has_mask = true };

		step_put_number(KEY_CT_STATUS, status.mask, CT_DNAT);
		line_add(line, &status);
	}
	line_protocol(line, t->protocol, t->family);
	if (t->inner)
		line_lookup(line, KEY_IP_SADDR, COMPARE_IS, want_inner(t->build));
	line_term(line, source, true, t->family);
	line_term(line, destination, false, t->family);
	line_ports(line, &t->source_port, KEY_SPORT);
	line_ports(line, &t->destination_port, KEY_DPORT);
	if (t->tagged)
		line_add(line, &(struct step){ .kind = STEP_HAS_LABEL, .number = build_tag(t->build, t->tagged) });
}

/* nft wants to be told one protocol where ports are translated. */
static void
add_each_protocol(const struct translation *t, struct lines *out)
{
	struct translation one = *t;

	one.protocol = PROTO_TCP;
	translation_add(&one, out);
	one.protocol = PROTO_UDP;
	translation_add(&one, out);
}

void
translation_add(const struct translation *t, struct lines *out)
{
	if (t->protocol == PROTOCOL_TCP_UDP) {
		add_each_protocol(t, out);
		return;
	}
	struct term  sources[TERMS_MAX], destinations[TERMS_MAX];
	const size_t nsources = terms_of(t->build, t->source ? t->source : &any, true, t->family, sources);
	const size_t ndestinations = terms_of(t->build, t->destination ? t->destination : &any, false, t->family,
					     destinations);
	struct line  line = { 0 };

	for (size_t i = 0; i < nsources * ndestinations; i++) {
		line_start(&line, t->build);
		add_match(&line, t, &sources[i / ndestinations], &destinations[i % ndestinations]);
		add_tail(&line, t);
		line_end(&line, t->build->once, out);
	}
	buffer_clear(&line.bytes);
}

/* --- Targets --------------------------------------------------------------------------------------- */

struct step
nat_step(enum step_nat kind, const struct target *target, struct port_range port, unsigned flags)
{
	const bool  v4 = target->first.family == FAMILY_INET;
	struct step step = { .kind = STEP_NAT, .nat = kind, .family = target->first.family };

	step.key = kind == NAT_DESTINATION ? v4 ? KEY_IP_DADDR : KEY_IP6_DADDR : v4 ? KEY_IP_SADDR : KEY_IP6_SADDR;
	memcpy(step.value, target->first.bytes, 16);
	memcpy(step.value_to, target->last.bytes, 16);
	step.has_range = address_compare(&target->first, &target->last) != 0;
	step.number = port.first ? (uint32_t)port.first << 16 | port.last : 0;
	step.number2 = flags | (step.has_range && target->is_netmap ? NAT_NETMAP : 0);
	return step;
}

size_t
nat_pool(struct build *build, const char *alias, enum family family, struct target *out)
{
	const struct alias_info *info = build_alias(build, alias);
	size_t                   count = 0;

	for (size_t i = 0; info && !info->alias->dynamic && i < info->alias->nranges; i++) {
		struct address at = info->alias->ranges[i].first;

		if (at.family != family)
			continue;
		do {
			if (count == PICKS_MAX)
				return count;
			out[count++] = (struct target){ at, at };
		} while (address_compare(&at, &info->alias->ranges[i].last) < 0 && address_next(&at));
	}
	return count;
}

static enum step_pick
pick_of(enum nat_pool pool, enum family family)
{
	switch (pool) {
	case POOL_RANDOM:
		return PICK_RANDOM;
	case POOL_ROUND_ROBIN_STICKY:
	case POOL_RANDOM_STICKY:
	case POOL_SOURCE_HASH:
		return family == FAMILY_INET ? PICK_SOURCE4 : PICK_SOURCE6;
	default:
		return PICK_IN_TURN;
	}
}

/*
 * One line for each address. By turn or chance, a line only sees what those before it left, so the
 * first of three takes one in three, the second one in two, the last all.
 */
void
translation_add_pool(struct translation *t, enum nat_pool pool, const struct target *targets, size_t count,
		     struct port_range port, unsigned flags, struct lines *out)
{
	const enum step_pick pick = pick_of(pool, t->family);
	const enum step_nat  kind = t->last.nat;
	const bool           by_source = pick == PICK_SOURCE4 || pick == PICK_SOURCE6;

	for (size_t i = 0; i < count; i++) {
		t->has_pick = i + 1 < count;
		t->pick = (struct step){ .kind = STEP_PICK, .pick = pick,
					 .number = (uint32_t)(by_source ? count : count - i),
					 .number2 = (uint32_t)(by_source ? i : 0) };
		t->last = nat_step(kind, &targets[i], port, flags);
		translation_add(t, out);
	}
}

struct target
target_of(const struct prefix *to, const struct prefix *from)
{
	return (struct target){ prefix_first(to), prefix_last(to), from && from->bits == to->bits };
}

bool
nat_internal(struct build *build, const struct nets *nets, enum family family, struct prefix *out)
{
	const struct net *net = nets->count == 1 && !nets->negated ? &nets->list[0] : NULL;

	if (net && net->kind == NET_PREFIX && net->prefix.address.family == family) {
		*out = net->prefix;
		return true;
	}
	const struct filter_interface *interface = net && net->name ? build_interface(build, net->name) : NULL;

	for (size_t i = 0; interface && i < interface->naddresses; i++) {
		if (interface->addresses[i].prefix.address.family != family)
			continue;
		*out = interface->addresses[i].prefix;
		out->bits = net->kind == NET_INTERFACE ? out->bits : address_bits(family);
		return true;
	}
	struct target targets[PICKS_MAX];

	if (!net || net->kind != NET_ALIAS || nat_pool(build, net->name, family, targets) != 1)
		return false;
	*out = (struct prefix){ targets[0].first, address_bits(family) };
	return true;
}

/* --- Hooks --------------------------------------------------------------------------------------------- */

/* What the kernel will wrap keeps its address: the rules of the way out are for what is wrapped already. */
static void
add_wrapped(struct build *build, struct lines *out)
{
	struct line line = { 0 };

	line_start(&line, build);
	line_number(&line, KEY_RT_IPSEC, COMPARE_IS, 1);
	line_verdict(&line, VERDICT_ACCEPT, NULL);
	line_end(&line, build->once, out);
	buffer_clear(&line.bytes);
}

static void
make_hook(struct build *build, bool is_source)
{
	const struct filter  *filter = build->filter;
	struct ruleset_entry *entries = ARENA_MAKE(build->once, struct ruleset_entry, filter->ninterfaces + 1);
	struct lines          walk = { 0 };
	size_t                count = 0;

	for (size_t i = 0; i < filter->ninterfaces; i++) {
		const struct filter_interface *interface = &filter->interfaces[i];
		struct lines                   lines = { 0 };
		char                           name[STEP_NAME_MAX];

		(is_source ? nat_sources : nat_destinations)(build, interface, &lines);
		if (lines.count == 0)
			continue;
		snprintf(name, sizeof(name), "%s_%s", is_source ? "snat" : "dnat", interface->name);
		entries[count] = (struct ruleset_entry){ .verdict = VERDICT_JUMP, .name = build_chain(build, name, &lines) };
		memcpy(entries[count++].key, interface->device, strnlen(interface->device, 15));
	}
	if (is_source && build_ipsec(build))
		add_wrapped(build, &walk);
	if (count > 0)
		build_dispatch(build, is_source ? "v_snat" : "v_dnat", is_source ? KEY_OIFNAME : KEY_IIFNAME, entries, count,
			       &walk);
	build_base(build, &(struct ruleset_chain){ is_source ? "nat_post" : "nat_pre", CHAIN_NAT,
			   is_source ? HOOK_POSTROUTING : HOOK_PREROUTING,
			   is_source ? PRIORITY_SOURCE : PRIORITY_DESTINATION }, &walk);
}

void
nat_compile(struct build *build)
{
	build->nwants = 0;
	make_hook(build, false);
	make_hook(build, true);
	want_use(build, build->wants, build->nwants);
}
