/* A request's way through this dialect: route, caller, privilege, body, handler. */
#include "dialect/opnsense/opnsense.h"

#include <string.h>

#include "api/login.h"
#include "dialect/opnsense/body.h"
#include "dialect/opnsense/call.h"
#include "dialect/opnsense/route.h"

static const struct routes *
routes_of(const struct request *request)
{
	return request->service->routes[OPNSENSE];
}

static struct call *
begin(struct request *request)
{
	struct call *call = ARENA_MAKE(request->arena, struct call, 1);
	struct text  path = request->path;

	call->request = request;
	request->state = call;
	if (!text_starts(path, TEXT("/api")))
		return NULL;
	call->route = routes_match(routes_of(request), text_after(path, 4), call->params, &call->nparams);
	request->route = call->route;
	return call->route ? call : NULL;
}

/* --- who is it, and may they -------------------------------------------------------------------- */

static void
note_failure(const struct request *request)
{
	const struct service *service = request->service;

	if (service->note)
		service->note(service->context, arena_print(request->arena, "API key authentication failed from %s",
							    address_print(request->arena, &request->peer)));
}

/* True when there is a caller; else the answer is written, or *slow says that a hash must be computed. */
static bool
authenticate(struct request *request, bool *slow)
{
	const struct text authorization = request->header(request, "Authorization");
	struct caller    *caller = ARENA_MAKE(request->arena, struct caller, 1);

	if (!authorization.ptr && login_administrator(request))
		return true;
	if (!authorization.ptr) {
		reply_status(request, 302, "");
		buffer_clear(&request->reply.body);
		request->reply.body = BUFFER_NONE;
		reply_header(request, "Location",
			     arena_print(request->arena, "/?url=%.*s", TEXT_ARGS(request->target)));
		return false;
	}
	switch (auth_key(request->service->auth, request->snapshot, request->arena, authorization, &request->peer,
			 request->lane == LANE_SLOW, caller)) {
	case AUTH_OK:
		request->caller = caller;
		return true;
	case AUTH_SLOW:
		*slow = true;
		return false;
	case AUTH_NO:
		break;
	}
	note_failure(request);
	reply_status(request, 401, "Authentication Failed");
	return false;
}

/*
 * The URL as it was sent must be open to the caller. Patterns are written for one spelling, so one in
 * another spelling of controller and command counts as the published one.
 */
static bool
is_open(const struct call *call, bool (*is_open_to)(const struct caller *, struct text uri))
{
	const struct request *request = call->request;
	struct text           module = text_of(call->route->endpoint);

	if (is_open_to(request->caller, text_after(request->target, 1)))
		return true;
	module = text_until(&module, '/');
	if (!text_starts(text_after(request->path, 5), module))
		return false;
	return is_open_to(request->caller, text_of(arena_print(request->arena, "api/%s", call->route->endpoint)));
}

static bool
may_call(struct call *call)
{
	if (is_open(call, caller_may_visit))
		return true;
	call->reads_only = kind_is_read(call->route->kind) && is_open(call, caller_may_read);
	return call->reads_only;
}

/* Everything before the handler; true when it may go on. */
static bool
admit(struct call *call)
{
	struct request *request = call->request;

	if (!call->route->is_open && !may_call(call)) {
		reply_status(request, 403, "Forbidden");
		return false;
	}
	if (body_read(request, &call->input) != RESULT_DONE) {
		reply_status(request, 400, "Invalid JSON syntax");
		return false;
	}
	request->input = call->input;
	if (call->route->methods && !(call->route->methods >> request->method & 1)) {
		answer_begin(call, 200, TYPE_JSON);
		buffer_add_string(&request->reply.body, call->route->refusal);
		return false;
	}
	call->admitted = true;
	return true;
}

/*
 * Does the answer follow from the URL and the configuration? Reads that look at nothing else run
 * on a worker; a new record's defaults may be random, so get takes its parameter.
 */
