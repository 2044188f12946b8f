/* What OpenVPN reads is what was configured: no value is an option of its own, keys are for its eyes only. */
#include <string.h>

#include "base/base64.h"
#include "planned.h"
#include "test.h"

#define SERVER   "10000000-0000-4000-8000-000000000001"
#define CLIENT   "10000000-0000-4000-8000-000000000002"
#define OVERRIDE "10000000-0000-4000-8000-000000000003"
#define KEY      "10000000-0000-4000-8000-000000000004"
#define FOLDER   "/etc/openvpn/drawbridge-" SERVER

static void
put_pem(struct planned *planned, const char *resource, const char *refid, const char *caref)
{
	planned_put(planned, resource, NULL, "refid", refid, "caref", caref, strcmp(resource, "trust.crl") == 0 ? "text" : "crt",
		    base64_encode(planned->arena, text_of(arena_print(planned->arena, "PEM of %s\n", refid))), NULL);
}

static struct planned *
with_server(void)
{
	struct planned *planned = planned_new();

	put_pem(planned, "trust.ca", "0000000000001", "");
	put_pem(planned, "trust.ca", "0000000000002", "0000000000001");
	put_pem(planned, "trust.cert", "0000000000003", "0000000000002");
	put_pem(planned, "trust.crl", "0000000000004", "0000000000002");
	planned_put(planned, "trust.cert", "00000000-0000-4000-8000-000000000000", "prv",
		    base64_encode(planned->arena, TEXT("the private key\n")), NULL);
	planned_put(planned, "openvpn.static_key", KEY, "mode", "crypt", "key", "shared", "description", "k", NULL);
	planned_put(planned, "openvpn.instance", SERVER, "vpnid", "1", "enabled", "1", "role", "server", "server", "10.8.0.0/24", "cert",
		    "0000000000003", "description", "road", NULL);
	return planned;
}

static const char *
plan(struct planned *planned)
{
	planned_read(planned, "openvpn");
	return planned_file(planned, "openvpn@" SERVER, "openvpn.conf");
}

static bool
has_line(const char *text, const char *line)
{
	const size_t len = strlen(line);

	for (const char *at = strstr(text, line); at; at = strstr(at + 1, line))
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return true;
	return false;
}

static bool
is_missed(const struct planned *planned, const char *words)
{
	return strstr(buffer_string(&planned->missing), words) != NULL;
}

TEST(a_server_has_its_network_its_device_and_its_proofs)
{
	static const char *const lines[] = {
		"dev ovpns1", "dev-type tun", "disable-dco", "proto udp", "lport 1194", "topology subnet", "server 10.8.0.0 255.255.255.0",
		"dh none", "ca " FOLDER "/ca.pem", "cert " FOLDER "/cert.pem", "key " FOLDER "/key.pem", "client-config-dir " FOLDER "/clients",
		"management /run/drawbridge-openvpn/" SERVER ".sock unix", "verb 3",
	};
	struct planned *planned = with_server();
	const char     *text = plan(planned);

	for (size_t i = 0; i < COUNT(lines); i++)
		if (!has_line(text, lines[i]))
			fail_msg("%s is not in:\n%s", lines[i], text);
	CHECK_STRING(planned_file(planned, "openvpn@" SERVER, "ca.pem"), "PEM of 0000000000002\n\nPEM of 0000000000001\n\n");
	CHECK_STRING(planned_file(planned, "openvpn@" SERVER, "key.pem"), "the private key\n");
	CHECK(!strstr(text, "crl-verify") && !strstr(text, "script-security") && !strstr(text, "keepalive"));
	CHECK_NUMBER(planned->missing.len, 0);
	planned_free(planned);
}

