/*
 * Replays recorded requests against the dialect and compares the answers.
 *
 * usage: opnsense_replay [--pending] VECTORS FILE...
 *
 * A file is a scenario (a list of steps) or get-templates.json. VECTORS/scenario-exceptions.txt names steps
 * that cannot hold here, one per line, "file:step reason", and keys that answers have beside those of the
 * recording, "+path reason". --pending: what fails is only reported, loudly.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialect/opnsense/opnsense.h"
#include "json/write.h"
#include "scenario/match.h"
#include "scenario/opnsense_setup.h"
#include "scenario/setup.h"

#define EXIT_SKIPPED 77

struct replay {
	const char     *file; /* its name, without folder and suffix */
	const char     *vectors;
	struct text     exceptions;
	struct harness *harness;
	struct bindings bindings;
	unsigned        passed, failed, excepted;
};

/* --- one step ------------------------------------------------------------------------------- */

static const char *
text_or(const struct value *from, const char *name, const char *otherwise)
{
	const struct value *value = value_get(from, name);

	return value_is(value, VALUE_TEXT) ? value->text.ptr : otherwise;
}

static enum method
read_method(struct text word)
{
	static const char *const words[] = { "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (text_is(word, words[i]))
			return (enum method)i;
	return METHOD_OTHER;
}

static struct answer
ask_step(struct replay *replay, const struct value *step)
{
	struct arena       *arena = replay->bindings.arena;
	struct text         target = value_get(step, "do")->text;
	const struct text   method = text_until(&target, ' ');
	const struct value *body = value_get(step, "body");
	const char         *authorization = opnsense_authorization(arena, text_or(step, "auth", "admin"));
	const char         *type = text_or(step, "content_type", body ? "application/json" : NULL);
	scoped_buffer       json = BUFFER_NONE;
	size_t              n = 0;
	struct ask          ask = { .method = read_method(method) };

	ask.target = arena_print(arena, "/api/%s", fill_in(&replay->bindings, target));
	if (authorization) {
		ask.headers[n][0] = "Authorization";
		ask.headers[n++][1] = authorization;
	}
	if (type) {
		ask.headers[n][0] = "Content-Type";
		ask.headers[n++][1] = type;
	}
	if (body) {
		struct json out = { .out = &json };

		json_value(&out, fill_in_value(&replay->bindings, body));
		ask.body = (struct text){ arena_copy(arena, buffer_text(&json)), json.len };
	} else {
		ask.body = text_of(fill_in(&replay->bindings, text_of(text_or(step, "raw", ""))));
	}
	return harness_ask(replay->harness, arena, &opnsense_dialect, &ask);
}

static bool
header_fits(struct replay *replay, const struct value *expect, const char *name, const struct answer *answer,
	    struct buffer *difference)
{
	const char *want = text_or(expect, name, NULL), *have = answer_header(answer, name);

	if (!want || (have && text_fits(&replay->bindings, text_of(want), text_of(have))))
		return true;
	buffer_print(difference, "%s: want %s, have %s", name, want, have ? have : "none");
	return false;
}

/* The reference stumbled here: any failure that is one will do. */
static bool
is_clean_failure(const struct answer *answer, const struct value *body)
{
	const struct value *result = value_get(body, "result");

	if (answer->status == 500)
		return value_get(body, "errorMessage");
	return answer->status == 200 && value_is(result, VALUE_TEXT) && text_is(result->text, "failed");
}

static bool
answer_fits(struct replay *replay, const struct value *step, const struct answer *answer, struct buffer *difference)
{
	const struct value *expect = value_get(step, "expect"), *status = value_get(expect, "status");
	const struct value *want = value_get(expect, "body");
	const char         *type = text_or(expect, "type", want ? "application/json; charset=UTF-8" : NULL);
	const char         *text = text_or(expect, "text", NULL);
	struct value       *have = NULL;

	json_read(replay->bindings.arena, answer->body, NULL, &have, NULL);
	if (value_get(step, "quirk") && is_clean_failure(answer, have))
		return true;
	if (answer->status != (status ? (unsigned)status->integer : 200)) {
		buffer_print(difference, "status %u", answer->status);
		return false;
	}
	if (type && strcmp(type, answer->type) != 0) {
		buffer_print(difference, "type: want %s, have %s", type, answer->type);
		return false;
	}
	if (!header_fits(replay, expect, "location", answer, difference) ||
	    !header_fits(replay, expect, "content-disposition", answer, difference))
		return false;
	if (text && !text_fits(&replay->bindings, text_of(text), answer->body)) {
		buffer_print(difference, "other text than\n%s", text);
		return false;
	}
	return !want || value_fits(&replay->bindings, want, have, value_get(step, "unordered"), difference);
}

static bool
is_exception(const struct replay *replay, const char *step)
{
	scoped_arena      arena = arena_new();
	const struct text start = text_of(arena_print(arena, "%s:%s ", replay->file, step));
	struct text       rest = replay->exceptions, line;

	while (text_next(&rest, "\n", &line))
		if (text_starts(line, start))
			return true;
	return false;
}

static void
run_step(struct replay *replay, const char *name, const struct value *step)
{
	scoped_buffer       difference = BUFFER_NONE;
	const struct answer answer = ask_step(replay, step);

	if (answer_fits(replay, step, &answer, &difference)) {
		replay->passed++;
		return;
	}
	if (is_exception(replay, name)) {
		replay->excepted++;
		return;
	}
	replay->failed++;
	printf("%s:%s %s\n  %s\n  got %u %.*s\n", replay->file, name, value_get(step, "do")->text.ptr,
	       buffer_string(&difference), answer.status, (int)(answer.body.len > 1500 ? 1500 : answer.body.len),
	       answer.body.ptr);
}

/* --- files ---------------------------------------------------------------------------------- */

static void
run_scenario(struct replay *replay, const struct value *steps)
{
	replay->harness = opnsense_setup(replay->bindings.arena, replay->vectors);
	for (size_t i = 0; i < steps->count; i++)
		run_step(replay, arena_print(replay->bindings.arena, "%zu", i), value_at(steps, i));
	harness_free(replay->harness);
}

/* Each endpoint without uuid, on an untouched box. */
static void
run_templates(struct replay *replay, const struct value *templates)
{
	struct arena *arena = replay->bindings.arena;

	replay->harness = opnsense_setup(replay->bindings.arena, replay->vectors);
	for (size_t i = 0; i < templates->count; i++) {
		const char   *endpoint = templates->members[i].name.ptr;
		struct value *step = value_object(arena), *expect = value_object(arena);

		value_set_string(arena, step, "do", arena_print(arena, "GET %.*s", TEXT_ARGS(templates->members[i].name)));
		value_set(arena, expect, "body", templates->members[i].value);
		value_set(arena, step, "expect", expect);
		run_step(replay, endpoint, step);
	}
	harness_free(replay->harness);
}

static void
run_file(struct replay *replay, const char *path)
{
	struct arena *arena = replay->bindings.arena;
	const char   *slash = strrchr(path, '/');
	struct value *content = setup_json(arena, path);

	replay->file = arena_copy(arena, text_first(text_of(slash ? slash + 1 : path),
						    strlen(slash ? slash + 1 : path) - strlen(".json")));
	if (value_get(content, "templates"))
		run_templates(replay, value_get(content, "templates"));
	else
		run_scenario(replay, value_get(content, "steps") ? value_get(content, "steps") : content);
}

int
main(int argc, char **argv)
{
	const bool    pending = argc > 1 && strcmp(argv[1], "--pending") == 0;
	scoped_arena  arena = arena_new();
	struct replay replay = { .bindings = { arena, map_make(arena) } };

	if (argc < 3 + pending) {
		fprintf(stderr, "usage: opnsense_replay [--pending] VECTORS FILE...\n");
		return 2;
	}
	replay.vectors = arena_print(arena, "%s/opnsense", argv[1 + pending]);
	replay.exceptions = setup_file(arena, arena_print(arena, "%s/scenario-exceptions.txt", argv[1 + pending]));
	replay.bindings.beside = replay.exceptions;
	for (int i = 2 + pending; i < argc; i++)
		run_file(&replay, argv[i]);
	printf("%u passed, %u failed, %u excepted\n", replay.passed, replay.failed, replay.excepted);
	if (pending && replay.failed)
		printf("PENDING: these do not hold yet\n");
	return !replay.failed ? 0 : pending ? EXIT_SKIPPED : 1;
}
