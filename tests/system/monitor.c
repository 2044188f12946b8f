/* Marks are a table and an address that nobody else has: they come and go. */
#include "monitor.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test.h"

#define TRIES 600 /* of 100 ms */

#define BEGUN "10.99.0.1"
#define ENDED "10.99.0.2"

/* clang-format off */
static const struct {
	const char *listen[8];
	const char *mark[2][2][10]; /* of the begin and the end: made, and taken away */
	const char *shown[2];
} kinds[] = {
	[MONITOR_RULES] = {
		{ MONITOR_NFT, "monitor" },
		{ { { MONITOR_NFT, "add table inet monitor_begun" }, { MONITOR_NFT, "delete table inet monitor_begun" } },
		  { { MONITOR_NFT, "add table inet monitor_ended" }, { MONITOR_NFT, "delete table inet monitor_ended" } } },
		{ "monitor_begun", "monitor_ended" },
	},
	[MONITOR_ADDRESSES] = {
		{ MONITOR_IP, "-4", "monitor", "address", "route" },
		{ { { MONITOR_IP, "address", "add", BEGUN "/32", "dev", "lo" }, { MONITOR_IP, "address", "delete", BEGUN "/32", "dev", "lo" } },
		  { { MONITOR_IP, "address", "add", ENDED "/32", "dev", "lo" }, { MONITOR_IP, "address", "delete", ENDED "/32", "dev", "lo" } } },
		{ BEGUN, ENDED },
	},
};
/* clang-format on */

/* The file is ours: not every box has something outside. */
static void
read_all(const struct monitor *monitor, struct buffer *out)
{
	scoped_fd fd = open(monitor->file, O_RDONLY | O_CLOEXEC);
	char      bytes[65536];
	ssize_t   n;

	CHECK(fd >= 0);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(out, (struct text){ bytes, (size_t)n });
}

/* Again and again until it is heard: who listens does so a little after its start. */
static void
mark(const struct monitor *monitor, size_t which)
{
	for (int tries = 0; tries < TRIES; tries++) {
		scoped_buffer out = BUFFER_NONE;

		for (size_t i = 0; i < 2; i++)
			if (box_run(monitor->box, INSIDE, &out, kinds[monitor->what].mark[which][i]) != 0)
				fail_msg("no mark: %s", buffer_string(&out));
		wait_a_little(100);
		buffer_cut(&out, 0);
		read_all(monitor, &out);
		if (text_contains(buffer_text(&out), text_of(kinds[monitor->what].shown[which])))
			return;
	}
	fail_msg("nothing is heard of \"%s\"", kinds[monitor->what].shown[which]);
}

struct monitor
monitor_begin(const struct box *box, enum monitored what)
{
	struct monitor monitor = { .box = box, .what = what };

	monitor.file = arena_print(box->arena, "%s/monitor-%d", box->instance->folder, (int)what);
	monitor.pid = box_start_to(box, INSIDE, monitor.file, kinds[what].listen);
	mark(&monitor, 0);
	return monitor;
}

const char *
monitor_end(struct monitor *monitor)
{
	scoped_buffer heard = BUFFER_NONE, out = BUFFER_NONE;
	struct text   rest, line;

	mark(monitor, 1);
	box_end(monitor->pid);
	read_all(monitor, &heard);
	rest = buffer_text(&heard);
	while (text_next(&rest, "\n", &line))
		if (!text_contains(line, text_of(kinds[monitor->what].shown[0])) && !text_contains(line, text_of(kinds[monitor->what].shown[1])))
			buffer_print(&out, "%.*s\n", TEXT_ARGS(line));
	return arena_copy(monitor->box->arena, buffer_text(&out));
}
