/* Services: start, stop, restart, status, and making saved settings true. */
#include "dialect/opnsense/modules/services.h"

#include <string.h>

#include "api/topics.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"

/* A controller with the five endpoints of a service. */
/* clang-format off */
static const struct service_face {
	const char *at;
	const char *settings; /* the resource it is switched on in */
	const char *enabled;  /* the field; NULL: always on */
	const char *name;     /* what the box calls it */
	const char *instead;  /* another one, when that is switched on and this is not; NULL: none */
} faces[] = {
	{ "captiveportal/service", "captiveportal.zone", "enabled", "captiveportal" },
	{ "dhcpv4/service", "kea.dhcpv4_settings", "general.enabled", "kea-dhcp", "dnsmasq/service" },
	{ "dhcpv6/service", "kea.dhcpv6_settings", "general.enabled", "kea-dhcp", "dnsmasq/service" },
	{ "dnsmasq/service", "dnsmasq.settings", "enable", "dnsmasq" },
	{ "hostdiscovery/service", "hostdiscovery.hostwatch", "general.enabled", "hostwatch" },
	{ "ids/service", "ids.settings", "general.enabled", "suricata" },
	{ "ipsec/service", "ipsec.settings", "general.enabled", "strongswan" },
	{ "kea/service", "kea.dhcpv4_settings", "general.enabled", "kea-dhcp" },
	{ "monit/service", "monit.settings", "general.enabled", "monit" },
	{ "radvd/service", "radvd.entry", "enabled", "radvd" },
	{ "syslog/service", "syslog.settings", "general.enabled", "syslog-ng" },
	{ "unbound/service", "unbound.settings", "general.enabled", "unbound" },
	{ "wireguard/service", "wireguard.general", "enabled", "wireguard" },
};
/* clang-format on */

static const struct service_face *
find_face(const char *at)
{
	for (size_t i = 0; i < COUNT(faces); i++)
		if (text_starts(text_of(at), text_of(faces[i].at)))
			return &faces[i];
	bug_report(__FILE__, __LINE__, "%s is no service", at);
}

/* Is it switched on, in the settings or in any record? */
static bool
is_enabled(const struct call *call, const struct service_face *face)
{
	const struct resource *resource = call_resource(call, face->settings);

	if (resource->shape == SINGLETON)
		return record_bool(snapshot_single(call->request->snapshot, face->settings), face->enabled);
	return collection_where(snapshot_collection(call->request->snapshot, resource), face->enabled, TEXT("1"));
}

static const struct service_face *
face_of(const struct call *call)
{
	const struct service_face *face = find_face(call->route->endpoint);
	const struct service_face *instead = face->instead ? find_face(face->instead) : face;

	return !is_enabled(call, face) && is_enabled(call, instead) ? instead : face;
}

void
service_status(struct call *call)
{
	const struct service_face *face = face_of(call);
	scoped_buffer              message = BUFFER_NONE;
	const struct value        *said = topic_ask(call->request, &message, "service.status", "name", face->name, NULL);
	const struct value        *running = value_get(said, "running");
	const char                *status = "unknown";

	if (value_is(running, VALUE_BOOL))
		status = running->truth ? "running" : is_enabled(call, face) ? "stopped" : "disabled";
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", status);
	json_name(&call->json, "widget");
	json_object(&call->json);
	json_put_string(&call->json, "caption_stop", "Stop");
	json_put_string(&call->json, "caption_start", "Start");
	json_put_string(&call->json, "caption_restart", "Restart");
	json_object_end(&call->json);
	json_object_end(&call->json);
}

static void
turn(struct call *call, const char *topic)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, topic, "name", face_of(call)->name, NULL);
	const char         *text = value_as_string(call->request->arena, value_get(said, "message"));

	answer_word(call, "response", text ? text : said ? "OK" : buffer_string(&message));
}

void
service_start(struct call *call)
{
	turn(call, "service.start");
}

void
service_stop(struct call *call)
{
	turn(call, "service.stop");
}

void
service_restart(struct call *call)
{
	turn(call, "service.restart");
}

