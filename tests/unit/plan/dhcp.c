/* What the servers of addresses read is what was configured, whatever is in it: dnsmasq, Kea, radvd and dhcrelay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "json/read.h"
#include "planned.h"
#include "test.h"

#define DNSMASQ (const char *const[]){ "/usr/sbin/dnsmasq", "--test", "-C", "%s/dnsmasq.conf", NULL }
#define RADVD   (const char *const[]){ "/usr/sbin/radvd", "-c", "-C", "%s/radvd.conf", NULL }
#define KEA(program) (const char *const[]){ "/usr/sbin/" program, "-t", "%s/" program ".conf", NULL }
#define TAG     "10000000-0000-4000-8000-000000000001"
#define SUBNET  "10000000-0000-4000-8000-000000000002"
#define OPTION  "10000000-0000-4000-8000-000000000003"
#define ROUNDS  400

static struct planned *
new_box(void)
{
	struct planned *planned = planned_new();

	planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", "lo", "ipaddr", "192.168.1.1/24", "ipaddrv6",
		    "2001:db8:5::1/64", NULL);
	planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", "em1", "ipaddr", "192.0.2.1/24", NULL);
	planned_put(planned, "system.general", NULL, "domain", "home.example", "hostname", "box", NULL);
	return planned;
}

static void
must_be_fine(struct planned *planned, const char *service, const char *const *checker, const char *about)
{
	scoped_buffer said = BUFFER_NONE;

	if (planned_check(planned, service, checker, &said) != 0)
		fail_msg("%s: %s: %s", service, about, buffer_string(&said));
}

/* Bytes that mean something in some grammar, and some that do not. */
static const char *
random_text(struct arena *arena)
{
	static const char alphabet[] = "\"\\#,:;=%'[]{}()<>/*@!$&|`~ \tabcdef0189.-_";
	const size_t      len = 1 + (size_t)random() % 40;
	char             *text = arena_take(arena, len + 1);

	for (size_t i = 0; i < len; i++)
		text[i] = alphabet[(size_t)random() % (sizeof(alphabet) - 1)];
	return text;
}

/* --- dnsmasq --------------------------------------------------------------------------------------------- */

static const char *const dnsmasq_words[] = {
	"port=", "user=dnsmasq\n", "user=dnsmasq", "group=nogroup", "log-facility=-", "pid-file=/run/dnsmasq-drawbridge.pid",
	"dhcp-leasefile=/var/lib/misc/dnsmasq.leases", "addn-hosts=/etc/dnsmasq.d/drawbridge/again/hosts",
	"dhcp-hostsfile=/etc/dnsmasq.d/drawbridge/again/clients", "no-ident", "domain=", "local=", "dhcp-fqdn", "interface=",
	"no-dhcp-interface=", "address=/", "cname=", "server=", "dhcp-range=", "ra-param=", "dhcp-option=", "dhcp-option-force=",
	"dhcp-match=", "dhcp-boot=", "add-mac", NULL,
};

static void
put_everywhere(struct planned *planned, const char *text)
{
	planned_put(planned, "dnsmasq.settings", NULL, "enable", "1", "port", text, "dhcp.domain", text, "add_mac", text, NULL);
	planned_put(planned, "dnsmasq.tag", TAG, "tag", text, NULL);
	planned_put(planned, "dnsmasq.host", NULL, "host", text, "domain", text, "ip", "192.168.1.9", "cnames", text, "aliases", text,
		    "local", "1", "hwaddr", text, "client_id", text, "lease_time", text, "descr", text, "comments", text, NULL);
	planned_put(planned, "dnsmasq.host", NULL, "host", "*", "domain", text, "ip", "192.168.1.9", NULL);
	planned_put(planned, "dnsmasq.domain", NULL, "domain", text, "ip", text, "port", text, "srcip", text, NULL);
	planned_put(planned, "dnsmasq.range", NULL, "start_addr", text, "end_addr", text, "subnet_mask", text, "domain", text,
		    "ra_mode", text, "lease_time", text, NULL);
	planned_put(planned, "dnsmasq.range", NULL, "interface", "lan", "start_addr", "::1", "ra_priority", text, NULL);
	planned_put(planned, "dnsmasq.option", NULL, "option", text, "value", text, "tag", text, NULL);
	planned_put(planned, "dnsmasq.option", NULL, "type", "match", "option6", text, "value", text, "set_tag", text, NULL);
	planned_put(planned, "dnsmasq.boot", NULL, "filename", text, "servername", text, "address", text, NULL);
}

