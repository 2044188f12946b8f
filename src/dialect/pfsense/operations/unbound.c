/*
 * The operations of services/unbound and 9 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/steps/override.h"

/* clang-format off */
static const struct task services_unbound_put_steps[] = {
	SET("enable", "enable", "''", "enable is true"),
	UNSET("enable", "enable", "enable is false"),
	SET("dnssec", "dnssec", "''", "dnssec is true"),
	UNSET("dnssec", "dnssec", "dnssec is false"),
	SET("custom_options", "custom_options", "b64(custom_options)", "has(custom_options)"),
	{ 0 },
};

static const struct write services_unbound_put_writes[] = {
	{ WRITE_SET, "unbound", NULL, NULL },
	{ 0 },
};

static const struct task services_unbound_access_list_post_steps[] = {
	SET(NULL, "row", "[]", NULL),
	SET("aclname", "aclname", "str(aclname)", "has(aclname)"),
	ELSE("aclname", "aclname", "''"),
	ONE_OF("aclaction", 2067, "['allow', 'deny', 'refuse', 'allow snoop', 'deny nonlocal', 'refuse nonlocal']"),
	REFUSE("aclaction", 2066, "not has(aclaction)"),
	SET("aclaction", "aclaction", "aclaction", NULL),
	TAKE_OR("description", "description", "''"),
	EACH("row", "row[]"),
	FLAG("row[].acl_network", "ip_version", "int(ip(row[].acl_network))",
	      "len(row) >= 1 and ip(row[].acl_network)"),
	REFUSE("row[].acl_network", 2069, "len(row) >= 1 and not ip(row[].acl_network)"),
	REFUSE("row[].acl_network", 2068, "len(row) >= 1 and not has(row[].acl_network)"),
	SET("row[].acl_network", "acl_network", "row[].acl_network", NULL),
	REFUSE("row[].mask", 2070, "len(row) >= 1 and ((flag.ip_version != 4 or row[].mask < 0) or row[].mask > 32) "
	      "and ((flag.ip_version != 6 or row[].mask < 0) or row[].mask > 128)"),
	REFUSE("row[].mask", 2071, "len(row) >= 1 and not has(row[].mask)"),
	SET("row[].mask", "mask", "row[].mask",
	      "(flag.ip_version = 4 and row[].mask >= 0) and row[].mask <= 32"),
	SET("row[].mask", "mask", "row[].mask",
	      "(flag.ip_version != 4 or row[].mask < 0) or row[].mask > 32"),
	TAKE_OR("row[].description", "description", "''"),
	END("row"),
	REFUSE("row", 2073, "len(row) < 1"),
	REFUSE("row", 2073, "not has(row)"),
	{ 0 },
};

