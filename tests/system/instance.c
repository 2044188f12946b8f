/* Starting, ending and killing the daemon, and reading what it says. */
#include "instance.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "json/read.h"
#include "test.h"

#define COME_UP_LIMIT 60000 /* ms; a sanitizer on a busy machine takes its time, and so does an emulated processor */
#define STOP_LIMIT    60000 /* ms, before it is killed and the test fails */

static const char *daemon_program, *tool_program;

#if defined(__SANITIZE_ADDRESS__)
/* A test that fails leaves everything behind; only the daemon is watched for leaks. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

void
instance_programs(int argc, char *const argv[])
{
	if (argc < 3) {
		fprintf(stderr, "usage: %s DRAWBRIDGED DRAWBRIDGE\n", argv[0]);
		exit(EXIT_FAILURE);
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	daemon_program = argv[1];
	tool_program = argv[2];
}

int64_t
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
wait_a_little(int wait)
{
	const struct timespec time = { wait / 1000, (long)(wait % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

/* --- files --------------------------------------------------------------------------------------- */

static void
read_all(int fd, struct buffer *out)
{
	ssize_t got;

	do {
		buffer_reserve(out, 4096);
		got = read(fd, out->bytes + out->len, 4096);
		if (got > 0)
			out->len += (size_t)got;
	} while (got > 0);
	buffer_reserve(out, 1);
	out->bytes[out->len] = '\0';
}

static void
read_file(const char *path, struct buffer *out)
{
	scoped_fd fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		read_all(fd, out);
}

static void
remove_tree(struct arena *arena, const char *path)
{
	DIR           *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		const char *inner = arena_print(arena, "%s/%s", path, entry->d_name);

		if (unlink(inner) != 0)
			remove_tree(arena, inner);
	}
	if (folder)
		closedir(folder);
	rmdir(path);
}

/* --- making ----------------------------------------------------------------------------------------- */

static struct instance *
make(void)
{
	struct arena    *arena = arena_new();
	struct instance *instance = ARENA_MAKE(arena, struct instance, 1);
	char            *folder = arena_print(arena, "/tmp/drawbridge-system-XXXXXX");

	if (!mkdtemp(folder))
		fail_msg("%s: %s", folder, strerror(errno));
	chmod(folder, 0755); /* the gate has another user when we are root */
	instance->arena = arena;
	instance->out = instance->port_fd = -1;
	instance->folder = folder;
	instance->log = arena_print(arena, "%s/log", folder);
	return instance;
}

/*
 * A port that is given to nobody else while the instance lives, whether it runs or not: who says SO_REUSEADDR, as the daemon does,
 * may listen where somebody who said so too has bound and does not listen.
 */
static unsigned
reserve_port(struct instance *instance)
{
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t          len = sizeof(name);
	const int          on = 1;

	instance->port_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (instance->port_fd < 0 || bind(instance->port_fd, (struct sockaddr *)&name, len) < 0 ||
	    setsockopt(instance->port_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    getsockname(instance->port_fd, (struct sockaddr *)&name, &len) < 0)
		fail_msg("no port: %s", strerror(errno));
	return ntohs(name.sin_port);
}

struct instance *
instance_new(const char *argument, ...)
{
	struct instance *instance = make();
	size_t           count = 0;
	va_list          args;

	const char *const always[] = { "--ephemeral", "--listen", "127.0.0.1:0", "--user", USER, "--password", PASSWORD,
				       "--key",       KEY,        "--secret",    SECRET };

	for (size_t i = 0; i < COUNT(always); i++)
		instance->arguments[count++] = always[i];
	va_start(args, argument);
	for (const char *one = argument; one; one = va_arg(args, const char *))
		instance->arguments[count++] = one;
	va_end(args);
	return instance;
}

struct instance *
instance_lasting(bool tls)
{
	struct instance  *instance = make();
	const unsigned    port = reserve_port(instance);
	struct arena     *arena = instance->arena;
	const char *const arguments[] = { "--state",  arena_print(arena, "%s/state", instance->folder),
					  "--socket", arena_print(arena, "%s/socket", instance->folder),
					  "--listen", arena_print(arena, "127.0.0.1:%u", port),
					  "--apply",  "none",
					  tls ? NULL : "--plain" };

	memcpy(instance->arguments, arguments, sizeof(arguments));
	instance->state = arguments[1];
	instance->socket = arguments[3];
	instance->url = arena_print(arena, "%s://127.0.0.1:%u", tls ? "https" : "http", port);
	return instance;
}

struct instance *
instance_beside(const struct instance *other, const char *address, const char *certificate, const char *key)
{
	const bool        tls = strncmp(other->url, "https", 5) == 0;
	struct instance  *instance = instance_lasting(tls);
	struct arena     *arena = instance->arena;
	const char *const port = strrchr(other->url, ':') + 1;
	const char *const more[] = { "--certificate", certificate, "--certificate-key", key };

	instance->arguments[5] = arena_print(arena, "%s:%s", address, port);
	instance->url = arena_print(arena, "%s://%s:%s", tls ? "https" : "http", address, port);
	if (certificate)
		memcpy(instance->arguments + 8, more, sizeof(more));
	return instance;
}

void
instance_free(struct instance *instance)
{
	if (!instance)
		return;
	if (instance->pid)
		instance_kill(instance);
	if (instance->port_fd >= 0)
		close(instance->port_fd);
	remove_tree(instance->arena, instance->folder);
	arena_free(instance->arena);
}

/* --- starting --------------------------------------------------------------------------------------- */

static void
enter_room(const struct instance *instance)
{
	static const char *const kinds[] = { "mnt", "uts" };

	for (size_t i = 0; i < COUNT(kinds); i++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)instance->room, kinds[i]);
		const int fd = open(path, O_RDONLY | O_CLOEXEC);

		if (fd < 0 || setns(fd, 0) != 0)
			_exit(125);
	}
}

