/* A rule set as a script for nft. */
#include <netinet/in.h>
#include <string.h>

#include "plan/ruleset/ruleset.h"

static const char *const hooks[] = { "prerouting", "input", "forward", "output", "postrouting" };

static void
print_head(struct buffer *out, const struct ruleset_set *set)
{
	static const char *const types[SET_TYPES] = {
		[SET_IPV4] = "ipv4_addr", [SET_IPV6] = "ipv6_addr",   [SET_PORT] = "inet_service",
		[SET_MAC] = "ether_addr", [SET_PROTOCOL] = "inet_proto", [SET_ICMP] = "icmp_type",
		[SET_ICMP6] = "icmpv6_type", [SET_DEVICE] = "ifname", [SET_MARK] = "mark",
	};
	static const char *const gives[] = { "", " : verdict", " : counter", " : inet_service", " : classid" };

	buffer_print(out, "\t%s %s {\n\t\ttype %s%s\n", set->gives ? "map" : "set", set->name, types[set->type],
		     gives[set->gives]);
	if (set->size)
		buffer_print(out, "\t\tsize %u\n", set->size);
	if (set->interval || set->counted || set->timeout)
		buffer_print(out, "\t\tflags %s\n",
			     set->interval ? "interval" : !set->timeout ? "dynamic" :
			     set->counted ? "dynamic,timeout" : "timeout");
	if (set->timeout)
		buffer_print(out, "\t\ttimeout %us\n", set->timeout);
}

static void
print_entry(struct buffer *out, const struct ruleset_set *set, const struct ruleset_entry *entry)
{
	static const char *const verdicts[] = { "accept", "drop", "jump ", "goto ", "return" };

	step_print_value(out, set_key(set->type), entry->key);
	buffer_add_string(out, " : ");
	switch (set->gives) {
	case GIVES_VERDICT:
		buffer_print(out, "%s%s", verdicts[entry->verdict], entry->name ? entry->name : "");
		break;
	case GIVES_COUNTER:
		buffer_print(out, "\"%s\"", entry->name);
		break;
	case GIVES_PORT:
		step_print_value(out, KEY_DPORT, entry->value);
		break;
	case GIVES_NOTHING:
	case GIVES_CLASS:
		break;
	}
}

static void
print_element(struct buffer *out, const struct ruleset_set *set, size_t i)
{
	const unsigned size = set_key_size(set->type);
	const uint8_t *key = (const uint8_t *)set->elements.ptr + i * size * (set->interval ? 2 : 1);

	if (set->gives) {
		print_entry(out, set, &set->entries[i]);
		return;
	}
	step_print_value(out, set_key(set->type), key);
	if (set->interval && memcmp(key, key + size, size) != 0) {
		buffer_add_byte(out, '-');
		step_print_value(out, set_key(set->type), key + size);
	}
}

static void
print_set(struct buffer *out, const struct ruleset_set *set, size_t most)
{
	print_head(out, set);
	if (set->count > most) {
		buffer_print(out, "\t\t# %zu elements\n", set->count);
	} else if (set->count > 0) {
		buffer_add_string(out, "\t\telements = { ");
		for (size_t i = 0; i < set->count; i++) {
			buffer_add_string(out, i == 0 ? "" : i % 4 ? ", " : ",\n\t\t\t     ");
			print_element(out, set, i);
		}
		buffer_add_string(out, " }\n");
	}
	buffer_add_string(out, "\t}\n\n");
}

static void
print_chain(struct buffer *out, const struct ruleset_chain *chain)
{
	static const char *const types[] = { "", "filter", "nat", "route" };

	buffer_print(out, "\tchain %s {\n", chain->name);
	if (chain->type != CHAIN_PLAIN)
		buffer_print(out, "\t\ttype %s hook %s priority %d; policy %s;\n", types[chain->type],
			     hooks[chain->hook], chain->priority, chain->drops ? "drop" : "accept");
	for (size_t i = 0; i < chain->nrules; i++) {
		buffer_add_string(out, "\t\t");
		step_print_rule(out, chain->rules[i]);
		buffer_add_byte(out, '\n');
	}
	buffer_add_string(out, "\t}\n\n");
}

static void
print_counters(struct buffer *out, const struct ruleset *ruleset)
{
	unsigned count = 0;

	for (unsigned i = 0; i < RULESET_RULES; i++)
		if (ruleset_counts(ruleset, i))
			buffer_print(out, "\tcounter r%u { }\n", i);
	buffer_add_string(out, "\n\tmap m_rule {\n\t\ttype mark : counter\n");
	for (unsigned i = 0; i < RULESET_RULES; i++) {
		if (!ruleset_counts(ruleset, i))
			continue;
		buffer_add_string(out, count == 0 ? "\t\telements = { " : count % 6 ? ", " : ",\n\t\t\t     ");
		buffer_print(out, "%u : \"r%u\"", i, i);
		count++;
	}
	buffer_add_string(out, count > 0 ? " }\n\t}\n\n" : "\t}\n\n");
}

static void
print_timeout(struct buffer *out, const struct ruleset_object *object)
{
	const bool tcp = object->protocol == IPPROTO_TCP;

	buffer_print(out, "\tct timeout %s {\n\t\tprotocol %s\n\t\tl3proto ip\n\t\tpolicy = { ", object->name,
		     tcp ? "tcp" : "udp");
	if (object->numbers[0])
		buffer_print(out, "%s : %u", tcp ? "established" : "unreplied", object->numbers[0]);
	if (object->numbers[1])
		buffer_print(out, "%sreplied : %u", object->numbers[0] ? ", " : "", object->numbers[1]);
	buffer_add_string(out, " }\n\t}\n\n");
}

static void
print_object(struct buffer *out, const struct ruleset_object *object)
{
	static const char *const units[UNITS] = { "second", "minute", "hour", "day", "week" };

	if (object->kind == OBJECT_TIMEOUT)
		print_timeout(out, object);
	else
		buffer_print(out, "\tlimit %s {\n\t\trate %u/%s burst %u packets\n\t}\n\n", object->name, object->numbers[0],
			     units[object->unit], object->numbers[1]);
}

void
ruleset_print_short(struct buffer *out, const struct ruleset *ruleset, size_t most)
{
	buffer_add_string(out, "table inet drawbridge {\n");
	print_counters(out, ruleset);
	for (size_t i = 0; i < ruleset->nobjects; i++)
		print_object(out, &ruleset->objects[i]);
	for (size_t i = 0; i < ruleset->nsets; i++)
		print_set(out, &ruleset->sets[i], most);
	for (size_t i = 0; i < ruleset->nchains; i++)
		print_chain(out, &ruleset->chains[i]);
	buffer_cut(out, out->len - 1);
	buffer_add_string(out, "}\n");
}

void
ruleset_print(struct buffer *out, const struct ruleset *ruleset)
{
	ruleset_print_short(out, ruleset, SIZE_MAX);
}
