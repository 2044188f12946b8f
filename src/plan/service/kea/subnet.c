/* Subnets with their pools, and the clients that have a place of their own in them. */
#include <string.h>

#include "base/number.h"
#include "plan/network/making.h"
#include "plan/service/kea/kea.h"

struct address
kea_own_address(const struct kea *kea, const struct prefix *network)
{
	const struct collection *interfaces = snapshot_named(kea->view->snapshot, "interfaces.interface");
	const struct collection *vips = snapshot_named(kea->view->snapshot, "interfaces.vip");
	const char              *field = network->address.family == FAMILY_INET6 ? "ipaddrv6" : "ipaddr";
	struct prefix            own;

	for (size_t i = 0; i < collection_count(interfaces); i++)
		if (record_bool(collection_at(interfaces, i), "enable") &&
		    prefix_read(record_text(collection_at(interfaces, i), field), &own) && prefix_covers(network, &own.address))
			return own.address;
	for (size_t i = 0; i < collection_count(vips); i++)
		if (address_read(record_text(collection_at(vips, i), "subnet"), &own.address) &&
		    prefix_covers(network, &own.address))
			return own.address;
	return (struct address){ FAMILY_NONE };
}

/* --- Pools ------------------------------------------------------------------------------------------ */

static void
put_pools(struct kea *kea, const struct record *subnet)
{
	struct text rest = record_text(subnet, "pools"), pool;

	json_name(&kea->json, "pools");
	json_list(&kea->json);
	while (text_next(&rest, "\n", &pool)) {
		pool = text_trim(pool);
		if (pool.len == 0)
			continue;
		json_object(&kea->json);
		json_put_text(&kea->json, "pool", pool);
		json_object_end(&kea->json);
	}
	json_list_end(&kea->json);
}

static void
put_prefix_pools(struct kea *kea, const struct record *subnet)
{
	const struct collection *pools = snapshot_named(kea->view->snapshot, "kea.pd_pool");

	json_name(&kea->json, "pd-pools");
	json_list(&kea->json);
	for (size_t i = 0; i < collection_count(pools); i++) {
		const struct record *pool = collection_at(pools, i);

		if (!text_is(record_text(pool, "subnet"), subnet->uuid) || !record_has(pool, "prefix"))
			continue;
		json_object(&kea->json);
		kea_put_text(kea, "prefix", pool, "prefix");
		kea_put_number(kea, "prefix-len", pool, "prefix_len");
		kea_put_number(kea, "delegated-len", pool, "delegated_len");
		json_object_end(&kea->json);
	}
	json_list_end(&kea->json);
}

/* --- Reservations -------------------------------------------------------------------------------------- */

static void
put_list_of(struct kea *kea, const char *name, const struct record *record, const char *field)
{
	if (!record_has(record, field))
		return;
	json_name(&kea->json, name);
	json_list(&kea->json);
	json_text(&kea->json, record_text(record, field));
	json_list_end(&kea->json);
}

static void
put_reservation(struct kea *kea, const struct record *one)
{
	const bool is_six = kea->kind->family == FAMILY_INET6;

	json_object(&kea->json);
	kea_put_text(kea, "hw-address", one, "hw_address");
	kea_put_text(kea, is_six ? "duid" : "client-id", one, is_six ? "duid" : "client_id");
	kea_put_text(kea, "hostname", one, "hostname");
	if (is_six) {
		put_list_of(kea, "ip-addresses", one, "ip_address");
		put_list_of(kea, "prefixes", one, "prefix");
	} else {
		kea_put_text(kea, "ip-address", one, "ip_address");
		kea_put_text(kea, "next-server", one, "next_server");
	}
	kea_put_options(kea, one);
	json_object_end(&kea->json);
}

static void
put_reservations(struct kea *kea, const struct record *subnet)
{
	json_name(&kea->json, "reservations");
	json_list(&kea->json);
	for (const struct reserved *one = map_get(kea->reserved, text_of(subnet->uuid)); one; one = one->next)
		put_reservation(kea, one->record);
	json_list_end(&kea->json);
}

/* --- Subnets ------------------------------------------------------------------------------------------- */

static void
check_allocator(struct kea *kea, const struct record *subnet, const char *field)
{
	if (record_has(subnet, field) && !text_is(record_text(subnet, field), "iterative"))
		service_miss(kea->draft, "%s of Debian 12 has no allocator %s", kea->kind->program, record_get(subnet, field));
}

static void
put_subnet(struct kea *kea, const struct record *subnet, struct prefix network)
{
	const bool  is_six = kea->kind->family == FAMILY_INET6;
	const char *device = is_six ? making_device(kea->view->snapshot, record_text(subnet, "interface")) : NULL;

	json_object(&kea->json);
	kea_put_number(kea, "id", subnet, "subnet_id");
	network.address = prefix_first(&network);
	json_put_string(&kea->json, "subnet", prefix_print(kea->view->arena, &network));
	if (device)
		json_put_string(&kea->json, "interface", device);
	kea_put_number(kea, "valid-lifetime", subnet, "valid_lifetime");
	check_allocator(kea, subnet, "allocator");
	if (is_six) {
		check_allocator(kea, subnet, "pd-allocator");
		put_prefix_pools(kea, subnet);
	} else {
		kea_put_text(kea, "next-server", subnet, "next_server");
		json_put_bool(&kea->json, "match-client-id", record_bool(subnet, "match-client-id"));
	}
	put_pools(kea, subnet);
	kea_put_subnet_updates(kea, subnet);
	kea_put_class_names(kea, subnet);
	kea_put_options(kea, subnet);
	put_reservations(kea, subnet);
	json_object_end(&kea->json);
}

void
kea_put_subnets(struct kea *kea)
{
	const struct collection *subnets = snapshot_named(kea->view->snapshot, kea->kind->subnets);
	struct prefix            network;

	json_name(&kea->json, kea->kind->subnet_list);
	json_list(&kea->json);
	kea_put_servers(kea);
	for (size_t i = 0; record_bool(kea->settings, "general.enabled") && i < collection_count(subnets); i++) {
		const struct record *subnet = collection_at(subnets, i);

		if (prefix_read(record_text(subnet, "subnet"), &network))
			put_subnet(kea, subnet, network);
		else
			service_miss(kea->draft, "%s: no prefix is known of the subnet on %s", kea->kind->program,
				     record_get(subnet, "interface"));
	}
	json_list_end(&kea->json);
}
