/* The plan of the network on its way to the keeper: nothing but what network_encode() makes gets through. */
#include "plan/network/network.h"

#include "test.h"

static const struct network_address addresses[] = {
	{ .prefix = { { FAMILY_INET, { 192, 0, 2, 1 } }, 24 } },
	{ .prefix = { { FAMILY_INET6, { 0x20, 1, 0xd, 0xb8 } }, 64 } },
};

static const struct network_route routes[] = {
	{ .destination = { { FAMILY_INET, { 10 } }, 8 }, .gateway = { FAMILY_INET, { 192, 0, 2, 9 } }, .device = "em0" },
	{ .destination = { { FAMILY_INET6, { 0xfd } }, 8 }, .device = "", .discards = true },
	{ .destination = { { FAMILY_INET }, 0 }, .device = "ppp0" },
};

static const struct network_gateway gateways[] = {
	{ .number = 1, .family = FAMILY_INET, .address = { FAMILY_INET, { 192, 0, 2, 9 } }, .device = "em0" },
	{ .number = NETWORK_GATEWAYS_MAX, .family = FAMILY_INET6, .device = "ppp0", .far = true },
};

static const struct network_neighbour neighbours[] = {
	{ .address = { FAMILY_INET, { 192, 0, 2, 7 } }, .device = "em0", .mac = { 2, 0, 0, 0, 0, 7 } },
};

static const struct network_proxy proxies[] = {
	{ .prefix = { { FAMILY_INET, { 192, 0, 2, 64 } }, 28 }, .device = "em0", .leads_away = true },
	{ .prefix = { { FAMILY_INET6, { 0xfd } }, 128 }, .device = "em1" },
};

static bool
passes(const struct network *network)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  bytes = BUFFER_NONE;
	struct network back;

	network_encode(&bytes, network);
	return network_decode(arena, buffer_text(&bytes), &back);
}

static struct network
some_network(const struct network_link *links, size_t n)
{
	return (struct network){
		.has_links = true, .has_routes = true, .links = links, .nlinks = n, .routes = routes, .nroutes = COUNT(routes),
		.neighbours = neighbours, .nneighbours = COUNT(neighbours), .gateways = gateways, .ngateways = COUNT(gateways),
		.proxies = proxies, .nproxies = COUNT(proxies),
	};
}

static const struct network_link good[] = {
	{ .name = "bridge0", .parent = "", .master = "", .kind = LINK_BRIDGE, .up = true, .spanning = true },
	{ .name = "em0", .parent = "", .master = "bridge0", .up = true, .fixed4 = true, .mtu = 1400, .mac = { 2, 0, 0, 0, 0, 9 }, .addresses = addresses,
	  .naddresses = COUNT(addresses) },
	{ .name = "em0.10", .parent = "em0", .master = "", .kind = LINK_VLAN, .tag = 10, .priority = 7 },
	{ .name = "wg0", .parent = "", .master = "", .comes = true, .while_here = { FAMILY_INET6, { 0xfd } } },
};

TEST(what_was_written_is_read_again)
{
	scoped_arena         arena = arena_new();
	scoped_buffer        bytes = BUFFER_NONE, again = BUFFER_NONE;
	const struct network network = some_network(good, COUNT(good));
	struct network       back;

	network_encode(&bytes, &network);
	CHECK(network_decode(arena, buffer_text(&bytes), &back));
	CHECK_STRING(back.links[1].master, "bridge0");
	CHECK(memcmp(back.links[1].mac, good[1].mac, sizeof(good[1].mac)) == 0);
	CHECK_NUMBER(back.links[2].tag, 10);
	CHECK_NUMBER(back.links[2].priority, 7);
	CHECK(back.links[3].comes && back.links[3].while_here.family == FAMILY_INET6 && !back.links[0].while_here.family);
	network_encode(&again, &back);
	CHECK(text_equal(buffer_text(&bytes), buffer_text(&again)));
}

TEST(a_truncated_or_longer_plan_is_refused)
{
	scoped_arena         arena = arena_new();
	scoped_buffer        bytes = BUFFER_NONE;
	const struct network network = some_network(good, COUNT(good));
	struct network       back;

	network_encode(&bytes, &network);
	for (size_t n = 0; n < bytes.len; n++)
		CHECK(!network_decode(arena, text_first(buffer_text(&bytes), n), &back));
	buffer_add_byte(&bytes, 0);
	CHECK(!network_decode(arena, buffer_text(&bytes), &back));
}

TEST(hostile_names_are_refused)
{
	static const char *const names[] = { "", ".", "..", "a/b", "a b", "a\n", "-x", "abcdefghijklmnop", "\xc3\xa9", "a;b", "a%s" };

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct network_link link = { .name = names[i], .parent = "", .master = "" };
		const struct network      network = { .has_links = true, .links = &link, .nlinks = 1 };

		CHECK(!passes(&network));
	}
}

