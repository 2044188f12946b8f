/*
 * What clients configure of the traffic shaper is how fast packets get through: the whole daemon as a router between hosts in network
 * namespaces, and datagrams that are counted where they arrive. Bounds are wide: what is measured differs by factors.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"
#include "router.h"
#include "test.h"

#define WAN_HOST  "192.0.2.10"
#define LAN_HOST  "10.1.0.10"
#define WAN_HOST6 "2001:db8::10"
#define ADDED_MAX 64
#define FLOWS_MAX 4
#define DATAGRAM  1000    /* bytes of what is sent */
#define HEADERS   42      /* of Ethernet, IPv4 and UDP */
#define SEND_MS   2500
#define SEND_RATE 16.0    /* Mbit/s of each flow */
#define QUIET_MS  1500    /* without a packet: it was the last one */
#define LONGEST   60000   /* ms */

static const char start_configuration[] =
	"<?xml version=\"1.0\"?><opnsense><system><hostname>firewall</hostname><domain>lab.example</domain></system><interfaces>"
	"<wan><if>em0</if><descr>WAN</descr><enable>1</enable><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet>"
	"<ipaddrv6>2001:db8::1</ipaddrv6><subnetv6>64</subnetv6></wan>"
	"<lan><if>em1</if><descr>LAN</descr><enable>1</enable><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet>"
	"<ipaddrv6>fd00:1::1</ipaddrv6><subnetv6>64</subnetv6></lan>"
	"<opt1><if>em2</if><descr>OPT</descr><enable>1</enable><ipaddr>10.2.0.1</ipaddr><subnet>24</subnet></opt1>"
	"<opt2><if>late0</if><descr>LATE</descr><enable>1</enable><ipaddr>10.3.0.1</ipaddr><subnet>24</subnet></opt2>"
	"</interfaces></opnsense>";

static struct {
	struct router  router;
	struct arena  *arena;
	struct client *client;
	const char    *undo[ADDED_MAX]; /* paths that delete what a test has added */
	size_t         nundo;
} lab;

#define SAY(...) arena_print(lab.arena, __VA_ARGS__)

/* --- Configuration ------------------------------------------------------------------------------------ */

static const char *
add(const char *module, const char *what, const char *body)
{
	const struct value *said = must_post(lab.client, lab.arena, SAY("/api/%s/add_%s", module, what), body);
	const char *const   uuid = at(lab.arena, said, "uuid");

	if (!*uuid)
		fail_msg("%s: %s", body, lab.client->body.bytes);
	lab.undo[lab.nundo++] = SAY("/api/%s/del_%s/%s", module, what, uuid);
	return uuid;
}

static const char *
pipe_of(unsigned mbit, const char *more)
{
	return add("trafficshaper/settings", "pipe", SAY("{\"pipe\":{\"enabled\":\"1\",\"bandwidth\":\"%u\",\"bandwidthMetric\":\"Mbit\","
		"\"description\":\"pipe%zu\"%s}}", mbit, lab.nundo, more));
}

static const char *
queue_of(const char *pipe, unsigned weight)
{
	return add("trafficshaper/settings", "queue", SAY("{\"queue\":{\"enabled\":\"1\",\"pipe\":\"%s\",\"weight\":\"%u\","
		"\"description\":\"queue%zu\"}}", pipe, weight, lab.nundo));
}

static const char *
rule_to(const char *target, const char *more)
{
	return add("trafficshaper/settings", "rule",
	           SAY("{\"rule\":{\"enabled\":\"1\",\"target\":\"%s\",\"description\":\"r%zu\",%s}}", target, lab.nundo, more));
}

static void
reconfigure(void)
{
	const struct value *said = must_post(lab.client, lab.arena, "/api/trafficshaper/service/reconfigure", "{}");

	if (strcmp(at(lab.arena, said, "status"), "ok") != 0)
		fail_msg("reconfigure: %s", lab.client->body.bytes);
}

static void
apply_filter(void)
{
	CHECK_STRING(at(lab.arena, must_post(lab.client, lab.arena, "/api/firewall/filter/apply", "{}"), "status"), "OK\n\n");
}

/* --- Traffic ------------------------------------------------------------------------------------------ */

