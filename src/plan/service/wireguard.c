/*
 * WireGuard: a device for each server, which a process of our own makes and keeps (proc/wireguard), from one file with its keys and peers.
 * Addresses and routes are in the plan of the network. Everything in the file is printed from numbers.
 */
#include "base/bug.h"
#include "base/map.h"
#include "plan/service/planner.h"
#include "plan/wireguard/server.h"

struct drafting {
	const struct service_view *view;
	struct service_draft      *draft;
	const char                *device;
	struct map                *taken; /* keys and prefixes that a later peer has */
	struct prefix             *allowed;
	size_t                     nallowed;
};

/* Is it the first of these words? */
static bool
is_first(struct drafting *drafting, const char *word)
{
	const struct text own = text_of(arena_copy(drafting->view->arena, text_of(word)));

	return !map_set(drafting->taken, own, drafting->taken);
}

/* A prefix is one peer's: the last one's that names it. */
static void
read_allowed(struct drafting *drafting, const struct record *record, struct wireguard_peer *peer)
{
	struct text   rest = record_text(record, "tunneladdress"), one;
	struct prefix prefix;

	peer->allowed = drafting->allowed + drafting->nallowed;
	while (text_next(&rest, ",", &one)) {
		if (!prefix_read(text_trim(one), &prefix))
			continue;
		prefix.address = prefix_first(&prefix);
		if (!is_first(drafting, prefix_print(drafting->view->arena, &prefix)))
			continue;
		if (drafting->nallowed == WIREGUARD_ALLOWED_MAX) {
			service_miss(drafting->draft, "%s: more than %d allowed networks", drafting->device, WIREGUARD_ALLOWED_MAX);
			return;
		}
		drafting->allowed[drafting->nallowed++] = prefix;
		peer->nallowed++;
	}
}

/* A name that is not known (yet) leaves the peer where it is; it may come by itself. */
static void
read_endpoint(const struct drafting *drafting, const struct record *record, struct wireguard_peer *peer)
{
	const struct name_lookup *names = drafting->view->names;
	const char               *host = record_get(record, "serveraddress");
	int64_t                   port = WIREGUARD_PORT;

	if (record_has(record, "serverport") && !service_number(record, "serverport", 1, UINT16_MAX, &port))
		return;
	peer->port = (uint16_t)port;
	if (!address_read(text_of(host), &peer->endpoint) && host[0] && names)
		(void)names->address(names->context, host, &peer->endpoint);
}

static bool
read_peer(struct drafting *drafting, const struct record *record, struct wireguard_peer *peer)
{
	int64_t keepalive = 0;

	*peer = (struct wireguard_peer){ .port = 0 };
	if (!wireguard_key_read(record_text(record, "pubkey"), peer->key)) {
		service_miss(drafting->draft, "%s: the public key of peer %s is none", drafting->device, record_get(record, "name"));
		return false;
	}
	if (record_has(record, "psk") && !wireguard_key_read(record_text(record, "psk"), peer->shared)) {
		service_miss(drafting->draft, "%s: the pre-shared key of peer %s is none", drafting->device, record_get(record, "name"));
		return false;
	}
	if (!is_first(drafting, record_get(record, "pubkey")))
		return false;
	(void)service_number(record, "keepalive", 0, UINT16_MAX, &keepalive);
	peer->keepalive = (uint16_t)keepalive;
	read_endpoint(drafting, record, peer);
	read_allowed(drafting, record, peer);
	return true;
}

/* How many prefixes all of them may have. */
static size_t
count_allowed(const struct record *const *records, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count && n < WIREGUARD_ALLOWED_MAX; i++) {
		struct text rest = record_text(records[i], "tunneladdress"), one;

		while (text_next(&rest, ",", &one))
			n++;
	}
	return n < WIREGUARD_ALLOWED_MAX ? n : WIREGUARD_ALLOWED_MAX;
}

/* From the last to the first, because the last counts; they stand in the file as they came. */
static void
read_peers(struct drafting *drafting, const struct record *server, struct wireguard *device)
{
	size_t                 count;
	const struct record  **records = wireguard_peers(drafting->view->arena, drafting->view->snapshot, server, &count);
	struct wireguard_peer *peers;

	if (count > WIREGUARD_PEERS_MAX) {
		service_miss(drafting->draft, "%s: more than %d peers", drafting->device, WIREGUARD_PEERS_MAX);
		count = WIREGUARD_PEERS_MAX;
	}
	peers = ARENA_MAKE(drafting->view->arena, struct wireguard_peer, count + 1);
	drafting->allowed = ARENA_MAKE(drafting->view->arena, struct prefix, count_allowed(records, count) + 1);
	for (size_t i = count; i-- > 0;)
		if (read_peer(drafting, records[i], &peers[count - 1 - device->npeers]))
			device->npeers++;
	device->peers = peers + count - device->npeers;
}

static void
put_device(const struct service_view *view, struct service_draft *draft, const struct record *server)
{
	struct drafting      drafting = { view, draft, wireguard_device(view->arena, server), map_make(view->arena), NULL, 0 };
	scoped_buffer        file = BUFFER_NONE;
	struct wireguard     device = { .port = 0 };
	struct service_plan *plan;
	int64_t              port = 0;

	if (!drafting.device) {
		service_miss(draft, "%s: no device can have the number %s", record_get(server, "name"), record_get(server, "instance"));
		return;
	}
	if (!wireguard_key_read(record_text(server, "privkey"), device.key) || !wireguard_key_clamp(device.key)) {
		service_miss(draft, "%s: its private key is none", drafting.device);
		return;
	}
	(void)service_number(server, "port", 0, UINT16_MAX, &port);
	device.port = (uint16_t)port;
	read_peers(&drafting, server, &device);
	wireguard_print(&file, &device, true);
	plan = service_put(draft, arena_print(view->arena, "wireguard@%s", drafting.device), true);
	service_put_file(draft, plan, "device", buffer_text(&file), true);
}

void
plan_wireguard(const struct service_view *view, struct service_draft *draft)
{
	size_t                count;
	const struct record **servers = wireguard_servers(view->arena, view->snapshot, &count);

	for (size_t i = 0; i < count; i++)
		put_device(view, draft, servers[i]);
}
