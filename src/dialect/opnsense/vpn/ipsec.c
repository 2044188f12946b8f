/* IPsec: switching it, what hangs on a connection, keys, what the kernel has of it. */
#include "dialect/opnsense/vpn/ipsec.h"

#include <string.h>

#include "api/keys.h"
#include "api/topics.h"
#include "api/verbs.h"
#include "base/number.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"

/* --- as a whole ----------------------------------------------------------------------------- */

static const struct record *
settings_of(const struct call *call)
{
	return snapshot_single(call->request->snapshot, "ipsec.settings");
}

static void
is_enabled(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_bool(&call->json, "enabled", record_bool(settings_of(call), "general.enabled"));
	json_object_end(&call->json);
}

void
ipsec_toggle(struct call *call)
{
	const struct text wanted = call_param(call, 0);
	struct record    *after = record_copy(call->request->arena, settings_of(call));
	const bool        on = wanted.len ? text_is(wanted, "1") : !record_bool(after, "general.enabled");

	record_set(after, "general.enabled", on ? "1" : "");
	change_put(call->request->change, after);
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "ok");
}

static void
legacy_status(struct call *call)
{
	const unsigned pending = call->request->service->pending ? atomic_load(call->request->service->pending) : 0;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_bool(&call->json, "enabled", record_bool(settings_of(call), "general.enabled"));
	json_put_bool(&call->json, "isDirty", pending & PART_VPN_IPSEC);
	json_object_end(&call->json);
}

/* --- connections ---------------------------------------------------------------------------- */

static void
connection_exists(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_bool(&call->json, "exists",
		      collection_find(snapshot_named(call->request->snapshot, "ipsec.connection"), call_param(call, 0)));
	json_object_end(&call->json);
}

/* A page that makes a new one, or a copy, is given the uuid it will have. */
static void
put_uuids(struct call *call, const struct record *connection)
{
	const char       *mode = value_as_string(call->request->arena, value_get(call_query(call), "fetchmode"));
	const bool        fresh = connection->uuid[0] == '\0' || (mode && strcmp(mode, "copy") == 0);
	const struct uuid uuid = uuid_new();

	json_name(&call->json, "org_uuid");
	json_string(&call->json, connection->uuid[0] ? connection->uuid : NULL);
	json_put_string(&call->json, "uuid", fresh ? uuid.text : connection->uuid);
}

/* The children of the connection a page shows. */
static bool
of_connection(const struct record *record, void *context)
{
	struct call *call = context;
	const char  *connection = call_text(call, "connection");

	return !connection || connection[0] == '\0' || strcmp(record_get(record, "connection"), connection) == 0;
}

static void
preselect_connection(struct call *call, struct record *record)
{
	const char *connection = value_as_string(call->request->arena, value_get(call_query(call), "connection"));

	if (connection && record->uuid[0] == '\0' && resource_find_field(record->resource, TEXT("connection")) != SIZE_MAX)
		record_set(record, "connection", connection);
}

/* --- keys ----------------------------------------------------------------------------------- */

static void
gen_key_pair(struct call *call)
{
	const bool      rsa = text_is(call_param(call, 0), "rsa"), ecdsa = text_is(call_param(call, 0), "ecdsa");
	int64_t         size = rsa ? 2048 : 384;
	struct key_pair pair;

	if (call_param(call, 1).len && !number_read(call_param(call, 1), 1, 65536, &size))
		size = 0;
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	if ((rsa || ecdsa) && pem_pair(call->request->arena, rsa, (unsigned)size, &pair)) {
		json_put_string(&call->json, "status", "ok");
		json_put_string(&call->json, "pubkey", pair.public_key);
		json_put_string(&call->json, "privkey", pair.private_key);
	} else {
		json_put_string(&call->json, "status", "failed");
		json_put_string(&call->json, "message", "There are rsa keys of 1024 to 8192 and ecdsa keys of 256, 384 or 521 bits.");
	}
	json_object_end(&call->json);
}

/* --- the daemon and the kernel -------------------------------------------------------------- */

static void
swanctl(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, "ipsec.configuration", NULL);
	const char         *content = value_as_string(call->request->arena, value_get(said, "content"));

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", content ? "success" : "failed");
	json_put_string(&call->json, content ? "content" : "message", content ? content : buffer_string(&message));
	json_object_end(&call->json);
}

static void
pools(struct call *call)
{
	answer_asked(call, "Status", "ipsec.pools", NULL);
}

/* Associations and policies of the kernel: "ipsec/sad/delete". */
static void
forget(struct call *call)
{
	const bool          of_sad = text_starts(text_of(call->route->endpoint), TEXT("ipsec/sad"));
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, of_sad ? "ipsec.forget_association" : "ipsec.forget_policy",
					     "id", call_param_string(call, 0), NULL);

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

/* clang-format off */
static const struct twist connection_twist = { .extra = put_uuids };
static const struct twist child_twist = { .wanted = of_connection, .show = preselect_connection };

#define CHILDREN(what) \
	{ "ipsec/connections/search_" what, KIND_SEARCH, .twist = &child_twist }, \
	{ "ipsec/connections/get_" what, KIND_GET, .twist = &child_twist }

const struct action ipsec_actions[] = {
	{ "ipsec/connections/get_connection", KIND_GET, .twist = &connection_twist },
	CHILDREN("local"), CHILDREN("remote"), CHILDREN("child"),
	{ "ipsec/connections/is_enabled", KIND_QUERY, .handle = is_enabled },
	{ "ipsec/connections/toggle", KIND_ACTION, .lane = LANE_COMMIT, .handle = ipsec_toggle,
	  .refusal = "{\"status\":\"failed\"}" },
	{ "ipsec/connections/connection_exists", KIND_QUERY, 1, .handle = connection_exists },
	{ "ipsec/legacy_subsystem/status", KIND_QUERY, .handle = legacy_status },
	{ "ipsec/connections/swanctl", KIND_QUERY, .lane = LANE_SLOW, .handle = swanctl },
	{ "ipsec/leases/pools", KIND_QUERY, .lane = LANE_SLOW, .handle = pools },
	{ "ipsec/sad/delete", KIND_ACTION, 1, .lane = LANE_SLOW, .handle = forget },
	{ "ipsec/spd/delete", KIND_ACTION, 1, .lane = LANE_SLOW, .handle = forget },
	{ "ipsec/key_pairs/gen_key_pair", KIND_QUERY, 1, .lane = LANE_SLOW, .handle = gen_key_pair },
	{ NULL },
};
/* clang-format on */
