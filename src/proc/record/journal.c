/*
 * A ring of lines for each log, and a pair of files that hold about as much. Nothing in here logs: the log ends up here.
 */
#include "proc/record/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/number.h"

#define FOLDER "logs"

struct line {
	struct journal_line line; /* texts point behind */
	size_t              size;
};

struct log {
	struct line **ring; /* JOURNAL_LINES_MAX, or NULL while there are none */
	size_t        first, count, bytes;
	uint64_t      newest;
	int           fd; /* -1: not open */
	size_t        file_size;
};

struct journal {
	pthread_mutex_t lock;
	int             folder; /* -1: none */
	struct log      logs[LOGS];
	journal_tap    *tap;
	void           *tap_context;
};

/* clang-format off */
static const struct {
	const char *name;
	const char *programs; /* comma separated */
	const char *scopes;   /* of upstream, "module/scope" */
} names[LOGS] = {
	[LOG_SYSTEM]    = { "system", "", "core/system,core/latest,core/boot" },
	[LOG_FILTER]    = { "filter", "filterlog", "core/filter,core/firewall" },
	[LOG_AUDIT]     = { "audit", "audit", "core/audit" },
	[LOG_BACKEND]   = { "backend", "configd.py,configd", "core/backend,core/configd" },
	[LOG_RESOLVER]  = { "resolver", "unbound", "core/resolver,unbound/core,unbound/resolver" },
	[LOG_DHCP]      = { "dhcpd", "dhcpd,kea-dhcp4,kea-dhcp6,kea-dhcp-ddns,kea-ctrl-agent,dhcrelay,dhcp6relay",
			    "core/dhcpd,core/kea,core/dhcrelay,kea/core" },
	[LOG_DNSMASQ]   = { "dnsmasq", "dnsmasq,dnsmasq-dhcp", "core/dnsmasq" },
	[LOG_TIME]      = { "ntpd", "chronyd,ntpd", "core/ntpd,core/chrony" },
	[LOG_GATEWAYS]  = { "gateways", "dpinger", "core/gateways" },
	[LOG_ROUTING]   = { "routing", "radvd,zebra,ospfd,bgpd,ripd,dhcpcd", "core/routing,core/radvd" },
	[LOG_IPSEC]     = { "ipsec", "charon,swanctl", "core/ipsec,core/charon" },
	[LOG_OPENVPN]   = { "openvpn", "openvpn", "core/openvpn" },
	[LOG_WIREGUARD] = { "wireguard", "wireguard,wireguard-go", "core/wireguard" },
	[LOG_PPP]       = { "ppps", "pppd", "core/ppps,core/ppp" },
	[LOG_PORTAL]    = { "portalauth", "captiveportal", "core/portalauth" },
	[LOG_IDS]       = { "suricata", "suricata", "core/suricata,ids/suricata" },
	[LOG_MONIT]     = { "monit", "monit", "core/monit" },
};
/* clang-format on */

/* --- Names ---------------------------------------------------------------------------------------- */

const char *
journal_name(enum journal_log log)
{
	return names[log].name;
}

enum journal_log
journal_of(struct text program)
{
	for (unsigned i = 0; i < LOGS; i++)
		if (text_lists(text_of(names[i].programs), program))
			return (enum journal_log)i;
	return LOG_SYSTEM;
}

bool
journal_find(struct text module, struct text scope, enum journal_log *out)
{
	char      room[128];
	const int len = snprintf(room, sizeof(room), "%.*s/%.*s", TEXT_ARGS(module), TEXT_ARGS(scope));

	if (len < 0 || (size_t)len >= sizeof(room))
		return false;
	for (unsigned i = 0; i < LOGS; i++)
		if (text_lists(text_of(names[i].scopes), text_of(room))) {
			*out = (enum journal_log)i;
			return true;
		}
	return false;
}

/* --- Lines ------------------------------------------------------------------------------------------ */

