/* Checking values and records: what holds for every type, and the constraints between fields. */
#include "schema/type.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "schema/hosts.h"
#include "schema/lists.h"
#include "schema/mask.h"
#include "schema/snapshot.h"

/* --- one value ---------------------------------------------------------------------------------- */

/* "5" and " 5.0" are one number; a mask that finds one in the other is content. */
static bool
same_number(struct text a, struct text b)
{
	double x, y;

	return number_read_real(text_trim(a), &x) && number_read_real(text_trim(b), &y) && x == y;
}

/* The mask must cover all of the text, whether it says so or not. */
static bool
mask_covers(const struct field *field, struct text t)
{
	struct text found;

	return mask_find(text_of(field->mask), field->flags & MASK_ANY_CASE, t, &found) &&
	       (found.len == t.len || same_number(found, t));
}

static bool
mask_passes(const struct field *field, const char *value)
{
	struct entries entries = entries_of(value, field_separator(field));
	struct text    entry;

	if (!(field->flags & MASK_PER_ITEM))
		return mask_covers(field, text_of(value));
	while (entry_next(&entries, &entry))
		if (!mask_covers(field, entry))
			return false;
	return true;
}

void
field_check(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	const size_t before = faults->count;

	if (value[0] == '\0') {
		if (field->flags & REQUIRED)
			faults_add(faults, field->name, FAULT_REQUIRED, "A value is required.");
		return;
	}
	if (field->type->check)
		field->type->check(field, value, view, faults);
	if (field->mask && faults->count == before && !mask_passes(field, value))
		faults_add(faults, field->name, FAULT_FORMAT, "%s",
		           field->help ? field->help : "This does not have the form that is expected here.");
}

bool
field_accepts(const struct field *field, const char *value, const struct view *view)
{
	struct faults faults = { .arena = view->arena };

	field_check(field, value, view, &faults);
	return faults_none(&faults);
}

const char *
field_normal(const struct field *field, const char *value, const struct view *view)
{
	if (field->type->normal)
		value = field->type->normal(field, value, view);
	if (field->flags & UPPER)
		value = uppered(value, view);
	if (field->flags & LOWER)
		value = lowered(value, view);
	return value;
}

static const char *
entry_label(const struct field *field, struct text entry, const struct view *view)
{
	const struct choice *choice = field_choice(field, entry, view);

	return choice && choice->label ? choice->label : arena_copy(view->arena, entry);
}

const char *
field_label(const struct field *field, const char *value, const struct view *view)
{
	struct entries entries = entries_of(value, field_separator(field));
	struct text    entry;
	scoped_buffer  labels = BUFFER_NONE;

	if ((!field->type->is_list && !field->type->find) || value[0] == '\0')
		return value;
	if (!(field->flags & MANY))
		return entry_label(field, text_of(value), view);
	while (entry_next(&entries, &entry)) {
		if (labels.len)
			buffer_add_string(&labels, ", ");
		buffer_add_string(&labels, entry_label(field, entry, view));
	}
	return arena_copy(view->arena, buffer_text(&labels));
}

/* --- constraints -------------------------------------------------------------------------------- */

static bool
is_empty(const char *value)
{
	return value[0] == '\0' || strcmp(value, "0") == 0;
}

static void
violated(const struct field *field, const struct constraint *constraint, enum fault_kind kind, const char *message,
         struct faults *faults)
{
	faults_add(faults, field->name, kind, "%s", constraint->message ? constraint->message : message);
}

/* The fields that are unique together. */
static struct index
index_of(const struct resource *resource, const struct field *field, const struct constraint *constraint)
{
	struct index by = { .fields = { (size_t)(field - resource->fields) }, .count = 1, .any_case = constraint->any_case };
	struct text  rest = text_of(constraint->others), name;

	while (text_next(&rest, ",", &name)) {
		BUG_IF(by.count == INDEX_FIELDS_MAX, "%s: too many fields are unique together", resource->name);
		by.fields[by.count++] = resource_find_field(resource, name);
	}
	return by;
}

static bool
is_taken(const struct record *record, const struct field *field, const struct constraint *constraint,
         const struct view *view)
{
	const struct index by = index_of(record->resource, field, constraint);

	return collection_twin(snapshot_collection(view->snapshot, record->resource), &by, record) != NULL;
}

static void
check_unique(const struct record *record, const struct field *field, const struct constraint *constraint,
             const struct view *view, struct faults *faults)
{
	const char *value = record_get(record, field->name);

	if ((value[0] == '\0' && !(field->flags & REQUIRED)) || !view->snapshot || record->resource->shape != COLLECTION)
		return;
	if (is_taken(record, field, constraint, view))
		violated(field, constraint, FAULT_UNIQUE,
		         constraint->others ? "Another record has this combination already." : "Another record has this already.",
		         faults);
}

/* How many of the other fields are set; "0" counts where zero does. */
static size_t
count_set(const struct record *record, const struct constraint *constraint, bool zero)
{
	struct text rest = text_of(constraint->others), name;
	size_t      count = 0;

	while (text_next(&rest, ",", &name)) {
		const char *value = record->values[resource_find_field(record->resource, name)];

		count += zero ? value[0] != '\0' : !is_empty(value);
	}
	return count;
}

