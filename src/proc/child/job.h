/* proc/child/job.h: a program that is run once, with its output. */
#pragma once

#include "base/text.h"
#include "proc/child/children.h"
#include "proc/child/loop.h"

#define JOB_OUTPUT_MAX (1024 * 1024) /* bytes that are kept of what it says; the rest is read and dropped */

struct job;

struct job_order {
	const char *const *argv;        /* fixed, ends in NULL; argv[0] is an absolute path. Used until job_start() returns */
	const char *const *environment; /* ends in NULL */
	unsigned           limit;       /* ms; then it is killed */
	/* Once, and the job is gone. status as from waitpid(); output is what it wrote, errors included. */
	void (*done)(void *self, int status, struct text output);
	void *self;
	bool  ends_full; /* it is killed too when it has said JOB_OUTPUT_MAX bytes */
};

/* NULL and errno when it cannot be started; then `done` is not called. The caller calls children_reap(). */
struct job *job_start(struct loop *, struct children *, const struct job_order *);
/* What it wrote so far; until the loop runs again. */
struct text job_output(const struct job *);
