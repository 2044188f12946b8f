/* Connections and what rules have counted. What a connection belongs to is in its mark: the index of a rule. */
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "proc/ask/ask.h"
#include "wire/states.h"
#include "wire/tables.h"

#define MARK_RULE      0x0000ffffU
#define STATES_PRESET  10000 /* in one answer, when nobody says */

/* --- Which ones ------------------------------------------------------------------------------ */

static bool
read_prefix(struct asking *asking, const char *name, struct prefix *out, enum result *result)
{
	const char *text = asked_text(asking, name);

	if (!text[0] || strcmp(text, "any") == 0)
		return true;
	if (prefix_read(text_of(text), out))
		return true;
	*result = asked_wrong(asking, RESULT_INVALID, "%s is neither an address nor a network", text);
	return false;
}

static bool
read_port(struct asking *asking, const char *name, uint16_t *out, enum result *result)
{
	const char *text = asked_text(asking, name);
	int64_t     port = 0;

	if (text[0] && !number_read(text_of(text), 0, 65535, &port)) {
		*result = asked_wrong(asking, RESULT_INVALID, "%s is not a port", text);
		return false;
	}
	*out = (uint16_t)port;
	return true;
}

static bool
read_protocol(struct asking *asking, uint8_t *out, enum result *result)
{
	static const struct {
		const char *name;
		uint8_t     number;
	} names[] = { { "", 0 }, { "icmp", 1 }, { "tcp", 6 }, { "udp", 17 }, { "ipv6-icmp", 58 }, { "sctp", 132 } };
	const char *text = asked_text(asking, "protocol");
	int64_t     number;

	for (size_t i = 0; i < COUNT(names); i++)
		if (text_equal_any_case(text_of(text), text_of(names[i].name))) {
			*out = names[i].number;
			return true;
		}
	if (number_read(text_of(text), 1, 255, &number)) {
		*out = (uint8_t)number;
		return true;
	}
	*result = asked_wrong(asking, RESULT_INVALID, "%s is no protocol", text);
	return false;
}

/* A rule by its uuid. One that never let anything in has no connections. */
static bool
read_rule(struct asking *asking, struct state_filter *out)
{
	const char *rule = asked_text(asking, "rule");

	if (!rule[0])
		return true;
	out->mask = MARK_RULE;
	out->mark = filter_cache_index(asking->box->cache, rule);
	return out->mark != 0;
}

/* "<id>/<whatever>", as states.list gives it: the first part is hexadecimal. */
static void
read_id(const struct asking *asking, struct state_filter *out)
{
	const char *text = asked_text(asking, "id");

	for (; *text && *text != '/'; text++) {
		const char c = (char)(*text | 32);

		out->id = out->id << 4 | (uint32_t)(c >= 'a' && c <= 'f' ? c - 'a' + 10 : *text & 15);
	}
}

/* MISSING: nothing can match. */
static enum result
read_filter(struct asking *asking, struct state_filter *out)
{
	enum result result = RESULT_DONE;

	*out = (struct state_filter){ 0 };
	read_id(asking, out);
	if (!read_prefix(asking, "source", &out->source, &result) ||
	    !read_prefix(asking, "destination", &out->destination, &result) ||
	    !read_prefix(asking, "address", &out->either, &result) ||
	    !read_port(asking, "source_port", &out->source_port, &result) ||
	    !read_port(asking, "destination_port", &out->destination_port, &result) ||
	    !read_protocol(asking, &out->protocol, &result))
		return result;
	return read_rule(asking, out) ? RESULT_DONE : RESULT_MISSING;
}

/* --- As text ----------------------------------------------------------------------------------- */

const char *
state_progress(const struct state *state)
{
	static const char *const tcp[] = {
		"CLOSED:CLOSED", "SYN_SENT:CLOSED", "SYN_SENT:ESTABLISHED", "ESTABLISHED:ESTABLISHED", "FIN_WAIT_2:ESTABLISHED",
		"ESTABLISHED:CLOSE_WAIT", "CLOSING:FIN_WAIT_2", "TIME_WAIT:TIME_WAIT", "CLOSED:CLOSED", "SYN_SENT:SYN_SENT",
	};

	if (state->protocol == 6)
		return tcp[state->progress < COUNT(tcp) ? state->progress : 0];
	if (state->protocol == 1 || state->protocol == 58)
		return "0:0";
	return !state->replied ? "SINGLE:NO_TRAFFIC" : state->assured ? "MULTIPLE:MULTIPLE" : "MULTIPLE:SINGLE";
}

