/* The list of jobs, and what all of them have in common. */
#include "proc/jobs/jobs_inside.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "json/read.h"
#include "wire/bulk.h"
#include "wire/order.h"

/* --- Helpers ------------------------------------------------------------------------------------------------------ */

const char *
job_setting(const struct job *job, const char *name)
{
	const struct value *value = value_get(job->settings, name);

	return value_is(value, VALUE_TEXT) ? value->text.ptr : "";
}

bool
jobs_resolve(const char *name, bool inet6, struct sockaddr_storage *out, unsigned *size)
{
	const struct addrinfo hints = { .ai_family = inet6 ? AF_INET6 : AF_INET, .ai_socktype = SOCK_DGRAM };
	struct addrinfo      *list = NULL;

	if (getaddrinfo(name, NULL, &hints, &list) != 0 || !list)
		return false;
	memset(out, 0, sizeof(*out));
	memcpy(out, list->ai_addr, list->ai_addrlen);
	*size = list->ai_addrlen;
	freeaddrinfo(list);
	return true;
}

int
jobs_socket(struct courier *courier, unsigned kind, bool inet6, const char *source, unsigned port, struct buffer *message)
{
	struct address address = { FAMILY_NONE };
	struct writer  order;

	if (source[0] && (!address_read(text_of(source), &address) || (address.family == FAMILY_INET6) != inet6)) {
		buffer_print(message, "%s is no %s address", source, inet6 ? "IPv6" : "IPv4");
		return -1;
	}
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_u32(&order, kind);
	put_u8(&order, inet6 ? FAMILY_INET6 : FAMILY_INET);
	put_address(&order, &address);
	put_u16(&order, (uint16_t)port);
	const enum result result = courier_ask(courier, ORDER_PROBE_SOCKET, &order, ORDER_TIMEOUT, &reply);
	struct reader     in = message_reader(&reply);

	if (result == RESULT_DONE)
		return get_fd(&in);
	buffer_add(message, get_text(&in, ORDER_MESSAGE_MAX));
	if (message->len == 0)
		buffer_add_string(message, result_word(result));
	return -1;
}

/* --- The list -------------------------------------------------------------------------------------------------------- */

/* The lock is held. */
static struct job *
find(struct jobs *jobs, const char *kind, const char *uuid)
{
	for (struct job *job = jobs->first; job; job = job->next)
		if (strcmp(job->uuid.text, uuid) == 0 && job->is_capture == (strcmp(kind, "packet_capture") == 0))
			return job;
	return NULL;
}

static bool
runs(struct jobs *jobs, struct job *job)
{
	return job->is_capture ? job_capture_runs(jobs, job) : atomic_load(&job->ping.is_running);
}

enum result
jobs_make(struct jobs *jobs, struct arena *arena, const char *kind, const char *settings, const char **uuid,
	  struct buffer *message)
{
	struct arena *own = arena_new();
	struct job   *job = calloc(1, sizeof(*job));
	struct value *read = NULL;

	BUG_IF(!job, "out of memory");
	if (strlen(settings) > SETTINGS_MAX || json_read(own, text_of(settings), NULL, &read, NULL) != RESULT_DONE) {
		buffer_add_string(message, "these settings cannot be read");
		arena_free(own);
		free(job);
		return RESULT_INVALID;
	}
	*job = (struct job){ .uuid = uuid_new(), .is_capture = strcmp(kind, "packet_capture") == 0, .arena = own,
			     .settings = read };
	pthread_mutex_init(&job->ping.lock, NULL);
	pthread_mutex_lock(&jobs->lock);
	const bool has_room = jobs->count < JOBS_MAX;

	if (has_room) {
		job->next = jobs->first;
		jobs->first = job;
		jobs->count++;
		*uuid = arena_copy(arena, text_of(job->uuid.text));
	}
	pthread_mutex_unlock(&jobs->lock);
	if (has_room)
		return RESULT_DONE;
	buffer_print(message, "there are %d jobs already: remove some", JOBS_MAX);
	arena_free(own);
	free(job);
	return RESULT_TOO_BIG;
}

static struct value *
row_of(struct jobs *jobs, struct arena *arena, struct job *job)
{
	struct value *row = value_object(arena);

	value_set_string(arena, row, "id", job->uuid.text);
	value_set_string(arena, row, "status", runs(jobs, job) ? "running" : "stopped");
	for (size_t i = 0; i < job->settings->count; i++) {
		const struct member *member = &job->settings->members[i];
		struct text          name = member->name;

		/* "settings.hostname" is shown as "hostname". */
		if (text_starts(name, TEXT("settings.")))
			name = text_after(name, 9);
		if (name.len > 0 && name.ptr[0] != '%')
			value_set_text(arena, row, name, value_copy(arena, member->value));
	}
	if (!job->is_capture)
		ping_put(arena, row, jobs, job);
	return row;
}

