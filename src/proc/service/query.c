/* A query is a question on a socket, a program that is run, or a file that is read. */
#include "proc/service/query.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "proc/child/job.h"
#include "proc/child/talk.h"
#include "proc/service/program.h"
#include "proc/wireguard/keeping.h"

#define QUERY_LIMIT     10000 /* ms */
#define QUERY_WORDS_MAX 10
#define FILE_POLL       15    /* ms */
#define SIGNAL_AFTER    300   /* ms */

struct query {
	const char *name;
	const char *socket, *request;
	const char *command[QUERY_WORDS_MAX];
	const char *file;
	const char *service; /* is sent `signal` and then writes the file, which ends with "]" */
	int         signal;
	bool        has_argument;
	bool        lists_missing; /* "PROGRAM PACKAGE" for each of our programs that is not installed, a line each */
};

#define CHRONYC(word)          .command = { "/usr/bin/chronyc", "-c", "-n", "-h", "/run/chrony/chronyd.sock", word }
#define UNBOUND(word)          .socket = "/run/unbound.ctl", .request = "UBCT1 " word "\n"

#define KEA(number, command)   .socket = "/run/kea/kea" number "-ctrl-socket", .request = "{ \"command\": " command " }"

/* clang-format off */
static const struct query queries[] = {
	{ "programs.missing",    .lists_missing = true },
	{ "syslog.stats",        .command = { "/usr/sbin/syslog-ng-ctl", "stats", "--control=/run/drawbridge-syslog.ctl" } },
	{ "chrony.sources",      CHRONYC("sources") },
	{ "chrony.stats",        CHRONYC("sourcestats") },
	{ "chrony.data",         CHRONYC("ntpdata") },
	{ "chrony.tracking",     CHRONYC("tracking") },
	{ "dhcpcd.grants",       .command = { "/usr/sbin/dhcpcd", "-U" } },
	{ "dnsmasq.leases",      .file = "/var/lib/misc/dnsmasq.leases" },
	{ "keepalived.state",    .service = "keepalived", .signal = 36 /* keepalived --signum=JSON */,
	  .file = "/run/keepalived/keepalived.json" },
	{ "pppd.servers",        .file = "/etc/ppp/resolv.conf" },
	{ "kea4.leases",         KEA("4", "\"lease4-get-all\"") },
	{ "kea6.leases",         KEA("6", "\"lease6-get-all\"") },
	{ "kea4.release",        KEA("4", "\"lease4-del\", \"arguments\": { \"ip-address\": \"%s\" }"), .has_argument = true },
	{ "kea6.release",        KEA("6", "\"lease6-del\", \"arguments\": { \"ip-address\": \"%s\" }"), .has_argument = true },
	{ "kea6.release_prefix", KEA("6", "\"lease6-del\", \"arguments\": { \"ip-address\": \"%s\", \"type\": \"IA_PD\" }"),
	  .has_argument = true },
	{ "wireguard.show",      .command = { "/proc/self/exe", WIREGUARD_ARGUMENT, "show" } },
	{ "unbound.stats",       UNBOUND("stats_noreset") },
	{ "unbound.data",        UNBOUND("list_local_data") },
	{ "unbound.zones",       UNBOUND("list_local_zones") },
	{ "unbound.forwards",    UNBOUND("list_forwards") },
	{ "unbound.insecure",    UNBOUND("list_insecure") },
	{ "unbound.infra",       UNBOUND("dump_infra") },
	{ "unbound.cache",       UNBOUND("dump_cache") },
	{ "unbound.flush",       UNBOUND("flush_zone %s"), .has_argument = true },
};
/* clang-format on */

/* A query under way. */
struct asked {
	query_done  *done;
	void        *self;
	/* Of one that is written: */
	struct loop *loop;
	struct timer poll;
	const char  *path;
	int64_t      deadline;
	off_t        size; /* when it was looked at last */
};

static bool
is_argument(struct text argument)
{
	if (argument.len == 0 || argument.len > QUERY_ARGUMENT_MAX || argument.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < argument.len; i++) {
		const char c = argument.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c != '\0' && strchr(".:_@/+-", c))))
			return false;
	}
	return true;
}

/* The text with the argument in place of "%s". */
static const char *
with_argument(struct arena *arena, const char *text, struct text argument)
{
	const char   *at = strstr(text, "%s");
	scoped_buffer whole = BUFFER_NONE;

	if (!at)
		return text;
	buffer_add(&whole, (struct text){ text, (size_t)(at - text) });
	buffer_add(&whole, argument);
	buffer_add_string(&whole, at + 2);
	return arena_copy(arena, buffer_text(&whole));
}

static void
finish(struct asked *asked, enum result result, struct text text)
{
	asked->done(asked->self, result, text);
	free(asked);
}

static void
heard(void *self, bool is_whole, struct text answer)
{
	finish(self, is_whole ? RESULT_DONE : RESULT_UNAVAILABLE, is_whole ? answer : TEXT("it does not run, or does not answer"));
}

