/* Gateways, with what is known about them right now. */
#include <string.h>

#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"
#include "schema/interfaces.h"

/* What is measured when a gateway does not say otherwise. */
/* clang-format off */
static const struct {
	const char *field, *otherwise;
} thresholds[] = {
	{ "latencylow", "200" }, { "latencyhigh", "500" }, { "losslow", "10" }, { "losshigh", "20" },
	{ "interval", "1" }, { "time_period", "60" }, { "loss_interval", "4" }, { "data_length", "1" },
};
/* clang-format on */

static const struct collection *
gateways_of(const struct call *call)
{
	return snapshot_named(call->request->snapshot, "routing.gateway");
}

/* The row of a gateway in what the box says; NULL: nothing is known. */
static const struct value *
state_of(const struct value *states, const char *name)
{
	for (size_t i = 0; i < value_count(states); i++) {
		const struct value *state = states->members[i].value, *its = value_get(state, "name");

		if (value_is(its, VALUE_TEXT) && text_is(its->text, name))
			return state;
	}
	return NULL;
}

static const char *
said(struct call *call, const struct value *state, const char *name, const char *otherwise)
{
	const char *text = value_as_string(call->request->arena, value_get(state, name));

	return text ? text : otherwise;
}

static bool
says(const struct value *state, const char *name)
{
	const struct value *flag = value_get(state, name);

	return value_is(flag, VALUE_BOOL) && flag->truth;
}

/* --- gateways ------------------------------------------------------------------------------- */

static void
put(struct call *call, struct value *row, const char *name, const char *text)
{
	value_set_string(call->request->arena, row, name, text);
}

static void
put_flag(struct call *call, struct value *row, const char *name, bool flag)
{
	value_set(call->request->arena, row, name, value_bool(call->request->arena, flag));
}

static const char *
status_icon(const char *status)
{
	if (strcmp(status, "Online") == 0)
		return "fa fa-plug text-success";
	return strcmp(status, "Pending") == 0 || status[0] == '\0' ? "fa fa-plug text-default" : "fa fa-plug text-danger";
}

/* What a row says of the running box. */
static void
put_running(struct call *call, struct value *row, const struct value *state, const struct view *view, struct text interface)
{
	const struct interface *on = interfaces_find(view, interface);
	const char             *status = said(call, state, "status_translated", "Pending");

	put_flag(call, row, "defaultgw", says(state, "default"));
	put(call, row, "if", on ? interface_property(on, "if", view) : "");
	value_set(call->request->arena, row, "attribute", value_integer(call->request->arena, 0));
	put(call, row, "interface_descr", on ? on->label : "");
	put(call, row, "status", status);
	put(call, row, "delay", said(call, state, "delay", "~"));
	put(call, row, "stddev", said(call, state, "stddev", "~"));
	put(call, row, "loss", said(call, state, "loss", "~"));
	put(call, row, "label_class", status_icon(status));
}

static struct value *
gateway_row(struct call *call, const struct record *gateway, const struct value *states)
{
	struct arena       *arena = call->request->arena;
	const struct view   view = call_view(call, gateway);
	const struct value *state = state_of(states, record_get(gateway, "name"));
	struct value       *row = value_object(arena);

	for (size_t i = 0; i < gateway->resource->nfields; i++)
		if (shown_name(&gateway->resource->fields[i]))
			put(call, row, shown_name(&gateway->resource->fields[i]), gateway->values[i]);
	for (size_t i = 0; i < COUNT(thresholds); i++) {
		const char *own = record_get(gateway, thresholds[i].field);

		put(call, row, arena_print(arena, "current_%s", thresholds[i].field), own[0] ? own : thresholds[i].otherwise);
	}
	put_flag(call, row, "disabled", record_bool(gateway, "disabled"));
	put(call, row, "uuid", gateway->uuid);
	put_flag(call, row, "virtual", false);
	put_flag(call, row, "upstream", record_bool(gateway, "defaultgw"));
	if (says(state, "dynamic"))
		put_flag(call, row, "dynamic", true);
	if (!record_bool(gateway, "disabled") && says(state, "defunct"))
		put_flag(call, row, "defunct", true);
	put_running(call, row, state, &view, record_text(gateway, "interface"));
	return row;
}

