/*
 * The type of fields that name interfaces. The interfaces are the records of
 * interfaces.interface, the loopback is always there, that of IPsec while it is on, and the groups are those of
 * firewall.group.
 */
#include "schema/interfaces.h"

#include <string.h>

#include "schema/lists.h"
#include "schema/mask.h"
#include "schema/snapshot.h"
#include "schema/types.h"

#define INTERFACES "interfaces.interface"
#define GROUPS     "firewall.group"
#define LOOPBACK   "lo0"
#define TUNNELS    "enc0"

static const struct collection *
collection_of(const struct view *view, const char *name)
{
	const struct resource *resource = view->snapshot ? schema_named(snapshot_schema(view->snapshot), name) : NULL;

	return resource ? snapshot_collection(view->snapshot, resource) : NULL;
}

static size_t
count_of(const struct collection *collection)
{
	return collection ? collection_count(collection) : 0;
}

static struct interface
from_record(const struct record *record, const struct view *view)
{
	const char *described = record_get(record, "descr");
	const bool  loopback = strcmp(record_get(record, "if"), LOOPBACK) == 0;

	return (struct interface){
		.key = record->uuid,
		.label = described[0] ? described : uppered(record->uuid, view),
		.record = record,
		.dynamic = loopback,
	};
}

static struct interface
from_group(const struct record *group)
{
	const char *name = record_get(group, "ifname");

	return (struct interface){ .key = name, .label = name, .record = group, .dynamic = true, .group = true };
}

static const struct interface loopback = { .key = LOOPBACK, .label = "Loopback", .dynamic = true };

/* What is there as long as a daemon has tunnels: while this says so, in the settings or in any record. */
static const struct {
	struct interface of;
	const char      *resource, *enabled;
} tunnels[] = {
	{ { .key = TUNNELS, .label = "IPsec", .dynamic = true }, "ipsec.settings", "general.enabled" },
	{ { .key = "openvpn", .label = "OpenVPN", .dynamic = true, .group = true }, "openvpn.instance", "enabled" },
	{ { .key = "wireguard", .label = "WireGuard", .dynamic = true, .group = true }, "wireguard.general", "enabled" },
};

static bool
is_on(const struct view *view, const char *name, const char *enabled)
{
	const struct resource *resource = view->snapshot ? schema_named(snapshot_schema(view->snapshot), name) : NULL;

	if (resource && resource->shape == SINGLETON)
		return record_bool(snapshot_single(view->snapshot, name), enabled);
	return resource && collection_where(snapshot_collection(view->snapshot, resource), enabled, TEXT("1"));
}

/* What somebody has as an interface or as a group of the configuration is that one. */
static bool
has_tunnels(const struct view *view, size_t at)
{
	const struct collection *interfaces = collection_of(view, INTERFACES), *groups = collection_of(view, GROUPS);
	const struct text        key = text_of(tunnels[at].of.key);

	return is_on(view, tunnels[at].resource, tunnels[at].enabled) &&
	       !(interfaces && collection_where(interfaces, "if", key)) && !(groups && collection_where(groups, "ifname", key));
}

static const struct interface *
find_tunnels(const struct view *view, struct text key)
{
	for (size_t i = 0; i < COUNT(tunnels); i++)
		if (text_is(key, tunnels[i].of.key))
			return has_tunnels(view, i) ? &tunnels[i].of : NULL;
	return NULL;
}

const struct interface *
interfaces_list(const struct view *view, size_t *count)
{
	const struct collection *interfaces = collection_of(view, INTERFACES), *groups = collection_of(view, GROUPS);
	const size_t             most = count_of(interfaces) + 1 + count_of(groups) + COUNT(tunnels);
	struct interface        *list = ARENA_MAKE(view->arena, struct interface, most);
	bool                     present = false;

	*count = 0;
	for (size_t i = 0; i < count_of(interfaces); i++) {
		list[*count] = from_record(collection_at(interfaces, i), view);
		present |= list[(*count)++].dynamic;
	}
	if (!present)
		list[(*count)++] = loopback;
	for (size_t i = 0; i < count_of(groups); i++)
		list[(*count)++] = from_group(collection_at(groups, i));
	for (size_t i = 0; i < COUNT(tunnels); i++)
		if (has_tunnels(view, i))
			list[(*count)++] = tunnels[i].of;
	return list;
}

const struct interface *
interfaces_find(const struct view *view, struct text key)
{
	const struct collection *interfaces = collection_of(view, INTERFACES), *groups;
	const struct record     *record = interfaces ? collection_find(interfaces, key) : NULL;
	struct interface         found;

	if (record)
		found = from_record(record, view);
	else if (text_is(key, LOOPBACK))
		return interfaces && collection_where(interfaces, "if", TEXT(LOOPBACK)) ? NULL : &loopback;
	else if (key.len && (groups = collection_of(view, GROUPS)) && (record = collection_where(groups, "ifname", key)))
		found = from_group(record);
	else
		return find_tunnels(view, key);
	return memcpy(ARENA_MAKE(view->arena, struct interface, 1), &found, sizeof(found));
}

/* How the older configuration, which the conditions are written for, says where an address comes from. */
static const char *
address_property(const struct record *record, const char *kind_field, const char *fixed, const char *address_field,
                 const struct view *view)
{
	const char *kind = record_get(record, kind_field);

	if (strcmp(kind, "none") == 0)
		return "0";
	if (strcmp(kind, fixed) != 0)
		return kind;
	struct text address = record_text(record, address_field);

	return address.len ? arena_copy(view->arena, text_until(&address, '/')) : "0";
}

