/* proc/child/supervise.h: keeping programs running where no service manager does it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/result.h"
#include "proc/child/children.h"
#include "proc/child/loop.h"

/*
 * A program runs in the foreground as our child. When it fails it is started again, after a delay that doubles each time
 * up to a limit and is forgotten once it has lived for a while. When it ends in good order, as it does when somebody tells
 * it to (SIGTERM), it stays so until it is started. Stopping is SIGTERM to its process group, and SIGKILL if that does not
 * help. All functions return at once; what became of it is in the status.
 */
#define DAEMONS_MAX      64
#define DAEMON_NAME_MAX  63

/* In ms. */
struct supervise_times {
	unsigned delay_first; /* before the first new start */
	unsigned delay_last;  /* at most between starts */
	unsigned forget;      /* who lived so long gets delay_first again */
	unsigned patience;    /* from SIGTERM to SIGKILL */
};
extern const struct supervise_times supervise_times; /* the usual ones */

enum daemon_state {
	DAEMON_STOPPED,  /* not wanted, or ended in good order */
	DAEMON_RUNNING,
	DAEMON_WAITING,  /* failed, or could not be started: next try later */
	DAEMON_STOPPING, /* told to end */
};

struct daemon_status {
	enum daemon_state state;
	pid_t             pid;    /* 0: none */
	int64_t           since;  /* loop_clock() of the last change */
	unsigned          starts; /* in all */
	unsigned          losses; /* how often it ended unasked */
	int               ended;  /* of the last one that ended, as from waitpid() */
};

struct supervisor;

/* The loop and the children are the caller's, who also calls children_reap(). `changed` (may be NULL) hears of each change. */
struct supervisor *supervisor_new(struct loop *, struct children *, const struct supervise_times *,
				  void (*changed)(void *self, const char *name, const struct daemon_status *), void *self);
/* Nothing may be running any more: see supervisor_end(). */
void supervisor_free(struct supervisor *);

/*
 * See that it runs. argv (fixed, ends in NULL; argv[0] is an absolute path) and environment are copied. When it
 * runs already with the same argv and environment, nothing happens; with others it is started anew. TOO_BIG: too many daemons, or a name
 * that is too long. That the program cannot be started shows in the status only.
 */
enum result supervisor_start(struct supervisor *, const char *name, const char *const *argv,
			     const char *const *environment);
/* The same, and from its next start on it writes there, not to our standard error. The descriptor stays the caller's. */
enum result supervisor_start_to(struct supervisor *, const char *name, const char *const *argv,
				const char *const *environment, int output);
/* MISSING: never heard of it. */
enum result supervisor_stop(struct supervisor *, const char *name);
enum result supervisor_restart(struct supervisor *, const char *name);
/* Only to the process itself. REFUSED when it does not run. */
enum result supervisor_signal(struct supervisor *, const char *name, int signal);
enum result supervisor_status(const struct supervisor *, const char *name, struct daemon_status *out);

/* Stop all; `done` is called once nothing runs any more, perhaps at once. */
void supervisor_end(struct supervisor *, void (*done)(void *self), void *self);
