/* Keys and peers by generic netlink: one message a peer, and more when it has many prefixes. */
#include "backend/wireguard/kernel.h"

#include <net/if.h> /* before the kernel's, which then leaves out what is in here */

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/wireguard.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "backend/netlink.h"
#include "base/bug.h"

#define ROOM  32768 /* bytes of a message */
#define BATCH 400   /* prefixes in one */

struct kernel_time {
	int64_t seconds, nanoseconds;
};

/* --- Asking ------------------------------------------------------------------------------------- */

static struct nlmsghdr *
begin(char *room, uint16_t family, uint8_t command, uint8_t version)
{
	struct nlmsghdr   *message = mnl_nlmsg_put_header(room);
	struct genlmsghdr *about;

	message->nlmsg_type = family;
	about = mnl_nlmsg_put_extra_header(message, sizeof(*about));
	about->cmd = command;
	about->version = version;
	return message;
}

static int
take_family(const struct nlmsghdr *message, void *self)
{
	const struct nlattr *attribute;

	mnl_attr_for_each(attribute, message, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attribute) == CTRL_ATTR_FAMILY_ID && mnl_attr_validate(attribute, MNL_TYPE_U16) == 0)
			*(uint16_t *)self = mnl_attr_get_u16(attribute);
	return MNL_CB_OK;
}

/* 0: the kernel has none. */
static uint16_t
find_family(void)
{
	char             room[256] __attribute__((aligned(8)));
	struct nlmsghdr *message = begin(room, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	uint16_t         family = 0;

	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, WG_GENL_NAME);
	return netlink_once(NETLINK_GENERIC, message, take_family, &family) == 0 ? family : 0;
}

/* --- Reading ------------------------------------------------------------------------------------ */

/* A list that grows while messages come; a peer with many prefixes goes on in the next one. */
struct hearing {
	struct arena          *arena;
	struct wireguard      *device;
	struct wireguard_peer *peers;
	struct prefix         *allowed; /* of the last peer */
	size_t                 room, allowed_room;
	bool                   is_full;
};

static const void *
bytes_of(const struct nlattr *attribute, size_t size)
{
	return mnl_attr_get_payload_len(attribute) >= size ? mnl_attr_get_payload(attribute) : NULL;
}

static void
take_key(const struct nlattr *attribute, uint8_t key[WIREGUARD_KEY])
{
	const void *bytes = bytes_of(attribute, WIREGUARD_KEY);

	if (bytes)
		memcpy(key, bytes, WIREGUARD_KEY);
}

static void
take_endpoint(const struct nlattr *attribute, struct wireguard_peer *peer)
{
	const struct sockaddr     *any = bytes_of(attribute, sizeof(any->sa_family));
	const struct sockaddr_in  *four = bytes_of(attribute, sizeof(*four));
	const struct sockaddr_in6 *six = bytes_of(attribute, sizeof(*six));

	if (four && any->sa_family == AF_INET) {
		peer->endpoint.family = FAMILY_INET;
		memcpy(peer->endpoint.bytes, &four->sin_addr, 4);
		peer->port = ntohs(four->sin_port);
	} else if (six && any->sa_family == AF_INET6) {
		peer->endpoint.family = FAMILY_INET6;
		memcpy(peer->endpoint.bytes, &six->sin6_addr, 16);
		peer->port = ntohs(six->sin6_port);
	}
}

static void
add_prefix(struct hearing *hearing, struct wireguard_peer *peer, const struct prefix *prefix)
{
	if (peer->nallowed == WIREGUARD_ALLOWED_MAX) {
		hearing->is_full = true;
		return;
	}
	if (peer->nallowed == hearing->allowed_room) {
		hearing->allowed_room = hearing->allowed_room * 2 + 4;
		struct prefix *more = ARENA_MAKE(hearing->arena, struct prefix, hearing->allowed_room);

		if (peer->nallowed > 0)
			memcpy(more, hearing->allowed, peer->nallowed * sizeof(*more));
		hearing->allowed = more;
	}
	hearing->allowed[peer->nallowed++] = *prefix;
	peer->allowed = hearing->allowed;
}

static void
take_allowed(struct hearing *hearing, const struct nlattr *list, struct wireguard_peer *peer)
{
	const struct nlattr *one, *part;

	mnl_attr_for_each_nested(one, list) {
		struct prefix prefix = { .bits = 0 };

		mnl_attr_for_each_nested(part, one) {
			const uint16_t type = mnl_attr_get_type(part);
			const size_t   length = mnl_attr_get_payload_len(part);

			if (type == WGALLOWEDIP_A_IPADDR && (length == 4 || length == 16)) {
				prefix.address.family = length == 4 ? FAMILY_INET : FAMILY_INET6;
				memcpy(prefix.address.bytes, mnl_attr_get_payload(part), length);
			} else if (type == WGALLOWEDIP_A_CIDR_MASK && length == 1) {
				prefix.bits = mnl_attr_get_u8(part);
			}
		}
		if (prefix.address.family != FAMILY_NONE)
			add_prefix(hearing, peer, &prefix);
	}
}

