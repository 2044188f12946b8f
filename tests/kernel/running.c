/* What runs, looked at and changed: sets, connections, routes and neighbours of a network namespace of our own. */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/running/conntrack.h"
#include "backend/nft.h"
#include "backend/routes.h"
#include "backend/rules.h"
#include "lab.h"
#include "test.h"

#define PORT 5353

static struct arena *arena;

static void
run_ip(const char *a, const char *b, const char *c, const char *d, const char *e)
{
	scoped_buffer output = BUFFER_NONE;

	if (!LAB(&output, "ip", a, b, c, d, e))
		fail_msg("ip %s %s: %s", a, b, buffer_string(&output));
}

/* --- Sets ------------------------------------------------------------------------------------ */

static const struct ruleset_set sets[] = {
	{ .name = "a_lockout_4", .type = SET_IPV4, .dynamic = true, .counted = true, .timeout = 3600, .size = 100, .hash = 1 },
	{ .name = "a_nets_4n", .type = SET_IPV4, .interval = true, .dynamic = true, .size = 100, .hash = 2 },
	{ .name = "a_nets_6n", .type = SET_IPV6, .interval = true, .dynamic = true, .size = 100, .hash = 3 },
	{ .name = "p_web", .type = SET_PORT, .elements = { "\1\xbb", 2 }, .count = 1, .hash = 4 },
};
static const struct ruleset ruleset = { .sets = sets, .nsets = COUNT(sets) };

static struct nft *
open_nft(void)
{
	struct nft        *nft = NULL;
	struct nft_outcome outcome;

	lab_fresh();
	CHECK_NUMBER(nft_open(&nft), RESULT_DONE);
	if (nft_apply(nft, &ruleset, &outcome) != RESULT_DONE)
		fail_msg("%s", outcome.message);
	return nft;
}

static enum result
change(struct nft *nft, const char *set, struct text deleted, struct text added, uint32_t seconds)
{
	scoped_buffer             message = BUFFER_NONE;
	const struct table_change what = { set, seconds, false, deleted, added };

	return rules_change_table(nft, &what, &message);
}

static struct table_keys
list(struct nft *nft, const char *set)
{
	struct table_keys keys = { 0 };

	CHECK_NUMBER(nft_set_list(nft, arena, set, 100, &keys), RESULT_DONE);
	return keys;
}

#define KEYS(literal) ((struct text){ literal, sizeof(literal) - 1 })

static void
check_hash(struct nft *nft)
{
	CHECK_NUMBER(change(nft, "a_lockout_4", TEXT_NONE, KEYS("\300\0\2\1"), 60), RESULT_DONE);
	CHECK_NUMBER(change(nft, "a_lockout_4", TEXT_NONE, KEYS("\300\0\2\1"), 90), RESULT_DONE);
	CHECK_NUMBER(change(nft, "a_lockout_4", TEXT_NONE, KEYS("\300\0\2\1\300\0\2\2"), 0), RESULT_DONE);
	CHECK_NUMBER(list(nft, "a_lockout_4").count, 2);
	CHECK_NUMBER(change(nft, "a_lockout_4", KEYS("\300\0\2\3"), TEXT_NONE, 0), RESULT_MISSING);
	CHECK_NUMBER(change(nft, "a_lockout_4", KEYS("\300\0\2\1"), TEXT_NONE, 0), RESULT_DONE);
	const struct table_keys keys = list(nft, "a_lockout_4");

	CHECK(keys.count == 1 && !keys.interval && text_equal(keys.keys, KEYS("\300\0\2\2")));
	CHECK_NUMBER(nft_set_flush(nft, "a_lockout_4"), RESULT_DONE);
	CHECK_NUMBER(list(nft, "a_lockout_4").count, 0);
	CHECK_NUMBER(nft_set_flush(nft, "a_nobody_4"), RESULT_MISSING);
}

