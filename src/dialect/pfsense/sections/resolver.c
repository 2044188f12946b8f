/* unbound, unbound/hosts and unbound/acls: the resolver's settings, names of its own and whom it answers. */
#include "dialect/pfsense/mount.h"

#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/keep.h"

#define ALIASES_OF_HOSTS "unbound.host_alias"
#define USUAL_PORT       "53"

/* clang-format off */
static const struct renamed settings_members[] = {
	{ "enable",        "general.enabled",       FORM_FLAG },
	{ "dnssec",        "general.dnssec",        FORM_FLAG },
	{ "regdhcp",       "general.regdhcp",       FORM_FLAG },
	{ "regdhcpstatic", "general.regdhcpstatic", FORM_FLAG },
	{ "port",          "general.port",          FORM_OWN },
	{ NULL },
};

static const struct renamed host_members[] = {
	{ "host",    "hostname",    FORM_ALWAYS },
	{ "domain",  NULL,          FORM_ALWAYS },
	{ "descr",   "description", FORM_ALWAYS },
	{ "aliases", NULL,          FORM_OWN },
	{ NULL },
};

static const struct renamed acl_members[] = {
	{ "aclname",     "name",   FORM_ALWAYS },
	{ "description", NULL,     FORM_ALWAYS },
	{ "aclaction",   NULL,     FORM_OWN },
	{ NULL },
};

static const char *const actions[][2] = {
	{ "allow", "allow" }, { "deny", "deny" }, { "refuse", "refuse" }, { "allow snoop", "allow_snoop" },
	{ "deny nonlocal", "deny_non_local" }, { "refuse nonlocal", "refuse_non_local" },
};
/* clang-format on */

/* The usual port is none here. */
static void
show_settings(struct tree *tree, const struct record *settings, struct value *object)
{
	if (!text_is(record_text(settings, "general.port"), USUAL_PORT))
		value_set_string(tree_arena(tree), object, "port", record_get(settings, "general.port"));
}

static void
fill_settings(struct tree *tree, const struct value *object, struct record *settings)
{
	const char *port = to_string(tree_arena(tree), value_get(object, "port"));

	record_set(settings, "general.port", port[0] ? port : USUAL_PORT);
}

const struct mount mount_resolver = {
	.path = "unbound",
	.resource = "unbound.settings",
	.shape = MOUNT_SINGLE,
	.members = settings_members,
	.show = show_settings,
	.fill = fill_settings,
};

/* --- names ----------------------------------------------------------------------------------- */

static bool
is_address_record(const struct record *host)
{
	const struct text kind = record_text(host, "rr");

	return text_is(kind, "A") || text_is(kind, "AAAA");
}

static void
show_host(struct tree *tree, const struct record *host, struct value *object)
{
	struct arena            *arena = tree_arena(tree);
	const struct collection *aliases = snapshot_named(tree_snapshot(tree), ALIASES_OF_HOSTS);
	struct value            *items = value_list(arena), *holder = value_object(arena);

	for (size_t i = 0; i < collection_count(aliases); i++) {
		const struct record *alias = collection_at(aliases, i);
		struct value        *item = value_object(arena);

		if (!text_is(record_text(alias, "host"), host->uuid))
			continue;
		value_set_string(arena, item, "host", record_get(alias, "hostname"));
		value_set_string(arena, item, "domain", record_get(alias, "domain"));
		value_set_string(arena, item, "description", record_get(alias, "description"));
		value_add(arena, items, item);
	}
	if (items->count == 0)
		return;
	value_set(arena, holder, "item", items);
	value_set(arena, object, "aliases", holder);
}

/* The first of the addresses is the record's; all of them are kept beside it. */
static struct text
first_address(struct tree *tree, const struct value *object)
{
	struct text rest = to_text(tree_arena(tree), value_get(object, "ip"));

	return text_trim(text_until(&rest, ','));
}

static void
settle_host(struct tree *tree, const struct record *host, struct value *object)
{
	struct arena *arena = tree_arena(tree);

	if (!text_equal(first_address(tree, object), record_text(host, "server")))
		value_set_string(arena, object, "ip", record_get(host, "server"));
}

