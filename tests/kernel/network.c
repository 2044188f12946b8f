/* Links, addresses and routes made for real, and by no more changes than needed: the kernel's own news are counted. */
#include "backend/network/network.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/cleanup.h"
#include "lab.h"
#include "plan/vlan_priority.h"
#include "test.h"

static struct network_backend *backend;

/* --- Plans -------------------------------------------------------------------------------------- */

#define LINKS_ROOM 8

struct draft {
	struct network_link    links[LINKS_ROOM];
	struct network_address addresses[LINKS_ROOM][4];
	struct network_route   routes[4];
	struct network_gateway gateways[4];
	struct network         network;
};

static struct network_link *
add_link(struct draft *draft, const char *name, const char *address)
{
	const size_t         i = draft->network.nlinks++;
	struct network_link *link = &draft->links[i];

	*link = (struct network_link){ .name = name, .parent = "", .master = "", .up = true, .addresses = draft->addresses[i] };
	if (address) {
		CHECK(prefix_read(text_of(address), &draft->addresses[i][link->naddresses++].prefix));
		link->fixed4 = true;
	}
	draft->network.links = draft->links;
	draft->network.has_links = true;
	return link;
}

static void
add_route(struct draft *draft, const char *to, const char *gateway, const char *device)
{
	struct network_route *route = &draft->routes[draft->network.nroutes++];

	*route = (struct network_route){ .device = device };
	CHECK(prefix_read(text_of(to), &route->destination));
	CHECK(address_read(text_of(gateway), &route->gateway));
	draft->network.routes = draft->routes;
	draft->network.has_routes = true;
}

static struct network_gateway *
add_gateway(struct draft *draft, uint8_t number, const char *address, const char *device)
{
	struct network_gateway *gateway = &draft->gateways[draft->network.ngateways++];

	*gateway = (struct network_gateway){ .number = number, .device = device };
	CHECK(address_read(text_of(address), &gateway->address));
	gateway->family = gateway->address.family;
	draft->network.gateways = draft->gateways;
	draft->network.has_routes = true;
	return gateway;
}

static enum result
apply(const struct draft *draft, struct buffer *message)
{
	scoped_buffer bytes = BUFFER_NONE;

	network_encode(&bytes, &draft->network);
	return network_apply(backend, buffer_text(&bytes), message);
}

static void
must_apply(const struct draft *draft)
{
	struct buffer message = BUFFER_NONE;

	if (apply(draft, &message) != RESULT_DONE)
		fail_msg("%s", buffer_string(&message));
	buffer_clear(&message);
}

/* --- The kernel --------------------------------------------------------------------------------- */

static void
fresh(void)
{
	lab_fresh();
	network_backend_free(backend);
	backend = network_backend_new();
	CHECK(LAB(NULL, "ip", "link", "add", "em0", "type", "veth", "peer", "name", "far0"));
	CHECK(LAB(NULL, "ip", "link", "set", "far0", "up"));
	CHECK(LAB(NULL, "ip", "link", "add", "em1", "type", "veth", "peer", "name", "far1"));
	CHECK(LAB(NULL, "ip", "link", "set", "far1", "up"));
}

/* Does what `ip -br WHAT show dev DEVICE` prints have this in it? */
static bool
shows(const char *what, const char *device, const char *part)
{
	scoped_buffer output = BUFFER_NONE;

	CHECK(LAB(&output, "ip", "-d", what, "show", "dev", device));
	return text_contains(buffer_text(&output), text_of(part));
}

/* The kernel notices that a link is up, and gives it an address of its own, a little later. */
static bool
comes_to_show(const char *what, const char *device, const char *part)
{
	for (int i = 0; i < 3000 && !shows(what, device, part); i++)
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	return shows(what, device, part);
}

static bool
routes_by(const char *to, const char *part)
{
	scoped_buffer output = BUFFER_NONE;

	CHECK(LAB(&output, "ip", "-d", "route", "get", to));
	return text_contains(buffer_text(&output), text_of(part));
}

static int
watch(void)
{
	static const unsigned    groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE };
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	CHECK(bind(fd, (const struct sockaddr *)&any, sizeof(any)) == 0);
	for (size_t i = 0; i < COUNT(groups); i++)
		CHECK(setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof(groups[i])) == 0);
	return fd;
}

struct news {
	unsigned links, addresses, routes;
};

