/* By which links packets pass, and what they look like there. */
#include "proc/flow/passing.h"

#include <stdio.h>
#include <string.h>

#include "plan/network/network.h"
#include "test.h"

enum { LO = 1, EM0, EM1, EM2 };

static const struct link known[] = {
	{ .index = LO, .name = "lo" }, { .index = EM0, .name = "em0" }, { .index = EM1, .name = "em1" }, { .index = EM2, .name = "em2" },
};
static const struct links links = { known, COUNT(known) };

#define NET(a, b, c, d, length) { { FAMILY_INET, { a, b, c, d } }, length }

static const struct route table[] = {
	{ .destination = NET(0, 0, 0, 0, 0), .link = EM0, .table = ROUTE_TABLE_MAIN, .metric = 10 },
	{ .destination = NET(0, 0, 0, 0, 0), .link = EM2, .table = ROUTE_TABLE_MAIN, .metric = 20 },
	{ .destination = NET(10, 1, 0, 0, 24), .link = EM1, .table = ROUTE_TABLE_MAIN },
	{ .destination = NET(10, 0, 0, 0, 8), .link = EM2, .table = ROUTE_TABLE_MAIN },
	{ .destination = NET(10, 9, 0, 0, 16), .kind = ROUTE_BLACKHOLE, .table = ROUTE_TABLE_MAIN },
	{ .destination = NET(10, 1, 0, 1, 32), .kind = ROUTE_LOCAL, .link = LO, .table = 255 },
	{ .destination = NET(192, 0, 2, 1, 32), .kind = ROUTE_LOCAL, .link = LO, .table = 255 },
	{ .destination = NET(0, 0, 0, 0, 0), .link = EM2, .table = NETWORK_TABLE(3) },
};
static const struct routes routes = { table, COUNT(table) };

static const struct passing_links watched = { .links = { { "em0", false }, { "em1", false } }, .n = 2 };

static struct state_end
host(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port)
{
	return (struct state_end){ { FAMILY_INET, { a, b, c, d } }, port };
}

/* From the LAN, translated to the address of the WAN. */
static struct state
translated(void)
{
	return (struct state){ .protocol = 6, .source = host(10, 1, 0, 10, 1000), .destination = host(198, 51, 100, 7, 443),
			       .reply_source = host(198, 51, 100, 7, 443), .reply_destination = host(192, 0, 2, 1, 5000) };
}

static void
note(void *self, const struct passing *passing)
{
	struct buffer *out = self;
	scoped_arena   arena = arena_new();

	buffer_print(out, "%s %s %s:%u>%s:%u %u %u-%u %llu/%llu\n", passing->device, passing->is_out ? "out" : "in",
		     address_print(arena, &passing->source.address), passing->source.port,
		     address_print(arena, &passing->destination.address), passing->destination.port, passing->service, passing->in,
		     passing->out, (unsigned long long)passing->packets, (unsigned long long)passing->octets);
}

static void
check_passings(const struct state *one, const struct passing_links *where, uint64_t there, uint64_t back, const char *wanted)
{
	struct ways               *ways = ways_new(&links, &routes);
	const struct meter_reading reading = { one, { there, back }, { there * 100, back * 10 }, 1, 2, false };
	scoped_buffer              out = BUFFER_NONE;

	passing_each(&reading, ways, where, note, &out);
	CHECK_STRING(buffer_string(&out), wanted);
	ways_free(ways);
}

TEST(packets_pass_two_links_each_way_with_the_addresses_they_have_there)
{
	const struct state one = translated();

	check_passings(&one, &watched, 3, 2,
		       "em1 in 10.1.0.10:1000>198.51.100.7:443 443 3-2 3/300\n"
		       "em0 out 192.0.2.1:5000>198.51.100.7:443 443 3-2 3/300\n"
		       "em0 in 198.51.100.7:443>192.0.2.1:5000 443 2-3 2/20\n"
		       "em1 out 198.51.100.7:443>10.1.0.10:1000 443 2-3 2/20\n");
}

TEST(what_begins_or_ends_here_passes_one_link)
{
	struct state one = { .protocol = 17, .source = host(10, 1, 0, 10, 1000), .destination = host(10, 1, 0, 1, 53),
			       .reply_source = host(10, 1, 0, 1, 53), .reply_destination = host(10, 1, 0, 10, 1000) };

	check_passings(&one, &watched, 1, 0, "em1 in 10.1.0.10:1000>10.1.0.1:53 53 3-0 1/100\n");
	one = (struct state){ .protocol = 17, .source = host(192, 0, 2, 1, 1000), .destination = host(8, 8, 8, 8, 53),
				.reply_source = host(8, 8, 8, 8, 53), .reply_destination = host(192, 0, 2, 1, 1000) };
	check_passings(&one, &watched, 1, 0, "em0 out 192.0.2.1:1000>8.8.8.8:53 53 0-2 1/100\n");
	/* Nowhere to go. */
	one.destination = one.reply_source = host(10, 9, 1, 1, 53);
	check_passings(&one, &watched, 1, 0, "");
}

TEST(only_links_that_are_watched_and_ways_that_count_are_told)
{
	const struct passing_links out_only = { .links = { { "em0", true } }, .n = 1 };
	const struct state         one = translated();

	check_passings(&one, &out_only, 3, 2, "em0 out 192.0.2.1:5000>198.51.100.7:443 443 3-2 3/300\n");
}

TEST(gateways_of_rules_go_before_routes)
{
	static const struct passing_links third = { .links = { { "em2", false } }, .n = 1 };
	struct state                      one = translated();

	one.mark = NETWORK_MARK(3);
	check_passings(&one, &third, 1, 0, "em2 out 192.0.2.1:5000>198.51.100.7:443 443 3-4 1/100\n");
	/* It is that of the answers: he came in by it. */
	one.source = host(203, 0, 113, 5, 1000);
	one.mark |= NETWORK_MARK_REPLY;
	check_passings(&one, &third, 1, 0, "em2 in 203.0.113.5:1000>198.51.100.7:443 443 4-2 1/100\n");
	/* There is no such gateway. */
	one.mark = NETWORK_MARK(255);
	check_passings(&one, &third, 1, 0, "");
}

TEST(the_numbers_of_icmp_are_no_ports)
{
	struct state one = translated();

	one.protocol = 1;
	check_passings(&one, &watched, 1, 0,
		       "em1 in 10.1.0.10:0>198.51.100.7:0 0 3-2 1/100\nem0 out 192.0.2.1:0>198.51.100.7:0 0 3-2 1/100\n");
}

TEST(links_are_known_by_name_and_number)
{
	struct ways *ways = ways_new(&links, &routes);

	CHECK_STRING(ways_name(ways, EM1), "em1");
	CHECK_STRING(ways_name(ways, 0), "");
	CHECK_STRING(ways_name(ways, 99), "");
	CHECK_NUMBER(ways_link(ways, "em2"), EM2);
	CHECK_NUMBER(ways_link(ways, "em9"), 0);
	ways_free(ways);
}

RUN(cmocka_unit_test(packets_pass_two_links_each_way_with_the_addresses_they_have_there),
    cmocka_unit_test(what_begins_or_ends_here_passes_one_link),
    cmocka_unit_test(only_links_that_are_watched_and_ways_that_count_are_told), cmocka_unit_test(gateways_of_rules_go_before_routes),
    cmocka_unit_test(the_numbers_of_icmp_are_no_ports), cmocka_unit_test(links_are_known_by_name_and_number));
