/* proc/service/runner_inside.h: the inside of the runner: runner.c is asked, step.c does one thing after the other, tell.c speaks with the daemons. */
#pragma once

#include "proc/service/program.h"
#include "proc/service/runner.h"
#include "proc/service/words.h"

struct service {
	struct service       *next;
	const struct program *program;
	char                  name[SERVICE_NAME_MAX + 1];
	int                   said[2]; /* a pipe with what it says, when somebody else is to hear it; else 0 */
	struct words         *words;   /* when we hear it; else NULL */
	bool                  is_wanted; /* by what was applied last */
};

enum step {
	STEP_IDLE,
	STEP_CHECK,  /* its checker runs */
	STEP_RELOAD, /* it was told to take the new files */
	STEP_READY,  /* it was started and has not answered yet */
	STEP_STOP,
};

struct task {
	struct task        *next;
	struct arena       *arena;
	struct text         bytes; /* sealed; of an apply */
	struct services     services;
	enum service_action action; /* of services.plans[0] when there are no bytes */
	runner_done        *done;
	void               *self;
	/* Where it is. */
	size_t         at;
	enum step      step;
	bool           is_new;    /* the files were replaced */
	bool           is_signalled;
	bool           is_back;   /* the daemon came back by itself and is to be told once more; there are no bytes */
	uint64_t       sleeps;    /* of the daemon before it was signalled */
	bool           was_up;    /* it ran before */
	bool           can_tell;  /* what is new can be taken while it runs */
	unsigned       starts;    /* of the daemon before this task */
	int64_t        deadline;  /* of the step */
	int64_t        fair_at;   /* when to be content with less than good */
	enum result    result;    /* of the first that failed */
	struct buffer  message;
	struct buffer  gone, told; /* lines that changed */
};

struct runner {
	struct loop       *loop;
	struct children   *children;
	struct supervisor *supervisor;
	struct service    *first;
	struct task       *tasks;
	struct timer       poll;
	bool               is_alone, is_ending;
	words_said        *said; /* NULL: daemons write where we do */
	void              *said_self;
};

#define STEP_POLL 20 /* ms between looks */

struct service *service_find(const struct runner *, struct text name);
/* Begin with the first task of the list. */
void            step_begin(struct runner *);
/* Time has passed. */
void            step_advance(void *runner);

/* Of the service a task is at. */
const struct service_plan *task_plan(const struct task *);
const struct program      *task_program(const struct task *);
const char                *task_directory(const struct task *);
struct daemon_status       step_status(const struct runner *, const char *name);

/* The end of the service that the first task is at; then comes the next one. */
void step_fail(struct runner *, enum result, const char *what, struct text said);
void step_succeed(struct runner *);
/* It has the new files and keeps them, but something is amiss: the task fails all the same. */
void step_complain(struct runner *, const char *what, struct text said);
/* Look again until the limit, in ms, is over. */
void step_wait(struct runner *, enum step, int64_t limit);

/* The files are in place and fine: see that the daemon has them. */
void tell_take(struct runner *);
/* Does it run, and is all that is new such that it can take it so? */
bool tell_can_reload(const struct runner *);
void tell_start(struct runner *);
void tell_ready(struct runner *, const struct daemon_status *);
/* Before the files are replaced: can the lines that changed be told alone? Then tell_changes() does it. */
bool tell_compare(struct task *);
void tell_changes(struct runner *);
/* Run a command of the program's row; false and errno when it cannot be started. */
bool tell_run(struct runner *, const char *const *command, void (*done)(void *runner, int status, struct text output));
