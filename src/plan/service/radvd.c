/*
 * radvd.conf(5). All that is written is a number, an address, a name of a host or a device; whatever is none of them is left out, and
 * named as missing.
 */
#include <string.h>

#include "base/address.h"
#include "plan/network/making.h"
#include "plan/service/planner.h"

#define RDNSS_MAX    3 /* addresses in one section */

struct writing {
	const struct service_view *view;
	struct service_draft      *draft;
	const struct record       *entry;
	struct buffer              out;
};

static void
put_number(struct writing *writing, const char *option, const char *field)
{
	int64_t number;

	if (service_number(writing->entry, field, 0, UINT32_MAX, &number))
		buffer_print(&writing->out, "\t%s %lld;\n", option, (long long)number);
}

static void
put_switch(struct writing *writing, const char *option, bool is_on)
{
	buffer_print(&writing->out, "\t%s %s;\n", option, is_on ? "on" : "off");
}

/* "on" or "off"; nothing when the daemon is to decide. */
static void
put_choice(struct writing *writing, const char *option, const char *field)
{
	if (record_has(writing->entry, field))
		put_switch(writing, option, text_is(record_text(writing->entry, field), "on"));
}

static bool
is_name(struct text name)
{
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'))
			return false;
	}
	return name.len > 0;
}

/* --- Prefixes ----------------------------------------------------------------------------------------- */

static void
put_prefix(struct writing *writing, const char *prefix, const char *base)
{
	static const char *const modes[] = { "router", "unmanaged", "managed", "assist", "stateless", NULL };
	const size_t             mode = record_choice(writing->entry, "mode", modes, 0);

	buffer_print(&writing->out, "\tprefix %s {\n", prefix);
	if (base)
		buffer_print(&writing->out, "\tBase6Interface %s;\n", base);
	put_switch(writing, "AdvOnLink", mode != 0);
	put_switch(writing, "AdvAutonomous", mode != 0 && mode != 2);
	put_number(writing, "AdvValidLifetime", "AdvValidLifetime");
	put_number(writing, "AdvPreferredLifetime", "AdvPreferredLifetime");
	put_choice(writing, "DeprecatePrefix", "DeprecatePrefix");
	buffer_add_string(&writing->out, "\t};\n");
}

static void
put_own(struct writing *writing, struct prefix prefix)
{
	prefix.address = prefix_first(&prefix);
	put_prefix(writing, prefix_print(writing->view->arena, &prefix), NULL);
}

/* Virtual addresses that are not link-local. */
static bool
put_virtual(struct writing *writing)
{
	const struct collection *vips = snapshot_named(writing->view->snapshot, "interfaces.vip");
	bool                     is_any = false;
	struct prefix            prefix;
	int64_t                  bits;

	for (size_t i = 0; i < collection_count(vips); i++) {
		const struct record *vip = collection_at(vips, i);

		if (!text_equal(record_text(vip, "interface"), record_text(writing->entry, "interface")) ||
		    !address_read(record_text(vip, "subnet"), &prefix.address) || prefix.address.family != FAMILY_INET6 ||
		    (prefix.address.bytes[0] == 0xfe && (prefix.address.bytes[1] & 0xc0) == 0x80) ||
		    !service_number(vip, "subnet_bits", 1, 127, &bits))
			continue;
		prefix.bits = (unsigned)bits;
		put_own(writing, prefix);
		is_any = true;
	}
	return is_any;
}

/* Those of the interface's own addresses, or, where they come from outside, what radvd finds on it. */
static void
put_prefixes(struct writing *writing)
{
	const struct record *interface = collection_find(snapshot_named(writing->view->snapshot, "interfaces.interface"),
							 record_text(writing->entry, "interface"));
	const char          *base = making_device(writing->view->snapshot, record_text(writing->entry, "Base6Interface"));
	struct prefix        prefix;
	bool                 is_any;

	if (base && is_name(text_of(base))) {
		put_prefix(writing, "::/64", base);
		return;
	}
	is_any = put_virtual(writing);
	if (interface && prefix_read(record_text(interface, "ipaddrv6"), &prefix))
		put_own(writing, prefix);
	else if (!is_any || (interface && record_has(interface, "type6") && !text_is(record_text(interface, "type6"), "none")))
		put_prefix(writing, "::/64", NULL);
}

static void
put_routes(struct writing *writing)
{
	struct text   rest = record_text(writing->entry, "routes"), one;
	struct prefix prefix;

	while (text_next(&rest, ",", &one)) {
		if (!prefix_read(one, &prefix))
			continue;
		prefix.address = prefix_first(&prefix);
		buffer_print(&writing->out, "\troute %s {\n", prefix_print(writing->view->arena, &prefix));
		put_number(writing, "AdvRouteLifetime", "AdvRouteLifetime");
		put_choice(writing, "RemoveRoute", "RemoveRoute");
		buffer_add_string(&writing->out, "\t};\n");
	}
}

/* --- Names -------------------------------------------------------------------------------------------- */

/* Who answers names: as configured, else this box, else whom the box asks. */
static struct text
name_servers(struct writing *writing)
{
	const struct record *general = snapshot_single(writing->view->snapshot, "system.general");
	const struct address own =
		making_own_address(writing->view->snapshot, record_text(writing->entry, "interface"), FAMILY_INET6);

	if (record_has(writing->entry, "RDNSS") || !record_bool(writing->entry, "dns"))
		return record_text(writing->entry, "RDNSS");
	return own.family == FAMILY_INET6 ? text_of(address_print(writing->view->arena, &own)) : record_text(general, "dns_servers");
}

