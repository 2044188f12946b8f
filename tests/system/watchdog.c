/*
 * What is listed for the watchdog comes back, whoever ended it; what is not stays as it was left. That something does not come
 * back shows when something else that ended after it has.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "smtp.h"
#include "test.h"

#define CHRONYD  "/usr/sbin/chronyd"
#define UNBOUND  "/usr/sbin/unbound"
#define LIST     "/api/v1/services/service_watchdog"
#define MAIL     "/api/v1/system/notifications/email"
#define PATIENCE 600 /* tenths of a second */

static struct box *box;

/* Until it runs; its process. */
static pid_t
wait_for(const char *program)
{
	pid_t pid = 0;

	for (int i = 0; i < PATIENCE && !(pid = box_daemon(box, program)); i++)
		wait_a_little(100);
	if (!pid)
		fail_msg("%s does not run", program);
	return pid;
}

/* Until that process of it is gone. */
static void
end(const char *program, int signal)
{
	const pid_t pid = wait_for(program);

	CHECK_NUMBER(kill(pid, signal), 0);
	for (int i = 0; i < PATIENCE && box_daemon(box, program) == pid; i++)
		wait_a_little(10);
	CHECK(box_daemon(box, program) != pid);
}

static void
put_list(const char *services)
{
	must(box->client, box->arena, "PUT", LIST, arena_print(box->arena, "{\"services\":[%s]}", services));
}

static void
wait_for_line(const char *line)
{
	for (int i = 0; i < PATIENCE && !instance_said(box->instance, line); i++)
		wait_a_little(100);
	if (!instance_said(box->instance, line))
		fail_msg("the log does not say: %s", line);
}

static void
enable_unbound(const char *enabled)
{
	must_post(box->client, box->arena, "/api/unbound/settings/set",
		  arena_print(box->arena, "{\"unbound\":{\"general\":{\"enabled\":\"%s\"}}}", enabled));
	box_reconfigure(box, "unbound");
}

TEST(only_what_is_listed_comes_back_when_somebody_ended_it)
{
	put_list("{\"name\":\"unbound\"}");
	end(CHRONYD, SIGTERM);
	end(UNBOUND, SIGTERM);
	wait_for(UNBOUND);
	CHECK_NUMBER(box_daemon(box, CHRONYD), 0);
	wait_for_line("service watchdog: unbound had stopped and was started again");
	CHECK_STRING(at(box->arena, must(box->client, box->arena, "POST", "/api/v1/services/ntpd/start", "{}"), "data.ntpd"), "started");
	CHECK(box_daemon(box, CHRONYD) > 0);
}

/* This API's names are other than the box's: chrony is ntpd. */
TEST(what_was_stopped_by_an_api_comes_back_too)
{
	put_list("{\"name\":\"ntpd\",\"notify\":true}");
	must(box->client, box->arena, "POST", "/api/v1/services/unbound/stop", "{}");
	must_post(box->client, box->arena, "/api/core/service/stop/ntpd", "{}");
	wait_for(CHRONYD);
	CHECK_NUMBER(box_daemon(box, UNBOUND), 0);
	must(box->client, box->arena, "POST", "/api/v1/services/unbound/start", "{}");
}

/* The keeper starts whatever crashes; who is listed is told of, too. */
TEST(what_crashes_comes_back_and_is_told_of_when_it_is_listed)
{
	put_list("{\"name\":\"ntpd\"}");
	end(UNBOUND, SIGKILL);
	end(CHRONYD, SIGKILL);
	wait_for(CHRONYD);
	wait_for(UNBOUND);
	wait_for_line("service watchdog: chrony had failed and was started again");
	CHECK(!instance_said(box->instance, "service watchdog: unbound had failed"));
}

TEST(what_is_not_wanted_stays_stopped)
{
	put_list("{\"name\":\"unbound\"},{\"name\":\"ntpd\"}");
	enable_unbound("0");
	CHECK_NUMBER(box_daemon(box, UNBOUND), 0);
	end(CHRONYD, SIGTERM);
	wait_for(CHRONYD);
	CHECK_NUMBER(box_daemon(box, UNBOUND), 0);
	enable_unbound("1");
	wait_for(UNBOUND);
}

/* What is shown of the settings is what was written, and somebody who is to be told is. */
TEST(whoever_wants_to_be_told_gets_mail)
{
	struct smtp         server;
	const struct value *shown;

	smtp_start_in(&server, SMTP_FRIENDLY, box->instance->pid);
	must(box->client, box->arena, "PUT", MAIL,
	     arena_print(box->arena,
			 "{\"ipaddress\":\"127.0.0.1\",\"port\":%u,\"timeout\":30,\"fromaddress\":\"box@example.org\","
			 "\"notifyemailaddress\":\"admin@example.org\",\"authentication_mechanism\":\"login\",\"username\":\"joe\","
			 "\"password\":\"s3\"}",
			 server.port));
	shown = value_get(must_get(box->client, box->arena, MAIL), "data");
	CHECK_STRING(at(box->arena, shown, "notifyemailaddress"), "admin@example.org");
	CHECK_STRING(at(box->arena, shown, "authentication_mechanism"), "LOGIN");
	CHECK_STRING(at(box->arena, shown, "password"), "s3");
	put_list("{\"name\":\"unbound\",\"notify\":true},{\"name\":\"ntpd\"}");
	end(CHRONYD, SIGTERM);
	end(UNBOUND, SIGTERM);
	for (int i = 0; i < PATIENCE && smtp_mails(&server) == 0; i++)
		wait_a_little(100);
	CHECK_NUMBER(smtp_mails(&server), 1);
	CHECK(smtp_heard(&server, "user: joe\n") && smtp_heard(&server, "password: s3\n"));
	CHECK(smtp_heard(&server, "RCPT TO:<admin@example.org>\n"));
	CHECK(smtp_heard(&server, " - Notification\n"));
	CHECK(smtp_heard(&server, " service watchdog: unbound had stopped and was started again\n"));
	CHECK(!smtp_heard(&server, "chrony"));
	smtp_stop(&server);
}

TEST(the_list_is_shown_as_it_was_written)
{
	const struct value *list;

	put_list("{\"name\":\"ntpd\",\"notify\":true},{\"name\":\"unbound\"}");
	list = must_get(box->client, box->arena, LIST);
	CHECK_STRING(at(box->arena, list, "data.0.name"), "ntpd");
	CHECK(value_get(value_at(value_get(list, "data"), 0), "notify") != NULL);
	CHECK_STRING(at(box->arena, list, "data.1.name"), "unbound");
	CHECK(value_get(value_at(value_get(list, "data"), 1), "notify") == NULL);
	put_list("");
	CHECK_NUMBER(value_count(value_get(must_get(box->client, box->arena, LIST), "data")), 0);
}

static int
finish(void **state)
{
	(void)state;
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_listed_comes_back_when_somebody_ended_it),
		cmocka_unit_test(what_was_stopped_by_an_api_comes_back_too),
		cmocka_unit_test(what_crashes_comes_back_and_is_told_of_when_it_is_listed),
		cmocka_unit_test(what_is_not_wanted_stays_stopped),
		cmocka_unit_test(whoever_wants_to_be_told_gets_mail),
		cmocka_unit_test(the_list_is_shown_as_it_was_written),
	};

	instance_programs(argc, argv);
	box_need(CHRONYD, UNBOUND, NULL);
	box = box_new();
	must(box->client, box->arena, "PUT", "/api/v1/services/ntpd", "{\"orphan\":7}");
	enable_unbound("1");
	return cmocka_run_group_tests(tests, NULL, finish);
}
