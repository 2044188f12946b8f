/*
 * The operations of services/openvpn/server.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
static const struct task services_openvpn_server_post_steps[] = {
	REFUSE("mode", 2104, "mode not in ['p2p_tls', 'p2p_shared_key', 'server_tls', 'server_user', "
	      "'server_tls_user']"),
	SET("mode", "mode", "mode", "has(mode)"),
	SET("mode", "mode", "'p2p_tls'", "not has(mode)"),
	SET("description", "description", "description", "has(description)"),
	SET("description", "description", "''", "not has(description)"),
	SET("disable", "disable", "''", "disable is true"),
	REFUSE("dev_mode", 2106, "dev_mode not in ['tun', 'tap']"),
	SET("dev_mode", "dev_mode", "dev_mode", "has(dev_mode)"),
	SET("dev_mode", "dev_mode", "'tun'", "not has(dev_mode)"),
	REFUSE("protocol", 2105, "upper(protocol) not in ['UDP4', 'UDP6', 'TCP4', 'TCP6', 'UDP', 'TCP']"),
	SET("protocol", "protocol", "upper(protocol)", "has(protocol)"),
	SET("protocol", "protocol", "'UDP4'", "not has(protocol)"),
	REFUSE("interface", 2107, "obj.protocol != 'UDP' and obj.protocol != 'TCP' and openvpn_interface(interface) "
	      "is false"),
	SET("interface", "interface", "openvpn_interface(interface).interface",
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP'"),
	SET("interface", "ipaddr", "openvpn_interface(interface).ipaddr",
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP' and has(interface)"),
	SET("interface", "interface", "'wan'",
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP' and not has(interface)"),
	SET("interface", "ipaddr", "''",
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP' and not has(interface)"),
	REFUSE("local_port", 2108, "not ovpn_port_error(local_port, 'local_port', 1) and "
	      "ovpn_port_used_by(obj.protocol, obj.interface, local_port, 0) !~= 0"),
	REFUSE("local_port", 2108, "ovpn_port_error(local_port, 'local_port', 1)"),
	SET("local_port", "local_port", "local_port", "has(local_port)"),
	SET("local_port", "local_port", "str(next_ovpn_port(obj.protocol, obj.interface))",
	      "not has(local_port)"),
	SET("data_encryption_negotiation", "ncp_enable", "'disabled'",
	      "data_encryption_negotiation is false"),
	SET("data_encryption_negotiation", "ncp_enable", "'enabled'",
	      "data_encryption_negotiation is not false"),
	REFUSE("data_ciphers", 2138, "any cipher of split(',', data_ciphers) and cipher not in enum:openvpn_ciphers"),
	SET("data_ciphers", "data_ciphers", "data_ciphers", "has(data_ciphers)"),
	SET("data_ciphers", "data_ciphers", "'AES-256-GCM,AES-128-GCM,CHACHA20-POLY1305'",
	      "not has(data_ciphers)"),
	REFUSE("data_ciphers_fallback", 2114, "data_ciphers_fallback not in enum:openvpn_ciphers"),
	SET("data_ciphers_fallback", "data_ciphers_fallback", "data_ciphers_fallback",
	      "has(data_ciphers_fallback)"),
	SET("data_ciphers_fallback", "data_ciphers_fallback", "'AES-256-CBC'",
	      "not has(data_ciphers_fallback)"),
	REFUSE("engine", 2116, "engine not in enum:openvpn_engines"),
	SET("engine", "engine", "engine", "has(engine)"),
	SET("engine", "engine", "'none'", "not has(engine)"),
	REFUSE("digest", 2115, "digest not in ['SHA256', 'BLAKE2b512', 'BLAKE2b256', 'MD4', 'MD5', 'MD5-SHA1', "
	      "'MDC2', 'RIPEMD160', 'SHA1', 'SHA224', 'SHA256', 'SHA3-224', 'SHA3-256', "
	      "'SHA3-384', 'SHA3-512', 'SHA384', 'SHA512', 'SHA512-224', 'SHA512-256', "
	      "'SHAKE128', 'SHAKE256', 'SM3', 'whirlpool', 'none']"),
	SET("digest", "digest", "digest", "has(digest)"),
	SET("digest", "digest", "'SHA256'", "not has(digest)"),
	REFUSE("tunnel_network", 2117, "not ovpn_cidr_error(tunnel_network, '', false, 'ipv4') and "
	      "ovpn_tunnel_in_use(tunnel_network)"),
	REFUSE("tunnel_network", 2117, "ovpn_cidr_error(tunnel_network, '', false, 'ipv4')"),
	SET("tunnel_network", "tunnel_network", "tunnel_network", "has(tunnel_network)"),
	SET("tunnel_network", "tunnel_network", "''", "not has(tunnel_network)"),
	REFUSE("tunnel_networkv6", 2117, "not ovpn_cidr_error(tunnel_networkv6, '', false, 'ipv6') and "
	      "ovpn_tunnel_in_use(tunnel_networkv6)"),
	REFUSE("tunnel_networkv6", 2117, "ovpn_cidr_error(tunnel_networkv6, '', false, 'ipv6')"),
	SET("tunnel_networkv6", "tunnel_networkv6", "tunnel_networkv6", "has(tunnel_networkv6)"),
	SET("tunnel_networkv6", "tunnel_networkv6", "''", "not has(tunnel_networkv6)"),
	REFUSE("concurrent_connections", 2133, "(not digits(concurrent_connections) or int(concurrent_connections) <= 0)"),
	SET("concurrent_connections", "maxclients", "concurrent_connections",
	      "has(concurrent_connections)"),
	SET("concurrent_connections", "maxclients", "''", "not has(concurrent_connections)"),
	REFUSE("allow_compression", 2120, "allow_compression not in ['asym', 'no', 'yes']"),
	SET("allow_compression", "allow_compression", "allow_compression", "has(allow_compression)"),
	SET("allow_compression", "allow_compression", "'no'", "not has(allow_compression)"),
	REFUSE("compression", 2121, "(obj.allow_compression = 'yes' or obj.allow_compression = 'asym') and compression "
	      "not in ['none', 'stub', 'stub-v2', 'lz4', 'lz4-v2', 'lzo', 'noadapt', 'adaptive', "
	      "'yes', 'no']"),
	SET("compression", "compression", "compression",
	      "(obj.allow_compression = 'yes' or obj.allow_compression = 'asym')"),
	SET("compression", "compression", "''", "(obj.allow_compression = 'yes' or obj.allow_compression = 'asym') and not "
	      "has(compression)"),
	SET("passtos", "passtos", "'yes'", "passtos is true"),
	SET("passtos", "passtos", "''", "passtos is not true"),
	REFUSE("ping_method", 2123, "ping_method not in ['keepalive', 'ping']"),
	SET("ping_method", "ping_method", "ping_method", "has(ping_method)"),
	SET("ping_method", "ping_method", "'keepalive'", "not has(ping_method)"),
	REFUSE("keepalive_interval", 2124, "obj.ping_method = 'keepalive' and (not digits(keepalive_interval) or "
	      "int(keepalive_interval) < 0)"),
	SET("keepalive_interval", "keepalive_interval", "keepalive_interval",
	      "obj.ping_method = 'keepalive' and has(keepalive_interval)"),
	SET("keepalive_interval", "keepalive_interval", "'10'",
	      "obj.ping_method = 'keepalive' and not has(keepalive_interval)"),
	REFUSE("keepalive_timeout", 2125, "obj.ping_method = 'keepalive' and (not digits(keepalive_timeout) or "
	      "int(keepalive_timeout) < 0)"),
	SET("keepalive_timeout", "keepalive_timeout", "keepalive_timeout",
	      "obj.ping_method = 'keepalive' and has(keepalive_timeout)"),
	SET("keepalive_timeout", "keepalive_timeout", "'60'",
	      "obj.ping_method = 'keepalive' and not has(keepalive_timeout)"),
	REFUSE("ping_seconds", 2126, "obj.ping_method = 'ping' and (not digits(ping_seconds) or int(ping_seconds) < 0)"),
	SET("ping_seconds", "ping_seconds", "ping_seconds",
	      "obj.ping_method = 'ping' and has(ping_seconds)"),
	SET("ping_seconds", "ping_seconds", "'10'",
	      "obj.ping_method = 'ping' and not has(ping_seconds)"),
	REFUSE("ping_action_seconds", 2127, "obj.ping_method = 'ping' and (not digits(ping_action_seconds) or "
	      "int(ping_action_seconds) < 0)"),
	SET("ping_action_seconds", "ping_action_seconds", "ping_action_seconds",
	      "obj.ping_method = 'ping' and has(ping_action_seconds)"),
	SET("ping_action_seconds", "ping_action_seconds", "'60'",
	      "obj.ping_method = 'ping' and not has(ping_action_seconds)"),
	SET("ping_push", "ping_push", "'yes'", "obj.ping_method = 'ping' and ping_push is true"),
	SET("ping_push", "ping_push", "''", "obj.ping_method = 'ping' and ping_push is not true"),
	SET("ping_action_push", "ping_action_push", "'yes'",
	      "obj.ping_method = 'ping' and ping_action_push is true"),
	SET("ping_action_push", "ping_action_push", "''",
	      "obj.ping_method = 'ping' and ping_action_push is not true"),
	REFUSE("ping_action", 2128, "obj.ping_method = 'ping' and ping_action not in ['ping_exit', 'ping_restart']"),
	SET("ping_action", "ping_action", "ping_action",
	      "obj.ping_method = 'ping' and has(ping_action)"),
	SET("ping_action", "ping_action", "'ping_restart'",
	      "obj.ping_method != 'ping' or not has(ping_action)"),
	SET("custom_options", "custom_options", "custom_options", "has(custom_options)"),
	SET("custom_options", "custom_options", "''", "not has(custom_options)"),
	SET("udp_fast_io", "udp_fast_io", "'yes'", "udp_fast_io is true"),
	REFUSE("sndrcvbuf", 2130, "sndrcvbuf not in ['64KiB', '128KiB', '256KiB', '512KiB', '1MiB', '2MiB', "
	      "'default']"),
	SET("sndrcvbuf", "sndrcvbuf", "'65536'", "sndrcvbuf = '64KiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'131072'", "sndrcvbuf = '128KiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'262144'", "sndrcvbuf = '256KiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'524288'", "sndrcvbuf = '512KiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'1048576'", "sndrcvbuf = '1MiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'2097152'", "sndrcvbuf = '2MiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "''", "sndrcvbuf = 'default'"),
	SET("sndrcvbuf", "sndrcvbuf", "''", "not has(sndrcvbuf)"),
	REFUSE("create_gw", 2131, "lower(create_gw) not in ['both', 'v4only', 'v6only']"),
	SET("create_gw", "create_gw", "lower(create_gw)", "create_gw = 'both'"),
	SET("create_gw", "create_gw", "lower(create_gw)", "create_gw = 'v4only'"),
	SET("create_gw", "create_gw", "lower(create_gw)", "create_gw = 'v6only'"),
	SET("create_gw", "create_gw", "'both'", "not has(create_gw)"),
	REFUSE("verbosity_level", 2132, "((not digits(verbosity_level) or int(verbosity_level) < 2) or int(verbosity_level)"
	      " >= 13) and verbosity_level !~= 'none' and verbosity_level !~= 'default'"),
	SET("verbosity_level", "verbosity_level", "verbosity_level", "(digits(verbosity_level) and int(verbosity_level) >= 2) and int(verbosity_level) <"
	      " 13"),
	SET("verbosity_level", "verbosity_level", "'0'", "((not digits(verbosity_level) or int(verbosity_level) < 2) or int(verbosity_level)"
	      " >= 13) and verbosity_level ~= 'none'"),
	SET("verbosity_level", "verbosity_level", "'1'", "((not digits(verbosity_level) or int(verbosity_level) < 2) or int(verbosity_level)"
	      " >= 13) and verbosity_level !~= 'none'"),
	SET("verbosity_level", "verbosity_level", "'1'", "not has(verbosity_level)"),
	REFUSE("shared_key", 2141, "obj.mode = 'p2p_shared_key' and not has(shared_key)"),
	SET("shared_key", "shared_key", "b64(new_static_key())",
	      "obj.mode = 'p2p_shared_key' and shared_key = ''"),
	SET("shared_key", "shared_key", "b64(shared_key)",
	      "obj.mode = 'p2p_shared_key' and shared_key != ''"),
	SET("tls", "tls", "b64(new_static_key())",
	      "obj.mode != 'p2p_shared_key' and (tls ~= '' or tls ~= 'true')"),
	SET("tls", "tls", "b64(tls)",
	      "obj.mode != 'p2p_shared_key' and tls !~= '' and tls !~= 'true'"),
	REFUSE("tls_type", 2109, "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls) and tls_type not in "
	      "['auth', 'crypt']"),
	SET("tls_type", "tls_type", "tls_type",
	      "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls) and has(tls_type)"),
	SET("tls_type", "tls_type", "'auth'",
	      "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls) and not has(tls_type)"),
	REFUSE("tlsauth_keydir", 2110, "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls) and tlsauth_keydir not"
	      " in ['default', 'direction-0', 'direction-1', 'both-directions']"),
	SET("tlsauth_keydir", "tlsauth_keydir", "'default'", "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls) and tlsauth_keydir = "
	      "'default'"),
	SET("tlsauth_keydir", "tlsauth_keydir", "'0'", "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls) and tlsauth_keydir = "
	      "'direction-0'"),
	SET("tlsauth_keydir", "tlsauth_keydir", "'1'", "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls) and tlsauth_keydir = "
	      "'direction-1'"),
	SET("tlsauth_keydir", "tlsauth_keydir", "'2'", "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls) and tlsauth_keydir = "
	      "'both-directions'"),
	SET("tlsauth_keydir", "tlsauth_keydir", "'default'", "obj.mode != 'p2p_shared_key' and tls != '' and has(obj.tls) and not "
	      "has(tlsauth_keydir)"),
	SET("caref", "caref", "ca.refid",
	      "obj.mode != 'p2p_shared_key' and any ca of cfg(ca) and caref = ca.refid"),
	REFUSE("caref", 2142, "has(caref) and obj.mode != 'p2p_shared_key' and cfg(ca) and blank(obj.caref)"),
	REFUSE("caref", 2136, "obj.mode != 'p2p_shared_key' and cfg(ca) and not has(caref)"),
	REFUSE(NULL, 2144, "obj.mode != 'p2p_shared_key' and not cfg(ca)"),
	SET("crlref", "crlref", "''", "obj.mode != 'p2p_shared_key' and crlref = 'none'"),
	SET("crlref", "crlref", "''", "obj.mode != 'p2p_shared_key' and not has(crlref)"),
	SET("crlref", "crlref", "crlref", "obj.mode != 'p2p_shared_key' and crlref != 'none' and any crl of cfg(crl) and "
	      "obj.caref = crl.caref and crlref = crl.refid"),
	REFUSE("crlref", 2137, "obj.mode != 'p2p_shared_key' and crlref != 'none' and (blank(obj.crlref) or "
	      "obj.crlref != crlref)"),
	SET("ocspcheck", "ocspcheck", "'yes'", "obj.mode != 'p2p_shared_key' and ocspcheck is true"),
	SET("ocspurl", "ocspurl", "ocspurl",
	      "obj.mode != 'p2p_shared_key' and obj.ocspcheck = 'yes' and has(ocspurl)"),
	SET("ocspurl", "ocspurl", "''",
	      "obj.mode != 'p2p_shared_key' and obj.ocspcheck = 'yes' and not has(ocspurl)"),
	REFUSE("certref", 2135, "obj.mode != 'p2p_shared_key' and cfg(cert) and not has(certref)"),
	SET("certref", "certref", "cert.refid",
	      "obj.mode != 'p2p_shared_key' and any cert of cfg(cert) and certref = cert.refid"),
	REFUSE(NULL, 2143, "obj.mode != 'p2p_shared_key' and cfg(cert) and blank(obj.certref)"),
	REFUSE(NULL, 2145, "obj.mode != 'p2p_shared_key' and not cfg(cert)"),
	REFUSE("dh_length", 2111, "obj.mode != 'p2p_shared_key' and dh_length not in ['1024', '2048', '3072', '4096',"
	      " '6144', '7680', '8192', '15360', '16384', 'ECDH Only']"),
	SET("dh_length", "dh_length", "'none'",
	      "obj.mode != 'p2p_shared_key' and dh_length = 'ECDH Only'"),
	SET("dh_length", "dh_length", "dh_length",
	      "obj.mode != 'p2p_shared_key' and dh_length != 'ECDH Only'"),
	SET("dh_length", "dh_length", "'2048'",
	      "obj.mode != 'p2p_shared_key' and not has(dh_length)"),
	REFUSE("ecdh_curve", 2112, "obj.mode != 'p2p_shared_key' and ecdh_curve not in ['none', 'prime256v1', "
	      "'secp384r1', 'secp521r1']"),
	SET("ecdh_curve", "ecdh_curve", "ecdh_curve",
	      "obj.mode != 'p2p_shared_key' and has(ecdh_curve)"),
	SET("ecdh_curve", "ecdh_curve", "'none'",
	      "obj.mode != 'p2p_shared_key' and not has(ecdh_curve)"),
	REFUSE("cert_depth", 2113, "obj.mode != 'p2p_shared_key' and cert_depth not in ['none', 'one', 'two', 'three',"
	      " 'four', 'five']"),
	SET("cert_depth", "cert_depth", "''",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'none'"),
	SET("cert_depth", "cert_depth", "'1'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'one'"),
	SET("cert_depth", "cert_depth", "'2'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'two'"),
	SET("cert_depth", "cert_depth", "'3'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'three'"),
	SET("cert_depth", "cert_depth", "'4'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'four'"),
	SET("cert_depth", "cert_depth", "'5'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'five'"),
	SET("cert_depth", "cert_depth", "'1'",
	      "obj.mode != 'p2p_shared_key' and not has(cert_depth)"),
	SET("redirect_gateway", "gwredir", "'yes'",
	      "obj.mode != 'p2p_shared_key' and redirect_gateway is true"),
	SET("redirect_gateway", "gwredir", "''",
	      "obj.mode != 'p2p_shared_key' and redirect_gateway is not true"),
	SET("redirect_gateway6", "gwredir6", "'yes'",
	      "obj.mode != 'p2p_shared_key' and redirect_gateway6 is true"),
	SET("redirect_gateway6", "gwredir6", "''",
	      "obj.mode != 'p2p_shared_key' and redirect_gateway6 is not true"),
	REFUSE("local_network", 2119, "obj.mode != 'p2p_shared_key' and obj.gwredir = '' and "
	      "ovpn_cidr_error(local_network, '', true, 'ipv4')"),
	SET("local_network", "local_network", "local_network",
	      "obj.mode != 'p2p_shared_key' and obj.gwredir = '' and has(local_network)"),
	SET("local_network", "local_network", "''",
	      "obj.mode != 'p2p_shared_key' and obj.gwredir = '' and not has(local_network)"),
	REFUSE("local_networkv6", 2119, "obj.mode != 'p2p_shared_key' and obj.gwredir6 = '' and "
	      "ovpn_cidr_error(local_networkv6, '', true, 'ipv6')"),
	SET("local_networkv6", "local_networkv6", "local_networkv6",
	      "obj.mode != 'p2p_shared_key' and obj.gwredir6 = '' and has(local_networkv6)"),
	SET("local_networkv6", "local_networkv6", "''",
	      "obj.mode != 'p2p_shared_key' and obj.gwredir6 = '' and not has(local_networkv6)"),
	SET("compression_push", "compression_push", "'yes'",
	      "obj.mode != 'p2p_shared_key' and compression_push is true"),
	SET("compression_push", "compression_push", "''",
	      "obj.mode != 'p2p_shared_key' and compression_push is not true"),
	SET("client2client", "client2client", "'yes'",
	      "obj.mode != 'p2p_shared_key' and client2client is true"),
	SET("client2client", "client2client", "''",
	      "obj.mode != 'p2p_shared_key' and client2client is not true"),
	SET("duplicate_cn", "duplicate_cn", "''",
	      "obj.mode != 'p2p_shared_key' and duplicate_cn is true"),
	SET("dynamic_ip", "dynamic_ip", "'yes'",
	      "obj.mode != 'p2p_shared_key' and dynamic_ip is true"),
	SET("dynamic_ip", "dynamic_ip", "''",
	      "obj.mode != 'p2p_shared_key' and dynamic_ip is not true"),
	REFUSE("topology", 2122, "obj.mode != 'p2p_shared_key' and obj.dev_mode != 'tap' and topology not in "
	      "['subnet', 'net30']"),
	SET("topology", "topology", "topology",
	      "obj.mode != 'p2p_shared_key' and obj.dev_mode != 'tap' and has(topology)"),
	SET("topology", "topology", "'subnet'",
	      "obj.mode != 'p2p_shared_key' and obj.dev_mode != 'tap' and not has(topology)"),
	REFUSE("inactive_seconds", 2134, "obj.mode != 'p2p_shared_key' and (not digits(inactive_seconds) or "
	      "int(inactive_seconds) < 0)"),
	SET("inactive_seconds", "inactive_seconds", "inactive_seconds",
	      "obj.mode != 'p2p_shared_key' and has(inactive_seconds)"),
	SET("inactive_seconds", "inactive_seconds", "'300'",
	      "obj.mode != 'p2p_shared_key' and not has(inactive_seconds)"),
	REFUSE("exit_notify", 2129, "obj.mode != 'p2p_shared_key' and exit_notify not in ['once', 'twice', 'none', '']"),
	SET("exit_notify", "exit_notify", "'none'",
	      "obj.mode != 'p2p_shared_key' and exit_notify = 'none'"),
	SET("exit_notify", "exit_notify", "'none'",
	      "obj.mode != 'p2p_shared_key' and exit_notify = ''"),
	SET("exit_notify", "exit_notify", "'1'",
	      "obj.mode != 'p2p_shared_key' and exit_notify = 'once'"),
	SET("exit_notify", "exit_notify", "'2'",
	      "obj.mode != 'p2p_shared_key' and exit_notify = 'twice'"),
	SET("exit_notify", "exit_notify", "'1'",
	      "obj.mode != 'p2p_shared_key' and not has(exit_notify)"),
	REFUSE("remote_network", 2118, "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and "
	      "ovpn_cidr_error(remote_network, '', true, 'ipv4')"),
	SET("remote_network", "remote_network", "remote_network",
	      "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and has(remote_network)"),
	SET("remote_network", "remote_network", "''",
	      "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and not has(remote_network)"),
	REFUSE("remote_networkv6", 2118, "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and "
	      "ovpn_cidr_error(remote_networkv6, '', true, 'ipv6')"),
	SET("remote_networkv6", "remote_networkv6", "remote_networkv6",
	      "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and has(remote_networkv6)"),
	SET("remote_networkv6", "remote_networkv6", "''", "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and not "
	      "has(remote_networkv6)"),
	SET("dns_domain", "dns_domain", "dns_domain",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and has(dns_domain)"),
	SET("dns_domain", "dns_domain", "''",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and not has(dns_domain)"),
	REFUSE("dns_servers", 2150, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', dns_servers) and counter <= 4 and not ipv4(replace(' ', '', server))"),
	SET("dns_servers", "{'dns_server' & counter}", "replace(' ', '', server)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', dns_servers) and counter <= 4"),
	SET("push_blockoutsidedns", "push_blockoutsidedns", "'yes'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and push_blockoutsidedns is"
	      " true"),
	SET("push_register_dns", "push_register_dns", "'yes'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and push_register_dns is "
	      "true"),
	REFUSE("ntp_servers", 2149, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', ntp_servers) and counter <= 2 and not ipv4(replace(' ', '', server))"),
	SET("ntp_servers", "{'ntp_server' & counter}", "replace(' ', '', server)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', ntp_servers) and counter <= 2"),
	SET("netbios_enable", "netbios_enable", "'yes'",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_enable is true"),
	SET("netbios_enable", "netbios_enable", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_enable is not "
	      "true"),
	SET("netbios_enable", "netbios_ntype", "'1'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and not "
	      "has(netbios_node_type) and has(netbios_enable)"),
	SET("netbios_enable", "netbios_ntype", "'0'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and not "
	      "has(netbios_node_type) and not has(netbios_enable)"),
	REFUSE("netbios_node_type", 2076, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type !~= "
	      "'b' and netbios_node_type !~= 'p' and netbios_node_type !~= 'm' and "
	      "netbios_node_type !~= 'h'"),
	SET("netbios_node_type", "netbios_ntype", "'1'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type ~= "
	      "'b'"),
	SET("netbios_node_type", "netbios_ntype", "'2'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type !~= "
	      "'b' and netbios_node_type ~= 'p'"),
	SET("netbios_node_type", "netbios_ntype", "'3'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type !~= "
	      "'b' and netbios_node_type !~= 'p' and netbios_node_type ~= 'm'"),
	SET("netbios_node_type", "netbios_ntype", "'4'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type !~= "
	      "'b' and netbios_node_type !~= 'p' and netbios_node_type !~= 'm'"),
	SET("netbios_scope", "netbios_scope", "netbios_scope",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and has(netbios_scope)"),
	SET("netbios_scope", "netbios_scope", "''",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and not has(netbios_scope)"),
	REFUSE("wins_servers", 2151, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', wins_servers) and counter <= 2 and not ipv4(replace(' ', '', server))"),
	SET("wins_servers", "{'wins_server' & counter}", "replace(' ', '', server)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', wins_servers) and counter <= 2"),
	SET("wins_servers", "nbdd_server1", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and has(wins_servers) and "
	      "obj.netbios_enable = 'yes'"),
	SET("serverbridge_dhcp", "serverbridge_dhcp", "'yes'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.dev_mode = 'tap' "
	      "and serverbridge_dhcp is true"),
	SET("serverbridge_dhcp", "serverbridge_dhcp", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.dev_mode = 'tap' "
	      "and serverbridge_dhcp is not true"),
	REFUSE("serverbridge_interface", 2146, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and lower(serverbridge_interface) not in ['wan', 'lan', 'none'] and "
	      "openvpn_vip(serverbridge_interface) is false"),
	SET("serverbridge_interface", "serverbridge_interface", "openvpn_vip(serverbridge_interface)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and lower(serverbridge_interface) not in ['wan', 'lan', 'none']"),
	SET("serverbridge_interface", "serverbridge_interface", "lower(serverbridge_interface)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and lower(serverbridge_interface) in ['wan', 'lan', 'none']"),
	SET("serverbridge_interface", "serverbridge_interface", "'none'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and (obj.serverbridge_dhcp "
	      "!= 'yes' or not has(serverbridge_interface))"),
	REFUSE("serverbridge_routegateway", 2147, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and serverbridge_routegateway is true and obj.serverbridge_interface = "
	      "'none'"),
	SET("serverbridge_routegateway", "serverbridge_routegateway", "'yes'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and serverbridge_routegateway is true"),
	SET("serverbridge_routegateway", "serverbridge_routegateway", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and serverbridge_routegateway is not true"),
	REFUSE("serverbridge_dhcp_start", 2148, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and ((not has(serverbridge_dhcp_start) or not "
	      "ipv4(serverbridge_dhcp_start)) or not has(serverbridge_dhcp_end))"),
	SET("serverbridge_dhcp_start", "serverbridge_dhcp_start", "serverbridge_dhcp_start", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes'"),
	REFUSE("serverbridge_dhcp_end", 2148, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and ((not has(serverbridge_dhcp_end) or not ipv4(serverbridge_dhcp_end)) or"
	      " not has(serverbridge_dhcp_start))"),
	SET("serverbridge_dhcp_end", "serverbridge_dhcp_end", "serverbridge_dhcp_end", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes'"),
	SET("authmode", "authmode", "authmode",
	      "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and has(authmode)"),
	SET("authmode", "authmode", "'Local Database'",
	      "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and not has(authmode)"),
	SET("username_as_common_name", "username_as_common_name", "'enabled'", "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and "
	      "username_as_common_name is true"),
	SET("username_as_common_name", "username_as_common_name", "'disabled'", "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and "
	      "username_as_common_name is not true"),
	SET("strictusercn", "strictusercn", "'yes'",
	      "obj.mode = 'server_tls_user' and strictusercn is true"),
	SET("strictusercn", "strictusercn", "''",
	      "obj.mode = 'server_tls_user' and strictusercn is not true"),
	SET(NULL, "vpnid", "str(next_vpnid())", NULL),
	SET(NULL, "interface", "'wan'", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	SET(NULL, "ipaddr", "''", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	SET(NULL, "compression", "''",
	      "obj.allow_compression != 'yes' and obj.allow_compression != 'asym'"),
	SET(NULL, "keepalive_interval", "'10'", "obj.ping_method != 'keepalive'"),
	SET(NULL, "keepalive_timeout", "'60'", "obj.ping_method != 'keepalive'"),
	SET(NULL, "ping_seconds", "'10'", "obj.ping_method != 'ping'"),
	SET(NULL, "ping_action_seconds", "'60'", "obj.ping_method != 'ping'"),
	SET(NULL, "ping_push", "''", "obj.ping_method != 'ping'"),
	SET(NULL, "ping_action_push", "''", "obj.ping_method != 'ping'"),
	SET(NULL, "gwredir", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "gwredir6", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "local_network", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "local_networkv6", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "compression_push", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "client2client", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "topology", "'subnet'", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "dynamic_ip", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "exit_notify", "'1'", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "inactive_seconds", "'300'", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "ocspurl", "''", "obj.mode != 'p2p_shared_key' and obj.ocspcheck != 'yes'"),
	SET(NULL, "local_network", "''", "obj.mode != 'p2p_shared_key' and obj.gwredir != ''"),
	SET(NULL, "local_networkv6", "''", "obj.mode != 'p2p_shared_key' and obj.gwredir6 != ''"),
	SET(NULL, "topology", "'subnet'", "obj.mode != 'p2p_shared_key' and obj.dev_mode = 'tap'"),
	SET(NULL, "serverbridge_dhcp", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "serverbridge_interface", "'none'",
	      "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "serverbridge_routegateway", "''",
	      "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "serverbridge_dhcp_start", "''",
	      "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "serverbridge_dhcp_end", "''",
	      "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "netbios_enable", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "netbios_ntype", "'0'", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "netbios_scope", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "serverbridge_dhcp", "''",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.dev_mode != 'tap'"),
	SET(NULL, "serverbridge_routegateway", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp "
	      "!= 'yes'"),
	SET(NULL, "serverbridge_dhcp_start", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp "
	      "!= 'yes'"),
	SET(NULL, "serverbridge_dhcp_end", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp "
	      "!= 'yes'"),
	SET(NULL, "remote_network", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key'"),
	SET(NULL, "remote_networkv6", "''",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key'"),
	SET(NULL, "username_as_common_name", "'disabled'",
	      "obj.mode != 'server_user' and obj.mode != 'server_tls_user'"),
	{ 0 },
};

static const struct write services_openvpn_server_post_writes[] = {
	{ WRITE_SET, "openvpn/openvpn-server/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_openvpn_server_put_steps[] = {
	SELECT("vpnid", "found",
	      "any server of cfg(openvpn/openvpn-server) and str(vpnid) = str(server.vpnid)"),
	FLAG("vpnid", "original_server", "cfg(openvpn/openvpn-server/<selected>)",
	      "any server of cfg(openvpn/openvpn-server) and str(vpnid) = str(server.vpnid)"),
	REFUSE("vpnid", 2139, "has(vpnid) and blank(obj.vpnid)"),
	REFUSE("vpnid", 2140, "not has(vpnid)"),
	SET("description", "description", "description", "has(description)"),
	SET("disable", "disable", "''", "disable is true"),
	UNSET("disable", "disable", "disable is false"),
	REFUSE("mode", 2104, "mode not in ['p2p_tls', 'p2p_shared_key', 'server_tls', 'server_user', "
	      "'server_tls_user']"),
	SET("mode", "mode", "mode", "has(mode)"),
	REFUSE("dev_mode", 2106, "dev_mode not in ['tun', 'tap']"),
	SET("dev_mode", "dev_mode", "dev_mode", "has(dev_mode)"),
	REFUSE("protocol", 2105, "upper(protocol) not in ['UDP4', 'UDP6', 'TCP4', 'TCP6', 'UDP', 'TCP']"),
	SET("protocol", "protocol", "upper(protocol)", "has(protocol)"),
	REFUSE("interface", 2107, "obj.protocol != 'UDP' and obj.protocol != 'TCP' and openvpn_interface(interface) "
	      "is false"),
	SET("interface", "interface", "openvpn_interface(interface).interface",
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP'"),
	SET("interface", "ipaddr", "openvpn_interface(interface).ipaddr",
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP' and has(interface)"),
	REFUSE("local_port", 2108, "not ovpn_port_error(local_port, 'local_port', 1) and "
	      "ovpn_port_used_by(obj.protocol, obj.interface, local_port, 0) !~= 0"),
	REFUSE("local_port", 2108, "ovpn_port_error(local_port, 'local_port', 1)"),
	SET("local_port", "local_port", "local_port", "has(local_port)"),
	SET("data_encryption_negotiation", "ncp_enable", "'disabled'",
	      "data_encryption_negotiation is false and obj.ncp_enable = 'enabled'"),
	SET("data_encryption_negotiation", "ncp_enable", "'enabled'", "(data_encryption_negotiation is not false or obj.ncp_enable != 'enabled') and "
	      "data_encryption_negotiation is true and obj.ncp_enable = 'disabled'"),
	REFUSE("data_ciphers", 2138, "any cipher of split(',', data_ciphers) and cipher not in enum:openvpn_ciphers"),
	SET("data_ciphers", "data_ciphers", "data_ciphers", "has(data_ciphers)"),
	REFUSE("data_ciphers_fallback", 2114, "data_ciphers_fallback not in enum:openvpn_ciphers"),
	SET("data_ciphers_fallback", "data_ciphers_fallback", "data_ciphers_fallback",
	      "has(data_ciphers_fallback)"),
	REFUSE("engine", 2116, "engine not in enum:openvpn_engines"),
	SET("engine", "engine", "engine", "has(engine)"),
	REFUSE("digest", 2115, "digest not in ['SHA256', 'BLAKE2b512', 'BLAKE2b256', 'MD4', 'MD5', 'MD5-SHA1', "
	      "'MDC2', 'RIPEMD160', 'SHA1', 'SHA224', 'SHA256', 'SHA3-224', 'SHA3-256', "
	      "'SHA3-384', 'SHA3-512', 'SHA384', 'SHA512', 'SHA512-224', 'SHA512-256', "
	      "'SHAKE128', 'SHAKE256', 'SM3', 'whirlpool', 'none']"),
	SET("digest", "digest", "digest", "has(digest)"),
	REFUSE("tunnel_network", 2117, "not ovpn_cidr_error(tunnel_network, '', false, 'ipv4') and "
	      "ovpn_tunnel_in_use(tunnel_network)"),
	REFUSE("tunnel_network", 2117, "ovpn_cidr_error(tunnel_network, '', false, 'ipv4')"),
	SET("tunnel_network", "tunnel_network", "tunnel_network", "has(tunnel_network)"),
	REFUSE("tunnel_networkv6", 2117, "not ovpn_cidr_error(tunnel_networkv6, '', false, 'ipv6') and "
	      "ovpn_tunnel_in_use(tunnel_networkv6)"),
	REFUSE("tunnel_networkv6", 2117, "ovpn_cidr_error(tunnel_networkv6, '', false, 'ipv6')"),
	SET("tunnel_networkv6", "tunnel_networkv6", "tunnel_networkv6", "has(tunnel_networkv6)"),
	REFUSE("concurrent_connections", 2133, "(not digits(concurrent_connections) or int(concurrent_connections) <= 0)"),
	SET("concurrent_connections", "maxclients", "concurrent_connections",
	      "has(concurrent_connections)"),
	REFUSE("allow_compression", 2120, "allow_compression not in ['asym', 'no', 'yes']"),
	SET("allow_compression", "allow_compression", "allow_compression", "has(allow_compression)"),
	REFUSE("compression", 2121, "(obj.allow_compression = 'yes' or obj.allow_compression = 'asym') and compression "
	      "not in ['none', 'stub', 'stub-v2', 'lz4', 'lz4-v2', 'lzo', 'noadapt', 'adaptive', "
	      "'yes', 'no']"),
	SET("compression", "compression", "compression",
	      "(obj.allow_compression = 'yes' or obj.allow_compression = 'asym')"),
	SET("passtos", "passtos", "'yes'", "passtos is true and obj.passtos = ''"),
	SET("passtos", "passtos", "''", "(passtos is not true or obj.passtos != '') and passtos is false and obj.passtos = "
	      "'yes'"),
	REFUSE("ping_method", 2123, "ping_method not in ['keepalive', 'ping']"),
	SET("ping_method", "ping_method", "ping_method", "has(ping_method)"),
	REFUSE("keepalive_interval", 2124, "obj.ping_method = 'keepalive' and (not digits(keepalive_interval) or "
	      "int(keepalive_interval) < 0)"),
	SET("keepalive_interval", "keepalive_interval", "keepalive_interval",
	      "obj.ping_method = 'keepalive' and has(keepalive_interval)"),
	REFUSE("keepalive_timeout", 2125, "obj.ping_method = 'keepalive' and (not digits(keepalive_timeout) or "
	      "int(keepalive_timeout) < 0)"),
	SET("keepalive_timeout", "keepalive_timeout", "keepalive_timeout",
	      "obj.ping_method = 'keepalive' and has(keepalive_timeout)"),
	REFUSE("ping_seconds", 2126, "obj.ping_method = 'ping' and (not digits(ping_seconds) or int(ping_seconds) < 0)"),
	SET("ping_seconds", "ping_seconds", "ping_seconds",
	      "obj.ping_method = 'ping' and has(ping_seconds)"),
	REFUSE("ping_action_seconds", 2127, "obj.ping_method = 'ping' and (not digits(ping_action_seconds) or "
	      "int(ping_action_seconds) < 0)"),
	SET("ping_action_seconds", "ping_action_seconds", "ping_action_seconds",
	      "obj.ping_method = 'ping' and has(ping_action_seconds)"),
	SET("ping_push", "ping_push", "'yes'",
	      "obj.ping_method = 'ping' and ping_push is true and obj.ping_push = ''"),
	SET("ping_push", "ping_push", "''", "obj.ping_method = 'ping' and (ping_push is not true or obj.ping_push != '') and "
	      "ping_push is false and obj.ping_push = 'yes'"),
	SET("ping_action_push", "ping_action_push", "'yes'", "obj.ping_method = 'ping' and ping_action_push is true and obj.ping_action_push = "
	      "''"),
	SET("ping_action_push", "ping_action_push", "''", "obj.ping_method = 'ping' and (ping_action_push is not true or obj.ping_action_push"
	      " != '') and ping_action_push is false and obj.ping_action_push = 'yes'"),
	REFUSE("ping_action", 2128, "obj.ping_method = 'ping' and ping_action not in ['ping_exit', 'ping_restart']"),
	SET("ping_action", "ping_action", "ping_action",
	      "obj.ping_method = 'ping' and has(ping_action)"),
	SET("custom_options", "custom_options", "custom_options", "has(custom_options)"),
	SET("udp_fast_io", "udp_fast_io", "'yes'", "udp_fast_io is true and blank(obj.udp_fast_io)"),
	UNSET("udp_fast_io", "udp_fast_io", "(udp_fast_io is not true or not blank(obj.udp_fast_io)) and udp_fast_io is false "
	      "and not blank(obj.udp_fast_io)"),
	REFUSE("sndrcvbuf", 2130, "sndrcvbuf not in ['64KiB', '128KiB', '256KiB', '512KiB', '1MiB', '2MiB', "
	      "'default']"),
	SET("sndrcvbuf", "sndrcvbuf", "'65536'", "sndrcvbuf = '64KiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'131072'", "sndrcvbuf = '128KiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'262144'", "sndrcvbuf = '256KiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'524288'", "sndrcvbuf = '512KiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'1048576'", "sndrcvbuf = '1MiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "'2097152'", "sndrcvbuf = '2MiB'"),
	SET("sndrcvbuf", "sndrcvbuf", "''", "sndrcvbuf = 'default'"),
	REFUSE("create_gw", 2131, "lower(create_gw) not in ['both', 'v4only', 'v6only']"),
	SET("create_gw", "create_gw", "lower(create_gw)", "create_gw = 'both'"),
	SET("create_gw", "create_gw", "lower(create_gw)", "create_gw = 'v4only'"),
	SET("create_gw", "create_gw", "lower(create_gw)", "create_gw = 'v6only'"),
	REFUSE("verbosity_level", 2132, "((not digits(verbosity_level) or int(verbosity_level) < 2) or int(verbosity_level)"
	      " >= 13) and verbosity_level !~= 'none' and verbosity_level !~= 'default'"),
	SET("verbosity_level", "verbosity_level", "verbosity_level", "(digits(verbosity_level) and int(verbosity_level) >= 2) and int(verbosity_level) <"
	      " 13"),
	SET("verbosity_level", "verbosity_level", "'0'", "((not digits(verbosity_level) or int(verbosity_level) < 2) or int(verbosity_level)"
	      " >= 13) and verbosity_level ~= 'none'"),
	SET("verbosity_level", "verbosity_level", "'1'", "((not digits(verbosity_level) or int(verbosity_level) < 2) or int(verbosity_level)"
	      " >= 13) and verbosity_level !~= 'none'"),
	SET("tls", "tls", "b64(new_static_key())",
	      "obj.mode != 'p2p_shared_key' and (tls ~= '' or tls ~= 'true')"),
	SET("tls", "tls", "b64(tls)",
	      "obj.mode != 'p2p_shared_key' and tls !~= '' and tls !~= 'true'"),
	UNSET("tls", "tls", "obj.mode != 'p2p_shared_key' and tls ~= 'false'"),
	REFUSE("tls_type", 2109, "obj.mode != 'p2p_shared_key' and has(obj.tls) and tls_type not in ['auth', "
	      "'crypt']"),
	SET("tls_type", "tls_type", "tls_type",
	      "obj.mode != 'p2p_shared_key' and has(obj.tls) and has(tls_type)"),
	REFUSE("tlsauth_keydir", 2110, "obj.mode != 'p2p_shared_key' and has(obj.tls) and tlsauth_keydir not in "
	      "['default', 'direction-0', 'direction-1', 'both-directions']"),
	SET("tlsauth_keydir", "tlsauth_keydir", "'default'",
	      "obj.mode != 'p2p_shared_key' and has(obj.tls) and tlsauth_keydir = 'default'"),
	SET("tlsauth_keydir", "tlsauth_keydir", "'0'",
	      "obj.mode != 'p2p_shared_key' and has(obj.tls) and tlsauth_keydir = 'direction-0'"),
	SET("tlsauth_keydir", "tlsauth_keydir", "'1'",
	      "obj.mode != 'p2p_shared_key' and has(obj.tls) and tlsauth_keydir = 'direction-1'"),
	SET("tlsauth_keydir", "tlsauth_keydir", "'2'", "obj.mode != 'p2p_shared_key' and has(obj.tls) and tlsauth_keydir = "
	      "'both-directions'"),
	REFUSE("caref", 2142, "obj.mode != 'p2p_shared_key' and obj.caref != caref"),
	SET("caref", "caref", "ca.refid",
	      "obj.mode != 'p2p_shared_key' and any ca of cfg(ca) and caref = ca.refid"),
	SET("crlref", "crlref", "''", "obj.mode != 'p2p_shared_key' and crlref = 'none'"),
	SET("crlref", "crlref", "crlref", "obj.mode != 'p2p_shared_key' and crlref != 'none' and any crl of cfg(crl) and "
	      "obj.caref = crl.caref and crlref = crl.refid"),
	REFUSE("crlref", 2137, "obj.mode != 'p2p_shared_key' and crlref != 'none' and (blank(obj.crlref) or "
	      "obj.crlref != crlref)"),
	SET("ocspcheck", "ocspcheck", "'yes'",
	      "obj.mode != 'p2p_shared_key' and ocspcheck is true and blank(obj.ocspcheck)"),
	UNSET("ocspcheck", "ocspcheck", "obj.mode != 'p2p_shared_key' and (ocspcheck is not true or not "
	      "blank(obj.ocspcheck)) and ocspcheck is false and not blank(obj.ocspcheck)"),
	SET("ocspurl", "ocspurl", "ocspurl",
	      "obj.mode != 'p2p_shared_key' and obj.ocspcheck = 'yes' and has(ocspurl)"),
	REFUSE("certref", 2143, "obj.mode != 'p2p_shared_key' and obj.certref != certref"),
	SET("certref", "certref", "cert.refid",
	      "obj.mode != 'p2p_shared_key' and any cert of cfg(cert) and certref = cert.refid"),
	REFUSE("dh_length", 2111, "obj.mode != 'p2p_shared_key' and dh_length not in ['1024', '2048', '3072', '4096',"
	      " '6144', '7680', '8192', '15360', '16384', 'ECDH Only']"),
	SET("dh_length", "dh_length", "'none'",
	      "obj.mode != 'p2p_shared_key' and dh_length = 'ECDH Only'"),
	SET("dh_length", "dh_length", "dh_length",
	      "obj.mode != 'p2p_shared_key' and dh_length != 'ECDH Only'"),
	REFUSE("ecdh_curve", 2112, "obj.mode != 'p2p_shared_key' and ecdh_curve not in ['none', 'prime256v1', "
	      "'secp384r1', 'secp521r1']"),
	SET("ecdh_curve", "ecdh_curve", "ecdh_curve",
	      "obj.mode != 'p2p_shared_key' and has(ecdh_curve)"),
	REFUSE("cert_depth", 2113, "obj.mode != 'p2p_shared_key' and cert_depth not in ['none', 'one', 'two', 'three',"
	      " 'four', 'five']"),
	SET("cert_depth", "cert_depth", "''",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'none'"),
	SET("cert_depth", "cert_depth", "'1'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'one'"),
	SET("cert_depth", "cert_depth", "'2'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'two'"),
	SET("cert_depth", "cert_depth", "'3'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'three'"),
	SET("cert_depth", "cert_depth", "'4'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'four'"),
	SET("cert_depth", "cert_depth", "'5'",
	      "obj.mode != 'p2p_shared_key' and cert_depth = 'five'"),
	SET("redirect_gateway", "gwredir", "'yes'",
	      "obj.mode != 'p2p_shared_key' and redirect_gateway is true and obj.gwredir = ''"),
	SET("redirect_gateway", "gwredir", "''", "obj.mode != 'p2p_shared_key' and (redirect_gateway is not true or obj.gwredir != "
	      "'') and redirect_gateway is false and obj.gwredir = 'yes'"),
	SET("redirect_gateway6", "gwredir6", "'yes'",
	      "obj.mode != 'p2p_shared_key' and redirect_gateway6 is true and obj.gwredir6 = ''"),
	SET("redirect_gateway6", "gwredir6", "''", "obj.mode != 'p2p_shared_key' and (redirect_gateway6 is not true or obj.gwredir6 !="
	      " '') and redirect_gateway6 is false and obj.gwredir6 = 'yes'"),
	REFUSE("local_network", 2119, "obj.mode != 'p2p_shared_key' and obj.gwredir = '' and "
	      "ovpn_cidr_error(local_network, '', true, 'ipv4')"),
	SET("local_network", "local_network", "local_network",
	      "obj.mode != 'p2p_shared_key' and obj.gwredir = '' and has(local_network)"),
	REFUSE("local_networkv6", 2119, "obj.mode != 'p2p_shared_key' and obj.gwredir6 = '' and "
	      "ovpn_cidr_error(local_networkv6, '', true, 'ipv6')"),
	SET("local_networkv6", "local_networkv6", "local_networkv6",
	      "obj.mode != 'p2p_shared_key' and obj.gwredir6 = '' and has(local_networkv6)"),
	SET("compression_push", "compression_push", "'yes'", "obj.mode != 'p2p_shared_key' and compression_push is true and obj.compression_push"
	      " = ''"),
	SET("compression_push", "compression_push", "''", "obj.mode != 'p2p_shared_key' and (compression_push is not true or "
	      "obj.compression_push != '') and compression_push is false and obj.compression_push"
	      " = 'yes'"),
	SET("client2client", "client2client", "'yes'",
	      "obj.mode != 'p2p_shared_key' and client2client is true and obj.client2client = ''"),
	SET("client2client", "client2client", "''", "obj.mode != 'p2p_shared_key' and (client2client is not true or obj.client2client "
	      "!= '') and client2client is false and obj.client2client = 'yes'"),
	SET("duplicate_cn", "duplicate_cn", "''",
	      "obj.mode != 'p2p_shared_key' and duplicate_cn is true and blank(obj.duplicate_cn)"),
	UNSET("duplicate_cn", "duplicate_cn", "obj.mode != 'p2p_shared_key' and (duplicate_cn is not true or not "
	      "blank(obj.duplicate_cn)) and duplicate_cn is false and not blank(obj.duplicate_cn)"),
	SET("dynamic_ip", "dynamic_ip", "'yes'",
	      "obj.mode != 'p2p_shared_key' and dynamic_ip is true and obj.dynamic_ip = ''"),
	SET("dynamic_ip", "dynamic_ip", "''", "obj.mode != 'p2p_shared_key' and (dynamic_ip is not true or obj.dynamic_ip != '') "
	      "and dynamic_ip is false and obj.dynamic_ip = 'yes'"),
	REFUSE("topology", 2122, "obj.mode != 'p2p_shared_key' and obj.dev_mode != 'tap' and topology not in "
	      "['subnet', 'net30']"),
	SET("topology", "topology", "topology",
	      "obj.mode != 'p2p_shared_key' and obj.dev_mode != 'tap' and has(topology)"),
	REFUSE("inactive_seconds", 2134, "obj.mode != 'p2p_shared_key' and (not digits(inactive_seconds) or "
	      "int(inactive_seconds) < 0)"),
	SET("inactive_seconds", "inactive_seconds", "inactive_seconds",
	      "obj.mode != 'p2p_shared_key' and has(inactive_seconds)"),
	REFUSE("exit_notify", 2129, "obj.mode != 'p2p_shared_key' and exit_notify not in ['once', 'twice', 'none', '']"),
	SET("exit_notify", "exit_notify", "'none'",
	      "obj.mode != 'p2p_shared_key' and exit_notify = 'none'"),
	SET("exit_notify", "exit_notify", "'none'",
	      "obj.mode != 'p2p_shared_key' and exit_notify = ''"),
	SET("exit_notify", "exit_notify", "'1'",
	      "obj.mode != 'p2p_shared_key' and exit_notify = 'once'"),
	SET("exit_notify", "exit_notify", "'2'",
	      "obj.mode != 'p2p_shared_key' and exit_notify = 'twice'"),
	REFUSE("remote_network", 2118, "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and "
	      "ovpn_cidr_error(remote_network, '', true, 'ipv4')"),
	SET("remote_network", "remote_network", "remote_network",
	      "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and has(remote_network)"),
	REFUSE("remote_networkv6", 2118, "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and not "
	      "ovpn_cidr_error(remote_networkv6, '', true, 'ipv6') is not false"),
	SET("remote_networkv6", "remote_networkv6", "remote_networkv6",
	      "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and has(remote_networkv6)"),
	SET("dns_domain", "dns_domain", "dns_domain",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and has(dns_domain)"),
	SET("dns_servers", "{'dns_server' & counter}", "replace(' ', '', server)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', dns_servers) and counter <= 4 and ipv4(replace(' ', '', server))"),
	SET("push_blockoutsidedns", "push_blockoutsidedns", "'yes'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and push_blockoutsidedns is"
	      " true and blank(obj.push_blockoutsidedns)"),
	UNSET("push_blockoutsidedns", "push_blockoutsidedns", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and (push_blockoutsidedns "
	      "is not true or not blank(obj.push_blockoutsidedns)) and push_blockoutsidedns is "
	      "false and not blank(obj.push_blockoutsidedns)"),
	SET("push_register_dns", "push_register_dns", "'yes'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and push_register_dns is "
	      "true and blank(obj.push_register_dns)"),
	UNSET("push_register_dns", "push_register_dns", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and (push_register_dns is "
	      "not true or not blank(obj.push_register_dns)) and push_register_dns is false and "
	      "not blank(obj.push_register_dns)"),
	REFUSE("ntp_servers", 2149, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', ntp_servers) and counter <= 2 and not ipv4(replace(' ', '', server))"),
	SET("ntp_servers", "{'ntp_server' & counter}", "replace(' ', '', server)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', ntp_servers) and counter <= 2"),
	SET("netbios_enable", "netbios_enable", "'yes'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_enable is true "
	      "and obj.netbios_enable = ''"),
	SET("netbios_enable", "netbios_enable", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and (netbios_enable is not "
	      "true or obj.netbios_enable != '') and netbios_enable is false and "
	      "obj.netbios_enable = 'yes'"),
	REFUSE("netbios_node_type", 2076, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type !~= "
	      "'b' and netbios_node_type !~= 'p' and netbios_node_type !~= 'm' and "
	      "netbios_node_type !~= 'h'"),
	SET("netbios_node_type", "netbios_ntype", "'1'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type ~= "
	      "'b'"),
	SET("netbios_node_type", "netbios_ntype", "'2'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type !~= "
	      "'b' and netbios_node_type ~= 'p'"),
	SET("netbios_node_type", "netbios_ntype", "'3'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type !~= "
	      "'b' and netbios_node_type !~= 'p' and netbios_node_type ~= 'm'"),
	SET("netbios_node_type", "netbios_ntype", "'4'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and netbios_node_type !~= "
	      "'b' and netbios_node_type !~= 'p' and netbios_node_type !~= 'm'"),
	SET("netbios_scope", "netbios_scope", "netbios_scope",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and has(netbios_scope)"),
	REFUSE("wins_servers", 2151, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', wins_servers) and counter <= 2 and not ipv4(replace(' ', '', server))"),
	SET("wins_servers", "{'wins_server' & counter}", "replace(' ', '', server)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and any server of "
	      "split(',', wins_servers) and counter <= 2"),
	SET("serverbridge_dhcp", "serverbridge_dhcp", "'yes'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.dev_mode = 'tap' "
	      "and serverbridge_dhcp is true"),
	SET("serverbridge_dhcp", "serverbridge_dhcp", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.dev_mode = 'tap' "
	      "and serverbridge_dhcp is not true"),
	REFUSE("serverbridge_interface", 2146, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and lower(serverbridge_interface) not in ['wan', 'lan', 'none'] and "
	      "openvpn_vip(serverbridge_interface) is false"),
	SET("serverbridge_interface", "serverbridge_interface", "openvpn_vip(serverbridge_interface)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and lower(serverbridge_interface) not in ['wan', 'lan', 'none']"),
	SET("serverbridge_interface", "serverbridge_interface", "lower(serverbridge_interface)", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and lower(serverbridge_interface) in ['wan', 'lan', 'none']"),
	REFUSE("serverbridge_routegateway", 2142, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and serverbridge_routegateway is true and obj.serverbridge_interface = "
	      "'none'"),
	SET("serverbridge_routegateway", "serverbridge_routegateway", "'yes'", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and serverbridge_routegateway is true"),
	SET("serverbridge_routegateway", "serverbridge_routegateway", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and serverbridge_routegateway is not true"),
	REFUSE("serverbridge_dhcp_start", 2148, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and ((not has(serverbridge_dhcp_start) or not "
	      "ipv4(serverbridge_dhcp_start)) or not has(serverbridge_dhcp_end))"),
	SET("serverbridge_dhcp_start", "serverbridge_dhcp_start", "serverbridge_dhcp_start", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and has(serverbridge_dhcp_start)"),
	REFUSE("serverbridge_dhcp_end", 2148, "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and ((not has(serverbridge_dhcp_end) or not ipv4(serverbridge_dhcp_end)) or"
	      " not has(serverbridge_dhcp_start))"),
	SET("serverbridge_dhcp_end", "serverbridge_dhcp_end", "serverbridge_dhcp_end", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and obj.serverbridge_dhcp ="
	      " 'yes' and has(serverbridge_dhcp_end)"),
	SET("authmode", "authmode", "authmode",
	      "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and has(authmode)"),
	SET("username_as_common_name", "username_as_common_name", "'enabled'", "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and "
	      "username_as_common_name is true and obj.username_as_common_name = 'disabled'"),
	SET("username_as_common_name", "username_as_common_name", "'disabled'", "(obj.mode = 'server_user' or obj.mode = 'server_tls_user') and "
	      "(username_as_common_name is not true or obj.username_as_common_name != 'disabled')"
	      " and username_as_common_name is false and obj.username_as_common_name = 'enabled'"),
	SET("shared_key", "shared_key", "b64(new_static_key())",
	      "obj.mode = 'p2p_shared_key' and shared_key = ''"),
	SET("shared_key", "shared_key", "b64(shared_key)",
	      "obj.mode = 'p2p_shared_key' and shared_key != ''"),
	SET("strictusercn", "strictusercn", "'yes'",
	      "obj.mode = 'server_tls_user' and strictusercn is true and obj.strictusercn = ''"),
	SET("strictusercn", "strictusercn", "''", "obj.mode = 'server_tls_user' and (strictusercn is not true or obj.strictusercn != "
	      "'') and strictusercn is false and obj.strictusercn = 'yes'"),
	SET(NULL, "interface", "'wan'", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	SET(NULL, "ipaddr", "''", "obj.protocol = 'UDP' or obj.protocol = 'TCP'"),
	SET(NULL, "compression", "''",
	      "obj.allow_compression != 'yes' and obj.allow_compression != 'asym'"),
	SET(NULL, "keepalive_interval", "'10'", "obj.ping_method != 'keepalive'"),
	SET(NULL, "keepalive_timeout", "'60'", "obj.ping_method != 'keepalive'"),
	SET(NULL, "ping_seconds", "'10'", "obj.ping_method != 'ping'"),
	SET(NULL, "ping_action_seconds", "'60'", "obj.ping_method != 'ping'"),
	SET(NULL, "ping_push", "''", "obj.ping_method != 'ping'"),
	SET(NULL, "ping_action_push", "''", "obj.ping_method != 'ping'"),
	SET(NULL, "ping_action", "'ping_restart'", "obj.ping_method != 'ping'"),
	UNSET(NULL, "tls_type", "obj.mode != 'p2p_shared_key' and not has(obj.tls)"),
	UNSET(NULL, "tlsauth_keydir", "obj.mode != 'p2p_shared_key' and not has(obj.tls)"),
	UNSET(NULL, "ocspurl",
	      "obj.mode != 'p2p_shared_key' and obj.ocspcheck != 'yes' and blank(obj.ocspcheck)"),
	SET(NULL, "local_network", "''", "obj.mode != 'p2p_shared_key' and obj.gwredir != ''"),
	SET(NULL, "local_networkv6", "''", "obj.mode != 'p2p_shared_key' and obj.gwredir6 != ''"),
	SET(NULL, "topology", "'subnet'", "obj.mode != 'p2p_shared_key' and obj.dev_mode = 'tap'"),
	UNSET(NULL, "shared_key", "obj.mode != 'p2p_shared_key' and has(obj.shared_key)"),
	SET(NULL, "serverbridge_dhcp", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "serverbridge_interface", "'none'",
	      "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "serverbridge_routegateway", "''",
	      "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "serverbridge_dhcp_start", "''",
	      "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "serverbridge_dhcp_end", "''",
	      "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "netbios_enable", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "netbios_ntype", "'0'", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	SET(NULL, "netbios_scope", "''", "obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key'"),
	UNSET(NULL, "dns_domain",
	      "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and has(obj.dns_domain)"),
	UNSET(NULL, "{'dns_server' & i}", "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and has(obj.{'dns_server' & "
	      "i})"),
	UNSET(NULL, "{'ntp_server' & i}", "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and has(obj.{'ntp_server' & "
	      "i})"),
	UNSET(NULL, "{'wins_server' & i}", "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and has(obj.{'wins_server' &"
	      " i})"),
	UNSET(NULL, "push_blockoutsidedns", "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and "
	      "has(obj.push_blockoutsidedns)"),
	UNSET(NULL, "push_register_dns", "(obj.mode = 'p2p_tls' or obj.mode = 'p2p_shared_key') and "
	      "has(obj.push_register_dns)"),
	SET(NULL, "nbdd_server1", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and has(obj.{'wins_servers'"
	      " & '1'}) and obj.netbios_enable = 'yes'"),
	UNSET(NULL, "nbdd_server1", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key' and (not "
	      "has(obj.{'wins_servers' & '1'}) or not (obj.netbios_enable = 'yes'))"),
	SET(NULL, "remote_network", "''", "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key'"),
	SET(NULL, "remote_networkv6", "''",
	      "obj.mode != 'p2p_tls' and obj.mode != 'p2p_shared_key'"),
	SET(NULL, "username_as_common_name", "'disabled'",
	      "obj.mode != 'server_user' and obj.mode != 'server_tls_user'"),
	UNSET(NULL, "authmode",
	      "obj.mode != 'server_user' and obj.mode != 'server_tls_user' and has(obj.authmode)"),
	UNSET(NULL, "strictusercn", "obj.mode != 'server_tls_user'"),
	SET(NULL, "gwredir", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "gwredir6", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "local_network", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "local_networkv6", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "compression_push", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "client2client", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "topology", "'subnet'", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "dynamic_ip", "''", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "exit_notify", "'1'", "obj.mode = 'p2p_shared_key'"),
	SET(NULL, "inactive_seconds", "'300'", "obj.mode = 'p2p_shared_key'"),
	UNSET(NULL, "tls", "obj.mode = 'p2p_shared_key' and has(obj.tls)"),
	UNSET(NULL, "tls_type", "obj.mode = 'p2p_shared_key' and has(obj.tls_type)"),
	UNSET(NULL, "tlsauth_keydir", "obj.mode = 'p2p_shared_key' and has(obj.tlsauth_keydir)"),
	UNSET(NULL, "caref", "obj.mode = 'p2p_shared_key' and has(obj.caref)"),
	UNSET(NULL, "certref", "obj.mode = 'p2p_shared_key' and has(obj.certref)"),
	UNSET(NULL, "crlref", "obj.mode = 'p2p_shared_key' and has(obj.crlref)"),
	UNSET(NULL, "cert_depth", "obj.mode = 'p2p_shared_key' and has(obj.cert_depth)"),
	UNSET(NULL, "ocspcheck", "obj.mode = 'p2p_shared_key' and has(obj.ocspcheck)"),
	UNSET(NULL, "ocspurl", "obj.mode = 'p2p_shared_key' and has(obj.ocspurl)"),
	UNSET(NULL, "dh_length", "obj.mode = 'p2p_shared_key' and has(obj.dh_length)"),
	UNSET(NULL, "ecdh_curve", "obj.mode = 'p2p_shared_key' and has(obj.ecdh_curve)"),
	UNSET(NULL, "duplicate_cn", "obj.mode = 'p2p_shared_key' and has(obj.duplicate_cn)"),
	{ 0 },
};

static const struct write services_openvpn_server_put_writes[] = {
	{ WRITE_SET, "openvpn/openvpn-server/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_openvpn_server_delete_steps[] = {
	SELECT("vpnid", "found",
	      "any server of cfg(openvpn/openvpn-server) and str(vpnid) = str(server.vpnid)"),
	SET("vpnid", "vpnid", "str(vpnid)",
	      "any server of cfg(openvpn/openvpn-server) and str(vpnid) = str(server.vpnid)"),
	REFUSE("vpnid", 2139, "has(vpnid) and blank(obj.vpnid)"),
	REFUSE("vpnid", 2140, "not has(vpnid)"),
	REFUSE(NULL,
	      2152, "any interface of cfg(interfaces) and interface.if ~= 'ovpns' & obj.vpnid"),
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
	  .parts = PART_VPN_OPENVPN, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "services/openvpn/server", METHOD_PUT, "page-all page-openvpn-server", .flags = SAVES,
	  .steps = services_openvpn_server_put_steps, .writes = services_openvpn_server_put_writes,
	  .parts = PART_VPN_OPENVPN, .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "services/openvpn/server", METHOD_DELETE, "page-all page-openvpn-server", .flags = SAVES,
	  .steps = services_openvpn_server_delete_steps,
	  .writes = services_openvpn_server_delete_writes, .parts = PART_VPN_OPENVPN,
	  .apply = APPLY_ALWAYS, .act = act_vpn_removed },
	{ NULL },
};
/* clang-format on */
