/*
 * Monit watches what clients configure: what fails and recovers is seen in its status and mailed. It runs no program of theirs unless the
 * administrator's own file lets it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "smtp.h"
#include "test.h"

#define MONIT    "/usr/bin/monit"
#define IP       "/usr/sbin/ip"
#define TOUCH    "/usr/bin/touch"
#define RM       "/usr/bin/rm"
#define TEST_BIN "/usr/bin/test"
#define FILE_OF  "/run/watched"
#define RAN      "/run/ran"
#define SCRIPT   "/run/try"
#define SHELL    "/bin/sh"
#define STATUS   "/api/monit/status/get"
#define NEIGHBOUR "192.168.1.2"
#define PATIENCE 600 /* tenths of a second */

/* Bits of a service's status, as Monit says them. */
#define DOES_NOT_EXIST "512"
#define PING_FAILED    "16384"

static struct box *box;
static struct smtp server, secure; /* mail; that wants TLS first, with a certificate that nobody signed */
static const char *gone, *pinged; /* tests */

/* --- As a client does ------------------------------------------------------------------------------------ */

static const struct value *
told(const char *path, const char *body)
{
	return must_post(box->client, box->arena, arena_print(box->arena, "/api/monit/%s", path), body);
}

static const char *
add(const char *what, const char *fields)
{
	const struct value *answer = told(arena_print(box->arena, "settings/add_%s", what),
					  arena_print(box->arena, "{\"%s\":{%s}}", what, fields));

	if (strcmp(at(box->arena, answer, "result"), "saved") != 0)
		fail_msg("%s: %s", fields, box->client->body.bytes);
	return at(box->arena, answer, "uuid");
}

static void
del(const char *what, const char *uuid)
{
	CHECK_STRING(at(box->arena, told(arena_print(box->arena, "settings/del_%s/%s", what, uuid), "{}"), "result"), "deleted");
}

static void
put_general(const char *fields)
{
	CHECK_STRING(at(box->arena, told("settings/set", arena_print(box->arena, "{\"monit\":{\"general\":{%s}}}", fields)), "result"), "saved");
}

/* What is said when not all of it can be had. */
static const char *
refusal(const char *path)
{
	const struct answer answer = ask(box->client, box->arena, "POST", arena_print(box->arena, "/api/monit/%s", path), "{}");

	CHECK_STRING(at(box->arena, answer.json, "status"), "failed");
	return arena_copy(box->arena, answer.body);
}

static void
must_say(const char *said, const char *part)
{
	if (!strstr(said, part))
		fail_msg("%s is not in: %s", part, said);
}

/* --- What Monit says ------------------------------------------------------------------------------------- */

static const struct value *
service_of(const char *name)
{
	const struct value *answer = must_get(box->client, box->arena, STATUS), *all = value_path(answer, "status.service");

	for (size_t i = 0; i < value_count(all); i++)
		if (strcmp(at(box->arena, value_at(all, i), "name"), name) == 0)
			return value_at(all, i);
	return NULL;
}

static void
wait_status(const char *name, const char *status)
{
	const char *last = "";

	for (int i = 0; i < PATIENCE; i++) {
		const struct value *service = service_of(name);

		/* The first look comes some time after the start. */
		last = service && strcmp(at(box->arena, service, "monitor"), "1") == 0 ? at(box->arena, service, "status") : "unknown";
		if (strcmp(last, status) == 0)
			return;
		wait_a_little(100);
	}
	fail_msg("%s: %s instead of %s", name, last, status);
}

static void
wait_mail(struct smtp *at, const char *line)
{
	for (int i = 0; i < PATIENCE && !smtp_heard(at, line); i++)
		wait_a_little(100);
	if (!smtp_heard(at, line))
		fail_msg("no mail says: %s in %s", line, buffer_string(&at->heard));
}

/* --- Watching ------------------------------------------------------------------------------------------- */