static int
count_one(const struct nlmsghdr *message, void *self)
{
	struct news *news = self;

	news->links += message->nlmsg_type == RTM_NEWLINK || message->nlmsg_type == RTM_DELLINK;
	news->addresses += message->nlmsg_type == RTM_NEWADDR || message->nlmsg_type == RTM_DELADDR;
	news->routes += message->nlmsg_type == RTM_NEWROUTE || message->nlmsg_type == RTM_DELROUTE;
	return MNL_CB_OK;
}

static struct news
count_news(int fd)
{
	struct news news = { 0 };
	char        room[32768];
	ssize_t     n;

	while ((n = recv(fd, room, sizeof(room), MSG_DONTWAIT)) > 0)
		mnl_cb_run(room, (size_t)n, 0, 0, count_one, &news);
	return news;
}

/* Until the kernel has no more to say of what went before: IPv6 takes its time. */
static void
settle(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	for (int i = 0; i < 50 && poll(&one, 1, 2200) > 0; i++)
		count_news(fd);
}

/* --- Tests -------------------------------------------------------------------------------------- */

TEST(an_address_changes_and_nothing_else_moves)
{
	struct draft draft = { 0 };
	struct news  news;

	fresh();
	add_link(&draft, "em0", "192.0.2.1/24")->mtu = 1400;
	add_link(&draft, "em1", "198.51.100.1/24");
	must_apply(&draft);
	CHECK(shows("address", "em0", "inet 192.0.2.1/24 brd 192.0.2.255") && shows("link", "em0", "mtu 1400"));
	CHECK(comes_to_show("link", "em1", "state UP"));

	scoped_fd fd = watch();

	settle(fd);
	must_apply(&draft);
	CHECK_NUMBER(network_steps(backend), 0);
	news = count_news(fd);
	CHECK_NUMBER(news.links + news.addresses + news.routes, 0);
	draft.addresses[0][0].prefix.address.bytes[3] = 5;
	must_apply(&draft);
	CHECK_NUMBER(network_steps(backend), 2);
	news = count_news(fd);
	CHECK_NUMBER(news.links, 0);
	CHECK(shows("address", "em0", "inet 192.0.2.5/24") && !shows("address", "em0", "192.0.2.1/24"));
	CHECK(shows("address", "em1", "198.51.100.1/24"));
}

TEST(what_is_not_configured_is_left_alone)
{
	struct draft draft = { 0 };

	fresh();
	CHECK(LAB(NULL, "ip", "address", "add", "203.0.113.1/24", "dev", "em1"));
	CHECK(LAB(NULL, "ip", "address", "add", "203.0.113.9/32", "dev", "em0"));
	CHECK(LAB(NULL, "ip", "address", "add", "203.0.113.8/32", "dev", "em0", "valid_lft", "1000", "preferred_lft", "900"));
	add_link(&draft, "em0", "192.0.2.1/24");
	must_apply(&draft);
	CHECK(shows("address", "em1", "203.0.113.1/24") && shows("link", "em1", "state DOWN"));
	CHECK(!shows("address", "em0", "203.0.113.9/32") && shows("address", "em0", "203.0.113.8/32"));
	/* What was given to a link goes when it is given nothing any more; link-local addresses stay. */
	CHECK(LAB(NULL, "ip", "address", "add", "2001:db8::8/64", "dev", "em0", "valid_lft", "1000", "preferred_lft", "900"));
	draft.links[0].own4 = draft.links[0].own6 = true;
	must_apply(&draft);
	CHECK(!shows("address", "em0", "203.0.113.8/32") && !shows("address", "em0", "2001:db8::8/64"));
	CHECK(shows("address", "em0", "192.0.2.1/24") && comes_to_show("address", "em0", "inet6 fe80:"));
	/* An interface that is configured no longer keeps nothing of ours. */
	draft.network.nlinks = 0;
	must_apply(&draft);
	CHECK(!shows("address", "em0", "192.0.2.1/24") && shows("address", "em1", "203.0.113.1/24"));
}

