/* Rules of the shaper: who is sent into which pipe or queue. */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/shaper/making.h"

#define FLAG_ACK 0x10

/* --- Fields ----------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char      *word;
	enum rule_family family;
	int              protocol;
} protocols[] = {
	{ "ip", RULE_INET46, PROTOCOL_ANY }, { "ip4", RULE_INET, PROTOCOL_ANY }, { "ip6", RULE_INET6, PROTOCOL_ANY },
	{ "udp", RULE_INET46, 17 }, { "tcp", RULE_INET46, 6 }, { "tcp_ack", RULE_INET46, 6 }, { "tcp_ack_not", RULE_INET46, 6 },
	{ "icmp", RULE_INET, PROTOCOL_ICMP }, { "ipv6-icmp", RULE_INET6, PROTOCOL_ICMP6 }, { "igmp", RULE_INET, 2 },
	{ "esp", RULE_INET46, 50 }, { "ah", RULE_INET46, 51 }, { "gre", RULE_INET46, 47 },
};
static const struct {
	const char *word;
	int         dscp;
} classes[] = {
	{ "be", 0 }, { "ef", 46 }, { "af11", 10 }, { "af12", 12 }, { "af13", 14 }, { "af21", 18 }, { "af22", 20 }, { "af23", 22 },
	{ "af31", 26 }, { "af32", 28 }, { "af33", 30 }, { "af41", 34 }, { "af42", 36 }, { "af43", 38 }, { "cs1", 8 }, { "cs2", 16 },
	{ "cs3", 24 }, { "cs4", 32 }, { "cs5", 40 }, { "cs6", 48 }, { "cs7", 56 },
};
/* clang-format on */

static bool
read_protocol(const struct record *record, struct filter_rule *rule)
{
	const struct text word = record_text(record, "proto");

	for (size_t i = 0; i < COUNT(protocols); i++) {
		if (!text_is(word, protocols[i].word))
			continue;
		rule->family = protocols[i].family;
		rule->protocol = protocols[i].protocol;
		rule->tcp_flags_mask = text_starts(word, TEXT("tcp_ack")) ? FLAG_ACK : 0;
		rule->tcp_flags_set = text_is(word, "tcp_ack") ? FLAG_ACK : 0;
		return true;
	}
	return false;
}

static bool
read_nets(struct arena *arena, struct text list, bool negated, struct nets *out)
{
	struct net *nets = ARENA_MAKE(arena, struct net, list.len / 2 + 1);
	struct text one;

	*out = (struct nets){ .list = nets, .negated = negated };
	while (text_next(&list, ",", &one)) {
		if (one.len == 0 || text_is(one, "any"))
			continue;
		if (!prefix_read(one, &nets[out->count].prefix))
			return false;
		nets[out->count++].kind = NET_PREFIX;
	}
	return true;
}

static bool
read_port(const struct facts *facts, struct text word, uint16_t *out)
{
	const struct choice *service;
	int64_t              number;

	if (!number_read(word, 0, UINT16_MAX, &number)) {
		service = facts_find(facts, "services", word);
		if (!service || !service->label || !number_read(text_of(service->label), 0, UINT16_MAX, &number))
			return false;
	}
	*out = (uint16_t)number;
	return true;
}

static bool
read_ports(const struct facts *facts, struct text word, struct ports *out)
{
	struct text last = word;

	*out = (struct ports){ .kind = PORTS_ANY };
	if (word.len == 0 || text_is(word, "any"))
		return true;
	out->kind = PORTS_RANGE;
	if (read_port(facts, word, &out->range.first)) {
		out->range.last = out->range.first;
		return true;
	}
	const struct text first = text_until(&last, memchr(word.ptr, ':', word.len) ? ':' : '-');

	return read_port(facts, first, &out->range.first) && read_port(facts, last, &out->range.last) &&
	       out->range.first <= out->range.last;
}

static bool
read_classes(struct arena *arena, struct text list, struct shaper_rule *rule)
{
	int        *dscp = ARENA_MAKE(arena, int, COUNT(classes));
	struct text one;

	while (text_next(&list, ",", &one)) {
		size_t at = 0;

		while (at < COUNT(classes) && !text_is(one, classes[at].word))
			at++;
		if (at == COUNT(classes) || rule->ndscp == COUNT(classes))
			return false;
		dscp[rule->ndscp++] = classes[at].dscp;
	}
	rule->dscp = dscp;
	return true;
}

