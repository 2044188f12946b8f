/*
 * The captive portal: what its clients ask, whom the box takes for the one who asks, or for whom a proxy on this machine does; and
 * what administrators do with sessions.
 */
#include <string.h>

#include "api/portal/template.h"
#include "api/topics.h"
#include "api/verbs.h"
#include "base/uuid.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"

#define FORWARDED_MAX 45 /* bytes of an address */
#define HOST_MAX      255

/* As it stands in names of files. */
static bool
is_file_id(const char *id)
{
	return id[0] && strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == strlen(id) && strlen(id) <= 255;
}

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

/* A name, or an address, in brackets if it is of IPv6. */
static bool
is_host(struct text host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_[]:", host.ptr[i]) || !host.ptr[i])
			return false;
	return host.len > 0 && host.len <= HOST_MAX;
}

/* RFC 8908. The pages are where the client reached the proxy, unless the zone has a name. */
static void
show_captive(struct call *call)
{
	struct request     *request = call->request;
	const struct text   accept = request->header(request, "Accept"), host = request->header(request, "X-Forwarded-Host");
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = NULL;

	if (text_contains_any_case(accept, TEXT("application/captive+json")) && is_host(host))
		said = topic_ask(request, &message, "portal.captive", "zone", zone_of(call), "address", client_of(call), "host",
				 arena_copy(request->arena, host), NULL);
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
	const char *zone = call_param_string(call, 0);

	answer_asked(call, "Captive portal", "captiveportal.sessions", "zone", zone[0] ? zone : "0", NULL);
}

/* None are selected: all. */
static bool
is_selected(struct call *call, const struct value *row)
{
	const struct value *zones = value_get(call->input, "selected_zones");
	const char         *zone = value_as_string(call->request->arena, value_get(row, "zoneid"));

	if (value_is(zones, VALUE_TEXT))
		return zones->text.len == 0 || text_lists(zones->text, text_of(zone));
	for (size_t i = 0; i < value_count(zones); i++)
		if (value_equal(value_at(zones, i), value_get(row, "zoneid")) ||
		    (value_is(value_at(zones, i), VALUE_TEXT) && text_is(value_at(zones, i)->text, zone)))
			return true;
	return value_count(zones) == 0;
}

static void
search_sessions(struct call *call)
{
	struct arena        *arena = call->request->arena;
	scoped_buffer        message = BUFFER_NONE;
	const struct value  *all = topic_ask(call->request, &message, "captiveportal.sessions", NULL);
	struct value        *rows = value_list(arena);

	if (!all) {
		answer_refusal(call, "Status", "%s", buffer_string(&message));
		return;
	}
	for (size_t i = 0; i < value_count(all); i++)
		if (is_selected(call, value_at(all, i)))
			value_add(arena, rows, value_at(all, i));
	grid_answer(call, rows, 9999);
}

static void
list_zones(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct collection *zones = snapshot_named(call->request->snapshot, "captiveportal.zone");
	struct value            *answer = value_object(arena);

	for (size_t i = 0; i < collection_count(zones); i++)
		value_set_string(arena, answer, record_get(collection_at(zones, i), "zoneid"),
				 record_get(collection_at(zones, i), "description"));
	answer_value(call, answer);
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

/* --- templates -------------------------------------------------------------------------------------- */

static void
download_template(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const char         *file = call_param_string(call, 0);
	const struct value *zip = topic_ask(call->request, &message, "portal.template", "file", file, NULL);

	if (!zip) {
		answer_refusal(call, "Template", "%s", buffer_string(&message));
		return;
	}
	answer_file(call, TYPE_FILE, arena_print(call->request->arena, "template_%s.zip", is_file_id(file) ? file : "default"));
	buffer_add(&call->request->reply.body, zip->text);
}

static void
answer_saved(struct call *call, const char *name, const char *error)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "name", name);
	if (error)
		json_put_string(&call->json, "error", error);
	json_object_end(&call->json);
}

