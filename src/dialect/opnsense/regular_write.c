/* add, set, del, toggle and model set for every resource. All of it runs in LANE_COMMIT. */
#include <string.h>

#include "api/verbs.h"
#include "dialect/opnsense/body.h"
#include "dialect/opnsense/former.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "schema/types.h"

/* --- taking input --------------------------------------------------------------------------- */

bool
regular_fill(struct call *call, struct record *record, const struct value *sent)
{
	const struct view view = call_view(call, record);
	bool              wrong = false;

	for (size_t i = 0; i < record->resource->nfields; i++) {
		const struct field *field = &record->resource->fields[i];
		const char         *name = shown_name(field);
		const struct value *value = name ? body_find(sent, name, &wrong) : NULL;

		/* Keys are made and taken away by their own commands. */
		if (!value || strcmp(field->type->name, "api_key") == 0)
			continue;
		const char *text = value_as_string(call->request->arena, value);

		if (!text || wrong)
			return false;
		if (field->type == &type_update_only && text[0] == '\0')
			continue;
		record_put(record, i, field_normal(field, text, &view));
	}
	return !wrong && former_fill(call, record, sent);
}

static void
force(struct call *call, struct record *record)
{
	const struct face *face = call->route->face;

	if (!face || !face->force)
		return;
	struct text       value = text_of(face->force);
	const struct text name = text_until(&value, '=');

	record_put(record, resource_find_field(record->resource, name),
		   arena_copy(call->request->arena, value));
}

const struct record *
regular_stored(const struct call *call, struct text uuid)
{
	return collection_find(snapshot_collection(call->request->snapshot, call->route->resource),
			       uuid);
}

/* --- add and set ---------------------------------------------------------------------------- */

/* Check and keep one record, new or changed; true when it was answered already. */
static bool
keep_record(struct call *call, const struct record *before, struct record *record,
	    struct faults *faults)
{
	const struct twist *twist = call->route->twist;
	enum result         result;

	force(call, record);
	if (twist && twist->prepare && !twist->prepare(call, before, record, faults))
		return true;
	if (before)
		result = verb_set(call->request, before, record, true, faults);
	else
		result = verb_add(call->request, record, faults);
	if (result == RESULT_DONE && faults_none(faults))
		return twist && twist->stored && !twist->stored(call, before, record);
	if (twist && twist->explain)
		twist->explain(call, faults);
	answer_invalid(call, call->route->face->root, faults);
	return true;
}

static void
answer_saved(struct call *call, const char *uuid)
{
	call->request->keep = true;
	call->request->always = true;
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", "saved");
	if (uuid)
		json_put_string(&call->json, "uuid", uuid);
	json_object_end(&call->json);
}

void
regular_add(struct call *call)
{
	const struct value *sent = value_get(call->input, call->route->face->root);
	struct record      *record = sent ? verb_fresh(call->request, call->route->resource) : NULL;
	struct faults       faults = { .arena = call->request->arena };

	if (sent && sent->kind == VALUE_TEXT)
		sent = value_object(call->request->arena);
	if (!sent || !regular_fill(call, record, sent))
		answer_invalid(call, "", NULL);
	else if (!keep_record(call, NULL, record, &faults))
		answer_saved(call, record->uuid);
}

void
regular_set(struct call *call)
{
	const struct value  *sent = value_get(call->input, call->route->face->root);
	const struct record *before = regular_stored(call, call_param(call, 0));
	struct faults        faults = { .arena = call->request->arena };
	struct record       *record;

	if (!sent || (!before && !uuid_is_valid(call_param(call, 0)))) {
		answer_invalid(call, "", NULL);
		return;
	}
	if (before) {
		record = verb_edit(call->request, before);
	} else {
		record = verb_fresh(call->request, call->route->resource);
		memcpy(record->uuid, call_param(call, 0).ptr, UUID_LENGTH);
	}
	if (!regular_fill(call, record, sent))
		answer_invalid(call, "", NULL);
	else if (!keep_record(call, before, record, &faults))
		answer_saved(call, NULL);
}

/* --- del ------------------------------------------------------------------------------------ */

/* "Firewall" for firewall.rule. */
static const char *
module_of(struct arena *arena, const struct resource *resource)
{
	struct text name = text_of(resource->name);
	char       *module = arena_copy(arena, text_until(&name, '.'));

	if (module[0] >= 'a' && module[0] <= 'z')
		module[0] = (char)(module[0] - 'a' + 'A');
	return module;
}

static const char *
title_of(const struct record *record)
{
	const char *title = record->resource->key ? record_get(record, record->resource->key) : "";

	return title[0] ? title : record->uuid;
}

void
regular_in_use(struct call *call, const struct record *record, const struct reference *users)
{
	struct arena *arena = call->request->arena;
	scoped_buffer lines = BUFFER_NONE;

	for (; users; users = users->next)
		buffer_print(&lines, "%s%s - %s {%s.%s}", lines.len ? "\n" : "",
			     module_of(arena, users->record->resource), title_of(users->record),
			     users->record->resource->path, users->record->uuid);
	answer_refusal(call, arena_print(arena, "%s in use", title_of(record)), "%s",
		       buffer_string(&lines));
}

/* Remove one; false when it was refused, and that is the answer. */
static bool
remove_record(struct call *call, const struct record *record)
{
	const struct twist *twist = call->route->twist;
	const bool          guarded = call->route->face && call->route->face->verbs & FACE_GUARDED;
	struct reference   *users = NULL;

	if (twist && twist->removing && !twist->removing(call, record))
		return false;
	if (verb_delete(call->request, record, guarded, &users) == RESULT_DONE)
		return true;
	regular_in_use(call, record, users);
	return false;
}

