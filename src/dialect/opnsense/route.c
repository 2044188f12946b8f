/*
 * Computing the routes, and finding one: module, controller and command are brought to one
 * spelling, which is looked up in a hash table.
 */
#include "dialect/opnsense/route.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "dialect/opnsense/regular.h"

#define ROUTES_MAX    2048
#define SPELLING_MAX  128
#define PATH_PARTS_MAX (3 + CALL_PARAMS_MAX)

struct routes {
	struct arena *arena;
	struct route *routes;
	size_t        count;
	struct map   *endpoints; /* by contract name */
	struct map   *spellings; /* by canonical spelling */
	struct route *sorted;    /* copies, by endpoint */
};

/* clang-format off */
static const struct {
	const char *name, *refusal;
	unsigned    methods;
} kinds[KINDS] = {
	[KIND_SEARCH] =              { "crud-search", "[]", 0 },
	[KIND_GET] =                 { "crud-get", "[]", 0 },
	[KIND_ADD] =                 { "crud-add", "{\"result\":\"failed\"}", POSTS },
	[KIND_SET] =                 { "crud-set", "{\"result\":\"failed\"}", POSTS },
	[KIND_DELETE] =              { "crud-del", "{\"result\":\"failed\"}", POSTS },
	[KIND_TOGGLE] =              { "crud-toggle", "{\"result\":\"failed\"}", POSTS },
	[KIND_MODEL_GET] =           { "model-get", "[]", GETS },
	[KIND_MODEL_SET] =           { "model-set", "{\"result\":\"failed\"}", POSTS },
	[KIND_CSV_DOWNLOAD] =        { "csv-download", "[]", GETS },
	[KIND_CSV_UPLOAD] =          { "csv-upload", "{\"status\":\"failed\"}", POSTS },
	[KIND_START] =               { "service-start", "{\"response\":[]}", POSTS },
	[KIND_STOP] =                { "service-stop", "{\"response\":[]}", POSTS },
	[KIND_RESTART] =             { "service-restart", "{\"response\":[]}", POSTS },
	[KIND_STATUS] =              { "service-status", "[]", 0 },
	[KIND_SERVICE_RECONFIGURE] = { "service-reconfigure", "{\"status\":\"failed\"}", POSTS },
	[KIND_RECONFIGURE] =         { "reconfigure", "{\"status\":\"failed\"}", POSTS },
	[KIND_ACTION] =              { "action", "{\"result\":\"failed\"}", POSTS },
	[KIND_QUERY] =               { "query", "[]", 0 },
	[KIND_GRID] =                { "query-grid", "[]", 0 },
	[KIND_DOWNLOAD] =            { "download", "[]", 0 },
	[KIND_STREAM] =              { "stream", "[]", 0 },
};

/* What the verbs of a face are called, and who serves them. */
static const struct {
	unsigned    verb;
	const char *word;
	enum kind   kind;
	unsigned    params;
	enum lane   lane;
	handler    *handle;
} verbs[] = {
	{ VERB_SEARCH,   "search",   KIND_SEARCH,       0, LANE_WORKER, regular_search },
	{ VERB_GET,      "get",      KIND_GET,          0, LANE_WORKER, regular_get },
	{ VERB_ADD,      "add",      KIND_ADD,          0, LANE_COMMIT, regular_add },
	{ VERB_SET,      "set",      KIND_SET,          1, LANE_COMMIT, regular_set },
	{ VERB_DELETE,   "del",      KIND_DELETE,       1, LANE_COMMIT, regular_delete },
	{ VERB_TOGGLE,   "toggle",   KIND_TOGGLE,       1, LANE_COMMIT, regular_toggle },
};
/* clang-format on */

const char *
kind_name(enum kind kind)
{
	return kinds[kind].name;
}

/* What is not only for POST is for looking. */
bool
kind_is_read(enum kind kind)
{
	return kinds[kind].methods != POSTS;
}

/* --- spellings ------------------------------------------------------------------------------ */

static size_t
put_flat(char *out, struct text part)
{
	size_t len = 0;

	for (size_t i = 0; i < part.len; i++)
		if (part.ptr[i] != '_')
			out[len++] = (char)tolower((unsigned char)part.ptr[i]);
	return len;
}

static size_t
put_camel(char *out, struct text part)
{
	size_t len = 0;
	bool   raise = true;

	for (size_t i = 0; i < part.len; i++) {
		if (part.ptr[i] != '_')
			out[len++] = raise ? (char)toupper((unsigned char)part.ptr[i]) : part.ptr[i];
		raise = part.ptr[i] == '_';
	}
	return len;
}

/* module/Controller/command in one spelling; empty when too long for any endpoint. */
static struct text
spell(char room[SPELLING_MAX], struct text module, struct text controller, struct text command)
{
	size_t len;

	if (module.len + controller.len + command.len + 2 > SPELLING_MAX)
		return TEXT_NONE;
	len = put_flat(room, module);
	room[len++] = '/';
	len += put_camel(room + len, controller);
	room[len++] = '/';
	len += put_flat(room + len, command);
	return (struct text){ room, len };
}

/* --- making --------------------------------------------------------------------------------- */

static struct text
spell_endpoint(char room[SPELLING_MAX], const char *endpoint)
{
	struct text rest = text_of(endpoint);
	const struct text module = text_until(&rest, '/'), controller = text_until(&rest, '/');

	return spell(room, module, controller, rest);
}

