/* Namespaces to apply in: a new one for everything, or the network of one that is there. */
#include "proc/wall/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define SCRATCH "/run/drawbridge-sandbox" /* in the sandbox's own /run */

static bool
failed(struct buffer *message, const char *what)
{
	buffer_print(message, "cannot make a sandbox: %s: %s", what, strerror(errno));
	return false;
}

/* --- Users ----------------------------------------------------------------------------- */

static bool
write_file(const char *path, const char *content)
{
	scoped_fd     fd = open(path, O_WRONLY | O_CLOEXEC);
	const ssize_t len = (ssize_t)strlen(content);

	return fd >= 0 && write(fd, content, (size_t)len) == len;
}

/* Only we ourselves are known inside, as root. */
static bool
map_users(uid_t uid, gid_t gid, struct buffer *message)
{
	char line[40];

	if (!write_file("/proc/self/setgroups", "deny"))
		return failed(message, "/proc/self/setgroups");
	snprintf(line, sizeof(line), "0 %u 1", (unsigned)uid);
	if (!write_file("/proc/self/uid_map", line))
		return failed(message, "/proc/self/uid_map");
	snprintf(line, sizeof(line), "0 %u 1", (unsigned)gid);
	if (!write_file("/proc/self/gid_map", line))
		return failed(message, "/proc/self/gid_map");
	return true;
}

static bool
leave(struct buffer *message)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();
	const int   users = uid == 0 ? 0 : CLONE_NEWUSER;

	/* The network is made by sandbox_links(), which needs two. */
	if (unshare(users | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC) < 0) {
		failed(message, users ? "a user namespace" : "namespaces");
		if (users)
			buffer_add_string(message, " (run it as root, or allow user namespaces: "
				"sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces)");
		return false;
	}
	return !users || map_users(uid, gid, message);
}

/* --- Files ----------------------------------------------------------------------------- */

/* What is written to the folder goes to memory. */
static bool
cover(const char *name, struct buffer *message)
{
	char path[64], upper[64], work[64], options[256];

	snprintf(path, sizeof(path), "/%s", name);
	snprintf(upper, sizeof(upper), SCRATCH "/%s", name);
	snprintf(work, sizeof(work), SCRATCH "/%s.work", name);
	snprintf(options, sizeof(options), "lowerdir=%s,upperdir=%s,workdir=%s,userxattr", path, upper, work);
	if (mkdir(upper, 0755) < 0 || mkdir(work, 0755) < 0)
		return failed(message, upper);
	if (mount("sandbox", path, "overlay", MS_NOSUID | MS_NODEV, options) < 0)
		return failed(message, path);
	return true;
}

/* Put what was under a path before it was covered there again. */
static bool
uncover(int fd, const char *path, struct buffer *message)
{
	char source[40];

	snprintf(source, sizeof(source), "/proc/self/fd/%d", fd);
	if (mount(source, path, NULL, MS_BIND | MS_REC, NULL) < 0)
		return failed(message, path);
	return true;
}

static bool
cover_files(const char *state, struct buffer *message)
{
	/* Nothing that is mounted here may be seen outside. */
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return failed(message, "/");

	scoped_fd kept = state ? open(state, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	if (state && kept < 0)
		return failed(message, state);
	if (mount("sandbox", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0)
		return failed(message, "/run");
	if (mkdir(SCRATCH, 0700) < 0)
		return failed(message, SCRATCH);
	if (!cover("etc", message) || !cover("var", message))
		return false;
	return !state || uncover(kept, state, message);
}

/* --- The whole ------------------------------------------------------------------------- */

bool
sandbox_enter(const char *state, int *outside, struct buffer *message)
{
	if (!leave(message) || !cover_files(state, message) || !sandbox_links(outside, message))
		return false;
	/* It shows the links of the namespace it was mounted in. */
	if (mount("sandbox", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return failed(message, "/sys");
	return true;
}

bool
sandbox_join(const char *path, struct buffer *message)
{
	scoped_fd fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && setns(fd, CLONE_NEWNET) == 0)
		return true;
	buffer_print(message, "cannot enter the network %s: %s", path, strerror(errno));
	return false;
}

bool
sandbox_go(const struct options *options, const char *state, int *outside, struct buffer *message)
{
	if (options->apply == APPLY_SANDBOX)
		return sandbox_enter(state, outside, message);
	return !options->netns || sandbox_join(options->netns, message);
}
