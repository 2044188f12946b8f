/* Sources, destinations and protocols of rules and translations. */
#include "dialect/pfsense/sections/ends.h"

#include <ctype.h>

#include "base/map.h"
#include "dialect/pfsense/coerce.h"

/* Is it what an interface, or its address, is called? */
static bool
is_interface(struct tree *tree, struct text word)
{
	const struct collection *interfaces = snapshot_named(tree_snapshot(tree), "interfaces.interface");

	if (collection_find(interfaces, word))
		return true;
	return text_ends(word, TEXT("ip")) && collection_find(interfaces, text_first(word, word.len - 2));
}

void
end_show(struct tree *tree, const struct record *record, const struct end *end, struct value *object)
{
	struct arena     *arena = tree_arena(tree);
	struct value     *shown = value_object(arena);
	const struct text net = record_text(record, end->net);

	if (net.len == 0 || text_is(net, "any"))
		value_set_string(arena, shown, "any", "");
	else if (text_is(net, "(self)") || text_is(net, "pppoe") || text_is(net, "l2tp") ||
		 is_interface(tree, net))
		value_set(arena, shown, "network", value_text(arena, net));
	else
		value_set(arena, shown, "address", value_text(arena, net));
	if (record_bool(record, end->not))
		value_set_string(arena, shown, "not", "");
	if (end->port && record_text(record, end->port).len)
		value_set(arena, shown, "port", value_text(arena, record_text(record, end->port)));
	value_set(arena, object, end->name, shown);
}

void
end_fill(struct tree *tree, const struct value *object, const struct end *end, struct record *record)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *from = value_get(object, end->name);
	const struct value *network = value_get(from, "network");
	const struct value *address = value_get(from, "address");

	record_set(record, end->net,
		   !is_none(address) ? to_string(arena, address) :
		   !is_none(network) ? to_string(arena, network) :
				       "any");
	record_set(record, end->not, is_none(value_get(from, "not")) ? "0" : "1");
	if (end->port)
		record_set(record, end->port, to_string(arena, value_get(from, "port")));
}

static const char *
in_case(struct arena *arena, struct text word, int change(int))
{
	char *copy = arena_copy(arena, word);

	for (char *at = copy; *at; at++)
		*at = (char)change((unsigned char)*at);
	return copy;
}

void
protocol_show(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena     *arena = tree_arena(tree);
	const struct text protocol = record_text(record, "protocol");

	if (protocol.len && !text_equal_any_case(protocol, TEXT("any")))
		value_set_string(arena, object, "protocol",
				 text_is(protocol, "IPV6-ICMP") ? "icmp" :
								  in_case(arena, protocol, tolower));
}

void
protocol_fill(struct tree *tree, const struct value *object, struct record *record, bool upper_case)
{
	struct arena     *arena = tree_arena(tree);
	const struct text protocol = to_text(arena, value_get(object, "protocol"));
	const struct text family = to_text(arena, value_get(object, "ipprotocol"));

	if (protocol.len == 0 || text_is(protocol, "any"))
		record_set(record, "protocol", upper_case ? "any" : "");
	else if (text_is(protocol, "icmp") && text_is(family, "inet6") && upper_case)
		record_set(record, "protocol", "IPV6-ICMP");
	else
		record_set(record, "protocol", in_case(arena, protocol, upper_case ? toupper : tolower));
}

int64_t
number_of(const struct record *record)
{
	return 1000000000 + (int64_t)(text_hash(text_of(record->uuid)) % 500000000);
}
