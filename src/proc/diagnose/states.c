/*
 * Connections found by words, a page at a time. Words are held against connections as numbers where they are addresses;
 * only what is shown, or searched for words, becomes text.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "proc/diagnose/diagnose.h"
#include "wire/bulk.h"

#define SEARCHED_MAX 250000 /* connections that are looked at */
#define MARK_RULE    0x0000ffffU

struct found {
	struct states     states;
	const struct map *labels;
	const uint32_t   *which; /* indexes into the states */
	size_t            n;
};

/* --- Finding ------------------------------------------------------------------------------------------ */

static const char *
uuid_of(const struct asking *asking, const struct state *state)
{
	const char *uuid = filter_cache_uuid(asking->box->cache, state->mark & MARK_RULE);

	return uuid ? uuid : "";
}

/* A uuid that has lost its dashes gets them back. */
static const char *
rule_asked(const struct asking *asking)
{
	const char *rule = asked_text(asking, "rule");

	if (strlen(rule) != 32 || strchr(rule, '-') || strchr(rule, '_'))
		return rule;
	return arena_print(asking->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", rule, rule + 8, rule + 12, rule + 16, rule + 20);
}

/* All that words are looked for in. */
static void
put_shown(struct asking *asking, const struct state *state, const struct map *labels, struct buffer *out)
{
	bool                           is_out;
	const struct filter_interface *interface = state_interface(asking->box->filter, state, &is_out);
	const struct state_end        *nat = state_translated(state);
	scoped_arena                   arena = arena_new_small(512);
	const char                    *uuid = uuid_of(asking, state);

	buffer_print(out, "%s %s %s %s %s %s:%u %s:%u %s %s %s %s", interface ? interface->device : "all",
		     interface ? interface->name : "all", state_protocol(arena, state->protocol),
		     state->source.address.family == FAMILY_INET6 ? "ipv6" : "ipv4", is_out ? "out" : "in",
		     address_print(arena, &state->source.address), state->source.port,
		     address_print(arena, &state->destination.address), state->destination.port,
		     nat ? address_print(arena, &nat->address) : "", state_progress(state), uuid, rule_label(labels, uuid));
}

static bool
has_words(const struct pick *pick)
{
	for (size_t i = 0; i < pick->n; i++)
		if (pick->words[i].prefix.address.family == FAMILY_NONE)
			return true;
	return false;
}

static bool
is_picked(struct asking *asking, const struct state *state, const struct pick *pick, const struct map *labels)
{
	scoped_buffer shown = BUFFER_NONE;

	if (!pick_ends(pick, state))
		return false;
	if (!has_words(pick))
		return true;
	put_shown(asking, state, labels, &shown);
	return pick_words(pick, buffer_text(&shown));
}

/* A rule that never let anything in has no connections. */
static enum result
find(struct asking *asking, struct found *out)
{
	const struct pick   pick = pick_read(text_of(asked_text(asking, "phrase")));
	const char         *rule = rule_asked(asking);
	struct state_filter filter = { 0 };
	enum result         result;

	*out = (struct found){ .labels = rule_labels(asking) };
	if (rule[0]) {
		filter.mask = MARK_RULE;
		filter.mark = filter_cache_index(asking->box->cache, rule);
		if (filter.mark == 0)
			return RESULT_DONE;
	}
	result = asked_states(asking, &filter, SEARCHED_MAX, &out->states);
	if (result != RESULT_DONE)
		return result;
	uint32_t *which = ARENA_MAKE(asking->arena, uint32_t, out->states.n + 1);

	for (uint32_t i = 0; i < out->states.n; i++)
		if (is_picked(asking, &out->states.states[i], &pick, out->labels))
			which[out->n++] = i;
	out->which = which;
	return RESULT_DONE;
}

/* --- Order -------------------------------------------------------------------------------------------- */

struct ranked {
	uint32_t    which;
	uint64_t    number;
	const char *text;
};

enum { BY_NUMBER, BY_TEXT, BY_NOTHING };

static unsigned
rank(struct asking *asking, const struct found *found, const char *field, struct ranked *out)
{
	const struct state            *state = &found->states.states[out->which];
	bool                           is_out;
	const struct filter_interface *interface = state_interface(asking->box->filter, state, &is_out);
	const uint64_t                 bytes = state->bytes[0] + state->bytes[1];
	const struct {
		const char *name;
		uint64_t    number;
	} numbers[] = {
		{ "age", state->age }, { "expires", state->left }, { "expire", state->left }, { "bytes", bytes },
		{ "pkts", state->packets[0] + state->packets[1] }, { "avg", state->age ? bytes / state->age : bytes },
		{ "src_port", state->source.port }, { "dst_port", state->destination.port }, { "rule", state->mark & MARK_RULE },
		{ "id", state->id },
	};

	for (size_t i = 0; i < COUNT(numbers); i++)
		if (strcmp(numbers[i].name, field) == 0) {
			out->number = numbers[i].number;
			return BY_NUMBER;
		}
	if (strcmp(field, "src_addr") == 0)
		out->text = address_print(asking->arena, &state->source.address);
	else if (strcmp(field, "dst_addr") == 0)
		out->text = address_print(asking->arena, &state->destination.address);
	else if (strcmp(field, "proto") == 0)
		out->text = state_protocol(asking->arena, state->protocol);
	else if (strcmp(field, "state") == 0)
		out->text = state_progress(state);
	else if (strcmp(field, "direction") == 0 || strcmp(field, "dir") == 0)
		out->text = is_out ? "out" : "in";
	else if (strcmp(field, "ipproto") == 0)
		out->text = state->source.address.family == FAMILY_INET6 ? "ipv6" : "ipv4";
	else if (strcmp(field, "iface") == 0 || strcmp(field, "interface") == 0)
		out->text = interface ? interface->name : "all";
	else if (strcmp(field, "label") == 0)
		out->text = uuid_of(asking, state);
	else if (strcmp(field, "descr") == 0)
		out->text = rule_label(found->labels, uuid_of(asking, state));
	else
		return BY_NOTHING;
	return BY_TEXT;
}

static int
compare_ranked(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;
	const int            order = left->text ? text_compare_natural(text_of(left->text), text_of(right->text))
						: (left->number > right->number) - (left->number < right->number);

	return order ? order : (left->which > right->which) - (left->which < right->which);
}

/* In the order that is asked for; what has no such field stays as it comes. */
static void
sort(struct asking *asking, struct found *found)
{
	const char    *field = asked_text(asking, "sort");
	const bool     descending = strcmp(asked_text(asking, "order"), "desc") == 0;
	struct ranked *all = ARENA_MAKE(asking->arena, struct ranked, found->n + 1);
	uint32_t      *which = ARENA_MAKE(asking->arena, uint32_t, found->n + 1);

	if (!field[0] || found->n == 0)
		return;
	for (size_t i = 0; i < found->n; i++) {
		all[i].which = found->which[i];
		if (rank(asking, found, field, &all[i]) == BY_NOTHING)
			return;
	}
	qsort(all, found->n, sizeof(*all), compare_ranked);
	for (size_t i = 0; i < found->n; i++)
		which[i] = all[descending ? found->n - 1 - i : i].which;
	found->which = which;
}

/* --- Showing -------------------------------------------------------------------------------------------- */

static void
put_number(struct arena *arena, struct value *row, const char *name, uint64_t number)
{
	value_set(arena, row, name, value_integer(arena, (int64_t)number));
}

static void
put_end(struct arena *arena, struct value *row, const char *which, const struct state_end *end)
{
	const char *address = arena_print(arena, "%s_addr", which), *port = arena_print(arena, "%s_port", which);

	value_set(arena, row, address, end ? value_string(arena, address_print(arena, &end->address)) : value_null(arena));
	value_set(arena, row, port, end ? value_string(arena, arena_print(arena, "%u", end->port)) : value_null(arena));
}

/* As pftop shows it. */
static struct value *
top_row(struct asking *asking, const struct state *state, const struct map *labels)
{
	struct arena  *arena = asking->arena;
	struct value  *row = value_object(arena);
	const char    *uuid = uuid_of(asking, state);
	const uint64_t bytes = state->bytes[0] + state->bytes[1];
	bool           is_out;

	state_interface(asking->box->filter, state, &is_out);
	value_set_string(arena, row, "proto", state_protocol(arena, state->protocol));
	value_set_string(arena, row, "dir", is_out ? "out" : "in");
	put_end(arena, row, "src", &state->source);
	put_end(arena, row, "dst", &state->destination);
	put_end(arena, row, "gw", state_translated(state));
	value_set_string(arena, row, "state", state_progress(state));
	put_number(arena, row, "age", state->age);
	put_number(arena, row, "expire", state->left);
	put_number(arena, row, "pkts", state->packets[0] + state->packets[1]);
	put_number(arena, row, "bytes", bytes);
	put_number(arena, row, "avg", state->age ? bytes / state->age : bytes);
	value_set_string(arena, row, "rule", arena_print(arena, "%u", state->mark & MARK_RULE));
	value_set_string(arena, row, "label", uuid);
	value_set_string(arena, row, "descr", rule_label(labels, uuid));
	return row;
}

enum result
topic_states_search(struct asking *asking, struct value **answer)
{
	const bool    is_top = strcmp(asked_text(asking, "form"), "top") == 0;
	const int64_t skip = asked_number(asking, "skip", 0, INT32_MAX, 0);
	const int64_t take = asked_number(asking, "take", 0, INT32_MAX, INT32_MAX);
	struct arena *arena = asking->arena;
	struct value *rows = value_list(arena);
	struct found  found;
	enum result   result = find(asking, &found);

	if (result != RESULT_DONE)
		return result;
	sort(asking, &found);
	for (size_t i = (size_t)skip; i < found.n && i - (size_t)skip < (size_t)take; i++) {
		const struct state *state = &found.states.states[found.which[i]];

		value_add(arena, rows, is_top ? top_row(asking, state, found.labels) : state_row(asking, state, found.labels));
	}
	*answer = value_object(arena);
	put_number(arena, *answer, "total", found.n);
	value_set(arena, *answer, "rows", rows);
	return RESULT_DONE;
}

/* --- Killing ---------------------------------------------------------------------------------------------- */

static int
compare_ids(const void *a, const void *b)
{
	const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* The ids of those found, ascending, each once. */
static void
put_ids(struct asking *asking, const struct found *found, struct buffer *out)
{
	uint32_t *ids = ARENA_MAKE(asking->arena, uint32_t, found->n + 1);

	for (size_t i = 0; i < found->n; i++)
		ids[i] = found->states.states[found->which[i]].id;
	qsort(ids, found->n, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < found->n; i++)
		if (i == 0 || ids[i] != ids[i - 1])
			bulk_u32(out, ids[i]);
}

static enum result
kill(struct asking *asking, const struct found *found, uint64_t *killed)
{
	scoped_buffer  ids = BUFFER_NONE;
	scoped_writer  order;
	scoped_message reply;

	put_ids(asking, found, &ids);
	writer_init(&order);
	message_init(&reply);
	put_fd(&order, sealed_new("drawbridge-kill", buffer_text(&ids)));
	const enum result result = asked_order(asking, ORDER_KILL_STATES_BY_ID, &order, &reply);

	if (result == RESULT_DONE) {
		struct reader in = message_reader(&reply);

		*killed = get_u64(&in);
	}
	return result;
}

enum result
topic_states_kill_found(struct asking *asking, struct value **answer)
{
	struct found found;
	uint64_t     killed = 0;

	if (!asked_text(asking, "phrase")[0] && !asked_text(asking, "rule")[0])
		return asked_wrong(asking, RESULT_INVALID, "which connections?");
	enum result result = find(asking, &found);

	if (result == RESULT_DONE && found.n > 0)
		result = kill(asking, &found, &killed);
	*answer = value_object(asking->arena);
	put_number(asking->arena, *answer, "killed", killed);
	return result;
}

/* --- Sources that are counted ------------------------------------------------------------------------------ */

/* Sets that rules count sources in are called "<letter>_<hash>_<family>": see plan/filter/rule_line.c. */
static bool
counts_sources(const char *name)
{
	return strlen(name) == 20 && strchr("scnk", name[0]) && name[1] == '_' && name[18] == '_' &&
	       strspn(name + 2, "0123456789abcdef") == 16;
}

enum result
topic_sources_flush(struct asking *asking, struct value **answer)
{
	const struct ruleset *ruleset = asking->box->ruleset;
	enum result           result = RESULT_DONE;

	for (size_t i = 0; ruleset && i < ruleset->nsets && result == RESULT_DONE; i++) {
		scoped_writer  order;
		scoped_message reply;

		if (!counts_sources(ruleset->sets[i].name))
			continue;
		writer_init(&order);
		message_init(&reply);
		put_string(&order, ruleset->sets[i].name);
		result = asked_order(asking, ORDER_FLUSH_TABLE, &order, &reply);
	}
	*answer = value_bool(asking->arena, true);
	return result;
}
