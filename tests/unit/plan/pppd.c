/* What pppd reads is what was configured: no value is an option of its own, and passwords are for its eyes only. */
#include <string.h>

#include "planned.h"
#include "test.h"

#define LINE "10000000-0000-4000-8000-000000000001"

static const char *const words[] = {
	"nodetach", "noauth", "hide-password", "plugin pppoe.so", "noipdefault", "ipcp-accept-local", "ipcp-accept-remote", "defaultroute",
	"defaultroute-metric ", "nodefaultroute6", "usepeerdns", "noaccomp", "nopcomp", "novj", "noccp", "lcp-echo-interval 10",
	"lcp-echo-failure 3", "persist", "maxfail 0", "holdoff 3", "ip-up-script /nonexistent", "ip-down-script /nonexistent",
	"ifname pppoe0", "mtu ", "mru ", "noipv6", "+ipv6", "user \"", "password \"", "pppoe-service \"", NULL,
};
static const char *const line_words[] = { "file /run/drawbridge-ppp-pppoe0/options", "nic-em1", NULL };

static struct planned *
with_line(void)
{
	struct planned *planned = planned_new();

	planned_put(planned, "interfaces.interface", "wan", "if", "pppoe0", "enable", "1", "type4", "pppoe", "type6", "none", NULL);
	planned_put(planned, "interfaces.ppp", LINE, "type", "pppoe", "if", "pppoe0", "ports", "em1", "username", "me@isp.example",
		    "password", "secret", NULL);
	return planned;
}

static const char *
plan(struct planned *planned)
{
	planned_read(planned, "pppd");
	return planned_file(planned, "pppd@pppoe0", "options");
}

TEST(a_line_has_its_name_its_password_and_what_is_left_of_a_frame)
{
	struct planned *planned = with_line();

	CHECK(strstr(plan(planned), "\nifname pppoe0\nmtu 1492\nmru 1492\n") && strstr(plan(planned), "\nnoipv6\n"));
	CHECK(strstr(plan(planned), "\nuser \"me@isp.example\"\npassword \"secret\"\n") && !strstr(plan(planned), "pppoe-service"));
	CHECK_STRING(planned_file(planned, "pppd@pppoe0", "line"), "# Written by drawbridge.\nfile /run/drawbridge-ppp-pppoe0/options\nnic-em1\n");
	for (size_t i = 0; i < planned->services.plans[0].nfiles; i++)
		CHECK(planned->services.plans[0].files[i].secret);
	planned_put(planned, "interfaces.interface", "wan", "mtu", "1400", "type6", "pppoev6", NULL);
	planned_put(planned, "interfaces.ppp", LINE, "provider", "fast \"one\"", NULL);
	CHECK(strstr(plan(planned), "\nmtu 1392\nmru 1392\n") && strstr(plan(planned), "\n+ipv6\n"));
	CHECK(strstr(plan(planned), "\npppoe-service \"fast\\x20\\x22one\\x22\"\n"));
	CHECK_NUMBER(planned->missing.len, 0);
	planned_free(planned);
}

TEST(what_is_no_line_has_no_process)
{
	static const char *const cases[][3] = {
		{ "interfaces.interface", "enable", "0" }, { "interfaces.interface", "type4", "dhcp" }, { "interfaces.interface", "if", "em1" },
		{ "interfaces.ppp", "type", "l2tp" },      { "interfaces.ppp", "if", "pppoe1" },        { "interfaces.ppp", "ports", "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = with_line();

		planned_put(planned, cases[i][0], i < 3 ? "wan" : LINE, cases[i][1], cases[i][2], NULL);
		CHECK_STRING(plan(planned), "");
		CHECK_NUMBER(planned->services.n, 0);
		planned_free(planned);
	}
}

TEST(two_interfaces_are_not_on_one_line)
{
	struct planned *planned = with_line();

	planned_put(planned, "interfaces.interface", "opt1", "if", "pppoe0", "enable", "1", "type4", "pppoe", NULL);
	plan(planned);
	CHECK_NUMBER(planned->services.n, 1);
	planned_free(planned);
}

TEST(what_the_protocol_has_no_room_for_is_told)
{
	struct planned *planned = with_line();
	char            text[257];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	planned_put(planned, "interfaces.ppp", LINE, "password", text + 1, NULL);
	CHECK(strstr(plan(planned), text + 1) && planned->missing.len == 0);
	planned_put(planned, "interfaces.ppp", LINE, "password", text, NULL);
	CHECK_STRING(plan(planned), "");
	CHECK(strstr(buffer_string(&planned->missing), "longer than 255 bytes"));
	planned_free(planned);
}

TEST(no_value_is_an_option_of_its_own)
{
	static const char *const fields[][2] = {
		{ "interfaces.ppp", "username" }, { "interfaces.ppp", "password" }, { "interfaces.ppp", "provider" }, { "interfaces.ppp", "ports" },
		{ "interfaces.ppp", "type" },     { "interfaces.ppp", "if" },       { "interfaces.interface", "if" }, { "interfaces.interface", "mtu" },
		{ "interfaces.interface", "type6" },
	};

	for (size_t i = 0; i < COUNT(fields); i++)
		for (size_t k = 0; hostile_texts[k]; k++) {
			struct planned *planned = with_line();

			planned_put(planned, fields[i][0], strcmp(fields[i][0], "interfaces.ppp") == 0 ? LINE : "wan", fields[i][1], hostile_texts[k],
				    NULL);
			if (!lines_begin_with(plan(planned), words) ||
			    !lines_begin_with(planned_file(planned, "pppd@pppoe0", "line"), line_words))
				fail_msg("%s: %s", fields[i][1], hostile_texts[k]);
			planned_free(planned);
		}
}

RUN(cmocka_unit_test(a_line_has_its_name_its_password_and_what_is_left_of_a_frame), cmocka_unit_test(what_is_no_line_has_no_process),
    cmocka_unit_test(two_interfaces_are_not_on_one_line), cmocka_unit_test(what_the_protocol_has_no_room_for_is_told),
    cmocka_unit_test(no_value_is_an_option_of_its_own));
