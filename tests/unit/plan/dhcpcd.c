/* What dhcpcd reads is what was configured: one block for each interface that asks, and nothing that a value brought along. */
#include <string.h>

#include "planned.h"
#include "test.h"

static const char *const words[] = { "allowinterfaces em", "persistent", "nodev", "nodelay", "noarp", "noipv4ll", "noipv6rs",
				     "script /dev/null", "duid", "interface em", "option domain_name_servers,", "option interface_mtu",
				     "option dhcp6_name_servers,", "option dhcp6_rapid_commit", "hostname ", "blacklist ", "noipv4",
				     "noipv6", "ia_na", "ia_pd ", NULL };

static const char *
plan(struct planned *planned)
{
	planned_read(planned, "dhcpcd");
	return planned_file(planned, "dhcpcd", "dhcpcd.conf");
}

TEST(each_interface_that_asks_has_a_block)
{
	struct planned *planned = planned_new();
	const char     *file;

	planned_put(planned, "interfaces.interface", "wan", "if", "em0", "enable", "1", "type4", "dhcp", "type6", "dhcp6",
		    "dhcp6-ia-pd-len", "56", "dhcp6-ia-pd-send-hint", "1", "dhcphostname", "box", "dhcphonourmtu", "1",
		    "dhcprejectfrom", "192.168.100.1,192.0.2.0/24", "dhcp6_rapid_commit", "1", NULL);
	planned_put(planned, "interfaces.interface", "opt1", "if", "em1", "enable", "1", "type4", "none", "type6", "dhcp6",
		    "dhcp6prefixonly", "1", NULL);
	planned_put(planned, "interfaces.interface", "opt2", "if", "em2", "enable", "1", "type4", "dhcp", "type6", "slaac", NULL);
	planned_put(planned, "interfaces.interface", "opt3", "if", "em3", "enable", "0", "type4", "dhcp", NULL);
	planned_put(planned, "interfaces.interface", "lan", "if", "em4", "enable", "1", "type4", "staticv4", NULL);
	planned_put(planned, "interfaces.settings", NULL, "dhcp6_duid", "00:03:00:01:02:db:00:00:00:01", NULL);
	file = plan(planned);
	CHECK(strstr(file, "allowinterfaces em0 em1 em2\n") && strstr(file, "duid 00:03:00:01:02:db:00:00:00:01\n"));
	CHECK(strstr(file, "\ninterface em0\noption domain_name_servers") && strstr(file, "hostname box\n"));
	CHECK(strstr(file, "blacklist 192.168.100.1/32\nblacklist 192.0.2.0/24\nia_na\nia_pd "));
	CHECK(strstr(file, "/::/56 -\n") && strstr(file, "option dhcp6_rapid_commit\n"));
	CHECK(strstr(file, "\ninterface em1\nnoipv4\noption dhcp6_name_servers, dhcp6_domain_search\n\ninterface em2\n"));
	CHECK(!strstr(file, "em3") && !strstr(file, "em4"));
	CHECK_NUMBER(planned->missing.len, 0);
	planned_free(planned);
}

TEST(nobody_asks_and_nothing_runs)
{
	struct planned *planned = planned_new();

	planned_put(planned, "interfaces.interface", "lan", "if", "em4", "enable", "1", "type4", "staticv4", NULL);
	CHECK_STRING(plan(planned), "");
	CHECK_NUMBER(planned->services.n, 1);
	CHECK(!planned->services.plans[0].wanted);
	planned_free(planned);
}

TEST(what_dhcpcd_cannot_do_is_told)
{
	struct planned *planned = planned_new();

	planned_put(planned, "interfaces.interface", "wan", "if", "em0", "enable", "1", "type4", "dhcp", "dhcpvlanprio", "0", NULL);
	plan(planned);
	CHECK(strstr(buffer_string(&planned->missing), "VLAN priority"));
	planned_free(planned);
}

TEST(no_value_makes_a_line_of_its_own)
{
	static const char *const fields[] = { "if", "dhcphostname", "dhcprejectfrom", "dhcp6-ia-pd-len", "type6", "descr" };

	for (size_t i = 0; i < COUNT(fields); i++)
		for (size_t k = 0; hostile_texts[k]; k++) {
			struct planned *planned = planned_new();

			planned_put(planned, "interfaces.interface", "wan", "if", "em0", "enable", "1", "type4", "dhcp", "type6", "dhcp6",
				    fields[i], hostile_texts[k], NULL);
			planned_put(planned, "interfaces.settings", NULL, "dhcp6_duid", hostile_texts[k], NULL);
			if (!lines_begin_with(plan(planned), words))
				fail_msg("%s: %s", fields[i], hostile_texts[k]);
			planned_free(planned);
		}
}

RUN(cmocka_unit_test(each_interface_that_asks_has_a_block), cmocka_unit_test(nobody_asks_and_nothing_runs),
    cmocka_unit_test(what_dhcpcd_cannot_do_is_told), cmocka_unit_test(no_value_makes_a_line_of_its_own));
