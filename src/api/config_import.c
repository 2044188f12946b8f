/* From config.xml into a change. */
#include <string.h>

#include "api/config_map.h"
#include "api/older/older.h"
#include "api/config_xml.h"
#include "api/tiers.h"
#include "schema/type.h"

struct import {
	struct change         *change;
	struct arena          *arena;
	const struct schema   *schema;
	const struct facts    *facts;
	struct xml            *root;
	struct buffer         *report;
};

/* Elements of one name side by side are a list. */
static const char *
joined(struct arena *arena, struct xml *first)
{
	scoped_buffer list = BUFFER_NONE;

	if (!xml_next(first)) {
		first->is_used = true;
		return first->text.ptr;
	}
	for (struct xml *one = first; one; one = xml_next(one)) {
		one->is_used = true;
		if (list.len > 0 && one->text.len > 0)
			buffer_add_byte(&list, ',');
		buffer_add(&list, one->text);
	}
	return arena_copy(arena, buffer_text(&list));
}

/* Older lists keep flags as elements without text, or with a word. */
static const char *
flag_value(const struct field *field, const char *value, bool is_old)
{
	static const char *const words[] = { "", "yes", "enabled" };

	for (size_t i = 0; is_old && strcmp(field->type->name, "boolean") == 0 && i < COUNT(words); i++)
		if (strcmp(value, words[i]) == 0)
			return "1";
	return value;
}

static void
fill(struct import *import, struct record *record, struct xml *node, bool is_old)
{
	for (size_t i = 0; i < record->resource->nfields; i++) {
		const struct field        *field = &record->resource->fields[i];
		struct xml                *place = xml_path(node, field->name);
		const struct nested_field *nested = nested_field(record, field->name);

		if (!place || (field->flags & VOLATILE))
			continue;
		if (nested)
			record_put(record, i, nested->from_xml(import->arena, place));
		else
			record_put(record, i, flag_value(field, joined(import->arena, place), is_old));
		place->is_used = true;
	}
}

static void
import_collection(struct import *import, const struct resource *resource, const char *mount)
{
	const struct place place = collection_place(import->arena, mount, resource->path);
	struct xml        *above = xml_path(import->root, place.above), *node = xml_child(above, place.name);
	const bool         is_old = text_ends(text_of(mount), TEXT("+"));

	if (!above || (!node && is_old))
		return;
	older_make_room(import->change, resource->name);
	for (; node; node = xml_next(node)) {
		struct record *record = record_make(import->arena, resource);

		/* The other kinds of servers stand beside them. */
		if (strcmp(resource->name, "auth.voucher_server") == 0 && strcmp(xml_value(node, "type"), "voucher") != 0)
			continue;
		node->is_used = true;
		/* An empty element says that the list is empty. */
		if (!node->first)
			continue;
		fill(import, record, node, is_old);
		if (strcmp(resource->name, "firewall.destination_nat") == 0)
			older_forward_fill(import->arena, node, record);
		else if (strcmp(resource->name, "routing.gateway_group") == 0 && tiers_are_in(record_text(record, "item")))
			tiers_read(import->arena, record, record_text(record, "item"));
		if (node->uuid && uuid_is_valid(text_of(node->uuid)))
			memcpy(record->uuid, node->uuid, UUID_LENGTH);
		change_put(import->change, record);
	}
}

static void
import_single(struct import *import, const struct resource *resource)
{
	struct xml    *node = xml_path(import->root, mount_path(import->arena, resource->mount));
	struct record *record = record_make(import->arena, resource);

	if (!node || resource->nfields == 0 || text_ends(text_of(resource->mount), TEXT("+")))
		return;
	fill(import, record, node, false);
	change_put(import->change, record);
}

static void
import_interfaces(struct import *import)
{
	const struct resource *resource = schema_named(import->schema, "interfaces.interface");
	struct xml            *above = xml_child(import->root, "interfaces");

	if (!above)
		return;
	older_make_room(import->change, resource->name);
	for (struct xml *node = above->first; node; node = node->next) {
		struct record *record = record_make(import->arena, resource);

		node->is_used = true;
		/* lo0 and the interfaces of tunnels are made by the box itself. */
		if (strcmp(xml_value(node, "virtual"), "1") == 0 || strcmp(node->name, "lo0") == 0)
			continue;
		interface_from_xml(import->arena, record, node);
		change_put(import->change, record);
	}
}

/* There it is said that passwords may be used, here that they may not. */
static void
fill_passwords(struct import *import, struct record *shell)
{
	struct xml *passwords = xml_path(import->root, "system/ssh/passwordauth");

	if (passwords)
		passwords->is_used = true;
	else if (xml_path(import->root, "system/ssh") && strcmp(import->root->name, "opnsense") == 0)
		record_set(shell, "keyonly", "enabled");
}

