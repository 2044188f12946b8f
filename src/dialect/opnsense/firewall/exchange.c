/* Aliases as JSON, out and in: import is all or nothing. */
#include <string.h>

#include "api/search.h"
#include "api/verbs.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"
#include "schema/type.h"

/* The ids that are asked for: a list, or texts with commas; NULL: all. */
static bool
is_asked(const struct value *ids, const char *uuid)
{
	struct text rest, one;

	if (!ids)
		return true;
	for (size_t i = 0; ids->kind == VALUE_LIST && i < ids->count; i++)
		if (is_asked(ids->members[i].value, uuid))
			return true;
	rest = ids->kind == VALUE_TEXT ? ids->text : TEXT_NONE;
	while (text_next(&rest, ",", &one))
		if (text_is(text_trim(one), uuid))
			return true;
	return false;
}

static void
put_alias(struct json *json, const struct record *alias)
{
	json_name(json, alias->uuid);
	json_object(json);
	for (size_t i = 0; i < alias->resource->nfields; i++)
		if (shown_name(&alias->resource->fields[i]))
			json_put_string(json, shown_name(&alias->resource->fields[i]), alias->values[i]);
	json_object_end(json);
}

static void
export_aliases(struct call *call)
{
	const struct view    view = call_view(call, NULL);
	const struct value  *ids = value_get(call_is_post(call) ? call->input : call_query(call), "ids");
	const struct rows    rows = rows_of(&view, call->route->resource);
	const struct record *settings = snapshot_single(view.snapshot, "firewall.alias_settings");
	struct json         *json = &call->json;

	answer_begin(call, 200, TYPE_JSON);
	json_object(json);
	if (!ids) {
		json_name(json, "geoip");
		json_object(json);
		json_put_string(json, "url", record_get(settings, "geoip.url"));
		json_object_end(json);
	}
	json_name(json, "aliases");
	json_object(json);
	json_name(json, "alias");
	json_object(json);
	for (size_t i = 0; i < rows.count; i++)
		if (is_asked(ids, rows.records[i]->uuid))
			put_alias(json, rows.records[i]);
	json_object_end(json);
	json_object_end(json);
	json_object_end(json);
}

/* --- import --------------------------------------------------------------------------------- */

struct import {
	struct call  *call;
	struct value *validations;
	int64_t       existing, fresh;
	bool          failed;
};

static const struct record *
named(const struct import *import, const struct value *sent)
{
	const struct value      *name = value_get(sent, "name");
	const struct collection *aliases =
		snapshot_collection(import->call->request->snapshot, import->call->route->resource);

	return value_is(name, VALUE_TEXT) ? collection_where(aliases, "name", name->text) : NULL;
}

/* One that came: what it was and what it is now, checked when all are there, since they may name each other. */
struct arrival {
	struct text          key;
	const struct record *before;
	struct record       *record;
};

static void
complain(struct import *import, struct text key, const struct faults *faults)
{
	struct arena *arena = import->call->request->arena;

	import->failed = true;
	for (const struct fault *fault = faults->first; fault; fault = fault->next)
		value_set_string(arena, import->validations,
				 arena_print(arena, "%.*s.%s", TEXT_ARGS(key), fault->field), fault->message);
}

/* False: it is of no interest, or makes no sense. */
static bool
take_alias(struct import *import, struct text key, const struct value *sent, struct arrival *arrival)
{
	struct request      *request = import->call->request;
	const struct record *before = named(import, sent);
	const struct value  *type = value_get(sent, "type");

	if (value_is(type, VALUE_TEXT) && text_is(type->text, "internal"))
		return false;
	struct record    *record = before ? verb_edit(request, before) : verb_fresh(request, import->call->route->resource);
	const struct uuid uuid = uuid_new();

	import->existing += before != NULL;
	import->fresh += before == NULL;
	if (!regular_fill(import->call, record, sent)) {
		import->failed = true;
		return false;
	}
	if (!before)
		memcpy(record->uuid, uuid.text, sizeof(record->uuid));
	change_put(request->change, record);
	*arrival = (struct arrival){ key, before, record };
	return true;
}

static void
check_alias(struct import *import, const struct arrival *arrival)
{
	const struct view view = call_view(import->call, arrival->record);
	struct faults     faults = { .arena = view.arena };

	record_check(arrival->record, arrival->before, false, &view, &faults);
	if (!faults_none(&faults))
		complain(import, arrival->key, &faults);
}

static void
import_aliases(struct call *call)
{
	struct arena       *arena = call->request->arena;
	const struct value *aliases = value_path(call->input, "data.aliases.alias");
	struct import       import = { .call = call, .validations = value_object(arena) };
	struct arrival     *arrivals = ARENA_MAKE(arena, struct arrival, value_count(aliases) + 1);
	struct value       *answer = value_object(arena);
	size_t              count = 0;

	for (size_t i = 0; i < value_count(aliases); i++)
		count += take_alias(&import, aliases->members[i].name, aliases->members[i].value, &arrivals[count]);
	for (size_t i = 0; i < count; i++)
		check_alias(&import, &arrivals[i]);
	const bool good = value_count(aliases) > 0 && !import.failed;

	value_set(arena, answer, "existing", value_integer(arena, import.existing));
	value_set(arena, answer, "new", value_integer(arena, import.fresh));
	value_set_string(arena, answer, "status", good ? "ok" : "failed");
	if (import.validations->count)
		value_set(arena, answer, "validations", import.validations);
	call->request->keep = call->request->always = good;
	answer_value(call, answer);
}

static void
import_any(struct call *call)
{
	if (call_is_post(call))
		import_aliases(call);
	else
		answer_refusal(call, "Import", "Aliases are imported by POST.");
}

/* clang-format off */
const struct action firewall_exchange_actions[] = {
	{ "firewall/alias/export", KIND_DOWNLOAD, .methods = GETS | POSTS, .handle = export_aliases,
	  .resource = "firewall.alias" },
	{ "firewall/alias/import", KIND_ACTION, .methods = ~0u, .lane = LANE_COMMIT, .handle = import_any,
	  .resource = "firewall.alias" },
	{ NULL },
};
/* clang-format on */
