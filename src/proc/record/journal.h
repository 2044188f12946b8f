/* proc/record/journal.h: logs by name: the newest lines in memory, and the same in files of the state directory. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

/* Of each log. What goes beyond is forgotten, oldest first. */
#define JOURNAL_LINES_MAX 20000
#define JOURNAL_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define JOURNAL_FILE_MAX  ((size_t)2 * 1024 * 1024) /* then NAME.log becomes NAME.log.1 */
#define JOURNAL_TEXT_MAX  3072                      /* bytes of a line; the rest is cut off */

enum journal_log {
	LOG_SYSTEM,
	LOG_FILTER,
	LOG_AUDIT,
	LOG_BACKEND, /* what the keeper was told to do */
	LOG_RESOLVER,
	LOG_DHCP,
	LOG_DNSMASQ,
	LOG_TIME,
	LOG_GATEWAYS,
	LOG_ROUTING,
	LOG_IPSEC,
	LOG_OPENVPN,
	LOG_WIREGUARD,
	LOG_PPP,
	LOG_PORTAL,
	LOG_IDS,
	LOG_MONIT,
	LOGS
};

struct journal;

/* state_fd: the state directory, where lines of before are read from; -1: nothing is kept. */
struct journal *journal_new(int state_fd);
void            journal_free(struct journal *);

/* From any thread, as everything here. Control characters in texts become blanks. */
struct journal_line {
	uint64_t    number;   /* given by the journal: 1 and up in each log */
	int64_t     time;     /* microseconds since 1970 */
	uint8_t     severity; /* as of RFC 5424 */
	uint32_t    pid;      /* 0: none */
	struct text program, text;
	struct text note;     /* not part of the line; may be empty */
};

void journal_put(struct journal *, enum journal_log, const struct journal_line *);
/* Be given each line after it was put; NULL: nobody is. By whoever puts it, so it must not wait. */
typedef void journal_tap(void *context, enum journal_log, const struct journal_line *);
void journal_set_tap(struct journal *, journal_tap *, void *context);
/* Unless it is there already, with the same time. */
void journal_put_once(struct journal *, enum journal_log, const struct journal_line *);
void journal_clear_log(struct journal *, enum journal_log);

/* Which lines. Zeros: all. */
struct journal_query {
	struct text phrase;     /* words that all must be in the line, in any case */
	unsigned    severities; /* bits; 0: any */
	int64_t     since;      /* time */
	uint64_t    after;      /* number */
	size_t      skip, take; /* of those that match; take 0: all */
	bool        oldest_first;
};

struct journal_lines {
	const struct journal_line *lines;
	size_t                     n;
	uint64_t                   matches; /* also those that were skipped or not taken */
	uint64_t                   newest;  /* number of the last line of the log */
};

/* Copied into the arena; newest first. */
void journal_read(struct journal *, struct arena *, enum journal_log, const struct journal_query *, struct journal_lines *);

const char *journal_name(enum journal_log); /* "filter" */
/* The log of what a program says. */
enum journal_log journal_of(struct text program);
/* The log that an upstream module and scope stand for. False: none. */
bool journal_find(struct text module, struct text scope, enum journal_log *);