static const struct write services_unbound_access_list_post_writes[] = {
	{ WRITE_SET, "unbound/acls/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_unbound_access_list_put_steps[] = {
	SELECT("id", "id", "cfg(unbound/acls/<id>)"),
	REFUSE("id", 2074, "not cfg(unbound/acls/<id>)"),
	REFUSE("id", 2072, "not has(id)"),
	SET("aclname", "aclname", "str(aclname)", "has(aclname)"),
	ELSE("aclname", "aclname", "''"),
	ONE_OF("aclaction", 2067, "['allow', 'deny', 'refuse', 'allow snoop', 'deny nonlocal', 'refuse nonlocal']"),
	TAKE("aclaction", "aclaction"),
	TAKE_OR("description", "description", "''"),
	UNSET("row", "row", "is_list(row)"),
	EACH("row", "row[]"),
	FLAG("row[].acl_network", "ip_version", "int(ip(row[].acl_network))",
	      "len(row) >= 1 and ip(row[].acl_network)"),
	REFUSE("row[].acl_network", 2069, "len(row) >= 1 and not ip(row[].acl_network)"),
	REFUSE("row[].acl_network", 2068, "len(row) >= 1 and not has(row[].acl_network)"),
	SET("row[].acl_network", "acl_network", "row[].acl_network", "has(row)"),
	REFUSE("row[].mask", 2070, "len(row) >= 1 and ((flag.ip_version != 4 or row[].mask < 0) or row[].mask > 32) "
	      "and ((flag.ip_version != 6 or row[].mask < 0) or row[].mask > 128)"),
	REFUSE("row[].mask", 2071, "len(row) >= 1 and not has(row[].mask)"),
	SET("row[].mask", "mask", "row[].mask",
	      "(flag.ip_version = 4 and row[].mask >= 0) and row[].mask <= 32"),
	SET("row[].mask", "mask", "row[].mask",
	      "((flag.ip_version != 4 or row[].mask < 0) or row[].mask > 32)"),
	TAKE("row[].description", "description"),
	ELSE_IF("has(row)", "row[].description", "description", "''"),
	END("row"),
	REFUSE("row", 2073, "len(row) < 1"),
	{ 0 },
};

static const struct write services_unbound_access_list_put_writes[] = {
	{ WRITE_SET, "unbound/acls/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_unbound_access_list_delete_steps[] = {
	SELECT("id", "id", "cfg(unbound/acls/<id>)"),
	REFUSE("id", 2074, "not cfg(unbound/acls/<id>)"),
	REFUSE("id", 2072, "not has(id)"),
	{ 0 },
};

static const struct write services_unbound_access_list_delete_writes[] = {
	{ WRITE_DELETE, "unbound/acls/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_unbound_access_list_row_post_steps[] = {
	SELECT("id", "id", "cfg(unbound/acls/<id>)"),
	REFUSE("id", 2074, "not cfg(unbound/acls/<id>)"),
	REFUSE("id", 2072, "not has(id)"),
	REFUSE("acl_network", 2069, "not ip(acl_network)"),
	REFUSE("acl_network", 2068, "not has(acl_network)"),
	SET("acl_network", "acl_network", "acl_network", NULL),
	FLAG("acl_network", "ip_version", "int(ip(acl_network))", "ip(acl_network)"),
	REFUSE("mask", 2070, "((flag.ip_version != 4 or mask < 0) or mask > 32) and ((flag.ip_version != 6 or "
	      "mask < 0) or mask > 128)"),
	REFUSE("mask", 2071, "not has(mask)"),
	SET("mask", "mask", "mask", "(flag.ip_version = 4 and mask >= 0) and mask <= 32"),
	SET("mask", "mask", "mask", "(flag.ip_version != 4 or mask < 0) or mask > 32"),
	TAKE_OR("description", "description", "''"),
	{ 0 },
};

static const struct write services_unbound_access_list_row_post_writes[] = {
	{ WRITE_SET, "unbound/acls/<selected>/row/<next_index(unbound/acls/<selected>/row)>", NULL, NULL },
	{ 0 },
};

static const struct task services_unbound_host_override_post_steps[] = {
	REFUSE("host", 2046, "not hostname(host)"),
	REFUSE("host", 2004, "not has(host)"),
	SET("host", "host", "host", NULL),
	REFUSE("domain", 2047, "not hostname(domain)"),
	REFUSE("domain", 2005, "not has(domain)"),
	SET("domain", "domain", "domain", NULL),
	REFUSE("ip", 2011, "not blank(ip) and not ipv4(ip[]) and not ipv6(ip[])"),
	REFUSE("ip", 2006, "not has(ip) or blank(ip)"),
	SET("ip", "ip", "join(',', as_list(ip))", NULL),
	TAKE("descr", "descr"),
	NORMAL("aliases", "aliases.item", "'item' in keys(aliases)"),
	HOST_ALIASES(2046, 2007, 2047, 2008),
	{ 0 },
};

static const struct write services_unbound_host_override_post_writes[] = {
	{ WRITE_SET, "unbound/hosts/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_unbound_host_override_put_steps[] = {
	SELECT("id", "id", "cfg(unbound/hosts/<id>)"),
	REFUSE("id", 2016, "not cfg(unbound/hosts/<id>)"),
	REFUSE("id", 2015, "not has(id)"),
	REFUSE("ip", 2011, "not blank(ip) and not ipv4(ip[]) and not ipv6(ip[])"),
	SET("ip", "ip", "join(',', as_list(ip))", "not blank(ip)"),
	REFUSE("host", 2046, "not hostname(host)"),
	TAKE("host", "host"),
	REFUSE("domain", 2047, "not hostname(domain)"),
	TAKE("domain", "domain"),
	TAKE("descr", "descr"),
	NORMAL("aliases", "aliases.item", "'item' in keys(aliases)"),
	SET("aliases", "aliases", "{'item': []}", "has(aliases)"),
	HOST_ALIASES(2046, 2007, 2047, 2008),
	{ 0 },
};

static const struct write services_unbound_host_override_put_writes[] = {
	{ WRITE_SET, "unbound/hosts/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_unbound_host_override_delete_steps[] = {
	SELECT("id", "id", "cfg(unbound/hosts/<id>)"),
	REFUSE("id", 2016, "not cfg(unbound/hosts/<id>)"),
	REFUSE("id", 2015, "not has(id)"),
	{ 0 },
};

static const struct write services_unbound_host_override_delete_writes[] = {
	{ WRITE_DELETE, "unbound/hosts/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_unbound_host_override_alias_post_steps[] = {
	SELECT("id", "id", "cfg(unbound/hosts/<id>)"),
	REFUSE("id", 2016, "not cfg(unbound/hosts/<id>)"),
	REFUSE("id", 2015, "not has(id)"),
	REFUSE("host", 2046, "not hostname(host)"),
	REFUSE("host", 2007, "not has(host)"),
	SET("host", "host", "host", NULL),
	REFUSE("domain", 2047, "not hostname(domain)"),
	REFUSE("domain", 2008, "not has(domain)"),
	SET("domain", "domain", "domain", NULL),
	SET("description", "description", "str(description)", "has(description)"),
	{ 0 },
};

static const struct write services_unbound_host_override_alias_post_writes[] = {
	{ WRITE_SET, "unbound/hosts/<selected>/aliases/item/<next_index(unbound/hosts/<selected>/aliases/item)>", NULL, NULL },
	{ 0 },
};

static const struct task services_unbound_host_override_flush_put_steps[] = {
	EACH("host_overrides", "hosts[]"),
	REFUSE("host_overrides[].host", 2046, "is_list(host_overrides) and not hostname(host_overrides[].host)"),
	REFUSE("host_overrides[].host", 2004, "is_list(host_overrides) and not has(host_overrides[].host)"),
	SET("host_overrides[].host", "host", "host_overrides[].host", NULL),
	REFUSE("host_overrides[].domain", 2047, "is_list(host_overrides) and not hostname(host_overrides[].domain)"),
	REFUSE("host_overrides[].domain", 2005, "is_list(host_overrides) and not has(host_overrides[].domain)"),
	SET("host_overrides[].domain", "domain", "host_overrides[].domain", NULL),
	REFUSE("host_overrides[].ip", 2011, "is_list(host_overrides) and not blank(host_overrides[].ip) and not "
	      "ipv4(host_overrides[].ip[]) and not ipv6(host_overrides[].ip[])"),
	REFUSE("host_overrides[].ip", 2006, "is_list(host_overrides) and (not has(host_overrides[].ip) or "
	      "blank(host_overrides[].ip))"),
	SET("host_overrides[].ip", "ip", "join(',', as_list(host_overrides[].ip))", NULL),
	TAKE("host_overrides[].descr", "descr"),
	NORMAL("host_overrides[].aliases", "host_overrides[].aliases.item",
	      "is_list(host_overrides) and 'item' in keys(host_overrides[].aliases)"),
	UNSET("host_overrides[].aliases", "aliases", "is_list(host_overrides[].aliases)"),
	EACH("host_overrides[].aliases", "aliases.item[]"),
	REFUSE("host_overrides[].aliases[].host", 2046, "is_list(host_overrides) and not hostname(host_overrides[].aliases[].host)"),
	REFUSE("host_overrides[].aliases[].host", 2007, "is_list(host_overrides) and has(host_overrides[].aliases) and not "
	      "has(host_overrides[].aliases[].host)"),
	SET("host_overrides[].aliases[].host", "host", "host_overrides[].aliases[].host",
	      "has(host_overrides[].aliases)"),
	REFUSE("host_overrides[].aliases[].domain", 2047, "is_list(host_overrides) and not hostname(host_overrides[].aliases[].domain)"),
	REFUSE("host_overrides[].aliases[].domain", 2008, "is_list(host_overrides) and has(host_overrides[].aliases) and not "
	      "has(host_overrides[].aliases[].domain)"),
	SET("host_overrides[].aliases[].domain", "domain", "host_overrides[].aliases[].domain",
	      "has(host_overrides[].aliases)"),
	SET("host_overrides[].aliases[].description", "description",
	      "str(host_overrides[].aliases[].description)",
	      "has(host_overrides[].aliases[].description)"),
	END("host_overrides[].aliases"),
	END("host_overrides"),
	REFUSE("host_overrides", 2098, "not is_list(host_overrides)"),
	{ 0 },
};

static const struct write services_unbound_host_override_flush_put_writes[] = {
	{ WRITE_SET, "unbound/hosts", "obj.hosts", NULL },
	{ 0 },
};

static const struct write services_unbound_host_override_flush_delete_writes[] = {
	{ WRITE_DELETE, "unbound/hosts", NULL, NULL },
	{ 0 },
};

const struct operation operations_unbound[] = {
	{ "services/unbound", METHOD_GET, "page-all page-services-dnsresolver",
	  .returns = RETURNS_STORED, .path = "unbound" },
	{ "services/unbound", METHOD_PUT, "page-all page-services-dnsresolver", .flags = SAVES,
	  .steps = services_unbound_put_steps, .writes = services_unbound_put_writes,
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/unbound/access_list", METHOD_GET, "page-all page-services-dnsresolver-acls",
	  .returns = RETURNS_STORED, .path = "unbound/acls" },
	{ "services/unbound/access_list", METHOD_POST, "page-all page-services-dnsresolver-acls",
	  .flags = SAVES, .steps = services_unbound_access_list_post_steps,
	  .writes = services_unbound_access_list_post_writes, .marks = "unbound",
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/unbound/access_list", METHOD_PUT, "page-all page-services-dnsresolver-acls",
	  .flags = SAVES, .steps = services_unbound_access_list_put_steps,
	  .writes = services_unbound_access_list_put_writes, .marks = "unbound",
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/unbound/access_list", METHOD_DELETE, "page-all page-services-dnsresolver-acls",
	  .flags = SAVES, .steps = services_unbound_access_list_delete_steps,
	  .writes = services_unbound_access_list_delete_writes, .marks = "unbound",
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/unbound/access_list/row", METHOD_POST, "page-all page-services-dnsresolver-acls",
	  .flags = SAVES, .steps = services_unbound_access_list_row_post_steps,
	  .writes = services_unbound_access_list_row_post_writes, .marks = "unbound",
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/unbound/apply", METHOD_GET, "page-all page-services-dnsresolver",
	  .act = act_applied_resolver },
	{ "services/unbound/apply", METHOD_POST, "page-all page-services-dnsresolver page-services-dnsresolver-edithost",
	  .parts = PART_RESOLVER, .apply = APPLY_ALWAYS, .act = act_async },
	{ "services/unbound/host_override", METHOD_GET, "page-all page-services-dnsresolver",
	  .returns = RETURNS_STORED, .path = "unbound/hosts" },
	{ "services/unbound/host_override", METHOD_POST, "page-all page-services-dnsresolver-edithost",
	  .flags = SAVES, .steps = services_unbound_host_override_post_steps,
	  .writes = services_unbound_host_override_post_writes, .marks = "unbound",
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/unbound/host_override", METHOD_PUT, "page-all page-services-dnsresolver-edithost",
	  .flags = SAVES, .steps = services_unbound_host_override_put_steps,
	  .writes = services_unbound_host_override_put_writes, .marks = "unbound",
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/unbound/host_override", METHOD_DELETE, "page-all page-services-dnsresolver-edithost",
	  .flags = SAVES, .steps = services_unbound_host_override_delete_steps,
	  .writes = services_unbound_host_override_delete_writes, .marks = "unbound",
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/unbound/host_override/alias", METHOD_POST, "page-all page-services-dnsresolver-edithost",
	  .flags = SAVES, .steps = services_unbound_host_override_alias_post_steps,
	  .writes = services_unbound_host_override_alias_post_writes, .marks = "unbound",
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/unbound/host_override/flush", METHOD_PUT, "page-all page-services-dnsresolver-edithost",
	  .flags = SAVES, .steps = services_unbound_host_override_flush_put_steps,
	  .writes = services_unbound_host_override_flush_put_writes, .marks = "unbound",
	  .parts = PART_RESOLVER, .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT,
	  .act = act_overrides, .prepare = overrides_sort },
	{ "services/unbound/host_override/flush", METHOD_DELETE, "page-all page-services-dnsresolver-edithost",
	  .flags = SAVES, .writes = services_unbound_host_override_flush_delete_writes,
	  .marks = "unbound", .returns = RETURNS_OBJECT, .prepare = list_before },
	{ "services/unbound/restart", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_restart },
	{ "services/unbound/start", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_start },
	{ "services/unbound/stop", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_stop },
	{ NULL },
};
/* clang-format on */
