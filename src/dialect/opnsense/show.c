/*
 * Showing records. A record is a flat list of dotted names; as JSON it is a tree, written by
 * going over the names once for each container.
 */
#include "dialect/opnsense/show.h"

#include <stdio.h>
#include <string.h>

#include "api/accounts.h"
#include "base/bug.h"
#include "dialect/opnsense/former.h"
#include "dialect/opnsense/options.h"
#include "schema/types.h"

#define ENTRIES_MAX 512 /* fields and arrays of one model */

bool
is_listed(const char *list, const char *name)
{
	return text_lists(text_of(list), text_of(name));
}

const char *
shown_name(const struct field *field)
{
	const char *name = field->as[OPNSENSE];

	if (name)
		return strcmp(name, ABSENT) == 0 ? NULL : name;
	return field->flags & HIDDEN ? NULL : field->name;
}

/* --- records -------------------------------------------------------------------------------- */

/* A switch that was never set is off; only rows that are built in leave it open. */
static const char *
shown_value(const struct record *record, size_t field)
{
	const struct field *what = &record->resource->fields[field];

	if (what->type == &type_boolean && record->values[field][0] == '\0' &&
	    (!record->resource->builtin || uuid_is_valid(text_of(record->uuid))))
		return "0";
	/* Never stored, so back at its default. */
	if (what->flags & VOLATILE && what->preset && record->values[field][0] == '\0' && record->uuid[0])
		return what->preset;
	return record->values[field];
}

static const char *
value_shown(const struct record *record, size_t field, const struct view *view)
{
	const struct field *what = &record->resource->fields[field];

	if (what->derive) {
		const char *value = what->derive(record, view);

		return value ? value : "";
	}
	if (what->type == &type_update_only || strcmp(what->type->name, "api_key") == 0)
		return "";
	if (strcmp(what->type->name, "store_b64") == 0) {
		const char *plain = base64_decode(view->arena, text_of(record->values[field]), NULL);

		return plain ? plain : "";
	}
	return shown_value(record, field);
}

void
show_field(struct json *json, const struct field *field, const char *name, const char *value,
	   const struct view *view)
{
	const char *dot = strrchr(name, '.');
	const char *leaf = dot ? dot + 1 : name;

	json_name(json, leaf);
	if (field_is_list(field)) {
		show_options(json, field, value, view);
		return;
	}
	json_string(json, value);
	if (!field->type->find || value[0] == '\0')
		return;
	const struct choice *choice = field->type->find(field, text_of(value), view);

	if (choice && choice->label && strcmp(choice->label, value) != 0)
		json_put_string(json, arena_print(view->arena, "%%%s", leaf), choice->label);
}

/* A leaf of a record, or an array of a model, on its way into the tree. */
struct entry {
	const char            *path;
	const struct record   *record;
	size_t                 field;
	const struct resource *array; /* instead of the field */
	bool                   alone; /* not as part of its model: it shows what it could hold, too */
	bool                   done;
};

static void show_array(struct json *, const struct resource *, const struct view *);

/* What an empty field means, where that is the name of this box. */
static void
show_hint(struct json *json, const struct entry *entry, const struct view *view)
{
	static const struct {
		const char *resource, *field, *setting;
	} hints[] = {
		{ "dnsmasq.settings", "dhcp.domain", "domain" },
		{ "kea.dhcpv4_settings", "ha.this_server_name", "hostname" },
		{ "kea.dhcpv6_settings", "ha.this_server_name", "hostname" },
	};
	const struct record *general;

	for (size_t i = 0; i < COUNT(hints); i++) {
		if (strcmp(hints[i].resource, entry->record->resource->name) != 0 ||
		    strcmp(hints[i].field, entry->path) != 0 || entry->record->values[entry->field][0])
			continue;
		general = snapshot_single(view->snapshot, "system.general");
		json_put_string(json, arena_print(view->arena, "%%%s", strrchr(entry->path, '.') + 1),
				record_get(general, hints[i].setting));
	}
}

static void
show_entry(struct json *json, const struct entry *entry, const struct view *view)
{
	struct view own = *view;

	if (entry->array) {
		const char *dot = strrchr(entry->path, '.');

		json_name(json, dot ? dot + 1 : entry->path);
		show_array(json, entry->array, view);
		return;
	}
	own.record = entry->record;
	if (entry->alone && strcmp(entry->record->resource->fields[entry->field].type->name, "alias_content") == 0) {
		show_alias_content(json, &entry->record->resource->fields[entry->field],
				   value_shown(entry->record, entry->field, &own), &own);
		return;
	}
	show_field(json, &entry->record->resource->fields[entry->field], entry->path,
		   value_shown(entry->record, entry->field, &own), &own);
	show_hint(json, entry, view);
}

