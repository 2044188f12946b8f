/* Answering for addresses, by no more changes than needed, undone when something fails; what others made is left alone. */
#include "backend/network/network.h"

#include <string.h>

#include "lab.h"
#include "test.h"

static struct network_backend *backend;

static const struct network_address addresses[] = { { .prefix = { { FAMILY_INET, { 192, 0, 2, 1 } }, 24 } } };

static const struct network_link links[] = {
	{ .name = "em0", .parent = "", .master = "", .up = true, .fixed4 = true, .addresses = addresses, .naddresses = 1 },
	{ .name = NETWORK_NOWHERE, .parent = "", .master = "", .kind = LINK_LOOPBACK, .up = true },
};

static const struct network_proxy proxies[] = {
	{ .prefix = { { FAMILY_INET, { 192, 0, 2, 64 } }, 30 }, .device = "em0", .leads_away = true },
	{ .prefix = { { FAMILY_INET6, { 0x20, 1, 0xd, 0xb8 } }, 128 }, .device = "em0" },
	{ .prefix = { { FAMILY_INET, { 192, 0, 2, 66 } }, 32 }, .device = "em0", .leads_away = true }, /* once more */
	{ .prefix = { { FAMILY_INET, { 192, 0, 2, 9 } }, 32 }, .device = "em7" }, /* there is none */
};

static const struct network_route out_of_reach = {
	.destination = { { FAMILY_INET, { 10 } }, 8 }, .gateway = { FAMILY_INET, { 172, 16, 0, 1 } }, .device = "em0",
};

static enum result
apply(const struct network *network)
{
	scoped_buffer bytes = BUFFER_NONE, message = BUFFER_NONE;

	network_encode(&bytes, network);
	return network_apply(backend, buffer_text(&bytes), &message);
}

/* With their rules and routes, in the kernel's order. */
static const char *
all_proxies(struct arena *arena)
{
	scoped_buffer said = BUFFER_NONE;

	CHECK(LAB(&said, "ip", "neigh", "show", "proxy"));
	CHECK(LAB(&said, "ip", "-N", "rule", "show", "table", "251") && LAB(&said, "ip", "route", "show", "table", "all", "dev", "em0"));
	return arena_copy(arena, buffer_text(&said));
}

static size_t
count(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part))) {
		n++;
		text++;
	}
	return n;
}

/* What the settings of answers say; in the arena. */
static const char *
settings(struct arena *arena)
{
	scoped_buffer said = BUFFER_NONE;

	CHECK(LAB(&said, "cat", "/proc/sys/net/ipv4/neigh/em0/proxy_delay", "/proc/sys/net/ipv6/neigh/em0/proxy_delay",
		  "/proc/sys/net/ipv6/conf/em0/proxy_ndp"));
	return arena_copy(arena, buffer_text(&said));
}

static void
fresh(void)
{
	lab_fresh();
	network_backend_free(backend);
	backend = network_backend_new();
	CHECK(LAB(NULL, "ip", "link", "add", "em0", "type", "veth", "peer", "name", "far0"));
	CHECK(LAB(NULL, "ip", "neigh", "add", "proxy", "203.0.113.1", "dev", "em0"));
}

TEST(answering_takes_the_fewest_changes)
{
	scoped_arena   arena = arena_new();
	struct network network = { .has_links = true, .links = links, .nlinks = 2, .proxies = proxies, .nproxies = COUNT(proxies) };
	const char    *said;

	fresh();
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	said = all_proxies(arena);
	CHECK_NUMBER(count(said, "192.0.2.6"), 4);
	CHECK(count(said, "2001:db8::") == 1 && count(said, "203.0.113.1") == 1 && count(said, "iif em0") == 1);
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	CHECK_NUMBER(network_steps(backend), 0);
	/* One less: four entries and a route; the rule is still needed. */
	network.proxies = proxies + 1;
	network.nproxies = 2;
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	CHECK_NUMBER(network_steps(backend), 4);
	CHECK_NUMBER(count(all_proxies(arena), "192.0.2.6"), 1);
	network.nproxies = 0;
	network.nlinks = 1;
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	said = all_proxies(arena);
	CHECK(count(said, "192.0.2.6") == 0 && count(said, "iif") == 0 && count(said, "203.0.113.1") == 1);
}

TEST(settings_of_answers_end_with_the_last_one_and_come_back_when_that_fails)
{
	scoped_arena   arena = arena_new();
	struct network network = { .has_links = true, .has_routes = true, .links = links, .nlinks = 2, .proxies = proxies + 1,
				   .nproxies = 2 };
	const char    *before;

	fresh();
	CHECK(LAB(NULL, "ip", "neigh", "del", "proxy", "203.0.113.1", "dev", "em0"));
	before = settings(arena);
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	CHECK_STRING(settings(arena), "0\n0\n1\n");
	/* One family is left. */
	network.nproxies = 1;
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	CHECK_STRING(settings(arena), "80\n0\n1\n");
	network.nproxies = 0;
	network.routes = &out_of_reach;
	network.nroutes = 1;
	CHECK_NUMBER(apply(&network), RESULT_FAILED);
	CHECK_STRING(settings(arena), "80\n0\n1\n");
	network.nroutes = 0;
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	CHECK_STRING(settings(arena), before);
	CHECK_STRING(before, "80\n80\n0\n");
	/* Where somebody else answers for an address, they stay. */
	CHECK(LAB(NULL, "ip", "neigh", "add", "proxy", "203.0.113.1", "dev", "em0"));
	network.nproxies = 2;
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	network.nproxies = 0;
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	CHECK_STRING(settings(arena), "0\n80\n0\n");
}

TEST(what_fails_leaves_the_answers_as_they_were)
{
	scoped_arena   arena = arena_new();
	struct network network = { .has_links = true, .has_routes = true, .links = links, .nlinks = 2, .proxies = proxies, .nproxies = 1 };
	const char    *before;

	fresh();
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	before = all_proxies(arena);
	network.proxies = proxies + 1;
	network.routes = &out_of_reach;
	network.nroutes = 1;
	CHECK_NUMBER(apply(&network), RESULT_FAILED);
	CHECK_STRING(all_proxies(arena), before);
	/* Nor is anything left of the link that they led to. */
	network.nproxies = 0;
	network.nlinks = 1;
	CHECK_NUMBER(apply(&network), RESULT_FAILED);
	CHECK_STRING(all_proxies(arena), before);
	network.nroutes = 0;
	network.nlinks = 2;
	network.proxies = proxies;
	network.nproxies = 1;
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	CHECK_NUMBER(network_steps(backend), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answering_takes_the_fewest_changes),
		cmocka_unit_test(settings_of_answers_end_with_the_last_one_and_come_back_when_that_fails),
		cmocka_unit_test(what_fails_leaves_the_answers_as_they_were),
	};

	lab_need("ip");
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	network_backend_free(backend);
	return failed;
}