struct flow {
	enum host   from, to;
	const char *address; /* where it goes */
	uint16_t    port;
	const char *asked;   /* not NULL: it answers a packet that came to this address and the same port */
	double      mbit;    /* what arrived per second, with the headers of the frames */
	int         sender, receiver;
	uint64_t    bytes;
	int64_t     first, last; /* ms */
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

union address {
	struct sockaddr     any;
	struct sockaddr_in  inet;
	struct sockaddr_in6 inet6;
};

static union address
address_of(const char *address, uint16_t port)
{
	union address to = { .inet6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) } };

	if (strchr(address, ':')) {
		CHECK_NUMBER(inet_pton(AF_INET6, address, &to.inet6.sin6_addr), 1);
		return to;
	}
	to.inet = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port) };
	CHECK_NUMBER(inet_pton(AF_INET, address, &to.inet.sin_addr), 1);
	return to;
}

/* Sockets stay in the network in which they were made. */
static void
flow_open(struct flow *flow)
{
	const union address to = address_of(flow->address, flow->port);
	const union address any = address_of(to.any.sa_family == AF_INET6 ? "::" : "0.0.0.0", flow->port);
	const socklen_t     size = to.any.sa_family == AF_INET6 ? sizeof(to.inet6) : sizeof(to.inet);

	host_enter(flow->to);
	flow->receiver = socket(to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHECK_NUMBER(bind(flow->receiver, &any.any, size), 0);
	host_enter(flow->from);
	flow->sender = socket(to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHECK_NUMBER(!flow->asked || bind(flow->sender, &any.any, size) == 0, 1);
	CHECK_NUMBER(connect(flow->sender, &to.any, size), 0);
	if (flow->asked) {
		const union address from = address_of(flow->asked, flow->port);

		CHECK_NUMBER(sendto(flow->receiver, "?", 1, 0, &from.any, size), 1);
	}
	host_enter(HOST_ROUTER);
}

/* As much as there should be by now, all flows alike. */
static void
send_all(const struct flow *flows, size_t n)
{
	static const char  bytes[DATAGRAM];
	const int64_t      begin = now_ms();
	const double       per_ms = SEND_RATE * 1e6 / 8 / (DATAGRAM + HEADERS) / 1000;
	uint64_t           sent = 0;

	for (int64_t passed = 0; passed < SEND_MS; passed = now_ms() - begin) {
		for (; (double)sent < (double)passed * per_ms; sent++)
			for (size_t i = 0; i < n; i++)
				(void)!send(flows[i].sender, bytes, sizeof(bytes), MSG_DONTWAIT);
		usleep(1000);
	}
}

static void
take(struct flow *flow)
{
	char    bytes[DATAGRAM * 2];
	ssize_t got;

	while ((got = recv(flow->receiver, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
		flow->last = now_ms();
		flow->first = flow->first ? flow->first : flow->last;
		flow->bytes += (uint64_t)got + HEADERS;
	}
}

/* Until nothing comes any more. */
static void
receive_all(struct flow *flows, size_t n)
{
	struct pollfd polled[FLOWS_MAX];
	const int64_t end = now_ms() + LONGEST;

	for (size_t i = 0; i < n; i++)
		polled[i] = (struct pollfd){ .fd = flows[i].receiver, .events = POLLIN };
	while (now_ms() < end && poll(polled, n, QUIET_MS) > 0)
		for (size_t i = 0; i < n; i++)
			if (polled[i].revents & POLLIN)
				take(&flows[i]);
}

static void
measure(struct flow *flows, size_t n)
{
	pid_t pid;

	for (size_t i = 0; i < n; i++)
		flow_open(&flows[i]);
	pid = fork();
	if (pid == 0) {
		send_all(flows, n);
		_exit(0);
	}
	receive_all(flows, n);
	waitpid(pid, NULL, 0);
	for (size_t i = 0; i < n; i++) {
		/* Of packets that all came at once nobody can say how fast they were. */
		const int64_t took = flows[i].last - flows[i].first;

		flows[i].mbit = took > 0 ? (double)flows[i].bytes * 8 / 1000 / (double)took : 0;
		printf("shaper: port %u: %.2f Mbit/s\n", flows[i].port, flows[i].mbit);
		close(flows[i].sender);
		close(flows[i].receiver);
	}
}

static double
rate(enum host from, enum host to, const char *address, uint16_t port)
{
	struct flow flow = { .from = from, .to = to, .address = address, .port = port };

	measure(&flow, 1);
	return flow.mbit;
}

#define UP()      rate(HOST_LAN, HOST_WAN, WAN_HOST, 5001)
#define DOWN()    rate(HOST_WAN, HOST_LAN, LAN_HOST, 5001)

static bool
is_near(double mbit, double wanted)
{
	return mbit > wanted * 0.5 && mbit < wanted * 1.5;
}

#define FREE(mbit)         CHECK((mbit) > SEND_RATE / 2)
#define NEAR(mbit, wanted) CHECK(is_near((mbit), (wanted)))

/* --- What is there --------------------------------------------------------------------------------------- */

static bool
router_has(const char *words)
{
	scoped_buffer out = BUFFER_NONE;

	LAB(&out, "tc", "qdisc", "show");
	return text_contains(buffer_text(&out), text_of(words));
}

static const struct value *
item_of(const char *uuid)
{
	const struct value *said = must_get(lab.client, lab.arena, "/api/trafficshaper/service/statistics");
	const struct value *items = value_get(said, "items");

	CHECK_STRING(at(lab.arena, said, "status"), "ok");
	for (size_t i = 0; i < value_count(items); i++)
		if (strcmp(at(lab.arena, value_at(items, i), "uuid"), uuid) == 0)
			return value_at(items, i);
	fail_msg("no statistics of %s: %s", uuid, lab.client->body.bytes);
	return NULL;
}

static int64_t
number_at(const struct value *item, const char *list, const char *name)
{
	const struct value *found = value_get(value_at(value_get(item, list), 0), name);

	return found && value_is(found, VALUE_INTEGER) ? found->integer : 0;
}

static int
forget(void **state)
{
	(void)state;
	while (lab.nundo > 0)
		must_post(lab.client, lab.arena, lab.undo[--lab.nundo], "{}");
	reconfigure();
	apply_filter();
	return 0;
}

/* --- Tests ------------------------------------------------------------------------------------------------- */

static void
pass_all(void)
{
	static const char *const interfaces[] = { "wan", "lan", "opt1" };

	for (size_t i = 0; i < COUNT(interfaces); i++)
		add("firewall/filter", "rule", SAY("{\"rule\":{\"enabled\":\"1\",\"action\":\"pass\",\"interface\":\"%s\","
			"\"direction\":\"in\",\"ipprotocol\":\"inet46\"}}", interfaces[i]));
	apply_filter();
}

TEST(a_pipe_is_as_wide_as_it_says_and_nothing_is_left_of_one_that_is_gone)
{
	const char *pipe, *rule;

	pass_all();
	FREE(UP());
	CHECK(!router_has("clsact"));
	pipe = pipe_of(2, "");
	rule = rule_to(pipe, "\"interface\":\"wan\"");
	FREE(UP()); /* saved is not applied */
	reconfigure();
	NEAR(UP(), 2);
	NEAR(DOWN(), 2);
	CHECK(number_at(item_of(pipe), "flows", "bytes") > 500000);
	CHECK(number_at(item_of(pipe), "flows", "drop_pkt") > 0);
	CHECK(number_at(item_of(pipe), "rules", "pkts") > 1000);
	CHECK_STRING(at(lab.arena, item_of(pipe), "bw"), "2.000 Mbit/s");
	must_post(lab.client, lab.arena, SAY("/api/trafficshaper/settings/toggle_rule/%s/0", rule), "{}");
	reconfigure();
	FREE(UP());
	must_post(lab.client, lab.arena, SAY("/api/trafficshaper/settings/toggle_pipe/%s/0", pipe), "{}");
	reconfigure();
	CHECK(!router_has("clsact"));
	CHECK(!router_has("htb"));
}

TEST(interfaces_and_directions_share_a_pipe)
{
	struct flow flows[] = {
		{ .from = HOST_LAN, .to = HOST_WAN, .address = WAN_HOST, .port = 5001 },
		{ .from = HOST_OPT, .to = HOST_WAN, .address = WAN_HOST, .port = 5002 },
		{ .from = HOST_WAN, .to = HOST_LAN, .address = LAN_HOST, .port = 5003 },
	};
	const char *pipe;

	pass_all();
	pipe = pipe_of(3, "");
	rule_to(pipe, "\"interface\":\"lan\",\"direction\":\"in\"");
	rule_to(pipe, "\"interface\":\"opt1\",\"direction\":\"in\"");
	rule_to(pipe, "\"interface\":\"lan\",\"direction\":\"out\"");
	reconfigure();
	measure(flows, COUNT(flows));
	NEAR(flows[0].mbit + flows[1].mbit + flows[2].mbit, 3);
}

TEST(queues_share_by_weight)
{
	struct flow flows[] = {
		{ .from = HOST_LAN, .to = HOST_WAN, .address = WAN_HOST, .port = 5001 },
		{ .from = HOST_LAN, .to = HOST_WAN, .address = WAN_HOST, .port = 5002 },
	};
	const char *pipe, *heavy, *light;

	pass_all();
	pipe = pipe_of(4, "");
	heavy = queue_of(pipe, 80);
	light = queue_of(pipe, 20);
	rule_to(heavy, "\"interface\":\"wan\",\"proto\":\"udp\",\"dst_port\":\"5001\"");
	rule_to(light, "\"interface\":\"wan\",\"proto\":\"udp\",\"dst_port\":\"5002\"");
	reconfigure();
	measure(flows, COUNT(flows));
	NEAR(flows[0].mbit + flows[1].mbit, 4);
	CHECK(flows[0].mbit > flows[1].mbit * 2);
	/* What nobody else wants is whoever's wants it. */
	NEAR(rate(HOST_LAN, HOST_WAN, WAN_HOST, 5002), 4);
	CHECK(number_at(item_of(heavy), "flows", "pkt") > 100);
	CHECK(number_at(item_of(light), "flows", "pkt") > 100);
	CHECK_STRING(at(lab.arena, item_of(light), "pipe"), at(lab.arena, item_of(pipe), "id"));
}

/* In the row of some host. */
static bool
has_flow_of(const char *pipe, const char *source)
{
	const struct value *flows = value_get(item_of(pipe), "flows");

	for (size_t i = 0; i < value_count(flows); i++)
		if (strcmp(at(lab.arena, value_at(flows, i), "Source"), source) == 0)
			return true;
	return false;
}

TEST(a_mask_gives_each_source_a_pipe_of_its_own)
{
	const char *pipe;

	struct flow flows[] = {
		{ .from = HOST_LAN, .to = HOST_WAN, .address = WAN_HOST, .port = 5001 },
		{ .from = HOST_SERVER, .to = HOST_WAN, .address = WAN_HOST, .port = 5002 },
		{ .from = HOST_OPT, .to = HOST_WAN, .address = WAN_HOST, .port = 5003 },
	};

	pass_all();
	pipe = pipe_of(2, ",\"mask\":\"src-ip\"");
	rule_to(pipe, "\"interface\":\"wan\",\"direction\":\"out\"");
	reconfigure();
	measure(flows, COUNT(flows));
	for (size_t i = 0; i < COUNT(flows); i++)
		NEAR(flows[i].mbit, 2);
	CHECK(has_flow_of(pipe, LAN_HOST "/32"));
	CHECK(has_flow_of(pipe, "10.1.0.20/32"));
	CHECK(has_flow_of(pipe, "10.2.0.10/32"));
	CHECK(!has_flow_of(pipe, "10.2.0.11/32"));
}

TEST(a_rule_says_direction_ports_and_addresses)
{
	const char *pipe;

	pass_all();
	pipe = pipe_of(2, "");
	rule_to(pipe, "\"interface\":\"wan\",\"direction\":\"in\",\"proto\":\"udp\",\"dst_port\":\"5001\"");
	rule_to(pipe, "\"interface\":\"wan\",\"direction\":\"out\",\"interface2\":\"opt1\"");
	rule_to(pipe, "\"interface\":\"wan\",\"direction\":\"out\",\"source\":\"" LAN_HOST "\",\"source_not\":\"1\",\"proto\":\"udp\","
		"\"dst_port\":\"5004\"");
	reconfigure();
	NEAR(DOWN(), 2);
	FREE(UP());
	FREE(rate(HOST_WAN, HOST_LAN, LAN_HOST, 5002));
	NEAR(rate(HOST_OPT, HOST_WAN, WAN_HOST, 5002), 2);
	NEAR(rate(HOST_SERVER, HOST_WAN, WAN_HOST, 5004), 2);
	FREE(rate(HOST_LAN, HOST_WAN, WAN_HOST, 5004));
}

/* Rules of the shaper see the addresses inside, as upstream's do. */
TEST(what_is_translated_is_known_by_what_it_was)
{
	struct flow answer = { .from = HOST_WAN, .to = HOST_LAN, .address = LAN_HOST, .port = 5005, .asked = WAN_HOST };

	pass_all();
	must(lab.client, lab.arena, "PUT", "/api/v1/firewall/nat/outbound", "{\"mode\":\"hybrid\",\"apply\":false}");
	add("firewall/source_nat", "rule", "{\"rule\":{\"enabled\":\"1\",\"interface\":\"wan\",\"ipprotocol\":\"inet\",\"source_net\":\"lan\","
		"\"destination_net\":\"any\",\"target\":\"wanip\",\"staticnatport\":\"1\"}}");
	apply_filter();
	rule_to(pipe_of(2, ""), "\"interface\":\"wan\",\"direction\":\"out\",\"source\":\"" LAN_HOST "\"");
	rule_to(pipe_of(4, ""), "\"interface\":\"wan\",\"direction\":\"in\",\"destination\":\"" LAN_HOST "\"");
	reconfigure();
	CHECK_STRING(talk_udp(HOST_LAN, 5003, WAN_HOST, 5003, 0).seen_from, "192.0.2.1");
	NEAR(UP(), 2);
	FREE(rate(HOST_SERVER, HOST_WAN, WAN_HOST, 5001));
	answer.address = "192.0.2.1";
	measure(&answer, 1);
	NEAR(answer.mbit, 4);
}

TEST(ip6_is_shaped_too)
{
	const char *pipe;

	pass_all();
	pipe = pipe_of(2, ",\"mask\":\"src-ip6\"");
	rule_to(pipe, "\"interface\":\"wan\",\"proto\":\"ip6\"");
	reconfigure();
	NEAR(rate(HOST_LAN, HOST_WAN, WAN_HOST6, 5001), 2);
	FREE(UP());
}

TEST(a_rule_of_the_filter_has_a_pipe_for_each_direction)
{
	struct flow answer = { .from = HOST_WAN, .to = HOST_LAN, .address = LAN_HOST, .port = 5001, .asked = WAN_HOST };
	const char *up, *down;

	up = pipe_of(2, "");
	down = pipe_of(4, "");
	pass_all();
	add("firewall/filter", "rule", SAY("{\"rule\":{\"enabled\":\"1\",\"action\":\"pass\",\"interface\":\"lan\",\"direction\":\"in\","
		"\"ipprotocol\":\"inet\",\"protocol\":\"UDP\",\"destination_port\":\"5001\",\"sequence\":\"1\",\"shaper1\":\"%s\","
		"\"shaper2\":\"%s\"}}", up, down));
	reconfigure();
	apply_filter();
	NEAR(UP(), 2);
	FREE(rate(HOST_LAN, HOST_WAN, WAN_HOST, 5002));
	FREE(DOWN()); /* begun from outside: another rule's */
	measure(&answer, 1);
	NEAR(answer.mbit, 4);
}

TEST(a_limiter_of_pfsense_is_a_pipe)
{
	const char *limit = "{\"name\":\"up\",\"bandwidth\":[{\"bw\":2,\"bwscale\":\"Mb\"}],\"aqm\":\"droptail\",\"sched\":\"wf2q+\","
			    "\"enabled\":true,\"apply\":true}";
	const char *queue = "{\"limiter\":\"up\",\"name\":\"upq\",\"aqm\":\"droptail\",\"weight\":50,\"enabled\":true,\"apply\":true}";
	const char *rule = "{\"type\":\"pass\",\"interface\":\"lan\",\"ipprotocol\":\"inet\",\"protocol\":\"udp\",\"src\":\"any\","
			   "\"dst\":\"any\",\"srcport\":\"any\",\"dstport\":\"5001\",\"dnpipe\":\"upq\",\"top\":true,\"apply\":true}";
	const char *tracker;

	pass_all();
	must_post(lab.client, lab.arena, "/api/v1/firewall/traffic_shaper/limiter", limit);
	must_post(lab.client, lab.arena, "/api/v1/firewall/traffic_shaper/limiter/queue", queue);
	tracker = at(lab.arena, must_post(lab.client, lab.arena, "/api/v1/firewall/rule", rule), "data.tracker");
	NEAR(UP(), 2);
	FREE(rate(HOST_LAN, HOST_WAN, WAN_HOST, 5002));
	CHECK(number_at(item_of("limiter.upq"), "flows", "pkt") > 100);
	must(lab.client, lab.arena, "DELETE", "/api/v1/firewall/rule", SAY("{\"tracker\":%s,\"apply\":true}", tracker));
	must(lab.client, lab.arena, "DELETE", "/api/v1/firewall/traffic_shaper/limiter", "{\"name\":\"up\",\"apply\":true}");
	FREE(UP());
	CHECK(!router_has("clsact"));
}

TEST(what_linux_has_nothing_like_is_said)
{
	const char *wish = "{\"interface\":\"wan\",\"scheduler\":\"PRIQ\",\"bandwidthtype\":\"Mb\",\"bandwidth\":10,\"enabled\":true,"
			   "\"apply\":true}";

	post(lab.client, lab.arena, "/api/v1/firewall/traffic_shaper", wish);
	CHECK(strstr(lab.client->body.bytes, "ALTQ"));
	ask(lab.client, lab.arena, "DELETE", "/api/v1/firewall/traffic_shaper", "{\"interface\":\"wan\",\"apply\":true}");
	CHECK(!strstr(lab.client->body.bytes, "ALTQ"));
}

/* Nothing is changed when something is missing. */
TEST(what_the_kernel_has_not_is_named)
{
	const char         *first = pipe_of(2, ""), *second;
	scoped_buffer       out = BUFFER_NONE;
	const bool          has = LAB(&out, "tc", "qdisc", "add", "dev", "lo", "root", "handle", "77:", "fq_codel");
	const struct value *said;

	if (has)
		LAB(&out, "tc", "qdisc", "del", "dev", "lo", "root");
	pass_all();
	rule_to(first, "\"interface\":\"wan\"");
	reconfigure();
	second = pipe_of(4, ",\"scheduler\":\"fq_codel\"");
	said = must_post(lab.client, lab.arena, "/api/trafficshaper/service/reconfigure", "{}");
	CHECK_STRING(at(lab.arena, said, "status"), has ? "ok" : "failed");
	if (!has)
		CHECK(strstr(at(lab.arena, said, "message"), "sch_fq_codel"));
	NEAR(UP(), 2);
	must_post(lab.client, lab.arena, SAY("/api/trafficshaper/settings/del_pipe/%s", second), "{}");
}

TEST(a_flush_begins_anew)
{
	const char *pipe;

	pass_all();
	pipe = pipe_of(2, "");
	rule_to(pipe, "\"interface\":\"wan\"");
	reconfigure();
	NEAR(UP(), 2);
	CHECK(number_at(item_of(pipe), "flows", "pkt") > 100);
	reconfigure();
	CHECK(number_at(item_of(pipe), "flows", "pkt") > 100);
	must_post(lab.client, lab.arena, "/api/trafficshaper/service/flushreload", "{}");
	CHECK_NUMBER(number_at(item_of(pipe), "flows", "pkt"), 0);
	NEAR(UP(), 2);
}

/* It is no link that anybody configures: neither listed nor taken away with others. */
TEST(the_shaper_is_no_interface)
{
	pass_all();
	rule_to(pipe_of(2, ""), "\"interface\":\"wan\"");
	reconfigure();
	must_get(lab.client, lab.arena, "/api/interfaces/overview/interfaces_info");
	CHECK(!strstr(lab.client->body.bytes, "shaper0"));
	CHECK(strstr(lab.client->body.bytes, "em0"));
	must_post(lab.client, lab.arena, "/api/interfaces/vlan_settings/reconfigure", "{}");
	must_post(lab.client, lab.arena, "/api/routes/routes/reconfigure", "{}");
	apply_filter();
	NEAR(UP(), 2);
}

TEST(a_link_that_comes_later_leads_there_too)
{
	const int64_t until = now_ms() + LONGEST;
	bool          leads = false;

	rule_to(pipe_of(2, ""), "\"interface\":\"opt2\"");
	reconfigure();
	HOST_IP(HOST_ROUTER, "link", "add", "late0", "up", "type", "veth", "peer", "name", "late1");
	while (!leads && now_ms() < until) {
		scoped_buffer out = BUFFER_NONE;

		wait_a_little(50);
		LAB(&out, "tc", "filter", "show", "dev", "late0", "egress");
		leads = text_contains(buffer_text(&out), TEXT("device shaper0"));
	}
	HOST_IP(HOST_ROUTER, "link", "del", "late0");
	CHECK(leads);
}

/* The gate ends as in a crash, and another one answers. */
static void
crash(void)
{
	const pid_t   gate = instance_gate(lab.router.instance);
	const int64_t until = now_ms() + LONGEST;

	CHECK(gate > 0 && kill(gate, SIGKILL) == 0);
	while (get(lab.client, lab.arena, "/api/core/firmware/running").status != 200 || instance_gate(lab.router.instance) == gate)
		if (now_ms() > until)
			fail_msg("no gate after its crash");
		else
			wait_a_little(50);
}

/* What was applied, not what was saved since; and nothing begins anew. */
TEST(a_gate_that_starts_again_shapes_as_before)
{
	const char *pipe;

	pass_all();
	pipe = pipe_of(2, "");
	rule_to(pipe, "\"interface\":\"wan\"");
	reconfigure();
	NEAR(UP(), 2);
	must_post(lab.client, lab.arena, SAY("/api/trafficshaper/settings/set_pipe/%s", pipe), "{\"pipe\":{\"bandwidth\":\"12\"}}");
	crash();
	CHECK(number_at(item_of(pipe), "flows", "pkt") > 100);
	CHECK_STRING(at(lab.arena, item_of(pipe), "bw"), "2.000 Mbit/s");
	NEAR(UP(), 2);
	reconfigure();
	NEAR(UP(), 12);
}

TEST(what_is_for_the_box_itself_is_limited_too)
{
	pass_all();
	rule_to(pipe_of(2, ""), "\"interface\":\"lan\",\"direction\":\"in\"");
	reconfigure();
	/* It starts with what a second lets through. */
	const double mbit = rate(HOST_LAN, HOST_ROUTER, "10.1.0.1", 5001);

	CHECK(mbit > 1 && mbit < SEND_RATE / 4);
}

static int
up(void **state)
{
	(void)state;
	router_up_lasting(&lab.router, start_configuration);
	lab.arena = lab.router.arena;
	lab.client = lab.router.client;
	return 0;
}

static int
down(void **state)
{
	(void)state;
	router_down(&lab.router);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_pipe_is_as_wide_as_it_says_and_nothing_is_left_of_one_that_is_gone, forget),
		cmocka_unit_test_teardown(interfaces_and_directions_share_a_pipe, forget),
		cmocka_unit_test_teardown(queues_share_by_weight, forget),
		cmocka_unit_test_teardown(a_mask_gives_each_source_a_pipe_of_its_own, forget),
		cmocka_unit_test_teardown(a_rule_says_direction_ports_and_addresses, forget),
		cmocka_unit_test_teardown(what_is_translated_is_known_by_what_it_was, forget),
		cmocka_unit_test_teardown(ip6_is_shaped_too, forget),
		cmocka_unit_test_teardown(a_rule_of_the_filter_has_a_pipe_for_each_direction, forget),
		cmocka_unit_test_teardown(a_limiter_of_pfsense_is_a_pipe, forget),
		cmocka_unit_test_teardown(what_linux_has_nothing_like_is_said, forget),
		cmocka_unit_test_teardown(what_the_kernel_has_not_is_named, forget),
		cmocka_unit_test_teardown(a_flush_begins_anew, forget),
		cmocka_unit_test_teardown(the_shaper_is_no_interface, forget),
		cmocka_unit_test_teardown(a_link_that_comes_later_leads_there_too, forget),
		cmocka_unit_test_teardown(a_gate_that_starts_again_shapes_as_before, forget),
		cmocka_unit_test_teardown(what_is_for_the_box_itself_is_limited_too, forget),
	};

	instance_programs(argc, argv);
	lab_need("ip");
	lab_need("nft");
	lab_need("tc");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, up, down);
}