TEST(a_bridge_gets_its_ports_and_goes_again)
{
	struct draft         draft = { 0 };
	struct network_link *link;
	scoped_buffer        output = BUFFER_NONE;

	fresh();
	link = add_link(&draft, "bridge0", "192.0.2.1/24");
	link->kind = LINK_BRIDGE;
	add_link(&draft, "em0", NULL)->master = "bridge0";
	add_link(&draft, "em1", NULL)->master = "bridge0";
	must_apply(&draft);
	CHECK(shows("link", "em0", "master bridge0") && shows("link", "em1", "master bridge0"));
	CHECK(shows("link", "bridge0", "stp_state 0") && shows("link", "bridge0", "alias drawbridge"));
	draft.links[2].master = "";
	link->spanning = true;
	must_apply(&draft);
	CHECK(shows("link", "bridge0", "stp_state 1") && shows("link", "em0", "master bridge0"));
	CHECK(!shows("link", "em1", "master") && shows("address", "bridge0", "192.0.2.1/24"));
	must_apply(&draft);
	CHECK_NUMBER(network_steps(backend), 0);
	draft.network.nlinks = 0;
	must_apply(&draft);
	CHECK(!LAB(&output, "ip", "link", "show", "bridge0"));
}

TEST(a_vxlan_is_made_and_made_anew_when_its_number_changes)
{
	struct draft         draft = { 0 };
	struct network_link *link;

	fresh();
	add_link(&draft, "em0", "192.0.2.1/24");
	link = add_link(&draft, "vxlan0", "10.9.0.1/24");
	link->kind = LINK_VXLAN;
	link->tag = 77;
	CHECK(address_read(TEXT("192.0.2.1"), &link->local) && address_read(TEXT("192.0.2.2"), &link->remote));
	must_apply(&draft);
	CHECK(shows("link", "vxlan0", "vxlan id 77 remote 192.0.2.2 local 192.0.2.1"));
	link->tag = 78;
	must_apply(&draft);
	CHECK(shows("link", "vxlan0", "vxlan id 78") && shows("address", "vxlan0", "10.9.0.1/24"));
}

TEST(routes_follow_and_the_default_gateway_switches_in_one_step)
{
	struct draft draft = { 0 };

	fresh();
	add_link(&draft, "em0", "192.0.2.1/24");
	add_link(&draft, "em1", "198.51.100.1/24");
	add_route(&draft, "0.0.0.0/0", "192.0.2.254", "em0");
	add_route(&draft, "10.0.0.0/8", "198.51.100.9", "em1");
	must_apply(&draft);
	CHECK(routes_by("8.8.8.8", "via 192.0.2.254") && routes_by("10.1.2.3", "via 198.51.100.9"));
	draft.network.nroutes = 0;
	add_route(&draft, "0.0.0.0/0", "198.51.100.254", "em1");
	must_apply(&draft);
	CHECK_NUMBER(network_steps(backend), 2); /* one replaced, one dropped */
	CHECK(routes_by("8.8.8.8", "via 198.51.100.254"));
	/* A change of the address takes no route with it. */
	draft.addresses[1][0].prefix.address.bytes[3] = 7;
	must_apply(&draft);
	CHECK(routes_by("8.8.8.8", "via 198.51.100.254"));
}

static bool
marked_go_by(const char *mark, const char *to, const char *part)
{
	scoped_buffer output = BUFFER_NONE;

	CHECK(LAB(&output, "ip", "route", "get", to, "mark", mark));
	return text_contains(buffer_text(&output), text_of(part));
}

static size_t
count_rules(void)
{
	scoped_buffer output = BUFFER_NONE;
	struct text   rest, line;
	size_t        count = 0;

	CHECK(LAB(&output, "ip", "-N", "rule") && LAB(&output, "ip", "-6", "-N", "rule"));
	for (rest = buffer_text(&output); text_next(&rest, "\n", &line);)
		count += text_contains(line, TEXT("fwmark"));
	return count;
}

TEST(marked_packets_go_by_their_gateway_whatever_the_routes_say)
{
	struct draft draft = { 0 };

	fresh();
	add_link(&draft, "em0", "192.0.2.1/24");
	add_link(&draft, "em1", "198.51.100.1/24");
	CHECK(prefix_read(TEXT("2001:db8:1::1/64"), &draft.addresses[1][draft.links[1].naddresses++].prefix));
	add_route(&draft, "0.0.0.0/0", "192.0.2.254", "em0");
	add_gateway(&draft, 1, "192.0.2.254", "em0");
	add_gateway(&draft, 2, "198.51.100.254", "em1");
	add_gateway(&draft, 3, "2001:db8:1::fe", "em1");
	must_apply(&draft);
	CHECK_NUMBER(count_rules(), 3);
	CHECK(marked_go_by("0x02000000", "8.8.8.8", "via 198.51.100.254"));
	CHECK(marked_go_by("0x02000017", "8.8.8.8", "via 198.51.100.254"));
	CHECK(marked_go_by("0x01000000", "8.8.8.8", "via 192.0.2.254"));
	CHECK(marked_go_by("0x00000017", "8.8.8.8", "via 192.0.2.254"));
	CHECK(marked_go_by("0x03000000", "2001:db8:ffff::1", "via 2001:db8:1::fe"));
	must_apply(&draft);
	CHECK_NUMBER(network_steps(backend), 0);
	/* Another address is one step; a gateway that goes takes its rule and its table. */
	draft.gateways[1].address.bytes[3] = 253;
	must_apply(&draft);
	CHECK_NUMBER(network_steps(backend), 1);
	CHECK(marked_go_by("0x02000000", "8.8.8.8", "via 198.51.100.253"));
	draft.network.ngateways = 1;
	must_apply(&draft);
	CHECK_NUMBER(count_rules(), 1);
	CHECK(marked_go_by("0x02000000", "8.8.8.8", "via 192.0.2.254"));
}