/* One that an interface was given: what a record would have is as if it were new. */
static struct value *
found_row(struct call *call, const struct value *state)
{
	static const char *const same[] = { "name", "interface", "ipprotocol", "priority" };
	struct arena           *arena = call->request->arena;
	const struct resource  *resource = call_resource(call, "routing.gateway");
	const struct record    *blank = record_make(arena, resource);
	const struct view       view = call_view(call, blank);
	const char             *name = said(call, state, "name", ""), *address = said(call, state, "address", "~");
	struct value           *row = value_object(arena);

	for (size_t i = 0; i < resource->nfields; i++)
		if (shown_name(&resource->fields[i]))
			put(call, row, shown_name(&resource->fields[i]), blank->values[i]);
	for (size_t i = 0; i < COUNT(thresholds); i++)
		put(call, row, arena_print(arena, "current_%s", thresholds[i].field), thresholds[i].otherwise);
	for (size_t i = 0; i < COUNT(same); i++)
		put(call, row, same[i], said(call, state, same[i], ""));
	put(call, row, "descr", arena_print(arena, "Interface %s Gateway", name));
	put(call, row, "gateway", strcmp(address, "~") == 0 ? "" : address);
	put_flag(call, row, "disabled", false);
	put(call, row, "uuid", name);
	put_flag(call, row, "virtual", true);
	put_flag(call, row, "upstream", false);
	put_flag(call, row, "dynamic", true);
	if (says(state, "defunct"))
		put_flag(call, row, "defunct", true);
	put_running(call, row, state, &view, text_of(said(call, state, "interface", "")));
	return row;
}

static void
search_gateway(struct call *call)
{
	scoped_buffer            message = BUFFER_NONE;
	const struct value      *states = topic_ask(call->request, &message, "gateways.list", NULL);
	const struct collection *gateways = gateways_of(call);
	struct value            *rows = value_list(call->request->arena);

	for (size_t i = 0; i < collection_count(gateways); i++)
		value_add(call->request->arena, rows, gateway_row(call, collection_at(gateways, i), states));
	for (size_t i = 0; i < value_count(states); i++)
		if (says(states->members[i].value, "virtual"))
			value_add(call->request->arena, rows, found_row(call, states->members[i].value));
	grid_answer(call, rows, 9999);
}

/* A template for what an interface was given, so that it can be kept with settings of its own. */
static bool
show_found(struct call *call, struct text name)
{
	static const char *const same[] = { "name", "interface", "ipprotocol", "priority" };
	scoped_buffer       message = BUFFER_NONE;
	const struct value *states = topic_ask(call->request, &message, "gateways.list", NULL);
	const struct value *state = state_of(states, arena_copy(call->request->arena, name));
	struct record      *record;

	if (!says(state, "virtual"))
		return false;
	record = record_make(call->request->arena, call->route->resource);
	for (size_t i = 0; i < COUNT(same); i++)
		record_set(record, same[i], said(call, state, same[i], ""));
	record_set(record, "descr", arena_print(call->request->arena, "Interface %.*s Gateway", TEXT_ARGS(name)));
	regular_show(call, record);
	return true;
}

/* By uuid, or by name. */
static void
get_gateway(struct call *call)
{
	const struct text    key = call_param(call, 0);
	const struct record *gateway = call->nparams ? collection_where(gateways_of(call), "name", key) : NULL;

	if (gateway)
		regular_show(call, gateway);
	else if (!call->nparams || regular_stored(call, key) || !show_found(call, key))
		regular_get(call);
}

