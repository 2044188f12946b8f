/* The lines of an instance's configuration, from its fields. */
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/service/openvpn/openvpn.h"
#include "schema/hosts.h"

#define CIPHERS_MAX  127 /* bytes of a list that OpenVPN takes */
#define VERB_MAX     6   /* what it says beyond has keys in it */
#define DEFAULT_PORT "1194"

static bool
is_value(const struct tunnel *tunnel, const char *field, const char *value)
{
	return text_is(record_text(tunnel->instance, field), value);
}

/* --- The way between both ends -------------------------------------------------------------------------- */

static const char *
protocol_of(const struct tunnel *tunnel)
{
	static const struct {
		const char *name, *server, *client;
	} protocols[] = {
		{ "udp", "udp", "udp" },   { "udp4", "udp4", "udp4" },               { "udp6", "udp6", "udp6" },
		{ "tcp", "tcp-server", "tcp-client" }, { "tcp4", "tcp4-server", "tcp4-client" }, { "tcp6", "tcp6-server", "tcp6-client" },
	};

	for (size_t i = 0; i < COUNT(protocols); i++)
		if (is_value(tunnel, "proto", protocols[i].name))
			return tunnel->is_server ? protocols[i].server : protocols[i].client;
	return "udp";
}

static void
put_remotes(struct tunnel *tunnel)
{
	struct text rest = record_text(tunnel->instance, "remote"), one;

	while (text_next(&rest, ",", &one)) {
		struct text    host = one, port = TEXT_NONE;
		struct address address;

		if (!address_read(one, &address) && !address_and_port_read(one, &host, &port))
			host = TEXT_NONE;
		if (openvpn_is_word(host) && (port.len == 0 || port_number_is_valid(port)))
			tunnel_print(tunnel, "remote %.*s %.*s", TEXT_ARGS(host), TEXT_ARGS(port.len ? port : TEXT(DEFAULT_PORT)));
		else
			tunnel_miss(tunnel, "remote", "not all of it are hosts");
	}
}

/* "host:port" as two words. */
static void
put_end(struct tunnel *tunnel, const char *option, const char *field)
{
	struct text host, port;

	if (!record_has(tunnel->instance, field))
		return;
	if (address_and_port_read(record_text(tunnel->instance, field), &host, &port) && openvpn_is_word(host) &&
	    port_number_is_valid(port))
		tunnel_print(tunnel, "%s %.*s %.*s", option, TEXT_ARGS(host), TEXT_ARGS(port));
	else
		tunnel_miss(tunnel, field, "it is no host with its port");
}

static void
put_transport(struct tunnel *tunnel)
{
	const bool has_port = record_has(tunnel->instance, "port"), has_local = record_has(tunnel->instance, "local");
	struct address local;

	tunnel_print(tunnel, "proto %s", protocol_of(tunnel));
	if (!tunnel->is_server && !has_port && !has_local)
		tunnel_print(tunnel, "nobind");
	else if (has_port)
		tunnel_number(tunnel, "lport", "port", 1, UINT16_MAX);
	else
		tunnel_print(tunnel, "lport %s", tunnel->is_server ? DEFAULT_PORT : "0");
	if (has_local && address_read(record_text(tunnel->instance, "local"), &local))
		tunnel_print(tunnel, "local %s", address_print(tunnel->view->arena, &local));
	else if (has_local)
		tunnel_miss(tunnel, "local", "it is no address");
	if (tunnel->is_server)
		put_end(tunnel, "port-share", "port-share");
	else
		put_end(tunnel, "http-proxy", "http-proxy");
	if (!tunnel->is_server)
		put_remotes(tunnel);
}

static void
put_keepalive(struct tunnel *tunnel)
{
	int64_t interval = 0, timeout = 0;

	if (service_number(tunnel->instance, "keepalive_interval", 1, INT32_MAX / 2, &interval) &&
	    service_number(tunnel->instance, "keepalive_timeout", 1, INT32_MAX / 2, &timeout))
		tunnel_print(tunnel, "keepalive %lld %lld", (long long)interval, (long long)timeout);
	if (tunnel->is_server)
		tunnel_print(tunnel, "ping-timer-rem");
}