void
regular_delete(struct call *call)
{
	struct text uuids = call_param(call, 0), uuid;
	size_t      removed = 0, missing = 0;

	while (text_next(&uuids, ",", &uuid)) {
		const struct record *record = regular_stored(call, uuid);

		if (!record) {
			missing++;
			continue;
		}
		if (!remove_record(call, record))
			return;
		removed++;
	}
	call->request->keep = call->request->always = removed > 0;
	answer_word(call, "result", missing ? "not found" : removed ? "deleted" : "failed");
}

/* --- toggle --------------------------------------------------------------------------------- */

static bool
turn(struct call *call, const struct record *record, struct text wanted, bool *on)
{
	const char  *name = call->route->face && call->route->face->enabled
				    ? call->route->face->enabled
				    : "enabled";
	const size_t field = resource_field(record->resource, name);
	const bool   was = strcmp(record->values[field], "1") == 0;

	*on = wanted.len ? text_is(wanted, "1") : !was;
	if (*on == was)
		return false;
	struct record    *after = record_copy(call->request->arena, record);
	const struct view view = call_view(call, after);

	record_put(after, field, *on ? "1" : "0");
	if (after->resource->complete)
		after->resource->complete(after, record, &view);
	change_put(call->request->change, after);
	return true;
}

static void
answer_toggled(struct call *call, const char *result, bool changed)
{
	call->request->keep = call->request->always = changed;
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", result);
	json_put_bool(&call->json, "changed", changed);
	json_object_end(&call->json);
}

void
regular_toggle(struct call *call)
{
	struct text       uuids = call_param(call, 0), uuid;
	const struct text wanted = call_param(call, 1);
	const bool        valid = wanted.len == 0 || text_is(wanted, "0") || text_is(wanted, "1");
	const bool        many = uuids.len && memchr(uuids.ptr, ',', uuids.len);
	size_t            found = 0, missing = 0;
	bool              changed = false, on = false;

	if (many && (wanted.len == 0 || !valid)) {
		answer_refusal(call, "Toggle",
			       "A list of items takes 0 or 1 as the state they get.");
		return;
	}
	while (text_next(&uuids, ",", &uuid)) {
		const struct record *record = regular_stored(call, uuid);

		if (!record)
			missing++;
		else if (++found && valid)
			changed |= turn(call, record, wanted, &on);
	}
	if (found == 0 || missing)
		answer_word(call, "result", "failed");
	else
		answer_toggled(call,
			       !valid ? "failed"
			       : on   ? "Enabled"
				      : "Disabled",
			       valid && changed);
	if (missing && changed)
		call->request->keep = call->request->always = true;
}

/* --- model set ------------------------------------------------------------------------------ */

/* The records posted for one array of the model: known uuids change, all other keys are new
 * records. */
static bool
set_array(struct call *call, const struct resource *resource, const struct value *sent,
	  struct faults *faults)
{
	const struct collection *collection =
		snapshot_collection(call->request->snapshot, resource);

	for (size_t i = 0; i < sent->count; i++) {
		const struct record *before = collection_find(collection, sent->members[i].name);
		struct record       *record = before ? verb_edit(call->request, before)
						     : verb_fresh(call->request, resource);

		if (!regular_fill(call, record, sent->members[i].value))
			return false;
		if (before)
			verb_set(call->request, before, record, false, faults);
		else
			verb_add(call->request, record, faults);
		collection = snapshot_collection(call->request->snapshot, resource);
	}
	return true;
}

static bool
set_arrays(struct call *call, const char *model, const struct value *sent, struct faults *faults)
{
	const struct schema *schema = call->request->service->schema;
	bool                 wrong = false;

	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct resource *resource = schema_at(schema, i);

		if (!resource->model || strcmp(resource->model, model) != 0 ||
		    resource->shape != COLLECTION)
			continue;
		const struct value *array = body_find(sent, resource->path, &wrong);

		if (value_is(array, VALUE_OBJECT) && !set_array(call, resource, array, faults))
			return false;
	}
	return true;
}

void
regular_model_set(struct call *call)
{
	const struct resource *resource = call->route->resource;
	const struct value    *sent = value_get(call->input, call->route->face->root);
	struct faults          faults = { .arena = call->request->arena };
	const struct record   *before = snapshot_single(call->request->snapshot, resource->name);
	const struct twist    *twist = call->route->twist;

	if (sent && sent->kind == VALUE_TEXT)
		sent = value_object(call->request->arena);
	if (!sent) {
		answer_invalid(call, "", NULL);
		return;
	}
	struct record *after = verb_edit(call->request, before);

	if (!regular_fill(call, after, sent)) {
		answer_invalid(call, "", NULL);
		return;
	}
	if (twist && twist->prepare && !twist->prepare(call, before, after, &faults))
		return;
	verb_set(call->request, before, after, false, &faults);
	if (!set_arrays(call, resource->model, sent, &faults) ||
	    !former_set_block(call, resource->model, sent, &faults))
		answer_invalid(call, "", NULL);
	else if (!faults_none(&faults))
		answer_invalid(call, call->route->face->root, &faults);
	else if (!twist || !twist->stored || twist->stored(call, before, after))
		answer_saved(call, NULL);
}
