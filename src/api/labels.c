/*
 * A table of labels for each field that has choices, filled when the field is first looked at.
 * Values that came from the same default share one address, so the last answer is kept by
 * address: most look-ups end there. Where hardly any value comes twice there is no table: to ask
 * the type each time is quicker than to keep what nobody looks for again.
 */
#include "api/labels.h"

#include <string.h>

#include "base/buffer.h"
#include "base/map.h"

#define SPARSE 256 /* values that are kept in any case */

struct column {
	const struct field *field;
	bool                plain; /* values are their own labels */
	bool                ready;
	struct map         *known; /* value -> struct label; those without a label of their own have text NULL */
	size_t              hits;   /* values that were in it */
	struct label        single; /* of the last value, when it is not kept */
	const char         *last;
	struct label       *last_label;
};

struct labels {
	struct view            view;
	const struct resource *resource;
	struct column         *columns;
};

struct labels *
labels_make(const struct view *view, const struct resource *resource)
{
	struct labels *labels = ARENA_MAKE(view->arena, struct labels, 1);

	labels->view = *view;
	labels->resource = resource;
	labels->columns = ARENA_MAKE(view->arena, struct column, resource->nfields);
	for (size_t i = 0; i < resource->nfields; i++) {
		labels->columns[i].field = &resource->fields[i];
		const struct type *type = resource->fields[i].type;

		labels->columns[i].plain = type->is_bare || (!type->find && !(type->is_list && type->choices));
	}
	return labels;
}

const struct resource *
labels_resource(const struct labels *labels)
{
	return labels->resource;
}

bool
labels_are_values(const struct labels *labels, size_t field)
{
	return labels->columns[field].plain;
}

const char *
labels_value(struct labels *labels, const struct record *record, size_t field)
{
	const struct field *what = &labels->resource->fields[field];

	if (!what->derive)
		return record->values[field];
	labels->view.record = record;
	const char *value = what->derive(record, &labels->view);

	return value ? value : "";
}

static struct label *
keep(struct labels *labels, struct column *column, const char *value, const char *text)
{
	struct label *label = ARENA_MAKE(labels->view.arena, struct label, 1);

	label->text = text;
	map_set(column->known, text_of(value), label);
	return label;
}

struct filling {
	struct labels *labels;
	struct column *column;
};

static void
fill(void *context, const struct choice *choice)
{
	struct filling *filling = context;
	struct arena   *arena = filling->labels->view.arena;
	const bool      same = !choice->label || strcmp(choice->label, choice->key) == 0;

	if (!map_get(filling->column->known, text_of(choice->key)))
		keep(filling->labels, filling->column, arena_copy(arena, text_of(choice->key)),
		     same ? NULL : arena_copy(arena, text_of(choice->label)));
}

/* Types that can find one choice are asked when it is needed; the others give all of them now. */
static void
make_ready(struct labels *labels, struct column *column)
{
	struct filling filling = { labels, column };

	column->known = map_make(labels->view.arena);
	column->ready = true;
	labels->view.record = NULL;
	if (!column->field->type->find)
		column->field->type->choices(column->field, "", &labels->view, fill, &filling);
}

/* Names of networks hold none of these, addresses do. */
static bool
is_literal(const struct column *column, struct text entry)
{
	return !column->field->type->is_list && strcspn(entry.ptr, ".:/,") < entry.len;
}

/* The label that the type has for it; NULL: none. */
static const char *
ask_type(struct labels *labels, const struct column *column, struct text entry)
{
	const struct type   *type = column->field->type;
	const struct choice *choice = (type->labelled ? type->labelled : type->find)(column->field, entry, &labels->view);
	const bool           same = !choice || !choice->label || text_is(entry, choice->label);

	return same ? NULL : arena_copy(labels->view.arena, text_of(choice->label));
}

static struct label *
find_entry(struct labels *labels, struct column *column, struct text entry)
{
	struct label *label = map_get(column->known, entry);

	if (label || !column->field->type->find || is_literal(column, entry))
		return label;
	return keep(labels, column, arena_copy(labels->view.arena, entry), ask_type(labels, column, entry));
}

/* A list: the labels of its entries, when any of them differs. */
static struct label *
join(struct labels *labels, struct column *column, const char *value)
{
	scoped_buffer joined = BUFFER_NONE;
	bool          differs = false;
	struct text   rest = text_of(value), piece;

	while (text_next(&rest, ",", &piece)) {
		const struct label *label = find_entry(labels, column, piece);

		if (joined.len)
			buffer_add_string(&joined, ", ");
		if (label && label->text) {
			buffer_add_string(&joined, label->text);
			differs = true;
		} else {
			buffer_add(&joined, piece);
		}
	}
	const char *copy = arena_copy(labels->view.arena, text_of(value));

	return keep(labels, column, copy, differs ? arena_copy(labels->view.arena, buffer_text(&joined)) : NULL);
}

/* Is it known by now that a table is of no use? Of a type that gives all choices at once there is one in any case. */
static bool
is_sparse(const struct column *column)
{
	return column->field->type->find && map_count(column->known) > SPARSE && column->hits < map_count(column->known);
}

static struct label *
find_value(struct labels *labels, struct column *column, const char *value)
{
	const struct text text = text_of(value);
	const bool        is_many = memchr(value, ',', text.len);

	/* Most networks are addresses, and those are their own label. */
	if (!is_many && is_literal(column, text))
		return NULL;
	if (is_many && (column->field->flags & MANY)) {
		struct label *label = map_get(column->known, text);

		return label ? label : join(labels, column, value);
	}
	if (is_sparse(column) && !is_literal(column, text)) {
		column->single = (struct label){ .text = ask_type(labels, column, text) };
		return &column->single;
	}
	const size_t  known = map_count(column->known);
	struct label *label = find_entry(labels, column, text);

	column->hits += map_count(column->known) == known;
	return label;
}

struct label *
labels_find(struct labels *labels, const struct record *record, size_t field)
{
	struct column *column = &labels->columns[field];

	if (column->plain)
		return NULL;
	const char *value = labels_value(labels, record, field);

	if (value[0] == '\0')
		return NULL;
	if (value != column->last && (!column->last || strcmp(value, column->last) != 0)) {
		if (!column->ready)
			make_ready(labels, column);
		column->last_label = find_value(labels, column, value);
		column->last = value;
	}
	return column->last_label && column->last_label->text ? column->last_label : NULL;
}

const char *
labels_text(struct labels *labels, const struct record *record, size_t field)
{
	const struct label *label = labels_find(labels, record, field);

	return label ? label->text : labels_value(labels, record, field);
}
