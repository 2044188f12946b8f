/* The resolver: hosts with the aliases that hang on them, forwards, and what the daemon says. */
#include <string.h>

#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"

/* --- the aliases of a host ------------------------------------------------------------------ */

static const struct collection *
aliases_of(const struct call *call)
{
	return snapshot_named(call->request->snapshot, "unbound.host_alias");
}

static bool
belongs_to(const struct record *alias, const struct record *host)
{
	return strcmp(record_get(alias, "host"), host->uuid) == 0;
}

static void
put_child(struct call *call, const struct record *alias, const struct record *host)
{
	const struct view    view = call_view(call, host);
	const struct record *from;

	json_object(&call->json);
	json_put_string(&call->json, "uuid", alias->uuid);
	for (size_t i = 0; i < host->resource->nfields; i++) {
		const struct field *field = &host->resource->fields[i];
		const size_t        own = resource_find_field(alias->resource, text_of(field->name));

		if (field->flags & VOLATILE || !shown_name(field))
			continue;
		from = own == SIZE_MAX ? host : alias;
		const char *value = own == SIZE_MAX ? host->values[i] : alias->values[own];
		const char *label = from == host ? field_label(field, value, &view) : value;

		json_put_string(&call->json, field->name, value);
		if (strcmp(label, value) != 0)
			json_put_string(&call->json, arena_print(view.arena, "%%%s", field->name), label);
	}
	json_put_bool(&call->json, "isAlias", true);
	json_object_end(&call->json);
}

static void
put_children(struct call *call, const struct record *host)
{
	size_t count = 0;

	json_put_bool(&call->json, "isAlias", false);
	for (size_t i = 0; i < collection_count(aliases_of(call)); i++) {
		const struct record *alias = collection_at(aliases_of(call), i);

		if (!belongs_to(alias, host))
			continue;
		if (count++ == 0) {
			json_name(&call->json, "_children");
			json_list(&call->json);
		}
		put_child(call, alias, host);
	}
	if (count)
		json_list_end(&call->json);
}

static bool
of_host(const struct record *alias, void *context)
{
	struct call *call = context;
	const char  *host = call_text(call, "host");

	return !host || host[0] == '\0' || strcmp(record_get(alias, "host"), host) == 0;
}

/* A template can say which host the alias will be of. */
static void
preselect_host(struct call *call, struct record *alias)
{
	const char *host = value_as_string(call->request->arena, value_get(call_query(call), "host"));

	if (host && alias->uuid[0] == '\0')
		record_set(alias, "host", host);
}

/* A set without settings is fine. */
static void
set_settings(struct call *call)
{
	if (value_get(call->input, "unbound")) {
		regular_model_set(call);
		return;
	}
	call->request->keep = call->request->always = true;
	answer_word(call, "result", "saved");
}

/* --- what the daemon says ------------------------------------------------------------------- */

static void
is_enabled(struct call *call)
{
	const struct record *settings = snapshot_single(call->request->snapshot, "unbound.settings");

	answer_word(call, "enabled", record_bool(settings, "general.stats") ? "1" : "0");
}

static void
blocks(struct call *call)
{
	const struct collection *lists = snapshot_named(call->request->snapshot, "unbound.dnsbl");

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_bool(&call->json, "enabled", collection_where(lists, "enabled", TEXT("1")));
	json_object_end(&call->json);
}

static void
get_nameservers(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *servers = topic_ask(call->request, &message, "resolver.upstreams", NULL);

	if (servers)
		answer_value(call, servers);
	else
		answer_word(call, "message", buffer_string(&message));
}

/* unbound/diagnostics/<what>: {"status":"ok","data":...} */
static void
diagnose(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct arena *arena = call->request->arena;
	struct value *answer = value_object(arena);
	struct value *data = topic_ask(call->request, &message, "resolver.diagnostics", "what",
				       strrchr(call->route->endpoint, '/') + 1, NULL);

	value_set_string(arena, answer, "status", data ? "ok" : "failed");
	if (data)
		value_set(arena, answer, "data", data);
	answer_value(call, answer);
}

/* --- who asked for what --------------------------------------------------------------------- */

