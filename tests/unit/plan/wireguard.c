/* Devices of WireGuard: their files are numbers whatever was configured, and what is told is no more than what is different. */
#include "plan/wireguard/wireguard.h"

#include <stdio.h>
#include <string.h>

#include "plan/network/read.h"
#include "planned.h"
#include "test.h"

#define SERVER "20000000-0000-4000-8000-000000000001"
#define FIRST  "20000000-0000-4000-8000-000000000002"
#define SECOND "20000000-0000-4000-8000-000000000003"
#define VIP    "20000000-0000-4000-8000-000000000004"
/* 32 times one byte. */
#define ONES   "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
#define TWOS   "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
#define THREES "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="
#define CLAMPED "00" "010101010101010101010101010101010101010101010101010101010101" "41"
#define ZEROS  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define HEX(d) d d d d d d d d d d d d d d d d d d d d d d d d d d d d d d d d

static const char *const words[] = {
	"private_key=", "listen_port=", "public_key=", "preshared_key=", "endpoint=", "persistent_keepalive_interval=", "allowed_ip=", NULL,
};

static struct planned *
with_device(void)
{
	struct planned *planned = planned_new();

	planned_put(planned, "wireguard.general", NULL, "enabled", "1", NULL);
	planned_put(planned, "wireguard.server", SERVER, "enabled", "1", "name", "office", "instance", "0", "privkey", ONES, "port", "51820",
		    "tunneladdress", "10.7.0.1/24,fd07::1/64", "mtu", "1380", "peers", FIRST "," SECOND, "disableroutes", "0", NULL);
	planned_put(planned, "wireguard.client", FIRST, "enabled", "1", "name", "first", "pubkey", TWOS, "tunneladdress", "10.7.0.2/32", NULL);
	planned_put(planned, "wireguard.client", SECOND, "enabled", "1", "name", "second", "pubkey", THREES, "psk", ONES, "keepalive", "25",
		    "serveraddress", "2001:db8::9", "serverport", "4444", "tunneladdress", "10.7.0.3/24,10.88.0.0/16", NULL);
	return planned;
}

static const char *
plan(struct planned *planned)
{
	planned_read(planned, "wireguard");
	return planned_file(planned, "wireguard@wg0", "device");
}

TEST(a_device_has_its_key_its_port_and_its_peers)
{
	struct planned *planned = with_device();

	CHECK_STRING(plan(planned),
		     "private_key=" CLAMPED "\nlisten_port=51820\n"
		     "public_key=" HEX("02") "\npersistent_keepalive_interval=0\nallowed_ip=10.7.0.2/32\n"
		     "public_key=" HEX("03") "\npreshared_key=" HEX("01") "\nendpoint=[2001:db8::9]:4444\npersistent_keepalive_interval=25\n"
		     "allowed_ip=10.7.0.0/24\nallowed_ip=10.88.0.0/16\n");
	CHECK_NUMBER(planned->missing.len, 0);
	CHECK(planned->services.plans[0].wanted && planned->services.plans[0].files[0].secret);
	planned_free(planned);
}

