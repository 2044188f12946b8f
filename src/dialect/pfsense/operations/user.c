/*
 * The operations of user and 6 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
static const struct task user_post_steps[] = {
	SET(NULL, "priv", "[]", NULL),
	REFUSE("username", 5038, "username not in keys(all_users()) and not (username matches /[^a-zA-Z0-9\\.\\-_]/)"
	      " and not os_user_exists(username) and strlen(username) > 32"),
	REFUSE("username", 5037, "username not in keys(all_users()) and not (username matches /[^a-zA-Z0-9\\.\\-_]/)"
	      " and os_user_exists(username)"),
	REFUSE("username", 5036, "username not in keys(all_users()) and username matches /[^a-zA-Z0-9\\.\\-_]/"),
	REFUSE("username", 5002, "username in keys(all_users())"),
	REFUSE("username", 5000, "not has(username)"),
	SET("username", "name", "username", NULL),
	REFUSE("password", 5003, "not has(password)"),
	REFUSE("priv", 5006, "priv and priv[] not in enum:priv_list"),
	SET("priv", "priv[]", "priv[]", "priv"),
	TAKE("descr", "descr"),
	SET("disabled", "disabled", "''", "disabled is true"),
	REFUSE("expires", 5040, "not blank(expires) and american_date(expires) is false"),
	SET("expires", "expires", "american_date(expires)", "has(expires)"),
	REFUSE("cert", 5041, "not cert_exists(cert[])"),
	SET("cert", "cert[]", "cert[]", "has(cert)"),
	SET("authorizedkeys", "authorizedkeys", "b64(authorizedkeys)", "has(authorizedkeys)"),
	REFUSE("ipsecpsk", 5039, "not (ipsecpsk matches /^[\\x00-\\x7f]*$/)"),
	TAKE("ipsecpsk", "ipsecpsk"),
	SET(NULL, "uid", "next_uid()", NULL),
	SET(NULL, "scope", "'user'", NULL),
	{ 0 },
};

static const struct write user_post_writes[] = {
	{ WRITE_SET, "system/nextuid", "(int(obj.uid) + 1)", NULL },
	{ WRITE_SET, "system/user/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task user_put_steps[] = {
	SELECT("username", "found", "any user of cfg(system/user) and username = user.name"),
	REFUSE("username", 5001, "has(username) and not has(obj.uid)"),
	REFUSE("username", 5000, "not has(username)"),
	REFUSE("priv", 5006, "priv[] not in enum:priv_list"),
	UNSET("priv", "priv", "has(priv)"),
	UNSET("priv", "priv", "has(priv)"),
	SET("priv", "priv[]", "priv[]", "has(priv)"),
	TAKE("descr", "descr"),
	SET("disabled", "disabled", "''", "disabled is true"),
	UNSET("disabled", "disabled", "disabled is false"),
	REFUSE("expires", 5040, "not blank(expires) and american_date(expires) is false"),
	SET("expires", "expires", "american_date(expires)", "not blank(expires)"),
	UNSET("expires", "expires", "blank(expires)"),
	REFUSE("cert", 5041, "not cert_exists(cert[])"),
	UNSET("cert", "cert", "has(cert)"),
	UNSET("cert", "cert", "has(cert)"),
	SET("cert", "cert[]", "cert[]", "has(cert)"),
	SET("authorizedkeys", "authorizedkeys", "b64(authorizedkeys)", "has(authorizedkeys)"),
	REFUSE("ipsecpsk", 5039, "not (ipsecpsk matches /^[\\x00-\\x7f]*$/)"),
	TAKE("ipsecpsk", "ipsecpsk"),
	{ 0 },
};

static const struct write user_put_writes[] = {
	{ WRITE_SET, "system/user/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task user_delete_steps[] = {
	SELECT("username", "found", "any user of cfg(system/user) and username = user.name"),
	REFUSE("username", 5001, "has(username) and not has(obj.uid)"),
	REFUSE("username", 5005, "has(username) and obj.scope != 'user'"),
	REFUSE("username", 5000, "not has(username)"),
	{ 0 },
};

static const struct write user_delete_writes[] = {
	{ WRITE_DELETE, "system/user/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task user_auth_server_delete_steps[] = {
	SELECT("name", "found", "any asc of cfg(system/authserver) and name = asc.name"),
	REFUSE("name", 5010, "not has(name)"),
	REFUSE(NULL, 5025, "selected not found"),
	{ 0 },
};

static const struct write user_auth_server_delete_writes[] = {
	{ WRITE_DELETE, "system/authserver/<selected>", NULL, NULL },
	{ WRITE_DELETE, "system/webgui/authmode", NULL, "name = cfg(system/webgui/authmode)" },
	{ 0 },
};

static const struct task user_auth_server_ldap_post_steps[] = {
	SET("name", "name", "sanitize(name)", "has(name)"),
	ELSE("name", "name", "'LDAP_AUTHSERVER_' & str(len(cfg(system/authserver)))"),
	REFUSE("name", 5026, "authserver_exists(obj.name)"),
	SET("host", "host", "host", NULL),
	REFUSE("host", 5012, "has(host) and not hostname(obj.host) and not ipv4(obj.host)"),
	REFUSE("host", 5011, "not has(host)"),
	SET("ldap_port", "ldap_port", "str(ldap_port)", NULL),
	REFUSE("ldap_port", 5014, "ldap_port and not port(obj.ldap_port)"),
	REFUSE("ldap_port", 5013, "blank(ldap_port)"),
	REFUSE("ldap_urltype", 5016, "ldap_urltype not in keys({'standard': 'Standard TCP', 'starttls': 'STARTTLS "
	      "Encrypted', 'encrypted': 'SSL/TLS Encrypted'})"),
	REFUSE("ldap_urltype", 5015, "not has(ldap_urltype)"),
	SET("ldap_urltype", "ldap_urltype", "{'standard': 'Standard TCP', 'starttls': 'STARTTLS Encrypted', 'encrypted': "
	      "'SSL/TLS Encrypted'}[ldap_urltype]", NULL),
	SET("ldap_protver", "ldap_protver", "int(ldap_protver)", "has(ldap_protver)"),
	ELSE("ldap_protver", "ldap_protver", "3"),
	REFUSE("ldap_protver", 5017, "obj.ldap_protver not in [2, 3]"),
	SET("ldap_timeout", "ldap_timeout", "int(ldap_timeout)", "has(ldap_timeout)"),
	ELSE("ldap_timeout", "ldap_timeout", "25"),
	SET("ldap_scope", "ldap_scope", "ldap_scope", NULL),
	REFUSE("ldap_scope", 5019, "has(ldap_scope) and obj.ldap_scope not in ['one', 'subtree']"),
	REFUSE("ldap_scope", 5018, "not has(ldap_scope)"),
	SET("ldap_basedn", "ldap_basedn", "str(ldap_basedn)", "has(ldap_basedn)"),
	ELSE("ldap_basedn", "ldap_basedn", "''"),
	SET("ldap_authcn", "ldap_authcn", "str(ldap_authcn)", "has(ldap_authcn)"),
	ELSE("ldap_authcn", "ldap_authcn", "''"),
	SET("ldap_extended_query", "ldap_extended_enabled", "'yes'", "has(ldap_extended_query)"),
	SET("ldap_extended_query", "ldap_extended_query", "str(ldap_extended_query)",
	      "has(ldap_extended_query)"),
	REFUSE("ldap_binddn", 5020, "(has(ldap_binddn) or has(ldap_bindpw)) and not has(ldap_binddn)"),
	SET("ldap_binddn", "ldap_binddn", "str(ldap_binddn)",
	      "(has(ldap_binddn) or has(ldap_bindpw))"),
	REFUSE("ldap_bindpw", 5021, "(has(ldap_binddn) or has(ldap_bindpw)) and not has(ldap_bindpw)"),
	SET("ldap_bindpw", "ldap_bindpw", "str(ldap_bindpw)",
	      "(has(ldap_binddn) or has(ldap_bindpw))"),
	REFUSE("ldap_attr_user", 5022, "not has(ldap_attr_user)"),
	SET("ldap_attr_user", "ldap_attr_user", "str(ldap_attr_user)", NULL),
	REFUSE("ldap_attr_group", 5023, "not has(ldap_attr_group)"),
	SET("ldap_attr_group", "ldap_attr_group", "str(ldap_attr_group)", NULL),
	REFUSE("ldap_attr_member", 5024, "not has(ldap_attr_member)"),
	SET("ldap_attr_member", "ldap_attr_member", "str(ldap_attr_member)", NULL),
	SET("ldap_attr_groupobj", "ldap_rfc2307", "''", "has(ldap_attr_groupobj)"),
	SET("ldap_attr_groupobj", "ldap_attr_groupobj", "str(ldap_attr_groupobj)",
	      "has(ldap_attr_groupobj)"),
	SET("ldap_utf8", "ldap_utf8", "''", "ldap_utf8 is true"),
	SET("ldap_nostrip_at", "ldap_nostrip_at", "''", "ldap_nostrip_at is true"),
	NORMAL("active", "true", "active is true"),
	SET(NULL, "type", "'ldap'", NULL),
	SET(NULL, "refid", "new_uid()", NULL),
	{ 0 },
};

static const struct write user_auth_server_ldap_post_writes[] = {
	{ WRITE_SET, "system/authserver/<selected>", NULL, NULL },
	{ WRITE_SET, "system/webgui/authmode", "obj.name", "active is true" },
	{ 0 },
};

static const struct task user_auth_server_ldap_delete_steps[] = {
	SELECT("name", "found",
	      "any asc of cfg(system/authserver) and name = asc.name and asc.type = 'ldap'"),
	REFUSE("name", 5010, "not has(name)"),
	REFUSE(NULL, 5025, "selected not found"),
	{ 0 },
};

static const struct write user_auth_server_ldap_delete_writes[] = {
	{ WRITE_DELETE, "system/authserver/<selected>", NULL, NULL },
	{ WRITE_DELETE, "system/webgui/authmode", NULL, "name = cfg(system/webgui/authmode)" },
	{ 0 },
};

static const struct task user_auth_server_radius_post_steps[] = {
	REFUSE("name", 5026, "authserver_exists(name)"),
	REFUSE("name", 5035, "not has(name)"),
	SET("name", "name", "name", NULL),
	REFUSE("host", 5012, "not ip(host) and not hostname(host)"),
	REFUSE("host", 5011, "not has(host)"),
	SET("host", "host", "host", NULL),
	REFUSE("radius_secret", 5029, "not is_str(radius_secret)"),
	REFUSE("radius_secret", 5028, "not has(radius_secret)"),
	SET("radius_secret", "radius_secret", "radius_secret", NULL),
	REFUSE("radius_auth_port", 5030, "not port(str(radius_auth_port))"),
	TAKE("radius_auth_port", "radius_auth_port"),
	REFUSE("radius_acct_port", 5031, "not port(str(radius_acct_port))"),
	REFUSE("radius_acct_port", 5032, "not has(radius_acct_port) and not has(obj.radius_auth_port)"),
	TAKE("radius_acct_port", "radius_acct_port"),
	ONE_OF("radius_protocol", 5027, "['PAP', 'CHAP_MD5', 'MSCHAPv1', 'MSCHAPv2']"),
	TAKE_OR("radius_protocol", "radius_protocol", "'MSCHAPv2'"),
	REFUSE("radius_timeout", 5033, "(not is_int(radius_timeout) or radius_timeout < 1)"),
	TAKE_OR("radius_timeout", "radius_timeout", "5"),
	REFUSE("radius_nasip_attribute", 5034, "not ifid(radius_nasip_attribute)"),
	SET("radius_nasip_attribute", "radius_nasip_attribute", "ifid(radius_nasip_attribute)",
	      "has(radius_nasip_attribute)"),
	ELSE("radius_nasip_attribute", "radius_nasip_attribute", "'wan'"),
	SET(NULL, "type", "'radius'", NULL),
	SET(NULL, "refid", "new_uid()", NULL),
	{ 0 },
};

static const struct write user_auth_server_radius_post_writes[] = {
	{ WRITE_SET, "system/authserver/<selected>", NULL, NULL },
	{ WRITE_SET, "system/webgui/authmode", "obj.name", "active is true" },
	{ 0 },
};

static const struct task user_auth_server_radius_delete_steps[] = {
	SELECT("name", "found",
	      "any asc of cfg(system/authserver) and name = asc.name and asc.type = 'radius'"),
	REFUSE("name", 5010, "not has(name)"),
	REFUSE(NULL, 5025, "selected not found"),
	{ 0 },
};

static const struct write user_auth_server_radius_delete_writes[] = {
	{ WRITE_DELETE, "system/authserver/<selected>", NULL, NULL },
	{ WRITE_DELETE, "system/webgui/authmode", NULL, "name = cfg(system/webgui/authmode)" },
	{ 0 },
};

static const struct task user_group_post_steps[] = {
	SET(NULL, "member", "[]", NULL),
	SET(NULL, "priv", "[]", NULL),
	ONE_OF("scope", 5046, "['local', 'remote']"),
	TAKE_OR("scope", "scope", "'local'"),
	REFUSE("name", 5045, "strlen(name) >= 1 and strlen(name) <= (obj.scope = \"remote\" ? 64 : 16) and "
	      "group_named(name) is false and name matches /[^a-zA-Z0-9\\.\\-_]/"),
	REFUSE("name", 5049, "strlen(name) >= 1 and strlen(name) <= (obj.scope = 'remote' ? 64 : 16) and "
	      "group_named(name) is not false"),
	REFUSE("name", 5044, "(strlen(name) < 1 or strlen(name) > (obj.scope = 'remote' ? 64 : 16))"),
	REFUSE("name", 5042, "not has(name)"),
	SET("name", "name", "name", NULL),
	SET("description", "description", "str(description)", "has(description)"),
	ELSE("description", "description", "''"),
	REFUSE("member", 5047, "not uid_exists(member[])"),
	SET("member", "member[]", "member[]", "has(member)"),
	REFUSE("priv", 5048, "priv and priv[] not in enum:priv_list"),
	SET("priv", "priv[]", "priv[]", "priv"),
	SET(NULL, "gid", "next_gid()", NULL),
	{ 0 },
};

static const struct write user_group_post_writes[] = {
	{ WRITE_SET, "system/group/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task user_group_put_steps[] = {
	SELECT("id", "group_named(id, true)", "group_named(id, true) is not false"),
	REFUSE("id", 5051, "group_named(id, true) is false"),
	REFUSE("id", 5050, "not has(id)"),
	ONE_OF("scope", 5046, "['local', 'remote']"),
	TAKE("scope", "scope"),
	REFUSE("name", 5045, "strlen(name) >= 1 and strlen(name) <= (obj.scope = \"remote\" ? 64 : 16) and "
	      "group_named(name) is false and name matches /[^a-zA-Z0-9\\.\\-_]/"),
	REFUSE("name", 5049, "strlen(name) >= 1 and strlen(name) <= (obj.scope = 'remote' ? 64 : 16) and "
	      "group_named(name) is not false"),
	REFUSE("name", 5044, "(strlen(name) < 1 or strlen(name) > (obj.scope = 'remote' ? 64 : 16))"),
	TAKE("name", "name"),
	SET("description", "description", "str(description)", "has(description)"),
	REFUSE("member", 5047, "not uid_exists(member[])"),
	UNSET("member", "member", "has(member)"),
	UNSET("member", "member", "has(member)"),
	SET("member", "member[]", "member[]", "has(member)"),
	REFUSE("priv", 5048, "priv and priv[] not in enum:priv_list"),
	UNSET("priv", "priv", "has(priv)"),
	UNSET("priv", "priv", "has(priv)"),
	SET("priv", "priv[]", "priv[]", "priv"),
	{ 0 },
};

static const struct write user_group_put_writes[] = {
	{ WRITE_SET, "system/group/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task user_group_delete_steps[] = {
	SELECT("id", "group_named(id, true)", "group_named(id, true) is not false"),
	REFUSE("id", 5051, "group_named(id, true) is false"),
	REFUSE("id", 5050, "not has(id)"),
	{ 0 },
};

static const struct write user_group_delete_writes[] = {
	{ WRITE_DELETE, "system/group/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task user_group_member_post_steps[] = {
	REFUSE("username", 5001, "username not in keys(all_users())"),
	REFUSE("username", 5000, "not has(username)"),
	REFUSE("group", 5008, "is_list(group) and group[] not in keys(all_groups())"),
	REFUSE("group", 5009, "not is_list(group)"),
	REFUSE("group", 5007, "not has(group)"),
	{ 0 },
};

static const struct task user_group_member_delete_steps[] = {
	REFUSE("username", 5001, "username not in keys(all_users())"),
	REFUSE("username", 5000, "not has(username)"),
	REFUSE("group", 5007, "not has(group)"),
	NORMAL("group", "as_list(group)", "has(group)"),
	REFUSE("group", 5008, "is_list(group) and group[] not in keys(all_groups())"),
	REFUSE("group", 5009, "not is_list(group)"),
	{ 0 },
};

static const struct task user_privilege_post_steps[] = {
	SELECT("username", "found", "any user of cfg(system/user) and username = user.name"),
	REFUSE("username", 5001, "has(username) and not has(obj.uid)"),
	REFUSE("username", 5000, "not has(username)"),
	REFUSE("priv", 5006, "priv and priv[] not in enum:priv_list"),
	SET("priv", "priv[]", "priv[]", "priv"),
	SET(NULL, "priv", "[obj.priv]", "not blank(obj.priv) and is_str(obj.priv)"),
	{ 0 },
};

static const struct write user_privilege_post_writes[] = {
	{ WRITE_SET, "system/user/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task user_privilege_delete_steps[] = {
	SELECT("username", "found", "any user of cfg(system/user) and username = user.name"),
	REFUSE("username", 5001, "has(username) and not has(obj.uid)"),
	REFUSE("username", 5000, "not has(username)"),
	CALL(privilege_drop),
	{ 0 },
};

static const struct write user_privilege_delete_writes[] = {
	{ WRITE_SET, "system/user/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_user[] = {
	{ "user", METHOD_GET, "page-all page-system-usermanager",
	  .returns = RETURNS_STORED, .path = "system/user" },
	{ "user", METHOD_POST, "page-all page-system-usermanager", .flags = SAVES | HASHES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG,
	  .steps = user_post_steps, .writes = user_post_writes, .returns = RETURNS_OBJECT,
	  .act = act_user, .prepare = user_password },
	{ "user", METHOD_PUT, "page-all page-system-usermanager", .flags = SAVES | HASHES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG,
	  .steps = user_put_steps, .writes = user_put_writes, .returns = RETURNS_OBJECT,
	  .act = act_user, .prepare = user_password },
	{ "user", METHOD_DELETE, "page-all page-system-usermanager", .flags = SAVES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG,
	  .steps = user_delete_steps, .writes = user_delete_writes, .returns = RETURNS_OBJECT },
	{ "user/auth_server", METHOD_GET, "page-all page-system-authservers",
	  .returns = RETURNS_STORED, .path = "system/authserver" },
	{ "user/auth_server", METHOD_DELETE, "page-all page-system-authservers", .flags = SAVES,
	  .steps = user_auth_server_delete_steps, .writes = user_auth_server_delete_writes,
	  .returns = RETURNS_OBJECT },
	{ "user/auth_server/ldap", METHOD_GET, "page-all page-system-authservers",
	  .act = act_auth_servers },
	{ "user/auth_server/ldap", METHOD_POST, "page-all page-system-authservers", .flags = SAVES,
	  .steps = user_auth_server_ldap_post_steps, .writes = user_auth_server_ldap_post_writes,
	  .returns = RETURNS_OBJECT },
	{ "user/auth_server/ldap", METHOD_DELETE, "page-all page-system-authservers", .flags = SAVES,
	  .steps = user_auth_server_ldap_delete_steps, .writes = user_auth_server_ldap_delete_writes,
	  .returns = RETURNS_OBJECT },
	{ "user/auth_server/radius", METHOD_GET, "page-all page-system-authservers",
	  .act = act_auth_servers },
	{ "user/auth_server/radius", METHOD_POST, "page-all page-system-authservers", .flags = SAVES,
	  .steps = user_auth_server_radius_post_steps, .writes = user_auth_server_radius_post_writes,
	  .returns = RETURNS_OBJECT },
	{ "user/auth_server/radius", METHOD_DELETE, "page-all page-system-authservers",
	  .flags = SAVES, .steps = user_auth_server_radius_delete_steps,
	  .writes = user_auth_server_radius_delete_writes, .returns = RETURNS_OBJECT },
	{ "user/group", METHOD_GET, "page-all page-system-groupmanager", .act = act_groups },
	{ "user/group", METHOD_POST, "page-all page-system-groupmanager", .flags = SAVES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG,
	  .steps = user_group_post_steps, .writes = user_group_post_writes, .act = act_group },
	{ "user/group", METHOD_PUT, "page-all page-system-groupmanager", .flags = SAVES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG,
	  .steps = user_group_put_steps, .writes = user_group_put_writes, .act = act_group },
	{ "user/group", METHOD_DELETE, "page-all page-system-groupmanager", .flags = SAVES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG,
	  .steps = user_group_delete_steps, .writes = user_group_delete_writes, .act = act_group },
	{ "user/group/member", METHOD_POST, "page-all page-system-groupmanager", .flags = SAVES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG,
	  .steps = user_group_member_post_steps, .act = act_member_groups, .prepare = member_add },
	{ "user/group/member", METHOD_DELETE, "page-all page-system-groupmanager", .flags = SAVES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG,
	  .steps = user_group_member_delete_steps, .act = act_given_groups, .prepare = member_drop },
	{ "user/privilege", METHOD_POST, "page-all page-system-usermanager-addprivs", .flags = SAVES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG,
	  .steps = user_privilege_post_steps, .writes = user_privilege_post_writes,
	  .act = act_user_privileges },
	{ "user/privilege", METHOD_DELETE, "page-all page-system-usermanager-addprivs",
	  .flags = SAVES, .parts = PART_ACCOUNTS, .apply = APPLY_ALONG, .steps = user_privilege_delete_steps,
	  .writes = user_privilege_delete_writes, .act = act_user_privileges },
	{ NULL },
};
/* clang-format on */
