/* Zones of the captive portal in the packet filter. */
#include "plan/filter_read.h"

#include <string.h>

#include "plan/filter/compile.h"
#include "planned.h"
#include "test.h"

/* What is in force, as text. */
static const char *
compile(struct planned *planned)
{
	struct filter_reader    *reader = filter_reader_new(snapshot_schema(planned->snapshot));
	struct filter_cache     *cache = filter_cache_new();
	const struct facts       facts = { 0 };
	const struct filter_live live = { 0 };
	scoped_buffer            text = BUFFER_NONE;

	ruleset_print(&text, filter_compile(cache, filter_read(reader, planned->snapshot, &facts, &live)));
	filter_cache_free(cache);
	filter_reader_free(reader);
	return arena_copy(planned->arena, buffer_text(&text));
}

static struct planned *
begin(void)
{
	struct planned *planned = planned_new();

	planned_put(planned, "interfaces.interface", "wan", "if", "em0", "enable", "1", "ipaddr", "192.0.2.1/24", NULL);
	planned_put(planned, "interfaces.interface", "lan", "if", "em1", "enable", "1", "ipaddr", "10.0.0.1/24", "ipaddrv6", "fd00::1/64",
		    NULL);
	return planned;
}

#define ZONE "00000000-0000-4000-8000-000000000001"

TEST(a_zone_leads_strangers_to_its_pages_and_drops_what_else_they_send)
{
	struct planned *planned = begin();
	const char     *text;

	planned_put(planned, "captiveportal.zone", ZONE, "enabled", "1", "zoneid", "2", "interfaces", "lan,gone", "description", "guests",
		    "certificate", "abc", "allowedAddresses", "192.0.2.7,198.51.100.0/24", "allowedMACAddresses", "02:00:00:00:00:01", NULL);
	text = compile(planned);
	CHECK(strstr(text, "set a___captiveportal_zone_2_4") && strstr(text, "set a___captiveportal_to_2_6"));
	CHECK(strstr(text, "dnat ip to 10.0.0.1:9002") && strstr(text, "dnat ip to 10.0.0.1:8002"));
	CHECK(strstr(text, "dnat ip6 to [fd00::1]:9002"));
	CHECK(strstr(text, "automatic_portal_block_2") && strstr(text, "automatic_portal_dns_2"));
	CHECK(strstr(text, "chain p_in") && strstr(text, "chain p_out"));
	/* What comes by a link without Ethernet addresses is none of those that are allowed by theirs. */
	CHECK(strstr(text, "iiftype != "));
	planned_free(planned);
}

TEST(without_a_zone_that_is_on_there_is_nothing_of_it)
{
	struct planned *planned = begin();
	const char     *plain = compile(planned), *text;

	planned_put(planned, "captiveportal.zone", ZONE, "enabled", "0", "zoneid", "2", "interfaces", "lan", "description", "guests", NULL);
	CHECK_STRING(compile(planned), plain);
	/* A rule without its interface would be for all. */
	planned_put(planned, "captiveportal.zone", ZONE, "enabled", "1", "interfaces", "gone", NULL);
	CHECK(!strstr(compile(planned), "automatic_portal_"));
	planned_put(planned, "captiveportal.zone", ZONE, "interfaces", "lan", "disableRules", "1", NULL);
	text = compile(planned);
	CHECK(!strstr(text, "automatic_portal_") && strstr(text, "set a___captiveportal_zone_2_4"));
	planned_free(planned);
}

/* Nothing in them becomes a rule, or a part of one. */
TEST(hostile_values_stay_out_of_the_rules)
{
	struct planned *planned = begin();

	for (size_t i = 0; hostile_texts[i]; i++) {
		planned_put(planned, "captiveportal.zone", ZONE, "enabled", "1", "zoneid", "2", "interfaces", "lan", "description",
			    hostile_texts[i], "allowedAddresses", hostile_texts[i], "allowedMACAddresses", hostile_texts[i], "servername",
			    hostile_texts[i], NULL);
		const char *text = compile(planned);

		CHECK(strlen(hostile_texts[i]) < 4 || !strstr(text, hostile_texts[i]));
		CHECK(strstr(text, "automatic_portal_block_2"));
	}
	planned_put(planned, "captiveportal.zone", ZONE, "zoneid", "99999999999", NULL);
	CHECK(!strstr(compile(planned), "portal"));
	planned_free(planned);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_leads_strangers_to_its_pages_and_drops_what_else_they_send),
		cmocka_unit_test(without_a_zone_that_is_on_there_is_nothing_of_it),
		cmocka_unit_test(hostile_values_stay_out_of_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