static void
take_number(const struct nlattr *attribute, struct wireguard_peer *peer)
{
	const struct kernel_time *time = bytes_of(attribute, sizeof(*time));
	const uint64_t           *bytes = bytes_of(attribute, sizeof(*bytes));
	const uint16_t           *seconds = bytes_of(attribute, sizeof(*seconds));

	switch (mnl_attr_get_type(attribute)) {
	case WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL:
		peer->keepalive = seconds ? *seconds : 0;
		break;
	case WGPEER_A_LAST_HANDSHAKE_TIME:
		if (time)
			memcpy(&peer->handshake, &time->seconds, sizeof(peer->handshake));
		break;
	case WGPEER_A_RX_BYTES:
		if (bytes)
			memcpy(&peer->received, bytes, sizeof(*bytes));
		break;
	case WGPEER_A_TX_BYTES:
		if (bytes)
			memcpy(&peer->sent, bytes, sizeof(*bytes));
		break;
	}
}

/* The one that the message goes on with, or a new one; NULL: there are too many. */
static struct wireguard_peer *
find_peer(struct hearing *hearing, const struct nlattr *about)
{
	struct wireguard    *device = hearing->device;
	uint8_t              key[WIREGUARD_KEY] = { 0 };
	const struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, about)
		if (mnl_attr_get_type(attribute) == WGPEER_A_PUBLIC_KEY)
			take_key(attribute, key);
	if (device->npeers > 0 && memcmp(hearing->peers[device->npeers - 1].key, key, WIREGUARD_KEY) == 0)
		return &hearing->peers[device->npeers - 1];
	if (device->npeers == WIREGUARD_PEERS_MAX)
		return NULL;
	if (device->npeers == hearing->room) {
		hearing->room = hearing->room * 2 + 16;
		struct wireguard_peer *more = ARENA_MAKE(hearing->arena, struct wireguard_peer, hearing->room);

		if (device->npeers > 0)
			memcpy(more, hearing->peers, device->npeers * sizeof(*more));
		hearing->peers = more;
		device->peers = more;
	}
	struct wireguard_peer *peer = &hearing->peers[device->npeers++];

	memcpy(peer->key, key, WIREGUARD_KEY);
	hearing->allowed_room = 0;
	return peer;
}

static void
take_peer(struct hearing *hearing, const struct nlattr *about)
{
	struct wireguard_peer *peer = find_peer(hearing, about);
	const struct nlattr   *attribute;

	hearing->is_full |= !peer;
	if (!peer)
		return;
	mnl_attr_for_each_nested(attribute, about)
		switch (mnl_attr_get_type(attribute)) {
		case WGPEER_A_PRESHARED_KEY:
			take_key(attribute, peer->shared);
			break;
		case WGPEER_A_ENDPOINT:
			take_endpoint(attribute, peer);
			break;
		case WGPEER_A_ALLOWEDIPS:
			take_allowed(hearing, attribute, peer);
			break;
		default:
			take_number(attribute, peer);
		}
}

static int
take_device(const struct nlmsghdr *message, void *self)
{
	struct hearing      *hearing = self;
	const struct nlattr *attribute, *peer;

	mnl_attr_for_each(attribute, message, sizeof(struct genlmsghdr))
		switch (mnl_attr_get_type(attribute)) {
		case WGDEVICE_A_PRIVATE_KEY:
			take_key(attribute, hearing->device->key);
			break;
		case WGDEVICE_A_LISTEN_PORT:
			if (bytes_of(attribute, 2))
				hearing->device->port = mnl_attr_get_u16(attribute);
			break;
		case WGDEVICE_A_FWMARK:
			if (bytes_of(attribute, 4))
				hearing->device->mark = mnl_attr_get_u32(attribute);
			break;
		case WGDEVICE_A_PEERS:
			mnl_attr_for_each_nested(peer, attribute)
				take_peer(hearing, peer);
			break;
		}
	return MNL_CB_OK;
}

enum result
wireguard_kernel_get(struct arena *arena, const char *name, struct wireguard *out)
{
	const uint16_t   family = if_nametoindex(name) ? find_family() : 0;
	char             room[256] __attribute__((aligned(8)));
	struct wireguard device = { .port = 0 };
	struct hearing   hearing = { .arena = arena, .device = &device };
	struct nlmsghdr *message;
	int              error;

	if (!family)
		return RESULT_MISSING;
	message = begin(room, family, WG_CMD_GET_DEVICE, WG_GENL_VERSION);
	message->nlmsg_flags = NLM_F_DUMP;
	mnl_attr_put_strz(message, WGDEVICE_A_IFNAME, name);
	error = netlink_once(NETLINK_GENERIC, message, take_device, &hearing);
	/* What there is of the name is something else. */
	if (error == EOPNOTSUPP || error == ENODEV)
		return RESULT_MISSING;
	if (error || hearing.is_full)
		return RESULT_FAILED;
	*out = device;
	return RESULT_DONE;
}

/* --- Telling ------------------------------------------------------------------------------------ */

