/* What a sandbox has and what it keeps from the machine; each case in a process of its own. */
#include "proc/wall/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test.h"

#define NOT_ENTERED 99
#define NOBODY      65534
#define MARK        "/etc/drawbridge-sandbox-mark"

static char state_directory[] = "/var/tmp/drawbridge-sandbox-XXXXXX";

/* Do something in a sandbox, as root or not; the status as from waitpid(). */
static int
inside(bool as_root, const char *state, int (*what)(void))
{
	const pid_t pid = fork();
	int         status;
	int         outside;

	CHECK(pid >= 0);
	if (pid == 0) {
		struct buffer message = BUFFER_NONE;

		if (!as_root && geteuid() == 0 && (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
			_exit(NOT_ENTERED);
		prctl(PR_SET_DUMPABLE, 1); /* who was never root is; else /proc/self is root's */
		if (!sandbox_enter(state, &outside, &message)) {
			fprintf(stderr, "%s\n", buffer_string(&message));
			_exit(NOT_ENTERED);
		}
		_exit(what());
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	return status;
}

static void
skip_without(bool as_root)
{
	if (!as_root || geteuid() == 0)
		return;
	fprintf(stderr, "SKIPPED: needs root\n");
	skip();
}

static void
check_inside(bool as_root, const char *state, int (*what)(void))
{
	skip_without(as_root);

	const int status = inside(as_root, state, what);

	CHECK(WIFEXITED(status));
	CHECK_NUMBER(WEXITSTATUS(status), 0);
}

/* --- The network ----------------------------------------------------------------------- */

static bool
has_carrier(const char *name)
{
	char      path[64], byte = 0;
	scoped_fd fd = -1;

	snprintf(path, sizeof(path), "/sys/class/net/%s/carrier", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, &byte, 1) == 1 && byte == '1';
}

/* 0, or the number of the expectation that does not hold. */
static int
look_at_links(void)
{
	struct if_nameindex *links = if_nameindex();
	size_t               count = 0;

	while (links && links[count].if_index != 0)
		count++;
	if (count != SANDBOX_LINKS + 1)
		return 1;
	usleep(200000); /* the kernel takes away what nobody holds a little later */
	if (!if_nametoindex("lo") || !if_nametoindex("em0") || !if_nametoindex("em3"))
		return 2;
	return has_carrier("em0") && has_carrier("em3") ? 0 : 3;
}

TEST(it_has_four_links_with_a_carrier)
{
	check_inside(true, NULL, look_at_links);
}

/* Containers often forbid it to all but root. */
static bool
user_namespaces_work(void)
{
	const pid_t pid = fork();
	int         status;

	if (pid == 0)
		_exit((geteuid() == 0 && setuid(NOBODY) < 0) || unshare(CLONE_NEWUSER) < 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	return status == 0;
}

TEST(it_needs_no_root)
{
	if (!user_namespaces_work()) {
		fprintf(stderr, "SKIPPED: user namespaces are not allowed here\n");
		skip();
	}
	check_inside(false, NULL, look_at_links);
}

/* --- Files ----------------------------------------------------------------------------- */

static int
write_around(void)
{
	scoped_fd mark = open(MARK, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	scoped_fd run = open("/run/mark", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	scoped_fd lib = open("/var/lib/mark", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	return mark >= 0 && run >= 0 && lib >= 0 ? 0 : errno;
}

TEST(what_is_written_to_etc_run_and_var_is_not_on_the_machine)
{
	check_inside(true, NULL, write_around);
	CHECK(access(MARK, F_OK) < 0 && access("/run/mark", F_OK) < 0 && access("/var/lib/mark", F_OK) < 0);
}

static int
write_state(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/kept", state_directory);
	scoped_fd fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	return fd >= 0 ? 0 : errno;
}

TEST(the_state_directory_is_the_real_one)
{
	char path[128];

	CHECK(mkdtemp(state_directory));
	snprintf(path, sizeof(path), "%s/kept", state_directory);
	check_inside(true, state_directory, write_state);
	CHECK(unlink(path) == 0);
	CHECK(rmdir(state_directory) == 0);
}

/* --- Networks that are there ----------------------------------------------------------- */

TEST(a_network_that_is_not_there_is_named)
{
	scoped_buffer message = BUFFER_NONE;

	CHECK(!sandbox_join("/run/netns/no-such-network", &message));
	CHECK_STRING(buffer_string(&message),
		     "cannot enter the network /run/netns/no-such-network: No such file or directory");
}

/* Sockets bound before serve the old network, those made afterwards belong to the new one. */
static int
join_the_network_of_our_parent(void)
{
	scoped_buffer message = BUFFER_NONE;
	char          path[40];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)getppid());
	if (!sandbox_join(path, &message))
		return 1;
	return if_nametoindex("em0") ? 2 : 0;
}

TEST(it_joins_a_network_by_path)
{
	skip_without(true);
	CHECK(!if_nametoindex("em0"));
	check_inside(true, NULL, join_the_network_of_our_parent);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_four_links_with_a_carrier), cmocka_unit_test(it_needs_no_root),
		cmocka_unit_test(what_is_written_to_etc_run_and_var_is_not_on_the_machine),
		cmocka_unit_test(the_state_directory_is_the_real_one),
		cmocka_unit_test(a_network_that_is_not_there_is_named),
		cmocka_unit_test(it_joins_a_network_by_path),
	};
	const int status = inside(geteuid() == 0, NULL, look_at_links);

	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_ENTERED) {
		fprintf(stderr, "SKIPPED: no namespaces, overlayfs or veth here: they need root or user namespaces\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
