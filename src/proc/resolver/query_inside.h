/* proc/resolver/query_inside.h: the inside of the log of queries, for query_log.c, which takes, and query_show.c, which tells. */
#pragma once

#include <pthread.h>

#include "proc/resolver/query_log.h"

#define LINE_MAX_BYTES 2048
#define UUID_MAX       64

enum source { SOURCE_RECURSION, SOURCE_LOCAL, SOURCE_DATA, SOURCE_CACHE, SOURCES };

struct asked {
	int64_t     time; /* seconds since 1970 */
	char       *text; /* client, name, type, rcode, policy: one string each, NUL between */
	unsigned    milliseconds;
	enum source source;
	bool        is_blocked, is_dropped;
};

struct minute {
	int64_t  minute; /* since 1970; another one's: empty */
	uint32_t total, blocked, dropped, resolved, local, cached;
};

struct query_log {
	struct courier *courier;
	query_log_said *said; /* NULL: nobody is told */
	void           *said_context;
	pthread_mutex_t lock;
	pthread_t       thread;
	bool            is_running;
	_Atomic(bool)   is_ending;
	int             fd; /* -1: nobody is heard */
	/* What was said before the answer. */
	char            about[LINE_MAX_BYTES]; /* "CLIENT NAME TYPE" */
	char            policy[UUID_MAX];
	bool            is_ours, is_drop;
	/* What is known. */
	int64_t         since;
	struct minute   total, minutes[QUERY_LOG_MINUTES];
	struct asked   *ring; /* NULL: nothing was asked yet */
	size_t          next, count, room; /* room: QUERY_LOG_MAX at most */
};

enum piece { PIECE_CLIENT, PIECE_NAME, PIECE_TYPE, PIECE_RCODE, PIECE_POLICY };
