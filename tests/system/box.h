/*
 * tests/system/box.h: an instance in a sandbox, seen from within and from the other ends of its links.
 *
 * Needs root. em0 to em3 of the sandbox have peers of the same names outside, in one network namespace.
 */
#pragma once

#include "base/buffer.h"
#include "client.h"
#include "instance.h"

struct box {
	struct arena    *arena;
	struct instance *instance;
	struct client   *client;
};

enum where { INSIDE, OUTSIDE };

/* Ends the test program as skipped, loudly, without root or when one of the programs (absolute paths, NULL last) is missing. */
void        box_need(const char *program, ...) __attribute__((sentinel));
/* Started. */
struct box *box_new(void);
/* Of one that was started with --apply sandbox; it ends with the box. */
struct box *box_of(struct instance *);
void        box_free(struct box *);
/* Run a program there until it ends: its exit status, -1 when it was killed; what it printed is added to *out. argv[0] is absolute. */
int         box_run(const struct box *, enum where, struct buffer *out, const char *const *argv);
#define BOX_RUN(box, where, out, ...) box_run((box), (where), (out), (const char *const[]){ __VA_ARGS__, NULL })
/* Call a function in a process there; memory is as from fork(). 0: it returned. */
int         box_call(const struct box *, enum where, void (*act)(void *), void *argument);
/* Start one that goes on; box_end() ends it (SIGTERM) and waits. */
pid_t       box_start(const struct box *, enum where, const char *const *argv);
pid_t       box_start_to(const struct box *, enum where, const char *file, const char *const *argv); /* what it prints is added to the file */
void        box_end(pid_t);
/* Post and say what is at "status"; the test ends unless that is "ok". */
void        box_reconfigure(const struct box *, const char *service);
/* The process of the keeper's that runs this program; 0: none. */
pid_t       box_daemon(const struct box *, const char *program);
