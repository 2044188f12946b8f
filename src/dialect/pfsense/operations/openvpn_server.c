/*
 * The operations of services/openvpn/server.
 */
#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/steps/openvpn.h"

/* clang-format off */
/* When a step counts. */
#define BY_CERTIFICATE   "obj.mode != 'p2p_shared_key'"
#define NOT_PEER_BY_TLS  "obj.mode != 'p2p_tls'"
#define PEER_TO_PEER     "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key')"
#define WITH_TLS_KEY     "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls)"

#define CERTIFICATE_DEPTH \
	ONE_OF_IF(BY_CERTIFICATE, "cert_depth", 2113, "['none', 'one', 'two', 'three', 'four', 'five']"), \
	WORD_IF(BY_CERTIFICATE, "cert_depth", "none", "cert_depth", "''"), \
	WORD_IF(BY_CERTIFICATE, "cert_depth", "one", "cert_depth", "'1'"), \
	WORD_IF(BY_CERTIFICATE, "cert_depth", "two", "cert_depth", "'2'"), \
	WORD_IF(BY_CERTIFICATE, "cert_depth", "three", "cert_depth", "'3'"), \
	WORD_IF(BY_CERTIFICATE, "cert_depth", "four", "cert_depth", "'4'"), \
	WORD_IF(BY_CERTIFICATE, "cert_depth", "five", "cert_depth", "'5'")

