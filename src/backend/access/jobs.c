/* One file; cron reads it again by itself. */
#include "backend/access/jobs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "backend/access/files.h"
#include "base/cleanup.h"

enum result
jobs_write(int directory, const struct jobs *jobs, const char *tool, const char *socket, struct buffer *message)
{
	scoped_buffer content = BUFFER_NONE;

	if (jobs->n == 0) {
		if (unlinkat(directory, JOBS_FILE, 0) == 0 || errno == ENOENT)
			return RESULT_DONE;
	} else if (!jobs_print(jobs, tool, socket, &content)) {
		buffer_print(message, "jobs cannot be run by %s through %s: such paths do not fit into a line for cron", tool, socket);
		return RESULT_FAILED;
	} else if (file_replace(directory, JOBS_FILE, buffer_text(&content), 0644)) {
		return RESULT_DONE;
	}
	buffer_print(message, "the jobs cannot be written: %s", strerror(errno));
	return RESULT_FAILED;
}

static void
clear(int directory)
{
	const int            fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR                 *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!list) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(list)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, JOBS_FILE) != 0)
			unlinkat(directory, entry->d_name, 0);
	closedir(list);
}

void
jobs_clear_others(int etc, int spool)
{
	scoped_fd jobs = openat(etc, "cron.d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	scoped_fd users = openat(spool, "cron/crontabs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	unlinkat(etc, "crontab", 0);
	if (jobs >= 0)
		clear(jobs);
	if (users >= 0)
		clear(users);
}
