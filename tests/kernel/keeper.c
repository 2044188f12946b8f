/*
 * The keeper as a whole, with gates that misbehave. This program is both: started with arguments it is drawbridged with
 * the inside below, which does what the file `behave` in its state directory says, once, and is a good gate after that.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "plan/ruleset/wire.h"
#include "proc/build.h"
#include "proc/gate.h"
#include "proc/role.h"
#include "test.h"
#include "wire/courier.h"
#include "wire/order.h"
#include "wire/sealed.h"

/* --- The gate -------------------------------------------------------------------------- */

static struct writer  body;
static struct message reply;

static enum result
ask(struct courier *courier, unsigned number)
{
	const enum result result = courier_ask(courier, number, &body, ORDER_TIMEOUT, &reply);

	writer_clear(&body);
	return result;
}

static bool
say_hello(struct courier *courier, struct text build)
{
	put_text(&body, build);
	return ask(courier, ORDER_HELLO) == RESULT_DONE;
}

static bool
say_ready(struct courier *courier)
{
	static const char *const words[] = { "https://127.0.0.1:1", "root", "pass\"word", "key", "secret" };

	for (size_t i = 0; i < COUNT(words); i++)
		put_string(&body, words[i]);
	return ask(courier, ORDER_READY) == RESULT_DONE;
}

/* Orders without end, and no look at the answers. */
static void
be_deaf(int wire)
{
	struct pollfd wait = { wire, POLLOUT, 0 };

	for (int i = 0; i < 20000; i++) {
		if (message_send(wire, (struct message_head){ MESSAGE_ORDER, 1, ORDER_STATUS }, &body) == WIRE_AGAIN)
			poll(&wait, 1, 100);
	}
	pause();
}

static int
misbehave(struct text how, const struct gate_setup *setup, struct courier *courier)
{
	if (text_is(how, "execve"))
		execve("/bin/true", (char *const[]){ "true", NULL }, NULL);
	else if (text_is(how, "ptrace"))
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	else if (text_is(how, "packet"))
		return socket(AF_PACKET, SOCK_RAW, 0);
	else if (text_is(how, "exit"))
		return 3;
	else if (text_is(how, "nonsense") && write(setup->wire, "?", 1) == 1)
		pause();
	else if (text_is(how, "unknown"))
		ask(courier, ORDER_COUNT);
	else if (text_is(how, "rules")) {
		put_fd(&body, dup(STDERR_FILENO)); /* no sealed memory */
		ask(courier, ORDER_LOAD_RULES);
	} else if (text_is(how, "deaf"))
		be_deaf(setup->wire);
	return 0;
}