#define SHARED_KEY_PRESETS \
	SET(NULL, "gwredir", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "gwredir6", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "local_network", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "local_networkv6", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "compression_push", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "client2client", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "topology", "'subnet'", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "dynamic_ip", "''", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "exit_notify", "'1'", "obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "inactive_seconds", "'300'", "obj.mode = 'p2p_shared_key'")

#define PEER_PRESETS \
	SET(NULL, "serverbridge_dhcp", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "serverbridge_interface", "'none'", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "serverbridge_routegateway", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "serverbridge_dhcp_start", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "serverbridge_dhcp_end", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "netbios_enable", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "netbios_ntype", "'0'", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"), \
	SET(NULL, "netbios_scope", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'")

#define NODE_TYPE \
	REFUSE("netbios_node_type", 2076, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and netbios_node_type !~= " \
	      "'b' and netbios_node_type !~= 'p' and netbios_node_type !~= 'm' and netbios_node_type !~= 'h'"), \
	SET("netbios_node_type", "netbios_ntype", "'1'", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and " \
	      "netbios_node_type ~= 'b'"), \
	SET("netbios_node_type", "netbios_ntype", "'2'", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and " \
	      "netbios_node_type !~= 'b' and netbios_node_type ~= 'p'"), \
	SET("netbios_node_type", "netbios_ntype", "'3'", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and " \
	      "netbios_node_type !~= 'b' and netbios_node_type !~= 'p' and netbios_node_type ~= 'm'"), \
	SET("netbios_node_type", "netbios_ntype", "'4'", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and " \
	      "netbios_node_type !~= 'b' and netbios_node_type !~= 'p' and netbios_node_type !~= 'm'")

#define EXIT_NOTIFY \
	ONE_OF_IF(BY_CERTIFICATE, "exit_notify", 2129, "['once', 'twice', 'none', '']"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "none", "exit_notify", "'none'"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "", "exit_notify", "'none'"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "once", "exit_notify", "'1'"), \
	WORD_IF(BY_CERTIFICATE, "exit_notify", "twice", "exit_notify", "'2'")

static const struct task services_openvpn_server_post_steps[] = {
	ONE_OF("mode", 2104, "['p2p_tls', 'p2p_shared_key', 'server_tls', 'server_user', 'server_tls_user']"),
	ENDS_NEW,
	REFUSE("local_port", 2108, "not ovpn_port_error(local_port, 'local_port', 1) and "
	      "ovpn_port_used_by(obj.protocol, obj.interface, local_port, 0) !~= 0"),
	REFUSE("local_port", 2108, "ovpn_port_error(local_port, 'local_port', 1)"),
	TAKE_OR("local_port", "local_port", "str(next_ovpn_port(obj.protocol, obj.interface))"),
	CIPHERS_NEW,
	ONE_OF("engine", 2116, "enum:openvpn_engines"),
	TAKE_OR("engine", "engine", "'none'"),
	ONE_OF("digest", 2115, DIGESTS),
	TAKE_OR("digest", "digest", "'SHA256'"),
	TUNNELS_NEW,
	REFUSE("concurrent_connections", 2133, "(not digits(concurrent_connections) or int(concurrent_connections) <= "
	      "0)"),
	TAKE_OR("concurrent_connections", "maxclients", "''"),
	COMPRESSION_NEW,
	LINK_NEW,
	REFUSE("shared_key", 2141, "obj.mode = 'p2p_shared_key' and not has(shared_key)"),
	WORD_IF("obj.mode = 'p2p_shared_key'", "shared_key", "", "shared_key", "b64(new_static_key())"),
	SET("shared_key", "shared_key", "b64(shared_key)", "obj.mode = 'p2p_shared_key' and shared_key != ''"),
	SET("tls", "tls", "b64(new_static_key())", BY_CERTIFICATE " and (tls ~= '' or tls ~= 'true')"),
	SET("tls", "tls", "b64(tls)", BY_CERTIFICATE " and tls !~= '' and tls !~= 'true'"),
	ONE_OF_IF(WITH_TLS_KEY, "tls_type", 2109, "['auth', 'crypt']"),
	TAKE_OR_IF(WITH_TLS_KEY, "tls_type", "tls_type", "'auth'"),
	ONE_OF_IF(WITH_TLS_KEY, "tlsauth_keydir", 2110, KEY_DIRECTIONS),
	WORD_IF(WITH_TLS_KEY, "tlsauth_keydir", "default", "tlsauth_keydir", "'default'"),
	WORD_IF(WITH_TLS_KEY, "tlsauth_keydir", "direction-0", "tlsauth_keydir", "'0'"),
	WORD_IF(WITH_TLS_KEY, "tlsauth_keydir", "direction-1", "tlsauth_keydir", "'1'"),
	WORD_IF(WITH_TLS_KEY, "tlsauth_keydir", "both-directions", "tlsauth_keydir", "'2'"),
	ELSE_IF(WITH_TLS_KEY, "tlsauth_keydir", "tlsauth_keydir", "'default'"),
	SET("caref", "caref", "ca.refid", BY_CERTIFICATE " and any ca of cfg(ca) and caref = ca.refid"),
	REFUSE("caref", 2142, "has(caref) and obj.mode != 'p2p_shared_key' and cfg(ca) and blank(obj.caref)"),
	REFUSE("caref", 2136, BY_CERTIFICATE " and cfg(ca) and not has(caref)"),
	REFUSE(NULL, 2144, BY_CERTIFICATE " and not cfg(ca)"),
	WORD_IF(BY_CERTIFICATE, "crlref", "none", "crlref", "''"),
	ELSE_IF(BY_CERTIFICATE, "crlref", "crlref", "''"),
	SET("crlref", "crlref", "crlref", BY_CERTIFICATE " and crlref != 'none' and any crl of cfg(crl) and obj.caref "
	      "= crl.caref and crlref = crl.refid"),
	REFUSE("crlref", 2137, BY_CERTIFICATE " and crlref != 'none' and (blank(obj.crlref) or obj.crlref != crlref)"),
	SET("ocspcheck", "ocspcheck", "'yes'", BY_CERTIFICATE " and ocspcheck is true"),
	TAKE_OR_IF(BY_CERTIFICATE " and obj.ocspcheck = 'yes'", "ocspurl", "ocspurl", "''"),
	REFUSE("certref", 2135, BY_CERTIFICATE " and cfg(cert) and not has(certref)"),
	SET("certref", "certref", "cert.refid", BY_CERTIFICATE " and any cert of cfg(cert) and certref = cert.refid"),
	REFUSE(NULL, 2143, BY_CERTIFICATE " and cfg(cert) and blank(obj.certref)"),
	REFUSE(NULL, 2145, BY_CERTIFICATE " and not cfg(cert)"),
	ONE_OF_IF(BY_CERTIFICATE, "dh_length", 2111, "['1024', '2048', '3072', '4096', '6144', '7680', '8192', "
	      "'15360', '16384', 'ECDH Only']"),
	WORD_IF(BY_CERTIFICATE, "dh_length", "ECDH Only", "dh_length", "'none'"),
	SET("dh_length", "dh_length", "dh_length", BY_CERTIFICATE " and dh_length != 'ECDH Only'"),
	ELSE_IF(BY_CERTIFICATE, "dh_length", "dh_length", "'2048'"),
	ONE_OF_IF(BY_CERTIFICATE, "ecdh_curve", 2112, "['none', 'prime256v1', 'secp384r1', 'secp521r1']"),
	TAKE_OR_IF(BY_CERTIFICATE, "ecdh_curve", "ecdh_curve", "'none'"),
	CERTIFICATE_DEPTH,
	ELSE_IF(BY_CERTIFICATE, "cert_depth", "cert_depth", "'1'"),
	YES_IF(BY_CERTIFICATE, "redirect_gateway", "gwredir"),
	YES_IF(BY_CERTIFICATE, "redirect_gateway6", "gwredir6"),
	REFUSE("local_network", 2119, BY_CERTIFICATE " and obj.gwredir = '' and ovpn_cidr_error(local_network, '', "
	      "true, 'ipv4')"),
	TAKE_OR_IF(BY_CERTIFICATE " and obj.gwredir = ''", "local_network", "local_network", "''"),
	REFUSE("local_networkv6", 2119, BY_CERTIFICATE " and obj.gwredir6 = '' and ovpn_cidr_error(local_networkv6, "
	      "'', true, 'ipv6')"),
	TAKE_OR_IF(BY_CERTIFICATE " and obj.gwredir6 = ''", "local_networkv6", "local_networkv6", "''"),
	YES_IF(BY_CERTIFICATE, "compression_push", "compression_push"),
	YES_IF(BY_CERTIFICATE, "client2client", "client2client"),
	SET("duplicate_cn", "duplicate_cn", "''", BY_CERTIFICATE " and duplicate_cn is true"),
	YES_IF(BY_CERTIFICATE, "dynamic_ip", "dynamic_ip"),
	ONE_OF_IF(BY_CERTIFICATE " and obj.dev_mode != 'tap'", "topology", 2122, "['subnet', 'net30']"),
	TAKE_OR_IF(BY_CERTIFICATE " and obj.dev_mode != 'tap'", "topology", "topology", "'subnet'"),
	REFUSE("inactive_seconds", 2134, BY_CERTIFICATE " and (not digits(inactive_seconds) or int(inactive_seconds) < "
	      "0)"),
	TAKE_OR_IF(BY_CERTIFICATE, "inactive_seconds", "inactive_seconds", "'300'"),
	EXIT_NOTIFY,
	ELSE_IF(BY_CERTIFICATE, "exit_notify", "exit_notify", "'1'"),
	REFUSE("remote_network", 2118, PEER_TO_PEER " and ovpn_cidr_error(remote_network, '', true, 'ipv4')"),
	TAKE_OR_IF(PEER_TO_PEER, "remote_network", "remote_network", "''"),
	REFUSE("remote_networkv6", 2118, PEER_TO_PEER " and ovpn_cidr_error(remote_networkv6, '', true, 'ipv6')"),
	TAKE_OR_IF(PEER_TO_PEER, "remote_networkv6", "remote_networkv6", "''"),
	TAKE_OR_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key'", "dns_domain", "dns_domain", "''"),
	REFUSE("dns_servers", 2150, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', "
	      "dns_servers) and counter <= 4 and not ipv4(replace(' ', '', server))"),
	SET("dns_servers", "{'dns_server' & counter}", "replace(' ', '', server)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', dns_servers) and counter "
	      "<= 4"),
	SET("push_blockoutsidedns", "push_blockoutsidedns", "'yes'", NOT_PEER_BY_TLS " and obj.mode != "
	      "'p2p_shared_key' and push_blockoutsidedns is true"),
	SET("push_register_dns", "push_register_dns", "'yes'", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "push_register_dns is true"),
	REFUSE("ntp_servers", 2149, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', "
	      "ntp_servers) and counter <= 2 and not ipv4(replace(' ', '', server))"),
	SET("ntp_servers", "{'ntp_server' & counter}", "replace(' ', '', server)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', ntp_servers) and counter "
	      "<= 2"),
	YES_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key'", "netbios_enable", "netbios_enable"),
	SET("netbios_enable", "netbios_ntype", "'1'", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and not "
	      "has(netbios_node_type) and has(netbios_enable)"),
	ELSE_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and not has(netbios_node_type)", "netbios_enable",
	      "netbios_ntype", "'0'"),
	NODE_TYPE,
	TAKE_OR_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key'", "netbios_scope", "netbios_scope", "''"),
	REFUSE("wins_servers", 2151, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', "
	      "wins_servers) and counter <= 2 and not ipv4(replace(' ', '', server))"),
	SET("wins_servers", "{'wins_server' & counter}", "replace(' ', '', server)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', wins_servers) and "
	      "counter <= 2"),
	SET("wins_servers", "nbdd_server1", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "has(wins_servers) and obj.netbios_enable = 'yes'"),
	YES_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.dev_mode = 'tap'", "serverbridge_dhcp",
	      "serverbridge_dhcp"),
	REFUSE("serverbridge_interface", 2146, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp = 'yes' and lower(serverbridge_interface) not in ['wan', 'lan', 'none'] and "
	      "openvpn_vip(serverbridge_interface) is false"),
	SET("serverbridge_interface", "serverbridge_interface", "openvpn_vip(serverbridge_interface)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes' and "
	      "lower(serverbridge_interface) not in ['wan', 'lan', 'none']"),
	SET("serverbridge_interface", "serverbridge_interface", "lower(serverbridge_interface)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes' and "
	      "lower(serverbridge_interface) in ['wan', 'lan', 'none']"),
	SET("serverbridge_interface", "serverbridge_interface", "'none'",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and (obj.serverbridge_dhcp != 'yes' or not "
	      "has(serverbridge_interface))"),
	REFUSE("serverbridge_routegateway", 2147, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp = 'yes' and serverbridge_routegateway is true and obj.serverbridge_interface = "
	      "'none'"),
	YES_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes'",
	      "serverbridge_routegateway", "serverbridge_routegateway"),
	REFUSE("serverbridge_dhcp_start", 2148, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp = 'yes' and ((not has(serverbridge_dhcp_start) or not "
	      "ipv4(serverbridge_dhcp_start)) or not has(serverbridge_dhcp_end))"),
	SET("serverbridge_dhcp_start", "serverbridge_dhcp_start", "serverbridge_dhcp_start",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes'"),
	REFUSE("serverbridge_dhcp_end", 2148, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp = 'yes' and ((not has(serverbridge_dhcp_end) or not ipv4(serverbridge_dhcp_end)) "
	      "or not has(serverbridge_dhcp_start))"),
	SET("serverbridge_dhcp_end", "serverbridge_dhcp_end", "serverbridge_dhcp_end",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes'"),
	TAKE_OR_IF("(obj.mode = 'server_user' or obj.mode = 'server_tls_user')", "authmode", "authmode",
	      "'Local Database'"),
	SET("username_as_common_name", "username_as_common_name", "'enabled'",
	      "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and username_as_common_name is true"),
	SET("username_as_common_name", "username_as_common_name", "'disabled'",
	      "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and username_as_common_name is not true"),
	YES_IF("obj.mode = 'server_tls_user'", "strictusercn", "strictusercn"),
	SET(NULL, "vpnid", "str(next_vpnid())", NULL),
	SET(NULL, "interface", "'wan'", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	SET(NULL, "ipaddr", "''", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	LINK_PRESETS,
	SHARED_KEY_PRESETS,
	SET(NULL, "ocspurl", "''", BY_CERTIFICATE " and obj.ocspcheck != 'yes'"),
	SET(NULL, "local_network", "''", BY_CERTIFICATE " and obj.gwredir != ''"),
	SET(NULL, "local_networkv6", "''", BY_CERTIFICATE " and obj.gwredir6 != ''"),
	SET(NULL, "topology", "'subnet'", BY_CERTIFICATE " and obj.dev_mode = 'tap'"),
	PEER_PRESETS,
	SET(NULL, "serverbridge_dhcp", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.dev_mode != "
	      "'tap'"),
	SET(NULL, "serverbridge_routegateway", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp != 'yes'"),
	SET(NULL, "serverbridge_dhcp_start", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp != 'yes'"),
	SET(NULL, "serverbridge_dhcp_end", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp != 'yes'"),
	SET(NULL, "remote_network", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key'"),
	SET(NULL, "remote_networkv6", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key'"),
	SET(NULL, "username_as_common_name", "'disabled'", "obj.mode != 'server_user' and obj.mode != 'server_tls_user'"),
	{ 0 },
};

static const struct write services_openvpn_server_post_writes[] = {
	{ WRITE_SET, "openvpn/openvpn-server/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_openvpn_server_put_steps[] = {
	SELECT("vpnid", "found", "any server of cfg(openvpn/openvpn-server) and str(vpnid) = str(server.vpnid)"),
	FLAG("vpnid", "original_server", "cfg(openvpn/openvpn-server/<selected>)",
	      "any server of cfg(openvpn/openvpn-server) and str(vpnid) = str(server.vpnid)"),
	REFUSE("vpnid", 2139, "has(vpnid) and blank(obj.vpnid)"),
	REFUSE("vpnid", 2140, "not has(vpnid)"),
	TAKE("description", "description"),
	SET("disable", "disable", "''", "disable is true"),
	UNSET("disable", "disable", "disable is false"),
	ONE_OF("mode", 2104, "['p2p_tls', 'p2p_shared_key', 'server_tls', 'server_user', 'server_tls_user']"),
	TAKE("mode", "mode"),
	ENDS_CHANGED,
	REFUSE("local_port", 2108, "not ovpn_port_error(local_port, 'local_port', 1) and "
	      "ovpn_port_used_by(obj.protocol, obj.interface, local_port, 0) !~= 0"),
	REFUSE("local_port", 2108, "ovpn_port_error(local_port, 'local_port', 1)"),
	TAKE("local_port", "local_port"),
	CIPHERS_CHANGED,
	ONE_OF("engine", 2116, "enum:openvpn_engines"),
	TAKE("engine", "engine"),
	ONE_OF("digest", 2115, DIGESTS),
	TAKE("digest", "digest"),
	TUNNELS_CHANGED,
	REFUSE("concurrent_connections", 2133, "(not digits(concurrent_connections) or int(concurrent_connections) <= "
	      "0)"),
	TAKE("concurrent_connections", "maxclients"),
	COMPRESSION_CHANGED,
	LINK_CHANGED,
	SET("tls", "tls", "b64(new_static_key())", BY_CERTIFICATE " and (tls ~= '' or tls ~= 'true')"),
	SET("tls", "tls", "b64(tls)", BY_CERTIFICATE " and tls !~= '' and tls !~= 'true'"),
	UNSET("tls", "tls", BY_CERTIFICATE " and tls ~= 'false'"),
	ONE_OF_IF(BY_CERTIFICATE " and has(obj.tls)", "tls_type", 2109, "['auth', 'crypt']"),
	TAKE_IF(BY_CERTIFICATE " and has(obj.tls)", "tls_type", "tls_type"),
	ONE_OF_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", 2110, KEY_DIRECTIONS),
	WORD_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", "default", "tlsauth_keydir", "'default'"),
	WORD_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", "direction-0", "tlsauth_keydir", "'0'"),
	WORD_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", "direction-1", "tlsauth_keydir", "'1'"),
	WORD_IF(BY_CERTIFICATE " and has(obj.tls)", "tlsauth_keydir", "both-directions", "tlsauth_keydir", "'2'"),
	REFUSE("caref", 2142, BY_CERTIFICATE " and obj.caref != caref"),
	SET("caref", "caref", "ca.refid", BY_CERTIFICATE " and any ca of cfg(ca) and caref = ca.refid"),
	WORD_IF(BY_CERTIFICATE, "crlref", "none", "crlref", "''"),
	SET("crlref", "crlref", "crlref", BY_CERTIFICATE " and crlref != 'none' and any crl of cfg(crl) and obj.caref "
	      "= crl.caref and crlref = crl.refid"),
	REFUSE("crlref", 2137, BY_CERTIFICATE " and crlref != 'none' and (blank(obj.crlref) or obj.crlref != crlref)"),
	SET("ocspcheck", "ocspcheck", "'yes'", BY_CERTIFICATE " and ocspcheck is true and blank(obj.ocspcheck)"),
	UNSET("ocspcheck", "ocspcheck", BY_CERTIFICATE " and (ocspcheck is not true or not blank(obj.ocspcheck)) and "
	      "ocspcheck is false and not blank(obj.ocspcheck)"),
	TAKE_IF(BY_CERTIFICATE " and obj.ocspcheck = 'yes'", "ocspurl", "ocspurl"),
	REFUSE("certref", 2143, BY_CERTIFICATE " and obj.certref != certref"),
	SET("certref", "certref", "cert.refid", BY_CERTIFICATE " and any cert of cfg(cert) and certref = cert.refid"),
	ONE_OF_IF(BY_CERTIFICATE, "dh_length", 2111, "['1024', '2048', '3072', '4096', '6144', '7680', '8192', "
	      "'15360', '16384', 'ECDH Only']"),
	WORD_IF(BY_CERTIFICATE, "dh_length", "ECDH Only", "dh_length", "'none'"),
	SET("dh_length", "dh_length", "dh_length", BY_CERTIFICATE " and dh_length != 'ECDH Only'"),
	ONE_OF_IF(BY_CERTIFICATE, "ecdh_curve", 2112, "['none', 'prime256v1', 'secp384r1', 'secp521r1']"),
	TAKE_IF(BY_CERTIFICATE, "ecdh_curve", "ecdh_curve"),
	CERTIFICATE_DEPTH,
	SET("redirect_gateway", "gwredir", "'yes'", BY_CERTIFICATE " and redirect_gateway is true and obj.gwredir = ''"),
	SET("redirect_gateway", "gwredir", "''", BY_CERTIFICATE " and (redirect_gateway is not true or obj.gwredir != "
	      "'') and redirect_gateway is false and obj.gwredir = 'yes'"),
	SET("redirect_gateway6", "gwredir6", "'yes'", BY_CERTIFICATE " and redirect_gateway6 is true and obj.gwredir6 "
	      "= ''"),
	SET("redirect_gateway6", "gwredir6", "''", BY_CERTIFICATE " and (redirect_gateway6 is not true or obj.gwredir6 "
	      "!= '') and redirect_gateway6 is false and obj.gwredir6 = 'yes'"),
	REFUSE("local_network", 2119, BY_CERTIFICATE " and obj.gwredir = '' and ovpn_cidr_error(local_network, '', "
	      "true, 'ipv4')"),
	TAKE_IF(BY_CERTIFICATE " and obj.gwredir = ''", "local_network", "local_network"),
	REFUSE("local_networkv6", 2119, BY_CERTIFICATE " and obj.gwredir6 = '' and ovpn_cidr_error(local_networkv6, "
	      "'', true, 'ipv6')"),
	TAKE_IF(BY_CERTIFICATE " and obj.gwredir6 = ''", "local_networkv6", "local_networkv6"),
	SET("compression_push", "compression_push", "'yes'", BY_CERTIFICATE " and compression_push is true and "
	      "obj.compression_push = ''"),
	SET("compression_push", "compression_push", "''", BY_CERTIFICATE " and (compression_push is not true or "
	      "obj.compression_push != '') and compression_push is false and obj.compression_push = 'yes'"),
	SET("client2client", "client2client", "'yes'", BY_CERTIFICATE " and client2client is true and "
	      "obj.client2client = ''"),
	SET("client2client", "client2client", "''", BY_CERTIFICATE " and (client2client is not true or "
	      "obj.client2client != '') and client2client is false and obj.client2client = 'yes'"),
	SET("duplicate_cn", "duplicate_cn", "''", BY_CERTIFICATE " and duplicate_cn is true and blank(obj.duplicate_cn)"),
	UNSET("duplicate_cn", "duplicate_cn", BY_CERTIFICATE " and (duplicate_cn is not true or not "
	      "blank(obj.duplicate_cn)) and duplicate_cn is false and not blank(obj.duplicate_cn)"),
	SET("dynamic_ip", "dynamic_ip", "'yes'", BY_CERTIFICATE " and dynamic_ip is true and obj.dynamic_ip = ''"),
	SET("dynamic_ip", "dynamic_ip", "''", BY_CERTIFICATE " and (dynamic_ip is not true or obj.dynamic_ip != '') "
	      "and dynamic_ip is false and obj.dynamic_ip = 'yes'"),
	ONE_OF_IF(BY_CERTIFICATE " and obj.dev_mode != 'tap'", "topology", 2122, "['subnet', 'net30']"),
	TAKE_IF(BY_CERTIFICATE " and obj.dev_mode != 'tap'", "topology", "topology"),
	REFUSE("inactive_seconds", 2134, BY_CERTIFICATE " and (not digits(inactive_seconds) or int(inactive_seconds) < "
	      "0)"),
	TAKE_IF(BY_CERTIFICATE, "inactive_seconds", "inactive_seconds"),
	EXIT_NOTIFY,
	REFUSE("remote_network", 2118, PEER_TO_PEER " and ovpn_cidr_error(remote_network, '', true, 'ipv4')"),
	TAKE_IF(PEER_TO_PEER, "remote_network", "remote_network"),
	REFUSE("remote_networkv6", 2118, PEER_TO_PEER " and not ovpn_cidr_error(remote_networkv6, '', true, 'ipv6') is "
	      "not false"),
	TAKE_IF(PEER_TO_PEER, "remote_networkv6", "remote_networkv6"),
	TAKE_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key'", "dns_domain", "dns_domain"),
	SET("dns_servers", "{'dns_server' & counter}", "replace(' ', '', server)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', dns_servers) and counter "
	      "<= 4 and ipv4(replace(' ', '', server))"),
	SET("push_blockoutsidedns", "push_blockoutsidedns", "'yes'", NOT_PEER_BY_TLS " and obj.mode != "
	      "'p2p_shared_key' and push_blockoutsidedns is true and blank(obj.push_blockoutsidedns)"),
	UNSET("push_blockoutsidedns", "push_blockoutsidedns", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "(push_blockoutsidedns is not true or not blank(obj.push_blockoutsidedns)) and push_blockoutsidedns is "
	      "false and not blank(obj.push_blockoutsidedns)"),
	SET("push_register_dns", "push_register_dns", "'yes'", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "push_register_dns is true and blank(obj.push_register_dns)"),
	UNSET("push_register_dns", "push_register_dns", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "(push_register_dns is not true or not blank(obj.push_register_dns)) and push_register_dns is false and "
	      "not blank(obj.push_register_dns)"),
	REFUSE("ntp_servers", 2149, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', "
	      "ntp_servers) and counter <= 2 and not ipv4(replace(' ', '', server))"),
	SET("ntp_servers", "{'ntp_server' & counter}", "replace(' ', '', server)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', ntp_servers) and counter "
	      "<= 2"),
	SET("netbios_enable", "netbios_enable", "'yes'", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "netbios_enable is true and obj.netbios_enable = ''"),
	SET("netbios_enable", "netbios_enable", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "(netbios_enable is not true or obj.netbios_enable != '') and netbios_enable is false and "
	      "obj.netbios_enable = 'yes'"),
	NODE_TYPE,
	TAKE_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key'", "netbios_scope", "netbios_scope"),
	REFUSE("wins_servers", 2151, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', "
	      "wins_servers) and counter <= 2 and not ipv4(replace(' ', '', server))"),
	SET("wins_servers", "{'wins_server' & counter}", "replace(' ', '', server)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and any server of split(',', wins_servers) and "
	      "counter <= 2"),
	YES_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.dev_mode = 'tap'", "serverbridge_dhcp",
	      "serverbridge_dhcp"),
	REFUSE("serverbridge_interface", 2146, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp = 'yes' and lower(serverbridge_interface) not in ['wan', 'lan', 'none'] and "
	      "openvpn_vip(serverbridge_interface) is false"),
	SET("serverbridge_interface", "serverbridge_interface", "openvpn_vip(serverbridge_interface)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes' and "
	      "lower(serverbridge_interface) not in ['wan', 'lan', 'none']"),
	SET("serverbridge_interface", "serverbridge_interface", "lower(serverbridge_interface)",
	      NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes' and "
	      "lower(serverbridge_interface) in ['wan', 'lan', 'none']"),
	REFUSE("serverbridge_routegateway", 2142, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp = 'yes' and serverbridge_routegateway is true and obj.serverbridge_interface = "
	      "'none'"),
	YES_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes'",
	      "serverbridge_routegateway", "serverbridge_routegateway"),
	REFUSE("serverbridge_dhcp_start", 2148, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp = 'yes' and ((not has(serverbridge_dhcp_start) or not "
	      "ipv4(serverbridge_dhcp_start)) or not has(serverbridge_dhcp_end))"),
	TAKE_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes'",
	      "serverbridge_dhcp_start", "serverbridge_dhcp_start"),
	REFUSE("serverbridge_dhcp_end", 2148, NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and "
	      "obj.serverbridge_dhcp = 'yes' and ((not has(serverbridge_dhcp_end) or not ipv4(serverbridge_dhcp_end)) "
	      "or not has(serverbridge_dhcp_start))"),
	TAKE_IF(NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp = 'yes'",
	      "serverbridge_dhcp_end", "serverbridge_dhcp_end"),
	TAKE_IF("(obj.mode = 'server_user' or obj.mode = 'server_tls_user')", "authmode", "authmode"),
	SET("username_as_common_name", "username_as_common_name", "'enabled'",
	      "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and username_as_common_name is true and "
	      "obj.username_as_common_name = 'disabled'"),
	SET("username_as_common_name", "username_as_common_name", "'disabled'",
	      "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and (username_as_common_name is not true or "
	      "obj.username_as_common_name != 'disabled') and username_as_common_name is false and "
	      "obj.username_as_common_name = 'enabled'"),
	WORD_IF("obj.mode = 'p2p_shared_key'", "shared_key", "", "shared_key", "b64(new_static_key())"),
	SET("shared_key", "shared_key", "b64(shared_key)", "obj.mode = 'p2p_shared_key' and shared_key != ''"),
	SET("strictusercn", "strictusercn", "'yes'", "obj.mode = 'server_tls_user' and strictusercn is true and "
	      "obj.strictusercn = ''"),
	SET("strictusercn", "strictusercn", "''", "obj.mode = 'server_tls_user' and (strictusercn is not true or "
	      "obj.strictusercn != '') and strictusercn is false and obj.strictusercn = 'yes'"),
	SET(NULL, "interface", "'wan'", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	SET(NULL, "ipaddr", "''", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	LINK_PRESETS,
	SET(NULL, "ping_action", "'ping_restart'", "obj.ping_method != 'ping'"),
	UNSET(NULL, "tls_type", BY_CERTIFICATE " and not has(obj.tls)"),
	UNSET(NULL, "tlsauth_keydir", BY_CERTIFICATE " and not has(obj.tls)"),
	UNSET(NULL, "ocspurl", BY_CERTIFICATE " and obj.ocspcheck != 'yes' and blank(obj.ocspcheck)"),
	SET(NULL, "local_network", "''", BY_CERTIFICATE " and obj.gwredir != ''"),
	SET(NULL, "local_networkv6", "''", BY_CERTIFICATE " and obj.gwredir6 != ''"),
	SET(NULL, "topology", "'subnet'", BY_CERTIFICATE " and obj.dev_mode = 'tap'"),
	DROP_IF(BY_CERTIFICATE, "shared_key"),
	PEER_PRESETS,
	DROP_IF(PEER_TO_PEER, "dns_domain"),
	UNSET(NULL, "{'dns_server' & i}", PEER_TO_PEER " and has(obj.{'dns_server' & i})"),
	UNSET(NULL, "{'ntp_server' & i}", PEER_TO_PEER " and has(obj.{'ntp_server' & i})"),
	UNSET(NULL, "{'wins_server' & i}", PEER_TO_PEER " and has(obj.{'wins_server' & i})"),
	DROP_IF(PEER_TO_PEER, "push_blockoutsidedns"),
	DROP_IF(PEER_TO_PEER, "push_register_dns"),
	SET(NULL, "nbdd_server1", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and has(obj.{'wins_servers' "
	      "& '1'}) and obj.netbios_enable = 'yes'"),
	UNSET(NULL, "nbdd_server1", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key' and (not "
	      "has(obj.{'wins_servers' & '1'}) or not (obj.netbios_enable = 'yes'))"),
	SET(NULL, "remote_network", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key'"),
	SET(NULL, "remote_networkv6", "''", NOT_PEER_BY_TLS " and obj.mode != 'p2p_shared_key'"),
	SET(NULL, "username_as_common_name", "'disabled'", "obj.mode != 'server_user' and obj.mode != 'server_tls_user'"),
	DROP_IF("obj.mode != 'server_user' and obj.mode != 'server_tls_user'", "authmode"),
	UNSET(NULL, "strictusercn", "obj.mode != 'server_tls_user'"),
	SHARED_KEY_PRESETS,
	DROP_IF("obj.mode = 'p2p_shared_key'", "tls"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "tls_type"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "tlsauth_keydir"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "caref"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "certref"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "crlref"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "cert_depth"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "ocspcheck"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "ocspurl"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "dh_length"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "ecdh_curve"),
	DROP_IF("obj.mode = 'p2p_shared_key'", "duplicate_cn"),
	{ 0 },
};

static const struct write services_openvpn_server_put_writes[] = {
	{ WRITE_SET, "openvpn/openvpn-server/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_openvpn_server_delete_steps[] = {
	SELECT("vpnid", "found", "any server of cfg(openvpn/openvpn-server) and str(vpnid) = str(server.vpnid)"),
	SET("vpnid", "vpnid", "str(vpnid)", "any server of cfg(openvpn/openvpn-server) and str(vpnid) = "
	      "str(server.vpnid)"),
	REFUSE("vpnid", 2139, "has(vpnid) and blank(obj.vpnid)"),
	REFUSE("vpnid", 2140, "not has(vpnid)"),
	REFUSE(NULL, 2152, "any interface of cfg(interfaces) and interface.if ~= 'ovpns' & obj.vpnid"),
	{ 0 },
};

static const struct write services_openvpn_server_delete_writes[] = {
	{ WRITE_DELETE, "openvpn/openvpn-server/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_openvpn_server[] = {
	{ "services/openvpn/server", METHOD_GET, "page-all page-openvpn-server",
	  .returns = RETURNS_STORED, .path = "openvpn/openvpn-server" },
	{ "services/openvpn/server", METHOD_POST, "page-all page-openvpn-server", .flags = SAVES,
	  .steps = services_openvpn_server_post_steps, .writes = services_openvpn_server_post_writes,
	  .parts = PART_VPN_OPENVPN | PART_FILTER, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "services/openvpn/server", METHOD_PUT, "page-all page-openvpn-server", .flags = SAVES,
	  .steps = services_openvpn_server_put_steps, .writes = services_openvpn_server_put_writes,
	  .parts = PART_VPN_OPENVPN | PART_FILTER, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "services/openvpn/server", METHOD_DELETE, "page-all page-openvpn-server", .flags = SAVES,
	  .steps = services_openvpn_server_delete_steps,
	  .writes = services_openvpn_server_delete_writes, .parts = PART_VPN_OPENVPN | PART_FILTER,
	  .apply = APPLY_ALWAYS, .act = act_vpn_removed },
	{ NULL },
};
/* clang-format on */