const char *
state_protocol(struct arena *arena, uint8_t protocol)
{
	switch (protocol) {
	case 1:
		return "icmp";
	case 6:
		return "tcp";
	case 17:
		return "udp";
	case 58:
		return "ipv6-icmp";
	default:
		return arena_print(arena, "%u", protocol);
	}
}

static const char *
clock_text(struct arena *arena, uint32_t seconds)
{
	return arena_print(arena, "%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

const struct filter_interface *
state_interface(const struct filter *filter, const struct state *state, bool *is_out)
{
	const struct filter_interface *wan = NULL;

	*is_out = false;
	for (size_t i = 0; filter && i < filter->ninterfaces; i++) {
		const struct filter_interface *one = &filter->interfaces[i];

		if (!wan && one->is_wan)
			wan = one;
		for (size_t k = 0; k < one->naddresses; k++) {
			if (address_compare(&one->addresses[k].prefix.address, &state->source.address) == 0)
				*is_out = true;
			else if (prefix_covers(&one->addresses[k].prefix, &state->source.address))
				return one;
		}
	}
	return wan;
}

static struct value *
pair(struct arena *arena, const uint64_t *numbers)
{
	struct value *list = value_list(arena);

	value_add(arena, list, value_integer(arena, (int64_t)numbers[0]));
	value_add(arena, list, value_integer(arena, (int64_t)numbers[1]));
	return list;
}

static void
put_end(struct arena *arena, struct value *row, const char *address_name, const char *port_name, const struct state_end *end)
{
	value_set_string(arena, row, address_name, address_print(arena, &end->address));
	value_set_string(arena, row, port_name, arena_print(arena, "%u", end->port));
}

const struct state_end *
state_translated(const struct state *state)
{
	if (address_compare(&state->source.address, &state->reply_destination.address) != 0 ||
	    (state->protocol != 1 && state->protocol != 58 && state->source.port != state->reply_destination.port))
		return &state->reply_destination;
	return address_compare(&state->destination.address, &state->reply_source.address) != 0 ? &state->reply_source : NULL;
}

static void
put_translation(struct arena *arena, struct value *row, const struct state *state)
{
	const struct state_end *end = state_translated(state);

	value_set(arena, row, "nat_addr", value_null(arena));
	value_set(arena, row, "nat_port", value_null(arena));
	if (end)
		put_end(arena, row, "nat_addr", "nat_port", end);
}

struct value *
state_row(struct asking *asking, const struct state *state, const struct map *labels)
{
	struct arena                  *arena = asking->arena;
	struct value                  *row = value_object(arena);
	const char                    *uuid = filter_cache_uuid(asking->box->cache, state->mark & MARK_RULE);
	bool                           is_out;
	const struct filter_interface *interface = state_interface(asking->box->filter, state, &is_out);

	value_set_string(arena, row, "id", arena_print(arena, "%08x/0", state->id));
	value_set_string(arena, row, "iface", interface ? interface->device : "all");
	value_set_string(arena, row, "interface", interface ? interface->name : "all");
	value_set_string(arena, row, "proto", state_protocol(arena, state->protocol));
	value_set_string(arena, row, "ipproto", state->source.address.family == FAMILY_INET6 ? "ipv6" : "ipv4");
	value_set_string(arena, row, "direction", is_out ? "out" : "in");
	put_end(arena, row, "src_addr", "src_port", &state->source);
	put_end(arena, row, "dst_addr", "dst_port", &state->destination);
	put_translation(arena, row, state);
	value_set(arena, row, "gateway", value_null(arena));
	value_set_string(arena, row, "state", state_progress(state));
	value_set_string(arena, row, "age", clock_text(arena, state->age));
	value_set_string(arena, row, "expires", clock_text(arena, state->left));
	value_set(arena, row, "pkts", pair(arena, state->packets));
	value_set(arena, row, "bytes", pair(arena, state->bytes));
	value_set_string(arena, row, "label", uuid ? uuid : "");
	value_set_string(arena, row, "descr", rule_label(labels, uuid));
	value_set(arena, row, "flags", value_list(arena));
	return row;
}

/* --- Topics --------------------------------------------------------------------------------------- */

enum result
topic_states(struct asking *asking, struct value **answer)
{
	struct state_filter filter;
	enum result         result = read_filter(asking, &filter);
	scoped_sealed       mapped = TEXT_NONE;
	struct writer       order;
	struct states       states;
	int64_t             limit = STATES_PRESET;
	const char         *interface = asked_text(asking, "interface");

	*answer = value_list(asking->arena);
	if (result != RESULT_DONE)
		return result == RESULT_MISSING ? RESULT_DONE : result;
	number_read(text_of(asked_text(asking, "limit")), 1, STATES_MAX, &limit);
	writer_init(&order);
	put_state_filter(&order, &filter);
	put_u32(&order, (uint32_t)limit);
	result = asked_sealed(asking, ORDER_STATES, &order, STATES_BYTES_MAX, &mapped);
	if (result != RESULT_DONE)
		return result;
	if (!states_decode(asking->arena, mapped, &states))
		return asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
	const struct map *labels = rule_labels(asking);

	for (size_t i = 0; i < states.n; i++) {
		struct value *row = state_row(asking, &states.states[i], labels);

		if (!interface[0] || text_is(value_get(row, "interface")->text, interface) ||
		    text_is(value_get(row, "iface")->text, interface))
			value_add(asking->arena, *answer, row);
	}
	return RESULT_DONE;
}

enum result
topic_states_count(struct asking *asking, struct value **answer)
{
	scoped_message reply;

	message_init(&reply);
	const enum result result = asked_order(asking, ORDER_COUNT_STATES, NULL, &reply);

	if (result != RESULT_DONE)
		return result;
	struct reader in = message_reader(&reply);

	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "current", value_integer(asking->arena, get_i64(&in)));
	value_set(asking->arena, *answer, "limit", value_integer(asking->arena, get_i64(&in)));
	return RESULT_DONE;
}

static enum result
kill_states(struct asking *asking, const struct state_filter *filter, struct value **answer)
{
	struct writer  order;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_bool(&order, state_filter_is_empty(filter));
	put_state_filter(&order, filter);
	const enum result result = asked_order(asking, ORDER_KILL_STATES, &order, &reply);

	if (result != RESULT_DONE)
		return result;
	struct reader in = message_reader(&reply);

	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "killed", value_integer(asking->arena, get_i64(&in)));
	return RESULT_DONE;
}

