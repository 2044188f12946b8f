/* Records become rules: each field of theirs changes what is compiled, or is noted, or stands in the list of those that need not. */
#include "plan/filter_read.h"

#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "model/registry.h"
#include "plan/filter/compile.h"
#include "plan/shaper/shaper.h"
#include "test.h"

struct box {
	struct arena         *arena;
	struct schema        *schema;
	struct snapshot      *draft;
	struct filter_reader *reader;
	struct filter_cache  *cache;
	unsigned              records;
	const struct shaper  *shaper; /* in force, NULL: none */
};

static void
put(struct box *box, const char *resource, const char *uuid, const char *values)
{
	struct record *record = record_make(box->arena, schema_named(box->schema, resource)), *sealed;
	struct text    rest = text_of(values), pair;

	while (text_next(&rest, ";", &pair)) {
		struct text value = pair;
		const char *name = arena_copy(box->arena, text_until(&value, '='));

		if (pair.len > 0)
			record_set(record, name, arena_copy(box->arena, value));
	}
	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	record->place = ++box->records;
	sealed = record_seal(record);
	snapshot_put(box->draft, sealed);
	record_release(sealed);
}

static void
begin(struct box *box)
{
	*box = (struct box){ .arena = arena_new(), .schema = schema_new(registry, registry_count), .cache = filter_cache_new() };
	struct snapshot *empty = snapshot_new(box->schema);

	box->draft = snapshot_draft(empty);
	snapshot_release(empty);
	box->reader = filter_reader_new(box->schema);
	put(box, "interfaces.interface", "wan", "descr=WAN;if=em0;enable=1;type4=staticv4;ipaddr=192.0.2.1/24;type6=staticv6;ipaddrv6=2001:db8::1/64");
	put(box, "interfaces.interface", "lan", "descr=LAN;if=em1;enable=1;type4=staticv4;ipaddr=10.0.0.1/24");
	put(box, "firewall.alias", "bad", "name=bad;type=external;enabled=1");
	put(box, "firewall.alias", "pool", "name=pool;type=host;content=10.0.0.5\n10.0.0.6;enabled=1");
	put(box, "firewall.alias", "web", "name=web;type=port;content=80\n443;enabled=1");
	put(box, "firewall.filter_settings", "settings", "general.snat_mode=hybrid");
	put(box, "firewall.rule", "uses", "enabled=1;interface=lan;ipprotocol=inet46;source_net=tried");
	put(box, "firewall.schedule", "night", "name=night;ranges=1,2,3,4,5,6,7|||0:00-23:59|");
}

static void
end(struct box *box)
{
	filter_reader_free(box->reader);
	filter_cache_free(box->cache);
	snapshot_release(box->draft);
	schema_free(box->schema);
	arena_free(box->arena);
}

/* What is in force, as text, and what is said about it. */
static const char *
compile(struct box *box, time_t now)
{
	const struct facts        facts = { 0 };
	const struct filter_live  live = { .now = now, .shaper = box->shaper };
	scoped_buffer             text = BUFFER_NONE;
	const struct filter      *filter = filter_read(box->reader, box->draft, &facts, &live);
	const struct ruleset     *ruleset = filter_compile(box->cache, filter);
	size_t                    count;
	const struct filter_note *notes = filter_cache_notes(box->cache, &count);

	ruleset_print(&text, ruleset);
	for (size_t i = 0; i < count; i++)
		buffer_print(&text, "note %s: %s\n", notes[i].uuid, notes[i].text);
	return arena_copy(box->arena, buffer_text(&text));
}

static bool
is_noted(struct box *box, const char *part)
{
	return strstr(compile(box, 1), arena_print(box->arena, "%s", part));
}

/* --- each field ----------------------------------------------------------------------------------------- */

struct trial {
	const char *field;  /* NULL: the end */
	const char *base;   /* what the record has besides */
	const char *value;  /* NULL: nothing is to come of it */
};

/* A record of the trial with the field as it is by itself, and with the value. */
static void
try_field(struct box *box, const char *resource, const char *common, const struct trial *trial)
{
	put(box, resource, "tried", arena_print(box->arena, "%s;%s", common, trial->base));
	const char *without = compile(box, 1);

	put(box, resource, "tried", arena_print(box->arena, "%s;%s;%s=%s", common, trial->base, trial->field, trial->value));
	if (strcmp(compile(box, 1), without) == 0)
		fail_msg("%s: nothing came of %s=%s", resource, trial->field, trial->value);
}

