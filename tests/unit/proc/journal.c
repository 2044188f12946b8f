/* Logs: bounded, found by words and severity, and there again after a restart. */
#include "proc/record/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static char folder[] = "/tmp/drawbridge-journal-XXXXXX";
static int  state_fd;

static void
put(struct journal *journal, enum journal_log log, int64_t time, uint8_t severity, const char *text)
{
	journal_put(journal, log, &(struct journal_line){
		.time = time, .severity = severity, .pid = 7, .program = TEXT("unbound"), .text = text_of(text),
		.note = TEXT("a note") });
}

static struct journal_lines
read_log(struct journal *journal, struct arena *arena, enum journal_log log, struct journal_query query)
{
	struct journal_lines lines;

	journal_read(journal, arena, log, &query, &lines);
	return lines;
}

TEST(lines_are_found_by_words_severity_and_time)
{
	scoped_arena         arena = arena_new();
	struct journal      *journal = journal_new(-1);
	struct journal_lines lines;

	put(journal, LOG_RESOLVER, 1000, 6, "query from 192.0.2.1");
	put(journal, LOG_RESOLVER, 2000, 3, "no such zone");
	put(journal, LOG_RESOLVER, 3000, 6, "Query from 192.0.2.2");
	lines = read_log(journal, arena, LOG_RESOLVER, (struct journal_query){ 0 });
	CHECK(lines.n == 3 && lines.matches == 3 && lines.newest == 3);
	CHECK(text_is(lines.lines[0].text, "Query from 192.0.2.2") && lines.lines[0].number == 3);
	CHECK(text_is(lines.lines[0].note, "a note") && lines.lines[0].pid == 7);
	lines = read_log(journal, arena, LOG_RESOLVER, (struct journal_query){ .phrase = TEXT("query  192.0.2") });
	CHECK_NUMBER(lines.matches, 2);
	lines = read_log(journal, arena, LOG_RESOLVER, (struct journal_query){ .phrase = TEXT("UNBOUND zone") });
	CHECK_NUMBER(lines.matches, 1);
	lines = read_log(journal, arena, LOG_RESOLVER, (struct journal_query){ .severities = 1 << 3 });
	CHECK_NUMBER(lines.matches, 1);
	lines = read_log(journal, arena, LOG_RESOLVER, (struct journal_query){ .since = 2000 });
	CHECK_NUMBER(lines.matches, 2);
	lines = read_log(journal, arena, LOG_RESOLVER, (struct journal_query){ .skip = 1, .take = 1 });
	CHECK(lines.matches == 3 && lines.n == 1 && lines.lines[0].number == 2);
	lines = read_log(journal, arena, LOG_RESOLVER, (struct journal_query){ .after = 1, .oldest_first = true });
	CHECK(lines.n == 2 && lines.lines[0].number == 2);
	lines = read_log(journal, arena, LOG_RESOLVER, (struct journal_query){ .after = 99, .oldest_first = true });
	CHECK_NUMBER(lines.n, 0);
	CHECK_NUMBER(read_log(journal, arena, LOG_FILTER, (struct journal_query){ 0 }).n, 0);
	journal_free(journal);
}

TEST(a_log_holds_so_many_lines_and_bytes)
{
	scoped_arena    arena = arena_new();
	struct journal *journal = journal_new(-1);
	static char     text[JOURNAL_TEXT_MAX * 2];

	for (int i = 0; i < JOURNAL_LINES_MAX + 1; i++)
		put(journal, LOG_FILTER, i, 6, "x");
	struct journal_lines lines = read_log(journal, arena, LOG_FILTER, (struct journal_query){ .oldest_first = true });

	CHECK(lines.n == JOURNAL_LINES_MAX && lines.lines[0].number == 2);
	memset(text, 'y', sizeof(text) - 1);
	for (size_t i = 0; i < JOURNAL_BYTES_MAX / JOURNAL_TEXT_MAX + 10; i++)
		put(journal, LOG_AUDIT, 1, 6, text);
	lines = read_log(journal, arena, LOG_AUDIT, (struct journal_query){ 0 });
	CHECK(lines.n < JOURNAL_BYTES_MAX / JOURNAL_TEXT_MAX && lines.n > 1000);
	CHECK_NUMBER(lines.lines[0].text.len, JOURNAL_TEXT_MAX);
	journal_free(journal);
}

