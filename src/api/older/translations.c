/* Outbound translations, those of one to one, and of prefixes: <nat><outbound><rule>, <nat><onetoone>, <nat><npt>. */
#include <ctype.h>
#include <string.h>

#include "api/older/element.h"
#include "api/older/older.h"
#include "base/address.h"
#include "base/bug.h"
#include "schema/record.h"
#include "schema/schema.h"

#define SEQUENCE_MAX 999999
#define MODEL        "OPNsense/Firewall/Filter"

struct older {
	const char           *above, *name, *place; /* the last is both, for the report */
	const char           *resource;
	const struct element *elements;
	size_t                count;
	/* What is not told element by element. False: it would be about more than it was. */
	bool (*finish)(struct arena *, struct xml *, struct record *, const struct element_of *, struct buffer *report);
};

/* clang-format off */
static const struct element outbound_elements[] = {
	{ "interface", "interface" },
	{ "ipprotocol", "ipprotocol" },
	{ "source/not", "source_not", AS_FLAG },
	{ "destination/not", "destination_not", AS_FLAG },
	{ "sourceport", "source_port", AS_PORTS },
	{ "dstport", "destination_port", AS_PORTS },
	{ "natport", "target_port", AS_PORTS },
	{ "staticnatport", "staticnatport", AS_FLAG },
	{ "poolopts", "poolopts" },
	{ "nonat", "nonat", AS_FLAG },
	{ "nosync", "nosync", AS_FLAG },
	{ "log", "log", AS_FLAG },
	{ "disabled", "enabled", AS_UNFLAG },
	{ "tag", "tag" },
	{ "tagged", "tagged" },
	{ "category", "categories", BY_NAME, "firewall.category" },
	{ "descr", "description" },
};

static const struct element one_to_one_elements[] = {
	{ "interface", "interface" },
	{ "type", "type" },
	{ "source/not", "source_not", AS_FLAG },
	{ "destination/not", "destination_not", AS_FLAG },
	{ "natreflection", "natreflection" },
	{ "nobinat", "nobinat", AS_FLAG },
	{ "disabled", "enabled", AS_UNFLAG },
	{ "category", "categories", BY_NAME, "firewall.category" },
	{ "descr", "description" },
};

static const struct element prefix_elements[] = {
	{ "interface", "interface" },
	{ "source/address", "source_net" },
	{ "destination/address", "destination_net" },
	{ "trackif", "trackif" },
	{ "disabled", "enabled", AS_UNFLAG },
	{ "category", "categories", BY_NAME, "firewall.category" },
	{ "descr", "description" },
};
/* clang-format on */

/* <any/>, <network> or <address>. False: none of them. */
static bool
fill_one_end(struct arena *arena, struct xml *node, const char *name, struct record *rule)
{
	const char *address = element_take(node, arena_print(arena, "%s/address", name));
	const char *network = element_take(node, arena_print(arena, "%s/network", name));

	element_take(node, arena_print(arena, "%s/any", name));
	record_set(rule, arena_print(arena, "%s_net", name), address[0] ? address : network[0] ? network : "any");
	return address[0] || network[0] || xml_path(node, arena_print(arena, "%s/any", name));
}

static bool
fill_ends(struct arena *arena, struct xml *node, struct record *rule)
{
	const bool has_source = fill_one_end(arena, node, "source", rule);

	return fill_one_end(arena, node, "destination", rule) && has_source;
}

/* "" stands for the address of the interface, in both. */
static const char *
target_of(struct arena *arena, struct xml *node)
{
	const char    *target = element_take(node, "target"), *bits = element_take(node, "target_subnet");
	const char    *other = element_take(node, "targetip"), *other_bits = element_take(node, "targetip_subnet");
	struct address address;

	if (strcmp(target, "other-subnet") == 0) {
		target = other;
		bits = other_bits;
	}
	if (!address_read(text_of(target), &address) || !bits[0] ||
	    strcmp(bits, address.family == FAMILY_INET ? "32" : "128") == 0)
		return target;
	return arena_print(arena, "%s/%s", target, bits);
}

