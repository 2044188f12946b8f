/* The real backends behind the table the keeper calls. */
#include "backend/kernel.h"

#include <stdlib.h>

#include "backend/access/accounts.h"
#include "backend/access/tunables.h"
#include "backend/links.h"
#include "backend/network/network.h"
#include "backend/nft.h"
#include "backend/routes.h"
#include "backend/rules.h"
#include "backend/running/conntrack.h"
#include "backend/running/route_delete.h"
#include "backend/running/system.h"
#include "backend/shaper/shaper.h"
#include "base/bug.h"

struct kernel {
	struct nft             *nft;
	struct network_backend *network;
	struct shaper_backend  *shaper;
	uint32_t                lacks; /* of the packet filter */
};

/* --- The packet filter ------------------------------------------------------------------------ */

static enum result
load_rules(void *self, struct text rules, struct buffer *message)
{
	return rules_load(((struct kernel *)self)->nft, rules, message);
}

static enum result
list_tables(void *self, struct arena *arena, struct tables *out)
{
	return nft_set_all(((struct kernel *)self)->nft, arena, out);
}

static enum result
list_table(void *self, struct arena *arena, const char *table, size_t most, struct table_keys *out)
{
	return nft_set_list(((struct kernel *)self)->nft, arena, table, most, out);
}

static enum result
change_table(void *self, const struct table_change *change, struct buffer *message)
{
	return rules_change_table(((struct kernel *)self)->nft, change, message);
}

static enum result
count_table(void *self, struct arena *arena, const char *table, struct element_counts *out)
{
	return nft_set_counts(((struct kernel *)self)->nft, arena, table, out);
}

static enum result
flush_table(void *self, const char *table)
{
	return nft_set_flush(((struct kernel *)self)->nft, table);
}

static enum result
count_rules(void *self, struct arena *arena, struct rule_counts *out)
{
	uint64_t          *states = ARENA_MAKE(arena, uint64_t, RULE_COUNTS_MAX);
	struct rule_count *list = ARENA_MAKE(arena, struct rule_count, RULE_COUNTS_MAX);
	struct rule_counts counts;
	enum result        result = rules_count(((struct kernel *)self)->nft, arena, &counts);

	if (result == RESULT_DONE)
		result = conntrack_count_by_rule(states);
	/* Without connection tracking there are no states. */
	if (result != RESULT_DONE && result != RESULT_UNAVAILABLE)
		return result;
	for (size_t i = 0; i < counts.n; i++) {
		list[i] = counts.counts[i];
		list[i].states = states[list[i].index];
		states[list[i].index] = 0;
	}
	for (uint32_t i = 1; i < RULE_COUNTS_MAX && counts.n < RULE_COUNTS_MAX; i++)
		if (states[i] > 0)
			list[counts.n++] = (struct rule_count){ .index = i, .states = states[i] };
	*out = (struct rule_counts){ list, counts.n };
	return RESULT_DONE;
}

/* --- Connections -------------------------------------------------------------------------------- */

static enum result
list_states(void *self, struct arena *arena, const struct state_filter *filter, size_t most, struct states *out)
{
	(void)self;
	return conntrack_list(arena, filter, most, out);
}

static enum result
count_states(void *self, uint64_t *count, uint64_t *limit)
{
	(void)self;
	return conntrack_count(count, limit);
}

static enum result
kill_states(void *self, const struct state_filter *filter, uint64_t *killed)
{
	(void)self;
	return conntrack_kill(filter, killed);
}

static enum result
kill_states_by_id(void *self, const uint32_t *ids, size_t n, uint64_t *killed)
{
	(void)self;
	return conntrack_kill_these(ids, n, killed);
}

/* --- The network ---------------------------------------------------------------------------------- */

static enum result
load_network(void *self, struct text plan, struct buffer *message)
{
	return network_apply(((struct kernel *)self)->network, plan, message);
}

static enum result
load_shaper(void *self, struct text plan, struct buffer *message)
{
	return shaper_apply(((struct kernel *)self)->shaper, plan, message);
}

static int
compare_classes(const void *a, const void *b)
{
	const uint32_t left = ((const struct shaper_count *)a)->class, right = ((const struct shaper_count *)b)->class;

	return (left > right) - (left < right);
}

static void
name_host(void *self, uint32_t class, const struct address *host)
{
	const struct shaper_counts *counts = self;
	const struct shaper_count   key = { .class = class & UINT16_MAX };
	struct shaper_count        *found = bsearch(&key, counts->counts, counts->n, sizeof(key), compare_classes);

	if (found)
		found->host = *host;
}

