/* A link that is dropped or made anew, and the ports it had, when what comes after it fails. */
#include "backend/network/network.h"

#include "lab.h"
#include "test.h"

static struct network_backend *backend;

static const struct network_address addresses[] = { { .prefix = { { FAMILY_INET, { 192, 0, 2, 1 } }, 24 } } };

static const struct network_route out_of_reach = {
	.destination = { { FAMILY_INET, { 10 } }, 8 }, .gateway = { FAMILY_INET, { 172, 16, 0, 1 } }, .device = "em2",
};

static enum result
apply(const struct network *network)
{
	scoped_buffer bytes = BUFFER_NONE, message = BUFFER_NONE;

	network_encode(&bytes, network);
	const enum result result = network_apply(backend, buffer_text(&bytes), &message);

	/* Undoing says nothing when all of it went well. */
	CHECK(!text_contains(buffer_text(&message), TEXT(";")));
	return result;
}

static void
fresh(void)
{
	lab_fresh();
	network_backend_free(backend);
	backend = network_backend_new();
	CHECK(LAB(NULL, "ip", "link", "add", "em0", "type", "veth", "peer", "name", "far0"));
	CHECK(LAB(NULL, "ip", "link", "add", "em1", "type", "veth", "peer", "name", "far1"));
	CHECK(LAB(NULL, "ip", "link", "add", "em2", "type", "veth", "peer", "name", "far2"));
}

/* Is it a port of the bridge, and up? */
static bool
is_port(const char *device)
{
	scoped_buffer said = BUFFER_NONE;

	CHECK(LAB(&said, "ip", "-o", "link", "show", "dev", device));
	return text_contains(buffer_text(&said), TEXT("master bridge0")) && text_contains(buffer_text(&said), TEXT(",UP"));
}

TEST(a_bridge_that_comes_back_has_its_ports)
{
	struct network_link links[] = {
		{ .name = "bridge0", .parent = "", .master = "", .kind = LINK_BRIDGE, .up = true },
		{ .name = "em0", .parent = "", .master = "bridge0", .up = true },
		{ .name = "em1", .parent = "", .master = "bridge0", .up = true },
		{ .name = "em2", .parent = "", .master = "", .up = true, .fixed4 = true, .addresses = addresses, .naddresses = 1 },
	};
	struct network network = { .has_links = true, .has_routes = true, .links = links, .nlinks = COUNT(links) };

	fresh();
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	CHECK(is_port("em0") && is_port("em1"));
	/* Made anew, as what it is made of differs; then dropped. */
	network.routes = &out_of_reach;
	network.nroutes = 1;
	links[0].spanning = !links[0].spanning;
	CHECK_NUMBER(apply(&network), RESULT_FAILED);
	CHECK(is_port("em0") && is_port("em1"));
	links[1].master = links[2].master = "";
	network.links = links + 1;
	network.nlinks = COUNT(links) - 1;
	CHECK_NUMBER(apply(&network), RESULT_FAILED);
	CHECK(is_port("em0") && is_port("em1"));
	/* And what does not fail is done. */
	network.nroutes = 0;
	CHECK_NUMBER(apply(&network), RESULT_DONE);
	CHECK(!is_port("em0") && !is_port("em1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_bridge_that_comes_back_has_its_ports) };

	lab_need("ip");
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	network_backend_free(backend);
	return failed;
}