TEST(what_is_switched_off_is_left_out)
{
	static const char *const cases[][3] = {
		{ "wireguard.general", NULL, "enabled" }, { "wireguard.server", SERVER, "enabled" }, { "wireguard.client", FIRST, "enabled" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = with_device();

		planned_put(planned, cases[i][0], cases[i][1], cases[i][2], "0", NULL);
		CHECK(!strstr(plan(planned), HEX("02")));
		CHECK_NUMBER(planned->services.n, i == 2);
		planned_free(planned);
	}
}

TEST(keys_are_32_bytes)
{
	static const struct {
		const char *text;
		bool        is_key;
	} cases[] = {
		{ ONES, true },
		{ "AQEBAQEBAQEBAQEBAQEBAQEB\r\nAQEBAQEBAQEBAQEBAQE=", true },
		{ "", false },
		{ "AQEB", false },
		{ "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB", false },
		{ "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==", false },
		{ ONES "A", false },
		{ "*QEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", false },
	};
	uint8_t key[WIREGUARD_KEY];

	for (size_t i = 0; i < COUNT(cases); i++)
		if (wireguard_key_read(text_of(cases[i].text), key) != cases[i].is_key)
			fail_msg("%s", cases[i].text);
}

/* The kernel would take another form of the same key for another key, and end all sessions. */
TEST(a_private_key_is_in_the_form_that_is_said_back)
{
	uint8_t key[WIREGUARD_KEY], none[WIREGUARD_KEY] = { 0 };

	memset(key, 0xff, sizeof(key));
	CHECK(wireguard_key_clamp(key) && key[0] == 0xf8 && key[1] == 0xff && key[31] == 0x7f);
	CHECK(wireguard_key_clamp(key) && key[0] == 0xf8 && key[31] == 0x7f);
	CHECK(!wireguard_key_clamp(none));
}

TEST(a_key_that_is_none_is_told_and_never_shown)
{
	static const char *const fields[][3] = {
		{ "wireguard.server", SERVER, "privkey" }, { "wireguard.client", FIRST, "pubkey" }, { "wireguard.client", SECOND, "psk" },
	};

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct planned *planned = with_device();

		planned_put(planned, fields[i][0], fields[i][1], fields[i][2], i == 0 ? ZEROS : "c2VjcmV0", NULL);
		plan(planned);
		CHECK(strstr(buffer_string(&planned->missing), "key") && !strstr(buffer_string(&planned->missing), "c2VjcmV0"));
		CHECK_NUMBER(planned->services.n, i > 0);
		planned_free(planned);
	}
}

/* --- Names ---------------------------------------------------------------------------------------- */

static bool
look_up(void *context, const char *name, struct address *out)
{
	(void)context;
	return strcmp(name, "far.example") == 0 && address_read(TEXT("192.0.2.9"), out);
}

TEST(a_name_is_the_address_that_it_means_or_none)
{
	static const struct {
		const char *host, *port, *line;
	} cases[] = {
		{ "far.example", "4444", "\nendpoint=192.0.2.9:4444\n" },
		{ "far.example", "", "\nendpoint=192.0.2.9:51820\n" },
		{ "nowhere.example", "4444", NULL },
		{ "192.0.2.7", "1", "\nendpoint=192.0.2.7:1\n" },
	};
	const struct name_lookup names = { NULL, look_up };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct planned *planned = with_device();

		planned_put(planned, "wireguard.client", SECOND, "serveraddress", cases[i].host, "serverport", cases[i].port, NULL);
		const struct service_view view = { .arena = planned->arena, .snapshot = planned->snapshot, .names = &names };

		services_read(&view, 0, "wireguard", &planned->services, &planned->missing);
		const char *file = planned_file(planned, "wireguard@wg0", "device");

		CHECK(cases[i].line ? strstr(file, cases[i].line) != NULL : !strstr(file, "endpoint"));
		CHECK(strstr(file, HEX("03")) && planned->missing.len == 0);
		planned_free(planned);
	}
}

TEST(a_network_and_a_key_are_those_of_the_last_peer_that_has_them)
{
	struct planned *planned = with_device();

	planned_put(planned, "wireguard.client", FIRST, "tunneladdress", "10.88.1.2/16,10.7.0.2/32", NULL);
	CHECK(strstr(plan(planned), HEX("02") "\npersistent_keepalive_interval=0\nallowed_ip=10.7.0.2/32\npublic_key="));
	planned_put(planned, "wireguard.client", FIRST, "pubkey", THREES, NULL);
	CHECK(!strstr(plan(planned), "10.7.0.2/32"));
	planned_free(planned);
}

/* --- Hostile values -------------------------------------------------------------------------------- */

