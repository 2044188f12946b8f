/*
 * Jobs that clients configure are what cron has, and what it runs is our own tool and nothing else.
 * "long" waits until cron has run one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define CRON    "/usr/sbin/cron"
#define CRONTAB "/usr/bin/crontab"
#define CHRONYD "/usr/sbin/chronyd"
#define CAT     "/usr/bin/cat"
#define LS      "/usr/bin/ls"
#define FILE_OF_OURS "/etc/cron.d/drawbridge"

static struct box *box;
static const char *tool, *tool_socket;

static const char *
said(int *status, const char *const *argv)
{
	scoped_buffer out = BUFFER_NONE;

	*status = box_run(box, INSIDE, &out, argv);
	return arena_copy(box->arena, text_trim(buffer_text(&out)));
}

static const char *
inside(const char *path)
{
	int status;

	return said(&status, (const char *const[]){ CAT, path, NULL });
}

static const char *
add_job(const char *minutes, const char *days, const char *command, const char *parameters)
{
	const struct value *answer = must_post(box->client, box->arena, "/api/cron/settings/add_job",
		arena_print(box->arena, "{\"job\":{\"minutes\":\"%s\",\"hours\":\"*\",\"days\":\"%s\",\"command\":\"%s\",\"parameters\":\"%s\","
					"\"description\":\"tried\"}}", minutes, days, command, parameters));

	if (strcmp(at(box->arena, answer, "result"), "saved") != 0)
		fail_msg("%s", box->client->body.bytes);
	return at(box->arena, answer, "uuid");
}

static const char *
reconfigure(void)
{
	return at(box->arena, must_post(box->client, box->arena, "/api/cron/service/reconfigure", "{}"), "status");
}

static void
take_away(const char *uuid)
{
	must_post(box->client, box->arena, arena_print(box->arena, "/api/cron/settings/del_job/%s", uuid), "{}");
}

TEST(jobs_are_lines_of_cron)
{
	add_job("*/5", "*", "filter reload", "");
	add_job("0,30", "L", "interface reconfigure", "lan");
	CHECK_STRING(reconfigure(), "ok");
	CHECK_STRING(inside(FILE_OF_OURS),
		     arena_print(box->arena, "# Written by drawbridge.\nSHELL=%s\nMAILTO=\"\"\n"
				 "*/5 * * * * root --socket %s call /api/firewall/filter/apply {}\n"
				 "0,30 * 28-31 * * root --on-last-day --socket %s call /api/interfaces/overview/reload_interface/lan {}",
				 tool, tool_socket, tool_socket));
	CHECK(box_daemon(box, CRON) > 0);
}

/* Its own checker, which wants no user in a line. */
TEST(cron_can_read_them)
{
	const char *path = arena_print(box->arena, "%s/table", box->instance->folder);
	struct text rest = text_of(inside(FILE_OF_OURS)), line;
	FILE       *table = fopen(path, "we");
	int         status;

	while (text_next(&rest, "\n", &line)) {
		const char *root = strstr(line.ptr, " root ");
		const bool  is_job = root && root < line.ptr + line.len;

		if (is_job)
			fprintf(table, "%.*s%.*s\n", (int)(root - line.ptr), line.ptr, (int)(line.ptr + line.len - root - 5), root + 5);
		else
			fprintf(table, "%.*s\n", TEXT_ARGS(line));
	}
	fclose(table);
	const char *answer = said(&status, (const char *const[]){ CRONTAB, "-n", path, NULL });

	if (status != 0)
		fail_msg("%s", answer);
}

/* What cron does with a line, without waiting for the minute. */
TEST(a_line_is_done_by_the_tool)
{
	const char *line = strstr(inside(FILE_OF_OURS), "root ") + 5;
	const char *first = arena_copy(box->arena, (struct text){ line, strcspn(line, "\n") });
	int         status;
	const char *answer = said(&status, (const char *const[]){ tool, "-c", first, NULL });

	CHECK_NUMBER(status, 0);
	CHECK(strstr(answer, "OK") != NULL);
	/* No shell is between: nothing is taken for more than a word. */
	said(&status, (const char *const[]){ tool, "-c", "version; touch /tmp/evil", NULL });
	CHECK(status != 0 && access("/tmp/evil", F_OK) != 0);
}

/* The sandbox shows the machine's files, but does not do its jobs. */
TEST(jobs_of_the_machine_are_not_done)
{
	int status;

	CHECK_STRING(said(&status, (const char *const[]){ LS, "/etc/cron.d", NULL }), "drawbridge");
	said(&status, (const char *const[]){ CAT, "/etc/crontab", NULL });
	CHECK(status != 0);
	CHECK(access("/etc/crontab", F_OK) == 0);
	CHECK(access(FILE_OF_OURS, F_OK) != 0);
}

