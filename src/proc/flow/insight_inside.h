/* proc/flow/insight_inside.h: what the files about insight share; nothing for others. */
#pragma once

#include <pthread.h>

#include "proc/flow/insight.h"

#define PROVIDERS       4
#define RESOLUTIONS_MAX 4

enum flow_field {
	FIELD_NONE,
	FIELD_IF,
	FIELD_DIRECTION,
	FIELD_PROTOCOL,
	FIELD_DST_PORT,
	FIELD_SERVICE_PORT,
	FIELD_SRC_ADDR,
	FIELD_DST_ADDR,
};

struct provider {
	const char          *name, *file;
	enum flow_field      fields[INSIGHT_FIELDS_MAX]; /* that are told apart; FIELD_NONE behind the last */
	struct archive_shape shapes[RESOLUTIONS_MAX];    /* the finest first */
};

extern const struct provider providers[PROVIDERS];

struct insight {
	pthread_mutex_t lock;
	struct archive *archives[PROVIDERS][RESOLUTIONS_MAX]; /* NULL behind the last of each */
};

/* FIELD_NONE: the provider has no such field. */
enum flow_field field_of(const struct provider *, struct text name);
const char     *field_name(enum flow_field);
/* What it is in a row; "" in one that many were added to. */
const char     *field_text(struct arena *, const struct flow_key *, enum flow_field);