/* --- The device and its networks ------------------------------------------------------------------------ */

static void
put_device(struct tunnel *tunnel)
{
	tunnel_print(tunnel, "dev %s", tunnel->device);
	tunnel_print(tunnel, "dev-type %s", tunnel->is_tap ? "tap" : "tun");
	/* Asked for by name it is used where the kernel has it. */
	if (!is_value(tunnel, "dev_type", "ovpn"))
		tunnel_print(tunnel, "disable-dco");
	tunnel_number(tunnel, "tun-mtu", "tun_mtu", 100, UINT16_MAX);
	if (record_has(tunnel->instance, "fragment") && tunnel->is_udp)
		tunnel_number(tunnel, "fragment", "fragment", 68, 65528);
	if (record_bool(tunnel->instance, "mssfix"))
		tunnel_print(tunnel, "mssfix");
}

/* Two ends of a network that OpenVPN makes no pool of by itself: one for us, one for the client. */
static bool
put_pair(struct tunnel *tunnel, const struct prefix *network)
{
	struct address ours = prefix_first(network), theirs;

	if (network->bits > 31 || (network->bits < 31 && !address_next(&ours)))
		return false;
	theirs = ours;
	if (!address_next(&theirs))
		return false;
	tunnel_print(tunnel, "mode server");
	tunnel_print(tunnel, "tls-server");
	tunnel_print(tunnel, "ifconfig %s %s", address_print(tunnel->view->arena, &ours), address_print(tunnel->view->arena, &theirs));
	tunnel_push(tunnel, "topology p2p");
	tunnel->pair = arena_print(tunnel->view->arena, "ifconfig-push %s %s", address_print(tunnel->view->arena, &theirs),
				   address_print(tunnel->view->arena, &ours));
	return true;
}

static bool
put_network(struct tunnel *tunnel)
{
	const bool    is_point = !tunnel->is_tap && is_value(tunnel, "topology", "p2p");
	const char   *nopool = record_bool(tunnel->instance, "nopool") ? " nopool" : "";
	struct prefix network;

	if (!record_has(tunnel->instance, "server"))
		return false;
	if (!prefix_read(record_text(tunnel->instance, "server"), &network) || network.address.family != FAMILY_INET) {
		tunnel_miss(tunnel, "server", "it is no network of IPv4");
		return false;
	}
	if (network.bits > 29 && is_point && put_pair(tunnel, &network))
		return true;
	if (network.bits > 29 || network.bits < 8) {
		tunnel_miss(tunnel, "server", "OpenVPN makes no pool of a network of this size");
		return false;
	}
	network.address = prefix_first(&network);
	tunnel_print(tunnel, "server %s %s%s", address_print(tunnel->view->arena, &network.address),
		     openvpn_mask(tunnel->view->arena, &network), nopool);
	return true;
}

static bool
put_network6(struct tunnel *tunnel)
{
	struct prefix network;

	if (!record_has(tunnel->instance, "server_ipv6"))
		return false;
	if (!prefix_read(record_text(tunnel->instance, "server_ipv6"), &network) || network.address.family != FAMILY_INET6 ||
	    network.bits < 64 || network.bits > 124) {
		tunnel_miss(tunnel, "server_ipv6", "OpenVPN takes networks from /64 to /124");
		return false;
	}
	network.address = prefix_first(&network);
	tunnel_print(tunnel, "server-ipv6 %s", prefix_print(tunnel->view->arena, &network));
	return true;
}

