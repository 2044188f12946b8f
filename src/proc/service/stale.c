/*
 * A daemon that becomes another user is not told when we die. So each is noted in a file with the time it began, which tells it
 * from a later process of that number, and the keeper it belongs to: when that is gone, the next one may have started its own.
 */
#include "proc/service/stale.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/number.h"
#include "plan/service/service.h"

#define DIRECTORY "/run/drawbridge/services"
#define NOTE_MAX  64 /* bytes */
#define POLL_MS   20
#define TERM_POLLS 100
#define KILL_POLLS 150

/* The 22nd value of /proc/PID/stat, behind a name that may hold anything; 0: there is no such process, or it runs nothing any more. */
static int64_t
began(int64_t pid)
{
	char        path[40], bytes[1024];
	struct text rest, word;
	int64_t     number = 0;

	snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
	scoped_fd     fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

	if (n <= 0)
		return 0;
	rest = (struct text){ bytes, (size_t)n };
	for (size_t i = rest.len; i > 0; i--)
		if (bytes[i - 1] == ')') {
			rest = text_after(rest, i + 1);
			break;
		}
	for (int i = 3; i <= 22; i++)
		/* Whoever takes over orphans may be in no hurry to bury them. */
		if (!text_next(&rest, " ", &word) || (i == 3 && text_is(word, "Z")))
			return 0;
	return number_read(word, 1, INT64_MAX, &number) ? number : 0;
}

struct noted {
	pid_t   pid;
	int64_t began;
};

/* A group keeps its number from others as long as anybody is in it: this one is what a process that is no more left behind. */
static bool
has_left_some(pid_t pid)
{
	return began(pid) == 0 && kill(-pid, 0) == 0;
}

/* Of a keeper, or of any when it is 0. False: the note is about somebody else's, or about a process that is no more, and neither are those it made. */
static bool
read_note(int directory, const char *name, pid_t keeper, struct noted *out)
{
	char          bytes[NOTE_MAX];
	scoped_fd     fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
	struct text   rest = { bytes, n > 0 ? (size_t)n : 0 };
	int64_t       numbers[3] = { 0 };

	for (size_t i = 0; i < COUNT(numbers); i++)
		if (!number_read(text_trim(text_until(&rest, ' ')), 1, INT64_MAX, &numbers[i]))
			return false;
	if (numbers[0] < 2 || numbers[0] > INT32_MAX || (keeper && numbers[2] != keeper))
		return false;
	*out = (struct noted){ (pid_t)numbers[0], numbers[1] };
	return began(out->pid) == out->began || has_left_some(out->pid);
}

static size_t
find_noted(pid_t keeper, struct noted *list)
{
	scoped_fd            directory = open(DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR                 *names = directory < 0 ? NULL : fdopendir(dup(directory));
	const struct dirent *entry;
	size_t               count = 0;

	while (names && count < SERVICES_MAX && (entry = readdir(names))) {
		if (entry->d_name[0] == '.' || !read_note(directory, entry->d_name, keeper, &list[count]))
			continue;
		log_info("%s of an earlier keeper is ended", entry->d_name);
		count++;
	}
	if (names)
		closedir(names);
	return count;
}

/* To those that are still who they were; true when there is one. */
static bool
signal_all(const struct noted *list, size_t count, int number)
{
	bool is_there = false;

	for (size_t i = 0; i < count; i++) {
		if (began(list[i].pid) != list[i].began)
			continue;
		kill(list[i].pid, number);
		is_there = true;
	}
	return is_there;
}

/* What the next keeper starts meanwhile is left alone: only what was there at first is ended. */
static void
end_noted(pid_t keeper)
{
	struct noted list[SERVICES_MAX];
	const size_t count = find_noted(keeper, list);

	if (signal_all(list, count, SIGTERM))
		for (int i = 0; i < KILL_POLLS && signal_all(list, count, i == TERM_POLLS ? SIGKILL : 0); i++)
			usleep(POLL_MS * 1000);
	for (size_t i = 0; i < count; i++)
		if (has_left_some(list[i].pid))
			kill(-list[i].pid, SIGKILL);
}

void
stale_end(void)
{
	end_noted(0);
}

void
stale_note(const char *service, pid_t pid)
{
	char path[128], fresh[128], line[NOTE_MAX];

	mkdir("/run/drawbridge", 0755);
	mkdir(DIRECTORY, 0700);
	snprintf(path, sizeof(path), DIRECTORY "/%s", service);
	snprintf(fresh, sizeof(fresh), DIRECTORY "/.%s", service);
	if (pid == 0) {
		unlink(path);
		return;
	}
	snprintf(line, sizeof(line), "%d %lld %d\n", (int)pid, (long long)began(pid), (int)getpid());
	scoped_fd fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	/* Who watches may read it at any moment. */
	if (fd < 0 || write(fd, line, strlen(line)) < 0 || rename(fresh, path) != 0)
		log_warning("%s cannot be noted: %s", service, strerror(errno));
}

/* The other end of the pipe is only ours, so it closes when we are no more. */
static _Noreturn void
wait_for_end(int end, pid_t keeper)
{
	char    byte;
	ssize_t n;

	setsid();
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	if (dup2(end, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		_exit(1);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	do
		n = read(STDIN_FILENO, &byte, 1);
	while (n > 0 || (n < 0 && errno == EINTR));
	end_noted(keeper);
	_exit(0);
}

bool
stale_watch(void)
{
	const pid_t keeper = getpid();
	int         ends[2];
	pid_t       pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0)
		wait_for_end(ends[0], keeper);
	close(ends[0]);
	if (pid < 0)
		close(ends[1]);
	return pid > 0;
}
