/*
 * A request's way through this dialect. The order of the checks is the contract's (behaviour §4): the
 * first that fails is the answer. Reads are answered on the worker; what writes goes to LANE_COMMIT,
 * and on to LANE_APPLY when the client asks for the change to be applied.
 */
#include "dialect/pfsense/serve.h"

#include "api/topics.h"
#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/envelope.h"
#include "dialect/pfsense/input.h"
#include "dialect/pfsense/login.h"
#include "dialect/pfsense/program.h"
#include "dialect/pfsense/query.h"
#include "dialect/pfsense/state.h"

#define PREFIX "/api/v1"

struct state *
state_of(struct request *request)
{
	if (!request->state)
		request->state = ARENA_MAKE(request->arena, struct state, 1);
	return request->state;
}

static enum step
answer(struct request *request, unsigned code, const char *message, const struct value *data)
{
	envelope_write(request, code, message, data);
	return STEP_ANSWER;
}

static enum step
answer_unknown(struct request *request)
{
	reply_reset(request);
	request->reply.status = 404;
	request->reply.content_type = "text/plain; charset=utf-8";
	buffer_add_string(&request->reply.body, "404 Not Found\n");
	return STEP_ANSWER;
}

/* The path behind the prefix, without slashes at its ends. */
static struct text
url_of(const struct request *request)
{
	struct text url = text_after(request->path, strlen(PREFIX));

	if (url.len && url.ptr[0] == '/')
		url = text_after(url, 1);
	if (url.len && url.ptr[url.len - 1] == '/')
		url.len--;
	return url;
}

static struct scope *
scope_make(struct request *request)
{
	struct scope *scope = ARENA_MAKE(request->arena, struct scope, 1);

	*scope = (struct scope){
		.arena = request->arena,
		.request = request,
		.tree = tree_make(request),
		.input = value_copy(request->arena, request->input),
		.now = request->service->now(request->service->context) / 1000000,
	};
	return scope;
}

static bool
member_is_true(const struct request *request, const char *name)
{
	const struct value *value = value_get(request->input, name);

	return value_is(value, VALUE_BOOL) && value->truth;
}

static bool
is_bypassed(const struct request *request)
{
	return member_is_true(request, "_action_bypass");
}

static bool
wants_apply(const struct request *request, const struct operation *operation)
{
	const struct value *value = value_get(request->input, "apply");

	switch (operation->apply) {
	case APPLY_NEVER:
		return false;
	case APPLY_IF_TRUE:
		return member_is_true(request, "apply");
	case APPLY_UNLESS_FALSE:
		return !(value_is(value, VALUE_BOOL) && !value->truth);
	case APPLY_ALWAYS:
	case APPLY_ALONG:
		return true;
	}
	return false;
}

/* Each object with its index put first. */
static struct value *
listed(struct arena *arena, const struct value *stored)
{
	struct value *list = value_list(arena);

	for (size_t i = 0; i < value_count(stored); i++) {
		const struct value *from = stored->members[i].value;
		struct value       *object = value_object(arena);

		value_set(arena, object, "id", value_integer(arena, (int64_t)i));
		for (size_t j = 0; j < value_count(from); j++)
			value_set_text(arena, object, from->members[j].name, from->members[j].value);
		value_add(arena, list, object);
	}
	return list;
}

/* What the operation gives after its checks and writes; act() has the last word. */
static void
collect(const struct operation *operation, struct scope *scope, struct outcome *outcome)
{
	switch (operation->returns) {
	case RETURNS_NOTHING:
		break;
	case RETURNS_OBJECT:
		outcome->data = scope->object;
		break;
	case RETURNS_STORED:
		outcome->data = tree_find(scope->tree, operation->path);
		break;
	case RETURNS_LISTED:
		outcome->data = listed(scope->arena, tree_find(scope->tree, operation->path));
		break;
	}
	if (operation->act)
		operation->act(scope, outcome);
}

static enum step
answer_outcome(struct request *request)
{
	struct state   *state = state_of(request);
	struct outcome *outcome = &state->outcome;
	struct value   *data = outcome->data;

	if (request->method == METHOD_GET && outcome->code == 0)
		data = query_filter(request->arena, data, state->filters, state->operation->excludes);
	if (value_is(data, VALUE_OBJECT) && value_count(data) == 0)
		data = NULL;
	return answer(request, outcome->code, outcome->message, data);
}

