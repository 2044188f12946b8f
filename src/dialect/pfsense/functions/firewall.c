/* Aliases, rules, NAT, schedules and virtual addresses, for the tables' expressions. */
#include <ctype.h>
#include <netdb.h>
/* A word of ours too (schema.h). */
#undef NO_ADDRESS

#include "base/number.h"
#include "dialect/pfsense/cache.h"
#include "dialect/pfsense/functions.h"

static const char *const reserved_tables[] = {
	"bogons", "bogonsv6", "sshguard", "snort2c", "virusprot", "vpn_networks", "negate_networks",
	"tonatsubnets", NULL,
};

bool
member_is(struct scope *scope, const struct value *object, const char *name, struct text wanted)
{
	const struct value *member = value_get(object, name);

	return !is_none(member) && text_equal(to_text(scope->arena, member), wanted);
}

int64_t
position_of(struct scope *scope, const char *path, const char *name, struct text wanted)
{
	const struct value *list = tree_find(scope->tree, path);
	struct positions    known;

	if (cache_find_text(list, name, wanted, &known))
		return known.count ? (int64_t)known.at[0] : -1;
	for (size_t i = 0; i < value_count(list); i++)
		if (member_is(scope, list->members[i].value, name, wanted))
			return (int64_t)i;
	return -1;
}

const char *
alias_type(struct scope *scope, struct text name)
{
	const struct value *list = tree_find(scope->tree, "aliases/alias");
	const int64_t       at = name.len ? position_of(scope, "aliases/alias", "name", name) : -1;
	const char         *type;

	if (at < 0)
		return NULL;
	type = to_string(scope->arena, value_get(list->members[at].value, "type"));
	if (strstr(type, "port"))
		return "port";
	return strcmp(type, "host") == 0 ? "host" : "network";
}

/* Names that mean something else in a rule. */
static bool
is_taken_word(struct text name)
{
	static const char *const protocols[] = { "tcp", "udp", "icmp", "esp", "ah", "gre", "igmp", "pim",
						 "ospf", "carp", "pfsync", "ipv6", "any", NULL };
	char            word[64], buffer[4096];
	struct servent  service, *found = NULL;
	struct protoent protocol, *known = NULL;

	memcpy(word, name.ptr, name.len);
	word[name.len] = '\0';
	if (strcmp(word, "port") == 0 || strcmp(word, "pass") == 0)
		return true;
	for (size_t i = 0; protocols[i]; i++)
		if (strcmp(word, protocols[i]) == 0)
			return true;
	if (getprotobyname_r(word, &protocol, buffer, sizeof(buffer), &known) == 0 && known)
		return true;
	if (getservbyname_r(word, "tcp", &service, buffer, sizeof(buffer), &found) == 0 && found)
		return true;
	return getservbyname_r(word, "udp", &service, buffer, sizeof(buffer), &found) == 0 && found;
}

FUNCTION(alias_name)
{
	UNUSED;
	const struct text name = value_is(A(0), VALUE_TEXT) ? A(0)->text : TEXT_NONE;
	bool              digits = true, lines = true;

	if (name.len == 0 || name.len >= 32)
		return say(scope, false);
	for (size_t i = 0; i < name.len; i++) {
		if (!isalnum((unsigned char)name.ptr[i]) && name.ptr[i] != '_')
			return say(scope, false);
		digits = digits && isdigit((unsigned char)name.ptr[i]);
		lines = lines && name.ptr[i] == '_';
	}
	return say(scope, !digits && !lines && !is_taken_word(name));
}

FUNCTION(alias_exists)
{
	UNUSED;
	const struct text name = text(scope, A(0));

	for (size_t i = 0; reserved_tables[i]; i++)
		if (text_is(name, reserved_tables[i]))
			return say(scope, true);
	return say(scope, alias_type(scope, name) != NULL);
}

/* A name, or an index that is a number. */
FUNCTION(alias_at)
{
	UNUSED;
	const struct value *list = tree_find(scope->tree, "aliases/alias");

	if (value_is(A(0), VALUE_INTEGER) && A(0)->integer >= 0 &&
	    (size_t)A(0)->integer < value_count(list))
		return A(0);
	return index_or_false(scope, position_of(scope, "aliases/alias", "name", text(scope, A(0))));
}

FUNCTION(alias_named)
{
	UNUSED;
	const int64_t at = position_of(scope, "aliases/alias", "name", text(scope, A(0)));

	return at < 0 ? NULL : number(scope, at);
}

