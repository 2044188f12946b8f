/* What /proc/PID/status says of a process: "NAME:\tVALUE". */
#include "proc/child/settle.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"

#define STATUS_MAX 8192 /* bytes */

struct status {
	bool     is_asleep, has_signals;
	uint64_t sleeps;
};

static bool
look(pid_t pid, struct status *out)
{
	char        path[40], bytes[STATUS_MAX];
	struct text rest, line;
	int64_t     number;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	scoped_fd     fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

	if (n <= 0)
		return false;
	*out = (struct status){ 0 };
	rest = (struct text){ bytes, (size_t)n };
	while (text_next(&rest, "\n", &line)) {
		const struct text name = text_until(&line, ':'), value = text_trim(line);

		if (text_is(name, "State"))
			out->is_asleep = text_starts(value, TEXT("S"));
		else if (text_is(name, "SigPnd") || text_is(name, "ShdPnd"))
			out->has_signals |= !text_is(value, "0000000000000000");
		else if (text_is(name, "voluntary_ctxt_switches") && number_read(value, 0, INT64_MAX, &number))
			out->sleeps = (uint64_t)number;
	}
	return true;
}

uint64_t
settle_sleeps(pid_t pid)
{
	struct status status;

	return look(pid, &status) ? status.sleeps : 0;
}

bool
settle_is_done(pid_t pid, uint64_t sleeps)
{
	struct status status;

	return !look(pid, &status) || (status.is_asleep && !status.has_signals && status.sleeps > sleeps);
}
