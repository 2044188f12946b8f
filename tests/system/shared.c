/*
 * Every thing that both dialects know: made, changed, put back and removed through either, it reads the same through both.
 *
 * Which things there are comes from the tables of the program; one without a line here fails the test.
 */
#include <stdio.h>
#include <string.h>

#include "dialect/pfsense/mount.h"
#include "json/write.h"
#include "model/registry.h"

/* Flags of fields, and what an instance is given. */
#undef SECRET
#undef KEY
#include "client.h"
#include "test.h"

#define FIELDS_MAX 12
#define MARK       "shared"

enum side { SIDE_OPNSENSE, SIDE_PFSENSE, SIDES };

/*
 * Where a thing is read, in words of the row: "?" a flag that is there or not, "!" its opposite, "+" "yes" or not, "&" an end of a
 * rule, "#" rows of networks, "*" other names, ":" a list's own words, "-" in lower case, "~" its letters, ">" gateways by tier; "a|b" a with "!"
 * before it when b is set.
 */
struct shared {
	const char *resource;
	const char *url;                  /* in pfSense's dialect */
	const char *list;                 /* NULL: url; another that shows it */
	const char *at;                   /* below "data"; NULL: that itself */
	const char *id;                   /* member that says which one; NULL: "id" */
	const char *id_from;              /* member whose value it is; NULL: its place in the list */
	const char *bodies[SIDES][3];     /* new, changed, and put back (NULL: as new); "@" is its number, "^" one more. NULL: cannot */
	const char *fields[SIDES][FIELDS_MAX]; /* in the same order; the first is its name, which begins with MARK or "$" and more */
	bool        is_single;
	bool        cannot_remove;        /* through pfSense */
};

#define OPNSENSE_PAIR(...) [SIDE_OPNSENSE] = { __VA_ARGS__ }
#define PFSENSE_PAIR(...)  [SIDE_PFSENSE] = { __VA_ARGS__ }

