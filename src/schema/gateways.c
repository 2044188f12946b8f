/* Names from the types of addresses. An interface without a description goes by its key. */
#include "schema/gateways.h"

#include "base/bug.h"

const char *
gateway_found_suffix(const struct record *interface, enum family family)
{
	static const struct {
		const char *type, *suffix;
	} kinds4[] = { { "dhcp", "DHCP" }, { "ppp", "PPP" }, { "pppoe", "PPPOE" }, { "pptp", "PPTP" }, { "l2tp", "L2TP" } },
	  kinds6[] = { { "dhcp6", "DHCP6" }, { "slaac", "SLAAC" }, { "6rd", "6RD" }, { "6to4", "6TO4" }, { "pppoev6", "PPPOE6" } };
	const struct text type = record_text(interface, family == FAMILY_INET6 ? "type6" : "type4");

	for (size_t i = 0; i < COUNT(kinds4); i++)
		if (text_is(type, family == FAMILY_INET6 ? kinds6[i].type : kinds4[i].type))
			return family == FAMILY_INET6 ? kinds6[i].suffix : kinds4[i].suffix;
	return NULL;
}

const char *
gateway_found_name(struct arena *arena, const struct record *interface, const char *suffix)
{
	const char *descr = record_has(interface, "descr") ? record_get(interface, "descr") : interface->uuid;
	char       *name = arena_print(arena, "%s_%s", descr, suffix);

	for (char *at = name; *at; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 32);
	return name;
}

bool
gateway_is_adopted(const struct snapshot *snapshot, const struct record *interface, enum family family)
{
	scoped_arena          scratch = arena_new();
	size_t                count;
	const struct record **gateways = collection_naming(scratch, snapshot_named(snapshot, "routing.gateway"), "interface",
							   text_of(interface->uuid), &count);
	struct address        address;

	for (size_t i = 0; i < count; i++) {
		const bool six = text_is(record_text(gateways[i], "ipprotocol"), "inet6");

		if (six == (family == FAMILY_INET6) && !address_read(record_text(gateways[i], "gateway"), &address))
			return true;
	}
	return false;
}
