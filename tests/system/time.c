/* The box follows the servers that clients configure, says how it stands with them, and serves the time to its networks. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define CHRONYD "/usr/sbin/chronyd"
#define CHRONYC "/usr/bin/chronyc"
#define IP      "/usr/sbin/ip"
#define NTPD    "/api/v1/services/ntpd"

static struct box *box;
static pid_t       upstream;

/* Commands and its files would be this machine's: it gets neither. */
static const char *
nowhere(const char *name)
{
	return arena_print(box->arena, "pidfile %s/%s.pid", box->instance->folder, name);
}

static void
start_upstream(void)
{
	const char *const words[] = { CHRONYD, "-x", "-n", "-u", "root", nowhere("upstream"), "bindcmdaddress /", "cmdport 0",
				      "local stratum 3", "allow all", NULL };

	upstream = box_start(box, OUTSIDE, words);
}

/* What a client of the box's network gets; 0: it got the time. */
static int
ask_time(const char *seconds, struct buffer *said)
{
	return BOX_RUN(box, OUTSIDE, said, CHRONYD, "-Q", "-t", seconds, "-u", "root", nowhere("client"), "bindcmdaddress /",
		       "cmdport 0", "port 0", "server 192.168.1.1 iburst maxsamples 1");
}

static const char *
row(const char *name)
{
	const struct value *rows = must_get(box->client, box->arena, "/api/ntpd/service/status");

	return at(box->arena, rows, arena_print(box->arena, "rows.0.%s", name));
}

static void
put_settings(const char *body)
{
	must(box->client, box->arena, "PUT", NTPD, body);
}

TEST(a_server_that_is_configured_is_followed)
{
	put_settings("{\"timeservers\":[{\"timeserver\":\"192.168.1.2\",\"prefer\":true}],\"orphan\":7}");
	for (int i = 0; i < 600 && strcmp(row("status"), "*") != 0; i++)
		wait_a_little(100);
	CHECK_STRING(row("status"), "*");
	CHECK_STRING(row("server"), "192.168.1.2");
	CHECK_STRING(row("stratum"), "3");
	CHECK(strcmp(row("reach"), "0") != 0 && strcmp(row("delay"), "0.000") != 0);
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/ntpd/service/gps"), "ntpq_servers.0.server"),
		     "192.168.1.2");
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/ntpd/service/meta"), "symbols.status.*.status"),
		     "Active Peer");
}

TEST(its_networks_get_the_time)
{
	scoped_buffer said = BUFFER_NONE;

	if (ask_time("30", &said) != 0)
		fail_msg("%s", buffer_string(&said));
	CHECK(text_contains(buffer_text(&said), TEXT("System clock wrong by")));
}

/* Servers are told apart in a file that is read again. */
TEST(another_server_needs_no_restart)
{
	const pid_t before = box_daemon(box, CHRONYD);

	CHECK(before > 0);
	must(box->client, box->arena, "POST", NTPD "/time_server", "{\"timeserver\":\"192.168.1.3\",\"noselect\":true}");
	CHECK_NUMBER(box_daemon(box, CHRONYD), before);
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/ntpd/service/status"), "rows.1.server"), "192.168.1.3");
	must(box->client, box->arena, "DELETE", NTPD "/time_server?timeserver=192.168.1.3", NULL);
	CHECK_NUMBER(box_daemon(box, CHRONYD), before);
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, "/api/ntpd/service/status"), "total"), "1");
}

/* Only whom the interfaces have is answered. */
TEST(others_get_no_time)
{
	scoped_buffer said = BUFFER_NONE;

	put_settings("{\"interface\":[\"lo0\"]}");
	CHECK(ask_time("3", &said) != 0);
	put_settings("{\"interface\":[\"lan\"]}");
	CHECK_NUMBER(ask_time("30", NULL), 0);
}

/* A word that would begin a line of its own begins none, whichever way it comes. */
TEST(a_hostile_server_is_none)
{
	static const char *const names[] = { "a\\nallow all", "a b", "-x", "$(id)", "a;b" };
	const pid_t              before = box_daemon(box, CHRONYD);

	for (size_t i = 0; i < COUNT(names); i++) {
		const char *body = arena_print(box->arena, "{\"timeservers\":[{\"timeserver\":\"%s\"}]}", names[i]);
		const struct answer answer = ask(box->client, box->arena, "PUT", NTPD, body);

		CHECK_NUMBER(answer.status, 400);
		CHECK_STRING(at(box->arena, answer.json, "return"), "2051");
	}
	CHECK_NUMBER(box_daemon(box, CHRONYD), before);
}

TEST(it_stops_and_starts_in_both_dialects)
{
	must(box->client, box->arena, "POST", NTPD "/stop", "{}");
	CHECK_NUMBER(box_daemon(box, CHRONYD), 0);
	must_post(box->client, box->arena, "/api/core/service/start/ntpd", "{}");
	CHECK(box_daemon(box, CHRONYD) > 0);
	CHECK_NUMBER(ask_time("30", NULL), 0);
}

/* The clock is the machine's: nothing here may set it. */
TEST(the_clock_is_left_alone)
{
	scoped_buffer out = BUFFER_NONE;
	char          path[64], words[512];

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)box_daemon(box, CHRONYD));
	FILE        *file = fopen(path, "re");
	const size_t n = file ? fread(words, 1, sizeof(words), file) : 0;

	if (file)
		fclose(file);
	buffer_add(&out, (struct text){ words, n });
	CHECK(memmem(out.bytes, out.len, "\0-x\0", 4) != NULL);
}

static int
end(void **state)
{
	(void)state;
	box_end(upstream);
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_that_is_configured_is_followed), cmocka_unit_test(its_networks_get_the_time),
		cmocka_unit_test(another_server_needs_no_restart), cmocka_unit_test(others_get_no_time),
		cmocka_unit_test(a_hostile_server_is_none), cmocka_unit_test(it_stops_and_starts_in_both_dialects),
		cmocka_unit_test(the_clock_is_left_alone),
	};

	instance_programs(argc, argv);
	box_need(CHRONYD, CHRONYC, IP, NULL);
	box = box_new();
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", "192.168.1.2/24", "dev", "em0");
	BOX_RUN(box, INSIDE, NULL, IP, "address", "add", "192.168.1.1/24", "dev", "em0");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	start_upstream();
	return cmocka_run_group_tests(tests, NULL, end);
}