/* clang-format off */
static const struct shared things[] = {
	{ "firewall.alias", "firewall/alias", .id_from = "name", .bodies = {
	    OPNSENSE_PAIR("{'name':'shared@','type':'host','content':'192.0.2.@','description':'one'}",
			  "{'content':'192.0.2.@\\nhost.example.org','description':'two'}"),
	    PFSENSE_PAIR("{'name':'shared@','type':'host','address':['192.0.2.@'],'descr':'one'}",
			 "{'address':['192.0.2.@','host.example.org'],'descr':'two'}") },
	  .fields = { OPNSENSE_PAIR("name", "type", "content", "description"), PFSENSE_PAIR("name", "type", "address", "descr") } },
	{ "firewall.rule", "firewall/rule", .id = "tracker", .id_from = "tracker", .bodies = {
	    OPNSENSE_PAIR("{'description':'shared@','action':'pass','interface':'lan','ipprotocol':'inet','protocol':'TCP',"
			  "'source_net':'lan','destination_net':'192.0.2.@','destination_not':'1','destination_port':'443','log':'1'}",
			  "{'action':'block','protocol':'UDP','source_net':'any','destination_net':'198.51.100.0/24','destination_not':'0',"
			  "'destination_port':'53','log':'0'}"),
	    PFSENSE_PAIR("{'descr':'shared@','type':'pass','interface':'lan','ipprotocol':'inet','protocol':'tcp','src':'lan',"
			 "'srcport':'any','dst':'!192.0.2.@','dstport':'443','log':true}",
			 "{'type':'block','protocol':'udp','src':'any','srcport':'any','dst':'198.51.100.0/24','dstport':'53','log':false}") },
	  .fields = { OPNSENSE_PAIR("description", "action", "interface", "ipprotocol", "-protocol", "source_net|source_not",
				    "destination_net|destination_not", "destination_port", "?log"),
		      PFSENSE_PAIR("descr", "type", "interface", "ipprotocol", "-protocol", "&source", "&destination",
				   "destination.port", "?log") } },
	{ "firewall.destination_nat", "firewall/nat/port_forward", .bodies = {
	    OPNSENSE_PAIR("{'descr':'shared@','interface':'wan','ipprotocol':'inet','protocol':'tcp','source':{'network':'any'},"
			  "'destination':{'network':'wanip','port':'80'},'target':'192.168.1.1@','local-port':'8080','disabled':'0'}",
			  "{'protocol':'udp','source':{'network':'192.0.2.0/24'},'destination':{'network':'wanip','port':'81'},"
			  "'target':'192.168.1.2@','local-port':'8081','disabled':'1'}"),
	    PFSENSE_PAIR("{'descr':'shared@','interface':'wan','protocol':'tcp','src':'any','srcport':'any','dst':'wanip',"
			 "'dstport':'80','target':'192.168.1.1@','local-port':'8080','disabled':false}",
			 "{'protocol':'udp','src':'192.0.2.0/24','srcport':'any','dst':'wanip','dstport':'81','target':'192.168.1.2@',"
			 "'local-port':'8081','disabled':true}") },
	  .fields = { OPNSENSE_PAIR("descr", "interface", "ipprotocol", "-protocol", "source.network|source.not", "destination.network|destination.not",
				    "destination.port", "target", "local-port", "?disabled"),
		      PFSENSE_PAIR("descr", "interface", "ipprotocol", "-protocol", "&source", "&destination", "destination.port",
				   "target", "local-port", "?disabled") } },
	{ "firewall.source_nat", "firewall/nat/outbound/mapping", .bodies = {
	    OPNSENSE_PAIR("{'description':'shared@','enabled':'1','interface':'wan','protocol':'tcp','source_net':'192.168.@.0/24',"
			  "'destination_net':'any','target':'203.0.113.@','staticnatport':'1','nonat':'0'}",
			  "{'enabled':'0','protocol':'udp','source_net':'192.168.@.0/25','destination_net':'198.51.100.0/24',"
			  "'target':'203.0.113.9','staticnatport':'0'}"),
	    PFSENSE_PAIR("{'descr':'shared@','interface':'wan','protocol':'tcp','src':'192.168.@.0/24','dst':'any',"
			 "'target':'203.0.113.@','staticnatport':true,'disabled':false}",
			 "{'protocol':'udp','src':'192.168.@.0/25','dst':'198.51.100.0/24','target':'203.0.113.9',"
			 "'staticnatport':false,'disabled':true}") },
	  .fields = { OPNSENSE_PAIR("description", "interface", "-protocol", "source_net|source_not", "destination_net|destination_not",
				    "target", "?staticnatport", "?enabled"),
		      PFSENSE_PAIR("descr", "interface", "-protocol", "&source", "&destination", "target", "?staticnatport", "!disabled") } },
	{ "firewall.one_to_one", "firewall/nat/one_to_one", .bodies = {
	    OPNSENSE_PAIR("{'description':'shared@','enabled':'1','interface':'wan','type':'binat','external':'203.0.113.1@',"
			  "'source_net':'192.168.1.5','destination_net':'any'}",
			  "{'enabled':'0','external':'203.0.113.2@','source_net':'192.168.1.6','destination_net':'198.51.100.1'}"),
	    PFSENSE_PAIR("{'descr':'shared@','interface':'wan','external':'203.0.113.1@','src':'192.168.1.5','dst':'any','disabled':false}",
			 "{'external':'203.0.113.2@','src':'192.168.1.6','dst':'198.51.100.1','disabled':true}") },
	  .fields = { OPNSENSE_PAIR("description", "interface", "external", "source_net|source_not", "destination_net|destination_not", "?enabled"),
		      PFSENSE_PAIR("descr", "interface", "external", "&source", "&destination", "!disabled") } },
	{ "firewall.filter_settings", "firewall/nat/outbound", .is_single = true, .bodies = {
	    OPNSENSE_PAIR(NULL, "{'general':{'snat_mode':'disabled'}}", "{'general':{'snat_mode':'hybrid'}}"),
	    PFSENSE_PAIR(NULL, "{'mode':'advanced'}", "{'mode':'hybrid'}") },
	  .fields = { OPNSENSE_PAIR("general.snat_mode"), PFSENSE_PAIR("mode") } },
	{ "firewall.group", "interface/group", .id_from = "ifname", .bodies = {
	    OPNSENSE_PAIR("{'ifname':'sharedg@x','members':'lan','descr':'one'}", "{'ifname':'sharedg@x','members':'lan,wan','descr':'two'}"),
	    PFSENSE_PAIR("{'ifname':'sharedg@x','members':['lan'],'descr':'one'}", "{'members':['lan','wan'],'descr':'two'}") },
	  .fields = { OPNSENSE_PAIR("ifname", ":members", "descr"), PFSENSE_PAIR("ifname", ":members", "descr") } },
	{ "interfaces.interface", "interface", .id = "id", .id_from = "descr", .bodies = {
	    OPNSENSE_PAIR("{'if':'em^','descr':'shared@','enable':'1','type4':'staticv4','ipaddr':'10.9.@.1/24','mtu':'1400'}",
			  "{'enable':'0','type4':'staticv4','ipaddr':'10.9.1@.1/25','mtu':'1300'}"),
	    PFSENSE_PAIR("{'if':'em^','descr':'shared@','enable':true,'type':'staticv4','ipaddr':'10.9.@.1','subnet':24,'mtu':1400}",
			 "{'enable':false,'type':'staticv4','ipaddr':'10.9.1@.1','subnet':25,'mtu':1300}") },
	  .fields = { OPNSENSE_PAIR("descr", "if", "?enable", "ipaddr", "mtu"), PFSENSE_PAIR("descr", "if", "?enable", "ipaddr/subnet", "mtu") } },
	{ "interfaces.vip", "firewall/virtual_ip", .bodies = {
	    OPNSENSE_PAIR("{'descr':'shared@','mode':'carp','interface':'wan','network':'203.0.113.4@/24','vhid':'1@','advbase':'1','advskew':'0',"
			  "'password':'secret'}", "{'network':'203.0.113.5@/25','advbase':'2','advskew':'100'}"),
	    PFSENSE_PAIR("{'descr':'shared@','mode':'carp','interface':'wan','subnet':'203.0.113.4@/24','vhid':1@,'advbase':1,'advskew':0,"
			 "'password':'secret'}", "{'subnet':'203.0.113.5@/25','advbase':2,'advskew':100}") },
	  .fields = { OPNSENSE_PAIR("descr", "mode", "interface", "subnet", "subnet_bits", "vhid", "advbase", "advskew"),
		      PFSENSE_PAIR("descr", "mode", "interface", "subnet", "subnet_bits", "vhid", "advbase", "advskew") } },
	{ "interfaces.vlan", "interface/vlan", .bodies = {
	    OPNSENSE_PAIR("{'descr':'shared@','if':'em2','tag':'10@','pcp':'1','vlanif':'em2_vlan10@'}",
			  "{'tag':'20@','pcp':'2','vlanif':'em2_vlan20@'}", "{'tag':'10@','pcp':'1','vlanif':'em2_vlan10@'}"),
	    PFSENSE_PAIR("{'descr':'shared@','if':'em2','tag':10@,'pcp':1}", "{'tag':20@,'pcp':2}", "{'tag':10@,'pcp':1}") },
	  .fields = { OPNSENSE_PAIR("descr", "if", "tag", "pcp", "vlanif"), PFSENSE_PAIR("descr", "if", "tag", "pcp", "vlanif") } },
	{ "interfaces.bridge", "interface/bridge", .id_from = "bridgeif", .bodies = {
	    OPNSENSE_PAIR("{'descr':'shared@','members':'lan'}", "{'members':'wan,lan'}"),
	    PFSENSE_PAIR("{'descr':'shared@','members':['wan']}", "{'members':['lan','wan']}") },
	  .fields = { OPNSENSE_PAIR("descr", ":members", "bridgeif", "proto", "maxage"),
		      PFSENSE_PAIR("descr", ":members", "bridgeif", "proto", "maxage") } },
	{ "routing.gateway", "routing/gateway", .id_from = "name", .bodies = {
	    OPNSENSE_PAIR("{'name':'shared@','interface':'lan','ipprotocol':'inet','gateway':'192.168.1.2@','descr':'one','weight':'2',"
			  "'monitor_disable':'1','latencylow':'100','latencyhigh':'300','interval':'2'}",
			  "{'gateway':'192.168.1.3@','descr':'two','weight':'3','monitor_disable':'0','monitor':'192.0.2.@','latencylow':'120'}",
			  "{'gateway':'192.168.1.2@','descr':'one','weight':'2','monitor_disable':'1','monitor':'','latencylow':'100'}"),
	    PFSENSE_PAIR("{'name':'shared@','interface':'lan','ipprotocol':'inet','gateway':'192.168.1.2@','descr':'one','weight':2,"
			 "'monitor_disable':true,'latencylow':100,'latencyhigh':300,'interval':2000}",
			 "{'gateway':'192.168.1.3@','descr':'two','weight':3,'monitor_disable':false,'monitor':'192.0.2.@','latencylow':120}",
			 "{'gateway':'192.168.1.2@','descr':'one','weight':2,'monitor_disable':true,'monitor':'192.168.1.2@','latencylow':100}") },
	  .fields = { OPNSENSE_PAIR("name", "interface", "ipprotocol", "gateway", "descr", "weight", "?monitor_disable", "latencylow",
				    "latencyhigh"),
		      PFSENSE_PAIR("name", "interface", "ipprotocol", "gateway", "descr", "weight", "?monitor_disable", "latencylow",
				   "latencyhigh") } },
	{ "routes.route", "routing/static_route", .bodies = {
	    OPNSENSE_PAIR("{'descr':'shared@','network':'10.20.@.0/24','gateway':'WAN_DHCP','enabled':'1'}",
			  "{'network':'10.21.@.0/24','enabled':'0'}"),
	    PFSENSE_PAIR("{'descr':'shared@','network':'10.20.@.0/24','gateway':'WAN_DHCP','disabled':false}",
			 "{'network':'10.21.@.0/24','disabled':true}") },
	  .fields = { OPNSENSE_PAIR("descr", "network", "gateway", "?enabled"), PFSENSE_PAIR("descr", "network", "gateway", "!disabled") } },
	{ "routing.gateway_group", NULL, .list = "system/config", .at = "gateways.gateway_group", .bodies = {
	    OPNSENSE_PAIR("{'name':'shared@','item':'WAN_DHCP','trigger':'downloss','descr':'one'}",
			  "{'item':'','item2':'WAN_DHCP','trigger':'down','descr':'two'}",
			  "{'item':'WAN_DHCP','item2':'','trigger':'downloss','descr':'one'}"),
	    PFSENSE_PAIR(NULL) },
	  .fields = { OPNSENSE_PAIR("name", ">item", "trigger", "descr"), PFSENSE_PAIR("name", ">item", "trigger", "descr") } },
	{ "unbound.settings", "services/unbound", .is_single = true, .bodies = {
	    OPNSENSE_PAIR(NULL, "{'general':{'enabled':'0','dnssec':'1'}}", "{'general':{'enabled':'1','dnssec':'0'}}"),
	    PFSENSE_PAIR(NULL, "{'enable':false,'dnssec':true}", "{'enable':true,'dnssec':false}") },
	  .fields = { OPNSENSE_PAIR("?general.enabled", "?general.dnssec"), PFSENSE_PAIR("?enable", "?dnssec") } },
	{ "unbound.host_override", "services/unbound/host_override", .bodies = {
	    OPNSENSE_PAIR("{'hostname':'shared@','domain':'example.org','rr':'A','server':'192.0.2.@','description':'one'}",
			  "{'rr':'AAAA','server':'2001:db8::@','description':'two'}"),
	    PFSENSE_PAIR("{'host':'shared@','domain':'example.org','ip':['192.0.2.@'],'descr':'one'}",
			 "{'ip':['2001:db8::@'],'descr':'two'}") },
	  .fields = { OPNSENSE_PAIR("hostname", "domain", "server", "description"), PFSENSE_PAIR("host", "domain", "ip", "descr") } },
	{ "unbound.acl", "services/unbound/access_list", .bodies = {
	    OPNSENSE_PAIR("{'name':'shared@','action':'allow','networks':'10.@.0.0/16','description':'one'}",
			  "{'action':'deny_non_local','networks':'10.@.0.0/16,2001:db8::/32','description':'two'}"),
	    PFSENSE_PAIR("{'aclname':'shared@','aclaction':'allow','row':[{'acl_network':'10.@.0.0','mask':16,'description':''}],"
			 "'description':'one'}",
			 "{'aclaction':'deny nonlocal','row':[{'acl_network':'10.@.0.0','mask':16,'description':''},"
			 "{'acl_network':'2001:db8::','mask':32,'description':''}],'description':'two'}") },
	  .fields = { OPNSENSE_PAIR("name", "~action", "networks", "description"), PFSENSE_PAIR("aclname", "~aclaction", "#row", "description") } },
	{ "dnsmasq.settings", "services/dnsmasq", .is_single = true, .bodies = {
	    OPNSENSE_PAIR(NULL, "{'enable':'0','strict_order':'1','port':'5353'}", "{'enable':'1','strict_order':'0','port':'53053'}"),
	    PFSENSE_PAIR(NULL) },
	  .fields = { OPNSENSE_PAIR("?enable", "?strict_order", "port"), PFSENSE_PAIR("?enable", "?strict_order", "port") } },
	{ "dnsmasq.host", "services/dnsmasq/host_override", .bodies = {
	    OPNSENSE_PAIR("{'host':'shared@','domain':'example.org','ip':'192.0.2.@','descr':'one','aliases':'a@.example.org'}",
			  "{'ip':'192.0.2.1@','descr':'two','aliases':'b@.example.net,c@.example.net'}"),
	    PFSENSE_PAIR("{'host':'shared@','domain':'example.org','ip':'192.0.2.@','descr':'one',"
			 "'aliases':[{'host':'a@','domain':'example.org','description':''}]}",
			 "{'ip':'192.0.2.1@','descr':'two','aliases':[{'host':'b@','domain':'example.net','description':''},"
			 "{'host':'c@','domain':'example.net','description':''}]}") },
	  .fields = { OPNSENSE_PAIR("host", "domain", "ip", "descr", "aliases"), PFSENSE_PAIR("host", "domain", "ip", "descr", "*aliases") } },
	{ "dnsmasq.domain", NULL, .list = "system/config", .at = "dnsmasq.domainoverrides", .bodies = {
	    OPNSENSE_PAIR("{'domain':'shared@.example.org','ip':'192.0.2.@','descr':'one'}", "{'ip':'192.0.2.1@','descr':'two'}"),
	    PFSENSE_PAIR(NULL) },
	  .fields = { OPNSENSE_PAIR("domain", "ip", "descr"), PFSENSE_PAIR("domain", "ip", "descr") } },
	{ "auth.user", "user", .id = "username", .id_from = "name", .bodies = {
	    OPNSENSE_PAIR("{'name':'shared@','password':'Secret@!','descr':'one','disabled':'0'}", "{'descr':'two','disabled':'1'}"),
	    PFSENSE_PAIR("{'username':'shared@','password':'Secret@!','descr':'one','disabled':false}", "{'descr':'two','disabled':true}") },
	  .fields = { OPNSENSE_PAIR("name", "descr", "?disabled"), PFSENSE_PAIR("name", "descr", "?disabled") } },
	{ "auth.group", "user/group", .id_from = "name", .bodies = {
	    OPNSENSE_PAIR("{'name':'shared@','description':'one'}", "{'description':'two'}"),
	    PFSENSE_PAIR("{'name':'shared@','scope':'local','description':'one'}", "{'description':'two'}") },
	  .fields = { OPNSENSE_PAIR("name", "description"), PFSENSE_PAIR("name", "description") } },
	{ "core.tunable", "system/tunable", .id_from = "tunable", .bodies = {
	    OPNSENSE_PAIR("{'tunable':'shared.net.@','value':'1','descr':'one'}", "{'value':'2','descr':'two'}"),
	    PFSENSE_PAIR("{'tunable':'shared.net.@','value':'1','descr':'one'}", "{'value':'2','descr':'two'}") },
	  .fields = { OPNSENSE_PAIR("tunable", "value", "descr"), PFSENSE_PAIR("tunable", "value", "descr") } },
	{ "trust.ca", "system/ca", .id = "refid", .id_from = "refid", .bodies = {
	    OPNSENSE_PAIR("{'descr':'shared@','action':'internal','key_type':'prime256v1','lifetime':'30','country':'NL','commonname':'ca@'}"),
	    PFSENSE_PAIR("{'descr':'shared@','method':'internal','keytype':'ECDSA','ecname':'prime256v1','digest_alg':'sha256','lifetime':30,"
			 "'dn_country':'NL','dn_commonname':'ca@'}") },
	  .fields = { OPNSENSE_PAIR("descr", "refid", "crt", "caref"), PFSENSE_PAIR("descr", "refid", "crt", "caref") } },
	{ "trust.cert", "system/certificate", .id = "refid", .id_from = "refid", .bodies = {
	    OPNSENSE_PAIR("{'descr':'shared@','action':'internal','key_type':'prime256v1','cert_type':'server_cert','lifetime':'30',"
			  "'country':'NL','commonname':'host@'}"),
	    PFSENSE_PAIR(NULL) },
	  .fields = { OPNSENSE_PAIR("descr", "refid", "crt", "caref"), PFSENSE_PAIR("descr", "refid", "crt", "caref") } },
};
/* clang-format on */