TEST(no_text_makes_a_line_of_its_own_for_dnsmasq)
{
	for (size_t i = 0; hostile_texts[i]; i++) {
		struct planned *planned = new_box();
		struct text     rest, line;
		struct address  address;

		put_everywhere(planned, hostile_texts[i]);
		planned_read(planned, "dnsmasq");
		if (!lines_begin_with(planned_file(planned, "dnsmasq", "dnsmasq.conf"), dnsmasq_words))
			fail_msg("%s", hostile_texts[i]);
		rest = text_of(planned_file(planned, "dnsmasq", "again/hosts"));
		while (text_next(&rest, "\n", &line))
			CHECK(address_read(text_until(&line, ' '), &address) && line.len > 0);
		rest = text_of(planned_file(planned, "dnsmasq", "again/clients"));
		for (size_t n = 0; text_next(&rest, "\n", &line); n++)
			CHECK(n == 0);
		planned_free(planned);
	}
}

/* What is free text by its own rules is taken by dnsmasq, in as many lines as there are records. */
TEST(dnsmasq_takes_whatever_may_be_written_freely)
{
	struct planned *planned = new_box();
	struct text     rest, line;
	size_t          options = 0, boots = 0;

	planned_put(planned, "dnsmasq.settings", NULL, "enable", "1", "interface", "lan", NULL);
	planned_put(planned, "dnsmasq.tag", TAG, "tag", "a,b\"", NULL);
	for (size_t i = 0; i < ROUNDS; i++) {
		planned_put(planned, "dnsmasq.option", NULL, "option", "113", "tag", TAG, "value",
			    arena_print(planned->arena, "z%s", random_text(planned->arena)), NULL);
		planned_put(planned, "dnsmasq.boot", NULL, "tag", TAG, "filename", random_text(planned->arena), "servername",
			    random_text(planned->arena), NULL);
	}
	planned_read(planned, "dnsmasq");
	rest = text_of(planned_file(planned, "dnsmasq", "dnsmasq.conf"));
	while (text_next(&rest, "\n", &line)) {
		options += text_starts(line, TEXT("dhcp-option=tag:t10000000000040008000000000000001,113,"));
		boots += text_starts(line, TEXT("dhcp-boot=tag:t10000000000040008000000000000001,\""));
	}
	/* Tabs are no text that dnsmasq could be told. */
	CHECK(planned->missing.len > 0 && options > ROUNDS / 3 && boots > ROUNDS / 4);
	must_be_fine(planned, "dnsmasq", DNSMASQ, "free texts");
	planned_free(planned);
}

TEST(a_line_that_dnsmasq_would_cut_is_not_written)
{
	struct planned *planned = new_box();
	char            value[2000];

	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	planned_put(planned, "dnsmasq.settings", NULL, "enable", "1", NULL);
	planned_put(planned, "dnsmasq.option", NULL, "option", "113", "value", value, NULL);
	planned_put(planned, "dnsmasq.option", NULL, "option", "113", "value", value + sizeof(value) - 1 - 900, NULL);
	planned_read(planned, "dnsmasq");
	CHECK(text_contains(buffer_text(&planned->missing), TEXT("too long")));
	CHECK(!text_contains(text_of(planned_file(planned, "dnsmasq", "dnsmasq.conf")), text_of(value)));
	CHECK(text_contains(text_of(planned_file(planned, "dnsmasq", "dnsmasq.conf")), text_of(value + sizeof(value) - 1 - 900)));
	planned_free(planned);
}

/* --- Kea ---------------------------------------------------------------------------------------------------- */

/* Every name of a member in the tree is one of ours. */
static void
check_names(struct arena *arena, const struct value *value, const char *names)
{
	for (size_t i = 0; i < value_count(value); i++) {
		if (value->kind == VALUE_OBJECT &&
		    !strstr(names, arena_print(arena, " %.*s ", TEXT_ARGS(value->members[i].name))))
			fail_msg("a member %.*s", TEXT_ARGS(value->members[i].name));
		check_names(arena, value->members[i].value, names);
	}
}

static const char kea_names[] =
	" Dhcp4 Dhcp6 Control-agent DhcpDdns valid-lifetime decline-probation-period host-reservation-identifiers mac-sources "
	"interfaces-config interfaces dhcp-socket-type service-sockets-max-retries service-sockets-retry-wait-time lease-database type "
	"persist name control-socket socket-type socket-name loggers severity output_options output pattern hooks-libraries library "
	"parameters high-availability this-server-name mode max-unacked-clients multi-threading enable-multi-threading "
	"http-dedicated-listener peers role url dhcp-ddns enable-updates server-ip server-port ddns-send-updates "
	"ddns-qualifying-suffix ddns-override-no-update ddns-override-client-update ddns-update-on-renew "
	"ddns-use-conflict-resolution client-classes only-if-required test option-data subnet4 subnet6 id subnet interface "
	"next-server match-client-id pools pool pd-pools prefix prefix-len delegated-len require-client-classes reservations "
	"hw-address client-id duid hostname ip-addresses ip-address prefixes code csv-format data always-send max-valid-lifetime "
	"client-class compatibility lenient-option-parsing expired-leases-processing port tsig-keys algorithm secret forward-ddns "
	"reverse-ddns ddns-domains key-name dns-servers http-host http-port control-sockets dhcp4 dhcp6 d2 ";