/* Nothing is written: check, then answer. */
static enum step
serve_read(struct request *request)
{
	struct state   *state = state_of(request);
	struct scope   *scope = scope_make(request);
	const unsigned  code = operation_check(state->operation, scope);

	state->scope = scope;
	if (code)
		return answer(request, code, NULL, NULL);
	if (is_bypassed(request))
		return answer(request, 15, NULL, NULL);
	collect(state->operation, scope, &state->outcome);
	return answer_outcome(request);
}

static enum step
serve_write(struct request *request)
{
	struct state           *state = state_of(request);
	const struct operation *operation = state->operation;
	struct scope           *scope = scope_make(request);
	const char             *message = NULL;
	unsigned                code = operation_check(operation, scope);

	state->scope = scope;
	if (code == 0 && is_bypassed(request))
		code = 15;
	if (code == 0 && operation->method != METHOD_DELETE)
		scope->object = operation_as_stored(scope, scope->object);
	if (code == 0 && operation->prepare)
		code = operation->prepare(scope);
	if (code)
		return answer(request, code, NULL, NULL);
	operation_write(operation, scope);
	collect(operation, scope, &state->outcome);
	if (state->outcome.code && state->outcome.code != 14)
		return answer_outcome(request);
	if (tree_save(scope->tree, &message) != RESULT_DONE)
		return answer(request, 1, message, NULL);
	settings_reread(request);
	change_note(request->change,
		    arena_print(request->arena, "%.*s %s via API", TEXT_ARGS(request->method_text), operation->url));
	request->keep = request->always = true;
	if (operation->parts && request->service->pending)
		atomic_fetch_or(request->service->pending, operation->parts);
	state->stage = STAGE_WRITTEN;
	if (wants_apply(request, operation) && operation->parts)
		request->then = LANE_APPLY;
	else if (operation->after)
		request->then = LANE_SLOW;
	return answer_outcome(request);
}

/* The change is durable: make it true. */
static enum step
serve_apply(struct request *request)
{
	const struct operation *operation = state_of(request)->operation;
	const char             *message;

	if (topic_apply(request, operation->parts, &message) != RESULT_DONE && operation->apply != APPLY_ALONG)
		return answer(request, 1, message, NULL);
	if (operation->applied)
		operation->applied(request);
	return answer_outcome(request);
}

static enum step
serve_after(struct request *request)
{
	state_of(request)->operation->after(request);
	return answer_outcome(request);
}

/* Nothing is written, but the box changes: firewall/apply and its like. */
static enum step
serve_action(struct request *request)
{
	struct state  *state = state_of(request);
	struct scope  *scope = scope_make(request);
	const unsigned code = operation_check(state->operation, scope);

	state->scope = scope;
	if (code)
		return answer(request, code, NULL, NULL);
	if (is_bypassed(request))
		return answer(request, 15, NULL, NULL);
	collect(state->operation, scope, &state->outcome);
	if (state->outcome.code && state->outcome.code != 14)
		return answer_outcome(request);
	if (state->operation->parts && wants_apply(request, state->operation))
		return serve_apply(request);
	return answer_outcome(request);
}

/* Where the operation is carried out. */
static enum lane
lane_of(const struct operation *operation)
{
	if (operation->flags & SAVES)
		return LANE_COMMIT;
	if (operation->parts && operation->apply != APPLY_NEVER)
		return LANE_APPLY;
	if (operation->flags & TAKES_LONG)
		return LANE_LONG;
	return operation->flags & ON_BOX ? LANE_SLOW : LANE_WORKER;
}

/* What takes too long for LANE_COMMIT; not for what is refused anyhow. Gives the code to answer with, or 0. */
static unsigned
prepare_slowly(struct request *request, const struct operation *operation)
{
	struct state       *state = state_of(request);
	const struct value *password = value_get(request->input, "password");
	const unsigned      code = operation_check(operation, scope_make(request));

	if (code || is_bypassed(request))
		return code ? code : 15;
	state->prepared = true;
	if ((operation->flags & HASHES) && is_true(password))
		state->password_hash = password_hash(request->arena, to_string(request->arena, password));
	if (operation->flags & MAKES_KEY)
		state->private_key = private_key_for(request);
	return 0;
}

