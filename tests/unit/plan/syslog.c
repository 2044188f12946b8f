/* What syslog-ng reads is what was configured, whatever is in it; it says so itself. */
#include <string.h>

#include "planned.h"
#include "test.h"

#define CHECKER (const char *const[]){ "/usr/sbin/syslog-ng", "-s", "-f", "%s/syslog-ng.conf", NULL }
#define DESTINATION "00000000-0000-4000-8000-00000000000a"

static const char *const words[] = { "@version: 3.38", "options { ", "source s_box { ", "destination d_", "filter f_", "log { source(s_box);", NULL };

static const char *
file(const struct planned *planned)
{
	return planned_file(planned, "syslog-ng", "syslog-ng.conf");
}

static void
check(struct planned *planned, const char *what)
{
	scoped_buffer said = BUFFER_NONE;

	if (planned_check(planned, "syslog-ng", CHECKER, &said) != 0)
		fail_msg("%s: %s\n%s", what, buffer_string(&said), file(planned));
}

TEST(destinations_of_both_kinds_are_there)
{
	struct planned *planned = planned_new();

	planned_put(planned, "syslog.destination", DESTINATION, "enabled", "1", "transport", "udp4", "hostname", "logs.example", "port", "5514",
		    "program", "filterlog,unbound", "level", "warn,err", "facility", "security,console,ntp,local7", NULL);
	planned_put(planned, "syslog.remote", NULL, "enable", "1", "server1", "192.0.2.1", "server2", "[2001:db8::1]:515",
		    "server3", "other.example:516", "dhcp", "1", "format", "rfc5424", NULL);
	planned_read(planned, "syslog-ng");
	CHECK_NUMBER(planned->missing.len, 0);
	CHECK(strstr(file(planned), "d_00000000_0000_4000_8000_00000000000a { network(\"logs.example\" transport(\"udp\") port(5514) ip-protocol(4)"));
	CHECK(strstr(file(planned), "(program(\"filterlog\" type(string)) or program(\"unbound\" type(string))) and level(warning,err) and "
				    "facility(security,console,ntp,local7)"));
	CHECK(strstr(file(planned), "d_server1 { syslog(\"192.0.2.1\" transport(\"udp\") port(514) ip-protocol(4)"));
	CHECK(strstr(file(planned), "d_server2 { syslog(\"2001:db8::1\" transport(\"udp\") port(515) ip-protocol(6)"));
	CHECK(strstr(file(planned), "d_server3 { syslog(\"other.example\" transport(\"udp\") port(516) ip-protocol(4)"));
	check(planned, "good");
	planned_free(planned);
}

TEST(no_text_makes_more_than_a_value)
{
	static const char *const fields[] = { "transport", "hostname", "port", "program", "level", "facility", "certificate", "description" };
	static const char *const remotes[] = { "server1", "format", "source", "ipprotocol" };

	for (size_t i = 0; hostile_texts[i]; i++) {
		for (size_t k = 0; k < COUNT(fields) + COUNT(remotes); k++) {
			struct planned *planned = planned_new();

			if (k < COUNT(fields))
				planned_put(planned, "syslog.destination", DESTINATION, "enabled", "1", "transport", "udp4", "hostname", "a.example",
					    fields[k], hostile_texts[i], NULL);
			else
				planned_put(planned, "syslog.remote", NULL, "enable", "1", "server1", "a.example", "logall", "1",
					    remotes[k - COUNT(fields)], hostile_texts[i], NULL);
			planned_read(planned, "syslog-ng");
			if (!lines_begin_with(file(planned), words))
				fail_msg("%s", hostile_texts[i]);
			/* Each start of the checker takes a while. */
			if ((i + k) % 12 == 0)
				check(planned, hostile_texts[i]);
			planned_free(planned);
		}
	}
}

/* A level that there is none of would be refused by the checker: all that can be chosen are known to it. */
TEST(all_that_can_be_chosen_is_known)
{
	struct planned *planned = planned_new();

	planned_put(planned, "syslog.destination", DESTINATION, "enabled", "1", "transport", "tcp6", "hostname", "::1", "rfc5424", "1",
		    "level", "debug,info,notice,warn,err,crit,alert,emerg", "facility",
		    "kern,user,mail,daemon,auth,syslog,lpr,news,uucp,cron,authpriv,ftp,ntp,security,console,local0,local1,local2,local3,local4,"
		    "local5,local6,local7", NULL);
	planned_read(planned, "syslog-ng");
	check(planned, "all");
	planned_free(planned);
}

TEST(nobody_to_send_to_is_nothing_to_run)
{
	struct planned *planned = planned_new();

	planned_put(planned, "syslog.destination", DESTINATION, "enabled", "0", "transport", "udp4", "hostname", "a", NULL);
	planned_read(planned, "syslog-ng");
	CHECK(planned->services.n == 1 && !planned->services.plans[0].wanted);
	planned_put(planned, "syslog.destination", DESTINATION, "enabled", "1", "transport", "tls4", "hostname", "a", NULL);
	planned_read(planned, "syslog-ng");
	CHECK(text_contains(buffer_text(&planned->missing), TEXT("logs to a: its name or certificate")));
	planned_free(planned);
}

RUN(cmocka_unit_test(destinations_of_both_kinds_are_there), cmocka_unit_test(no_text_makes_more_than_a_value),
    cmocka_unit_test(all_that_can_be_chosen_is_known), cmocka_unit_test(nobody_to_send_to_is_nothing_to_run));
