/*
 * proc/flow/insight.h: traffic over time, told apart by what people ask for. Each provider adds up some fields of what passed,
 * in archives of several resolutions. Any thread; kept in files of the state directory.
 */
#pragma once

#include "base/value.h"
#include "proc/flow/archive.h"
#include "proc/flow/passing.h"

#define INSIGHT_SERIES_MAX 500    /* keys of one answer about time; others are added up */
#define INSIGHT_POINTS_MAX 300000 /* numbers in one */
#define INSIGHT_TOP_MAX    5000   /* rows */
#define INSIGHT_FIELDS_MAX 6

struct insight;

/* state_fd: the state directory, where it goes on from; -1: in memory. */
struct insight *insight_new(int state_fd);
void            insight_free(struct insight *); /* NULL is fine */

void insight_add(struct insight *, const struct passing *);
/* Write down what is not yet. False: it cannot be. */
bool insight_save(struct insight *);
void insight_clear(struct insight *);

/* Which rows of which provider. Times in seconds since 1970. */
struct insight_query {
	const char *provider;
	int64_t     from, to, now;
	unsigned    resolution; /* 0: the finest that reaches so far back */
	struct text fields;     /* comma separated, to tell apart by */
	struct text filter;     /* comma separated field=value, all of which must be so */
};

/* {provider: {resolutions: [seconds], fields: [name]}} */
struct value *insight_metadata(struct arena *);

/* All of these: NULL: no such provider, resolution or field. */

/*
 * [{key: "value,value", first: ms, step: seconds, octets: "1 0 2", packets: "1 0 1"}], the largest first: a number for each span from
 * the first that has any until the last; the key of what others were added to has no values.
 */
struct value *insight_series(struct insight *, struct arena *, const struct insight_query *);
/* [{<fields>, total, last_seen}] by octets or packets; behind the last, one without names for all others. */
struct value *insight_top(struct insight *, struct arena *, const struct insight_query *, bool by_packets, size_t most);
/* Rows one by one: a head and lines of comma separated values. False as above. */
bool          insight_export(struct insight *, struct buffer *, const struct insight_query *);
