/* Looking at other hosts from the box: echoes, the way, ports, names; and writing packets down. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define IP      "/usr/sbin/ip"
#define PING    "/usr/bin/ping"
#define PYTHON  "/usr/bin/python3"
#define NSENTER "/usr/bin/nsenter"
#define READLINK "/usr/bin/readlink"
#define DNSMASQ "/usr/sbin/dnsmasq"
#define OURS    "20.30.40.1" /* on the LAN, em0 */
#define THEIRS  "20.30.40.2"
#define BEHIND  "198.51.100.9" /* one hop further */
#define TRIES   1200 /* of 50 ms */

static struct box *box;
static pid_t       behind; /* in a network of its own */

static const char *
word(const struct value *value, const char *path)
{
	return at(box->arena, value, path);
}

static const struct value *
tell(const char *path, const char *body)
{
	return must_post(box->client, box->arena, arena_print(box->arena, "/api/diagnostics/%s", path), body);
}

static const char *
make_job(const char *kind, const char *body)
{
	const char *uuid = word(tell(arena_print(box->arena, "%s/set", kind), body), "uuid");

	if (!uuid[0])
		fail_msg("%s: %s", body, box->client->body.bytes);
	return uuid;
}

static const struct value *
turn(const char *kind, const char *verb, const char *job)
{
	return tell(arena_print(box->arena, "%s/%s/%s", kind, verb, job), "{}");
}

static const struct value *
row_of(const char *kind)
{
	return value_path(tell(arena_print(box->arena, "%s/search_jobs", kind), "{}"), "rows.0");
}

/* Until the row has another value than this, for a while. */
static const char *
wait_for_change(const char *kind, const char *member, const char *old)
{
	for (int i = 0; i < TRIES && strcmp(word(row_of(kind), member), old) == 0; i++)
		wait_a_little(50);
	return word(row_of(kind), member);
}

/* Until it has this one. */
static void
wait_for_value(const char *kind, const char *member, const char *value)
{
	for (int i = 0; i < TRIES && strcmp(word(row_of(kind), member), value) != 0; i++)
		wait_a_little(50);
}

/* --- Echoes ------------------------------------------------------------------------------------------------------ */

TEST(a_host_that_answers_is_measured)
{
	const char *job = make_job("ping", "{\"ping\":{\"settings\":{\"hostname\":\"" THEIRS "\",\"source_address\":\"" OURS "\","
					   "\"packetsize\":\"1000\"}}}");

	CHECK_STRING(word(turn("ping", "start", job), "status"), "ok");
	CHECK(strcmp(wait_for_change("ping", "received", "0"), "0") != 0);
	wait_for_value("ping", "loss", "0.0%"); /* between a question and its answer it is more */
	const struct value *row = row_of("ping");

	CHECK_STRING(word(row, "status"), "running");
	CHECK(value_is(value_get(row, "avg"), VALUE_REAL) && value_get(row, "avg")->real > 0);
	CHECK_STRING(word(row, "loss"), "0.0%");
	CHECK_STRING(word(turn("ping", "stop", job), "stopped_processes"), "1");
	CHECK_STRING(word(row_of("ping"), "status"), "stopped");
	turn("ping", "remove", job);
}

TEST(a_host_that_does_not_is_said_why)
{
	const char *job = make_job("ping", "{\"ping\":{\"settings\":{\"hostname\":\"20.30.40.77\"}}}");

	turn("ping", "start", job);
	CHECK(strstr(wait_for_change("ping", "last_error", ""), "No route to host"));
	CHECK_STRING(word(row_of("ping"), "received"), "0");
	turn("ping", "remove", job);
	job = make_job("ping", "{\"ping\":{\"settings\":{\"hostname\":\"" THEIRS "\",\"source_address\":\"192.0.2.77\"}}}");
	turn("ping", "start", job);
	CHECK(strstr(wait_for_change("ping", "last_error", ""), "cannot be used"));
	CHECK_STRING(wait_for_change("ping", "status", "running"), "stopped");
	turn("ping", "remove", job);
}

/* --- Packets ------------------------------------------------------------------------------------------------------- */

static void
chatter(void)
{
	BOX_RUN(box, OUTSIDE, NULL, PING, "-n", "-i", "0.2", "-W", "1", "-c", "3", OURS);
	BOX_RUN(box, OUTSIDE, NULL, PYTHON, "-c",
		"import socket; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'secret', ('" OURS "', 5353))");
}

