/*
 * The operations of system/ca and 2 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
static const struct task system_ca_post_steps[] = {
	ONE_OF("method", 1032, "['import', 'existing', 'internal', 'intermediate']"),
	REFUSE("method", 1031, "not has(method)"),
	FLAG("method", "method", "method",
	      "method in ['import', 'existing', 'internal', 'intermediate']"),
	FLAG("method", "method", "'existing'", "method in ['import', 'existing', 'internal', 'intermediate'] and flag.method = "
	      "'import'"),
	REFUSE("descr", 1037, "descr matches /[\\?\\>\\<\\&\\/\\\"\\']/"),
	REFUSE("descr", 1002, "not has(descr)"),
	SET("descr", "descr", "descr", NULL),
	SET("trust", "trust", "'enabled'", "trust is true"),
	SET("randomserial", "randomserial", "'enabled'", "randomserial is true"),
	REFUSE("crt", 1003, "flag.method = 'existing' and (not contains(unb64(crt), 'BEGIN CERTIFICATE') or not"
	      " contains(unb64(crt), 'END CERTIFICATE'))"),
	REFUSE("crt", 1035, "flag.method = 'existing' and cert_purpose(unb64(crt), false).ca !~= 'Yes'"),
	SET("crt", "crt", "unb64(crt)", "flag.method = 'existing'"),
	REFUSE("prv", 1036, "flag.method = 'existing' and contains(unb64(prv), 'ENCRYPTED')"),
	SET("prv", "prv", "unb64(prv)", "flag.method = 'existing' and has(prv)"),
	REFUSE("crt", 1049, "flag.method = 'existing' and public_key(unb64(crt), false) !~= "
	      "public_key(unb64(prv), false, 'prv')"),
	REFUSE("serial", 1033, "flag.method = 'existing' and (not numeric(serial) or int(serial) < 1)"),
	SET("serial", "serial", "int(serial)", "flag.method = 'existing' and has(serial)"),
	ELSE_IF("flag.method = 'existing'", "serial", "serial", "1"),
	REFUSE("keytype", 1039, "flag.method = 'internal' and upper(keytype) not in ['RSA', 'ECDSA']"),
	REFUSE("keytype", 1039, "flag.method = 'intermediate' and upper(keytype) not in ['RSA', 'ECDSA']"),
	REFUSE("keytype", 1038, "flag.method = 'internal' and not has(keytype)"),
	REFUSE("keytype", 1038, "flag.method = 'intermediate' and not has(keytype)"),
	FLAG("keytype", "cert_attr.keytype", "upper(keytype)",
	      "flag.method = 'internal' and upper(keytype) in ['RSA', 'ECDSA']"),
	FLAG("keytype", "cert_attr.keytype", "upper(keytype)",
	      "flag.method = 'intermediate' and upper(keytype) in ['RSA', 'ECDSA']"),
	REFUSE("keylen", 1041, "flag.method = 'internal' and flag.cert_attr.keytype = 'RSA' and int(keylen) not in"
	      " [1024, 2048, 3072, 4096, 6144, 7680, 8192, 15360, 16384]"),
	REFUSE("keylen", 1041, "flag.method = 'intermediate' and flag.cert_attr.keytype = 'RSA' and int(keylen) "
	      "not in [1024, 2048, 3072, 4096, 6144, 7680, 8192, 15360, 16384]"),
	REFUSE("keylen", 1040, "flag.method = 'internal' and flag.cert_attr.keytype = 'RSA' and not has(keylen)"),
	REFUSE("keylen", 1040, "flag.method = 'intermediate' and flag.cert_attr.keytype = 'RSA' and not "
	      "has(keylen)"),
	FLAG("keylen", "cert_attr.keylen", "int(keylen)", "flag.method = 'internal' and flag.cert_attr.keytype = 'RSA' and int(keylen) in "
	      "[1024, 2048, 3072, 4096, 6144, 7680, 8192, 15360, 16384]"),
	FLAG("keylen", "cert_attr.keylen", "int(keylen)", "flag.method = 'intermediate' and flag.cert_attr.keytype = 'RSA' and int(keylen) in"
	      " [1024, 2048, 3072, 4096, 6144, 7680, 8192, 15360, 16384]"),
	ONE_OF_IF("flag.method = 'internal' and flag.cert_attr.keytype = 'ECDSA'", "ecname", 1043, "enum:ec_curves"),
	ONE_OF_IF("flag.method = 'intermediate' and flag.cert_attr.keytype = 'ECDSA'", "ecname", 1043, "enum:ec_curves"),
	REFUSE("ecname", 1042, "flag.method = 'internal' and flag.cert_attr.keytype = 'ECDSA' and not has(ecname)"),
	REFUSE("ecname", 1042, "flag.method = 'intermediate' and flag.cert_attr.keytype = 'ECDSA' and not "
	      "has(ecname)"),
	FLAG("ecname", "cert_attr.ecname", "ecname", "flag.method = 'internal' and flag.cert_attr.keytype = 'ECDSA' and ecname in "
	      "enum:ec_curves"),
	FLAG("ecname", "cert_attr.ecname", "ecname", "flag.method = 'intermediate' and flag.cert_attr.keytype = 'ECDSA' and ecname in "
	      "enum:ec_curves"),
	ONE_OF_IF("flag.method = 'internal'", "digest_alg", 1045, "enum:openssl_digest_algs"),
	ONE_OF_IF("flag.method = 'intermediate'", "digest_alg", 1045, "enum:openssl_digest_algs"),
	REFUSE("digest_alg", 1044, "flag.method = 'internal' and not has(digest_alg)"),
	REFUSE("digest_alg", 1044, "flag.method = 'intermediate' and not has(digest_alg)"),
	FLAG("digest_alg", "cert_attr.digest_alg", "digest_alg",
	      "flag.method = 'internal' and digest_alg in enum:openssl_digest_algs"),
	FLAG("digest_alg", "cert_attr.digest_alg", "digest_alg",
	      "flag.method = 'intermediate' and digest_alg in enum:openssl_digest_algs"),
	REFUSE("lifetime", 1046, "flag.method = 'internal' and (not numeric(lifetime) or int(lifetime) >= "
	      "cert_max_days())"),
	REFUSE("lifetime", 1046, "flag.method = 'intermediate' and (not numeric(lifetime) or int(lifetime) >= "
	      "cert_max_days())"),
	FLAG("lifetime", "cert_attr.lifetime", "int(lifetime)",
	      "flag.method = 'internal' and numeric(lifetime) and int(lifetime) < cert_max_days()"),
	FLAG("lifetime", "cert_attr.lifetime", "3650",
	      "flag.method = 'internal' and not has(lifetime)"),
	FLAG("lifetime", "cert_attr.lifetime", "int(lifetime)", "flag.method = 'intermediate' and numeric(lifetime) and int(lifetime) < "
	      "cert_max_days()"),
	FLAG("lifetime", "cert_attr.lifetime", "3650",
	      "flag.method = 'intermediate' and not has(lifetime)"),
	ONE_OF_IF("flag.method = 'internal'", "dn_country", 1051, "enum:country_codes"),
	ONE_OF_IF("flag.method = 'intermediate'", "dn_country", 1051, "enum:country_codes"),
	FLAG("dn_country", "dn.countryName", "str(dn_country)",
	      "flag.method = 'internal' and dn_country in enum:country_codes"),
	FLAG("dn_country", "dn.countryName", "str(dn_country)",
	      "flag.method = 'intermediate' and dn_country in enum:country_codes"),
	REFUSE("caref", 1048, "flag.method = 'intermediate' and caref not in signing_ca_refids()"),
	REFUSE("caref", 1047, "flag.method = 'intermediate' and not has(caref)"),
	FLAG("caref", "cert_attr.caref", "caref",
	      "flag.method = 'intermediate' and caref in signing_ca_refids()"),
	FLAG("dn_commonname", "dn.commonName", "str(dn_commonname)",
	      "flag.method = 'internal' and has(dn_commonname)"),
	FLAG("dn_commonname", "dn.commonName", "'internal-ca'",
	      "flag.method = 'internal' and not has(dn_commonname)"),
	FLAG("dn_commonname", "dn.commonName", "str(dn_commonname)",
	      "flag.method = 'intermediate' and has(dn_commonname)"),
	FLAG("dn_commonname", "dn.commonName", "'internal-ca'",
	      "flag.method = 'intermediate' and not has(dn_commonname)"),
	FLAG("dn_state", "dn.stateOrProvinceName", "str(dn_state)",
	      "flag.method = 'internal' and has(dn_state)"),
	FLAG("dn_state", "dn.stateOrProvinceName", "str(dn_state)",
	      "flag.method = 'intermediate' and has(dn_state)"),
	FLAG("dn_city", "dn.localityName", "str(dn_city)",
	      "flag.method = 'internal' and has(dn_city)"),
	FLAG("dn_city", "dn.localityName", "str(dn_city)",
	      "flag.method = 'intermediate' and has(dn_city)"),
	FLAG("dn_organization", "dn.organizationName", "str(dn_organization)",
	      "flag.method = 'internal' and has(dn_organization)"),
	FLAG("dn_organization", "dn.organizationName", "str(dn_organization)",
	      "flag.method = 'intermediate' and has(dn_organization)"),
	FLAG("dn_organizationalunit", "dn.organizationalUnitName", "str(dn_organizationalunit)",
	      "flag.method = 'internal' and has(dn_organizationalunit)"),
	FLAG("dn_organizationalunit", "dn.organizationalUnitName", "str(dn_organizationalunit)",
	      "flag.method = 'intermediate' and has(dn_organizationalunit)"),
	SET(NULL, "refid", "new_uid()", NULL),
	{ 0 },
};

static const struct write system_ca_post_writes[] = {
	{ WRITE_SET, "ca/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task system_ca_delete_steps[] = {
	SELECT(NULL, "trust_at('ca', null, refid, descr)", NULL),
	REFUSE(NULL, 1009, "selected not found"),
	REFUSE(NULL, 1034, "ca_in_use(obj.refid)"),
	{ 0 },
};

static const struct write system_ca_delete_writes[] = {
	{ WRITE_DELETE, "ca/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task system_certificate_post_steps[] = {
	FLAG(NULL, "dn.subjectAltName", "[]", "flag.method = 'internal'"),
	ONE_OF("method", 1032, "['import', 'existing', 'internal']"),
	REFUSE("method", 1031, "not has(method)"),
	FLAG("method", "method", "method", "method in ['import', 'existing', 'internal']"),
	FLAG("method", "method", "'existing'",
	      "method in ['import', 'existing', 'internal'] and flag.method = 'import'"),
	REFUSE("descr", 1037, "descr matches /[\\?\\>\\<\\&\\/\\\"\\']/"),
	REFUSE("descr", 1002, "not has(descr)"),
	SET("descr", "descr", "descr", NULL),
	NORMAL("crt", "cert", "flag.method = 'existing' and (has(crt) or has(cert))"),
	REFUSE("crt", 1003, "flag.method = 'existing' and (has(crt) or has(cert)) and (not contains(unb64(crt),"
	      " 'BEGIN CERTIFICATE') or not contains(unb64(crt), 'END CERTIFICATE'))"),
	REFUSE("crt", 1003, "flag.method = 'existing' and not has(crt) and not has(cert)"),
	SET("crt", "crt", "unb64(crt)", "flag.method = 'existing'"),
	NORMAL("prv", "key", "flag.method = 'existing' and (has(prv) or has(key))"),
	REFUSE("prv", 1036, "flag.method = 'existing' and (has(prv) or has(key)) and contains(unb64(prv), "
	      "'ENCRYPTED')"),
	SET("prv", "prv", "unb64(prv)", "flag.method = 'existing'"),
	REFUSE("crt", 1049, "flag.method = 'existing' and (has(prv) or has(key)) and public_key(unb64(crt), "
	      "false) !~= public_key(unb64(prv), false, 'prv')"),
	REFUSE("prv", 1004, "flag.method = 'existing' and not has(prv) and not has(key)"),
	REFUSE("caref", 1048, "flag.method = 'internal' and caref not in signing_ca_refids()"),
	REFUSE("caref", 1047, "flag.method = 'internal' and not has(caref)"),
	SET("caref", "caref", "caref", "flag.method = 'internal'"),
	REFUSE("keytype", 1039, "flag.method = 'internal' and upper(keytype) not in ['RSA', 'ECDSA']"),
	REFUSE("keytype", 1038, "flag.method = 'internal' and not has(keytype)"),
	FLAG("keytype", "cert_attr.keytype", "upper(keytype)",
	      "flag.method = 'internal' and upper(keytype) in ['RSA', 'ECDSA']"),
	REFUSE("keylen", 1041, "flag.method = 'internal' and flag.cert_attr.keytype = 'RSA' and int(keylen) not in"
	      " [1024, 2048, 3072, 4096, 6144, 7680, 8192, 15360, 16384]"),
	REFUSE("keylen", 1040, "flag.method = 'internal' and flag.cert_attr.keytype = 'RSA' and not has(keylen)"),
	FLAG("keylen", "cert_attr.keylen", "int(keylen)", "flag.method = 'internal' and flag.cert_attr.keytype = 'RSA' and int(keylen) in "
	      "[1024, 2048, 3072, 4096, 6144, 7680, 8192, 15360, 16384]"),
	ONE_OF_IF("flag.method = 'internal' and flag.cert_attr.keytype = 'ECDSA'", "ecname", 1043, "enum:ec_curves"),
	REFUSE("ecname", 1042, "flag.method = 'internal' and flag.cert_attr.keytype = 'ECDSA' and not has(ecname)"),
	FLAG("ecname", "cert_attr.ecname", "ecname", "flag.method = 'internal' and flag.cert_attr.keytype = 'ECDSA' and ecname in "
	      "enum:ec_curves"),
	ONE_OF_IF("flag.method = 'internal'", "digest_alg", 1045, "enum:openssl_digest_algs"),
	REFUSE("digest_alg", 1044, "flag.method = 'internal' and not has(digest_alg)"),
	FLAG("digest_alg", "cert_attr.digest_alg", "digest_alg",
	      "flag.method = 'internal' and digest_alg in enum:openssl_digest_algs"),
	REFUSE("lifetime", 1046, "flag.method = 'internal' and (not numeric(lifetime) or int(lifetime) >= "
	      "cert_max_days())"),
	FLAG("lifetime", "cert_attr.lifetime", "int(lifetime)",
	      "flag.method = 'internal' and numeric(lifetime) and int(lifetime) < cert_max_days()"),
	FLAG("lifetime", "cert_attr.lifetime", "3650",
	      "flag.method = 'internal' and not has(lifetime)"),
	REFUSE("dn_commonname", 1052, "flag.method = 'internal' and not has(dn_commonname)"),
	FLAG("dn_commonname", "dn.commonName", "str(dn_commonname)",
	      "flag.method = 'internal' and has(dn_commonname)"),
	ONE_OF_IF("flag.method = 'internal'", "dn_country", 1051, "enum:country_codes"),
	FLAG("dn_country", "dn.countryName", "str(dn_country)",
	      "flag.method = 'internal' and dn_country in enum:country_codes"),
	ONE_OF_IF("flag.method = 'internal'", "type", 1054, "['server', 'user']"),
	REFUSE("type", 1053, "flag.method = 'internal' and not has(type)"),
	SET("type", "type", "type", "flag.method = 'internal'"),
	REFUSE("altnames", 1057, "flag.method = 'internal' and is_list(altnames) and lower(altnames[]{key}) = 'dns' "
	      "and (not hostname(altnames[]{value}, wildcard_ok) or ip(altnames[]{value}))"),
	REFUSE("altnames", 1058, "flag.method = 'internal' and is_list(altnames) and lower(altnames[]{key}) = 'ip' "
	      "and not ip(altnames[]{value})"),
	REFUSE("altnames", 1059, "flag.method = 'internal' and is_list(altnames) and lower(altnames[]{key}) = 'uri' "
	      "and not url(altnames[]{value})"),
	REFUSE("altnames", 1059, "flag.method = \"internal\" and is_list(altnames) and lower(altnames[]{key}) = "
	      "\"email\" and (blank(altnames[]{value}) or altnames[]{value} matches "
	      "/[\\!\\#$\\%\\^\\(\\)\\~\\?\\>\\<\\&\\/\\\\,\"\\']/)"),
	REFUSE("altnames", 1056, "flag.method = 'internal' and is_list(altnames) and lower(altnames[]{key}) != 'dns'"
	      " and lower(altnames[]{key}) != 'ip' and lower(altnames[]{key}) != 'uri' and "
	      "lower(altnames[]{key}) != 'email'"),
	REFUSE("altnames", 1055, "flag.method = 'internal' and not is_list(altnames)"),
	FLAG("altnames", "dn.subjectAltName", "join(',', flag.dn.subjectAltName)",
	      "flag.method = 'internal' and is_list(altnames)"),
	FLAG("dn_state", "dn.stateOrProvinceName", "str(dn_state)",
	      "flag.method = 'internal' and has(dn_state)"),
	FLAG("dn_city", "dn.localityName", "str(dn_city)",
	      "flag.method = 'internal' and has(dn_city)"),
	FLAG("dn_organization", "dn.organizationName", "str(dn_organization)",
	      "flag.method = 'internal' and has(dn_organization)"),
	FLAG("dn_organizationalunit", "dn.organizationalUnitName", "str(dn_organizationalunit)",
	      "flag.method = 'internal' and has(dn_organizationalunit)"),
	SET(NULL, "refid", "new_uid()", NULL),
	{ 0 },
};

static const struct write system_certificate_post_writes[] = {
	{ WRITE_SET, "cert/<selected>", NULL, NULL },
	{ WRITE_SET, "system/webgui/ssl-certref", "obj.refid", "active is true" },
	{ 0 },
};

static const struct task system_certificate_put_steps[] = {
	SELECT(NULL, "trust_at('cert', null, refid, null)", NULL),
	REFUSE(NULL, 1009, "selected not found"),
	NORMAL("crt", "cert", "(has(crt) or has(cert))"),
	REFUSE("crt", 1003, "(has(crt) or has(cert)) and (not contains(unb64(crt), 'BEGIN CERTIFICATE') or not "
	      "contains(unb64(crt), 'END CERTIFICATE'))"),
	REFUSE("crt", 1003, "not has(crt) and not has(cert)"),
	SET("crt", "crt", "b64(unb64(crt))", NULL),
	NORMAL("prv", "key", "(has(prv) or has(key))"),
	REFUSE("prv", 1036, "(has(prv) or has(key)) and contains(unb64(prv), 'ENCRYPTED')"),
	SET("prv", "prv", "b64(unb64(prv))", NULL),
	REFUSE("crt", 1049, "(has(prv) or has(key)) and public_key(unb64(crt), false) !~= "
	      "public_key(unb64(prv), false, 'prv')"),
	REFUSE("prv", 1004, "not has(prv) and not has(key)"),
	REFUSE("descr", 1037, "descr matches /[\\?\\>\\<\\&\\/\\\"\\']/"),
	TAKE("descr", "descr"),
	{ 0 },
};

static const struct write system_certificate_put_writes[] = {
	{ WRITE_SET, "cert/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task system_certificate_delete_steps[] = {
	SELECT(NULL, "trust_at('cert', id, refid, descr)", NULL),
	REFUSE("id", 1009, "selected not found"),
	REFUSE(NULL, 1005, "has(selected) and cert_in_use(obj.refid)"),
	REFUSE(NULL, 1009, "selected not found"),
	{ 0 },
};

static const struct write system_certificate_delete_writes[] = {
	{ WRITE_DELETE, "cert/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task system_crl_post_steps[] = {
	ONE_OF("method", 1032, "['existing', 'internal']"),
	REFUSE("method", 1031, "not has(method)"),
	SET("method", "method", "method", NULL),
	FLAG("method", "method", "method", "method in ['existing', 'internal']"),
	REFUSE("caref", 1048, "caref not in signing_ca_refids()"),
	REFUSE("caref", 1047, "not has(caref)"),
	SET("caref", "caref", "caref", NULL),
	REFUSE("descr", 1037, "descr matches /[\\?\\>\\<\\&\\/\\\"\\']/"),
	REFUSE("descr", 1002, "not has(descr)"),
	SET("descr", "descr", "descr", NULL),
	REFUSE("crl_data", 1080, "flag.method = 'existing' and not has(crl_data)"),
	SET("crl_data", "text", "b64(crl_data)", "flag.method = 'existing'"),
	REFUSE("serial", 1033, "flag.method = 'internal' and (not numeric(serial) or int(serial) < 0)"),
	SET("serial", "serial", "str(serial)", "flag.method = 'internal' and has(serial)"),
	ELSE_IF("flag.method = 'internal'", "serial", "serial", "str(0)"),
	REFUSE("lifetime", 1046, "flag.method = 'internal' and (not numeric(lifetime) or int(lifetime) >= "
	      "cert_max_days())"),
	SET("lifetime", "lifetime", "str(lifetime)", "flag.method = 'internal' and has(lifetime)"),
	ELSE_IF("flag.method = 'internal'", "lifetime", "lifetime", "str(9999)"),
	SET(NULL, "refid", "new_uid()", NULL),
	{ 0 },
};

static const struct write system_crl_post_writes[] = {
	{ WRITE_SET, "crl/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task system_crl_delete_steps[] = {
	SELECT(NULL, "trust_at('crl', id, refid, descr)", NULL),
	REFUSE("id", 1082, "selected not found"),
	REFUSE(NULL, 1081, "has(selected) and crl_in_use(obj.refid)"),
	REFUSE(NULL, 1082, "selected not found"),
	{ 0 },
};

static const struct write system_crl_delete_writes[] = {
	{ WRITE_DELETE, "crl/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_certificate[] = {
	{ "system/ca", METHOD_GET, "page-all page-system-camanager",
	  .returns = RETURNS_STORED, .path = "ca" },
	{ "system/ca", METHOD_POST, "page-all page-system-camanager", .flags = SAVES | MAKES_KEY,
	  .steps = system_ca_post_steps, .writes = system_ca_post_writes, .parts = PART_TRUST,
	  .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT, .prepare = authority_make },
	{ "system/ca", METHOD_DELETE, "page-all page-system-camanager", .flags = SAVES,
	  .steps = system_ca_delete_steps, .writes = system_ca_delete_writes, .parts = PART_TRUST,
	  .apply = APPLY_ALWAYS, .returns = RETURNS_OBJECT },
	{ "system/certificate", METHOD_GET, "page-all page-system-certmanager",
	  .returns = RETURNS_STORED, .path = "cert" },
	{ "system/certificate", METHOD_POST, "page-all page-system-certmanager",
	  .flags = SAVES | MAKES_KEY, .steps = system_certificate_post_steps,
	  .writes = system_certificate_post_writes, .returns = RETURNS_OBJECT,
	  .prepare = trust_make_certificate },
	{ "system/certificate", METHOD_PUT, "page-all page-system-certmanager", .flags = SAVES,
	  .steps = system_certificate_put_steps, .writes = system_certificate_put_writes,
	  .returns = RETURNS_OBJECT },
	{ "system/certificate", METHOD_DELETE, "page-all page-system-certmanager", .flags = SAVES,
	  .steps = system_certificate_delete_steps, .writes = system_certificate_delete_writes,
	  .returns = RETURNS_OBJECT },
	{ "system/crl", METHOD_GET, "page-all page-system-crlmanager", .act = act_crl },
	{ "system/crl", METHOD_POST, "page-all page-system-crlmanager", .flags = SAVES,
	  .steps = system_crl_post_steps, .writes = system_crl_post_writes,
	  .returns = RETURNS_OBJECT },
	{ "system/crl", METHOD_DELETE, "page-all page-system-crlmanager", .flags = SAVES,
	  .steps = system_crl_delete_steps, .writes = system_crl_delete_writes,
	  .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