static void
ended(void *self, int status, struct text output)
{
	finish(self, status == 0 ? RESULT_DONE : RESULT_FAILED, output);
}

static void
read_file(struct asked *asked, const char *path)
{
	scoped_fd     fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	scoped_buffer content = BUFFER_NONE;
	struct stat   about;
	char          bytes[65536];
	ssize_t       n = 0;

	if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
		finish(asked, errno == ENOENT ? RESULT_DONE : RESULT_FAILED, TEXT_NONE);
		return;
	}
	while (content.len < QUERY_ANSWER_MAX && (n = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(&content, (struct text){ bytes, (size_t)n });
	finish(asked, n < 0 ? RESULT_FAILED : RESULT_DONE, buffer_text(&content));
}

static void
list_missing(struct asked *asked)
{
	scoped_buffer         lines = BUFFER_NONE;
	const struct program *program;

	for (size_t i = 0; (program = program_at(i)); i++)
		if (access(program->run[0], X_OK) != 0 || (program->lacks && program->lacks()))
			buffer_print(&lines, "%s %s\n", program->name, program->package);
	finish(asked, RESULT_DONE, buffer_text(&lines));
}

/* --- A file that is written when a signal asks for it --------------------------------------------------- */

/* Nothing was added since the last look, and it ends as a list does. */
static bool
is_written(struct asked *asked)
{
	scoped_fd   fd = open(asked->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat about;
	char        end[2] = "";

	if (fd < 0 || fstat(fd, &about) != 0 || about.st_size < 2)
		return false;
	const bool is_still = about.st_size == asked->size;

	asked->size = about.st_size;
	return is_still && pread(fd, end, sizeof(end), about.st_size - 2) == 2 &&
	       (end[1] == ']' || (end[0] == ']' && end[1] == '\n'));
}

static void
look_for_file(void *self)
{
	struct asked *asked = self;

	if (is_written(asked))
		read_file(asked, asked->path);
	else if (loop_clock() > asked->deadline)
		finish(asked, RESULT_UNAVAILABLE, TEXT("it does not answer"));
	else
		loop_start(asked->loop, &asked->poll, FILE_POLL);
}

/* What is there is of an earlier question. */
static void
signal_and_wait(struct asked *asked, struct loop *loop, struct runner *runner, const struct query *query)
{
	struct daemon_status status = { .state = DAEMON_STOPPED };

	unlink(query->file);
	/* One that has just been started may not know the signal yet, and end. */
	if (!runner_status(runner, text_of(query->service), &status) || status.state != DAEMON_RUNNING ||
	    loop_clock() - status.since < SIGNAL_AFTER || runner_signal(runner, text_of(query->service), query->signal) != RESULT_DONE) {
		finish(asked, RESULT_UNAVAILABLE, TEXT("it does not run"));
		return;
	}
	asked->loop = loop;
	asked->path = query->file;
	asked->deadline = loop_clock() + QUERY_LIMIT;
	asked->poll = (struct timer){ .due = look_for_file, .self = asked };
	loop_start(loop, &asked->poll, FILE_POLL);
}

static void
run(struct loop *loop, struct children *children, struct asked *asked, const struct query *query, struct text argument)
{
	static const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL };
	scoped_arena             arena = arena_new();
	const char              *words[QUERY_WORDS_MAX + 1] = { NULL };
	const struct job_order   order = {
		.argv = words, .environment = environment, .limit = QUERY_LIMIT, .done = ended, .self = asked,
	};

	for (size_t i = 0; i < QUERY_WORDS_MAX && query->command[i]; i++)
		words[i] = with_argument(arena, query->command[i], argument);
	if (!job_start(loop, children, &order))
		finish(asked, RESULT_UNAVAILABLE, text_of(strerror(errno)));
}

bool
query_start(struct loop *loop, struct children *children, struct runner *runner, const struct query_order *order)
{
	const struct text   name = order->name, argument = order->argument;
	const struct query *query = NULL;
	scoped_arena        arena = arena_new();
	struct asked       *asked;

	for (size_t i = 0; i < COUNT(queries); i++)
		if (text_is(name, queries[i].name))
			query = &queries[i];
	if (!query || (query->has_argument ? !is_argument(argument) : argument.len > 0))
		return false;
	asked = malloc(sizeof(*asked));
	BUG_IF(!asked, "out of memory");
	*asked = (struct asked){ .done = order->done, .self = order->self };
	if (query->lists_missing) {
		list_missing(asked);
	} else if (!runner) {
		finish(asked, RESULT_UNAVAILABLE, TEXT("the services of the machine are not ours"));
	} else if (query->service) {
		signal_and_wait(asked, loop, runner, query);
	} else if (query->file) {
		read_file(asked, query->file);
	} else if (query->socket) {
		const struct talk_order talk = {
			.path = query->socket, .request = text_of(with_argument(arena, query->request, argument)),
			.max = QUERY_ANSWER_MAX, .limit = QUERY_LIMIT, .done = heard, .self = asked,
		};

		talk_start(loop, &talk);
	} else {
		run(loop, children, asked, query, argument);
	}
	return true;
}
