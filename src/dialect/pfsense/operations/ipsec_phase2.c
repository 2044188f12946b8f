/*
 * The operations of services/ipsec/phase2.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
/* What a new phase 2 and one that is changed have in common. */
#define REKEY \
	NORMAL("lifetime", "3600", "not has(lifetime)"), \
	REFUSE("lifetime", 2196, "not numeric(lifetime) or int(lifetime) < 0"), \
	REFUSE("lifetime", 2197, "not flag.def_rekey_time and obj.rekey_time >= int(lifetime)"), \
	SET("lifetime", "lifetime", "int(lifetime)", NULL), \
	SET("pinghost", "pinghost", "str(pinghost)", "has(pinghost)"), \
	ELSE("pinghost", "pinghost", "''"), \
	SET("keepalive", "keepalive", "'enabled'", "keepalive is true")

#define HASHES_AND_GROUP \
	SET("hash-algorithm-option", "hash-algorithm-option[]", "hash_algorithm_option", \
	      "any hash_algorithm_option of hash-algorithm-option"), \
	ONE_OF("pfsgroup", 2255, "enum:p2_pfskeygroups"), \
	REFUSE("pfsgroup", 2254, "not has(pfsgroup)"), \
	SET("pfsgroup", "pfsgroup", "pfsgroup", NULL)

