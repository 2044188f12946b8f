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

	CHECK_NUMBER(config_import(change, NULL, text_of(xml), NULL, report, &message), RESULT_DONE);
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

/* Older files list each gateway with its tier, newer ones have a list for each. */
TEST(gateway_groups_are_read_in_both_forms_and_survive)
{
	static const char *const files[] = {
		"<pfsense><gateways><gateway_group><name>G</name><item>A|2|address</item><item>B|1|_vip1</item><item>C|9</item>"
		"<item>D|1</item><item>|3</item><trigger>downloss</trigger></gateway_group></gateways></pfsense>",
		"<opnsense><gateways><gateway_group><name>G</name><item>B,D</item><item2>A</item2><item5>C</item5>"
		"<trigger>downloss</trigger></gateway_group></gateways></opnsense>",
	};
	struct schema *schema = schema_new(registry, registry_count);

	for (size_t i = 0; i < COUNT(files); i++) {
		scoped_arena           arena = arena_new();
		scoped_buffer          report = BUFFER_NONE, out = BUFFER_NONE;
		const struct snapshot *first = imported(arena, schema, files[i], &report);
		const struct record   *group = collection_at(snapshot_named(first, "routing.gateway_group"), 0);

		CHECK_STRING(record_get(group, "item"), "B,D");
		CHECK_STRING(record_get(group, "item2"), "A");
		CHECK_STRING(record_get(group, "item3"), "");
		CHECK_STRING(record_get(group, "item5"), "C");
		config_export(&out, first);
		const struct snapshot *again = imported(arena, schema, buffer_string(&out), &report);

		CHECK(record_same(group, collection_at(snapshot_named(again, "routing.gateway_group"), 0)));
		snapshot_release(first);
		snapshot_release(again);
	}
	schema_free(schema);
}

