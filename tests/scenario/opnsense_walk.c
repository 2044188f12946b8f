/*
 * Every endpoint of the OPNsense dialect, asked with what is plausible; and every field of every resource,
 * sent what is hostile. An answer is a good one when it is JSON (or a file, or a stream), no surprise of ours,
 * and when nothing is kept by a request that was refused.
 *
 * usage: opnsense_walk VECTORS [hostile]
 */
#include <stdio.h>
#include <string.h>

#include "json/write.h"
#include "scenario/walk_box.h"
#include "scenario/walk_values.h"
#include "schema/lists.h"

#define UNKNOWN   "11111111-2222-4333-8444-555555555555"
#define FAULTS_MAX 60

struct walk {
	const char     *vectors;
	struct walk_box box;
	size_t          requests, wrong;
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
	const struct snapshot *snapshot = store_snapshot(harness_store(walk->box.harness));
	const uint64_t         revision = snapshot_revision(snapshot);

	snapshot_release(snapshot);
	return revision;
}

/* The answer's JSON, or NULL when it is none. */
static struct value *
ask(struct walk *walk, struct arena *arena, enum method method, const char *path, const struct value *sent)
{
	scoped_buffer       body = BUFFER_NONE;
	struct value       *have;
	const uint64_t      before = revision_of(walk);
	const struct answer answer = walk_box_ask(&walk->box, arena, method, path, sent, &have);
	const bool          is_json = text_contains(text_of(answer.type), TEXT("json"));

	json_value(&(struct json){ .out = &body }, sent);
	walk->requests++;
	if (answer.status == 401)
		complain(walk, path, "the walk's own key is gone");
	if (is_json && !have)
		complain(walk, path, "no JSON: %.200s", answer.body.ptr);
	if (is_surprise(&answer, have) && !is_of_wrong_kind(sent))
		complain(walk, path, "status %u: %.200s (sent %.300s)", answer.status, answer.body.ptr, buffer_string(&body));
	const struct value *result = value_get(have, "result");

	if (value_is(result, VALUE_TEXT) && text_is(result->text, "failed") && revision_of(walk) != before)
		complain(walk, path, "refused, but kept something (sent %.300s)", buffer_string(&body));
	return have;
}

/* --- every endpoint ------------------------------------------------------------------------------ */

static bool
takes_away(const struct route *route)
{
	static const char *const words[] = { "/del", "flush", "revert", "/activate", "defaults/", "tunables/reset" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (text_contains(text_of(route->endpoint), text_of(words[i])))
			return true;
	return route->kind == KIND_DELETE;
}

static const char *
uuid_for(const struct walk *walk, const struct route *route)
{
	const char *uuid = route->resource ? map_get(walk->box.known, text_of(route->resource->name)) : NULL;

	return uuid ? uuid : "lan";
}

static void
ask_all_ways(struct walk *walk, const struct route *route)
{
	scoped_arena  arena = arena_new();
	struct value *grid = value_object(arena), *record = value_object(arena);

	if (route->resource && route->face &&
	    (route->kind == KIND_ADD || route->kind == KIND_SET || route->kind == KIND_MODEL_SET))
		record = route->kind == KIND_MODEL_SET ? value_object(arena) : walk_box_plausible(&walk->box, arena, route);
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
		ask(walk, arena, METHOD_POST, paths[i], walk_wrapped(arena, route, record));
		ask(walk, arena, METHOD_POST, paths[i], grid);
	}
	ask(walk, arena, METHOD_PUT, route->endpoint, value_list(arena));
}

static void
walk_endpoints(struct walk *walk)
{
	walk_box_open(&walk->box, walk->vectors);
	walk->wrong += walk->box.unkept;
	/* What takes records away comes last. */
	for (int away = 0; away < 2; away++)
		for (size_t i = 0; i < routes_count(walk->box.routes); i++)
			if (takes_away(routes_at(walk->box.routes, i)) == away)
				ask_all_ways(walk, routes_at(walk->box.routes, i));
	walk_box_close(&walk->box);
}

/* --- every field ---------------------------------------------------------------------------------- */

/* What was kept must pass its own checks. */
static void
check_kept(struct walk *walk, struct arena *arena, const struct route *route, const char *uuid, const char *what)
{
	const struct snapshot *snapshot = store_snapshot(harness_store(walk->box.harness));
	struct view            view = { arena, snapshot, harness_service(walk->box.harness)->facts, NULL };
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
	if (walk_is_saved(ask(walk, arena, METHOD_POST, path, walk_wrapped(arena, route, record)), &uuid))
		check_kept(walk, arena, route, uuid, arena_print(arena, "hostile value %zu of %s", n, field->name));
}

static void
walk_fields(struct walk *walk)
{
	walk_box_open(&walk->box, walk->vectors);
	for (size_t i = 0; i < routes_count(walk->box.routes); i++) {
		const struct route *route = routes_at(walk->box.routes, i);

		if ((route->kind != KIND_SET && route->kind != KIND_MODEL_SET) || !route->resource || !route->face ||
		    strcmp(route->resource->name, "auth.user") == 0)
			continue;
		for (size_t j = 0; j < route->resource->nfields; j++)
			for (size_t n = 0; n < walk_hostile_count(); n++)
				send_hostile(walk, route, &route->resource->fields[j], n);
	}
	walk_box_close(&walk->box);
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
