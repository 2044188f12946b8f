/*
 * bench/rig.h: what the benchmarks of the whole daemon share: starting it and its reference, asking over
 * connections that stay open, and figures.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

/* Credentials that the daemon is started with, as Authorization headers. */
#define RIG_KEY      "Authorization: Basic azE6czE=\r\n"         /* k1:s1 */
#define RIG_PASSWORD "Authorization: Basic YWRtaW46cGZzZW5zZQ==\r\n" /* admin:pfsense */

struct rig {
	pid_t    pid; /* of the keeper, or the reference */
	pid_t    gate;
	int      hold; /* the reference ends when this is closed */
	uint16_t port;
	double   started; /* rig_now() just before */
	char     key[320];      /* Authorization headers: with its API key */
	char     password[320]; /* and with its password */
};

double rig_now(void); /* seconds */

/* Ends the program with 77 when a thing is missing, with 1 when one goes wrong. */
void rig_skip(const char *what) __attribute__((noreturn));
void rig_fail(const char *what) __attribute__((noreturn));

/*
 * The daemon, as it starts with these further arguments (NULL-terminated) and --plain, on a port of its own:
 * an ephemeral one unless the first of them is --state.
 */
struct rig rig_daemon(const char *program, const char *const *more);
/* bench_http_bare with a canned reply of so many bytes. */
struct rig rig_bare(const char *program, size_t bytes);
void       rig_end(struct rig *);

int         rig_connect(const struct rig *);
/* A whole request, in the arena. body NULL: GET. */
const char *rig_request(struct arena *, const char *target, const char *credentials, const char *type, const char *body);
/* Send and wait for the whole answer; gives its status, and the answer's body in out (may be NULL). */
unsigned    rig_ask(int fd, const char *request, struct buffer *out);
/* Median of the seconds that each request takes, one after the other on one connection; high gets the 99th percentile. */
double      rig_time(int fd, const char *const *requests, size_t count, double *high);
/* Requests per second over so many connections, for so long, each connection asking again as it is answered. */
double      rig_load(const struct rig *, const char *request, unsigned connections, double seconds);

double      rig_median(double *, size_t count);
/* Run a program to its end with output thrown away; false: it said no or is not there. out: a file for its standard output. */
bool        rig_run(const char *const *argv, const char *out);
/* Median of the seconds that a daemon takes for the files that are there, asked on its socket in the sandbox's /run. */
double      rig_reload(const struct rig *, const char *socket, const char *request);
/* RSS of a process in kB. */
long        rig_memory(pid_t);
/* The most it had since rig_memory_reset(), in kB. */
long        rig_memory_peak(pid_t);
void        rig_memory_reset(pid_t);
/* Number with its unit, in the arena: "4.4 ms". */
const char *rig_print(struct arena *, double seconds);
void        rig_report(const char *what, const char *ours, const char *reference, const char *which);
/* A file with this content, which goes away when the program ends; its name is in the arena. */
const char *rig_file(struct arena *, struct text content);
/* config.xml with aliases, rules and one alias of addresses. */
struct text rig_config(struct arena *, unsigned aliases, unsigned rules, unsigned addresses);