/* The model keeps "disabled"; the parameter says enabled. */
static void
toggle_gateway(struct call *call)
{
	const struct record *gateway = regular_stored(call, call_param(call, 0));
	const struct text    wanted = call_param(call, 1);

	if (!gateway) {
		answer_word(call, "result", "failed");
		return;
	}
	const bool was = !record_bool(gateway, "disabled"), on = wanted.len ? text_is(wanted, "1") : !was;

	if (was != on) {
		struct record *after = record_copy(call->request->arena, gateway);

		record_set(after, "disabled", on ? "0" : "1");
		change_put(call->request->change, after);
		call->request->keep = call->request->always = true;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", on ? "Enabled" : "Disabled");
	json_put_bool(&call->json, "changed", was != on);
	json_object_end(&call->json);
}

static void
del_gateway(struct call *call)
{
	if (regular_stored(call, call_param(call, 0)))
		regular_delete(call);
	else
		answer_word(call, "result", "failed");
}

/* --- groups --------------------------------------------------------------------------------- */

static void
ask_states(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	call->kept = topic_ask(call->request, &message, "gateways.status", NULL);
}

static const char *
status_label(const char *status)
{
	if (strcmp(status, "none") == 0)
		return "success";
	if (strcmp(status, "down") == 0 || strcmp(status, "force_down") == 0)
		return "danger";
	return strcmp(status, "loss") == 0 || strcmp(status, "delay") == 0 || strcmp(status, "delay+loss") == 0 ? "warning"
														  : "default";
}

static void
put_tier(struct call *call, const char *names)
{
	struct text rest = text_of(names), name;

	json_list(&call->json);
	while (text_next(&rest, ",", &name)) {
		const char         *own = arena_copy(call->request->arena, name);
		const struct value *state = state_of(call->kept, own);

		json_object(&call->json);
		if (!state)
			json_put_string(&call->json, "name", own);
		for (size_t i = 0; i < value_count(state); i++) {
			json_name_text(&call->json, state->members[i].name);
			json_value(&call->json, state->members[i].value);
		}
		json_put_string(&call->json, "label", status_label(said(call, state, "status", "")));
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

static void
put_tiers(struct call *call, const struct record *group)
{
	static const char *const tiers[] = { "item", "item2", "item3", "item4", "item5" };

	json_name(&call->json, "gateways");
	json_object(&call->json);
	for (size_t i = 0; i < COUNT(tiers); i++) {
		json_name(&call->json, arena_print(call->request->arena, "%zu", i + 1));
		put_tier(call, record_get(group, tiers[i]));
	}
	json_object_end(&call->json);
}

static void
status(struct call *call)
{
	struct arena *arena = call->request->arena;
	scoped_buffer message = BUFFER_NONE;
	struct value *states = topic_ask(call->request, &message, "gateways.status", NULL);
	struct value *answer = value_object(arena);

	value_set(arena, answer, "items", states ? states : value_list(arena));
	value_set_string(arena, answer, "status", states ? "ok" : "failed");
	answer_value(call, answer);
}

/* clang-format off */
static const struct twist group_twist = { .begin = ask_states, .columns = put_tiers };

const struct action routing_actions[] = {
	{ "routing/settings/search_gateway", KIND_GRID, .lane = LANE_SLOW, .handle = search_gateway },
	{ "routing/settings/get_gateway", KIND_GET, .lane = LANE_SLOW, .handle = get_gateway },
	{ "routing/settings/toggle_gateway", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = toggle_gateway,
	  .resource = "routing.gateway" },
	{ "routing/settings/del_gateway", KIND_DELETE, 1, .lane = LANE_COMMIT, .handle = del_gateway },
	{ "routing/group_settings/search", KIND_SEARCH, .lane = LANE_SLOW, .handle = regular_search, .twist = &group_twist },
	{ "routes/gateway/status", KIND_QUERY, .lane = LANE_SLOW, .handle = status },
	{ NULL },
};
/* clang-format on */
