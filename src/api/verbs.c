/* The verbs: complete, check, keep. */
#include "api/verbs.h"

#include <string.h>

#include "schema/types.h"

struct record *
verb_fresh(const struct request *request, const struct resource *resource)
{
	struct record    *record = record_make(request->arena, resource);
	const struct view view = request_view(request, record);

	for (size_t i = 0; i < resource->nfields; i++) {
		const struct field *field = &resource->fields[i];
		const char         *value = field->type->fresh ? field->type->fresh(field, &view) : NULL;

		if (value)
			record_put(record, i, value);
		else if (field->type == &type_boolean && record->values[i][0] == '\0')
			record_put(record, i, "0");
	}
	return record;
}

struct record *
verb_edit(const struct request *request, const struct record *before)
{
	const struct view view = request_view(request, before);
	struct record    *record = record_edit(before, &view);

	for (size_t i = 0; i < before->resource->nfields; i++) {
		const struct field *field = &before->resource->fields[i];

		if (field->flags & VOLATILE && !field->derive && field->preset && record->values[i][0] == '\0')
			record_put(record, i, field->preset);
	}
	return record;
}

/* What one record makes of others. */
static void
spread(struct request *request, const struct record *after, const struct record *before)
{
	const struct resource *resource = (after ? after : before)->resource;
	const struct view      view = request_view(request, after ? after : before);

	if (!resource->spread)
		return;
	for (const struct companion *next = resource->spread(after, before, &view); next; next = next->next) {
		if (next->remove)
			change_remove(request->change, next->record->resource, text_of(next->record->uuid));
		else
			change_put(request->change, next->record);
	}
}

enum result
verb_add(struct request *request, struct record *record, struct faults *faults)
{
	const struct view view = request_view(request, record);
	const bool        named = record->uuid[0] != '\0';

	if (record->resource->complete)
		record->resource->complete(record, NULL, &view);
	record_check(record, NULL, false, &view, faults);
	if (!faults_none(faults))
		return RESULT_INVALID;
	if (!named && record->uuid[0] == '\0') {
		const struct uuid uuid = uuid_new();

		memcpy(record->uuid, uuid.text, sizeof(record->uuid));
	}
	change_put(request->change, record);
	spread(request, record, NULL);
	return RESULT_DONE;
}

enum result
verb_set(struct request *request, const struct record *before, struct record *after, bool all,
	 struct faults *faults)
{
	const struct view view = request_view(request, after);

	if (after->resource->complete)
		after->resource->complete(after, before, &view);
	record_check(after, before, !all, &view, faults);
	if (!faults_none(faults))
		return RESULT_INVALID;
	if (!record_same(before, after))
		change_put(request->change, after);
	spread(request, after, before);
	references_rename(request, before, after);
	return RESULT_DONE;
}

enum result
verb_delete(struct request *request, const struct record *record, bool guarded, struct reference **users)
{
	struct reference *found = references_by_name(request->arena, request->snapshot, record);

	if (!found && guarded)
		found = references_to(request->arena, request->snapshot, record);
	if (found) {
		*users = found;
		return RESULT_IN_USE;
	}
	spread(request, NULL, record);
	change_remove(request->change, record->resource, text_of(record->uuid));
	return RESULT_DONE;
}
