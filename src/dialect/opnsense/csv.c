/*
 * Tables of records as files. An upload matches rows with records by uuid or by key, keeps the
 * rows that are valid and tells about the others.
 */
#include <string.h>

#include "api/verbs.h"
#include "base/map.h"
#include "dialect/opnsense/csv_text.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "schema/lists.h"
#include "schema/types.h"

#define UUID_COLUMN "@uuid"

static bool
has_column(const struct twist *twist, const struct field *field)
{
	if (twist->fields)
		return is_listed(twist->fields, field->name);
	return shown_name(field) && !(field->flags & VOLATILE) && !is_listed(twist->without, field->name);
}

static bool
by_uuid(const struct twist *twist)
{
	return strcmp(twist->key, UUID_COLUMN) == 0;
}

/* --- names for uuids ------------------------------------------------------------------------ */

/* Each entry of a list as another word for it; NULL: it stays. */
typedef const char *rename_entry(void *context, const struct field *, struct text entry, const struct view *);

static const char *
renamed(const struct field *field, const char *value, rename_entry *name, void *context, const struct view *view)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   rest = text_of(value), entry;

	if (field->type != &type_relation || value[0] == '\0')
		return value;
	while (text_next(&rest, ",", &entry)) {
		const char *other = name(context, field, entry, view);

		if (out.len)
			buffer_add_byte(&out, ',');
		if (other)
			buffer_add_string(&out, other);
		else
			buffer_add(&out, entry);
	}
	return arena_copy(view->arena, buffer_text(&out));
}

static const char *
label_of(void *context, const struct field *field, struct text uuid, const struct view *view)
{
	const struct choice *choice = field_choice(field, uuid, view);

	(void)context;
	return choice ? (choice->label ? choice->label : choice->key) : NULL;
}

/* --- download ------------------------------------------------------------------------------- */

static void
put_header(struct buffer *out, const struct resource *resource, const struct twist *twist)
{
	bool first = true;

	if (by_uuid(twist)) {
		csv_put(out, true, UUID_COLUMN);
		first = false;
	}
	for (size_t i = 0; i < resource->nfields; i++)
		if (has_column(twist, &resource->fields[i])) {
			csv_put(out, first, shown_name(&resource->fields[i]));
			first = false;
		}
	buffer_add_byte(out, '\n');
}

void
regular_download(struct call *call)
{
	const struct resource   *resource = call->route->resource;
	const struct twist      *twist = call->route->twist;
	const struct collection *collection = snapshot_collection(call->request->snapshot, resource);
	struct buffer           *out = &call->request->reply.body;

	answer_begin(call, 200, TYPE_CSV);
	for (size_t i = 0; i < collection_count(collection); i++) {
		const struct record *record = collection_at(collection, i);
		const struct view    view = call_view(call, record);
		bool                 first = true;

		if (i == 0)
			put_header(out, resource, twist);
		if (by_uuid(twist)) {
			csv_put(out, true, record->uuid);
			first = false;
		}
		for (size_t j = 0; j < resource->nfields; j++) {
			const struct field *field = &resource->fields[j];

			if (!has_column(twist, field))
				continue;
			const char *value = field->flags & SECRET ? ""
					    : field->derive   ? field->derive(record, &view)
							      : record->values[j];

			csv_put(out, first,
				is_listed(twist->names, field->name) ? renamed(field, value, label_of, NULL, &view) : value);
			first = false;
		}
		buffer_add_byte(out, '\n');
	}
}

/* --- upload --------------------------------------------------------------------------------- */

struct upload {
	struct call   *call;
	struct csv_row header;
	struct value  *validations, *uuids;
	struct map    *known; /* records by key; NULL: they are known by uuid */
	struct map    *rows;  /* rows by uuid, as in `uuids` */
	struct map   **labels; /* of each field that is written as names: uuids by them; NULL: nobody has asked yet */
	struct value  *nameless; /* complaints about rows that are no record: these are told first */
	int64_t        row, inserted, updated;
};

