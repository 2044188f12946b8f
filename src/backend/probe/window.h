/* backend/probe/window.h: what became of the last probes to one target. Pure: who calls has the clock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/probe.h"

#define WINDOW_SAMPLES_MAX 3600
#define WINDOW_INTERVAL_MIN 100 /* ms between probes, whatever is asked for */

/*
 * A gateway that suddenly says nothing at all is not waited for until its window is full: as soon as an answer is later
 * than usual it is asked faster, and it is down when so many questions in a row were not answered. It is back when so many
 * were, and the window does not say otherwise. Times in us.
 */
#define WINDOW_SILENT     5
#define WINDOW_BACK       3
#define WINDOW_FAST       200000  /* between these questions */
#define WINDOW_PATIENCE   200000  /* at least */
#define WINDOW_UNKNOWN    500000  /* before anything has come back */

struct window;

struct window *window_new(const struct probe *);
void           window_free(struct window *);

/* When the next probe is due, and when what was sent is to be looked at. */
int64_t  window_due(const struct window *);
int64_t  window_look(const struct window *);
/* One goes out now: its number. */
uint32_t window_send(struct window *, int64_t now);
/* It could not be sent. */
void     window_lose(struct window *, uint32_t number);
/* An answer. False: to nothing that is waited for. */
bool     window_answer(struct window *, uint32_t number, int64_t now);
/* Those that came too late are lost. */
void     window_expire(struct window *, int64_t now);
struct probe_result window_result(const struct window *);
const struct probe *window_probe(const struct window *);
