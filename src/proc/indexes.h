/* proc/indexes.h: the indexes of rules, kept in the state directory: connections carry them over our restarts. */
#pragma once

#include "plan/filter/compile.h"
#include "wire/courier.h"

/* -1 for the directory, and files that are missing or damaged, do nothing. */
void indexes_load(int state_fd, struct filter_cache *);
/* Writes what has changed since `*saved`, which begins as 0. */
void indexes_save(int state_fd, const struct filter_cache *, uint64_t *saved);
/*
 * Give back those that neither a rule nor a connection has, when so many have gathered that asking the kernel is worth it.
 * After a load; *limit begins as INDEXES_IDLE.
 */
#define INDEXES_IDLE 4096
void indexes_give_back(struct courier *, struct filter_cache *, unsigned *limit);