/* Does some member of some object of the list at path, below an inner object or not, say this? */
static bool
list_mentions(struct scope *scope, const char *path, const char *members, struct text wanted)
{
	const struct value *list = tree_find(scope->tree, path);
	struct text         rest = text_of(members), name;
	struct positions    known;

	while (text_next(&rest, " ", &name)) {
		const char *member = arena_copy(scope->arena, name);

		if (cache_find_text(list, member, wanted, &known)) {
			if (known.count)
				return true;
			continue;
		}
		for (size_t i = 0; i < value_count(list); i++) {
			const struct value *found = value_path(list->members[i].value, member);

			if (!is_none(found) && text_equal(to_text(scope->arena, found), wanted))
				return true;
		}
	}
	return false;
}

FUNCTION(alias_in_use)
{
	UNUSED;
	const struct text name = text(scope, A(0));
	const char *const ends = "source.address destination.address source.port destination.port";

	if (name.len == 0)
		return say(scope, false);
	return say(scope,
		   list_mentions(scope, "filter/rule", ends, name) ||
			   list_mentions(scope, "nat/rule", ends, name) ||
			   list_mentions(scope, "nat/rule", "target local-port", name) ||
			   list_mentions(scope, "nat/onetoone", ends, name) ||
			   list_mentions(scope, "nat/outbound/rule", ends, name) ||
			   list_mentions(scope, "nat/outbound/rule",
					 "source.network destination.network dstport natport target", name) ||
			   list_mentions(scope, "aliases/alias", "address", name) ||
			   list_mentions(scope, "staticroutes/route", "network", name));
}

/* What stands for an address in a rule, as stored; NULL: nothing does. */
static struct value *
address_object(struct scope *scope, struct text it, bool source)
{
	struct value *object = value_object(scope->arena);
	const char   *id;

	if (it.len && it.ptr[0] == '!') {
		value_set_string(scope->arena, object, "not", "");
		it = text_after(it, 1);
	}
	struct text       bits = it;
	struct text const address = text_until(&bits, '/');
	struct prefix     prefix;
	const bool        is_cidr = address.len != it.len && prefix_read(it, &prefix);
	const char *const type = alias_type(scope, it);

	if (is_ipv4(it) || is_ipv6(it) || is_cidr || type) {
		if (type && strcmp(type, "port") == 0)
			return NULL;
		value_set(scope->arena, object, "address", value_text(scope->arena, it));
		return object;
	}
	if ((id = interface_id(scope, it, TEXT_NONE))) {
		value_set_string(scope->arena, object, "network", id);
		return object;
	}
	if (text_ends(it, TEXT("ip")) &&
	    (id = interface_id(scope, text_first(it, it.len - 2), TEXT_NONE))) {
		value_set_string(scope->arena, object, "network", arena_print(scope->arena, "%sip", id));
		return object;
	}
	if (text_is(it, "any")) {
		value_set_string(scope->arena, object, "any", "");
		return object;
	}
	if (text_is(it, "pppoe") || text_is(it, "l2tp") || (text_is(it, "(self)") && !source)) {
		value_set(scope->arena, object, "network", value_text(scope->arena, it));
		return object;
	}
	return NULL;
}

/* {valid, data: {source: {...}}} */
FUNCTION(rule_addr)
{
	UNUSED;
	const struct text side = text(scope, A(1));
	struct value     *result = value_object(scope->arena), *data = value_object(scope->arena);
	struct value     *object = value_is(A(0), VALUE_TEXT) ?
					   address_object(scope, A(0)->text, text_is(side, "source")) :
					   NULL;

	value_set(scope->arena, result, "valid", say(scope, object != NULL));
	if (object)
		value_set_text(scope->arena, data, side, object);
	value_set(scope->arena, result, "data", data);
	return result;
}

/* Seconds since 1970, or the next number that no rule has. */
FUNCTION(new_tracker)
{
	UNUSED;
	int64_t tracker = scope->now;

	while (position_of(scope, "filter/rule", "tracker",
			   text_of(arena_print(scope->arena, "%lld", (long long)tracker))) >= 0)
		tracker++;
	return number(scope, tracker);
}

FUNCTION(same_mapping_exists)
{
	UNUSED;
	static const char *const members[] = { "interface", "source", "dstport", "target", "descr" };
	const struct value      *list = tree_find(scope->tree, "nat/outbound/rule");

	for (size_t i = 0; i < value_count(list); i++) {
		bool same = true;

		for (size_t j = 0; same && j < COUNT(members); j++)
			same = is_alike(value_get(list->members[i].value, members[j]),
					value_get(A(0), members[j]));
		if (same)
			return say(scope, true);
	}
	return say(scope, false);
}

FUNCTION(schedule_named)
{
	UNUSED;
	const int64_t at = position_of(scope, "schedules/schedule", "name", text(scope, A(0)));

	if (count > 1)
		return say(scope, at >= 0);
	return at < 0 ? NULL : number(scope, at);
}

