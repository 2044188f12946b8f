/* Queries that the resolver told of: as many as fit are kept one by one, the latest. */
#include "proc/resolver/query_log.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

static void
take(struct query_log *log, unsigned number)
{
	char line[128];

	snprintf(line, sizeof(line), "[1700000000] unbound[1:0] reply: 192.0.2.1 host%u.example. A IN NOERROR 0.002000 0 60", number);
	query_log_take(log, text_of(line));
}

static void
check_latest(struct query_log *log, unsigned latest, size_t count)
{
	scoped_arena  arena = arena_new();
	struct value *rows = query_log_rows(log, arena, NULL, 0, INT64_MAX, QUERY_LOG_MAX * 2);

	CHECK_NUMBER(rows->count, count);
	for (size_t i = 0; i < count; i += count < 1000 ? 1 : 997) {
		const char *expected = arena_print(arena, "host%u.example", latest - (unsigned)i);

		CHECK_STRING(value_as_string(arena, value_path(value_at(rows, i), "domain")), expected);
	}
}

TEST(the_latest_are_kept_at_the_limit_and_past_it)
{
	struct query_log *log = query_log_new(NULL, NULL, NULL);
	unsigned          n = 0;

	check_latest(log, 0, 0);
	while (n < 513)
		take(log, n++);
	check_latest(log, 512, 513);
	while (n < QUERY_LOG_MAX)
		take(log, n++);
	check_latest(log, QUERY_LOG_MAX - 1, QUERY_LOG_MAX);
	take(log, n++);
	check_latest(log, QUERY_LOG_MAX, QUERY_LOG_MAX);
	query_log_reset(log);
	check_latest(log, 0, 0);
	take(log, n++);
	check_latest(log, QUERY_LOG_MAX + 1, 1);
	query_log_free(log);
}

struct hearing {
	struct query_said said;
	char              line[128];
	unsigned          count;
};

static void
hear(void *context, const struct query_said *said)
{
	struct hearing *hearing = context;

	hearing->said = *said;
	snprintf(hearing->line, sizeof(hearing->line), "%.*s", TEXT_ARGS(said->line));
	hearing->count++;
}

TEST(what_is_no_query_is_passed_on)
{
	static const struct {
		const char *line, *passed;
		uint8_t     severity;
		uint32_t    pid;
	} cases[] = {
		{ "[1700000000] unbound[17:0] notice: init module 0: respip", "notice: init module 0: respip", 5, 17 },
		{ "[1700000000] unbound[17:0] info: start of service (unbound 1.17.1).", "info: start of service (unbound 1.17.1).", 6, 17 },
		{ "[1700000000] unbound[17:0] fatal error: Could not read", "fatal error: Could not read", 2, 17 },
		{ "[1700000000] unbound[17:0] reply: of what", "reply: of what", 6, 17 },
		{ "no form at all", "no form at all", 6, 0 }, { "[", "[", 6, 0 }, { "[1] unbound[", "[1] unbound[", 6, 0 },
	};
	struct hearing    hearing = { .count = 0 };
	struct query_log *log = query_log_new(NULL, hear, &hearing);

	for (size_t i = 0; i < COUNT(cases); i++) {
		query_log_take(log, text_of(cases[i].line));
		CHECK_NUMBER(hearing.count, i + 1);
		CHECK_STRING(hearing.line, cases[i].passed);
		CHECK_NUMBER(hearing.said.severity, cases[i].severity);
		CHECK_NUMBER(hearing.said.pid, cases[i].pid);
	}
	take(log, 1);
	query_log_take(log, TEXT(""));
	CHECK_NUMBER(hearing.count, COUNT(cases));
	query_log_free(log);
}

RUN(cmocka_unit_test(what_is_no_query_is_passed_on), cmocka_unit_test(the_latest_are_kept_at_the_limit_and_past_it));
