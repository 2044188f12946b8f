/* proc/child/children.h: starting processes and hearing of their end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * What a child gets. Its standard input is /dev/null; its standard output and error are `output` or our standard
 * error; descriptor 3+i is fds[i]; everything else is closed. Signals are as at the start of any
 * process, and it leads a process group of its own. It is told to end (SIGTERM) when we die, unless it becomes another user.
 */
struct spawn {
	const char        *path;       /* absolute; NULL: `file` */
	int                file;       /* an open executable */
	const char *const *argv;       /* ends in NULL */
	const char *const *environment; /* ends in NULL */
	const int         *fds;
	size_t             nfds;       /* at most SPAWN_FDS_MAX */
	int                output;     /* 0: our standard error */
};

#define SPAWN_FDS_MAX 64

/* A running child. The struct is the caller's and stays until `ended` was called. */
struct child {
	void       (*ended)(void *self, int status); /* status as from waitpid() */
	void        *self;
	pid_t        pid; /* 0: not running */
	struct child *next;
};

struct children {
	struct child *first;
};

/* False and errno when it cannot be started; then `ended` is not called. */
bool children_start(struct children *, struct child *, const struct spawn *);
/* To its process group; nothing when it is not running. */
void child_signal(const struct child *, int signal);
/* To itself alone, which tells those that it made as it wants to. */
void child_tell(const struct child *, int signal);
/* Take leave of all that have ended, ours and those we inherited. To be called on SIGCHLD. */
void children_reap(struct children *);
/* SIGTERM, SIGINT, SIGHUP and SIGCHLD come through this descriptor (signalfd) from now on; -1 and errno. */
int  children_catch_signals(void);
/* "exited with 3", "was killed by signal 9": for logs. */
const char *child_status_words(int status, char *room, size_t size);