#define TUNNEL \
	ONE_OF("mode", 2220, "enum:p2_modes"), \
	REFUSE("mode", 2219, "not has(mode)"), \
	SET("mode", "mode", "mode", NULL), \
	SET("localid", "localid", "[]", "obj.mode != 'transport'"), \
	REFUSE("localid.address", 2227, "localid.type = 'address' and not ip(localid.address) and obj.mode = 'vti'"), \
	REFUSE("localid.address", 2227, "localid.type = 'network' and not ip(localid.address) and obj.mode = 'vti'"), \
	REFUSE("localid.address", 2228, "localid.type = 'address' and not ipv4(localid.address) and obj.mode = 'tunnel'"), \
	REFUSE("localid.address", 2228, "localid.type = 'network' and not ipv4(localid.address) and obj.mode = 'tunnel'"), \
	REFUSE("localid.address", 2229, "localid.type = 'address' and not ipv6(localid.address) and obj.mode = 'tunnel6'"), \
	REFUSE("localid.address", 2229, "localid.type = 'network' and not ipv6(localid.address) and obj.mode = 'tunnel6'"), \
	REFUSE("localid.address", 2226, "obj.mode != 'transport' and localid.type = 'address' and not has(localid.address)"), \
	REFUSE("localid.address", 2226, "obj.mode != 'transport' and localid.type = 'network' and not has(localid.address)"), \
	REFUSE("localid.address", 2231, "obj.mode != 'transport' and localid.type = 'network' and (ipv4(localid.address) " \
	      "and (int(localid.netbits) < 0 or int(localid.netbits) > 32))"), \
	REFUSE("localid.address", 2232, "obj.mode != 'transport' and localid.type = 'network' and (ipv6(localid.address) " \
	      "and (int(localid.netbits) < 0 or int(localid.netbits) > 128))"), \
	SET("localid.address", "localid.address", "localid.address", \
	      "obj.mode != 'transport' and localid.type = 'address'"), \
	SET("localid.address", "localid.address", "localid.address", \
	      "obj.mode != 'transport' and localid.type = 'network'"), \
	REFUSE("localid.netbits", 2230, "obj.mode != 'transport' and localid.type = 'network' and not has(localid.netbits)"), \
	SET("localid.netbits", "localid.netbits", "int(localid.netbits)", \
	      "obj.mode != 'transport' and localid.type = 'network'"), \
	REFUSE("localid.type", 2225, "obj.mode != 'transport' and localid.type != 'address' and localid.type != " \
	      "'network' and (not ifid(localid.type) or obj.mode = 'vti')"), \
	REFUSE("localid.type", 2224, "obj.mode != 'transport' and has(localid) and not has(localid.type)"), \
	WORD_IF("obj.mode != 'transport'", "localid.type", "address", "localid.type", "'address'"), \
	WORD_IF("obj.mode != 'transport'", "localid.type", "network", "localid.type", "'network'"), \
	SET("localid.type", "localid.type", "ifid(localid.type)", "obj.mode != 'transport' and localid.type != 'address' and localid.type != " \
	      "'network'"), \
	REFUSE("localid", 2223, "obj.mode != 'transport' and not has(localid)"), \
	SET("natlocalid", "natlocalid", "[]", \
	      "obj.mode not in ['transport', 'vti'] and has(natlocalid)"), \
	REFUSE("natlocalid.type", 2235, "obj.mode not in ['transport', 'vti'] and obj.localid.type = 'address' and " \
	      "natlocalid.type = 'network'"), \
	WORD_IF("obj.mode not in ['transport', 'vti']", "natlocalid.type", "address", "natlocalid.type", "'address'"), \
	WORD_IF("obj.mode not in ['transport', 'vti']", "natlocalid.type", "network", "natlocalid.type", "'network'"), \
	SET("natlocalid.type", "natlocalid.type", "ifid(natlocalid.type)", "obj.mode not in ['transport', 'vti'] and natlocalid.type != 'address' and " \
	      "natlocalid.type != 'network'"), \
	REFUSE("natlocalid.address", 2237, "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'address' and not " \
	      "ipv4(natlocalid.address) and obj.mode = 'tunnel'"), \
	REFUSE("natlocalid.address", 2237, "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'network' and not " \
	      "ipv4(natlocalid.address) and obj.mode = 'tunnel'"), \
	REFUSE("natlocalid.address", 2238, "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'address' and not " \
	      "ipv6(natlocalid.address) and obj.mode = 'tunnel6'"), \
	REFUSE("natlocalid.address", 2238, "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'network' and not " \
	      "ipv6(natlocalid.address) and obj.mode = 'tunnel6'"), \
	REFUSE("natlocalid.address", 2236, "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'address' and not " \
	      "has(natlocalid.address)"), \
	REFUSE("natlocalid.address", 2236, "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'network' and not " \
	      "has(natlocalid.address)"), \
	SET("natlocalid.address", "natlocalid.address", "natlocalid.address", \
	      "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'address'"), \
	SET("natlocalid.address", "natlocalid.address", "natlocalid.address", \
	      "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'network'"), \
	REFUSE("natlocalid.netbits", 2240, "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'network' and " \
	      "int(natlocalid.netbits) != int(obj.localid.netbits)"), \
	REFUSE("natlocalid.netbits", 2239, "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'network' and not " \
	      "has(natlocalid.netbits)"), \
	SET("natlocalid.netbits", "natlocalid.netbits", "int(natlocalid.netbits)", \
	      "obj.mode not in ['transport', 'vti'] and natlocalid.type = 'network'"), \
	REFUSE("natlocalid.type", 2234, "obj.mode not in ['transport', 'vti'] and natlocalid.type != 'address' and " \
	      "natlocalid.type != 'network' and not ifid(natlocalid.type)"), \
	REFUSE("natlocalid.type", 2233, "obj.mode not in ['transport', 'vti'] and has(natlocalid) and not " \
	      "has(natlocalid.type)"), \
	SET("remoteid", "remoteid", "[]", "obj.mode != 'transport'"), \
	REFUSE("remoteid.address", 2244, "remoteid.type = 'address' and not ipv4(remoteid.address) and obj.mode = 'tunnel'"), \
	REFUSE("remoteid.address", 2244, "remoteid.type = 'network' and not ipv4(remoteid.address) and obj.mode = 'tunnel'"), \
	REFUSE("remoteid.address", 2245, "remoteid.type = 'address' and not ipv6(remoteid.address) and obj.mode = 'tunnel6'"), \
	REFUSE("remoteid.address", 2245, "remoteid.type = 'network' and not ipv6(remoteid.address) and obj.mode = 'tunnel6'"), \
	REFUSE("remoteid.address", 2243, "obj.mode != 'transport' and remoteid.type = 'address' and not " \
	      "has(remoteid.address)"), \
	REFUSE("remoteid.address", 2243, "obj.mode != 'transport' and remoteid.type = 'network' and not " \
	      "has(remoteid.address)"), \
	REFUSE("remoteid.address", 2247, "obj.mode != 'transport' and remoteid.type = 'network' and (ipv4(remoteid.address) " \
	      "and (int(remoteid.netbits) < 0 or int(remoteid.netbits) > 32))"), \
	REFUSE("remoteid.address", 2248, "obj.mode != 'transport' and remoteid.type = 'network' and (ipv6(remoteid.address) " \
	      "and (int(remoteid.netbits) < 0 or int(remoteid.netbits) > 128))"), \
	SET("remoteid.address", "remoteid.address", "remoteid.address", \
	      "obj.mode != 'transport' and remoteid.type = 'address'"), \
	SET("remoteid.address", "remoteid.address", "remoteid.address", \
	      "obj.mode != 'transport' and remoteid.type != 'address'"), \
	REFUSE("remoteid.netbits", 2246, "obj.mode != 'transport' and remoteid.type = 'network' and not " \
	      "has(remoteid.netbits)"), \
	SET("remoteid.netbits", "remoteid.netbits", "int(remoteid.netbits)", \
	      "obj.mode != 'transport' and remoteid.type != 'address'"), \
	REFUSE("remoteid.type", 2242, "obj.mode != 'transport' and remoteid.type != 'address' and remoteid.type != " \
	      "'network'"), \
	REFUSE("remoteid.type", 2241, "obj.mode != 'transport' and has(remoteid) and not has(remoteid.type)"), \
	WORD_IF("obj.mode != 'transport'", "remoteid.type", "address", "remoteid.type", "'address'"), \
	SET("remoteid.type", "remoteid.type", "'network'", \
	      "obj.mode != 'transport' and remoteid.type != 'address'"), \
	REFUSE("remoteid", 2256, "obj.mode != 'transport' and not has(remoteid)"), \
	ONE_OF("protocol", 2222, "enum:p2_protos"), \
	REFUSE("protocol", 2221, "not has(protocol)"), \
	SET("protocol", "protocol", "protocol", NULL), \
	REFUSE("encryption-algorithm-option", 2210, "obj.protocol = 'esp' and is_list(encryption-algorithm-option) and " \
	      "len(encryption-algorithm-option) >= 1 and {'encryption-algorithm': " \
	      "encryption-algorithm-option[]}.encryption-algorithm not in p1_cipher_options(true)"), \
	REFUSE("encryption-algorithm-option", 2209, "obj.protocol = 'esp' and is_list(encryption-algorithm-option) and " \
	      "len(encryption-algorithm-option) >= 1 and not has({'encryption-algorithm': " \
	      "encryption-algorithm-option[]}.encryption-algorithm)"), \
	REFUSE("encryption-algorithm-option", 2250, "obj.protocol = 'esp' and (not is_list(encryption-algorithm-option) or " \
	      "len(encryption-algorithm-option) < 1)"), \
	REFUSE("encryption-algorithm-option", 2249, "obj.protocol = 'esp' and not has(encryption-algorithm-option)"), \
	SET("encryption-algorithm-option", "encryption-algorithm", \
	      "{'encryption-algorithm': encryption-algorithm-option[]}.encryption-algorithm", \
	      "obj.protocol = 'esp'")

