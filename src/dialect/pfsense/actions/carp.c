/* CARP: who has the addresses, and whether this box is to have them. */
#include "dialect/pfsense/actions/actions.h"

#include "dialect/pfsense/actions/ask.h"
#include "dialect/pfsense/coerce.h"

/* What is not sent counts as false. */
static bool
is_sent_on(const struct scope *scope, const char *member)
{
	const struct value *value = value_get(scope->input, member);

	return value_is(value, VALUE_BOOL) && value->truth;
}

static const char *
lower(struct arena *arena, const char *word)
{
	char *copy = arena_copy(arena, text_of(word));

	for (char *at = copy; *at; at++)
		*at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
	return copy;
}

unsigned
carp_put(struct scope *scope)
{
	struct record *after = record_copy(scope->arena, snapshot_single(scope->request->snapshot, "interfaces.carp"));

	record_set(after, "maintenance", is_sent_on(scope, "maintenance_mode") ? "1" : "0");
	record_set(after, "disabled", is_sent_on(scope, "enable") ? "0" : "1");
	change_put(scope->request->change, after);
	return 0;
}

void
act_carp_put(struct scope *scope, struct outcome *outcome)
{
	static const char *const members[] = { "enable", "maintenance_mode" };

	outcome->data = value_object(scope->arena);
	for (size_t i = 0; i < COUNT(members); i++)
		if (!is_none(value_get(scope->input, members[i])))
			value_set(scope->arena, outcome->data, members[i], value_bool(scope->arena, is_sent_on(scope, members[i])));
}

void
act_carp(struct scope *scope, struct outcome *outcome)
{
	static const char *const members[][2] = {
		{ "interface", "identifier" }, { "vhid", "vhid" }, { "subnet", "subnet" }, { "subnet_bits", "subnet_bits" },
	};
	const struct record *state = snapshot_single(scope->request->snapshot, "interfaces.carp");
	struct value        *mode = value_object(scope->arena);

	value_set_string(scope->arena, mode, "mode", "carp");
	const struct value *rows = value_get(ask_box(scope, "vips.status", mode, outcome), "rows");
	struct value       *interfaces = value_list(scope->arena);

	if (!rows)
		return;
	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *row = rows->members[i].value;
		struct value       *one = value_object(scope->arena);

		for (size_t j = 0; j < COUNT(members); j++)
			value_set_string(scope->arena, one, members[j][0], to_string(scope->arena, value_get(row, members[j][1])));
		value_set_string(scope->arena, one, "status", lower(scope->arena, to_string(scope->arena, value_get(row, "status"))));
		value_add(scope->arena, interfaces, one);
	}
	outcome->data = value_object(scope->arena);
	value_set(scope->arena, outcome->data, "enable", value_bool(scope->arena, !record_bool(state, "disabled")));
	value_set(scope->arena, outcome->data, "maintenance_mode", value_bool(scope->arena, record_bool(state, "maintenance")));
	value_set(scope->arena, outcome->data, "interfaces", interfaces);
}
