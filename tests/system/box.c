/* A child enters the namespaces by setns(); the outer network is found among the keeper's descriptors. */
#include "box.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/number.h"
#include "test.h"

void
box_need(const char *program, ...)
{
	va_list args;

	va_start(args, program);
	for (const char *one = program; one; one = va_arg(args, const char *))
		if (access(one, X_OK) != 0) {
			fprintf(stderr, "SKIPPED: this test needs %s\n", one);
			exit(77);
		}
	va_end(args);
	if (geteuid() == 0)
		return;
	fprintf(stderr, "SKIPPED: this test needs the right to enter network namespaces (run as root)\n");
	exit(77);
}

#define IP       "/usr/sbin/ip"
#define UP_TRIES 1200 /* of 50 ms */

/* Packets are lost until the kernel has noticed that a link is up, which it does later. */
static void
wait_until_up(const struct box *box, enum where where)
{
	for (int tries = 0; tries < UP_TRIES; tries++) {
		scoped_buffer out = BUFFER_NONE;

		BOX_RUN(box, where, &out, IP, "-oneline", "link", "show", "up");
		if (text_contains(buffer_text(&out), TEXT("em3")) && !text_contains(buffer_text(&out), TEXT("state DOWN")) &&
		    !text_contains(buffer_text(&out), TEXT("state LOWERLAYERDOWN")))
			return;
		wait_a_little(50);
	}
	fail_msg("the links of the sandbox do not come up");
}

struct box *
box_new(void)
{
	struct box *box = box_of(instance_plain("sandbox"));

	if (access(IP, X_OK) == 0) {
		wait_until_up(box, INSIDE);
		wait_until_up(box, OUTSIDE);
	}
	return box;
}

struct box *
box_of(struct instance *instance)
{
	struct box *box = calloc(1, sizeof(*box));

	BUG_IF(!box, "out of memory");
	box->arena = arena_new();
	box->instance = instance;
	box->client = client_new(box->instance);
	return box;
}

void
box_free(struct box *box)
{
	client_free(box->client);
	instance_free(box->instance);
	arena_free(box->arena);
	free(box);
}

/* --- Namespaces ---------------------------------------------------------------------------------------- */

static int
open_inside(const struct box *box, const char *kind)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)box->instance->pid, kind);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* The keeper holds the network at the other ends open. */
static int
open_outside(const struct box *box)
{
	char                 folder[64], path[PATH_MAX], link[64];
	DIR                 *list;
	const struct dirent *entry;
	int                  fd = -1;

	snprintf(folder, sizeof(folder), "/proc/%d/fd", (int)box->instance->pid);
	list = opendir(folder);
	while (list && fd < 0 && (entry = readdir(list))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		const ssize_t n = readlink(path, link, sizeof(link) - 1);

		if (n > 4 && memcmp(link, "net:", 4) == 0)
			fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (list)
		closedir(list);
	return fd;
}

static void
go(const struct box *box, enum where where)
{
	const int network = where == INSIDE ? open_inside(box, "net") : open_outside(box);
	const int files = where == INSIDE ? open_inside(box, "mnt") : -1;
	const int names = where == INSIDE ? open_inside(box, "uts") : -1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (network < 0 || setns(network, CLONE_NEWNET) != 0)
		_exit(125);
	if (where == INSIDE && (files < 0 || setns(files, CLONE_NEWNS) != 0 || setns(names, CLONE_NEWUTS) != 0))
		_exit(125);
}

static _Noreturn void
become(const struct box *box, enum where where, int output, const char *const *argv)
{
	static const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL };

	go(box, where);
	if (dup2(open("/dev/null", O_RDONLY), 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
		_exit(125);
	execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
	_exit(127);
}

int
box_run(const struct box *box, enum where where, struct buffer *out, const char *const *argv)
{
	int     ends[2], status = 0;
	char    bytes[4096];
	ssize_t n;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	const pid_t pid = fork();

	if (pid == 0)
		become(box, where, ends[1], argv);
	close(ends[1]);
	while ((n = read(ends[0], bytes, sizeof(bytes))) > 0)
		if (out)
			buffer_add(out, (struct text){ bytes, (size_t)n });
	close(ends[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
box_call(const struct box *box, enum where where, void (*act)(void *), void *argument)
{
	int         status = 0;
	const pid_t pid = fork();

	if (pid == 0) {
		go(box, where);
		act(argument);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

pid_t
box_start_to(const struct box *box, enum where where, const char *file, const char *const *argv)
{
	const int   output = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	const pid_t pid = fork();

	if (pid == 0)
		become(box, where, output, argv);
	close(output);
	return pid;
}

pid_t
box_start(const struct box *box, enum where where, const char *const *argv)
{
	return box_start_to(box, where, "/dev/null", argv);
}

void
box_end(pid_t pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

/* --- The daemon's side ------------------------------------------------------------------------------------- */

void
box_reconfigure(const struct box *box, const char *service)
{
	const char *path = arena_print(box->arena, "/api/%s/service/reconfigure", service);

	if (strcmp(at(box->arena, must_post(box->client, box->arena, path, "{}"), "status"), "ok") != 0)
		fail_msg("%s: %s", path, box->client->body.bytes);
}

pid_t
box_daemon(const struct box *box, const char *program)
{
	char        path[64], name[64], children[4096];
	struct text rest, word;
	int64_t     pid;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)box->instance->pid, (int)box->instance->pid);
	const int     fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = read(fd, children, sizeof(children));

	close(fd);
	rest = (struct text){ children, n > 0 ? (size_t)n : 0 };
	while (text_next(&rest, " ", &word)) {
		if (!number_read(word, 1, INT32_MAX, &pid))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
		const ssize_t len = readlink(path, name, sizeof(name) - 1);

		if (len > 0 && text_equal((struct text){ name, (size_t)len }, text_of(program)))
			return (pid_t)pid;
	}
	return 0;
}
