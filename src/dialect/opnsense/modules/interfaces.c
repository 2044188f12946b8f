/* Interfaces: virtual addresses, tunnel ends, assignments, what the machine has. */
#include <string.h>

#include "api/search.h"
#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/modules/services.h"
#include "dialect/opnsense/tables.h"
#include "json/read.h"
#include "schema/interfaces.h"

#define VHID_MAX 255

/* --- virtual addresses ---------------------------------------------------------------------- */

/* Address and bits are sent and shown as one field, so what is wrong with either is wrong with that, as a list. */
static void
explain_network(struct call *call, struct faults *faults)
{
	bool moved = false;

	(void)call;
	for (struct fault *fault = faults->first; fault; fault = fault->next) {
		if (strcmp(fault->field, "subnet") != 0 && strcmp(fault->field, "subnet_bits") != 0)
			continue;
		fault->field = "network";
		if (!moved)
			faults_add(faults, "network", fault->kind, "%s", fault->message);
		moved = true;
	}
}

static bool
has_mode(const struct record *vip, void *context)
{
	const struct call  *call = context;
	const struct value *modes = value_get(call->input, "mode");

	for (size_t i = 0; i < value_count(modes); i++)
		if (value_is(modes->members[i].value, VALUE_TEXT) &&
		    text_is(modes->members[i].value->text, record_get(vip, "mode")))
			return true;
	return value_count(modes) == 0;
}

static void
get_unused_vhid(struct call *call)
{
	const struct collection *vips = snapshot_named(call->request->snapshot, "interfaces.vip");
	bool                     used[VHID_MAX + 1] = { false };
	int64_t                  vhid = 1;

	for (size_t i = 0; i < collection_count(vips); i++) {
		const int64_t number = record_number(collection_at(vips, i), "vhid", 0);

		if (number >= 1 && number <= VHID_MAX)
			used[number] = true;
	}
	while (vhid <= VHID_MAX && used[vhid])
		vhid++;
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	if (vhid <= VHID_MAX)
		json_put_number(&call->json, "vhid", vhid);
	json_put_string(&call->json, "status", vhid <= VHID_MAX ? "ok" : "not_found");
	json_object_end(&call->json);
}

/* --- tunnel ends ---------------------------------------------------------------------------- */

static struct value *
vips_of(struct call *call, const char *mode)
{
	struct arena            *arena = call->request->arena;
	const struct collection *vips = snapshot_named(call->request->snapshot, "interfaces.vip");
	struct value            *items = value_object(arena);

	for (size_t i = 0; i < collection_count(vips); i++) {
		const struct record *vip = collection_at(vips, i);
		const char          *address = record_get(vip, "subnet"), *descr = record_get(vip, "descr");

		if (strcmp(record_get(vip, "mode"), mode) == 0)
			value_set_string(arena, items, address,
					 descr[0] ? arena_print(arena, "%s (%s)", address, descr) : address);
	}
	return items;
}

static void
add_vips(struct call *call, struct value *answer, const char *mode, const char *title)
{
	struct arena *arena = call->request->arena;
	struct value *group = value_object(arena), *items = vips_of(call, mode);

	value_set_string(arena, group, "title", title);
	if (items->count)
		value_set(arena, group, "items", items);
	value_set(arena, answer, mode, group);
}

static void
get_if_options(struct call *call)
{
	struct arena           *arena = call->request->arena;
	const struct view       view = call_view(call, NULL);
	size_t                  count;
	const struct interface *interfaces = interfaces_list(&view, &count);
	struct value           *answer = value_object(arena), *single = value_object(arena);
	struct value           *group = value_object(arena), *items = value_object(arena);

	value_set_string(arena, single, "label", "Manual address");
	value_set(arena, answer, "single", single);
	for (size_t i = 0; i < count; i++)
		if (!interfaces[i].dynamic)
			value_set_string(arena, items, interfaces[i].key, interfaces[i].label);
	value_set(arena, group, "items", items);
	value_set_string(arena, group, "title", "Interfaces");
	value_set(arena, answer, "interfaces", group);
	add_vips(call, answer, "carp", "CARP");
	add_vips(call, answer, "ipalias", "IP Alias");
	answer_value(call, answer);
}

