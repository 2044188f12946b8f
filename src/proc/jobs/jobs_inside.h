/* proc/jobs/jobs_inside.h: the inside of jobs, for the files of this folder. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/uuid.h"
#include "proc/jobs/jobs.h"

#define LINKS_PER_JOB 8

/* What a ping has measured; times in microseconds. */
struct ping_counts {
	uint64_t sent, received;
	double   least, most, sum, squares;
	char     error[128]; /* "": none */
};

struct ping {
	pthread_t       thread;
	bool            has_thread;
	_Atomic(bool)   is_ending, is_running;
	pthread_mutex_t lock; /* of the counts */
	struct ping_counts counts;
	int64_t         started; /* ms; for those that are only simulated */
};

struct capture {
	char     link[16];
	uint32_t id;   /* the keeper's; 0: not running */
	int      file; /* -1: none */
};

struct job {
	struct uuid          uuid;
	bool                 is_capture;
	struct arena        *arena;    /* of the settings */
	const struct value  *settings;
	struct ping          ping;
	struct capture       captures[LINKS_PER_JOB];
	size_t               ncaptures;
	struct job          *next;
};

struct jobs {
	pthread_mutex_t lock;
	struct courier *courier;
	bool            is_simulated;
	struct job     *first; /* newest first */
	size_t          count;
};

/* A setting as text; "" when it is not there. */
const char *job_setting(const struct job *, const char *name);

/* ping.c */
enum result ping_start(struct jobs *, struct job *, struct buffer *message);
/* Waits for its end. */
void        ping_stop(struct job *);
void        ping_put(struct arena *, struct value *row, struct jobs *, struct job *);

/* capture.c */
enum result job_capture_start(struct jobs *, struct job *, struct buffer *message);
unsigned    job_capture_stop(struct jobs *, struct job *);
void        job_capture_clear(struct job *);
/* Notes which have ended. */
bool        job_capture_runs(struct jobs *, struct job *);
