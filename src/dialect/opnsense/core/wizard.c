/* The setup wizard: shows what the box is set to, and sets it, in the resources where it belongs. */
#include <string.h>

#include "api/accounts.h"
#include "api/topics.h"
#include "api/verbs.h"
#include "base/address.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/show.h"
#include "dialect/opnsense/tables.h"

#define WAN "interfaces.wan."
#define LAN "interfaces.lan."
#define GATEWAY_NAME "WAN_GW"

static const struct record *
interface_of(const struct call *call, const char *key)
{
	return collection_find(snapshot_named(call->request->snapshot, "interfaces.interface"), text_of(key));
}

/* --- showing -------------------------------------------------------------------------------- */

/* Fields of the wizard that are a field elsewhere. */
static const struct moved {
	const char *field, *resource, *name;
	bool        is_flag;
} moved[] = {
	{ "hostname", "system.general", "hostname" },
	{ "domain", "system.general", "domain" },
	{ "language", "system.general", "language" },
	{ "timezone", "system.general", "timezone" },
	{ "dns_servers", "system.general", "dns_servers" },
	{ "dnsallowoverride", "system.general", "dns_allow_override", true },
	{ "unbound.enabled", "unbound.settings", "general.enabled", true },
	{ "unbound.dnssec", "unbound.settings", "general.dnssec", true },
	{ "unbound.dnssecstripped", "unbound.settings", "advanced.dnssecstripped", true },
	{ "deployment_type.dhcp_dns_registration", "unbound.settings", "general.regdhcp", true },
};

/* Fields of an interface; the wizard's have "interfaces.wan." in front. */
static const struct moved of_wan[] = {
	{ WAN "spoofmac", NULL, "spoofmac" },
	{ WAN "mtu", NULL, "mtu" },
	{ WAN "mss", NULL, "mss" },
	{ WAN "dhcphostname", NULL, "dhcphostname" },
	{ WAN "ipaddr", NULL, "ipaddr" },
	{ WAN "blockpriv", NULL, "blockpriv", true },
	{ WAN "blockbogons", NULL, "blockbogons", true },
};

/* Fields of the line that the WAN goes over. */
static const struct moved of_line[] = {
	{ WAN "pppoe_username", NULL, "username" },
	{ WAN "pppoe_password", NULL, "password" },
	{ WAN "pppoe_provider", NULL, "provider" },
};

/* The line that the interface's device is of; NULL: it is another kind of device. */
static const struct record *
line_of(const struct call *call, const struct record *interface)
{
	return interface ? collection_where(snapshot_named(call->request->snapshot, "interfaces.ppp"), "if", record_text(interface, "if"))
			 : NULL;
}

static const char *
flag(bool is_set)
{
	return is_set ? "1" : "0";
}

static void
show_wan(const struct call *call, struct record *setup)
{
	const struct record *wan = interface_of(call, "wan");
	const struct record *line = line_of(call, wan);
	const char          *type = wan ? record_get(wan, "type4") : "";

	if (!wan)
		return;
	for (size_t i = 0; line && i < COUNT(of_line); i++)
		if (strcmp(of_line[i].name, "password") != 0)
			record_set(setup, of_line[i].field, record_get(line, of_line[i].name));
	for (size_t i = 0; i < COUNT(of_wan); i++)
		record_set(setup, of_wan[i].field,
			   of_wan[i].is_flag ? flag(record_bool(wan, of_wan[i].name)) : record_get(wan, of_wan[i].name));
	record_set(setup, WAN "ipv4_type", strcmp(type, "staticv4") == 0 ? "static" : type);
	record_set(setup, WAN "disable", flag(!record_bool(wan, "enable")));
	const struct record *gateway =
		record_has(wan, "gateway") ? collection_where(snapshot_named(call->request->snapshot, "routing.gateway"),
							      "name", record_text(wan, "gateway"))
					   : NULL;

	if (gateway)
		record_set(setup, WAN "gateway", record_get(gateway, "gateway"));
}

/* The wizard's record, filled with what is. */
static struct record *
current_setup(const struct call *call)
{
	const struct snapshot *snapshot = call->request->snapshot;
	struct record *setup = record_copy(call->request->arena, snapshot_single(snapshot, "core.initial_setup"));
	const struct record *lan = interface_of(call, "lan");

	for (size_t i = 0; i < COUNT(moved); i++) {
		const struct record *there = snapshot_single(snapshot, moved[i].resource);

		record_set(setup, moved[i].field,
			   moved[i].is_flag ? flag(record_bool(there, moved[i].name)) : record_get(there, moved[i].name));
	}
	record_set(setup, "deployment_type.multiwan", "1");
	show_wan(call, setup);
	if (lan) {
		record_set(setup, LAN "ipaddr", record_get(lan, "ipaddr"));
		record_set(setup, LAN "disable", flag(!record_bool(lan, "enable")));
	}
	return setup;
}

