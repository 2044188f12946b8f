/* proc/live_find.h: what one host name or one alias with a list means, found now or kept from before. */
#pragma once

#include "plan/filter.h"
#include "schema/record.h"

/* Whoever asked owns the arena, where everything lies. */
struct finding {
	struct arena         *arena;
	struct address       *addresses; /* of a name, sorted */
	struct address_range *ranges;    /* of a list */
	size_t                count;
	uint64_t              hash;      /* of the meaning; not 0 */
	bool                  is_found;
};

/* By the machine's resolver; waits. */
struct finding find_name(const char *name);
/* From its URLs or files, and where a URL does not answer, what was kept of it; waits. state_fd -1: nothing is kept. */
struct finding find_list(int state_fd, const struct record *alias);
/* Only what was kept. */
struct finding find_kept_list(int state_fd, const struct record *alias);

/*
 * Names and their addresses, kept in one file for a gate that starts again, or without a name server. One thread at a time.
 */
struct kept_names;

struct kept_names *kept_names_open(int state_fd);
void               kept_names_close(struct kept_names *);
/* is_found is false, and there is no arena, when nothing was kept. */
struct finding     kept_names_find(const struct kept_names *, const char *name);
/* What is written is what was added since begin(). */
void               kept_names_begin(struct kept_names *);
void               kept_names_add(struct kept_names *, const char *name, const struct address *, size_t count);
void               kept_names_write(struct kept_names *);
