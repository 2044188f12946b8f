/* proc/child/loop.h: waiting for descriptors and times, in one thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct loop;

/* A descriptor that is looked at. The struct and the descriptor are the caller's and stay until loop_unwatch(). */
struct watch {
	int    fd;
	void (*ready)(void *self); /* something to read, or the end */
	void  *self;
};

/* Something to do once, later. The struct is the caller's; zeroed but for due and self is "not running". */
struct timer {
	void        (*due)(void *self);
	void         *self;
	int64_t       at; /* ms, monotonic clock; the loop's business */
	struct timer *next;
	bool          running;
};

struct loop *loop_new(void);
void         loop_free(struct loop *); /* watches and timers are forgotten */

void loop_watch(struct loop *, struct watch *);
void loop_unwatch(struct loop *, struct watch *);

void loop_start(struct loop *, struct timer *, int64_t in_ms); /* again, if it was running */
void loop_cancel(struct loop *, struct timer *);

/* Until loop_end(), which any function called by it may call. */
void loop_run(struct loop *);
void loop_end(struct loop *);

int64_t loop_clock(void); /* ms, monotonic */
