/* Every kind of alias that stands for addresses or ports, and schedules, with packets: the whole daemon is the router between hosts. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>

#include "base/cleanup.h"
#include "lab.h"
#include "router.h"
#include "test.h"

#define WAN_HOST  "192.0.2.10"
#define WAN_HOST6 "2001:db8::10"
#define LIST_PORT 8889
#define PATIENCE  60000 /* ms, for what happens in a second or so */

static const char start_configuration[] =
	"<?xml version=\"1.0\"?><opnsense><system><hostname>firewall</hostname><domain>lab.example</domain></system><interfaces>"
	"<wan><if>em0</if><descr>WAN</descr><enable>1</enable><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet>"
	"<ipaddrv6>2001:db8::1</ipaddrv6><subnetv6>64</subnetv6></wan>"
	"<lan><if>em1</if><descr>LAN</descr><enable>1</enable><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet>"
	"<ipaddrv6>fd00:1::1</ipaddrv6><subnetv6>64</subnetv6></lan>"
	"</interfaces></opnsense>";

static struct router lab;

#define SAY(...) arena_print(lab.arena, __VA_ARGS__)

/* What becomes of a connection from a host of the LAN, after some tries if it is not so at once. */
static void
check_from(enum host from, const char *to, uint16_t port, enum talk wanted)
{
	const int64_t until = milliseconds() + PATIENCE;
	enum talk     got;

	do
		got = try_tcp(from, to, port, 0).how;
	while (got != wanted && milliseconds() < until);
	if (got != wanted)
		fail_msg("%s port %u: %s instead of %s", to, port, talk_word(got), talk_word(wanted));
}

static const char *
add(const char *what, const char *body)
{
	const char *uuid = at(lab.arena, must_post(lab.client, lab.arena, SAY("/api/firewall/%s", what), body), "uuid");

	if (!*uuid)
		fail_msg("%s %s: %s", what, body, lab.client->body.bytes);
	return uuid;
}

static const char *
add_alias(const char *name, const char *type, const char *content, const char *more)
{
	return add("alias/add_item", SAY("{\"alias\":{\"name\":\"%s\",\"type\":\"%s\",\"content\":\"%s\"%s}}", name, type, content, more));
}

static void
apply(void)
{
	CHECK_STRING(at(lab.arena, must_post(lab.client, lab.arena, "/api/firewall/filter/apply", "{}"), "status"), "OK\n\n");
}

/* Rules and aliases of one test. */
static const char *gone[8];
static size_t      ngone;

static void
will_go(const char *what, const char *uuid)
{
	gone[ngone++] = SAY("/api/firewall/%s/%s", what, uuid);
}

static void
rule(const char *more)
{
	will_go("filter/del_rule", add("filter/add_rule",
		SAY("{\"rule\":{\"interface\":\"lan\",\"action\":\"pass\",\"ipprotocol\":\"inet46\",\"protocol\":\"TCP\",%s}}", more)));
	apply();
}

static void
forget(void)
{
	for (size_t i = ngone; i-- > 0;)
		must_post(lab.client, lab.arena, gone[i], "{}");
	ngone = 0;
	apply();
}