static bool
put_bridge(struct tunnel *tunnel)
{
	struct arena  *arena = tunnel->view->arena;
	struct address first, last;
	struct prefix  gateway;

	if (!tunnel->is_tap || !record_has(tunnel->instance, "bridge_gateway"))
		return false;
	if (!prefix_read(record_text(tunnel->instance, "bridge_gateway"), &gateway) || gateway.address.family != FAMILY_INET ||
	    !address_range_read(record_text(tunnel->instance, "bridge_pool"), &first, &last) || first.family != FAMILY_INET) {
		tunnel_miss(tunnel, "bridge_gateway", "it is no address with a pool");
		return false;
	}
	tunnel_print(tunnel, "server-bridge %s %s %s %s", address_print(arena, &gateway.address), openvpn_mask(arena, &gateway),
		     address_print(arena, &first), address_print(arena, &last));
	return true;
}

static void
put_networks(struct tunnel *tunnel)
{
	static const char *const topologies[] = { "net30", "p2p", "subnet", NULL };

	if (!tunnel->is_tap)
		tunnel_print(tunnel, "topology %s", topologies[record_choice(tunnel->instance, "topology", topologies, 2)]);
	const bool is_bridge = put_bridge(tunnel);
	const bool has_network = !is_bridge && put_network(tunnel);
	const bool has_network6 = put_network6(tunnel);

	if (!is_bridge && !has_network && !has_network6) {
		tunnel_print(tunnel, "mode server");
		tunnel_print(tunnel, "tls-server");
	}
}

/* --- What protects it ----------------------------------------------------------------------------------- */

static void
put_ciphers(struct tunnel *tunnel)
{
	scoped_buffer list = BUFFER_NONE;
	struct text   rest = record_text(tunnel->instance, "data-ciphers"), one;

	while (text_next(&rest, ",", &one))
		if (openvpn_is_word(one))
			buffer_print(&list, "%s%.*s", list.len ? ":" : "", TEXT_ARGS(one));
	if (list.len > CIPHERS_MAX)
		tunnel_miss(tunnel, "data-ciphers", "OpenVPN takes no list as long as this");
	else if (list.len > 0)
		tunnel_print(tunnel, "data-ciphers %s", buffer_string(&list));
	tunnel_word(tunnel, "data-ciphers-fallback", "data-ciphers-fallback");
	tunnel_word(tunnel, "auth", "auth");
	tunnel_number(tunnel, "reneg-sec", "reneg-sec", 0, INT32_MAX);
	if (record_bool(tunnel->instance, "remote_cert_tls"))
		tunnel_print(tunnel, "remote-cert-tls %s", tunnel->is_server ? "client" : "server");
	/* The field holds no blanks, and so no subject: it is a common name. */
	if (record_has(tunnel->instance, "verify-x509-name"))
		tunnel_quote(tunnel, "verify-x509-name", record_text(tunnel->instance, "verify-x509-name"), " name");
}

/* --- What it does besides ------------------------------------------------------------------------------- */

enum { ONLY_SERVER = 1, ONLY_CLIENT = 2, ONLY_UDP = 4 };

static void
put_flags(struct tunnel *tunnel)
{
	static const struct {
		const char *name;
		unsigned    limits;
	} flags[] = {
		{ "block-ipv6", 0 },        { "client-to-client", ONLY_SERVER }, { "duplicate-cn", ONLY_SERVER },
		{ "float", 0 },             { "passtos", 0 },                    { "persist-remote-ip", 0 },
		{ "remote-random", ONLY_CLIENT }, { "route-noexec", 0 },         { "route-nopull", ONLY_CLIENT },
		{ "explicit-exit-notify", ONLY_UDP }, { "fast-io", ONLY_UDP },
	};
	const struct text wanted = record_text(tunnel->instance, "various_flags");

	for (size_t i = 0; i < COUNT(flags); i++) {
		if (!text_lists(wanted, text_of(flags[i].name)))
			continue;
		if ((flags[i].limits & ONLY_SERVER && !tunnel->is_server) || (flags[i].limits & ONLY_CLIENT && tunnel->is_server) ||
		    (flags[i].limits & ONLY_UDP && !tunnel->is_udp))
			service_miss(tunnel->draft, "%s: OpenVPN knows no %s here", tunnel->name, flags[i].name);
		else
			tunnel_print(tunnel, "%s", flags[i].name);
	}
}

