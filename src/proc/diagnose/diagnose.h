/* proc/diagnose/diagnose.h: topics for those who look for trouble (api/topics.h), and what their files share. */
#pragma once

#include "proc/ask/ask.h"
#include "wire/links.h"
#include "wire/system.h"

/* A number of the argument, which may be text; `otherwise` when it is none within min..max. */
int64_t asked_number(const struct asking *, const char *name, int64_t min, int64_t max, int64_t otherwise);
/* A file of the kernel, copied into the arena. */
enum result asked_system(const struct asking *, enum system_file, struct text *);

/* Connections, in the arena: so many at most. The filter may be NULL: all. */
enum result asked_states(const struct asking *, const struct state_filter *, uint32_t most, struct states *);

/* What the configuration calls the interface on a link; "" when there is none. */
const char *asked_description(const struct asking *, const char *device);
/* The name of a host, by asking the name servers: may take seconds. False: it has none. */
bool        host_name_of(struct arena *, const struct address *, const char **name);

/* The name of a user in a file like /etc/passwd; its number when it has none. */
const char *user_name(struct arena *, struct text users, uint32_t uid);

/* --- Words that pick connections ------------------------------------------------------------------- */

#define PICK_WORDS_MAX 16

/*
 * Of a search phrase. "192.0.2.0/24", "192.0.2.1:443" and "[2001:db8::1]:443" stand for ends of connections, in any
 * place; other words must be somewhere in what is shown.
 */
struct pick_word {
	struct text   text;
	struct prefix prefix; /* FAMILY_NONE: no address */
	uint16_t      port;   /* 0: any */
};

struct pick {
	struct pick_word words[PICK_WORDS_MAX];
	size_t           n;
};

struct pick pick_read(struct text phrase);
/* As far as addresses go. */
bool        pick_ends(const struct pick *, const struct state *);
/* As far as other words go: are they all in the text? */
bool        pick_words(const struct pick *, struct text shown);

/* Topics, by file. */
TOPIC(topic_states_search);
TOPIC(topic_states_kill_found);
TOPIC(topic_sources_flush);
TOPIC(topic_filter_statistics);
TOPIC(topic_log_read);
TOPIC(topic_log_clear);
TOPIC(topic_log_reset);
TOPIC(topic_log_follow);
TOPIC(topic_log_lines);
TOPIC(topic_filterlog_read);
TOPIC(topic_filterlog_follow);
TOPIC(topic_filterlog_stats);
TOPIC(topic_neighbours_table);
TOPIC(topic_neighbours_clear);
TOPIC(topic_routes_table);
TOPIC(topic_route_delete);
TOPIC(topic_vips);
TOPIC(topic_interface_statistics);
TOPIC(topic_interface_counters);
TOPIC(topic_protocols);
TOPIC(topic_sockets);
TOPIC(topic_netisr);
TOPIC(topic_bpf);
TOPIC(topic_buffers);
TOPIC(topic_memory);
TOPIC(topic_cpu);
TOPIC(topic_processors);
TOPIC(topic_activity);
TOPIC(topic_temperatures);
TOPIC(topic_reverse);
TOPIC(topic_traffic_top);
TOPIC(topic_job_make);
TOPIC(topic_job_list);
TOPIC(topic_job_start);
TOPIC(topic_job_stop);
TOPIC(topic_job_remove);
TOPIC(topic_capture_view);
TOPIC(topic_capture_download);
TOPIC(topic_mac_info);
TOPIC(topic_wake_send);
TOPIC(topic_look_dns);
TOPIC(topic_look_route);
TOPIC(topic_look_port);
TOPIC(topic_health_list);
TOPIC(topic_health_fetch);
TOPIC(topic_health_look);
TOPIC(topic_health_forget);
TOPIC(topic_netflow_status);
TOPIC(topic_netflow_cached);
TOPIC(topic_insight_metadata);
TOPIC(topic_insight_series);
TOPIC(topic_insight_top);
TOPIC(topic_insight_export);
TOPIC(topic_insight_forget);