static void
get_setup(struct call *call)
{
	const struct record *setup = current_setup(call);
	const struct view    view = call_view(call, setup);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "wizard");
	json_object(&call->json);
	show_record(&call->json, setup, NULL, &view);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

static void
abort_setup(struct call *call)
{
	answer_word(call, "result", "done");
}

/* --- setting -------------------------------------------------------------------------------- */

/* The password is hashed before. */
static void
hash_password(struct call *call)
{
	const char *password = value_as_string(call->request->arena, value_path(call->input, "wizard.password"));

	call->kept = password && password[0] ? (void *)password_hash(call->request->arena, password) : NULL;
}

/* Keep a record, new (before NULL) or changed; what is wrong is told under the wizard's name for it. */
static void
keep(struct call *call, const struct record *before, struct record *after, const char *field, struct faults *faults)
{
	struct faults own = { .arena = call->request->arena };

	if (before ? verb_set(call->request, before, after, false, &own) : verb_add(call->request, after, &own))
		for (const struct fault *fault = own.first; fault; fault = fault->next)
			faults_add(faults, field, fault->kind, "%s: %s", fault->field, fault->message);
}

static void
set_moved(struct call *call, const struct record *setup, const char *resource, struct faults *faults)
{
	const struct record *before = snapshot_single(call->request->snapshot, resource);
	struct record       *after = verb_edit(call->request, before);
	const char          *field = NULL;

	for (size_t i = 0; i < COUNT(moved); i++) {
		if (strcmp(moved[i].resource, resource) != 0)
			continue;
		record_set(after, moved[i].name, record_get(setup, moved[i].field));
		field = field ? field : moved[i].field;
	}
	keep(call, before, after, field, faults);
}

/* The gateway of a static address: the one that the interface has, or a new one. Gives its name. */
static const char *
set_gateway(struct call *call, const struct record *setup, const struct record *wan, struct faults *faults)
{
	const struct collection *gateways = snapshot_named(call->request->snapshot, "routing.gateway");
	const struct record     *before = collection_where(gateways, "name", record_text(wan, "gateway"));
	struct record           *after;

	if (!record_has(setup, WAN "gateway"))
		return "";
	before = before ? before : collection_where(gateways, "name", TEXT(GATEWAY_NAME));
	after = before ? verb_edit(call->request, before)
		       : verb_fresh(call->request, call_resource(call, "routing.gateway"));
	if (!before) {
		record_set(after, "name", GATEWAY_NAME);
		record_set(after, "interface", "wan");
		record_set(after, "defaultgw", "1");
		record_set(after, "descr", "Gateway of the WAN interface");
	}
	record_set(after, "gateway", record_get(setup, WAN "gateway"));
	keep(call, before, after, WAN "gateway", faults);
	return record_get(after, "name");
}

/* A new line over the WAN's device, or the one that there is: the device that the WAN is on then. */
static const char *
set_line(struct call *call, const struct record *setup, const struct record *wan, struct faults *faults)
{
	const struct record *before = line_of(call, wan);
	struct record       *after = before ? verb_edit(call->request, before)
					    : verb_fresh(call->request, call_resource(call, "interfaces.ppp"));

	if (!before)
		record_set(after, "ports", record_get(wan, "if"));
	for (size_t i = 0; i < COUNT(of_line); i++)
		record_set(after, of_line[i].name, record_get(setup, of_line[i].field));
	keep(call, before, after, WAN "ipv4_type", faults);
	return record_get(after, "if");
}

/* IPv6 comes with the line, or not at all. */
static void
set_device(struct record *wan, const char *device, bool is_line)
{
	static const char *const types[] = { "dhcp6", "pppoev6" };

	record_set(wan, "if", device);
	if (is_line ? strcmp(record_get(wan, "type6"), "none") != 0 : strcmp(record_get(wan, "type6"), types[1]) == 0)
		record_set(wan, "type6", types[is_line]);
}

