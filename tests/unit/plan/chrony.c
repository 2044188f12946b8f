/* What chrony reads is what was configured, whatever is in it. */
#include <string.h>

#include "planned.h"
#include "test.h"

#define CHECKER (const char *const[]){ "/usr/sbin/chronyd", "-p", "-f", "%s/chrony.conf", NULL }

static const char *const words[] = { "user root", "user _chrony", "sourcedir /etc/chrony/drawbridge/sources", "driftfile ", "pidfile ",
				     "bindcmdaddress /run/chrony/chronyd.sock", "cmdport 0", "makestep 1 3", "rtcsync",
				     "local stratum ", "allow ", "binddevice em", "logdir /var/log/chrony", "log ",
				     "leapsectz right/UTC", NULL };
static const char *const source_words[] = { "server ", "pool ", NULL };

static void
plan_servers(struct planned *planned, const char *servers)
{
	planned_put(planned, "system.general", NULL, "timeservers", servers, NULL);
	planned_read(planned, "chrony");
}

TEST(servers_are_told_apart)
{
	struct planned *planned = planned_new();

	planned_put(planned, "system.time", NULL, "prefer", "b.example", "noselect", "192.0.2.1 x", "ispool", "c.example", NULL);
	plan_servers(planned, "a.example b.example 192.0.2.1 2001:db8::1 c.example 0.pool.ntp.org");
	CHECK_STRING(planned_file(planned, "chrony", "sources/drawbridge.sources"),
		     "server a.example iburst\nserver b.example iburst prefer\nserver 192.0.2.1 iburst noselect\n"
		     "server 2001:db8::1 iburst\npool c.example iburst\npool 0.pool.ntp.org iburst\n");
	CHECK_NUMBER(planned->missing.len, 0);
	planned_free(planned);
}

TEST(a_server_that_is_no_name_is_told_and_left_out)
{
	for (size_t i = 0; hostile_texts[i]; i++) {
		struct planned *planned = planned_new();

		plan_servers(planned, hostile_texts[i]);
		if (!lines_begin_with(planned_file(planned, "chrony", "sources/drawbridge.sources"), source_words))
			fail_msg("%s", hostile_texts[i]);
		/* Words between blanks may be names. */
		CHECK(planned->missing.len > 0 || strpbrk(hostile_texts[i], " \t"));
		planned_free(planned);
	}
}

TEST(no_setting_makes_a_line_of_its_own)
{
	static const char *const fields[] = { "interface", "orphan", "prefer", "noselect", "ispool", "leapsec", "peerstats", "enable" };

	for (size_t i = 0; hostile_texts[i]; i++) {
		struct planned *planned = planned_new();
		scoped_buffer   said = BUFFER_NONE;

		planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", hostile_texts[i], NULL);
		planned_put(planned, "interfaces.interface", "opt1", "enable", "1", "if", "em1", "ipaddr", "192.0.2.1/24", NULL);
		for (size_t k = 0; k < COUNT(fields); k++)
			planned_put(planned, "system.time", NULL, fields[k], hostile_texts[i], NULL);
		planned_put(planned, "system.time", NULL, "interface", i % 2 ? "lan,opt1,lo0" : "lan", NULL);
		plan_servers(planned, "192.0.2.1");
		if (!lines_begin_with(planned_file(planned, "chrony", "chrony.conf"), words))
			fail_msg("%s", hostile_texts[i]);
		if (i % 8 == 0 && planned_check(planned, "chrony", CHECKER, &said) != 0)
			fail_msg("%s", buffer_string(&said));
		planned_free(planned);
	}
}

TEST(what_is_switched_off_has_no_files)
{
	struct planned *planned = planned_new();

	planned_put(planned, "system.time", NULL, "enable", "disabled", NULL);
	plan_servers(planned, "192.0.2.1");
	CHECK_NUMBER(planned->services.n, 1);
	CHECK(!planned->services.plans[0].wanted && planned->services.plans[0].nfiles == 0);
	planned_free(planned);
}

TEST(several_interfaces_with_unknown_networks_are_told)
{
	struct planned *planned = planned_new();

	planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", "em0", "ipaddr", "192.0.2.1/24", NULL);
	planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", "em1", "type4", "dhcp", NULL);
	planned_put(planned, "system.time", NULL, "interface", "lan,wan", NULL);
	planned_read(planned, "chrony");
	CHECK(text_contains(buffer_text(&planned->missing), TEXT("time on wan")));
	CHECK(strstr(planned_file(planned, "chrony", "chrony.conf"), "allow 192.0.2.0/24\n") != NULL);
	planned_put(planned, "system.time", NULL, "interface", "wan", NULL);
	planned_read(planned, "chrony");
	CHECK_NUMBER(planned->missing.len, 0);
	CHECK(strstr(planned_file(planned, "chrony", "chrony.conf"), "binddevice em1\nallow all\n") != NULL);
	planned_free(planned);
}

RUN(cmocka_unit_test(servers_are_told_apart), cmocka_unit_test(a_server_that_is_no_name_is_told_and_left_out),
    cmocka_unit_test(no_setting_makes_a_line_of_its_own), cmocka_unit_test(what_is_switched_off_has_no_files),
    cmocka_unit_test(several_interfaces_with_unknown_networks_are_told));
