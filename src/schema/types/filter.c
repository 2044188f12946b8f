/* Types of what packet filter rules match: networks by address or name, and ports. */
#include "schema/types.h"

#include <ctype.h>
#include <string.h>

#include "base/number.h"
#include "schema/aliases.h"
#include "schema/hosts.h"
#include "schema/interfaces.h"
#include "schema/lists.h"
#include "schema/snapshot.h"

#define ALIAS_RESOURCE "firewall.alias"
#define PORT_MAX       65535

/* --- aliases -------------------------------------------------------------------------------------- */

/* Call for every alias, stored ones first. */
void
aliases_each(const struct view *view, void (*visit)(void *context, const struct record *alias), void *context)
{
	const struct resource *resource =
		view->snapshot ? schema_named(snapshot_schema(view->snapshot), ALIAS_RESOURCE) : NULL;
	const struct record *record;

	if (!resource)
		return;
	const struct collection *records = snapshot_collection(view->snapshot, resource);

	for (size_t i = 0; i < collection_count(records); i++)
		visit(context, collection_at(records, i));
	for (size_t i = 0; resource->builtin && (record = resource->builtin(i, view)); i++)
		visit(context, record);
}

/* Addresses are no names: most of what is in an alias is known without asking. */
static bool
may_be_alias(struct text name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!isalnum((unsigned char)name.ptr[i]) && name.ptr[i] != '_')
			return false;
	return name.len > 0;
}

const struct record *
alias_find(const struct view *view, struct text name)
{
	const struct resource *resource =
		view->snapshot ? schema_named(snapshot_schema(view->snapshot), ALIAS_RESOURCE) : NULL;
	const struct record *record;
	struct view          aside = *view;

	if (!resource || !may_be_alias(name))
		return NULL;
	record = collection_where(snapshot_collection(view->snapshot, resource), "name", name);
	if (record)
		return record;
	scoped_arena scratch = arena_new();

	aside.arena = scratch;
	for (size_t i = 0; resource->builtin && (record = resource->builtin(i, &aside)); i++)
		if (text_is(name, record_get(record, "name")))
			return resource->builtin(i, view);
	return NULL;
}

static bool
is_port_alias(const struct record *alias)
{
	return strcmp(record_get(alias, "type"), "port") == 0;
}

/* --- networks --------------------------------------------------------------------------------------- */

struct giving {
	const struct view *view;
	choose            *choose_one;
	void              *context;
};

static void
give(const struct giving *giving, const char *key, const char *label)
{
	giving->choose_one(giving->context, &(struct choice){ key, label, NULL });
}

static void
give_network_alias(void *context, const struct record *alias)
{
	const char *name = record_get(alias, "name");

	if (!is_port_alias(alias))
		give(context, name, name);
}

static void
network_alias_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                      void *context)
{
	const struct giving     giving = { view, choose_one, context };
	size_t                  count;
	const struct interface *interfaces = interfaces_list(view, &count);

	(void)field;
	(void)value;
	give(&giving, "any", "any");
	give(&giving, "(self)", "This Firewall");
	for (size_t i = 0; i < count; i++) {
		give(&giving, interfaces[i].key, arena_print(view->arena, "%s net", interfaces[i].label));
		if (!interfaces[i].dynamic)
			give(&giving, arena_print(view->arena, "%sip", interfaces[i].key),
			     arena_print(view->arena, "%s address", interfaces[i].label));
	}
	aliases_each(view, give_network_alias, (void *)&giving);
}

static const struct choice *
network_alias_find(const struct field *field, struct text key, const struct view *view)
{
	const struct interface *interface;
	const char             *name = arena_copy(view->arena, key);
	struct prefix           prefix;

	(void)field;
	if (prefix_read(key, &prefix))
		return NULL;
	if (text_is(key, "any"))
		return choice_make(view, name, "any");
	if (text_is(key, "(self)"))
		return choice_make(view, name, "This Firewall");
	if ((interface = interfaces_find(view, key)))
		return choice_make(view, name, arena_print(view->arena, "%s net", interface->label));
	if (text_ends(key, TEXT("ip")) && (interface = interfaces_find(view, text_first(key, key.len - 2))) &&
	    !interface->dynamic)
		return choice_make(view, name, arena_print(view->arena, "%s address", interface->label));
	const struct record *alias = alias_find(view, key);

	return alias && !is_port_alias(alias) ? choice_make(view, name, record_get(alias, "name")) : NULL;
}

static bool
names_network(const struct field *field, struct text entry, const struct view *view)
{
	return network_alias_find(field, entry, view) != NULL;
}

/* A literal stands alone; a list holds names only. */
static void
check_network_alias(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(value, ',');
	struct text    entry = text_of(value);
	struct prefix  prefix;

	if (prefix_read(entry, &prefix))
		return;
	do {
		if (field->flags & MANY && !entry_next(&entries, &entry))
			return;
		if (!names_network(field, entry, view))
			faults_add(faults, field->name, FAULT_FORMAT,
			           "This must be an address, a network, an interface or the name of an alias.");
	} while (field->flags & MANY);
}

const struct type type_network_alias = {
	.name = "network_alias", .check = check_network_alias, .choices = network_alias_choices, .find = network_alias_find,
};

/* --- ports ---------------------------------------------------------------------------------------- */

/* "any" and the service names; lower case wherever they are stored. */
static const struct choice *
find_service(struct text name, const struct view *view)
{
	static const struct choice any = { "any", NULL, NULL };

	return text_is(name, "any") ? &any : facts_find(view->facts, "port services", name);
}

static const char *
normal_port(const struct field *field, const char *value, const struct view *view)
{
	const char *name;

	if (!(field->settings & WELL_KNOWN))
		return value;
	name = lowered(trimmed(value, view), view);
	return find_service(text_of(name), view) ? name : value;
}

bool
port_accepts(const struct field *field, struct text entry, const struct view *view)
{
	struct text first, last = entry;
	int64_t     from, to;

	if (port_number_is_valid(entry))
		return true;
	if ((field->settings & WELL_KNOWN) && find_service(entry, view))
		return true;
	first = text_until(&last, '-');
	if ((field->settings & RANGES) && port_number_is_valid(first) && port_number_is_valid(last) &&
	    number_read(first, 1, PORT_MAX, &from) && number_read(last, 1, PORT_MAX, &to))
		return from < to;
	if (!(field->settings & ALIASES))
		return false;
	const struct record *alias = alias_find(view, entry);

	return alias && is_port_alias(alias);
}

static void
check_port(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	check_entries(field, value, view, faults, port_accepts,
	              field->settings & ALIASES ? "This must be a port, a range of ports or the name of a port alias." :
	              field->settings & RANGES  ? "This must be a port or a range of ports." :
	                                          "This must be a port from 1 to 65535.");
}

static void
give_port_alias(void *context, const struct record *alias)
{
	if (is_port_alias(alias))
		give(context, record_get(alias, "name"), NULL);
}

static void
port_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	const struct giving giving = { view, choose_one, context };

	(void)value;
	if (field->settings & WELL_KNOWN) {
		size_t               count;
		const struct choice *services = facts_list(view->facts, "port services", &count);

		give(&giving, "any", "any");
		for (size_t i = 0; i < count; i++)
			give(&giving, services[i].key, NULL);
	}
	if (field->settings & ALIASES)
		aliases_each(view, give_port_alias, (void *)&giving);
	for (int port = 1; port <= PORT_MAX; port++)
		give(&giving, arena_print(view->arena, "%d", port), NULL);
}

const struct type type_port = { .name = "port", .check = check_port, .normal = normal_port, .choices = port_choices };
