/* Wiring: the log of this process and what it notes go into the journal. */
#include "proc/record/records.h"

#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "proc/record/forward.h"

static int64_t
now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static void
put(struct journal *journal, enum journal_log log, int severity, const char *program, const char *line)
{
	journal_put(journal, log, &(struct journal_line){
		.time = now(), .severity = (uint8_t)severity, .pid = (uint32_t)getpid(), .program = text_of(program),
		.text = text_of(line) });
}

static void
take_line(void *context, int severity, const char *line)
{
	put(context, LOG_SYSTEM, severity, "drawbridge-gate", line);
}

void
records_note(void *context, const char *line)
{
	struct records *records = context;

	log_info("%s", line);
	put(records->journal, LOG_AUDIT, 5, "audit", line);
}

void
records_kept(void *context, const struct request *request)
{
	struct records *records = context;

	put(records->journal, LOG_AUDIT, 5, "audit",
	    arena_print(request->arena, "user %s changed configuration to revision %llu in %.*s", request_who(request),
			(unsigned long long)request->revision, TEXT_ARGS(text_first(request->path, 256))));
}

void
records_open(struct records *records, int state_fd)
{
	records->journal = journal_new(state_fd);
	log_set_tap(take_line, records->journal);
}

void
records_start(struct records *records, const struct recorder_setup *setup)
{
	struct recorder_setup own = *setup;

	own.journal = records->journal;
	atomic_store(&records->recorder, recorder_new(&own));
	records->forward = forward_new(own.courier, records->journal);
}

void
records_wake(struct records *records)
{
	recorder_wake(atomic_load(&records->recorder));
}

void
records_stop(struct records *records)
{
	recorder_free(atomic_exchange(&records->recorder, NULL));
	forward_free(records->forward);
	records->forward = NULL;
}

void
records_close(struct records *records)
{
	records_stop(records);
	log_set_tap(NULL, NULL);
	journal_free(records->journal);
}