#define PHASE1 \
	REFUSE("ikeid", 2208, "p1_index(ikeid) is false"), \
	REFUSE("ikeid", 2207, "not has(ikeid)"), \
	SET("ikeid", "ikeid", "int(ikeid)", NULL), \
	SET("descr", "descr", "str(descr)", "has(descr)"), \
	ELSE("descr", "descr", "''"), \
	SET("disabled", "disabled", "true", "disabled is true")

static const struct task services_ipsec_phase2_post_steps[] = {
	PHASE1,
	TUNNEL,
	SET("encryption-algorithm-option", "encryption-algorithm-option[]",
	      "encryption-algorithm-option[]", "obj.protocol = 'esp'"),
	REFUSE("hash-algorithm-option", 2253, "is_list(hash-algorithm-option) and len(hash-algorithm-option) >= 1 and any "
	      "hash_algorithm_option of hash-algorithm-option and hash_algorithm_option not in "
	      "enum:p2_halgos"),
	REFUSE("hash-algorithm-option", 2252, "(not is_list(hash-algorithm-option) or len(hash-algorithm-option) < 1)"),
	REFUSE("hash-algorithm-option", 2251, "not has(hash-algorithm-option) and aes_offered()"),
	HASHES_AND_GROUP,
	REFUSE("rekey_time", 2193, "(not numeric(rekey_time) or int(rekey_time) < 0)"),
	SET("rekey_time", "rekey_time", "int(rekey_time)", "has(rekey_time)"),
	FLAG("rekey_time", "def_rekey_time", "true", "not has(rekey_time)"),
	REFUSE("rand_time", 2195, "(not numeric(rand_time) or int(rand_time) < 0)"),
	SET("rand_time", "rand_time", "int(rand_time)", "has(rand_time)"),
	FLAG("rand_time", "def_rand_time", "true", "not has(rand_time)"),
	REKEY,
	SET("keepalive", "keepalive", "'disabled'", "keepalive is not true"),
	SET(NULL, "reqid", "next_reqid()", NULL),
	SET(NULL, "uniqid", "new_uid()", NULL),
	SET(NULL, "rekey_time", "int((obj.lifetime * 0.9))", "flag.def_rekey_time"),
	SET(NULL, "rand_time", "int((obj.lifetime * 0.1))", "flag.def_rand_time"),
	{ 0 },
};

