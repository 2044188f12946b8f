/* Logs: read, cleared and followed; the filter log also as records. */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/number.h"
#include "proc/diagnose/diagnose.h"
#include "proc/record/journal.h"
#include "proc/record/packet.h"

#define READ_PRESET   1000
#define STATS_PRESET  5000
#define STATS_TOP     10
#define FOLLOW_MAX    1000 /* lines in one answer */
#define GROUPS_MAX    4096 /* different values that are counted */

static const char *const severities[] = { "Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug" };

/* --- Lines ----------------------------------------------------------------------------------------------- */

/* "2026-11-24T12:24:52.123456+00:00", and without the fraction */
static const char *
iso_time(struct arena *arena, int64_t microseconds)
{
	const time_t seconds = (time_t)(microseconds / 1000000);
	char         date[32], zone[8];
	struct tm    parts;

	localtime_r(&seconds, &parts);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &parts);
	strftime(zone, sizeof(zone), "%z", &parts);
	return arena_print(arena, "%s%.3s:%.2s", date, zone, zone + 3);
}

static const char *
host_name(const struct asking *asking)
{
	const struct record *general = snapshot_single(asking->snapshot, "system.general");

	return arena_print(asking->arena, "%s.%s", record_get(general, "hostname"), record_get(general, "domain"));
}

static struct value *
line_row(const struct asking *asking, const struct journal_line *line)
{
	struct arena *arena = asking->arena;
	struct value *row = value_object(arena);

	value_set_string(arena, row, "timestamp", iso_time(arena, line->time));
	value_set_string(arena, row, "parser", "SysLogFormatRFC5424");
	value_set(arena, row, "facility", value_integer(arena, 1));
	value_set_string(arena, row, "severity", severities[line->severity & 7]);
	value_set(arena, row, "process_name", value_text(arena, line->program));
	value_set_string(arena, row, "pid", line->pid ? arena_print(arena, "%u", line->pid) : "");
	value_set(arena, row, "rnum", value_integer(arena, (int64_t)line->number));
	value_set(arena, row, "line", value_text(arena, line->text));
	return row;
}

/* Names of severities, comma separated, as bits. A name that is none asks for nothing that there is. */
static unsigned
read_severities(const struct asking *asking)
{
	struct text rest = text_of(asked_text(asking, "severity")), word;
	unsigned    bits = 0;

	while (text_next(&rest, ",", &word))
		for (unsigned i = 0; i < COUNT(severities); i++)
			if (text_equal_any_case(text_trim(word), text_of(severities[i])))
				bits |= 1U << i;
	return bits || !asked_text(asking, "severity")[0] ? bits : 1U << 31;
}

static bool
find_log(const struct asking *asking, enum journal_log *log)
{
	return journal_find(text_of(asked_text(asking, "module")), text_of(asked_text(asking, "scope")), log);
}

/* "1764000000" or "1764000000.5": seconds. */
static int64_t
read_since(const struct asking *asking)
{
	double seconds = 0;

	number_read_real(text_of(asked_text(asking, "since")), &seconds);
	return seconds > 0 && seconds < 1e12 ? (int64_t)(seconds * 1e6) : 0;
}

static struct journal_query
read_query(const struct asking *asking)
{
	return (struct journal_query){
		.phrase = text_of(asked_text(asking, "phrase")), .severities = read_severities(asking), .since = read_since(asking),
		.skip = (size_t)asked_number(asking, "skip", 0, INT32_MAX, 0),
		.take = (size_t)asked_number(asking, "take", 0, INT32_MAX, 0),
		.after = (uint64_t)asked_number(asking, "after", 0, INT64_MAX, 0),
	};
}

static void
put_rows(struct asking *asking, struct value *answer, const struct journal_lines *lines)
{
	struct value *rows = value_list(asking->arena);

	for (size_t i = 0; i < lines->n; i++)
		value_add(asking->arena, rows, line_row(asking, &lines->lines[i]));
	value_set(asking->arena, answer, "rows", rows);
	value_set(asking->arena, answer, "total", value_integer(asking->arena, (int64_t)lines->matches));
	value_set(asking->arena, answer, "newest", value_integer(asking->arena, (int64_t)lines->newest));
}

