/* Servers that belong to an interface (dhcp.server) as subnets: the interface's network, whom its pools are for, and its clients. */
#include <string.h>

#include "base/number.h"
#include "plan/network/making.h"
#include "plan/service/kea/kea.h"

#define LEASE_TIME     7200 /* s */
#define LEASE_TIME_MAX 86400
#define ID_MARK        0x40000000u /* of subnets that have no number of their own */
#define MAC_BYTES      6

/* The network of a server that is on; false: it is off, or its interface has no address of its own. */
static bool
is_on(const struct kea *kea, const struct record *server, struct prefix *own)
{
	const struct record *interface =
		collection_find(snapshot_named(kea->view->snapshot, "interfaces.interface"), text_of(server->uuid));

	return record_bool(server, "enabled") && interface && record_bool(interface, "enable") &&
	       prefix_read(record_text(interface, "ipaddr"), own) && own->address.family == FAMILY_INET;
}

bool
kea_has_servers(const struct kea *kea)
{
	const struct collection *servers = snapshot_named(kea->view->snapshot, "dhcp.server");
	struct prefix            own;

	for (size_t i = 0; kea->kind->family == FAMILY_INET && i < collection_count(servers); i++)
		if (is_on(kea, collection_at(servers, i), &own))
			return true;
	return false;
}

void
kea_put_server_devices(struct kea *kea)
{
	const struct collection *servers = snapshot_named(kea->view->snapshot, "dhcp.server");
	struct prefix            own;

	for (size_t i = 0; kea->kind->family == FAMILY_INET && i < collection_count(servers); i++) {
		const struct record *server = collection_at(servers, i);
		const char          *device = making_device(kea->view->snapshot, text_of(server->uuid));
		struct text          rest = record_text(kea->settings, "general.interfaces"), one;
		bool                 is_there = !record_bool(kea->settings, "general.enabled") ? false : text_is(rest, server->uuid);

		while (record_bool(kea->settings, "general.enabled") && text_next(&rest, ",", &one))
			is_there |= text_is(one, server->uuid);
		if (device && !is_there && is_on(kea, server, &own))
			json_string(&kea->json, device);
	}
}

/* --- Whom the pools are for -------------------------------------------------------------------------------- */

static const char *
class_of(struct kea *kea, const struct record *server)
{
	return arena_print(kea->view->arena, "pools_%s", server->uuid);
}

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* "aa:bb:c" begins so many addresses: whole bytes are compared. */
static size_t
read_mac(struct text text, char *hex)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len && n < (size_t)MAC_BYTES * 2; i++)
		if (digit(text.ptr[i]) >= 0)
			hex[n++] = text.ptr[i];
	n -= n % 2;
	hex[n] = '\0';
	return n / 2;
}

/* "substring(pkt4.mac,0,3) == 0xaabbcc or ..."; false: the list is empty. */
static bool
add_macs(struct buffer *out, struct text list)
{
	struct text one;
	bool        is_any = false;

	while (text_next(&list, ",", &one)) {
		char         hex[MAC_BYTES * 2 + 1];
		const size_t bytes = read_mac(one, hex);

		if (bytes == 0)
			continue;
		buffer_print(out, "%ssubstring(pkt4.mac,0,%zu) == 0x%s", is_any ? " or " : "", bytes, hex);
		is_any = true;
	}
	return is_any;
}

/* Empty: for everybody. */
static void
add_test(struct buffer *out, const struct record *server)
{
	scoped_buffer allow = BUFFER_NONE, deny = BUFFER_NONE;

	if (record_bool(server, "known_only"))
		buffer_add_string(out, "member('KNOWN')");
	if (add_macs(&allow, record_text(server, "allow")))
		buffer_print(out, "%s(%s)", out->len > 0 ? " and " : "", buffer_string(&allow));
	if (add_macs(&deny, record_text(server, "deny")))
		buffer_print(out, "%snot (%s)", out->len > 0 ? " and " : "", buffer_string(&deny));
}