static bool
is_repeatable(const struct call *call)
{
	const struct request *request = call->request;
	const struct route   *route = call->route;

	if (request->method != METHOD_GET || request->body.len > 0 || request->lane != LANE_WORKER ||
	    route->lane != LANE_WORKER || route->slow || route->finish)
		return false;
	return route->kind == KIND_SEARCH || route->kind == KIND_MODEL_GET ||
	       (route->kind == KIND_GET && call->nparams > 0);
}

/* --- running ------------------------------------------------------------------------------------ */

/* Controllers whose settings can name programs: what they keep needs page-all. */
static const char *const for_administrators[] = { "monit/settings/" };

static bool
is_for_administrators(const struct route *route)
{
	for (size_t i = 0; i < COUNT(for_administrators); i++)
		if (text_starts(text_of(route->endpoint), text_of(for_administrators[i])))
			return true;
	return false;
}

/* Somebody who may look but not save. */
static void
hold_back(struct call *call)
{
	if (!call->request->keep)
		return;
	if (call->reads_only) {
		call->request->keep = false;
		reply_status(call->request, 403, "Forbidden");
		return;
	}
	if (is_for_administrators(call->route) && !call->request->caller->everything) {
		answer_refusal(call, "Configuration not saved", "Only administrators may save these settings.");
		return;
	}
	if (call->request->caller->may_not_save && !call->is_own)
		answer_refusal(call, "Configuration not saved", "You may look at the configuration but not change it.");
}

static void
let_go(void *snapshot)
{
	snapshot_release(snapshot);
}

/* The caller is made of records of this snapshot and is needed on other lanes too. */
static void
hold_caller(struct request *request)
{
	arena_defer(request->arena, let_go, (void *)snapshot_hold(request->snapshot));
}

static enum step
run(struct call *call)
{
	struct request     *request = call->request;
	const struct route *route = call->route;

	if (route->slow && !call->prepared) {
		if (request->lane != LANE_SLOW)
			return move_to(request, LANE_SLOW);
		call->prepared = true;
		route->slow(call);
		if (request->reply.status)
			return STEP_ANSWER;
	}
	if (call->handled) {
		route->finish(call);
		return STEP_ANSWER;
	}
	handler *handle = call->resume ? call->resume : route->handle;

	if (!call->resume && request->lane != route->lane)
		return move_to(request, route->lane);
	call->resume = NULL;
	handle(call);
	if (call->resume)
		return STEP_MOVE;
	call->handled = true;
	hold_back(call);
	if (request->keep && route->finish)
		request->then = LANE_APPLY;
	return STEP_ANSWER;
}

static enum step
serve(struct request *request)
{
	struct call *call = request->state ? request->state : begin(request);
	bool         slow = false;

	if (!call || !call->route) {
		reply_missing(request);
		return STEP_ANSWER;
	}
	if (!request->caller && !call->route->is_open) {
		if (!authenticate(request, &slow))
			return slow ? move_to(request, LANE_SLOW) : STEP_ANSWER;
		hold_caller(request);
	}
	if (!call->admitted && !admit(call))
		return STEP_ANSWER;
	if (is_repeatable(call) && request->recall && request->recall(request))
		return STEP_ANSWER;
	return run(call);
}

static void
failed(struct request *request, enum result result, const char *message)
{
	struct call *call = request->state ? request->state : ARENA_MAKE(request->arena, struct call, 1);

	call->request = request;
	if (result == RESULT_REFUSED || result == RESULT_UNAVAILABLE || result == RESULT_CONFLICT)
		answer_refusal(call, "Configuration not saved", "%s", message ? message : result_word(result));
	else
		answer_broken(call);
}

static const char *
endpoint_of(const struct request *request)
{
	const struct route *route = request->route;

	return route ? route->endpoint : NULL;
}

const struct dialect_server opnsense_dialect = {
	.name = "opnsense",
	.prefix = "/api",
	.serve = serve,
	.failed = failed,
	.endpoint = endpoint_of,
};

const void *
opnsense_routes(struct arena *arena, const struct schema *schema)
{
	return routes_new(arena, schema);
}
