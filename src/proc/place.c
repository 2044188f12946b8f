/* Preparing for the gate, with the privileges that it will not have. */
#include "proc/place.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/number.h"

#define GATE_USER   "drawbridge"
#define NOBODY      65534
#define FILES_LIMIT 65536 /* descriptors */

/* --- The user -------------------------------------------------------------------------- */

/* Straight from the file: the name service may load libraries or ask the network. */
static bool
find_user(const char *name, struct gate_user *out)
{
	FILE          *file = fopen("/etc/passwd", "re");
	struct passwd *entry;
	bool           found = false;

	if (!file)
		return false;
	while (!found && (entry = fgetpwent(file))) {
		found = strcmp(entry->pw_name, name) == 0;
		if (found)
			*out = (struct gate_user){ entry->pw_uid, entry->pw_gid, true };
	}
	fclose(file);
	return found;
}

bool
place_user(const char *run_as, struct gate_user *out, struct buffer *message)
{
	struct gate_user user = { NOBODY, NOBODY, true };
	int64_t          number;

	if (geteuid() != 0) {
		*out = (struct gate_user){ getuid(), getgid(), false };
		return true;
	}
	if (run_as && number_read(text_of(run_as), 1, UINT32_MAX - 1, &number)) {
		user.uid = (uid_t)number;
		user.gid = (gid_t)number;
	} else if (!find_user(run_as ? run_as : GATE_USER, &user) && run_as) {
		buffer_print(message, "there is no user \"%s\"", run_as);
		return false;
	}
	if (user.uid == 0) {
		buffer_print(message, "the process that serves clients must not run as root");
		return false;
	}
	*out = user;
	return true;
}

/* --- Files ----------------------------------------------------------------------------- */

static int
failed(struct buffer *message, const char *path)
{
	buffer_print(message, "%s: %s", path, strerror(errno));
	return -1;
}

/* A directory that root just made, or has made for us, is given to the gate's user. */
static bool
own(int fd, const char *path, const struct gate_user *user, struct buffer *message)
{
	struct stat about;

	if (fstat(fd, &about) < 0)
		return failed(message, path) == 0;
	if (!user->change || about.st_uid == user->uid)
		return true;
	if (about.st_uid == 0 && fchown(fd, user->uid, user->gid) == 0)
		return true;
	buffer_print(message, "%s belongs to user %u, but is to be used by user %u (--run-as)", path,
		     (unsigned)about.st_uid, (unsigned)user->uid);
	return false;
}

int
place_state(const char *directory, const struct gate_user *user, struct arena *arena, const char **path,
	    struct buffer *message)
{
	char whole[PATH_MAX];

	if (mkdir(directory, 0700) < 0 && errno != EEXIST)
		return failed(message, directory);
	if (!realpath(directory, whole))
		return failed(message, directory);

	const int fd = open(whole, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return failed(message, whole);
	if (!own(fd, whole, user, message)) {
		close(fd);
		return -1;
	}
	*path = arena_copy(arena, text_of(whole));
	return fd;
}

const char *
place_memory(const struct options *options)
{
	return options->ephemeral && options->apply == APPLY_SANDBOX ? "/run/drawbridge-state" : NULL;
}

bool
place_can_go_on(const struct options *options)
{
	if (!options->ephemeral || options->apply != APPLY_HOST)
		return true;
	log_error("the configuration was in the gate's memory only: this ephemeral instance ends");
	return false;
}

int
place_file(const char *path, struct buffer *message)
{
	struct stat about;
	const int   fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return failed(message, path);
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
		return fd;
	close(fd);
	buffer_print(message, "%s is not a file", path);
	return -1;
}

bool
place_may_configure(void)
{
	return capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN) == 1;
}

void
place_limits(void)
{
	struct rlimit files, none = { 0, 0 };

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max < FILES_LIMIT ? files.rlim_max : FILES_LIMIT;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	setrlimit(RLIMIT_CORE, &none); /* secrets stay in memory */
}

/* --- The service manager --------------------------------------------------------------- */

int
place_manager(void)
{
	const char        *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const size_t       len = path ? strlen(path) : 0;
	int                fd;

	if (len < 2 || len >= sizeof(name.sun_path) || (*path != '/' && *path != '@'))
		return -1;
	memcpy(name.sun_path, path, len);
	if (*path == '@')
		name.sun_path[0] = '\0'; /* an abstract name */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&name,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
		return fd;
	close(fd);
	return -1;
}

void
place_notify(int manager, const char *words)
{
	if (manager >= 0 && send(manager, words, strlen(words), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_warning("the service manager does not listen: %s", strerror(errno));
}
