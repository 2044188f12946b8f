/* proc/service/runner_inside.h: the inside of the runner, for runner.c, which is asked, and step.c, which does it. */
#pragma once

#include "proc/service/program.h"
#include "proc/service/runner.h"

struct service {
	struct service       *next;
	const struct program *program;
	char                  name[SERVICE_NAME_MAX + 1];
	int                   said[2]; /* a pipe with what it says, when somebody is to hear it; else 0 */
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
	bool           was_up;    /* it ran before */
	bool           can_tell;  /* what is new can be taken while it runs */
	unsigned       starts;    /* of the daemon before this task */
	int64_t        deadline;  /* of the step */
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
};

struct service *service_find(const struct runner *, struct text name);
/* Begin with the first task of the list. */
void            step_begin(struct runner *);
/* Time has passed. */
void            step_advance(void *runner);
