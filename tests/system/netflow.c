/*
 * Traffic between hosts is accounted: what the endpoints tell is what went through the router, before and after translation,
 * and is still there after a restart.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "collector.h"
#include "lab.h"
#include "router.h"
#include "test.h"

#define WAN_HOST "192.0.2.10"
#define WAN      "192.0.2.1"
#define LAN_HOST "10.1.0.10"
#define PORT     161
#define OCTETS   32 /* of a packet of talk_udp(): four bytes */

static const char start_configuration[] =
	"<?xml version=\"1.0\"?><opnsense><system><hostname>firewall</hostname><domain>lab.example</domain></system><interfaces>"
	"<wan><if>em0</if><descr>WAN</descr><enable>1</enable><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet></wan>"
	"<lan><if>em1</if><descr>LAN</descr><enable>1</enable><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></lan>"
	"</interfaces></opnsense>";

static struct router lab;

#define SAY(...)     arena_print(lab.arena, __VA_ARGS__)
#define GET(path)    must_get(lab.client, lab.arena, "/api/diagnostics/" path)
#define POST(path, body) must_post(lab.client, lab.arena, "/api/" path, body)

static const char *
word(const struct value *said, const char *path)
{
	return at(lab.arena, said, path);
}

static void
apply_filter(void)
{
	CHECK_STRING(word(POST("firewall/filter/apply", "{}"), "status"), "OK\n\n");
}

static void
talk_to(uint16_t port, size_t times, uint16_t from_port)
{
	for (size_t i = 0; i < times; i++)
		CHECK_STRING(talk_word(talk_udp(HOST_LAN, from_port, WAN_HOST, port, 0).how), talk_word(TALK_OPEN));
}

static void
talk(size_t times, uint16_t from_port)
{
	talk_to(PORT, times, from_port);
}

/* What `top` says of this provider since long ago; rest: "?filter_field=..." or nothing. */
static const struct value *
top(const char *provider, const char *fields, const char *measure, const char *rest)
{
	const long now = (long)time(NULL);

	return must_get(lab.client, lab.arena,
			SAY("/api/diagnostics/networkinsight/top/%s/%ld/%ld/%s/%s/10%s", provider, now - 600, now + 10, fields, measure, rest));
}

static const char *
details(const char *device, const char *direction, const char *source, const char *measure)
{
	const char *filter = SAY("?filter_field=if,direction,src_addr,service_port&filter_value=%s,%s,%s,%d", device, direction,
				 source, PORT);

	return word(top("FlowSourceAddrDetails", "if", measure, filter), "0.total");
}

/* A look that is young is not repeated. */
static void
expect(const char *device, const char *direction, const char *source, size_t packets)
{
	const char *wanted = SAY("%zu", packets);

	for (int i = 0; i < 1200 && strcmp(details(device, direction, source, "packets"), wanted) != 0; i++)
		wait_a_little(50);
	CHECK_STRING(details(device, direction, source, "packets"), wanted);
	CHECK_STRING(details(device, direction, source, "octets"), SAY("%zu", packets * OCTETS));
}

static void
configure(const char *settings)
{
	CHECK_STRING(word(POST("diagnostics/netflow/setconfig", settings), "result"), "saved");
	CHECK_STRING(word(POST("diagnostics/netflow/reconfigure", "{}"), "status"), "ok");
}

/* --- tests -------------------------------------------------------------------------------------------- */

TEST(nothing_is_accounted_before_it_is_wanted)
{
	CHECK_STRING(word(GET("netflow/isEnabled"), "netflow"), "0");
	CHECK_STRING(word(GET("netflow/isEnabled"), "local"), "0");
	CHECK_STRING(word(GET("netflow/status"), "status"), "inactive");
	CHECK_STRING(word(GET("netflow/getconfig"), "netflow.capture.version.v9.selected"), "1");
	CHECK_STRING(word(GET("netflow/getconfig"), "netflow.capture.interfaces.lan.value"), "LAN");
	talk(1, 1000);
	CHECK_NUMBER(value_count(top("FlowInterfaceTotals", "if,direction", "octets", "")), 0);
	/* Without a body nothing is saved, and a wrong value is named. */
	CHECK_STRING(word(GET("netflow/setconfig"), "result"), "failed");
	CHECK(word(POST("diagnostics/netflow/setconfig", "{\"netflow\":{\"capture\":{\"version\":\"v7\"}}}"),
		   "validations.netflow.capture.version") != NULL);
	CHECK(strstr(lab.client->body.bytes, "netflow.capture.version"));
	CHECK_STRING(word(POST("diagnostics/netflow/setconfig", "{\"netflow\":{\"activeTimeout\":\"0\"}}"), "result"), "failed");
}

