/* tests/kernel/lab.h: network namespaces and programs for tests with the real kernel. */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"

/* Ends the test program as skipped, loudly, when namespaces or a program are missing. */
void lab_need(const char *program);
/* A network namespace of its own for this process; the one before is left (and ends with its last user). */
void lab_fresh(void);
/* Runs a program with these arguments (NULL last); its output is added. True when it ended with 0. */
bool lab_run(struct buffer *output, const char *const *argv);
#define LAB(output, ...) lab_run((output), (const char *const[]){ __VA_ARGS__, NULL })
