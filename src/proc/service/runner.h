/* proc/service/runner.h: making the daemons so, one thing after the other, without ever making the keeper wait. */
#pragma once

#include "base/buffer.h"
#include "plan/service/service.h"
#include "proc/child/children.h"
#include "proc/child/loop.h"
#include "proc/child/supervise.h"
#include "proc/service/words.h"

struct runner;

enum service_action {
	SERVICE_START,
	SERVICE_STOP,
	SERVICE_RESTART,
	SERVICE_ACTIONS
};

/* Once, from the loop. The message is for people. */
typedef void runner_done(void *self, enum result, struct text message);

/*
 * is_alone: there is no user but root where we are (a sandbox), so daemons stay root. What an earlier keeper left running is
 * ended first. The loop and the children are the caller's.
 */
struct runner *runner_new(struct loop *, struct children *, bool is_alone);
/* Hear what daemons say that are started from now on, but for those that somebody else is to hear. */
void           runner_listen(struct runner *, words_said *, void *self);
/* Nothing may be running any more: see runner_end(). */
void           runner_free(struct runner *);

/*
 * Make it so: files written, checked by the daemon's own checker, put in place; the daemon started, told to take them, or
 * stopped; and asked whether it is ready. What fails is put back as it was, and the others are done all the same.
 * `bytes` is services_encode()d and from sealed_map(): taken, also when it is malformed (false, and `done` is not called).
 * UNAVAILABLE: a package is missing; REFUSED: the checker says no; FAILED: it does not start.
 */
bool runner_apply(struct runner *, struct text bytes, runner_done *, void *self);
/* The same program and files once more. MISSING: nothing of that name was ever applied. */
void runner_act(struct runner *, struct text name, enum service_action, runner_done *, void *self);
/* False: never heard of it. */
bool runner_status(const struct runner *, struct text name, struct daemon_status *out);
/* To its process. MISSING, REFUSED: it does not run. */
enum result runner_signal(struct runner *, struct text name, int signal);
/* By what was applied last, whatever somebody did to it by hand. False too: never heard of it. */
bool runner_wants(const struct runner *, struct text name);
/* The name of the n-th service that was ever wanted; NULL behind the last. */
const char *runner_name(const struct runner *, size_t n);

/* What it says, to be read without waiting, from now on; the caller's. -1: it is not heard, or was never wanted. */
int         runner_hear(const struct runner *, struct text name);

/* Stop all; what is under way is not answered any more. */
void runner_end(struct runner *, void (*done)(void *self), void *self);
