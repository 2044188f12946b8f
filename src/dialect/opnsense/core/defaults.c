/* Going back: to the factory configuration, section by section, tunable by tunable. */
#include <string.h>

#include "api/factory.h"
#include "api/references.h"
#include "api/topics.h"
#include "dialect/opnsense/tables.h"
#include "schema/snapshot.h"

#define ALL_PARTS (~0u)

/* The address that a fresh installation answers at. */
static void
get(struct call *call)
{
	const struct service *service = call->request->service;
	struct text           address = TEXT_NONE;

	for (size_t i = 0; i < service->nfactory; i++) {
		const struct factory_record *row = &service->factory[i];

		if (!row->uuid || strcmp(row->resource, "interfaces.interface") != 0 || strcmp(row->uuid, "lan") != 0)
			continue;
		address = record_text(factory_make(call->request->arena, service->schema, row), "ipaddr");
	}
	answer_word(call, "default_ip", arena_copy(call->request->arena, text_until(&address, '/')));
}

/* --- sections ------------------------------------------------------------------------------- */

/* "//OPNsense/Firewall/Alias" as "OPNsense.Firewall.Alias"; NULL: a list of old, or in no file. */
static const char *
section_id(struct arena *arena, const struct resource *resource)
{
	if (!resource->mount || !text_starts(text_of(resource->mount), TEXT("//")) ||
	    text_ends(text_of(resource->mount), TEXT("+")))
		return NULL;
	char *id = arena_copy(arena, text_of(resource->mount + 2));

	for (char *c = id; *c; c++)
		if (*c == '/')
			*c = '.';
	return id;
}

static bool
is_of_model(const struct resource *resource, const char *model)
{
	return resource->model && strcmp(resource->model, model) == 0;
}

static bool
is_used(const struct call *call, const char *model)
{
	const struct schema *schema = call->request->service->schema;

	for (size_t i = 0; i < schema_count(schema); i++)
		if (is_of_model(schema_at(schema, i), model) &&
		    collection_count(snapshot_collection(call->request->snapshot, schema_at(schema, i))) > 0)
			return true;
	return false;
}

/* "Firewall.Alias" as "Firewall Alias" */
static const char *
described(struct arena *arena, const char *model)
{
	char *text = arena_copy(arena, text_of(model));

	for (char *c = text; *c; c++)
		if (*c == '.')
			*c = ' ';
	return text;
}

static void
get_installed_sections(struct call *call)
{
	const struct schema *schema = call->request->service->schema;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "items");
	json_list(&call->json);
	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct resource *resource = schema_at(schema, i);
		const char            *id = section_id(call->request->arena, resource);

		if (!id || !is_used(call, resource->model))
			continue;
		json_object(&call->json);
		json_put_string(&call->json, "description", described(call->request->arena, resource->model));
		json_put_string(&call->json, "installed", "1");
		json_put_string(&call->json, "id", id);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

/* Marks the resources of a section; false: there is no such section. */
static bool
mark_section(const struct call *call, const char *id, bool *is_going)
{
	const struct schema *schema = call->request->service->schema;
	const char          *model = NULL;

	for (size_t i = 0; i < schema_count(schema) && !model; i++) {
		const char *known = section_id(call->request->arena, schema_at(schema, i));

		if (known && strcmp(known, id) == 0)
			model = schema_at(schema, i)->model;
	}
	for (size_t i = 0; model && i < schema_count(schema); i++)
		is_going[i] = is_going[i] || is_of_model(schema_at(schema, i), model);
	return model;
}

/* False: not a list of sections. */
static bool
read_sections(struct call *call, bool *is_going)
{
	const struct value *items = value_get(call->input, "items");

	for (size_t i = 0; i < value_count(items); i++) {
		const char *id = value_as_string(call->request->arena, value_at(items, i));

		if (!id || !mark_section(call, id, is_going))
			return false;
	}
	return value_count(items) > 0;
}

static void
reset(struct call *call)
{
	struct request      *request = call->request;
	const struct schema *schema = request->service->schema;
	bool                *is_going = ARENA_MAKE(request->arena, bool, schema_count(schema) + 1);
	struct reference     user;
	const struct record *used;

	if (!read_sections(call, is_going)) {
		answer_word(call, "status", "failed");
		return;
	}
	if (references_remain(request->arena, request->snapshot, is_going, &user, &used)) {
		answer_refusal(call, "Section in use", "%s is in use by %s %s (%s).", used->resource->name,
			       user.record->resource->name, user.record->uuid, user.field->name);
		return;
	}
	for (size_t i = 0; i < schema_count(schema); i++)
		if (is_going[i])
			factory_remove_all(request, schema_at(schema, i));
	request->keep = request->always = true;
	answer_word(call, "status", "ok");
}

/* --- everything ----------------------------------------------------------------------------- */

static void
factory_defaults(struct call *call)
{
	factory_restore(call->request);
	change_note(call->request->change, "factory configuration");
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "ok");
}

static void
apply_all(struct call *call)
{
	const char       *message;
	const enum result result = topic_apply(call->request, ALL_PARTS, &message);

	if (result != RESULT_DONE)
		answer_refusal(call, "Not applied", "The factory configuration is saved, but is not in force: %s",
			       message[0] ? message : result_word(result));
}

/* A fresh installation sets none: all are as the machine has them. */
static void
reset_tunables(struct call *call)
{
	const struct resource *resource = call_resource(call, "core.tunable");

	factory_remove_all(call->request, resource);
	for (size_t i = 0; i < call->request->service->nfactory; i++) {
		const struct factory_record *row = &call->request->service->factory[i];

		if (strcmp(row->resource, resource->name) == 0)
			change_put(call->request->change,
				   factory_make(call->request->arena, call->request->service->schema, row));
	}
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "ok");
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
const struct action core_defaults_actions[] = {
	{ "core/defaults/get", KIND_QUERY, .handle = get },
	{ "core/defaults/get_installed_sections", KIND_QUERY, .handle = get_installed_sections },
	{ "core/defaults/reset", KIND_ACTION, .lane = LANE_COMMIT, .handle = reset, .refusal = FAILED },
	{ "core/defaults/factory_defaults", KIND_ACTION, .lane = LANE_COMMIT, .handle = factory_defaults,
	  .finish = apply_all, .refusal = FAILED },
	{ "core/tunables/reset", KIND_ACTION, .lane = LANE_COMMIT, .handle = reset_tunables, .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
