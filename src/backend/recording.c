/* The twin of the real backends: for --apply none and for tests. Its packet filter is kept in memory. */
#include "backend/recording.h"

#include <stdlib.h>

#include "backend/links.h"
#include "backend/rules.h"
#include "backend/running/system.h"
#include "base/bug.h"
#include "plan/network/network.h"
#include "plan/shaper/shaper.h"

#define STATES_LIMIT 100000 /* how many connections it says there may be */

/* --- The packet filter ------------------------------------------------------------------------ */

static struct nft *
filter_of(struct recording *recording)
{
	if (!recording->nft)
		recording->nft = nft_record();
	return recording->nft;
}

static enum result
load_rules(void *self, struct text rules, struct buffer *message)
{
	struct recording *recording = self;

	if (recording->answer != RESULT_DONE) {
		buffer_add_string(message, "told to refuse");
		return recording->answer;
	}
	const enum result result = rules_load(filter_of(recording), rules, message);

	if (result != RESULT_DONE)
		return result;
	buffer_cut(&recording->rules, 0);
	buffer_add(&recording->rules, rules);
	recording->rules_loaded++;
	return RESULT_DONE;
}

static enum result
list_tables(void *self, struct arena *arena, struct tables *out)
{
	return nft_set_all(filter_of(self), arena, out);
}

static enum result
list_table(void *self, struct arena *arena, const char *table, size_t most, struct table_keys *out)
{
	return nft_set_list(filter_of(self), arena, table, most, out);
}

static enum result
change_table(void *self, const struct table_change *change, struct buffer *message)
{
	return rules_change_table(filter_of(self), change, message);
}

static enum result
count_table(void *self, struct arena *arena, const char *table, struct element_counts *out)
{
	return nft_set_counts(filter_of(self), arena, table, out);
}

static enum result
flush_table(void *self, const char *table)
{
	return nft_set_flush(filter_of(self), table);
}

static enum result
count_rules(void *self, struct arena *arena, struct rule_counts *out)
{
	struct recording  *recording = self;
	struct rule_counts counts;
	const enum result  result = rules_count(filter_of(recording), arena, &counts);

	if (result != RESULT_DONE)
		return result;
	for (size_t i = 0; i < counts.n; i++)
		for (size_t k = 0; k < recording->nstates; k++)
			((struct rule_count *)(uintptr_t)counts.counts)[i].states +=
				(recording->states[k].mark & 0xffff) == counts.counts[i].index;
	*out = counts;
	return RESULT_DONE;
}

/* --- Connections -------------------------------------------------------------------------------- */

static enum result
list_states(void *self, struct arena *arena, const struct state_filter *filter, size_t most, struct states *out)
{
	const struct recording *recording = self;
	struct state           *states = ARENA_MAKE(arena, struct state, recording->nstates + 1);

	*out = (struct states){ .states = states };
	for (size_t i = 0; i < recording->nstates; i++) {
		if (!state_matches(filter, &recording->states[i]))
			continue;
		out->total++;
		if (out->n < most)
			states[out->n++] = recording->states[i];
	}
	return RESULT_DONE;
}

static enum result
count_states(void *self, uint64_t *count, uint64_t *limit)
{
	*count = ((const struct recording *)self)->nstates;
	*limit = STATES_LIMIT;
	return RESULT_DONE;
}

static enum result
kill_states(void *self, const struct state_filter *filter, uint64_t *killed)
{
	struct recording *recording = self;
	size_t            kept = 0;

	for (size_t i = 0; i < recording->nstates; i++)
		if (!state_matches(filter, &recording->states[i]))
			recording->states[kept++] = recording->states[i];
	*killed = recording->nstates - kept;
	recording->nstates = kept;
	return RESULT_DONE;
}

static enum result
kill_states_by_id(void *self, const uint32_t *ids, size_t n, uint64_t *killed)
{
	uint64_t more = 0;

	*killed = 0;
	for (size_t i = 0; i < n; i++, *killed += more)
		kill_states(self, &(struct state_filter){ .id = ids[i] }, &more);
	return RESULT_DONE;
}

void
recording_add_state(struct recording *recording, const struct state *state)
{
	recording->states = realloc(recording->states, (recording->nstates + 1) * sizeof(*state));
	BUG_IF(!recording->states, "out of memory");
	recording->states[recording->nstates++] = *state;
}

/* --- The network: links, but nobody at the other ends ----------------------------------------------- */

static enum result
load_network(void *self, struct text plan, struct buffer *message)
{
	struct recording *recording = self;
	scoped_arena      arena = arena_new();
	struct network    network;

	if (recording->answer != RESULT_DONE) {
		buffer_add_string(message, "told to refuse");
		return recording->answer;
	}
	if (!network_decode(arena, plan, &network)) {
		buffer_add_string(message, "the plan of the network is malformed");
		return RESULT_INVALID;
	}
	buffer_cut(&recording->network, 0);
	buffer_add(&recording->network, plan);
	recording->networks_loaded++;
	return RESULT_DONE;
}

static enum result
load_shaper(void *self, struct text plan, struct buffer *message)
{
	struct recording *recording = self;
	scoped_arena      arena = arena_new();
	struct shaper     shaper;

	if (recording->answer != RESULT_DONE) {
		buffer_add_string(message, "told to refuse");
		return recording->answer;
	}
	if (!shaper_decode(arena, plan, &shaper)) {
		buffer_add_string(message, "the plan of the shaper is malformed");
		return RESULT_INVALID;
	}
	buffer_cut(&recording->shaper, 0);
	buffer_add(&recording->shaper, plan);
	return RESULT_DONE;
}

