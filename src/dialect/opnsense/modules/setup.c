/* The setup wizard shows what the box is set to; and settings whose records another name still reaches. */
#include <string.h>

#include "api/verbs.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"

static void
set_interface(struct record *setup, const struct call *call, const char *key)
{
	const struct record *interface = collection_find(
		snapshot_named(call->request->snapshot, "interfaces.interface"), text_of(key));
	const bool wan = strcmp(key, "wan") == 0;

	if (!interface)
		return;
	record_set(setup, wan ? "interfaces.wan.ipaddr" : "interfaces.lan.ipaddr", record_get(interface, "ipaddr"));
	if (!wan)
		return;
	const char *type = record_get(interface, "type4");

	record_set(setup, "interfaces.wan.ipv4_type", strcmp(type, "staticv4") == 0 ? "static" : type);
	record_set(setup, "interfaces.wan.blockpriv", record_bool(interface, "blockpriv") ? "1" : "0");
	record_set(setup, "interfaces.wan.blockbogons", record_bool(interface, "blockbogons") ? "1" : "0");
	record_set(setup, "interfaces.wan.mtu", record_get(interface, "mtu"));
	record_set(setup, "interfaces.wan.mss", record_get(interface, "mss"));
}

static void
get_setup(struct call *call)
{
	const struct snapshot *snapshot = call->request->snapshot;
	const struct record   *general = snapshot_single(snapshot, "system.general");
	const struct record   *unbound = snapshot_single(snapshot, "unbound.settings");
	struct record *setup = record_copy(call->request->arena, snapshot_single(snapshot, "core.initial_setup"));
	const struct view view = call_view(call, setup);

	record_set(setup, "hostname", record_get(general, "hostname"));
	record_set(setup, "domain", record_get(general, "domain"));
	record_set(setup, "language", record_get(general, "language"));
	record_set(setup, "timezone", record_get(general, "timezone"));
	record_set(setup, "dns_servers", record_get(general, "dns_servers"));
	record_set(setup, "dnsallowoverride", record_bool(general, "dns_allow_override") ? "1" : "0");
	record_set(setup, "unbound.enabled", record_bool(unbound, "general.enabled") ? "1" : "0");
	record_set(setup, "unbound.dnssec", record_bool(unbound, "general.dnssec") ? "1" : "0");
	record_set(setup, "deployment_type.multiwan", "1");
	set_interface(setup, call, "wan");
	set_interface(setup, call, "lan");
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "wizard");
	json_object(&call->json);
	show_record(&call->json, setup, NULL, &view);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

static void
abort_setup(struct call *call)
{
	answer_word(call, "result", "done");
}

/* --- what there is none of -------------------------------------------------------------------- */

static void
is_supported(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_bool(&call->json, "supported", false);
	json_object_end(&call->json);
}

/* Rules of the older kind, which are converted when a configuration is imported. */
static void
count_legacy(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "ok");
	json_put_number(&call->json, "count", 0);
	json_object_end(&call->json);
}

static void
list_none(struct call *call)
{
	answer_empty(call);
}

static void
flush_legacy(struct call *call)
{
	answer_word(call, "status", "ok");
}

static void
legacy_file(struct call *call)
{
	answer_begin(call, 200, TYPE_CSV);
}

/* --- captive portal ----------------------------------------------------------------------------- */

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

/* --- monitoring --------------------------------------------------------------------------------- */

static void
get_general(struct call *call)
{
	const struct record *settings = snapshot_single(call->request->snapshot, "monit.settings");
	const struct view    view = call_view(call, settings);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "monit");
	json_object(&call->json);
	show_record(&call->json, settings, NULL, &view);
	json_object_end(&call->json);
	json_put_string(&call->json, "result", "ok");
	json_object_end(&call->json);
}

/* --- blocklists --------------------------------------------------------------------------------- */

static void
get_policies(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct collection *lists = snapshot_named(call->request->snapshot, "unbound.dnsbl");
	struct value            *answer = value_object(arena);

	for (size_t i = 0; i < collection_count(lists); i++)
		value_set_string(arena, answer, collection_at(lists, i)->uuid,
				 record_get(collection_at(lists, i), "description"));
	answer_value(call, answer);
}

/* One name more in a policy's list of allowed or blocked ones. */
static void
update_blocklist(struct call *call)
{
	struct arena        *arena = call->request->arena;
	const char          *domain = value_as_string(arena, value_get(call->input, "domain"));
	const char          *type = value_as_string(arena, value_get(call->input, "type"));
	const char          *uuid = value_as_string(arena, value_get(call->input, "uuid"));
	const struct record *policy =
		collection_find(snapshot_named(call->request->snapshot, "unbound.dnsbl"), text_of(uuid));
	struct faults faults = { .arena = arena };

	if (!policy || !domain || !domain[0] || !type ||
	    (strcmp(type, "allowlists") != 0 && strcmp(type, "blocklists") != 0)) {
		answer_word(call, "status", "failed");
		return;
	}
	struct record *after = verb_edit(call->request, policy);
	const char    *list = record_get(policy, type);

	if (!is_listed(list, domain))
		record_set(after, type, arena_print(arena, "%s%s%s", list, list[0] ? "," : "", domain));
	if (verb_set(call->request, policy, after, false, &faults) != RESULT_DONE) {
		answer_word(call, "status", "failed");
		return;
	}
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "OK");
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
const struct action setup_actions[] = {
	{ "core/initial_setup/get", KIND_MODEL_GET, .handle = get_setup },
	{ "core/initial_setup/abort", KIND_ACTION, .handle = abort_setup },
	{ "core/snapshots/is_supported", KIND_QUERY, .handle = is_supported },
	{ "firewall/migration/count_rules", KIND_QUERY, .handle = count_legacy },
	{ "firewall/migration/count_outbound", KIND_QUERY, .handle = count_legacy },
	{ "firewall/migration/download_rules", KIND_CSV_DOWNLOAD, .handle = legacy_file },
	{ "firewall/migration/download_outbound", KIND_CSV_DOWNLOAD, .handle = legacy_file },
	{ "firewall/migration/flush", KIND_ACTION, .handle = flush_legacy, .refusal = FAILED },
	{ "firewall/migration/flush_outbound", KIND_ACTION, .handle = flush_legacy, .refusal = FAILED },
	{ "captiveportal/session/zones", KIND_QUERY, .handle = list_zones },
	{ "captiveportal/voucher/list_providers", KIND_QUERY, .handle = list_none },
	{ "monit/settings/get_general", KIND_QUERY, .handle = get_general },
	{ "unbound/overview/get_policies", KIND_QUERY, .handle = get_policies },
	{ "unbound/settings/update_blocklist", KIND_ACTION, .lane = LANE_COMMIT, .handle = update_blocklist,
	  .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