/* --- assignments ---------------------------------------------------------------------------- */

static bool
is_part_of(const struct snapshot *snapshot, const char *resource, const char *field, const char *key)
{
	const struct collection *records = snapshot_named(snapshot, resource);

	for (size_t i = 0; i < collection_count(records); i++) {
		struct text rest = record_text(collection_at(records, i), field), one;

		while (text_next(&rest, ",", &one))
			if (text_is(one, key))
				return true;
	}
	return false;
}

static bool
mark_pending(struct call *call, const struct record *before, struct record *interface, struct faults *faults)
{
	(void)call;
	(void)before;
	(void)faults;
	record_set(interface, "pending_action", "update");
	return true;
}

/* What was pending is now to be made true. */
static void
settle(struct call *call)
{
	for (size_t i = 0;; i++) {
		const struct collection *all = snapshot_collection(call->request->snapshot, call->route->resource);

		if (i >= collection_count(all))
			break;
		if (!record_has(collection_at(all, i), "pending_action"))
			continue;
		struct record *after = record_copy(call->request->arena, collection_at(all, i));

		record_set(after, "pending_action", "");
		change_put(call->request->change, after);
	}
	call->request->keep = true;
}

static bool
removing_interface(struct call *call, const struct record *interface)
{
	static const struct {
		const char *resource, *field, *what;
	} users[] = {
		{ "firewall.group", "members", "a group" },
		{ "interfaces.bridge", "members", "a bridge" },
		{ "interfaces.gre", "local-addr", "a GRE tunnel" },
		{ "interfaces.gif", "local-addr", "a GIF tunnel" },
	};

	/* A new one that was never applied goes as it came. */
	if (record_bool(interface, "lock") && !record_has(interface, "pending_action")) {
		answer_refusal(call, "Interface", "%s is locked.", record_get(interface, "descr"));
		return false;
	}
	for (size_t i = 0; i < COUNT(users); i++)
		if (is_part_of(call->request->snapshot, users[i].resource, users[i].field, interface->uuid)) {
			answer_refusal(call, "Interface", "%s is part of %s and in use.", record_get(interface, "descr"),
				       users[i].what);
			return false;
		}
	return true;
}

/* --- what the machine has ------------------------------------------------------------------- */

static void
interfaces_info(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *rows = topic_ask(call->request, &message, "interfaces.overview", "details",
				       call->nparams ? call_param_string(call, 0) : "", NULL);

	if (rows)
		grid_answer(call, rows, 9999);
	else
		answer_refusal(call, "Interfaces", "%s", buffer_string(&message));
}

static void
export_info(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *rows = topic_ask(call->request, &message, "interfaces.overview", "details", "1", NULL);

	if (!rows) {
		answer_refusal(call, "Interfaces", "%s", buffer_string(&message));
		return;
	}
	answer_value(call, rows);
	call->request->reply.content_type = TYPE_FILE;
	reply_header(call->request, "Content-Disposition", "attachment; filename=\"ifconfig.json\"");
}

static void
get_interface(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	struct arena       *arena = call->request->arena;
	const struct value *rows = topic_ask(call->request, &message, "interfaces.overview", "details", "1", NULL);
	struct value       *answer = value_object(arena), *values = value_object(arena);

	value_set_string(arena, answer, "message", "failed");
	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *row = rows->members[i].value, *device = value_get(row, "device");

		if (!value_is(device, VALUE_TEXT) || !text_equal(device->text, call_param(call, 0)))
			continue;
		for (size_t j = 0; j < row->count; j++) {
			struct value *entry = value_object(arena);

			value_set(arena, entry, "value", row->members[j].value);
			value_set(arena, entry, "translation", value_text(arena, row->members[j].name));
			value_set_text(arena, values, row->members[j].name, entry);
		}
		value_set(arena, answer, "message", values);
	}
	answer_value(call, answer);
}

