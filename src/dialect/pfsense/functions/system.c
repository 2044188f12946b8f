/* The box itself and its services, for the tables' expressions. */
#include <time.h>
#include <unistd.h>

#include "dialect/pfsense/enums.h"
#include "dialect/pfsense/functions.h"
#include "dialect/pfsense/settings.h"

FUNCTION(api_conf)
{
	UNUSED;
	return settings_package(scope->arena, tree_find(scope->tree, "installedpackages/package"));
}

FUNCTION(file_exists)
{
	UNUSED;
	/* Nobody outside learns which files there are: only what daemons' own folder holds counts. */
	const struct text path = text(scope, A(0));

	return say(scope, text_starts(path, TEXT("/etc/drawbridge/")) && !text_contains(path, TEXT("..")) &&
				  access(to_string(scope->arena, A(0)), R_OK) == 0);
}

/* Interfaces by their ids, whatever they were called; what is none stays. */
FUNCTION(ifids)
{
	struct value *list = value_list(scope->arena);

	(void)count;
	for (size_t i = 0; i < value_count(A(0)); i++) {
		struct value *one = A(0)->members[i].value;
		const char   *id = interface_id(scope, text(scope, one), options);

		value_add(scope->arena, list, id ? value_string(scope->arena, id) : one);
	}
	return list;
}

/* Every subsystem is the parts it is made of. */
FUNCTION(dirty)
{
	UNUSED;
	static const struct {
		const char *name;
		unsigned    parts;
	} subsystems[] = {
		{ "aliases", PART_ALIASES | PART_FILTER }, { "filter", PART_FILTER },
		{ "natconf", PART_FILTER },                { "shaper", PART_SHAPER },
		{ "interfaces", PART_INTERFACES },         { "vip", PART_INTERFACES },
		{ "staticroutes", PART_ROUTING },          { "ipsec", PART_VPN_IPSEC },
		{ "hosts", PART_RESOLVER },                { "unbound", PART_RESOLVER },
	};
	const struct text       name = text(scope, A(0));
	const _Atomic(unsigned) *pending = scope->request->service->pending;

	for (size_t i = 0; pending && i < COUNT(subsystems); i++)
		if (text_is(name, subsystems[i].name))
			return say(scope, (atomic_load(pending) & subsystems[i].parts) != 0);
	return say(scope, false);
}

static bool
list_holds(const struct value *list, struct text word)
{
	for (size_t i = 0; i < value_count(list); i++)
		if (text_equal(list->members[i].value->text, word))
			return true;
	return false;
}

FUNCTION(service_names)
{
	UNUSED;
	return services_configured(scope);
}

FUNCTION(service_known)
{
	UNUSED;
	return say(scope, list_holds(services_configured(scope), text(scope, A(0))));
}

FUNCTION(ntp_listen_options)
{
	UNUSED;
	const struct value *interfaces = tree_find(scope->tree, "interfaces");
	struct value       *found = value_object(scope->arena);

	for (size_t i = 0; i < value_count(interfaces); i++)
		if (is_true(value_get(interfaces->members[i].value, "ipaddr")))
			value_set_text(scope->arena, found, interfaces->members[i].name,
				       interfaces->members[i].value);
	value_set_string(scope->arena, found, "lo0", "Localhost");
	return found;
}

/* What tables there are is known from what is configured: asking the kernel is for LANE_SLOW. */
FUNCTION(pf_tables)
{
	UNUSED;
	static const char *const reserved[] = { "bogons", "bogonsv6", "sshguard", "snort2c", "virusprot",
						"vpn_networks", "negate_networks", "tonatsubnets" };
	const struct value *aliases = tree_find(scope->tree, "aliases/alias");
	struct value       *names = value_list(scope->arena);

	for (size_t i = 0; i < COUNT(reserved); i++)
		value_add(scope->arena, names, value_string(scope->arena, reserved[i]));
	for (size_t i = 0; i < value_count(aliases); i++)
		if (!text_is(text(scope, value_get(aliases->members[i].value, "type")), "port"))
			value_add(scope->arena, names, value_get(aliases->members[i].value, "name"));
	return names;
}