enum result
topic_log_read(struct asking *asking, struct value **answer)
{
	const struct journal_query query = read_query(asking);
	struct journal_lines       lines = { 0 };
	enum journal_log           log;
	const bool                 is_known = find_log(asking, &log);

	if (is_known)
		journal_read(asking->box->setup.journal, asking->arena, log, &query, &lines);
	*answer = value_object(asking->arena);
	put_rows(asking, *answer, &lines);
	value_set_string(asking->arena, *answer, "origin",
			 is_known ? arena_print(asking->arena, "%s.log", journal_name(log)) : "");
	return RESULT_DONE;
}

/* Those behind a number, oldest first. */
enum result
topic_log_follow(struct asking *asking, struct value **answer)
{
	struct journal_query query = read_query(asking);
	struct journal_lines lines = { 0 };
	enum journal_log     log;

	query.oldest_first = true;
	query.take = FOLLOW_MAX;
	if (find_log(asking, &log))
		journal_read(asking->box->setup.journal, asking->arena, log, &query, &lines);
	*answer = value_object(asking->arena);
	put_rows(asking, *answer, &lines);
	return RESULT_DONE;
}

enum result
topic_log_clear(struct asking *asking, struct value **answer)
{
	enum journal_log log;

	if (find_log(asking, &log))
		journal_clear_log(asking->box->setup.journal, log);
	*answer = value_bool(asking->arena, true);
	return RESULT_DONE;
}

/* All of them. */
enum result
topic_log_reset(struct asking *asking, struct value **answer)
{
	for (unsigned log = 0; log < LOGS; log++)
		journal_clear_log(asking->box->setup.journal, (enum journal_log)log);
	*answer = value_bool(asking->arena, true);
	return RESULT_DONE;
}

/* As pfSense shows them: [text], oldest first, as syslog writes them. */
enum result
topic_log_lines(struct asking *asking, struct value **answer)
{
	static const struct {
		const char      *name;
		enum journal_log log;
	} logs[] = { { "dhcp", LOG_DHCP }, { "filter", LOG_FILTER }, { "system", LOG_SYSTEM } };
	const struct journal_query query = { .oldest_first = true };
	struct arena              *arena = asking->arena;
	const char                *wanted = asked_text(asking, "log");
	struct journal_lines       lines = { 0 };

	for (size_t i = 0; i < COUNT(logs); i++)
		if (strcmp(logs[i].name, wanted) == 0)
			journal_read(asking->box->setup.journal, arena, logs[i].log, &query, &lines);
	*answer = value_list(arena);
	for (size_t i = 0; i < lines.n; i++) {
		const struct journal_line *line = &lines.lines[i];
		const time_t               seconds = (time_t)(line->time / 1000000);
		struct tm                  parts;
		char                       date[32];

		localtime_r(&seconds, &parts);
		strftime(date, sizeof(date), "%b %e %H:%M:%S", &parts);
		value_add(arena, *answer,
			  value_string(arena, arena_print(arena, "%s %s %.*s[%u]: %.*s", date, host_name(asking),
							  TEXT_ARGS(line->program), line->pid, TEXT_ARGS(line->text))));
	}
	return RESULT_DONE;
}

/* --- The filter log as records ------------------------------------------------------------------------------ */

