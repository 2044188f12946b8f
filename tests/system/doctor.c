/* What is missing for the configuration: daemons that are hidden from the program are named with their packages. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "client.h"
#include "test.h"

#define KEEPALIVED "/usr/sbin/keepalived"
#define RADVD      "/usr/sbin/radvd"

static struct instance *instance;
static struct client   *client;
static struct arena    *arena;

static void
save(const char *path, const char *body)
{
	if (strcmp(at(arena, must_post(client, arena, path, body), "result"), "saved") != 0)
		fail_msg("%s %s: %s", path, body, client->body.bytes);
}

/* What the tool says, and its exit status. */
static const char *
doctor(int *status)
{
	scoped_buffer out = BUFFER_NONE;

	*status = instance_cli(instance, &out, "doctor", NULL);
	return arena_copy(arena, buffer_text(&out));
}

static void
hide(const char *program)
{
	CHECK_NUMBER(mount("/dev/null", program, NULL, MS_BIND, NULL), 0);
}

TEST(what_nobody_asks_for_is_not_missed)
{
	int status;

	CHECK(!strstr(doctor(&status), "keepalived"));
}

TEST(a_daemon_that_is_asked_for_and_missing_is_named_with_what_for_and_the_command)
{
	int         status;
	const char *said;

	save("/api/interfaces/vip_settings/add_item",
	     "{\"vip\":{\"mode\":\"carp\",\"interface\":\"lan\",\"network\":\"192.168.1.254/24\",\"vhid\":\"1\",\"password\":\"x\"}}");
	said = doctor(&status);
	CHECK_NUMBER(status, 2);
	CHECK(strstr(said, "keepalived is missing, for interfaces.vip"));
	CHECK(!strstr(said, "radvd"));
	save("/api/radvd/settings/add_entry", "{\"entries\":{\"interface\":\"lan\"}}");
	said = doctor(&status);
	CHECK(strstr(said, "radvd is missing, for radvd."));
	CHECK(strstr(said, "\napt-get install --no-install-recommends"));
	CHECK(strstr(strstr(said, "\napt-get"), " keepalived") && strstr(strstr(said, "\napt-get"), " radvd"));
	const struct value *answer = must_get(client, arena, "/api/core/system/doctor");

	CHECK(value_count(value_get(answer, "rows")) >= 2);
}

TEST(what_is_there_is_not_missed)
{
	int         status;
	const char *said;

	CHECK_NUMBER(umount(KEEPALIVED), 0);
	CHECK_NUMBER(umount(RADVD), 0);
	said = doctor(&status);
	CHECK(!strstr(said, "keepalived") && !strstr(said, "radvd"));
	CHECK(status == 0 ? strstr(said, "Nothing is missing.") != NULL : strstr(said, "apt-get") != NULL);
}

/* In a network of its own. */
static bool
kernel_makes_vlans(void)
{
	int         status = 1;
	const pid_t pid = fork();

	if (pid == 0) {
		if (unshare(CLONE_NEWNET) != 0 || dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2) != 2)
			_exit(1);
		execl("/bin/sh", "sh", "-c", "ip link add a type veth && ip link add link a name b type vlan id 1", NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return status == 0;
}

TEST(links_that_the_kernel_cannot_make_are_named)
{
	struct instance    *box = instance_plain("sandbox");
	struct client      *user = client_new(box);
	const struct value *rows, *row = NULL;

	must_get(user, arena, "/api/core/system/doctor");
	CHECK(!strstr(user->body.bytes, "kernel support"));
	must_post(user, arena, "/api/interfaces/vlan_settings/add_item", "{\"vlan\":{\"if\":\"em2\",\"tag\":\"7\",\"pcp\":\"0\"}}");
	rows = value_get(must_get(user, arena, "/api/core/system/doctor"), "rows");
	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(arena, value_at(rows, i), "missing"), "kernel support for VLANs (8021q)") == 0)
			row = value_at(rows, i);
	CHECK(kernel_makes_vlans() == !row);
	CHECK(!row || strcmp(at(arena, row, "for"), "interfaces.vlan") == 0);
	client_free(user);
	instance_free(box);
}

static int
set_up(void **state)
{
	(void)state;
	CHECK_NUMBER(mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL), 0);
	hide(KEEPALIVED);
	hide(RADVD);
	arena = arena_new();
	instance = instance_lasting(false);
	instance_start(instance);
	client = client_new(instance);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	client_free(client);
	instance_free(instance);
	arena_free(arena);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nobody_asks_for_is_not_missed),
		cmocka_unit_test(a_daemon_that_is_asked_for_and_missing_is_named_with_what_for_and_the_command),
		cmocka_unit_test(what_is_there_is_not_missed), cmocka_unit_test(links_that_the_kernel_cannot_make_are_named),
	};

	instance_programs(argc, argv);
	if (access(KEEPALIVED, X_OK) != 0 || access(RADVD, X_OK) != 0 || unshare(CLONE_NEWNS) != 0) {
		fprintf(stderr, "SKIPPED: this test needs keepalived, radvd and the right to mount (run as root)\n");
		return 77;
	}
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
