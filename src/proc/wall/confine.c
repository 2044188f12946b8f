/* User, capabilities and files of the gate; the system calls are in filter.c. */
#include "proc/wall/confine.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"

/* --- Files ----------------------------------------------------------------------------- */

/* What Debian 12's kernel headers do not name yet. */
#define ACCESS_TRUNCATE  (1ULL << 14) /* since ABI 3 */
#define ACCESS_IOCTL_DEV (1ULL << 15) /* since ABI 5 */
#define NET_BIND_TCP     (1ULL << 0)  /* since ABI 4 */
#define SCOPE_ALL        (3ULL << 0)  /* abstract sockets, signals; since ABI 6 */

#define ACCESS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_FILE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE)
#define ACCESS_KEEP (ACCESS_READ | ACCESS_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | \
		     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REFER)

/* As the newest kernel knows it; an older one reads the front of it. */
struct ruleset {
	uint64_t files, net, scopes;
};

/*
 * A file that stands here itself is the one that was there at the start: when somebody replaces it, instead of writing to it
 * as the keeper does, the gate sees the new one only after SIGHUP to the keeper.
 */
/* clang-format off */
static const struct { const char *path; uint64_t access; } places[] = {
	{ "/etc/ssl",                       ACCESS_READ }, /* whom to trust */
	{ "/etc/ca-certificates",           ACCESS_READ },
	{ "/usr/share/ca-certificates",     ACCESS_READ },
	{ "/usr/local/share/ca-certificates", ACCESS_READ },
	{ "/etc/gnutls",                    ACCESS_READ },
	{ "/etc/resolv.conf",               ACCESS_READ }, /* names of hosts */
	{ "/etc/hosts",                     ACCESS_READ },
	{ "/etc/host.conf",                 ACCESS_READ },
	{ "/etc/nsswitch.conf",             ACCESS_READ },
	{ "/etc/gai.conf",                  ACCESS_READ },
	{ "/etc/services",                  ACCESS_READ },
	{ "/etc/protocols",                 ACCESS_READ },
	{ "/etc/localtime",                 ACCESS_READ }, /* times */
	{ "/usr/share/zoneinfo",            ACCESS_READ },
	{ "/usr/lib/locale",                ACCESS_READ },
	{ "/usr/share/drawbridge",          ACCESS_READ }, /* our own pages and lists */
	{ "/usr/share/ieee-data",           ACCESS_READ }, /* who makes network cards */
	{ "/etc/passwd",                    ACCESS_READ }, /* which names are taken by the system itself */
	{ "/etc/shells",                    ACCESS_READ }, /* what can be chosen */
	{ "/sys/class/net",                 LANDLOCK_ACCESS_FS_READ_DIR }, /* names of links, not what is behind them */
	{ "/sys/devices/system/cpu",        ACCESS_READ }, /* how many threads make sense */
	{ "/dev/urandom",                   ACCESS_READ },
	{ "/dev/null",                      ACCESS_FILE },
};
/* clang-format on */

/* What a kernel with this ABI can forbid. */
static uint64_t
files_handled(int abi)
{
	uint64_t handled = (1ULL << 13) - 1;

	if (abi >= 2)
		handled |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		handled |= ACCESS_TRUNCATE;
	if (abi >= 5)
		handled |= ACCESS_IOCTL_DEV;
	return handled;
}

static bool
add_place(int rules, int fd, uint64_t access)
{
	const struct landlock_path_beneath_attr place = { .allowed_access = access, .parent_fd = fd };

	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &place, 0) == 0;
}

/* A file can only be given what makes sense for files. */
static bool
add_path(int rules, const char *path, uint64_t access)
{
	scoped_fd fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return true; /* what is not there needs no permission */
	if (add_place(rules, fd, access))
		return true;
	return errno == EINVAL && add_place(rules, fd, access & ~(uint64_t)LANDLOCK_ACCESS_FS_READ_DIR);
}

/* The version of Landlock; below 0 when there is none. */
static int
landlock_abi(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

bool
confine_has_files(void)
{
	return landlock_abi() > 0;
}

bool
confine_files(int state_fd)
{
	const int            abi = landlock_abi();
	const uint64_t       files = files_handled(abi);
	const struct ruleset wanted = { files, abi >= 4 ? NET_BIND_TCP : 0, abi >= 6 ? SCOPE_ALL : 0 };
	const size_t         size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	scoped_fd            rules = (int)syscall(SYS_landlock_create_ruleset, &wanted, size, 0);

	if (rules < 0)
		return false;
	for (size_t i = 0; i < COUNT(places); i++)
		if (!add_path(rules, places[i].path, places[i].access & files))
			return false;
	if (state_fd >= 0 && !add_place(rules, state_fd, ACCESS_KEEP & files))
		return false;
	return syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

/* --- User and capabilities ------------------------------------------------------------- */

static bool
drop_capabilities(void)
{
	capng_get_caps_process();

	const bool may_lower_bounds = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);

	capng_clear(CAPNG_SELECT_ALL);
	if (may_lower_bounds && capng_apply(CAPNG_SELECT_BOUNDS) != 0)
		return false;
	return capng_apply(CAPNG_SELECT_CAPS) == 0;
}

static bool
become(const struct gate_user *user)
{
	capng_clear(CAPNG_SELECT_BOTH);
	return capng_change_id((int)user->uid, (int)user->gid,
			       CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT) == 0;
}

bool
confine_user(const struct gate_user *user)
{
	if (user->change ? !become(user) : !drop_capabilities())
		return false;
	/* Changing the user forgets the first of these. */
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

static bool
refused(struct buffer *message, const char *what)
{
	buffer_print(message, "%s: %s", what, strerror(errno));
	return false;
}

bool
confine(const struct confinement *wanted, const char **missing, struct buffer *message)
{
	*missing = confine_has_files() ? NULL : "Landlock";
	if (!confine_user(&wanted->user))
		return refused(message, "cannot give up user and capabilities");
	if (!*missing && !confine_files(wanted->state_fd))
		return refused(message, "Landlock");
	if (!confine_calls(wanted->explain))
		return refused(message, "seccomp");
	return true;
}
