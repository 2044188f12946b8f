/* backend/backends.h: who carries plans out; one table of functions, with a twin that only remembers. */
#pragma once

#include "backend/identity.h"
#include "backend/running/capture.h"
#include "backend/running/probe_socket.h"
#include "backend/running/wake.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"
#include "base/text.h"
#include "plan/access/accounts.h"
#include "plan/access/tunables.h"
#include "wire/links.h"
#include "wire/routes.h"
#include "wire/shaper.h"
#include "wire/states.h"
#include "wire/system.h"
#include "wire/tables.h"

/* One change of the elements of a set: see nft_set_change(). */
struct table_change {
	const char *table;
	uint32_t    seconds;
	bool        counts;
	struct text deleted, added; /* keys */
};

/*
 * What the keeper calls. A function that is NULL means that there is no such backend: the order is answered
 * with UNAVAILABLE. Functions return DONE, or leave the world as it was, say why in *message (for people; no
 * secrets in it) and return INVALID (the plan is malformed: the peer's fault), UNAVAILABLE, FAILED or what is said here.
 * What they give is made in the arena.
 */
struct backends {
	const char *name; /* for logs and status */
	void       *self;
	uint32_t    lacks; /* what the packet filter cannot do: enum filter_feature, or-ed */

	/* Make the packet filter so. The bytes come from the gate and must be checked; see plan/ruleset/ruleset.h. */
	enum result (*load_rules)(void *self, struct text rules, struct buffer *message);

	/* Sets of addresses and MACs. MISSING: no such set. */
	enum result (*list_tables)(void *self, struct arena *, struct tables *out);
	enum result (*list_table)(void *self, struct arena *, const char *table, size_t most, struct table_keys *out);
	/* Also MISSING: what is to be deleted is not there; CONFLICT: an interval touches another; REFUSED: no time there. */
	enum result (*change_table)(void *self, const struct table_change *, struct buffer *message);
	enum result (*flush_table)(void *self, const char *table);
	/* See nft_set_counts(). */
	enum result (*count_table)(void *self, struct arena *, const char *table, struct element_counts *out);
	/* What rules have counted. */
	enum result (*count_rules)(void *self, struct arena *, struct rule_counts *out);

	/* Connections. */
	enum result (*list_states)(void *self, struct arena *, const struct state_filter *, size_t most, struct states *out);
	enum result (*count_states)(void *self, uint64_t *count, uint64_t *limit);
	enum result (*kill_states)(void *self, const struct state_filter *, uint64_t *killed);
	/* By their ids, which ascend. */
	enum result (*kill_states_by_id)(void *self, const uint32_t *ids, size_t n, uint64_t *killed);

	/* Make links, addresses, neighbours and routes so: see network_apply(). */
	enum result (*load_network)(void *self, struct text plan, struct buffer *message);

	/* Make the traffic shaper so: see shaper_apply(); what its classes have done. */
	enum result (*load_shaper)(void *self, struct text plan, struct buffer *message);
	enum result (*count_shaper)(void *self, struct arena *, struct shaper_counts *out);

	/* See network_lacks(). */
	enum result (*lacks_links)(void *self, uint32_t kinds, uint32_t kinds6, uint32_t *lacks);

	/* See identity_apply(). NULL where the name is not ours to change. */
	enum result (*set_identity)(void *self, const struct identity *, struct buffer *message);

	/* See accounts_apply(). NULL where they are not ours. */
	enum result (*set_accounts)(void *self, const struct accounts *, const char *homes, struct buffer *message);

	/* See tunables_apply(). NULL where they are not ours. */
	enum result (*set_tunables)(void *self, const struct tunables *, bool is_namespace, struct buffer *message);

	/* What links there are, with their addresses and counters; routes; neighbours. */
	enum result (*read_links)(void *self, struct arena *, struct links *out);
	enum result (*read_routes)(void *self, struct arena *, struct routes *out);
	enum result (*read_neighbours)(void *self, struct arena *, struct neighbours *out);
	/* What the kernel says of the machine: see system_read(). */
	enum result (*read_system)(void *self, enum system_file, struct buffer *out);
	/* See capture_open() and probe_socket_open(). */
	enum result (*open_capture)(void *self, const struct capture_wish *, struct capture_socket *, struct buffer *message);
	enum result (*open_probe_socket)(void *self, const struct probe_socket_wish *, int *fd, struct buffer *message);
	/* See wake_send(). */
	enum result (*wake)(void *self, const struct wake_wish *, struct buffer *message);
	/* See route_delete(). */
	enum result (*delete_route)(void *self, const struct prefix *, const struct address *gateway, uint32_t link);
	/* See neighbours_forget(). */
	enum result (*forget_neighbours)(void *self, const struct address *, uint32_t *forgotten);
};

#define BACKENDS_RULES_MAX ((size_t)1024 * 1024 * 1024) /* bytes of a packet filter plan */
