/* Address leases: Kea and dnsmasq. */
#include <string.h>

#include "api/search.h"
#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/modules/leases.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/tables.h"
#include "json/read.h"
#include "schema/interfaces.h"
#include "schema/networks.h"

/* --- reservations as files ------------------------------------------------------------------ */

static bool
rank_of_subnet(const struct index *by, const struct record *subnet, struct rank *rank)
{
	struct prefix prefix;

	if (!prefix_read(text_of(subnet->values[by->fields[0]]), &prefix))
		return false;
	*rank = rank_of_network(&prefix);
	return true;
}

/* A file names no subnet: it is the one that holds the address, of several the smallest. */
static bool
find_subnet(struct call *call, const struct record *before, struct record *reservation, struct faults *faults)
{
	const bool             inet6 = strcmp(reservation->resource->name, "kea.reservation6") == 0;
	const struct resource *resource = schema_named(call->request->service->schema, inet6 ? "kea.subnet6" : "kea.subnet4");
	const struct index     by = { .fields = { resource_field(resource, "subnet") }, .count = 1, .rank = rank_of_subnet };
	struct prefix          host;

	(void)before;
	(void)faults;
	if (record_has(reservation, "subnet") || !address_read(record_text(reservation, "ip_address"), &host.address))
		return true;
	host.bits = address_bits(host.address.family);
	const struct record *subnet =
		networks_overlapping(snapshot_collection(call->request->snapshot, resource), &by, &host, "");

	if (subnet)
		record_set(reservation, "subnet", subnet->uuid);
	return true;
}

/* --- subnets -------------------------------------------------------------------------------- */

static void
get_subnet(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const char              *mode = value_as_string(arena, value_get(call_query(call), "fetchmode"));
	const struct collection *subnets = snapshot_collection(call->request->snapshot, call->route->resource);
	struct value            *answer = NULL, *subnet;
	int64_t                  highest = 0;

	regular_get(call);
	if (!mode || strcmp(mode, "copy") != 0 || call->nparams == 0 ||
	    json_read(arena, buffer_text(&call->request->reply.body), NULL, &answer, NULL) != RESULT_DONE ||
	    !(subnet = value_get(answer, call->route->face->root)))
		return;
	for (size_t i = 0; i < collection_count(subnets); i++) {
		const int64_t id = record_number(collection_at(subnets, i), "subnet_id", 0);

		highest = id > highest ? id : highest;
	}
	value_set(arena, subnet, "subnet_id", value_integer(arena, highest + 1));
	answer_value(call, answer);
}

/* --- leases --------------------------------------------------------------------------------- */

bool
leases_are_selected(const struct value *selected, const struct value *row)
{
	if (value_count(selected) == 0)
		return true;
	for (size_t i = 0; i < selected->count; i++)
		if (value_equal(selected->members[i].value, value_get(row, "if_name")))
			return true;
	return false;
}

/* "ipv4" or "ipv6"; anything else is both. */
static bool
is_of_protocol(struct text protocol, const struct value *row)
{
	const struct value *address = value_get(row, "address");
	const bool          is_six = address && text_contains(address->text, TEXT(":"));

	return text_is(protocol, is_six ? "ipv6" : "ipv4") || !(text_is(protocol, "ipv4") || text_is(protocol, "ipv6"));
}

struct value *
leases_interfaces(struct arena *arena, const struct value *rows)
{
	struct value *interfaces = value_object(arena);

	for (size_t i = 0; i < value_count(rows); i++) {
		const char *name = value_as_string(arena, value_get(rows->members[i].value, "if_name"));
		const char *label = value_as_string(arena, value_get(rows->members[i].value, "if_descr"));

		if (name && name[0])
			value_set_string(arena, interfaces, name, label ? label : name);
	}
	return interfaces;
}

static struct value *
count_leases(struct arena *arena, const struct value *rows)
{
	struct value *stats = value_object(arena);
	int64_t       active = 0;

	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *state = value_get(rows->members[i].value, "state");

		active += !state || (state->kind == VALUE_INTEGER && state->integer == 0);
	}
	value_set(arena, stats, "active", value_integer(arena, active));
	value_set(arena, stats, "inactive", value_integer(arena, (int64_t)value_count(rows) - active));
	value_set(arena, stats, "total", value_integer(arena, (int64_t)value_count(rows)));
	return stats;
}

