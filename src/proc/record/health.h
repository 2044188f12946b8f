/*
 * proc/record/health.h: numbers over time, in series of a fixed size: the older, the coarser. In memory, and the same in files of
 * the state directory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

#define HEALTH_SERIES_MAX 256 /* there may be */
#define HEALTH_NAMES_MAX  12  /* numbers at a time */
#define HEALTH_NAME_MAX   63
#define HEALTH_DETAILS    4

struct health;

/* state_fd: where numbers of before are read from; -1: nothing is kept. */
struct health *health_new(int state_fd);
void           health_free(struct health *);

/*
 * From any thread, as everything here. item: letters, digits, "_", "." and "-", topic: without the last two; names: comma
 * separated, as many as there are values; others than before begin a new series. NAN: not known. Time in seconds since 1970.
 * False: there are too many, or names that none can have.
 */
bool health_put(struct health *, const char *item, const char *topic, const char *names, int64_t time, const float *values);

struct health_series {
	const char *item, *topic, *names;
};

/* By topic, then item. */
size_t health_list(struct health *, struct arena *, const struct health_series **);

/* Numbers of one detail, from the oldest: as many rows as there is room for, those without numbers included. */
struct health_data {
	const char    *item, *topic, *names;
	unsigned       step;   /* seconds */
	int64_t        first;  /* time of the first row */
	size_t         rows, columns;
	const float   *values; /* rows * columns; NAN: none */
};

/* key: "item-topic" or "topic-item". False: no such series. Rows up to now. */
bool health_fetch(struct health *, struct arena *, const char *key, unsigned detail, int64_t now, struct health_data *);
/* Forget one, or all (""). False: no such series. */
bool health_flush(struct health *, const char *key);