TEST(what_is_configured_is_watched)
{
	put_general(arena_print(box->arena, "\"enabled\":\"1\",\"interval\":\"1\",\"startdelay\":\"0\",\"mailserver\":\"127.0.0.1\",\"port\":\"%u\","
					    "\"username\":\"joe{\",\"password\":\"s3#then;exec\"", server.port));
	add("alert", "\"enabled\":\"1\",\"recipient\":\"admin@example.org\",\"format\":\"from: box@example.org\\nsubject: $SERVICE $EVENT\\n"
		     "message: tell joe\",\"description\":\"all\"");
	gone = add("test", "\"name\":\"Gone\",\"condition\":\"not exist\",\"action\":\"alert\"");
	pinged = add("test", "\"name\":\"Pinged\",\"condition\":\"failed ping count 1 with timeout 1 seconds\",\"action\":\"alert\"");
	add("service", arena_print(box->arena, "\"enabled\":\"1\",\"name\":\"flag\",\"type\":\"file\",\"path\":\"" FILE_OF "\",\"tests\":\"%s\"", gone));
	add("service", arena_print(box->arena, "\"enabled\":\"1\",\"name\":\"neighbour\",\"type\":\"host\",\"address\":\"" NEIGHBOUR "\",\"tests\":\"%s\"",
				   pinged));
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, TOUCH, FILE_OF), 0);
	CHECK_STRING(at(box->arena, told("service/reconfigure", "{}"), "result"), "Control file syntax OK");
	CHECK(box_daemon(box, MONIT) > 0);
	wait_status("flag", "0");
	wait_status("neighbour", "0");
	CHECK(strtod(at(box->arena, service_of("neighbour"), "icmp.responsetime"), NULL) >= 0);
	/* Those of the factory, which compare the load with "CPUs". */
	wait_status("RootFs", "0");
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/monit/service/status"), "status"), "running");
}

TEST(a_file_that_goes_and_comes_back_is_seen_and_mailed)
{
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, RM, FILE_OF), 0);
	wait_status("flag", DOES_NOT_EXIST);
	wait_mail(&server, "Subject: flag Does not exist\n");
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, TOUCH, FILE_OF), 0);
	wait_status("flag", "0");
	wait_mail(&server, "Subject: flag Exists\n");
	CHECK(smtp_heard(&server, "RCPT TO:<admin@example.org>\n") || smtp_heard(&server, "RCPT TO: <admin@example.org>\n"));
	CHECK(smtp_heard(&server, "tell joe\n"));
}

TEST(what_it_says_is_in_the_log_of_the_box)
{
	const struct value *rows = NULL;

	for (int i = 0; i < PATIENCE && value_count(rows) == 0; i++) {
		rows = value_get(must_post(box->client, box->arena, "/api/diagnostics/log/core/monit",
					   "{\"rowCount\":50,\"searchPhrase\":\"flag\"}"), "rows");
		wait_a_little(100);
	}
	CHECK(value_count(rows) > 0);
	CHECK_STRING(at(box->arena, value_at(rows, 0), "process_name"), "monit");
}

TEST(a_host_that_goes_and_comes_back_is_seen_and_mailed)
{
	CHECK_NUMBER(BOX_RUN(box, OUTSIDE, NULL, IP, "address", "del", NEIGHBOUR "/24", "dev", "em0"), 0);
	wait_status("neighbour", PING_FAILED);
	wait_mail(&server, "Subject: neighbour ICMP failed\n");
	CHECK_NUMBER(BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", NEIGHBOUR "/24", "dev", "em0"), 0);
	wait_status("neighbour", "0");
	wait_mail(&server, "Subject: neighbour ICMP succeeded\n");
}

TEST(a_login_is_what_was_configured)
{
	CHECK(smtp_heard(&server, "joe{") && smtp_heard(&server, "s3#then;exec"));
}

static unsigned
calls(struct smtp *at)
{
	pthread_mutex_lock(&at->lock);
	const unsigned calls = at->calls;

	pthread_mutex_unlock(&at->lock);
	return calls;
}

TEST(mail_goes_by_tls_and_only_to_whom_may_be_trusted)
{
	put_general("\"port\":\"465\",\"ssl\":\"1\",\"sslverify\":\"1\",\"username\":\"\",\"password\":\"\"");
	box_reconfigure(box, "monit");
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, RM, FILE_OF), 0);
	/* It called, again and again, and told nothing. */
	for (int i = 0; i < PATIENCE && calls(&secure) < 2; i++)
		wait_a_little(100);
	CHECK(calls(&secure) >= 2 && !smtp_heard(&secure, "MAIL FROM"));
	put_general("\"sslverify\":\"0\"");
	box_reconfigure(box, "monit");
	wait_mail(&secure, "Subject: flag Does not exist\n");
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, TOUCH, FILE_OF), 0);
	wait_mail(&secure, "Subject: flag Exists\n");
}

