/* base/log.h: one line for each thing worth knowing. Only proc/, cli/ and main log. */
#pragma once

#include <stdbool.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/* Lines go to standard error. Nothing above this level is written. The default is info. */
void log_set_level(enum log_level);
/* Is it worth working out what to write? */
bool log_is_on(enum log_level);
/* Put in front of each line: "gate", "keeper". Must stay valid. */
void log_set_name(const char *name);

/*
 * Who else gets each line, escaped, without time and name; severity as of RFC 5424. Called by whoever logs, on any
 * thread; must not log. To be set before there are other threads; NULL: nobody.
 */
void log_set_tap(void (*tap)(void *context, int severity, const char *line), void *context);

/* Control characters, quotes of lines and escapes in what is printed come out as \xNN: a client cannot forge a line. */
void log_write(enum log_level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(...)   log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)    log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)   log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)
