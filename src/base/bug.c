/* Saying what went wrong before the end. */
#include "base/bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void
bug_report(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "bug: %s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}
