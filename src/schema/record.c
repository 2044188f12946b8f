/*
 * Records: an array of pointers to texts. A sealed record and its texts are one block of memory: behind the pointers
 * stands how long the texts are together, then they, then some bytes that may be read with them.
 */
#include "schema/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "schema/schema.h"
#include "schema/sealed.h"

static size_t
size_of(const struct resource *resource)
{
	return sizeof(struct record) + resource->nfields * sizeof(const char *);
}

struct record *
record_make(struct arena *arena, const struct resource *resource)
{
	struct record *record = arena_take(arena, size_of(resource));

	record->resource = resource;
	for (size_t i = 0; i < resource->nfields; i++)
		record->values[i] = resource->fields[i].preset ? resource->fields[i].preset : "";
	return record;
}

struct record *
record_copy(struct arena *arena, const struct record *from)
{
	struct record *record = arena_take(arena, size_of(from->resource));

	record->resource = from->resource;
	memcpy(record->uuid, from->uuid, sizeof(record->uuid));
	record->place = from->place;
	memcpy(record->values, from->values, from->resource->nfields * sizeof(const char *));
	/* The texts of a sealed record could go away before the arena does. */
	if (atomic_load(&from->holds) > 0)
		arena_defer(arena, (void (*)(void *))record_release, (void *)record_hold(from));
	return record;
}

void
record_put(struct record *record, size_t field, const char *value)
{
	BUG_IF(atomic_load(&record->holds) > 0, "a sealed record does not change");
	BUG_IF(field >= record->resource->nfields, "%s has no field %zu", record->resource->name, field);
	record->values[field] = value ? value : "";
}

void
record_set(struct record *record, const char *field, const char *value)
{
	record_put(record, resource_field(record->resource, field), value);
}

/* What nobody has to keep: nothing, and the default, which is one text for all records. */
static const char *
find_common(const struct field *field, const char *value)
{
	if (value[0] == '\0')
		return "";
	return field->preset && strcmp(value, field->preset) == 0 ? field->preset : NULL;
}

struct record *
record_seal(const struct record *from)
{
	const struct resource *resource = from->resource;
	size_t                 length = 0;

	for (size_t i = 0; i < resource->nfields; i++)
		if (!find_common(&resource->fields[i], from->values[i]))
			length += strlen(from->values[i]) + 1;
	struct record *record = calloc(1, size_of(resource) + sizeof(length) + length + SEALED_BEHIND);

	BUG_IF(!record, "out of memory: %zu bytes", length);
	char *next = memcpy((char *)record + size_of(resource), &length, sizeof(length));

	next += sizeof(length);

	record->resource = resource;
	memcpy(record->uuid, from->uuid, sizeof(record->uuid));
	record->place = from->place;
	atomic_store(&record->holds, 1);
	for (size_t i = 0; i < resource->nfields; i++) {
		const char *value = from->values[i];

		record->values[i] = find_common(&resource->fields[i], value);
		if (record->values[i])
			continue;
		const size_t len = strlen(value) + 1;

		record->values[i] = memcpy(next, value, len);
		next += len;
	}
	return record;
}

struct text
sealed_texts(const struct record *record)
{
	const char *behind = (const char *)record + size_of(record->resource);
	size_t      length;

	if (atomic_load_explicit(&record->holds, memory_order_relaxed) == 0)
		return TEXT_NONE;
	memcpy(&length, behind, sizeof(length));
	return (struct text){ behind + sizeof(length), length };
}

const struct record *
record_hold(const struct record *record)
{
	atomic_fetch_add_explicit(&((struct record *)record)->holds, 1, memory_order_relaxed);
	return record;
}

void
record_release(const struct record *record)
{
	if (!record)
		return;
	const unsigned before = atomic_fetch_sub_explicit(&((struct record *)record)->holds, 1, memory_order_acq_rel);

	BUG_IF(before == 0, "a record of an arena was released");
	if (before == 1)
		free((struct record *)record);
}

const char *
record_get(const struct record *record, const char *field)
{
	return record->values[resource_field(record->resource, field)];
}

struct text
record_text(const struct record *record, const char *field)
{
	return text_of(record_get(record, field));
}

bool
record_bool(const struct record *record, const char *field)
{
	return strcmp(record_get(record, field), "1") == 0;
}

bool
record_has(const struct record *record, const char *field)
{
	const char *value = record_get(record, field);

	return value[0] != '\0' && strcmp(value, "0") != 0;
}

int64_t
record_number(const struct record *record, const char *field, int64_t otherwise)
{
	int64_t number = otherwise;

	number_read(record_text(record, field), INT64_MIN, INT64_MAX, &number);
	return number;
}

size_t
record_choice(const struct record *record, const char *field, const char *const *words, size_t otherwise)
{
	const char *value = record_get(record, field);

	for (size_t i = 0; words[i]; i++)
		if (strcmp(words[i], value) == 0)
			return i;
	return otherwise;
}

bool
record_same(const struct record *a, const struct record *b)
{
	if (a == b)
		return true;
	if (a->resource != b->resource)
		return false;
	for (size_t i = 0; i < a->resource->nfields; i++)
		if (a->values[i] != b->values[i] && strcmp(a->values[i], b->values[i]) != 0)
			return false;
	return true;
}