/* Everything the model of the route's resource touches. */
static unsigned
parts_of(const struct call *call)
{
	const struct resource *about = call->route->resource;
	const struct schema   *schema = call->request->service->schema;
	unsigned               parts = call->route->parts;

	for (size_t i = 0; about && i < schema_count(schema); i++) {
		const struct resource *resource = schema_at(schema, i);

		if (resource == about || (resource->model && about->model && strcmp(resource->model, about->model) == 0))
			parts |= resource->touches;
	}
	return parts;
}

/* A template or daemon that fails is an exception here. */
void
service_reconfigure(struct call *call)
{
	const char       *message;
	const enum result result = topic_apply(call->request, parts_of(call), &message);

	if (result == RESULT_DONE)
		answer_word(call, "status", "ok");
	else
		answer_refusal(call, "Not applied", "%s", message[0] ? message : result_word(result));
}

/* This one says itself whether its checker likes it. */
static void
reconfigure_monit(struct call *call)
{
	const char       *message;
	const enum result result = topic_apply(call->request, parts_of(call), &message);
	const bool        is_done = result == RESULT_DONE;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", is_done ? "ok" : "failed");
	json_put_string(&call->json, "function", "reconfigure");
	json_put_string(&call->json, "template", "OK");
	json_put_string(&call->json, "result", is_done ? "Control file syntax OK" : message[0] ? message : result_word(result));
	json_object_end(&call->json);
}

static void
apply_and_say(struct call *call, const char *key)
{
	const char       *message;
	const enum result result = topic_apply(call->request, parts_of(call), &message);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, key, result == RESULT_DONE ? "ok" : "failed");
	if (result != RESULT_DONE)
		json_put_string(&call->json, "message", message[0] ? message : result_word(result));
	json_object_end(&call->json);
}

void
reconfigure(struct call *call)
{
	apply_and_say(call, "status");
}

/* The same with another key. */
static void
reconfigure_result(struct call *call)
{
	apply_and_say(call, "result");
}

/* The lists are fetched anew, however fresh they are. */
static void
reconfigure_lists(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	topic_ask(call->request, &message, "resolver.expire", NULL);
	reconfigure(call);
}

void
accounts_follow(struct call *call)
{
	const char *message;

	(void)topic_apply(call->request, PART_ACCOUNTS, &message);
}

/* --- all services of the box ---------------------------------------------------------------- */

static void
search(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *services = topic_ask(call->request, &message, "services", NULL);

	grid_answer(call, value_is(services, VALUE_LIST) ? services : value_list(call->request->arena), 9999);
}

/* Ok says that it was asked for, not that the service did it. */
static void
turn_named(struct call *call, const char *topic)
{
	scoped_buffer message = BUFFER_NONE;

	topic_ask(call->request, &message, topic, "name", call_param_string(call, 0), "id", call_param_string(call, 1),
		  NULL);
	answer_word(call, "result", "ok");
}

static void
start_named(struct call *call)
{
	turn_named(call, "service.start");
}

static void
stop_named(struct call *call)
{
	turn_named(call, "service.stop");
}

static void
restart_named(struct call *call)
{
	turn_named(call, "service.restart");
}

#define FAILED "{\"status\":\"failed\"}"
#define NO_RESULT "{\"result\":\"failed\"}"

/* clang-format off */
#define SERVICE(at, about) \
	{ at "/status", KIND_STATUS, .lane = LANE_SLOW, .handle = service_status }, \
	{ at "/start", KIND_START, .lane = LANE_APPLY, .handle = service_start }, \
	{ at "/stop", KIND_STOP, .lane = LANE_APPLY, .handle = service_stop }, \
	{ at "/restart", KIND_RESTART, .lane = LANE_APPLY, .handle = service_restart }, \
	{ at "/reconfigure", KIND_SERVICE_RECONFIGURE, .lane = LANE_APPLY, .handle = service_reconfigure, \
	  .resource = about }
#define APPLIES(endpoint, about) \
	{ endpoint, KIND_RECONFIGURE, .lane = LANE_APPLY, .handle = reconfigure, .resource = about }

