/* proc/diagnose/diagnose.h: topics for those who look for trouble (api/topics.h), and what their files share. */
#pragma once

#include "proc/ask/ask.h"
#include "wire/system.h"

/* A number of the argument, which may be text; `otherwise` when it is none within min..max. */
int64_t asked_number(const struct asking *, const char *name, int64_t min, int64_t max, int64_t otherwise);
/* A file of the kernel, copied into the arena. */
enum result asked_system(const struct asking *, enum system_file, struct text *);

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
TOPIC(topic_log_follow);
TOPIC(topic_log_lines);
TOPIC(topic_filterlog_read);
TOPIC(topic_filterlog_follow);
TOPIC(topic_filterlog_stats);
