/* Fields that name interfaces and devices. */
#include "model/types.h"

#include <string.h>

#include "schema/interfaces.h"
#include "schema/lists.h"
#include "schema/snapshot.h"

/* --- interfaces of the configuration ------------------------------------------------------------- */

enum {
	WITH_LOOPBACK = 1 << 0,
	BY_LABEL = 1 << 1,
};

static void
give_interfaces(unsigned how, const struct view *view, choose *choose_one, void *context)
{
	struct choice_list      list = { .arena = view->arena };
	size_t                  count;
	const struct interface *interfaces = interfaces_list(view, &count);

	for (size_t i = 0; i < count; i++)
		if (!interfaces[i].group && (!interfaces[i].dynamic || (how & WITH_LOOPBACK)))
			choice_list_add(&list, interfaces[i].key, interfaces[i].label, NULL);
	if (how & BY_LABEL)
		choice_list_sort_labels(&list);
	choice_list_give(&list, choose_one, context);
}

static void
plain_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	(void)field;
	(void)value;
	give_interfaces(WITH_LOOPBACK | BY_LABEL, view, choose_one, context);
}

static void
vip_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	(void)field;
	(void)value;
	give_interfaces(WITH_LOOPBACK, view, choose_one, context);
}

static void
unbound_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                void *context)
{
	(void)field;
	(void)value;
	give_interfaces(BY_LABEL, view, choose_one, context);
}

static void
bridge_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	(void)field;
	(void)value;
	give_interfaces(0, view, choose_one, context);
}

static const struct choice *
any_find(const struct field *field, struct text key, const struct view *view)
{
	const struct interface *interface = interfaces_find(view, key);

	(void)field;
	return interface && !interface->group ? choice_make(view, interface->key, interface->label) : NULL;
}

static const struct choice *
assigned_find(const struct field *field, struct text key, const struct view *view)
{
	const struct interface *interface = interfaces_find(view, key);

	(void)field;
	return interface && !interface->dynamic ? choice_make(view, interface->key, interface->label) : NULL;
}

const struct type type_plain_interface = {
	.name = "plain_interface", .is_list = true, .check = check_choices, .choices = plain_choices, .find = any_find,
};
const struct type type_vip_interface = {
	.name = "vip_interface", .is_list = true, .check = check_choices, .choices = vip_choices, .find = any_find,
};
const struct type type_unbound_interface = {
	.name = "unbound_interface", .is_list = true, .check = check_choices, .choices = unbound_choices, .find = assigned_find,
};
const struct type type_bridge_member = {
	.name = "bridge_member", .is_list = true, .check = check_choices, .choices = bridge_choices, .find = assigned_find,
};

static void
check_if_desc(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	type_description.check(field, value, view, faults);
}

const struct type type_if_desc = { .name = "if_desc", .check = check_if_desc };

/* --- devices -------------------------------------------------------------------------------------- */

/* Where the configuration makes devices: prefix and field together are the name. */
static const struct maker {
	const char *resource, *prefix, *field, *group;
	bool        parent; /* can carry VLANs */
} makers[] = {
	{ "interfaces.lagg", "", "laggif", "LAGG", true },
	{ "interfaces.vlan", "", "vlanif", "VLAN", true },
	{ "interfaces.bridge", "", "bridgeif", "Bridge", false },
	{ "interfaces.gif", "", "gifif", "GIF", false },
	{ "interfaces.gre", "", "greif", "GRE", false },
	{ "interfaces.loopback", "lo", "deviceId", "Loopback", false },
	{ "interfaces.vxlan", "vxlan", "deviceId", "VXLAN", true },
	{ "interfaces.ppp", "", "if", "PPP", false },
	{ "wireguard.server", "wg", "instance", "WireGuard", false },
};

/* Devices of the machine; the configuration's own ones are added by add_made(). */
static void
add_hardware(struct choice_list *list, const char *facts, const struct view *view)
{
	size_t               count;
	const struct choice *devices = facts_list(view->facts, facts, &count);

	for (size_t i = 0; i < count; i++)
		if (!choice_list_has(list, text_of(devices[i].key)))
			choice_list_add(list, devices[i].key, devices[i].label ? devices[i].label : devices[i].key,
			                devices[i].group ? devices[i].group : "Hardware");
}

