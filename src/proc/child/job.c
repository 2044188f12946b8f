/* A child whose output comes back through a pipe. It is over when the child is, whoever holds the pipe open. */
#include "proc/child/job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/bug.h"

#define READS_MAX 64 /* of 16 KiB each, at a time; what a pipe holds is less */

struct job {
	struct loop  *loop;
	struct child  child;
	struct watch  output; /* fd -1: at its end */
	struct timer  late;
	struct buffer said;
	bool          ends_full;
	void        (*done)(void *self, int status, struct text output);
	void         *self;
};

static void
close_output(struct job *job)
{
	if (job->output.fd < 0)
		return;
	loop_unwatch(job->loop, &job->output);
	close(job->output.fd);
	job->output.fd = -1;
}

static void
read_output(void *self)
{
	struct job *job = self;
	char        bytes[16384];
	ssize_t     n = 1;

	/* One that never stops talking must not keep the loop from others. */
	for (unsigned i = 0; i < READS_MAX && (n = read(job->output.fd, bytes, sizeof(bytes))) > 0; i++)
		buffer_add(&job->said, (struct text){ bytes, job->said.len + (size_t)n > JOB_OUTPUT_MAX
			? JOB_OUTPUT_MAX - job->said.len : (size_t)n });
	if (n == 0)
		close_output(job);
	if (job->ends_full && job->said.len == JOB_OUTPUT_MAX)
		child_signal(&job->child, SIGKILL);
}

static void
ended(void *self, int status)
{
	struct job *job = self;

	if (job->output.fd >= 0)
		read_output(job);
	close_output(job);
	loop_cancel(job->loop, &job->late);
	job->done(job->self, status, buffer_text(&job->said));
	buffer_clear(&job->said);
	free(job);
}

static void
is_late(void *self)
{
	child_signal(&((struct job *)self)->child, SIGKILL);
}

struct job *
job_start(struct loop *loop, struct children *children, const struct job_order *order)
{
	struct job  *job = calloc(1, sizeof(*job));
	int          ends[2];
	struct spawn spawn = { .path = order->argv[0], .argv = order->argv, .environment = order->environment };

	BUG_IF(!job, "out of memory");
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
		free(job);
		return NULL;
	}
	fcntl(ends[1], F_SETFL, 0);
	*job = (struct job){ .loop = loop, .done = order->done, .self = order->self, .ends_full = order->ends_full };
	job->child = (struct child){ .ended = ended, .self = job };
	job->output = (struct watch){ ends[0], read_output, job };
	job->late = (struct timer){ .due = is_late, .self = job };
	spawn.output = ends[1];
	const bool is_started = children_start(children, &job->child, &spawn);
	const int  why = errno;

	close(ends[1]);
	if (!is_started) {
		close(ends[0]);
		free(job);
		errno = why;
		return NULL;
	}
	loop_watch(loop, &job->output);
	loop_start(loop, &job->late, order->limit);
	return job;
}

struct text
job_output(const struct job *job)
{
	return buffer_text(&job->said);
}