static void
check_interval(struct nft *nft, bool in_kernel)
{
	static const char sixes[32] = { 0x20, 1, [16] = 0x20, 1, [31] = 9 };

	CHECK_NUMBER(change(nft, "a_nets_4n", TEXT_NONE, KEYS("\12\0\0\0\12\0\0\377"), 0), RESULT_DONE);
	CHECK_NUMBER(change(nft, "a_nets_4n", TEXT_NONE, KEYS("\12\0\1\0\12\0\1\377"), 0), RESULT_DONE);
	CHECK_NUMBER(change(nft, "a_nets_4n", TEXT_NONE, KEYS("\360\0\0\0\377\377\377\377"), 0), RESULT_DONE);
	CHECK_NUMBER(change(nft, "a_nets_6n", TEXT_NONE, (struct text){ sixes, 32 }, 0), RESULT_DONE);
	if (in_kernel)
		CHECK_NUMBER(change(nft, "a_nets_4n", TEXT_NONE, KEYS("\12\0\0\5\12\0\0\5"), 0), RESULT_CONFLICT);
	const struct table_keys keys = list(nft, "a_nets_4n");

	CHECK(keys.interval && keys.count == 3);
	CHECK(text_equal(keys.keys, KEYS("\12\0\0\0\12\0\0\377\12\0\1\0\12\0\1\377\360\0\0\0\377\377\377\377")));
	CHECK_NUMBER(change(nft, "a_nets_4n", KEYS("\12\0\1\0\12\0\1\377"), KEYS("\12\0\1\0\12\0\2\377"), 0), RESULT_DONE);
	CHECK_NUMBER(list(nft, "a_nets_4n").count, 3);
	CHECK_NUMBER(change(nft, "a_nets_4n", KEYS("\12\0\7\0\12\0\7\377"), TEXT_NONE, 0), RESULT_MISSING);
	CHECK_NUMBER(change(nft, "a_nets_4n", TEXT_NONE, KEYS("\12\0\7\0\12\0\7\377"), 5), RESULT_REFUSED);
	CHECK(text_equal(list(nft, "a_nets_6n").keys, (struct text){ sixes, 32 }));
}

TEST(elements_of_sets_come_and_go_in_the_kernel)
{
	struct nft        *nft = open_nft();
	struct nft_outcome outcome;

	check_hash(nft);
	check_interval(nft, true);
	/* What was put there stays, also for somebody who only now looks. */
	nft_close(nft);
	CHECK_NUMBER(nft_open(&nft), RESULT_DONE);
	CHECK_NUMBER(list(nft, "a_nets_4n").count, 3);
	CHECK_NUMBER(nft_apply(nft, &ruleset, &outcome), RESULT_DONE);
	CHECK(outcome.full);
	CHECK_NUMBER(list(nft, "a_nets_4n").count, 3);
	nft_close(nft);
}

TEST(the_twin_does_as_the_kernel_does)
{
	struct nft        *nft = nft_record();
	struct nft_outcome outcome;

	CHECK_NUMBER(nft_apply(nft, &ruleset, &outcome), RESULT_DONE);
	check_hash(nft);
	check_interval(nft, false);
	CHECK_NUMBER(nft_apply(nft, &ruleset, &outcome), RESULT_DONE);
	CHECK_NUMBER(list(nft, "a_nets_4n").count, 3);
	nft_close(nft);
}

TEST(tables_are_told_with_their_numbers)
{
	struct nft   *nft = open_nft();
	struct tables tables;
	size_t        found = 0;

	CHECK_NUMBER(change(nft, "a_nets_4n", TEXT_NONE, KEYS("\12\0\0\0\12\0\0\377"), 0), RESULT_DONE);
	CHECK_NUMBER(nft_set_all(nft, arena, &tables), RESULT_DONE);
	CHECK_NUMBER(tables.n, 3);
	for (size_t i = 0; i < tables.n; i++)
		found += strcmp(tables.tables[i].name, "a_nets_4n") == 0 && tables.tables[i].count == 1;
	CHECK_NUMBER(found, 1);
	nft_close(nft);
}

