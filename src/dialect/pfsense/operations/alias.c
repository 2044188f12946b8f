/*
 * The operations of firewall/alias and 2 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"

/* clang-format off */
static const struct task firewall_alias_post_steps[] = {
	REFUSE("name", 4053, "not alias_exists(name) and not alias_name(name)"),
	REFUSE("name", 4056, "alias_exists(name)"),
	REFUSE("name", 4050, "not has(name)"),
	SET("name", "name", "name", NULL),
	ONE_OF("type", 4057, "['host', 'network', 'port']"),
	REFUSE("type", 4061, "not has(type)"),
	SET("type", "type", "type", NULL),
	TAKE_OR("descr", "descr", "''"),
	REFUSE("address", 4058, "obj.type = 'host' and not ip_or_alias(address[]) and not fqdn(address[])"),
	REFUSE("address", 4059, "obj.type = 'network' and (not cidr(address[]) and not fqdn(address[])) and not "
	      "ip_or_alias(address[])"),
	REFUSE("address", 4060, "obj.type = 'port' and not port_range_or_alias(str(replace('-', ':', address[])))"),
	REFUSE("address", 4052, "not has(address)"),
	REFUSE("detail", 4071, "len(address) >= len(detail) and not is_str(detail[])"),
	REFUSE("address", 4106, "len(address) < len(detail)"),
	CALL(alias_fill),
	{ 0 },
};