/* The one that is meant; NULL: a new one, unless it is missing. */
static const struct record *
find_template(struct call *call, const char *name, bool *is_missing)
{
	const struct collection *templates = snapshot_named(call->request->snapshot, "captiveportal.template");
	const char              *uuid = call_text(call, "uuid");

	if (!uuid || !uuid[0])
		return collection_where(templates, "name", text_of(name));
	const struct record *found = collection_find(templates, text_of(uuid));

	*is_missing = !found;
	return found;
}

/* The files that were sent take the place of those before; NULL, and why: they cannot. */
static const char *
packed_anew(struct call *call, const char *content, const char **why)
{
	struct arena      *arena = call->request->arena;
	struct unzip_file *files;
	size_t             count;

	if (template_unpack(arena, text_of(content), &files, &count, why) != RESULT_DONE)
		return NULL;
	return template_pack(arena, files, count, call->request->service->now(call->request->service->context) / 1000000);
}

static void
save_template(struct call *call)
{
	struct request      *request = call->request;
	const char          *name = call_text(call, "name"), *content = call_text(call, "content"), *why = NULL;
	struct faults        faults = { .arena = request->arena };
	bool                 is_missing = false;
	const struct record *before = name ? find_template(call, name, &is_missing) : NULL;

	if (!name || !call_is_post(call)) {
		answer_value(call, value_null(request->arena));
		return;
	}
	if (is_missing) {
		answer_saved(call, name, "node not found");
		return;
	}
	struct record *after = before ? verb_edit(request, before) : verb_fresh(request, call_resource(call, "captiveportal.template"));

	record_set(after, "name", name);
	if (!before)
		record_set(after, "fileid", arena_copy(request->arena, text_of(uuid_new().text)));
	if ((content && content[0]) || !before)
		content = packed_anew(call, content ? content : "", &why);
	else
		content = record_get(before, "content");
	if (content)
		record_set(after, "content", content);
	if (content && (before ? verb_set(request, before, after, false, &faults) : verb_add(request, after, &faults)) == RESULT_DONE)
		request->keep = true;
	else if (!why)
		why = faults.first ? faults.first->message : "it cannot be kept";
	answer_saved(call, name, why);
}

/* --- vouchers --------------------------------------------------------------------------------------- */

/* Sent with what the page's script has escaped once more than the browser. */
static const char *
group_of(const struct call *call)
{
	return arena_copy(call->request->arena, text_decode_form(call->request->arena, call_param(call, 1), 0));
}

static void
answer_list(struct call *call, const struct value *list)
{
	if (list)
		answer_value(call, list);
	else
		answer_empty(call);
}

static void
list_providers(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_list(call, topic_ask(call->request, &message, "vouchers.servers", NULL));
}

static void
list_groups(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_list(call, topic_ask(call->request, &message, "vouchers.groups", "server", call_param_string(call, 0), NULL));
}

static void
list_vouchers(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_list(call, topic_ask(call->request, &message, "vouchers.list", "server", call_param_string(call, 0), "group",
				    group_of(call), NULL));
}

/* A group's name is part of URLs. */
static const char *
plain_group(struct call *call)
{
	const char   *group = call_text(call, "vouchergroup");
	scoped_buffer plain = BUFFER_NONE;

	for (; group && *group; group++)
		if (*group != '&' && *group != '#')
			buffer_add_byte(&plain, *group);
	return arena_copy(call->request->arena, buffer_text(&plain));
}

static void
make_vouchers(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const char         *count = call_text(call, "count"), *validity = call_text(call, "validity");
	const char         *expiry = call_text(call, "expirytime");
	const struct value *made = topic_ask(call->request, &message, "vouchers.make", "server", call_param_string(call, 0), "group",
					     plain_group(call), "count", count ? count : "", "validity", validity ? validity : "",
					     "expiry", expiry && *expiry ? expiry : "0", NULL);

	if (made)
		answer_value(call, made);
	else
		answer_word(call, "status", "error");
}