static const char *
digest_of(struct arena *arena, const struct journal_line *line)
{
	const char *whole = arena_print(arena, "%lld %llu %.*s", (long long)line->time, (unsigned long long)line->number,
					TEXT_ARGS(line->text));
	uint8_t     hash[16];
	char        hex[33];

	BUG_IF(gnutls_hash_fast(GNUTLS_DIG_MD5, whole, strlen(whole), hash) < 0, "no MD5");
	for (size_t i = 0; i < sizeof(hash); i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	return arena_copy(arena, text_of(hex));
}

/* NULL: the line is no record. */
static struct value *
record_of(const struct asking *asking, const struct journal_line *line, const char *host)
{
	struct arena *arena = asking->arena;
	struct value *record = value_object(arena);

	value_set_string(arena, record, "__timestamp__", iso_time(arena, line->time));
	value_set_string(arena, record, "__host__", host);
	value_set_string(arena, record, "__digest__", digest_of(arena, line));
	if (!packet_record(arena, line->text, record))
		return NULL;
	value_set(arena, record, "label", value_text(arena, line->note));
	return record;
}

static void
read_filter_log(const struct asking *asking, const struct journal_query *query, struct journal_lines *lines)
{
	journal_read(asking->box->setup.journal, asking->arena, LOG_FILTER, query, lines);
}

enum result
topic_filterlog_read(struct asking *asking, struct value **answer)
{
	const struct journal_query query = { .take = (size_t)asked_number(asking, "limit", 1, JOURNAL_LINES_MAX, READ_PRESET) };
	const char                *last = asked_text(asking, "digest"), *host = host_name(asking);
	struct journal_lines       lines;

	read_filter_log(asking, &query, &lines);
	*answer = value_list(asking->arena);
	for (size_t i = 0; i < lines.n; i++) {
		struct value *record = record_of(asking, &lines.lines[i], host);

		if (!record)
			continue;
		if (last[0] && text_is(value_get(record, "__digest__")->text, last))
			break;
		value_add(asking->arena, *answer, record);
	}
	return RESULT_DONE;
}

/* Those behind a number, oldest first; "last" alone: so many of those there are. */
enum result
topic_filterlog_follow(struct asking *asking, struct value **answer)
{
	const int64_t        last = asked_number(asking, "last", 0, FOLLOW_MAX, -1);
	struct journal_query query = {
		.after = (uint64_t)asked_number(asking, "after", 0, INT64_MAX, 0), .take = FOLLOW_MAX, .oldest_first = true,
	};
	struct value        *records = value_list(asking->arena);
	struct journal_lines lines = { 0 };

	if (last >= 0) {
		read_filter_log(asking, &(struct journal_query){ .take = 1 }, &lines);
		query.after = lines.newest > (uint64_t)last ? lines.newest - (uint64_t)last : 0;
	}
	read_filter_log(asking, &query, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		struct value *record = record_of(asking, &lines.lines[i], host_name(asking));

		if (record)
			value_add(asking->arena, records, record);
	}
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "newest", value_integer(asking->arena, (int64_t)lines.newest));
	value_set(asking->arena, *answer, "records", records);
	return RESULT_DONE;
}

/* --- Counting ------------------------------------------------------------------------------------------------- */

struct group {
	struct text label;
	int64_t     count;
};

static int
compare_groups(const void *a, const void *b)
{
	const struct group *left = a, *right = b;

	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return text_compare(left->label, right->label);
}

static struct text
group_of(const struct journal_line *line, struct text field)
{
	if (text_is(field, "label"))
		return line->note;
	return packet_field(line->text, field);
}

/* False: there are too many already. */
static bool
count_group(struct group *groups, size_t *n, struct map *places, struct arena *arena, struct text label)
{
	struct group *group = map_get(places, label);

	if (!group && *n == GROUPS_MAX)
		return false;
	if (!group) {
		group = &groups[(*n)++];
		group->label = (struct text){ arena_copy(arena, label), label.len };
		map_set(places, group->label, group);
	}
	group->count++;
	return true;
}

static void
put_group(struct arena *arena, struct value *answer, struct text label, int64_t count)
{
	struct value *row = value_object(arena);

	value_set(arena, row, "label", value_text(arena, label));
	value_set(arena, row, "value", value_integer(arena, count));
	value_add(arena, answer, row);
}

enum result
topic_filterlog_stats(struct asking *asking, struct value **answer)
{
	const struct journal_query query = { .take = (size_t)asked_number(asking, "limit", 1, JOURNAL_LINES_MAX, STATS_PRESET) };
	const char                *asked = asked_text(asking, "group_by");
	const struct text          field = text_of(asked[0] ? asked : "interface");
	struct group              *groups = ARENA_MAKE(asking->arena, struct group, GROUPS_MAX);
	struct map                *places = map_make(asking->arena);
	struct journal_lines       lines;
	size_t                     n = 0;
	int64_t                    others = 0;

	read_filter_log(asking, &query, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct text label = group_of(&lines.lines[i], field);

		if (label.len > 0 && !count_group(groups, &n, places, asking->arena, label))
			others++;
	}
	qsort(groups, n, sizeof(*groups), compare_groups);
	*answer = value_list(asking->arena);
	for (size_t i = 0; i < n; i++) {
		if (i < STATS_TOP)
			put_group(asking->arena, *answer, groups[i].label, groups[i].count);
		else
			others += groups[i].count;
	}
	if (others > 0)
		put_group(asking->arena, *answer, TEXT("other"), others);
	return RESULT_DONE;
}