static const struct write firewall_alias_post_writes[] = {
	{ WRITE_SET, "aliases/alias/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_alias_put_steps[] = {
	SELECT("id", "alias_at(id)", "alias_at(id) is not false"),
	FLAG("id", "original_name", "obj.name", NULL),
	REFUSE("id", 4055, "has(id) and selected not found"),
	REFUSE("id", 4050, "not has(id)"),
	REFUSE("name", 4053, "(not alias_exists(name) or obj.name = name) and not alias_name(name)"),
	REFUSE("name", 4056, "alias_exists(name) and obj.name != name"),
	TAKE("name", "name"),
	FLAG("type", "type_changed", "true",
	      "not alias_in_use(flag.original_name) and type in ['host', 'network', 'port']"),
	ONE_OF_IF("not alias_in_use(flag.original_name)", "type", 4057, "['host', 'network', 'port']"),
	REFUSE("type", 4107, "alias_in_use(flag.original_name) and type != obj.type"),
	SET("type", "type", "type", "has(type) and not alias_in_use(flag.original_name)"),
	TAKE("descr", "descr"),
	NORMAL("address", "drop_empty(split(' ', obj.address))",
	      "(has(address) or flag.type_changed) and not has(address)"),
	REFUSE("address", 4058, "(has(address) or flag.type_changed) and obj.type = 'host' and not "
	      "ip_or_alias(address[]) and not fqdn(address[])"),
	REFUSE("address", 4059, "(has(address) or flag.type_changed) and obj.type = 'network' and (not "
	      "cidr(address[]) and not fqdn(address[])) and not ip_or_alias(address[])"),
	REFUSE("address", 4060, "(has(address) or flag.type_changed) and obj.type = 'port' and not "
	      "port_range_or_alias(str(replace('-', ':', address[])))"),
	REFUSE("detail", 4071, "len(address) >= len(detail) and not is_str(detail[])"),
	REFUSE("address", 4106, "len(address) < len(detail)"),
	CALL(alias_fill),
	{ 0 },
};

static const struct write firewall_alias_put_writes[] = {
	{ WRITE_SET, "aliases/alias/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_alias_delete_steps[] = {
	SELECT("id", "alias_at(id)", "alias_at(id) is not false"),
	REFUSE("id", 4108, "has(obj.name) and alias_in_use(obj.name)"),
	REFUSE("id", 4055, "has(id) and selected not found"),
	REFUSE("id", 4050, "not has(id)"),
	{ 0 },
};

static const struct write firewall_alias_delete_writes[] = {
	{ WRITE_DELETE, "aliases/alias/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_alias_advanced_put_steps[] = {
	FLAG("aliasesresolveinterval", "alias_interval_changed", "true",
	      "numeric(aliasesresolveinterval)"),
	REFUSE("aliasesresolveinterval", 4242, "not numeric(aliasesresolveinterval)"),
	SET("aliasesresolveinterval", "aliasesresolveinterval", "int(aliasesresolveinterval)",
	      "has(aliasesresolveinterval)"),
	SET("checkaliasesurlcert", "checkaliasesurlcert", "'enabled'",
	      "checkaliasesurlcert is true"),
	SET("checkaliasesurlcert", "checkaliasesurlcert", "'disabled'",
	      "checkaliasesurlcert is false"),
	{ 0 },
};

static const struct write firewall_alias_advanced_put_writes[] = {
	{ WRITE_SET, "system", "overlay(cfg(system), obj)", NULL },
	{ 0 },
};

static const struct task firewall_alias_entry_post_steps[] = {
	SELECT("name", "alias_named(name)", "is_str(name)"),
	REFUSE("name", 4055, "is_str(name) and selected not found"),
	REFUSE("name", 4053, "not is_str(name)"),
	REFUSE("name", 4050, "not has(name)"),
	REFUSE("address", 4058, "obj.type = 'host' and not ip_or_alias(address[]) and not fqdn(address[])"),
	REFUSE("address", 4059, "obj.type = 'network' and (not cidr(address[]) and not fqdn(address[])) and not "
	      "ip_or_alias(address[])"),
	REFUSE("address", 4060, "obj.type = 'port' and not port_range_or_alias(str(replace('-', ':', address[])))"),
	REFUSE("detail", 4071, "len(address) >= len(detail) and not is_str(detail[])"),
	REFUSE("address", 4106, "len(address) < len(detail)"),
	CALL(alias_add_entries),
	{ 0 },
};

static const struct write firewall_alias_entry_post_writes[] = {
	{ WRITE_SET, "aliases/alias/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task firewall_alias_entry_delete_steps[] = {
	SELECT("name", "alias_named(name)", "has(name)"),
	REFUSE("name", 4055, "has(name) and selected not found"),
	REFUSE("name", 4050, "not has(name)"),
	CALL(alias_drop_entries),
	{ 0 },
};

static const struct write firewall_alias_entry_delete_writes[] = {
	{ WRITE_SET, "aliases/alias/<selected>", NULL, NULL },
	{ 0 },
};

const struct operation operations_alias[] = {
	{ "firewall/alias", METHOD_GET, "page-all page-firewall-aliases",
	  .returns = RETURNS_STORED, .path = "aliases/alias" },
	{ "firewall/alias", METHOD_POST, "page-all page-firewall-alias-edit", .flags = SAVES,
	  .steps = firewall_alias_post_steps, .writes = firewall_alias_post_writes,
	  .marks = "aliases", .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_UNLESS_FALSE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/alias", METHOD_PUT, "page-all page-firewall-alias-edit", .flags = SAVES,
	  .steps = firewall_alias_put_steps, .writes = firewall_alias_put_writes, .marks = "aliases",
	  .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_UNLESS_FALSE,
	  .returns = RETURNS_OBJECT, .prepare = alias_rename },
	{ "firewall/alias", METHOD_DELETE, "page-all page-firewall-alias-edit", .flags = SAVES,
	  .steps = firewall_alias_delete_steps, .writes = firewall_alias_delete_writes,
	  .marks = "aliases", .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_UNLESS_FALSE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/alias/advanced", METHOD_GET, "page-all page-system-advanced-firewall",
	  .act = act_alias_advanced },
	{ "firewall/alias/advanced", METHOD_PUT, "page-all page-system-advanced-firewall",
	  .flags = SAVES, .steps = firewall_alias_advanced_put_steps,
	  .writes = firewall_alias_advanced_put_writes, .parts = PART_FILTER | PART_ALIASES,
	  .apply = APPLY_ALWAYS, .act = act_alias_advanced },
	{ "firewall/alias/entry", METHOD_POST, "page-all page-firewall-alias-edit", .flags = SAVES,
	  .steps = firewall_alias_entry_post_steps, .writes = firewall_alias_entry_post_writes,
	  .marks = "aliases", .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_UNLESS_FALSE,
	  .returns = RETURNS_OBJECT },
	{ "firewall/alias/entry", METHOD_DELETE, "page-all page-firewall-alias-edit", .flags = SAVES,
	  .steps = firewall_alias_entry_delete_steps, .writes = firewall_alias_entry_delete_writes,
	  .marks = "aliases", .parts = PART_FILTER | PART_ALIASES, .apply = APPLY_UNLESS_FALSE,
	  .returns = RETURNS_OBJECT },
	{ NULL },
};
/* clang-format on */
