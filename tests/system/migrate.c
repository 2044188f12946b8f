/* A box that starts from pfSense's config.xml shows its services through this API as the old one did, and they are the other's too. */
#include <stdio.h>

#include "client.h"
#include "test.h"

static struct instance *instance;
static struct client   *client;
static struct arena    *arena;

static const char file[] =
	"<?xml version=\"1.0\"?><pfsense><version>22.2</version><system><hostname>old</hostname><domain>example.org</domain></system>"
	"<interfaces><wan><enable/><if>em0</if><ipaddr>dhcp</ipaddr></wan>"
	"<lan><enable/><if>em1</if><ipaddr>192.168.7.1</ipaddr><subnet>24</subnet></lan></interfaces>"
	"<dhcpd><lan><enable/><range><from>192.168.7.100</from><to>192.168.7.199</to></range><defaultleasetime>3600</defaultleasetime>"
	"<dnsserver>192.0.2.53</dnsserver><staticmap><mac>02:00:00:00:00:01</mac><ipaddr>192.168.7.10</ipaddr><hostname>printer</hostname>"
	"<descr><![CDATA[the printer]]></descr></staticmap></lan></dhcpd>"
	"<unbound><enable/><dnssec/><port>5300</port><hosts><host>nas</host><domain>example.org</domain><ip>192.168.7.20</ip><descr>one</descr>"
	"<aliases><item><host>files</host><domain>example.org</domain><description/></item></aliases></hosts>"
	"<acls><aclid>0</aclid><aclname>guests</aclname><aclaction>deny</aclaction><description/>"
	"<row><acl_network>192.168.9.0</acl_network><mask>24</mask><description/></row></acls></unbound>"
	"<syslog><enable/><remoteserver>192.0.2.99</remoteserver><logall/></syslog>"
	"<notifications><smtp><ipaddress>mail.example.org</ipaddress><port>25</port><fromaddress>fw@example.org</fromaddress>"
	"<notifyemailaddress>me@example.org</notifyemailaddress></smtp><telegram><api>x</api></telegram></notifications>"
	"<dyndnses><dyndns><type>custom</type><host>home</host></dyndns></dyndnses>"
	"<installedpackages><package><name>snort</name><conf>x</conf></package>"
	"<package><name>API</name><conf><enable/><persist/><authmode>local</authmode><jwt_exp>7200</jwt_exp>"
	"<allowed_interfaces>any</allowed_interfaces><custom_headers><X-Old>yes</X-Old></custom_headers>"
	"<keys><key><client_id>61646d696e</client_id><client_token>00</client_token><algo>sha256</algo></key></keys></conf></package>"
	"<servicewatchdog><item><name>unbound</name><enabled/><notify/></item></servicewatchdog></installedpackages></pfsense>";

/* What pfSense's API has there. */
static const char *
old(const char *url, const char *where)
{
	return at(arena, must_get(client, arena, arena_print(arena, "/api/v1/%s", url)), arena_print(arena, "data.%s", where));
}

static const char *
other(const char *url, const char *where)
{
	return at(arena, must_get(client, arena, arena_print(arena, "/api/%s", url)), where);
}

TEST(servers_and_mappings_of_dhcp_are_there)
{
	CHECK_STRING(old("services/dhcpd", "0.interface"), "lan");
	CHECK_STRING(old("services/dhcpd", "0.range.from"), "192.168.7.100");
	CHECK_STRING(old("services/dhcpd", "0.dnsserver.0"), "192.0.2.53");
	CHECK_STRING(old("services/dhcpd/static_mapping?interface=lan", "0.hostname"), "printer");
	CHECK_STRING(old("services/dhcpd/static_mapping?interface=lan", "0.descr"), "the printer");
}

TEST(the_resolver_is_the_other_dialect_s_too)
{
	CHECK_STRING(old("services/unbound", "port"), "5300");
	CHECK_STRING(old("services/unbound/host_override", "0.host"), "nas");
	CHECK_STRING(old("services/unbound/host_override", "0.aliases.item.0.host"), "files");
	CHECK_STRING(old("services/unbound/access_list", "0.row.0.acl_network"), "192.168.9.0");
	CHECK_STRING(other("unbound/settings/get", "unbound.general.enabled"), "1");
	CHECK_STRING(other("unbound/settings/get", "unbound.general.port"), "5300");
	CHECK_STRING(other("unbound/settings/search_host_override", "rows.0.server"), "192.168.7.20");
	CHECK_STRING(other("unbound/settings/search_acl", "rows.0.networks"), "192.168.9.0/24");
}

TEST(logs_mail_and_watchdog_are_there)
{
	CHECK_STRING(old("system/config", "syslog.remoteserver"), "192.0.2.99");
	CHECK_STRING(old("system/notifications/email", "fromaddress"), "fw@example.org");
	CHECK_STRING(old("services/service_watchdog", "0.name"), "unbound");
	CHECK(value_path(must_get(client, arena, "/api/v1/services/service_watchdog"), "data.0.notify") != NULL);
}

/* Clients go on with the settings and tokens that they had. */
TEST(settings_of_the_api_come_along)
{
	CHECK_STRING(old("system/api", "jwt_exp"), "7200");
	CHECK_STRING(old("system/api", "custom_headers.X-Old"), "yes");
	CHECK_STRING(old("system/api", "keys.key.0.client_id"), "61646d696e");
}

TEST(what_has_no_effect_is_kept_and_said)
{
	CHECK_STRING(old("services/ddns", "0.host"), "home");
	CHECK(instance_said(instance, "kept for pfSense's API, without effect: dyndnses"));
	CHECK(instance_said(instance, "not mapped: notifications/telegram"));
	CHECK(instance_said(instance, "not mapped: installedpackages/package"));
	CHECK(!instance_said(instance, "not mapped: dhcpd"));
	CHECK(!instance_said(instance, "not mapped: unbound"));
	CHECK(!instance_said(instance, "not mapped: installedpackages/servicewatchdog"));
}

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static int
finish(void **state)
{
	(void)state;
	client_free(client);
	instance_stop(instance);
	instance_free(instance);
	return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		CASE(servers_and_mappings_of_dhcp_are_there), CASE(the_resolver_is_the_other_dialect_s_too),
		CASE(logs_mail_and_watchdog_are_there), CASE(settings_of_the_api_come_along), CASE(what_has_no_effect_is_kept_and_said),
	};
	size_t n = 0;

	instance_programs(argc, argv);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	instance = instance_new("--plain", "--apply", "none", NULL);
	const char *path = arena_print(instance->arena, "%s/config.xml", instance->folder);
	FILE       *out = fopen(path, "we");

	BUG_IF(!out || fputs(file, out) < 0 || fclose(out) != 0, "no file");
	while (instance->arguments[n])
		n++;
	instance->arguments[n] = "--import";
	instance->arguments[n + 1] = path;
	instance_start(instance);
	client = client_new(instance);
	return cmocka_run_group_tests(tests, NULL, finish);
}
