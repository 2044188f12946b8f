/* Looking for mistakes in the tables, before a client finds them. */
#include "schema/facts.h"
#include "schema/type.h"

#include <string.h>

#include "base/buffer.h"
#include "schema/lists.h"
#include "schema/mask.h"

struct search {
	const struct schema   *schema;
	const struct facts    *facts;
	const struct resource *resource;
	const struct field    *field; /* NULL: the resource itself */
	struct arena          *arena;
	struct buffer         *out;
	bool                   clean;
};

static void __attribute__((format(printf, 2, 3)))
mistake(struct search *search, const char *format, ...)
{
	va_list args;

	buffer_print(search->out, "%s", search->resource->name);
	if (search->field)
		buffer_print(search->out, ", field %s", search->field->name ? search->field->name : "(none)");
	buffer_add_string(search->out, ": ");
	va_start(args, format);
	buffer_print_args(search->out, format, args);
	va_end(args);
	buffer_add_byte(search->out, '\n');
	search->clean = false;
}

static bool
has_field(const struct resource *resource, struct text name)
{
	return resource_find_field(resource, name) != SIZE_MAX;
}

/* Comma separated names must all be fields. */
static void
check_names(struct search *search, const struct resource *resource, const char *names, const char *what)
{
	struct text rest = text_of(names), name;

	while (text_next(&rest, ",", &name))
		if (!has_field(resource, name))
			mistake(search, "%s names %.*s, which %s has not", what, TEXT_ARGS(name), resource->name);
}

static void
check_mask(struct search *search, struct text mask, const char *what)
{
	const char *wrong = mask_mistake(mask);

	if (wrong)
		mistake(search, "%s %.*s: %s", what, TEXT_ARGS(mask), wrong);
}

static void
check_relation(struct search *search, const struct relation *relation)
{
	const struct resource *resource = schema_named(search->schema, relation->resource);
	struct text            rest = text_of(relation->filter), line;

	if (!resource) {
		mistake(search, "relation to %s, which is no resource", relation->resource);
		return;
	}
	check_names(search, resource, relation->display, "relation");
	while (text_next(&rest, "\n", &line)) {
		struct text regex = line;
		struct text name = text_until(&regex, '=');

		if (!has_field(resource, name))
			mistake(search, "filter by %.*s, which %s has not", TEXT_ARGS(name), resource->name);
		check_mask(search, regex, "filter");
	}
}

static void
check_constraint(struct search *search, const struct constraint *constraint)
{
	static const char operators[] = "gt,gte,lt,lte,eq,neq";

	check_names(search, search->resource, constraint->others, "constraint");
	if (constraint->kind != CONSTRAINT_UNIQUE && !constraint->others)
		mistake(search, "constraint without another field");
	if (constraint->kind == CONSTRAINT_COMPARE &&
	    (!constraint->value || !entries_have(operators, ',', text_of(constraint->value))))
		mistake(search, "COMPARE without an operator");
	if (constraint->kind == CONSTRAINT_UNIQUE && search->resource->shape != COLLECTION)
		mistake(search, "unique in a singleton");
}

/* Choices that wait for a configuration or a machine cannot be looked at here. */
static bool
is_checkable(const struct field *field)
{
	return !(field->flags & VOLATILE) && (!field->type->is_list || field->nchoices > 0);
}

static void
check_preset(struct search *search)
{
	const struct field  *field = search->field;
	struct record       *record = record_make(search->arena, search->resource);
	const struct view    view = { search->arena, NULL, search->facts, record };
	struct faults        faults = { .arena = search->arena };

	if (!field->preset || !field->preset[0] || !is_checkable(field))
		return;
	field_check(field, field->preset, &view, &faults);
	if (!faults_none(&faults))
		mistake(search, "refuses its own preset \"%s\": %s", field->preset, faults.first->message);
}

static const char *
shown_name(const struct field *field, size_t dialect)
{
	return field->as[dialect] ? field->as[dialect] : field->name;
}

static void
check_twins(struct search *search, size_t at)
{
	for (size_t other = 0; other < at; other++) {
		const struct field *twin = &search->resource->fields[other];

		if (strcmp(twin->name, search->field->name) == 0)
			mistake(search, "the name is there twice");
		for (size_t dialect = 0; dialect < DIALECTS; dialect++)
			if (strcmp(shown_name(twin, dialect), ABSENT) != 0 && strcmp(twin->name, search->field->name) != 0 &&
			    !((twin->flags | search->field->flags) & HIDDEN) &&
			    strcmp(shown_name(twin, dialect), shown_name(search->field, dialect)) == 0)
				mistake(search, "%s has its name in dialect %zu too", twin->name, dialect);
	}
}

static void
check_field(struct search *search, size_t at)
{
	const struct field *field = search->field = &search->resource->fields[at];

	if (!field->name || !field->type) {
		mistake(search, "no name or no type");
		return;
	}
	check_twins(search, at);
	if ((field->flags & LOW_LIMIT) && (field->flags & HIGH_LIMIT) && field->min > field->max)
		mistake(search, "limits cross");
	if (field->derive && !(field->flags & VOLATILE))
		mistake(search, "derived, but not volatile");
	if (field->mask)
		check_mask(search, text_of(field->mask), "mask");
	for (size_t i = 0; i < field->nconditions; i++)
		check_mask(search, text_of(field->conditions[i].regex), "condition");
	for (size_t i = 0; i < field->nrelations; i++)
		check_relation(search, &field->relations[i]);
	for (size_t i = 0; i < field->nconstraints; i++)
		check_constraint(search, &field->constraints[i]);
	check_preset(search);
}

static void
check_face(struct search *search, const struct face *face)
{
	const char *force = face->force ? arena_copy(search->arena, text_of(face->force)) : NULL;
	struct text rest = text_of(force);

	check_names(search, search->resource, face->search, "search");
	check_names(search, search->resource, face->sort, "sort");
	if (force && !has_field(search->resource, text_until(&rest, '=')))
		mistake(search, "%s forces a field that is not there: %s", face->at, force);
	if ((face->verbs & VERB_TOGGLE) && !has_field(search->resource, text_of(face->enabled ? face->enabled : "enabled")))
		mistake(search, "%s toggles a field that is not there", face->at);
	if ((face->verbs & (VERB_ADD | VERB_DELETE | VERB_TOGGLE)) && search->resource->shape != COLLECTION)
		mistake(search, "%s adds to a singleton", face->at);
}

static void
check_resource(struct search *search, size_t at)
{
	const struct resource *resource = search->resource = schema_at(search->schema, at);

	search->field = NULL;
	for (size_t other = 0; other < at; other++)
		if (strcmp(schema_at(search->schema, other)->name, resource->name) == 0)
			mistake(search, "the name is there twice");
	if (!resource->summary)
		mistake(search, "no summary");
	check_names(search, resource, resource->key, "key");
	for (size_t dialect = 0; dialect < DIALECTS; dialect++)
		for (const struct face *face = resource->faces[dialect]; face && face->at; face++)
			check_face(search, face);
	for (size_t i = 0; i < resource->nfields; i++)
		check_field(search, i);
}

bool
schema_check(const struct schema *schema, const struct facts *facts, struct buffer *mistakes)
{
	scoped_arena  arena = arena_new();
	struct search search = { .schema = schema, .facts = facts, .arena = arena, .out = mistakes, .clean = true };

	for (size_t i = 0; i < schema_count(schema); i++)
		check_resource(&search, i);
	return search.clean;
}