TEST(lines_are_there_after_a_restart_and_gone_after_clearing)
{
	scoped_arena         arena = arena_new();
	struct journal      *journal = journal_new(state_fd);
	struct journal_lines lines;

	put(journal, LOG_AUDIT, 5000, 5, "first\nforged\tline");
	put(journal, LOG_AUDIT, 6000, 4, "");
	journal_free(journal);
	journal = journal_new(state_fd);
	/* What somebody says again is there already; at another time it is news. */
	journal_put_once(journal, LOG_AUDIT, &(struct journal_line){
		.time = 5000, .severity = 5, .pid = 7, .program = TEXT("unbound"), .text = TEXT("first\nforged\tline") });
	lines = read_log(journal, arena, LOG_AUDIT, (struct journal_query){ .oldest_first = true });
	CHECK(lines.n == 2 && lines.lines[0].time == 5000 && lines.lines[0].severity == 5 && lines.lines[0].pid == 7);
	CHECK(text_is(lines.lines[0].text, "first forged line") && text_is(lines.lines[0].program, "unbound"));
	CHECK(text_is(lines.lines[0].note, "a note") && lines.lines[1].text.len == 0);
	journal_put_once(journal, LOG_AUDIT, &(struct journal_line){ .time = 5001, .program = TEXT("unbound"), .text = TEXT("first") });
	CHECK_NUMBER(read_log(journal, arena, LOG_AUDIT, (struct journal_query){ 0 }).n, 3);
	journal_clear_log(journal, LOG_AUDIT);
	CHECK_NUMBER(read_log(journal, arena, LOG_AUDIT, (struct journal_query){ 0 }).n, 0);
	put(journal, LOG_AUDIT, 7000, 5, "after");
	CHECK_NUMBER(read_log(journal, arena, LOG_AUDIT, (struct journal_query){ 0 }).lines[0].number, 4);
	journal_free(journal);
	journal = journal_new(state_fd);
	CHECK_NUMBER(read_log(journal, arena, LOG_AUDIT, (struct journal_query){ 0 }).n, 1);
	journal_free(journal);
}

TEST(files_take_turns_and_torn_lines_are_left_out)
{
	scoped_arena    arena = arena_new();
	struct journal *journal = journal_new(state_fd);
	static char     text[2000];
	struct stat     about;
	char            name[128];

	memset(text, 'z', sizeof(text) - 1);
	for (size_t i = 0; i < 2 * JOURNAL_FILE_MAX / sizeof(text) + 100; i++)
		put(journal, LOG_MONIT, 1, 6, text);
	journal_free(journal);
	for (int older = 0; older < 2; older++) {
		snprintf(name, sizeof(name), "%s/logs/monit.log%s", folder, older ? ".1" : "");
		CHECK(stat(name, &about) == 0 && (size_t)about.st_size < JOURNAL_FILE_MAX + 5000);
	}
	snprintf(name, sizeof(name), "%s/logs/monit.log", folder);
	FILE *file = fopen(name, "ae");

	fputs("12 9 1 x\ty\n-5 6 1 x\ty\nnonsense\n\n77 6 1 monit\tgood\t\n88 6 1 mon", file);
	fclose(file);
	journal = journal_new(state_fd);
	const struct journal_lines lines = read_log(journal, arena, LOG_MONIT, (struct journal_query){ .take = 2 });

	CHECK(lines.lines[0].time == 88 && text_is(lines.lines[1].text, "good"));
	journal_free(journal);
}

TEST(programs_and_scopes_have_their_logs)
{
	enum journal_log log;

	CHECK_NUMBER(journal_of(TEXT("unbound")), LOG_RESOLVER);
	CHECK_NUMBER(journal_of(TEXT("unboun")), LOG_SYSTEM);
	CHECK_NUMBER(journal_of(TEXT("")), LOG_SYSTEM);
	CHECK(journal_find(TEXT("core"), TEXT("audit"), &log) && log == LOG_AUDIT);
	CHECK(!journal_find(TEXT("core"), TEXT("../etc/passwd"), &log));
	CHECK(!journal_find(TEXT(""), TEXT(""), &log));
	for (unsigned i = 0; i < LOGS; i++)
		CHECK(journal_name((enum journal_log)i)[0] != '\0');
}

static int
set_up(void **state)
{
	(void)state;
	CHECK(mkdtemp(folder) != NULL);
	state_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const names[] = { "audit.log", "audit.log.1", "monit.log", "monit.log.1" };
	char                     name[128];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(name, sizeof(name), "%s/logs/%s", folder, names[i]);
		unlink(name);
	}
	snprintf(name, sizeof(name), "%s/logs", folder);
	rmdir(name);
	rmdir(folder);
	close(state_fd);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_found_by_words_severity_and_time),
		cmocka_unit_test(a_log_holds_so_many_lines_and_bytes),
		cmocka_unit_test(lines_are_there_after_a_restart_and_gone_after_clearing),
		cmocka_unit_test(files_take_turns_and_torn_lines_are_left_out),
		cmocka_unit_test(programs_and_scopes_have_their_logs),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