static void
reload_interface(struct call *call)
{
	const struct view view = call_view(call, NULL);
	scoped_buffer     said = BUFFER_NONE;
	const char       *message = "failed";

	if (!interfaces_find(&view, call_param(call, 0))) {
		answer_word(call, "message", "failed");
		return;
	}
	enum result result = topic_apply(call->request, PART_INTERFACES | PART_ROUTING, &message);

	if (result == RESULT_DONE &&
	    !topic_ask(call->request, &said, "interfaces.renew", "interface", call_param_string(call, 0), NULL)) {
		result = RESULT_FAILED;
		message = arena_copy(call->request->arena, buffer_text(&said));
	}
	answer_word(call, "message", message[0] ? message : result == RESULT_DONE ? "OK" : result_word(result));
}

static void
get_interface_names(struct call *call)
{
	struct arena           *arena = call->request->arena;
	const struct view       view = call_view(call, NULL);
	size_t                  count;
	const struct interface *interfaces = interfaces_list(&view, &count);
	struct value           *answer = value_object(arena);

	for (size_t i = 0; i < count; i++)
		if (!interfaces[i].group)
			value_set_string(arena, answer, interface_property(&interfaces[i], "if", &view),
					 interfaces[i].label);
	answer_value(call, answer);
}

static void
put_duids(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *duids = topic_ask(call->request, &message, "interfaces.duids", NULL), *answer = NULL;
	struct arena *arena = call->request->arena;

	regular_model_get(call);
	if (json_read(arena, buffer_text(&call->request->reply.body), NULL, &answer, NULL) != RESULT_DONE)
		return;
	value_set(arena, answer, "duids", duids ? duids : value_null(arena));
	answer_value(call, answer);
}

/* clang-format off */
static const struct twist vip_twist = {
	.explain = explain_network, .wanted = has_mode, .hide_get = "subnet,subnet_bits", .hide_row = "network",
};
static const struct twist assignment_twist = {
	.removing = removing_interface, .prepare = mark_pending,
};

const struct action interfaces_actions[] = {
	{ "interfaces/vip_settings/get_item", KIND_GET, .twist = &vip_twist },
	{ "interfaces/vip_settings/search_item", KIND_SEARCH, .twist = &vip_twist },
	{ "interfaces/vip_settings/add_item", KIND_ADD, .twist = &vip_twist },
	{ "interfaces/vip_settings/set_item", KIND_SET, .twist = &vip_twist },
	{ "interfaces/vip_settings/get_unused_vhid", KIND_QUERY, .handle = get_unused_vhid },
	{ "interfaces/gif_settings/get_if_options", KIND_QUERY, .methods = GETS, .handle = get_if_options },
	{ "interfaces/gre_settings/get_if_options", KIND_QUERY, .methods = GETS, .handle = get_if_options },
	{ "interfaces/assignment/add_item", KIND_ADD, .twist = &assignment_twist },
	{ "interfaces/assignment/set_item", KIND_SET, .twist = &assignment_twist },
	{ "interfaces/assignment/del_item", KIND_DELETE, .twist = &assignment_twist },
	{ "interfaces/assignment/reconfigure", KIND_RECONFIGURE, .lane = LANE_COMMIT, .handle = settle,
	  .finish = reconfigure, .resource = "interfaces.interface" },
	{ "interfaces/settings/get", KIND_MODEL_GET, .lane = LANE_SLOW, .handle = put_duids },
	{ "interfaces/overview/interfaces_info", KIND_GRID, .lane = LANE_SLOW, .handle = interfaces_info },
	{ "interfaces/overview/export", KIND_DOWNLOAD, .lane = LANE_SLOW, .handle = export_info },
	{ "interfaces/overview/get_interface", KIND_QUERY, .lane = LANE_SLOW, .handle = get_interface },
	{ "interfaces/overview/reload_interface", KIND_ACTION, .lane = LANE_APPLY, .handle = reload_interface },
	{ "diagnostics/interface/get_interface_names", KIND_QUERY, .handle = get_interface_names },
	{ NULL },
};
/* clang-format on */