TEST(it_is_accounted_when_it_was_applied_and_not_when_it_was_saved)
{
	CHECK_STRING(word(POST("diagnostics/netflow/setconfig",
			       "{\"netflow\":{\"capture\":{\"interfaces\":\"lan,wan\"},\"collect\":{\"enable\":\"1\"}}}"), "result"), "saved");
	CHECK_STRING(word(GET("netflow/isEnabled"), "netflow"), "1");
	CHECK_STRING(word(GET("netflow/isEnabled"), "local"), "1");
	CHECK_STRING(word(GET("netflow/status"), "status"), "inactive");
	GET("netflow/getconfig");
	CHECK(strstr(lab.client->body.bytes, "127.0.0.1:2056"));
	CHECK_STRING(word(POST("diagnostics/netflow/reconfigure", "{}"), "status"), "ok");
	CHECK_STRING(word(GET("netflow/status"), "status"), "active");
	CHECK_STRING(word(GET("netflow/status"), "collectors"), "1");
	/* What was carried before does not count. */
	CHECK_STRING(details("em1", "in", LAN_HOST, "packets"), "");
}

TEST(octets_and_packets_are_those_that_passed)
{
	talk(5, 1000);
	expect("em1", "in", LAN_HOST, 5);
	/* The answers leave there, and come from outside. */
	expect("em1", "out", WAN_HOST, 5);
	expect("em0", "in", WAN_HOST, 5);
	/* Outside they are known by our address. */
	expect("em0", "out", WAN, 5);
	CHECK_STRING(details("em0", "out", LAN_HOST, "octets"), "");
	/* The connection goes on: only what is new counts. */
	talk(2, 1000);
	expect("em1", "in", LAN_HOST, 7);
}

TEST(connections_that_end_between_two_looks_count_once)
{
	const char *kill = SAY("{\"filter\":\"%s\"}", LAN_HOST);

	talk(3, 1001);
	POST("diagnostics/firewall/kill_states", kill);
	expect("em1", "in", LAN_HOST, 10);
	expect("em0", "out", WAN, 10);
	wait_a_little(700);
	expect("em1", "in", LAN_HOST, 10);
}

TEST(ports_and_addresses_are_told_apart)
{
	const struct value *rows = top("FlowDstPortTotals", "dst_port,protocol", "packets", "?filter_field=if&filter_value=em1");

	CHECK_STRING(word(rows, "0.dst_port"), "161");
	CHECK_STRING(word(rows, "0.protocol"), "17");
	CHECK_STRING(word(rows, "0.total"), "20");
	CHECK_STRING(word(rows, "0.label"), "snmp (udp)");
	CHECK(strlen(word(rows, "0.last_seen_str")) == strlen("2026-01-01 00:00:00"));
	rows = top("FlowSourceAddrTotals", "src_addr", "octets", "?filter_field=if,direction&filter_value=em1,in");
	CHECK_STRING(word(rows, "0.src_addr"), LAN_HOST);
	CHECK_STRING(word(rows, "0.total"), SAY("%d", 10 * OCTETS));
	CHECK_NUMBER(value_count(top("FlowNothing", "src_addr", "octets", "")), 0);
	CHECK_NUMBER(value_count(top("FlowSourceAddrTotals", "dst_port", "octets", "")), 0);
}

/* The sum of the numbers of the series with this key. */
static long
sum_of(const struct value *series, const char *key)
{
	long sum = 0;

	for (size_t i = 0; i < value_count(series); i++) {
		const struct value *values = value_get(value_at(series, i), "values");

		for (size_t k = 0; strcmp(word(value_at(series, i), "key"), key) == 0 && k < value_count(values); k++)
			sum += (long)value_at(value_at(values, k), 1)->integer;
	}
	return sum;
}