struct value *
jobs_list(struct jobs *jobs, struct arena *arena, const char *kind)
{
	struct value *rows = value_list(arena);
	const bool    captures = strcmp(kind, "packet_capture") == 0;

	pthread_mutex_lock(&jobs->lock);
	for (struct job *job = jobs->first; job; job = job->next)
		if (job->is_capture == captures)
			value_add(arena, rows, row_of(jobs, arena, job));
	pthread_mutex_unlock(&jobs->lock);
	return rows;
}

/* The lock is held. */
static unsigned
count_running(struct jobs *jobs)
{
	unsigned n = 0;

	for (struct job *job = jobs->first; job; job = job->next)
		n += !job->is_capture && atomic_load(&job->ping.is_running);
	return n;
}

enum result
jobs_start(struct jobs *jobs, const char *kind, const char *uuid, unsigned *processes, struct buffer *message)
{
	enum result result = RESULT_MISSING;

	*processes = 0;
	pthread_mutex_lock(&jobs->lock);
	struct job *job = find(jobs, kind, uuid);

	if (!job) {
		buffer_add_string(message, "no such job");
	} else if (runs(jobs, job)) {
		result = RESULT_CONFLICT;
		buffer_add_string(message, "it is running already");
	} else if (!job->is_capture && count_running(jobs) >= JOBS_RUNNING_MAX) {
		result = RESULT_TOO_BIG;
		buffer_print(message, "%d jobs are running already", JOBS_RUNNING_MAX);
	} else {
		result = job->is_capture ? job_capture_start(jobs, job, message) : ping_start(jobs, job, message);
		*processes = result == RESULT_DONE ? job->is_capture ? (unsigned)job->ncaptures : 1 : 0;
	}
	pthread_mutex_unlock(&jobs->lock);
	return result;
}

/* The lock is held. */
static unsigned
stop(struct jobs *jobs, struct job *job)
{
	const bool was_running = atomic_load(&job->ping.is_running);

	if (job->is_capture)
		return job_capture_stop(jobs, job);
	ping_stop(job);
	return was_running;
}

enum result
jobs_stop(struct jobs *jobs, const char *kind, const char *uuid, unsigned *processes)
{
	*processes = 0;
	pthread_mutex_lock(&jobs->lock);
	struct job *job = find(jobs, kind, uuid);

	if (job)
		*processes = stop(jobs, job);
	pthread_mutex_unlock(&jobs->lock);
	return job ? RESULT_DONE : RESULT_MISSING;
}

static void
job_free(struct job *job)
{
	job_capture_clear(job);
	pthread_mutex_destroy(&job->ping.lock);
	arena_free(job->arena);
	free(job);
}

enum result
jobs_remove(struct jobs *jobs, const char *kind, const char *uuid, unsigned *processes)
{
	*processes = 0;
	pthread_mutex_lock(&jobs->lock);
	struct job *job = find(jobs, kind, uuid);

	if (job) {
		struct job **at = &jobs->first;

		*processes = stop(jobs, job);
		while (*at != job)
			at = &(*at)->next;
		*at = job->next;
		jobs->count--;
		job_free(job);
	}
	pthread_mutex_unlock(&jobs->lock);
	return job ? RESULT_DONE : RESULT_MISSING;
}

/* --- What was captured ------------------------------------------------------------------------------------------------- */

static struct text
read_file(struct arena *arena, int fd)
{
	struct stat about;
	char       *bytes;
	ssize_t     got = 0;

	if (fd < 0 || fstat(fd, &about) != 0 || about.st_size <= 0)
		return TEXT_NONE;
	bytes = arena_take(arena, (size_t)about.st_size);
	got = pread(fd, bytes, (size_t)about.st_size, 0);
	return (struct text){ bytes, got > 0 ? (size_t)got : 0 };
}

enum result
jobs_captured(struct jobs *jobs, struct arena *arena, const char *uuid, const struct captured **out, size_t *count,
	      const struct value **settings)
{
	pthread_mutex_lock(&jobs->lock);
	struct job      *job = find(jobs, "packet_capture", uuid);
	struct captured *list = ARENA_MAKE(arena, struct captured, LINKS_PER_JOB);

	*count = 0;
	for (size_t i = 0; job && i < job->ncaptures; i++)
		list[(*count)++] = (struct captured){ arena_copy(arena, text_of(job->captures[i].link)),
						      read_file(arena, job->captures[i].file) };
	*out = list;
	if (job)
		*settings = value_copy(arena, job->settings);
	pthread_mutex_unlock(&jobs->lock);
	return job ? RESULT_DONE : RESULT_MISSING;
}

/* --- Life ------------------------------------------------------------------------------------------------------------------ */

struct jobs *
jobs_new(struct courier *courier, bool is_simulated)
{
	struct jobs *jobs = calloc(1, sizeof(*jobs));

	BUG_IF(!jobs, "out of memory");
	pthread_mutex_init(&jobs->lock, NULL);
	jobs->courier = courier;
	jobs->is_simulated = is_simulated;
	return jobs;
}

void
jobs_free(struct jobs *jobs)
{
	if (!jobs)
		return;
	for (struct job *job = jobs->first, *next; job; job = next) {
		next = job->next;
		ping_stop(job);
		job_free(job);
	}
	pthread_mutex_destroy(&jobs->lock);
	free(jobs);
}
