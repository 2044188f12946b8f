/*
 * A daemon that becomes another user is not told when we die. So each is noted in a file with the time it began, which tells it
 * from a later process of that number.
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

#include "base/cleanup.h"
#include "base/log.h"
#include "base/number.h"

#define DIRECTORY "/run/drawbridge/services"
#define NOTE_MAX  64 /* bytes */
#define POLL_MS   20
#define TERM_POLLS 100
#define KILL_POLLS 150

/* The 22nd value of /proc/PID/stat, behind a name that may hold anything; 0: there is no such process. */
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
		if (!text_next(&rest, " ", &word))
			return 0;
	return number_read(word, 1, INT64_MAX, &number) ? number : 0;
}

/* The process that is noted, if it still is the same; 0: none. */
static pid_t
noted(int directory, const char *name)
{
	char          bytes[NOTE_MAX];
	scoped_fd     fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
	struct text   rest = { bytes, n > 0 ? (size_t)n : 0 };
	const struct text first = text_until(&rest, ' ');
	int64_t       pid, time;

	if (!number_read(first, 2, INT32_MAX, &pid) || !number_read(text_trim(rest), 1, INT64_MAX, &time))
		return 0;
	return began(pid) == time ? (pid_t)pid : 0;
}

/* True when one is still there. Notes of those that are not are taken away. */
static bool
signal_all(int directory, int number)
{
	DIR                 *list = fdopendir(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	const struct dirent *entry;
	bool                 is_there = false;

	while (list && (entry = readdir(list))) {
		const pid_t pid = entry->d_name[0] == '.' ? 0 : noted(directory, entry->d_name);

		if (pid == 0 && entry->d_name[0] != '.')
			unlinkat(directory, entry->d_name, 0);
		if (pid == 0)
			continue;
		if (number != 0) {
			log_info("%s of an earlier keeper is ended", entry->d_name);
			kill(pid, number);
		}
		is_there = true;
	}
	if (list)
		closedir(list);
	return is_there;
}

void
stale_end(void)
{
	scoped_fd directory = open(DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (directory < 0 || !signal_all(directory, SIGTERM))
		return;
	for (int i = 0; i < KILL_POLLS && signal_all(directory, i == TERM_POLLS ? SIGKILL : 0); i++)
		usleep(POLL_MS * 1000);
}

void
stale_note(const char *service, pid_t pid)
{
	char path[128], line[NOTE_MAX];

	mkdir("/run/drawbridge", 0755);
	mkdir(DIRECTORY, 0700);
	snprintf(path, sizeof(path), DIRECTORY "/%s", service);
	if (pid == 0) {
		unlink(path);
		return;
	}
	snprintf(line, sizeof(line), "%d %lld\n", (int)pid, (long long)began(pid));
	scoped_fd fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, line, strlen(line)) < 0)
		log_warning("%s cannot be noted: %s", service, strerror(errno));
}

/* The other end of the pipe is only ours, so it closes when we are no more. */
static _Noreturn void
wait_for_end(int end)
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
	stale_end();
	_exit(0);
}

bool
stale_watch(void)
{
	int   ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0)
		wait_for_end(ends[0]);
	close(ends[0]);
	if (pid < 0)
		close(ends[1]);
	return pid > 0;
}
