/*
 * The operations of access_token and 4 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/own/own.h"

/* clang-format off */
static const struct task access_token_post_steps[] = {
	REFUSE(NULL, 9, "api_conf()[1].authmode != 'jwt' and api_conf()[1].authmode != 'token'"),
	{ 0 },
};

static const struct task system_api_put_steps[] = {
	SET("enable", "enable", "''", "enable is true"),
	UNSET("enable", "enable", "enable is false"),
	SET("persist", "persist", "''", "persist is true"),
	UNSET("persist", "persist", "persist is false"),
	SET("readonly", "readonly", "''", "readonly is true"),
	UNSET("readonly", "readonly", "readonly is false"),
	SET("allow_options", "allow_options", "''", "allow_options is true"),
	UNSET("allow_options", "allow_options", "allow_options is false"),
	SET("allow_pre_release", "allow_pre_release", "''", "allow_pre_release is true"),
	UNSET("allow_pre_release", "allow_pre_release", "allow_pre_release is false"),
	REFUSE("allowed_interfaces", 1020, "(ifid(allowed_interfaces[]) ? ifid(allowed_interfaces[]) : allowed_interfaces[]) "
	      "not in keys(merge({'any': 'Any', 'localhost': 'Link-local'}, "
	      "configured_ifs(true)))"),
	SET("allowed_interfaces", "allowed_interfaces", "join(',', ifids(as_list(allowed_interfaces)))",
	      "has(allowed_interfaces)"),
	ONE_OF("authmode", 1021, "['local', 'jwt', 'token']"),
	TAKE("authmode", "authmode"),
	REFUSE("jwt_exp", 1022, "(jwt_exp < 300 or jwt_exp > 86400)"),
	TAKE("jwt_exp", "jwt_exp"),
	ONE_OF("keyhash", 1023, "['sha256', 'sha384', 'sha512']"),
	TAKE("keyhash", "keyhash"),
	ONE_OF("keybytes", 1024, "['16', '32', '64', 16, 32, 64]"),
	TAKE("keybytes", "keybytes"),
	REFUSE("custom_headers", 1026, "not blank(custom_headers) and is_list(custom_headers) and (not "
	      "is_str(custom_headers{key}) or not is_str(custom_headers{value}))"),
	REFUSE("custom_headers", 1025, "not blank(custom_headers) and not is_list(custom_headers)"),
	SET("custom_headers", "custom_headers", "custom_headers", "not blank(custom_headers)"),
	UNSET("custom_headers", "custom_headers",
	      "(not has(custom_headers) or blank(custom_headers)) and blank(custom_headers)"),
	REFUSE("access_list", 1072, "not blank(access_list) and not cidr(access_list[])"),
	SET("access_list", "access_list", "join(' ', as_list(access_list))",
	      "not blank(access_list)"),
	SET("access_list", "access_list", "''", "blank(access_list) and access_list = []"),
	SET("enable_login_protection", "enable_login_protection", "''",
	      "enable_login_protection is true"),
	UNSET("enable_login_protection", "enable_login_protection",
	      "enable_login_protection is false"),
	SET("log_successful_auth", "log_successful_auth", "''", "log_successful_auth is true"),
	UNSET("log_successful_auth", "log_successful_auth", "log_successful_auth is false"),
	SET("hasync", "hasync", "''", "hasync is true"),
	UNSET("hasync", "hasync", "hasync is false"),
	SET("hasync_verify", "hasync_verify", "''", "hasync_verify is true"),
	UNSET("hasync_verify", "hasync_verify", "hasync_verify is false"),
	SET("hasync_hosts", "hasync_hosts", "join(' ', as_list(hasync_hosts))",
	      "has(obj.hasync) and len(hasync_hosts) > 0"),
	REFUSE("hasync_hosts", 1028, "has(obj.hasync) and len(hasync_hosts) > 0 and not ip(hasync_hosts[]) and not "
	      "fqdn(hasync_hosts[])"),
	REFUSE("hasync_hosts", 1027, "has(obj.hasync) and (not has(hasync_hosts) or len(hasync_hosts) <= 0) and "
	      "blank(obj.hasync_hosts)"),
	SET("hasync_username", "hasync_username", "str(hasync_username)",
	      "has(obj.hasync) and has(hasync_username)"),
	REFUSE("hasync_username", 1029, "has(obj.hasync) and not has(hasync_username) and blank(obj.hasync_username)"),
	SET("hasync_password", "hasync_password", "str(hasync_password)",
	      "has(obj.hasync) and has(hasync_password)"),
	REFUSE("hasync_password", 1029, "has(obj.hasync) and not has(hasync_password) and blank(obj.hasync_password)"),
	{ 0 },
};

static const struct write system_api_put_writes[] = {
	{ WRITE_SET, "installedpackages/package/<api_conf()[0]>/conf", NULL, NULL },
	{ 0 },
};

static const struct task system_api_sync_put_steps[] = {
	REFUSE(NULL, 1, "not has(authmode) or not has(server_key)"),
	CALL(sync_fill),
	{ 0 },
};

static const struct write system_api_sync_put_writes[] = {
	{ WRITE_SET, "installedpackages/package/<api_conf()[0]>", "{'name': 'API', 'conf': obj}", NULL },
	{ 0 },
};

const struct operation operations_api[] = {
	{ "access_token", METHOD_POST, "", .flags = FORCE_LOCAL | IGNORE_READ_ONLY | SAVES,
	  .steps = access_token_post_steps, .act = act_access_token },
	{ "system/api", METHOD_GET, "page-all page-system-api", .act = act_api },
	{ "system/api", METHOD_PUT, "page-all page-system-api", .flags = SAVES,
	  .steps = system_api_put_steps, .writes = system_api_put_writes, .act = act_api,
	  .prepare = api_name, .after = own_changed },
	{ "system/api/error", METHOD_GET, "", .flags = FORCE_NONE, .act = act_errors },
	{ "system/api/sync", METHOD_PUT, "page-all page-system-api",
	  .flags = FORCE_LOCAL | IGNORE_READ_ONLY | IGNORE_ENABLE | IGNORE_INTERFACE | SAVES,
	  .steps = system_api_sync_put_steps, .writes = system_api_sync_put_writes,
	  .returns = RETURNS_OBJECT, .after = own_received },
	{ "system/api/version", METHOD_GET, "page-all page-system-api", .act = act_api_version },
	{ NULL },
};
/* clang-format on */
