/* proc/wall/confine.h: giving up everything that serving clients does not need, for good. */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "proc/place.h"

struct confinement {
	struct gate_user user;     /* to become */
	int              state_fd; /* the only directory that may be written; -1: none */
	bool             explain;  /* log the number of a forbidden system call; else the process just ends */
};

/*
 * To be called before there are threads. Afterwards: no capabilities and none to be had, no files but
 * those of the table in confine.c and the state directory, no programs, and system calls that are not in
 * filter.c end the process with SIGSYS. Returns false and a message when something that must hold cannot be had;
 * what the kernel does not know (Landlock before 5.13) is left out and named in *missing.
 */
bool confine(const struct confinement *, const char **missing, struct buffer *message);

/* Parts of it, in this order. False and errno when the kernel refuses. */
bool confine_user(const struct gate_user *); /* and capabilities, and life and death */
bool confine_files(int state_fd); /* Landlock */
bool confine_has_files(void);     /* does this kernel have it? */
bool confine_calls(bool explain); /* seccomp */
