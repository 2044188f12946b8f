/* Jobs: written for the cron that runs, which in a sandbox is one of ours. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/access/jobs.h"
#include "base/cleanup.h"
#include "plan/access/jobs.h"
#include "proc/access/orders.h"
#include "proc/child/beside.h"
#include "wire/sealed.h"

#define CRON           "/usr/sbin/cron"
#define TOOL           "drawbridge"
#define TOOL_INSTALLED "/usr/bin/" TOOL

/* The command line tool, which is beside us where nothing is installed. */
static const char *
find_tool(char *room, size_t size)
{
	return access(TOOL_INSTALLED, X_OK) == 0 || !beside_us(TOOL, room, size) ? TOOL_INSTALLED : room;
}

static enum result
write_jobs(const struct post *post, const struct jobs *jobs, struct buffer *message)
{
	char      room[PATH_MAX];
	scoped_fd etc = open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	scoped_fd spool = open("/var/spool", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (jobs->n > 0 && access(CRON, X_OK) != 0) {
		buffer_add_string(message, "cron is not installed: apt install cron");
		return RESULT_UNAVAILABLE;
	}
	if (jobs->n > 0 && (!post->socket || access(post->socket, F_OK) != 0)) {
		buffer_add_string(message, "jobs reach us through a socket that is not there: --socket");
		return RESULT_UNAVAILABLE;
	}
	if (post->apply == APPLY_SANDBOX)
		jobs_clear_others(etc, spool);
	if (mkdir(JOBS_DIRECTORY, 0755) != 0 && errno != EEXIST)
		return RESULT_FAILED;
	scoped_fd directory = open(JOBS_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return jobs_write(directory, jobs, find_tool(room, sizeof(room)), post->socket ? post->socket : "", message);
}

bool
set_jobs(struct post *post, struct reader *in, struct answer *out)
{
	scoped_fd     fd = get_fd(in);
	scoped_sealed bytes = TEXT_NONE;
	scoped_arena  arena = arena_new();
	scoped_buffer message = BUFFER_NONE;
	struct jobs   jobs;
	enum result   result;

	if (!got_all(in) || !sealed_map(fd, JOBS_BYTES_MAX, &bytes) || !jobs_decode(arena, bytes, &jobs))
		return false;
	if (post->apply == APPLY_NONE)
		return true;
	if (!post->runner)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("only a network is ours, not what the machine does by the clock"));
	result = write_jobs(post, &jobs, &message);
	return result == RESULT_DONE || answer_refuse(out, result, text_first(buffer_text(&message), ORDER_MESSAGE_MAX));
}
