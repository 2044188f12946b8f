/* proc/orders.h: obeying what the gate asks; the closed table is in orders.c. */
#pragma once

#include <stdbool.h>

#include "backend/backends.h"
#include "proc/options.h"
#include "wire/order.h"
#include "wire/reader.h"
#include "wire/writer.h"

/* What an instance tells the one who started it. */
struct announcement {
	struct text url, user, password, key, secret;
};

struct children;
struct loop;
struct packages;
struct runner;

/* On our standard output, as one line of JSON. */
void announcement_print(const struct announcement *);
struct captures;
struct news;
struct feeds;
struct probes;

/* The keeper as orders see it: one for the life of the process, `greeted` for the life of a gate. */
struct post {
	enum apply_mode  apply;
	struct text      build;
	struct backends  backends;
	struct feeds    *feeds; /* NULL: there are none */
	struct captures *captures; /* NULL: there are none */
	struct news     *news; /* NULL: nothing is heard */
	struct probes   *probes; /* NULL: nothing is probed, whatever is asked for */
	int64_t          started; /* loop_clock() */
	unsigned         gates;   /* how many were started */
	unsigned         rules_loaded;
	enum result      rules_result;
	bool             greeted;
	unsigned         command_limit, commands; /* seconds a command may take, 0: none may run; how many run */
	const char      *socket; /* of the command line tool; NULL: there is none */
	struct loop     *loop;
	struct children *children;
	struct runner   *runner; /* of the daemons; NULL: they are not ours */
	bool             is_trying; /* a checker runs: proc/service/trial.h */
	struct packages *packages;
	bool             owns_machine; /* not a network of it, nor a sandbox */
	uint32_t         order;  /* the id of the one that is obeyed */
	void           (*announce)(void *self, const struct announcement *);
	/* The answer to an order that said it comes later: a descriptor, which is taken, or else (-1) a message. */
	void           (*answer)(void *self, uint32_t order, unsigned number, enum result, struct text message, int fd);
	void            *self;
};

struct answer {
	enum result   result;
	bool          is_later; /* there is none yet */
	struct writer body;
};

/* Not done, and why; always true, so that handlers can return it. */
bool answer_refuse(struct answer *, enum result, struct text why);

/*
 * Do what is asked and put together the answer, which the caller has initialised. False: malformed, unknown or
 * out of turn, which ends the peer.
 */
bool order_obey(struct post *, unsigned number, struct reader *in, struct answer *out);

/* For logs. */
const char *order_name(unsigned number);
