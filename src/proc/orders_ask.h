/* proc/orders_ask.h: the orders that look at the running system, and those that change what lives only there. */
#pragma once

#include "proc/orders.h"

/* Bytes of a filter in an order at most; see put_state_filter(). */
#define STATE_FILTER_SIZE (13 + 3 * 18 + 4)

/* Rows of the table in orders.c. */
bool show_links(struct post *, struct reader *, struct answer *);
bool show_tables(struct post *, struct reader *, struct answer *);
bool show_table(struct post *, struct reader *, struct answer *);
bool change_table(struct post *, struct reader *, struct answer *);
bool flush_table(struct post *, struct reader *, struct answer *);
bool count_table(struct post *, struct reader *, struct answer *);
bool count_rules(struct post *, struct reader *, struct answer *);
bool count_shaper(struct post *, struct reader *, struct answer *);
bool show_states(struct post *, struct reader *, struct answer *);
bool count_states(struct post *, struct reader *, struct answer *);
bool kill_states(struct post *, struct reader *, struct answer *);
bool show_routes(struct post *, struct reader *, struct answer *);
bool show_routers(struct post *, struct reader *, struct answer *);
bool probe_gateways(struct post *, struct reader *, struct answer *);
bool show_probed(struct post *, struct reader *, struct answer *);
bool show_neighbours(struct post *, struct reader *, struct answer *);
bool forget_neighbours(struct post *, struct reader *, struct answer *);
bool show_lacking_links(struct post *, struct reader *, struct answer *);
bool kill_states_by_id(struct post *, struct reader *, struct answer *);
bool delete_route(struct post *, struct reader *, struct answer *);
bool capture(struct post *, struct reader *, struct answer *);
bool stop_capture(struct post *, struct reader *, struct answer *);
bool show_captures(struct post *, struct reader *, struct answer *);
bool probe_socket(struct post *, struct reader *, struct answer *);
bool wake_host(struct post *, struct reader *, struct answer *);
bool read_system(struct post *, struct reader *, struct answer *);
bool tell_feed(struct post *, struct reader *, struct answer *);
