/* proc/service/query.h: the closed table of what daemons can be asked. */
#pragma once

#include "base/result.h"
#include "base/text.h"
#include "proc/child/children.h"
#include "proc/child/loop.h"
#include "proc/service/runner.h"

#define QUERY_NAME_MAX     47                        /* bytes: "unbound.stats" */
#define QUERY_ARGUMENT_MAX 255
#define QUERY_ANSWER_MAX   ((size_t)64 * 1024 * 1024)

/* Once, from the loop or before query_start() returns. The text is the daemon's answer, or says why there is none. */
typedef void query_done(void *self, enum result, struct text);

struct query_order {
	struct text name, argument;
	query_done *done;
	void       *self;
};

/*
 * The argument takes the place of "%s" in what is asked; it is empty where nothing is, else letters, digits and ".:_@/+-", not
 * beginning with "-"; before it stand the name of an instance and "/" where there are several. False: no such query, or a wrong argument; `done` is not called. UNAVAILABLE: nobody answers, or no daemon
 * is ours (the runner is NULL).
 */
bool query_start(struct loop *, struct children *, struct runner *, const struct query_order *);