/* A field of the server, what it is set to, and the line that comes of it; or, without a line, what is said of it. */
TEST(each_field_is_a_line_or_is_missed)
{
	static const char *const cases[][4] = {
		{ "dev_type", "tap", "dev-type tap" }, { "verb", "6", "verb 6" }, { "verb", "7", NULL, "verb" },
		{ "verb", "11", "verb 6", "verb" },
		{ "proto", "udp6", "proto udp6" }, { "proto", "tcp", "proto tcp-server" }, { "proto", "tcp6", "proto tcp6-server" },
		{ "port", "443", "lport 443" }, { "port-share", "10.0.0.1:8443", "port-share 10.0.0.1 8443" },
		{ "local", "2001:DB8::1", "local 2001:db8::1" }, { "topology", "net30", "topology net30" },
		{ "topology", "p2p", "topology p2p" }, { "server", "10.9.0.0/16", "server 10.9.0.0 255.255.0.0" },
		{ "server", "10.9.0.0/30", "mode server", "server" }, { "server_ipv6", "fd00::/64", "server-ipv6 fd00::/64" },
		{ "server_ipv6", "fd00::/48", NULL, "server_ipv6" }, { "nopool", "1", "server 10.8.0.0 255.255.255.0 nopool" },
		{ "route", "10.1.0.0/16", "route 10.1.0.0 255.255.0.0" }, { "route", "fd01::/64", "route-ipv6 fd01::/64" },
		{ "push_route", "10.2.0.0/15", "push \"route 10.2.0.0 255.254.0.0\"" },
		{ "push_route", "0.0.0.0/0", "push \"route 0.0.0.0 0.0.0.0\"" },
		{ "push_excluded_routes", "10.3.0.0/16", "push \"route 10.3.0.0 255.255.0.0 net_gateway\"" },
		{ "crl", "0000000000004", "crl-verify " FOLDER "/clients/list-of-revoked-certificates-whose-name-is-longer-than-that-of-any-client.pem" },
		{ "ca", "0000000000001", "ca " FOLDER "/ca.pem" }, { "cert_depth", "2", "tls-verify \"/run/drawbridge-openvpn/login depth 2\"" },
		{ "remote_cert_tls", "1", "remote-cert-tls client" }, { "use_ocsp", "1", NULL, "use_ocsp" }, { "auth", "SHA512", "auth SHA512" },
		{ "data-ciphers", "AES-256-GCM,AES-128-GCM", "data-ciphers AES-256-GCM:AES-128-GCM" },
		{ "data-ciphers-fallback", "AES-256-CBC", "data-ciphers-fallback AES-256-CBC" },
		{ "tls_key", KEY, "tls-crypt " FOLDER "/shared.key" }, { "various_flags", "float,client-to-client", "client-to-client" },
		{ "various_flags", "duplicate-cn", "duplicate-cn" }, { "various_flags", "explicit-exit-notify", "explicit-exit-notify" },
		{ "various_flags", "remote-random", NULL, "remote-random" },
		{ "various_push_flags", "block-outside-dns", "push \"block-outside-dns\"" },
		{ "push_inactive", "600", "push \"inactive 600\"" }, { "maxclients", "7", "max-clients 7" },
		{ "reneg-sec", "0", "reneg-sec 0" }, { "provision_exclusive", "1", "ccd-exclusive" },
		{ "redirect_gateway", "def1,ipv6,!ipv4", "push \"redirect-gateway def1 ipv6 !ipv4\"" },
		{ "route_metric", "50", "push \"route-metric 50\"" }, { "register_dns", "1", "push \"register-dns\"" },
		{ "dns_domain", "a.example", "push \"dhcp-option DOMAIN a.example\"" },
		{ "dns_domain_search", "b.example,c.example", "push \"dhcp-option DOMAIN-SEARCH c.example\"" },
		{ "dns_servers", "10.8.0.1,fd00::1", "push \"dhcp-option DNS fd00::1\"" },
		{ "ntp_servers", "10.8.0.1", "push \"dhcp-option NTP 10.8.0.1\"" }, { "tun_mtu", "1400", "tun-mtu 1400" },
		{ "tun_mtu", "60", NULL, "tun_mtu" }, { "fragment", "1300", "fragment 1300" }, { "mssfix", "1", "mssfix" },
		{ "carp_depend_on", KEY, NULL, "carp_depend_on" }, { "compress_migrate", "1", "compress migrate" },
		{ "ifconfig-pool-persist", "1", "ifconfig-pool-persist /var/lib/drawbridge-openvpn/ovpns1.pool" },
		{ "verify-x509-name", "O=\"a\\b\"", "verify-x509-name \"O=\\\"a\\\\b\\\"\" name" }, { "vpnid", "12345678901", NULL, "vpnid" },
		{ "cert", "9999999999999", NULL, "cert" }, { "ca", "9999999999999", NULL, "ca" }, { "crl", "9999999999999", NULL, "crl" },
		{ "tls_key", SERVER, NULL, "tls_key" }, { "authmode", "radius", NULL, "authmode" },
		{ "authmode", "Local Database,radius", "script-security 2", "authmode" },
		{ "authmode", "Local Database", "auth-user-pass-verify \"/run/drawbridge-openvpn/login users " FOLDER "/clients/list-of-users-who-may-"
		  "come-in-and-whose-names-are-all-shorter-than-the-name-of-this free\" via-file" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = with_server();

		planned_put(planned, "openvpn.instance", SERVER, cases[i][0], cases[i][1], NULL);
		const char *text = plan(planned);

		if (cases[i][2] && !has_line(text, cases[i][2]) && !(cases[i][3] && planned->missing.len))
			fail_msg("%s is not in:\n%s", cases[i][2], text);
		if (cases[i][3] ? !is_missed(planned, cases[i][3]) : planned->missing.len > 0)
			fail_msg("%s %s: %s", cases[i][0], cases[i][1], buffer_string(&planned->missing));
		planned_free(planned);
	}
}

/* Who would let in anybody, or nobody, has no process. */
TEST(without_its_proofs_it_does_not_run)
{
	static const char *const cases[][2] = { { "cert", "9999999999999" }, { "ca", "9999999999999" }, { "crl", "9999999999999" },
						{ "tls_key", SERVER },       { "cert", "" },             { "vpnid", "0" },
						{ "authmode", "radius" },    { "enabled", "0" } };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = with_server();

		planned_put(planned, "openvpn.instance", SERVER, cases[i][0], cases[i][1], NULL);
		plan(planned);
		for (size_t k = 0; k < planned->services.n; k++)
			CHECK(!planned->services.plans[k].wanted);
		planned_free(planned);
	}
}

