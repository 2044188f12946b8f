/* base/bug.h: for what only a mistake in our own code can cause. */
#pragma once

/* Log and abort. */
_Noreturn void bug_report(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define BUG_IF(condition, ...)                                        \
	do {                                                          \
		if (__builtin_expect(!!(condition), 0))               \
			bug_report(__FILE__, __LINE__, __VA_ARGS__);  \
	} while (0)

/* How many elements an array has. */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