static struct {
	struct arena  *arena; /* of one step */
	struct client *client;
} now;

#define SAY(...) arena_print(now.arena, __VA_ARGS__)

/* --- where the OPNsense dialect has it ----------------------------------------------------------------------- */

static const struct face *
face_of(const char *resource)
{
	for (size_t i = 0; i < registry_count; i++)
		if (strcmp(registry[i]->name, resource) == 0)
			return registry[i]->faces[OPNSENSE];
	return NULL;
}

/* pfSense writes these with other things only: each has a test of its own. */
static const char *const apart[] = { "ipsec.settings" };

static bool
is_there(const char *resource)
{
	for (size_t i = 0; i < COUNT(apart); i++)
		if (strcmp(apart[i], resource) == 0)
			return true;
	for (size_t i = 0; i < COUNT(things); i++)
		if (strcmp(things[i].resource, resource) == 0)
			return true;
	return false;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

/* The separators of lists made the same. */
static const char *
list_text(const char *text)
{
	char *copy = arena_copy(now.arena, text_of(text));

	for (char *c = copy; *c; c++)
		if (*c == '\n' || *c == ' ')
			*c = ',';
	return copy;
}

static const char *
lower(const char *text)
{
	char *copy = arena_copy(now.arena, text_of(text));

	for (char *c = copy; *c; c++)
		*c = *c == '_' || *c == ' ' ? '-' : *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	return copy;
}

/* Without what parts its words. */
static const char *
letters(const char *text)
{
	char *copy = arena_copy(now.arena, text_of(text)), *end = copy;

	for (const char *c = copy; *c; c++)
		if (*c != '_' && *c != ' ')
			*end++ = *c;
	*end = '\0';
	return copy;
}

/* As a member of the row, or below it. */
static const struct value *
member(const struct value *row, const char *name)
{
	struct text         rest = text_of(name);
	const struct value *found = value_get(row, name);

	if (found)
		return found;
	for (found = row; found && rest.len > 0;)
		found = value_get(found, arena_copy(now.arena, text_until(&rest, '.')));
	return found;
}

static const char *
word(const struct value *row, const char *name)
{
	const struct value *value = member(row, name);

	if (value_is(value, VALUE_TEXT))
		return arena_copy(now.arena, value->text);
	if (value_is(value, VALUE_INTEGER))
		return SAY("%lld", (long long)value->integer);
	for (size_t i = 0; value_is(value, VALUE_OBJECT) && i < value_count(value); i++)
		if (strcmp(at(now.arena, value->members[i].value, "selected"), "1") == 0)
			return arena_copy(now.arena, value->members[i].name);
	return value_is(value, VALUE_BOOL) && value->truth ? "1" : "";
}

/* {any}, {address} or {network}; "not" beside it. */
static const char *
end_of(const struct value *end)
{
	const char *kinds[] = { "address", "network" };
	const char *text = "any";

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (value_get(end, kinds[i]))
			text = word(end, kinds[i]);
	return SAY("%s%s", value_get(end, "not") ? "!" : "", text);
}

static const char *
joined(const struct value *rows, const char *first, char between, const char *second)
{
	const char *all = "";

	for (size_t i = 0; i < value_count(rows); i++)
		all = SAY("%s%s%s%c%s", all, i ? "," : "", word(value_at(rows, i), first), between, word(value_at(rows, i), second));
	return all;
}

/* "item" for the first tier, "item2" for the next one; or "item" with "NAME|TIER|address". */
static const char *
tiers(const struct value *row)
{
	const struct value *items = value_get(row, "item");
	const char         *all = "";

	for (size_t i = 0; value_is(items, VALUE_LIST) && i < value_count(items); i++)
		all = SAY("%s%.*s;", all, TEXT_ARGS(value_at(items, i)->text));
	for (unsigned i = 1; !value_is(items, VALUE_LIST) && i <= 5; i++) {
		const char *names = word(row, i == 1 ? "item" : SAY("item%u", i));

		if (*names)
			all = SAY("%s%s|%u|address;", all, names, i);
	}
	return all;
}

static const char *
yes(bool is)
{
	return is ? "1" : "0";
}

static const char *
show_field(const struct value *row, const char *field, enum side side)
{
	const char         *name = strchr("?!&#*:-~>", field[0]) ? field + 1 : field;
	const struct value *value = member(row, name);
	const char         *other = strpbrk(name, "|/");
	const bool          is_set = side == SIDE_PFSENSE ? value != NULL : strcmp(word(row, name), "1") == 0;
	struct text         rest = text_of(name);

	if (other) {
		const char *first = word(row, arena_copy(now.arena, text_until(&rest, *other)));

		if (*other == '/')
			return *first ? SAY("%s/%s", first, word(row, other + 1)) : "";
		return SAY("%s%s", strcmp(word(row, other + 1), "1") == 0 ? "!" : "", *first ? first : "any");
	}
	switch (field[0]) {
	case '?':
		return yes(is_set);
	case '!':
		return yes(!is_set);
	case '&':
		return end_of(value);
	case '#':
		return joined(value, "acl_network", '/', "mask");
	case '*':
		return joined(member(value, "item"), "host", '.', "domain");
	case '>':
		return tiers(row);
	case '-':
		return lower(word(row, name));
	case '~':
		return letters(word(row, name));
	default:
		return list_text(word(row, name));
	}
}

static const char *
show_row(const struct shared *thing, const struct value *row, enum side side)
{
	const char *line = "";

	for (size_t i = 0; i < FIELDS_MAX && thing->fields[side][i]; i++)
		line = SAY("%s%s|", line, show_field(row, thing->fields[side][i], side));
	return line;
}

static const struct value *
read_side(const struct shared *thing, enum side side)
{
	const struct face *face = face_of(thing->resource);

	if (side == SIDE_PFSENSE) {
		const struct value *data = value_get(must_get(now.client, now.arena, SAY("/api/v1/%s", thing->list ? thing->list : thing->url)),
						     "data");

		return thing->at ? member(data, thing->at) : data;
	}
	if (thing->is_single)
		return value_get(must_get(now.client, now.arena, SAY("/api/%s/get", face->at)), face->root);
	return value_get(must_get(now.client, now.arena, SAY("/api/%s/search%s", face->at, face->suffix)), "rows");
}

/* One of ours by its number; NULL: none. *place: where in the list. */
static const struct value *
find(const struct shared *thing, enum side side, unsigned number, size_t *place)
{
	const struct value *rows = read_side(thing, side);

	for (size_t i = 0; i < value_count(rows); i++) {
		const char *name = word(value_at(rows, i), thing->fields[side][0]);

		*place = i;
		if (strncmp(name, MARK, strlen(MARK)) == 0 && strchr(name, '0' + (int)number))
			return value_at(rows, i);
	}
	return NULL;
}

/* What both show of one of ours; the test ends when they differ. "": neither has it. */
static const char *
compare(const struct shared *thing, unsigned number, const char *what)
{
	const char *line[SIDES];
	size_t      place;

	for (enum side side = 0; side < SIDES; side++) {
		const struct value *row = thing->is_single ? read_side(thing, side) : find(thing, side, number, &place);

		line[side] = row ? show_row(thing, row, side) : "";
	}
	if (strcmp(line[0], line[1]) != 0)
		fail_msg("%s, %s: OPNsense\n  %s\npfSense\n  %s", thing->resource, what, line[0], line[1]);
	return line[0];
}

/* --- changing --------------------------------------------------------------------------------------------------- */

/* The template for this number, with real quotation marks. */
static const char *
body_of(const char *template, unsigned number)
{
	char *body = arena_copy(now.arena, text_of(template));

	for (char *c = body; *c; c++)
		*c = *c == '\'' ? '"' : *c == '@' ? (char)('0' + number) : *c == '^' ? (char)('1' + number) : *c;
	return body;
}

static void
say_opnsense(const char *path, const char *body, const char *want)
{
	const struct value *said = must_post(now.client, now.arena, path, body);

	if (strcmp(at(now.arena, said, "result"), want) != 0)
		fail_msg("%s %s: %s", path, body, now.client->body.bytes);
}

static void
write_opnsense(const struct shared *thing, unsigned number, const char *template)
{
	const struct face  *face = face_of(thing->resource);
	size_t              place;
	const struct value *row = thing->is_single ? NULL : find(thing, SIDE_OPNSENSE, number, &place);
	const char         *verb = thing->is_single ? "set" : row ? "set" : "add";

	if (!template) {
		say_opnsense(SAY("/api/%s/del%s/%s", face->at, face->suffix, word(row, "uuid")), "{}", "deleted");
		return;
	}
	say_opnsense(SAY("/api/%s/%s%s%s%s", face->at, verb, face->suffix, row ? "/" : "", row ? word(row, "uuid") : ""),
		     SAY("{\"%s\":%s}", face->root, body_of(template, number)), "saved");
}

static void
write_pfsense(const struct shared *thing, unsigned number, const char *template)
{
	size_t              place = 0;
	const struct value *row = thing->is_single ? NULL : find(thing, SIDE_PFSENSE, number, &place);
	const char         *body = template ? body_of(template, number) : "{}";
	const char         *id = thing->id ? thing->id : "id";
	const char         *method = row && !template ? "DELETE" : row || thing->is_single ? "PUT" : "POST";

	if (row && strcmp(method, "DELETE") == 0 && strcmp(thing->resource, "interfaces.interface") == 0)
		id = "if";
	if (row)
		body = SAY(thing->id_from ? "{\"%s\":\"%s\"%s%s" : "{\"%s\":%s%s%s", id,
			   thing->id_from ? word(row, thing->id_from) : SAY("%zu", place), body[1] == '}' ? "" : ",", body + 1);
	must(now.client, now.arena, method, SAY("/api/v1/%s", thing->url), body);
}

static void
write_side(const struct shared *thing, enum side side, unsigned number, const char *template)
{
	(side == SIDE_PFSENSE ? write_pfsense : write_opnsense)(thing, number, template);
}

static const char *
words(enum side side)
{
	return side == SIDE_PFSENSE ? "pfSense" : "OPNsense";
}

/* One made by the first side, changed by the other, put back by the first, removed by the other. */
static void
go_through(const struct shared *thing, enum side first)
{
	const char *const *mine = thing->bodies[first], *const *theirs = thing->bodies[1 - first];
	const unsigned     number = first + 1;
	const enum side    other = thing->url && theirs[thing->is_single] ? 1 - first : first;
	const char        *made, *changed, *back = mine[2] ? mine[2] : mine[0];

	if (!thing->is_single && mine[0])
		write_side(thing, first, number, mine[0]);
	made = compare(thing, number, SAY("made by %s", words(first)));
	CHECK(*made);
	if (thing->bodies[other][1]) {
		write_side(thing, other, number, thing->bodies[other][1]);
		changed = compare(thing, number, SAY("made by %s, changed by %s", words(first), words(other)));
		if (strcmp(made, changed) == 0)
			fail_msg("%s: %s changed nothing: %s", thing->resource, words(other), made);
		write_side(thing, first, number, back);
		changed = compare(thing, number, SAY("changed by %s, put back by %s", words(other), words(first)));
		if (strcmp(made, changed) != 0)
			fail_msg("%s: put back by %s:\n  %s\nbut it was\n  %s", thing->resource, words(first), changed, made);
	}
	if (thing->is_single)
		return;
	write_side(thing, thing->url ? 1 - first : first, number, NULL);
	CHECK_STRING(compare(thing, number, "removed"), "");
}

TEST(what_both_dialects_know_reads_the_same_whoever_changed_it)
{
	struct instance *instance = instance_plain("none");

	now.client = client_new(instance);
	/* In automatic mode OPNsense lists no other mappings. */
	scoped_arena setup = arena_new();

	must(now.client, setup, "PUT", "/api/v1/firewall/nat/outbound", "{\"mode\":\"hybrid\",\"apply\":false}");
	for (size_t i = 0; i < COUNT(things); i++)
		for (enum side side = 0; side < SIDES; side++) {
			scoped_arena arena = arena_new();

			now.arena = arena;
			if (things[i].bodies[side][things[i].is_single])
				go_through(&things[i], side);
		}
	client_free(now.client);
	instance_stop(instance);
	instance_free(instance);
}

/* Rules name a group whoever made it, and a member of it is in use. */
TEST(a_group_of_gateways_is_one_for_rules_and_gateways_of_both)
{
	static const char   gateway[] = "{'name':'ONE','interface':'lan','ipprotocol':'inet','gateway':'192.168.1.21'}";
	static const char   group[] = "{'gateway_group':{'name':'BOTH','item':'ONE','trigger':'down'}}";
	static const char   rules[][160] = {
		"{'type':'pass','interface':'lan','ipprotocol':'inet','protocol':'any','src':'any','dst':'any','gateway':'BOTH'}",
		"{'type':'pass','interface':'lan','ipprotocol':'inet6','protocol':'any','src':'any','dst':'any','gateway':'BOTH'}",
	};
	static const char   path[] = "/api/v1/firewall/rule";
	struct instance    *instance = instance_plain("none");
	scoped_arena        arena = arena_new();
	scoped_buffer       whole = BUFFER_NONE;
	const struct value *groups;

	now.client = client_new(instance);
	now.arena = arena;
	must(now.client, arena, "POST", "/api/v1/routing/gateway", body_of(gateway, 0));
	CHECK_STRING(at(arena, ask(now.client, arena, "POST", path, body_of(rules[0], 0)).json, "return"), "4043");
	say_opnsense("/api/routing/group_settings/add", body_of(group, 0), "saved");
	CHECK_STRING(at(arena, ask(now.client, arena, "POST", path, body_of(rules[1], 0)).json, "return"), "4109");
	CHECK_STRING(at(arena, must(now.client, arena, "POST", path, body_of(rules[0], 0)), "data.gateway"), "BOTH");
	CHECK(text_contains(ask(now.client, arena, "GET", "/api/firewall/filter/search_rule", NULL).body, TEXT("\"gateway\":\"BOTH\"")));
	CHECK_STRING(at(arena, ask(now.client, arena, "DELETE", "/api/v1/routing/gateway", body_of("{'id':'ONE'}", 0)).json, "return"),
		     "6031");
	/* pfSense's only way to write groups is the configuration as a whole. */
	json_value(&(struct json){ .out = &whole }, value_get(must_get(now.client, arena, "/api/v1/system/config"), "data"));
	char *tier = strstr(buffer_string(&whole), "ONE|1|address");

	CHECK(tier != NULL);
	tier[4] = '3';
	must(now.client, arena, "PUT", "/api/v1/system/config", buffer_string(&whole));
	groups = must_get(now.client, arena, "/api/routing/group_settings/search");
	CHECK_STRING(at(arena, groups, "rows.0.item"), "");
	CHECK_STRING(at(arena, groups, "rows.0.item3"), "ONE");
	client_free(now.client);
	instance_stop(instance);
	instance_free(instance);
}

/* There it has no switch. */
TEST(ipsec_is_switched_on_by_the_first_tunnel_of_pfsense)
{
	static const char tunnel[] =
		"{'iketype':'ikev2','protocol':'inet','interface':'wan','remote-gateway':'198.51.100.7','authentication_method':'pre_shared_key',"
		"'pre-shared-key':'for tests only','myid_type':'myaddress','peerid_type':'peeraddress','encryption':[{"
		"'encryption-algorithm':{'name':'aes','keylen':256},'hash-algorithm':'sha256','dhgroup':14}]}";
	static const char path[] = "/api/ipsec/settings/get";
	struct instance  *instance = instance_plain("none");
	scoped_arena      arena = arena_new();

	now.client = client_new(instance);
	now.arena = arena;
	CHECK_STRING(at(arena, must_get(now.client, arena, path), "ipsec.general.enabled"), "");
	must(now.client, arena, "POST", "/api/v1/services/ipsec/phase1", body_of(tunnel, 0));
	CHECK_STRING(at(arena, must_get(now.client, arena, path), "ipsec.general.enabled"), "1");
	say_opnsense("/api/ipsec/settings/set", body_of("{'ipsec':{'general':{'enabled':'0'}}}", 0), "saved");
	CHECK_STRING(at(arena, must_get(now.client, arena, path), "ipsec.general.enabled"), "");
	client_free(now.client);
	instance_stop(instance);
	instance_free(instance);
}

TEST(no_thing_that_both_dialects_know_is_left_out)
{
	for (size_t i = 0; i < nmounts; i++)
		if (face_of(mounts[i]->resource) && !is_there(mounts[i]->resource))
			fail_msg("%s is known to both dialects: give it a line in things", mounts[i]->resource);
	for (size_t i = 0; i < COUNT(things); i++)
		if (!face_of(things[i].resource))
			fail_msg("%s is known to one dialect only", things[i].resource);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_thing_that_both_dialects_know_is_left_out),
		cmocka_unit_test(a_group_of_gateways_is_one_for_rules_and_gateways_of_both),
		cmocka_unit_test(ipsec_is_switched_on_by_the_first_tunnel_of_pfsense),
		cmocka_unit_test(what_both_dialects_know_reads_the_same_whoever_changed_it),
	};

	instance_programs(argc, argv);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
