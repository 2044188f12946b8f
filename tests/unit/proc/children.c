/* The loop and the processes that are started from it. */
#include "proc/child/children.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/child/loop.h"
#include "test.h"

static struct children  children;
static struct loop     *loop;
static int              last_status;

static void
note_end(void *self, int status)
{
	(void)self;
	last_status = status;
	loop_end(loop);
}

static void
reap(void *self)
{
	struct signalfd_siginfo about;

	CHECK(read(((struct watch *)self)->fd, &about, sizeof(about)) > 0);
	children_reap(&children);
}

static void
too_late(void *self)
{
	(void)self;
	fail_msg("the child did not end");
}

/* Run a shell-less command to its end; descriptors as given. */
static int
run(const char *const *argv, const int *fds, size_t nfds)
{
	static const char *const environment[] = { "ONLY=this", NULL };
	struct child             child = { .ended = note_end };
	struct timer             limit = { .due = too_late };

	CHECK(children_start(&children, &child, &(struct spawn){ .path = argv[0], .argv = argv,
		.environment = environment, .fds = fds, .nfds = nfds }));
	loop_start(loop, &limit, 60000);
	loop_run(loop);
	loop_cancel(loop, &limit);
	CHECK_NUMBER(child.pid, 0);
	return last_status;
}

TEST(a_child_ends_with_its_status)
{
	char words[80];

	CHECK_NUMBER(WEXITSTATUS(run((const char *const[]){ "/bin/true", NULL }, NULL, 0)), 0);
	CHECK_NUMBER(WEXITSTATUS(run((const char *const[]){ "/bin/false", NULL }, NULL, 0)), 1);
	CHECK_STRING(child_status_words(last_status, words, sizeof(words)), "exited with status 1");
}

TEST(a_program_that_is_not_there_is_said_at_once)
{
	static const char *const none[] = { NULL };
	struct child             child = { .ended = note_end };

	CHECK(!children_start(&children, &child, &(struct spawn){ .path = "/nowhere", .argv = none, .environment = none }));
	CHECK_NUMBER(errno, ENOENT);
	CHECK(child.pid == 0 && children.first == NULL);
}

/* What a child prints, through a pipe that is its descriptor 3. */
static const char *
output_of(const char *script, char *room, size_t size, int more)
{
	int pipes[2];

	CHECK(pipe2(pipes, O_CLOEXEC) == 0);
	run((const char *const[]){ "/bin/sh", "-c", script, NULL }, (const int[]){ pipes[1], more }, more >= 0 ? 2 : 1);
	close(pipes[1]);

	const ssize_t n = read(pipes[0], room, size - 1);

	CHECK(n >= 0);
	room[n] = '\0';
	close(pipes[0]);
	return room;
}

TEST(a_child_has_the_descriptors_it_was_given_and_no_others)
{
	const int left_open = dup(STDIN_FILENO); /* without close-on-exec */
	char      room[200];

	/* 4 is the one that reads the directory. */
	CHECK_STRING(output_of("exec ls -m /proc/self/fd >&3", room, sizeof(room), -1), "0, 1, 2, 3, 4\n");
	CHECK_STRING(output_of("echo hello >&4; echo -n ok >&3", room, sizeof(room),
			       open("/dev/null", O_WRONLY | O_CLOEXEC)), "ok");
	close(left_open);
}

TEST(a_child_has_the_environment_it_was_given_and_nothing_else)
{
	char room[200];

	setenv("SECRET_OF_OURS", "x", 1);
	CHECK_STRING(output_of("echo -n $ONLY$SECRET_OF_OURS >&3", room, sizeof(room), -1), "this");
}

TEST(signals_reach_the_whole_group)
{
	struct child child = { .ended = note_end };

	CHECK(children_start(&children, &child, &(struct spawn){ .path = "/bin/sleep",
		.argv = (const char *const[]){ "sleep", "100", NULL }, .environment = (const char *const[]){ NULL } }));
	child_signal(&child, SIGTERM);
	loop_run(loop);
	CHECK(WIFSIGNALED(last_status) && WTERMSIG(last_status) == SIGTERM);
	child_signal(&child, SIGTERM); /* not running: nothing */
}

static char order[8];

static void
add_letter(void *letter)
{
	order[strlen(order)] = *(const char *)letter;
	if (strlen(order) == 3)
		loop_end(loop);
}

TEST(timers_run_in_the_order_of_their_times)
{
	struct timer a = { .due = add_letter, .self = "a" }, b = { .due = add_letter, .self = "b" },
		     c = { .due = add_letter, .self = "c" }, never = { .due = add_letter, .self = "x" };

	/* So far apart that a busy machine does not come between. */
	loop_start(loop, &c, 2000);
	loop_start(loop, &a, 1);
	loop_start(loop, &never, 500);
	loop_start(loop, &b, 60000);
	loop_start(loop, &b, 1000);
	loop_cancel(loop, &never);
	loop_cancel(loop, &never);
	loop_run(loop);
	CHECK_STRING(order, "abc");
}

static struct watch watch;

static int
set_up(void **state)
{
	sigset_t set;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	loop = loop_new();
	watch = (struct watch){ signalfd(-1, &set, SFD_CLOEXEC), reap, &watch };
	loop_watch(loop, &watch);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	close(watch.fd);
	loop_free(loop);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_ends_with_its_status),
		cmocka_unit_test(a_program_that_is_not_there_is_said_at_once),
		cmocka_unit_test(a_child_has_the_descriptors_it_was_given_and_no_others),
		cmocka_unit_test(a_child_has_the_environment_it_was_given_and_nothing_else),
		cmocka_unit_test(signals_reach_the_whole_group),
		cmocka_unit_test(timers_run_in_the_order_of_their_times),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
