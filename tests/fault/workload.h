/* fault/workload.h: changes whose every result is known, and looking whether a store has what it should. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

#define WORKLOAD_BATCH_MAX 3

const struct schema *workload_schema(void);
/* NULL: the message says why. */
struct store *workload_open(const char *folder, const char *vfs, struct buffer *message);
/* Commit a batch of 1 to WORKLOAD_BATCH_MAX changes. */
enum result workload_commit(struct store *, unsigned changes, struct buffer *message);
uint64_t    workload_revision(struct store *);
/*
 * Is it the state after a revision from acknowledged to tried, whole, with its history? Aborts when not, after saying what.
 */
void workload_check(struct store *, uint64_t acknowledged, uint64_t tried);

void workload_remove(const char *folder);