static void
set_wan(struct call *call, const struct record *setup, struct faults *faults)
{
	const struct record *before = interface_of(call, "wan");
	const char          *type = record_get(setup, WAN "ipv4_type");
	const bool           is_static = strcmp(type, "static") == 0, is_line = strcmp(type, "pppoe") == 0;
	const struct record *line = line_of(call, before);

	if (!before)
		return;
	struct record *after = verb_edit(call->request, before);

	if (is_line || line)
		set_device(after, is_line ? set_line(call, setup, before, faults) : record_get(line, "ports"), is_line);

	for (size_t i = 0; i < COUNT(of_wan); i++)
		record_set(after, of_wan[i].name, record_get(setup, of_wan[i].field));
	record_set(after, "enable", flag(!record_bool(setup, WAN "disable")));
	record_set(after, "type4", is_static ? "staticv4" : type);
	record_set(after, "ipaddr", is_static ? record_get(setup, WAN "ipaddr") : "");
	record_set(after, "gateway", "");
	keep(call, before, after, WAN "ipv4_type", faults);
	if (line && !is_line)
		change_remove(call->request->change, call_resource(call, "interfaces.ppp"), text_of(line->uuid));
	/* A gateway with an address wants an interface that has one: so it comes after that. */
	const char *gateway = is_static && faults_none(faults) ? set_gateway(call, setup, before, faults) : "";

	if (gateway[0] && faults_none(faults)) {
		const struct record *now = interface_of(call, "wan");

		after = verb_edit(call->request, now);
		record_set(after, "gateway", gateway);
		keep(call, now, after, WAN "gateway", faults);
	}
}

/* --- DHCP on LAN ---------------------------------------------------------------------------- */

static struct address
offset(const struct prefix *network, uint32_t by)
{
	struct address address = prefix_first(network);
	uint32_t       number = 0;

	for (size_t i = 0; i < 4; i++)
		number = number << 8 | address.bytes[i];
	number += by;
	for (size_t i = 0; i < 4; i++)
		address.bytes[i] = (uint8_t)(number >> (24 - 8 * i));
	return address;
}

/* Addresses to give away: .100 to .199 where there is room, else the half of the network that ours is not in. */
static bool
choose_range(const struct prefix *own, struct address *first, struct address *last)
{
	const uint32_t hosts = own->bits <= 30 && own->bits >= 8 ? (UINT32_C(1) << (32 - own->bits)) - 2 : 0;
	uint32_t       from = hosts >= 200 ? 100 : hosts / 2 + 1, to = hosts >= 200 ? 199 : hosts;

	if (own->address.family != FAMILY_INET || hosts < 2)
		return false;
	*first = offset(own, from);
	*last = offset(own, to);
	if (address_compare(&own->address, first) < 0 || address_compare(&own->address, last) > 0)
		return true;
	*first = offset(own, 1);
	*last = offset(own, from - 1);
	return true;
}

static bool
is_lan_range(const struct record *range)
{
	return strcmp(record_get(range, "interface"), "lan") == 0 && !strchr(record_get(range, "start_addr"), ':');
}

static void
remove_ranges(struct call *call)
{
	const struct resource   *resource = call_resource(call, "dnsmasq.range");
	const struct collection *ranges = snapshot_collection(call->request->snapshot, resource);

	for (size_t i = collection_count(ranges); i-- > 0;) {
		if (is_lan_range(collection_at(ranges, i)))
			change_remove(call->request->change, resource, text_of(collection_at(ranges, i)->uuid));
		ranges = snapshot_collection(call->request->snapshot, resource);
	}
}

/* A comma list with or without a word. */
static const char *
with(struct arena *arena, const char *list, const char *word, bool is_wanted)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   rest = text_of(list), one;

	while (text_next(&rest, ",", &one))
		if (!text_is(one, word))
			buffer_print(&out, "%s%.*s", out.len ? "," : "", TEXT_ARGS(one));
	if (is_wanted)
		buffer_print(&out, "%s%s", out.len ? "," : "", word);
	return arena_copy(arena, buffer_text(&out));
}

static void
set_dhcp(struct call *call, const struct record *setup, struct faults *faults)
{
	const bool           is_wanted = record_bool(setup, LAN "configure_dhcp") && !record_bool(setup, LAN "disable");
	const struct record *before = snapshot_single(call->request->snapshot, "dnsmasq.settings");
	struct record       *after = verb_edit(call->request, before);
	struct prefix        own;
	struct address       first, last;

	remove_ranges(call);
	record_set(after, "interface", with(call->request->arena, record_get(before, "interface"), "lan", is_wanted));
	if (is_wanted)
		record_set(after, "enable", "1");
	keep(call, before, after, LAN "configure_dhcp", faults);
	if (!is_wanted)
		return;
	if (!prefix_read(record_text(setup, LAN "ipaddr"), &own) || !choose_range(&own, &first, &last)) {
		faults_add(faults, LAN "configure_dhcp", FAULT_CONFLICT, "There are no addresses to give away.");
		return;
	}
	struct record *range = verb_fresh(call->request, call_resource(call, "dnsmasq.range"));

	record_set(range, "interface", "lan");
	record_set(range, "start_addr", address_print(call->request->arena, &first));
	record_set(range, "end_addr", address_print(call->request->arena, &last));
	keep(call, NULL, range, LAN "configure_dhcp", faults);
}