/* --- Connections -------------------------------------------------------------------------------- */

/* One datagram from this port to PORT on 127.0.0.1, tracked because a rule asks for it. */
static void
talk(unsigned port)
{
	const struct sockaddr_in to = { AF_INET, htons(PORT), { htonl(INADDR_LOOPBACK) } };
	const struct sockaddr_in from = { AF_INET, htons((uint16_t)port), { htonl(INADDR_LOOPBACK) } };
	const int                one = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	CHECK(one >= 0 && bind(one, (const struct sockaddr *)&from, sizeof(from)) == 0);
	CHECK(sendto(one, "hello", 5, 0, (const struct sockaddr *)&to, sizeof(to)) == 5);
	close(one);
}

static void
track(void)
{
	scoped_buffer output = BUFFER_NONE;

	lab_fresh();
	run_ip("link", "set", "lo", "up", NULL);
	if (!LAB(&output, "nft", "add table inet t; add chain inet t c { type filter hook output priority 0; }; "
				 "add rule inet t c udp dport 5353 ct mark set 0x1000007"))
		fail_msg("nft: %s", buffer_string(&output));
	conntrack_account();
}

static uint64_t
count_matching(const struct state_filter *filter)
{
	struct states states;

	CHECK_NUMBER(conntrack_list(arena, filter, 100, &states), RESULT_DONE);
	return states.total;
}

TEST(connections_are_listed_with_what_they_counted)
{
	struct states states;
	uint64_t      count = 0, limit = 0, *by_rule = ARENA_MAKE(arena, uint64_t, 65536);

	track();
	talk(20000);
	talk(20001);
	CHECK_NUMBER(conntrack_list(arena, &(struct state_filter){ .source_port = 20000 }, 10, &states), RESULT_DONE);
	CHECK(states.n == 1 && states.total == 1);
	const struct state *one = &states.states[0];

	CHECK(one->protocol == 17 && one->mark == 0x1000007 && one->destination.port == PORT && !one->replied);
	CHECK(one->packets[0] == 1 && one->bytes[0] == 33 && one->packets[1] == 0 && one->left > 0 && one->id);
	CHECK_NUMBER(conntrack_count(&count, &limit), RESULT_DONE);
	CHECK(count >= 2 && limit >= count);
	CHECK_NUMBER(conntrack_count_by_rule(by_rule), RESULT_DONE);
	CHECK_NUMBER(by_rule[7], 2);
}

TEST(connections_are_killed_by_id_address_rule_and_all_at_once)
{
	const struct state_filter loopback = { .either = { { FAMILY_INET, { 127 } }, 8 } };
	const struct state_filter rule = { .mark = 7, .mask = 0xffff }, other = { .mark = 8, .mask = 0xffff };
	struct states             states;
	uint64_t                  killed = 0;

	track();
	for (unsigned i = 0; i < 200; i++)
		talk(20000 + i);
	CHECK_NUMBER(count_matching(&loopback), 200);
	CHECK_NUMBER(count_matching(&other), 0);
	CHECK_NUMBER(conntrack_kill(&other, &killed), RESULT_DONE);
	CHECK_NUMBER(killed, 0);
	CHECK_NUMBER(conntrack_list(arena, &rule, 1, &states), RESULT_DONE);
	CHECK(states.n == 1 && states.total == 200);
	CHECK_NUMBER(conntrack_kill(&(struct state_filter){ .id = states.states[0].id }, &killed), RESULT_DONE);
	CHECK_NUMBER(killed, 1);
	CHECK_NUMBER(conntrack_kill(&rule, &killed), RESULT_DONE);
	CHECK_NUMBER(killed, 199);
	CHECK_NUMBER(count_matching(&loopback), 0);
	talk(20000);
	CHECK_NUMBER(conntrack_kill(&(struct state_filter){ 0 }, &killed), RESULT_DONE);
	CHECK_NUMBER(killed, 1);
}