enum result
topic_states_kill(struct asking *asking, struct value **answer)
{
	const struct value *all = value_get(asking->argument, "all");
	struct state_filter filter;
	enum result         result = read_filter(asking, &filter);

	if (result == RESULT_MISSING) {
		*answer = value_object(asking->arena);
		value_set(asking->arena, *answer, "killed", value_integer(asking->arena, 0));
		return RESULT_DONE;
	}
	if (result != RESULT_DONE)
		return result;
	if (state_filter_is_empty(&filter) && !(value_is(all, VALUE_BOOL) && all->truth))
		return asked_wrong(asking, RESULT_INVALID, "which connections?");
	return kill_states(asking, &filter, answer);
}

enum result
topic_states_reset(struct asking *asking, struct value **answer)
{
	return kill_states(asking, &(struct state_filter){ 0 }, answer);
}

/* --- Counters ---------------------------------------------------------------------------------------- */

/*
 * pf also counts how often a rule was looked at; nftables does not: it is at least as often as it matched.
 */
static struct value *
count_row(struct asking *asking, const struct rule_count *count)
{
	const struct {
		const char *name;
		uint64_t    number;
	} members[] = {
		{ "pf_rules", 1 },          { "evaluations", count->packets }, { "packets", count->packets },
		{ "bytes", count->bytes },  { "states", count->states },       { "inserted", (uint64_t)asking->box->applied_at },
	};
	struct value *row = value_object(asking->arena);

	for (size_t i = 0; i < COUNT(members); i++)
		value_set(asking->arena, row, members[i].name, value_integer(asking->arena, (int64_t)members[i].number));
	return row;
}

enum result
topic_counters(struct asking *asking, struct value **answer)
{
	scoped_sealed      mapped = TEXT_NONE;
	struct rule_counts counts;
	const enum result  result = asked_sealed(asking, ORDER_COUNT_RULES, NULL, RULE_COUNTS_MAX * 32ULL, &mapped);

	if (result != RESULT_DONE)
		return result;
	if (!rule_counts_decode(asking->arena, mapped, &counts))
		return asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
	*answer = value_object(asking->arena);
	for (size_t i = 0; i < counts.n; i++) {
		const char *uuid = filter_cache_uuid(asking->box->cache, counts.counts[i].index);

		if (uuid)
			value_set_text(asking->arena, *answer, text_of(uuid), count_row(asking, &counts.counts[i]));
	}
	return RESULT_DONE;
}
