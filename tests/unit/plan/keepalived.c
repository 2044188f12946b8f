/* What keepalived reads is what was configured, whatever is in it. */
#include <string.h>

#include "planned.h"
#include "test.h"

#define CHECKER (const char *const[]){ "/usr/sbin/keepalived", "-t", "-f", "%s/keepalived.conf", NULL }
#define FILE_OF(planned) planned_file((planned), "keepalived", "keepalived.conf")

/* All lines that there may be, by how they begin. */
static const char *const words[] = {
	"global_defs {", "vrrp_instance em", "\trouter_id drawbridge", "\tdynamic_interfaces", "\tvrrp_garp_master_refresh 60",
	"\tstate BACKUP", "\tversion ", "\tinterface em", "\tvirtual_router_id ", "\tpriority ", "\tadvert_int ", "\tauthentication {",
	"\t\tauth_type PASS", "\t\tauth_pass ", "\t}", "}", "\tnopreempt", "\ttrack_interface {", "\t\tem1 weight -240",
	"\t\tem0 weight -240", "\tunicast_src_ip ", "\tunicast_peer {", "\t\t192.0.2.", "\t\t2001:db8:", "\tvirtual_ipaddress {",
	"\tvirtual_ipaddress_excluded {", NULL,
};

static struct planned *
with_links(void)
{
	struct planned *planned = planned_new();

	planned_put(planned, "interfaces.interface", "lan", "if", "em0", "enable", "1", "type4", "staticv4", "ipaddr", "192.0.2.1/24", NULL);
	planned_put(planned, "interfaces.interface", "wan", "if", "em1", "enable", "1", NULL);
	return planned;
}

static void
put_vip(struct planned *planned, const char *interface, const char *subnet, const char *bits, const char *vhid, const char *password)
{
	planned_put(planned, "interfaces.vip", NULL, "interface", interface, "mode", "carp", "subnet", subnet, "subnet_bits", bits,
		    "vhid", vhid, "password", password, NULL);
}

TEST(carp_becomes_vrrp)
{
	struct planned *planned = with_links();

	planned_put(planned, "interfaces.vip", NULL, "interface", "lan", "mode", "carp", "subnet", "192.0.2.40", "subnet_bits", "24",
		    "vhid", "7", "password", "secret", "advbase", "2", "advskew", "100", "peer", "192.0.2.2", NULL);
	planned_put(planned, "interfaces.vip", NULL, "interface", "lan", "mode", "ipalias", "subnet", "192.0.2.41", "subnet_bits", "32",
		    "vhid", "7", NULL);
	put_vip(planned, "wan", "2001:db8::9", "64", "8", "x");
	planned_read(planned, "keepalived");
	CHECK_STRING(FILE_OF(planned),
		     "global_defs {\n\trouter_id drawbridge\n\tdynamic_interfaces\n\tvrrp_garp_master_refresh 60\n}\n"
		     "\nvrrp_instance em0@7 {\n\tstate BACKUP\n\tversion 2\n\tinterface em0\n\tvirtual_router_id 7\n\tpriority 154\n"
		     "\tadvert_int 2\n\tauthentication {\n\t\tauth_type PASS\n\t\tauth_pass secret\n\t}\n"
		     "\ttrack_interface {\n\t\tem1 weight -240\n\t}\n\tunicast_src_ip 192.0.2.1\n\tunicast_peer {\n\t\t192.0.2.2\n\t}\n"
		     "\tvirtual_ipaddress {\n\t\t192.0.2.40/24 dev em0\n\t}\n"
		     "\tvirtual_ipaddress_excluded {\n\t\t192.0.2.41/32 dev em0\n\t}\n}\n"
		     "\nvrrp_instance em1@8 {\n\tstate BACKUP\n\tversion 3\n\tinterface em1\n\tvirtual_router_id 8\n\tpriority 254\n"
		     "\tadvert_int 1\n\ttrack_interface {\n\t\tem0 weight -240\n\t}\n"
		     "\tvirtual_ipaddress {\n\t\t2001:db8::9/64 dev em1\n\t}\n\tvirtual_ipaddress_excluded {\n\t}\n}\n");
	CHECK_NUMBER(planned->missing.len, 0);
	planned_free(planned);
}

TEST(a_box_in_maintenance_is_wanted_least_and_one_that_must_not_preempt_waits)
{
	struct planned *planned = with_links();

	put_vip(planned, "lan", "192.0.2.40", "24", "7", "secret");
	planned_put(planned, "interfaces.carp", NULL, "maintenance", "1", NULL);
	planned_put(planned, "core.hasync", NULL, "disablepreempt", "1", NULL);
	planned_read(planned, "keepalived");
	CHECK(strstr(FILE_OF(planned), "\tpriority 14\n"));
	CHECK(strstr(FILE_OF(planned), "\tnopreempt\n"));
	CHECK(!strstr(FILE_OF(planned), "track_interface"));
	planned_put(planned, "interfaces.carp", NULL, "disabled", "1", NULL);
	planned_read(planned, "keepalived");
	CHECK_STRING(FILE_OF(planned), "");
	CHECK(!planned->services.plans[0].wanted);
	planned_free(planned);
}

