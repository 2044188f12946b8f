/* config.xml: what is nested there survives the way in and out. */
#include "test.h"

#include "api/trust/certificate.h"
#include "api/config_xml.h"
#include "auth/secret.h"
#include "model/registry.h"
#include "store/store.h"

static const char *
new_certificate(struct arena *arena)
{
	struct value                    *names = value_object(arena);
	const struct certificate_request request = { .elliptic = true, .curve = "prime256v1", .digest = "sha256", .days = 10,
						     .serial = 0x1234, .now = 1764000000, .names = names };

	value_set_string(arena, names, "commonName", "x");
	return certificate_create(arena, &request, certificate_new_key(arena, &request));
}

static const struct snapshot *
imported(struct arena *arena, const struct schema *schema, const char *xml, struct buffer *report)
{
	struct snapshot *empty = snapshot_new(schema);
	struct change   *change = change_make(arena, empty, NULL);
	scoped_buffer    message = BUFFER_NONE;

	CHECK_NUMBER(config_import(change, NULL, text_of(xml), report, &message), RESULT_DONE);
	snapshot_release(empty);
	return change_finish(change, 1);
}

/* Each kind of file says in its own way how the time is kept and who may come in by secure shell. */
TEST(time_and_secure_shell_are_read_from_both_kinds_and_survive)
{
	static const struct {
		const char *xml, *enable, *port, *keyonly;
	} files[] = {
		{ "<opnsense><system><ssh><enabled>enabled</enabled><port>2222</port><passwordauth>1</passwordauth></ssh></system>"
		  "<ntpd><prefer>a.example</prefer><logpeer>yes</logpeer></ntpd></opnsense>", "1", "2222", "" },
		{ "<opnsense><system><ssh><enabled>enabled</enabled></ssh></system>"
		  "<ntpd><prefer>a.example</prefer><logpeer>yes</logpeer></ntpd></opnsense>", "1", "", "enabled" },
		{ "<pfsense><system><ssh><enable>enabled</enable><sshdkeyonly>both</sshdkeyonly></ssh></system>"
		  "<ntpd><prefer>a.example</prefer><logpeer>yes</logpeer></ntpd></pfsense>", "1", "", "both" },
		{ "<pfsense><ntpd><prefer>a.example</prefer><logpeer>yes</logpeer></ntpd></pfsense>", "", "", "" },
	};
	struct schema *schema = schema_new(registry, registry_count);

	for (size_t i = 0; i < COUNT(files); i++) {
		scoped_arena           arena = arena_new();
		scoped_buffer          report = BUFFER_NONE, out = BUFFER_NONE;
		const struct snapshot *first = imported(arena, schema, files[i].xml, &report);
		const struct record   *shell = snapshot_single(first, "system.ssh"), *times = snapshot_single(first, "system.time");

		CHECK_STRING(record_get(shell, "enable"), files[i].enable);
		CHECK_STRING(record_get(shell, "port"), files[i].port);
		CHECK_STRING(record_get(shell, "keyonly"), files[i].keyonly);
		CHECK_STRING(record_get(times, "prefer"), "a.example");
		CHECK_STRING(record_get(times, "logpeer"), "1");
		CHECK(!strstr(buffer_string(&report), "not mapped"));
		config_export(&out, first);
		const struct snapshot *again = imported(arena, schema, buffer_string(&out), &report);

		/* What is both is no word of this file's, but never more than was allowed. */
		if (strcmp(files[i].keyonly, "both") != 0)
			CHECK(record_same(shell, snapshot_single(again, "system.ssh")));
		else
			CHECK_STRING(record_get(snapshot_single(again, "system.ssh"), "keyonly"), "enabled");
		CHECK(record_same(times, snapshot_single(again, "system.time")));
		snapshot_release(first);
		snapshot_release(again);
	}
	schema_free(schema);
}

