/* Starting programs, asking them, and counting. */
#include "bench/rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "auth/secret.h"
#include "base/bug.h"
#include "base/number.h"

#define ANSWER_MAX   ((size_t)128 * 1024 * 1024)
#define FILES_MAX    8
#define ARGUMENTS_MAX 40
#define CONNECTIONS_MAX 256

static char   files[FILES_MAX][64];
static size_t nfiles;
static pid_t  running; /* the daemon; 0: none */

double
rig_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void
rig_skip(const char *what)
{
	printf("SKIPPED: %s\n", what);
	exit(77);
}

void
rig_fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	if (running > 0) {
		kill(running, SIGTERM);
		waitpid(running, NULL, 0);
	}
	exit(1);
}

/* --- programs --------------------------------------------------------------------------------- */

/* in and out are our ends; -1: not wanted. */
static pid_t
start(const char *const *argv, int *in, int *out)
{
	posix_spawn_file_actions_t actions;
	int                        to[2], from[2];
	pid_t                      pid;

	posix_spawn_file_actions_init(&actions);
	if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
		rig_fail("no pipe");
	posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, (char *const[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL }) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	close(to[0]);
	close(from[1]);
	*in = to[1];
	*out = from[0];
	return pid;
}

/* The daemon's only child. */
/* The keeper has others: daemons, and who waits for its end. */
static bool
is_gate(pid_t pid)
{
	char        path[64], words[256] = "";
	FILE       *file;
	struct text said;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	file = fopen(path, "re");
	said = (struct text){ words, file ? fread(words, 1, sizeof(words), file) : 0 };
	if (file)
		fclose(file);
	return text_contains(said, TEXT("--gate"));
}

static pid_t
child_of(pid_t pid)
{
	char        path[64], line[4096] = "";
	FILE       *file;
	struct text rest, one;
	int64_t     child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	file = fopen(path, "re");
	if (file && !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		fclose(file);
	rest = text_of(line);
	while (text_next(&rest, " ", &one))
		if (number_read(one, 1, INT32_MAX, &child) && is_gate((pid_t)child))
			return (pid_t)child;
	return 0;
}

/* The key that the daemon made up for its first start. */
static void
read_login(struct rig *rig, const char *state)
{
	char         path[256], line[256], key[128] = "", secret[128] = "", user[128] = "", password[128] = "";
	scoped_arena arena = arena_new();

	snprintf(path, sizeof(path), "%s/first-login", state);
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "key ", 4) == 0)
			snprintf(key, sizeof(key), "%.100s", line + 4);
		if (strncmp(line, "user ", 5) == 0)
			snprintf(user, sizeof(user), "%.100s", line + 5);
		if (strncmp(line, "password ", 9) == 0)
			snprintf(password, sizeof(password), "%.100s", line + 9);
		if (strncmp(line, "secret ", 7) == 0)
			snprintf(secret, sizeof(secret), "%.100s", line + 7);
	}
	if (!file || !key[0] || !secret[0])
		rig_fail("no first-login file");
	fclose(file);
	snprintf(rig->key, sizeof(rig->key), "Authorization: Basic %s\r\n",
		 base64_encode(arena, text_of(arena_print(arena, "%s:%s", key, secret))));
	snprintf(rig->password, sizeof(rig->password), "Authorization: Basic %s\r\n",
		 base64_encode(arena, text_of(arena_print(arena, "%s:%s", user, password))));
}

