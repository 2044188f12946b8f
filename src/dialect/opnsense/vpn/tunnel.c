/*
 * ipsec/tunnel: tunnels of the older kind. They are not made here any more, but shown, switched and removed. A phase 1
 * is known by its ikeid, a phase 2 by its place among all.
 */
#include <string.h>

#include "api/topics.h"
#include "base/number.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/modules/services.h"
#include "dialect/opnsense/tables.h"
#include "dialect/opnsense/vpn/ipsec.h"

static const struct collection *
phases(const struct call *call, int which)
{
	return snapshot_named(call->request->snapshot, which == 1 ? "ipsec.phase1" : "ipsec.phase2");
}

/* --- showing -------------------------------------------------------------------------------- */

static const char *
words_of(struct arena *arena, const char *text, const char *separator)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   rest = text_of(text), one;

	while (text_next(&rest, ",", &one))
		buffer_print(&out, "%s%.*s", out.len ? separator : "", TEXT_ARGS(one));
	return arena_copy(arena, buffer_text(&out));
}

/* "aes256 + sha256 + DH Group 14"; of several lines one behind the other. */
static const char *
proposal_of(struct arena *arena, const struct record *phase)
{
	struct text   rest = record_text(phase, "proposals"), line;
	scoped_buffer out = BUFFER_NONE;

	if (rest.len == 0 && record_has(phase, "encryption-algorithm.name"))
		return arena_print(arena, "%s%s + %s + DH Group %s", record_get(phase, "encryption-algorithm.name"),
				   record_get(phase, "encryption-algorithm.keylen"),
				   words_of(arena, record_get(phase, "hash-algorithm"), ", "),
				   words_of(arena, record_get(phase, "dhgroup"), ", "));
	while (text_next(&rest, "\n", &line)) {
		const struct text cipher = text_until(&line, '|'), hash = text_until(&line, '|');
		const struct text group = text_until(&line, '|');

		buffer_print(&out, "%s%.*s + %.*s + DH Group %.*s", out.len ? "; " : "", TEXT_ARGS(cipher), TEXT_ARGS(hash),
			     TEXT_ARGS(group));
	}
	return arena_copy(arena, buffer_text(&out));
}

static const char *
kind_of(const struct record *phase)
{
	const char *kind = record_get(phase, "iketype");

	return strcmp(kind, "ikev1") == 0 ? "V1" : strcmp(kind, "ikev2") == 0 ? "V2" : "Auto";
}

static const char *
interface_of(const struct call *call, const struct record *phase)
{
	const struct record *interface = collection_find(snapshot_named(call->request->snapshot, "interfaces.interface"),
							 record_text(phase, "interface"));
	const char          *name = interface ? record_get(interface, "descr") : "";

	return name[0] ? name : record_get(phase, "interface");
}

static void
search_phase1(struct call *call)
{
	struct arena *arena = call->request->arena;
	struct value *rows = value_list(arena);

	for (size_t i = 0; i < collection_count(phases(call, 1)); i++) {
		const struct record *phase = collection_at(phases(call, 1), i);
		const bool           is_six = strcmp(record_get(phase, "protocol"), "inet6") == 0;
		struct value        *row = value_object(arena);

		value_set(arena, row, "id", value_integer(arena, record_number(phase, "ikeid", 0)));
		value_set(arena, row, "seqid", value_integer(arena, (int64_t)i));
		value_set_string(arena, row, "enabled", record_bool(phase, "disabled") ? "0" : "1");
		value_set_string(arena, row, "protocol", is_six ? "IPv6" : "IPv4");
		value_set_string(arena, row, "iketype", kind_of(phase));
		value_set_string(arena, row, "interface", interface_of(call, phase));
		value_set_string(arena, row, "remote_gateway", record_get(phase, "remote-gateway"));
		value_set(arena, row, "mobile", value_bool(arena, record_bool(phase, "mobile")));
		value_set_string(arena, row, "mode", record_get(phase, "mode"));
		value_set_string(arena, row, "proposal", proposal_of(arena, phase));
		value_set_string(arena, row, "authentication", record_get(phase, "authentication_method"));
		value_set_string(arena, row, "description", record_get(phase, "descr"));
		value_add(arena, rows, row);
	}
	grid_answer(call, rows, 9999);
}

static const char *
network_of(struct arena *arena, const struct record *phase, const char *end)
{
	const char *type = record_get(phase, arena_print(arena, "%s.type", end));
	const char *address = record_get(phase, arena_print(arena, "%s.address", end));

	if (strcmp(type, "network") == 0)
		return arena_print(arena, "%s/%s", address, record_get(phase, arena_print(arena, "%s.netbits", end)));
	return strcmp(type, "address") == 0 ? address : type;
}

