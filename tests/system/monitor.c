/* A mark is a table or an address that nobody else has: it comes and goes. */
#include "monitor.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test.h"

#define TRIES   600 /* of 100 ms */
#define FDS_MAX 64  /* of one that listens */
#define ENDED "10.99.0.2"

/* clang-format off */
static const struct {
	const char *listen[8];
	const char *mark[2][10]; /* made, and taken away */
	const char *shown;
} kinds[] = {
	[MONITOR_RULES] = {
		{ MONITOR_NFT, "monitor" },
		{ { MONITOR_NFT, "add table inet monitor_ended" }, { MONITOR_NFT, "delete table inet monitor_ended" } },
		"monitor_ended",
	},
	[MONITOR_ADDRESSES] = {
		{ MONITOR_IP, "-4", "monitor", "address", "route" },
		{ { MONITOR_IP, "address", "add", ENDED "/32", "dev", "lo" }, { MONITOR_IP, "address", "delete", ENDED "/32", "dev", "lo" } },
		ENDED,
	},
};
/* clang-format on */

/* Ours: not every box has something outside. */
static const char *
read_whole(struct arena *arena, const char *path)
{
	scoped_buffer out = BUFFER_NONE;
	scoped_fd     fd = open(path, O_RDONLY | O_CLOEXEC);
	char          bytes[65536];
	ssize_t       n;

	while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(&out, (struct text){ bytes, (size_t)n });
	return arena_copy(arena, buffer_text(&out));
}

/* Is this the inode of a netlink socket that is told of changes? Lines are: socket, protocol, port, groups, ..., inode. */
static bool
is_told(const char *sockets, unsigned long inode)
{
	struct text   rest = text_of(sockets), line;
	unsigned long groups, found;

	while (text_next(&rest, "\n", &line))
		if (sscanf(line.ptr, "%*s %*s %*s %lx %*s %*s %*s %*s %*s %lu", &groups, &found) == 2 && groups && found == inode)
			return true;
	return false;
}

/* A mark that is made before would not do: to a box each change of rules by others is one to look at. */
static bool
listens(const struct monitor *monitor)
{
	struct arena  *arena = monitor->box->arena;
	const char    *sockets = read_whole(arena, arena_print(arena, "/proc/%d/net/netlink", (int)monitor->pid));
	unsigned long  inode;
	char           target[64];

	for (int fd = 0; fd < FDS_MAX; fd++) {
		const ssize_t n = readlink(arena_print(arena, "/proc/%d/fd/%d", (int)monitor->pid, fd), target, sizeof(target) - 1);

		target[n > 0 ? n : 0] = '\0';
		if (sscanf(target, "socket:[%lu]", &inode) == 1 && is_told(sockets, inode))
			return true;
	}
	return false;
}

struct monitor
monitor_begin(const struct box *box, enum monitored what)
{
	struct monitor monitor = { .box = box, .what = what };

	monitor.file = arena_print(box->arena, "%s/monitor-%d", box->instance->folder, (int)what);
	monitor.pid = box_start_to(box, INSIDE, monitor.file, kinds[what].listen);
	for (int tries = 0; !listens(&monitor); tries++) {
		CHECK(tries < TRIES);
		wait_a_little(100);
	}
	return monitor;
}

/* Again and again until it is heard. */
static void
mark_end(const struct monitor *monitor)
{
	for (int tries = 0; tries < TRIES; tries++) {
		scoped_buffer out = BUFFER_NONE;

		for (size_t i = 0; i < 2; i++)
			if (box_run(monitor->box, INSIDE, &out, kinds[monitor->what].mark[i]) != 0)
				fail_msg("no mark: %s", buffer_string(&out));
		wait_a_little(100);
		if (strstr(read_whole(monitor->box->arena, monitor->file), kinds[monitor->what].shown))
			return;
	}
	fail_msg("nothing is heard of \"%s\"", kinds[monitor->what].shown);
}

const char *
monitor_end(struct monitor *monitor)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   rest, line;

	mark_end(monitor);
	box_end(monitor->pid);
	rest = text_of(read_whole(monitor->box->arena, monitor->file));
	while (text_next(&rest, "\n", &line))
		if (!text_contains(line, text_of(kinds[monitor->what].shown)))
			buffer_print(&out, "%.*s\n", TEXT_ARGS(line));
	return arena_copy(monitor->box->arena, buffer_text(&out));
}