/* The arena first, then the schema. */
static void
check_lists(const struct schema *schema)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  report = BUFFER_NONE, out = BUFFER_NONE;
	const char    *crt = base64_encode(arena, text_of(new_certificate(arena)));
	const char    *xml = arena_print(
                arena,
                "<opnsense><ca><refid>0123456789abc</refid><descr>house</descr></ca>"
		   "<system><user><name>root</name><uid>0</uid><apikeys><item><key>k</key><secret>$6$x</secret></item></apikeys>"
		   "</user></system>"
		   "<crl><refid>0123456789abd</refid><descr>lost</descr><caref>0123456789abc</caref>"
		   "<crlmethod>internal</crlmethod><serial>4</serial><lifetime>30</lifetime><text>QUJD</text>"
		   "<cert><refid>aaaaaaaaaaaaa</refid><descr>x</descr><crt>%s</crt><prv>secret</prv><reason>1</reason>"
		   "<revoke_time>1764000000</revoke_time></cert>"
		   "<cert><refid>b|\n1</refid><serial>02</serial></cert>"
		   "<cert><refid>ccccccccccccc</refid><serial>0F</serial><reason>9</reason></cert></crl></opnsense>",
                crt);
	const struct snapshot *first = imported(arena, schema, xml, &report);
	const struct record   *list = collection_at(snapshot_named(first, "trust.crl"), 0);

	CHECK_STRING(record_get(list, "cert"), "aaaaaaaaaaaaa|1234|1|1764000000\nccccccccccccc|0F|0|0");
	CHECK(!strstr(buffer_string(&report), "not mapped"));
	config_export(&out, first);
	CHECK(!strstr(buffer_string(&out), "secret\""));
	const struct snapshot *again = imported(arena, schema, buffer_string(&out), &report);

	CHECK(record_same(list, collection_at(snapshot_named(again, "trust.crl"), 0)));
	CHECK_STRING(record_get(collection_at(snapshot_named(again, "auth.user"), 0), "apikeys"),
		     record_get(collection_at(snapshot_named(first, "auth.user"), 0), "apikeys"));
	CHECK(strstr(record_get(collection_at(snapshot_named(again, "auth.user"), 0), "apikeys"), "$6$x"));
	snapshot_release(first);
	snapshot_release(again);
}

TEST(lists_of_revoked_certificates_survive)
{
	struct schema *schema = schema_new(registry, registry_count);

	check_lists(schema);
	schema_free(schema);
}

static const struct record *
rule_called(const struct snapshot *snapshot, const char *description)
{
	return collection_where(snapshot_named(snapshot, "firewall.rule"), "description", text_of(description));
}

static void
check_rule(const struct snapshot *snapshot, const char *description, const char *const *fields)
{
	const struct record *rule = rule_called(snapshot, description);

	CHECK(rule);
	for (; *fields; fields += 2)
		if (strcmp(record_get(rule, fields[0]), fields[1]) != 0)
			fail_msg("%s: %s is %s", description, fields[0], record_get(rule, fields[0]));
}

#define FIELDS(...) (const char *const[]){ __VA_ARGS__, NULL }

static void
check_pfsense_rules(const struct schema *schema)
{
	static const char xml[] =
		"<pfsense><filter>"
		"<rule><id/><tracker>100</tracker><type>pass</type><interface>lan</interface><ipprotocol>inet46</ipprotocol>"
		"<protocol>tcp/udp</protocol><source><network>lan</network><port>1024-65535</port></source>"
		"<destination><address>10.0.0.9</address><not></not><port>53</port></destination><log></log>"
		"<statetype><![CDATA[sloppy state]]></statetype><descr>dns</descr><max-src-conn>5</max-src-conn>"
		"<created><time>1</time><username>x</username></created></rule>"
		"<rule><type>block</type><interface>wan,opt1</interface><ipprotocol>inet6</ipprotocol><floating>yes</floating>"
		"<protocol>icmp</protocol><icmptype>echoreq,toobig</icmptype><source><any></any></source>"
		"<destination><any></any></destination><disabled></disabled><descr>ping</descr></rule>"
		"<rule><type>pass</type><interface>lan</interface><source><any/></source><destination><any/></destination>"
		"<os>Windows</os><descr>old</descr></rule>"
		"<rule><type>pass</type><interface>lan</interface><source><any/></source><destination><any/></destination>"
		"<dnpipe>slow</dnpipe><descr>shaped</descr></rule>"
		"<rule><type>pass</type><interface>lan</interface><descr>torn</descr></rule>"
		"<rule><type>match</type><interface>lan</interface><source><any/></source><destination><any/></destination>"
		"<dscp>EF</dscp><descr>queued</descr></rule>"
		"</filter></pfsense>";
	scoped_arena           arena = arena_new();
	scoped_buffer          report = BUFFER_NONE;
	const struct snapshot *got = imported(arena, schema, xml, &report);

	CHECK_NUMBER(collection_count(snapshot_named(got, "firewall.rule")), 6);
	check_rule(got, "queued", FIELDS("enabled", "0", "tos", "ef"));
	check_rule(got, "dns", FIELDS("action", "pass", "interface", "lan", "ipprotocol", "inet46", "protocol", "TCP/UDP",
		"source_net", "lan", "source_port", "1024-65535", "source_not", "0", "destination_net", "10.0.0.9", "destination_not",
		"1", "destination_port", "53", "log", "1", "statetype", "sloppy", "max-src-conn", "5", "quick", "1", "direction", "in",
		"enabled", "1", "sequence", "1", "floating", "0"));
	check_rule(got, "ping", FIELDS("action", "block", "interface", "wan,opt1", "protocol", "IPV6-ICMP", "icmptype", "",
		"icmp6type", "128,2", "quick", "0", "direction", "any", "enabled", "0", "sequence", "2", "floating", "1"));
	check_rule(got, "old", FIELDS("enabled", "0"));
	check_rule(got, "shaped", FIELDS("enabled", "1"));
	check_rule(got, "torn", FIELDS("enabled", "0"));
	CHECK(strstr(buffer_string(&report), "not mapped: filter/rule 3 (old): os \"Windows\"\n"));
	CHECK(strstr(buffer_string(&report), "filter/rule 3 (old): disabled"));
	CHECK(strstr(buffer_string(&report), "not mapped: filter/rule 4 (shaped): dnpipe \"slow\"\n"));
	CHECK(strstr(buffer_string(&report), "filter/rule 5 (torn): it has no source"));
	CHECK(!strstr(buffer_string(&report), "filter/rule 1") && !strstr(buffer_string(&report), "filter/rule 2"));
	snapshot_release(got);
}

