/* proc/live_fetch.h: the lists that aliases take from elsewhere: URLs and files of the state directory. */
#pragma once

#include "plan/address_list.h"
#include "schema/record.h"

/* Is it a type whose list comes from elsewhere? */
bool live_fetch_knows(struct text type);
/*
 * Everything the alias lists, from all its URLs or files. What was fetched is written to the state
 * directory (-1: not), and what could not be fetched is read from there. False: nothing was to be had.
 */
bool live_fetch(struct arena *, int state_fd, const struct record *alias, struct address_list *);