TEST(no_value_is_a_line_of_its_own)
{
	static const char *const fields[][3] = {
		{ "wireguard.server", SERVER, "name" },          { "wireguard.server", SERVER, "instance" },
		{ "wireguard.server", SERVER, "privkey" },       { "wireguard.server", SERVER, "port" },
		{ "wireguard.server", SERVER, "peers" },         { "wireguard.server", SERVER, "tunneladdress" },
		{ "wireguard.server", SERVER, "gateway" },       { "wireguard.server", SERVER, "mtu" },
		{ "wireguard.server", SERVER, "carp_depend_on" }, { "wireguard.client", SECOND, "name" },
		{ "wireguard.client", SECOND, "pubkey" },        { "wireguard.client", SECOND, "psk" },
		{ "wireguard.client", SECOND, "tunneladdress" }, { "wireguard.client", SECOND, "serveraddress" },
		{ "wireguard.client", SECOND, "serverport" },    { "wireguard.client", SECOND, "keepalive" },
	};

	for (size_t i = 0; i < COUNT(fields); i++)
		for (size_t k = 0; hostile_texts[k]; k++) {
			struct planned  *planned = with_device();
			struct wireguard device;
			scoped_buffer    bytes = BUFFER_NONE;
			struct network   network;

			planned_put(planned, fields[i][0], fields[i][1], fields[i][2], hostile_texts[k], NULL);
			if (!lines_begin_with(plan(planned), words) ||
			    !wireguard_read(planned->arena, text_of(plan(planned)), &device))
				fail_msg("%s: %s", fields[i][2], hostile_texts[k]);
			network = network_read(planned->arena, (struct network_wish){ .devices = planned->snapshot }, &planned->missing);
			network_encode(&bytes, &network);
			CHECK(network_decode(planned->arena, buffer_text(&bytes), &network));
			planned_free(planned);
		}
}

