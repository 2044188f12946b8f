/* What an alias is called and what is in it. */
#include "model/types.h"

#include <string.h>

#include "schema/aliases.h"
#include "schema/hosts.h"
#include "schema/lists.h"

#define NAME_LENGTH_MAX 31
#define ASN_MAX         4294967296
#define REAL_PORT_MAX   65535

/* --- names -------------------------------------------------------------------------------------- */

static bool
is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A letter, or a letter or underscore and then a letter or digit; the rest is free. */
static bool
is_well_formed(struct text name)
{
	if (name.len == 0 || name.len > NAME_LENGTH_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!is_letter(name.ptr[i]) && !is_digit(name.ptr[i]) && name.ptr[i] != '_')
			return false;
	if (is_letter(name.ptr[0]))
		return true;
	return name.ptr[0] == '_' && name.len > 1 && name.ptr[1] != '_';
}

/* Words of pf.conf(5). */
static bool
is_keyword(struct text name)
{
	static const char *const words[] = {
		"all", "anchor", "antispoof", "any", "binat", "bitmask", "block", "cbq", "codelq", "debug", "drop", "fairq",
		"fastroute", "flags", "floating", "flush", "for", "fragment", "from", "global", "hfsc", "hostid", "in",
		"include", "inet", "inet6", "keep", "label", "limit", "load", "log", "loginterface", "match", "max",
		"modulate", "nat", "no", "on", "optimization", "os", "out", "overload", "pass", "port", "prio", "priority",
		"priq", "probability", "proto", "qlimit", "queue", "quick", "random", "rdr", "reassemble", "return", "route",
		"rtable", "rule", "scrub", "set", "skip", "sloppy", "state", "synproxy", "table", "tag", "tagged", "tbrsize",
		"timeout", "to", "tos", "ttl", "upperlimit", "user",
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (text_is(name, words[i]))
			return true;
	return false;
}

/* Protocol names are taken in both cases, as /etc/protocols has them. */
static bool
is_protocol(struct text name, const struct view *view)
{
	size_t               count;
	const struct choice *protocols = facts_list(view->facts, "protocols", &count);

	for (size_t i = 0; i < count; i++)
		if (text_is(name, protocols[i].key) || text_is(name, lowered(protocols[i].key, view)))
			return true;
	return text_is(name, "ip") || text_is(name, "IP");
}

static void
check_name(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	const struct text name = text_of(value);

	if (!is_well_formed(name))
		faults_add(faults, field->name, FAULT_FORMAT,
		           "A name begins with a letter, goes on with letters, digits and underscores, and has at most %d of them.",
		           NAME_LENGTH_MAX);
	else if (is_keyword(name) || is_protocol(name, view) || facts_find(view->facts, "services", name) ||
	         facts_find(view->facts, "port services", name))
		faults_add(faults, field->name, FAULT_FORMAT, "This word has a meaning of its own in packet filter rules.");
}

const struct type type_alias_name = { .name = "alias_name", .check = check_name };

/* --- content ------------------------------------------------------------------------------------ */

static bool
is_alias_of(struct text entry, const struct view *view, bool port)
{
	const struct record *alias = alias_find(view, entry);

	return alias && (strcmp(record_get(alias, "type"), "port") == 0) == port;
}

static bool
is_range(struct text entry)
{
	struct address first, last;

	return address_range_read(entry, &first, &last) && address_compare(&first, &last) <= 0;
}

static bool
is_host_name(struct text entry)
{
	return entry.len > 0 && domain_name_is_valid(entry) && host_name_is_valid(entry);
}

static struct text
without_not(struct text entry)
{
	return text_starts(entry, TEXT("!")) ? text_after(entry, 1) : entry;
}

static bool
is_host(struct text entry, const struct view *view)
{
	struct address address;

	entry = without_not(entry);
	return address_read(entry, &address) || is_range(entry) || is_alias_of(entry, view, false) || is_host_name(entry);
}

/* "10.0.0.0/0.0.255.0": the mask of the bits that may vary. */
static bool
is_wildcard(struct text entry)
{
	struct text    mask = entry;
	struct text    base = text_until(&mask, '/');
	struct address address;

	return address_read(base, &address) && address.family == FAMILY_INET && address_read(mask, &address) &&
	       address.family == FAMILY_INET;
}

/* A broken address is no name: the last label of a name is no number. */
static bool
ends_in_number(struct text entry)
{
	return entry.len > 0 && is_digit(entry.ptr[entry.len - 1]) &&
	       strspn(entry.ptr, "0123456789.") >= entry.len;
}

static bool
is_network(struct text entry, const struct view *view)
{
	struct prefix prefix;

	entry = without_not(entry);
	return prefix_read(entry, &prefix) || is_range(entry) || is_wildcard(entry) || is_alias_of(entry, view, false) ||
	       (!text_contains(entry, TEXT("/")) && is_host_name(entry) && !ends_in_number(entry));
}

static bool
is_port(struct text entry, const struct view *view)
{
	struct text last = entry;
	struct text first = text_until(&last, ':');
	int64_t     from, to;

	if (port_number_is_valid(entry) || facts_find(view->facts, "services", entry) ||
	    facts_find(view->facts, "port services", entry))
		return true;
	if (port_number_is_valid(first) && port_number_is_valid(last))
		return number_read(first, 1, REAL_PORT_MAX, &from) && number_read(last, 1, REAL_PORT_MAX, &to) && from <= to;
	return is_alias_of(entry, view, true);
}

static bool
is_country(struct text entry, const struct view *view)
{
	entry = without_not(entry);
	return text_is(entry, "EU") || facts_find(view->facts, "countries", entry);
}

static bool
is_group_member(struct text entry, const struct view *view)
{
	return is_alias_of(entry, view, false);
}

/* The beginning of a hardware address: two octets or more. */
static bool
is_mac_prefix(struct text entry, const struct view *view)
{
	(void)view;
	if (entry.len < 5 || entry.len > 17 || entry.len % 3 != 2)
		return false;
	for (size_t i = 0; i < entry.len; i++) {
		const char c = entry.ptr[i];

		if (i % 3 == 2 ? c != ':' : !(is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f')))
			return false;
	}
	return true;
}

static bool
is_asn(struct text entry, const struct view *view)
{
	int64_t number;

	(void)view;
	return number_read(entry, 1, ASN_MAX, &number);
}

static bool
is_partial_address(struct text entry, const struct view *view)
{
	struct prefix prefix;

	(void)view;
	return text_starts(entry, TEXT("::")) && prefix_read(entry, &prefix) && prefix.address.family == FAMILY_INET6;
}

static bool
is_user_group(struct text entry, const struct view *view)
{
	return field_choice(&(const struct field){ .name = "content", .type = &type_auth_group }, entry, view) != NULL;
}

static const struct kind {
	const char *type;
	bool (*accepts)(struct text entry, const struct view *);
	const char *wanted;
} kinds[] = {
	{ "host", is_host, "an address, a range of addresses, a host name or an alias" },
	{ "network", is_network, "a network, an address, a range of addresses or an alias" },
	{ "port", is_port, "a port, a range of ports or a port alias" },
	{ "geoip", is_country, "a country code" },
	{ "networkgroup", is_group_member, "the name of an alias" },
	{ "mac", is_mac_prefix, "a hardware address or the beginning of one" },
	{ "asn", is_asn, "the number of an autonomous system" },
	{ "dynipv6host", is_partial_address, "the host part of an IPv6 address (::1)" },
	{ "authgroup", is_user_group, "a group of users" },
};

static const struct kind *
kind_of(const struct record *alias)
{
	for (size_t i = 0; alias && i < COUNT(kinds); i++)
		if (strcmp(record_get(alias, "type"), kinds[i].type) == 0)
			return &kinds[i];
	return NULL;
}

/* Each entry that is wrong is named. */
static void
check_content(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	const struct kind *kind = kind_of(view->record);
	struct entries     entries = entries_of(value, '\n');
	struct text        entry;

	while (kind && entry_next(&entries, &entry))
		if (!kind->accepts(entry, view))
			faults_add(faults, field->name, FAULT_FORMAT, "Entry \"%.*s\" is not %s.", TEXT_ARGS(text_first(entry, 80)),
			           kind->wanted);
}

struct giving {
	choose *choose_one;
	void   *context;
};

static void
give_alias(void *context, const struct record *alias)
{
	const struct giving *giving = context;

	if (strcmp(record_get(alias, "type"), "port") != 0)
		giving->choose_one(giving->context,
		                   &(struct choice){ record_get(alias, "name"), record_get(alias, "name"), NULL });
}

static void
content_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	struct giving  giving = { choose_one, context };
	struct entries entries = entries_of(value, field_separator(field));
	scoped_buffer  key = BUFFER_NONE; /* there may be a million of them */
	struct text    entry;

	/* What is there, then every other alias it could hold. */
	if (value[0] == '\0')
		choose_one(context, &(struct choice){ "", "", NULL });
	while (entry_next(&entries, &entry)) {
		if (alias_find(view, entry))
			continue;
		buffer_cut(&key, 0);
		buffer_add(&key, entry);
		choose_one(context, &(struct choice){ buffer_string(&key), NULL, NULL });
	}
	aliases_each(view, give_alias, &giving);
}

const struct type type_alias_content = {
	.name = "alias_content", .is_list = true, .is_bare = true, .check = check_content, .choices = content_choices,
};