static void
put_endpoint(struct nlmsghdr *message, const struct wireguard_peer *peer)
{
	struct sockaddr_in  four = { .sin_family = AF_INET, .sin_port = htons(peer->port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(peer->port) };

	memcpy(&four.sin_addr, peer->endpoint.bytes, 4);
	memcpy(&six.sin6_addr, peer->endpoint.bytes, 16);
	if (peer->endpoint.family == FAMILY_INET)
		mnl_attr_put(message, WGPEER_A_ENDPOINT, sizeof(four), &four);
	else
		mnl_attr_put(message, WGPEER_A_ENDPOINT, sizeof(six), &six);
}

/* Some of them, from this one on; how many there are behind. */
static size_t
put_allowed(struct nlmsghdr *message, const struct wireguard_peer *peer, size_t from)
{
	const size_t   end = peer->nallowed - from > BATCH ? from + BATCH : peer->nallowed;
	struct nlattr *list = mnl_attr_nest_start(message, WGPEER_A_ALLOWEDIPS);

	for (size_t i = from; i < end; i++) {
		const struct prefix *prefix = &peer->allowed[i];
		struct nlattr       *one = mnl_attr_nest_start(message, 0);

		mnl_attr_put_u16(message, WGALLOWEDIP_A_FAMILY, prefix->address.family == FAMILY_INET ? AF_INET : AF_INET6);
		mnl_attr_put(message, WGALLOWEDIP_A_IPADDR, address_bits(prefix->address.family) / 8, prefix->address.bytes);
		mnl_attr_put_u8(message, WGALLOWEDIP_A_CIDR_MASK, (uint8_t)prefix->bits);
		mnl_attr_nest_end(message, one);
	}
	mnl_attr_nest_end(message, list);
	return end;
}

/* The first message about a peer says all but the prefixes that find no room in it. */
static size_t
put_peer(struct nlmsghdr *message, const struct wireguard_peer_change *change, size_t from)
{
	const struct wireguard_peer *peer = change->peer;
	const bool                   replaces = change->sets_allowed && from == 0;
	struct nlattr               *list = mnl_attr_nest_start(message, WGDEVICE_A_PEERS), *one = mnl_attr_nest_start(message, 0);
	size_t                       end = peer->nallowed;

	mnl_attr_put(message, WGPEER_A_PUBLIC_KEY, WIREGUARD_KEY, peer->key);
	mnl_attr_put_u32(message, WGPEER_A_FLAGS,
			 (change->goes ? WGPEER_F_REMOVE_ME : 0U) | (replaces ? WGPEER_F_REPLACE_ALLOWEDIPS : 0U));
	if (change->sets_shared && from == 0)
		mnl_attr_put(message, WGPEER_A_PRESHARED_KEY, WIREGUARD_KEY, peer->shared);
	if (change->sets_endpoint && from == 0)
		put_endpoint(message, peer);
	if (change->sets_keepalive && from == 0)
		mnl_attr_put_u16(message, WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, peer->keepalive);
	if (change->sets_allowed)
		end = put_allowed(message, peer, from);
	mnl_attr_nest_end(message, one);
	mnl_attr_nest_end(message, list);
	return end;
}

static struct nlmsghdr *
begin_set(char *room, uint16_t family, const char *name)
{
	struct nlmsghdr *message = begin(room, family, WG_CMD_SET_DEVICE, WG_GENL_VERSION);

	mnl_attr_put_strz(message, WGDEVICE_A_IFNAME, name);
	return message;
}

static int
set_peer(uint16_t family, const char *name, const struct wireguard_peer_change *change)
{
	static char      room[ROOM] __attribute__((aligned(8)));
	struct nlmsghdr *message;
	size_t           from = 0;
	int              error;

	do {
		message = begin_set(room, family, name);
		from = put_peer(message, change, from);
		error = netlink_once(NETLINK_GENERIC, message, NULL, NULL);
	} while (!error && change->sets_allowed && from < change->peer->nallowed);
	return error;
}

enum result
wireguard_kernel_set(const char *name, const struct wireguard_change *change, struct buffer *message)
{
	const uint16_t   family = find_family();
	char             room[512] __attribute__((aligned(8)));
	struct nlmsghdr *about;
	int              error = 0;

	if (!family) {
		buffer_add_string(message, "this kernel has no WireGuard (module wireguard)");
		return RESULT_UNAVAILABLE;
	}
	about = begin_set(room, family, name);
	if (change->sets_key)
		mnl_attr_put(about, WGDEVICE_A_PRIVATE_KEY, WIREGUARD_KEY, change->device->key);
	if (change->sets_port)
		mnl_attr_put_u16(about, WGDEVICE_A_LISTEN_PORT, change->device->port);
	if (change->sets_key || change->sets_port)
		error = netlink_once(NETLINK_GENERIC, about, NULL, NULL);
	for (size_t i = 0; i < change->n && !error; i++)
		error = set_peer(family, name, &change->peers[i]);
	if (!error)
		return RESULT_DONE;
	buffer_print(message, "the kernel does not take what %s is told: %s", name, strerror(error));
	return RESULT_FAILED;
}