TEST(only_packets_that_are_asked_for_are_written_down)
{
	const char *job = make_job("packet_capture",
		"{\"packetcapture\":{\"settings\":{\"interface\":\"em0\",\"fam\":\"ip\",\"protocol\":\"UDP\",\"host\":\"" THEIRS "\","
		"\"port\":\"5353\",\"count\":\"100\"}}}");
	const char *path = arena_print(box->arena, "/api/diagnostics/packet_capture/view/%s/high", job);

	CHECK_STRING(word(turn("packet_capture", "start", job), "started_processes"), "1");
	chatter();
	const struct value *rows = NULL;

	for (int i = 0; i < TRIES && value_count(rows) == 0; i++) {
		rows = value_path(must_get(box->client, box->arena, path), "interfaces.em0.rows");
		wait_a_little(50);
	}
	CHECK_NUMBER(value_count(rows), 1);
	CHECK(strstr(word(rows, "0.raw"), THEIRS) && strstr(word(rows, "0.raw"), "UDP, length 6"));
	CHECK(strstr(word(rows, "0.raw"), "secr")); /* the dump goes on in the next line */
	CHECK_STRING(word(rows, "0.fam"), "ip");
	CHECK_STRING(word(row_of("packet_capture"), "status"), "running");
	CHECK_STRING(word(turn("packet_capture", "stop", job), "stopped_processes"), "1");
	CHECK_STRING(word(row_of("packet_capture"), "status"), "stopped");
	const struct answer file =
		get(box->client, box->arena, arena_print(box->arena, "/api/diagnostics/packet_capture/download/%s", job));

	CHECK(text_starts(file.body, TEXT("PK\3\4")) && text_contains(file.body, TEXT("em0.pcap")) &&
	      text_contains(file.body, TEXT("secret")) && text_contains(file.body, TEXT("settings.json")));
	turn("packet_capture", "remove", job);
}

TEST(a_capture_ends_when_it_has_enough)
{
	const char *job = make_job("packet_capture",
		"{\"packetcapture\":{\"settings\":{\"interface\":\"em0\",\"fam\":\"any\",\"count\":\"2\",\"snaplen\":\"20\"}}}");
	const char *path = arena_print(box->arena, "/api/diagnostics/packet_capture/view/%s", job);

	turn("packet_capture", "start", job);
	chatter();
	CHECK_STRING(wait_for_change("packet_capture", "status", "running"), "stopped");
	CHECK_NUMBER(value_count(value_path(must_get(box->client, box->arena, path), "interfaces.em0.rows")), 2);
	/* Once more, from the beginning. */
	CHECK_STRING(word(turn("packet_capture", "start", job), "status"), "ok");
	CHECK_NUMBER(value_count(value_path(must_get(box->client, box->arena, path), "interfaces.em0.rows")), 0);
	turn("packet_capture", "remove", job);
}

/* --- The way, ports ---------------------------------------------------------------------------------------------------- */

TEST(the_way_has_its_hops)
{
	static const char *const protocols[] = { "udp", "icmp" };

	for (size_t i = 0; i < COUNT(protocols); i++) {
		const char *body = arena_print(box->arena,
			"{\"traceroute\":{\"settings\":{\"hostname\":\"" BEHIND "\",\"protocol\":\"%s\"}}}", protocols[i]);
		const struct value *said = tell("traceroute/set", body);

		/* A hop that was asked and not heard in time is one without an address. */
		for (int tries = 0; tries < 5 && strcmp(word(said, "response.rows.1.address"), BEHIND) != 0; tries++)
			said = tell("traceroute/set", body);
		CHECK_STRING(word(said, "result"), "ok");
		CHECK_NUMBER(value_count(value_path(said, "response.rows")), 2);
		CHECK_STRING(word(said, "response.rows.0.address"), THEIRS);
		CHECK_STRING(word(said, "response.rows.1.address"), BEHIND);
		CHECK(strstr(word(said, "response.rows.1.probes"), " ms "));
	}
}

TEST(a_port_is_open_or_not)
{
	const pid_t server = box_start(box, OUTSIDE, (const char *const[]){ PYTHON, "-c",
		"import socket\ns=socket.create_server(('" THEIRS "', 2525))\nwhile 1:\n c,a=s.accept(); c.send(b'220 hello\\x00\\r\\n'); c.close()",
		NULL });
	const char *body = "{\"portprobe\":{\"settings\":{\"hostname\":\"" THEIRS "\",\"port\":\"2525\",\"showtext\":\"1\","
			   "\"source_address\":\"" OURS "\"}}}";
	const char *message = "";

	const char *payload = "";

	for (int i = 0; i < TRIES && !*payload; i++) {
		wait_a_little(50);
		const struct value *said = tell("portprobe/set", body);

		message = word(said, "response.message");
		payload = word(said, "response.payload");
	}
	CHECK(strstr(message, "succeeded"));
	CHECK_STRING(payload, "220 hello.\r\n");
	box_end(server);
	CHECK(strstr(word(tell("portprobe/set", "{\"portprobe\":{\"settings\":{\"hostname\":\"" THEIRS "\",\"port\":\"2\"}}}"),
			  "response.message"), "Connection refused"));
}

/* --- Names ----------------------------------------------------------------------------------------------------------------- */

