/*
 * Every endpoint of the OPNsense dialect, asked with what is plausible; and every field of every resource,
 * sent what is hostile. An answer is a good one when it is JSON (or a file, or a stream), no surprise of ours,
 * and when nothing is kept by a request that was refused.
 *
 * usage: opnsense_walk VECTORS [hostile]
 */
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "dialect/opnsense/opnsense.h"
#include "dialect/opnsense/route.h"
#include "json/read.h"
#include "json/write.h"
#include "scenario/opnsense_setup.h"
#include "scenario/walk_values.h"
#include "schema/lists.h"

#define UNKNOWN   "11111111-2222-4333-8444-555555555555"
#define FAULTS_MAX 60

struct walk {
	const char          *vectors;
	struct arena        *arena; /* of the setup */
	struct harness      *harness;
	const struct routes *routes;
	const char          *authorization;
	struct map          *known; /* resource -> uuid of a record that the walk added */
	size_t               requests, wrong, unkept;
};

static void __attribute__((format(printf, 3, 4)))
complain(struct walk *walk, const char *what, const char *format, ...)
{
	va_list args;

	if (++walk->wrong > FAULTS_MAX)
		return;
	printf("%s: ", what);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

/* --- one request -------------------------------------------------------------------------------- */

/* What a client is told when something of ours is broken. */
static bool
is_surprise(const struct answer *answer, const struct value *body)
{
	const struct value *message = value_get(body, "errorMessage");

	if (answer->status < 500)
		return false;
	return !message || (text_starts(message->text, TEXT("Unexpected error")) && !value_get(body, "errorTitle"));
}

/* The reference answers 500 where a text is sent for an object or the other way round; so do we. */
static bool
is_of_wrong_kind(const struct value *sent)
{
	for (size_t i = 0; i < value_count(sent); i++)
		if (sent->members[i].value->kind == VALUE_LIST || is_of_wrong_kind(sent->members[i].value))
			return true;
	return false;
}

static uint64_t
revision_of(struct walk *walk)
{
	const struct snapshot *snapshot = store_snapshot(harness_store(walk->harness));
	const uint64_t         revision = snapshot_revision(snapshot);

	snapshot_release(snapshot);
	return revision;
}

/* The answer's JSON, or NULL when it is none. */
static struct value *
ask(struct walk *walk, struct arena *arena, enum method method, const char *path, const struct value *sent)
{
	scoped_buffer   body = BUFFER_NONE;
	struct json     json = { .out = &body };
	struct ask      what = { .method = method, .target = arena_print(arena, "/api/%s", path),
		                 .headers = { { "Authorization", walk->authorization } } };
	struct value   *have = NULL;
	const uint64_t  before = revision_of(walk);

	if (sent) {
		json_value(&json, sent);
		what.body = buffer_text(&body);
		what.headers[1][0] = "Content-Type";
		what.headers[1][1] = "application/json";
	}
	const struct answer answer = harness_ask(walk->harness, arena, &opnsense_dialect, &what);
	const bool          is_json = text_contains(text_of(answer.type), TEXT("json"));

	walk->requests++;
	if (answer.status == 401)
		complain(walk, path, "the walk's own key is gone");
	if (is_json && json_read(arena, answer.body, NULL, &have, NULL) != RESULT_DONE)
		complain(walk, path, "no JSON: %.200s", answer.body.ptr);
	if (is_surprise(&answer, have) && !is_of_wrong_kind(sent))
		complain(walk, path, "status %u: %.200s (sent %.300s)", answer.status, answer.body.ptr, buffer_string(&body));
	const struct value *result = value_get(have, "result");

	if (value_is(result, VALUE_TEXT) && text_is(result->text, "failed") && revision_of(walk) != before)
		complain(walk, path, "refused, but kept something (sent %.300s)", buffer_string(&body));
	return have;
}

static bool
is_saved(const struct value *answer, const char **uuid)
{
	const struct value *result = value_get(answer, "result"), *given = value_get(answer, "uuid");

	if (given && given->kind == VALUE_TEXT)
		*uuid = given->text.ptr;
	return value_is(result, VALUE_TEXT) && text_is(result->text, "saved");
}

/* --- records that are kept ---------------------------------------------------------------------- */

static struct value *
wrapped(struct arena *arena, const struct route *route, struct value *record)
{
	struct value *around = value_object(arena);

	value_set(arena, around, route->face && route->face->root ? route->face->root : "x", record);
	return around;
}

static struct value *
plausible(struct walk *walk, struct arena *arena, const struct resource *resource)
{
	const struct snapshot *snapshot = store_snapshot(harness_store(walk->harness));
	const struct view      view = { arena, snapshot, harness_service(walk->harness)->facts, NULL };
	struct value          *record = walk_plausible(arena, resource, &view);

	snapshot_release(snapshot);
	return record;
}

/* Add a record of each resource that can be added to; relations want others first, so again. */
static void
add_records(struct walk *walk, bool last)
{
	for (size_t i = 0; i < routes_count(walk->routes); i++) {
		const struct route *route = routes_at(walk->routes, i);
		scoped_arena        arena = arena_new();
		const char         *uuid = NULL;

		if (route->kind != KIND_ADD || !route->resource || !route->face ||
		    map_get(walk->known, text_of(route->resource->name)))
			continue;
		struct value *sent = wrapped(arena, route, plausible(walk, arena, route->resource));
		struct value *answer = ask(walk, arena, METHOD_POST, route->endpoint, sent);

		if (is_saved(answer, &uuid) && uuid) {
			map_set(walk->known, text_of(route->resource->name), arena_copy(walk->arena, text_of(uuid)));
			continue;
		}
		scoped_buffer text = BUFFER_NONE, told = BUFFER_NONE;

		if (!last)
			continue;
		json_value(&(struct json){ .out = &text }, sent);
		json_value(&(struct json){ .out = &told }, answer);
		printf("%s: not kept: %s, sent %s\n", route->endpoint, buffer_string(&told), buffer_string(&text));
		walk->unkept++;
	}
}

static void
start(struct walk *walk)
{
	walk->arena = arena_new();
	walk->harness = opnsense_setup(walk->arena, walk->vectors);
	walk->routes = harness_service(walk->harness)->routes[OPNSENSE];
	walk->authorization = opnsense_authorization(walk->arena, "admin");
	walk->known = map_make(walk->arena);
	harness_put(walk->harness, "kea.dhcpv6_settings", NULL, "general.interfaces", "lan", NULL);
	walk->unkept = 0;
	for (int round = 0; round < 4; round++)
		add_records(walk, round == 3);
}

static void
finish(struct walk *walk)
{
	harness_free(walk->harness);
	arena_free(walk->arena);
}

/* --- every endpoint ------------------------------------------------------------------------------ */

static bool
takes_away(const struct route *route)
{
	return route->kind == KIND_DELETE || text_contains(text_of(route->endpoint), TEXT("/del")) ||
	       text_contains(text_of(route->endpoint), TEXT("flush")) || text_contains(text_of(route->endpoint), TEXT("revert"));
}

static const char *
uuid_for(const struct walk *walk, const struct route *route)
{
	const char *uuid = route->resource ? map_get(walk->known, text_of(route->resource->name)) : NULL;

	return uuid ? uuid : "lan";
}

static void
ask_all_ways(struct walk *walk, const struct route *route)
{
	scoped_arena  arena = arena_new();
	struct value *grid = value_object(arena), *record = value_object(arena);

	if (route->resource && route->face &&
	    (route->kind == KIND_ADD || route->kind == KIND_SET || route->kind == KIND_MODEL_SET))
		record = route->kind == KIND_MODEL_SET ? value_object(arena) : plausible(walk, arena, route->resource);
	value_set(arena, grid, "current", value_integer(arena, 1));
	value_set(arena, grid, "rowCount", value_integer(arena, 5));
	value_set_string(arena, grid, "searchPhrase", "a");
	const char *const paths[] = {
		route->endpoint,
		arena_print(arena, "%s/%s", route->endpoint, uuid_for(walk, route)),
		arena_print(arena, "%s/" UNKNOWN, route->endpoint),
		arena_print(arena, "%s/%s/1/2", route->endpoint, uuid_for(walk, route)),
		arena_print(arena, "%s/%%00/..%%2f..%%2fetc/x", route->endpoint),
	};

	for (size_t i = 0; i < COUNT(paths); i++) {
		ask(walk, arena, METHOD_GET, paths[i], NULL);
		ask(walk, arena, METHOD_POST, paths[i], NULL);
		ask(walk, arena, METHOD_POST, paths[i], wrapped(arena, route, record));
		ask(walk, arena, METHOD_POST, paths[i], grid);
	}
	ask(walk, arena, METHOD_PUT, route->endpoint, value_list(arena));
}

static void
walk_endpoints(struct walk *walk)
{
	start(walk);
	walk->wrong += walk->unkept;
	/* What takes records away comes last. */
	for (int away = 0; away < 2; away++)
		for (size_t i = 0; i < routes_count(walk->routes); i++)
			if (takes_away(routes_at(walk->routes, i)) == away)
				ask_all_ways(walk, routes_at(walk->routes, i));
	finish(walk);
}

/* --- every field ---------------------------------------------------------------------------------- */

/* What was kept must pass its own checks. */
static void
check_kept(struct walk *walk, struct arena *arena, const struct route *route, const char *uuid, const char *what)
{
	const struct snapshot *snapshot = store_snapshot(harness_store(walk->harness));
	struct view            view = { arena, snapshot, harness_service(walk->harness)->facts, NULL };
	const struct record   *kept = route->resource->shape == SINGLETON ?
		                              snapshot_single(snapshot, route->resource->name) :
		                              collection_find(snapshot_collection(snapshot, route->resource), text_of(uuid));
	struct faults faults = { .arena = arena };

	for (size_t i = 0; kept && i < route->resource->nfields; i++) {
		const struct field *field = &route->resource->fields[i];

		view.record = kept;
		if (!(field->flags & (VOLATILE | REQUIRED)) || kept->values[i][0])
			field_check(field, kept->values[i], &view, &faults);
	}
	if (faults.first && !(route->kind == KIND_MODEL_SET))
		complain(walk, route->endpoint, "kept %s although %s: %s", what, faults.first->field, faults.first->message);
	snapshot_release(snapshot);
}

static void
send_hostile(struct walk *walk, const struct route *route, const struct field *field, size_t n)
{
	scoped_arena  arena = arena_new();
	const char   *known = uuid_for(walk, route), *uuid = known;
	struct value *record = value_object(arena);
	const char   *name = field->as[OPNSENSE] ? field->as[OPNSENSE] : field->name;
	const char   *path = route->kind == KIND_SET ? arena_print(arena, "%s/%s", route->endpoint, known) : route->endpoint;

	if (strcmp(name, ABSENT) == 0 || (field->flags & HIDDEN))
		return;
	walk_put(arena, record, name, walk_hostile(arena, field, n));
	if (is_saved(ask(walk, arena, METHOD_POST, path, wrapped(arena, route, record)), &uuid))
		check_kept(walk, arena, route, uuid, arena_print(arena, "hostile value %zu of %s", n, field->name));
}

static void
walk_fields(struct walk *walk)
{
	start(walk);
	for (size_t i = 0; i < routes_count(walk->routes); i++) {
		const struct route *route = routes_at(walk->routes, i);

		if ((route->kind != KIND_SET && route->kind != KIND_MODEL_SET) || !route->resource || !route->face ||
		    strcmp(route->resource->name, "auth.user") == 0)
			continue;
		for (size_t j = 0; j < route->resource->nfields; j++)
			for (size_t n = 0; n < walk_hostile_count(); n++)
				send_hostile(walk, route, &route->resource->fields[j], n);
	}
	finish(walk);
}

int
main(int argc, char **argv)
{
	struct walk walk = { 0 };

	if (argc < 2)
		return 2;
	scoped_arena arena = arena_new();

	walk.vectors = arena_print(arena, "%s/opnsense", argv[1]);
	if (argc > 2)
		walk_fields(&walk);
	else
		walk_endpoints(&walk);
	printf("%zu requests, %zu wrong\n", walk.requests, walk.wrong);
	return walk.wrong == 0 ? 0 : 1;
}