TEST(a_small_network_is_two_ends)
{
	struct planned *planned = with_server();
	const char     *text;

	planned_put(planned, "openvpn.instance", SERVER, "topology", "p2p", "server", "10.9.0.0/30", NULL);
	text = plan(planned);
	CHECK(has_line(text, "ifconfig 10.9.0.1 10.9.0.2") && has_line(planned_file(planned, "openvpn@" SERVER, "clients/DEFAULT"), "ifconfig-push 10.9.0.2 10.9.0.1"));
	CHECK(has_line(text, "mode server") && has_line(text, "tls-server"));
	CHECK_NUMBER(planned->missing.len, 0);
	planned_put(planned, "openvpn.instance", SERVER, "server", "10.9.0.8/31", NULL);
	CHECK(has_line(plan(planned), "ifconfig 10.9.0.8 10.9.0.9"));
	planned_put(planned, "openvpn.instance", SERVER, "dev_type", "tap", "server", "", "bridge_gateway", "10.9.0.1/24", "bridge_pool",
		    "10.9.0.100-10.9.0.200", NULL);
	CHECK(has_line(plan(planned), "server-bridge 10.9.0.1 255.255.255.0 10.9.0.100 10.9.0.200"));
	planned_free(planned);
}

TEST(a_client_knows_where_to_and_who_it_is)
{
	struct planned *planned = with_server();
	const char     *text;

	planned_put(planned, "openvpn.instance", CLIENT, "vpnid", "2", "enabled", "1", "role", "client", "remote",
		    "vpn.example,192.0.2.1:443,[2001:db8::1]:1195,2001:db8::2", "proto", "tcp4", "ca", "0000000000001", "username", "me \"x\"",
		    "password", "p\\w d", "route_metric", "3", "various_flags", "remote-random,route-nopull", "http-proxy", "proxy.example:3128",
		    "remote_cert_tls", "1", NULL);
	plan(planned);
	text = planned_file(planned, "openvpn@" CLIENT, "openvpn.conf");
	CHECK(has_line(text, "client") && has_line(text, "dev ovpnc2") && has_line(text, "nobind") && has_line(text, "proto tcp4-client"));
	CHECK(has_line(text, "remote vpn.example 1194") && has_line(text, "remote 192.0.2.1 443"));
	CHECK(has_line(text, "remote 2001:db8::1 1195") && has_line(text, "remote 2001:db8::2 1194"));
	CHECK(has_line(text, "route-metric 3") && has_line(text, "remote-random") && has_line(text, "route-nopull"));
	CHECK(has_line(text, "http-proxy proxy.example 3128") && has_line(text, "remote-cert-tls server"));
	CHECK(!strstr(text, "cert.pem") && !strstr(text, "clients"));
	CHECK_STRING(planned_file(planned, "openvpn@" CLIENT, "login"), "me \"x\"\np\\w d\n");
	CHECK_NUMBER(planned->missing.len, 0);
	planned_put(planned, "openvpn.instance", CLIENT, "password", "a\nb", NULL);
	plan(planned);
	CHECK(is_missed(planned, "cannot be told"));
	planned_free(planned);
}