static void
add_made(struct choice_list *list, bool parents_only, const struct view *view)
{
	for (size_t i = 0; i < COUNT(makers) && view->snapshot; i++) {
		const struct collection *records = snapshot_named(view->snapshot, makers[i].resource);

		for (size_t j = 0; j < collection_count(records) && (makers[i].parent || !parents_only); j++) {
			const char *name = arena_print(view->arena, "%s%s", makers[i].prefix,
			                               record_get(collection_at(records, j), makers[i].field));

			if (!choice_list_has(list, text_of(name)))
				choice_list_add(list, name, name, makers[i].group);
		}
	}
}

/* The record that makes the device, and what kind it is; NULL: none does. */
static const struct record *
find_made(struct text device, bool parents_only, const struct view *view, const struct maker **maker)
{
	for (size_t i = 0; i < COUNT(makers) && view->snapshot; i++) {
		const struct text prefix = text_of(makers[i].prefix), name = text_after(device, prefix.len);

		if ((parents_only && !makers[i].parent) || !text_starts(device, prefix) || name.len == 0)
			continue;
		const struct record *record = collection_where(snapshot_named(view->snapshot, makers[i].resource), makers[i].field, name);

		*maker = &makers[i];
		if (record)
			return record;
	}
	return NULL;
}

/* As add_hardware() and add_made() have it. */
static struct choice *
find_device(struct text device, const char *facts, bool parents_only, const struct view *view)
{
	const struct maker  *maker;
	struct choice       *found = ARENA_MAKE(view->arena, struct choice, 1);
	size_t               count;
	const struct choice *devices = facts_list(view->facts, facts, &count);

	for (size_t i = 0; i < count; i++)
		if (text_is(device, devices[i].key)) {
			*found = devices[i];
			found->label = devices[i].label ? devices[i].label : devices[i].key;
			found->group = devices[i].group ? devices[i].group : "Hardware";
			return found;
		}
	if (!find_made(device, parents_only, view, &maker))
		return NULL;
	found->key = found->label = arena_copy(view->arena, device);
	found->group = maker->group;
	return found;
}

/* The record of the interface a device is assigned to, or NULL. */
static const struct record *
assigned(const struct view *view, const char *device)
{
	const struct collection *interfaces =
		view->snapshot ? snapshot_named(view->snapshot, "interfaces.interface") : NULL;

	return interfaces ? collection_where(interfaces, "if", text_of(device)) : NULL;
}

/* Some links of the machine are not for users to assign; then there is a list of those that are. */
static const char *
assignable(const struct view *view)
{
	size_t chosen;

	facts_list(view->facts, "assignable devices", &chosen);
	return chosen ? "assignable devices" : "devices";
}

static void
device_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	struct choice_list list = { .arena = view->arena };

	(void)field;
	(void)value;
	add_hardware(&list, assignable(view), view);
	add_made(&list, false, view);
	choice_list_give(&list, choose_one, context);
}

static const struct choice *
device_find(const struct field *field, struct text key, const struct view *view)
{
	(void)field;
	return find_device(key, assignable(view), false, view);
}

const struct type type_device = {
	.name = "device", .is_list = true, .check = check_choices, .choices = device_choices, .find = device_find,
};

static void
name_captured(struct choice *device, const struct view *view)
{
	const struct record *interface = assigned(view, device->key);

	if (interface)
		device->label = record_get(interface, "descr")[0] ? record_get(interface, "descr") : uppered(interface->uuid, view);
	device->group = NULL;
}

/* Devices packets can be captured on, by the name of the interface where there is one. */
static void
capture_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                void *context)
{
	struct choice_list list = { .arena = view->arena };

	(void)field;
	(void)value;
	add_hardware(&list, "devices", view);
	add_made(&list, false, view);
	for (size_t i = 0; i < list.count; i++)
		name_captured(&list.items[i], view);
	choice_list_give(&list, choose_one, context);
}

static const struct choice *
capture_find(const struct field *field, struct text key, const struct view *view)
{
	struct choice *found = find_device(key, "devices", false, view);

	(void)field;
	if (found)
		name_captured(found, view);
	return found;
}

const struct type type_capture_device = {
	.name = "capture_device", .is_list = true, .check = check_choices, .choices = capture_choices, .find = capture_find,
};

