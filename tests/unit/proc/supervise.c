/* Programs that run, end, are stopped and come back; with times that are short enough to wait for. */
#include "proc/child/supervise.h"

#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "test.h"

static const struct supervise_times quick = { .delay_first = 10, .delay_last = 40, .forget = 100000, .patience = 50 };

static struct children      children;
static struct loop         *loop;
static struct watch         signals;
static struct supervisor   *supervisor;
static struct daemon_status status;

/* What the test waits for. */
static enum daemon_state wanted_state;
static unsigned          wanted_starts;

static const char *const none[] = { NULL };
static const char *const sleeper[] = { "/bin/sleep", "1000", NULL };
static const char *const stubborn[] = { "/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done", NULL };

#define TRIES 6000 /* of 10 ms */

static void
note_change(void *self, const char *name, const struct daemon_status *now)
{
	(void)self;
	(void)name;
	if (now->state == wanted_state && now->starts >= wanted_starts)
		loop_end(loop);
}

static void
reap(void *self)
{
	struct signalfd_siginfo about;

	(void)self;
	CHECK(read(signals.fd, &about, sizeof(about)) > 0);
	children_reap(&children);
}

static void
too_late(void *self)
{
	(void)self;
	fail_msg("it did not happen");
}

/* Until the daemon "d" is so and was started so often. */
static void
wait_for(enum daemon_state state, unsigned starts)
{
	struct timer limit = { .due = too_late };

	wanted_state = state;
	wanted_starts = starts;
	CHECK_NUMBER(supervisor_status(supervisor, "d", &status), RESULT_DONE);
	if (status.state != state || status.starts < starts) {
		loop_start(loop, &limit, 60000);
		loop_run(loop);
		loop_cancel(loop, &limit);
	}
	CHECK_NUMBER(supervisor_status(supervisor, "d", &status), RESULT_DONE);
}

TEST(a_program_runs_until_it_is_stopped)
{
	CHECK_NUMBER(supervisor_start(supervisor, "d", sleeper, none), RESULT_DONE);
	wait_for(DAEMON_RUNNING, 1);
	CHECK(kill(status.pid, 0) == 0);
	CHECK_NUMBER(supervisor_start(supervisor, "d", sleeper, none), RESULT_DONE);
	wait_for(DAEMON_RUNNING, 1);
	CHECK_NUMBER(status.starts, 1);
	CHECK_NUMBER(supervisor_stop(supervisor, "d"), RESULT_DONE);
	wait_for(DAEMON_STOPPED, 1);
	CHECK(status.pid == 0 && WIFSIGNALED(status.ended) && WTERMSIG(status.ended) == SIGTERM);
}

TEST(one_that_ends_by_itself_is_started_again_ever_later)
{
	const int64_t began = loop_clock();

	CHECK_NUMBER(supervisor_start(supervisor, "d", (const char *const[]){ "/bin/false", NULL }, none), RESULT_DONE);
	wait_for(DAEMON_WAITING, 5);
	CHECK(loop_clock() - began >= 10 + 20 + 40 + 40);
	CHECK_NUMBER(WEXITSTATUS(status.ended), 1);
	CHECK_NUMBER(supervisor_stop(supervisor, "d"), RESULT_DONE);
	wait_for(DAEMON_STOPPED, 5);
}

TEST(one_that_is_killed_comes_back)
{
	CHECK_NUMBER(supervisor_start(supervisor, "d", sleeper, none), RESULT_DONE);
	wait_for(DAEMON_RUNNING, 1);
	CHECK_NUMBER(supervisor_signal(supervisor, "d", SIGKILL), RESULT_DONE);
	wait_for(DAEMON_RUNNING, 2);
	CHECK(WTERMSIG(status.ended) == SIGKILL);
}

/* As systemd's Restart=on-failure: whoever tells it to end wants it to have ended. */
TEST(one_that_is_told_to_end_by_somebody_stays_so)
{
	CHECK_NUMBER(supervisor_start(supervisor, "d", sleeper, none), RESULT_DONE);
	wait_for(DAEMON_RUNNING, 1);
	CHECK_NUMBER(status.losses, 0);
	CHECK_NUMBER(supervisor_signal(supervisor, "d", SIGTERM), RESULT_DONE);
	wait_for(DAEMON_STOPPED, 1);
	CHECK_NUMBER(status.losses, 1);
	CHECK_NUMBER(supervisor_start(supervisor, "d", (const char *const[]){ "/bin/true", NULL }, none), RESULT_DONE);
	wait_for(DAEMON_STOPPED, 2);
	CHECK_NUMBER(status.losses, 2);
	CHECK_NUMBER(supervisor_restart(supervisor, "d"), RESULT_DONE);
	wait_for(DAEMON_STOPPED, 3);
}

TEST(other_arguments_start_it_anew)
{
	CHECK_NUMBER(supervisor_start(supervisor, "d", sleeper, none), RESULT_DONE);
	CHECK_NUMBER(supervisor_start(supervisor, "d", (const char *const[]){ "/bin/sleep", "2000", NULL }, none), RESULT_DONE);
	wait_for(DAEMON_RUNNING, 2);
	CHECK_NUMBER(status.starts, 2);
}

