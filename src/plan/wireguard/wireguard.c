/* One parser for three texts: what is planned, what was told last, and what a daemon says. */
#include "plan/wireguard/wireguard.h"

#include <string.h>

#include "base/base64.h"
#include "base/bug.h"
#include "base/map.h"
#include "base/number.h"
#include "plan/network/network.h"

#define PREFIX      "wg"
#define KEY_LETTERS 44 /* of a key in base64 */

static const uint8_t no_key[WIREGUARD_KEY];

bool
wireguard_key_is_set(const uint8_t key[WIREGUARD_KEY])
{
	return memcmp(key, no_key, WIREGUARD_KEY) != 0;
}

bool
wireguard_key_read(struct text t, uint8_t key[WIREGUARD_KEY])
{
	char   letters[KEY_LETTERS], bytes[KEY_LETTERS];
	size_t n = 0, len = 0;

	for (size_t i = 0; i < t.len; i++) {
		if (t.ptr[i] == '\n' || t.ptr[i] == '\r')
			continue;
		if (n == sizeof(letters))
			return false;
		letters[n++] = t.ptr[i];
	}
	if (n != sizeof(letters) || letters[n - 1] != '=' || !base64_take((struct text){ letters, n - 1 }, bytes, &len) ||
	    len != WIREGUARD_KEY)
		return false;
	memcpy(key, bytes, WIREGUARD_KEY);
	return true;
}

bool
wireguard_key_clamp(uint8_t key[WIREGUARD_KEY])
{
	const bool is_set = wireguard_key_is_set(key);

	key[0] &= 0xf8;
	key[WIREGUARD_KEY - 1] = (uint8_t)((key[WIREGUARD_KEY - 1] & 0x7f) | 0x40);
	return is_set;
}

bool
wireguard_name_is_valid(struct text name)
{
	int64_t number;

	return text_starts(name, TEXT(PREFIX)) && name.len <= NETWORK_NAME_MAX && name.ptr[strlen(PREFIX)] != '-' &&
	       number_read(text_after(name, strlen(PREFIX)), 0, INT64_MAX, &number);
}

/* --- Writing ------------------------------------------------------------------------------------ */

static void
put_key(struct buffer *out, const char *name, const uint8_t key[WIREGUARD_KEY])
{
	buffer_print(out, "%s=", name);
	for (size_t i = 0; i < WIREGUARD_KEY; i++)
		buffer_print(out, "%02x", key[i]);
	buffer_add_byte(out, '\n');
}

static void
put_endpoint(struct buffer *out, const struct wireguard_peer *peer)
{
	scoped_arena arena = arena_new();

	buffer_print(out, peer->endpoint.family == FAMILY_INET6 ? "endpoint=[%s]:%u\n" : "endpoint=%s:%u\n",
		     address_print(arena, &peer->endpoint), (unsigned)peer->port);
}

static void
put_allowed(struct buffer *out, const struct wireguard_peer *peer)
{
	scoped_arena arena = arena_new();

	for (size_t i = 0; i < peer->nallowed; i++)
		buffer_print(out, "allowed_ip=%s/%u\n", address_print(arena, &peer->allowed[i].address), peer->allowed[i].bits);
}

static void
put_peer(struct buffer *out, const struct wireguard_peer *peer, bool has_secrets)
{
	put_key(out, "public_key", peer->key);
	if (has_secrets && wireguard_key_is_set(peer->shared))
		put_key(out, "preshared_key", peer->shared);
	if (peer->endpoint.family != FAMILY_NONE)
		put_endpoint(out, peer);
	buffer_print(out, "persistent_keepalive_interval=%u\n", (unsigned)peer->keepalive);
	if (peer->handshake)
		buffer_print(out, "last_handshake_time_sec=%lld\n", (long long)peer->handshake);
	if (peer->received || peer->sent)
		buffer_print(out, "rx_bytes=%llu\ntx_bytes=%llu\n", (unsigned long long)peer->received,
			     (unsigned long long)peer->sent);
	put_allowed(out, peer);
}

void
wireguard_print(struct buffer *out, const struct wireguard *device, bool has_secrets)
{
	if (has_secrets)
		put_key(out, "private_key", device->key);
	buffer_print(out, "listen_port=%u\n", (unsigned)device->port);
	if (device->mark)
		buffer_print(out, "fwmark=%u\n", (unsigned)device->mark);
	for (size_t i = 0; i < device->npeers; i++)
		put_peer(out, &device->peers[i], has_secrets);
}