/* All classes that there would be, and nothing went through them. */
static enum result
count_shaper(void *self, struct arena *arena, struct shaper_counts *out)
{
	const struct recording *recording = self;
	uint8_t                *is_there = ARENA_MAKE(arena, uint8_t, UINT16_MAX + 1);
	struct shaper_count    *list = ARENA_MAKE(arena, struct shaper_count, UINT16_MAX + 1);
	struct shaper           shaper = { .nclasses = 0 };
	size_t                  count = 0;

	shaper_decode(arena, buffer_text(&recording->shaper), &shaper);
	for (size_t i = 0; i < shaper.nclasses; i++)
		memset(is_there + shaper.classes[i].id, 1, shaper.classes[i].count);
	for (uint32_t id = 0; id <= UINT16_MAX; id++)
		if (is_there[id])
			list[count++].class = id;
	*out = (struct shaper_counts){ list, count };
	return RESULT_DONE;
}

static enum result
lacks_links(void *self, uint32_t kinds, uint32_t kinds6, uint32_t *lacks)
{
	(void)self;
	(void)kinds;
	(void)kinds6;
	*lacks = 0;
	return RESULT_DONE;
}

static enum result
set_accounts(void *self, const struct accounts *accounts, const char *homes, struct buffer *message)
{
	struct recording *recording = self;

	(void)homes;
	(void)message;
	recording->accounts = accounts->n;
	return RESULT_DONE;
}

static enum result
set_tunables(void *self, const struct tunables *tunables, bool is_namespace, struct buffer *message)
{
	struct recording *recording = self;

	(void)is_namespace;
	(void)message;
	recording->tunables = tunables->n;
	return RESULT_DONE;
}

static enum result
set_identity(void *self, const struct identity *identity, struct buffer *message)
{
	struct recording *recording = self;

	if (!identity_is_valid(identity)) {
		buffer_add_string(message, "no machine can be called so");
		return RESULT_INVALID;
	}
	recording->identity = *identity;
	return RESULT_DONE;
}

static enum result
read_links(void *self, struct arena *arena, struct links *out)
{
	(void)self;
	links_simulate(arena, out);
	return RESULT_DONE;
}

static enum result
read_routes(void *self, struct arena *arena, struct routes *out)
{
	(void)self;
	(void)arena;
	*out = (struct routes){ 0 };
	return RESULT_DONE;
}

static enum result
read_neighbours(void *self, struct arena *arena, struct neighbours *out)
{
	(void)self;
	(void)arena;
	*out = (struct neighbours){ 0 };
	return RESULT_DONE;
}

static enum result
read_system(void *self, enum system_file file, struct buffer *out)
{
	(void)self;
	return system_simulate(file, out);
}

static enum result
open_capture(void *self, const struct capture_wish *wish, struct capture_socket *out, struct buffer *message)
{
	(void)self;
	(void)wish;
	(void)message;
	*out = (struct capture_socket){ -1, false };
	return RESULT_DONE;
}

static enum result
open_probe_socket(void *self, const struct probe_socket_wish *wish, int *fd, struct buffer *message)
{
	(void)self;
	(void)wish;
	(void)fd;
	buffer_add_string(message, "a simulated box has no network");
	return RESULT_UNAVAILABLE;
}

static enum result
wake(void *self, const struct wake_wish *wish, struct buffer *message)
{
	(void)self;
	(void)wish;
	(void)message;
	return RESULT_DONE;
}

static enum result
delete_route(void *self, const struct prefix *destination, const struct address *gateway, uint32_t link)
{
	(void)self;
	(void)destination;
	(void)gateway;
	(void)link;
	return RESULT_MISSING;
}

static enum result
forget_neighbours(void *self, const struct address *address, uint32_t *forgotten)
{
	(void)self;
	(void)address;
	*forgotten = 0;
	return RESULT_DONE;
}

struct backends
recording_backends(struct recording *recording)
{
	return (struct backends){
		.name = "recording", .self = recording, .load_rules = load_rules, .load_network = load_network,
		.load_shaper = load_shaper, .count_shaper = count_shaper,
		.set_identity = set_identity,
		.set_accounts = set_accounts,
		.set_tunables = set_tunables,
		.list_tables = list_tables, .list_table = list_table, .change_table = change_table,
		.flush_table = flush_table, .count_table = count_table, .count_rules = count_rules,
		.list_states = list_states, .count_states = count_states, .kill_states = kill_states,
		.kill_states_by_id = kill_states_by_id, .read_system = read_system, .delete_route = delete_route,
		.open_capture = open_capture, .open_probe_socket = open_probe_socket, .wake = wake,
		.read_links = read_links, .read_routes = read_routes, .read_neighbours = read_neighbours,
		.forget_neighbours = forget_neighbours, .lacks_links = lacks_links,
	};
}

void
recording_clear(struct recording *recording)
{
	buffer_clear(&recording->rules);
	buffer_clear(&recording->network);
	buffer_clear(&recording->shaper);
	nft_close(recording->nft);
	free(recording->states);
	recording->nft = NULL;
	recording->states = NULL;
	recording->nstates = 0;
}