/* With the interface that it is, if it is one. */
static void
name_parent(struct choice *parent, const struct view *view)
{
	const struct record *interface = assigned(view, parent->key);

	if (interface)
		parent->label = arena_print(view->arena, "%s [%s]", parent->label,
		                            record_get(interface, "descr")[0] ? record_get(interface, "descr") :
		                                                                uppered(interface->uuid, view));
	parent->group = NULL;
}

static void
vlan_parent_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                    void *context)
{
	struct choice_list list = { .arena = view->arena };

	(void)field;
	(void)value;
	add_hardware(&list, "devices", view);
	add_made(&list, true, view);
	for (size_t i = 0; i < list.count; i++)
		name_parent(&list.items[i], view);
	choice_list_give(&list, choose_one, context);
}

static const struct choice *
vlan_parent_find(const struct field *field, struct text key, const struct view *view)
{
	struct choice *found = find_device(key, "devices", true, view);

	(void)field;
	if (found)
		name_parent(found, view);
	return found;
}

const struct type type_vlan_interface = {
	.name = "vlan_interface", .is_list = true, .check = check_choices, .choices = vlan_parent_choices, .find = vlan_parent_find,
};

/* Free hardware; what carries VLANs or an address cannot be bundled. */
static void
lagg_member_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                    void *context)
{
	struct choice_list list = { .arena = view->arena };

	(void)field;
	(void)value;
	add_hardware(&list, "devices", view);
	for (size_t i = 0; i < list.count; i++)
		if (!assigned(view, list.items[i].key))
			choose_one(context, &(struct choice){ list.items[i].key, list.items[i].label, NULL });
}

const struct type type_lagg_interface = {
	.name = "lagg_interface", .is_list = true, .check = check_choices, .choices = lagg_member_choices,
};

/* --- gateways of an interface ----------------------------------------------------------------------- */

static bool
is_of_family(const struct record *gateway, const struct field *field)
{
	return strcmp(record_get(gateway, "ipprotocol"), field->settings & ONLY_INET6 ? "inet6" : "inet") == 0;
}

static const char *
gateway_label(const struct record *gateway, const struct view *view)
{
	return arena_print(view->arena, "%s - %s", record_get(gateway, "name"), record_get(gateway, "gateway"));
}

static void
gateway_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                void *context)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, "routing.gateway") : NULL;
	struct choice_list       list = { .arena = view->arena };

	(void)value;
	for (size_t i = 0; records && i < collection_count(records); i++) {
		const struct record *gateway = collection_at(records, i);

		if (is_of_family(gateway, field))
			choice_list_add(&list, record_get(gateway, "name"), gateway_label(gateway, view), NULL);
	}
	choice_list_sort_labels(&list);
	choice_list_give(&list, choose_one, context);
}

static const struct choice *
gateway_find(const struct field *field, struct text key, const struct view *view)
{
	size_t                count = 0;
	const struct record **named =
		view->snapshot ? collection_naming(view->arena, snapshot_named(view->snapshot, "routing.gateway"), "name", key, &count) : NULL;

	for (size_t i = 0; i < count; i++)
		if (is_of_family(named[i], field))
			return choice_make(view, record_get(named[i], "name"), gateway_label(named[i], view));
	return NULL;
}

const struct type type_gateway = {
	.name = "gateway", .is_list = true, .check = check_choices, .choices = gateway_choices, .find = gateway_find,
};

static const char *
normal_group_item(const struct field *field, const char *value, const struct view *view)
{
	(void)field;
	(void)view;
	return strcmp(value, "0") == 0 ? "" : value;
}

static void
group_item_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                   void *context)
{
	type_key_value.choices(field, value, view, choose_one, context);
}

static const struct choice *
group_item_find(const struct field *field, struct text key, const struct view *view)
{
	return type_key_value.find(field, key, view);
}

static const struct choice *
group_item_labelled(const struct field *field, struct text key, const struct view *view)
{
	return type_key_value.labelled(field, key, view);
}

const struct type type_gateway_group_item = {
	.name = "gateway_group_item", .is_list = true, .check = check_choices, .normal = normal_group_item,
	.choices = group_item_choices, .find = group_item_find, .labelled = group_item_labelled,
};
