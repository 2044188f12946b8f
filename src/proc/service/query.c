/* A query is a question on a socket, a program that is run, or a file that is read. */
#include "proc/service/query.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "proc/child/job.h"
#include "proc/child/talk.h"

#define QUERY_LIMIT     10000 /* ms */
#define QUERY_WORDS_MAX 10

struct query {
	const char *name;
	const char *socket, *request;
	const char *command[QUERY_WORDS_MAX];
	const char *file;
	bool        has_argument;
};

#define CHRONYC(word)          .command = { "/usr/bin/chronyc", "-c", "-n", "-h", "/run/chrony/chronyd.sock", word }
#define UNBOUND(word)          .socket = "/run/unbound.ctl", .request = "UBCT1 " word "\n"

#define KEA(number, command)   .socket = "/run/kea/kea" number "-ctrl-socket", .request = "{ \"command\": " command " }"

/* clang-format off */
static const struct query queries[] = {
	{ "syslog.stats",        .command = { "/usr/sbin/syslog-ng-ctl", "stats", "--control=/run/drawbridge-syslog.ctl" } },
	{ "chrony.sources",      CHRONYC("sources") },
	{ "chrony.stats",        CHRONYC("sourcestats") },
	{ "chrony.data",         CHRONYC("ntpdata") },
	{ "chrony.tracking",     CHRONYC("tracking") },
	{ "dhcpcd.grants",       .command = { "/usr/sbin/dhcpcd", "-U" } },
	{ "dnsmasq.leases",      .file = "/var/lib/misc/dnsmasq.leases" },
	{ "kea4.leases",         KEA("4", "\"lease4-get-all\"") },
	{ "kea6.leases",         KEA("6", "\"lease6-get-all\"") },
	{ "kea4.release",        KEA("4", "\"lease4-del\", \"arguments\": { \"ip-address\": \"%s\" }"), .has_argument = true },
	{ "kea6.release",        KEA("6", "\"lease6-del\", \"arguments\": { \"ip-address\": \"%s\" }"), .has_argument = true },
	{ "kea6.release_prefix", KEA("6", "\"lease6-del\", \"arguments\": { \"ip-address\": \"%s\", \"type\": \"IA_PD\" }"),
	  .has_argument = true },
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
	query_done *done;
	void       *self;
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
query_start(struct loop *loop, struct children *children, struct text name, struct text argument, query_done *done,
	    void *self)
{
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
	*asked = (struct asked){ done, self };
	if (query->file) {
		read_file(asked, query->file);
	} else if (query->socket) {
		const struct talk_order order = {
			.path = query->socket, .request = text_of(with_argument(arena, query->request, argument)),
			.max = QUERY_ANSWER_MAX, .limit = QUERY_LIMIT, .done = heard, .self = asked,
		};

		talk_start(loop, &order);
	} else {
		run(loop, children, asked, query, argument);
	}
	return true;
}