TEST(a_gateway_waits_for_the_address_of_its_link)
{
	struct draft draft = { 0 };

	fresh();
	add_link(&draft, "em0", "192.0.2.1/24");
	add_link(&draft, "em1", NULL);
	add_route(&draft, "10.0.0.0/8", "198.51.100.254", "em1");
	add_gateway(&draft, 2, "198.51.100.254", "em1");
	must_apply(&draft);
	CHECK(LAB(NULL, "ip", "address", "add", "198.51.100.7/24", "dev", "em1"));
	must_apply(&draft);
	CHECK(routes_by("10.1.2.3", "via 198.51.100.254") && marked_go_by("0x02000000", "8.8.8.8", "via 198.51.100.254"));
}

TEST(a_plan_that_mends_does_what_it_can)
{
	struct draft  draft = { 0 };
	scoped_buffer message = BUFFER_NONE;

	fresh();
	add_link(&draft, "em0", "192.0.2.1/24");
	add_route(&draft, "10.0.0.0/8", "172.16.0.1", "em0"); /* out of reach */
	add_route(&draft, "0.0.0.0/0", "192.0.2.254", "em0");
	draft.network.mends = true;
	CHECK_NUMBER(apply(&draft, &message), RESULT_DONE);
	CHECK(text_contains(buffer_text(&message), TEXT("add route to 10.0.0.0/8 by 172.16.0.1")));
	CHECK(routes_by("8.8.8.8", "via 192.0.2.254"));
}

TEST(what_fails_leaves_everything_as_it_was)
{
	struct draft  draft = { 0 }, worse;
	scoped_buffer message = BUFFER_NONE, before = BUFFER_NONE, after = BUFFER_NONE;

	fresh();
	add_link(&draft, "em0", "192.0.2.1/24");
	add_route(&draft, "0.0.0.0/0", "192.0.2.254", "em0");
	must_apply(&draft);
	CHECK(LAB(&before, "ip", "-4", "-o", "address") && LAB(&before, "ip", "route"));
	worse = (struct draft){ 0 };
	add_link(&worse, "bridge7", "10.7.0.1/24")->kind = LINK_BRIDGE;
	add_link(&worse, "em0", "203.0.113.1/24")->mtu = 1300;
	add_link(&worse, "em1", "198.51.100.1/24");
	add_route(&worse, "10.0.0.0/8", "172.16.0.1", "em1"); /* out of reach */
	CHECK_NUMBER(apply(&worse, &message), RESULT_FAILED);
	CHECK(text_contains(buffer_text(&message), TEXT("add route to 10.0.0.0/8 by 172.16.0.1")));
	CHECK(LAB(&after, "ip", "-4", "-o", "address") && LAB(&after, "ip", "route"));
	CHECK_STRING(buffer_string(&after), buffer_string(&before));
	must_apply(&draft);
	CHECK_NUMBER(network_steps(backend), 0);
}

static const uint8_t other_mac[] = { 2, 0x11, 0x22, 0x33, 0x44, 0x55 };