struct rig
rig_daemon(const char *program, const char *const *more)
{
	const bool  is_kept = more && strcmp(more[0], "--state") == 0;
	struct rig  rig = { .hold = -1, .port = (uint16_t)(20000 + (unsigned)getpid() % 20000) };
	char        address[32];
	const char *argv[ARGUMENTS_MAX] = { program, "--plain", "--listen", address, "--log-level", "error" };
	static const char *const known[] = { "--ephemeral", "--user", "admin", "--password", "pfsense", "--key", "k1", "--secret", "s1" };
	size_t      count = 0, len = 0;
	char        line[1024] = "";
	int         in, out;
	ssize_t     got;
	int64_t     port;

	while (argv[count])
		count++;
	for (size_t i = 0; !is_kept && i < COUNT(known); i++)
		argv[count++] = known[i];
	for (size_t i = 0; more && more[i]; i++)
		argv[count++] = more[i];
	snprintf(address, sizeof(address), "127.0.0.1:%u", is_kept ? rig.port : 0U);
	rig.started = rig_now();
	rig.pid = running = start(argv, &in, &out);
	close(in);
	if (is_kept) {
		close(out);
		const int fd = rig_connect(&rig);

		/* It listens before it is ready. */
		rig_ask(fd, "GET /api/core/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", NULL);
		close(fd);
		rig.gate = child_of(rig.pid);
		read_login(&rig, more[1]);
		return rig;
	}
	while (len < sizeof(line) - 1 && !strchr(line, '\n') && (got = read(out, line + len, sizeof(line) - 1 - len)) > 0)
		len += (size_t)got;
	close(out);
	const char *at = strstr(line, "127.0.0.1:");
	struct text rest = text_of(at ? at + 10 : "");

	if (!number_read(text_until(&rest, '"'), 1, 65535, &port))
		rig_fail("the daemon did not start");
	rig.port = (uint16_t)port;
	rig.gate = child_of(rig.pid);
	return rig;
}

struct rig
rig_bare(const char *program, size_t bytes)
{
	char        size[24], number[24];
	const char *argv[] = { program, number, "2", size, NULL };
	struct rig  rig;
	int         out;

	rig.port = (uint16_t)(20000 + (unsigned)getpid() % 20000);
	snprintf(number, sizeof(number), "%u", rig.port);
	snprintf(size, sizeof(size), "%zu", bytes);
	rig.started = rig_now();
	rig.pid = start(argv, &rig.hold, &out);
	rig.gate = 0;
	close(out);
	if (rig.pid < 0)
		rig_fail("the reference did not start");
	return rig;
}

void
rig_end(struct rig *rig)
{
	if (rig->hold >= 0)
		close(rig->hold);
	else
		kill(rig->pid, SIGTERM);
	if (rig->pid == running)
		running = 0;
	waitpid(rig->pid, NULL, 0);
}

bool
rig_run(const char *const *argv, const char *out)
{
	posix_spawn_file_actions_t actions;
	int                        status = -1;
	pid_t                      pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out ? out : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, (char *const[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL }) == 0)
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
	return status == 0;
}

double
rig_reload(const struct rig *rig, const char *name, const char *request)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	double             took[3];
	char               bytes[512];

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/%d/root/run/%s", (int)rig->pid, name);
	for (size_t i = 0; i < COUNT(took); i++) {
		const int    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		const double begin = rig_now();

		if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 || write(fd, request, strlen(request)) < 0)
			rig_skip("a daemon's socket in the sandbox cannot be reached");
		while (read(fd, bytes, sizeof(bytes)) > 0)
			;
		close(fd);
		took[i] = rig_now() - begin;
	}
	return rig_median(took, COUNT(took));
}

static long
status_of(pid_t pid, const char *name)
{
	char path[64], line[256];
	long kb = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, name, 6) == 0)
			kb = (long)strtoul(line + 6, NULL, 10);
	if (file)
		fclose(file);
	return kb;
}

long
rig_memory(pid_t pid)
{
	return status_of(pid, "VmRSS:");
}

long
rig_memory_peak(pid_t pid)
{
	return status_of(pid, "VmHWM:");
}

void
rig_memory_reset(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/clear_refs", (int)pid);
	FILE *file = fopen(path, "we");

	if (!file || fputs("5", file) < 0 || fclose(file) != 0)
		rig_skip("needs root, to measure peaks of memory");
}

/* --- asking ------------------------------------------------------------------------------------ */

