/*
 * What single clients of a server are given: a file each, named as the common name of its certificate. OpenVPN reads it when the client
 * comes, and takes only some options there.
 */
#include "base/bug.h"
#include "plan/service/openvpn/openvpn.h"

#define COMMON_NAME_MAX 64 /* bytes; OpenVPN takes no longer ones */

#define OTHERS          "DEFAULT" /* whom no other file is about */

/* Longer than any common name: nobody is called so. It keeps the directory there. */
#define KEEPER "clients/this-file-keeps-the-directory-there-and-no-client-can-be-called-by-so-long-a-name"

static bool
is_for(const struct record *client, const struct record *instance)
{
	const struct text servers = record_text(client, "servers");

	return record_bool(client, "enabled") && (servers.len == 0 || text_lists(servers, record_text(instance, "vpnid")));
}

/* Pairs of addresses, the client's and ours; networks where all are in one. */
static void
put_address(struct tunnel *tunnel, const struct record *client)
{
	struct arena *arena = tunnel->view->arena;
	const bool    is_subnet = tunnel->is_tap || text_is(record_text(tunnel->instance, "topology"), "subnet");
	struct prefix prefix;

	if (tunnel->pair && !record_has(client, "tunnel_network"))
		tunnel_print(tunnel, "%s", tunnel->pair);
	if (prefix_read(record_text(client, "tunnel_network"), &prefix) && prefix.address.family == FAMILY_INET) {
		struct address first = prefix_first(&prefix), ours = first, theirs;

		if (is_subnet) {
			tunnel_print(tunnel, "ifconfig-push %s %s", address_print(arena, &prefix.address), openvpn_mask(arena, &prefix));
		} else if (address_next(&ours) && (theirs = ours, address_next(&theirs))) {
			tunnel_print(tunnel, "ifconfig-push %s %s", address_print(arena, &theirs), address_print(arena, &ours));
		}
	}
	if (prefix_read(record_text(client, "tunnel_networkv6"), &prefix) && prefix.address.family == FAMILY_INET6)
		tunnel_print(tunnel, "ifconfig-ipv6-push %s", prefix_print(arena, &prefix));
}

static void
put_wins(struct tunnel *tunnel, const struct record *client)
{
	struct text rest = record_text(client, "wins_servers"), one;

	while (text_next(&rest, ",", &one))
		if (openvpn_is_word(one))
			tunnel_push(tunnel, "dhcp-option WINS %.*s", TEXT_ARGS(one));
}

static void
put_client(struct tunnel *tunnel, const struct record *client)
{
	struct address gateway;

	tunnel_print(tunnel, "# Written by drawbridge.");
	if (record_bool(client, "block"))
		tunnel_print(tunnel, "disable");
	if (record_bool(client, "push_reset"))
		tunnel_print(tunnel, "push-reset");
	put_address(tunnel, client);
	tunnel_routes(tunnel, client, "remote_networks", false, "iroute", "");
	tunnel_routes(tunnel, client, "local_networks", true, "route", "");
	if (address_read(record_text(client, "route_gateway"), &gateway))
		tunnel_push(tunnel, "%s %s", gateway.family == FAMILY_INET6 ? "route-ipv6-gateway" : "route-gateway",
			    address_print(tunnel->view->arena, &gateway));
	tunnel_push_settings(tunnel, client);
	put_wins(tunnel, client);
}

/* The first of a name counts: a second one would have the same file. */
static bool
is_first(const struct tunnel *tunnel, size_t at)
{
	const struct record *const *clients = tunnel->all->clients;
	const struct text           name = record_text(clients[at], "common_name");

	for (size_t i = 0; i < at; i++)
		if (is_for(clients[i], tunnel->instance) && text_equal(record_text(clients[i], "common_name"), name))
			return false;
	return true;
}

void
tunnel_clients(struct tunnel *tunnel, struct service_plan *plan)
{
	bool has_others = false;

	service_put_file(tunnel->draft, plan, KEEPER, TEXT("# Written by drawbridge.\n"), false);
	for (size_t i = 0; i < tunnel->all->nclients; i++) {
		const struct record *client = tunnel->all->clients[i];
		const struct text    name = record_text(client, "common_name");
		const char          *file = arena_print(tunnel->view->arena, "clients/%.*s", TEXT_ARGS(name));

		if (!is_for(client, tunnel->instance))
			continue;
		if (name.len > COMMON_NAME_MAX || !service_file_is_valid(text_of(file))) {
			service_miss(tunnel->draft, "%s: there is no file for clients with a common name like that of overwrite %s",
				     tunnel->name, client->uuid);
			continue;
		}
		if (!is_first(tunnel, i)) {
			service_miss(tunnel->draft, "%s: two overwrites for %.*s, of which the first counts", tunnel->name, TEXT_ARGS(name));
			continue;
		}
		has_others |= text_is(name, OTHERS);
		buffer_cut(&tunnel->out, 0);
		put_client(tunnel, client);
		service_put_file(tunnel->draft, plan, file, buffer_text(&tunnel->out), false);
	}
	if (tunnel->pair && !has_others)
		service_put_file(tunnel->draft, plan, "clients/" OTHERS, text_of(arena_print(tunnel->view->arena, "%s\n", tunnel->pair)),
				 false);
}