size_t
kea_count_server_classes(const struct kea *kea)
{
	const struct collection *servers = snapshot_named(kea->view->snapshot, "dhcp.server");
	struct prefix            own;
	size_t                   n = 0;

	for (size_t i = 0; kea->kind->family == FAMILY_INET && i < collection_count(servers); i++) {
		scoped_buffer test = BUFFER_NONE;

		add_test(&test, collection_at(servers, i));
		n += test.len > 0 && is_on(kea, collection_at(servers, i), &own);
	}
	return n;
}

void
kea_put_server_classes(struct kea *kea)
{
	const struct collection *servers = snapshot_named(kea->view->snapshot, "dhcp.server");
	struct prefix            own;

	for (size_t i = 0; kea->kind->family == FAMILY_INET && i < collection_count(servers); i++) {
		const struct record *server = collection_at(servers, i);
		scoped_buffer        test = BUFFER_NONE;

		add_test(&test, server);
		if (test.len == 0 || !is_on(kea, server, &own))
			continue;
		json_object(&kea->json);
		json_put_string(&kea->json, "name", class_of(kea, server));
		json_put_text(&kea->json, "test", buffer_text(&test));
		json_object_end(&kea->json);
	}
}

/* --- What clients are told ----------------------------------------------------------------------------------- */

/* A field's list, or what stands in its place when it is empty. */
static void
put_list(struct kea *kea, uint8_t code, enum kea_encoding encoding, struct text list)
{
	if (list.len > 0 && !kea_put_encoded(kea, code, encoding, list))
		service_miss(kea->draft, "%s cannot send %.*s", kea->kind->program, TEXT_ARGS(list));
}

static void
put_extra(struct kea *kea, const struct record *server)
{
	struct text rest = record_text(server, "options"), line;
	int64_t     code;

	while (text_next(&rest, "\n", &line)) {
		const struct text number = text_until(&line, ':');

		if (!number_read(number, 1, 254, &code) || !kea_put_encoded(kea, (uint8_t)code, KEA_HEX, line))
			service_miss(kea->draft, "%s cannot send option %.*s", kea->kind->program, TEXT_ARGS(number));
	}
}

static void
put_common(struct kea *kea, const struct record *record)
{
	put_list(kea, 6, KEA_ADDRESSES, record_text(record, "name_servers"));
	put_list(kea, 15, KEA_TEXT, record_text(record, "domain"));
	put_list(kea, 119, KEA_DOMAINS, record_text(record, "search"));
	if (!text_is(record_text(record, "router"), "none"))
		put_list(kea, 3, KEA_ADDRESSES, record_text(record, "router"));
}

static void
put_options(struct kea *kea, const struct record *server, const struct address *own)
{
	const struct record *general = snapshot_single(kea->view->snapshot, "system.general");
	const struct text    address = text_of(address_print(kea->view->arena, own));

	json_name(&kea->json, "option-data");
	json_list(&kea->json);
	put_common(kea, server);
	if (!record_has(server, "router"))
		put_list(kea, 3, KEA_ADDRESSES, address);
	if (!record_has(server, "name_servers"))
		put_list(kea, 6, KEA_ADDRESSES, address);
	if (!record_has(server, "domain"))
		put_list(kea, 15, KEA_TEXT, record_text(general, "domain"));
	put_extra(kea, server);
	json_list_end(&kea->json);
}

/* --- Clients ------------------------------------------------------------------------------------------------- */

static void
put_identity(struct kea *kea, const struct record *mapping)
{
	const struct text id = record_text(mapping, "client_id");
	scoped_buffer     hex = BUFFER_NONE;

	if (record_has(mapping, "mac")) {
		json_put_text(&kea->json, "hw-address", record_text(mapping, "mac"));
		return;
	}
	for (size_t i = 0; i < id.len; i++)
		buffer_print(&hex, "%02X", (unsigned char)id.ptr[i]);
	json_put_text(&kea->json, "client-id", buffer_text(&hex));
}

