/*
 * The captive portal: what its clients ask, whom the box takes for the one who asks, or for whom a proxy on this machine does; and
 * what administrators do with sessions.
 */
#include <string.h>

#include "api/topics.h"
#include "base/number.h"
#include "dialect/opnsense/tables.h"

#define FORWARDED_MAX 45 /* bytes of an address */

/* --- who asks ----------------------------------------------------------------------------------- */

static bool
is_this_machine(const struct request *request)
{
	static const struct address six = { FAMILY_INET6, { [15] = 1 } };
	const struct address       *peer = &request->peer;

	return request->socket || (peer->family == FAMILY_INET && peer->bytes[0] == 127) || address_compare(peer, &six) == 0;
}

static const char *
client_of(const struct call *call)
{
	struct request   *request = call->request;
	const struct text forwarded = request->header(request, "X-Forwarded-For");
	struct address    address;

	if (is_this_machine(request) && forwarded.len <= FORWARDED_MAX && address_read(forwarded, &address))
		return address_print(request->arena, &address);
	return request->peer.family == FAMILY_NONE ? "" : address_print(request->arena, &request->peer);
}

/* A proxy names it in a header, everybody else in the path. */
static const char *
zone_of(const struct call *call)
{
	struct request   *request = call->request;
	const struct text header = request->header(request, "zoneid"), param = call_param(call, 0);

	return arena_copy(request->arena, header.len > 0 ? header : param.len > 0 ? param : TEXT("0"));
}

/* Upstream's pages may be anywhere. */
static void
answer_anywhere(struct call *call, const struct value *value)
{
	if (value) {
		answer_value(call, value);
	} else {
		answer_begin(call, 200, TYPE_JSON);
		json_object(&call->json);
		json_put_string(&call->json, "clientState", "UNKNOWN");
		json_put_string(&call->json, "ipAddress", client_of(call));
		json_object_end(&call->json);
	}
	reply_header(call->request, "Access-Control-Allow-Origin", "*");
}

static const struct value *
ask_for_client(struct call *call, const char *topic)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *user = call_text(call, "user"), *password = call_text(call, "password");

	return topic_ask(call->request, &message, topic, "zone", zone_of(call), "address", client_of(call), "user", user ? user : "",
			 "password", password ? password : "", NULL);
}

/* --- what clients ask ----------------------------------------------------------------------------- */

static bool
is_preflight(struct call *call)
{
	if (call->request->method != METHOD_OPTIONS)
		return false;
	answer_empty(call);
	reply_header(call->request, "Access-Control-Allow-Origin", "*");
	return true;
}

static void
show_status(struct call *call)
{
	if (!is_preflight(call))
		answer_anywhere(call, ask_for_client(call, "portal.status"));
}

static void
log_on(struct call *call)
{
	if (!is_preflight(call))
		answer_anywhere(call, call_is_post(call) ? ask_for_client(call, "portal.logon") : NULL);
}

static void
log_off(struct call *call)
{
	if (!is_preflight(call))
		answer_anywhere(call, call_is_post(call) ? ask_for_client(call, "portal.logoff") : NULL);
}

/* RFC 8908. The pages are where the client reached us, unless the zone has a name. */
static void
show_captive(struct call *call)
{
	struct request   *request = call->request;
	const struct text accept = request->header(request, "Accept"), forwarded = request->header(request, "X-Forwarded-Host");
	scoped_buffer     message = BUFFER_NONE;
	struct address    host;
	const struct value *said = NULL;

	if (text_contains_any_case(accept, TEXT("application/captive+json")) && address_read(forwarded, &host))
		said = topic_ask(request, &message, "portal.captive", "zone", zone_of(call), "address", client_of(call), "host",
				 host.family == FAMILY_INET6 ? arena_print(request->arena, "[%.*s]", TEXT_ARGS(forwarded))
							     : arena_copy(request->arena, forwarded), NULL);
	if (!said) {
		reply_status(request, 400, "Bad Request");
		return;
	}
	answer_begin(call, 200, "application/captive+json");
	json_value(&call->json, said);
}

/* --- what administrators ask ------------------------------------------------------------------------ */

static void
list_sessions(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const char         *zone = call_param_string(call, 0);
	const struct value *rows = topic_ask(call->request, &message, "captiveportal.sessions", "zone", zone[0] ? zone : "0", NULL);

	answer_said(call, rows, "Captive portal", &message);
}

static void
connect_client(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const char         *zone = call_param_string(call, 0), *user = call_text(call, "user"), *ip = call_text(call, "ip");
	const struct value *said = !ip || !call_is_post(call)
					   ? NULL
					   : topic_ask(call->request, &message, "portal.connect", "zone", zone[0] ? zone : "0", "address",
						       ip, "user", user ? user : "", NULL);

	if (said)
		answer_value(call, said);
	else
		answer_empty(call);
}

static void
disconnect_client(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const char         *session = call_text(call, "sessionId");
	const struct value *said =
		session ? topic_ask(call->request, &message, "portal.disconnect", "session", session, NULL) : NULL;

	if (said)
		answer_value(call, said);
	else
		answer_word(call, "status", "Illegal response");
}

#define ANY_METHOD (GETS | POSTS | 1u << METHOD_OPTIONS)

/* clang-format off */
const struct action portal_actions[] = {
	{ "captiveportal/access/api", KIND_QUERY, .lane = LANE_SLOW, .handle = show_captive, .is_open = true },
	{ "captiveportal/access/status", KIND_QUERY, .methods = ANY_METHOD, .lane = LANE_SLOW, .handle = show_status, .is_open = true },
	{ "captiveportal/access/logon", KIND_ACTION, .methods = ANY_METHOD, .lane = LANE_SLOW, .handle = log_on, .is_open = true },
	{ "captiveportal/access/logoff", KIND_ACTION, .methods = ANY_METHOD, .lane = LANE_SLOW, .handle = log_off, .is_open = true },
	{ "captiveportal/session/list", KIND_QUERY, .lane = LANE_SLOW, .handle = list_sessions },
	{ "captiveportal/session/connect", KIND_ACTION, .lane = LANE_SLOW, .handle = connect_client, .refusal = "[]" },
	{ "captiveportal/session/disconnect", KIND_ACTION, .lane = LANE_SLOW, .handle = disconnect_client, .refusal = "[]" },
	{ NULL },
};
/* clang-format on */
