/* Addresses to listen on, and who counts as one peer. */
#include "http/sockaddr.h"

#include <netinet/in.h>

#include "http/peers.h"
#include "test.h"

TEST(an_address_and_port_is_read)
{
	/* clang-format off */
	static const struct {
		const char *text;
		const char *address; /* NULL: refused */
		uint16_t    port;
	} cases[] = {
		{ "127.0.0.1:8080",        "127.0.0.1",   8080 },
		{ "0.0.0.0:0",             "0.0.0.0",     0 },
		{ "[::1]:443",             "::1",         443 },
		{ "[2001:db8::1%lo]:65535", "2001:db8::1", 65535 },
		{ "[::ffff:192.0.2.1]:1",  "192.0.2.1",   1 },
		{ "", NULL, 0 }, { ":1", NULL, 0 }, { "1", NULL, 0 }, { "a:1", NULL, 0 }, { "127.0.0.1", NULL, 0 },
		{ "127.0.0.1:", NULL, 0 }, { "127.0.0.1:65536", NULL, 0 }, { "127.0.0.1:-0", NULL, 0 },
		{ "127.0.0.1:1 ", NULL, 0 }, { "::1:1", NULL, 0 }, { "[]:1", NULL, 0 }, { "[::1:1", NULL, 0 },
		{ "[127.0.0.1]:1", NULL, 0 }, { "[::1%]:1", NULL, 0 }, { "[::1%nosuchdevice0]:1", NULL, 0 },
		{ "[::1%aaaaaaaaaaaaaaaaaaaaaaaa]:1", NULL, 0 },
	};
	/* clang-format on */
	scoped_arena arena = arena_new();

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sockaddr_storage name;
		struct address          address;
		socklen_t               len;
		uint16_t                port;

		if (sockaddr_parse(text_of(cases[i].text), &name, &len) !=
		    (cases[i].address != NULL))
			fail_msg("%s", cases[i].text);
		if (!cases[i].address)
			continue;
		sockaddr_read((struct sockaddr *)&name, &address, &port);
		CHECK_STRING(address_print(arena, &address), cases[i].address);
		CHECK_NUMBER(port, cases[i].port);
	}
}

static struct peers_slot *
find(struct peers *peers, const char *text)
{
	struct address address;

	CHECK(address_read(text_of(text), &address));
	return peers_find(peers, &address);
}

TEST(loopback_and_unix_sockets_are_not_counted)
{
	struct peers        *peers = peers_new();
	const struct address none = { FAMILY_NONE, { 0 } };

	CHECK(!find(peers, "127.0.0.1"));
	CHECK(!find(peers, "127.1.2.3"));
	CHECK(!find(peers, "::1"));
	CHECK(!peers_find(peers, &none));
	CHECK(!peers_full(NULL, 0));
	peers_come(NULL);
	peers_go(NULL);
	peers_free(peers);
}

TEST(an_ipv6_network_counts_as_one_peer)
{
	struct peers *peers = peers_new();

	CHECK(find(peers, "2001:db8::1") == find(peers, "2001:db8::ffff:1"));
	CHECK(find(peers, "2001:db8:0:1::1") != find(peers, "2001:db8:0:2::1") ||
	      find(peers, "2001:db8:0:1::1") != find(peers, "2001:db8:0:3::1"));
	CHECK(find(peers, "192.0.2.1") != find(peers, "192.0.2.2") ||
	      find(peers, "192.0.2.1") != find(peers, "192.0.2.3"));
	peers_free(peers);
}

TEST(a_peer_is_full_at_its_limit_and_not_before)
{
	struct peers      *peers = peers_new();
	struct peers_slot *slot = find(peers, "192.0.2.1");

	for (int i = 0; i < 3; i++) {
		CHECK(!peers_full(slot, 3));
		peers_come(slot);
	}
	CHECK(peers_full(slot, 3));
	peers_go(slot);
	CHECK(!peers_full(slot, 3));
	peers_free(peers);
}

TEST(the_table_spreads_its_peers)
{
	scoped_arena  arena = arena_new();
	struct peers *peers = peers_new();
	unsigned      crowded = 0;

	for (int i = 0; i < 2000; i++)
		peers_come(find(peers, arena_print(arena, "10.0.%d.%d", i / 250, i % 250)));
	for (int i = 0; i < 2000; i++)
		crowded += peers_full(
			find(peers, arena_print(arena, "10.0.%d.%d", i / 250, i % 250)), 4);
	CHECK(crowded < 50);
	peers_free(peers);
}

RUN(cmocka_unit_test(an_address_and_port_is_read),
    cmocka_unit_test(loopback_and_unix_sockets_are_not_counted),
    cmocka_unit_test(an_ipv6_network_counts_as_one_peer),
    cmocka_unit_test(a_peer_is_full_at_its_limit_and_not_before),
    cmocka_unit_test(the_table_spreads_its_peers));
