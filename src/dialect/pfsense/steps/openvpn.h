/*
 * dialect/pfsense/steps/openvpn.h: steps that OpenVPN's clients and servers have in common, for a new one (.._NEW) and for one that is
 * changed (.._CHANGED).
 */
#pragma once

#include "dialect/pfsense/operation.h"

/* clang-format off */
/* When a step counts. */
#define BY_KEEPALIVE "obj.ping_method = 'keepalive'"
#define BY_PING      "obj.ping_method = 'ping'"
#define COMPRESSES   "(obj.allow_compression = 'yes' or obj.allow_compression = 'asym')"

/* What members may be. */
#define BUFFER_SIZES "['64KiB', '128KiB', '256KiB', '512KiB', '1MiB', '2MiB', 'default']"
#define COMPRESSIONS "['none', 'stub', 'stub-v2', 'lz4', 'lz4-v2', 'lzo', 'noadapt', 'adaptive', 'yes', 'no']"
#define DIGESTS \
	"['SHA256', 'BLAKE2b512', 'BLAKE2b256', 'MD4', 'MD5', 'MD5-SHA1', 'MDC2', 'RIPEMD160', " \
	"'SHA1', 'SHA224', 'SHA256', 'SHA3-224', 'SHA3-256', 'SHA3-384', 'SHA3-512', 'SHA384', " \
	"'SHA512', 'SHA512-224', 'SHA512-256', 'SHAKE128', 'SHAKE256', 'SM3', 'whirlpool', 'none']"
#define KEY_DIRECTIONS "['default', 'direction-0', 'direction-1', 'both-directions']"

#define BUFFER_SIZE \
	ONE_OF("sndrcvbuf", 2130, BUFFER_SIZES), \
	WORD("sndrcvbuf", "64KiB", "sndrcvbuf", "'65536'"), \
	WORD("sndrcvbuf", "128KiB", "sndrcvbuf", "'131072'"), \
	WORD("sndrcvbuf", "256KiB", "sndrcvbuf", "'262144'"), \
	WORD("sndrcvbuf", "512KiB", "sndrcvbuf", "'524288'"), \
	WORD("sndrcvbuf", "1MiB", "sndrcvbuf", "'1048576'"), \
	WORD("sndrcvbuf", "2MiB", "sndrcvbuf", "'2097152'"), \
	WORD("sndrcvbuf", "default", "sndrcvbuf", "''")

#define GATEWAYS \
	REFUSE("create_gw", 2131, "lower(create_gw) not in ['both', 'v4only', 'v6only']"), \
	WORD("create_gw", "both", "create_gw", "lower(create_gw)"), \
	WORD("create_gw", "v4only", "create_gw", "lower(create_gw)"), \
	WORD("create_gw", "v6only", "create_gw", "lower(create_gw)")

#define VERBOSITY \
	REFUSE("verbosity_level", 2132, "((not digits(verbosity_level) or int(verbosity_level) < 2) or " \
	      "int(verbosity_level) >= 13) and verbosity_level !~= 'none' and verbosity_level !~= 'default'"), \
	SET("verbosity_level", "verbosity_level", "verbosity_level", "(digits(verbosity_level) and " \
	      "int(verbosity_level) >= 2) and int(verbosity_level) < 13"), \
	SET("verbosity_level", "verbosity_level", "'0'", "((not digits(verbosity_level) or int(verbosity_level) < 2) " \
	      "or int(verbosity_level) >= 13) and verbosity_level ~= 'none'"), \
	SET("verbosity_level", "verbosity_level", "'1'", "((not digits(verbosity_level) or int(verbosity_level) < 2) " \
	      "or int(verbosity_level) >= 13) and verbosity_level !~= 'none'")