static bool
finish_outbound(struct arena *arena, struct xml *node, struct record *rule, const struct element_of *of, struct buffer *report)
{
	const char    *protocol = element_in_case(arena, element_take(node, "protocol"), toupper);
	const char *target = target_of(arena, node);
	const bool  is_whole = fill_ends(arena, node, rule);

	(void)of, (void)report;
	element_take(node, "poolopts_sourcehashkey");
	element_take(node, "source_hash_key");
	if (strchr(record_get(rule, "source_net"), ':') || strchr(target, ':'))
		record_set(rule, "ipprotocol", "inet6");
	if (strcmp(protocol, "ICMP") == 0 && strcmp(record_get(rule, "ipprotocol"), "inet6") == 0)
		protocol = "IPV6-ICMP";
	record_set(rule, "protocol", !protocol[0] || strcmp(protocol, "ANY") == 0 ? "any" : protocol);
	record_set(rule, "target", target);
	return is_whole;
}

/* There the external network has the length of the internal one; here it says so. */
static const char *
external_of(struct arena *arena, struct xml *node, const char *internal)
{
	const char    *external = element_take(node, "external"), *bits = strchr(internal, '/');
	struct address address;

	return bits && address_read(text_of(external), &address) ? arena_print(arena, "%s%s", external, bits) : external;
}

static bool
finish_one_to_one(struct arena *arena, struct xml *node, struct record *rule, const struct element_of *of,
		  struct buffer *report)
{
	const bool is_whole = fill_ends(arena, node, rule);

	(void)of, (void)report;
	element_take(node, "ipprotocol");
	record_set(rule, "external", external_of(arena, node, record_get(rule, "source_net")));
	return is_whole;
}

static bool
finish_prefix(struct arena *arena, struct xml *node, struct record *rule, const struct element_of *of, struct buffer *report)
{
	const bool is_negated = element_is_set(node, "source/not") || element_is_set(node, "destination/not");

	(void)arena, (void)rule;
	if (is_negated)
		buffer_print(report, "not mapped: %s %zu (%s): a negated prefix\n", of->place, of->number, of->descr);
	return !is_negated;
}

/* clang-format off */
static const struct older olders[] = {
	{ "nat/outbound", "rule", "nat/outbound/rule", "firewall.source_nat",
	  outbound_elements, COUNT(outbound_elements), finish_outbound },
	{ "nat", "onetoone", "nat/onetoone", "firewall.one_to_one",
	  one_to_one_elements, COUNT(one_to_one_elements), finish_one_to_one },
	{ "nat", "npt", "nat/npt", "firewall.npt", prefix_elements, COUNT(prefix_elements), finish_prefix },
};
/* clang-format on */

/* Behind all that there are. */
static const char *
next_sequence(struct arena *arena, const struct collection *rules)
{
	const size_t  count = collection_count(rules);
	const int64_t last = count ? record_number(collection_at(rules, count - 1), "sequence", 0) : 0;

	return arena_print(arena, "%lld", (long long)(last < SEQUENCE_MAX ? last + 1 : SEQUENCE_MAX));
}

static void
import_rule(struct change *change, struct arena *arena, const struct older *older, struct xml *node,
	    struct element_of *of, struct buffer *report)
{
	struct record *rule = element_begin(change, arena, node, older->resource, older->elements, older->count);
	bool           is_whole;

	of->descr = record_get(rule, "description");
	is_whole = older->finish(arena, node, rule, of, report);
	is_whole &= !element_report(of, node, report);
	if (!is_whole && record_bool(rule, "enabled")) {
		record_set(rule, "enabled", "0");
		buffer_print(report, "%s %zu (%s): disabled, as it would be for more\n", of->place, of->number, of->descr);
	}
	if (node->uuid && uuid_is_valid(text_of(node->uuid)))
		memcpy(rule->uuid, node->uuid, UUID_LENGTH);
	record_set(rule, "sequence", next_sequence(arena, snapshot_collection(change_snapshot(change), rule->resource)));
	change_put(change, rule);
}

void
older_translations_import(struct change *change, struct arena *arena, struct xml *root, struct buffer *report)
{
	for (size_t i = 0; i < COUNT(olders); i++) {
		const struct older *older = &olders[i];
		struct xml         *node = xml_child(xml_path(root, older->above), older->name);
		struct element_of   of = { older->place, 0, "" };

		if (!node || !node->first)
			continue;
		/* Of the model's there are some already when the file has any. */
		if (!xml_path(root, MODEL))
			older_make_room(change, older->resource);
		for (; node; node = xml_next(node)) {
			of.number++;
			if (node->first)
				import_rule(change, arena, older, node, &of, report);
		}
	}
}
