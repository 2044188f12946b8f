/*
 * proc/resolver/query_log.h: who asked the resolver for what, and what became of it: from what Unbound says, kept in memory within bounds.
 * Any thread may ask.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/value.h"
#include "wire/courier.h"

#define QUERY_LOG_MAX     100000 /* queries that are kept one by one */
#define QUERY_LOG_MINUTES 1440   /* for which they are counted */

struct query_log;

/* What Unbound says beside queries and answers: without the time, as its lines begin with their level. */
struct query_said {
	uint8_t     severity; /* as of RFC 5424 */
	uint32_t    pid;
	struct text line;
};

typedef void query_log_said(void *context, const struct query_said *);

/* said: by the thread that listens; NULL: nobody is told. */
struct query_log *query_log_new(struct courier *, query_log_said *, void *context);
void              query_log_free(struct query_log *);
/* The resolver may run now: listen to it, unless that is done already. Asks the keeper. */
void              query_log_listen(struct query_log *);
/* One line as Unbound writes it; what is no query is left. For tests too. */
void              query_log_take(struct query_log *, struct text line);
void              query_log_reset(struct query_log *);

/* {total, passed, blocked: {total, pcnt}, resolved, local, start_time, top: {domain: {total, pcnt}}, top_blocked} */
struct value *query_log_totals(struct query_log *, struct arena *, size_t most);
/* {time: {total, passed, blocked, dropped, resolved, local, cached}}, by steps within so many hours: 1, 12 or 24. */
struct value *query_log_rolling(struct query_log *, struct arena *, unsigned hours, int64_t now);
/* {time: {client: {count, hostname}}}, of the queries that are kept one by one. */
struct value *query_log_clients(struct query_log *, struct arena *, unsigned hours, int64_t now);
/* [{time, client, family, type, domain, action, source, rcode, ...}], the latest first; client NULL: of all. */
struct value *query_log_rows(struct query_log *, struct arena *, const char *client, int64_t from, int64_t until, size_t most);
