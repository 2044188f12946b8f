/*
 * Showing records. A record is a flat list of dotted names; as JSON it is a tree, written by
 * going over the names once for each container.
 */
#include "dialect/opnsense/show.h"

#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "schema/aliases.h"
#include "schema/types.h"

#define ENTRIES_MAX 512 /* fields and arrays of one model */

const char *
shown_name(const struct field *field)
{
	const char *name = field->as[OPNSENSE];

	if (name)
		return strcmp(name, ABSENT) == 0 ? NULL : name;
	return field->flags & HIDDEN ? NULL : field->name;
}

/* --- option maps ---------------------------------------------------------------------------- */

struct options {
	struct json *json;
	const char  *value;
	bool         many;
	char         separator;
	bool         open;
	bool         unset; /* no value: nothing is selected, and there is no empty entry */
	const struct view *describe; /* aliases show their description too */
};

/* Is the key one of the entries of a list? */
static bool
has_entry(const char *list, char separator, const char *key)
{
	const size_t len = strlen(key);

	for (const char *at = list; at && *at; at = strchr(at, separator), at = at ? at + 1 : NULL)
		if (strncmp(at, key, len) == 0 && (at[len] == separator || at[len] == '\0'))
			return true;
	return false;
}

static void
put_option(struct options *options, const char *key, const char *label, bool selected)
{
	if (!options->open)
		json_object(options->json);
	options->open = true;
	json_name(options->json, key);
	json_object(options->json);
	json_put_string(options->json, "value", label);
	json_put_number(options->json, "selected", selected);
}

static void
choose_option(void *context, const struct choice *choice)
{
	struct options *options = context;
	const bool      selected = options->unset  ? false
				   : options->many ? has_entry(options->value, options->separator, choice->key)
					    : strcmp(options->value, choice->key) == 0;

	if (options->unset && choice->key[0] == '\0')
		return;
	put_option(options, choice->key, choice->label ? choice->label : choice->key, selected);
	if (choice->group)
		json_put_string(options->json, "optgroup", choice->group);
	if (options->describe) {
		const struct record *alias = alias_find(options->describe, text_of(choice->key));

		json_put_string(options->json, "description", alias ? record_get(alias, "description") : "");
	}
	json_object_end(options->json);
}

/* The entries of the value itself, all selected; an empty value is one empty entry. */
static void
own_entries(struct options *options)
{
	const char separators[] = { options->separator, '\0' };
	struct text rest = text_of(options->value), entry;

	if (rest.len == 0) {
		put_option(options, "", "", true);
		json_object_end(options->json);
	}
	while (text_next(&rest, separators, &entry)) {
		scoped_buffer key = BUFFER_NONE;

		buffer_add(&key, entry);
		put_option(options, buffer_string(&key), buffer_string(&key), true);
		json_object_end(options->json);
	}
}

void
show_alias_content(struct json *json, const struct field *field, const char *value, const struct view *view)
{
	struct options options = { .json = json, .value = value ? value : "", .many = true, .separator = '\n',
				   .unset = !value, .describe = view };

	json_name(json, field->name);
	field->type->choices(field, options.value, view, choose_option, &options);
	if (options.open) {
		json_object_end(json);
	} else {
		json_list(json);
		json_list_end(json);
	}
}

static void
show_options(struct json *json, const struct field *field, const char *value, const struct view *view)
{
	struct options options = {
		.json = json,
		.value = value,
		.many = field->flags & MANY,
		.separator = field->settings & BY_NEWLINE ? '\n' : ',',
	};

	if (!field->type->choices) {
		own_entries(&options);
	} else {
		if (!(field->flags & (MANY | REQUIRED | AS_LIST))) {
			put_option(&options, "", field->blank ? field->blank : "None", value[0] == '\0');
			json_object_end(json);
		}
		field->type->choices(field, value, view, choose_option, &options);
	}
	if (options.open) {
		json_object_end(json);
	} else {
		json_list(json);
		json_list_end(json);
	}
}

/* --- records -------------------------------------------------------------------------------- */

static const char *
value_shown(const struct record *record, size_t field, const struct view *view)
{
	const struct field *what = &record->resource->fields[field];

	if (what->derive) {
		const char *value = what->derive(record, view);

		return value ? value : "";
	}
	if (what->type == &type_update_only)
		return "";
	/* A switch that was never set is off; only rows that are built in leave it open. */
	if (what->type == &type_boolean && record->values[field][0] == '\0' && record->resource->shape == SINGLETON)
		return "0";
	return record->values[field];
}

void
show_field(struct json *json, const struct field *field, const char *name, const char *value,
	   const struct view *view)
{
	const char *dot = strrchr(name, '.');
	const char *leaf = dot ? dot + 1 : name;

	if (strcmp(field->type->name, "alias_content") == 0) {
		show_alias_content(json, field, value, view);
		return;
	}
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
	bool                   done;
};

static void show_array(struct json *, const struct resource *, const struct view *);

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
	show_field(json, &entry->record->resource->fields[entry->field], entry->path,
		   value_shown(entry->record, entry->field, &own), &own);
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
add_fields(struct entry *entries, size_t count, const struct record *record)
{
	for (size_t i = 0; i < record->resource->nfields; i++) {
		const char *name = shown_name(&record->resource->fields[i]);

		BUG_IF(count == ENTRIES_MAX, "%s has too many fields", record->resource->name);
		if (name)
			entries[count++] = (struct entry){ .path = name, .record = record, .field = i };
	}
	return count;
}

void
show_record(struct json *json, const struct record *record, const struct view *view)
{
	struct entry entries[ENTRIES_MAX];
	const size_t count = add_fields(entries, 0, record);

	if (count)
		show_tree(json, entries, count, 0, view);
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
		show_record(json, record, view);
		json_object_end(json);
	}
	if (shown == 0)
		json_list(json);
	if (shown == 0)
		json_list_end(json);
	else
		json_object_end(json);
}

static bool
listed(const char *list, const char *path)
{
	return list && has_entry(list, ',', path);
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
			count = add_fields(entries, count, snapshot_single(view->snapshot, resource->name));
		else if (!listed(without, resource->path))
			entries[count++] = (struct entry){ .path = resource->path, .array = resource };
		BUG_IF(count == ENTRIES_MAX, "model %s is too large", model);
	}
	if (count)
		show_tree(json, entries, count, 0, view);
}

/* --- rows ----------------------------------------------------------------------------------- */

void
show_row(struct json *json, const struct record *record, struct labels *labels)
{
	const struct resource *resource = record->resource;

	json_put_string(json, "uuid", record->uuid);
	for (size_t i = 0; i < resource->nfields; i++) {
		const struct field *field = &resource->fields[i];
		const char         *name = shown_name(field);

		if (!name)
			continue;
		if (field->flags & SECRET || field->type == &type_update_only) {
			json_put_string(json, name, "");
			continue;
		}
		json_put_string(json, name, labels_value(labels, record, i));
		const struct label *label = labels_find(labels, record, i);

		if (label) {
			char room[128];

			snprintf(room, sizeof(room), "%%%s", name);
			json_put_string(json, room, label->text);
		}
	}
}
