/*
 * The operations of services/dnsmasq and 6 more URLs.
 */
#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/steps/override.h"

/* clang-format off */
static const struct task services_dnsmasq_host_override_post_steps[] = {
	REFUSE("host", 2056, "not hostname(host)"),
	REFUSE("host", 2055, "not has(host)"),
	SET("host", "host", "host", NULL),
	REFUSE("domain", 2058, "not hostname(domain)"),
	REFUSE("domain", 2057, "not has(domain)"),
	SET("domain", "domain", "domain", NULL),
	REFUSE("ip", 2060, "not ipv4(ip) and not ipv6(ip)"),
	REFUSE("ip", 2059, "not has(ip)"),
	SET("ip", "ip", "trim(ip)", NULL),
	REFUSE(NULL, 2054, "same_override_exists()"),
	TAKE("descr", "descr"),
	NORMAL("aliases", "aliases.item", "'item' in keys(aliases)"),
	HOST_ALIASES(2056, 2063, 2058, 2064),
	{ 0 },
};

static const struct write services_dnsmasq_host_override_post_writes[] = {
	{ WRITE_SET, "dnsmasq/hosts/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_dnsmasq_host_override_put_steps[] = {
	SELECT("id", "id", "cfg(dnsmasq/hosts/<id>)"),
	REFUSE("id", 2062, "not cfg(dnsmasq/hosts/<id>)"),
	REFUSE("id", 2061, "not has(id)"),
	REFUSE("ip", 2060, "not ipv4(ip) and not ipv6(ip)"),
	SET("ip", "ip", "trim(ip)", "has(ip)"),
	REFUSE("host", 2056, "not hostname(host)"),
	TAKE("host", "host"),
	REFUSE("domain", 2058, "not hostname(domain)"),
	TAKE("domain", "domain"),
	TAKE("descr", "descr"),
	NORMAL("aliases", "aliases.item", "'item' in keys(aliases)"),
	UNSET("aliases", "aliases", "is_list(aliases)"),
	HOST_ALIASES(2056, 2063, 2058, 2064),
	REFUSE("host", 2054, "(has(host) or has(domain)) and same_override_exists()"),
	{ 0 },
};

static const struct write services_dnsmasq_host_override_put_writes[] = {
	{ WRITE_SET, "dnsmasq/hosts/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_dnsmasq_host_override_delete_steps[] = {
	SELECT("id", "id", "cfg(dnsmasq/hosts/<id>)"),
	REFUSE("id", 2062, "not cfg(dnsmasq/hosts/<id>)"),
	REFUSE("id", 2061, "not has(id)"),
	{ 0 },
};

static const struct write services_dnsmasq_host_override_delete_writes[] = {
	{ WRITE_DELETE, "dnsmasq/hosts/<selected>", NULL, NULL },
	{ 0 },
};

static const struct task services_dnsmasq_host_override_alias_post_steps[] = {
	SELECT("id", "id", "cfg(dnsmasq/hosts/<id>)"),
	REFUSE("id", 2062, "not cfg(dnsmasq/hosts/<id>)"),
	REFUSE("id", 2061, "not has(id)"),
	FLAG("id", "parent", "cfg(dnsmasq/hosts/<selected>)", "cfg(dnsmasq/hosts/<id>)"),
	REFUSE("host", 2056, "not hostname(host)"),
	REFUSE("host", 2063, "not has(host)"),
	SET("host", "host", "host", NULL),
	REFUSE("domain", 2058, "not hostname(domain)"),
	REFUSE("domain", 2064, "not has(domain)"),
	SET("domain", "domain", "domain", NULL),
	SET("description", "description", "str(description)", "has(description)"),
	{ 0 },
};

static const struct write services_dnsmasq_host_override_alias_post_writes[] = {
	{ WRITE_SET, "dnsmasq/hosts/<selected>/aliases/item/<next_index(dnsmasq/hosts/<selected>/aliases/item)>", NULL, NULL },
	{ 0 },
};

const struct operation operations_dnsmasq[] = {
	{ "services/dnsmasq", METHOD_GET, "page-all page-services-dnsforwarder",
	  .returns = RETURNS_STORED, .path = "dnsmasq" },
	{ "services/dnsmasq/apply", METHOD_POST, "page-all page-services-dnsforwarder",
	  .parts = PART_RESOLVER, .apply = APPLY_ALWAYS },
	{ "services/dnsmasq/host_override", METHOD_GET, "page-all page-services-dnsforwarder",
	  .returns = RETURNS_STORED, .path = "dnsmasq/hosts" },
	{ "services/dnsmasq/host_override", METHOD_POST, "page-all page-services-dnsforwarder-edithost",
	  .flags = SAVES, .steps = services_dnsmasq_host_override_post_steps,
	  .writes = services_dnsmasq_host_override_post_writes, .marks = "hosts",
	  .parts = PART_RESOLVER | PART_FILTER | PART_ALIASES | PART_IDENTITY,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/dnsmasq/host_override", METHOD_PUT, "page-all page-services-dnsforwarder-edithost",
	  .flags = SAVES, .steps = services_dnsmasq_host_override_put_steps,
	  .writes = services_dnsmasq_host_override_put_writes, .marks = "hosts",
	  .parts = PART_RESOLVER | PART_FILTER | PART_ALIASES | PART_IDENTITY,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/dnsmasq/host_override", METHOD_DELETE, "page-all page-services-dnsforwarder-edithost",
	  .flags = SAVES, .steps = services_dnsmasq_host_override_delete_steps,
	  .writes = services_dnsmasq_host_override_delete_writes, .marks = "hosts",
	  .parts = PART_RESOLVER | PART_FILTER | PART_ALIASES | PART_IDENTITY,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/dnsmasq/host_override/alias", METHOD_POST, "page-all page-services-dnsforwarder-edithost",
	  .flags = SAVES, .steps = services_dnsmasq_host_override_alias_post_steps,
	  .writes = services_dnsmasq_host_override_alias_post_writes, .marks = "hosts",
	  .parts = PART_RESOLVER | PART_FILTER | PART_ALIASES | PART_IDENTITY,
	  .apply = APPLY_IF_TRUE, .returns = RETURNS_OBJECT },
	{ "services/dnsmasq/restart", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_restart },
	{ "services/dnsmasq/start", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_start },
	{ "services/dnsmasq/stop", METHOD_POST, "page-all page-status-services", .flags = ON_BOX,
	  .act = act_service_stop },
	{ NULL },
};
/* clang-format on */
