/* The order of rules, from their interface and sequence. */
#include "schema/rule_order.h"

#include <string.h>

#include "schema/interfaces.h"

#define SEQUENCE_MAX 999999

/* Rules of the packet filter, of which these are fields, may be for more than their interface says. */
static bool
says_floating(const struct record *rule)
{
	const size_t inverted = resource_find_field(rule->resource, TEXT("interfacenot"));

	return inverted != SIZE_MAX &&
	       (strcmp(rule->values[inverted], "1") == 0 || record_bool(rule, "floating"));
}

unsigned
rule_priority(const struct record *rule, const struct view *view)
{
	const char            *name = record_get(rule, "interface");

	if (name[0] == '\0' || strchr(name, ',') || says_floating(rule))
		return RULE_FLOATING;
	const struct interface *interface = interfaces_find(view, text_of(name));

	if (!interface)
		return RULE_NOWHERE;
	if (interface->group)
		return RULE_GROUP + (interface->record ? (unsigned)record_number(interface->record, "sequence", 0)
						       : TUNNEL_GROUP_SEQUENCE);
	return RULE_INTERFACE;
}

static unsigned
sequence_of(const struct record *rule)
{
	const int64_t sequence = record_number(rule, "sequence", 0);

	return sequence < 0 ? 0 : sequence > SEQUENCE_MAX ? SEQUENCE_MAX : (unsigned)sequence;
}

uint64_t
rule_rank(const struct record *rule, const struct view *view)
{
	return (uint64_t)rule_priority(rule, view) * (SEQUENCE_MAX + 1) + sequence_of(rule);
}

const char *
rule_priority_text(const struct record *rule, const struct view *view)
{
	return rule->uuid[0] ? arena_print(view->arena, "%u", rule_priority(rule, view)) : "";
}

const char *
rule_order_text(const struct record *rule, const struct view *view)
{
	return rule->uuid[0] ? arena_print(view->arena, "%u.0%06u", rule_priority(rule, view), sequence_of(rule)) : "";
}
