/*
 * What pfSense has of OpenVPN is kept as a section of its tree. Each of its servers, clients and overrides becomes a record as OPNsense
 * has it, so that one planner knows both. What has no place there is a line of its own, when it is a number, or is told.
 */
#include "plan/service/openvpn/all.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/buffer.h"
#include "base/bug.h"
#include "base/number.h"
#include "base/value.h"
#include "json/read.h"
#include "plan/network/making.h"

#define SECTION   "openvpn"
#define PEERS_MAX 256 /* of a list */

struct reading {
	struct arena          *arena;
	const struct snapshot *snapshot;
	struct openvpn_all    *all;
	/* Of the peer under way. */
	const struct value *peer;
	struct record      *record;
	struct buffer       lines, missing;
};

/* --- Members --------------------------------------------------------------------------------------------- */

static const char *
member(const struct reading *reading, const char *name)
{
	const char *text = value_as_string(reading->arena, value_get(reading->peer, name));

	return text ? text : "";
}

static bool
is_there(const struct reading *reading, const char *name)
{
	return value_get(reading->peer, name) != NULL;
}

static bool
is(const struct reading *reading, const char *name, const char *value)
{
	return strcmp(member(reading, name), value) == 0;
}

static void
miss(struct reading *reading, const char *what)
{
	buffer_print(&reading->missing, "%s%s", reading->missing.len ? ", " : "", what);
}

/* Behind what is in the field already. */
static void
add(struct reading *reading, const char *field, const char *value)
{
	const char *before = record_get(reading->record, field);

	if (value[0])
		record_set(reading->record, field, before[0] ? arena_print(reading->arena, "%s,%s", before, value) : value);
}

static const char *
without_blanks(struct arena *arena, const char *text)
{
	char *copy = arena_copy(arena, text_of(text)), *to = copy;

	for (const char *from = copy; *from; from++)
		if (*from != ' ')
			*to++ = *from;
	*to = '\0';
	return copy;
}

/* "dns_server1", "dns_server2"... */
static void
add_numbered(struct reading *reading, const char *name, const char *field)
{
	for (int i = 1; i <= 4; i++)
		add(reading, field, member(reading, arena_print(reading->arena, "%s%d", name, i)));
}

/* --- What servers and clients have in common ------------------------------------------------------------- */

struct same {
	const char *name, *field;
};

static void
copy_all(struct reading *reading, const struct same *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		record_set(reading->record, list[i].field, without_blanks(reading->arena, member(reading, list[i].name)));
}

