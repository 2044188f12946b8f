/* plan/service/unbound_inside.h: what the files that write Unbound's configuration share. */
#pragma once

#include "plan/service/planner.h"

struct writing {
	const struct service_view *view;
	const struct record       *settings;
	struct buffer              out;     /* all but */
	struct buffer              names;   /* local-data */
	struct buffer              records; /* the same without its frame */
	struct buffer              policies;
};

/* Small letters and underscores: what a choice of Unbound's is made of. */
bool unbound_is_word(struct text);
/* A domain as zone files have it: what is no plain letter by its number. */
void unbound_add_domain(struct buffer *, struct text domain);
/* Names of our own: hosts and their aliases. */
void unbound_put_names(struct writing *);