static void
search_phase2(struct call *call)
{
	struct arena *arena = call->request->arena;
	struct value *rows = value_list(arena);
	const char   *wanted = value_as_string(arena, value_get(call->input, "ikeid"));

	for (size_t i = 0; i < collection_count(phases(call, 2)); i++) {
		const struct record *phase = collection_at(phases(call, 2), i);
		struct value        *row = value_object(arena);

		if (!wanted || strcmp(record_get(phase, "ikeid"), wanted) != 0)
			continue;
		value_set(arena, row, "id", value_integer(arena, (int64_t)i));
		value_set_string(arena, row, "uniqid", record_get(phase, "uniqid"));
		value_set(arena, row, "ikeid", value_integer(arena, record_number(phase, "ikeid", 0)));
		value_set_string(arena, row, "reqid", record_get(phase, "reqid"));
		value_set_string(arena, row, "enabled", record_bool(phase, "disabled") ? "0" : "1");
		value_set_string(arena, row, "protocol", strcmp(record_get(phase, "protocol"), "ah") == 0 ? "AH" : "ESP");
		value_set_string(arena, row, "mode", record_get(phase, "mode"));
		value_set_string(arena, row, "local_subnet", network_of(arena, phase, "localid"));
		value_set_string(arena, row, "remote_subnet", network_of(arena, phase, "remoteid"));
		value_set_string(arena, row, "proposal",
				 arena_print(arena, "%s + %s + DH Group %s",
					     words_of(arena, record_get(phase, "encryption-algorithm-option"), ", "),
					     words_of(arena, record_get(phase, "hash-algorithm-option"), ", "),
					     record_get(phase, "pfsgroup")));
		value_set_string(arena, row, "description", record_get(phase, "descr"));
		value_add(arena, rows, row);
	}
	grid_answer(call, rows, 9999);
}

/* --- changing ------------------------------------------------------------------------------- */

/* The phase that a parameter names; NULL: none. */
static const struct record *
find_phase(const struct call *call, int which)
{
	const struct collection *all = phases(call, which);
	int64_t                  number;

	if (!number_read(call_param(call, 0), 0, INT32_MAX, &number))
		return NULL;
	if (which == 2)
		return (size_t)number < collection_count(all) ? collection_at(all, (size_t)number) : NULL;
	return collection_where(all, "ikeid", text_of(arena_print(call->request->arena, "%lld", (long long)number)));
}

static void
keep(struct call *call)
{
	call->request->keep = call->request->always = true;
}

static void
toggle_phase(struct call *call, int which)
{
	const struct record *phase = find_phase(call, which);
	const struct text    wanted = call_param(call, 1);

	if (!phase) {
		answer_word(call, "status", "not_found");
		return;
	}
	struct record *after = record_copy(call->request->arena, phase);
	const bool     disabled = wanted.len ? !text_is(wanted, "1") : !record_bool(phase, "disabled");

	record_set(after, "disabled", disabled ? "1" : "0");
	change_put(call->request->change, after);
	keep(call);
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "ok");
	json_put_bool(&call->json, "disabled", disabled);
	json_object_end(&call->json);
}

static void
toggle_phase1(struct call *call)
{
	toggle_phase(call, 1);
}

static void
toggle_phase2(struct call *call)
{
	toggle_phase(call, 2);
}

/* All phases with an ikeid; gives how many it were. */
static size_t
remove_all(struct call *call, int which, const char *ikeid)
{
	size_t gone = 0;

	for (size_t i = collection_count(phases(call, which)); i-- > 0;) {
		const struct record *phase = collection_at(phases(call, which), i);

		if (strcmp(record_get(phase, "ikeid"), ikeid) != 0)
			continue;
		change_remove(call->request->change, phase->resource, text_of(phase->uuid));
		gone++;
	}
	return gone;
}

static void
del_phase1(struct call *call)
{
	const struct record *phase = find_phase(call, 1);
	const char          *ikeid = phase ? arena_copy(call->request->arena, record_text(phase, "ikeid")) : "";
	const size_t         first = phase ? remove_all(call, 1, ikeid) : 0;
	const size_t         second = phase ? remove_all(call, 2, ikeid) : 0;

	if (phase)
		keep(call);
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "ok");
	json_put_number(&call->json, "phase1count", (int64_t)first);
	json_put_number(&call->json, "phase2count", (int64_t)second);
	json_object_end(&call->json);
}

static void
del_phase2(struct call *call)
{
	const struct record *phase = find_phase(call, 2);

	if (phase) {
		change_remove(call->request->change, phase->resource, text_of(phase->uuid));
		keep(call);
	}
	answer_word(call, "status", phase ? "ok" : "not_found");
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
#define CHANGES(what, n, who) \
	{ "ipsec/tunnel/" what, KIND_ACTION, n, .lane = LANE_COMMIT, .handle = who, .refusal = FAILED }

const struct action vpn_tunnel_actions[] = {
	{ "ipsec/tunnel/search_phase1", KIND_GRID, .handle = search_phase1 },
	{ "ipsec/tunnel/search_phase2", KIND_GRID, .handle = search_phase2 },
	CHANGES("toggle", 0, ipsec_toggle), CHANGES("toggle_phase1", 1, toggle_phase1), CHANGES("toggle_phase2", 1, toggle_phase2),
	CHANGES("del_phase1", 1, del_phase1), CHANGES("del_phase2", 1, del_phase2),
	{ "ipsec/legacy_subsystem/apply_config", KIND_ACTION, .lane = LANE_APPLY, .parts = PART_VPN_IPSEC, .handle = reconfigure,
	  .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