/* The packet filter knows whose the classes of masks are. */
static enum result
count_shaper(void *self, struct arena *arena, struct shaper_counts *out)
{
	const enum result result = shaper_count(arena, out);

	for (size_t i = 0; result == RESULT_DONE && i < out->n; i++) {
		const uint32_t class = out->counts[i].class;

		if (class >= SHAPER_GROUP_FIRST && class % SHAPER_GROUP == 0)
			nft_set_classes(((struct kernel *)self)->nft, arena_print(arena, SHAPER_HOSTS "%u", class), name_host, out);
	}
	return result;
}

static enum result
lacks_links(void *self, uint32_t kinds, uint32_t kinds6, uint32_t *lacks)
{
	(void)self;
	return network_lacks(kinds, kinds6, lacks);
}

static enum result
set_accounts(void *self, const struct accounts *accounts, const char *homes, struct buffer *message)
{
	(void)self;
	return accounts_apply(accounts, homes, message);
}

static enum result
set_tunables(void *self, const struct tunables *tunables, bool is_namespace, struct buffer *message)
{
	(void)self;
	return tunables_apply(tunables, is_namespace, message);
}

static enum result
set_identity(void *self, const struct identity *identity, struct buffer *message)
{
	(void)self;
	return identity_apply(identity, message);
}

static enum result
read_links(void *self, struct arena *arena, struct links *out)
{
	(void)self;
	return links_read(arena, out);
}

static enum result
read_routes(void *self, struct arena *arena, struct routes *out)
{
	(void)self;
	return routes_read(arena, out);
}

static enum result
read_neighbours(void *self, struct arena *arena, struct neighbours *out)
{
	(void)self;
	return neighbours_read(arena, out);
}

static enum result
read_system(void *self, enum system_file file, struct buffer *out)
{
	(void)self;
	return system_read(file, out);
}

static enum result
open_capture(void *self, const struct capture_wish *wish, struct capture_socket *out, struct buffer *message)
{
	(void)self;
	return capture_open(wish, out, message);
}

static enum result
open_probe_socket(void *self, const struct probe_socket_wish *wish, int *fd, struct buffer *message)
{
	(void)self;
	return probe_socket_open(wish, fd, message);
}

static enum result
wake(void *self, const struct wake_wish *wish, struct buffer *message)
{
	(void)self;
	return wake_send(wish, message);
}

static enum result
delete_route(void *self, const struct prefix *destination, const struct address *gateway, uint32_t link)
{
	(void)self;
	return route_delete(destination, gateway, link);
}

static enum result
forget_neighbours(void *self, const struct address *address, uint32_t *forgotten)
{
	(void)self;
	return neighbours_forget(address, forgotten);
}

/* --- Life ------------------------------------------------------------------------------------------- */

enum result
kernel_open(struct kernel **out, struct buffer *message)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));

	BUG_IF(!kernel, "out of memory");
	const enum result result = nft_open(&kernel->nft);

	if (result != RESULT_DONE) {
		buffer_add_string(message, "nftables cannot be used: the kernel lacks it, or CAP_NET_ADMIN is missing");
		free(kernel);
		return result;
	}
	kernel->network = network_backend_new();
	kernel->shaper = shaper_backend_new();
	kernel->lacks = nft_lacks(kernel->nft);
	*out = kernel;
	return RESULT_DONE;
}

enum result
kernel_close_box(struct kernel *kernel, const uint16_t *ports, size_t count, struct buffer *message)
{
	struct nft_outcome outcome;
	const enum result  result = nft_boot(kernel->nft, ports, count, &outcome);

	if (result != RESULT_DONE)
		buffer_print(message, "the first rules cannot be loaded: %s", outcome.message);
	return result;
}

void
kernel_close(struct kernel *kernel)
{
	if (!kernel)
		return;
	nft_close(kernel->nft);
	network_backend_free(kernel->network);
	shaper_backend_free(kernel->shaper);
	free(kernel);
}

struct backends
kernel_backends(struct kernel *kernel)
{
	return (struct backends){
		.name = "kernel", .self = kernel, .lacks = kernel->lacks, .load_rules = load_rules, .load_network = load_network,
		.load_shaper = load_shaper, .count_shaper = count_shaper, .lacks_links = lacks_links,
		.set_identity = set_identity,
		.set_accounts = set_accounts,
		.set_tunables = set_tunables,
		.list_tables = list_tables, .list_table = list_table, .change_table = change_table,
		.flush_table = flush_table, .count_table = count_table, .count_rules = count_rules,
		.list_states = list_states, .count_states = count_states, .kill_states = kill_states,
		.kill_states_by_id = kill_states_by_id, .read_system = read_system, .delete_route = delete_route,
		.open_capture = open_capture, .open_probe_socket = open_probe_socket, .wake = wake,
		.read_links = read_links, .read_routes = read_routes, .read_neighbours = read_neighbours,
		.forget_neighbours = forget_neighbours,
	};
}