static void
complain(struct upload *upload, const char *field, const char *message)
{
	struct arena *arena = upload->call->request->arena;
	struct value *entry = value_object(arena);

	value_set(arena, entry, "sequence", value_integer(arena, upload->row));
	value_set_string(arena, entry, "message", message);
	if (field)
		value_set_string(arena, entry, "field", field);
	value_add(arena, field && strcmp(field, UUID_COLUMN) == 0 ? upload->nameless : upload->validations, entry);
}

static struct text
cell(const struct upload *upload, const struct csv_row *row, const char *column, bool *found)
{
	for (size_t i = 0; i < upload->header.count && i < row->count; i++)
		if (text_is(upload->header.cells[i], column)) {
			*found = true;
			return row->cells[i];
		}
	*found = false;
	return TEXT_NONE;
}

/* What a row or a record is known by: its key columns, each with its length before it. */
static void
add_key(struct buffer *key, struct text value)
{
	buffer_print(key, "%zu:", value.len);
	buffer_add(key, value);
}

static struct map *
index_records(struct call *call)
{
	struct arena            *arena = call->request->arena;
	struct map              *out = map_make(arena);
	const struct collection *collection = snapshot_collection(call->request->snapshot, call->route->resource);
	scoped_buffer            key = BUFFER_NONE;

	for (size_t i = 0; i < collection_count(collection); i++) {
		const struct record *record = collection_at(collection, i);
		struct text          names = text_of(call->route->twist->key), name;

		buffer_cut(&key, 0);
		while (text_next(&names, ",", &name))
			add_key(&key, text_of(record->values[resource_find_field(record->resource, name)]));
		/* Of several with one key the first is meant. */
		if (!map_get(out, buffer_text(&key)))
			map_set(out, (struct text){ arena_copy(arena, buffer_text(&key)), key.len }, (void *)record);
	}
	return out;
}

static const struct record *
find_meant(const struct upload *upload, const struct csv_row *row)
{
	const struct route *route = upload->call->route;
	struct text         names = text_of(route->twist->key), name;
	scoped_buffer       key = BUFFER_NONE;
	bool                found = false;

	while (text_next(&names, ",", &name)) {
		add_key(&key, cell(upload, row, route->resource->fields[resource_find_field(route->resource, name)].name, &found));
		if (!found)
			return NULL;
	}
	return map_get(upload->known, buffer_text(&key));
}

/* The record a row is about: a copy of what there is, or a new one. NULL: it makes no sense. */
static struct record *
start_record(struct upload *upload, const struct csv_row *row, const struct record **before)
{
	struct request *request = upload->call->request;
	const bool      direct = by_uuid(upload->call->route->twist);
	bool            found = false;
	const struct text uuid = direct ? cell(upload, row, UUID_COLUMN, &found) : TEXT_NONE;

	if (uuid.len && !uuid_is_valid(uuid)) {
		complain(upload, UUID_COLUMN, "This is no version 4 uuid in lower case.");
		return NULL;
	}
	*before = !direct ? find_meant(upload, row) : uuid.len ? regular_stored(upload->call, uuid) : NULL;
	if (*before)
		return verb_edit(request, *before);
	struct record    *record = verb_fresh(request, upload->call->route->resource);
	const struct uuid made = uuid_new();

	memcpy(record->uuid, uuid.len ? uuid.ptr : made.text, UUID_LENGTH);
	return record;
}

struct labels {
	struct arena *arena;
	struct map   *map;
};

/* Of several with one label the first is meant. */
static void
add_label(void *context, const struct choice *choice)
{
	struct labels    *labels = context;
	const struct text label = text_of(choice->label ? choice->label : choice->key);

	if (!map_get(labels->map, label))
		map_set(labels->map, (struct text){ arena_copy(labels->arena, label), label.len },
			arena_copy(labels->arena, text_of(choice->key)));
}