static const char *
lowered(struct arena *arena, const char *text)
{
	char *copy = arena_copy(arena, text_of(text));

	for (char *at = copy; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return copy;
}

/* Where it listens: an address of the box, or any of them where that is not known before. */
static void
read_local(struct reading *reading)
{
	const struct address own = making_own_address(reading->snapshot, text_of(member(reading, "interface")),
						      text_ends(text_of(member(reading, "protocol")), TEXT("6")) ? FAMILY_INET6 : FAMILY_INET);

	if (member(reading, "ipaddr")[0])
		record_set(reading->record, "local", member(reading, "ipaddr"));
	else if (is(reading, "interface", "lo0"))
		record_set(reading->record, "local", "127.0.0.1");
	else if (own.family != FAMILY_NONE)
		record_set(reading->record, "local", address_print(reading->arena, &own));
}

static void
read_key(struct reading *reading)
{
	size_t         len = 0;
	const char    *tls = member(reading, "tls"), *text = tls[0] ? base64_decode(reading->arena, text_of(tls), &len) : NULL;
	struct record *key;

	if (!tls[0])
		return;
	/* A key that cannot be read is a reference to none: it does not run. */
	record_set(reading->record, "tls_key", reading->record->uuid);
	if (!text || len == 0)
		return;
	key = record_make(reading->arena, schema_named(snapshot_schema(reading->snapshot), "openvpn.static_key"));
	memcpy(key->uuid, reading->record->uuid, sizeof(key->uuid));
	record_set(key, "mode", is(reading, "tls_type", "crypt") ? "crypt" : "auth");
	record_set(key, "key", arena_copy(reading->arena, (struct text){ text, len }));
	reading->all->keys[reading->all->nkeys++] = key;
	if (is(reading, "tlsauth_keydir", "0") || is(reading, "tlsauth_keydir", "1"))
		miss(reading, "the direction of the key is the usual one");
}

static void
read_alive(struct reading *reading)
{
	if (is(reading, "ping_method", "keepalive")) {
		record_set(reading->record, "keepalive_interval", member(reading, "keepalive_interval"));
		record_set(reading->record, "keepalive_timeout", member(reading, "keepalive_timeout"));
	} else if (is(reading, "ping_method", "ping")) {
		miss(reading, "ping_method: pings are as the other side wants them");
	}
	/* Bytes and seconds, which are numbers. */
	int64_t number;

	if (number_read(text_of(member(reading, "inactive_seconds")), 1, INT32_MAX, &number))
		buffer_print(&reading->lines, "inactive %lld\n", (long long)number);
	if (number_read(text_of(member(reading, "sndrcvbuf")), 1, INT32_MAX, &number))
		buffer_print(&reading->lines, "sndbuf %lld\nrcvbuf %lld\n", (long long)number, (long long)number);
}

static void
read_flags(struct reading *reading)
{
	static const struct same flags[] = {
		{ "passtos", "passtos" }, { "client2client", "client-to-client" }, { "dynamic_ip", "float" }, { "udp_fast_io", "fast-io" },
		{ "route_no_exec", "route-noexec" }, { "route_no_pull", "route-nopull" },
	};
	const bool is_udp = text_starts(record_text(reading->record, "proto"), TEXT("udp"));

	for (size_t i = 0; i < COUNT(flags); i++)
		if (is(reading, flags[i].name, "yes") && (is_udp || strcmp(flags[i].name, "udp_fast_io") != 0))
			add(reading, "various_flags", flags[i].field);
	if (is_there(reading, "duplicate_cn"))
		add(reading, "various_flags", "duplicate-cn");
	if (is_udp && (is(reading, "exit_notify", "1") || is(reading, "exit_notify", "2")))
		add(reading, "various_flags", "explicit-exit-notify");
}

/* Free lines of its configuration would be anything. */
static void
miss_members(struct reading *reading)
{
	static const struct same missed[] = {
		{ "custom_options", "custom options" }, { "use_shaper", "the limit of its bandwidth" }, { "netbios_enable", "NetBIOS" },
		{ "ocspcheck", "OCSP" }, { "dns_add", "name servers of the other side" }, { "auth-retry-none", "auth-retry-none" },
		{ "serverbridge_dhcp", "the bridge" }, { "compression_push", "compression" }, { "proxy_user", "the user of its proxy" },
	};

	for (size_t i = 0; i < COUNT(missed); i++)
		if (member(reading, missed[i].name)[0] && !is(reading, missed[i].name, "0"))
			miss(reading, missed[i].field);
	if (member(reading, "ecdh_curve")[0] && !is(reading, "ecdh_curve", "none"))
		miss(reading, "the curve of its keys");
	if (is(reading, "allow_compression", "yes") || member(reading, "compression")[0])
		miss(reading, "compression");
}

static void
read_common(struct reading *reading)
{
	static const struct same same[] = {
		{ "vpnid", "vpnid" }, { "local_port", "port" }, { "data_ciphers_fallback", "data-ciphers-fallback" }, { "digest", "auth" },
		{ "caref", "ca" }, { "certref", "cert" }, { "crlref", "crl" }, { "verbosity_level", "verb" },
	};

	copy_all(reading, same, COUNT(same));
	if (is(reading, "ncp_enable", "enabled"))
		record_set(reading->record, "data-ciphers", without_blanks(reading->arena, member(reading, "data_ciphers")));
	record_set(reading->record, "enabled", is_there(reading, "disable") ? "0" : "1");
	record_set(reading->record, "description", member(reading, "description"));
	record_set(reading->record, "proto", lowered(reading->arena, member(reading, "protocol")));
	record_set(reading->record, "dev_type", is(reading, "dev_mode", "tap") ? "tap" : "tun");
	if (member(reading, "topology")[0])
		record_set(reading->record, "topology", member(reading, "topology"));
	add(reading, "route", without_blanks(reading->arena, member(reading, "remote_network")));
	add(reading, "route", without_blanks(reading->arena, member(reading, "remote_networkv6")));
	if (is(reading, "interface", "any"))
		record_set(reading->record, "local", "");
	else
		read_local(reading);
	read_key(reading);
	read_alive(reading);
	read_flags(reading);
	miss_members(reading);
}

/* --- Servers, clients, overrides --------------------------------------------------------------------------- */

static void
read_server(struct reading *reading)
{
	static const struct same same[] = {
		{ "tunnel_network", "server" }, { "tunnel_networkv6", "server_ipv6" }, { "maxclients", "maxclients" },
		{ "cert_depth", "cert_depth" }, { "dns_domain", "dns_domain" },
	};
	const bool asks = is(reading, "mode", "server_user") || is(reading, "mode", "server_tls_user");

	record_set(reading->record, "role", "server");
	copy_all(reading, same, COUNT(same));
	add(reading, "push_route", without_blanks(reading->arena, member(reading, "local_network")));
	add(reading, "push_route", without_blanks(reading->arena, member(reading, "local_networkv6")));
	add(reading, "redirect_gateway", is(reading, "gwredir", "yes") ? "def1" : "");
	add(reading, "redirect_gateway", is(reading, "gwredir6", "yes") ? is(reading, "gwredir", "yes") ? "ipv6" : "ipv6,!ipv4" : "");
	add_numbered(reading, "dns_server", "dns_servers");
	add_numbered(reading, "ntp_server", "ntp_servers");
	add(reading, "various_push_flags", is(reading, "push_blockoutsidedns", "yes") ? "block-outside-dns" : "");
	add(reading, "various_push_flags", is(reading, "push_register_dns", "yes") ? "register-dns" : "");
	record_set(reading->record, "verify_client_cert", is(reading, "mode", "server_user") ? "none" : "require");
	record_set(reading->record, "authmode", asks ? member(reading, "authmode") : "");
	record_set(reading->record, "username_as_common_name", asks && is(reading, "username_as_common_name", "enabled") ? "1" : "0");
	record_set(reading->record, "strictusercn", is(reading, "strictusercn", "yes") ? "1" : "0");
	if (is(reading, "mode", "p2p_tls") && !is(reading, "dev_mode", "tap") && text_ends(text_of(member(reading, "tunnel_network")), TEXT("/30")))
		record_set(reading->record, "topology", "p2p");
	if (member(reading, "wins_server1")[0])
		miss(reading, "WINS");
}

static void
read_client(struct reading *reading)
{
	const char *host = member(reading, "server_addr"), *port = member(reading, "server_port");
	const bool  is_v6 = strchr(host, ':') != NULL;

	record_set(reading->record, "role", "client");
	record_set(reading->record, "remote",
		   arena_print(reading->arena, is_v6 ? "[%s]%s%s" : "%s%s%s", host, port[0] ? ":" : "", port));
	if (member(reading, "proxy_addr")[0])
		record_set(reading->record, "http-proxy",
			   arena_print(reading->arena, "%s:%s", member(reading, "proxy_addr"), member(reading, "proxy_port")));
	record_set(reading->record, "remote_cert_tls", is(reading, "remote_cert_tls", "yes") ? "1" : "0");
	record_set(reading->record, "username", member(reading, "auth_user"));
	record_set(reading->record, "password", member(reading, "auth_passwd"));
	/* Without a port of its own it takes any. */
	if (!member(reading, "local_port")[0])
		record_set(reading->record, "local", "");
	if (member(reading, "tunnel_network")[0] || member(reading, "tunnel_networkv6")[0])
		miss(reading, "its address is what the server gives");
}

static void
read_override(struct reading *reading)
{
	static const struct same same[] = {
		{ "server_list", "servers" }, { "tunnel_network", "tunnel_network" }, { "tunnel_networkv6", "tunnel_networkv6" },
		{ "dns_domain", "dns_domain" },
	};

	copy_all(reading, same, COUNT(same));
	record_set(reading->record, "enabled", is_there(reading, "disable") ? "0" : "1");
	record_set(reading->record, "common_name", member(reading, "common_name"));
	record_set(reading->record, "block", is(reading, "block", "yes") ? "1" : "0");
	record_set(reading->record, "push_reset", is(reading, "push_reset", "yes") ? "1" : "0");
	add(reading, "local_networks", without_blanks(reading->arena, member(reading, "local_network")));
	add(reading, "local_networks", without_blanks(reading->arena, member(reading, "local_networkv6")));
	add(reading, "remote_networks", without_blanks(reading->arena, member(reading, "remote_network")));
	add(reading, "remote_networks", without_blanks(reading->arena, member(reading, "remote_networkv6")));
	add(reading, "redirect_gateway", is(reading, "gwredir", "yes") ? "def1" : "");
	add_numbered(reading, "dns_server", "dns_servers");
	add_numbered(reading, "ntp_server", "ntp_servers");
	add_numbered(reading, "wins_server", "wins_servers");
}

static void
begin(struct reading *reading, const struct value *peer, const char *resource)
{
	reading->peer = peer;
	reading->record = record_make(reading->arena, schema_named(snapshot_schema(reading->snapshot), resource));
	buffer_cut(&reading->lines, 0);
	buffer_cut(&reading->missing, 0);
}

/* By its number, which stays when others go; by its place where that is none. */
static void
name_peer(struct reading *reading, const char *kind, size_t place)
{
	int64_t number;

	if (number_read(text_of(member(reading, "vpnid")), 1, UINT32_MAX, &number))
		snprintf(reading->record->uuid, sizeof(reading->record->uuid), "pfsense-%s-%lld", kind, (long long)number);
	else
		snprintf(reading->record->uuid, sizeof(reading->record->uuid), "pfsense-%s-at-%zu", kind, place);
}

static void
read_peers(struct reading *reading, const struct value *list, const char *kind, void (*read)(struct reading *))
{
	for (size_t i = 0; i < value_count(list) && i < PEERS_MAX; i++) {
		begin(reading, value_at(list, i), "openvpn.instance");
		name_peer(reading, kind, i);
		/* There is no certificate to it: it will not run, and says so. */
		if (is(reading, "mode", "p2p_shared_key"))
			miss(reading, "a key that both sides share is not enough for this OpenVPN");
		read_common(reading);
		read(reading);
		reading->all->instances[reading->all->ninstances++] = (struct openvpn_instance){
			reading->record, arena_copy(reading->arena, buffer_text(&reading->lines)),
			arena_copy(reading->arena, buffer_text(&reading->missing)),
		};
	}
}

static void
read_overrides(struct reading *reading, const struct value *list)
{
	for (size_t i = 0; i < value_count(list) && i < PEERS_MAX; i++) {
		begin(reading, value_at(list, i), "openvpn.client_overwrite");
		name_peer(reading, "csc", i);
		read_override(reading);
		reading->all->clients[reading->all->nclients++] = reading->record;
	}
}

/* --- All of them ------------------------------------------------------------------------------------------- */

static const struct record **
kept(struct arena *arena, const struct collection *records)
{
	const struct record **list = ARENA_MAKE(arena, const struct record *, collection_count(records) + 2 * PEERS_MAX);

	collection_copy(records, list);
	return list;
}

static const struct value *
read_section(struct arena *arena, const struct snapshot *snapshot)
{
	const struct record *section = collection_find(snapshot_named(snapshot, "pfsense.section"), TEXT(SECTION));
	struct value        *tree = NULL;

	if (!section || json_read(arena, record_text(section, "body"), NULL, &tree, NULL) != RESULT_DONE)
		return NULL;
	return tree;
}

const struct openvpn_all *
openvpn_read(struct arena *arena, const struct snapshot *snapshot)
{
	const struct collection *instances = snapshot_named(snapshot, "openvpn.instance");
	const struct collection *clients = snapshot_named(snapshot, "openvpn.client_overwrite");
	const struct collection *keys = snapshot_named(snapshot, "openvpn.static_key");
	struct openvpn_all      *all = ARENA_MAKE(arena, struct openvpn_all, 1);
	struct reading           reading = { .arena = arena, .snapshot = snapshot, .all = all };
	const struct value      *tree = read_section(arena, snapshot);

	*all = (struct openvpn_all){
		ARENA_MAKE(arena, struct openvpn_instance, collection_count(instances) + 2 * PEERS_MAX), kept(arena, clients),
		kept(arena, keys), collection_count(instances), collection_count(clients), collection_count(keys),
	};
	for (size_t i = 0; i < all->ninstances; i++)
		all->instances[i] = (struct openvpn_instance){ collection_at(instances, i), "", "" };
	read_peers(&reading, value_get(tree, "openvpn-server"), "server", read_server);
	read_peers(&reading, value_get(tree, "openvpn-client"), "client", read_client);
	read_overrides(&reading, value_get(tree, "openvpn-csc"));
	buffer_clear(&reading.lines);
	buffer_clear(&reading.missing);
	return all;
}