/*
 * Does the answer follow from the URL and the configuration? What is only looked up, with nothing to check, does.
 * An answer is not kept under a secret.
 */
static bool
is_repeatable(struct request *request)
{
	const struct operation *operation = state_of(request)->operation;

	return request->method == METHOD_GET && request->body.len == 0 && request->lane == LANE_WORKER &&
	       lane_of(operation) == LANE_WORKER && operation->returns == RETURNS_STORED && !operation->act &&
	       (!operation->steps || is_last(operation->steps)) &&
	       !text_contains(request->target, TEXT("client-token"));
}

static enum step
serve_known(struct request *request)
{
	struct state           *state = state_of(request);
	const struct operation *operation = state->operation;
	const enum lane         lane = lane_of(operation);

	if ((operation->flags & (HASHES | MAKES_KEY)) && !state->prepared) {
		if (request->lane != LANE_SLOW)
			return move_to(request, LANE_SLOW);
		const unsigned code = prepare_slowly(request, operation);

		if (code)
			return answer(request, code, NULL, NULL);
	}
	if (request->lane != lane && !(lane == LANE_WORKER && request->lane == LANE_SLOW))
		return move_to(request, lane);
	if (lane == LANE_COMMIT)
		return serve_write(request);
	return lane == LANE_APPLY ? serve_action(request) : serve_read(request);
}

static enum step
redirect_home(struct request *request)
{
	reply_reset(request);
	request->reply.status = 302;
	reply_header(request, "Location", "/");
	return STEP_ANSWER;
}

/* Checks 2 to 6. */
static enum step
serve_new(struct request *request)
{
	struct state           *state = state_of(request);
	const struct operation *operation = state->operation;
	const struct settings  *settings = settings_of(request);
	struct value           *input = NULL;

	if (!settings->enabled && !(operation->flags & IGNORE_ENABLE))
		return redirect_home(request);
	if (!(operation->flags & IGNORE_INTERFACE) && !arrival_allowed(request, settings))
		return answer(request, 6, NULL, NULL);
	if (!request->input) {
		if (!input_read(request, &input))
			return answer(request, 11, NULL, NULL);
		request->input = input;
		state->filters = input;
	}
	if (!(operation->flags & FORCE_NONE)) {
		const enum auth_outcome outcome = login(request, operation, settings);

		if (outcome == AUTH_SLOW)
			return move_to(request, LANE_SLOW);
		if (outcome != AUTH_OK) {
			login_failed(request, settings);
			return answer(request, 3, NULL, NULL);
		}
		login_succeeded(request, settings);
		if (!is_authorized(request, operation, settings))
			return answer(request, 4, NULL, NULL);
	}
	state->stage = STAGE_KNOWN;
	if (is_repeatable(request) && request->recall && request->recall(request))
		return STEP_ANSWER;
	return serve_known(request);
}

static enum step
serve(struct request *request)
{
	struct state *state = state_of(request);
	bool          known;

	if (state->stage == STAGE_WRITTEN)
		return request->lane == LANE_APPLY ? serve_apply(request) : serve_after(request);
	if (state->stage == STAGE_KNOWN)
		return serve_known(request);
	if (!state->operation) {
		const struct operation *operation = operation_find(url_of(request), request->method, &known);

		if (!known)
			return answer_unknown(request);
		if (request->method == METHOD_OPTIONS && settings_of(request)->allow_options)
			return answer(request, 0, NULL, NULL);
		if (!operation)
			return answer(request, 2, NULL, NULL);
		state->operation = operation;
		request->route = operation;
	}
	return serve_new(request);
}

static void
failed(struct request *request, enum result result, const char *message)
{
	if (result == RESULT_CONFLICT)
		envelope_write_conflict(request, message);
	else
		envelope_write(request, 1, message, NULL);
}

static const char *
endpoint_of(const struct request *request)
{
	const struct operation *operation = request->route;

	return operation ? operation_id(request->arena, operation) : NULL;
}

const struct dialect_server pfsense_dialect = {
	.name = "pfsense",
	.prefix = PREFIX,
	.serve = serve,
	.failed = failed,
	.endpoint = endpoint_of,
};
