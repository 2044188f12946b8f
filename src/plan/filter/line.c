/* Lines of steps, and the matches that rules and translations have in common. */
#include <net/if_arp.h>
#include <string.h>

#include "base/bug.h"
#include "plan/filter/build.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17 };

void
line_start(struct line *line, struct build *build)
{
	line->build = build;
	buffer_cut(&line->bytes, 0);
}

void
line_add(struct line *line, const struct step *step)
{
	step_add(&line->bytes, step);
}

void
line_number(struct line *line, enum step_key key, enum step_compare compare, uint32_t number)
{
	struct step step = { .kind = STEP_MATCH, .key = key, .compare = compare };

	step_put_number(key, step.value, number);
	line_add(line, &step);
}

void
line_masked(struct line *line, enum step_key key, uint32_t mask, uint32_t number)
{
	struct step step = { .kind = STEP_MATCH, .key = key, .has_mask = true };

	step_put_number(key, step.mask, mask);
	step_put_number(key, step.value, number);
	line_add(line, &step);
}

void
line_bits(struct line *line, enum step_key key, uint32_t bits)
{
	struct step step = { .kind = STEP_MATCH, .key = key, .compare = COMPARE_NOT, .has_mask = true };

	step_put_number(key, step.mask, bits);
	line_add(line, &step);
}

void
line_device(struct line *line, enum step_key key, enum step_compare compare, const char *device)
{
	struct step step = { .kind = STEP_MATCH, .key = key, .compare = compare };

	memcpy(step.value, device, strnlen(device, 15));
	line_add(line, &step);
}

void
line_prefix(struct line *line, enum step_key key, enum step_compare compare, const struct prefix *prefix)
{
	struct step          step = { .kind = STEP_MATCH, .key = key, .compare = compare };
	const struct address first = prefix_first(prefix);
	const unsigned       all = address_bits(prefix->address.family);

	memcpy(step.value, first.bytes, all / 8);
	step.has_mask = prefix->bits < all;
	for (unsigned bit = 0; bit < prefix->bits; bit++)
		step.mask[bit / 8] |= (uint8_t)(0x80 >> (bit % 8));
	line_add(line, &step);
}

void
line_lookup(struct line *line, enum step_key key, enum step_compare compare, const char *set)
{
	line_add(line, &(struct step){ .kind = STEP_LOOKUP, .key = key, .compare = compare, .name = text_of(set) });
}

void
line_verdict(struct line *line, enum step_verdict verdict, const char *chain)
{
	line_add(line, &(struct step){ .kind = STEP_VERDICT, .verdict = verdict, .name = text_of(chain) });
}

void
lines_add(struct arena *arena, struct lines *lines, struct text text)
{
	/* Room is a power of two: full whenever the count is one. */
	if ((lines->count & (lines->count - 1)) == 0) {
		struct text *more = ARENA_MAKE(arena, struct text, lines->count ? lines->count * 2 : 1);

		if (lines->count > 0)
			memcpy(more, lines->list, lines->count * sizeof(*more));
		lines->list = more;
	}
	lines->list[lines->count++] = text;
}

void
line_end(struct line *line, struct arena *arena, struct lines *lines)
{
	const struct text text = buffer_text(&line->bytes);

	lines_add(arena, lines, (struct text){ arena_copy(arena, text), text.len });
}

int
protocol_in(int protocol, enum family family)
{
	return protocol == PROTOCOL_ICMP && family == FAMILY_INET6 ? PROTOCOL_ICMP6 : protocol;
}

void
line_protocol(struct line *line, int protocol, enum family family)
{
	if (family != FAMILY_NONE)
		line_number(line, KEY_NFPROTO, COMPARE_IS, family == FAMILY_INET ? 2 : 10);
	if (protocol == PROTOCOL_TCP_UDP)
		line_lookup(line, KEY_L4PROTO, COMPARE_IS, want_protocols(line->build));
	else if (protocol != PROTOCOL_ANY)
		line_number(line, KEY_L4PROTO, COMPARE_IS, (uint32_t)protocol_in(protocol, family));
}

void
line_ports(struct line *line, const struct ports *ports, enum step_key key)
{
	struct step step = { .kind = STEP_MATCH, .key = key };

	switch (ports->kind) {
	case PORTS_ANY:
		return;
	case PORTS_ALIAS:
		line_lookup(line, key, COMPARE_IS, want_alias(line->build, ports->alias, SET_PORT));
		return;
	case PORTS_RANGE:
		step_put_number(key, step.value, ports->range.first);
		step_put_number(key, step.value_to, ports->range.last);
		step.has_range = ports->range.first != ports->range.last;
		line_add(line, &step);
	}
}

static enum step_key
address_key(bool is_source, enum family family)
{
	if (family == FAMILY_INET)
		return is_source ? KEY_IP_SADDR : KEY_IP_DADDR;
	return is_source ? KEY_IP6_SADDR : KEY_IP6_DADDR;
}

