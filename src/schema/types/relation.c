/* The type of fields that name records of other resources by uuid. */
#include "schema/types.h"

#include <string.h>

#include "base/buffer.h"
#include "schema/lists.h"
#include "schema/mask.h"
#include "schema/snapshot.h"

/* "field=regex" lines: all must match. */
static bool
passes(const struct record *record, const char *filter)
{
	struct text rest = text_of(filter), line;

	while (text_next(&rest, "\n", &line)) {
		struct text  regex = line;
		struct text  name = text_until(&regex, '=');
		const size_t at = resource_find_field(record->resource, name);

		BUG_IF(at == SIZE_MAX, "%s has no field %.*s", record->resource->name, TEXT_ARGS(name));
		if (!mask_matches(regex, false, text_of(record->values[at])))
			return false;
	}
	return true;
}

/* One displayed field: its own label where it has one. */
static const char *
part_of_label(const struct record *record, struct text name, const struct view *view)
{
	const size_t at = resource_find_field(record->resource, name);
	struct view  beside = *view;

	BUG_IF(at == SIZE_MAX, "%s has no field %.*s", record->resource->name, TEXT_ARGS(name));
	beside.record = record;
	return field_label(&record->resource->fields[at], record->values[at], &beside);
}

static const char *
label_of(const struct relation *relation, const struct record *record, const struct view *view)
{
	struct text   rest = text_of(relation->display), name, format = text_of(relation->format);
	scoped_buffer label = BUFFER_NONE;

	if (!relation->format && !text_contains(rest, TEXT(",")))
		return part_of_label(record, rest, view);
	for (bool first = true; text_next(&rest, ",", &name); first = false) {
		if (!relation->format && !first)
			buffer_add_byte(&label, ' ');
		buffer_add(&label, text_until(&format, '%'));
		format = text_after(format, 1); /* the s */
		buffer_add_string(&label, part_of_label(record, name, view));
	}
	buffer_add(&label, format);
	return arena_copy(view->arena, buffer_text(&label));
}

static void
add(struct choice_list *list, const struct relation *relation, const struct record *record, const struct view *view)
{
	if (relation->filter && !passes(record, relation->filter))
		return;
	choice_list_add(list, record->uuid, label_of(relation, record, view), NULL);
}

static const struct resource *
resource_of(const struct relation *relation, const struct view *view)
{
	const struct resource *resource = schema_named(snapshot_schema(view->snapshot), relation->resource);

	BUG_IF(!resource, "no resource %s", relation->resource);
	return resource;
}

static void
relation_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                 void *context)
{
	struct choice_list list = { .arena = view->arena };

	(void)value;
	for (size_t i = 0; i < field->nrelations && view->snapshot; i++) {
		const struct relation   *relation = &field->relations[i];
		const struct resource   *resource = resource_of(relation, view);
		const struct collection *records = snapshot_collection(view->snapshot, resource);
		const struct record     *record;

		for (size_t j = 0; j < collection_count(records); j++)
			add(&list, relation, collection_at(records, j), view);
		for (size_t j = 0; resource->builtin && (record = resource->builtin(j, view)); j++)
			add(&list, relation, record, view);
	}
	choice_list_sort_labels(&list);
	choice_list_give(&list, choose_one, context);
}

static const struct record *
find_builtin(const struct resource *resource, struct text uuid, const struct view *view)
{
	const struct record *record;

	for (size_t i = 0; resource->builtin && (record = resource->builtin(i, view)); i++)
		if (text_is(uuid, record->uuid))
			return record;
	return NULL;
}

static const struct choice *
relation_find(const struct field *field, struct text key, const struct view *view)
{
	for (size_t i = 0; i < field->nrelations && view->snapshot && key.len > 0; i++) {
		const struct relation *relation = &field->relations[i];
		const struct resource *resource = resource_of(relation, view);
		const struct record   *record = collection_find(snapshot_collection(view->snapshot, resource), key);

		if (!record)
			record = find_builtin(resource, key, view);
		if (!record || (relation->filter && !passes(record, relation->filter)))
			continue;
		struct choice *choice = ARENA_MAKE(view->arena, struct choice, 1);

		*choice = (struct choice){ record->uuid, label_of(relation, record, view), NULL };
		return choice;
	}
	return NULL;
}

const struct type type_relation = {
	.name = "relation", .is_list = true, .check = check_choices, .choices = relation_choices, .find = relation_find,
};