static void
put_in_kea(struct planned *planned, const char *text)
{
	planned_put(planned, "kea.dhcpv4_settings", NULL, "general.enabled", "1", "general.interfaces", "lan", "ha.enabled", "1",
		    "ha.this_server_name", text, "general.valid_lifetime", text, NULL);
	planned_put(planned, "kea.dhcpv6_settings", NULL, "general.enabled", "1", "general.interfaces", "lan",
		    "general.mac_sources", text, NULL);
	planned_put(planned, "kea.peer4", NULL, "name", text, "role", text, "url", text, NULL);
	planned_put(planned, "kea.ddns", NULL, "general.enabled", "1", "general.server_ip", text, NULL);
	planned_put(planned, "kea.ctrl_agent", NULL, "general.enabled", "1", "general.http_host", text, NULL);
	planned_put(planned, "kea.option4", OPTION, "code", "67", "encoding", "string", "data", text, "match_code", "60",
		    "match_encoding", "string", "match_data", text, "description", text, NULL);
	planned_put(planned, "kea.subnet4", SUBNET, "subnet_id", "1", "subnet", "192.168.1.0/24", "pools", text, "option", OPTION,
		    "option_data.domain_name", text, "option_data.boot_file_name", text, "next_server", text,
		    "ddns_forward_zone", text, "ddns_dns_server", text, "ddns_domain_key_name", text, "ddns_domain_key_secret", text,
		    "ddns_domain_key_algorithm", text, "ddns_qualifying_suffix", text, NULL);
	planned_put(planned, "kea.reservation4", NULL, "subnet", SUBNET, "hw_address", text, "hostname", text, "ip_address", text,
		    "option_data.domain_search", text, NULL);
	planned_put(planned, "dhcp.server", "lan", "enabled", "1", "pools", text, "router", text, "name_servers", text, "domain", text,
		    "allow", text, "deny", text, "options", text, NULL);
	planned_put(planned, "dhcp.mapping", NULL, "server", "lan", "client_id", text, "hostname", text, "address", text, NULL);
}

TEST(no_text_becomes_a_member_for_kea)
{
	static const char *const programs[] = { "kea-dhcp4", "kea-dhcp6", "kea-dhcp-ddns", "kea-ctrl-agent" };

	for (size_t i = 0; hostile_texts[i]; i++)
		for (size_t k = 0; k < COUNT(programs); k++) {
			struct planned *planned = new_box();
			struct value   *tree = NULL;
			const char     *file;

			put_in_kea(planned, hostile_texts[i]);
			planned_read(planned, programs[k]);
			file = planned_file(planned, programs[k], arena_print(planned->arena, "%s.conf", programs[k]));
			CHECK(json_read(planned->arena, text_of(file), NULL, &tree, NULL) == RESULT_DONE);
			check_names(planned->arena, tree, kea_names);
			planned_free(planned);
		}
}

/* Options are bytes, so that anything goes; what is compared with is so too. */
TEST(kea_takes_whatever_may_be_written_freely)
{
	struct planned *planned = new_box();

	planned_put(planned, "kea.dhcpv4_settings", NULL, "general.enabled", "1", "general.interfaces", "wan", NULL);
	planned_put(planned, "kea.subnet4", SUBNET, "subnet_id", "1", "subnet", "192.0.2.0/24", "pools", "192.0.2.9-192.0.2.99",
		    NULL);
	for (unsigned i = 0; i < ROUNDS; i++) {
		const char *text = random_text(planned->arena);

		planned_put(planned, "kea.option4", NULL, "code", "67", "encoding", "string", "data", text, "match_code",
			    i % 2 ? "60" : "", "match_encoding", "string", "match_data", text, "description", text, NULL);
		planned_put(planned, "kea.reservation4", NULL, "subnet", SUBNET, "hw_address",
			    arena_print(planned->arena, "02:00:00:00:%02x:%02x", i >> 8, i & 0xff), "option_data.tftp_server_name", text,
			    NULL);
	}
	planned_read(planned, "kea-dhcp4");
	CHECK_NUMBER(planned->missing.len, 0);
	setenv("KEA_LOCKFILE_DIR", "/tmp", 1);
	/* Checked without looking at links: those of this machine are none of ours. */
	planned_put(planned, "kea.dhcpv4_settings", NULL, "general.interfaces", "", NULL);
	planned_read(planned, "kea-dhcp4");
	must_be_fine(planned, "kea-dhcp4", KEA("kea-dhcp4"), "free texts");
	planned_free(planned);
}