static void
set_lan(struct call *call, const struct record *setup, struct faults *faults)
{
	const struct record *before = interface_of(call, "lan");

	if (!before)
		return;
	struct record *after = verb_edit(call->request, before);

	record_set(after, "enable", flag(!record_bool(setup, LAN "disable")));
	record_set(after, "type4", record_has(setup, LAN "ipaddr") ? "staticv4" : "none");
	record_set(after, "ipaddr", record_get(setup, LAN "ipaddr"));
	keep(call, before, after, LAN "ipaddr", faults);
	set_dhcp(call, setup, faults);
}

static void
set_password(struct call *call, struct faults *faults)
{
	const struct record *root =
		collection_where(snapshot_named(call->request->snapshot, "auth.user"), "uid", TEXT("0"));

	if (!call->kept || !root)
		return;
	struct record *after = verb_edit(call->request, root);

	record_set(after, "password", call->kept);
	keep(call, root, after, "password", faults);
}

/* What this box does not do, so that nobody thinks it did. */
static void
check_possible(const struct record *setup, struct faults *faults)
{
	static const struct {
		const char *field, *only, *message;
	} fixed[] = {
		{ "deployment_type.multiwan", "1", "Rules may always choose their gateway." },
		{ "deployment_type.maxthreads", "", "The kernel decides itself how many threads it needs." },
	};

	for (size_t i = 0; i < COUNT(fixed); i++) {
		const char *value = record_get(setup, fixed[i].field);

		if (strcmp(strcmp(value, "0") == 0 ? "" : value, fixed[i].only) != 0)
			faults_add(faults, fixed[i].field, FAULT_CONFLICT, "%s", fixed[i].message);
	}
}

static void
configure(struct call *call)
{
	const struct value *sent = value_get(call->input, "wizard");
	struct record      *setup = current_setup(call);
	const struct view   view = call_view(call, setup);
	struct faults       faults = { .arena = call->request->arena };

	if (!value_is(sent, VALUE_OBJECT) || !regular_fill(call, setup, sent)) {
		answer_invalid(call, "", NULL);
		return;
	}
	/* The password is not shown: who sends none leaves it as it is. */
	if (!record_has(setup, WAN "pppoe_password") && line_of(call, interface_of(call, "wan")))
		record_set(setup, WAN "pppoe_password", record_get(line_of(call, interface_of(call, "wan")), "password"));
	record_check(setup, NULL, true, &view, &faults);
	check_possible(setup, &faults);
	if (faults_none(&faults)) {
		set_moved(call, setup, "system.general", &faults);
		set_moved(call, setup, "unbound.settings", &faults);
		set_wan(call, setup, &faults);
		set_lan(call, setup, &faults);
		set_password(call, &faults);
	}
	if (!faults_none(&faults)) {
		answer_invalid(call, "wizard", &faults);
		return;
	}
	unsigned *parts = ARENA_MAKE(call->request->arena, unsigned, 1);

	/* Rules and routes are about the interfaces, whatever of them the request has changed. */
	*parts = change_touched(call->request->change) | PART_FILTER | PART_ROUTING;
	call->kept = parts;
	call->request->keep = call->request->always = true;
	answer_word(call, "result", "saved");
}

static void
apply(struct call *call)
{
	const unsigned   *parts = call->kept;
	const char       *message;
	const enum result result = topic_apply(call->request, *parts, &message);

	if (result != RESULT_DONE)
		answer_refusal(call, "Not applied", "It is saved, but not in force: %s",
			       message[0] ? message : result_word(result));
}

/* clang-format off */
const struct action core_wizard_actions[] = {
	{ "core/initial_setup/get", KIND_MODEL_GET, .handle = get_setup },
	{ "core/initial_setup/abort", KIND_ACTION, .handle = abort_setup },
	{ "core/initial_setup/configure", KIND_MODEL_SET, .lane = LANE_COMMIT, .handle = configure,
	  .slow = hash_password, .finish = apply, .resource = "core.initial_setup", .like = "core/initial_setup/get" },
	{ NULL },
};
/* clang-format on */