static void
check_compared(const struct record *record, const struct field *field, const struct constraint *constraint,
               struct faults *faults)
{
	static const char *const operators[] = { "gt", "gte", "lt", "lte", "eq", "neq", NULL };
	int64_t                  mine, other;
	size_t                   at = 0;

	if (!integer_read(record_text(record, field->name), &mine) ||
	    !integer_read(record_text(record, constraint->others), &other))
		return;
	while (operators[at] && strcmp(operators[at], constraint->value) != 0)
		at++;
	const bool holds[] = { mine > other, mine >= other, mine < other, mine <= other, mine == other, mine != other };

	BUG_IF(!operators[at], "%s: no operator %s", field->name, constraint->value);
	if (!holds[at])
		violated(field, constraint, FAULT_CONFLICT, "This number does not go with the other one.", faults);
}

static void
check_constraint(const struct record *record, const struct field *field, const struct constraint *constraint,
                 const struct view *view, struct faults *faults);

static void
check_constraints_of(const struct record *record, const struct field *field, const struct view *view,
                     struct faults *faults)
{
	for (size_t i = 0; i < field->nconstraints; i++)
		check_constraint(record, field, &field->constraints[i], view, faults);
}

/* References do not lead to references. */
static void
check_referred(const struct record *record, const struct constraint *reference, const struct view *view,
               struct faults *faults)
{
	const struct field *field = &record->resource->fields[resource_field(record->resource, reference->others)];

	for (size_t i = 0; i < field->nconstraints; i++)
		if (field->constraints[i].kind != CONSTRAINT_REFER)
			check_constraint(record, field, &field->constraints[i], view, faults);
}

static void
check_constraint(const struct record *record, const struct field *field, const struct constraint *constraint,
                 const struct view *view, struct faults *faults)
{
	const char *value = record_get(record, field->name);
	const bool  set = value[0] != '\0', empty = is_empty(value);
	size_t      others;

	switch (constraint->kind) {
	case CONSTRAINT_UNIQUE:
		check_unique(record, field, constraint, view, faults);
		break;
	case CONSTRAINT_DEPEND:
		if (empty && count_set(record, constraint, false) > 0)
			violated(field, constraint, FAULT_CONFLICT, "This is needed when a related field is set.", faults);
		break;
	case CONSTRAINT_SET:
		if (!set && count_set(record, constraint, true) > 0)
			violated(field, constraint, FAULT_CONFLICT, "This is needed when a related field is set.", faults);
		break;
	case CONSTRAINT_SET_IF:
		if (empty && strcmp(record_get(record, constraint->others), constraint->value ? constraint->value : "") == 0)
			violated(field, constraint, FAULT_CONFLICT, "This is needed with the choice made elsewhere.", faults);
		break;
	case CONSTRAINT_SINGLE_SELECT:
		others = count_set(record, constraint, false) + !empty;
		if (others > 1 || (others == 0 && constraint->required))
			violated(field, constraint, FAULT_CONFLICT, "Only one of these fields may be set.", faults);
		break;
	case CONSTRAINT_ALL_OR_NONE:
		others = count_set(record, constraint, false);
		if (others + !empty != 0 && (empty || others != entries_count(constraint->others, ',')))
			violated(field, constraint, FAULT_CONFLICT, "Set all of these fields or none.", faults);
		break;
	case CONSTRAINT_COMPARE:
		check_compared(record, field, constraint, faults);
		break;
	case CONSTRAINT_REFER:
		check_referred(record, constraint, view, faults);
		break;
	}
}

static bool
changed(const struct record *record, const struct record *before, size_t field)
{
	return !before || strcmp(record->values[field], before->values[field]) != 0;
}

void
constraints_check(const struct record *record, const struct record *before, const struct view *view,
                  struct faults *faults)
{
	struct view own = *view;

	own.record = record;
	for (size_t i = 0; i < record->resource->nfields; i++)
		if (changed(record, before, i))
			check_constraints_of(record, &record->resource->fields[i], &own, faults);
}

/* --- records ------------------------------------------------------------------------------------ */

struct record *
record_edit(const struct record *before, const struct view *view)
{
	struct record *record = record_copy(view->arena, before);
	struct view    own = *view;

	own.record = before;
	for (size_t i = 0; i < before->resource->nfields; i++)
		if (before->resource->fields[i].derive)
			record_put(record, i, before->resource->fields[i].derive(before, &own));
	return record;
}

void
record_check(const struct record *record, const struct record *before, bool only_changed, const struct view *view,
             struct faults *faults)
{
	struct view own = *view;

	own.record = record;
	for (size_t i = 0; i < record->resource->nfields; i++) {
		if (only_changed && !changed(record, before, i))
			continue;
		field_check(&record->resource->fields[i], record->values[i], &own, faults);
		check_constraints_of(record, &record->resource->fields[i], &own, faults);
	}
	if (record->resource->check)
		record->resource->check(record, &own, faults);
}