void
leases_answer(struct call *call, struct value *rows, const struct value *all, struct value *stats)
{
	struct arena *arena = call->request->arena;
	struct value *answer = NULL;

	grid_answer(call, rows, 9999);
	if (json_read(arena, buffer_text(&call->request->reply.body), NULL, &answer, NULL) != RESULT_DONE)
		return;
	if (stats)
		value_set(arena, answer, "stats", stats);
	value_set(arena, answer, "interfaces", leases_interfaces(arena, all));
	answer_value(call, answer);
}

static void
search_leases(struct call *call, const char *server, bool with_stats)
{
	struct arena       *arena = call->request->arena;
	scoped_buffer       message = BUFFER_NONE;
	struct value       *said = topic_ask(call->request, &message, "dhcp.leases", "server", server, NULL);
	const struct value *selected = value_get(call->input, "selected_interfaces");
	const char         *protocol = value_as_string(arena, value_get(call->input, "selected_protocol"));
	struct value       *rows = value_list(arena);

	for (size_t i = 0; i < value_count(said); i++)
		if (leases_are_selected(selected, said->members[i].value) && is_of_protocol(text_of(protocol), said->members[i].value))
			value_add(arena, rows, said->members[i].value);
	leases_answer(call, rows, said, with_stats ? count_leases(arena, said) : NULL);
}

static void
search_leases4(struct call *call)
{
	search_leases(call, "kea4", true);
}

static void
search_leases6(struct call *call)
{
	search_leases(call, "kea6", true);
}

static void
search_dnsmasq(struct call *call)
{
	search_leases(call, "dnsmasq", false);
}

static void
del_lease(struct call *call)
{
	struct text   addresses = call_param(call, 0), address;
	scoped_buffer message = BUFFER_NONE;

	if (addresses.len == 0) {
		answer_begin(call, 200, TYPE_JSON);
		json_object(&call->json);
		json_put_string(&call->json, "status", "error");
		json_put_string(&call->json, "message", "No address was named.");
		json_object_end(&call->json);
		return;
	}
	while (text_next(&addresses, ",", &address))
		if (!topic_ask(call->request, &message, "dhcp.release", "address",
			       arena_copy(call->request->arena, address), NULL)) {
			answer_refusal(call, "Lease", "%s", buffer_string(&message));
			return;
		}
	answer_word(call, "status", "ok");
}

/* --- relays --------------------------------------------------------------------------------- */

/* A relay is a process of its own. */
static const char *
relay_status(struct call *call, const struct value *row)
{
	struct arena       *arena = call->request->arena;
	scoped_buffer       message = BUFFER_NONE;
	const char         *uuid = value_as_string(arena, value_get(row, "uuid"));
	const struct value *said, *enabled = value_get(row, "enabled"), *running;

	if (!value_is(enabled, VALUE_TEXT) || !text_is(enabled->text, "1"))
		return "grey";
	said = topic_ask(call->request, &message, "service.status", "name", arena_print(arena, "dhcrelay@%s", uuid), NULL);
	running = value_get(said, "running");
	return value_is(running, VALUE_BOOL) && running->truth ? "green" : "red";
}

static void
search_relays(struct call *call)
{
	struct arena       *arena = call->request->arena;
	struct value       *answer = NULL;
	const struct value *rows;

	regular_search(call);
	if (json_read(arena, buffer_text(&call->request->reply.body), NULL, &answer, NULL) != RESULT_DONE)
		return;
	rows = value_get(answer, "rows");
	for (size_t i = 0; i < value_count(rows); i++)
		value_set_string(arena, rows->members[i].value, "status", relay_status(call, rows->members[i].value));
	answer_value(call, answer);
}

/* --- tags ----------------------------------------------------------------------------------- */

static struct value *
tag_group(struct call *call, const char *label, const char *icon)
{
	struct value *group = value_object(call->request->arena);

	value_set_string(call->request->arena, group, "label", label);
	value_set_string(call->request->arena, group, "icon", icon);
	return group;
}

