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

/* The keeper as orders see it: one for the life of the process, `greeted` for the life of a gate. */
struct post {
	enum apply_mode  apply;
	struct text      build;
	struct backends  backends;
	int64_t          started; /* loop_clock() */
	unsigned         gates;   /* how many were started */
	unsigned         rules_loaded;
	enum result      rules_result;
	bool             greeted;
	void           (*announce)(void *self, const struct announcement *);
	void            *self;
};

struct answer {
	enum result   result;
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
