/*
 * Virtual addresses with proxy ARP: the daemon answers a neighbour for addresses that nobody has, what arrives for them can be
 * translated, and nothing is answered any more when they are gone.
 */
#include <stdio.h>
#include <string.h>

#include "lab.h"
#include "router.h"
#include "test.h"

#define SERVER   "10.1.0.20"
#define PATIENCE 60000 /* ms, for what happens in a second or so */

static const char start_configuration[] =
	"<?xml version=\"1.0\"?><opnsense><system><hostname>firewall</hostname><domain>lab.example</domain></system><interfaces>"
	"<wan><if>em0</if><descr>WAN</descr><enable>1</enable><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet>"
	"<ipaddrv6>2001:db8::1</ipaddrv6><subnetv6>64</subnetv6></wan>"
	"<lan><if>em1</if><descr>LAN</descr><enable>1</enable><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></lan>"
	"</interfaces></opnsense>";

static struct router lab;

#define SAY(...) arena_print(lab.arena, __VA_ARGS__)

/* Does the host of the WAN hear who has the address, when it asks? Asking without an answer takes it a second. */
static bool
is_answered(const char *address)
{
	const int64_t begin = milliseconds();
	bool          answered = false, refused = false;

	HOST_IP(HOST_WAN, "neigh", "flush", "to", address);
	try_ping(HOST_WAN, address);
	while (!answered && !refused && milliseconds() - begin < PATIENCE) {
		scoped_buffer said = BUFFER_NONE;

		host_enter(HOST_WAN);
		CHECK(LAB(&said, "ip", "neigh", "show", "to", address));
		host_enter(HOST_ROUTER);
		answered = text_contains(buffer_text(&said), TEXT("lladdr"));
		refused = text_contains(buffer_text(&said), TEXT("FAILED")) || said.len == 0;
		wait_a_little(50);
	}
	CHECK(answered || refused);
	return answered;
}

/* An answer that comes after the second was none. */
static bool
comes_to_be_answered(const char *address)
{
	const int64_t begin = milliseconds();
	bool          answered;

	while (!(answered = is_answered(address)) && milliseconds() - begin < PATIENCE)
		wait_a_little(50);
	return answered;
}

/* Of the router. */
static bool
shows(const char *part, const char *const *argv)
{
	scoped_buffer said = BUFFER_NONE;

	CHECK(lab_run(&said, argv));
	return text_contains(buffer_text(&said), text_of(part));
}
#define SHOWS(part, ...) shows((part), (const char *const[]){ "ip", __VA_ARGS__, NULL })

static const char *
add(const char *network)
{
	const char *body = SAY("{\"vip\":{\"interface\":\"wan\",\"mode\":\"proxyarp\",\"network\":\"%s\"}}", network);
	const char *uuid = at(lab.arena, must_post(lab.client, lab.arena, "/api/interfaces/vip_settings/add_item", body), "uuid");

	if (!*uuid)
		fail_msg("%s: %s", body, lab.client->body.bytes);
	return uuid;
}

static void
reconfigure(void)
{
	CHECK_STRING(at(lab.arena, must_post(lab.client, lab.arena, "/api/interfaces/vip_settings/reconfigure", "{}"), "status"), "ok");
}

static void
drop(const char *uuid)
{
	must_post(lab.client, lab.arena, SAY("/api/interfaces/vip_settings/del_item/%s", uuid), "{}");
	reconfigure();
}

TEST(an_address_that_nobody_has_is_answered_for)
{
	CHECK(!is_answered("192.0.2.77"));
	const char *uuid = add("192.0.2.77/32");

	reconfigure();
	CHECK(comes_to_be_answered("192.0.2.77") && !is_answered("192.0.2.78"));
	CHECK(!SHOWS("192.0.2.77", "address", "show", "dev", "em0"));
	/* It is no address of the box: what nobody translates goes nowhere. */
	CHECK(try_ping(HOST_WAN, "192.0.2.77").how != TALK_OPEN);
	drop(uuid);
	CHECK(!is_answered("192.0.2.77"));
	CHECK(!SHOWS("192.0.2.77", "neigh", "show", "proxy") && !SHOWS("192.0.2.77", "route", "show", "table", "all"));
	CHECK(!SHOWS("nowhere0", "link") && !SHOWS("251", "rule"));
}

TEST(all_of_a_network_are_answered_for)
{
	const char *uuid = add("192.0.2.96/28"), *other = add("192.0.2.77/32");

	reconfigure();
	CHECK(comes_to_be_answered("192.0.2.96") && comes_to_be_answered("192.0.2.111") && comes_to_be_answered("192.0.2.77"));
	CHECK(!is_answered("192.0.2.95") && !is_answered("192.0.2.112"));
	/* One that goes takes no other with it. */
	drop(uuid);
	CHECK(!is_answered("192.0.2.96") && comes_to_be_answered("192.0.2.77"));
	drop(other);
	CHECK(!is_answered("192.0.2.77"));
}