FUNCTION(schedule_exists)
{
	UNUSED;
	const struct text name = text(scope, A(0));

	if (text_is(name, "none"))
		return say(scope, value_count(tree_find(scope->tree, "schedules/schedule")) > 0);
	return say(scope, position_of(scope, "schedules/schedule", "name", name) >= 0);
}

FUNCTION(schedule_name_taken)
{
	UNUSED;
	const struct text name = text(scope, A(0));

	if (text_is(name, "wan") || text_is(name, "lan"))
		return say(scope, value_count(tree_find(scope->tree, "schedules/schedule")) > 0);
	return say(scope, position_of(scope, "schedules/schedule", "name", name) >= 0);
}

FUNCTION(schedule_referenced)
{
	UNUSED;
	return say(scope, position_of(scope, "filter/rule", "sched", text(scope, A(0))) >= 0);
}

FUNCTION(quarter_time)
{
	UNUSED;
	struct text       minutes = text(scope, A(0));
	const struct text hours = text_until(&minutes, ':');
	int64_t           hour, minute;

	if (hours.len < 1 || hours.len > 2 || minutes.len != 2 || !number_read(hours, 0, 23, &hour) ||
	    !number_read(minutes, 0, 59, &minute) || (minute % 15 != 0 && minute != 59))
		return say(scope, false);
	return value_string(scope->arena,
			    arena_print(scope->arena, "%d:%02d", (int)hour, (int)minute));
}

static int64_t
to_minutes(struct text time)
{
	const struct text hours = text_until(&time, ':');
	const struct value hour = { .kind = VALUE_TEXT, .text = hours };
	const struct value minute = { .kind = VALUE_TEXT, .text = time };

	return to_integer(&hour) * 60 + to_integer(&minute);
}

FUNCTION(time_order_ok)
{
	UNUSED;
	return say(scope, to_minutes(text(scope, A(0))) <= to_minutes(text(scope, A(1))));
}

FUNCTION(day_in_month)
{
	UNUSED;
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const int64_t    month = to_integer(A(0)), day = to_integer(A(1));

	return say(scope, is_numeric(A(1)) && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1]);
}

/* POST: the same on the same interface. PUT: anywhere but on this object. */
FUNCTION(vhid_exists)
{
	UNUSED;
	const struct value *list = tree_find(scope->tree, "virtualip/vip");
	const struct text   vhid = text(scope, count > 1 ? A(1) : A(0));
	size_t              own = SIZE_MAX;

	if (scope->target)
		is_index(scope->target, &own);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *vip = list->members[i].value;

		if (!member_is(scope, vip, "vhid", vhid) || i == own)
			continue;
		if (count < 2 || member_is(scope, vip, "interface", text(scope, A(0))) ||
		    member_is(scope, vip, "interface", text(scope, value_get(scope->object, "interface"))))
			return say(scope, true);
	}
	return say(scope, false);
}

FUNCTION(lowest_free_vhid)
{
	UNUSED;
	for (int64_t vhid = 1; vhid < 256; vhid++)
		if (position_of(scope, "virtualip/vip", "vhid",
				text_of(arena_print(scope->arena, "%d", (int)vhid))) < 0)
			return number(scope, vhid);
	return number(scope, 255);
}

/* The interface form ("_vip<uniqid>") of a virtual IP. */
FUNCTION(vip)
{
	UNUSED;
	const struct text name = text(scope, A(0));

	if (!text_starts(name, TEXT("_vip")) ||
	    position_of(scope, "virtualip/vip", "uniqid", text_after(name, 4)) < 0)
		return say(scope, false);
	return A(0);
}

/* clang-format off */
const struct function functions_firewall[] = {
	{ "alias_name",          1, 1, call_alias_name },
	{ "alias_exists",        1, 1, call_alias_exists },
	{ "alias_at",            1, 1, call_alias_at },
	{ "alias_named",         1, 1, call_alias_named },
	{ "alias_in_use",        1, 1, call_alias_in_use },
	{ "rule_addr",           2, 2, call_rule_addr },
	{ "new_tracker",         0, 0, call_new_tracker },
	{ "same_mapping_exists", 1, 1, call_same_mapping_exists },
	{ "schedule_named",      1, 2, call_schedule_named },
	{ "schedule_exists",     1, 1, call_schedule_exists },
	{ "schedule_name_taken", 1, 1, call_schedule_name_taken },
	{ "schedule_referenced", 1, 1, call_schedule_referenced },
	{ "quarter_time",        1, 1, call_quarter_time },
	{ "time_order_ok",       2, 2, call_time_order_ok },
	{ "day_in_month",        2, 2, call_day_in_month },
	{ "vhid_exists",         1, 2, call_vhid_exists },
	{ "lowest_free_vhid",    0, 0, call_lowest_free_vhid },
	{ "vip",                 1, 1, call_vip },
	{ NULL },
};
/* clang-format on */