void
wireguard_change_print(struct buffer *out, const struct wireguard_change *change)
{
	buffer_add_string(out, "set=1\n");
	if (change->sets_key)
		put_key(out, "private_key", change->device->key);
	if (change->sets_port)
		buffer_print(out, "listen_port=%u\n", (unsigned)change->device->port);
	for (size_t i = 0; i < change->n; i++) {
		const struct wireguard_peer_change *one = &change->peers[i];

		put_key(out, "public_key", one->peer->key);
		if (one->goes)
			buffer_add_string(out, "remove=true\n");
		if (one->sets_shared)
			put_key(out, "preshared_key", one->peer->shared);
		if (one->sets_endpoint)
			put_endpoint(out, one->peer);
		if (one->sets_keepalive)
			buffer_print(out, "persistent_keepalive_interval=%u\n", (unsigned)one->peer->keepalive);
		if (one->sets_allowed) {
			buffer_add_string(out, "replace_allowed_ips=true\n");
			put_allowed(out, one->peer);
		}
	}
	buffer_add_byte(out, '\n');
}

/* --- Reading ------------------------------------------------------------------------------------ */

struct reading {
	struct arena          *arena;
	struct wireguard      *device;
	struct wireguard_peer *peers;
	struct prefix         *allowed;
	size_t                 npeers, nallowed;
};