TEST(names_are_wg_and_a_number)
{
	static const char *const good[] = { "wg0", "wg15", "wg9999999999999" };
	static const char *const bad[] = { "", "wg", "wg-1", "wg0/x", "wg 1", "eth0", "wg99999999999999", "../wg0", "wg0.old", "wg0\n" };

	for (size_t i = 0; i < COUNT(good); i++)
		CHECK(wireguard_name_is_valid(text_of(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(!wireguard_name_is_valid(text_of(bad[i])));
}

TEST(what_is_malformed_is_refused)
{
	static const char *const bad[] = {
		"private_key=01\n", "private_key=" HEX("0g") "\n", "listen_port=65536\n", "listen_port=x\n", "fwmark=-1\n", "public_key=\n",
		"public_key=" HEX("02") "\nallowed_ip=10.0.0.0/33\n", "public_key=" HEX("02") "\nallowed_ip=x\n",
		"public_key=" HEX("02") "\nendpoint=192.0.2.1\n", "public_key=" HEX("02") "\nendpoint=192.0.2.1:65536\n",
		"public_key=" HEX("02") "\nrx_bytes=-1\n", "public_key=" HEX("02") "\npreshared_key=00\n",
	};
	scoped_arena     arena = arena_new();
	struct wireguard device;

	for (size_t i = 0; i < COUNT(bad); i++)
		if (wireguard_read(arena, text_of(bad[i]), &device))
			fail_msg("%s", bad[i]);
	/* What later versions may say. */
	CHECK(wireguard_read(arena, TEXT("new=1\npublic_key=" HEX("02") "\nprotocol_version=1\nendpoint=[fe80::1%em0]:1\nerrno=0\n\n"), &device));
	CHECK_NUMBER(device.peers[0].endpoint.family, FAMILY_NONE);
}

/* --- Differences ----------------------------------------------------------------------------------- */

#define HEAD   "private_key=" HEX("01") "\nlisten_port=1\n"
#define PEER_A "public_key=" HEX("02") "\nendpoint=192.0.2.1:1\nallowed_ip=10.0.0.0/24\nallowed_ip=fd00::/64\n"
#define PEER_B "public_key=" HEX("03") "\npreshared_key=" HEX("04") "\npersistent_keepalive_interval=5\n"

static const char *
difference(struct arena *arena, const char *want, const char *have, const char *told)
{
	scoped_buffer           out = BUFFER_NONE;
	struct wireguard        wanted, present, before;
	struct wireguard_change change;

	CHECK(wireguard_read(arena, text_of(want), &wanted) && wireguard_read(arena, text_of(have), &present));
	CHECK(wireguard_read(arena, text_of(told ? told : ""), &before));
	if (!wireguard_compare(arena, &wanted, &present, told ? &before : NULL, &change))
		return "";
	wireguard_change_print(&out, &change);
	return arena_copy(arena, buffer_text(&out));
}

TEST(only_what_is_different_is_told)
{
	static const struct {
		const char *name, *want, *have, *told, *change;
	} cases[] = {
		{ "nothing", HEAD PEER_A PEER_B, HEAD PEER_B PEER_A, HEAD PEER_A PEER_B, "" },
		{ "all", HEAD PEER_A, "", NULL,
		  "set=1\n" HEAD "public_key=" HEX("02") "\nendpoint=192.0.2.1:1\nreplace_allowed_ips=true\nallowed_ip=10.0.0.0/24\nallowed_ip=fd00::/64\n\n" },
		{ "order of networks", HEAD PEER_A, HEAD "public_key=" HEX("02") "\nendpoint=192.0.2.1:1\nallowed_ip=fd00::/64\nallowed_ip=10.0.0.0/24\n",
		  NULL, "" },
		{ "one goes", HEAD PEER_A, HEAD PEER_A PEER_B, HEAD PEER_A PEER_B, "set=1\npublic_key=" HEX("03") "\nremove=true\n\n" },
		{ "one comes", HEAD PEER_A PEER_B, HEAD PEER_A, HEAD PEER_A,
		  "set=1\npublic_key=" HEX("03") "\npreshared_key=" HEX("04") "\npersistent_keepalive_interval=5\n\n" },
		{ "no shared key any more", HEAD "public_key=" HEX("03") "\npersistent_keepalive_interval=5\n", HEAD PEER_B, NULL,
		  "set=1\npublic_key=" HEX("03") "\npreshared_key=" HEX("00") "\n\n" },
		{ "it has moved", HEAD PEER_A,
		  HEAD "public_key=" HEX("02") "\nendpoint=198.51.100.1:9\nallowed_ip=10.0.0.0/24\nallowed_ip=fd00::/64\n", HEAD PEER_A, "" },
		{ "it is said to have moved", HEAD "public_key=" HEX("02") "\nendpoint=192.0.2.2:1\n",
		  HEAD "public_key=" HEX("02") "\nendpoint=198.51.100.1:9\n", HEAD "public_key=" HEX("02") "\nendpoint=192.0.2.1:1\n",
		  "set=1\npublic_key=" HEX("02") "\nendpoint=192.0.2.2:1\n\n" },
		{ "any port", "private_key=" HEX("01") "\nlisten_port=0\n", "private_key=" HEX("01") "\nlisten_port=40000\n",
		  "private_key=" HEX("01") "\nlisten_port=0\n", "" },
		{ "any port instead of one", "private_key=" HEX("01") "\nlisten_port=0\n", HEAD, HEAD, "set=1\nlisten_port=0\n\n" },
		{ "another key", "private_key=" HEX("05") "\nlisten_port=1\n" PEER_A, HEAD PEER_A, HEAD PEER_A,
		  "set=1\nprivate_key=" HEX("05") "\n\n" },
	};
	scoped_arena arena = arena_new();

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *change = difference(arena, cases[i].want, cases[i].have, cases[i].told);

		if (strcmp(change, cases[i].change) != 0)
			fail_msg("%s: %s", cases[i].name, change);
	}
}

TEST(secrets_are_left_out_where_they_are_not_asked_for)
{
	scoped_arena     arena = arena_new();
	scoped_buffer    out = BUFFER_NONE;
	struct wireguard device;

	CHECK(wireguard_read(arena, TEXT(HEAD PEER_B), &device));
	wireguard_print(&out, &device, false);
	CHECK_STRING(buffer_string(&out), "listen_port=1\npublic_key=" HEX("03") "\npersistent_keepalive_interval=5\n");
}

/* --- The network ----------------------------------------------------------------------------------- */

static struct network
plan_network(struct planned *planned, bool has_links)
{
	return network_read(planned->arena,
			    (struct network_wish){ .devices = planned->snapshot, .links = has_links ? planned->snapshot : NULL },
			    &planned->missing);
}

static const char *
routes_of(struct planned *planned)
{
	const struct network network = plan_network(planned, false);
	scoped_buffer        out = BUFFER_NONE;

	for (size_t i = 0; i < network.nroutes; i++)
		buffer_print(&out, "%s %s\n", prefix_print(planned->arena, &network.routes[i].destination), network.routes[i].device);
	return arena_copy(planned->arena, buffer_text(&out));
}

TEST(a_device_has_its_addresses_and_mtu_and_is_not_missed)
{
	struct planned            *planned = with_device();
	const struct network       network = plan_network(planned, false);
	const struct network_link *link = network.links;

	CHECK(network.nlinks == 1 && network.leaves_links && network.leaves_routes);
	CHECK_STRING(link->name, "wg0");
	CHECK(link->comes && link->up && link->kind == LINK_GIVEN && link->mtu == 1380 && link->naddresses == 2);
	CHECK_STRING(prefix_print(planned->arena, &link->addresses[1].prefix), "fd07::1/64");
	planned_free(planned);
}

TEST(an_interface_on_it_keeps_the_addresses_and_may_say_the_mtu)
{
	struct planned *planned = with_device();

	planned_put(planned, "interfaces.interface", "opt1", "enable", "1", "if", "wg0", "type4", "none", "type6", "none", "mtu", "1300", NULL);
	const struct network network = plan_network(planned, true);

	CHECK(network.nlinks == 1 && !network.leaves_links && network.leaves_routes);
	CHECK(network.links->comes && network.links->mtu == 1300 && network.links->naddresses == 2);
	planned_put(planned, "interfaces.interface", "opt1", "enable", "0", NULL);
	CHECK(plan_network(planned, true).links->up);
	planned_free(planned);
}

TEST(networks_of_peers_are_routed_once)
{
	struct planned *planned = with_device();

	CHECK_STRING(routes_of(planned), "10.7.0.2/32 wg0\n10.7.0.0/24 wg0\n10.88.0.0/16 wg0\n");
	planned_put(planned, "wireguard.client", FIRST, "tunneladdress", "0.0.0.0/0,::/0,10.88.0.0/16", NULL);
	CHECK_STRING(routes_of(planned), "0.0.0.0/1 wg0\n128.0.0.0/1 wg0\n::/1 wg0\n8000::/1 wg0\n10.88.0.0/16 wg0\n10.7.0.0/24 wg0\n");
	planned_put(planned, "wireguard.server", SERVER, "disableroutes", "1", NULL);
	CHECK_STRING(routes_of(planned), "");
	planned_put(planned, "wireguard.server", SERVER, "gateway", "10.7.0.9", NULL);
	CHECK_STRING(routes_of(planned), "10.7.0.9/32 wg0\n");
	planned_put(planned, "wireguard.general", NULL, "enabled", "0", NULL);
	CHECK_STRING(routes_of(planned), "");
	planned_free(planned);
}

TEST(it_is_up_where_the_virtual_address_is_that_it_depends_on)
{
	struct planned *planned = with_device();

	planned_put(planned, "interfaces.vip", VIP, "mode", "carp", "interface", "lan", "subnet", "192.0.2.1", "subnet_bits", "24", NULL);
	planned_put(planned, "wireguard.server", SERVER, "carp_depend_on", VIP, NULL);
	CHECK_STRING(address_print(planned->arena, &plan_network(planned, false).links->while_here), "192.0.2.1");
	planned_free(planned);
}

RUN(cmocka_unit_test(a_device_has_its_key_its_port_and_its_peers), cmocka_unit_test(what_is_switched_off_is_left_out),
    cmocka_unit_test(keys_are_32_bytes), cmocka_unit_test(a_private_key_is_in_the_form_that_is_said_back),
    cmocka_unit_test(a_key_that_is_none_is_told_and_never_shown),
    cmocka_unit_test(a_name_is_the_address_that_it_means_or_none),
    cmocka_unit_test(a_network_and_a_key_are_those_of_the_last_peer_that_has_them), cmocka_unit_test(no_value_is_a_line_of_its_own),
    cmocka_unit_test(names_are_wg_and_a_number), cmocka_unit_test(what_is_malformed_is_refused),
    cmocka_unit_test(only_what_is_different_is_told), cmocka_unit_test(secrets_are_left_out_where_they_are_not_asked_for),
    cmocka_unit_test(a_device_has_its_addresses_and_mtu_and_is_not_missed),
    cmocka_unit_test(an_interface_on_it_keeps_the_addresses_and_may_say_the_mtu), cmocka_unit_test(networks_of_peers_are_routed_once),
    cmocka_unit_test(it_is_up_where_the_virtual_address_is_that_it_depends_on));