/* Up to 25.7 there was one block; what it says of searching is a setting of the resolver now. */
TEST(the_block_of_blocklists_becomes_a_policy)
{
	static const struct {
		const char *members;
		size_t      policies;
	} files[] = {
		{ "<enabled>1</enabled><safesearch>1</safesearch><type>ag,el</type><lists>https://lists.example/a</lists>"
		  "<whitelists>good.example</whitelists><blocklists/><wildcards>bad.example</wildcards><address>10.0.0.9</address>"
		  "<nxdomain>0</nxdomain>", 1 },
		{ "<enabled>0</enabled><safesearch>0</safesearch><type/><lists/><whitelists/><blocklists/><wildcards/><address/><nxdomain>0</nxdomain>", 0 },
		{ "<blocklist uuid=\"a0000000-0000-4000-8000-000000000001\"><enabled>1</enabled><type>sb</type>"
		  "<description>new</description></blocklist>", 1 },
	};
	struct schema *schema = schema_new(registry, registry_count);

	for (size_t i = 0; i < COUNT(files); i++) {
		scoped_arena             arena = arena_new();
		scoped_buffer            report = BUFFER_NONE;
		const struct snapshot   *got = imported(arena, schema, arena_print(arena, "<opnsense><OPNsense><unboundplus><dnsbl>%s"
						"</dnsbl></unboundplus></OPNsense></opnsense>", files[i].members), &report);
		const struct collection *policies = snapshot_named(got, "unbound.dnsbl");

		CHECK(!strstr(buffer_string(&report), "dnsbl"));
		CHECK_NUMBER(collection_count(policies), files[i].policies);
		CHECK_STRING(record_get(snapshot_single(got, "unbound.settings"), "general.safesearch"), i == 0 ? "1" : "");
		if (i == 0) {
			const struct record *policy = collection_at(policies, 0);

			CHECK_STRING(record_get(policy, "enabled"), "1");
			CHECK_STRING(record_get(policy, "type"), "ag,el");
			CHECK_STRING(record_get(policy, "lists"), "https://lists.example/a");
			CHECK_STRING(record_get(policy, "allowlists"), "good.example");
			CHECK_STRING(record_get(policy, "wildcards"), "bad.example");
			CHECK_STRING(record_get(policy, "address"), "10.0.0.9");
		}
		snapshot_release(got);
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

/* A record by what a field of it says. */
static const struct record *
one(const struct snapshot *got, const char *resource, const char *field, const char *value)
{
	const struct record *record = collection_where(snapshot_named(got, resource), field, text_of(value));

	if (!record)
		fail_msg("no %s with %s %s", resource, field, value);
	return record;
}

static void
check_fields(const struct record *record, const char *const *fields)
{
	for (; *fields; fields += 2)
		if (strcmp(record_get(record, fields[0]), fields[1]) != 0)
			fail_msg("%s is %s", fields[0], record_get(record, fields[0]));
}

static const char servers6[] =
	"<pfsense><interfaces><lan><enable/><if>em1</if><ipaddrv6>2001:db8:1::1</ipaddrv6><subnetv6>64</subnetv6></lan>"
	"<opt1><enable/><if>em2</if><ipaddrv6>track6</ipaddrv6><track6-interface>wan</track6-interface></opt1></interfaces>"
	"<dhcpdv6><lan><enable/><range><from>2001:db8:1::100</from><to>2001:db8:1::1ff</to></range>"
	"<pool><range><from>2001:db8:1::200</from><to>2001:db8:1::2ff</to></range></pool>"
	"<prefixrange><from>2001:db8:1:100::</from><to>2001:db8:1:1f0::</to><prefixlength>60</prefixlength></prefixrange>"
	"<defaultleasetime>7200</defaultleasetime><dnsserver>2001:db8::53</dnsserver><dnsserver>2001:db8::54</dnsserver>"
	"<domainsearchlist>example.org;example.net</domainsearchlist><netboot/><tftp>2001:db8::1</tftp><ramode>managed</ramode>"
	"<rapriority>high</rapriority><rasamednsasdhcp6/>"
	"<staticmap><duid>00:01:00:01:aa:bb</duid><ipaddrv6>2001:db8:1::10</ipaddrv6><hostname>printer</hostname><descr>ours</descr>"
	"<filename>x</filename></staticmap></lan>"
	"<opt1><enable/><range><from>::10</from><to>::20</to></range><ramode>stateless_dhcp</ramode></opt1>"
	"<opt2><ramode>router</ramode></opt2></dhcpdv6></pfsense>";

static void
check_servers6(const struct schema *schema)
{
	scoped_arena           arena = arena_new();
	scoped_buffer          report = BUFFER_NONE;
	const struct snapshot *got = imported(arena, schema, servers6, &report);
	const struct record   *lan = one(got, "kea.subnet6", "interface", "lan");

	check_fields(snapshot_single(got, "kea.dhcpv6_settings"), FIELDS("general.enabled", "1", "general.interfaces", "lan,opt1"));
	check_fields(lan, FIELDS("subnet", "2001:db8:1::/64", "pools", "2001:db8:1::100-2001:db8:1::1ff\n2001:db8:1::200-2001:db8:1::2ff",
		"valid_lifetime", "7200", "option_data.dns_servers", "2001:db8::53,2001:db8::54", "option_data.domain_search",
		"example.org,example.net", "option_data_autocollect", "0", "dynamic_prefix", "0"));
	check_fields(one(got, "kea.pd_pool", "subnet", lan->uuid), FIELDS("prefix", "2001:db8:1:100::", "prefix_len", "56",
		"delegated_len", "60"));
	check_fields(one(got, "kea.reservation6", "subnet", lan->uuid), FIELDS("duid", "00:01:00:01:aa:bb", "ip_address", "2001:db8:1::10",
		"hostname", "printer", "description", "ours"));
	check_fields(one(got, "radvd.entry", "interface", "lan"), FIELDS("mode", "managed", "AdvDefaultPreference", "high", "RDNSS",
		"2001:db8::53,2001:db8::54", "enabled", "1"));
	check_fields(one(got, "kea.subnet6", "interface", "opt1"), FIELDS("dynamic_prefix", "1", "pools", "", "subnet", "",
		"option_data_autocollect", "1"));
	check_fields(one(got, "radvd.entry", "interface", "opt1"), FIELDS("mode", "stateless"));
	CHECK_NUMBER(collection_count(snapshot_named(got, "radvd.entry")), 2);
	CHECK(!strstr(buffer_string(&report), "kea.") && !strstr(buffer_string(&report), "radvd."));
	CHECK(strstr(buffer_string(&report), "not mapped: dhcpdv6/staticmap 1 (00:01:00:01:aa:bb): filename \"x\"\n"));
	CHECK(strstr(buffer_string(&report), "not mapped: dhcpdv6 1 (lan): tftp \"2001:db8::1\"\n"));
	CHECK(strstr(buffer_string(&report), "not mapped: dhcpdv6 2 (opt1): a range in a prefix that changes\n"));
	CHECK(strstr(buffer_string(&report), "not mapped: dhcpdv6/opt2\n"));
	snapshot_release(got);
}

TEST(servers_of_ipv6_are_read_with_what_they_advertise)
{
	struct schema *schema = schema_new(registry, registry_count);

	check_servers6(schema);
	schema_free(schema);
}

/* Nobody tells the checks which links there are. */
#define NO_LINKS \
	"does not pass its checks: interfaces.interface wan: if: This is not one of the choices.\n" \
	"does not pass its checks: interfaces.interface lan: if: This is not one of the choices.\n"
#define INTERFACES \
	"<interfaces><wan><enable/><if>em0</if><ipaddr>dhcp</ipaddr></wan>" \
	"<lan><enable/><if>em1</if><ipaddr>10.0.0.1</ipaddr><subnet>24</subnet></lan></interfaces>"

static void
check_aliases_and_schedules(const struct schema *schema)
{
	static const char xml[] =
		"<pfsense>" INTERFACES "<aliases>"
		"<alias><name>servers</name><type>host</type><address>10.0.0.5 www.example.com</address><descr>ours</descr>"
		"<detail><![CDATA[say \"five\"||web]]></detail></alias>"
		"<alias><name>web</name><type>port</type><address>80 8000:8010</address><descr/><detail/></alias>"
		"<alias><name>bad</name><type>urltable</type><url>https://lists.example/bad.txt</url><updatefreq>3</updatefreq>"
		"<address>https://lists.example/bad.txt</address></alias>"
		"<alias><name>some</name><type>url</type><aliasurl>https://a.example/1</aliasurl><aliasurl>https://a.example/2</aliasurl>"
		"<address>192.0.2.1 192.0.2.2</address></alias>"
		"<alias><name>ports</name><type>url_ports</type><aliasurl>https://a.example/p</aliasurl><address>22 443</address></alias>"
		"<alias><name>lost</name><type>urltable_ports</type><url>https://a.example/q</url></alias>"
		"</aliases><schedules><schedule><name>work</name><descr>hours</descr><schedlabel>5f00</schedlabel>"
		"<timerange><position>1,2,3,4,5</position><hour>8:00-17:59</hour><rangedescr>day|time</rangedescr></timerange>"
		"<timerange><month>12</month><day>24</day><hour>0:00-12:00</hour></timerange></schedule></schedules>"
		"<filter><rule><type>pass</type><interface>lan</interface><protocol>tcp</protocol><source><address>servers</address></source>"
		"<destination><any/><port>web</port></destination><sched>work</sched><descr>uses</descr></rule></filter></pfsense>";
	scoped_arena           arena = arena_new();
	scoped_buffer          report = BUFFER_NONE;
	const struct snapshot *got = imported(arena, schema, xml, &report);

	CHECK_NUMBER(collection_count(snapshot_named(got, "firewall.alias")), 5);
	check_fields(one(got, "firewall.alias", "name", "servers"), FIELDS("enabled", "1", "type", "host", "content",
		"10.0.0.5\nwww.example.com", "description", "ours", "pfsense", "{\"detail\":\"say \\\"five\\\"||web\"}"));
	check_fields(one(got, "firewall.alias", "name", "web"), FIELDS("type", "port", "content", "80\n8000:8010", "pfsense", ""));
	check_fields(one(got, "firewall.alias", "name", "bad"), FIELDS("type", "urltable", "content", "https://lists.example/bad.txt",
		"updatefreq", "3"));
	check_fields(one(got, "firewall.alias", "name", "some"), FIELDS("type", "url", "content", "https://a.example/1\nhttps://a.example/2"));
	check_fields(one(got, "firewall.alias", "name", "ports"), FIELDS("type", "port", "content", "22\n443"));
	check_fields(one(got, "firewall.schedule", "name", "work"), FIELDS("descr", "hours", "label", "5f00", "ranges",
		"1,2,3,4,5|||8:00-17:59|day time\n|12|24|0:00-12:00|"));
	check_rule(got, "uses", FIELDS("enabled", "1", "source_net", "servers", "destination_port", "web", "sched", "work"));
	CHECK_STRING(buffer_string(&report),
		     "not mapped: aliases/alias 5 (ports): its ports stay as they are, and are not fetched again\n"
		     "not mapped: aliases/alias 6 (lost): ports from a URL\n" NO_LINKS);
	snapshot_release(got);
}

static const char translations[] =
	"<pfsense>" INTERFACES "<nat><outbound><mode>hybrid</mode>"
	"<rule><interface>wan</interface><source><network>10.0.0.0/24</network></source><sourceport>1024:65535</sourceport>"
	"<destination><network>192.0.2.0/24</network><not/></destination><dstport>443</dstport><target/><target_subnet/>"
	"<natport>2000:3000</natport><protocol>tcp/udp</protocol><poolopts/><descr>plain</descr>"
	"<created><time>1</time></created></rule>"
	"<rule><interface>wan</interface><source><network>any</network></source><destination><any/></destination><staticnatport/>"
	"<target>other-subnet</target><targetip>198.51.100.0</targetip><targetip_subnet>29</targetip_subnet>"
	"<poolopts>round-robin</poolopts><descr>pool</descr></rule>"
	"<rule><interface>wan</interface><source><network>10.0.9.0/24</network></source><destination><any/></destination><nonat/><disabled/>"
	"<descr>none</descr></rule>"
	"<rule><interface>wan</interface><source><network>fd00::/64</network></source><destination><any/></destination>"
	"<target>2001:db8::9</target><target_subnet>128</target_subnet><strange>yes</strange><descr>odd</descr></rule>"
	"</outbound>"
	"<onetoone><external>198.51.100.8</external><interface>wan</interface><source><address>10.0.0.8/29</address></source>"
	"<destination><any/></destination><natreflection>enable</natreflection><descr>eight</descr></onetoone>"
	"<onetoone><nobinat/><external>198.51.100.9</external><interface>wan</interface><source><address>10.0.0.9</address></source>"
	"<destination><any/></destination><descr>excluded</descr></onetoone>"
	"<npt><interface>wan</interface><source><address>fd00:1::/64</address></source><destination><address>2001:db8:1::/64</address>"
	"</destination><descr>prefix</descr></npt></nat></pfsense>";

static void
check_translations(const struct schema *schema)
{
	scoped_arena           arena = arena_new();
	scoped_buffer          report = BUFFER_NONE;
	const struct snapshot *got = imported(arena, schema, translations, &report);

	check_fields(one(got, "firewall.source_nat", "description", "plain"), FIELDS("enabled", "1", "interface", "wan", "sequence", "1",
		"ipprotocol", "inet", "protocol", "TCP/UDP", "source_net", "10.0.0.0/24", "source_port", "1024-65535", "destination_net",
		"192.0.2.0/24", "destination_not", "1", "destination_port", "443", "target", "", "target_port", "2000-3000", "nonat", "0"));
	check_fields(one(got, "firewall.source_nat", "description", "pool"), FIELDS("enabled", "1", "target", "198.51.100.0/29",
		"staticnatport", "1", "source_net", "any", "sequence", "2", "poolopts", "round-robin"));
	check_fields(one(got, "firewall.source_nat", "description", "none"), FIELDS("enabled", "0", "nonat", "1"));
	check_fields(one(got, "firewall.source_nat", "description", "odd"), FIELDS("enabled", "0", "ipprotocol", "inet6", "target",
		"2001:db8::9"));
	check_fields(one(got, "firewall.one_to_one", "description", "eight"), FIELDS("enabled", "1", "type", "binat", "source_net",
		"10.0.0.8/29", "external", "198.51.100.8/29", "destination_net", "any", "natreflection", "enable"));
	check_fields(one(got, "firewall.one_to_one", "description", "excluded"), FIELDS("enabled", "1", "nobinat", "1", "source_net",
		"10.0.0.9", "external", "198.51.100.9"));
	check_fields(one(got, "firewall.npt", "description", "prefix"), FIELDS("enabled", "1", "interface", "wan", "source_net",
		"fd00:1::/64", "destination_net", "2001:db8:1::/64"));
	check_fields(collection_at(snapshot_named(got, "firewall.filter_settings"), 0), FIELDS("general.snat_mode", "hybrid"));
	CHECK_STRING(buffer_string(&report),
		     "not mapped: nat/outbound/rule 4 (odd): strange \"yes\"\n"
		     "nat/outbound/rule 4 (odd): disabled, as it would be for more\n" NO_LINKS);
	snapshot_release(got);
}

TEST(aliases_and_schedules_of_the_older_form_are_read)
{
	struct schema *schema = schema_new(registry, registry_count);

	check_aliases_and_schedules(schema);
	schema_free(schema);
}

TEST(translations_of_the_older_form_are_read)
{
	struct schema *schema = schema_new(registry, registry_count);

	check_translations(schema);
	schema_free(schema);
}

TEST(rules_of_the_older_form_are_read_from_both_kinds)
{
	struct schema *schema = schema_new(registry, registry_count);

	check_pfsense_rules(schema);
	check_opnsense_rules(schema);
	check_forwards(schema);
	schema_free(schema);
}

/* Both kinds of files have passwords of lines in base64. */
TEST(lines_to_providers_are_read_and_survive)
{
	static const struct {
		const char *written, *password;
	} cases[] = { { "c2VjcmV0", "secret" }, { "JyIgw6Q=", "'\" \xc3\xa4" }, { "not base64!", "not base64!" }, { "", "" } };
	struct schema *schema = schema_new(registry, registry_count);

	for (size_t i = 0; i < COUNT(cases); i++) {
		scoped_arena           arena = arena_new();
		scoped_buffer          report = BUFFER_NONE, out = BUFFER_NONE;
		const char            *file = arena_print(arena,
			"<opnsense><interfaces><wan><if>pppoe0</if><enable>1</enable><ipaddr>pppoe</ipaddr></wan></interfaces>"
			"<ppps><ppp><ptpid>0</ptpid><type>pppoe</type><if>pppoe0</if><ports>em1</ports><username>me@isp.example</username>"
			"<password>%s</password><provider/></ppp></ppps></opnsense>", cases[i].written);
		const struct snapshot *first = imported(arena, schema, file, &report);
		const struct record   *line = collection_at(snapshot_named(first, "interfaces.ppp"), 0);

		CHECK(line && !strstr(buffer_string(&report), "not mapped"));
		CHECK_STRING(record_get(line, "ports"), "em1");
		CHECK_STRING(record_get(line, "username"), "me@isp.example");
		CHECK_STRING(record_get(line, "password"), cases[i].password);
		config_export(&out, first);
		const struct snapshot *again = imported(arena, schema, buffer_string(&out), &report);

		CHECK(record_same(line, collection_at(snapshot_named(again, "interfaces.ppp"), 0)));
		snapshot_release(first);
		snapshot_release(again);
	}
	schema_free(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rules_of_the_older_form_are_read_from_both_kinds),
		cmocka_unit_test(aliases_and_schedules_of_the_older_form_are_read),
		cmocka_unit_test(translations_of_the_older_form_are_read),
		cmocka_unit_test(gateway_groups_are_read_in_both_forms_and_survive),
		cmocka_unit_test(the_block_of_blocklists_becomes_a_policy),
		cmocka_unit_test(servers_of_ipv6_are_read_with_what_they_advertise),
		cmocka_unit_test(lists_of_revoked_certificates_survive), cmocka_unit_test(lines_to_providers_are_read_and_survive),
		cmocka_unit_test(time_and_secure_shell_are_read_from_both_kinds_and_survive) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