static void
become_daemon(const struct instance *instance, int out)
{
	/* In a room we are at the top. */
	const char *program = instance->room ? realpath(daemon_program, NULL) : daemon_program;
	const char *argv[INSTANCE_ARGUMENTS_MAX + 2] = { "drawbridged" };
	const int   log = open(instance->log, O_WRONLY | O_CREAT | O_APPEND, 0644);

	if (instance->run_as && (setgid(instance->run_as) != 0 || setuid(instance->run_as) != 0))
		_exit(126);
	if (instance->room)
		enter_room(instance);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of user would take it back */
	memcpy(argv + 1, instance->arguments, sizeof(instance->arguments));
	dup2(out, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	execv(program, (char *const *)argv);
	_exit(127);
}

static void
show_log(const struct instance *instance)
{
	scoped_buffer log = BUFFER_NONE;

	read_file(instance->log, &log);
	fprintf(stderr, "its log:\n%s\n", buffer_string(&log));
}

/* The line of an ephemeral instance. */
static struct value *
read_announcement(struct instance *instance)
{
	scoped_buffer line = BUFFER_NONE;
	const int64_t deadline = milliseconds() + COME_UP_LIMIT;
	struct value *said = NULL;

	while (!memchr(buffer_string(&line), '\n', line.len)) {
		struct pollfd fd = { .fd = instance->out, .events = POLLIN };
		const int64_t left = deadline - milliseconds();
		char          piece[1024];
		ssize_t       got = 0;

		if (left <= 0 || poll(&fd, 1, (int)left) <= 0 || (got = read(instance->out, piece, sizeof(piece))) <= 0) {
			show_log(instance);
			fail_msg("the daemon does not come up");
		}
		buffer_add(&line, (struct text){ piece, (size_t)got });
	}
	if (json_read(instance->arena, buffer_text(&line), NULL, &said, NULL) != RESULT_DONE)
		fail_msg("the daemon says %s", buffer_string(&line));
	return said;
}

static const char *
word_after(struct arena *arena, const char *text, const char *name)
{
	const char *found = strstr(text, name);
	size_t      len;

	if (!found)
		fail_msg("no %s in first-login", name);
	found += strlen(name) + 1;
	len = strcspn(found, "\n");
	return arena_copy(arena, (struct text){ found, len });
}

static void
learn_login(struct instance *instance)
{
	const int64_t deadline = milliseconds() + COME_UP_LIMIT;
	const char   *path = arena_print(instance->arena, "%s/first-login", instance->state);
	scoped_buffer login = BUFFER_NONE;

	while (!strstr(buffer_string(&login), "secret ") || login.bytes[login.len - 1] != '\n') {
		if (milliseconds() > deadline || waitpid(instance->pid, NULL, WNOHANG) != 0) {
			show_log(instance);
			fail_msg("the daemon does not come up");
		}
		wait_a_little(5);
		buffer_clear(&login);
		read_file(path, &login);
	}
	instance->user = word_after(instance->arena, buffer_string(&login), "user");
	instance->password = word_after(instance->arena, buffer_string(&login), "password");
	instance->key = word_after(instance->arena, buffer_string(&login), "key");
	instance->secret = word_after(instance->arena, buffer_string(&login), "secret");
}

/* Its sockets are there before anything is served; who connects early waits. */
static void
wait_for_socket(struct instance *instance)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const int64_t      deadline = milliseconds() + COME_UP_LIMIT;
	scoped_fd          fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", instance->socket);
	while (connect(fd, (struct sockaddr *)&name, sizeof(name)) < 0) {
		if (milliseconds() > deadline || waitpid(instance->pid, NULL, WNOHANG) != 0) {
			show_log(instance);
			fail_msg("the daemon does not come up");
		}
		wait_a_little(2);
	}
}

