/* tests/unit/plan/planned.h: a configuration made record by record, and what becomes of it. */
#pragma once

#include "plan/service/planner.h"

struct planned {
	struct arena    *arena;
	struct snapshot *snapshot;
	bool             is_alone, kernel_has_esp, allows_commands;
	struct services  services; /* of the last planned_read() */
	struct buffer    missing;
};

struct planned *planned_new(void);
void            planned_free(struct planned *);
/*
 * Keep a record; uuid NULL: a singleton's, or the next number. Of one that is there already other fields stay as they are. Fields and
 * values by turns, then NULL; nothing is checked.
 */
void planned_put(struct planned *, const char *resource, const char *uuid, ...) __attribute__((sentinel));
/* Plan this program. */
void planned_read(struct planned *, const char *program);
/* A file of the service, as a string; "" when there is none. */
const char *planned_file(const struct planned *, const char *service, const char *file);
/*
 * Put the service's files where the checker wants them ("%s" in one of its words is their directory) and run it: its exit
 * status; the test ends as skipped, loudly, when there is no such program.
 */
int planned_check(struct planned *, const char *service, const char *const *checker, struct buffer *said);
/* Run a program to its end: its exit status, and what it said; skipped likewise. */
int planned_run(const char *const *words, struct buffer *said);
/* Is each line of the text empty, a comment or one that begins with one of the words, which end with NULL? */
bool lines_begin_with(const char *text, const char *const *words);

/* Texts that end, begin or break something in some grammar; ends with NULL. */
extern const char *const hostile_texts[];
