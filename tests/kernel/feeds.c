/* What the kernel tells unasked: packets that a rule logs, connections that end. */
#include "backend/running/feeds.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/running/conntrack.h"
#include "lab.h"
#include "test.h"

#define PORT 5353

static struct {
	size_t             packets, flows;
	struct feed_packet packet;
	char               prefix[FEED_PREFIX_MAX + 1];
	uint8_t            payload[FEED_PAYLOAD_MAX];
	struct feed_flow   flow;
} heard;

static void
hear_packet(void *self, int64_t time, const struct feed_packet *packet)
{
	(void)self;
	CHECK(time > 1000000000000000);
	heard.packet = *packet;
	memset(heard.prefix, 0, sizeof(heard.prefix));
	memcpy(heard.prefix, packet->prefix.ptr, packet->prefix.len);
	memcpy(heard.payload, packet->payload.ptr, packet->payload.len);
	heard.packets++;
}

static void
hear_flow(void *self, int64_t time, const struct feed_flow *flow)
{
	(void)self;
	(void)time;
	heard.flow = *flow;
	heard.flows++;
}

static const struct feed_taker taker = { hear_packet, hear_flow, NULL };

static void
talk(unsigned port, size_t len)
{
	static const char        bytes[1000];
	const struct sockaddr_in to = { AF_INET, htons(PORT), { htonl(INADDR_LOOPBACK) } };
	const struct sockaddr_in from = { AF_INET, htons((uint16_t)port), { htonl(INADDR_LOOPBACK) } };
	const int                one = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	CHECK(one >= 0 && bind(one, (const struct sockaddr *)&from, sizeof(from)) == 0);
	CHECK(sendto(one, bytes, len, 0, (const struct sockaddr *)&to, sizeof(to)) == (ssize_t)len);
	close(one);
}

static bool
wait_for(int fd, const size_t *count, size_t want, size_t (*read_some)(int, const struct feed_taker *, uint64_t *))
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	uint64_t      lost = 0;

	for (int i = 0; i < 100 && *count < want; i++)
		if (poll(&wait, 1, 100) > 0)
			read_some(fd, &taker, &lost);
	return *count == want && lost == 0;
}

static void
make_box(void)
{
	scoped_buffer output = BUFFER_NONE;

	memset(&heard, 0, sizeof(heard));
	lab_fresh();
	if (!LAB(&output, "ip", "link", "set", "lo", "up") ||
	    !LAB(&output, "nft", "add table inet t; add chain inet t c { type filter hook input priority 0; }; "
				 "add rule inet t c udp dport 5353 ct mark set 7 log group 1 prefix \"7:pass:in:some-rule\""))
		fail_msg("%s", buffer_string(&output));
	conntrack_account();
}

TEST(logged_packets_come_with_their_rule_and_link)
{
	scoped_buffer message = BUFFER_NONE;

	make_box();
	const int fd = packets_open(1, &message);

	if (fd < 0)
		fail_msg("%s", buffer_string(&message));
	talk(20000, 5);
	CHECK(wait_for(fd, &heard.packets, 1, packets_read));
	CHECK_STRING(heard.prefix, "7:pass:in:some-rule");
	CHECK(heard.packet.in == 1 && heard.packet.out == 0 && heard.packet.protocol == 0x0800 && heard.packet.hook == 1);
	CHECK(heard.packet.payload.len == 33 && heard.payload[0] == 0x45 && heard.payload[9] == 17);
	/* Many at once, and long ones cut. */
	for (unsigned i = 0; i < 300; i++)
		talk(21000 + i, 900);
	CHECK(wait_for(fd, &heard.packets, 301, packets_read));
	CHECK_NUMBER(heard.packet.payload.len, FEED_PAYLOAD_MAX);
	/* There is one reader. */
	CHECK(packets_open(1, &message) < 0);
	if (!strstr(buffer_string(&message), "somebody else"))
		fail_msg("%s", buffer_string(&message));
	close(fd);
	const int again = packets_open(1, &message);

	CHECK(again >= 0);
	close(again);
}

TEST(connections_that_end_come_with_what_they_counted)
{
	scoped_buffer message = BUFFER_NONE;
	uint64_t      killed;

	make_box();
	const int fd = flows_open(&message);

	if (fd < 0)
		fail_msg("%s", buffer_string(&message));
	talk(20000, 5);
	CHECK_NUMBER(conntrack_kill(&(struct state_filter){ .source_port = 20000 }, &killed), RESULT_DONE);
	CHECK(killed == 1 && wait_for(fd, &heard.flows, 1, flows_read));
	CHECK(heard.flow.state.packets[0] == 1 && heard.flow.state.bytes[0] == 33 && heard.flow.state.mark == 7);
	CHECK(heard.flow.state.source.port == 20000 && heard.flow.state.protocol == 17 && heard.flow.started > 1000000000000);
	close(fd);
}

TEST(connections_are_killed_by_their_ids)
{
	scoped_arena  arena = arena_new();
	struct states states;
	uint32_t      ids[3];
	uint64_t      killed = 0;

	make_box();
	for (unsigned i = 0; i < 5; i++)
		talk(20000 + i, 1);
	CHECK_NUMBER(conntrack_list(arena, &(struct state_filter){ 0 }, 3, &states), RESULT_DONE);
	CHECK(states.n == 3 && states.total == 5);
	for (size_t i = 0; i < 3; i++) {
		size_t at = i;

		for (; at > 0 && ids[at - 1] > states.states[i].id; at--)
			ids[at] = ids[at - 1];
		ids[at] = states.states[i].id;
	}
	CHECK_NUMBER(conntrack_kill_these(ids, 3, &killed), RESULT_DONE);
	CHECK_NUMBER(killed, 3);
	CHECK_NUMBER(conntrack_kill_these(ids, 3, &killed), RESULT_DONE);
	CHECK_NUMBER(killed, 0);
	CHECK_NUMBER(conntrack_kill_these(NULL, 0, &killed), RESULT_DONE);
	CHECK_NUMBER(conntrack_list(arena, &(struct state_filter){ 0 }, 9, &states), RESULT_DONE);
	CHECK_NUMBER(states.total, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logged_packets_come_with_their_rule_and_link),
		cmocka_unit_test(connections_that_end_come_with_what_they_counted),
		cmocka_unit_test(connections_are_killed_by_their_ids),
	};

	lab_need("nft");
	lab_need("ip");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
