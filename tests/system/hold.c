/* Threads that have nothing to do sleep, which the kernel shows. */
#include "hold.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test.h"

#define LIMIT      60000 /* ms */
#define LOOK_EVERY 20    /* ms */
#define LOOKS      5     /* one after the other: work may be on its way from one thread to another while we look */

/* The letter behind the name, in which anything may be. */
static char
state_of(const char *path)
{
	char          bytes[512];
	scoped_fd     fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? 0 : read(fd, bytes, sizeof(bytes) - 1);

	bytes[n > 0 ? n : 0] = '\0';
	const char *end = strrchr(bytes, ')');

	return end && end[1] == ' ' ? end[2] : 'X';
}

static bool
is_asleep(pid_t process, pid_t but)
{
	char                 folder[64], path[sizeof(folder) + 300], own[32];
	bool                 asleep = true;
	DIR                 *threads;
	const struct dirent *thread;

	snprintf(own, sizeof(own), "%d", (int)but);
	snprintf(folder, sizeof(folder), "/proc/%d/task", (int)process);
	threads = opendir(folder);
	CHECK(threads != NULL);
	while (asleep && (thread = readdir(threads))) {
		if (thread->d_name[0] == '.' || strcmp(thread->d_name, own) == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s/stat", folder, thread->d_name);
		asleep = state_of(path) == 'S';
	}
	closedir(threads);
	return asleep;
}

void
hold_begin(const struct instance *instance)
{
	CHECK(kill(instance->pid, SIGSTOP) == 0);
}

void
hold_end(const struct instance *instance)
{
	const pid_t   gate = instance_gate(instance);
	const int64_t until = milliseconds() + LIMIT;
	unsigned      looks = 0;

	while (looks < LOOKS && milliseconds() < until) {
		wait_a_little(LOOK_EVERY);
		looks = is_asleep(getpid(), gettid()) && is_asleep(gate, 0) ? looks + 1 : 0;
	}
	CHECK(kill(instance->pid, SIGCONT) == 0);
	if (looks < LOOKS)
		fail_msg("not all come to wait");
}