TEST(a_country_is_what_its_file_says)
{
	const char *folder = SAY("%s/geoip", lab.instance->state);
	scoped_fd   file = -1;

	/* The administrator puts it there. */
	CHECK(mkdir(folder, 0755) == 0);
	file = open(SAY("%s/NL-IPv4", folder), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	CHECK(write(file, "192.0.2.8/29\n", 13) == 13);
	const char *uuid = add_alias("land", "geoip", "NL", "");

	rule("\"destination_net\":\"land\"");
	check_from(HOST_LAN, WAN_HOST, 80, TALK_OPEN);
	check_from(HOST_LAN, "192.0.2.1", 80, TALK_SILENT);
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/set_item/%s", uuid), "{\"alias\":{\"content\":\"DE\"}}");
	apply();
	check_from(HOST_LAN, WAN_HOST, 80, TALK_SILENT);
	forget();
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/del_item/%s", uuid), "{}");
}

static void *
serve_json(void *context)
{
	static const char answer[] = "HTTP/1.0 200 OK\r\n\r\n{\"hosts\":[{\"ip\":\"" WAN_HOST "\",\"note\":\"192.0.2.1\"}]}";
	const int        *listener = context;
	int               fd;

	while ((fd = accept4(*listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		char request[1024];

		if (recv(fd, request, sizeof(request), 0) > 0 && send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL) < 0)
			printf("system: nobody takes the list\n");
		close(fd);
	}
	return NULL;
}

TEST(a_list_in_json_is_what_its_path_selects)
{
	const struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(LIST_PORT) };
	int                      listener;
	pthread_t                thread;

	host_enter(HOST_WAN);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	host_enter(HOST_ROUTER);
	CHECK(bind(listener, (const struct sockaddr *)&here, sizeof(here)) == 0 && listen(listener, 8) == 0);
	CHECK(pthread_create(&thread, NULL, serve_json, &listener) == 0);
	const char *uuid = add_alias("fetched", "urljson", "http://" WAN_HOST ":8889/list", ",\"path_expression\":\".hosts[].ip\"");

	rule("\"destination_net\":\"fetched\"");
	check_from(HOST_LAN, WAN_HOST, 80, TALK_OPEN);
	check_from(HOST_LAN, "192.0.2.1", 80, TALK_SILENT);
	forget();
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/del_item/%s", uuid), "{}");
	shutdown(listener, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(listener);
}

/* A change of one of its networks is a change of the group. */
TEST(a_group_of_networks_is_what_they_are)
{
	const char *inner = add_alias("inner", "network", "198.51.100.0/24", ""), *other = add_alias("other", "network", "203.0.113.0/24", "");
	const char *group = add_alias("both", "networkgroup", "inner\\nother", "");

	rule("\"destination_net\":\"both\"");
	check_from(HOST_LAN, WAN_HOST, 80, TALK_SILENT);
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/set_item/%s", other), "{\"alias\":{\"content\":\"192.0.2.0/28\"}}");
	apply();
	check_from(HOST_LAN, WAN_HOST, 80, TALK_OPEN);
	forget();
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/del_item/%s", group), "{}");
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/del_item/%s", other), "{}");
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/del_item/%s", inner), "{}");
}

TEST(a_dynamic_host_is_in_the_network_of_its_interface)
{
	const char *uuid = add_alias("dynamic", "dynipv6host", "::10", ",\"interface\":\"lan\"");

	rule("\"source_net\":\"dynamic\"");
	check_from(HOST_LAN, WAN_HOST6, 80, TALK_OPEN);
	check_from(HOST_SERVER, WAN_HOST6, 80, TALK_SILENT);
	forget();
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/del_item/%s", uuid), "{}");
}

TEST(ports_are_those_of_their_alias)
{
	const char *uuid = add_alias("web", "port", "80\\n8000:8010", "");

	rule("\"destination_port\":\"web\"");
	check_from(HOST_LAN, WAN_HOST, 80, TALK_OPEN);
	check_from(HOST_LAN, WAN_HOST, 8005, TALK_OPEN);
	check_from(HOST_LAN, WAN_HOST, 81, TALK_SILENT);
	forget();
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/del_item/%s", uuid), "{}");
}

static void
schedule(bool is_new, const char *days)
{
	const char *body = SAY("{\"name\":\"work\",\"timerange\":[{\"position\":\"%s\",\"hour\":\"0:00-23:59\"}]}", days);
	const struct answer answer = is_new ? post(lab.client, lab.arena, "/api/v1/firewall/schedule", body)
					    : ask(lab.client, lab.arena, "PUT", "/api/v1/firewall/schedule", body);

	if (answer.status != 200)
		fail_msg("%s: %s", body, answer.body.ptr);
}

TEST(a_rule_is_in_force_while_its_schedule_says_so)
{
	const time_t now = time(NULL);
	struct tm    today;
	struct line_open begun, other;

	/* Monday is 1. The days around today are the same as today, wherever the firewall thinks it is. */
	gmtime_r(&now, &today);
	schedule(true, "1,2,3,4,5,6,7");
	rule("\"destination_port\":\"81\"");
	rule("\"sched\":\"work\"");
	check_from(HOST_LAN, WAN_HOST, 80, TALK_OPEN);
	CHECK(line_begin(&begun, HOST_LAN, WAN_HOST, 82, HOST_WAN) && line_begin(&other, HOST_LAN, WAN_HOST, 81, HOST_WAN));
	schedule(false, SAY("%d", (today.tm_wday + 2) % 7 + 1));
	apply();
	check_from(HOST_LAN, WAN_HOST, 80, TALK_SILENT);
	/* Connections that it let in end with it, and no others. */
	CHECK(!line_still_works(&begun) && line_works(&other));
	line_finish(&begun);
	line_finish(&other);
	schedule(false, "1,2,3,4,5,6,7");
	apply();
	check_from(HOST_LAN, WAN_HOST, 80, TALK_OPEN);
	forget();
}

static int
set_up(void **state)
{
	(void)state;
	router_up_lasting(&lab, start_configuration);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	router_down(&lab);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_country_is_what_its_file_says),
		cmocka_unit_test(a_list_in_json_is_what_its_path_selects),
		cmocka_unit_test(a_group_of_networks_is_what_they_are),
		cmocka_unit_test(a_dynamic_host_is_in_the_network_of_its_interface),
		cmocka_unit_test(ports_are_those_of_their_alias),
		cmocka_unit_test(a_rule_is_in_force_while_its_schedule_says_so),
	};

	instance_programs(argc, argv);
	lab_need("ip");
	lab_need("nft");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