static void
check_opnsense_rules(const struct schema *schema)
{
	static const char xml[] =
		"<opnsense><OPNsense><Firewall><Filter><rules><rule uuid=\"00000000-0000-4000-8000-000000000007\">"
		"<sequence>500</sequence><description>new</description></rule></rules></Filter>"
		"<Category><categories><category uuid=\"00000000-0000-4000-8000-000000000009\"><name>web</name></category></categories>"
		"</Category></Firewall></OPNsense><filter>"
		"<rule uuid=\"00000000-0000-4000-8000-000000000008\"><type>reject</type><interface>lan</interface>"
		"<ipprotocol>inet</ipprotocol><protocol>tcp</protocol><floating>yes</floating><quick>1</quick><disabled>0</disabled>"
		"<source><any>1</any></source><destination><network>(self)</network><port>443</port></destination>"
		"<category>web</category><set-prio>5</set-prio><statetype>keep state</statetype><descr>old</descr></rule>"
		"</filter></opnsense>";
	scoped_arena           arena = arena_new();
	scoped_buffer          report = BUFFER_NONE;
	const struct snapshot *got = imported(arena, schema, xml, &report);

	CHECK_NUMBER(collection_count(snapshot_named(got, "firewall.rule")), 2);
	check_rule(got, "old", FIELDS("action", "reject", "protocol", "TCP", "quick", "1", "direction", "in", "enabled", "1",
		"destination_net", "(self)", "categories", "00000000-0000-4000-8000-000000000009", "set-prio", "5", "sequence", "501"));
	CHECK_STRING(rule_called(got, "old")->uuid, "00000000-0000-4000-8000-000000000008");
	CHECK(!strstr(buffer_string(&report), "filter/rule"));
	snapshot_release(got);
}

static void
check_forwards(const struct schema *schema)
{
	static const char xml[] =
		"<pfsense><nat><rule><source><any></any></source><destination><address>203.0.113.9</address><port>80</port></destination>"
		"<protocol>tcp</protocol><target>10.0.0.9</target><local-port>8080</local-port><interface>wan</interface>"
		"<descr>web</descr><associated-rule-id>pass</associated-rule-id></rule></nat></pfsense>";
	scoped_arena           arena = arena_new();
	scoped_buffer          report = BUFFER_NONE;
	const struct snapshot *got = imported(arena, schema, xml, &report);
	const struct record   *rule = collection_at(snapshot_named(got, "firewall.destination_nat"), 0);

	CHECK_STRING(record_get(rule, "destination.network"), "203.0.113.9");
	CHECK_STRING(record_get(rule, "source.network"), "");
	CHECK_STRING(record_get(rule, "pass"), "pass");
	CHECK(!strstr(buffer_string(&report), "not mapped"));
	snapshot_release(got);
}

TEST(rules_of_the_older_form_are_read_from_both_kinds)
{
	struct schema *schema = schema_new(registry, registry_count);

	check_pfsense_rules(schema);
	check_opnsense_rules(schema);
	check_forwards(schema);
	schema_free(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rules_of_the_older_form_are_read_from_both_kinds),
		 cmocka_unit_test(lists_of_revoked_certificates_survive),
		cmocka_unit_test(time_and_secure_shell_are_read_from_both_kinds_and_survive) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