TEST(series_have_all_of_it_in_every_resolution)
{
	static const int resolutions[] = { 30, 300, 3600, 86400 };
	const long       now = (long)time(NULL);
	const struct value *series = NULL;

	for (size_t i = 0; i < COUNT(resolutions); i++) {
		series = must_get(lab.client, lab.arena,
				  SAY("/api/diagnostics/networkinsight/timeserie/FlowInterfaceTotals/packets/%ld/%ld/%d/if%%2Cdirection",
				      now - 600, now + 10, resolutions[i]));
		CHECK(sum_of(series, "em1,in") >= 10);
		CHECK(sum_of(series, "em0,out") >= 10);
	}
	CHECK_STRING(word(series, "0.interface"), strstr(word(series, "0.key"), "em0") ? "em0" : "em1");
	CHECK(strlen(word(series, "0.direction")) >= 2);
	const struct answer file = get(lab.client, lab.arena,
				       SAY("/api/diagnostics/networkinsight/export/FlowSourceAddrDetails/%ld/%ld/86400", now - 600, now + 10));

	CHECK_STRING(file.type, "application/octet-stream");
	CHECK(text_starts(file.body, TEXT("start_time,end_time,if,direction,src_addr,dst_addr,service_port,protocol,octets,packets,")));
	CHECK(text_contains(file.body, TEXT(",em1,in,10.1.0.10,192.0.2.10,161,17,320,10,")));
}

TEST(what_there_is_is_listed)
{
	CHECK_STRING(word(GET("networkinsight/getMetadata"), "aggregators.FlowInterfaceTotals.resolutions.0"), "30");
	CHECK_STRING(word(GET("networkinsight/getInterfaces"), "em1"), "LAN");
	CHECK_STRING(word(GET("networkinsight/getProtocols"), "17"), "udp");
	CHECK_STRING(word(GET("networkinsight/getServices"), "53"), "domain");
	/* What goes on and was not told yet. */
	talk(2, 1002);
	expect("em1", "in", LAN_HOST, 12);
	const struct value *cached = GET("netflow/cacheStats");

	CHECK_STRING(word(cached, "em1.if"), "em1");
	CHECK_STRING(word(cached, "em1.Pkts"), "4");
	CHECK_STRING(word(cached, "em1.SrcIPaddresses"), "2");
	CHECK_STRING(word(cached, "em0.DstIPaddresses"), "2");
}

TEST(all_of_it_is_still_there_after_a_restart)
{
	instance_stop(lab.instance);
	instance_start(lab.instance);
	CHECK_STRING(word(GET("netflow/status"), "status"), "active");
	expect("em1", "in", LAN_HOST, 12);
	talk(1, 1002);
	expect("em1", "in", LAN_HOST, 13);
}

TEST(it_is_forgotten_when_asked_and_ends_when_nothing_is_captured)
{
	CHECK_STRING(word(POST("diagnostics/netflow/reset", "{}"), "status"), "ok");
	CHECK_STRING(details("em1", "in", LAN_HOST, "packets"), "");
	/* Of what leaves by one interface alone the answers are not told. */
	configure("{\"netflow\":{\"capture\":{\"interfaces\":\"lan,wan\",\"egress_only\":\"wan\"}}}");
	talk(1, 1003);
	expect("em0", "out", WAN, 1);
	CHECK_STRING(details("em0", "in", WAN_HOST, "packets"), "");
	configure("{\"netflow\":{\"capture\":{\"interfaces\":\"\",\"egress_only\":\"\"}}}");
	CHECK_STRING(word(GET("netflow/status"), "status"), "inactive");
	talk(1, 1003);
	expect("em0", "out", WAN, 1);
}

/* --- collectors ------------------------------------------------------------------------------------------ */

#define COLLECTOR_PORT 2055

/* Listening in the host outside. */
static int
collector_open(void)
{
	const struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(COLLECTOR_PORT), .sin_addr.s_addr = inet_addr(WAN_HOST) };

	host_enter(HOST_WAN);
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	CHECK(fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0);
	host_enter(HOST_ROUTER);
	return fd;
}

/* To this port. */
static const struct collected_record *
record_of(const struct collected *collected, const char *source, uint64_t port)
{
	for (size_t i = 0; i < collected->n; i++) {
		const struct collected_record *record = &collected->records[i];

		if (strcmp(record->source, source) == 0 && record->destination_port == port)
			return record;
	}
	return NULL;
}

/*
 * Until so many packets of somebody were told, which may be in parts; the last of these, with the sums of all. A question makes
 * it look, and what is idle for a second is told.
 */
