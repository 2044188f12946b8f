/* The holder covers /etc, /var and /run with memory, makes links and waits. */
#include "room.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define IP      "/usr/sbin/ip"
#define SCRATCH "/run/room"
#define LINKS   4

static bool
cover(const char *name)
{
	char path[32], upper[64], work[64], options[256];

	snprintf(path, sizeof(path), "/%s", name);
	snprintf(upper, sizeof(upper), SCRATCH "/%s", name);
	snprintf(work, sizeof(work), SCRATCH "/%s.work", name);
	snprintf(options, sizeof(options), "lowerdir=%s,upperdir=%s,workdir=%s", path, upper, work);
	return mkdir(upper, 0755) == 0 && mkdir(work, 0755) == 0 && mount("room", path, "overlay", 0, options) == 0;
}

static bool
ip(const char *const *argv)
{
	int         status = -1;
	const pid_t pid = fork();

	if (pid == 0) {
		execv(IP, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}
#define RUN_IP(...) ip((const char *const[]){ "ip", __VA_ARGS__, NULL })

static bool
make_links(void)
{
	char link[16], peer[16];
	bool is_fine = RUN_IP("link", "set", "lo", "up");

	for (unsigned i = 0; i < LINKS && is_fine; i++) {
		snprintf(link, sizeof(link), "em%u", i);
		snprintf(peer, sizeof(peer), "peer%u", i);
		is_fine = RUN_IP("link", "add", link, "type", "veth", "peer", "name", peer) && RUN_IP("link", "set", peer, "up");
	}
	return is_fine;
}

static bool
furnish(void)
{
	return unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && mount("room", "/run", "tmpfs", 0, "mode=755") == 0 &&
	       mkdir(SCRATCH, 0755) == 0 && cover("etc") && cover("var") && mount("room", "/sys", "sysfs", 0, NULL) == 0 &&
	       make_links();
}

pid_t
room_new(void)
{
	int         ends[2];
	char        byte;
	const pid_t parent = getpid();

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	const pid_t holder = fork();

	if (holder == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent || !furnish() || write(ends[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		fail_msg("a machine of our own cannot be made");
	close(ends[0]);
	return holder;
}

void
room_end(pid_t holder)
{
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
}

struct instance *
room_instance(pid_t holder, const char *state)
{
	struct instance *instance = instance_lasting(false);
	size_t           count = 0;

	instance->room = holder;
	while (instance->arguments[count]) {
		if (state && instance->arguments[count] == instance->state)
			instance->arguments[count] = state;
		if (strcmp(instance->arguments[count], "none") == 0)
			instance->arguments[count] = "host";
		count++;
	}
	instance->state = state ? state : instance->state;
	instance->arguments[count] = "--netns";
	instance->arguments[count + 1] = arena_print(instance->arena, "/proc/%d/ns/net", (int)holder);
	instance->arguments[count + 2] = "--machine";
	return instance;
}
