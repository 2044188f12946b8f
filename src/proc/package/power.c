/* The machine's power. */
#include "proc/package/power.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"

#define SYSTEMCTL "/usr/bin/systemctl"

/* The same namespace as the first process? When nobody says, it is not. */
static bool
is_shared(const char *name)
{
	char        ours[64], first[64];
	struct stat a, b;

	snprintf(ours, sizeof(ours), "/proc/self/ns/%s", name);
	snprintf(first, sizeof(first), "/proc/1/ns/%s", name);
	return stat(ours, &a) == 0 && stat(first, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool
power_is_ours(void)
{
	return geteuid() == 0 && is_shared("net") && is_shared("pid") && is_shared("mnt") && is_shared("user");
}

static void
ended(void *self, int status)
{
	(void)status;
	free(self);
}

static enum result
tell_systemd(struct children *children, bool off, struct buffer *message)
{
	const char *const argv[] = { SYSTEMCTL, "--no-block", off ? "poweroff" : "reboot", NULL };
	const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	const struct spawn spawn = { .path = SYSTEMCTL, .argv = argv, .environment = environment };
	struct child     *child = calloc(1, sizeof(*child));

	BUG_IF(!child, "out of memory");
	*child = (struct child){ .ended = ended, .self = child };
	if (children_start(children, child, &spawn))
		return RESULT_DONE;
	buffer_print(message, SYSTEMCTL ": %s", strerror(errno));
	free(child);
	return RESULT_FAILED;
}

enum result
power_turn(struct children *children, bool off, struct buffer *message)
{
	if (access("/run/systemd/system", F_OK) == 0)
		return tell_systemd(children, off, message);
	sync();
	if (reboot(off ? RB_POWER_OFF : RB_AUTOBOOT) == 0)
		return RESULT_DONE;
	buffer_print(message, "the kernel does not do it: %s", strerror(errno));
	return RESULT_FAILED;
}