static void
import_system(struct import *import)
{
	struct record *record = NULL;
	struct record *nat = record_make(import->arena, schema_named(import->schema, "firewall.filter_settings"));
	struct xml    *mode = xml_path(import->root, "nat/outbound/mode");

	for (size_t i = 0; i < system_places_count; i++) {
		const struct resource *resource = schema_named(import->schema, system_places[i].resource);
		const size_t           field = resource_field(resource, system_places[i].field);
		struct xml            *place = xml_path(import->root, system_places[i].path);

		if (!record || record->resource != resource) {
			if (record)
				change_put(import->change, record);
			record = record_make(import->arena, resource);
			if (strcmp(resource->name, "system.ssh") == 0)
				fill_passwords(import, record);
		}
		if (place)
			record_put(record, field,
				   flag_value(&resource->fields[field], joined(import->arena, place), true));
	}
	change_put(import->change, record);
	if (!mode)
		return;
	mode->is_used = true;
	record_set(nat, "general.snat_mode", mode->text.ptr);
	change_put(import->change, nat);
}

/* --- the report ------------------------------------------------------------------------------------------- */

static void
print_path(struct buffer *buffer, const struct xml *node)
{
	if (node->parent) {
		print_path(buffer, node->parent);
		if (node->parent->parent)
			buffer_add_byte(buffer, '/');
		buffer_add_string(buffer, node->name);
	}
}

static bool
any_used(const struct xml *node)
{
	if (node->is_used)
		return true;
	for (const struct xml *child = node->first; child; child = child->next)
		if (any_used(child))
			return true;
	return false;
}

static bool
has_text(const struct xml *node)
{
	if (node->text.len > 0)
		return true;
	for (const struct xml *child = node->first; child; child = child->next)
		if (has_text(child))
			return true;
	return false;
}

/* The topmost elements with content that nobody looked at. */
static void
report_unused(struct buffer *report, const struct xml *node)
{
	for (const struct xml *child = node->first; child; child = child->next) {
		if (any_used(child)) {
			report_unused(report, child);
		} else if (has_text(child)) {
			buffer_add_string(report, "not mapped: ");
			print_path(report, child);
			buffer_add_byte(report, '\n');
		}
	}
}

static void
report_faults(struct import *import)
{
	const struct snapshot *snapshot = change_snapshot(import->change);
	scoped_arena           scratch = arena_new();

	for (const struct edit *edit = change_edits(import->change); edit; edit = edit->next) {
		struct view   view = { scratch, snapshot, import->facts, edit->after };
		struct faults faults = { .arena = scratch };

		arena_reset(scratch);
		if (!edit->after)
			continue;
		record_check(edit->after, edit->before, false, &view, &faults);
		for (const struct fault *fault = faults.first; fault; fault = fault->next)
			buffer_print(import->report, "does not pass its checks: %s %s: %s: %s\n",
				     edit->after->resource->name, edit->after->uuid, fault->field, fault->message);
	}
}

enum result
config_import(struct change *change, const struct facts *facts, struct text xml, config_more *more, struct buffer *report,
              struct buffer *message)
{
	scoped_arena  arena = arena_new();
	const char   *why = "";
	struct import import = { .change = change,
				 .arena = arena,
				 .schema = snapshot_schema(change_snapshot(change)),
				 .facts = facts,
				 .root = xml_read(arena, xml, &why),
				 .report = report };

	if (!import.root) {
		buffer_print(message, "not a configuration file: %s", why);
		return RESULT_INVALID;
	}
	if (strcmp(import.root->name, "opnsense") != 0 && strcmp(import.root->name, "pfsense") != 0) {
		buffer_print(message, "not a configuration file: it begins with <%s>", import.root->name);
		return RESULT_INVALID;
	}
	for (size_t i = 0; i < schema_count(import.schema); i++) {
		const struct resource *resource = schema_at(import.schema, i);
		const struct resource *owner = mount_owner(import.schema, resource);

		if (owner && resource->shape == COLLECTION)
			import_collection(&import, resource, owner->mount);
		else if (owner)
			import_single(&import, resource);
	}
	import_interfaces(&import);
	import_system(&import);
	older_blocklist_import(change, arena, import.root);
	older_aliases_import(change, arena, import.root, report);
	older_schedules_import(change, arena, import.root, report);
	older_rules_import(change, arena, import.root, report);
	older_translations_import(change, arena, import.root, report);
	older_dhcp6_import(change, arena, import.root, report);
	if (more)
		more(change, arena, import.root, report);
	report_faults(&import);
	report_unused(report, import.root);
	return RESULT_DONE;
}