TEST(what_cron_would_choke_on_is_left_out_and_told)
{
	static const char *const bad[][4] = {
		{ "5-1", "*", "filter reload", "" }, { "1-2-3", "*", "filter reload", "" }, { "*/0", "*", "filter reload", "" },
		{ "1", "*", "interface reconfigure", "" }, { "1", "*", "interface reconfigure", "a; reboot" },
		{ "1", "*", "interface reconfigure", "a%0a* * * * * root id" }, { "1", "*", "interface reconfigure", "../../core/system/halt" },
		{ "1", "*", "interface reconfigure", "a\\n* * * * * root id" },
	};
	const char *before = inside(FILE_OF_OURS);

	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *uuid = add_job(bad[i][0], bad[i][1], bad[i][2], bad[i][3]);

		CHECK_STRING(reconfigure(), "failed");
		CHECK(strstr(box->client->body.bytes, "job tried: ") != NULL);
		CHECK_STRING(inside(FILE_OF_OURS), before);
		take_away(uuid);
	}
	CHECK_STRING(reconfigure(), "ok");
}

TEST(only_known_commands_can_be_chosen)
{
	const struct value *answer = must_post(box->client, box->arena, "/api/cron/settings/add_job",
		"{\"job\":{\"command\":\"system reboot; id\",\"description\":\"x\"}}");

	CHECK_STRING(at(box->arena, answer, "result"), "failed");
	CHECK(strstr(box->client->body.bytes, "job.command") != NULL);
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/cron/settings/get_job"),
			"job.command.unbound dnsbl.value"), "Update Unbound blocklists");
}

TEST(without_jobs_there_is_no_cron)
{
	const struct value *rows = must_get(box->client, box->arena, "/api/cron/settings/search_jobs");

	for (size_t i = 0; i < 2; i++)
		take_away(at(box->arena, rows, arena_print(box->arena, "rows.%zu.uuid", i)));
	CHECK_STRING(reconfigure(), "ok");
	CHECK_NUMBER(box_daemon(box, CRON), 0);
	CHECK_STRING(inside(FILE_OF_OURS), "/usr/bin/cat: " FILE_OF_OURS ": No such file or directory");
}

TEST(cron_runs_them)
{
	pid_t before;

	must_post(box->client, box->arena, "/api/core/service/start/ntpd", "{}");
	before = box_daemon(box, CHRONYD);
	CHECK(before > 0);
	add_job("*", "*", "ntpd restart", "");
	CHECK_STRING(reconfigure(), "ok");
	for (int i = 0; i < 1800 && (box_daemon(box, CHRONYD) == before || box_daemon(box, CHRONYD) == 0); i++)
		wait_a_little(100);
	CHECK(box_daemon(box, CHRONYD) > 0 && box_daemon(box, CHRONYD) != before);
}

static int
end(void **state)
{
	(void)state;
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jobs_are_lines_of_cron), cmocka_unit_test(cron_can_read_them), cmocka_unit_test(a_line_is_done_by_the_tool),
		cmocka_unit_test(jobs_of_the_machine_are_not_done), cmocka_unit_test(what_cron_would_choke_on_is_left_out_and_told),
		cmocka_unit_test(only_known_commands_can_be_chosen), cmocka_unit_test(without_jobs_there_is_no_cron),
	};
	const struct CMUnitTest slow[] = { cmocka_unit_test(cron_runs_them) };
	char                    folder[] = "/tmp/drawbridge-cron-XXXXXX";

	instance_programs(argc, argv);
	box_need(CRON, CRONTAB, CHRONYD, NULL);
	assert_non_null(mkdtemp(folder));
	scoped_arena     arena = arena_new();
	struct instance *instance;

	tool_socket = arena_print(arena, "%s/socket", folder);
	tool = access("/usr/bin/drawbridge", X_OK) == 0 ? "/usr/bin/drawbridge" : realpath(argv[2], NULL);
	instance = instance_new("--plain", "--apply", "sandbox", "--socket", tool_socket, NULL);
	instance_start(instance);
	box = box_of(instance);
	const int failed = argc > 3 ? cmocka_run_group_tests(slow, NULL, end) : cmocka_run_group_tests(tests, NULL, end);

	unlink(tool_socket);
	rmdir(folder);
	return failed;
}