void
instance_start(struct instance *instance)
{
	int pipe_fds[2];

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		fail_msg("pipe: %s", strerror(errno));
	instance->out = pipe_fds[0];
	instance->pid = fork();
	if (instance->pid == 0)
		become_daemon(instance, pipe_fds[1]);
	close(pipe_fds[1]);
	if (instance->state) {
		wait_for_socket(instance);
		learn_login(instance);
		return;
	}
	const struct value *said = read_announcement(instance);

	instance->url = value_as_string(instance->arena, value_get(said, "url"));
	instance->user = value_as_string(instance->arena, value_get(said, "user"));
	instance->password = value_as_string(instance->arena, value_get(said, "password"));
	instance->key = value_as_string(instance->arena, value_get(said, "key"));
	instance->secret = value_as_string(instance->arena, value_get(said, "secret"));
}

struct instance *
instance_plain(const char *where)
{
	struct instance *instance = instance_new("--plain", "--apply", where, NULL);

	instance_start(instance);
	return instance;
}

/* --- ending ---------------------------------------------------------------------------------------- */

static void
ended(struct instance *instance)
{
	instance->pid = 0;
	close(instance->out);
	instance->out = -1;
}

int64_t
instance_stop(struct instance *instance)
{
	const int64_t begin = milliseconds();
	int           status = 0;
	pid_t         gone = 0;

	kill(instance->pid, SIGTERM);
	while ((gone = waitpid(instance->pid, &status, WNOHANG)) == 0 && milliseconds() < begin + STOP_LIMIT)
		wait_a_little(1);
	if (gone == 0)
		instance_kill(instance);
	else
		ended(instance);
	if (gone == 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		show_log(instance);
		fail_msg("the daemon %s (status %x)", gone ? "ended badly" : "does not end", (unsigned)status);
	}
	return milliseconds() - begin;
}

void
instance_kill_keeper(struct instance *instance)
{
	kill(instance->pid, SIGKILL);
	waitpid(instance->pid, NULL, 0);
	ended(instance);
}

void
instance_kill(struct instance *instance)
{
	const pid_t gate = instance_gate(instance);

	instance_kill_keeper(instance);
	if (gate)
		kill(gate, SIGKILL);
	if (gate)
		gate_wait(gate, STOP_LIMIT);
}

int64_t
gate_wait(pid_t gate, int limit)
{
	const int64_t begin = milliseconds();

	/* It became our child when its keeper went away. */
	while (waitpid(gate, NULL, WNOHANG) == 0) {
		if (milliseconds() > begin + limit)
			return -1;
		wait_a_little(1);
	}
	return milliseconds() - begin;
}

pid_t
instance_gate(const struct instance *instance)
{
	char          path[64];
	scoped_buffer children = BUFFER_NONE;
	struct text   one;
	int64_t       pid;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)instance->pid, (int)instance->pid);
	read_file(path, &children);
	struct text rest = buffer_text(&children);

	/* The keeper has others: daemons, and who waits for its end. */
	while (text_next(&rest, " ", &one)) {
		scoped_buffer words = BUFFER_NONE;

		if (!number_read(one, 1, INT32_MAX, &pid))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
		read_file(path, &words);
		if (text_contains(buffer_text(&words), TEXT("--gate")))
			return (pid_t)pid;
	}
	return 0;
}

bool
instance_said(const struct instance *instance, const char *part)
{
	scoped_buffer log = BUFFER_NONE;

	read_file(instance->log, &log);
	return strstr(buffer_string(&log), part) != NULL;
}

/* --- the command line tool ------------------------------------------------------------------------------ */

int
instance_cli(const struct instance *instance, struct buffer *out, const char *argument, ...)
{
	const char *argv[INSTANCE_ARGUMENTS_MAX] = { "drawbridge", "--socket", instance->socket };
	size_t      count = 3;
	int         pipe_fds[2], status = -1;
	va_list     args;

	va_start(args, argument);
	for (const char *one = argument; one; one = va_arg(args, const char *))
		argv[count++] = one;
	va_end(args);
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		fail_msg("pipe: %s", strerror(errno));
	const pid_t pid = fork();

	if (pid == 0) {
		dup2(pipe_fds[1], STDOUT_FILENO);
		execv(tool_program, (char *const *)argv);
		_exit(127);
	}
	close(pipe_fds[1]);
	read_all(pipe_fds[0], out);
	close(pipe_fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