const struct action service_actions[] = {
	SERVICE("captiveportal/service", "captiveportal.settings"),
	SERVICE("dhcpv4/service", "kea.dhcpv4_settings"),
	SERVICE("dhcpv6/service", "kea.dhcpv6_settings"),
	SERVICE("dnsmasq/service", "dnsmasq.settings"),
	SERVICE("hostdiscovery/service", "hostdiscovery.hostwatch"),
	SERVICE("ids/service", "ids.settings"),
	SERVICE("ipsec/service", "ipsec.swanctl_settings"),
	SERVICE("kea/service", "kea.dhcpv4_settings"),
	SERVICE("monit/service", "monit.settings"),
	SERVICE("radvd/service", "radvd.settings"),
	SERVICE("syslog/service", "syslog.settings"),
	SERVICE("unbound/service", "unbound.settings"),
	SERVICE("wireguard/service", "wireguard.general"),
	{ "wireguard/service/reconfigure", KIND_SERVICE_RECONFIGURE, .lane = LANE_APPLY, .handle = reconfigure_result,
	  .resource = "wireguard.general", .refusal = NO_RESULT },
	{ "monit/service/reconfigure", KIND_SERVICE_RECONFIGURE, .lane = LANE_APPLY, .handle = reconfigure_monit,
	  .resource = "monit.settings", .refusal = FAILED },
	{ "openvpn/service/reconfigure", KIND_RECONFIGURE, .lane = LANE_APPLY, .handle = reconfigure_result,
	  .resource = "openvpn.settings", .refusal = NO_RESULT },
	{ "unbound/service/reconfigure_general", KIND_ACTION, .lane = LANE_APPLY, .handle = reconfigure,
	  .resource = "unbound.settings", .refusal = FAILED },
	{ "unbound/service/dnsbl", KIND_ACTION, .lane = LANE_APPLY, .handle = reconfigure_lists,
	  .resource = "unbound.dnsbl", .refusal = FAILED },
	APPLIES("core/hasync/reconfigure", "core.hasync"),
	APPLIES("core/tunables/reconfigure", "core.tunable"),
	APPLIES("cron/service/reconfigure", "cron.job"),
	APPLIES("dhcrelay/service/reconfigure", "dhcrelay.relay"),
	APPLIES("firewall/alias/reconfigure", "firewall.alias"),
	APPLIES("firewall/group/reconfigure", "firewall.group"),
	APPLIES("interfaces/bridge_settings/reconfigure", "interfaces.bridge"),
	APPLIES("interfaces/gif_settings/reconfigure", "interfaces.gif"),
	APPLIES("interfaces/gre_settings/reconfigure", "interfaces.gre"),
	APPLIES("interfaces/lagg_settings/reconfigure", "interfaces.lagg"),
	APPLIES("interfaces/loopback_settings/reconfigure", "interfaces.loopback"),
	APPLIES("interfaces/neighbor_settings/reconfigure", "interfaces.neighbor"),
	APPLIES("interfaces/settings/reconfigure", "interfaces.settings"),
	APPLIES("interfaces/vip_settings/reconfigure", "interfaces.vip"),
	APPLIES("interfaces/vlan_settings/reconfigure", "interfaces.vlan"),
	APPLIES("interfaces/vxlan_settings/reconfigure", "interfaces.vxlan"),
	APPLIES("routes/routes/reconfigure", "routes.route"),
	APPLIES("routing/group_settings/reconfigure", "routing.gateway_group"),
	APPLIES("routing/settings/reconfigure", "routing.gateway"),
	APPLIES("trafficshaper/service/reconfigure", "trafficshaper.settings"),
	APPLIES("trust/settings/reconfigure", "trust.general"),
	{ "core/service/search", KIND_GRID, .lane = LANE_SLOW, .handle = search },
	{ "core/service/start", KIND_ACTION, 1, .lane = LANE_APPLY, .handle = start_named },
	{ "core/service/stop", KIND_ACTION, 1, .lane = LANE_APPLY, .handle = stop_named },
	{ "core/service/restart", KIND_ACTION, 1, .lane = LANE_APPLY, .handle = restart_named },
	{ NULL },
};
/* clang-format on */