/* All rows ask for the same, and nothing that a row names is changed by rows before it. */
static const char *
uuid_of(void *context, const struct field *field, struct text label, const struct view *view)
{
	struct upload *upload = context;
	struct map   **map = &upload->labels[field - view->record->resource->fields];

	if (!*map) {
		*map = map_make(view->arena);
		field->type->choices(field, "", view, add_label, &(struct labels){ view->arena, *map });
	}
	return map_get(*map, label);
}

static void
fill_record(struct upload *upload, const struct csv_row *row, struct record *record)
{
	const struct view   view = call_view(upload->call, record);
	const struct twist *twist = upload->call->route->twist;

	for (size_t i = 0; i < record->resource->nfields; i++) {
		const struct field *field = &record->resource->fields[i];
		const char         *name = shown_name(field);
		bool                found = false;

		if (!name || !has_column(twist, field) || field->flags & SECRET)
			continue;
		const struct text sent = cell(upload, row, name, &found);
		const char       *value = arena_copy(view.arena, sent);

		if (!found)
			continue;
		if (is_listed(twist->names, field->name))
			value = renamed(field, value, uuid_of, upload, &view);
		record_put(record, i, field_normal(field, value, &view));
	}
}

/* The last row about a record counts. */
static void
take_uuid(struct upload *upload, struct text uuid)
{
	struct arena *arena = upload->call->request->arena;
	struct value *row = map_get(upload->rows, uuid);

	if (row) {
		row->integer = upload->row;
		return;
	}
	row = value_integer(arena, upload->row);
	value_append(arena, upload->uuids, uuid, row);
	map_set(upload->rows, (struct text){ arena_copy(arena, uuid), uuid.len }, row);
}

static void
take_row(struct upload *upload, const struct csv_row *row)
{
	struct request      *request = upload->call->request;
	const struct twist  *twist = upload->call->route->twist;
	const struct record *before = NULL;
	struct record       *record = start_record(upload, row, &before);
	struct faults        faults = { .arena = request->arena };

	if (!record)
		return;
	fill_record(upload, row, record);
	upload->updated += before != NULL;
	upload->inserted += before == NULL;
	take_uuid(upload, text_of(record->uuid));
	if (twist->prepare && !twist->prepare(upload->call, before, record, &faults))
		return;
	if (before)
		verb_set(request, before, record, true, &faults);
	else
		verb_add(request, record, &faults);
	for (const struct fault *fault = faults.first; fault; fault = fault->next)
		complain(upload, fault->field, fault->message);
}

static void
answer_upload(const struct upload *upload)
{
	struct call  *call = upload->call;
	struct arena *arena = call->request->arena;
	struct value *answer = value_object(arena), *names = value_list(arena);

	for (size_t i = 0; i < upload->header.count; i++)
		value_add(arena, names, value_text(arena, upload->header.cells[i]));
	for (size_t i = 0; i < upload->validations->count; i++)
		value_add(arena, upload->nameless, upload->validations->members[i].value);
	value_set(arena, answer, "validations", upload->nameless);
	value_set(arena, answer, "inserted", value_integer(arena, upload->inserted));
	value_set(arena, answer, "updated", value_integer(arena, upload->updated));
	value_set(arena, answer, "uuids", upload->uuids);
	value_set(arena, answer, "fieldnames", names);
	call->request->keep = call->request->always = true;
	answer_value(call, answer);
}

void
regular_upload(struct call *call)
{
	struct arena *arena = call->request->arena;
	const char   *payload = value_as_string(arena, value_get(call->input, "payload"));
	struct upload upload = { .call = call, .validations = value_list(arena),
				 .uuids = value_object(arena), .nameless = value_list(arena), .rows = map_make(arena),
				 .labels = ARENA_MAKE(arena, struct map *, call->route->resource->nfields),
				 .known = by_uuid(call->route->twist) ? NULL : index_records(call) };
	struct csv    csv = csv_start(text_of(payload ? payload : ""));
	struct csv_row row;

	if (!payload || !csv_next(&csv, arena, &upload.header)) {
		answer_word(call, "status", "failed");
		return;
	}
	for (; csv_next(&csv, arena, &row); upload.row++)
		take_row(&upload, &row);
	answer_upload(&upload);
}
