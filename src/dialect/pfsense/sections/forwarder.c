/* dnsmasq, dnsmasq/hosts and dnsmasq/domainoverrides: the forwarder's settings, names of its own and whom it asks. */
#include "dialect/pfsense/mount.h"

#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed settings_members[] = {
	{ "enable",             "enable",             FORM_FLAG },
	{ "regdhcp",            "regdhcp",            FORM_FLAG },
	{ "regdhcpstatic",      "regdhcpstatic",      FORM_FLAG },
	{ "dhcpfirst",          "dhcpfirst",          FORM_FLAG },
	{ "strict_order",       "strict_order",       FORM_FLAG },
	{ "domain_needed",      "domain_needed",      FORM_FLAG },
	{ "no_private_reverse", "no_private_reverse", FORM_FLAG },
	{ "strictbind",         "strictbind",         FORM_FLAG },
	{ "port",               "port",               FORM_TEXT },
	{ "interface",          "interface",          FORM_TEXT },
	{ NULL },
};

static const struct renamed host_members[] = {
	{ "host",   "host",   FORM_ALWAYS },
	{ "domain", "domain", FORM_ALWAYS },
	{ "ip",     "ip",     FORM_ALWAYS },
	{ "descr",  "descr",  FORM_ALWAYS },
	{ NULL },
};

static const struct renamed override_members[] = {
	{ "domain",   "domain", FORM_ALWAYS },
	{ "ip",       "ip",     FORM_ALWAYS },
	{ "dnssrcip", "srcip",  FORM_TEXT },
	{ "descr",    "descr",  FORM_ALWAYS },
	{ NULL },
};
/* clang-format on */

const struct mount mount_forwarder = {
	.path = "dnsmasq",
	.resource = "dnsmasq.settings",
	.shape = MOUNT_SINGLE,
	.members = settings_members,
};

/* A reservation is no name. */
static bool
is_name(const struct record *host)
{
	return record_has(host, "host") && record_has(host, "ip") && !record_has(host, "hwaddr") && !record_has(host, "client_id");
}

/* "host.domain" of each of the other names. */
static const char *
aliases_of(struct tree *tree, const struct value *object)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *items = value_get(value_get(object, "aliases"), "item");
	scoped_buffer       out = BUFFER_NONE;

	for (size_t i = 0; i < value_count(items); i++) {
		const char *host = to_string(arena, value_get(items->members[i].value, "host"));
		const char *domain = to_string(arena, value_get(items->members[i].value, "domain"));

		buffer_print(&out, "%s%s%s%s", i ? "," : "", host, host[0] && domain[0] ? "." : "", domain);
	}
	return arena_copy(arena, buffer_text(&out));
}

/* They are kept with their notes; when another dialect changed them, these are they. */
static void
settle_host(struct tree *tree, const struct record *host, struct value *object)
{
	struct arena *arena = tree_arena(tree);
	struct text   rest = record_text(host, "aliases"), name;
	struct value *items = value_list(arena), *holder = value_object(arena);

	if (text_is(rest, aliases_of(tree, object)))
		return;
	while (text_next(&rest, ",", &name)) {
		struct value *item = value_object(arena);

		value_set(arena, item, "host", value_text(arena, text_until(&name, '.')));
		value_set(arena, item, "domain", value_text(arena, name));
		value_set_string(arena, item, "description", "");
		value_add(arena, items, item);
	}
	value_set(arena, holder, "item", items);
	value_set(arena, object, "aliases", holder);
}

static void
fill_host(struct tree *tree, const struct value *object, struct record *host)
{
	record_set(host, "aliases", aliases_of(tree, object));
}

const struct mount mount_forwarder_hosts = {
	.path = "dnsmasq/hosts",
	.resource = "dnsmasq.host",
	.shape = MOUNT_LIST,
	.members = host_members,
	.belongs = is_name,
	.settle = settle_host,
	.fill = fill_host,
};

const struct mount mount_forwarder_domains = {
	.path = "dnsmasq/domainoverrides",
	.resource = "dnsmasq.domain",
	.shape = MOUNT_LIST,
	.members = override_members,
	.sequence = "sequence",
};
