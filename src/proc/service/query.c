/* A query is a question on a socket, a program that is run, or a file that is read. */
#include "proc/service/query.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/running/esp.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "proc/child/job.h"
#include "proc/child/talk.h"
#include "proc/service/program.h"
#include "wire/management.h"
#include "wire/vici.h"
#include "proc/wireguard/keeping.h"

#define QUERY_LIMIT     10000 /* ms */
#define QUERY_WORDS_MAX 10
#define PEER_PATIENCE   "8000" /* ms: so long a peer of a tunnel may take to answer */
#define FILE_POLL       15    /* ms */
#define SIGNAL_AFTER    300   /* ms */

struct query {
	const char *name;
	const char *socket, *request;
	const char *vici[8]; /* on the socket, of strongSwan: a command, and names and values of its message by turns */
	const char *event;   /* that it tells what it knows by */
	const char *command[QUERY_WORDS_MAX];
	const char *file;
	const char *service; /* is sent `signal` and then writes the file, which ends with "]" */
	int         signal;
	bool        has_argument;
	bool        asks_esp;      /* "yes" or "no": does the kernel here wrap and unwrap ESP? */
	bool      (*is_whole)(struct text answer); /* of a question on a socket; NULL: who answers hangs up */
	const char *instances; /* a program that runs more than once: the argument begins with the name of the one meant, before a "/" */
	bool        lists_missing; /* "PROGRAM PACKAGE" for each of our programs that is not installed, a line each */
};

#define CHRONYC(word)          .command = { "/usr/bin/chronyc", "-c", "-n", "-h", "/run/chrony/chronyd.sock", word }
#define UNBOUND(word)          .socket = "/run/unbound.ctl", .request = "UBCT1 " word "\n"

#define VICI(...)              .socket = "/run/charon.vici", .vici = { __VA_ARGS__ }
#define OPENVPN(words)         .socket = "/run/drawbridge-openvpn/%i.sock", .request = MANAGEMENT(words), .instances = "openvpn", \
			       .is_whole = management_is_whole, .has_argument = true
#define KEA(number, command)   .socket = "/run/kea/kea" number "-ctrl-socket", .request = "{ \"command\": " command " }"

#define MONIT(format)          .socket = "/run/drawbridge-monit.sock", .request = "GET /_status?format=" format " HTTP/1.0\r\nHost: localhost\r\n\r\n"

/* clang-format off */
static const struct query queries[] = {
	{ "programs.missing",    .lists_missing = true },
	{ "syslog.stats",        .command = { "/usr/sbin/syslog-ng-ctl", "stats", "--control=/run/drawbridge-syslog.ctl" } },
	{ "kernel.esp",          .asks_esp = true },
	{ "charon.sas",          VICI("list-sas"), .event = "list-sa" },
	{ "charon.connections",  VICI("list-conns"), .event = "list-conn" },
	{ "charon.policies",     VICI("list-policies", "drop", "yes", "pass", "yes", "trap", "yes"), .event = "list-policy" },
	{ "charon.pools",        VICI("get-pools", "leases", "yes") },
	{ "charon.initiate",     VICI("initiate", "child", "%s", "timeout", PEER_PATIENCE), .has_argument = true },
	{ "charon.terminate",    VICI("terminate", "ike", "%s", "timeout", PEER_PATIENCE), .has_argument = true },
	{ "charon.drop",         VICI("terminate", "child-id", "%s", "timeout", PEER_PATIENCE), .has_argument = true },
	{ "charon.uninstall",    VICI("uninstall", "child", "%s"), .has_argument = true },
	{ "chrony.sources",      CHRONYC("sources") },
	{ "chrony.stats",        CHRONYC("sourcestats") },
	{ "chrony.data",         CHRONYC("ntpdata") },
	{ "chrony.tracking",     CHRONYC("tracking") },
	{ "dhcpcd.grants",       .command = { "/usr/sbin/dhcpcd", "-U" } },
	{ "dnsmasq.leases",      .file = "/var/lib/misc/dnsmasq.leases" },
	{ "keepalived.state",    .service = "keepalived", .signal = 36 /* keepalived --signum=JSON */,
	  .file = "/run/keepalived/keepalived.json" },
	{ "monit.xml",           MONIT("xml") },
	{ "monit.text",          MONIT("text") },
	{ "openvpn.status",      OPENVPN("state\nstatus 3") },
	{ "openvpn.kill",        OPENVPN("client-kill %s") },
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

/* The service that the argument begins with, which is cut off; NULL: it is no service's name. */
static const char *
take_instance(struct arena *arena, const struct query *query, struct text *argument)
{
	const struct text instance = text_until(argument, '/');
	const char       *service = arena_print(arena, "%s@%.*s", query->instances, TEXT_ARGS(instance));

	return service_name_is_valid(text_of(service)) ? service : NULL;
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
ask_socket(struct loop *loop, struct asked *asked, const struct query *query, const char *service, struct text argument)
{
	scoped_arena      arena = arena_new();
	scoped_buffer     request = BUFFER_NONE;
	const char       *pairs[COUNT(query->vici)] = { NULL };
	struct talk_order talk = {
		.path = service ? program_path(arena, query->socket, text_of(service)) : query->socket, .is_whole = query->is_whole,
		.max = QUERY_ANSWER_MAX, .limit = QUERY_LIMIT, .done = heard, .self = asked,
	};

	for (size_t i = 1; i < COUNT(query->vici) && query->vici[i]; i++)
		pairs[i - 1] = with_argument(arena, query->vici[i], argument);
	if (query->vici[0]) {
		vici_ask(&request, query->event, query->vici[0], pairs);
		talk.request = buffer_text(&request);
		talk.is_whole = vici_is_whole;
	} else {
		talk.request = text_of(with_argument(arena, query->request, argument));
	}
	talk_start(loop, &talk);
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
	const struct text   name = order->name;
	struct text         argument = order->argument;
	const struct query *query = NULL;
	const char         *service = NULL;
	scoped_arena        arena = arena_new();
	struct asked       *asked;

	for (size_t i = 0; i < COUNT(queries); i++)
		if (text_is(name, queries[i].name))
			query = &queries[i];
	if (!query || (query->has_argument ? !is_argument(argument) : argument.len > 0))
		return false;
	if (query->instances && !(service = take_instance(arena, query, &argument)))
		return false;
	asked = malloc(sizeof(*asked));
	BUG_IF(!asked, "out of memory");
	*asked = (struct asked){ .done = order->done, .self = order->self };
	if (query->lists_missing) {
		list_missing(asked);
	} else if (query->asks_esp) {
		finish(asked, RESULT_DONE, kernel_has_esp() ? TEXT("yes") : TEXT("no"));
	} else if (!runner) {
		finish(asked, RESULT_UNAVAILABLE, TEXT("the services of the machine are not ours"));
	} else if (query->service) {
		signal_and_wait(asked, loop, runner, query);
	} else if (query->file) {
		read_file(asked, query->file);
	} else if (query->socket) {
		ask_socket(loop, asked, query, service, argument);
	} else {
		run(loop, children, asked, query, argument);
	}
	return true;
}
