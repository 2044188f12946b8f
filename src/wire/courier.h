/* wire/courier.h: giving orders and hearing of events, for the unprivileged side. */
#pragma once

#include "base/result.h"
#include "wire/message.h"

/*
 * A courier has one thread that reads the socket: replies go to whoever waits for them, events
 * to a function. Any thread may call; orders are given in turn, and answered when they are done: perhaps in another.
 */
struct courier;

struct courier_hooks {
	/* Both run on the courier's own thread; they must not call courier_ask(). May be NULL. */
	void (*event)(void *self, unsigned number, struct reader *body);
	/* The other side is gone, or sent nonsense: nothing works any more. Last thing that is called. */
	void (*ended)(void *self);
	void  *self;
};

/* Takes the socket. NULL when no thread can be had. */
struct courier *courier_new(int socket, const struct courier_hooks *);
/* Whoever waits for an answer gets none, nor does anybody later. */
void           courier_end(struct courier *);
void           courier_free(struct courier *); /* ends the thread; nobody may be calling */

/*
 * Give order `number` and wait for what comes of it. The reply must be initialised; it is the courier's
 * to clear in any case. Besides what the other side answers:
 * TOO_BIG: the order does not fit into a packet; UNAVAILABLE: no answer within the time (ms), or nobody there any more. After a time-out it may still be done.
 */
enum result courier_ask(struct courier *, unsigned number, const struct writer *body,
		       unsigned timeout, struct message *reply);

/* The same, with something to do while the other side is at it: it is done once the order is given, if it could be. */
struct courier_order {
	unsigned             number;
	const struct writer *body;
	unsigned             timeout;
	struct message      *reply;
	void (*meanwhile)(void *context);
	void                *context;
};

enum result courier_give(struct courier *, const struct courier_order *);