static struct text
put_text(char **at, struct text text)
{
	char *start = *at;

	for (size_t i = 0; i < text.len; i++)
		start[i] = (unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f ? ' ' : text.ptr[i];
	*at += text.len;
	return (struct text){ start, text.len };
}

static struct line *
line_new(const struct journal_line *from)
{
	const struct text program = text_first(from->program, 64), text = text_first(from->text, JOURNAL_TEXT_MAX);
	const struct text note = text_first(from->note, 255);
	const size_t      size = sizeof(struct line) + program.len + text.len + note.len;
	struct line      *line = malloc(size);
	char             *at = (char *)(line + 1);

	BUG_IF(!line, "out of memory");
	line->line = *from;
	line->line.program = put_text(&at, program);
	line->line.text = put_text(&at, text);
	line->line.note = put_text(&at, note);
	line->size = size;
	return line;
}

static void
drop_first(struct log *log)
{
	struct line *line = log->ring[log->first];

	log->bytes -= line->size;
	log->first = (log->first + 1) % JOURNAL_LINES_MAX;
	log->count--;
	free(line);
}

static void
keep(struct log *log, struct line *line)
{
	if (!log->ring)
		log->ring = calloc(JOURNAL_LINES_MAX, sizeof(struct line *));
	BUG_IF(!log->ring, "out of memory");
	while (log->count == JOURNAL_LINES_MAX || (log->count > 0 && log->bytes + line->size > JOURNAL_BYTES_MAX))
		drop_first(log);
	log->ring[(log->first + log->count) % JOURNAL_LINES_MAX] = line;
	log->count++;
	log->bytes += line->size;
	line->line.number = ++log->newest;
}

/* --- Files --------------------------------------------------------------------------------------------- */

static void
file_name(char *room, size_t size, enum journal_log log, bool older)
{
	snprintf(room, size, "%s.log%s", names[log].name, older ? ".1" : "");
}

static void
open_file(struct journal *journal, enum journal_log which)
{
	struct log *log = &journal->logs[which];
	struct stat about;
	char        name[64];

	file_name(name, sizeof(name), which, false);
	log->fd = openat(journal->folder, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	log->file_size = log->fd >= 0 && fstat(log->fd, &about) == 0 ? (size_t)about.st_size : 0;
}

/* What cannot be written stays in memory only. */
static void
write_line(struct journal *journal, enum journal_log which, const struct journal_line *line)
{
	struct log *log = &journal->logs[which];
	char        name[64], older[64], bytes[JOURNAL_TEXT_MAX + 512];

	if (journal->folder < 0)
		return;
	if (log->fd >= 0 && log->file_size > JOURNAL_FILE_MAX) {
		file_name(name, sizeof(name), which, false);
		file_name(older, sizeof(older), which, true);
		renameat(journal->folder, name, journal->folder, older);
		close(log->fd);
		log->fd = -1;
	}
	if (log->fd < 0)
		open_file(journal, which);
	const int len = snprintf(bytes, sizeof(bytes), "%lld %u %u %.*s\t%.*s\t%.*s\n", (long long)line->time, line->severity,
				 line->pid, TEXT_ARGS(line->program), TEXT_ARGS(line->text), TEXT_ARGS(line->note));

	if (log->fd >= 0 && len > 0 && write(log->fd, bytes, (size_t)len) == len)
		log->file_size += (size_t)len;
}

static bool
read_line(struct text text, struct journal_line *out)
{
	struct text rest = text, fields[3];
	int64_t     time, severity, pid;

	for (size_t i = 0; i < 3; i++)
		fields[i] = text_until(&rest, ' ');
	if (!number_read(fields[0], 0, INT64_MAX, &time) || !number_read(fields[1], 0, 7, &severity) ||
	    !number_read(fields[2], 0, UINT32_MAX, &pid))
		return false;
	*out = (struct journal_line){ .time = time, .severity = (uint8_t)severity, .pid = (uint32_t)pid };
	out->program = text_until(&rest, '\t');
	out->text = text_until(&rest, '\t');
	out->note = rest;
	return true;
}

/* What another process of ours has left; a line that is torn is left out. */
static void
load_file(struct journal *journal, enum journal_log which, bool older)
{
	scoped_buffer bytes = BUFFER_NONE;
	char          name[64], piece[65536];
	ssize_t       got;

	file_name(name, sizeof(name), which, older);
	scoped_fd fd = openat(journal->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	while (fd >= 0 && bytes.len < JOURNAL_FILE_MAX * 2 && (got = read(fd, piece, sizeof(piece))) > 0)
		buffer_add(&bytes, (struct text){ piece, (size_t)got });
	struct text         rest = buffer_text(&bytes), text;
	struct journal_line line;

	while (text_next(&rest, "\n", &text))
		if (read_line(text, &line))
			keep(&journal->logs[which], line_new(&line));
}

static void
open_folder(struct journal *journal, int state_fd)
{
	mkdirat(state_fd, FOLDER, 0700);
	journal->folder = openat(state_fd, FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	for (unsigned i = 0; i < LOGS && journal->folder >= 0; i++) {
		load_file(journal, (enum journal_log)i, true);
		load_file(journal, (enum journal_log)i, false);
	}
}

/* --- Writing and clearing --------------------------------------------------------------------------------- */

static bool
has_line(const struct log *log, const struct journal_line *line)
{
	for (size_t i = log->count; i-- > 0;) {
		const struct journal_line *old = &log->ring[(log->first + i) % JOURNAL_LINES_MAX]->line;

		if (old->time == line->time && text_equal(old->text, line->text) && text_equal(old->program, line->program))
			return true;
	}
	return false;
}

static void
put(struct journal *journal, enum journal_log log, const struct journal_line *line, bool once)
{
	struct line *made = line_new(line);

	pthread_mutex_lock(&journal->lock);
	if (once && has_line(&journal->logs[log], &made->line)) {
		free(made);
	} else {
		keep(&journal->logs[log], made);
		write_line(journal, log, &made->line);
		if (journal->tap)
			journal->tap(journal->tap_context, log, &made->line);
	}
	pthread_mutex_unlock(&journal->lock);
}

void
journal_put(struct journal *journal, enum journal_log log, const struct journal_line *line)
{
	put(journal, log, line, false);
}

void
journal_put_once(struct journal *journal, enum journal_log log, const struct journal_line *line)
{
	put(journal, log, line, true);
}

void
journal_set_tap(struct journal *journal, journal_tap *tap, void *context)
{
	pthread_mutex_lock(&journal->lock);
	journal->tap = tap;
	journal->tap_context = context;
	pthread_mutex_unlock(&journal->lock);
}

void
journal_clear_log(struct journal *journal, enum journal_log which)
{
	struct log *log = &journal->logs[which];
	char        name[64];

	pthread_mutex_lock(&journal->lock);
	while (log->count > 0)
		drop_first(log);
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
	for (int older = 0; older < 2 && journal->folder >= 0; older++) {
		file_name(name, sizeof(name), which, older);
		unlinkat(journal->folder, name, 0);
	}
	pthread_mutex_unlock(&journal->lock);
}

/* --- Reading --------------------------------------------------------------------------------------------------- */

static bool
matches(const struct journal_line *line, const struct journal_query *query)
{
	struct text phrase = query->phrase, word;

	if (line->time < query->since || (query->severities && !(query->severities >> line->severity & 1)))
		return false;
	while (text_next(&phrase, " \t", &word))
		if (word.len > 0 && !text_contains_any_case(line->text, word) && !text_contains_any_case(line->program, word))
			return false;
	return true;
}

static struct text
copy(struct arena *arena, struct text text)
{
	return (struct text){ arena_copy(arena, text), text.len };
}

void
journal_read(struct journal *journal, struct arena *arena, enum journal_log which, const struct journal_query *query,
	     struct journal_lines *out)
{
	const struct log    *log = &journal->logs[which];
	const size_t         take = query->take > 0 && query->take < JOURNAL_LINES_MAX ? query->take : JOURNAL_LINES_MAX;
	struct journal_line *lines = NULL;
	size_t               n = 0, room = 0;
	uint64_t             matched = 0;

	pthread_mutex_lock(&journal->lock);
	/* Numbers have no gaps: those that are too old are known without looking. */
	const uint64_t forgotten = log->newest - log->count;
	const size_t   old = query->after > log->newest ? log->count
			     : query->after > forgotten ? (size_t)(query->after - forgotten)
							: 0;

	for (size_t i = 0; i < log->count - old; i++) {
		const size_t               at = query->oldest_first ? old + i : log->count - 1 - i;
		const struct journal_line *line = &log->ring[(log->first + at) % JOURNAL_LINES_MAX]->line;

		if (!matches(line, query) || matched++ < query->skip || n == take)
			continue;
		if (n == room) {
			struct journal_line *more = ARENA_MAKE(arena, struct journal_line, room * 2 + 64);

			if (n > 0)
				memcpy(more, lines, n * sizeof(*lines));
			lines = more;
			room = room * 2 + 64;
		}
		lines[n] = *line;
		lines[n].program = copy(arena, line->program);
		lines[n].text = copy(arena, line->text);
		lines[n++].note = copy(arena, line->note);
	}
	*out = (struct journal_lines){ lines, n, matched, log->newest };
	pthread_mutex_unlock(&journal->lock);
}

/* --- Life ----------------------------------------------------------------------------------------------------------- */

struct journal *
journal_new(int state_fd)
{
	struct journal *journal = calloc(1, sizeof(*journal));

	BUG_IF(!journal, "out of memory");
	pthread_mutex_init(&journal->lock, NULL);
	journal->folder = -1;
	for (size_t i = 0; i < LOGS; i++)
		journal->logs[i].fd = -1;
	if (state_fd >= 0)
		open_folder(journal, state_fd);
	return journal;
}

void
journal_free(struct journal *journal)
{
	if (!journal)
		return;
	for (size_t i = 0; i < LOGS; i++) {
		while (journal->logs[i].count > 0)
			drop_first(&journal->logs[i]);
		free(journal->logs[i].ring);
		if (journal->logs[i].fd >= 0)
			close(journal->logs[i].fd);
	}
	if (journal->folder >= 0)
		close(journal->folder);
	pthread_mutex_destroy(&journal->lock);
	free(journal);
}