/* Everything below a prefix of skip bytes that the first entry has: what lies deeper becomes an object of its own. */
static void
show_tree(struct json *json, struct entry *entries, size_t count, size_t skip, const struct view *view)
{
	const char *prefix = entries[0].path;

	for (size_t i = 0; i < count; i++) {
		if (entries[i].done || strncmp(entries[i].path, prefix, skip) != 0)
			continue;
		const char *dot = strchr(entries[i].path + skip, '.');

		if (dot) {
			const size_t deeper = (size_t)(dot - entries[i].path) + 1;

			json_name_text(json, (struct text){ entries[i].path + skip, deeper - skip - 1 });
			json_object(json);
			show_tree(json, &entries[i], count - i, deeper, view);
			json_object_end(json);
			continue;
		}
		entries[i].done = true;
		show_entry(json, &entries[i], view);
	}
}

static size_t
add_fields(struct entry *entries, size_t count, const struct record *record, const char *without, bool alone)
{
	for (size_t i = 0; i < record->resource->nfields; i++) {
		const char *name = shown_name(&record->resource->fields[i]);

		BUG_IF(count == ENTRIES_MAX, "%s has too many fields", record->resource->name);
		if (name && !is_listed(without, name))
			entries[count++] =
				(struct entry){ .path = name, .record = record, .field = i, .alone = alone };
	}
	return count;
}

static void
show_fields(struct json *json, const struct record *record, const char *without, bool alone, const struct view *view)
{
	struct entry entries[ENTRIES_MAX];
	const size_t count = add_fields(entries, 0, record, without, alone);

	if (count)
		show_tree(json, entries, count, 0, view);
}

void
show_record(struct json *json, const struct record *record, const char *without, const struct view *view)
{
	show_fields(json, record, without, true, view);
}

static void
show_array(struct json *json, const struct resource *resource, const struct view *view)
{
	const struct collection *collection = snapshot_collection(view->snapshot, resource);
	size_t                   shown = 0;

	for (size_t i = 0;; i++) {
		const size_t         stored = collection_count(collection);
		const struct record *record = i < stored          ? collection_at(collection, i)
					      : resource->builtin ? resource->builtin(i - stored, view)
								  : NULL;

		if (!record)
			break;
		if (shown++ == 0)
			json_object(json);
		json_name(json, record->uuid);
		json_object(json);
		show_fields(json, record, NULL, false, view);
		json_object_end(json);
	}
	if (shown == 0)
		json_list(json);
	if (shown == 0)
		json_list_end(json);
	else
		json_object_end(json);
}

static size_t
add_former(struct entry *entries, size_t count, const char *model, const struct view *view)
{
	size_t               nblock = 0;
	const struct former *block = former_block(view, model, &nblock);

	BUG_IF(count + nblock > ENTRIES_MAX, "model %s is too large", model);
	for (size_t i = 0; i < nblock; i++)
		entries[count++] = (struct entry){ .path = block[i].path, .record = block[i].record, .field = block[i].field };
	return count;
}

void
show_model(struct json *json, const char *model, const char *without, const struct view *view)
{
	const struct schema *schema = snapshot_schema(view->snapshot);
	struct entry        *entries = ARENA_MAKE(view->arena, struct entry, ENTRIES_MAX);
	size_t               count = 0;

	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct resource *resource = schema_at(schema, i);

		if (!resource->model || strcmp(resource->model, model) != 0)
			continue;
		if (resource->shape == SINGLETON)
			count = add_fields(entries, count, snapshot_single(view->snapshot, resource->name), without, false);
		else if (!is_listed(without, resource->path))
			entries[count++] = (struct entry){ .path = resource->path, .array = resource };
		BUG_IF(count == ENTRIES_MAX, "model %s is too large", model);
	}
	count = add_former(entries, count, model, view);
	if (count)
		show_tree(json, entries, count, 0, view);
}

/* --- rows ----------------------------------------------------------------------------------- */

void
show_row(struct json *json, const struct record *record, const char *without, struct labels *labels)
{
	json_put_string(json, "uuid", record->uuid);
	show_leaves(json, record, without, labels);
}

void
show_leaves(struct json *json, const struct record *record, const char *without, struct labels *labels)
{
	const struct resource *resource = record->resource;

	for (size_t i = 0; i < resource->nfields; i++) {
		const struct field *field = &resource->fields[i];
		const char         *name = shown_name(field);

		if (!name || (without && is_listed(without, name)))
			continue;
		if (field->flags & SECRET || field->type == &type_update_only) {
			json_put_string(json, name, "");
			continue;
		}
		json_put_string(json, name, field->derive ? labels_value(labels, record, i) : shown_value(record, i));
		const struct label *label = labels_find(labels, record, i);

		if (label) {
			char room[128];

			snprintf(room, sizeof(room), "%%%s", name);
			json_put_string(json, room, label->text);
		}
	}
}
