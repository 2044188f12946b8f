/* proc/jobs/jobs.h: diagnostics that go on by themselves: echo requests, and packets being written down. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "base/value.h"
#include "wire/courier.h"

#define JOBS_MAX         32   /* there may be */
#define JOBS_RUNNING_MAX 8    /* that ping */
#define PING_SECONDS_MAX 3600 /* then one ends by itself */
#define PING_SIZE_MAX    65507
#define SETTINGS_MAX     8192 /* bytes of a job's settings, as JSON */

struct jobs;

/* is_simulated: nothing is sent, and nobody answers. */
struct jobs *jobs_new(struct courier *, bool is_simulated);
/* Ends all of them. */
void         jobs_free(struct jobs *);

/* From any thread, as all of these; what is answered is made in the arena. kind: "ping" or "packet_capture". */
enum result jobs_make(struct jobs *, struct arena *, const char *kind, const char *settings, const char **uuid,
		      struct buffer *message);
/* Rows as search_jobs has them. */
struct value *jobs_list(struct jobs *, struct arena *, const char *kind);
/* How many processes it were; MISSING: no such job. */
enum result jobs_start(struct jobs *, const char *kind, const char *uuid, unsigned *processes, struct buffer *message);
enum result jobs_stop(struct jobs *, const char *kind, const char *uuid, unsigned *processes);
enum result jobs_remove(struct jobs *, const char *kind, const char *uuid, unsigned *processes);

/* What a capture has, by link: for each file. MISSING: no such job. */
struct captured {
	const char *link;
	struct text file; /* pcap */
};
enum result jobs_captured(struct jobs *, struct arena *, const char *uuid, const struct captured **, size_t *count,
			  const struct value **settings);

/* A socket for looking at others, from the keeper; -1 and a message. The source may be "". */
int jobs_socket(struct courier *, unsigned kind, bool inet6, const char *source, unsigned port, struct buffer *message);
/* The first address of a name in this family; asks the name servers. False: none. */
struct sockaddr_storage;
bool jobs_resolve(const char *name, bool inet6, struct sockaddr_storage *, unsigned *size);
