/* plan/access/jobs.h: what is done by the clock: a closed list of commands. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "schema/snapshot.h"

#define JOBS_MAX           200
#define JOB_FIELD_MAX      100 /* bytes of one of the five fields */
#define JOB_PARAMETER_MAX  64
#define JOBS_BYTES_MAX     ((size_t)JOBS_MAX * 1024)

enum job_field { JOB_MINUTE, JOB_HOUR, JOB_DAY, JOB_MONTH, JOB_WEEKDAY, JOB_FIELDS };

/* What clients can choose: a call of an endpoint by POST. */
struct job_command {
	const char *name;
	const char *help;
	const char *path;
	bool        has_parameter; /* one more word of the path */
};
/* The n-th; NULL behind the last. */
const struct job_command *job_command_at(size_t n);

struct job {
	const char *fields[JOB_FIELDS]; /* as crontab(5) has them; the day "L" is the last one of a month */
	size_t      command;            /* of job_command_at() */
	const char *parameter;          /* "": none */
};

struct jobs {
	const struct job *jobs;
	size_t            n;
};

/* *missing says in words which cannot be had. In the arena. */
void jobs_read(struct arena *, const struct snapshot *, struct jobs *out, struct buffer *missing);

void jobs_encode(struct buffer *, const struct jobs *);
/* Strict, each value checked again; false leaves *out as it was. */
bool jobs_decode(struct arena *, struct text bytes, struct jobs *out);

/*
 * A file of /etc/cron.d. Lines are run by the tool itself and by no shell ("SHELL"), through this socket; in both paths a "%", which
 * means something to cron, is escaped. False: a path holds what could be taken for more than a word.
 */
bool jobs_print(const struct jobs *, const char *tool, const char *socket, struct buffer *out);