static const char *
tunnels_property(const char *name)
{
	if (strcmp(name, "if") == 0)
		return TUNNELS;
	if (strcmp(name, "type") == 0)
		return "none";
	return strcmp(name, "enable") == 0 || strcmp(name, "virtual") == 0 ? "1" : "0";
}

static const char *
loopback_property(const char *name)
{
	static const char *const properties[][2] = {
		{ "if", LOOPBACK }, { "enable", "1" }, { "virtual", "1" }, { "type", "none" },
		{ "ipaddr", "127.0.0.1" }, { "ipaddrv6", "::1" },
	};

	for (size_t i = 0; i < COUNT(properties); i++)
		if (strcmp(properties[i][0], name) == 0)
			return properties[i][1];
	return "0";
}

static const char *
group_property(const struct interface *interface, const char *name)
{
	if (strcmp(name, "type") == 0)
		return "group";
	if (strcmp(name, "if") == 0)
		return interface->key;
	return strcmp(name, "enable") == 0 || strcmp(name, "virtual") == 0 ? "1" : "0";
}

const char *
interface_property(const struct interface *interface, const char *name, const struct view *view)
{
	if (interface->group)
		return group_property(interface, name);
	if (strcmp(interface->key, TUNNELS) == 0 && !interface->record)
		return tunnels_property(name);
	if (!interface->record || interface->dynamic)
		return loopback_property(name);
	if (strcmp(name, "ipaddr") == 0)
		return address_property(interface->record, "type4", "staticv4", "ipaddr", view);
	if (strcmp(name, "ipaddrv6") == 0)
		return address_property(interface->record, "type6", "staticv6", "ipaddrv6", view);
	const size_t at = resource_find_field(interface->record->resource, text_of(name));

	return at == SIZE_MAX || interface->record->values[at][0] == '\0' ? "0" : interface->record->values[at];
}

static bool
allowed_by_settings(const struct interface *interface, const struct field *field, const struct view *view)
{
	if (!interface->dynamic || (field->settings & DYNAMIC))
		return true;
	return (field->settings & DYNAMIC_STATIC) &&
	       (strcmp(interface_property(interface, "ipaddr", view), "0") != 0 ||
	        strcmp(interface_property(interface, "ipaddrv6", view), "0") != 0);
}

bool
interface_qualifies(const struct interface *interface, const struct field *field, const struct view *view)
{
	if (!allowed_by_settings(interface, field, view))
		return false;
	for (size_t i = 0; i < field->nconditions; i++)
		if (!mask_matches(text_of(field->conditions[i].regex), false,
		                  text_of(interface_property(interface, field->conditions[i].property, view))))
			return false;
	return true;
}

/* Parents of VLANs and members of LAGGs. */
static const char *const holders[][2] = { { "interfaces.vlan", "if" }, { "interfaces.lagg", "members" } };

/* Those that are no interface themselves. */
static void
add_parents(struct choice_list *list, const struct view *view)
{
	const struct collection *interfaces = collection_of(view, INTERFACES);

	for (size_t i = 0; i < COUNT(holders); i++) {
		const struct collection *records = collection_of(view, holders[i][0]);

		for (size_t j = 0; j < count_of(records); j++) {
			struct entries entries = entries_of(record_get(collection_at(records, j), holders[i][1]), ',');
			struct text    entry;

			while (entry_next(&entries, &entry)) {
				if (!(interfaces && collection_where(interfaces, "if", entry)) && !choice_list_has(list, entry))
					choice_list_add(list, arena_copy(view->arena, entry), NULL, NULL);
			}
		}
	}
}

static void
interface_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                  void *context)
{
	struct choice_list      list = { .arena = view->arena };
	size_t                  count;
	const struct interface *interfaces = interfaces_list(view, &count);

	(void)value;
	for (size_t i = 0; i < count; i++)
		if (interface_qualifies(&interfaces[i], field, view))
			choice_list_add(&list, interfaces[i].key, interfaces[i].label, NULL);
	if (field->settings & PARENT_DEVICES)
		add_parents(&list, view);
	choice_list_sort_labels(&list);
	choice_list_give(&list, choose_one, context);
}

/* As add_parents() has it. */
static bool
is_parent(struct text device, const struct view *view)
{
	const struct collection *interfaces = collection_of(view, INTERFACES);
	bool                     is = false;
	size_t                   count;

	if (interfaces && collection_where(interfaces, "if", device))
		return false;
	for (size_t i = 0; i < COUNT(holders) && !is; i++) {
		const struct collection *records = collection_of(view, holders[i][0]);

		is = records && collection_naming(view->arena, records, holders[i][1], device, &count) && count > 0;
	}
	return is;
}

static const struct choice *
interface_find(const struct field *field, struct text key, const struct view *view)
{
	const struct interface *interface = interfaces_find(view, key);

	if (interface && interface_qualifies(interface, field, view))
		return choice_make(view, interface->key, interface->label);
	return (field->settings & PARENT_DEVICES) && is_parent(key, view) ? choice_make(view, arena_copy(view->arena, key), NULL) : NULL;
}

const struct type type_interface = {
	.name = "interface", .is_list = true, .check = check_choices, .choices = interface_choices, .find = interface_find,
};