static void
put_name_servers(struct writing *writing)
{
	struct text    rest = name_servers(writing), one;
	struct address address;
	size_t         n = 0;

	while (text_next(&rest, ",", &one)) {
		if (!address_read(one, &address) || address.family != FAMILY_INET6)
			continue;
		buffer_print(&writing->out, "%s%s", n % RDNSS_MAX == 0 ? "\tRDNSS " : " ", address_print(writing->view->arena, &address));
		if (++n % RDNSS_MAX == 0) {
			buffer_add_string(&writing->out, " {\n");
			put_number(writing, "AdvRDNSSLifetime", "AdvRDNSSLifetime");
			buffer_add_string(&writing->out, "\t};\n");
		}
	}
	if (n % RDNSS_MAX == 0)
		return;
	buffer_add_string(&writing->out, " {\n");
	put_number(writing, "AdvRDNSSLifetime", "AdvRDNSSLifetime");
	buffer_add_string(&writing->out, "\t};\n");
}

static void
put_domains(struct writing *writing)
{
	const struct record *general = snapshot_single(writing->view->snapshot, "system.general");
	struct text          rest = record_text(writing->entry, "DNSSL"), one;
	scoped_buffer        names = BUFFER_NONE;

	if (rest.len == 0 && record_bool(writing->entry, "dns"))
		rest = record_text(general, "domain");
	while (text_next(&rest, ",", &one))
		if (is_name(one))
			buffer_print(&names, " %.*s", TEXT_ARGS(one));
	if (names.len == 0)
		return;
	buffer_print(&writing->out, "\tDNSSL%s {\n", buffer_string(&names));
	put_number(writing, "AdvDNSSLLifetime", "AdvDNSSLLifetime");
	buffer_add_string(&writing->out, "\t};\n");
}

/* --- Interfaces ---------------------------------------------------------------------------------------- */

/* A link-local virtual address: the record's uuid, or the address itself. */
static void
put_source(struct writing *writing)
{
	const struct text    given = record_text(writing->entry, "AdvRASrcAddress");
	const struct record *vip = collection_find(snapshot_named(writing->view->snapshot, "interfaces.vip"), given);
	struct address       address;

	if (given.len > 0 && address_read(vip ? record_text(vip, "subnet") : given, &address))
		buffer_print(&writing->out, "\tAdvRASrcAddress { %s; };\n", address_print(writing->view->arena, &address));
}

static void
put_interface(struct writing *writing, const char *device)
{
	static const char *const managed[] = { "managed", "assist", NULL }, *const other[] = { "managed", "assist", "stateless", NULL };
	static const char *const preferences[] = { "low", "medium", "high", NULL };
	const struct record     *entry = writing->entry;

	buffer_print(&writing->out, "interface %s {\n\tAdvSendAdvert on;\n\tIgnoreIfMissing on;\n", device);
	put_number(writing, "MinRtrAdvInterval", "MinRtrAdvInterval");
	put_number(writing, "MaxRtrAdvInterval", "MaxRtrAdvInterval");
	put_number(writing, "AdvLinkMTU", "AdvLinkMTU");
	put_number(writing, "AdvDefaultLifetime", "AdvDefaultLifetime");
	put_number(writing, "AdvCurHopLimit", "AdvCurHopLimit");
	buffer_print(&writing->out, "\tAdvDefaultPreference %s;\n",
		     preferences[record_choice(entry, "AdvDefaultPreference", preferences, 1)]);
	put_switch(writing, "AdvManagedFlag", record_choice(entry, "mode", managed, SIZE_MAX) != SIZE_MAX);
	put_switch(writing, "AdvOtherConfigFlag", record_choice(entry, "mode", other, SIZE_MAX) != SIZE_MAX);
	put_source(writing);
	put_prefixes(writing);
	put_routes(writing);
	put_name_servers(writing);
	put_domains(writing);
	buffer_add_string(&writing->out, "};\n");
	if (record_has(entry, "nat64prefix"))
		service_miss(writing->draft, "radvd of Debian 12 announces no NAT64 prefix");
	if (text_is(record_text(entry, "RemoveAdvOnExit"), "off"))
		service_miss(writing->draft, "radvd of Debian 12 always says that it stops");
}

void
plan_radvd(const struct service_view *view, struct service_draft *draft)
{
	const struct collection *entries = snapshot_named(view->snapshot, "radvd.entry");
	struct writing           writing = { view, draft, NULL, BUFFER_NONE };
	struct service_plan     *plan;

	for (size_t i = 0; i < collection_count(entries); i++) {
		const char *device = making_device(view->snapshot, record_text(collection_at(entries, i), "interface"));

		writing.entry = collection_at(entries, i);
		if (record_bool(writing.entry, "enabled") && device && is_name(text_of(device)))
			put_interface(&writing, device);
	}
	plan = service_put(draft, "radvd", writing.out.len > 0);
	if (writing.out.len > 0)
		service_put_file(draft, plan, "radvd.conf", buffer_text(&writing.out), false);
	buffer_clear(&writing.out);
}