static void
add_item(struct arena *arena, struct value *items, const char *value, const char *label)
{
	struct value *item = value_object(arena);

	value_set_string(arena, item, "value", value);
	value_set_string(arena, item, "label", label);
	value_add(arena, items, item);
}

static void
get_tag_list(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct view        view = call_view(call, NULL);
	const struct collection *tags = snapshot_named(view.snapshot, "dnsmasq.tag");
	size_t                   count;
	const struct interface  *interfaces = interfaces_list(&view, &count);
	struct text             *labels = ARENA_MAKE(arena, struct text, count + 1);
	struct value            *answer = value_object(arena), *items = value_list(arena), *names = value_list(arena);
	struct value            *first = tag_group(call, "Tags", "fa fa-tag text-primary");
	struct value            *second = tag_group(call, "Interfaces", "fa fa-ethernet text-info");
	size_t                   n = 0;

	for (size_t i = 0; i < collection_count(tags); i++)
		add_item(arena, items, collection_at(tags, i)->uuid, record_get(collection_at(tags, i), "tag"));
	for (size_t i = 0; i < count; i++)
		if (!interfaces[i].group)
			labels[n++] = text_of(interfaces[i].label);
	names_sort(labels, n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < count; j++)
			if (!interfaces[j].group && labels[i].ptr == interfaces[j].label)
				add_item(arena, names, interfaces[j].key, interfaces[j].label);
	value_set(arena, first, "items", items);
	value_set(arena, second, "items", names);
	value_set(arena, answer, "tags", first);
	value_set(arena, answer, "interfaces", second);
	answer_value(call, answer);
}

/* clang-format off */
static const struct twist reservation_file4 = { .prepare = find_subnet, .key = "hw_address", .without = "subnet" };
static const struct twist reservation_file6 = { .prepare = find_subnet, .key = "duid", .without = "subnet" };
static const struct twist host_file = { .key = "host,domain,ip" };

const struct action dhcp_actions[] = {
	{ "dhcrelay/settings/search_relay", KIND_SEARCH, .lane = LANE_SLOW, .handle = search_relays },
	{ "kea/dhcpv4/get_subnet", KIND_GET, .handle = get_subnet },
	{ "kea/dhcpv6/get_subnet", KIND_GET, .handle = get_subnet },
	{ "kea/dhcpv4/download_reservations", KIND_CSV_DOWNLOAD, .handle = regular_download,
	  .resource = "kea.reservation4", .twist = &reservation_file4 },
	{ "kea/dhcpv4/upload_reservations", KIND_CSV_UPLOAD, .lane = LANE_COMMIT, .handle = regular_upload,
	  .resource = "kea.reservation4", .twist = &reservation_file4 },
	{ "kea/dhcpv6/download_reservations", KIND_CSV_DOWNLOAD, .handle = regular_download,
	  .resource = "kea.reservation6", .twist = &reservation_file6 },
	{ "kea/dhcpv6/upload_reservations", KIND_CSV_UPLOAD, .lane = LANE_COMMIT, .handle = regular_upload,
	  .resource = "kea.reservation6", .twist = &reservation_file6 },
	{ "kea/leases4/search", KIND_GRID, .lane = LANE_SLOW, .handle = search_leases4 },
	{ "kea/leases6/search", KIND_GRID, .lane = LANE_SLOW, .handle = search_leases6 },
	{ "kea/leases4/del_lease", KIND_ACTION, .lane = LANE_APPLY, .handle = del_lease },
	{ "kea/leases6/del_lease", KIND_ACTION, .lane = LANE_APPLY, .handle = del_lease },
	{ "dnsmasq/leases/search", KIND_GRID, .lane = LANE_SLOW, .handle = search_dnsmasq },
	{ "dnsmasq/settings/get_tag_list", KIND_QUERY, .handle = get_tag_list },
	{ "dnsmasq/settings/download_hosts", KIND_CSV_DOWNLOAD, .handle = regular_download,
	  .resource = "dnsmasq.host", .twist = &host_file },
	{ "dnsmasq/settings/upload_hosts", KIND_CSV_UPLOAD, .lane = LANE_COMMIT, .handle = regular_upload,
	  .resource = "dnsmasq.host", .twist = &host_file },
	{ NULL },
};
/* clang-format on */