TEST(a_plan_that_makes_no_sense_is_refused)
{
	const struct network_link unordered[] = { good[1], good[0] };
	const struct network_link twice[] = { good[0], good[0] };
	const struct network_link untagged[] = { { .name = "em0", .parent = "", .master = "" },
						 { .name = "v", .parent = "em0", .master = "", .kind = LINK_VLAN } };
	const struct network_link urgent[] = { { .name = "em0", .parent = "", .master = "" },
					       { .name = "v", .parent = "em0", .master = "", .kind = LINK_VLAN, .tag = 1, .priority = 8 } };
	const struct network_link one_ended[] = { { .name = "gre0", .parent = "", .master = "", .kind = LINK_GRE } };
	const struct network_route with_host_bits = { .destination = { { FAMILY_INET, { 10, 0, 0, 1 } }, 8 }, .device = "" };
	const struct network_route on_nothing = { .destination = { { FAMILY_INET, { 10 } }, 8 }, .device = "" };
	const struct network_route both = { .destination = { { FAMILY_INET, { 10 } }, 8 }, .device = "em0", .discards = true };
	const struct network_gateway alike[] = { gateways[0], gateways[0] };
	const struct network_gateway wrong[] = {
		{ .number = 0, .family = FAMILY_INET, .device = "em0" },
		{ .number = NETWORK_GATEWAYS_MAX + 1, .family = FAMILY_INET, .device = "em0" },
		{ .number = 1, .family = FAMILY_NONE, .device = "em0" },
		{ .number = 1, .family = FAMILY_INET, .device = "" },
		{ .number = 1, .family = FAMILY_INET, .device = "../x" },
		{ .number = 1, .family = FAMILY_INET6, .address = { FAMILY_INET, { 1 } }, .device = "em0" },
	};
	const struct network_route homeless = { .destination = { { FAMILY_INET, { 10 } }, 8 }, .device = "",
						.gateway = { FAMILY_INET, { 1, 2, 3, 4 } } };
	const struct network cases[] = {
		{ .has_links = true, .links = unordered, .nlinks = 2 }, { .has_links = true, .links = twice, .nlinks = 2 },
		{ .has_links = true, .links = untagged, .nlinks = 2 },  { .has_links = true, .links = one_ended, .nlinks = 1 },
		{ .has_links = true, .links = urgent, .nlinks = 2 },
		{ .has_routes = true, .routes = &with_host_bits, .nroutes = 1 },
		{ .has_routes = true, .routes = &homeless, .nroutes = 1 }, { .has_links = false, .links = good, .nlinks = 1 },
	};

	const struct network more[] = {
		{ .has_routes = true, .routes = &on_nothing, .nroutes = 1 }, { .has_routes = true, .routes = &both, .nroutes = 1 },
		{ .has_routes = true, .gateways = alike, .ngateways = 2 }, { .gateways = gateways, .ngateways = 1 },
	};

	const struct network_proxy answers[][2] = {
		{ { .prefix = { { FAMILY_INET, { 192, 0, 2, 1 } }, 24 }, .device = "em0" }, proxies[1] }, /* host bits */
		{ { .prefix = { { FAMILY_INET, { 10 } }, 8 }, .device = "em0" }, proxies[1] },
		{ { .prefix = { { FAMILY_INET6, { 0xfd } }, 8 }, .device = "em0" }, proxies[1] },
		{ { .prefix = { { FAMILY_INET, { 10 } }, 20 }, .device = "em0" }, proxies[1] }, /* one too many */
		{ { .prefix = { { FAMILY_INET6, { 0xfd } }, 128 }, .device = "em0", .leads_away = true }, proxies[1] },
		{ { .prefix = { { FAMILY_INET, { 10 } }, 32 }, .device = "../x" }, proxies[1] },
	};

	for (size_t i = 0; i < COUNT(answers); i++)
		CHECK(!passes(&(struct network){ .has_links = true, .proxies = answers[i], .nproxies = 2 }));
	CHECK(passes(&(struct network){ .has_links = true, .proxies = answers[3], .nproxies = 1 }));
	CHECK(!passes(&(struct network){ .has_routes = true, .proxies = proxies, .nproxies = 1 }));
	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(!passes(&cases[i]));
	for (size_t i = 0; i < COUNT(more); i++)
		CHECK(!passes(&more[i]));
	for (size_t i = 0; i < COUNT(wrong); i++)
		CHECK(!passes(&(struct network){ .has_routes = true, .gateways = &wrong[i], .ngateways = 1 }));
}

RUN(cmocka_unit_test(what_was_written_is_read_again), cmocka_unit_test(a_truncated_or_longer_plan_is_refused),
    cmocka_unit_test(hostile_names_are_refused), cmocka_unit_test(a_plan_that_makes_no_sense_is_refused));