static bool
read_key(struct text value, uint8_t key[WIREGUARD_KEY])
{
	if (value.len != (size_t)2 * WIREGUARD_KEY)
		return false;
	for (size_t i = 0; i < WIREGUARD_KEY; i++) {
		const int high = text_hex(value.ptr[2 * i]), low = text_hex(value.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		key[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool
read_u16(struct text value, uint16_t *out)
{
	int64_t number;

	if (!number_read(value, 0, UINT16_MAX, &number))
		return false;
	*out = (uint16_t)number;
	return true;
}

/* "192.0.2.1:51820" or "[2001:db8::1]:51820"; a zone, which none of ours has, makes it unknown. */
static bool
read_endpoint(struct text value, struct wireguard_peer *peer)
{
	struct text host = value, port = TEXT_NONE;

	for (size_t i = value.len; i-- > 0 && port.len == 0;)
		if (value.ptr[i] == ':') {
			host = text_first(value, i);
			port = text_after(value, i + 1);
		}
	if (host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
		host = text_first(text_after(host, 1), host.len - 2);
	if (!read_u16(port, &peer->port))
		return false;
	if (!address_read(host, &peer->endpoint))
		peer->endpoint = (struct address){ .family = FAMILY_NONE };
	return true;
}

static bool
read_allowed(struct reading *in, struct text value, struct wireguard_peer *peer)
{
	struct prefix *one = &in->allowed[in->nallowed];

	if (in->nallowed == WIREGUARD_ALLOWED_MAX || !prefix_read(value, one))
		return false;
	one->address = prefix_first(one);
	if (!peer->allowed)
		peer->allowed = one;
	peer->nallowed++;
	in->nallowed++;
	return true;
}

static bool
read_peer_line(struct reading *in, struct text name, struct text value)
{
	struct wireguard_peer *peer = &in->peers[in->npeers - 1];
	int64_t                number;

	if (text_is(name, "preshared_key"))
		return read_key(value, peer->shared);
	if (text_is(name, "endpoint"))
		return read_endpoint(value, peer);
	if (text_is(name, "persistent_keepalive_interval"))
		return read_u16(value, &peer->keepalive);
	if (text_is(name, "allowed_ip"))
		return read_allowed(in, value, peer);
	if (text_is(name, "last_handshake_time_sec"))
		return number_read(value, 0, INT64_MAX, &peer->handshake);
	if (!text_is(name, "rx_bytes") && !text_is(name, "tx_bytes"))
		return true;
	if (!number_read(value, 0, INT64_MAX, &number))
		return false;
	*(name.ptr[0] == 'r' ? &peer->received : &peer->sent) = (uint64_t)number;
	return true;
}

static bool
read_line(struct reading *in, struct text line)
{
	const struct text name = text_until(&line, '='), value = line;
	int64_t           number;

	if (text_is(name, "public_key"))
		return in->npeers < WIREGUARD_PEERS_MAX && read_key(value, in->peers[in->npeers++].key);
	if (in->npeers > 0)
		return read_peer_line(in, name, value);
	if (text_is(name, "private_key"))
		return read_key(value, in->device->key);
	if (text_is(name, "listen_port"))
		return read_u16(value, &in->device->port);
	if (!text_is(name, "fwmark"))
		return true;
	if (!number_read(value, 0, UINT32_MAX, &number))
		return false;
	in->device->mark = (uint32_t)number;
	return true;
}

static size_t
count_lines(struct text rest, struct text name)
{
	struct text line;
	size_t      n = 0;

	while (text_next(&rest, "\n", &line))
		n += text_starts(line, name);
	return n;
}

bool
wireguard_read(struct arena *arena, struct text text, struct wireguard *out)
{
	struct wireguard device = { .port = 0 };
	struct reading   in = { .arena = arena, .device = &device };
	struct text      line;

	in.peers = ARENA_MAKE(arena, struct wireguard_peer, count_lines(text, TEXT("public_key=")) + 1);
	in.allowed = ARENA_MAKE(arena, struct prefix, count_lines(text, TEXT("allowed_ip=")) + 1);
	while (text_next(&text, "\n", &line))
		if (!read_line(&in, line))
			return false;
	device.peers = in.peers;
	device.npeers = in.npeers;
	*out = device;
	return true;
}

/* --- Comparing ---------------------------------------------------------------------------------- */

static struct map *
index_peers(struct arena *arena, const struct wireguard *device)
{
	struct map *map = map_make(arena);

	for (size_t i = 0; device && i < device->npeers; i++)
		map_set(map, (struct text){ (const char *)device->peers[i].key, WIREGUARD_KEY }, (void *)(uintptr_t)&device->peers[i]);
	return map;
}

static const struct wireguard_peer *
find_peer(const struct map *map, const struct wireguard_peer *like)
{
	return map_get(map, (struct text){ (const char *)like->key, WIREGUARD_KEY });
}

/* The same bytes for the same prefix. */
static struct text
bytes_of(struct arena *arena, const struct prefix *prefix)
{
	uint8_t *bytes = arena_take(arena, sizeof(prefix->address.bytes) + 2);

	bytes[0] = (uint8_t)prefix->address.family;
	bytes[1] = (uint8_t)prefix->bits;
	memcpy(bytes + 2, prefix->address.bytes, address_bits(prefix->address.family) / 8);
	return (struct text){ (const char *)bytes, sizeof(prefix->address.bytes) + 2 };
}

/* In any order, for that is how they are told. */
static bool
same_allowed(const struct wireguard_peer *a, const struct wireguard_peer *b)
{
	scoped_arena arena = arena_new();
	struct map  *map = map_make(arena);

	if (a->nallowed != b->nallowed)
		return false;
	for (size_t i = 0; i < a->nallowed; i++)
		map_set(map, bytes_of(arena, &a->allowed[i]), (void *)(uintptr_t)&a->allowed[i]);
	for (size_t i = 0; i < b->nallowed; i++)
		if (!map_get(map, bytes_of(arena, &b->allowed[i])))
			return false;
	return true;
}

static bool
same_endpoint(const struct wireguard_peer *a, const struct wireguard_peer *b)
{
	return a->endpoint.family == b->endpoint.family && a->port == b->port &&
	       (a->endpoint.family == FAMILY_NONE || address_compare(&a->endpoint, &b->endpoint) == 0);
}

static bool
moves(const struct wireguard_peer *want, const struct wireguard_peer *have, const struct wireguard_peer *told)
{
	if (want->endpoint.family == FAMILY_NONE)
		return false;
	if (!have || have->endpoint.family == FAMILY_NONE)
		return true;
	return told ? !same_endpoint(want, told) : !same_endpoint(want, have);
}

static bool
compare_peer(const struct wireguard_peer *want, const struct wireguard_peer *have, const struct wireguard_peer *told,
	     struct wireguard_peer_change *out)
{
	*out = (struct wireguard_peer_change){
		.peer = want,
		.sets_shared = memcmp(want->shared, have ? have->shared : no_key, WIREGUARD_KEY) != 0,
		.sets_endpoint = moves(want, have, told),
		.sets_keepalive = want->keepalive != (have ? have->keepalive : 0),
		.sets_allowed = have ? !same_allowed(want, have) : want->nallowed > 0,
	};
	return !have || out->sets_shared || out->sets_endpoint || out->sets_keepalive || out->sets_allowed;
}

bool
wireguard_compare(struct arena *arena, const struct wireguard *want, const struct wireguard *have, const struct wireguard *told,
		  struct wireguard_change *out)
{
	const struct map             *wanted = index_peers(arena, want), *present = index_peers(arena, have);
	const struct map             *before = index_peers(arena, told);
	struct wireguard_peer_change *list = ARENA_MAKE(arena, struct wireguard_peer_change, want->npeers + have->npeers + 1);
	size_t                        n = 0;

	for (size_t i = 0; i < have->npeers; i++)
		if (!find_peer(wanted, &have->peers[i]))
			list[n++] = (struct wireguard_peer_change){ .peer = &have->peers[i], .goes = true };
	for (size_t i = 0; i < want->npeers; i++) {
		const struct wireguard_peer *peer = &want->peers[i];

		/* Of two with one key the last counts. */
		if (find_peer(wanted, peer) == peer)
			n += compare_peer(peer, find_peer(present, peer), find_peer(before, peer), &list[n]);
	}
	*out = (struct wireguard_change){
		.device = want,
		.sets_key = memcmp(want->key, have->key, WIREGUARD_KEY) != 0,
		/* One that may be any stays as it came. */
		.sets_port = want->port ? want->port != have->port : told && told->port,
		.peers = list,
		.n = n,
	};
	return n > 0 || out->sets_key || out->sets_port;
}