TEST(what_one_client_is_given_is_a_file_of_its_name)
{
	struct planned *planned = with_server();
	const char     *text;

	planned_put(planned, "openvpn.client_overwrite", OVERRIDE, "enabled", "1", "common_name", "ann smith@example.net", "block", "1",
		    "push_reset", "1", "tunnel_network", "10.8.0.77/24", "tunnel_networkv6", "fd00::77/64", "remote_networks",
		    "10.5.0.0/16,fd05::/64", "local_networks", "10.6.0.0/16", "route_gateway", "10.8.0.1", "redirect_gateway", "def1",
		    "dns_domain", "x.example", "wins_servers", "10.8.0.9", NULL);
	plan(planned);
	text = planned_file(planned, "openvpn@" SERVER, "clients/ann smith@example.net");
	CHECK(has_line(text, "disable") && has_line(text, "push-reset") && has_line(text, "ifconfig-push 10.8.0.77 255.255.255.0"));
	CHECK(has_line(text, "ifconfig-ipv6-push fd00::77/64") && has_line(text, "iroute 10.5.0.0 255.255.0.0"));
	CHECK(has_line(text, "iroute-ipv6 fd05::/64") && has_line(text, "push \"route 10.6.0.0 255.255.0.0\""));
	CHECK(has_line(text, "push \"route-gateway 10.8.0.1\"") && has_line(text, "push \"redirect-gateway def1\""));
	CHECK(has_line(text, "push \"dhcp-option DOMAIN x.example\"") && has_line(text, "push \"dhcp-option WINS 10.8.0.9\""));
	planned_put(planned, "openvpn.instance", SERVER, "topology", "net30", NULL);
	plan(planned);
	CHECK(has_line(planned_file(planned, "openvpn@" SERVER, "clients/ann smith@example.net"), "ifconfig-push 10.8.0.2 10.8.0.1"));
	planned_put(planned, "openvpn.client_overwrite", OVERRIDE, "servers", "2,3", NULL);
	plan(planned);
	CHECK_STRING(planned_file(planned, "openvpn@" SERVER, "clients/ann smith@example.net"), "");
	CHECK_NUMBER(planned->missing.len, 0);
	planned_put(planned, "openvpn.client_overwrite", OVERRIDE, "servers", "1", "common_name", "O'Brien", NULL);
	plan(planned);
	CHECK(is_missed(planned, "no file for clients"));
	planned_free(planned);
}

TEST(two_of_one_number_or_name_are_not_both_there)
{
	struct planned *planned = with_server();

	planned_put(planned, "openvpn.instance", CLIENT, "vpnid", "1", "enabled", "1", "role", "server", "server", "10.9.0.0/24", "cert",
		    "0000000000003", NULL);
	planned_put(planned, "openvpn.client_overwrite", OVERRIDE, "enabled", "1", "common_name", "ann", NULL);
	planned_put(planned, "openvpn.client_overwrite", NULL, "enabled", "1", "common_name", "ann", "block", "1", NULL);
	plan(planned);
	CHECK_NUMBER(planned->services.n, 1);
	CHECK(is_missed(planned, "the same number") && is_missed(planned, "the first counts"));
	CHECK(!strstr(planned_file(planned, "openvpn@" SERVER, "clients/ann"), "disable"));
	planned_free(planned);
}

