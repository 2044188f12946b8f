/* proc/record/records.h: all that is written down in the gate: its journal, and who fills it. */
#pragma once

#include "api/request.h"
#include "proc/record/recorder.h"

struct records {
	struct journal            *journal;
	_Atomic(struct recorder *) recorder; /* NULL: not started */
	struct forward            *forward;  /* likewise */
};

/* The journal, with what was kept before; what this process logs is in it from now on. state_fd -1: in memory only. */
void records_open(struct records *, int state_fd);
/* Fetch what the keeper has heard, now and when woken. */
void records_start(struct records *, const struct recorder_setup *); /* its journal is filled in here */
void records_wake(struct records *);
void records_stop(struct records *); /* nothing is fetched any more */
void records_close(struct records *);

/* A line for those who watch who comes in: into the log of this program, and the audit log. The context is the records. */
void records_note(void *records, const char *line);
/* A change was kept. The context is the records. */
void records_kept(void *records, const struct request *);