TEST(options_are_the_bytes_that_the_standards_say)
{
	static const struct {
		const char *code, *encoding, *data, *hex;
	} cases[] = {
		{ "3", "ipv4-address", "192.0.2.1,192.0.2.2", "C0000201C0000202" }, { "2", "int32", "-1", "FFFFFFFF" },
		{ "26", "uint16", "1500", "05DC" }, { "19", "boolean", "true", "01" }, { "43", "hex", "00ff", "00FF" },
		{ "119", "fqdn", "a.bc", "0161026263" "00" }, { "15", "fqdn", "a.bc", "612E6263" }, { "67", "string", "a,b", "612C62" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = new_box();

		planned_put(planned, "kea.dhcpv4_settings", NULL, "general.enabled", "1", NULL);
		planned_put(planned, "kea.option4", OPTION, "code", cases[i].code, "encoding", cases[i].encoding, "data", cases[i].data,
			    "force", "1", NULL);
		planned_put(planned, "kea.subnet4", SUBNET, "subnet_id", "1", "subnet", "10.0.0.0/8", "option", OPTION,
			    "option_data.classless_static_route", "10.1.0.0/16 - 10.0.0.9", NULL);
		planned_read(planned, "kea-dhcp4");
		const char *file = planned_file(planned, "kea-dhcp4", "kea-dhcp4.conf");

		if (!strstr(file, arena_print(planned->arena, "{\"code\":%s,\"csv-format\":false,\"data\":\"%s\",\"always-send\":true}",
					      cases[i].code, cases[i].hex)))
			fail_msg("%s: %s", cases[i].data, file);
		CHECK(strstr(file, "{\"code\":121,\"csv-format\":false,\"data\":\"100A010A000009\"}"));
		planned_free(planned);
	}
}

TEST(the_other_programs_of_kea_take_their_files)
{
	struct planned *planned = new_box();

	setenv("KEA_LOCKFILE_DIR", "/tmp", 1);
	planned_put(planned, "kea.ddns", NULL, "general.enabled", "1", NULL);
	planned_put(planned, "kea.ctrl_agent", NULL, "general.enabled", "1", NULL);
	planned_put(planned, "kea.dhcpv4_settings", NULL, "general.enabled", "1", "ha.enabled", "1", "ha.this_server_name", "one", NULL);
	planned_put(planned, "kea.peer4", NULL, "name", "one", "role", "primary", "url", "http://192.0.2.1:8001/", NULL);
	planned_put(planned, "kea.peer4", NULL, "name", "two", "role", "standby", "url", "http://192.0.2.2:8001/", NULL);
	planned_put(planned, "kea.subnet4", SUBNET, "subnet_id", "1", "subnet", "192.168.1.0/24", "ddns_forward_zone", "home.example",
		    "ddns_reverse_zone", "1.168.192.in-addr.arpa", "ddns_dns_server", "192.0.2.53", "ddns_dns_port", "5353",
		    "ddns_domain_key_name", "key", "ddns_domain_key_secret", "c2VjcmV0", "ddns_domain_key_algorithm", "hmac-sha256", NULL);
	planned_read(planned, "kea-dhcp-ddns");
	must_be_fine(planned, "kea-dhcp-ddns", KEA("kea-dhcp-ddns"), "zones and keys");
	planned_read(planned, "kea-ctrl-agent");
	must_be_fine(planned, "kea-ctrl-agent", KEA("kea-ctrl-agent"), "sockets");
	planned_read(planned, "kea-dhcp4");
	must_be_fine(planned, "kea-dhcp4", KEA("kea-dhcp4"), "a pair");
	planned_free(planned);
}

TEST(a_subnet_wins_over_a_server_of_the_same_network)
{
	struct planned *planned = new_box();

	planned_put(planned, "dhcp.server", "lan", "enabled", "1", "pools", "192.168.1.10-192.168.1.20", NULL);
	planned_read(planned, "kea-dhcp4");
	CHECK(strstr(planned_file(planned, "kea-dhcp4", "kea-dhcp4.conf"), "192.168.1.10-192.168.1.20"));
	planned_put(planned, "kea.dhcpv4_settings", NULL, "general.enabled", "1", NULL);
	planned_put(planned, "kea.subnet4", SUBNET, "subnet_id", "1", "subnet", "192.168.1.0/24", NULL);
	planned_read(planned, "kea-dhcp4");
	CHECK(!strstr(planned_file(planned, "kea-dhcp4", "kea-dhcp4.conf"), "192.168.1.10-192.168.1.20"));
	CHECK(text_contains(buffer_text(&planned->missing), TEXT("server on lan")));
	planned_free(planned);
}

TEST(dnsmasq_leases_nothing_where_kea_does)
{
	struct planned *planned = new_box();

	planned_put(planned, "dnsmasq.settings", NULL, "enable", "1", NULL);
	planned_put(planned, "dnsmasq.range", NULL, "interface", "lan", "start_addr", "192.168.1.10", "end_addr", "192.168.1.20", NULL);
	planned_put(planned, "dhcp.server", "lan", "enabled", "1", "pools", "192.168.1.30-192.168.1.40", NULL);
	planned_read(planned, "dnsmasq");
	CHECK(!strstr(planned_file(planned, "dnsmasq", "dnsmasq.conf"), "dhcp-range"));
	CHECK_NUMBER(planned->missing.len, 0);
	/* Elsewhere it cannot either, for there is one port; that is said. */
	planned_put(planned, "dnsmasq.range", NULL, "interface", "wan", "start_addr", "192.0.2.10", "end_addr", "192.0.2.20", NULL);
	planned_read(planned, "dnsmasq");
	CHECK(text_contains(buffer_text(&planned->missing), TEXT("192.0.2.10")));
	planned_free(planned);
}

/* --- radvd, dhcrelay ------------------------------------------------------------------------------------------ */

static const char *const radvd_words[] = {
	"interface lo {", "\tAdv", "\tIgnoreIfMissing on;", "\tMinRtrAdvInterval ", "\tMaxRtrAdvInterval ", "\tprefix ", "\troute ",
	"\tRDNSS ", "\tDNSSL ", "\tDeprecatePrefix ", "\tRemoveRoute ", "\t};", "};", NULL,
};

TEST(no_text_makes_a_line_of_its_own_for_radvd)
{
	for (size_t i = 0; hostile_texts[i]; i++) {
		const char     *text = hostile_texts[i];
		struct planned *planned = new_box();

		planned_put(planned, "radvd.entry", NULL, "enabled", "1", "interface", "lan", "mode", text, "routes", text, "RDNSS", text,
			    "DNSSL", text, "AdvLinkMTU", text, "AdvRASrcAddress", text, "AdvDefaultPreference", text, "DeprecatePrefix",
			    text, "AdvRDNSSLifetime", text, NULL);
		planned_read(planned, "radvd");
		if (!lines_begin_with(planned_file(planned, "radvd", "radvd.conf"), radvd_words))
			fail_msg("%s", text);
		must_be_fine(planned, "radvd", RADVD, text);
		planned_free(planned);
	}
}

TEST(a_relay_is_told_addresses_and_links_only)
{
	struct planned *planned = new_box();

	planned_put(planned, "dhcrelay.destination", TAG, "name", "x", "server", "192.0.2.9,--help,192.0.2.10", NULL);
	planned_put(planned, "dhcrelay.relay", OPTION, "enabled", "1", "interface", "lan", "destination", TAG, "agent_info", "1", NULL);
	planned_read(planned, "dhcrelay");
	CHECK_STRING(planned_file(planned, "dhcrelay@" OPTION, "words"), "-4\n-a\n-id\nlo\n-iu\nem1\n192.0.2.9\n192.0.2.10\n");
	planned_free(planned);
}

RUN(cmocka_unit_test(no_text_makes_a_line_of_its_own_for_dnsmasq), cmocka_unit_test(dnsmasq_takes_whatever_may_be_written_freely),
    cmocka_unit_test(a_line_that_dnsmasq_would_cut_is_not_written), cmocka_unit_test(no_text_becomes_a_member_for_kea),
    cmocka_unit_test(kea_takes_whatever_may_be_written_freely), cmocka_unit_test(options_are_the_bytes_that_the_standards_say),
    cmocka_unit_test(the_other_programs_of_kea_take_their_files), cmocka_unit_test(a_subnet_wins_over_a_server_of_the_same_network),
    cmocka_unit_test(dnsmasq_leases_nothing_where_kea_does), cmocka_unit_test(no_text_makes_a_line_of_its_own_for_radvd),
    cmocka_unit_test(a_relay_is_told_addresses_and_links_only));
