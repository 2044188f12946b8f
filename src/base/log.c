/* Writing log lines in one write(2) each, made safe to read in a terminal. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096

static _Atomic(const char *)  name = "drawbridge";
static _Atomic enum log_level limit = LOG_LEVEL_INFO;

static void (*tap)(void *context, int severity, const char *line);
static void *tap_context;

static const char *const words[] = { "error", "warning", "info", "debug" };
static const int         severities[] = { 3, 4, 6, 7 };

void
log_set_level(enum log_level level)
{
	atomic_store(&limit, level);
}

bool
log_is_on(enum log_level level)
{
	return level <= atomic_load_explicit(&limit, memory_order_relaxed);
}

void
log_set_name(const char *new_name)
{
	atomic_store(&name, new_name);
}

void
log_set_tap(void (*new_tap)(void *context, int severity, const char *line), void *context)
{
	tap = new_tap;
	tap_context = context;
}

/* Copy what is printable; the rest as \xNN. Returns how much of out is used. */
static size_t
escape(char *out, size_t room, const char *in)
{
	size_t used = 0;

	for (; *in && used + 5 < room; in++) {
		const unsigned char c = (unsigned char)*in;

		if (c >= 0x20 && c != 0x7f)
			out[used++] = (char)c;
		else
			used += (size_t)snprintf(out + used, room - used, "\\x%02x", c);
	}
	return used;
}

void
log_write(enum log_level level, const char *format, ...)
{
	char            message[LINE_MAX_BYTES], line[LINE_MAX_BYTES];
	struct timespec now;
	struct tm       utc;
	va_list         args;

	if (level > atomic_load(&limit))
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);

	size_t used = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%S", &utc);

	used += (size_t)snprintf(line + used, sizeof(line) - used, ".%03ldZ %s %s: ", now.tv_nsec / 1000000,
				 atomic_load(&name), words[level]);
	const size_t start = used;

	used += escape(line + used, sizeof(line) - used - 1, message);
	line[used++] = '\n';
	if (write(STDERR_FILENO, line, used) < 0 && !tap)
		return; /* nowhere to say it */
	line[used - 1] = '\0';
	if (tap)
		tap(tap_context, severities[level], line + start);
}