static void
add_term(struct line *line, const struct term *term, bool is_source, enum family family)
{
	const enum step_compare compare = term->negated ? COMPARE_NOT : COMPARE_IS;

	switch (term->kind) {
	case TERM_ANY:
		return;
	case TERM_SELF:
		line_number(line, is_source ? KEY_FIB_SADDR : KEY_FIB_DADDR, compare, 2);
		return;
	case TERM_PREFIX:
		line_prefix(line, address_key(is_source, family), compare, &term->prefix);
		return;
	case TERM_SET:
		line_lookup(line, address_key(is_source, family), compare, term->set);
		return;
	case TERM_MAC:
		line_number(line, KEY_IIFTYPE, COMPARE_IS, ARPHRD_ETHER);
		line_lookup(line, KEY_ETHER_SADDR, compare, term->set);
		return;
	case TERM_NO_MAC:
		line_number(line, KEY_IIFTYPE, COMPARE_NOT, ARPHRD_ETHER);
	}
}

void
line_term(struct line *line, const struct term *term, bool is_source, enum family family)
{
	for (; term; term = term->also)
		add_term(line, term, is_source, family);
}

static bool
is_mac(const struct build *build, const struct net *net)
{
	const struct alias_info *info = net->kind == NET_ALIAS ? build_alias(build, net->name) : NULL;

	return info && info->alias->kind == ALIAS_MACS;
}

/* A list of MAC addresses is matched by the Ethernet source; as a destination it matches nothing. */
static bool
term_of(struct build *build, const struct net *net, bool is_source, enum family family, struct term *out)
{
	const enum set_type type = family == FAMILY_INET ? SET_IPV4 : SET_IPV6;

	if (is_mac(build, net)) {
		out->kind = TERM_MAC;
		out->set = want_alias(build, net->name, SET_MAC);
		return is_source;
	}

	switch (net->kind) {
	case NET_PREFIX:
		out->kind = TERM_PREFIX;
		out->prefix = net->prefix;
		return net->prefix.address.family == family;
	case NET_ALIAS:
		out->kind = TERM_SET;
		out->set = want_alias(build, net->name, type);
		return true;
	case NET_INTERFACE:
	case NET_INTERFACE_ADDRESS:
		out->kind = TERM_SET;
		out->set = want_interface(build, net->kind == NET_INTERFACE ? WANT_INTERFACE : WANT_INTERFACE_ADDRESS,
					  net->name, type);
		return true;
	case NET_SELF:
		out->kind = TERM_SELF;
		return true;
	}
	return false;
}

static bool
needs_own_term(const struct build *build, const struct net *net)
{
	const struct alias_info *info = net->kind == NET_ALIAS ? build_alias(build, net->name) : NULL;

	return net->kind == NET_SELF || (info && (info->alias->dynamic || info->alias->kind == ALIAS_MACS));
}

static struct term
join(struct build *build, const struct term *terms, size_t count)
{
	struct term *copy = ARENA_MAKE(build->lines ? build->lines : build->once, struct term, count);

	memcpy(copy, terms, count * sizeof(*copy));
	for (size_t i = 0; i < count; i++) {
		copy[i].negated = true;
		copy[i].also = i + 1 < count ? &copy[i + 1] : NULL;
	}
	return count > 0 ? copy[0] : (struct term){ TERM_ANY };
}

/*
 * None of them: all in one line, one after the other. What comes by a link without Ethernet addresses has none of them
 * either, and gets a line of its own.
 */
static size_t
join_negated(struct build *build, struct term *terms, size_t count)
{
	const struct term all = join(build, terms, count);
	bool              has_mac = false;

	for (size_t i = 0; i < count; i++)
		if (terms[i].kind == TERM_MAC) {
			terms[i].kind = TERM_NO_MAC;
			has_mac = true;
		}
	if (has_mac)
		terms[1] = join(build, terms, count);
	terms[0] = all;
	return has_mac ? 2 : 1;
}

/*
 * One network is one term. Of several, those whose content we know are joined into one set, and
 * the others are terms of their own. Not of this family: no term, unless it is negated, when it
 * excludes nothing.
 */
size_t
terms_of(struct build *build, const struct nets *nets, bool is_source, enum family family, struct term *out)
{
	size_t count = 0, joined = 0;

	if (nets->count == 0) {
		out[0] = (struct term){ TERM_ANY };
		return 1;
	}
	for (size_t i = 0; i < nets->count; i++) {
		if (nets->count > 1 && !needs_own_term(build, &nets->list[i])) {
			joined++;
		} else if (count < TERMS_MAX - 2) {
			out[count] = (struct term){ TERM_ANY };
			count += term_of(build, &nets->list[i], is_source, family, &out[count]);
		}
	}
	if (joined > 0)
		out[count++] = (struct term){ .kind = TERM_SET,
			.set = want_union(build, nets, family == FAMILY_INET ? SET_IPV4 : SET_IPV6) };
	return nets->negated ? join_negated(build, out, count) : count;
}
