/* What the DHCP client says of leases: what is true of it is read, whatever a server has put in. */
#include "plan/network/grant.h"

#include "test.h"

static const char said[] =
	"reason=CARRIER\ninterface=em0\nprotocol=link\nifmtu=1500\n\n"
	"reason=BOUND\ninterface=em0\nprotocol=dhcp\nip_address=198.51.100.172\nrouters=198.51.100.1 198.51.100.2\n"
	"domain_name_servers=198.51.100.1 9.9.9.9\ndomain_name=isp.example\ndhcp_lease_time=3600\n\n"
	"reason=REBOOT6\ninterface=em0\nprotocol=dhcp6\ndhcp6_ia_na1_ia_addr1=2001:db8:100::17c\n"
	"dhcp6_ia_pd1_iaid=00000002\ndhcp6_ia_pd1_prefix1_pltime=3000\ndhcp6_ia_pd1_prefix1_vltime=4000\n"
	"dhcp6_ia_pd1_prefix1_length=56\ndhcp6_ia_pd1_prefix1=2001:db8:ab00:12ff::\ndhcp6_name_servers=2001:db8:100::1\n\n"
	"reason=EXPIRE\ninterface=em1\nprotocol=dhcp\ndomain_name_servers=192.0.2.1\n";

TEST(what_was_given_to_a_link_is_put_together)
{
	scoped_arena        arena = arena_new();
	const struct grants grants = grants_read(arena, text_of(said));
	const struct grant *grant = grants_find(&grants, "em0");

	CHECK_NUMBER(grants.n, 1);
	CHECK(grant);
	CHECK_NUMBER(grant->nservers, 3);
	CHECK_STRING(address_print(arena, &grant->servers[1]), "9.9.9.9");
	CHECK_STRING(address_print(arena, &grant->servers[2]), "2001:db8:100::1");
	CHECK_STRING(grant->domain, "isp.example");
	CHECK_STRING(address_print(arena, &grant->router), "198.51.100.1");
	CHECK_NUMBER(grant->seconds, 3600);
	CHECK_STRING(prefix_print(arena, &grant->prefix), "2001:db8:ab00:1200::/56");
	CHECK_NUMBER(grant->prefix_seconds, 4000);
	CHECK(!grants_find(&grants, "em1"));
}

TEST(wrong_values_are_passed_over)
{
	static const char wrong[] =
		"reason=BOUND\ninterface=em0\ndomain_name_servers=a b 300.1.1.1 $(id) 192.0.2.9\ndomain_name=x;reboot\nrouters=\n"
		"dhcp6_ia_pd1_prefix1=192.0.2.0\ndhcp6_ia_pd1_prefix1_length=56\ndhcp6_ia_pd1_prefix1_vltime=9\n\n"
		"reason=BOUND6\ninterface=em1\ndhcp6_ia_pd1_prefix1=2001:db8::\ndhcp6_ia_pd1_prefix1_length=200\n"
		"dhcp6_ia_pd1_prefix1_vltime=9\n\n"
		"reason=BOUND6\ninterface=em2\ndhcp6_ia_pd1_prefix1=2001:db8::\ndhcp6_ia_pd1_prefix1_length=48\n\n"
		"reason=BOUND\ninterface=../x\ndomain_name_servers=192.0.2.1\n\n"
		"reason=BOUND\ninterface=\n\n=\n\n\n\nreason\ninterface=em3";
	scoped_arena        arena = arena_new();
	const struct grants grants = grants_read(arena, text_of(wrong));
	const struct grant *grant = grants_find(&grants, "em0");

	CHECK_NUMBER(grants.n, 3);
	CHECK_NUMBER(grant->nservers, 1);
	CHECK_STRING(grant->domain, "");
	CHECK_NUMBER(grant->router.family, FAMILY_NONE);
	for (size_t i = 0; i < grants.n; i++)
		CHECK_NUMBER(grants.list[i].prefix.address.family, FAMILY_NONE);
}

TEST(there_is_an_end_to_everything)
{
	scoped_arena  arena = arena_new();
	scoped_buffer text = BUFFER_NONE;

	for (int i = 0; i < 2 * GRANTS_MAX; i++) {
		buffer_print(&text, "reason=BOUND\ninterface=em%d\ndomain_name_servers=", i);
		for (int k = 0; k < 2 * GRANT_SERVERS_MAX; k++)
			buffer_print(&text, "192.0.2.%d ", k);
		buffer_add_string(&text, "\ndomain_name=");
		for (int k = 0; k <= GRANT_DOMAIN_MAX; k++)
			buffer_add_byte(&text, 'a');
		buffer_add_string(&text, "\n\n");
	}
	const struct grants grants = grants_read(arena, buffer_text(&text));

	CHECK_NUMBER(grants.n, GRANTS_MAX);
	CHECK_NUMBER(grants.list[0].nservers, GRANT_SERVERS_MAX);
	CHECK_STRING(grants.list[0].domain, "");
	for (size_t len = 0; len < text.len; len += 9973)
		grants_read(arena, text_first(buffer_text(&text), len));
}

RUN(cmocka_unit_test(what_was_given_to_a_link_is_put_together), cmocka_unit_test(wrong_values_are_passed_over),
    cmocka_unit_test(there_is_an_end_to_everything));