FUNCTION(same_override_exists)
{
	UNUSED;
	const bool          resolver = strstr(scope->request->path.ptr, "dnsmasq") == NULL;
	const struct value *list = tree_find(scope->tree, resolver ? "unbound/hosts" : "dnsmasq/hosts");
	size_t              own = SIZE_MAX;

	if (scope->target)
		is_index(scope->target, &own);
	const bool six = is_ipv6(text(scope, value_get(scope->object, "ip")));

	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *other = list->members[i].value;

		if (i != own && is_alike(value_get(other, "host"), value_get(scope->object, "host")) &&
		    is_alike(value_get(other, "domain"), value_get(scope->object, "domain")) &&
		    is_ipv6(text(scope, value_get(other, "ip"))) == six)
			return say(scope, true);
	}
	return say(scope, false);
}

/* "12/31/2030" for a date as people write it; false when it is none. */
FUNCTION(american_date)
{
	UNUSED;
	static const char *const forms[] = { "%m/%d/%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y" };
	const char              *date = to_string(scope->arena, A(0));

	for (size_t i = 0; i < COUNT(forms); i++) {
		struct tm   when = { .tm_mday = 0 };
		const char *end = strptime(date, forms[i], &when);
		char        out[16];

		if (!end || *end)
			continue;
		strftime(out, sizeof(out), "%m/%d/%Y", &when);
		return value_string(scope->arena, out);
	}
	return say(scope, false);
}

/* "be" and its like for 0 to 7 or such a word; false for anything else. */
FUNCTION(vlan_priority)
{
	UNUSED;
	static const char *const words[] = { "bk", "be", "ee", "ca", "vi", "vo", "ic", "nc" };
	const struct text        it = text(scope, A(0));

	for (size_t i = 0; i < COUNT(words); i++)
		if (text_equal_any_case(it, text_of(words[i])) ||
		    (is_numeric(A(0)) && to_integer(A(0)) == (int64_t)i))
			return value_string(scope->arena, words[i]);
	return say(scope, false);
}

/* Position in "ca", "cert" or "crl" by index, by refid or, failing that, by description; null: none. */
FUNCTION(trust_at)
{
	UNUSED;
	const char         *path = to_string(scope->arena, A(0));
	const struct value *list = tree_find(scope->tree, path);
	size_t              index;
	int64_t             at = -1;

	if (!is_none(A(1)))
		return is_index(A(1), &index) && index < value_count(list) ? number(scope, (int64_t)index) : NULL;
	if (!is_none(A(2)))
		at = position_of(scope, path, "refid", text(scope, A(2)));
	if (at < 0 && !is_none(A(3)) && (is_none(A(2)) || strcmp(path, "ca") != 0))
		at = position_of(scope, path, "descr", text(scope, A(3)));
	return at < 0 ? NULL : number(scope, at);
}

/* Is some service named twice in a list of {name}? */
FUNCTION(watched_twice)
{
	UNUSED;
	for (size_t i = 0; i < value_count(A(0)); i++)
		for (size_t j = 0; j < i; j++)
			if (is_alike(value_get(A(0)->members[i].value, "name"),
				     value_get(A(0)->members[j].value, "name")))
				return say(scope, true);
	return say(scope, false);
}

/* clang-format off */
const struct function functions_system[] = {
	{ "api_conf",             0, 0, call_api_conf },
	{ "file_exists",          1, 1, call_file_exists },
	{ "ifids",                1, 1, call_ifids },
	{ "dirty",                1, 1, call_dirty },
	{ "service_names",        0, 0, call_service_names },
	{ "service_known",        1, 1, call_service_known },
	{ "ntp_listen_options",   0, 0, call_ntp_listen_options },
	{ "pf_tables",            0, 0, call_pf_tables },
	{ "same_override_exists", 0, 0, call_same_override_exists },
	{ "american_date",        1, 1, call_american_date },
	{ "vlan_priority",        1, 1, call_vlan_priority },
	{ "trust_at",             4, 4, call_trust_at },
	{ "watched_twice",        1, 1, call_watched_twice },
	{ NULL },
};
/* clang-format on */
