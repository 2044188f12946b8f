/* What devices of WireGuard say of themselves and their peers, as upstream's `wg show all dump` has it. */
#include <string.h>
#include <time.h>

#include "base/base64.h"
#include "plan/wireguard/wireguard.h"
#include "proc/ask/ask.h"

#define FRESH 300 /* seconds since a handshake: a peer that has something to say makes a new one within them */

struct showing {
	struct asking *asking;
	struct links   links;
	struct value  *rows;
	const char    *device;
	const char    *name; /* the server's */
};

static const char *
print_key(struct arena *arena, const uint8_t key[WIREGUARD_KEY])
{
	return base64_encode(arena, (struct text){ (const char *)key, WIREGUARD_KEY });
}

static const struct record *
server_of(const struct asking *asking, const char *device)
{
	return collection_where(snapshot_named(asking->snapshot, "wireguard.server"), "instance", text_after(text_of(device), 2));
}

static struct value *
add_row(struct showing *showing, const char *type, const char *key, const char *name)
{
	struct arena *arena = showing->asking->arena;
	struct value *row = value_object(arena);

	value_set_string(arena, row, "if", showing->device);
	value_set_string(arena, row, "type", type);
	value_set_string(arena, row, "public-key", key);
	value_set_string(arena, row, "name", name);
	value_set_string(arena, row, "ifname", showing->name);
	value_add(arena, showing->rows, row);
	return row;
}

static void
show_device(struct showing *showing, const struct wireguard *device)
{
	struct arena        *arena = showing->asking->arena;
	const struct record *server = server_of(showing->asking, showing->device);
	const struct link   *link = links_find(&showing->links, showing->device);

	showing->name = server ? record_get(server, "name") : "";
	struct value *row = add_row(showing, "interface", server ? record_get(server, "pubkey") : "", showing->name);

	value_set_string(arena, row, "listen-port", arena_print(arena, "%u", (unsigned)device->port));
	value_set_string(arena, row, "fwmark", device->mark ? arena_print(arena, "0x%x", (unsigned)device->mark) : "off");
	value_set_string(arena, row, "endpoint", "");
	value_set_string(arena, row, "status", link && link->up ? "up" : "down");
}

static const char *
print_allowed(struct arena *arena, const struct wireguard_peer *peer)
{
	scoped_buffer out = BUFFER_NONE;

	for (size_t i = 0; i < peer->nallowed; i++)
		buffer_print(&out, "%s%s/%u", i ? "," : "", address_print(arena, &peer->allowed[i].address), peer->allowed[i].bits);
	return out.len ? arena_copy(arena, buffer_text(&out)) : "(none)";
}

static const char *
print_endpoint(struct arena *arena, const struct wireguard_peer *peer)
{
	if (peer->endpoint.family == FAMILY_NONE)
		return "(none)";
	return arena_print(arena, peer->endpoint.family == FAMILY_INET6 ? "[%s]:%u" : "%s:%u", address_print(arena, &peer->endpoint),
			   (unsigned)peer->port);
}

static const char *
print_time(struct arena *arena, time_t at)
{
	struct tm parts;
	char      date[32], zone[8];

	localtime_r(&at, &parts);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &parts);
	strftime(zone, sizeof(zone), "%z", &parts);
	return arena_print(arena, "%s%.3s:%s", date, zone, zone + 3);
}

static void
show_handshake(struct arena *arena, struct value *row, int64_t handshake)
{
	const int64_t now = time(NULL), age = now > handshake ? now - handshake : 0;

	value_set(arena, row, "latest-handshake", value_integer(arena, handshake));
	value_set(arena, row, "latest-handshake-age", handshake ? value_integer(arena, age) : value_null(arena));
	value_set(arena, row, "latest-handshake-epoch",
		  handshake ? value_string(arena, print_time(arena, (time_t)handshake)) : value_null(arena));
	value_set_string(arena, row, "peer-status", !handshake ? "offline" : age > FRESH ? "stale" : "online");
}

static void
show_peer(struct showing *showing, const struct wireguard_peer *peer)
{
	struct arena        *arena = showing->asking->arena;
	const char          *key = print_key(arena, peer->key);
	const struct record *client = collection_where(snapshot_named(showing->asking->snapshot, "wireguard.client"), "pubkey", text_of(key));
	struct value        *row = add_row(showing, "peer", key, client ? record_get(client, "name") : "");

	value_set_string(arena, row, "endpoint", print_endpoint(arena, peer));
	value_set_string(arena, row, "allowed-ips", print_allowed(arena, peer));
	value_set(arena, row, "transfer-rx", value_integer(arena, (int64_t)peer->received));
	value_set(arena, row, "transfer-tx", value_integer(arena, (int64_t)peer->sent));
	value_set_string(arena, row, "persistent-keepalive", peer->keepalive ? arena_print(arena, "%u", (unsigned)peer->keepalive) : "off");
	show_handshake(arena, row, peer->handshake);
}

/* What is said of one device, up to the next. */
static struct text
cut_device(struct text *rest, const char **name, struct arena *arena)
{
	struct text line = text_until(rest, '\n'), about = *rest, before = *rest;

	*name = arena_copy(arena, text_after(line, strlen("interface=")));
	while (before.len > 0 && !text_starts(before, TEXT("interface=")))
		text_until(&before, '\n');
	about.len -= before.len;
	*rest = before;
	return about;
}

enum result
topic_wireguard_show(struct asking *asking, struct value **answer)
{
	struct showing   showing = { .asking = asking, .rows = value_list(asking->arena) };
	struct text      rest = TEXT_NONE;
	struct wireguard device;
	enum result      result;

	*answer = showing.rows;
	if (asking->box->setup.is_simulated)
		return RESULT_DONE;
	result = asked_daemon(asking, "wireguard.show", "", &rest);
	if (result == RESULT_DONE)
		result = asked_links(asking, &showing.links);
	while (result == RESULT_DONE && rest.len > 0) {
		const struct text about = cut_device(&rest, &showing.device, asking->arena);

		if (!wireguard_name_is_valid(text_of(showing.device)) || !wireguard_read(asking->arena, about, &device))
			return asked_wrong(asking, RESULT_FAILED, "what WireGuard says is malformed");
		show_device(&showing, &device);
		for (size_t i = 0; i < device.npeers; i++)
			show_peer(&showing, &device.peers[i]);
	}
	return result;
}
