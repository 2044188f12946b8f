/* search, get and model get for every resource. */
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"

#include "api/verbs.h"

/* "field=value": does the record belong to this face? */
static bool
belongs(const struct face *face, const struct record *record)
{
	if (!face || !face->force)
		return true;
	struct text       value = text_of(face->force);
	const struct text name = text_until(&value, '=');
	const size_t      field = resource_find_field(record->resource, name);

	return field == SIZE_MAX || text_is(value, record->values[field]);
}

static bool
is_wanted(const struct record *record, void *context)
{
	const struct call  *call = context;
	const struct twist *twist = call->route->twist;

	return belongs(call->route->face, record) &&
	       (!twist || !twist->wanted || twist->wanted(record, context));
}

/* NULL: all are. */
static bool (*find_wanted(const struct route *route))(const struct record *, void *)
{
	if (route->face && route->face->force)
		return is_wanted;
	return route->twist ? route->twist->wanted : NULL;
}

/* The record, or a copy with what the twist changes for showing. */
static const struct record *
as_shown(struct call *call, const struct record *record)
{
	const struct twist *twist = call->route->twist;

	if (!twist || !twist->show)
		return record;
	struct record *copy = record_copy(call->request->arena, record);

	twist->show(call, copy);
	return copy;
}

void
regular_search(struct call *call)
{
	const struct route *route = call->route;
	const struct view   view = call_view(call, NULL);
	struct labels      *labels = labels_make(&view, route->resource);
	struct grid         grid = grid_read(call, -1);

	if (route->twist && route->twist->begin)
		route->twist->begin(call);
	if (grid.search.nsort == 0 && route->face && route->face->sort)
		grid.search.sort[grid.search.nsort++] = text_of(route->face->sort);
	grid.search.fields = route->face ? route->face->search : NULL;
	grid.search.wanted = find_wanted(route);
	grid.search.context = call;
	const struct found found = search_run(&grid.search, &view, labels, rows_of(&view, route->resource));

	grid_begin(call);
	if (route->twist && route->twist->first)
		route->twist->first(call);
	for (size_t i = 0; i < found.count; i++) {
		json_object(&call->json);
		show_row(&call->json, as_shown(call, found.records[i]), route->twist ? route->twist->hide_row : NULL, labels);
		if (route->twist && route->twist->columns)
			route->twist->columns(call, found.records[i]);
		json_object_end(&call->json);
	}
	grid_end(call, &grid, found.count, found.total);
}

void
regular_show(struct call *call, const struct record *record)
{
	const struct twist *twist = call->route->twist;
	const struct view   view = call_view(call, record);

	record = as_shown(call, record);
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, call->route->face->root);
	json_object(&call->json);
	show_record(&call->json, record, twist ? twist->hide_get : NULL, &view);
	if (twist && twist->extra)
		twist->extra(call, record);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

void
regular_get(struct call *call)
{
	const struct view view = call_view(call, NULL);

	if (call->nparams == 0) {
		regular_show(call, verb_fresh(call->request, call->route->resource));
		return;
	}
	const struct record *record = rows_find(&view, call->route->resource, call_param(call, 0));

	if (record && belongs(call->route->face, record))
		regular_show(call, record);
	else
		answer_empty(call);
}

/* What single controllers leave out of their model. */
/* clang-format off */
static const struct {
	const char *endpoint, *without;
} shortened[] = {
	{ "ids/settings/get", "rules.rule,policies.policy,userDefinedRules.rule,files.file,fileTags.tag" },
	{ "ipsec/settings/get", "keyPairs.keyPair,preSharedKeys.preSharedKey" },
	{ "kea/dhcpv4/get", "subnets.subnet4,reservations.reservation,options.option,ha_peers.peer" },
	{ "kea/dhcpv6/get",
	  "subnets.subnet6,reservations.reservation,options.option,ha_peers.peer,pd_pools.pd_pool" },
	{ NULL, NULL },
};
/* clang-format on */

void
regular_model_get(struct call *call)
{
	const struct view view = call_view(call, NULL);
	const char       *without = NULL;

	for (size_t i = 0; shortened[i].endpoint; i++)
		if (text_is(text_of(shortened[i].endpoint), call->route->endpoint))
			without = shortened[i].without;
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, call->route->face->root);
	json_object(&call->json);
	show_model(&call->json, call->route->resource->model, without, &view);
	json_object_end(&call->json);
	json_object_end(&call->json);
}