static void
put_pushes(struct tunnel *tunnel)
{
	static const char *const flags[] = { "block-ipv6", "block-outside-dns", "register-dns", "explicit-exit-notify" };
	const struct text        wanted = record_text(tunnel->instance, "various_push_flags");
	int64_t                  number;

	tunnel_routes(tunnel, tunnel->instance, "push_route", true, "route", "");
	tunnel_routes(tunnel, tunnel->instance, "push_excluded_routes", true, "route", " net_gateway");
	tunnel_push_settings(tunnel, tunnel->instance);
	for (size_t i = 0; i < COUNT(flags); i++)
		if (text_lists(wanted, text_of(flags[i])))
			tunnel_push(tunnel, "%s", flags[i]);
	if (service_number(tunnel->instance, "push_inactive", 1, INT32_MAX, &number))
		tunnel_push(tunnel, "inactive %lld", (long long)number);
	if (service_number(tunnel->instance, "route_metric", 0, UINT16_MAX, &number))
		tunnel_push(tunnel, "route-metric %lld", (long long)number);
}

static void
put_server(struct tunnel *tunnel)
{
	tunnel_print(tunnel, "dh none");
	put_networks(tunnel);
	tunnel_print(tunnel, "client-config-dir %s/clients", tunnel->directory);
	if (record_bool(tunnel->instance, "provision_exclusive"))
		tunnel_print(tunnel, "ccd-exclusive");
	tunnel_number(tunnel, "max-clients", "maxclients", 1, INT32_MAX);
	if (record_bool(tunnel->instance, "ifconfig-pool-persist"))
		tunnel_print(tunnel, "ifconfig-pool-persist /var/lib/drawbridge-openvpn/%s.pool", tunnel->device);
	if (record_bool(tunnel->instance, "compress_migrate"))
		tunnel_print(tunnel, "compress migrate");
	put_pushes(tunnel);
}

static void
put_client(struct tunnel *tunnel)
{
	tunnel_print(tunnel, "client");
	tunnel_number(tunnel, "route-metric", "route_metric", 0, UINT16_MAX);
}

static void
miss_fields(struct tunnel *tunnel)
{
	static const struct {
		const char *field, *why;
		bool        is_server;
	} missed[] = {
		{ "use_ocsp", "OpenVPN asks nobody whether a certificate is still good; a revocation list does", true },
		{ "carp_depend_on", "it runs whatever the state of the virtual address" },
	};
	int64_t number;

	for (size_t i = 0; i < COUNT(missed); i++)
		if (record_has(tunnel->instance, missed[i].field) && (tunnel->is_server || !missed[i].is_server))
			tunnel_miss(tunnel, missed[i].field, missed[i].why);
	if (service_number(tunnel->instance, "verb", VERB_MAX + 1, 11, &number))
		tunnel_miss(tunnel, "verb", "from 7 on there would be keys in the log: it is 6");
}

void
tunnel_settings(struct tunnel *tunnel)
{
	int64_t verb = 3;

	(void)service_number(tunnel->instance, "verb", 0, 11, &verb);
	tunnel_print(tunnel, "# Written by drawbridge.");
	put_device(tunnel);
	tunnel_print(tunnel, "verb %d", verb > VERB_MAX ? VERB_MAX : (int)verb);
	tunnel_print(tunnel, "suppress-timestamps");
	tunnel_print(tunnel, "persist-tun");
	tunnel_print(tunnel, "persist-key");
	tunnel_print(tunnel, "management /run/drawbridge-openvpn/%s.sock unix", tunnel->instance->uuid);
	put_transport(tunnel);
	put_keepalive(tunnel);
	put_ciphers(tunnel);
	if (tunnel->is_server)
		put_server(tunnel);
	else
		put_client(tunnel);
	tunnel_routes(tunnel, tunnel->instance, "route", false, "route", "");
	put_flags(tunnel);
	miss_fields(tunnel);
}