static void
drop_group(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *group = group_of(call);

	answer_word(call, "status", group[0] && topic_ask(call->request, &message, "vouchers.drop", "server",
							  call_param_string(call, 0), "group", group, NULL)
					    ? "drop"
					    : "error");
}

static void
drop_expired(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *count = topic_ask(call->request, &message, "vouchers.drop", "server", call_param_string(call, 0), "group",
					      group_of(call), "expired", "1", NULL);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", count ? "drop" : "error");
	if (count)
		json_put_value(&call->json, "count", count);
	json_object_end(&call->json);
}

static void
expire_voucher(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	const char   *user = call_text(call, "username");

	answer_word(call, "status", user && topic_ask(call->request, &message, "vouchers.expire", "server", call_param_string(call, 0),
						      "user", user, NULL)
					    ? "ok"
					    : "error");
}

#define ERROR "{\"status\":\"error\"}"
#define ANY_METHOD (GETS | POSTS | 1u << METHOD_OPTIONS)

/* clang-format off */
#define TEMPLATES(at) \
	{ at "/get_template", KIND_DOWNLOAD, .lane = LANE_SLOW, .handle = download_template }, \
	{ at "/save_template", KIND_ACTION, .lane = LANE_COMMIT, .handle = save_template, .resource = "captiveportal.template", \
	  .refusal = "null" }

const struct action portal_actions[] = {
	{ "captiveportal/access/api", KIND_QUERY, .lane = LANE_SLOW, .handle = show_captive, .is_open = true },
	{ "captiveportal/access/status", KIND_QUERY, .methods = ANY_METHOD, .lane = LANE_SLOW, .handle = show_status, .is_open = true },
	{ "captiveportal/access/logon", KIND_ACTION, .methods = ANY_METHOD, .lane = LANE_SLOW, .handle = log_on, .is_open = true },
	{ "captiveportal/access/logoff", KIND_ACTION, .methods = ANY_METHOD, .lane = LANE_SLOW, .handle = log_off, .is_open = true },
	{ "captiveportal/session/list", KIND_QUERY, .lane = LANE_SLOW, .handle = list_sessions },
	{ "captiveportal/session/search", KIND_GRID, .lane = LANE_SLOW, .handle = search_sessions },
	{ "captiveportal/session/zones", KIND_QUERY, .handle = list_zones },
	{ "captiveportal/session/connect", KIND_ACTION, .lane = LANE_SLOW, .handle = connect_client, .refusal = "[]" },
	{ "captiveportal/session/disconnect", KIND_ACTION, .lane = LANE_SLOW, .handle = disconnect_client, .refusal = "[]" },
	TEMPLATES("captiveportal/template"),
	TEMPLATES("captiveportal/service"), /* up to 26.1 */
	{ "captiveportal/voucher/list_providers", KIND_QUERY, .lane = LANE_SLOW, .handle = list_providers },
	{ "captiveportal/voucher/list_voucher_groups", KIND_QUERY, 1, .lane = LANE_SLOW, .handle = list_groups },
	{ "captiveportal/voucher/list_vouchers", KIND_QUERY, 2, .lane = LANE_SLOW, .handle = list_vouchers },
	{ "captiveportal/voucher/generate_vouchers", KIND_ACTION, 1, .lane = LANE_LONG, .handle = make_vouchers, .refusal = ERROR },
	{ "captiveportal/voucher/drop_voucher_group", KIND_ACTION, 2, .lane = LANE_SLOW, .handle = drop_group, .refusal = ERROR },
	{ "captiveportal/voucher/drop_expired_vouchers", KIND_ACTION, 2, .lane = LANE_SLOW, .handle = drop_expired, .refusal = ERROR },
	{ "captiveportal/voucher/expire_voucher", KIND_ACTION, 1, .lane = LANE_SLOW, .handle = expire_voucher, .refusal = ERROR },
	{ NULL },
};
/* clang-format on */