TEST(a_restart_is_a_stop_and_a_start)
{
	CHECK_NUMBER(supervisor_start(supervisor, "d", sleeper, none), RESULT_DONE);
	wait_for(DAEMON_RUNNING, 1);

	const pid_t before = status.pid;

	CHECK_NUMBER(supervisor_restart(supervisor, "d"), RESULT_DONE);
	wait_for(DAEMON_RUNNING, 2);
	CHECK(status.pid != before);
}

/* Until SIGTERM is ignored: the kernel shows it as a bit of a hexadecimal number. */
static void
wait_until_deaf(pid_t pid)
{
	char          path[64], line[256];
	unsigned long ignored = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	for (int i = 0; i < TRIES && !(ignored & 1UL << (SIGTERM - 1)); i++) {
		FILE *file = fopen(path, "re");

		CHECK(file != NULL);
		while (fgets(line, sizeof(line), file))
			sscanf(line, "SigIgn: %lx", &ignored);
		fclose(file);
		usleep(10000);
	}
	CHECK(ignored & 1UL << (SIGTERM - 1));
}

TEST(one_that_does_not_listen_is_killed)
{
	CHECK_NUMBER(supervisor_start(supervisor, "d", stubborn, none), RESULT_DONE);
	wait_for(DAEMON_RUNNING, 1);
	wait_until_deaf(status.pid);
	CHECK_NUMBER(supervisor_stop(supervisor, "d"), RESULT_DONE);
	wait_for(DAEMON_STOPPED, 1);
	CHECK(WTERMSIG(status.ended) == SIGKILL);
}

TEST(a_program_that_is_not_there_is_tried_again)
{
	CHECK_NUMBER(supervisor_start(supervisor, "d", (const char *const[]){ "/nowhere", NULL }, none), RESULT_DONE);
	wait_for(DAEMON_WAITING, 3);
	CHECK_NUMBER(supervisor_signal(supervisor, "d", SIGHUP), RESULT_REFUSED);
}

TEST(a_daemon_nobody_started_is_missing)
{
	CHECK_NUMBER(supervisor_stop(supervisor, "d"), RESULT_MISSING);
	CHECK_NUMBER(supervisor_restart(supervisor, "d"), RESULT_MISSING);
	CHECK_NUMBER(supervisor_signal(supervisor, "d", SIGHUP), RESULT_MISSING);
	CHECK_NUMBER(supervisor_status(supervisor, "d", &status), RESULT_MISSING);
}

TEST(there_are_64_daemons_and_no_more)
{
	char name[DAEMON_NAME_MAX + 2];

	for (int i = 0; i < DAEMONS_MAX; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		CHECK_NUMBER(supervisor_start(supervisor, name, sleeper, none), RESULT_DONE);
	}
	CHECK_NUMBER(supervisor_start(supervisor, "one more", sleeper, none), RESULT_TOO_BIG);
}

TEST(a_name_has_63_bytes_and_no_more)
{
	char name[DAEMON_NAME_MAX + 2];

	memset(name, 'x', sizeof(name));
	name[DAEMON_NAME_MAX + 1] = '\0';
	CHECK_NUMBER(supervisor_start(supervisor, name, sleeper, none), RESULT_TOO_BIG);
	name[DAEMON_NAME_MAX] = '\0';
	CHECK_NUMBER(supervisor_start(supervisor, name, sleeper, none), RESULT_DONE);
}

static void
all_ended(void *ended)
{
	*(bool *)ended = true;
	loop_end(loop);
}

static int
set_up(void **state)
{
	sigset_t set;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	log_set_level(LOG_LEVEL_ERROR);
	loop = loop_new();
	signals = (struct watch){ signalfd(-1, &set, SFD_CLOEXEC), reap, NULL };
	loop_watch(loop, &signals);
	supervisor = supervisor_new(loop, &children, &quick, note_change, NULL);
	return 0;
}

/* Everything ends, whatever the test has left running. */
static int
tear_down(void **state)
{
	bool ended = false;

	(void)state;
	wanted_starts = 1000000;
	supervisor_end(supervisor, all_ended, &ended);
	if (!ended)
		loop_run(loop);
	supervisor_free(supervisor);
	close(signals.fd);
	loop_free(loop);
	return ended && !children.first ? 0 : -1;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN(CASE(a_program_runs_until_it_is_stopped),
    CASE(one_that_ends_by_itself_is_started_again_ever_later),
    CASE(one_that_is_killed_comes_back),
    CASE(one_that_is_told_to_end_by_somebody_stays_so),
    CASE(other_arguments_start_it_anew),
    CASE(a_restart_is_a_stop_and_a_start),
    CASE(one_that_does_not_listen_is_killed),
    CASE(a_program_that_is_not_there_is_tried_again),
    CASE(a_daemon_nobody_started_is_missing),
    CASE(there_are_64_daemons_and_no_more),
    CASE(a_name_has_63_bytes_and_no_more));
