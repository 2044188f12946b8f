/*
 * What people arranged for themselves: the widgets of their first page, their favorites of the menu. Both are kept
 * with the user, as JSON.
 */
#include <string.h>

#include "api/accounts.h"
#include "dialect/opnsense/core/menu.h"
#include "dialect/opnsense/tables.h"
#include "json/read.h"

#define DASHBOARD_BYTES_MAX (1024 * 1024)

/* --- what is kept with the user ------------------------------------------------------------- */

static const struct record *
user_of(const struct call *call)
{
	return collection_find(snapshot_named(call->request->snapshot, "auth.user"),
			       text_of(call->request->caller->user->uuid));
}

/* NULL: nothing is kept, or it is no JSON. */
static struct value *
kept_value(const struct call *call, const char *field)
{
	const struct record *user = user_of(call);
	struct arena        *arena = call->request->arena;
	const char          *json = user ? base64_decode(arena, record_text(user, field), NULL) : NULL;
	struct value        *value = NULL;

	return json && json_read(arena, text_of(json), NULL, &value, NULL) == RESULT_DONE ? value : NULL;
}

/* Those who may not change the configuration may still arrange their own pages. */
static void
keep_value(struct call *call, const char *field, const char *json)
{
	struct request      *request = call->request;
	const struct record *user = user_of(call);

	if (!user) {
		answer_word(call, "result", "failed");
		return;
	}
	struct record *after = record_copy(request->arena, user);

	record_set(after, field, json[0] ? base64_encode(request->arena, text_of(json)) : "");
	change_put(request->change, after);
	request->keep = request->always = call->is_own = true;
	answer_word(call, "result", "saved");
}

static const char *
json_of(struct arena *arena, const struct value *value)
{
	scoped_buffer out = BUFFER_NONE;

	json_value(&(struct json){ .out = &out }, value);
	return arena_copy(arena, buffer_text(&out));
}

/* --- widgets -------------------------------------------------------------------------------- */

/* clang-format off */
static const struct widget {
	const char *id, *module, *title, *link;
	const char *endpoint; /* what it shows */
	int         x, y;     /* where it is at first; -1: nowhere */
} widgets[] = {
	{ "announcements", "Announcements.js", "Announcements", "", "core/dashboard/product_info_feed", 6, 20 },
	{ "carp", "Carp.js", "CARP status", "/ui/diagnostics/interface/vip", "diagnostics/interface/get_vip_status", -1, -1 },
	{ "certificates", "Certificates.js", "Certificates", "/ui/trust/cert", "trust/cert/search", -1, -1 },
	{ "cpu", "Cpu.js", "CPU", "/ui/diagnostics/activity", "diagnostics/cpu_usage/stream", -1, -1 },
	{ "disk", "Disk.js", "Disk", "", "diagnostics/system/system_disk", 2, 40 },
	{ "firewall", "Firewall.js", "Firewall", "/ui/diagnostics/firewall/log", "diagnostics/firewall/stream_log", -1, -1 },
	{ "firewallstates", "FirewallStates.js", "Firewall states", "/ui/diagnostics/firewall/states",
	  "diagnostics/firewall/pf_states", -1, -1 },
	{ "gateways", "Gateways.js", "Gateways", "/ui/routing/configuration", "routing/settings/search_gateway", 4, 0 },
	{ "interfaces", "Interfaces.js", "Interfaces", "/ui/interfaces/overview", "interfaces/overview/interfaces_info", 4, 20 },
	{ "interfacestatistics", "InterfaceStatistics.js", "Interface statistics", "", "diagnostics/traffic/interface", -1, -1 },
	{ "ipsecleases", "IpsecLeases.js", "IPsec leases", "/ui/ipsec/leases", "ipsec/leases/pools", -1, -1 },
	{ "ipsectunnels", "IpsecTunnels.js", "IPsec tunnels", "/ui/ipsec/sessions", "ipsec/sessions/search_phase1", -1, -1 },
	{ "memory", "Memory.js", "Memory", "", "diagnostics/system/system_resources", 0, 40 },
	{ "monit", "Monit.js", "Monit", "/ui/monit/status", "monit/status/get", -1, -1 },
	{ "openvpnclients", "OpenVPNClients.js", "OpenVPN clients", "/ui/openvpn/status", "openvpn/service/search_sessions", -1, -1 },
	{ "picture", "Picture.js", "Picture", "", "core/dashboard/picture", -1, -1 },
	{ "services", "Services.js", "Services", "/ui/core/service", "core/service/search", 2, 0 },
	{ "systeminformation", "SystemInformation.js", "System information", "", "diagnostics/system/system_information", 0, 0 },
	{ "traffic", "Traffic.js", "Traffic", "/ui/diagnostics/traffic", "diagnostics/traffic/stream", 6, 0 },
	{ "unbound", "Unbound.js", "Unbound", "/ui/unbound/overview", "unbound/overview/totals", -1, -1 },
	{ "wireguard", "Wireguard.js", "WireGuard", "/ui/wireguard/diagnostics", "wireguard/service/show", -1, -1 },
};
/* clang-format on */

/* Is there what it shows, and may the caller see it? */
static bool
is_open(const struct call *call, const struct widget *widget)
{
	const struct request *request = call->request;

	return routes_find(request->service->routes[OPNSENSE], text_of(widget->endpoint)) &&
	       caller_may_read(request->caller, text_of(arena_print(request->arena, "api/%s", widget->endpoint)));
}

