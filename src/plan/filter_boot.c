/* A few rules without interfaces, for there are none yet. */
#include "plan/filter_boot.h"

#include "base/bug.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17 };

static struct filter_rule *
add(struct arena *arena, const struct filter_rule **list, size_t *count, const char *uuid)
{
	struct filter_rule *rule = ARENA_MAKE(arena, struct filter_rule, 1);

	*rule = (struct filter_rule){
		.uuid = uuid, .label = "until the configuration is applied", .family = RULE_INET46, .quick = true,
		.sequence = (unsigned)*count + 1, .priority = PRIORITY_FLOATING, .protocol = PROTOCOL_ANY, .tos = -1,
		.prio = -1, .set_prio = -1,
	};
	list[(*count)++] = rule;
	return rule;
}

const struct filter *
filter_boot(struct arena *arena, const uint16_t *ports, size_t count)
{
	static const struct net     self = { .kind = NET_SELF };
	struct filter              *filter = ARENA_MAKE(arena, struct filter, 1);
	const struct filter_rule  **rules = ARENA_MAKE(arena, const struct filter_rule *, count + 3);
	struct filter_rule         *rule;

	for (size_t i = 0; i < count; i++) {
		rule = add(arena, rules, &filter->nrules, arena_print(arena, "boot_management_%u", ports[i]));
		rule->protocol = PROTO_TCP;
		rule->destination = (struct nets){ &self, 1 };
		rule->destination_port = (struct ports){ .kind = PORTS_RANGE, .range = { ports[i], ports[i] } };
	}
	rule = add(arena, rules, &filter->nrules, "boot_dhcp");
	rule->protocol = PROTO_UDP;
	rule->family = RULE_INET;
	rule->source_port = (struct ports){ .kind = PORTS_RANGE, .range = { 67, 67 } };
	rule->destination_port = (struct ports){ .kind = PORTS_RANGE, .range = { 68, 68 } };
	rule = add(arena, rules, &filter->nrules, "boot_dhcp6");
	rule->protocol = PROTO_UDP;
	rule->family = RULE_INET6;
	rule->destination_port = (struct ports){ .kind = PORTS_RANGE, .range = { 546, 546 } };
	/* Forwarding is what comes in and is not for us. */
	filter->rules = rules;
	filter->outbound_mode = OUTBOUND_DISABLED;
	filter->no_anti_lockout = true;
	return filter;
}