TEST(its_status_comes_as_text_and_as_a_page)
{
	const char *text = at(box->arena, must_get(box->client, box->arena, STATUS "/text"), "status");

	must_say(text, "File 'flag'");
	CHECK(!strchr(text, '\x1b'));
	text = at(box->arena, must_get(box->client, box->arena, STATUS "/html"), "status");
	CHECK(strncmp(text, "<pre>", 5) == 0);
	must_say(text, "Remote Host 'neighbour'");
	CHECK_STRING(at(box->arena, service_of("neighbour"), "@attributes.type"), "4");
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, STATUS), "result"), "ok");
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, STATUS "/other"), "result"), "failed");
}

/* As clients of 25.1 ask. */
static bool
is_dirty(void)
{
	return value_path(must_get(box->client, box->arena, "/api/monit/settings/dirty"), "monit.dirty")->truth;
}

TEST(a_change_is_taken_while_it_runs)
{
	const pid_t before = box_daemon(box, MONIT);

	CHECK(!is_dirty());
	add("service", "\"enabled\":\"1\",\"name\":\"place\",\"type\":\"directory\",\"path\":\"/run\",\"polltime\":\"2 CYCLES\"");
	CHECK(is_dirty());
	box_reconfigure(box, "monit");
	CHECK(!is_dirty());
	wait_status("place", "0");
	CHECK_NUMBER(box_daemon(box, MONIT), before);
}

/* --- Checking ------------------------------------------------------------------------------------------- */

TEST(what_is_saved_is_checked_before_it_is_in_force)
{
	const struct value *said = told("service/check", "{}");
	const pid_t         before = box_daemon(box, MONIT);
	const char         *test, *service;

	CHECK_STRING(at(box->arena, said, "status"), "ok");
	CHECK_STRING(at(box->arena, said, "result"), "Control file syntax OK");
	test = add("test", "\"name\":\"Wrong\",\"condition\":\"failed failed\",\"action\":\"alert\"");
	service = add("service", arena_print(box->arena, "\"enabled\":\"1\",\"name\":\"wrong\",\"type\":\"file\",\"path\":\"/run/x\",\"tests\":\"%s\"", test));
	said = told("service/check", "{}");
	CHECK_STRING(at(box->arena, said, "status"), "failed");
	must_say(at(box->arena, said, "result"), "syntax error");
	/* What it runs with stays. */
	must_say(refusal("service/reconfigure"), "syntax error");
	CHECK_NUMBER(box_daemon(box, MONIT), before);
	wait_status("place", "0");
	CHECK(!service_of("wrong"));
	del("service", service);
	del("test", test);
	box_reconfigure(box, "monit");
}

/* --- Programs -------------------------------------------------------------------------------------------- */

/* Each tries to get RAN made. */
static const struct {
	const char *test, *service;
	const char *said;
} tries[] = {
	{ "\"condition\":\"not exist\",\"action\":\"exec\",\"path\":\"" SCRIPT "\"", "\"type\":\"file\",\"path\":\"/run/none\"",
	  "commands are not allowed on this box" },
	{ "\"condition\":\"not exist\",\"action\":\"start\"",
	  "\"type\":\"file\",\"path\":\"/run/none\",\"start\":\"" SCRIPT " now\"", "commands are not allowed on this box" },
	{ "\"condition\":\"status != 0\",\"action\":\"alert\"", "\"type\":\"custom\",\"path\":\"" SCRIPT "\"", "commands are not allowed on this box" },
	{ "\"condition\":\"not exist then exec \\\"" SCRIPT "\\\"\",\"action\":\"alert\"", "\"type\":\"file\",\"path\":\"/run/none\"",
	  "syntax error" },
};

static void
try_one(size_t i, const char *test)
{
	add("service", arena_print(box->arena, "\"enabled\":\"1\",\"name\":\"try\",%s,\"tests\":\"%s\"", tries[i].service, test));
}

static void
forget_try(const char *test)
{
	const struct value *found = told("settings/search_service", "{\"searchPhrase\":\"try\"}");

	del("service", at(box->arena, found, "rows.0.uuid"));
	del("test", test);
}

static bool
has_run(void)
{
	return BOX_RUN(box, INSIDE, NULL, TEST_BIN, "-e", RAN) == 0;
}

static void
make_script(void)
{
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, SHELL, "-c", "printf '#!/bin/sh\\ntouch " RAN "\\n' >" SCRIPT " && chmod 755 " SCRIPT), 0);
}

