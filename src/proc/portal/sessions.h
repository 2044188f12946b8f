/*
 * proc/portal/sessions.h: who is logged on at the captive portal. Only memory: what the packet filter lets in, portal.c keeps
 * alike. Not safe for threads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/buffer.h"
#include "base/value.h"

#define SESSIONS_MAX           8192 /* of all zones */
#define SESSION_ADDRESSES_MAX  8    /* that one device has */
#define SESSION_NAME_MAX       255  /* bytes of a user's name, and of a server's */
#define SESSION_ID_BYTES       12   /* of chance; twice as many digits */
#define SESSIONS_BYTES_MAX     ((size_t)16 * 1024 * 1024) /* of all, written down */

enum session_way { SESSION_IN, SESSION_OUT, SESSION_WAYS }; /* from it, to it */

struct session_traffic {
	uint64_t packets[SESSION_WAYS], bytes[SESSION_WAYS];
};

struct session_address {
	struct address         address;
	struct session_traffic counted; /* as the packet filter said last */
	bool                   is_old[SESSION_WAYS]; /* of a gate before this one: where its counter stands is not known */
};

/* Times are in seconds since 1970. */
struct session {
	char                   id[SESSION_ID_BYTES * 2 + 1];
	unsigned               zone;
	char                   user[SESSION_NAME_MAX + 1], via[SESSION_NAME_MAX + 1]; /* how it came in: a server, "API" or "" */
	struct session_address addresses[SESSION_ADDRESSES_MAX]; /* the first is the one that logged on */
	size_t                 naddresses;
	bool                   has_mac;
	uint8_t                mac[6];
	int64_t                started, seen; /* seen: the last time that something came from it */
	int64_t                ends;          /* 0: when the zone says */
	struct session_traffic traffic;       /* of all its addresses, since it began */
};

struct sessions {
	struct session *list; /* malloc'ed */
	size_t          count, room;
};

void sessions_clear(struct sessions *);

/* A new one with a copy of this; NULL: there are too many. What was given out before may have moved. */
struct session *sessions_add(struct sessions *, const struct session *);
/* The last one takes its place. */
void            sessions_remove(struct sessions *, struct session *);
/* NULL: none. */
struct session *sessions_of_address(const struct sessions *, unsigned zone, const struct address *);
struct session *sessions_with_id(const struct sessions *, struct text id);

/* False: there is no room for one more. */
bool session_add_address(struct session *, const struct address *);
/* Its packets so far, when the kernel says this of one of its addresses. A counter that fell has begun anew. */
void session_count(struct session *, struct session_address *, enum session_way, uint64_t packets, uint64_t bytes, int64_t now);
/* Why it is over by now; NULL: it is not. Minutes, 0: for ever. */
const char *session_over(const struct session *, unsigned idle_minutes, unsigned hard_minutes, int64_t now);
/* How many seconds it has still; -1: no end is set. */
int64_t     session_left(const struct session *, unsigned hard_minutes, int64_t now);

/* As clients see it. */
struct value *session_value(struct arena *, const struct session *);

/* All of it as JSON, and back; what is malformed is left out. */
void sessions_write(const struct sessions *, struct buffer *out);
void sessions_read(struct sessions *, struct text);