int
rig_connect(const struct rig *rig)
{
	const struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(rig->port),
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int                one = 1;

	for (int tries = 0; tries < 500; tries++) {
		const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (connect(fd, (const struct sockaddr *)&name, sizeof(name)) == 0) {
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
			return fd;
		}
		close(fd);
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	rig_fail("nobody answers");
}

const char *
rig_request(struct arena *arena, const char *target, const char *credentials, const char *type, const char *body)
{
	if (!body)
		return arena_print(arena, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", target, credentials);
	return arena_print(arena, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
			   strncmp(target, "PUT ", 4) == 0 ? "PUT" : "POST", strncmp(target, "PUT ", 4) == 0 ? target + 4 : target,
			   credentials, type, strlen(body), body);
}

/* Bytes of the whole answer at the front; 0: there is more to come. */
static size_t
whole(const char *bytes, size_t len, size_t *head)
{
	const char *end = memmem(bytes, len, "\r\n\r\n", 4);
	const char *length = end ? memmem(bytes, (size_t)(end - bytes), "Content-Length: ", 16) : NULL;

	if (!end)
		return 0;
	*head = (size_t)(end - bytes) + 4;
	const size_t all = *head + (length ? strtoul(length + 16, NULL, 10) : 0);

	return all <= len ? all : 0;
}

unsigned
rig_ask(int fd, const char *request, struct buffer *out)
{
	static _Thread_local char *bytes;
	const size_t               size = strlen(request);
	size_t                     len = 0, head = 0;

	if (!bytes)
		bytes = malloc(ANSWER_MAX);
	for (size_t sent = 0; sent < size;) {
		const ssize_t n = send(fd, request + sent, size - sent, MSG_NOSIGNAL);

		if (n <= 0)
			rig_fail("cannot send");
		sent += (size_t)n;
	}
	do {
		const ssize_t got = recv(fd, bytes + len, ANSWER_MAX - len, 0);

		if (got <= 0)
			rig_fail("no answer");
		len += (size_t)got;
	} while (whole(bytes, len, &head) == 0);
	if (out) {
		buffer_cut(out, 0);
		buffer_add(out, (struct text){ bytes + head, len - head });
	}
	return (unsigned)strtoul(bytes + 9, NULL, 10);
}

static int
compare(const void *a, const void *b)
{
	const double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

double
rig_median(double *figures, size_t count)
{
	qsort(figures, count, sizeof(*figures), compare);
	return figures[count / 2];
}

double
rig_time(int fd, const char *const *requests, size_t count, double *high)
{
	double *took = calloc(count, sizeof(*took));

	for (size_t i = 0; i < count; i++) {
		const double begin = rig_now();

		if (rig_ask(fd, requests[i], NULL) != 200)
			rig_fail("a request was refused");
		took[i] = rig_now() - begin;
	}
	const double median = rig_median(took, count);

	if (high)
		*high = took[count * 99 / 100];
	free(took);
	return median;
}

struct talk {
	int    fd;
	size_t len;
	char   bytes[64 * 1024];
};

double
rig_load(const struct rig *rig, const char *request, unsigned connections, double seconds)
{
	static struct talk talks[CONNECTIONS_MAX];
	struct epoll_event events[CONNECTIONS_MAX];
	const int          poll = epoll_create1(EPOLL_CLOEXEC);
	const size_t       size = strlen(request);
	size_t             answers = 0, head;

	for (unsigned i = 0; i < connections; i++) {
		talks[i].fd = rig_connect(rig);
		talks[i].len = 0;
		epoll_ctl(poll, EPOLL_CTL_ADD, talks[i].fd, &(struct epoll_event){ EPOLLIN, { .u32 = i } });
	}
	const double begin = rig_now();

	for (unsigned i = 0; i < connections; i++)
		if (send(talks[i].fd, request, size, MSG_NOSIGNAL) != (ssize_t)size)
			rig_fail("cannot send");
	while (rig_now() - begin < seconds) {
		const int ready = epoll_wait(poll, events, CONNECTIONS_MAX, 1000);

		for (int i = 0; i < ready; i++) {
			struct talk  *talk = &talks[events[i].data.u32];
			const ssize_t got = recv(talk->fd, talk->bytes + talk->len, sizeof(talk->bytes) - talk->len, 0);

			if (got <= 0)
				rig_fail("no answer");
			talk->len += (size_t)got;
			if (whole(talk->bytes, talk->len, &head) == 0)
				continue;
			if (memcmp(talk->bytes + 9, "200", 3) != 0)
				rig_fail("a request was refused");
			talk->len = 0;
			answers++;
			if (send(talk->fd, request, size, MSG_NOSIGNAL) != (ssize_t)size)
				rig_fail("cannot send");
		}
	}
	const double took = rig_now() - begin;

	for (unsigned i = 0; i < connections; i++)
		close(talks[i].fd);
	close(poll);
	return (double)answers / took;
}

/* --- figures and files --------------------------------------------------------------------------- */

const char *
rig_print(struct arena *arena, double seconds)
{
	return seconds >= 1 ? arena_print(arena, "%.2f s", seconds) :
	       seconds >= 0.0995 ? arena_print(arena, "%.0f ms", seconds * 1e3) :
	       seconds >= 0.000995 ? arena_print(arena, "%.1f ms", seconds * 1e3) :
				  arena_print(arena, "%.0f µs", seconds * 1e6);
}

void
rig_report(const char *what, const char *ours, const char *reference, const char *which)
{
	printf("bench\t%s\t%s\t%s\t%s\n", what, ours, reference, which);
	fflush(stdout);
}

static void
remove_files(void)
{
	for (size_t i = 0; i < nfiles; i++)
		unlink(files[i]);
}

const char *
rig_file(struct arena *arena, struct text content)
{
	char      name[] = "/tmp/drawbridge-bench-XXXXXX";
	const int fd = mkstemp(name);

	if (fd < 0 || nfiles == FILES_MAX)
		rig_fail("no temporary file");
	for (size_t done = 0; done < content.len;) {
		const ssize_t n = write(fd, content.ptr + done, content.len - done);

		if (n <= 0)
			rig_fail("cannot write a temporary file");
		done += (size_t)n;
	}
	close(fd);
	if (nfiles == 0)
		atexit(remove_files);
	snprintf(files[nfiles++], sizeof(files[0]), "%s", name);
	return arena_copy(arena, text_of(name));
}

struct text
rig_config(struct arena *arena, unsigned aliases, unsigned rules, unsigned addresses)
{
	scoped_buffer out = BUFFER_NONE;

	buffer_add_string(&out, "<?xml version=\"1.0\"?><opnsense><interfaces><wan><enable>1</enable><if>em0</if>"
				"<ipaddr>203.0.113.2</ipaddr><subnet>24</subnet></wan><lan><enable>1</enable><if>em1</if>"
				"<ipaddr>192.168.1.1</ipaddr><subnet>24</subnet></lan></interfaces><OPNsense><Firewall><Alias><aliases>");
	for (unsigned i = 0; i < aliases; i++)
		buffer_print(&out, "<alias uuid=\"a0000000-0000-4000-8000-%012u\"><enabled>1</enabled><name>host_%u</name>"
				   "<type>host</type><content>10.%u.%u.%u</content><description>server %u, %s</description></alias>",
			     i, i, i >> 16 & 255, i >> 8 & 255, i & 255, i, i % 3 ? "rented" : "owned");
	for (unsigned i = 0; i < addresses; i++)
		buffer_print(&out, "%s%u.%u.%u.%u", i ? "\n" : "<alias uuid=\"b0000000-0000-4000-8000-000000000000\"><enabled>1</enabled>"
			     "<name>big</name><type>host</type><content>",
			     20 + (i >> 20), i >> 12 & 255, i >> 4 & 255, (i & 15) * 16 + 1);
	if (addresses)
		buffer_add_string(&out, "</content></alias>");
	buffer_add_string(&out, "</aliases></Alias><Filter><rules>");
	for (unsigned i = 0; i < rules; i++)
		buffer_print(&out, "<rule uuid=\"c0000000-0000-4000-8000-%012u\"><enabled>1</enabled><sequence>%u</sequence>"
				   "<action>%s</action><quick>1</quick><interface>%s</interface><direction>in</direction>"
				   "<ipprotocol>inet</ipprotocol><protocol>%s</protocol><source_net>10.%u.%u.0/24</source_net>"
				   "<destination_net>192.168.%u.%u</destination_net><destination_port>%u</destination_port>"
				   "<description>rule %u</description></rule>",
			     i, i + 1, i % 3 ? "pass" : "block", i < rules / 2 ? "wan" : "lan", i % 4 ? "TCP" : "UDP", i >> 8 & 255, i & 255,
			     i >> 8 & 255, i & 255, 1000 + i % 50000, i);
	buffer_add_string(&out, "</rules></Filter></Firewall></OPNsense></opnsense>");
	return (struct text){ arena_copy(arena, buffer_text(&out)), out.len };
}
