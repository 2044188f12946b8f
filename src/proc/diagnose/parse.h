/*
 * proc/diagnose/parse.h: files of the kernel (wire/system.h) taken apart. What does not look as expected is left out; texts point
 * into the file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/text.h"

/* Cut the next word off the front of a line: blanks and tabs separate. False: none is left. */
bool parse_word(struct text *rest, struct text *word);
/* The next word as a number; 0 when it is none. */
int64_t parse_number(struct text *rest);

/* --- Counters ------------------------------------------------------------------------------------------ */

#define COUNTERS_MAX 1024

struct counter {
	struct text section, name; /* "Tcp", "InSegs" */
	int64_t     number;
};

struct counters {
	const struct counter *list;
	size_t                n;
};

/* /proc/net/snmp and netstat: lines of names and lines of numbers by turns. */
struct counters parse_counters(struct arena *, struct text file);
/* /proc/net/snmp6 and sockstat's like: "Ip6InReceives 5" belongs to Ip6. */
struct counters parse_counters6(struct arena *, struct text file);
/* 0: it is not there. */
int64_t         counters_get(const struct counters *, const char *section, const char *name);
/* "InReceives" as "in-receives"; made in the arena. */
const char     *counter_name(struct arena *, struct text name);

/* "name number" in lines, or "name: number kB": of /proc/meminfo and our own. 0: it is not there. */
int64_t parse_named(struct text file, const char *name);

/* --- Sockets ------------------------------------------------------------------------------------------- */

#define SOCKETS_MAX 65536

struct socket_row {
	struct address local, remote;
	uint16_t       local_port, remote_port;
	uint8_t        state; /* TCP_* of the kernel */
	uint32_t       uid;
	uint64_t       inode;
};

/* /proc/net/tcp, udp, raw and those with a 6. */
size_t parse_sockets(struct text file, struct socket_row *out, size_t room);
/* One line of /proc/net/unix: {address, type, path}. False: it is none. */
struct unix_row {
	struct text address, path;
	unsigned    type, references;
	uint64_t    inode;
};
bool parse_unix(struct text line, struct unix_row *out);

/* Who has a socket open. */
struct owner_row {
	uint64_t    inode;
	uint32_t    uid, pid;
	struct text command;
};
bool parse_owner(struct text line, struct owner_row *out);

/* --- The machine --------------------------------------------------------------------------------------- */

/* Ticks of all processors since the start. */
struct cpu_times {
	uint64_t user, nice, sys, idle, interrupts;
	uint64_t total;
};
bool parse_cpu(struct text file, struct cpu_times *out);
/* In parts of a hundred of the time between two, rounded. */
struct cpu_share {
	unsigned total, user, nice, sys, interrupts, idle;
};
struct cpu_share cpu_share(const struct cpu_times *before, const struct cpu_times *now);

/* The model, and how many cores and threads there are. */
struct processors {
	struct text model;
	unsigned    cores, threads;
};
struct processors parse_processors(struct text file);

/* One line of SYSTEM_PROCESSES. */
struct process_row {
	uint32_t    uid, pid;
	struct text name, command; /* command: empty for the kernel's own */
	char        state;
	int64_t     priority, nice, threads;
	uint64_t    ticks, started; /* started: ticks since the start of the machine */
	uint64_t    size, resident; /* bytes; pages */
	int         cpu;
};
bool parse_process(struct text line, struct process_row *out);

/* One line of /proc/slabinfo. */
struct slab_row {
	struct text name;
	int64_t     active, total, size;
};
bool parse_slab(struct text line, struct slab_row *out);