static const struct trial *
trial_of(const struct trial *trials, const char *field)
{
	while (trials->field && strcmp(trials->field, field) != 0)
		trials++;
	return trials->field ? trials : NULL;
}

static void
try_all(const char *name, const char *common, const struct trial *trials)
{
	struct box box;

	begin(&box);
	const struct resource *resource = schema_named(box.schema, name);

	for (size_t i = 0; i < resource->nfields; i++) {
		const struct field *field = &resource->fields[i];
		const struct trial *trial = trial_of(trials, field->name);

		if (field->flags & VOLATILE)
			continue;
		if (!trial)
			fail_msg("%s: does %s do anything?", name, field->name);
		if (trial->value)
			try_field(&box, name, common, trial);
	}
	end(&box);
}

/* clang-format off */
static const struct trial rule_trials[] = {
	{ "enabled", "", "0" },
	{ "statetype", "protocol=TCP", "synproxy" },
	{ "state-policy", "", "if-bound" },
	{ "sequence", "" }, /* order: see below */
	{ "action", "", "block" },
	{ "quick", "", "0" },
	{ "interfacenot", "", "1" },
	{ "interface", "", "wan" },
	{ "direction", "", "out" },
	{ "ipprotocol", "", "inet6" },
	{ "protocol", "", "TCP" },
	{ "icmptype", "protocol=ICMP", "echoreq" },
	{ "icmp6type", "ipprotocol=inet6;protocol=IPV6-ICMP", "128" },
	{ "source_net", "", "10.0.0.9" },
	{ "source_not", "source_net=10.0.0.9", "1" },
	{ "source_port", "protocol=TCP", "80" },
	{ "destination_net", "", "pool" },
	{ "destination_not", "destination_net=pool", "1" },
	{ "destination_port", "protocol=TCP", "web" },
	{ "divert-to", "", "8000" },
	{ "gateway", "", "GONE" },
	{ "replyto", "", "GONE" },
	{ "disablereplyto", "" }, /* with gateways: tests/kernel */
	{ "log", "", "1" },
	{ "allowopts", "", "1" },
	{ "nosync", "" }, { "nopfsync", "" }, /* of pairs of boxes: nothing is synchronised */
	{ "statetimeout", "protocol=TCP", "300" },
	{ "udp-first", "protocol=UDP", "9" },
	{ "udp-multiple", "protocol=UDP", "9" },
	{ "udp-single", "protocol=UDP;udp-first=8", "9" },
	{ "max-src-nodes", "", "3" },
	{ "max-src-states", "", "3" },
	{ "max-src-conn", "protocol=TCP", "3" },
	{ "max", "", "3" },
	{ "max-src-conn-rate", "protocol=TCP;max-src-conn-rates=9", "3" },
	{ "max-src-conn-rates", "protocol=TCP;max-src-conn-rate=9", "3" },
	{ "max-pkt-rate-number", "max-pkt-rate-seconds=9", "3" },
	{ "max-pkt-rate-seconds", "max-pkt-rate-number=9", "3" },
	{ "overload", "protocol=TCP;max-src-conn=3", "bad" },
	{ "adaptivestart", "", "3" },
	{ "adaptiveend", "" }, /* with adaptivestart */
	{ "prio", "", "3" },
	{ "set-prio", "", "3" },
	{ "set-prio-low", "set-prio=3", "4" },
	{ "tag", "", "guests" },
	{ "tagged", "", "guests" },
	{ "tcpflags1", "protocol=TCP;tcpflags2=syn,ack", "syn" },
	{ "tcpflags2", "protocol=TCP;tcpflags1=syn", "syn,ack" },
	{ "tcpflags_any", "protocol=TCP", "1" },
	{ "categories", "" },
	{ "sched", "", "never" },
	{ "tos", "", "ef" },
	{ "shaper1", "", "00000000-0000-4000-8000-000000000001" },
	{ "shaper2", "" }, /* with shaper1 */
	{ "description", "" },
	{ "floating", "", "1" },
	{ "pfsense", "", "{\"dnpipe\":\"limiter\"}" },
	{ NULL },
};

