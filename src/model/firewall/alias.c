/* Alias records of the Firewall.Alias model. */
#include "model/checks.h"
#include "model/types.h"

#include "schema/interfaces.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "name", &type_alias_name, .flags = REQUIRED, .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "type", &type_option, .flags = REQUIRED,
	  .choices = CHOICES({ "host", "Host(s)" }, { "network", "Network(s)" }, { "port", "Port(s)" },
		{ "url", "URL (IPs)" }, { "urltable", "URL Table (IPs)" }, { "urljson", "URL Table in JSON format (IPs)" },
		{ "geoip", "GeoIP" }, { "networkgroup", "Network group" }, { "mac", "MAC address" }, { "asn", "BGP ASN" },
		{ "dynipv6host", "Dynamic IPv6 Host" }, { "authgroup", "OpenVPN group" },
		{ "internal", "Internal (automatic)" }, { "external", "External (advanced)" }),
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "interface" }) },
	{ "path_expression", &type_text },
	{ "proto", &type_option, .flags = MANY, .choices = CHOICES({ "IPv4" }, { "IPv6" }) },
	{ "interface", &type_interface,
	  .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "type", "dynipv6host" }) },
	{ "counters", &type_boolean },
	{ "updatefreq", &type_numeric },
	{ "content", &type_alias_content, .settings = BY_NEWLINE },
	{ "password", &type_text },
	{ "username", &type_text },
	{ "authtype", &type_option, .choices = CHOICES({ "Basic" }, { "Bearer" }, { "Header" }) },
	{ "expire", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 60, .max = 999999999 },
	{ "categories", &type_relation, .flags = MANY,
	  .relations = RELATIONS({ "firewall.category", "name" }) },
	{ "current_items", &type_integer, .flags = VOLATILE },
	{ "last_updated", &type_text, .flags = VOLATILE },
	{ "eval_nomatch", &type_integer, .flags = VOLATILE },
	{ "eval_match", &type_integer, .flags = VOLATILE },
	{ "in_block_p", &type_integer, .flags = VOLATILE },
	{ "in_block_b", &type_integer, .flags = VOLATILE },
	{ "in_pass_p", &type_integer, .flags = VOLATILE },
	{ "in_pass_b", &type_integer, .flags = VOLATILE },
	{ "out_block_p", &type_integer, .flags = VOLATILE },
	{ "out_block_b", &type_integer, .flags = VOLATILE },
	{ "out_pass_p", &type_integer, .flags = VOLATILE },
	{ "out_pass_b", &type_integer, .flags = VOLATILE },
	{ "description", &type_description },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

extern const struct resource firewall_alias_resource;

/* Tables that the box keeps itself. */
static const struct table {
	const char *name, *expire, *description;
} tables[] = {
	{ "bogons", "", "bogon networks (internal)" },
	{ "bogonsv6", "", "bogon networks IPv6 (internal)" },
	{ "virusprot", "3600", "overload table for rate limiting (internal)" },
	{ "sshlockout", "3600", "abuse lockout table (internal)" },
};

static struct record *
builtin_make(const struct view *view, const char *name, const char *type, const char *description)
{
	struct record *record = record_make(view->arena, &firewall_alias_resource);

	snprintf(record->uuid, sizeof(record->uuid), "%s", name);
	record_set(record, "name", name);
	record_set(record, "type", type);
	record_set(record, "description", description);
	return record;
}

/* The network of each interface, then the tables. */
static const struct record *
builtin(size_t n, const struct view *view)
{
	size_t                  count;
	const struct interface *interfaces = interfaces_list(view, &count);
	struct record          *record;

	for (size_t i = 0; i < count; i++) {
		if (interfaces[i].group)
			continue;
		if (n-- == 0)
			return builtin_make(view, arena_print(view->arena, "__%s_network", interfaces[i].key), "internal",
			                    arena_print(view->arena, "%s net", interfaces[i].label));
	}
	if (n >= COUNT(tables))
		return NULL;
	record = builtin_make(view, tables[n].name, "external", tables[n].description);
	record_set(record, "expire", tables[n].expire);
	return record;
}

/* Letters, digits, "-", "_" and "." only, and no more than max. */
static bool
is_token(const char *value, size_t max)
{
	size_t len = 0;

	for (; value[len]; len++) {
		const char c = value[len];

		if (!(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z') && !strchr("-_.", c))
			return false;
	}
	return len > 0 && len <= max;
}

/* What a URL table is fetched with. */
static void
check(const struct record *alias, const struct view *view, struct faults *faults)
{
	const char *user = record_get(alias, "username"), *password = record_get(alias, "password");

	(void)view;
	if (is_value(alias, "authtype", "Basic") && (!user[0] || !password[0]))
		faults_add(faults, "authtype", FAULT_CONFLICT, "Basic authentication needs a user name and a password.");
	if (is_value(alias, "authtype", "Bearer") && !is_token(password, 512))
		faults_add(faults, "authtype", FAULT_CONFLICT, "A bearer token has 1 to 512 letters, digits, dots, dashes and underscores.");
	if (is_value(alias, "authtype", "Header") && (!is_token(user, 255) || !is_token(password, 512)))
		faults_add(faults, "authtype", FAULT_CONFLICT,
		           "A header needs a name and a value of letters, digits, dots, dashes and underscores.");
}

const struct resource firewall_alias_resource = {
	.name = "firewall.alias",
	.summary = "Alias records of the Firewall.Alias model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Firewall.Alias",
	.path = "aliases.alias",
	.check = check,
	.touches = PART_FILTER,
	.builtin = builtin,
	.faces = { [OPNSENSE] = FACES(
		{ "firewall/alias", "_item", "alias", CRUD | VERB_TOGGLE, .sort = "name" }) },
};