TEST(keys_and_passwords_are_secret)
{
	struct planned *planned = with_server();

	planned_put(planned, "openvpn.instance", SERVER, "tls_key", KEY, NULL);
	planned_put(planned, "openvpn.instance", CLIENT, "vpnid", "2", "enabled", "1", "role", "client", "remote", "a.example", "ca",
		    "0000000000001", "username", "me", "password", "secret", NULL);
	plan(planned);
	for (size_t k = 0; k < planned->services.n; k++)
		for (size_t i = 0; i < planned->services.plans[k].nfiles; i++) {
			const struct service_file *file = &planned->services.plans[k].files[i];
			const bool is_key = strcmp(file->name, "key.pem") == 0 || strcmp(file->name, "shared.key") == 0 ||
					    strcmp(file->name, "login") == 0;

			CHECK(file->secret == is_key);
		}
	planned_free(planned);
}

static const char users_file[] = "clients/list-of-users-who-may-come-in-and-whose-names-are-all-shorter-than-the-name-of-this";

TEST(users_of_the_box_are_a_list_of_hashes)
{
	struct planned *planned = with_server();

	planned_put(planned, "auth.user", NULL, "uid", "2001", "name", "carol smith", "password", "$2b$10$x", NULL);
	planned_put(planned, "auth.user", NULL, "uid", "2002", "name", "dan", "password", "$6$y", "expires", "01/02/1970", NULL);
	planned_put(planned, "auth.user", NULL, "uid", "2003", "name", "eve", "password", "$6$z", "disabled", "1", NULL);
	planned_put(planned, "auth.user", NULL, "uid", "2004", "name", "f\n0 x root", "password", "$6$z", NULL);
	planned_put(planned, "auth.user", NULL, "uid", "2005", "name", "g", "password", "a b", NULL);
	planned_put(planned, "auth.user", NULL, "uid", "2006", "name", "h", "password", "", NULL);
	planned_put(planned, "auth.group", NULL, "gid", "2000", "member", "2002,2003", NULL);
	planned_put(planned, "openvpn.instance", SERVER, "authmode", "Local Database", "strictusercn", "2", "verify_client_cert", "none",
		    "username_as_common_name", "1", "auth-gen-token", "60", "auth-gen-token-renewal", "30", "auth-gen-token-secret", "k", NULL);
	plan(planned);
	CHECK_STRING(planned_file(planned, "openvpn@" SERVER, users_file), "0 $2b$10$x carol smith\n1 $6$y dan\n");
	CHECK(strstr(plan(planned), " any-case\" via-file\n") && has_line(plan(planned), "verify-client-cert none"));
	CHECK(has_line(plan(planned), "username-as-common-name") && has_line(plan(planned), "auth-gen-token 60 30"));
	CHECK(has_line(plan(planned), "auth-gen-token-secret " FOLDER "/token.key"));
	planned_put(planned, "openvpn.instance", SERVER, "local_group", "2000", NULL);
	plan(planned);
	CHECK_STRING(planned_file(planned, "openvpn@" SERVER, users_file), "1 $6$y dan\n");
	CHECK_NUMBER(planned->missing.len, 0);
	planned_put(planned, "openvpn.instance", SERVER, "local_group", "2001", NULL);
	plan(planned);
	CHECK_STRING(planned_file(planned, "openvpn@" SERVER, users_file), "");
	CHECK(is_missed(planned, "no such group"));
	for (size_t i = 0; i < planned->services.plans[0].nfiles; i++)
		if (strcmp(planned->services.plans[0].files[i].name, users_file) == 0 ||
		    strcmp(planned->services.plans[0].files[i].name, "token.key") == 0)
			CHECK(planned->services.plans[0].files[i].secret);
	planned_free(planned);
}

/* --- What pfSense has ----------------------------------------------------------------------------------- */

#define PEER_SERVER                                                                                                                        \
	"{\"mode\":\"server_tls_user\",\"authmode\":\"Local Database\",\"vpnid\":\"4\",\"description\":\"pf\",\"dev_mode\":\"tun\","                       \
	"\"protocol\":\"UDP4\",\"interface\":\"any\",\"local_port\":\"1300\",\"ncp_enable\":\"enabled\",\"data_ciphers\":\"AES-256-GCM,AES-128-GCM\","     \
	"\"data_ciphers_fallback\":\"AES-256-CBC\",\"digest\":\"SHA256\",\"tunnel_network\":\"10.30.0.0/24\",\"ping_method\":\"keepalive\","               \
	"\"keepalive_interval\":\"10\",\"keepalive_timeout\":\"60\",\"certref\":\"0000000000003\",\"topology\":\"subnet\",\"inactive_seconds\":\"300\","   \
	"\"local_network\":\"10.31.0.0/16, 10.32.0.0/16\",\"remote_network\":\"10.33.0.0/16\",\"gwredir6\":\"yes\",\"dns_server1\":\"10.30.0.1\","           \
	"\"client2client\":\"yes\",\"duplicate_cn\":\"\",\"exit_notify\":\"1\",\"strictusercn\":\"yes\",\"tls\":\"c2hhcmVk\",\"tls_type\":\"auth\","        \
	"\"cert_depth\":\"1\",\"sndrcvbuf\":\"65536\",\"verbosity_level\":\"1\"%s}"