/* What the file says; it is gone afterwards. */
static struct text
behaviour(char *room, size_t size)
{
	const int fd = open("behave", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return TEXT_NONE;

	const ssize_t n = read(fd, room, size);

	close(fd);
	unlink("behave");
	return (struct text){ room, n > 0 ? (size_t)n : 0 };
}

/* A good gate: rules are loaded, and the file `alive` says so. */
static bool
serve(struct courier *courier)
{
	static const struct ruleset nothing;
	scoped_buffer               rules = BUFFER_NONE;

	ruleset_encode(&rules, &nothing, NULL);
	put_fd(&body, sealed_new("rules", buffer_text(&rules)));
	return ask(courier, ORDER_LOAD_RULES) == RESULT_DONE && close(open("alive", O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == 0;
}

static int
rogue(const struct gate_setup *setup)
{
	const struct courier_hooks hooks = { 0 };
	char                       room[32];
	sigset_t                   set;
	int                        number;
	struct text                how = TEXT_NONE;

	if (!setup->ephemeral && fchdir(setup->state_fd) == 0)
		how = behaviour(room, sizeof(room));
	if (text_is(how, "early") && write(setup->wire, (const uint32_t[]){ MESSAGE_ORDER, 1, ORDER_STATUS, 0 }, 16) == 16)
		pause();
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	writer_init(&body);
	message_init(&reply);

	/* The courier's thread would take the answers away from one who must not read them. */
	struct courier *courier = text_is(how, "deaf") ? NULL : courier_new(setup->wire, &hooks);

	if (!courier) {
		put_text(&body, build_id());
		message_send(setup->wire, (struct message_head){ MESSAGE_ORDER, 1, ORDER_HELLO }, &body);
		writer_clear(&body);
	} else if (!say_hello(courier, text_is(how, "build") ? TEXT("another") : build_id()) || !say_ready(courier)) {
		return 4;
	}
	if (how.len > 0 && !text_is(how, "stubborn"))
		return misbehave(how, setup, courier);
	if (!setup->ephemeral && !serve(courier))
		return 5;
	sigwait(&set, &number);
	if (text_is(how, "stubborn"))
		pause();
	return 0;
}

/* --- The test -------------------------------------------------------------------------- */

#define TRIES 12000 /* of 5 ms */

static char directory[] = "/tmp/drawbridge-keeper-XXXXXX";

struct keeper {
	pid_t pid;
	int   out, errors;
	char  said[20000]; /* on standard error, so far */
	size_t len;
};

static struct keeper keeper;

static void
start(const char *const *argv)
{
	int out[2], errors[2];

	CHECK(pipe2(out, O_CLOEXEC) == 0 && pipe2(errors, O_CLOEXEC | O_NONBLOCK) == 0);
	keeper = (struct keeper){ .pid = fork(), .out = out[0], .errors = errors[0] };
	CHECK(keeper.pid >= 0);
	if (keeper.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* when a check fails */
		dup2(out[1], STDOUT_FILENO);
		dup2(errors[1], STDERR_FILENO);
		execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(out[1]);
	close(errors[1]);
}

static void
start_with_state(const char *how)
{
	char path[100], local[100];
	int  fd;

	snprintf(local, sizeof(local), "%s/socket", directory);
	snprintf(path, sizeof(path), "%s/alive", directory);
	unlink(path);
	snprintf(path, sizeof(path), "%s/behave", directory);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	CHECK(write(fd, how, strlen(how)) == (ssize_t)strlen(how) && fchmod(fd, 0644) == 0 && close(fd) == 0);
	start((const char *const[]){ "drawbridged", "--config", "/dev/null", "--state", directory, "--apply", "none", "--listen",
		"127.0.0.1:0", "--socket", local, NULL });
}

/* Until it has ended; what it said last is read. */
static void
stop(int *status)
{
	ssize_t n;

	kill(keeper.pid, SIGTERM);
	CHECK(waitpid(keeper.pid, status, 0) == keeper.pid);
	n = read(keeper.errors, keeper.said + keeper.len, sizeof(keeper.said) - keeper.len - 1);
	keeper.len += n > 0 ? (size_t)n : 0;
	close(keeper.out);
	close(keeper.errors);
}

static bool
is_alive(void)
{
	char path[100];

	snprintf(path, sizeof(path), "%s/alive", directory);
	return access(path, F_OK) == 0;
}

static void
rest(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
}

static void
wait_until_alive(void)
{
	for (int tries = 0; tries < TRIES && !is_alive(); tries++)
		rest();
}

TEST(a_gate_that_misbehaves_is_ended_and_another_one_started)
{
	static const struct {
		const char *how, *says;
	} cases[] = {
		{ "execve", "the gate was killed by signal 31" },
		{ "ptrace", "the gate was killed by signal 31" },
		{ "packet", "the gate was killed by signal 31" },
		{ "exit", "the gate exited with status 3" },
		{ "nonsense", "the gate is ended: it sent a malformed packet" },
		{ "unknown", "the gate is ended: it gave a bad order" },
		{ "early", "the gate is ended: it gave a bad order" },
		{ "rules", "the gate is ended: it gave a bad order" },
		{ "deaf", "the gate is ended: it does not take replies" },
		{ "build", "the gate exited with status 4" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int status;

		start_with_state(cases[i].how);
		wait_until_alive();

		const bool alive = is_alive();

		stop(&status);
		if (!alive || status != 0 || !strstr(keeper.said, cases[i].says))
			fail_msg("%s: alive %d, status %d, said: %s", cases[i].how, alive, status, keeper.said);
	}
}

/* One that does not listen has 80 ms. */
TEST(it_stops_whatever_the_gate_does)
{
	static const char *const hows[] = { "", "stubborn" };

	for (size_t i = 0; i < COUNT(hows); i++) {
		int status;

		start_with_state(hows[i]);
		wait_until_alive();

		stop(&status);
		CHECK_NUMBER(status, 0);
	}
}

TEST(a_killed_keeper_takes_its_gate_along)
{
	char     room[200];
	FILE    *children;
	unsigned gate = 0;

	start_with_state("");
	wait_until_alive();
	snprintf(room, sizeof(room), "/proc/%d/task/%d/children", (int)keeper.pid, (int)keeper.pid);
	children = fopen(room, "re");
	CHECK(children && fscanf(children, "%u", &gate) == 1 && fclose(children) == 0);
	kill(keeper.pid, SIGKILL);
	waitpid(keeper.pid, NULL, 0);
	for (int tries = 0; tries < TRIES && kill((pid_t)gate, 0) == 0; tries++) {
		waitpid((pid_t)gate, NULL, WNOHANG);
		rest();
	}

	/* Nobody may have taken leave of it yet: dead is enough. */
	char life = 'X';

	snprintf(room, sizeof(room), "/proc/%u/stat", gate);
	children = fopen(room, "re");
	if (children) {
		CHECK(fscanf(children, "%*u (%*[^)]) %c", &life) == 1);
		fclose(children);
	}
	CHECK(life == 'X' || life == 'Z');
	close(keeper.out);
	close(keeper.errors);
}

TEST(an_ephemeral_instance_says_its_credentials_in_one_line)
{
	char line[400];
	int  status;

	start((const char *const[]){ "drawbridged", "--ephemeral", "--apply", "none", NULL });

	const ssize_t n = read(keeper.out, line, sizeof(line) - 1);

	CHECK(n > 0);
	line[n] = '\0';
	stop(&status);
	CHECK_STRING(line, "{\"url\":\"https://127.0.0.1:1\",\"user\":\"root\",\"password\":\"pass\\\"word\","
			   "\"key\":\"key\",\"secret\":\"secret\"}\n");
	CHECK_NUMBER(status, 0);
}

TEST(a_service_manager_is_told)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	struct timeval     limit = { .tv_sec = 60 };
	const int          manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char               words[100] = "";
	int                status;

	snprintf(name.sun_path, sizeof(name.sun_path), "%s/notify", directory);
	CHECK(bind(manager, (struct sockaddr *)&name, sizeof(name)) == 0);
	CHECK(setsockopt(manager, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
	setenv("NOTIFY_SOCKET", name.sun_path, 1);
	start_with_state("");
	CHECK(recv(manager, words, sizeof(words) - 1, 0) > 0);
	CHECK_STRING(words, "READY=1");
	stop(&status);
	CHECK(recv(manager, words, sizeof(words) - 1, 0) > 0);
	CHECK_STRING(words, "STOPPING=1");
	unsetenv("NOTIFY_SOCKET");
	close(manager);
	unlink(name.sun_path);
}

TEST(an_address_in_use_is_said)
{
	const int          taken = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t          len = sizeof(name);
	char               where[30], want[100];
	int                status;

	CHECK(bind(taken, (struct sockaddr *)&name, len) == 0 && listen(taken, 1) == 0);
	CHECK(getsockname(taken, (struct sockaddr *)&name, &len) == 0);
	snprintf(where, sizeof(where), "127.0.0.1:%d", ntohs(name.sin_port));
	snprintf(want, sizeof(want), "cannot listen on %s: Address already in use", where);
	start((const char *const[]){ "drawbridged", "--ephemeral", "--apply", "none", "--listen", where, NULL });
	CHECK(waitpid(keeper.pid, &status, 0) == keeper.pid);
	CHECK_NUMBER(WEXITSTATUS(status), 1);
	CHECK(read(keeper.errors, keeper.said, sizeof(keeper.said) - 1) > 0);
	CHECK(strstr(keeper.said, want) != NULL);
	close(keeper.out);
	close(keeper.errors);
	close(taken);
}

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int
tear_down(void **state)
{
	char path[100];

	(void)state;
	snprintf(path, sizeof(path), "%s/alive", directory);
	unlink(path);
	snprintf(path, sizeof(path), "%s/behave", directory);
	unlink(path);
	snprintf(path, sizeof(path), "%s/socket", directory); /* of the keeper that was killed */
	unlink(path);
	return rmdir(directory);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gate_that_misbehaves_is_ended_and_another_one_started),
		cmocka_unit_test(it_stops_whatever_the_gate_does),
		cmocka_unit_test(a_killed_keeper_takes_its_gate_along),
		cmocka_unit_test(an_ephemeral_instance_says_its_credentials_in_one_line),
		cmocka_unit_test(a_service_manager_is_told),
		cmocka_unit_test(an_address_in_use_is_said),
	};

	if (argc == 2 && strcmp(argv[1], GATE_ARGUMENT) == 0)
		return gate_enter(rogue);
	if (argc > 1) {
		const int             own = open("/proc/self/exe", O_PATH | O_CLOEXEC);
		const struct programs myself = { own, own, build_id() };

		return keeper_main(argc, argv, &myself);
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