TEST(an_interval_that_vrrp_of_ipv6_lacks_is_told)
{
	struct planned *planned = with_links();

	planned_put(planned, "interfaces.vip", NULL, "interface", "lan", "mode", "carp", "subnet", "2001:db8::1", "subnet_bits", "64",
		    "vhid", "7", "password", "x", "advbase", "200", NULL);
	planned_read(planned, "keepalived");
	CHECK(strstr(FILE_OF(planned), "\tadvert_int 40\n"));
	CHECK(planned->missing.len > 0);
	planned_free(planned);
}

/* A password as long as can be tells itself from another that begins like it. */
TEST(all_of_a_password_counts)
{
	static const char *const passwords[] = { "password1", "password2", "pass word", "pass\nword" };
	const char              *seen[COUNT(passwords)];

	for (size_t i = 0; i < COUNT(passwords); i++) {
		struct planned *planned = with_links();
		const char     *at;

		put_vip(planned, "lan", "192.0.2.40", "24", "7", passwords[i]);
		planned_read(planned, "keepalived");
		at = strstr(FILE_OF(planned), "auth_pass ");
		CHECK(at);
		seen[i] = strndup(at, strlen("auth_pass ") + 8);
		for (size_t k = 0; k < i; k++)
			CHECK(strcmp(seen[i], seen[k]) != 0);
		CHECK(at[strlen("auth_pass ") + 8] == '\n');
		planned_free(planned);
	}
	for (size_t i = 0; i < COUNT(passwords); i++)
		free((char *)(uintptr_t)seen[i]);
}

static void
check_hostile(const char *hostile, size_t n)
{
	struct planned *planned = with_links();
	scoped_buffer   said = BUFFER_NONE;
	const char     *fields[] = { "password", "vhid", "advbase", "advskew", "peer", "subnet_bits", "interface", "subnet" };

	planned_put(planned, "interfaces.vip", NULL, "interface", "lan", "mode", "carp", "subnet", "192.0.2.40", "subnet_bits", "24",
		    "vhid", "7", "password", "x", fields[n], hostile, NULL);
	put_vip(planned, "wan", "2001:db8::9", "64", "8", "x");
	planned_put(planned, "interfaces.vip", NULL, "interface", "lan", "mode", "ipalias", "subnet", hostile, "subnet_bits", hostile,
		    "vhid", "7", NULL);
	planned_read(planned, "keepalived");
	if (!lines_begin_with(FILE_OF(planned), words))
		fail_msg("%s: %s", fields[n], hostile);
	/* Most fields are no text to begin with. */
	if ((n == 0 || n == 4) && planned_check(planned, "keepalived", CHECKER, &said) != 0)
		fail_msg("%s: %s: %s\n%s", fields[n], hostile, buffer_string(&said), FILE_OF(planned));
	planned_free(planned);
}

TEST(nothing_in_a_value_is_a_directive_of_its_own)
{
	for (size_t i = 0; hostile_texts[i]; i++)
		for (size_t n = 0; n < 8; n++)
			check_hostile(hostile_texts[i], n);
}

/* Texts of all that means something to keepalived, from a fixed seed. */
TEST(passwords_made_at_random_are_nothing_but_passwords)
{
	static const char letters[] = "ab \t\n\"'$@~#!{}()\\=<>%;|&include";
	uint32_t          seed = 4711;
	char              text[24];

	for (int i = 0; i < 60; i++) {
		seed = seed * 1664525 + 1013904223;
		const size_t len = 1 + (seed >> 24) % (sizeof(text) - 1);

		for (size_t k = 0; k < len; k++) {
			seed = seed * 1664525 + 1013904223;
			text[k] = letters[(seed >> 16) % (sizeof(letters) - 1)];
		}
		text[len] = '\0';
		check_hostile(text, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(carp_becomes_vrrp),
		cmocka_unit_test(a_box_in_maintenance_is_wanted_least_and_one_that_must_not_preempt_waits),
		cmocka_unit_test(an_interval_that_vrrp_of_ipv6_lacks_is_told), cmocka_unit_test(all_of_a_password_counts),
		cmocka_unit_test(nothing_in_a_value_is_a_directive_of_its_own),
		cmocka_unit_test(passwords_made_at_random_are_nothing_but_passwords),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
