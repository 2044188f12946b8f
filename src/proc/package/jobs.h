/*
 * proc/package/jobs.h: jobs on the packages of the machine, one at a time, done by its own package manager. What is
 * run stands in one table; a name is all that comes from outside.
 */
#pragma once

#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"
#include "proc/child/children.h"
#include "proc/child/loop.h"
#include "wire/packages.h"

struct packages;

/* may_change: the packages are ours to change; else jobs that only look are all there is. */
struct packages *packages_new(struct loop *, struct children *, bool may_change);
/* Nothing may be running any more, or nobody reaps it. NULL is fine. */
void             packages_free(struct packages *);

/* Debian's rule for names, and nothing that an option or a pattern begins with. */
bool package_name_is_valid(struct text);

/*
 * Begin a job; the name is "" for actions that want none. CONFLICT: one is running. UNAVAILABLE: changing is not ours, or
 * there is no such program. INVALID: a name is missing, too many or none. The message says which.
 */
enum result packages_start(struct packages *, enum package_action, struct text name, struct buffer *message);

struct package_status {
	enum package_state  state;
	enum package_action action;
	int64_t             began; /* seconds since 1970 */
	struct text         log;   /* so far; until the next call of anything here, or of the loop */
};

/* The last job, or the last check. */
struct package_status packages_status(struct packages *, bool of_check);
void                  packages_forget_log(struct packages *); /* of the last job, unless it is running */
