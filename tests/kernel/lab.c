/* Namespaces by unshare(), programs by posix_spawn(): no shell. */
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bug.h"

extern char **environ;

static void
skip(const char *what)
{
	fprintf(stderr, "SKIPPED: this test needs %s\n", what);
	exit(77);
}

bool
lab_run(struct buffer *output, const char *const *argv)
{
	posix_spawn_file_actions_t actions;
	int                        pipes[2], status = -1;
	pid_t                      child;
	char                       bytes[65536];
	ssize_t                    got;

	BUG_IF(pipe2(pipes, O_CLOEXEC) != 0, "no pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 2);
	const int error = posix_spawnp(&child, argv[0], &actions, NULL, (char *const *)argv, environ);

	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	while (error == 0 && (got = read(pipes[0], bytes, sizeof(bytes))) > 0)
		if (output)
			buffer_add(output, (struct text){ bytes, (size_t)got });
	close(pipes[0]);
	return error == 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void
lab_need(const char *program)
{
	scoped_buffer output = BUFFER_NONE;

	if (unshare(CLONE_NEWNET) != 0)
		skip("the right to make network namespaces (run as root)");
	if (program && !LAB(&output, program, "-V") && !LAB(&output, program, "--version"))
		skip(program);
}

void
lab_fresh(void)
{
	BUG_IF(unshare(CLONE_NEWNET) != 0, "no network namespace: %s", strerror(errno));
	LAB(NULL, "ip", "link", "set", "lo", "up");
}
