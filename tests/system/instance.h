/*
 * tests/system/instance.h: a drawbridged of our own, started and ended as its users would.
 *
 * The programs are given to the test on its command line: drawbridged, then drawbridge.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

#define INSTANCE_ARGUMENTS_MAX 24
#define USER                   "admin"
#define PASSWORD               "pfsense"
#define KEY                    "k1"
#define SECRET                 "s1"

struct instance {
	struct arena *arena;
	pid_t         pid;      /* the keeper; 0: not running */
	int           out;      /* what it says on standard output */
	int           port_fd;  /* keeps its port; -1: none */
	const char   *url;      /* NULL: none is served */
	const char   *folder;   /* ours alone; goes away with the instance */
	const char   *log;      /* what it said on standard error since instance_new() */
	const char   *state;    /* NULL: ephemeral */
	const char   *socket;   /* of the command line tool; NULL: ephemeral */
	const char   *user, *password, *key, *secret;
	const char   *arguments[INSTANCE_ARGUMENTS_MAX];
	uid_t         run_as;   /* 0: as ourselves */
	pid_t         room;     /* starts with the files and the name of this process; 0: ours */
};

/* Where the programs are; every test program begins with it. */
void instance_programs(int argc, char *const argv[]);

/* All are made without being started. In memory, with the login above and the arguments, which end with NULL. */
struct instance *instance_new(const char *argument, ...) __attribute__((sentinel));
/* With a state directory, on a port of its own. tls: with a certificate made at its first start. */
struct instance *instance_lasting(bool tls);
/* Another one, on the same port of another loopback address. certificate, key: PEM files; NULL: made at its first start. */
struct instance *instance_beside(const struct instance *, const char *address, const char *certificate, const char *key);
void             instance_free(struct instance *); /* ends it */

/* Ends the test when it does not come up. */
void instance_start(struct instance *);
/* instance_new("--plain", "--apply", where), started. */
struct instance *instance_plain(const char *where);
/* SIGTERM; how many ms it took. Ends the test unless it ended well. */
int64_t instance_stop(struct instance *);
/* SIGKILL: the keeper and the gate, or the keeper alone. */
void instance_kill(struct instance *);
void instance_kill_keeper(struct instance *);
/* The process that serves clients; 0: there is none now. */
pid_t instance_gate(const struct instance *);
/* Wait until a gate whose keeper is gone has ended too: how many ms it took; -1: it is still there. */
int64_t gate_wait(pid_t gate, int limit);
/* Is there such a line in its log? */
bool instance_said(const struct instance *, const char *part);

/* Run the command line tool: its exit status; what it printed is added to *out. Arguments end with NULL. */
struct buffer;
int instance_cli(const struct instance *, struct buffer *out, const char *argument, ...) __attribute__((sentinel));

int64_t milliseconds(void);   /* a clock that only moves on */
void    wait_a_little(int milliseconds);