static const struct trial outbound_trials[] = {
	{ "enabled", "", "0" },
	{ "nonat", "", "1" },
	{ "nosync", "" },
	{ "sequence", "" },
	{ "interface", "", "lan" },
	{ "ipprotocol", "target=", "inet6" },
	{ "protocol", "", "TCP" },
	{ "source_net", "", "10.0.0.9" },
	{ "source_not", "source_net=10.0.0.9", "1" },
	{ "source_port", "protocol=UDP", "80" },
	{ "destination_net", "", "pool" },
	{ "destination_not", "destination_net=pool", "1" },
	{ "destination_port", "protocol=UDP", "80" },
	{ "target", "", "192.0.2.9" },
	{ "target_port", "protocol=UDP", "80" },
	{ "staticnatport", "", "1" },
	{ "log", "", "1" },
	{ "categories", "" },
	{ "tag", "", "guests" },
	{ "tagged", "", "guests" },
	{ "endpoint-independent", "protocol=UDP", "1" },
	{ "poolopts", "target=pool", "random" },
	{ "description", "" },
	{ "pfsense", "" },
	{ NULL },
};

static const struct trial forward_trials[] = {
	{ "sequence", "" },
	{ "disabled", "", "1" },
	{ "nordr", "", "1" },
	{ "interface", "", "lan" },
	{ "ipprotocol", "target=pool", "inet6" },
	{ "protocol", "", "udp" },
	{ "source.network", "", "10.0.0.9" },
	{ "source.port", "", "80" },
	{ "source.not", "source.network=10.0.0.9", "1" },
	{ "destination.network", "", "wanip" },
	{ "destination.port", "", "81" },
	{ "destination.not", "destination.network=wanip", "1" },
	{ "target", "", "pool" },
	{ "local-port", "", "8080" },
	{ "poolopts", "target=pool", "random" },
	{ "log", "", "1" },
	{ "category", "" },
	{ "descr", "" },
	{ "tag", "", "guests" },
	{ "tagged", "", "guests" },
	{ "nosync", "" },
	{ "natreflection", "destination.network=wanip", "purenat" },
	{ "pass", "", "rule" },
	{ "associated-rule-id", "" }, /* of rules that are records of their own */
	{ "created.username", "" }, { "created.time", "" }, { "created.description", "" },
	{ "updated.username", "" }, { "updated.time", "" }, { "updated.description", "" },
	{ "pfsense", "" },
	{ NULL },
};

static const struct trial one_to_one_trials[] = {
	{ "enabled", "", "0" },
	{ "log", "", "1" },
	{ "sequence", "" },
	{ "interface", "", "lan" },
	{ "type", "source_net=10.0.0.0/24", "nat" },
	{ "source_net", "", "10.0.0.9" },
	{ "source_not", "type=nat", "1" },
	{ "destination_net", "", "203.0.113.0/24" },
	{ "destination_not", "destination_net=203.0.113.0/24", "1" },
	{ "external", "", "192.0.2.8" },
	{ "natreflection", "", "enable" },
	{ "nobinat", "", "1" },
	{ "categories", "" },
	{ "description", "" },
	{ "pfsense", "" },
	{ NULL },
};

static const struct trial prefix_trials[] = {
	{ "enabled", "", "0" },
	{ "log", "", "1" },
	{ "sequence", "" },
	{ "interface", "", "lan" },
	{ "source_net", "", "fd00:2::/64" },
	{ "destination_net", "", "2001:db8:2::/64" },
	{ "trackif", "destination_net=", "wan" },
	{ "categories", "" },
	{ "description", "" },
	{ NULL },
};

static const struct trial alias_trials[] = {
	{ "enabled", "", "0" },
	{ "name", "", "renamed" },
	{ "type", "", "external" },
	{ "path_expression", "" }, { "username", "" }, { "password", "" }, { "authtype", "" }, { "updatefreq", "" }, /* fetching */
	{ "proto", "" }, /* of countries: whose files are read */
	{ "interface", "type=dynipv6host;content=::9", "wan" },
	{ "counters", "" },
	{ "content", "", "10.0.0.9" },
	{ "expire", "type=external", "600" },
	{ "categories", "" },
	{ "description", "" },
	{ "pfsense", "" },
	{ NULL },
};
/* clang-format on */

TEST(each_field_of_a_rule_acts_or_is_noted)
{
	try_all("firewall.rule", "enabled=1;interface=lan;action=pass", rule_trials);
}