TEST(all_of_the_link_s_own_network_are_answered_for)
{
	const char *uuid = add("192.0.2.0/24");

	reconfigure();
	CHECK(comes_to_be_answered("192.0.2.77") && comes_to_be_answered("192.0.2.200"));
	/* The box itself still reaches who is there. */
	CHECK(SHOWS("dev em0", "route", "get", "192.0.2.10") && talk_ping(HOST_ROUTER, "192.0.2.10").how == TALK_OPEN);
	CHECK(SHOWS("dev nowhere0", "route", "get", "192.0.2.77", "from", "192.0.2.10", "iif", "em0"));
	drop(uuid);
	CHECK(!is_answered("192.0.2.77"));
}

TEST(ipv6_is_answered_too)
{
	CHECK(!is_answered("2001:db8::77"));
	const char *uuid = add("2001:db8::77/128");

	reconfigure();
	CHECK(comes_to_be_answered("2001:db8::77") && !is_answered("2001:db8::78"));
	drop(uuid);
	CHECK(!is_answered("2001:db8::77"));
}

TEST(more_addresses_than_the_box_can_answer_for_are_refused)
{
	const char *uuid = add("2001:db8:0:1::/64");
	const struct answer answer = post(lab.client, lab.arena, "/api/interfaces/vip_settings/reconfigure", "{}");

	CHECK(text_contains(answer.body, TEXT("4096 addresses")));
	drop(uuid);
}

/* What it is for. */
TEST(what_arrives_is_translated)
{
	static const char rule[] = "{\"interface\":\"wan\",\"protocol\":\"tcp\",\"src\":\"any\",\"srcport\":\"any\","
				   "\"dst\":\"192.0.2.77\",\"dstport\":\"8000\",\"target\":\"" SERVER "\",\"local-port\":\"80\",\"apply\":true}";
	static const char vip[] = "{\"mode\":\"proxyarp\",\"interface\":\"wan\",\"subnet\":\"192.0.2.77/32\",\"apply\":true}";

	must_post(lab.client, lab.arena, "/api/v1/firewall/virtual_ip", vip);
	must_post(lab.client, lab.arena, "/api/v1/firewall/nat/port_forward", rule);
	const struct talked talked = talk_tcp(HOST_WAN, "192.0.2.77", 8000, 80);

	must(lab.client, lab.arena, "DELETE", "/api/v1/firewall/virtual_ip", "{\"id\":0,\"apply\":true}");
	CHECK_STRING(talk_word(talked.how), talk_word(TALK_OPEN));
	CHECK(talked.server == HOST_SERVER);
	CHECK(!is_answered("192.0.2.77"));
}

/* Of pfSense: it is routed to the box, which neither has it nor answers for it. */
TEST(another_kind_of_address_is_only_for_translating)
{
	static const char vip[] = "{\"mode\":\"other\",\"interface\":\"wan\",\"subnet\":\"192.0.2.77/32\",\"apply\":true}";

	must_post(lab.client, lab.arena, "/api/v1/firewall/virtual_ip", vip);
	CHECK(!is_answered("192.0.2.77") && !SHOWS("192.0.2.77", "address", "show", "dev", "em0"));
	must(lab.client, lab.arena, "DELETE", "/api/v1/firewall/virtual_ip", "{\"id\":0,\"apply\":true}");
}

static void
set(const char *path, const char *value)
{
	FILE *file = fopen(SAY("/proc/sys/%s", path), "we");

	CHECK(file && fputs(value, file) >= 0 && fclose(file) == 0);
}

static int
set_up(void **state)
{
	(void)state;
	router_up(&lab, start_configuration);
	host_enter(HOST_WAN);
	set("net/ipv4/neigh/eth0/mcast_solicit", "1");
	set("net/ipv6/neigh/eth0/mcast_solicit", "1");
	host_enter(HOST_ROUTER);
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
		cmocka_unit_test(an_address_that_nobody_has_is_answered_for),
		cmocka_unit_test(all_of_a_network_are_answered_for),
		cmocka_unit_test(all_of_the_link_s_own_network_are_answered_for),
		cmocka_unit_test(ipv6_is_answered_too),
		cmocka_unit_test(more_addresses_than_the_box_can_answer_for_are_refused),
		cmocka_unit_test(what_arrives_is_translated),
		cmocka_unit_test(another_kind_of_address_is_only_for_translating),
	};

	instance_programs(argc, argv);
	lab_need("ip");
	lab_need("nft");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