#define PEER_CLIENT                                                                                                                        \
	"{\"mode\":\"p2p_tls\",\"vpnid\":\"5\",\"protocol\":\"TCP6\",\"interface\":\"wan\",\"server_addr\":\"2001:db8::1\",\"server_port\":\"443\","         \
	"\"caref\":\"0000000000001\",\"remote_cert_tls\":\"yes\",\"auth_user\":\"me\",\"auth_passwd\":\"pw\",\"route_no_pull\":\"yes\"}"

static void
put_section(struct planned *planned, const char *more)
{
	planned_put(planned, "pfsense.section", "openvpn", "body",
		    arena_print(planned->arena, "{\"openvpn-server\":[" PEER_SERVER "],\"openvpn-client\":[" PEER_CLIENT "],\"openvpn-csc\":["
				"{\"server_list\":\"4\",\"common_name\":\"ann\",\"tunnel_network\":\"10.30.0.9/24\",\"block\":\"yes\"}]}", more),
		    NULL);
}

TEST(servers_and_clients_of_pfsense_are_the_same)
{
	static const char *const lines[] = {
		"dev ovpns4", "proto udp4", "lport 1300", "server 10.30.0.0 255.255.255.0", "data-ciphers AES-256-GCM:AES-128-GCM",
		"data-ciphers-fallback AES-256-CBC", "auth SHA256", "keepalive 10 60", "inactive 300", "push \"route 10.31.0.0 255.255.0.0\"",
		"push \"route 10.32.0.0 255.255.0.0\"", "route 10.33.0.0 255.255.0.0", "push \"redirect-gateway ipv6 !ipv4\"",
		"push \"dhcp-option DNS 10.30.0.1\"", "client-to-client", "duplicate-cn", "explicit-exit-notify", "key-direction 0", "verb 1",
		"tls-auth /etc/openvpn/drawbridge-pfsense-server-4/shared.key", "sndbuf 65536", "rcvbuf 65536",
		"tls-verify \"/run/drawbridge-openvpn/login depth 1\"",
	};
	struct planned *planned = with_server();
	const char     *text;

	put_section(planned, "");
	plan(planned);
	text = planned_file(planned, "openvpn@pfsense-server-4", "openvpn.conf");
	for (size_t i = 0; i < COUNT(lines); i++)
		if (!has_line(text, lines[i]))
			fail_msg("%s is not in:\n%s", lines[i], text);
	CHECK(strstr(text, " exact\" via-file\n") && !strstr(text, "\nlocal "));
	CHECK_STRING(planned_file(planned, "openvpn@pfsense-server-4", "shared.key"), "shared");
	text = planned_file(planned, "openvpn@pfsense-server-4", "clients/ann");
	CHECK(has_line(text, "ifconfig-push 10.30.0.9 255.255.255.0") && has_line(text, "disable"));
	CHECK_STRING(planned_file(planned, "openvpn@" SERVER, "clients/ann"), "");
	text = planned_file(planned, "openvpn@pfsense-client-5", "openvpn.conf");
	CHECK(has_line(text, "dev ovpnc5") && has_line(text, "remote 2001:db8::1 443") && has_line(text, "proto tcp6-client"));
	CHECK(has_line(text, "remote-cert-tls server") && has_line(text, "route-nopull") && has_line(text, "client"));
	CHECK_STRING(planned_file(planned, "openvpn@pfsense-client-5", "login"), "me\npw\n");
	CHECK_NUMBER(planned->missing.len, 0);
	CHECK_NUMBER(planned->services.n, 3);
	planned_free(planned);
}