/* Other names of a host are records of their own that name it. */
static void
save_aliases(struct tree *tree, const struct value *items, const char *host)
{
	struct arena            *arena = tree_arena(tree);
	const struct collection *aliases = snapshot_named(tree_snapshot(tree), ALIASES_OF_HOSTS);
	const struct resource   *resource =
		schema_named(snapshot_schema(tree_snapshot(tree)), ALIASES_OF_HOSTS);
	const char **gone = ARENA_MAKE(arena, const char *, collection_count(aliases) + 1);
	size_t       ngone = 0;

	for (size_t i = 0; i < collection_count(aliases); i++)
		if (text_is(record_text(collection_at(aliases, i), "host"), host))
			gone[ngone++] = arena_copy(arena, text_of(collection_at(aliases, i)->uuid));
	for (size_t i = 0; i < ngone; i++)
		keep_removed(tree_request(tree), resource, text_of(gone[i]));
	for (size_t i = 0; i < value_count(items); i++) {
		const struct value *item = items->members[i].value;
		struct record      *alias = record_make(arena, resource);

		record_set(alias, "host", host);
		record_set(alias, "hostname", to_string(arena, value_get(item, "host")));
		record_set(alias, "domain", to_string(arena, value_get(item, "domain")));
		record_set(alias, "description", to_string(arena, value_get(item, "description")));
		keep_record(tree_request(tree), alias);
	}
}

static void
fill_host(struct tree *tree, const struct value *object, struct record *host)
{
	struct arena     *arena = tree_arena(tree);
	const struct text address = first_address(tree, object);
	struct address    parsed;

	record_set(host, "server", arena_copy(arena, address));
	record_set(host, "rr",
		   address_read(address, &parsed) && parsed.family == FAMILY_INET6 ? "AAAA" : "A");
	save_aliases(tree, value_get(value_get(object, "aliases"), "item"),
		     arena_copy(arena, text_of(host->uuid)));
}

const struct mount mount_hosts = {
	.path = "unbound/hosts",
	.resource = "unbound.host_override",
	.shape = MOUNT_LIST,
	.members = host_members,
	.depends = ALIASES_OF_HOSTS,
	.belongs = is_address_record,
	.show = show_host,
	.settle = settle_host,
	.fill = fill_host,
};

/* --- whom it answers ------------------------------------------------------------------------- */

static const char *
networks_of(struct tree *tree, const struct value *object)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *rows = value_get(object, "row");
	scoped_buffer       out = BUFFER_NONE;

	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *row = rows->members[i].value;

		buffer_print(&out, "%s%s/%s", i ? "," : "", to_string(arena, value_get(row, "acl_network")),
			     to_string(arena, value_get(row, "mask")));
	}
	return arena_copy(arena, buffer_text(&out));
}

static void
show_acl(struct tree *tree, const struct record *acl, struct value *object)
{
	const struct text action = record_text(acl, "action");

	for (size_t i = 0; i < COUNT(actions); i++)
		if (text_is(action, actions[i][1]))
			value_set_string(tree_arena(tree), object, "aclaction", actions[i][0]);
}

/* Rows are kept with their notes; when another dialect changed the networks, these are the rows. */
static void
settle_acl(struct tree *tree, const struct record *acl, struct value *object)
{
	struct arena *arena = tree_arena(tree);
	struct text   rest = record_text(acl, "networks"), network;
	struct value *rows = value_list(arena);

	if (text_is(rest, networks_of(tree, object)))
		return;
	while (text_next(&rest, ",\n", &network)) {
		struct value *row = value_object(arena);

		value_set(arena, row, "acl_network", value_text(arena, text_until(&network, '/')));
		value_set(arena, row, "mask", value_text(arena, network));
		value_set_string(arena, row, "description", "");
		value_add(arena, rows, row);
	}
	value_set(arena, object, "row", rows);
}

static void
fill_acl(struct tree *tree, const struct value *object, struct record *acl)
{
	const struct text action = to_text(tree_arena(tree), value_get(object, "aclaction"));

	for (size_t i = 0; i < COUNT(actions); i++)
		if (text_is(action, actions[i][0]))
			record_set(acl, "action", actions[i][1]);
	record_set(acl, "networks", networks_of(tree, object));
}

const struct mount mount_acls = {
	.path = "unbound/acls",
	.resource = "unbound.acl",
	.shape = MOUNT_LIST,
	.members = acl_members,
	.show = show_acl,
	.settle = settle_acl,
	.fill = fill_acl,
};
