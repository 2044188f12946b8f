/* proc/service/words.h: what a daemon says on its standard outputs, line by line. */
#pragma once

#include "base/text.h"
#include "proc/child/loop.h"
#include "proc/service/program.h"

#define WORDS_LINE_MAX 2048 /* bytes; a longer one comes in pieces */

/* From the loop. The line has no end and nothing that is not printable. */
typedef void words_said(void *self, const char *program, struct text line);

struct words;

/* NULL and errno: there is no pipe. Lines with what the program leaves unsaid are passed over. */
struct words *words_new(struct loop *, const struct program *, words_said *, void *self);
void          words_free(struct words *); /* NULL is fine */
/* The end of what it said, its lines divided by "; "; until the next call. Empty of NULL. */
struct text   words_last(struct words *);
/* Where it is to write; 0 of NULL: where we do. It stays ours. */
int           words_fd(const struct words *);