TEST(what_pfsense_has_and_openvpn_is_not_told_is_missed)
{
	static const char *const cases[][2] = {
		{ "\"custom_options\":\"up /bin/sh\"", "custom options" }, { "\"ocspcheck\":\"yes\"", "OCSP" },
		{ "\"compression\":\"lz4\"", "compression" }, { "\"mode\":\"p2p_shared_key\",\"certref\":\"\"", "both sides share" },
		{ "\"tls\":\"%%%\"", "tls_key" }, { "\"vpnid\":\"1/../x\"", "vpnid" }, { "\"vpnid\":\"1\"", "the same number" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = with_server();

		put_section(planned, arena_print(planned->arena, ",%s", cases[i][0]));
		plan(planned);
		if (!is_missed(planned, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], buffer_string(&planned->missing));
		CHECK(!strstr(planned_file(planned, "openvpn@pfsense-server-4", "openvpn.conf"), "/bin/sh"));
		planned_free(planned);
	}
}

/* --- Hostile values ------------------------------------------------------------------------------------- */

static const char *const words[] = {
	"dev ovpn", "dev-type t", "disable-dco", "verb ", "suppress-timestamps", "persist-tun", "persist-key", "management /run/", "proto ",
	"lport ", "nobind", "local ", "port-share ", "http-proxy ", "remote ", "keepalive ", "ping-timer-rem", "tun-mtu ", "fragment ",
	"mssfix", "topology ", "server 10.", "server-ipv6 ", "server-bridge ", "mode server", "tls-server", "ifconfig ", "data-ciphers ",
	"data-ciphers-fallback ", "auth ", "reneg-sec ", "remote-cert-tls ", "verify-x509-name \"", "push \"", "dh none", "client-config-dir /etc/",
	"ccd-exclusive", "verify-client-cert none", "max-clients ", "compress migrate", "client", "route-metric ", "route ", "route-ipv6 ",
	"script-security 2", "tmp-dir /run/", "tls-verify \"/run/drawbridge-openvpn/login ", "auth-user-pass-verify \"/run/drawbridge-openvpn/login users /etc/",
	"inactive ", "sndbuf ", "rcvbuf ", "key-direction ", "tls-auth /etc/", "client-to-client", "duplicate-cn", "explicit-exit-notify",
	"route-nopull", "username-as-common-name", "auth-gen-token ", "auth-gen-token-secret /etc/", "ca /etc/", "cert /etc/", "key /etc/", "crl-verify /etc/", "tls-crypt /etc/", "auth-user-pass /etc/", NULL,
};
static const char *const client_words[] = { "disable", "push-reset", "ifconfig-push ", "ifconfig-ipv6-push ", "iroute", "push \"", NULL };

static const char *const injections[] = {
	"x\nup /bin/sh", "x\nscript-security 2", "x\" \nplugin /tmp/x.so", "10.0.0.0/8\nup x", "10.0.0.0/8,\"\nup x", "float\nup x",
	"\nup \"/bin/sh\"", "<ca>", "x\\\nup y", "x\r\nup y", "route-up /bin/sh", "up", "\"", NULL,
};

/* Quotes are closed on their own line, and OpenVPN reads all of it. */
static bool
lines_are_whole(const char *text)
{
	struct text rest = text_of(text), line;

	while (text_next(&rest, "\n", &line)) {
		bool is_open = false;

		for (size_t i = 0; i < line.len; i++) {
			if (is_open && line.ptr[i] == '\\')
				i++;
			else if (line.ptr[i] == '"')
				is_open = !is_open;
			else if ((unsigned char)line.ptr[i] < ' ' || (!is_open && line.ptr[i] == '\''))
				return false;
		}
		if (is_open || line.len > 254)
			return false;
	}
	return true;
}

static void
check_files(struct planned *planned, const char *field, const char *value)
{
	planned_read(planned, "openvpn");
	for (size_t k = 0; k < planned->services.n; k++)
		for (size_t i = 0; i < planned->services.plans[k].nfiles; i++) {
			const struct service_file *file = &planned->services.plans[k].files[i];
			const char                *text = arena_copy(planned->arena, file->content);
			const bool                 is_client = strncmp(file->name, "clients/", 8) == 0 && !strstr(file->name, "list-of-");

			if (!is_client && strcmp(file->name, "openvpn.conf") != 0)
				continue;
			if (!lines_begin_with(text, is_client ? client_words : words) || !lines_are_whole(text))
				fail_msg("%s: %s:\n%s", field, value, text);
		}
}

static void
try_all(struct planned *planned, const char *resource, const char *uuid, const char *const *values)
{
	const struct resource *found = schema_named(snapshot_schema(planned->snapshot), resource);
	const struct record   *before = collection_find(snapshot_named(planned->snapshot, resource), text_of(uuid));
	const char            *name;

	for (size_t f = 0; f < found->nfields; f++) {
		name = found->fields[f].name;
		const char *old = arena_copy(planned->arena, record_text(before, name));

		for (size_t i = 0; values[i]; i++) {
			planned_put(planned, resource, uuid, name, values[i], NULL);
			check_files(planned, name, values[i]);
		}
		planned_put(planned, resource, uuid, name, old, NULL);
		before = collection_find(snapshot_named(planned->snapshot, resource), text_of(uuid));
	}
}

static void
try_section(struct planned *planned, const char *const *values)
{
	static const char *const members[] = {
		"mode", "authmode", "vpnid", "description", "dev_mode", "protocol", "interface", "ipaddr", "local_port", "data_ciphers", "digest",
		"tunnel_network", "tunnel_networkv6", "keepalive_interval", "certref", "topology", "inactive_seconds", "local_network",
		"remote_network", "dns_server1", "ntp_server1", "tls", "tls_type", "sndrcvbuf", "verbosity_level", "maxclients", "dns_domain",
		"custom_options", "exit_notify",
	};

	for (size_t m = 0; m < COUNT(members); m++)
		for (size_t i = 0; values[i]; i++) {
			scoped_buffer escaped = BUFFER_NONE;

			for (const char *at = values[i]; *at; at++)
				if ((unsigned char)*at < ' ' || strchr("\"\\", *at))
					buffer_print(&escaped, "\\u%04x", (unsigned char)*at);
				else
					buffer_add_byte(&escaped, *at);
			put_section(planned, arena_print(planned->arena, ",\"%s\":\"%s\"", members[m], buffer_string(&escaped)));
			check_files(planned, members[m], values[i]);
		}
}

TEST(no_value_is_an_option_of_its_own)
{
	static const char *const *const lists[] = { hostile_texts, injections };
	struct planned           *planned = with_server();

	planned_put(planned, "openvpn.instance", SERVER, "tls_key", KEY, "crl", "0000000000004", "authmode", "Local Database",
		    "auth-gen-token", "60", NULL);
	planned_put(planned, "openvpn.instance", CLIENT, "vpnid", "2", "enabled", "1", "role", "client", "remote", "a.example", "ca",
		    "0000000000001", "username", "me", "password", "secret", NULL);
	planned_put(planned, "openvpn.client_overwrite", OVERRIDE, "enabled", "1", "common_name", "ann", NULL);
	for (size_t i = 0; i < COUNT(lists); i++) {
		try_all(planned, "openvpn.instance", SERVER, lists[i]);
		try_all(planned, "openvpn.instance", CLIENT, lists[i]);
		try_all(planned, "openvpn.client_overwrite", OVERRIDE, lists[i]);
		try_all(planned, "openvpn.static_key", KEY, lists[i]);
		try_section(planned, lists[i]);
	}
	planned_free(planned);
}

RUN(cmocka_unit_test(a_server_has_its_network_its_device_and_its_proofs), cmocka_unit_test(each_field_is_a_line_or_is_missed),
    cmocka_unit_test(without_its_proofs_it_does_not_run), cmocka_unit_test(a_small_network_is_two_ends),
    cmocka_unit_test(a_client_knows_where_to_and_who_it_is), cmocka_unit_test(what_one_client_is_given_is_a_file_of_its_name),
    cmocka_unit_test(two_of_one_number_or_name_are_not_both_there), cmocka_unit_test(keys_and_passwords_are_secret),
    cmocka_unit_test(users_of_the_box_are_a_list_of_hashes),
    cmocka_unit_test(servers_and_clients_of_pfsense_are_the_same), cmocka_unit_test(what_pfsense_has_and_openvpn_is_not_told_is_missed),
    cmocka_unit_test(no_value_is_an_option_of_its_own));