static const struct write services_ipsec_phase2_post_writes[] = {
	{ WRITE_SET, "ipsec/phase2/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_ipsec_phase2_put_steps[] = {
	SELECT("uniqid", "p2_index(uniqid)", "has(uniqid)"),
	REFUSE("uniqid", 2258, "has(uniqid) and selected not found"),
	REFUSE("uniqid", 2257, "not has(uniqid)"),
	PHASE1,
	UNSET("disabled", "disabled", "disabled is false"),
	TUNNEL,
	UNSET("encryption-algorithm-option", "encryption-algorithm-option",
	      "has(encryption-algorithm-option)"),
	SET("encryption-algorithm-option", "encryption-algorithm-option[]",
	      "encryption-algorithm-option[]", "obj.protocol = 'esp'"),
	REFUSE("hash-algorithm-option", 2253, "is_list(hash-algorithm-option) and len(hash-algorithm-option) >= 1 and any "
	      "hash_algorithm_option of hash-algorithm-option and hash_algorithm_option not in "
	      "enum:p2_halgos"),
	REFUSE("hash-algorithm-option", 2252, "(not is_list(hash-algorithm-option) or len(hash-algorithm-option) < 1)"),
	REFUSE("hash-algorithm-option", 2251, "not has(hash-algorithm-option) and aes_offered()"),
	UNSET("hash-algorithm-option", "hash-algorithm-option", "has(hash-algorithm-option)"),
	HASHES_AND_GROUP,
	FLAG("rekey_time", "def_rekey_time", "true", "not has(rekey_time)"),
	REFUSE("rekey_time", 2193, "(not numeric(rekey_time) or int(rekey_time) < 0)"),
	SET("rekey_time", "rekey_time", "int(rekey_time)", "has(rekey_time)"),
	FLAG("rand_time", "def_rand_time", "true", "not has(rand_time)"),
	REFUSE("rand_time", 2195, "(not numeric(rand_time) or int(rand_time) < 0)"),
	SET("rand_time", "rand_time", "int(rand_time)", "has(rand_time)"),
	REKEY,
	SET("keepalive", "keepalive", "'disabled'", "keepalive is false"),
	SET(NULL, "rekey_time", "int((obj.lifetime * 0.9))", "flag.def_rekey_time"),
	SET(NULL, "rand_time", "int((obj.lifetime * 0.1))", "flag.def_rand_time"),
	{ 0 },
};

static const struct write services_ipsec_phase2_put_writes[] = {
	{ WRITE_SET, "ipsec/phase2/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_ipsec_phase2_delete_steps[] = {
	SELECT("uniqid", "p2_index(uniqid)", "has(uniqid)"),
	REFUSE("uniqid", 2258, "has(uniqid) and selected not found"),
	REFUSE("uniqid", 2257, "not has(uniqid)"),
	{ 0 },
};

static const struct write services_ipsec_phase2_delete_writes[] = {
	{ WRITE_DELETE, "ipsec/phase2/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_ipsec_phase2[] = {
	{ "services/ipsec/phase2", METHOD_GET, "page-all page-vpn-ipsec-editphase2",
	  .returns = RETURNS_STORED, .path = "ipsec/phase2" },
	{ "services/ipsec/phase2", METHOD_POST, "page-all page-vpn-ipsec-editphase2", .flags = SAVES,
	  .steps = services_ipsec_phase2_post_steps, .writes = services_ipsec_phase2_post_writes,
	  .marks = "ipsec", .parts = PART_VPN_IPSEC, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "services/ipsec/phase2", METHOD_PUT, "page-all page-vpn-ipsec-editphase2", .flags = SAVES,
	  .steps = services_ipsec_phase2_put_steps, .writes = services_ipsec_phase2_put_writes,
	  .marks = "ipsec", .parts = PART_VPN_IPSEC, .apply = APPLY_IF_TRUE,
	  .returns = RETURNS_OBJECT },
	{ "services/ipsec/phase2", METHOD_DELETE, "page-all page-vpn-ipsec-editphase2",
	  .flags = SAVES, .steps = services_ipsec_phase2_delete_steps,
	  .writes = services_ipsec_phase2_delete_writes, .marks = "ipsec", .parts = PART_VPN_IPSEC,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
