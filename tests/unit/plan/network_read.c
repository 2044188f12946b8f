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

RUN(cmocka_unit_test(an_interface_may_have_a_mac_address_that_a_device_can_have));