TEST(no_program_of_a_client_is_run)
{
	make_script();
	for (size_t i = 0; i < COUNT(tries); i++) {
		const char *test = add("test", arena_print(box->arena, "\"name\":\"Try\",%s", tries[i].test));

		try_one(i, test);
		must_say(refusal("service/reconfigure"), tries[i].said);
		must_say(refusal("service/check"), tries[i].said);
		CHECK(!has_run());
		forget_try(test);
	}
	box_reconfigure(box, "monit");
	wait_status("flag", "0");
	CHECK(!has_run());
}

static struct instance *
allowing(void)
{
	struct instance *instance = instance_new("--plain", "--apply", "sandbox", "--config", NULL);
	const char      *path = arena_print(instance->arena, "%s/options", instance->folder);
	FILE            *file = fopen(path, "we");
	size_t           end = 0;

	CHECK(file && fputs("allow-commands = 2\n", file) >= 0 && fclose(file) == 0);
	while (instance->arguments[end])
		end++;
	instance->arguments[end] = path;
	instance_start(instance);
	return instance;
}

TEST(they_run_where_the_administrator_lets_them)
{
	struct box *before = box;

	box = box_of(allowing());
	make_script();
	put_general("\"enabled\":\"1\",\"interval\":\"1\",\"startdelay\":\"0\"");
	for (size_t i = 0; i < 3; i++) {
		const char *test = add("test", arena_print(box->arena, "\"name\":\"Try\",%s", tries[i].test));

		try_one(i, test);
		box_reconfigure(box, "monit");
		for (int k = 0; k < PATIENCE && !has_run(); k++)
			wait_a_little(100);
		CHECK(has_run());
		forget_try(test);
		box_reconfigure(box, "monit");
		CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, RM, "-f", RAN), 0);
	}
	box_free(box);
	box = before;
}

/* --- Its life ---------------------------------------------------------------------------------------------- */

TEST(its_own_pages_are_refused_honestly)
{
	put_general("\"httpdEnabled\":\"1\",\"httpdPassword\":\"x\"");
	must_say(refusal("service/reconfigure"), "web pages are not served");
	put_general("\"httpdEnabled\":\"0\"");
	box_reconfigure(box, "monit");
}

TEST(it_stops_and_starts)
{
	CHECK_STRING(at(box->arena, told("service/stop", "{}"), "response"), "OK");
	CHECK_NUMBER(box_daemon(box, MONIT), 0);
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, STATUS), "result"), "failed");
	must_say(at(box->arena, must_get(box->client, box->arena, STATUS), "status"), "start delay of 0 seconds");
	must_post(box->client, box->arena, "/api/core/service/start/monit", "{}");
	CHECK(box_daemon(box, MONIT) > 0);
	wait_status("flag", "0");
	put_general("\"enabled\":\"0\"");
	box_reconfigure(box, "monit");
	CHECK_NUMBER(box_daemon(box, MONIT), 0);
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/monit/service/status"), "status"), "disabled");
	must_say(refusal("service/check"), "switched off");
}

static int
end(void **state)
{
	(void)state;
	smtp_stop(&server);
	smtp_stop(&secure);
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_configured_is_watched), cmocka_unit_test(a_file_that_goes_and_comes_back_is_seen_and_mailed),
		cmocka_unit_test(what_it_says_is_in_the_log_of_the_box), cmocka_unit_test(a_host_that_goes_and_comes_back_is_seen_and_mailed), cmocka_unit_test(a_login_is_what_was_configured),
		cmocka_unit_test(mail_goes_by_tls_and_only_to_whom_may_be_trusted),
		cmocka_unit_test(its_status_comes_as_text_and_as_a_page), cmocka_unit_test(a_change_is_taken_while_it_runs),
		cmocka_unit_test(what_is_saved_is_checked_before_it_is_in_force), cmocka_unit_test(no_program_of_a_client_is_run),
		cmocka_unit_test(they_run_where_the_administrator_lets_them), cmocka_unit_test(its_own_pages_are_refused_honestly),
		cmocka_unit_test(it_stops_and_starts),
	};

	instance_programs(argc, argv);
	box_need(MONIT, IP, TOUCH, TEST_BIN, NULL);
	box = box_new();
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", NEIGHBOUR "/24", "dev", "em0");
	BOX_RUN(box, INSIDE, NULL, IP, "address", "add", "192.168.1.1/24", "dev", "em0");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	smtp_start_in(&server, SMTP_FRIENDLY, box->instance->pid);
	smtp_start_at(&secure, SMTP_SECURE, box->instance->pid, 465);
	return cmocka_run_group_tests(tests, NULL, end);
}
