/*
 * A machine of our own: a sandbox, in which another drawbridged applies to the host that the sandbox is for it. What belongs to
 * that machine, its secure shell first, is told and not replaced.
 */
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define SSHD    "/usr/sbin/sshd"
#define KEYSCAN "/usr/bin/ssh-keyscan"
#define CURL    "/usr/bin/curl"
#define CAT     "/usr/bin/cat"
#define RM      "/usr/bin/rm"
#define MKDIR   "/usr/bin/mkdir"
#define PORT    "8088"
#define DROP_IN "/etc/ssh/sshd_config.d/10-drawbridge.conf"

static struct box *box;
static pid_t       daemon_of_host, shell_of_host;

/* Ask the inner one, from inside; its answer. */
static const char *
put(const char *path, const char *body)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, CURL, "-s", "-S", "--max-time", "60", "-u", USER ":" PASSWORD, "-X", "PUT", "-H",
		"Content-Type: application/json", "-d", body, arena_print(box->arena, "http://127.0.0.1:" PORT "%s", path));
	return arena_copy(box->arena, buffer_text(&out));
}

static const char *
file(const char *path)
{
	scoped_buffer out = BUFFER_NONE;

	return BOX_RUN(box, INSIDE, &out, CAT, path) == 0 ? arena_copy(box->arena, buffer_text(&out)) : "none";
}

static bool
listens(const char *port)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, KEYSCAN, "-T", "5", "-p", port, "127.0.0.1");
	return text_contains(buffer_text(&out), TEXT("ssh-ed25519"));
}

static bool
comes_to_listen(const char *port)
{
	for (int i = 0; i < 100; i++) {
		if (listens(port))
			return true;
		wait_a_little(100);
	}
	return false;
}

TEST(the_machines_own_shell_takes_the_settings)
{
	const char *said = put("/api/v1/services/sshd", "{\"enable\":true,\"port\":2022,\"sshdkeyonly\":\"enabled\"}");

	if (!strstr(said, "\"code\":200"))
		fail_msg("%s", said);
	CHECK(strstr(file(DROP_IN), "Port 2022\n") && strstr(file(DROP_IN), "PasswordAuthentication no\n"));
	CHECK(comes_to_listen("2022"));
}

/* What sshd itself does not take is taken back. */
TEST(what_sshd_refuses_changes_nothing)
{
	const char *before = file(DROP_IN);

	CHECK(before[0] != '\0');
	BOX_RUN(box, INSIDE, NULL, "/bin/cp", "/etc/hostname", "/etc/ssh/sshd_config.d/99-broken.conf");
	CHECK(strstr(put("/api/v1/services/sshd", "{\"enable\":true,\"port\":2222}"), "sshd refuses its configuration") != NULL);
	CHECK_STRING(file(DROP_IN), before);
	CHECK(listens("2022"));
	BOX_RUN(box, INSIDE, NULL, RM, "/etc/ssh/sshd_config.d/99-broken.conf");
}

/* Nobody is locked out by a client that switches off what the machine switched on. */
TEST(it_is_not_ours_to_stop)
{
	CHECK(strstr(put("/api/v1/services/sshd", "{\"enable\":false}"), "left running") != NULL);
	CHECK_STRING(file(DROP_IN), "none");
	CHECK(comes_to_listen("22"));
}

TEST(where_none_runs_it_says_so)
{
	box_end(shell_of_host);
	shell_of_host = 0;
	BOX_RUN(box, INSIDE, NULL, RM, "-f", "/run/sshd.pid");
	CHECK(strstr(put("/api/v1/services/sshd", "{\"enable\":true}"), "systemctl enable --now ssh") != NULL);
}

/* What was in force would be in nobody's memory any more: so the instance ends, and says so by its status. */
TEST(an_ephemeral_instance_on_a_host_ends_with_its_gate)
{
	const struct instance seen = { .pid = daemon_of_host };
	const pid_t           gate = instance_gate(&seen);
	int                   status = 0;

	CHECK(gate > 0 && kill(gate, SIGKILL) == 0);
	CHECK(waitpid(daemon_of_host, &status, 0) == daemon_of_host);
	daemon_of_host = 0;
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static int
end(void **state)
{
	(void)state;
	if (daemon_of_host > 0)
		box_end(daemon_of_host);
	if (shell_of_host > 0)
		box_end(shell_of_host);
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_machines_own_shell_takes_the_settings), cmocka_unit_test(what_sshd_refuses_changes_nothing),
		cmocka_unit_test(it_is_not_ours_to_stop), cmocka_unit_test(where_none_runs_it_says_so),
		cmocka_unit_test(an_ephemeral_instance_on_a_host_ends_with_its_gate),
	};

	char *program = realpath(argv[1], NULL); /* inside, we are at the top */

	instance_programs(argc, argv);
	box_need(SSHD, KEYSCAN, CURL, NULL);
	box = box_new();
	BOX_RUN(box, INSIDE, NULL, MKDIR, "-p", "/run/sshd");
	shell_of_host = box_start(box, INSIDE, (const char *const[]){ SSHD, "-D", "-e", NULL });
	daemon_of_host = box_start(box, INSIDE, (const char *const[]){ program, "--ephemeral", "--plain", "--listen", "127.0.0.1:" PORT,
								      "--apply", "host", "--user", USER, "--password", PASSWORD, NULL });
	CHECK(comes_to_listen("22"));
	for (int i = 0; i < 100 && !strstr(put("/api/v1/system/version", "{}"), "return"); i++)
		wait_a_little(100);
	free(program);
	return cmocka_run_group_tests(tests, NULL, end);
}