static void
name_route(struct routes *routes, const char *endpoint, struct route *route)
{
	char         room[SPELLING_MAX];
	const struct text spelling = spell_endpoint(room, endpoint);

	BUG_IF(spelling.len == 0, "%s: name too long", endpoint);
	map_set(routes->endpoints, text_of(endpoint), route);
	struct route *before = map_set(routes->spellings, text_of(arena_copy(routes->arena, spelling)), route);

	BUG_IF(before && before != route, "two routes for %s", endpoint);
}

static struct route *
add_route(struct routes *routes, const char *endpoint)
{
	struct route *route = &routes->routes[routes->count++];

	BUG_IF(routes->count > ROUTES_MAX, "too many routes");
	route->endpoint = endpoint;
	name_route(routes, endpoint, route);
	return route;
}

static void
add_face(struct routes *routes, const struct resource *resource, const struct face *face)
{
	for (size_t i = 0; i < COUNT(verbs); i++) {
		const char *suffix = face->suffix;

		if (!(face->verbs & verbs[i].verb))
			continue;
		if (verbs[i].verb == VERB_SEARCH && face->search_suffix)
			suffix = face->search_suffix;
		const char   *endpoint = arena_print(routes->arena, "%s/%s%s", face->at, verbs[i].word, suffix);
		struct route *route = add_route(routes, endpoint);
		const bool    single = resource->shape == SINGLETON;

		route->kind = !single               ? verbs[i].kind
			      : verbs[i].verb == VERB_GET ? KIND_MODEL_GET
							  : KIND_MODEL_SET;
		route->params = single ? 0 : verbs[i].params;
		route->lane = verbs[i].lane;
		route->handle = !single                     ? verbs[i].handle
				: verbs[i].verb == VERB_GET ? regular_model_get
							    : regular_model_set;
		route->methods = kinds[route->kind].methods;
		route->refusal = kinds[route->kind].refusal;
		route->resource = resource;
		route->face = face;
	}
}

static void
add_action(struct routes *routes, const struct schema *schema, const struct action *action)
{
	struct route *route = map_get(routes->endpoints, text_of(action->endpoint));

	if (route && !action->handle) {
		route->twist = action->twist;
		route->slow = action->slow;
		route->finish = action->finish;
		return;
	}
	if (!route)
		route = add_route(routes, action->endpoint);
	route->kind = action->kind;
	route->params = action->params;
	route->is_open = action->is_open;
	route->methods = action->methods ? action->methods : kinds[action->kind].methods;
	route->lane = action->lane;
	route->handle = action->handle;
	route->slow = action->slow;
	route->finish = action->finish;
	route->refusal = action->refusal ? action->refusal : kinds[action->kind].refusal;
	if (action->resource)
		route->resource = schema_named(schema, action->resource);
	BUG_IF(action->resource && !route->resource, "%s: no resource %s", action->endpoint, action->resource);
	BUG_IF(!route->handle, "%s is served by nobody", action->endpoint);
	route->twist = action->twist;
	route->parts = action->parts;
	const struct route *like = action->like ? map_get(routes->endpoints, text_of(action->like)) : NULL;

	BUG_IF(action->like && !like, "%s: no endpoint %s", action->endpoint, action->like);
	if (like)
		route->face = like->face;
	if (action->also)
		name_route(routes, action->also, route);
}

static int
compare_routes(const void *a, const void *b)
{
	return strcmp(((const struct route *)a)->endpoint, ((const struct route *)b)->endpoint);
}

const struct routes *
routes_new(struct arena *arena, const struct schema *schema)
{
	struct routes *routes = ARENA_MAKE(arena, struct routes, 1);

	routes->arena = arena;
	routes->routes = ARENA_MAKE(arena, struct route, ROUTES_MAX);
	routes->endpoints = map_make(arena);
	routes->spellings = map_make(arena);
	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct resource *resource = schema_at(schema, i);

		for (const struct face *face = resource->faces[OPNSENSE]; face && face->at; face++)
			add_face(routes, resource, face);
	}
	for (size_t i = 0; action_tables[i]; i++)
		for (const struct action *action = action_tables[i]; action->endpoint; action++)
			add_action(routes, schema, action);
	routes->sorted = ARENA_MAKE(arena, struct route, routes->count);
	memcpy(routes->sorted, routes->routes, routes->count * sizeof(struct route));
	qsort(routes->sorted, routes->count, sizeof(struct route), compare_routes);
	return routes;
}

size_t
routes_count(const struct routes *routes)
{
	return routes->count;
}

const struct route *
routes_at(const struct routes *routes, size_t index)
{
	return &routes->sorted[index];
}

const struct route *
routes_find(const struct routes *routes, struct text endpoint)
{
	return map_get(routes->endpoints, endpoint);
}

/* --- finding -------------------------------------------------------------------------------- */

const struct route *
routes_match(const struct routes *routes, struct text path, struct text *params, size_t *nparams)
{
	struct text parts[PATH_PARTS_MAX], part;
	size_t      count = 0;
	char        room[SPELLING_MAX];

	while (count < PATH_PARTS_MAX && text_next(&path, "/", &part))
		if (part.len)
			parts[count++] = part;
	if (count < 3)
		return NULL;
	const struct text   spelling = spell(room, parts[0], parts[1], parts[2]);
	const struct route *route = spelling.len ? map_get(routes->spellings, spelling) : NULL;
	size_t              first = 3;

	if (!route) {
		/* The name of a log is the command: diagnostics/log/<module>/<scope>. */
		route = map_get(routes->spellings, spell(room, parts[0], parts[1], TEXT("*")));
		first = 2;
	}
	if (!route || count - first < route->params)
		return NULL;
	*nparams = 0;
	for (size_t i = first; i < count && *nparams < CALL_PARAMS_MAX; i++)
		params[(*nparams)++] = parts[i];
	return route;
}
