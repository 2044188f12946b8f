/*
 * What both dialects know, and each asks for in ways of its own (shared.c has what is alike): made through either, it is there
 * in the other.
 */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "test.h"

static struct instance *instance;
static struct client   *client;
static struct arena    *arena;

#define PF(path)  "/api/v1/" path
#define SAY(...)  arena_print(arena, __VA_ARGS__)

/* Single quotes stand for double ones. */
static const char *
body_of(const char *text)
{
	char *body = arena_copy(arena, text_of(text));

	for (char *c = body; *c; c++)
		if (*c == '\'')
			*c = '"';
	return body;
}

static const char *
pfsense(const char *method, const char *url, const char *body, const char *where)
{
	return at(arena, must(client, arena, method, SAY(PF("%s"), url), body ? body_of(body) : NULL), SAY("data%s%s", *where ? "." : "", where));
}

static const char *
opnsense(const char *path, const char *body, const char *where)
{
	const char *url = SAY("/api/%s", path);

	return at(arena, body ? must_post(client, arena, url, body_of(body)) : must_get(client, arena, url), where);
}

/* --- lists of revoked certificates ------------------------------------------------------------------------- */

static const char *
new_authority(const char *name)
{
	return pfsense("POST", "system/ca",
		       SAY("{'method':'internal','descr':'%s','keytype':'ECDSA','ecname':'prime256v1','digest_alg':'sha256',"
			   "'lifetime':365,'dn_commonname':'%s'}", name, name), "refid");
}

static const char *
list_of_authority(const char *caref)
{
	return opnsense(SAY("trust/crl/get/%s", caref), NULL, "crl.descr");
}

TEST(a_list_made_through_pfsense_is_opnsense_s)
{
	const char *caref = new_authority("first");

	pfsense("POST", "system/crl", SAY("{'method':'internal','descr':'ours','caref':'%s','lifetime':30}", caref), "");
	CHECK_STRING(list_of_authority(caref), "ours");
	CHECK_STRING(opnsense(SAY("trust/crl/get/%s", caref), NULL, "crl.lifetime"), "30");
	CHECK(strstr(opnsense(SAY("trust/crl/raw_dump/%s", caref), NULL, "stdout"), "CN=first"));
	/* Changed there, it reads so here. */
	CHECK_STRING(opnsense(SAY("trust/crl/set/%s", caref), "{'crl':{'crlmethod':'internal','descr':'theirs','lifetime':'60'}}", "status"),
		     "saved");
	CHECK_STRING(pfsense("GET", "system/crl", NULL, "crl.0.descr"), "theirs");
	CHECK_STRING(pfsense("GET", "system/crl", NULL, "crl.0.lifetime"), "60");
	CHECK_STRING(pfsense("GET", "system/crl", NULL, "crl.0.caref"), caref);
	CHECK_STRING(opnsense(SAY("trust/crl/del/%s", caref), "{}", "status"), "deleted");
	CHECK_STRING(pfsense("GET", "system/crl", NULL, "crl.0.descr"), "");
}

TEST(a_list_made_through_opnsense_is_pfsense_s)
{
	const char *caref = new_authority("second");

	CHECK_STRING(opnsense(SAY("trust/crl/set/%s", caref), "{'crl':{'crlmethod':'internal','descr':'there','lifetime':'40'}}", "status"),
		     "saved");
	CHECK_STRING(pfsense("GET", "system/crl", NULL, "crl.0.descr"), "there");
	CHECK_STRING(pfsense("GET", "system/crl", NULL, "crl.0.lifetime"), "40");
	pfsense("DELETE", "system/crl", "{'descr':'there'}", "");
	CHECK_STRING(opnsense("trust/crl/search", NULL, "rows.0.crl_descr"), "");
}

/* --- what the box is called, and whom it asks ------------------------------------------------------------------ */

TEST(name_and_servers_are_one_for_the_wizard_and_pfsense)
{
	pfsense("PUT", "system/hostname", "{'hostname':'gate','domain':'example.org'}", "");
	pfsense("PUT", "system/dns", "{'dnsserver':['192.0.2.53','192.0.2.54'],'dnsallowoverride':false}", "");
	CHECK_STRING(opnsense("core/initial_setup/get", NULL, "wizard.hostname"), "gate");
	CHECK_STRING(opnsense("core/initial_setup/get", NULL, "wizard.domain"), "example.org");
	CHECK_STRING(opnsense("core/initial_setup/get", NULL, "wizard.dnsallowoverride"), "0");
	CHECK(text_contains(ask(client, arena, "GET", "/api/core/initial_setup/get", NULL).body, TEXT("192.0.2.54")));
	opnsense("core/initial_setup/configure",
		 "{'wizard':{'hostname':'other','domain':'example.net','language':'en_US','timezone':'Etc/UTC','dns_servers':'192.0.2.55',"
		 "'dnsallowoverride':'1','unbound':{'enabled':'1','dnssec':'0','dnssecstripped':'0'},"
		 "'interfaces':{'wan':{'ipv4_type':'dhcp'},'lan':{'configure_dhcp':'0','ipaddr':'192.168.1.1/24'}}}}", "result");
	CHECK_STRING(pfsense("GET", "system/hostname", NULL, "hostname"), "other");
	CHECK_STRING(pfsense("GET", "system/hostname", NULL, "domain"), "example.net");
	CHECK_STRING(pfsense("GET", "system/dns", NULL, "dnsserver.0"), "192.0.2.55");
}

/* --- tunnels of before --------------------------------------------------------------------------------------- */

TEST(a_tunnel_of_pfsense_is_listed_by_opnsense_and_goes_there)
{
	const char *id;

	pfsense("POST", "services/ipsec/phase1",
		"{'iketype':'ikev2','protocol':'inet','interface':'wan','remote-gateway':'198.51.100.7',"
		"'authentication_method':'pre_shared_key','myid_type':'myaddress','peerid_type':'peeraddress',"
		"'pre-shared-key':'secret','descr':'site','encryption':[{'encryption-algorithm':{'name':'aes','keylen':256},"
		"'hash-algorithm':'sha256','dhgroup':14}]}", "");
	CHECK_STRING(opnsense("ipsec/tunnel/search_phase1", NULL, "rows.0.description"), "site");
	id = opnsense("ipsec/tunnel/search_phase1", NULL, "rows.0.id");
	opnsense(SAY("ipsec/tunnel/del_phase1/%s", id), "{}", "result");
	CHECK_STRING(pfsense("GET", "services/ipsec/phase1", NULL, "0.descr"), "");
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
		CASE(a_list_made_through_pfsense_is_opnsense_s), CASE(a_list_made_through_opnsense_is_pfsense_s),
		CASE(name_and_servers_are_one_for_the_wizard_and_pfsense), CASE(a_tunnel_of_pfsense_is_listed_by_opnsense_and_goes_there),
	};

	instance_programs(argc, argv);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	instance = instance_plain("none");
	client = client_new(instance);
	return cmocka_run_group_tests(tests, NULL, finish);
}
