/* OpenVPN: instances, keys, who is connected. */
#include <string.h>

#include "api/topics.h"
#include "api/trust/openvpn.h"
#include "dialect/opnsense/tables.h"

/* --- instances ------------------------------------------------------------------------------ */

/* The number is given when the instance is kept. */
static void
without_number(struct call *call, struct record *instance)
{
	(void)call;
	if (instance->uuid[0] == '\0')
		record_set(instance, "vpnid", "");
}

static void
turn_instance(struct call *call)
{
	scoped_buffer     message = BUFFER_NONE;
	struct text       name = text_of(strrchr(call->route->endpoint, '/') + 1);
	const struct text verb = text_until(&name, '_');
	const char       *topic = arena_print(call->request->arena, "service.%.*s", TEXT_ARGS(verb));
	const struct value *said =
		topic_ask(call->request, &message, topic, "name", "openvpn", "id", call_param_string(call, 0), NULL);

	answer_word(call, "result", said ? "ok" : "failed");
}

/* --- keys ----------------------------------------------------------------------------------- */

static void
gen_key(struct call *call)
{
	struct arena     *arena = call->request->arena;
	const struct text type = call->nparams ? call_param(call, 0) : TEXT("secret");
	const char       *key = NULL;

	if (text_is(type, "secret") || text_is(type, "tls-auth") || text_is(type, "tls-crypt"))
		key = openvpn_static_key(arena);
	else if (text_is(type, "tls-crypt-v2-server"))
		key = openvpn_server_key(arena, "tls-crypt-v2 server");
	else if (text_is(type, "auth-token"))
		key = openvpn_server_key(arena, "auth-token server");
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", key ? "ok" : "failed");
	json_put_string(&call->json, key ? "key" : "message", key ? key : "There are no keys of this kind.");
	json_object_end(&call->json);
}

/* --- sessions ------------------------------------------------------------------------------- */

static void
kill_session(struct call *call)
{
	const char   *server = call_text(call, "server_id"), *session = call_text(call, "session_id");
	scoped_buffer message = BUFFER_NONE;

	if (!server || !server[0] || !session || !session[0]) {
		answer_word(call, "status", "invalid");
		return;
	}
	if (!collection_find(snapshot_named(call->request->snapshot, "openvpn.instance"), text_of(server))) {
		answer_word(call, "status", "server_not_found");
		return;
	}
	const struct value *said =
		topic_ask(call->request, &message, "openvpn.kill", "server", server, "session", session, NULL);

	if (value_is(said, VALUE_OBJECT)) {
		answer_value(call, said);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", "failed");
	json_put_string(&call->json, "message", buffer_string(&message));
	json_object_end(&call->json);
}

#define FAILED "{\"result\":\"failed\"}"

/* clang-format off */
#define TURNS(what) \
	{ "openvpn/service/" what "_service", KIND_ACTION, .lane = LANE_APPLY, .handle = turn_instance, .refusal = FAILED }

static const struct twist instance_twist = { .show = without_number };

const struct action vpn_openvpn_actions[] = {
	TURNS("start"), TURNS("stop"), TURNS("restart"),
	{ "openvpn/instances/gen_key", KIND_QUERY, .lane = LANE_SLOW, .handle = gen_key },
	{ "openvpn/instances/get", KIND_GET, .twist = &instance_twist },
	{ "openvpn/service/kill_session", KIND_ACTION, .lane = LANE_SLOW, .handle = kill_session, .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
