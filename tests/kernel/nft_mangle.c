/* Real packets that are changed on their way, or not: the largest segment that ends agree on, and what is exempt. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "lab.h"
#include "router.h"
#include "test.h"

#define TIMESTAMPS 12 /* bytes of each segment that its options may take */

static int
segment_of(int fd)
{
	int       size = 0;
	socklen_t len = sizeof(size);

	CHECK_NUMBER(getsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &size, &len), 0);
	return size;
}

/* Both ends send no more than that, and not much less. */
static void
check_segments_between(enum host from, const char *to, enum host server, int most)
{
	struct line_open line;

	CHECK(line_begin(&line, from, to, 80, server));
	CHECK(segment_of(line.client) <= most);
	CHECK(segment_of(line.server) <= most);
	CHECK(segment_of(line.client) >= most - TIMESTAMPS);
	CHECK(segment_of(line.server) >= most - TIMESTAMPS);
	CHECK(line_works(&line));
	line_finish(&line);
}

static void
check_segments(const char *to, int most)
{
	check_segments_between(HOST_LAN, to, HOST_WAN, most);
}

TEST(segments_fit_into_the_packets_an_interface_takes)
{
	apply("mode disabled\nrule pass in on lan\n");
	check_segments("192.0.2.10", 1460);
	check_segments("2001:db8::10", 1440);
	apply_whole("mode disabled\ninterface wan em0 192.0.2.1/24 2001:db8::1/64 mss 1300\n"
		    "interface lan em1 10.1.0.1/24 fd00:1::1/64\nrule pass in on lan\n");
	check_segments("192.0.2.10", 1260);
	check_segments("2001:db8::10", 1240);
	/* It is only made smaller. */
	apply_whole("mode disabled\ninterface wan em0 192.0.2.1/24 2001:db8::1/64 mss 9000\n"
		    "interface lan em1 10.1.0.1/24 fd00:1::1/64\nrule pass in on lan\n");
	check_segments("192.0.2.10", 1460);
}

/* As pf's scrub does it for all that crosses the interface, and for nothing that does not. */
TEST(so_do_those_of_our_own_connections)
{
	static const char narrow[] = "mode disabled\ninterface wan em0 192.0.2.1/24 2001:db8::1/64 mss 1300\n"
				     "interface lan em1 10.1.0.1/24 fd00:1::1/64\nrule pass in on wan\nrule pass in on lan\n";

	apply_whole(narrow);
	check_segments_between(HOST_ROUTER, "192.0.2.10", HOST_WAN, 1260);
	check_segments_between(HOST_ROUTER, "2001:db8::10", HOST_WAN, 1240);
	check_segments_between(HOST_WAN, "192.0.2.1", HOST_ROUTER, 1260);
	check_segments_between(HOST_WAN, "2001:db8::1", HOST_ROUTER, 1240);
	check_segments_between(HOST_LAN, "10.1.0.1", HOST_ROUTER, 1460);
	check_segments_between(HOST_ROUTER, "fd00:1::10", HOST_LAN, 1440);
}

/* "no binat": some of what a later rule would give another address keeps its own, and no other rule is asked. */
TEST(what_is_exempt_leaves_with_its_own_address)
{
	HOST_IP(HOST_WAN, "route", "replace", "10.1.0.0/24", "via", "192.0.2.1");
	HOST_IP(HOST_WAN, "route", "replace", "192.0.2.100/32", "via", "192.0.2.1");
	apply("onetoone on wan 192.0.2.100/32 internal 10.1.0.20/32 to 192.0.2.10/32 exempt\n"
	      "onetoone on wan 192.0.2.100/32 internal 10.1.0.20/32\nrule pass in\n");
	CHECK_STRING(talk_tcp(HOST_SERVER, "192.0.2.10", 80, 0).seen_from, "10.1.0.20");
	CHECK_NUMBER(talk_tcp(HOST_WAN, "192.0.2.100", 80, 0).server, HOST_SERVER);
	apply("onetoone on wan 192.0.2.100/32 internal 10.1.0.20/32 to 192.0.2.99/32 exempt\n"
	      "onetoone on wan 192.0.2.100/32 internal 10.1.0.20/32\nrule pass in\n");
	CHECK_STRING(talk_tcp(HOST_SERVER, "192.0.2.10", 80, 0).seen_from, "192.0.2.100");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_fit_into_the_packets_an_interface_takes),
		cmocka_unit_test(so_do_those_of_our_own_connections),
		cmocka_unit_test(what_is_exempt_leaves_with_its_own_address),
	};

	lab_need("ip");
	lab_need("nft");
	return cmocka_run_group_tests(tests, router_up, router_down);
}