static void
answer_topic(struct call *call, const struct value *said, const struct buffer *message)
{
	if (said)
		answer_value(call, said);
	else
		answer_refusal(call, "Statistics", "%s", buffer_string(message));
}

static void
totals(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *most = call_param_string(call, 0);

	answer_topic(call, topic_ask(call->request, &message, "resolver.totals", "maximum", most, NULL), &message);
}

static void
rolling(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_topic(call, topic_ask(call->request, &message, "resolver.rolling", "hours", call_param_string(call, 0), "clients",
				     call_param_string(call, 1), NULL),
		     &message);
}

static void
search_queries(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *client = call_text(call, "client"), *from = call_text(call, "timeStart"), *until = call_text(call, "timeEnd");
	/* Only all three together narrow it. */
	const bool    is_narrow = client && *client && from && *from && until && *until;
	struct value *rows = is_narrow ? topic_ask(call->request, &message, "resolver.queries", "client", client, "from", from,
						   "until", until, NULL)
				       : topic_ask(call->request, &message, "resolver.queries", NULL);

	grid_answer(call, value_is(rows, VALUE_LIST) ? rows : value_list(call->request->arena), 9999);
}

static void
reset_queries(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_word(call, "status", topic_ask(call->request, &message, "resolver.reset", NULL) ? "OK" : "failed");
}

/* What would happen to a query for this name. */
static void
test_blocklist(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct arena *arena = call->request->arena;
	const char   *domain = value_as_string(arena, value_get(call->input, "domain"));
	const char   *source = value_as_string(arena, value_get(call->input, "src"));
	struct value *said, *answer = value_object(arena);

	said = domain && *domain ? topic_ask(call->request, &message, "resolver.test", "domain", domain, "src",
					     source ? source : "", NULL)
				 : NULL;
	value_set_string(arena, answer, "status", said ? "OK" : "error");
	if (said) {
		value_set(arena, answer, "action", value_get(said, "action"));
		if (value_get(said, "policy"))
			value_set(arena, answer, "policy", value_get(said, "policy"));
	}
	answer_value(call, answer);
}

/* clang-format off */
static const struct twist host_twist = {
	.columns = put_children,
};
static const struct twist alias_twist = { .wanted = of_host, .show = preselect_host };

#define DIAGNOSTICS(what) { "unbound/diagnostics/" what, KIND_QUERY, .lane = LANE_SLOW, .handle = diagnose }

const struct action unbound_actions[] = {
	{ "unbound/settings/set", KIND_MODEL_SET, .lane = LANE_COMMIT, .handle = set_settings },
	{ "unbound/settings/search_host_override", KIND_SEARCH, .twist = &host_twist },
	{ "unbound/settings/del_host_override", KIND_DELETE, 1, .lane = LANE_COMMIT, .handle = regular_delete,
	  .resource = "unbound.host_override" },
	{ "unbound/settings/search_host_alias", KIND_SEARCH, .twist = &alias_twist },
	{ "unbound/settings/get_host_alias", KIND_GET, .twist = &alias_twist },
	{ "unbound/settings/get_nameservers", KIND_QUERY, .methods = GETS, .lane = LANE_SLOW, .handle = get_nameservers },
	{ "unbound/overview/is_enabled", KIND_QUERY, .handle = is_enabled },
	{ "unbound/overview/is_block_list_enabled", KIND_QUERY, .handle = blocks },
	{ "unbound/overview/totals", KIND_QUERY, 1, .lane = LANE_SLOW, .handle = totals },
	{ "unbound/overview/rolling", KIND_QUERY, 1, .lane = LANE_SLOW, .handle = rolling },
	{ "unbound/overview/search_queries", KIND_GRID, .lane = LANE_SLOW, .handle = search_queries },
	{ "unbound/overview/reset", KIND_ACTION, .lane = LANE_SLOW, .handle = reset_queries },
	{ "unbound/diagnostics/test_blocklist", KIND_ACTION, .lane = LANE_SLOW, .handle = test_blocklist },
	DIAGNOSTICS("dumpcache"), DIAGNOSTICS("dumpinfra"), DIAGNOSTICS("listinsecure"), DIAGNOSTICS("listlocaldata"),
	DIAGNOSTICS("listlocalzones"), DIAGNOSTICS("stats"),
	{ NULL },
};
/* clang-format on */
