/* Setting up the box of a walk. */
#include "scenario/walk_box.h"

#include <stdio.h>

#include "dialect/opnsense/opnsense.h"
#include "json/write.h"
#include "scenario/opnsense_setup.h"
#include "scenario/walk_values.h"

#define ROUNDS 4 /* relations want others first */

struct answer
walk_box_ask(struct walk_box *box, struct arena *arena, enum method method, const char *path, const struct value *sent,
	     struct value **have)
{
	scoped_buffer body = BUFFER_NONE;
	struct ask    what = { .method = method, .target = arena_print(arena, "/api/%s", path),
		               .headers = { { "Authorization", box->authorization } } };

	if (sent) {
		json_value(&(struct json){ .out = &body }, sent);
		what.body = buffer_text(&body);
		what.headers[1][0] = "Content-Type";
		what.headers[1][1] = "application/json";
	}
	const struct answer answer = harness_ask(box->harness, arena, &opnsense_dialect, &what);

	if (have) {
		*have = NULL;
		json_read(arena, answer.body, NULL, have, NULL);
	}
	return answer;
}

bool
walk_is_saved(const struct value *answer, const char **uuid)
{
	const struct value *result = value_get(answer, "result"), *given = value_get(answer, "uuid");

	if (given && given->kind == VALUE_TEXT)
		*uuid = given->text.ptr;
	return value_is(result, VALUE_TEXT) && text_is(result->text, "saved");
}

struct value *
walk_wrapped(struct arena *arena, const struct route *route, struct value *record)
{
	struct value *around = value_object(arena);

	value_set(arena, around, route->face && route->face->root ? route->face->root : "x", record);
	return around;
}

struct value *
walk_box_plausible(struct walk_box *box, struct arena *arena, const struct route *route)
{
	const struct snapshot *snapshot = store_snapshot(harness_store(box->harness));
	const struct view      view = { arena, snapshot, harness_service(box->harness)->facts, NULL };
	struct value          *record = walk_plausible(arena, route->resource, &view);

	snapshot_release(snapshot);
	return record;
}

static void
add_records(struct walk_box *box, bool last)
{
	for (size_t i = 0; i < routes_count(box->routes); i++) {
		const struct route *route = routes_at(box->routes, i);
		scoped_arena        arena = arena_new();
		const char         *uuid = NULL;
		struct value       *have;

		if (route->kind != KIND_ADD || !route->resource || !route->face ||
		    map_get(box->known, text_of(route->resource->name)))
			continue;
		struct value       *sent = walk_wrapped(arena, route, walk_box_plausible(box, arena, route));
		const struct answer answer = walk_box_ask(box, arena, METHOD_POST, route->endpoint, sent, &have);

		if (walk_is_saved(have, &uuid) && uuid) {
			map_set(box->known, text_of(route->resource->name), arena_copy(box->arena, text_of(uuid)));
			continue;
		}
		scoped_buffer text = BUFFER_NONE;

		if (!last)
			continue;
		json_value(&(struct json){ .out = &text }, sent);
		printf("%s: not kept: %.*s, sent %s\n", route->endpoint, TEXT_ARGS(answer.body), buffer_string(&text));
		box->unkept++;
	}
}

void
walk_box_open(struct walk_box *box, const char *vectors)
{
	*box = (struct walk_box){ .arena = arena_new() };
	box->harness = opnsense_setup(box->arena, vectors);
	box->routes = harness_service(box->harness)->routes[OPNSENSE];
	box->authorization = opnsense_authorization(box->arena, "admin");
	box->known = map_make(box->arena);
	harness_put(box->harness, "kea.dhcpv6_settings", NULL, "general.interfaces", "lan", NULL);
	for (int round = 1; round <= ROUNDS; round++)
		add_records(box, round == ROUNDS);
}

void
walk_box_close(struct walk_box *box)
{
	harness_free(box->harness);
	arena_free(box->arena);
}