TEST(names_are_asked_for_with_all_types)
{
	const pid_t server = box_start(box, OUTSIDE, (const char *const[]){
		DNSMASQ, "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=",
		"--listen-address=" THEIRS, "--bind-interfaces", "--host-record=nas.example,192.0.2.7,2001:db8::7",
		"--mx-host=nas.example,mail.example,10", "--txt-record=nas.example,say \"hi\"", NULL });
	const char *body = "{\"dns\":{\"settings\":{\"hostname\":\"nas.example\",\"server\":\"" THEIRS "\"}}}";
	const struct value *said = NULL;

	for (int i = 0; i < TRIES && !value_path(said, "response.A"); i++) {
		wait_a_little(50);
		said = tell("dns_diagnostics/set", body);
	}
	const char *a = word(said, "response.A.answers.0"), *six = word(said, "response.AAAA.answers.0");
	const char *mx = word(said, "response.MX.answers.0"), *text = word(said, "response.TXT.answers.0");
	const char *from = word(said, "response.A.server");
	const char *reverse = word(tell("dns_diagnostics/set",
		"{\"dns\":{\"settings\":{\"hostname\":\"192.0.2.7\",\"server\":\"" THEIRS "\"}}}"), "response.PTR.answers.0");

	box_end(server);
	CHECK(strstr(a, "nas.example.\t") && strstr(a, "\tIN\tA\t192.0.2.7"));
	CHECK(strstr(six, "\tAAAA\t2001:db8::7") != NULL);
	CHECK(strstr(mx, "\tMX\t10 mail.example.") != NULL);
	CHECK(strstr(text, "\tTXT\t\"say \\\"hi\\\"\"") != NULL);
	CHECK_STRING(from, THEIRS);
	CHECK(strstr(reverse, "\tPTR\tnas.example.") != NULL);
}

/* --- The lab ----------------------------------------------------------------------------------------------------------------- */

/* Is the process in a network that is neither ours nor the outer one, in which it began? */
static bool
is_apart(pid_t process)
{
	char          its[64] = "", ours[64] = "";
	scoped_buffer outer = BUFFER_NONE;

	BOX_RUN(box, OUTSIDE, &outer, READLINK, "/proc/self/ns/net");
	CHECK(readlink("/proc/self/ns/net", ours, sizeof(ours) - 1) > 0);
	CHECK(readlink(arena_print(box->arena, "/proc/%d/ns/net", (int)process), its, sizeof(its) - 1) > 0);
	return strcmp(its, ours) != 0 && !text_is(text_trim(buffer_text(&outer)), its);
}

/* A network behind the outer one, which forwards. */
static void
make_behind(void)
{
	const char *pid;

	behind = box_start(box, OUTSIDE, (const char *const[]){ "/usr/bin/unshare", "--net", "/usr/bin/sleep", "600", NULL });
	pid = arena_print(box->arena, "%d", (int)behind);
	for (int i = 0; i < TRIES && !is_apart(behind); i++)
		wait_a_little(50);
	BOX_RUN(box, OUTSIDE, NULL, IP, "link", "add", "hop0", "type", "veth", "peer", "name", "hop1", "netns", pid);
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", "198.51.100.1/24", "dev", "hop0");
	BOX_RUN(box, OUTSIDE, NULL, IP, "link", "set", "hop0", "up");
	BOX_RUN(box, OUTSIDE, NULL, "/bin/sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
	BOX_RUN(box, OUTSIDE, NULL, NSENTER, "-t", pid, "-n", IP, "address", "add", BEHIND "/24", "dev", "hop1");
	BOX_RUN(box, OUTSIDE, NULL, NSENTER, "-t", pid, "-n", IP, "link", "set", "hop1", "up");
	BOX_RUN(box, OUTSIDE, NULL, NSENTER, "-t", pid, "-n", IP, "route", "add", "default", "via", "198.51.100.1");
	BOX_RUN(box, INSIDE, NULL, IP, "route", "add", "198.51.100.0/24", "via", THEIRS);
}

static int
end(void **state)
{
	(void)state;
	box_end(behind);
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_that_answers_is_measured),
		cmocka_unit_test(a_host_that_does_not_is_said_why),
		cmocka_unit_test(only_packets_that_are_asked_for_are_written_down),
		cmocka_unit_test(a_capture_ends_when_it_has_enough),
		cmocka_unit_test(the_way_has_its_hops),
		cmocka_unit_test(a_port_is_open_or_not),
		cmocka_unit_test(names_are_asked_for_with_all_types),
	};

	instance_programs(argc, argv);
	box_need(IP, PING, PYTHON, NSENTER, DNSMASQ, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	box = box_new();
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", THEIRS "/24", "dev", "em0");
	BOX_RUN(box, INSIDE, NULL, IP, "address", "add", OURS "/24", "dev", "em0");
	make_behind();
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	BOX_RUN(box, OUTSIDE, NULL, PING, "-n", "-i", "0.2", "-W", "1", "-c", "8", OURS);
	return cmocka_run_group_tests(tests, NULL, end);
}
