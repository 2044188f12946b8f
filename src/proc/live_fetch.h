/* proc/live_fetch.h: the lists that aliases take from elsewhere: URLs and files of the state directory. */
#pragma once

#include "plan/address_list.h"
#include "schema/record.h"

/* Is it a type whose list comes from elsewhere? */
bool live_fetch_knows(struct text type);
/* The folder of the state directory where fetched lists are kept. */
#define LISTS_FOLDER "aliases"

/*
 * Everything the alias lists, from all its URLs or files. What was fetched is written to the state
 * directory (-1: not), and what could not be fetched is read from there. False: nothing was to be had.
 */
bool live_fetch(struct arena *, int state_fd, const struct record *alias, struct address_list *);
/* The same without asking anybody. */
bool live_fetch_kept(struct arena *, int state_fd, const struct record *alias, struct address_list *);
/* Forget what was kept of the URLs of one record that another (NULL: none) does not have. */
void live_fetch_forget(int state_fd, const struct record *alias, const struct record *now);
