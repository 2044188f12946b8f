/*
 * The operations of services/openvpn/client.
 */
#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/steps/openvpn.h"

/* clang-format off */
/* When a step counts. */
#define BY_CERTIFICATE   "obj.mode = 'p2p_tls'"
#define WITH_TLS_KEY     "obj.mode = 'p2p_tls' and tls != '' and has(obj.tls)"

#define EXIT_NOTIFY \
	ONE_OF_IF(BY_CERTIFICATE, "exit_notify", 2129, "['x1', 'x2', 'x3', 'x4', 'x5', 'disable']"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "disable", "exit_notify", "'disable'"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "x1", "exit_notify", "'1'"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "x2", "exit_notify", "'2'"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "x3", "exit_notify", "'3'"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "x4", "exit_notify", "'4'"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "x5", "exit_notify", "'5'")

#define SHARED_KEY_PRESETS \
	SET(NULL, "auth_user", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "auth_pass", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "auth_retry_none", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "topology", "'subnet'", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "route_no_pull", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "inactive_seconds", "'0'", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "exit_notify", "'1'", "obj.mode = 'p2p_shared_key'")

static const struct task services_openvpn_client_post_steps[] = {
	ONE_OF("mode", 2104, "['p2p_tls', 'p2p_shared_key']"),
	ENDS_NEW,
	REFUSE("local_port", 2108, "(all_digits(local_port) or is_int(local_port)) and (int(local_port) < 0 or "
	      "int(local_port) >= 65536)"),
	REFUSE("local_port", 2108, "not all_digits(local_port) and not is_int(local_port)"),
	TAKE_OR("local_port", "local_port", "''"),
	REFUSE("server_addr", 2153, "not has(server_addr)"),
	SET("server_addr", "server_addr", "server_addr", NULL),
	REFUSE("server_port", 2154, "(all_digits(server_port) or is_int(server_port)) and (int(server_port) < 0 or "
	      "int(server_port) >= 65536)"),
	REFUSE("server_port", 2154, "not all_digits(server_port) and not is_int(server_port)"),
	TAKE_OR("server_port", "server_port", "'1194'"),
	TAKE_OR("proxy_addr", "proxy_addr", "''"),
	REFUSE("proxy_port", 2155, "(all_digits(proxy_port) or is_int(proxy_port)) and (int(proxy_port) < 0 or "
	      "int(proxy_port) >= 65536)"),
	REFUSE("proxy_port", 2155, "not all_digits(proxy_port) and not is_int(proxy_port)"),
	TAKE_OR("proxy_port", "proxy_port", "''"),
	ONE_OF("proxy_authtype", 2156, "['none', 'basic', 'ntlm']"),
	TAKE_OR("proxy_authtype", "proxy_authtype", "'none'"),
	TAKE_OR_IF("has(obj.proxy_authtype)", "proxy_user", "proxy_user", "''"),
	TAKE_OR_IF("has(obj.proxy_authtype)", "proxy_passwd", "proxy_passwd", "''"),
	CIPHERS_NEW,
	ONE_OF("digest", 2115, DIGESTS),
	TAKE_OR("digest", "digest", "'SHA256'"),
	ONE_OF("engine", 2116, "enum:openvpn_engines"),
	TAKE_OR("engine", "engine", "'none'"),
	TUNNELS_NEW,
	REFUSE("remote_network", 2118, "ovpn_cidr_error(remote_network, '', true, 'ipv4')"),
	TAKE_OR("remote_network", "remote_network", "''"),
	REFUSE("remote_networkv6", 2118, "ovpn_cidr_error(remote_networkv6, '', true, 'ipv6')"),
	TAKE_OR("remote_networkv6", "remote_networkv6", "''"),
	REFUSE("use_shaper", 2157, "(all_digits(use_shaper) or is_int(use_shaper)) and (int(use_shaper) < 100 or "
	      "int(use_shaper) >= 100000000)"),
	REFUSE("use_shaper", 2157, "not all_digits(use_shaper) and not is_int(use_shaper)"),
	TAKE_OR("use_shaper", "use_shaper", "''"),
	COMPRESSION_NEW,
	YES("route_no_exec", "route_no_exec"),
	YES("dns_add", "dns_add"),
	LINK_NEW,
	SET("auth_user", "auth_user", "auth_user", BY_CERTIFICATE " and has(obj.auth_user)"),
	SET("auth_passwd", "auth_passwd", "auth_passwd", BY_CERTIFICATE " and has(obj.auth_passwd)"),
	YES_IF(BY_CERTIFICATE, "auth-retry-none", "auth-retry-none"),
	SET("tls", "tls", "b64(new_static_key())", BY_CERTIFICATE " and (tls ~= '' or tls ~= 'true')"),
	SET("tls", "tls", "b64(tls)", BY_CERTIFICATE " and tls !~= '' and tls !~= 'true'"),
	ONE_OF_IF(WITH_TLS_KEY, "tlsauth_keydir", 2110, KEY_DIRECTIONS),
	WORD_IF(WITH_TLS_KEY, "tlsauth_keydir", "default", "tlsauth_keydir", "'default'"),
	WORD_IF(WITH_TLS_KEY, "tlsauth_keydir", "direction-0", "tlsauth_keydir", "'0'"),
	WORD_IF(WITH_TLS_KEY, "tlsauth_keydir", "direction-1", "tlsauth_keydir", "'1'"),
	WORD_IF(WITH_TLS_KEY, "tlsauth_keydir", "both-directions", "tlsauth_keydir", "'2'"),
	ELSE_IF(WITH_TLS_KEY, "tlsauth_keydir", "tlsauth_keydir", "'default'"),
	SET("remote_cert_tls", "remote_cert_tls", "''", BY_CERTIFICATE " and remote_cert_tls is false"),
	SET("remote_cert_tls", "remote_cert_tls", "'yes'", BY_CERTIFICATE " and remote_cert_tls is not false"),
	SET("caref", "caref", "ca.refid", BY_CERTIFICATE " and any ca of cfg(ca) and caref = ca.refid"),
	REFUSE("caref", 2142, "has(caref) and obj.mode = 'p2p_tls' and cfg(ca) and blank(obj.caref)"),
	REFUSE("caref", 2136, BY_CERTIFICATE " and cfg(ca) and not has(caref)"),
	REFUSE(NULL, 2144, BY_CERTIFICATE " and not cfg(ca)"),
	WORD_IF(BY_CERTIFICATE, "crlref", "none", "crlref", "''"),
	ELSE_IF(BY_CERTIFICATE, "crlref", "crlref", "''"),
	SET("crlref", "crlref", "crlref", BY_CERTIFICATE " and crlref != 'none' and any crl of cfg(crl) and obj.caref "
	      "= crl.caref and crlref = crl.refid"),
	REFUSE("crlref", 2137, BY_CERTIFICATE " and crlref != 'none' and (blank(obj.crlref) or obj.crlref != crlref)"),
	REFUSE("certref", 2135, BY_CERTIFICATE " and cfg(cert) and not has(certref)"),
	SET("certref", "certref", "cert.refid", BY_CERTIFICATE " and any cert of cfg(cert) and certref = cert.refid"),
	REFUSE(NULL, 2143, BY_CERTIFICATE " and cfg(cert) and blank(obj.certref)"),
	REFUSE(NULL, 2145, BY_CERTIFICATE " and not cfg(cert)"),
	ONE_OF_IF(WITH_TLS_KEY, "tls_type", 2109, "['auth', 'crypt']"),
	TAKE_OR_IF(WITH_TLS_KEY, "tls_type", "tls_type", "'auth'"),
	ONE_OF_IF(BY_CERTIFICATE " and obj.dev_mode != 'tap'", "topology", 2122, "['subnet', 'net30']"),
	TAKE_OR_IF(BY_CERTIFICATE " and obj.dev_mode != 'tap'", "topology", "topology", "'subnet'"),
	YES_IF(BY_CERTIFICATE, "route_no_pull", "route_no_pull"),
	REFUSE("inactive_seconds", 2134, BY_CERTIFICATE " and (not digits(inactive_seconds) or int(inactive_seconds) < "
	      "0)"),
	TAKE_OR_IF(BY_CERTIFICATE, "inactive_seconds", "inactive_seconds", "'0'"),
	EXIT_NOTIFY,
	ELSE_IF(BY_CERTIFICATE, "exit_notify", "exit_notify", "'1'"),
	REFUSE("shared_key", 2141, "obj.mode = 'p2p_shared_key' and not has(shared_key)"),
	WORD_IF("obj.mode = 'p2p_shared_key'", "shared_key", "", "shared_key", "b64(new_static_key())"),
	SET("shared_key", "shared_key", "b64(shared_key)", "obj.mode = 'p2p_shared_key' and shared_key != ''"),
	SET(NULL, "vpnid", "str(next_vpnid())", NULL),
	SET(NULL, "interface", "'wan'", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	SET(NULL, "ipaddr", "''", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	SET(NULL, "proxy_user", "''", "not has(obj.proxy_authtype)"),
	SET(NULL, "proxy_passwd", "''", "not has(obj.proxy_authtype)"),
	LINK_PRESETS,
	SET(NULL, "auth_user", "''", BY_CERTIFICATE " and not has(obj.auth_user)"),
	SET(NULL, "auth_passwd", "''", BY_CERTIFICATE " and not has(obj.auth_passwd)"),
	SET(NULL, "topology", "'subnet'", BY_CERTIFICATE " and obj.dev_mode = 'tap'"),
	SHARED_KEY_PRESETS,
	{ 0 },
};

static const struct write services_openvpn_client_post_writes[] = {
	{ WRITE_SET, "openvpn/openvpn-client/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_openvpn_client_put_steps[] = {
	SELECT("vpnid", "found", "any client of cfg(openvpn/openvpn-client) and str(vpnid) = str(client.vpnid)"),
	FLAG("vpnid", "original_client", "cfg(openvpn/openvpn-client/<selected>)",
	      "any client of cfg(openvpn/openvpn-client) and str(vpnid) = str(client.vpnid)"),
	REFUSE("vpnid", 2139, "has(vpnid) and blank(obj.vpnid)"),
	REFUSE("vpnid", 2140, "not has(vpnid)"),
	ONE_OF("mode", 2104, "['p2p_tls', 'p2p_shared_key']"),
	TAKE("mode", "mode"),
	TAKE("description", "description"),
	SET("disable", "disable", "''", "disable is true and blank(obj.disable)"),
	UNSET("disable", "disable", "(disable is not true or not blank(obj.disable)) and disable is false and not "
	      "blank(obj.disable)"),
	ENDS_CHANGED,
	REFUSE("local_port", 2108, "(all_digits(local_port) or is_int(local_port)) and (int(local_port) < 0 or "
	      "int(local_port) >= 65536)"),
	REFUSE("local_port", 2108, "not all_digits(local_port) and not is_int(local_port)"),
	TAKE("local_port", "local_port"),
	TAKE("server_addr", "server_addr"),
	REFUSE("server_port", 2154, "(all_digits(server_port) or is_int(server_port)) and (int(server_port) < 0 or "
	      "int(server_port) >= 65536)"),
	REFUSE("server_port", 2154, "not all_digits(server_port) and not is_int(server_port)"),
	TAKE("server_port", "server_port"),
	TAKE("proxy_addr", "proxy_addr"),
	REFUSE("proxy_port", 2155, "(all_digits(proxy_port) or is_int(proxy_port)) and (int(proxy_port) < 0 or "
	      "int(proxy_port) >= 65536)"),
	REFUSE("proxy_port", 2155, "not all_digits(proxy_port) and not is_int(proxy_port)"),
	TAKE("proxy_port", "proxy_port"),
	ONE_OF("proxy_authtype", 2156, "['none', 'basic', 'ntlm']"),
	TAKE("proxy_authtype", "proxy_authtype"),
	TAKE_OR_IF("has(obj.proxy_authtype)", "proxy_user", "proxy_user", "''"),
	TAKE_OR_IF("has(obj.proxy_authtype)", "proxy_passwd", "proxy_passwd", "''"),
	CIPHERS_CHANGED,
	ONE_OF("digest", 2115, DIGESTS),
	TAKE("digest", "digest"),
	ONE_OF("engine", 2116, "enum:openvpn_engines"),
	TAKE("engine", "engine"),
	TUNNELS_CHANGED,
	REFUSE("remote_network", 2118, "ovpn_cidr_error(remote_network, '', true, 'ipv4')"),
	TAKE("remote_network", "remote_network"),
	REFUSE("remote_networkv6", 2118, "ovpn_cidr_error(remote_networkv6, '', true, 'ipv6')"),
	TAKE("remote_networkv6", "remote_networkv6"),
	REFUSE("use_shaper", 2157, "(all_digits(use_shaper) or is_int(use_shaper)) and (int(use_shaper) < 100 or "
	      "int(use_shaper) >= 100000000)"),
	REFUSE("use_shaper", 2157, "not all_digits(use_shaper) and not is_int(use_shaper)"),
	TAKE("use_shaper", "use_shaper"),
	COMPRESSION_CHANGED,
	SET("route_no_exec", "route_no_exec", "'yes'", "route_no_exec is true and obj.route_no_exec = ''"),
	SET("route_no_exec", "route_no_exec", "''", "(route_no_exec is not true or obj.route_no_exec != '') and "
	      "route_no_exec is false and obj.route_no_exec = 'yes'"),
	SET("dns_add", "dns_add", "'yes'", "dns_add is true and obj.dns_add = ''"),
	SET("dns_add", "dns_add", "''", "(dns_add is not true or obj.dns_add != '') and dns_add is false and "
	      "obj.dns_add = 'yes'"),
	LINK_CHANGED,
	SET("auth_user", "auth_user", "auth_user", BY_CERTIFICATE " and has(obj.auth_user)"),
	SET("auth_passwd", "auth_passwd", "auth_passwd", BY_CERTIFICATE " and has(obj.auth_passwd)"),
	SET("auth-retry-none", "auth-retry-none", "'yes'", BY_CERTIFICATE " and auth-retry-none is true and "
	      "obj.auth-retry-none = ''"),
	SET("auth-retry-none", "auth-retry-none", "''", BY_CERTIFICATE " and (auth-retry-none is not true or "
	      "obj.auth-retry-none != '') and auth-retry-none is false and obj.auth-retry-none = 'yes'"),
	SET("tls", "tls", "b64(new_static_key())", BY_CERTIFICATE " and (tls ~= '' or tls ~= 'true')"),
	SET("tls", "tls", "b64(tls)", BY_CERTIFICATE " and tls !~= '' and tls !~= 'true'"),
	UNSET("tls", "tls", BY_CERTIFICATE " and tls ~= 'false'"),
	ONE_OF_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", 2110, KEY_DIRECTIONS),
	WORD_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", "default", "tlsauth_keydir", "'default'"),
	WORD_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", "direction-0", "tlsauth_keydir", "'0'"),
	WORD_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", "direction-1", "tlsauth_keydir", "'1'"),
	WORD_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", "both-directions", "tlsauth_keydir", "'2'"),
	ONE_OF_IF(BY_CERTIFICATE " and has(obj.tls)", "tls_type", 2109, "['auth', 'crypt']"),
	TAKE_IF(BY_CERTIFICATE " and has(obj.tls)", "tls_type", "tls_type"),
	SET("remote_cert_tls", "remote_cert_tls", "'yes'", BY_CERTIFICATE " and remote_cert_tls is true and "
	      "obj.remote_cert_tls = ''"),
	SET("remote_cert_tls", "remote_cert_tls", "''", BY_CERTIFICATE " and (remote_cert_tls is not true or "
	      "obj.remote_cert_tls != '') and remote_cert_tls is false and obj.remote_cert_tls = 'yes'"),
	REFUSE("caref", 2142, BY_CERTIFICATE " and obj.caref != caref"),
	SET("caref", "caref", "ca.refid", BY_CERTIFICATE " and any ca of cfg(ca) and caref = ca.refid"),
	WORD_IF(BY_CERTIFICATE, "crlref", "none", "crlref", "''"),
	SET("crlref", "crlref", "crlref", BY_CERTIFICATE " and crlref != 'none' and any crl of cfg(crl) and obj.caref "
	      "= crl.caref and crlref = crl.refid"),
	REFUSE("crlref", 2137, BY_CERTIFICATE " and crlref != 'none' and (blank(obj.crlref) or obj.crlref != crlref)"),
	REFUSE("certref", 2143, BY_CERTIFICATE " and obj.certref != certref"),
	SET("certref", "certref", "cert.refid", BY_CERTIFICATE " and any cert of cfg(cert) and certref = cert.refid"),
	ONE_OF_IF(BY_CERTIFICATE " and obj.dev_mode != 'tap'", "topology", 2122, "['subnet', 'net30']"),
	TAKE_IF(BY_CERTIFICATE " and obj.dev_mode != 'tap'", "topology", "topology"),
	SET("route_no_pull", "route_no_pull", "'yes'", BY_CERTIFICATE " and route_no_pull is true and "
	      "obj.route_no_pull = ''"),
	SET("route_no_pull", "route_no_pull", "''", BY_CERTIFICATE " and (route_no_pull is not true or "
	      "obj.route_no_pull != '') and route_no_pull is false and obj.route_no_pull = 'yes'"),
	REFUSE("inactive_seconds", 2134, BY_CERTIFICATE " and (not digits(inactive_seconds) or int(inactive_seconds) < "
	      "0)"),
	TAKE_IF(BY_CERTIFICATE, "inactive_seconds", "inactive_seconds"),
	EXIT_NOTIFY,
	WORD_IF("obj.mode = 'p2p_shared_key'", "shared_key", "", "shared_key", "b64(new_static_key())"),
	SET("shared_key", "shared_key", "b64(shared_key)", "obj.mode = 'p2p_shared_key' and shared_key != ''"),
	SET(NULL, "interface", "'wan'", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	SET(NULL, "ipaddr", "''", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	LINK_PRESETS,
	SET(NULL, "ping_action", "'ping_restart'", "obj.ping_method != 'ping'"),
	UNSET(NULL, "tlsauth_keydir", BY_CERTIFICATE " and not has(obj.tls)"),
	UNSET(NULL, "tls_type", BY_CERTIFICATE " and not has(obj.tls)"),
	SET(NULL, "topology", "'subnet'", BY_CERTIFICATE " and obj.dev_mode = 'tap'"),
	DROP_IF(BY_CERTIFICATE, "shared_key"),
	SHARED_KEY_PRESETS,
	DROP_IF("obj.mode = 'p2p_shared_key'", "tls"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "tls_type"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "tlsauth_keydir"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "caref"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "certref"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "crlref"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "remote_cert_tls"),
	{ 0 },
};

static const struct write services_openvpn_client_put_writes[] = {
	{ WRITE_SET, "openvpn/openvpn-client/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_openvpn_client_delete_steps[] = {
	SELECT("vpnid", "found", "any client of cfg(openvpn/openvpn-client) and str(vpnid) = str(client.vpnid)"),
	SET("vpnid", "vpnid", "str(vpnid)", "any client of cfg(openvpn/openvpn-client) and str(vpnid) = "
	      "str(client.vpnid)"),
	REFUSE("vpnid", 2139, "has(vpnid) and blank(obj.vpnid)"),
	REFUSE("vpnid", 2140, "not has(vpnid)"),
	REFUSE(NULL, 2152, "any interface of cfg(interfaces) and interface.if ~= 'ovpnc' & obj.vpnid"),
	{ 0 },
};

static const struct write services_openvpn_client_delete_writes[] = {
	{ WRITE_DELETE, "openvpn/openvpn-client/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_openvpn_client[] = {
	{ "services/openvpn/client", METHOD_GET, "page-all page-openvpn-client",
	  .returns = RETURNS_STORED, .path = "openvpn/openvpn-client" },
	{ "services/openvpn/client", METHOD_POST, "page-all page-openvpn-client", .flags = SAVES,
	  .steps = services_openvpn_client_post_steps, .writes = services_openvpn_client_post_writes,
	  .parts = PART_VPN_OPENVPN | PART_FILTER, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "services/openvpn/client", METHOD_PUT, "page-all page-openvpn-client", .flags = SAVES,
	  .steps = services_openvpn_client_put_steps, .writes = services_openvpn_client_put_writes,
	  .parts = PART_VPN_OPENVPN | PART_FILTER, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "services/openvpn/client", METHOD_DELETE, "page-all page-openvpn-client", .flags = SAVES,
	  .steps = services_openvpn_client_delete_steps,
	  .writes = services_openvpn_client_delete_writes, .parts = PART_VPN_OPENVPN | PART_FILTER,
	  .apply = APPLY_ALWAYS, .act = act_vpn_removed },
	{ NULL },
};
/* clang-format on */
