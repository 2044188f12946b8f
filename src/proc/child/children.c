/* fork and execve with nothing left over from us; waitpid() for everybody, as a child subreaper must. */
#include "proc/child/children.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bug.h"

#define FIRST_FD 3 /* behind standard error */

static void
reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL); /* refused for some, which is fine */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* First out of the way of each other, then to their places. */
static bool
place_fds(const struct spawn *spawn, int *file)
{
	const int beyond = FIRST_FD + SPAWN_FDS_MAX;
	int       fds[SPAWN_FDS_MAX];

	if (!spawn->path)
		*file = fcntl(spawn->file, F_DUPFD_CLOEXEC, beyond);
	for (size_t i = 0; i < spawn->nfds; i++)
		fds[i] = fcntl(spawn->fds[i], F_DUPFD_CLOEXEC, beyond);
	for (size_t i = 0; i < spawn->nfds; i++)
		if (dup2(fds[i], FIRST_FD + (int)i) < 0)
			return false;
	return close_range((unsigned)(FIRST_FD + spawn->nfds), ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

static bool
place_output(int output)
{
	if (output > 0 && dup2(output, STDERR_FILENO) < 0)
		return false;
	return dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

/* In the child. Writes errno to the pipe when it comes to nothing. */
static _Noreturn void
become(const struct spawn *spawn, int trouble)
{
	const int   null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const int   report = fcntl(trouble, F_DUPFD_CLOEXEC, FIRST_FD + SPAWN_FDS_MAX);
	char *const *argv = (char *const *)(uintptr_t)spawn->argv;
	char *const *environment = (char *const *)(uintptr_t)spawn->environment;
	int         file = -1;

	setpgid(0, 0);
	reset_signals();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && place_output(spawn->output) && place_fds(spawn, &file)) {
		if (spawn->path)
			execve(spawn->path, argv, environment);
		else
			fexecve(file, argv, environment);
	}

	const int why = errno;

	if (write(report, &why, sizeof(why)) < 0)
		_exit(126);
	_exit(127);
}

bool
children_start(struct children *children, struct child *child, const struct spawn *spawn)
{
	int trouble[2], why = 0;

	BUG_IF(child->pid != 0, "child is running already");
	BUG_IF(spawn->nfds > SPAWN_FDS_MAX, "%zu descriptors for a child", spawn->nfds);
	if (pipe2(trouble, O_CLOEXEC) < 0)
		return false;

	const pid_t pid = fork();

	if (pid == 0)
		become(spawn, trouble[1]);
	if (pid < 0)
		why = errno;
	close(trouble[1]);
	/* The end of the pipe is the sign that execve() worked. */
	if (pid > 0 && read(trouble[0], &why, sizeof(why)) == (ssize_t)sizeof(why)) {
		waitpid(pid, NULL, 0);
		errno = why;
	}
	close(trouble[0]);
	if (why != 0) {
		errno = why;
		return false;
	}
	child->pid = pid;
	child->next = children->first;
	children->first = child;
	return true;
}

void
child_signal(const struct child *child, int number)
{
	if (child->pid > 0 && kill(-child->pid, number) < 0)
		kill(child->pid, number);
}

void
child_tell(const struct child *child, int number)
{
	if (child->pid > 0)
		kill(child->pid, number);
}

static struct child *
remove_pid(struct children *children, pid_t pid)
{
	for (struct child **at = &children->first; *at; at = &(*at)->next) {
		struct child *child = *at;

		if (child->pid != pid)
			continue;
		*at = child->next;
		return child;
	}
	return NULL;
}

void
children_reap(struct children *children)
{
	siginfo_t about = { .si_pid = 0 };
	int       status;

	while (waitid(P_ALL, 0, &about, WEXITED | WNOHANG | WNOWAIT) == 0 && about.si_pid > 0) {
		const pid_t   pid = about.si_pid;
		struct child *child = remove_pid(children, pid);

		/* What it left behind of its group; the number is nobody else's before we have taken leave. */
		if (child)
			kill(-pid, SIGKILL);
		about.si_pid = 0;
		if (waitpid(pid, &status, 0) != pid || !child)
			continue; /* an orphan that was passed to us */
		child->pid = 0;
		child->ended(child->self, status);
	}
}

const char *
child_status_words(int status, char *room, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(room, size, "was killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(room, size, "exited with status %d", WEXITSTATUS(status));
	return room;
}

int
children_catch_signals(void)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	sigset_t         set;

	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