static void
put_modules(struct call *call)
{
	json_name(&call->json, "modules");
	json_list(&call->json);
	for (size_t i = 0; i < COUNT(widgets); i++) {
		if (!is_open(call, &widgets[i]))
			continue;
		json_object(&call->json);
		json_put_string(&call->json, "id", widgets[i].id);
		json_put_string(&call->json, "module", widgets[i].module);
		json_put_string(&call->json, "link", widgets[i].link);
		json_name(&call->json, "translations");
		json_object(&call->json);
		json_put_string(&call->json, "title", widgets[i].title);
		json_object_end(&call->json);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

static void
put_first_widgets(struct call *call)
{
	json_object(&call->json);
	json_name(&call->json, "options");
	json_object(&call->json);
	json_object_end(&call->json);
	json_name(&call->json, "widgets");
	json_list(&call->json);
	for (size_t i = 0; i < COUNT(widgets); i++) {
		if (widgets[i].x < 0 || !is_open(call, &widgets[i]))
			continue;
		json_object(&call->json);
		json_put_string(&call->json, "id", widgets[i].id);
		json_put_number(&call->json, "x", widgets[i].x);
		json_put_number(&call->json, "y", widgets[i].y);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

static void
get_dashboard(struct call *call)
{
	const struct value *kept = kept_value(call, "dashboard");

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	put_modules(call);
	json_name(&call->json, "dashboard");
	if (value_is(kept, VALUE_OBJECT))
		json_value(&call->json, kept);
	else
		put_first_widgets(call);
	json_object_end(&call->json);
}

static void
save_widgets(struct call *call)
{
	struct arena *arena = call->request->arena;
	struct value *list = value_get(call->input, "widgets"), *options = value_get(call->input, "options");
	struct value *kept = value_object(arena);

	if (!value_is(list, VALUE_LIST)) {
		answer_word(call, "result", "failed");
		return;
	}
	value_set(arena, kept, "options", options ? options : value_object(arena));
	value_set(arena, kept, "widgets", list);
	const char *json = json_of(arena, kept);

	if (strlen(json) > DASHBOARD_BYTES_MAX)
		answer_refusal(call, "Dashboard", "A dashboard has at most %d bytes.", DASHBOARD_BYTES_MAX);
	else
		keep_value(call, "dashboard", json);
}

static void
restore_defaults(struct call *call)
{
	keep_value(call, "dashboard", "");
}

/* --- picture and news ----------------------------------------------------------------------- */

/* By the first bytes: the name was somebody's choice. */
static const char *
mime_of(struct text bytes)
{
	static const struct {
		struct text begin;
		const char *mime;
	} kinds[] = {
		{ { "\x89PNG\r\n\x1a\n", 8 }, "image/png" },
		{ { "\xff\xd8\xff", 3 }, "image/jpeg" },
		{ { "GIF8", 4 }, "image/gif" },
	};

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (text_starts(bytes, kinds[i].begin))
			return kinds[i].mime;
	return NULL;
}

static void
picture(struct call *call)
{
	const struct record *general = snapshot_single(call->request->snapshot, "system.general");
	struct text          bytes = TEXT_NONE;

	bytes.ptr = base64_decode(call->request->arena, record_text(general, "picture"), &bytes.len);
	const char *mime = bytes.ptr ? mime_of(bytes) : NULL;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", mime ? "ok" : "failed");
	if (mime) {
		json_put_string(&call->json, "mime", mime);
		json_put_string(&call->json, "picture", record_get(general, "picture"));
	}
	json_object_end(&call->json);
}

/* Nobody publishes news of this product, and other people's servers are none of its business. */
static void
no_news(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "items");
	json_list(&call->json);
	json_list_end(&call->json);
	json_object_end(&call->json);
}

/* --- favorites ------------------------------------------------------------------------------ */

bool
menu_is_favorite(struct call *call, const char *url)
{
	if (!call->kept)
		call->kept = kept_value(call, "menu_favorites");
	for (size_t i = 0; i < value_count(call->kept); i++) {
		const struct value *one = value_at(call->kept, i);

		if (value_is(one, VALUE_TEXT) && text_is(one->text, url))
			return true;
	}
	return false;
}

/* Only a page of the caller's menu can become one, once: that bounds their number. */
static void
set_favorite(struct call *call)
{
	struct arena *arena = call->request->arena;
	const char   *url = value_as_string(arena, value_get(call->input, "menuUrl"));
	const char   *wanted = value_as_string(arena, value_get(call->input, "isFavorite"));
	const bool    is_wanted = wanted && wanted[0] && strcmp(wanted, "0") != 0 && strcmp(wanted, "false") != 0;
	struct value *list = value_list(arena);

	if (!url || !wanted || !menu_has(call, url)) {
		answer_word(call, "result", "failed");
		return;
	}
	const struct value *before = kept_value(call, "menu_favorites");

	for (size_t i = 0; i < value_count(before); i++) {
		const struct value *one = value_at(before, i);

		if (value_is(one, VALUE_TEXT) && !text_is(one->text, url))
			value_add(arena, list, value_text(arena, one->text));
	}
	if (is_wanted)
		value_add(arena, list, value_string(arena, url));
	keep_value(call, "menu_favorites", json_of(arena, list));
}

#define FAILED "{\"result\":\"failed\"}"

/* clang-format off */
const struct action core_dashboard_actions[] = {
	{ "core/dashboard/get_dashboard", KIND_QUERY, .handle = get_dashboard },
	{ "core/dashboard/picture", KIND_QUERY, .handle = picture },
	{ "core/dashboard/product_info_feed", KIND_QUERY, .handle = no_news },
	{ "core/dashboard/restore_defaults", KIND_ACTION, .lane = LANE_COMMIT, .handle = restore_defaults, .refusal = FAILED },
	{ "core/dashboard/save_widgets", KIND_ACTION, .lane = LANE_COMMIT, .handle = save_widgets, .refusal = FAILED },
	{ "core/menu/set_favorite", KIND_ACTION, .lane = LANE_COMMIT, .handle = set_favorite, .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