TEST(a_mac_address_is_replaced_and_put_back)
{
	struct draft         draft = { 0 }, worse;
	struct network_link *bridge;
	scoped_buffer        message = BUFFER_NONE;

	fresh();
	CHECK(LAB(NULL, "ip", "link", "set", "em0", "address", "02:aa:00:00:00:01"));
	add_link(&draft, "em0", "192.0.2.1/24");
	bridge = add_link(&draft, "bridge0", "10.9.0.1/24");
	bridge->kind = LINK_BRIDGE;
	must_apply(&draft);
	CHECK(shows("link", "em0", "link/ether 02:aa:00:00:00:01"));
	memcpy(draft.links[0].mac, other_mac, sizeof(other_mac));
	memcpy(bridge->mac, other_mac, sizeof(other_mac));
	must_apply(&draft);
	CHECK(shows("link", "em0", "link/ether 02:11:22:33:44:55") && shows("link", "bridge0", "link/ether 02:11:22:33:44:55"));
	CHECK(shows("address", "bridge0", "10.9.0.1/24"));
	must_apply(&draft);
	CHECK_NUMBER(network_steps(backend), 0);
	/* What fails takes it back to the one before; so does a plan that a new keeper applies. */
	worse = draft;
	worse.links[0].addresses = worse.addresses[0];
	worse.links[1].addresses = worse.addresses[1];
	worse.network.links = worse.links;
	worse.links[0].mac[5] = 0x66;
	add_route(&worse, "10.0.0.0/8", "172.16.0.1", "em0"); /* out of reach */
	CHECK_NUMBER(apply(&worse, &message), RESULT_FAILED);
	CHECK(shows("link", "em0", "link/ether 02:11:22:33:44:55"));
	network_backend_free(backend);
	backend = network_backend_new();
	memset(draft.links[0].mac, 0, sizeof(draft.links[0].mac));
	memset(bridge->mac, 0, sizeof(bridge->mac));
	must_apply(&draft);
	CHECK(shows("link", "em0", "link/ether 02:aa:00:00:00:01") && !shows("link", "em0", "alias"));
	CHECK(!shows("link", "bridge0", "02:11:22:33:44:55"));
	must_apply(&draft);
	CHECK_NUMBER(network_steps(backend), 0);
	/* So does an interface that is configured no longer. */
	memcpy(draft.links[0].mac, other_mac, sizeof(other_mac));
	must_apply(&draft);
	CHECK(shows("link", "em0", "link/ether 02:11:22:33:44:55"));
	draft.network.nlinks = 0;
	must_apply(&draft);
	CHECK(shows("link", "em0", "link/ether 02:aa:00:00:00:01"));
}

/* Both outcomes are right; which one depends on the kernel. */
TEST(a_vlan_is_made_or_the_kernel_feature_is_named)
{
	struct draft         draft = { 0 };
	scoped_arena         arena = arena_new();
	struct network_link *link;
	scoped_buffer        message = BUFFER_NONE;
	enum result          result;

	fresh();
	add_link(&draft, "em0", "192.0.2.1/24");
	link = add_link(&draft, "vlan10", "10.10.0.1/24");
	link->kind = LINK_VLAN;
	link->parent = "em0";
	link->tag = 10;
	link->priority = 3;
	result = apply(&draft, &message);
	if (result == RESULT_DONE) {
		CHECK(shows("link", "vlan10", "vlan protocol 802.1Q id 10"));
		/* Its frames have its priority, unless a rule says otherwise; rules see those of others. */
		CHECK(shows("link", "vlan10", "egress-qos-map { 0:3 "));
		CHECK(shows("link", "vlan10", arena_print(arena, " %u:5 ", VLAN_PRIORITY_OUT(5))));
		CHECK(shows("link", "vlan10", arena_print(arena, " 5:%u ", VLAN_PRIORITY_IN(5))));
		return;
	}
	CHECK_NUMBER(result, RESULT_UNAVAILABLE);
	CHECK(text_contains(buffer_text(&message), TEXT("8021q")));
	CHECK(!shows("address", "em0", "192.0.2.1/24"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_changes_and_nothing_else_moves), cmocka_unit_test(what_is_not_configured_is_left_alone),
		cmocka_unit_test(a_bridge_gets_its_ports_and_goes_again),
		cmocka_unit_test(a_vxlan_is_made_and_made_anew_when_its_number_changes),
		cmocka_unit_test(routes_follow_and_the_default_gateway_switches_in_one_step),
		cmocka_unit_test(marked_packets_go_by_their_gateway_whatever_the_routes_say),
		cmocka_unit_test(a_gateway_waits_for_the_address_of_its_link), cmocka_unit_test(a_plan_that_mends_does_what_it_can),
		cmocka_unit_test(what_fails_leaves_everything_as_it_was),
		cmocka_unit_test(a_mac_address_is_replaced_and_put_back),
		cmocka_unit_test(a_vlan_is_made_or_the_kernel_feature_is_named),
	};

	lab_need("ip");
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	network_backend_free(backend);
	return failed;
}
