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

static struct value *
gateway_row(struct call *call, const struct record *gateway, const struct value *states, bool is_default)
{
	struct arena           *arena = call->request->arena;
	const struct view       view = call_view(call, gateway);
	const struct interface *interface = interfaces_find(&view, record_text(gateway, "interface"));
	const struct value     *state = state_of(states, record_get(gateway, "name"));
	const char             *status = said(call, state, "status_translated", "Pending");
	struct value           *row = value_object(arena);

	for (size_t i = 0; i < gateway->resource->nfields; i++)
		if (shown_name(&gateway->resource->fields[i]))
			put(call, row, shown_name(&gateway->resource->fields[i]), gateway->values[i]);
	for (size_t i = 0; i < COUNT(thresholds); i++) {
		const char *own = record_get(gateway, thresholds[i].field);

		put(call, row, arena_print(arena, "current_%s", thresholds[i].field), own[0] ? own : thresholds[i].otherwise);
	}
	put_flag(call, row, "disabled", record_bool(gateway, "disabled"));
	put_flag(call, row, "defaultgw", is_default);
	put(call, row, "uuid", gateway->uuid);
	put(call, row, "if", interface ? interface_property(interface, "if", &view) : "");
	value_set(arena, row, "attribute", value_integer(arena, 0));
	put_flag(call, row, "virtual", false);
	put_flag(call, row, "upstream", record_bool(gateway, "defaultgw"));
	put(call, row, "interface_descr", interface ? interface->label : "");
	put(call, row, "status", status);
	put(call, row, "delay", said(call, state, "delay", "~"));
	put(call, row, "stddev", said(call, state, "stddev", "~"));
	put(call, row, "loss", said(call, state, "loss", "~"));
	put(call, row, "label_class", status_icon(status));
	return row;
}

/* The one in use: the first of each family by priority, upstream ones before others. */
static bool
is_default(const struct call *call, const struct record *gateway)
{
	const struct collection *gateways = gateways_of(call);
	const int64_t            own = record_number(gateway, "priority", 255) + (record_bool(gateway, "defaultgw") ? 0 : 256);

	if (record_bool(gateway, "disabled"))
		return false;
	for (size_t i = 0; i < collection_count(gateways); i++) {
		const struct record *other = collection_at(gateways, i);
		const int64_t other_rank = record_number(other, "priority", 255) + (record_bool(other, "defaultgw") ? 0 : 256);

		if (other != gateway && !record_bool(other, "disabled") && other_rank < own &&
		    strcmp(record_get(other, "ipprotocol"), record_get(gateway, "ipprotocol")) == 0)
			return false;
	}
	return true;
}

static void
search_gateway(struct call *call)
{
	scoped_buffer            message = BUFFER_NONE;
	const struct value      *states = topic_ask(call->request, &message, "gateways.status", NULL);
	const struct collection *gateways = gateways_of(call);
	struct value            *rows = value_list(call->request->arena);

	for (size_t i = 0; i < collection_count(gateways); i++) {
		const struct record *gateway = collection_at(gateways, i);

		value_add(call->request->arena, rows, gateway_row(call, gateway, states, is_default(call, gateway)));
	}
	grid_answer(call, rows, 9999);
}

/* By uuid, or by name. */
static void
get_gateway(struct call *call)
{
	const struct record *gateway = call->nparams ? collection_where(gateways_of(call), "name", call_param(call, 0)) : NULL;

	if (gateway)
		regular_show(call, gateway);
	else
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
	{ "routing/settings/get_gateway", KIND_GET, .handle = get_gateway },
	{ "routing/settings/toggle_gateway", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = toggle_gateway,
	  .resource = "routing.gateway" },
	{ "routing/settings/del_gateway", KIND_DELETE, 1, .lane = LANE_COMMIT, .handle = del_gateway },
	{ "routing/group_settings/search", KIND_SEARCH, .lane = LANE_SLOW, .handle = regular_search, .twist = &group_twist },
	{ "routes/gateway/status", KIND_QUERY, .lane = LANE_SLOW, .handle = status },
	{ NULL },
};
/* clang-format on */