static struct collected_record
wait_for_packets(int fd, unsigned version, const char *source, uint64_t port, uint64_t packets)
{
	static struct collected collected;
	struct collected_record sum = { 0 };
	char                    bytes[65536];

	for (int i = 0; i < 1200 && sum.packets < packets; i++) {
		const ssize_t len = recv(fd, bytes, sizeof(bytes), 0);

		if (len < 0) {
			GET("netflow/cacheStats");
			wait_a_little(50);
			continue;
		}
		CHECK(collector_read((struct text){ bytes, (size_t)len }, &collected));
		CHECK_NUMBER(collected.version, version);
		const struct collected_record *record = record_of(&collected, source, port);

		if (record) {
			const struct collected_record before = sum;

			sum = *record;
			sum.packets += before.packets;
			sum.octets += before.octets;
		}
	}
	CHECK_NUMBER(sum.packets, packets);
	CHECK_NUMBER(sum.octets, packets * OCTETS);
	return sum;
}

static void
tell_collector(const char *version)
{
	configure(SAY("{\"netflow\":{\"capture\":{\"interfaces\":\"lan,wan\",\"egress_only\":\"wan\",\"version\":\"%s\","
		      "\"targets\":\"%s:%d\"},\"collect\":{\"enable\":\"0\"},\"inactiveTimeout\":\"1\"}}",
		      version, WAN_HOST, COLLECTOR_PORT));
	CHECK_STRING(word(GET("netflow/status"), "status"), "active");
	CHECK_STRING(word(GET("netflow/status"), "collectors"), "1");
}

TEST(collectors_are_told_in_version_5)
{
	const int fd = collector_open();

	tell_collector("v5");
	talk_to(2001, 3, 1005);
	const struct collected_record inside = wait_for_packets(fd, 5, LAN_HOST, 2001, 3);

	CHECK_NUMBER(inside.protocol, 17);
	CHECK_NUMBER(inside.in, if_nametoindex("em1"));
	CHECK_NUMBER(inside.out, if_nametoindex("em0"));
	CHECK(inside.first <= inside.last);
	close(fd);
}

TEST(collectors_are_told_in_version_9_before_and_after_translation)
{
	const int fd = collector_open();

	tell_collector("v9");
	talk_to(2002, 4, 1006);
	CHECK_NUMBER(wait_for_packets(fd, 9, LAN_HOST, 2002, 4).direction, 0);
	talk_to(2003, 2, 1007);
	const struct collected_record outside = wait_for_packets(fd, 9, WAN, 2003, 2);

	CHECK_NUMBER(outside.direction, 1);
	CHECK_NUMBER(outside.out, if_nametoindex("em0"));
	/* One that ends is told of, too. */
	talk_to(2004, 5, 1008);
	POST("diagnostics/firewall/kill_states", SAY("{\"filter\":\"%s\"}", LAN_HOST));
	wait_for_packets(fd, 9, LAN_HOST, 2004, 5);
	/* And nothing any more when nothing is captured. */
	configure("{\"netflow\":{\"capture\":{\"interfaces\":\"\",\"egress_only\":\"\"}}}");
	CHECK_STRING(word(GET("netflow/status"), "status"), "inactive");
	close(fd);
}

static int
end(void **state)
{
	(void)state;
	router_down(&lab);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_accounted_before_it_is_wanted),
		cmocka_unit_test(it_is_accounted_when_it_was_applied_and_not_when_it_was_saved),
		cmocka_unit_test(octets_and_packets_are_those_that_passed),
		cmocka_unit_test(connections_that_end_between_two_looks_count_once),
		cmocka_unit_test(ports_and_addresses_are_told_apart),
		cmocka_unit_test(series_have_all_of_it_in_every_resolution),
		cmocka_unit_test(what_there_is_is_listed),
		cmocka_unit_test(all_of_it_is_still_there_after_a_restart),
		cmocka_unit_test(it_is_forgotten_when_asked_and_ends_when_nothing_is_captured),
		cmocka_unit_test(collectors_are_told_in_version_5),
		cmocka_unit_test(collectors_are_told_in_version_9_before_and_after_translation),
	};

	instance_programs(argc, argv);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	router_up_lasting(&lab, start_configuration);
	POST("firewall/filter/add_rule",
	     "{\"rule\":{\"enabled\":\"1\",\"interface\":\"lan\",\"direction\":\"in\",\"ipprotocol\":\"inet\",\"action\":\"pass\"}}");
	must(lab.client, lab.arena, "PUT", "/api/v1/firewall/nat/outbound", "{\"mode\":\"hybrid\",\"apply\":false}");
	POST("firewall/source_nat/add_rule", "{\"rule\":{\"enabled\":\"1\",\"interface\":\"wan\",\"ipprotocol\":\"inet\","
	     "\"source_net\":\"lan\",\"destination_net\":\"any\",\"target\":\"wanip\"}}");
	apply_filter();
	return cmocka_run_group_tests(tests, NULL, end);
}