static void
put_mapping(struct kea *kea, const struct record *mapping)
{
	struct address address;

	if (!record_has(mapping, "mac") && !record_has(mapping, "client_id"))
		return;
	json_object(&kea->json);
	put_identity(kea, mapping);
	if (address_read(record_text(mapping, "address"), &address) && address.family == FAMILY_INET)
		json_put_string(&kea->json, "ip-address", address_print(kea->view->arena, &address));
	if (record_has(mapping, "hostname"))
		json_put_text(&kea->json, "hostname", record_text(mapping, "hostname"));
	json_name(&kea->json, "option-data");
	json_list(&kea->json);
	put_common(kea, mapping);
	json_list_end(&kea->json);
	json_object_end(&kea->json);
}

static void
put_mappings(struct kea *kea, const struct record *server)
{
	const struct collection *mappings = snapshot_named(kea->view->snapshot, "dhcp.mapping");

	json_name(&kea->json, "reservations");
	json_list(&kea->json);
	for (size_t i = 0; i < collection_count(mappings); i++)
		if (text_is(record_text(collection_at(mappings, i), "server"), server->uuid))
			put_mapping(kea, collection_at(mappings, i));
	json_list_end(&kea->json);
}

/* --- Subnets --------------------------------------------------------------------------------------------------- */

static void
put_pools(struct kea *kea, const struct record *server)
{
	struct text   rest = record_text(server, "pools"), pool;
	scoped_buffer test = BUFFER_NONE;

	add_test(&test, server);
	json_name(&kea->json, "pools");
	json_list(&kea->json);
	while (text_next(&rest, "\n", &pool)) {
		json_object(&kea->json);
		json_put_text(&kea->json, "pool", pool);
		if (test.len > 0)
			json_put_string(&kea->json, "client-class", class_of(kea, server));
		json_object_end(&kea->json);
	}
	json_list_end(&kea->json);
}

static bool
is_taken(const struct kea *kea, const struct prefix *network)
{
	const struct collection *subnets = snapshot_named(kea->view->snapshot, kea->kind->subnets);
	struct prefix            other;

	for (size_t i = 0; record_bool(kea->settings, "general.enabled") && i < collection_count(subnets); i++)
		if (prefix_read(record_text(collection_at(subnets, i), "subnet"), &other) &&
		    (prefix_covers(network, &other.address) || prefix_covers(&other, &network->address)))
			return true;
	return false;
}

static void
put_server(struct kea *kea, const struct record *server, const struct prefix *own)
{
	const struct prefix network = { prefix_first(own), own->bits };
	int64_t             time = LEASE_TIME, most = LEASE_TIME_MAX;

	if (is_taken(kea, &network)) {
		service_miss(kea->draft, "the server on %s: there is a subnet of this network already", server->uuid);
		return;
	}
	(void)service_number(server, "lease_time", 1, UINT32_MAX, &time);
	(void)service_number(server, "max_lease_time", 1, UINT32_MAX, &most);
	json_object(&kea->json);
	json_put_number(&kea->json, "id", ID_MARK | (uint32_t)(text_hash(text_of(server->uuid)) & (ID_MARK - 1)));
	json_put_string(&kea->json, "subnet", prefix_print(kea->view->arena, &network));
	json_put_number(&kea->json, "valid-lifetime", time);
	json_put_number(&kea->json, "max-valid-lifetime", most > time ? most : time);
	put_pools(kea, server);
	put_options(kea, server, &own->address);
	put_mappings(kea, server);
	json_object_end(&kea->json);
	if (record_bool(server, "static_arp"))
		service_miss(kea->draft, "the server on %s: static ARP", server->uuid);
}

void
kea_put_servers(struct kea *kea)
{
	const struct collection *servers = snapshot_named(kea->view->snapshot, "dhcp.server");
	struct prefix            own;

	for (size_t i = 0; kea->kind->family == FAMILY_INET && i < collection_count(servers); i++) {
		if (is_on(kea, collection_at(servers, i), &own))
			put_server(kea, collection_at(servers, i), &own);
		else if (record_bool(collection_at(servers, i), "enabled"))
			service_miss(kea->draft, "the server on %s: the interface has no address of its own",
				     collection_at(servers, i)->uuid);
	}
}