/* --- Rules ------------------------------------------------------------------------------------------ */

/* NULL, or which of its fields cannot be understood. */
static const char *
read_match(const struct shaping *shaping, const struct record *record, struct shaper_rule *rule)
{
	struct filter_rule *match = &rule->match;
	const bool          has_ports = text_starts(record_text(record, "proto"), TEXT("tcp")) ||
			       text_is(record_text(record, "proto"), "udp");

	if (!read_protocol(record, match))
		return "proto";
	if (!read_nets(shaping->arena, record_text(record, "source"), record_bool(record, "source_not"), &match->source))
		return "source";
	if (!read_nets(shaping->arena, record_text(record, "destination"), record_bool(record, "destination_not"),
	               &match->destination))
		return "destination";
	if (!read_ports(shaping->facts, record_text(record, "src_port"), &match->source_port))
		return "src_port";
	if (!read_ports(shaping->facts, record_text(record, "dst_port"), &match->destination_port))
		return "dst_port";
	if (!has_ports && (match->source_port.kind != PORTS_ANY || match->destination_port.kind != PORTS_ANY)) {
		/* Ports are of TCP and UDP, and of nothing else. */
		if (match->protocol != PROTOCOL_ANY)
			return "proto";
		match->protocol = PROTOCOL_TCP_UDP;
	}
	return read_classes(shaping->arena, record_text(record, "dscp"), rule) ? NULL : "dscp";
}

static const char *
copy(const struct shaping *shaping, const char *string)
{
	return arena_copy(shaping->arena, text_of(string));
}

static void
add_rule(struct shaping *shaping, const struct record *record, const struct shaper_target *target)
{
	static const char *const directions[] = { "in", "out", "", NULL };
	struct shaper_rule      *rule = &shaping->rules[shaping->nrules];
	const char             **interface = ARENA_MAKE(shaping->arena, const char *, 1);
	const char              *wrong;

	*interface = copy(shaping, record_get(record, "interface"));
	*rule = (struct shaper_rule){
		.uuid = copy(shaping, record->uuid), .description = copy(shaping, record_get(record, "description")),
		.length = (uint16_t)record_number(record, "iplen", 0), .target = target,
		.second = record_has(record, "interface2") ? copy(shaping, record_get(record, "interface2")) : NULL,
	};
	rule->match = (struct filter_rule){
		.uuid = rule->uuid, .interfaces = interface, .ninterfaces = 1, .tos = -1, .prio = -1, .set_prio = -1, .set_prio_low = -1,
		.direction = (enum rule_direction)record_choice(record, "direction", directions, DIRECTION_ANY),
		.sequence = (unsigned)record_number(record, "sequence", 0),
	};
	wrong = read_match(shaping, record, rule);
	if (wrong)
		shaping_miss(shaping, arena_print(shaping->arena, "rule %u", rule->match.sequence),
		            arena_print(shaping->arena, "its %s cannot be understood: the rule is not applied", wrong));
	else
		shaping->nrules++;
}

static int
compare_rules(const void *a, const void *b)
{
	const struct shaper_rule *x = a, *y = b;

	if (x->match.sequence != y->match.sequence)
		return x->match.sequence < y->match.sequence ? -1 : 1;
	return x->match.priority < y->match.priority ? -1 : 1;
}

void
shaping_rules(struct shaping *shaping)
{
	const struct collection *all = snapshot_named(shaping->snapshot, "trafficshaper.rule");
	const struct shaper      known = { .targets = shaping->targets, .ntargets = shaping->ntargets };

	for (size_t i = 0; i < collection_count(all); i++) {
		const struct record        *record = collection_at(all, i);
		const struct shaper_target *target = shaper_target(&known, record_get(record, "target"));

		/* What is sent into something that is switched off goes its way. */
		if (!record_bool(record, "enabled") || !target)
			continue;
		if (shaping->nrules == SHAPER_RULES_MAX) {
			shaping_miss(shaping, record_get(record, "description"), "there are too many rules");
			return;
		}
		add_rule(shaping, record, target);
	}
	for (size_t i = 0; i < shaping->nrules; i++)
		shaping->rules[i].match.priority = (unsigned)i;
	qsort(shaping->rules, shaping->nrules, sizeof(*shaping->rules), compare_rules);
	for (size_t i = 0; i < shaping->nrules; i++)
		shaping->rules[i].match.priority = 0;
}