#define ENDS_NEW \
	TAKE_OR("mode", "mode", "'p2p_tls'"), \
	TAKE_OR("description", "description", "''"), \
	SET("disable", "disable", "''", "disable is true"), \
	ONE_OF("dev_mode", 2106, "['tun', 'tap']"), \
	TAKE_OR("dev_mode", "dev_mode", "'tun'"), \
	REFUSE("protocol", 2105, "upper(protocol) not in ['UDP4', 'UDP6', 'TCP4', 'TCP6', 'UDP', 'TCP']"), \
	SET("protocol", "protocol", "upper(protocol)", "has(protocol)"), \
	ELSE("protocol", "protocol", "'UDP4'"), \
	REFUSE("interface", 2107, "obj.protocol != 'UDP' and obj.protocol != 'TCP' and openvpn_interface(interface) is " \
	      "false"), \
	SET("interface", "interface", "openvpn_interface(interface).interface", \
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP'"), \
	SET("interface", "ipaddr", "openvpn_interface(interface).ipaddr", \
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP' and has(interface)"), \
	ELSE_IF("obj.protocol != 'UDP' and obj.protocol != 'TCP'", "interface", "interface", "'wan'"), \
	ELSE_IF("obj.protocol != 'UDP' and obj.protocol != 'TCP'", "interface", "ipaddr", "''")

#define ENDS_CHANGED \
	ONE_OF("dev_mode", 2106, "['tun', 'tap']"), \
	TAKE("dev_mode", "dev_mode"), \
	REFUSE("protocol", 2105, "upper(protocol) not in ['UDP4', 'UDP6', 'TCP4', 'TCP6', 'UDP', 'TCP']"), \
	SET("protocol", "protocol", "upper(protocol)", "has(protocol)"), \
	REFUSE("interface", 2107, "obj.protocol != 'UDP' and obj.protocol != 'TCP' and openvpn_interface(interface) is " \
	      "false"), \
	SET("interface", "interface", "openvpn_interface(interface).interface", \
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP'"), \
	SET("interface", "ipaddr", "openvpn_interface(interface).ipaddr", \
	      "obj.protocol != 'UDP' and obj.protocol != 'TCP' and has(interface)")

#define CIPHERS_NEW \
	SET("data_encryption_negotiation", "ncp_enable", "'disabled'", "data_encryption_negotiation is false"), \
	SET("data_encryption_negotiation", "ncp_enable", "'enabled'", "data_encryption_negotiation is not false"), \
	REFUSE("data_ciphers", 2138, "any cipher of split(',', data_ciphers) and cipher not in enum:openvpn_ciphers"), \
	TAKE_OR("data_ciphers", "data_ciphers", "'AES-256-GCM,AES-128-GCM,CHACHA20-POLY1305'"), \
	ONE_OF("data_ciphers_fallback", 2114, "enum:openvpn_ciphers"), \
	TAKE_OR("data_ciphers_fallback", "data_ciphers_fallback", "'AES-256-CBC'")

#define CIPHERS_CHANGED \
	SET("data_encryption_negotiation", "ncp_enable", "'disabled'", \
	      "data_encryption_negotiation is false and obj.ncp_enable = 'enabled'"), \
	SET("data_encryption_negotiation", "ncp_enable", "'enabled'", "(data_encryption_negotiation is not false or " \
	      "obj.ncp_enable != 'enabled') and data_encryption_negotiation is true and obj.ncp_enable = 'disabled'"), \
	REFUSE("data_ciphers", 2138, "any cipher of split(',', data_ciphers) and cipher not in enum:openvpn_ciphers"), \
	TAKE("data_ciphers", "data_ciphers"), \
	ONE_OF("data_ciphers_fallback", 2114, "enum:openvpn_ciphers"), \
	TAKE("data_ciphers_fallback", "data_ciphers_fallback")

#define TUNNELS_NEW \
	REFUSE("tunnel_network", 2117, "not ovpn_cidr_error(tunnel_network, '', false, 'ipv4') and " \
	      "ovpn_tunnel_in_use(tunnel_network)"), \
	REFUSE("tunnel_network", 2117, "ovpn_cidr_error(tunnel_network, '', false, 'ipv4')"), \
	TAKE_OR("tunnel_network", "tunnel_network", "''"), \
	REFUSE("tunnel_networkv6", 2117, "not ovpn_cidr_error(tunnel_networkv6, '', false, 'ipv6') and " \
	      "ovpn_tunnel_in_use(tunnel_networkv6)"), \
	REFUSE("tunnel_networkv6", 2117, "ovpn_cidr_error(tunnel_networkv6, '', false, 'ipv6')"), \
	TAKE_OR("tunnel_networkv6", "tunnel_networkv6", "''")

#define TUNNELS_CHANGED \
	REFUSE("tunnel_network", 2117, "not ovpn_cidr_error(tunnel_network, '', false, 'ipv4') and " \
	      "ovpn_tunnel_in_use(tunnel_network)"), \
	REFUSE("tunnel_network", 2117, "ovpn_cidr_error(tunnel_network, '', false, 'ipv4')"), \
	TAKE("tunnel_network", "tunnel_network"), \
	REFUSE("tunnel_networkv6", 2117, "not ovpn_cidr_error(tunnel_networkv6, '', false, 'ipv6') and " \
	      "ovpn_tunnel_in_use(tunnel_networkv6)"), \
	REFUSE("tunnel_networkv6", 2117, "ovpn_cidr_error(tunnel_networkv6, '', false, 'ipv6')"), \
	TAKE("tunnel_networkv6", "tunnel_networkv6")

#define COMPRESSION_NEW \
	ONE_OF("allow_compression", 2120, "['asym', 'no', 'yes']"), \
	TAKE_OR("allow_compression", "allow_compression", "'no'"), \
	ONE_OF_IF(COMPRESSES, "compression", 2121, COMPRESSIONS), \
	SET("compression", "compression", "compression", COMPRESSES), \
	ELSE_IF(COMPRESSES, "compression", "compression", "''"), \
	YES("passtos", "passtos")

#define COMPRESSION_CHANGED \
	ONE_OF("allow_compression", 2120, "['asym', 'no', 'yes']"), \
	TAKE("allow_compression", "allow_compression"), \
	ONE_OF_IF(COMPRESSES, "compression", 2121, COMPRESSIONS), \
	SET("compression", "compression", "compression", COMPRESSES), \
	SET("passtos", "passtos", "'yes'", "passtos is true and obj.passtos = ''"), \
	SET("passtos", "passtos", "''", "(passtos is not true or obj.passtos != '') and passtos is false and " \
	      "obj.passtos = 'yes'")

#define LINK_NEW \
	ONE_OF("ping_method", 2123, "['keepalive', 'ping']"), \
	TAKE_OR("ping_method", "ping_method", "'keepalive'"), \
	REFUSE("keepalive_interval", 2124, BY_KEEPALIVE " and (not digits(keepalive_interval) or " \
	      "int(keepalive_interval) < 0)"), \
	TAKE_OR_IF(BY_KEEPALIVE, "keepalive_interval", "keepalive_interval", "'10'"), \
	REFUSE("keepalive_timeout", 2125, BY_KEEPALIVE " and (not digits(keepalive_timeout) or int(keepalive_timeout) " \
	      "< 0)"), \
	TAKE_OR_IF(BY_KEEPALIVE, "keepalive_timeout", "keepalive_timeout", "'60'"), \
	REFUSE("ping_seconds", 2126, BY_PING " and (not digits(ping_seconds) or int(ping_seconds) < 0)"), \
	TAKE_OR_IF(BY_PING, "ping_seconds", "ping_seconds", "'10'"), \
	REFUSE("ping_action_seconds", 2127, BY_PING " and (not digits(ping_action_seconds) or int(ping_action_seconds) " \
	      "< 0)"), \
	TAKE_OR_IF(BY_PING, "ping_action_seconds", "ping_action_seconds", "'60'"), \
	YES_IF(BY_PING, "ping_push", "ping_push"), \
	YES_IF(BY_PING, "ping_action_push", "ping_action_push"), \
	ONE_OF_IF(BY_PING, "ping_action", 2128, "['ping_exit', 'ping_restart']"), \
	TAKE_IF(BY_PING, "ping_action", "ping_action"), \
	SET("ping_action", "ping_action", "'ping_restart'", "obj.ping_method != 'ping' or not has(ping_action)"), \
	TAKE_OR("custom_options", "custom_options", "''"), \
	SET("udp_fast_io", "udp_fast_io", "'yes'", "udp_fast_io is true"), \
	BUFFER_SIZE, \
	ELSE("sndrcvbuf", "sndrcvbuf", "''"), \
	GATEWAYS, \
	ELSE("create_gw", "create_gw", "'both'"), \
	VERBOSITY, \
	ELSE("verbosity_level", "verbosity_level", "'1'")

#define LINK_CHANGED \
	ONE_OF("ping_method", 2123, "['keepalive', 'ping']"), \
	TAKE("ping_method", "ping_method"), \
	REFUSE("keepalive_interval", 2124, BY_KEEPALIVE " and (not digits(keepalive_interval) or " \
	      "int(keepalive_interval) < 0)"), \
	TAKE_IF(BY_KEEPALIVE, "keepalive_interval", "keepalive_interval"), \
	REFUSE("keepalive_timeout", 2125, BY_KEEPALIVE " and (not digits(keepalive_timeout) or int(keepalive_timeout) " \
	      "< 0)"), \
	TAKE_IF(BY_KEEPALIVE, "keepalive_timeout", "keepalive_timeout"), \
	REFUSE("ping_seconds", 2126, BY_PING " and (not digits(ping_seconds) or int(ping_seconds) < 0)"), \
	TAKE_IF(BY_PING, "ping_seconds", "ping_seconds"), \
	REFUSE("ping_action_seconds", 2127, BY_PING " and (not digits(ping_action_seconds) or int(ping_action_seconds) " \
	      "< 0)"), \
	TAKE_IF(BY_PING, "ping_action_seconds", "ping_action_seconds"), \
	SET("ping_push", "ping_push", "'yes'", BY_PING " and ping_push is true and obj.ping_push = ''"), \
	SET("ping_push", "ping_push", "''", BY_PING " and (ping_push is not true or obj.ping_push != '') and ping_push " \
	      "is false and obj.ping_push = 'yes'"), \
	SET("ping_action_push", "ping_action_push", "'yes'", BY_PING " and ping_action_push is true and " \
	      "obj.ping_action_push = ''"), \
	SET("ping_action_push", "ping_action_push", "''", BY_PING " and (ping_action_push is not true or " \
	      "obj.ping_action_push != '') and ping_action_push is false and obj.ping_action_push = 'yes'"), \
	ONE_OF_IF(BY_PING, "ping_action", 2128, "['ping_exit', 'ping_restart']"), \
	TAKE_IF(BY_PING, "ping_action", "ping_action"), \
	TAKE("custom_options", "custom_options"), \
	SET("udp_fast_io", "udp_fast_io", "'yes'", "udp_fast_io is true and blank(obj.udp_fast_io)"), \
	UNSET("udp_fast_io", "udp_fast_io", "(udp_fast_io is not true or not blank(obj.udp_fast_io)) and udp_fast_io " \
	      "is false and not blank(obj.udp_fast_io)"), \
	BUFFER_SIZE, \
	GATEWAYS, \
	VERBOSITY
/* Of what the other choice is for, when all else is set. */
#define LINK_PRESETS \
	SET(NULL, "compression", "''", "obj.allow_compression != 'yes' and obj.allow_compression != 'asym'"), \
	SET(NULL, "keepalive_interval", "'10'", "obj.ping_method != 'keepalive'"), \
	SET(NULL, "keepalive_timeout", "'60'", "obj.ping_method != 'keepalive'"), \
	SET(NULL, "ping_seconds", "'10'", "obj.ping_method != 'ping'"), \
	SET(NULL, "ping_action_seconds", "'60'", "obj.ping_method != 'ping'"), \
	SET(NULL, "ping_push", "''", "obj.ping_method != 'ping'"), \
	SET(NULL, "ping_action_push", "''", "obj.ping_method != 'ping'")
/* clang-format on */