TEST(each_field_of_a_translation_acts_or_is_noted)
{
	try_all("firewall.source_nat", "enabled=1;interface=wan", outbound_trials);
	try_all("firewall.destination_nat", "interface=wan;protocol=tcp;destination.port=80;target=10.0.0.5", forward_trials);
	try_all("firewall.one_to_one", "enabled=1;interface=wan;external=192.0.2.7;source_net=10.0.0.5", one_to_one_trials);
	try_all("firewall.npt", "enabled=1;interface=wan;source_net=fd00:1::/64;destination_net=2001:db8:1::/64", prefix_trials);
}

TEST(each_field_of_an_alias_acts_or_is_noted)
{
	try_all("firewall.alias", "enabled=1;name=tried;type=host;content=10.0.0.8", alias_trials);
}

/* --- what is said ---------------------------------------------------------------------------------------- */

TEST(what_cannot_be_had_is_named)
{
	static const struct {
		const char *resource, *values, *note;
	} cases[] = {
		{ "firewall.rule", "interface=lan;source_net=nobody", "source_net names what is not there (nobody): the rule is not applied" },
		{ "firewall.rule", "interface=lan;destination_port=none", "destination_port names what is not there (none)" },
		{ "firewall.rule", "interface=opt7", "none of its interfaces is there" },
		{ "firewall.rule", "interface=lan;sched=never", "there is no schedule never" },
		{ "firewall.rule", "interface=lan;gateway=GONE", "its gateway is not there" },
		{ "firewall.rule", "interface=lan;statetype=modulate", "not modulated" },
		{ "firewall.rule", "interface=lan;udp-first=5;udp-single=6", "udp-first and udp-single are one here" },
		{ "firewall.rule", "interface=lan;protocol=UDP;statetype=synproxy", "only TCP has synproxy states" },
		{ "firewall.rule", "interface=wan;direction=out;protocol=TCP;statetype=synproxy", "only what comes in" },
		{ "firewall.rule", "interface=wan;direction=out;prio=3", "VLAN priorities are only seen on arrival" },
		{ "firewall.rule", "interface=lan;overload=pool;max-src-conn=1;protocol=TCP", "its overload table is not one" },
		{ "firewall.rule", "interface=lan;protocol=IPV6-ICMP;ipprotocol=inet6;icmp6type=squench", "icmp6type names what is not there" },
		{ "firewall.rule", "interface=lan;tos=va", "tos names what is not there (va)" },
		{ "firewall.rule", "interface=lan;pfsense={\"os\":\"any\"}", "it blocks all of them, or passes none" },
		{ "firewall.source_nat", "interface=wan;target=nobody", "target names what is not there (nobody)" },
		{ "firewall.destination_nat", "interface=wan;target=nobody", "target names what is not there (nobody)" },
		{ "firewall.one_to_one", "interface=wan;external=192.0.2.9;source_net=nobody", "source_net names" },
		{ "firewall.npt", "interface=wan;source_net=fd00:1::/64;destination_net=2001:db8::/48", "differ in length" },
		{ "firewall.npt", "interface=wan;source_net=fd00:1::/64;trackif=lan", "interface lan has no IPv6 prefix now" },
		{ "firewall.alias", "name=as;type=asn;content=64496", "the alias is empty" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct box box;

		begin(&box);
		put(&box, cases[i].resource, "said", arena_print(box.arena, "%s;%s",
			strcmp(cases[i].resource, "firewall.destination_nat") == 0 ? "" : "enabled=1", cases[i].values));
		if (!is_noted(&box, "note said: ") || !is_noted(&box, cases[i].note))
			fail_msg("%s %s: no note \"%s\"", cases[i].resource, cases[i].values, cases[i].note);
		end(&box);
	}
}

TEST(icmp_is_that_of_either_family)
{
	static const char *const lines[] = {
		"ipv4 meta l4proto icmp ct mark set 0x00000011",
		"ipv6 meta l4proto ipv6-icmp counter name \"r17\"",
		"icmp type 8 ct mark set 0x00000011",
		"icmpv6 type 128 counter name \"r17\"",
		"icmp type 4 ct mark set 0x00000011",
	};
	static const struct {
		const char *values;
		unsigned    lines; /* a bit for each that is there */
	} cases[] = {
		{ "ipprotocol=inet46", 1 | 2 },
		{ "ipprotocol=inet46;icmptype=echoreq", 4 | 8 },
		{ "ipprotocol=inet46;icmptype=squench", 16 },
		{ "ipprotocol=inet6", 2 },
		{ "ipprotocol=inet", 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct box box;

		begin(&box);
		put(&box, "firewall.rule", "uses", "enabled=0");
		put(&box, "firewall.rule", "tried", arena_print(box.arena, "enabled=1;interface=lan;protocol=ICMP;%s", cases[i].values));
		const char *text = compile(&box, 1);

		for (size_t j = 0; j < COUNT(lines); j++)
			if (!strstr(text, lines[j]) != !(cases[i].lines >> j & 1))
				fail_msg("%s: %s?", cases[i].values, lines[j]);
		end(&box);
	}
}

TEST(nothing_is_said_of_what_is_disabled_or_as_in_pf)
{
	struct box box;

	begin(&box);
	put(&box, "firewall.rule", "off", "enabled=0;interface=lan;source_net=nobody;statetype=modulate");
	put(&box, "firewall.rule", "good", "enabled=1;interface=lan;protocol=TCP;destination_port=80;statetype=synproxy;max=5;statetimeout=9;"
		"max-src-conn=3;set-prio=3;sched=night");
	put(&box, "firewall.source_nat", "off", "enabled=0;interface=wan;target=nobody");
	CHECK(!is_noted(&box, "note off") && !is_noted(&box, "note good"));
	end(&box);
}

TEST(a_dynamic_host_is_in_the_networks_of_its_interface)
{
	struct box box;

	begin(&box);
	put(&box, "firewall.alias", "host", "enabled=1;name=tried;type=dynipv6host;interface=wan;content=::5:0:0:77\n::78");
	CHECK(strstr(compile(&box, 1), "elements = { 2001:db8::78, 2001:db8::5:0:0:77 }"));
	end(&box);
}

TEST(what_is_excluded_may_be_an_alias_too)
{
	struct box box;

	begin(&box);
	put(&box, "firewall.alias", "most", "enabled=1;name=tried;type=network;content=10.0.0.4/30\n!pool\n!10.0.0.4");
	CHECK(strstr(compile(&box, 1), "elements = { 10.0.0.7 }"));
	end(&box);
}

/* Less the headers of either family, in and out. */
TEST(segments_are_clamped_to_what_the_interface_takes)
{
	struct box box;

	begin(&box);
	CHECK(!strstr(compile(&box, 1), "maxseg"));
	put(&box, "interfaces.interface", "wan", "descr=WAN;if=em0;enable=1;type4=dhcp;mss=1400");
	const char *text = compile(&box, 1);

	CHECK(strstr(text, "iifname \"em0\" meta nfproto ipv4 meta l4proto tcp tcp flags & 0x06 == 0x02 tcp option maxseg size set 1360"));
	CHECK(strstr(text, "oifname \"em0\" meta nfproto ipv6 meta l4proto tcp tcp flags & 0x06 == 0x02 tcp option maxseg size set 1340"));
	end(&box);
}

TEST(segments_fit_a_line_to_a_provider_unless_it_is_said_otherwise)
{
	struct box box;

	begin(&box);
	put(&box, "interfaces.interface", "wan", "descr=WAN;if=pppoe0;enable=1;type4=pppoe");
	CHECK(!strstr(compile(&box, 1), "maxseg"));
	put(&box, "interfaces.ppp", "line", "type=pppoe;if=pppoe0;ports=em0");
	CHECK(strstr(compile(&box, 1), "oifname \"pppoe0\" meta nfproto ipv4 meta l4proto tcp tcp flags & 0x06 == 0x02 tcp option maxseg size set 1452"));
	put(&box, "interfaces.interface", "wan", "descr=WAN;if=pppoe0;enable=1;type4=pppoe;mtu=1400;mss=1300");
	CHECK(strstr(compile(&box, 1), "maxseg size set 1260"));
	end(&box);
}

TEST(rules_of_the_group_of_wireguard_are_about_its_devices)
{
	struct box box;

	begin(&box);
	put(&box, "wireguard.server", "office", "name=office;instance=3;enabled=1");
	put(&box, "firewall.rule", "tried", "enabled=1;interface=wireguard;ipprotocol=inet;action=pass");
	CHECK(!is_noted(&box, "wg3") && !is_noted(&box, "\"tried\""));
	put(&box, "wireguard.general", "general", "enabled=1");
	CHECK(is_noted(&box, "\"wg3\" : jump in_wg3") && is_noted(&box, "chain in_wg3 {\n\t\tjump g_10_in") && is_noted(&box, "\"tried\""));
	/* An interface goes by its own name. */
	put(&box, "interfaces.interface", "opt1", "descr=TUNNEL;if=wg3;enable=1;type4=none");
	CHECK(is_noted(&box, "\"wg3\" : jump in_opt1") && is_noted(&box, "chain in_opt1 {\n\t\tjump g_10_in") && !is_noted(&box, "in_wg3"));
	end(&box);
}

TEST(a_wildcard_stands_for_what_it_lets_vary)
{
	struct box box;

	begin(&box);
	put(&box, "firewall.alias", "odd", "enabled=1;name=tried;type=network;content=10.0.1.5/0.0.2.3");
	CHECK(strstr(compile(&box, 1), "elements = { 10.0.1.4-10.0.1.7, 10.0.3.4-10.0.3.7 }"));
	end(&box);
}

TEST(hardware_addresses_may_be_given_by_their_beginning)
{
	struct box box;

	begin(&box);
	put(&box, "firewall.alias", "macs", "enabled=1;name=tried;type=mac;content=02:11:22:33:44:55\n06:AA");
	CHECK(strstr(compile(&box, 1), "elements = { 02:11:22:33:44:55, 06:aa:00:00:00:00-06:aa:ff:ff:ff:ff }"));
	end(&box);
}

/* A record of defaults is a rule like any other. */
TEST(a_record_of_defaults_can_be_read)
{
	static const char *const resources[] = { "firewall.rule", "firewall.source_nat", "firewall.destination_nat", "firewall.one_to_one",
						 "firewall.npt", "firewall.alias", "firewall.group", "firewall.schedule",
						 "interfaces.interface" };
	struct box               box;

	begin(&box);
	for (size_t i = 0; i < COUNT(resources); i++)
		put(&box, resources[i], "default", "");
	CHECK(strstr(compile(&box, 0), "table inet drawbridge"));
	end(&box);
}

TEST(rules_are_asked_by_their_sequence)
{
	struct box box;

	begin(&box);
	put(&box, "firewall.rule", "one", "enabled=1;interface=lan;sequence=2;description=one");
	put(&box, "firewall.rule", "two", "enabled=1;interface=lan;sequence=1;description=two");
	const char *text = compile(&box, 1);

	CHECK(strstr(text, "comment \"two\"") < strstr(text, "comment \"one\""));
	end(&box);
}

/* --- What is remembered ----------------------------------------------------------------------------------- */

#define PIPE "00000000-0000-4000-8000-000000000001"

static const struct shaper_target targets[] = {
	{ .uuid = PIPE, .class = 7, .rate = 1000 }, { .uuid = SHAPER_LIMITER "up", .class = 9, .rate = 1000, .mask = SHAPER_SOURCE,
						       .family = FAMILY_INET },
};
static const struct shaper shapers[] = {
	{ .stamp = 1, .targets = targets, .ntargets = 1 }, { .stamp = 2, .targets = targets, .ntargets = 2 }, { .stamp = 3 },
};

static unsigned
random_below(unsigned *seed, unsigned most)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % most;
}

/* A rule or an alias comes, goes, changes or moves. */
static void
edit(struct box *box, unsigned *seed)
{
	const char *const rule = arena_print(box->arena, "rule%u", random_below(seed, 24));
	const unsigned    number = random_below(seed, 4);
	const char *const alias = arena_print(box->arena, "alias%u", number);

	/* Its place. */
	box->records = random_below(seed, 100) + 20;
	switch (random_below(seed, 6)) {
	case 0:
		snapshot_remove(box->draft, schema_named(box->schema, "firewall.rule"), text_of(rule));
		break;
	case 1:
		snapshot_remove(box->draft, schema_named(box->schema, "firewall.alias"), text_of(alias));
		break;
	case 2:
		put(box, "firewall.alias", alias, arena_print(box->arena, "enabled=%u;name=%s;type=%s;content=%s", random_below(seed, 5) > 0,
			alias, number == 3 ? "network" : "host", number == 3 ? "alias0" : arena_print(box->arena, "10.9.%u.1", random_below(seed, 9))));
		break;
	default:
		put(box, "firewall.rule", rule, arena_print(box->arena, "enabled=%u;interface=%s;sequence=%u;source_net=%s;action=%s;sched=%s;shaper1=%s",
			random_below(seed, 4) > 0, random_below(seed, 2) ? "lan" : "wan", random_below(seed, 9) + 1,
			random_below(seed, 3) ? alias : "any", random_below(seed, 2) ? "pass" : "block", random_below(seed, 9) ? "" : "night",
			random_below(seed, 3) ? "" : PIPE));
	}
}

/* The same without anything remembered but the indexes of rules. */
static const char *
compile_anew(const struct box *box)
{
	struct box    fresh = *box;
	scoped_buffer indexes = BUFFER_NONE;

	fresh.reader = filter_reader_new(box->schema);
	fresh.cache = filter_cache_new();
	filter_cache_write(box->cache, &indexes);
	CHECK(filter_cache_read(fresh.cache, buffer_text(&indexes)));
	const char *text = compile(&fresh, 1);

	filter_reader_free(fresh.reader);
	filter_cache_free(fresh.cache);
	return text;
}

/* Pipes and queues by their uuids, limiters by their names; without a shaper in force nothing of it is there. */
TEST(rules_have_pipes)
{
	struct box box;

	begin(&box);
	put(&box, "firewall.rule", "piped", "enabled=1;interface=lan;sequence=1;action=pass;shaper1=" PIPE);
	put(&box, "firewall.rule", "limited",
	    "enabled=1;interface=lan;sequence=2;action=pass;pfsense={\"pdnpipe\":\"up\",\"dnpipe\":\"up\",\"descr\":\"x\"}");
	CHECK(!strstr(compile(&box, 1), "chain q"));
	CHECK(strstr(compile(&box, 1), "note piped: its pipe or queue is not in force"));
	CHECK(strstr(compile(&box, 1), "note limited: its pipe or queue is not in force"));
	box.shaper = &shapers[1];
	const char *text = compile(&box, 1);

	CHECK(strstr(text, "ct direction original goto qt_7\n\t}"));
	CHECK(strstr(text, "ct direction original goto qt_9\n\t\tct direction reply goto qt_9\n\t}"));
	CHECK(!strstr(text, "not in force"));
	put(&box, "firewall.rule", "limited", "enabled=1;interface=lan;sequence=2;action=pass;pfsense={\"dnpipe\":\"up\\\"x\"}");
	CHECK(strstr(compile(&box, 1), "note limited: its pipe or queue is not in force"));
	end(&box);
}

TEST(what_is_remembered_makes_no_difference)
{
	unsigned   seed = 7;
	struct box box;

	begin(&box);
	for (int turn = 0; turn < 400; turn++) {
		if (random_below(&seed, 8) == 0)
			box.shaper = &shapers[random_below(&seed, COUNT(shapers))];
		for (unsigned edits = random_below(&seed, 4); edits > 0; edits--)
			edit(&box, &seed);
		const char *text = compile(&box, 1);

		CHECK_STRING(text, compile_anew(&box));
	}
	end(&box);
}

RUN(cmocka_unit_test(rules_have_pipes), cmocka_unit_test(what_is_remembered_makes_no_difference), cmocka_unit_test(each_field_of_a_rule_acts_or_is_noted), cmocka_unit_test(each_field_of_a_translation_acts_or_is_noted),
    cmocka_unit_test(each_field_of_an_alias_acts_or_is_noted), cmocka_unit_test(what_cannot_be_had_is_named),
    cmocka_unit_test(icmp_is_that_of_either_family),
    cmocka_unit_test(nothing_is_said_of_what_is_disabled_or_as_in_pf), cmocka_unit_test(a_record_of_defaults_can_be_read),
    cmocka_unit_test(a_dynamic_host_is_in_the_networks_of_its_interface),
    cmocka_unit_test(what_is_excluded_may_be_an_alias_too), cmocka_unit_test(segments_are_clamped_to_what_the_interface_takes),
    cmocka_unit_test(segments_fit_a_line_to_a_provider_unless_it_is_said_otherwise),
    cmocka_unit_test(rules_of_the_group_of_wireguard_are_about_its_devices),
    cmocka_unit_test(a_wildcard_stands_for_what_it_lets_vary), cmocka_unit_test(hardware_addresses_may_be_given_by_their_beginning),
    cmocka_unit_test(rules_are_asked_by_their_sequence));
