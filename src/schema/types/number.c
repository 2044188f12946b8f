/* Types of numbers. */
#include "schema/types.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "schema/hosts.h"
#include "schema/lists.h"
#include "schema/snapshot.h"

/* What a number without limits of its own may be. */
#define NUMERIC_LIMIT 99999999999999.0

bool
integer_read(struct text t, int64_t *out)
{
	const bool negative = (t = text_trim(t)).len > 0 && t.ptr[0] == '-';

	if (negative || (t.len > 0 && t.ptr[0] == '+'))
		t = text_after(t, 1);
	if (t.len == 0 || t.ptr[0] < '0' || t.ptr[0] > '9' || (t.ptr[0] == '0' && t.len > 1))
		return false;
	if (!number_read(t, 0, INT64_MAX, out))
		return false;
	if (negative)
		*out = -*out;
	return true;
}

static void
check_range(const struct field *field, int64_t number, struct faults *faults)
{
	const bool low = field->flags & LOW_LIMIT, high = field->flags & HIGH_LIMIT;

	if ((!low || number >= field->min) && (!high || number <= field->max))
		return;
	if (low && high)
		faults_add(faults, field->name, FAULT_RANGE, "This must be a number from %lld to %lld.",
		           (long long)field->min, (long long)field->max);
	else
		faults_add(faults, field->name, FAULT_RANGE, "This must be a number of at %s %lld.", low ? "least" : "most",
		           (long long)(low ? field->min : field->max));
}

static void
check_integer(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	int64_t number;

	(void)view;
	if (!integer_read(text_of(value), &number))
		faults_add(faults, field->name, FAULT_FORMAT, "This must be a whole number.");
	else
		check_range(field, number, faults);
}

const struct type type_integer = { .name = "integer", .check = check_integer };

/* "-1", "5", "05", "1.5": no "+", no exponent. */
static bool
is_numeric(const char *value)
{
	const char *at = value + (value[0] == '-');
	const size_t digits = strspn(at, "0123456789");

	at += digits;
	if (*at == '.')
		at += 1 + strspn(at + 1, "0123456789");
	return digits > 0 && *at == '\0';
}

static void
check_numeric(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	const double low = field->flags & LOW_LIMIT ? (double)field->min : -NUMERIC_LIMIT;
	const double high = field->flags & HIGH_LIMIT ? (double)field->max : NUMERIC_LIMIT;
	double       number;

	(void)view;
	if (!is_numeric(value) || !number_read_real(text_of(value), &number))
		faults_add(faults, field->name, FAULT_FORMAT, "This must be a number.");
	else if (number < low || number > high)
		faults_add(faults, field->name, FAULT_RANGE, "This number is out of range.");
}

const struct type type_numeric = { .name = "numeric", .check = check_numeric };

/* --- numbers that are given out --------------------------------------------------------------- */

static int64_t
first_number(const struct field *field)
{
	return field->flags & LOW_LIMIT ? field->min : 1;
}

static void
check_auto_number(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct field copy = *field;

	copy.min = first_number(field);
	copy.flags |= LOW_LIMIT;
	check_integer(&copy, value, view, faults);
}

static bool
rank_of(const struct index *by, const struct record *record, struct rank *rank)
{
	int64_t number;

	if (!number_read(text_of(record->values[by->fields[0]]), INT64_MIN, INT64_MAX, &number))
		return false;
	*rank = rank_of_number(number);
	return true;
}

static struct index
index_of(const struct field *field, const struct view *view)
{
	return (struct index){ .fields = { (size_t)(field - view->record->resource->fields) }, .count = 1, .rank = rank_of };
}

int64_t
number_lowest_free(const struct field *field, const struct view *view, int64_t from)
{
	const struct index by = index_of(field, view);

	return collection_lowest_free(snapshot_collection(view->snapshot, view->record->resource), &by, from);
}

int64_t
number_highest(const struct field *field, const struct view *view, int64_t otherwise)
{
	const struct collection *records = snapshot_collection(view->snapshot, view->record->resource);
	const struct index       by = index_of(field, view);
	const struct rank        last = rank_of_number(INT64_MAX);
	struct rank              found;

	if (!collection_to(records, &by, &last, "", &found) || number_of_rank(&found) < otherwise)
		return otherwise;
	return number_of_rank(&found);
}

static const char *
fresh_auto_number(const struct field *field, const struct view *view)
{
	if (!view->snapshot || !view->record)
		return arena_print(view->arena, "%lld", (long long)first_number(field));
	return arena_print(view->arena, "%lld", (long long)number_lowest_free(field, view, first_number(field)));
}

const struct type type_auto_number = { .name = "auto_number", .check = check_auto_number, .fresh = fresh_auto_number };
