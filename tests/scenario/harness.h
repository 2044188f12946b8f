/*
 * tests/scenario/harness.h: the gate without sockets, threads and a machine.
 *
 * One process, one thread: requests run through their lanes one after the other, the store is in memory,
 * the clock is ours, and the box answers from a table and writes down what it was told.
 */
#pragma once

#include "api/request.h"
#include "json/read.h"
#include "store/store.h"

#define HARNESS_HEADERS_MAX 8
#define HARNESS_START       1764000000 /* seconds since 1970: when the clock starts */

struct harness;

/* Everything that is registered, an empty configuration. */
struct harness *harness_new(void);
void            harness_free(struct harness *);

struct service        *harness_service(struct harness *);
struct store          *harness_store(struct harness *);
/* The newest snapshot; lives until the harness is freed. */
const struct snapshot *harness_snapshot(struct harness *);

/* Put a record: field and value by turns, then NULL. uuid NULL: a new one, or a singleton. */
void harness_put(struct harness *, const char *resource, const char *uuid, ...) __attribute__((sentinel));
/* The same record with another value. */
void harness_change(struct harness *, const struct record *, const char *field, const char *value);
/* Move the clock on, and let what comes due happen. */
void harness_wait(struct harness *, const struct dialect_server *, unsigned seconds);

/*
 * What the box says about a topic, or a topic and its first argument ("service.status unbound"): JSON.
 * Without: RESULT_UNAVAILABLE. All must stay valid.
 */
void harness_box(struct harness *, const char *topic, const char *json);
/* How often the box was asked about a topic. */
unsigned harness_asked(const struct harness *, const char *topic);
/* What the next applies are answered: a result and a message. */
void harness_apply_fails(struct harness *, enum result, const char *message);
/* How often the box was told to apply, and which parts it was told last. */
unsigned harness_applied(const struct harness *, unsigned *parts);
/* Otherwise there are none. */
void harness_facts(struct harness *, struct facts);
/* Put every record of a snapshot. */
void harness_fill(struct harness *, const struct snapshot *);

struct ask {
	enum method method;
	const char *target; /* "/api/..." */
	const char *headers[HARNESS_HEADERS_MAX][2]; /* name and value */
	struct text body;
	bool        socket; /* from the administrator of the machine */
};

struct answer {
	unsigned    status;
	const char *type; /* "" when there is none */
	struct text body;
	struct text more; /* what a stream goes on with, the first time */
	const char *headers[REPLY_HEADERS_MAX][2];
	size_t      nheaders;
};

/* Serve one request to its end. The answer is made in the arena. */
struct answer harness_ask(struct harness *, struct arena *, const struct dialect_server *, const struct ask *);
const char   *answer_header(const struct answer *, const char *name); /* NULL: none */
