/* dialect/pfsense/openvpn_words.h: what members of OpenVPN's clients and servers may be. */
#pragma once

#define BUFFER_SIZES "['64KiB', '128KiB', '256KiB', '512KiB', '1MiB', '2MiB', 'default']"
#define COMPRESSIONS "['none', 'stub', 'stub-v2', 'lz4', 'lz4-v2', 'lzo', 'noadapt', 'adaptive', 'yes', 'no']"
#define DIGESTS \
	"['SHA256', 'BLAKE2b512', 'BLAKE2b256', 'MD4', 'MD5', 'MD5-SHA1', 'MDC2', 'RIPEMD160', " \
	"'SHA1', 'SHA224', 'SHA256', 'SHA3-224', 'SHA3-256', 'SHA3-384', 'SHA3-512', 'SHA384', " \
	"'SHA512', 'SHA512-224', 'SHA512-256', 'SHAKE128', 'SHAKE256', 'SM3', 'whirlpool', 'none']"
#define KEY_DIRECTIONS "['default', 'direction-0', 'direction-1', 'both-directions']"
