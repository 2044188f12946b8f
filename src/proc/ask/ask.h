/* proc/ask/ask.h: questions about the running system, and what the files that answer them share. */
#pragma once

#include "base/map.h"
#include "proc/ask/box_inside.h"
#include "proc/service/runner.h"
#include "wire/links.h"
#include "wire/message.h"
#include "wire/order.h"
#include "wire/routes.h"
#include "wire/sealed.h"
#include "wire/states.h"
#include "wire/writer.h"

/* One question; what is answered is made in the arena. The box's lock is held unless the topic is free. */
struct asking {
	struct keeper_box  *box;
	struct arena       *arena;
	const struct snapshot *snapshot; /* the newest */
	const struct value *argument;
	struct buffer      *message; /* gets the reason of whatever is not DONE */
	bool is_locked; /* the box's lock is held by whoever asked: asked_daemon() and asked_action() let it go meanwhile */
};

/* box->ask. */
enum result ask_topic(void *box, struct arena *, const char *topic, const struct value *argument, struct value **answer,
		      struct buffer *message);

/* A member of the argument as text; "" when it is not there. */
const char *asked_text(const struct asking *, const char *name);
/* Refuse with words. */
enum result asked_wrong(const struct asking *, enum result, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* An order without an answer but its result; the reply, which the caller initialised, may have more. */
enum result asked_order(const struct asking *, unsigned order, const struct writer *, struct message *reply);
/* An order that is answered with sealed memory, which the caller unmaps. */
enum result asked_sealed(const struct asking *, unsigned order, const struct writer *, size_t max, struct text *mapped);

/*
 * What a daemon says to a query of the keeper's table (proc/service/query.h), copied into the arena; the argument is checked by
 * the caller, for a wrong one ends us. The box's lock is let go meanwhile.
 */
enum result asked_daemon(const struct asking *, const char *query, const char *argument, struct text *answer);

/* A daemon starts, stops or starts again, and it is so. The box's lock is let go meanwhile. */
enum result asked_action(const struct asking *, const char *service, enum service_action);

/* Is this one of the keeper's daemons behind the name of a service? "openvpn" is all of them, "openvpn@a" that one. */
bool service_stands_for(const char *asked, const char *daemon);

/* The links the box has, its routes, and whom it knows behind them, into the arena. */
enum result          asked_links(const struct asking *, struct links *);
enum result          asked_routes(const struct asking *, struct routes *);
enum result          asked_neighbours(const struct asking *, struct neighbours *);
/* The configuration's interface on this link; NULL: none. */
const struct record *asked_interface(const struct asking *, const char *device);

/* Topics, by file. */
#define TOPIC(name) enum result name(struct asking *, struct value **answer)

struct topic {
	const char *name;
	TOPIC((*answer));
	bool is_free; /* the box's lock is not held: for what looks at nothing it guards, or takes its time */
};

extern const struct topic diagnose_topics[]; /* proc/diagnose; ends with an empty one */
extern const struct topic portal_topics[];   /* proc/portal; likewise */

TOPIC(topic_system_status);
TOPIC(topic_keeper_status);
TOPIC(topic_tables);
TOPIC(topic_tables_size);
TOPIC(topic_table_list);
TOPIC(topic_table_add);
TOPIC(topic_table_delete);
TOPIC(topic_table_flush);
TOPIC(topic_table_find);
TOPIC(topic_counters);
TOPIC(topic_filter_notes);
TOPIC(topic_states);
TOPIC(topic_states_count);
TOPIC(topic_states_kill);
TOPIC(topic_states_reset);
TOPIC(topic_arp);
TOPIC(topic_arp_delete);
TOPIC(topic_interfaces_status);
TOPIC(topic_overview);
TOPIC(topic_duids);
TOPIC(topic_renew);
TOPIC(topic_gateways_status);
TOPIC(topic_gateways);
TOPIC(topic_doctor);
TOPIC(topic_leases);
TOPIC(topic_lease_release);
TOPIC(topic_services);
TOPIC(topic_resolver_diagnostics);
TOPIC(topic_resolver_expire);
TOPIC(topic_resolver_queries);
TOPIC(topic_resolver_reset);
TOPIC(topic_resolver_rolling);
TOPIC(topic_resolver_totals);
TOPIC(topic_resolver_test);
TOPIC(topic_resolver_upstreams);
TOPIC(topic_service_status);
TOPIC(topic_service_start);
TOPIC(topic_service_restart);
TOPIC(topic_service_stop);
TOPIC(topic_hosts);
TOPIC(topic_monit_check);
TOPIC(topic_monit_status);
TOPIC(topic_shaper_flush);
TOPIC(topic_shaper_statistics);
TOPIC(topic_syslog_stats);
TOPIC(topic_time_peers);
TOPIC(topic_ipsec_configuration);
TOPIC(topic_ipsec_phase1);
TOPIC(topic_ipsec_phase2);
TOPIC(topic_ipsec_status);
TOPIC(topic_ipsec_connect);
TOPIC(topic_ipsec_disconnect);
TOPIC(topic_ipsec_associations);
TOPIC(topic_ipsec_policies);
TOPIC(topic_ipsec_forget_association);
TOPIC(topic_ipsec_forget_policy);
TOPIC(topic_ipsec_pools);
TOPIC(topic_ipsec_leases);
TOPIC(topic_openvpn_sessions);
TOPIC(topic_openvpn_routes);
TOPIC(topic_openvpn_kill);
TOPIC(topic_openvpn_status);
TOPIC(topic_packages_start);
TOPIC(topic_packages_status);
TOPIC(topic_packages_forget);
TOPIC(topic_packages_file);
TOPIC(topic_system_halt);
TOPIC(topic_command_run);
TOPIC(topic_system_reboot);
TOPIC(topic_wireguard_show);

/* --- Rules ---------------------------------------------------------------------------------------- */

/* What all rules in force are called, automatic ones and translations too. */
struct map *rule_labels(const struct asking *);
/* "" when it is not known; the uuid may be NULL. */
const char *rule_label(const struct map *, const char *uuid);

/* --- Connections ---------------------------------------------------------------------------------- */

/* In the words of pf, which has a state for each end. */
const char *state_progress(const struct state *);
const char *state_protocol(struct arena *, uint8_t protocol);
/* Connections name no interface: it is the one whose network the first packet came from, else the way out. */
const struct filter_interface *state_interface(const struct filter *, const struct state *, bool *is_out);
/* Where it was translated to; NULL: it was not. */
const struct state_end *state_translated(const struct state *);
struct value *state_row(struct asking *, const struct state *, const struct map *labels);

/* --- Tables: what the name of an alias stands for ------------------------------------------------ */

/* pfSense calls the table of failed logins otherwise. */
const char *table_name(const char *asked);
/* An address or network as a range. */
bool range_read(struct text, struct address_range *out);
/* "192.0.2.1", "192.0.2.0/24" or "192.0.2.1-192.0.2.9". */
const char *range_print(struct arena *, const struct address_range *);
/* Change elements of a dynamic table; seconds 0: for as long as it says. */
enum result table_change(const struct asking *, const char *table, const struct address_range *, bool is_delete, uint32_t seconds);
/* The content of a table that is filled at run time. */
enum result table_read(const struct asking *, const char *table, bool inet6, struct address_range **out, size_t *count);

/* Aliases whose content was changed by hand; forgotten by the next apply. */
struct overlays *overlays_new(void);
void             overlays_free(struct overlays *);
void             overlays_forget(struct overlays *);
void             overlays_put(struct overlays *, const char *alias, const struct address_range *, size_t count);
/* The filter with them; as valid as what it was made from, and until the next call. */
const struct filter *overlays_lay(struct overlays *, const struct filter *);

/* --- What is otherwise than in pf ------------------------------------------------------------------ */

struct remarks *remarks_new(void);
void            remarks_free(struct remarks *);
/* Those of the filter that is in force from now on; copied. One thread at a time; asking may happen meanwhile. */
void            remarks_take(struct remarks *, const struct filter_note *, size_t count);
/* One a line, until there are about `most` bytes. */
void            remarks_print(struct remarks *, struct buffer *, size_t most);

/* --- Login protection ---------------------------------------------------------------------------- */

/* Adds to the table and ends connections on a thread of its own, so that asking for it never waits. */
struct lockout *lockout_new(struct keeper_box *);
void            lockout_free(struct lockout *);
enum result     lockout_add(struct lockout *, const struct value *argument, struct buffer *message);

/* --- Services of a simulated box ------------------------------------------------------------------- */

struct actors *actors_new(void);
void           actors_free(struct actors *);
/* Something was applied: what was started or stopped by hand is as configured again. */
void           actors_forget(struct actors *);