/* --- Routes and neighbours -------------------------------------------------------------------------- */

static void
make_link(void)
{
	scoped_buffer output = BUFFER_NONE;

	lab_fresh();
	if (!LAB(&output, "ip", "link", "add", "em0", "type", "veth", "peer", "name", "em1") ||
	    !LAB(&output, "ip", "link", "set", "em0", "up") || !LAB(&output, "ip", "link", "set", "em1", "up") ||
	    !LAB(&output, "ip", "address", "add", "192.0.2.1/24", "dev", "em0") ||
	    !LAB(&output, "ip", "route", "add", "default", "via", "192.0.2.254", "metric", "50") ||
	    !LAB(&output, "ip", "route", "add", "198.51.100.0/24", "nexthop", "via", "192.0.2.2", "nexthop", "via", "192.0.2.3") ||
	    !LAB(&output, "ip", "neigh", "add", "192.0.2.9", "lladdr", "02:00:00:00:00:09", "dev", "em0", "nud", "stale") ||
	    !LAB(&output, "ip", "neigh", "add", "192.0.2.8", "lladdr", "02:00:00:00:00:08", "dev", "em0", "nud", "permanent"))
		fail_msg("%s", buffer_string(&output));
}

TEST(routes_are_read_hop_by_hop)
{
	struct routes routes;
	size_t        defaults = 0, hops = 0;

	make_link();
	CHECK_NUMBER(routes_read(arena, &routes), RESULT_DONE);
	for (size_t i = 0; i < routes.n; i++) {
		const struct route *one = &routes.routes[i];
		const char         *to = prefix_print(arena, &one->destination);

		if (one->table != 254 || one->destination.address.family != FAMILY_INET)
			continue;
		if (strcmp(to, "0.0.0.0/0") == 0 && one->metric == 50 && one->is_static && one->link > 1 &&
		    strcmp(address_print(arena, &one->gateway), "192.0.2.254") == 0)
			defaults++;
		hops += strcmp(to, "198.51.100.0/24") == 0 && one->gateway.bytes[3] >= 2 && one->gateway.bytes[3] <= 3;
	}
	CHECK(defaults == 1 && hops == 2);
}

TEST(neighbours_are_read_and_forgotten)
{
	const struct address every = { .family = FAMILY_INET }, permanent = { FAMILY_INET, { 192, 0, 2, 8 } };
	struct neighbours    neighbours;
	uint32_t             forgotten = 0;

	make_link();
	CHECK_NUMBER(neighbours_read(arena, &neighbours), RESULT_DONE);
	CHECK_NUMBER(neighbours.n, 2);
	for (size_t i = 0; i < neighbours.n; i++) {
		const struct neighbour *one = &neighbours.neighbours[i];

		CHECK(one->has_mac && one->mac[5] == one->address.bytes[3] && one->link > 1);
		CHECK_NUMBER(one->state, one->mac[5] == 8 ? NEIGHBOUR_PERMANENT : NEIGHBOUR_STALE);
	}
	CHECK_NUMBER(neighbours_forget(&every, &forgotten), RESULT_DONE);
	CHECK_NUMBER(forgotten, 1);
	CHECK_NUMBER(neighbours_forget(&permanent, &forgotten), RESULT_DONE);
	CHECK_NUMBER(forgotten, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_of_sets_come_and_go_in_the_kernel),
		cmocka_unit_test(the_twin_does_as_the_kernel_does),
		cmocka_unit_test(tables_are_told_with_their_numbers),
		cmocka_unit_test(connections_are_listed_with_what_they_counted),
		cmocka_unit_test(connections_are_killed_by_id_address_rule_and_all_at_once),
		cmocka_unit_test(routes_are_read_hop_by_hop),
		cmocka_unit_test(neighbours_are_read_and_forgotten),
	};

	lab_need("nft");
	lab_need("ip");
	arena = arena_new();
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(arena);
	return failed;
}
