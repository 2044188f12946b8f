/* From records to the links of the plan. */
#include "plan/network/read.h"

#include <string.h>

#include "planned.h"
#include "test.h"

static const struct network_link *
plan_link(struct planned *planned, const char *name)
{
	const struct network network =
		network_read(planned->arena, (struct network_wish){ .links = planned->snapshot }, &planned->missing);

	for (size_t i = 0; i < network.nlinks; i++)
		if (strcmp(network.links[i].name, name) == 0)
			return &network.links[i];
	return NULL;
}

TEST(an_interface_may_have_a_mac_address_that_a_device_can_have)
{
	static const struct {
		const char *text, *enabled;
		uint8_t     mac[6];
		bool        is_missing;
	} cases[] = {
		{ "", "1", { 0 }, false },
		{ "02:11:22:33:44:5F", "1", { 2, 0x11, 0x22, 0x33, 0x44, 0x5f }, false },
		{ "02:11:22:33:44:5f", "0", { 0 }, false },
		{ "01:11:22:33:44:55", "1", { 0 }, true }, /* a group's */
		{ "02:11:22:33:44", "1", { 0 }, true },
		{ "02:11:22:33:44:5g", "1", { 0 }, true },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = planned_new();

		planned_put(planned, "interfaces.interface", "lan", "enable", cases[i].enabled, "if", "em0", "spoofmac",
			    cases[i].text, NULL);
		const struct network_link *link = plan_link(planned, "em0");

		CHECK(link && memcmp(link->mac, cases[i].mac, sizeof(link->mac)) == 0);
		CHECK(text_contains(buffer_text(&planned->missing), TEXT("MAC address")) == cases[i].is_missing);
		planned_free(planned);
	}
}

/* --- Lines to providers --------------------------------------------------------------------------- */

TEST(a_line_comes_by_itself_and_its_port_is_up)
{
	static const struct {
		const char *mtu, *type, *ports;
		uint32_t    port_mtu;
		bool        is_missing;
	} cases[] = {
		{ "", "pppoe", "em1", 0, false },  { "1400", "pppoe", "em1", 0, false }, { "1508", "pppoe", "em1", 1508, false },
		{ "", "l2tp", "em1", 0, true },    { "", "pppoe", "", 0, true },         { "", "pppoe", "pppoe0", 0, true },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = planned_new();

		planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", "pppoe0", "type4", "pppoe", "type6", "none",
			    "mtu", cases[i].mtu, "spoofmac", "02:11:22:33:44:55", NULL);
		planned_put(planned, "interfaces.ppp", NULL, "type", cases[i].type, "if", "pppoe0", "ports", cases[i].ports, NULL);
		const struct network_link *link = plan_link(planned, "pppoe0"), *port = plan_link(planned, "em1");

		CHECK(text_contains(buffer_text(&planned->missing), TEXT("no PPPoE line")) == cases[i].is_missing);
		CHECK(link && link->comes == !cases[i].is_missing && !link->own4);
		if (!cases[i].is_missing) {
			CHECK(port && port->up && port->own4 && port->own6 && port->mtu == cases[i].port_mtu && port->mac[5] == 0x55);
			CHECK(link->mtu == 0 && !network_mac_is_set(link->mac));
		}
		planned_free(planned);
	}
}

/* --- Proxy ARP ---------------------------------------------------------------------------------- */

static struct planned *
plan_with_vip(const char *mode, const char *subnet, const char *bits)
{
	struct planned *planned = planned_new();

	planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", "em0", "type4", "staticv4", "ipaddr",
		    "192.0.2.1/24", "type6", "staticv6", "ipaddrv6", "2001:db8::1/64", NULL);
	planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", "em1", "type4", "staticv4", "ipaddr",
		    "192.0.2.66/30", NULL);
	planned_put(planned, "interfaces.vip", NULL, "interface", "wan", "mode", mode, "subnet", subnet, "subnet_bits", bits, NULL);
	return planned;
}

/* "192.0.2.64/31>em0 ", a '>' for what is led away and a '-' for what is not. */
static const char *
plan_proxies(struct planned *planned)
{
	const struct network network =
		network_read(planned->arena, (struct network_wish){ .links = planned->snapshot }, &planned->missing);
	const char *all = "";
	bool        has_nowhere = false, leads_away = false;

	for (size_t i = 0; i < network.nproxies; i++) {
		const struct network_proxy *proxy = &network.proxies[i];

		all = arena_print(planned->arena, "%s%s%s%s ", all, prefix_print(planned->arena, &proxy->prefix),
				  proxy->leads_away ? ">" : "-", proxy->device);
		leads_away |= proxy->leads_away;
	}
	for (size_t i = 0; i < network.nlinks; i++)
		has_nowhere |= strcmp(network.links[i].name, NETWORK_NOWHERE) == 0 && network.links[i].up;
	CHECK(has_nowhere == leads_away);
	return all;
}

TEST(the_box_answers_for_addresses_of_proxy_arp)
{
	static const struct {
		const char *mode, *subnet, *bits, *proxies;
		bool        is_missing;
	} cases[] = {
		{ "ipalias", "192.0.2.77", "32", "", false },
		{ "proxyarp", "192.0.2.77", "32", "192.0.2.77/32>em0 ", false },
		{ "proxyarp", "192.0.2.96", "28", "192.0.2.96/28>em0 ", false },
		{ "proxyarp", "198.51.100.7", "24", "198.51.100.0/24>em0 ", false },
		/* Where another link leads, the kernel answers by itself. */
		{ "proxyarp", "192.0.2.65", "32", "192.0.2.65/32-em0 ", false },
		{ "proxyarp", "192.0.2.64", "30", "192.0.2.64/30-em0 ", false },
		{ "proxyarp", "192.0.2.64", "29",
		  "192.0.2.64/32-em0 192.0.2.65/32-em0 192.0.2.66/32-em0 192.0.2.67/32-em0 "
		  "192.0.2.68/32>em0 192.0.2.69/32>em0 192.0.2.70/32>em0 192.0.2.71/32>em0 ", false },
		{ "proxyarp", "2001:db8::77", "128", "2001:db8::77/128-em0 ", false },
		{ "proxyarp", "10.0.0.0", "20", "10.0.0.0/20>em0 ", false },
		{ "proxyarp", "10.0.0.0", "19", "", true },
		{ "proxyarp", "2001:db8::", "64", "", true },
		{ "proxyarp", "0.0.0.0", "0", "", true },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = plan_with_vip(cases[i].mode, cases[i].subnet, cases[i].bits);

		CHECK_STRING(plan_proxies(planned), cases[i].proxies);
		CHECK((planned->missing.len > 0) == cases[i].is_missing);
		planned_free(planned);
	}
}

RUN(cmocka_unit_test(the_box_answers_for_addresses_of_proxy_arp),
    cmocka_unit_test(an_interface_may_have_a_mac_address_that_a_device_can_have),
    cmocka_unit_test(a_line_comes_by_itself_and_its_port_is_up));
