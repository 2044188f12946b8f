/* Host records of the Unbound.Unbound model. */
#include "model/checks.h"
#include "model/types.h"

/* The whole name of an alias; where it says no domain, its host's. */
static const char *
alias_name(const struct record *alias, const struct record *host, const struct view *view)
{
	const char *domain = record_get(is_set(alias, "domain") ? alias : host, "domain");

	return is_set(alias, "hostname") ? arena_print(view->arena, "%s.%s", record_get(alias, "hostname"), domain) : domain;
}

static const struct record **
aliases_of(const struct record *host, const struct view *view, size_t *count)
{
	*count = 0;
	if (!view->snapshot)
		return NULL;
	return collection_naming(view->arena, snapshot_named(view->snapshot, "unbound.host_alias"), "host", text_of(host->uuid), count);
}

/* The names that records of unbound.host_alias give this host. */
static const char *
aliases(const struct record *host, const struct view *view)
{
	size_t                count;
	const struct record **records = aliases_of(host, view, &count);
	scoped_buffer         names = BUFFER_NONE;

	for (size_t i = 0; i < count; i++)
		buffer_print(&names, "%s%s", i ? "," : "", alias_name(records[i], host, view));
	return arena_copy(view->arena, buffer_text(&names));
}

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "hostname", &type_hostname, .settings = HOST_WILDCARD | DNS_NAME | NO_ADDRESS },
	{ "domain", &type_text, .flags = REQUIRED | MASK_ANY_CASE,
	  .mask = "^(?:(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])$" },
	{ "rr", &type_option, .flags = REQUIRED, .preset = "A",
	  .choices = CHOICES({ "A", "A (IPv4 address)" }, { "AAAA", "AAAA (IPv6 address)" },
		{ "MX", "MX (mail server)" }, { "TXT", "TXT (text)" }),
	  .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "mxprio" }, { CONSTRAINT_REFER, "mx" },
		{ CONSTRAINT_REFER, "server" }, { CONSTRAINT_REFER, "txtdata" }) },
	{ "mxprio", &type_integer, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "MX" }) },
	{ "mx", &type_hostname, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "MX" }) },
	{ "ttl", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 2147483647 },
	{ "server", &type_network, .settings = MASK_FORBIDDEN,
	  .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "A" }, { CONSTRAINT_SET_IF, "rr", "AAAA" }) },
	{ "txtdata", &type_description, .constraints = CONSTRAINTS({ CONSTRAINT_SET_IF, "rr", "TXT" }) },
	{ "addptr", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "aliases", &type_alias_reflector, .flags = VOLATILE | AS_LIST, .derive = aliases,
	  .settings = HOST_WILDCARD | FQDN_WILDCARD | DNS_NAME | NO_ADDRESS },
	{ "description", &type_description },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

static void
check(const struct record *host, const struct view *view, struct faults *faults)
{
	(void)view;
	if (text_ends(record_text(host, "hostname"), TEXT(".")))
		faults_add(faults, "hostname", FAULT_FORMAT, "A host name does not end in a dot.");
}

static struct record *
alias_make(const struct record *host, struct text name, const struct view *view)
{
	struct record *alias =
		record_make(view->arena, schema_named(snapshot_schema(view->snapshot), "unbound.host_alias"));
	struct text domain = name;

	record_set(alias, "host", arena_copy(view->arena, text_of(host->uuid)));
	record_set(alias, "hostname", arena_copy(view->arena, text_until(&domain, '.')));
	if (domain.len > 0 && !text_equal(domain, record_text(host, "domain")))
		record_set(alias, "domain", arena_copy(view->arena, domain));
	return alias;
}

/* Records for names that are new, none for names that are gone; those with a domain of their own accord stay. */
static const struct companion *
spread(const struct record *after, const struct record *before, const struct view *view)
{
	const struct record     *host = after ? after : before;
	const char              *names = after ? record_get(after, "aliases") : "";
	const char              *present = before ? aliases(before, view) : "";
	size_t                   count = 0;
	const struct record    **records;
	const struct companion  *companions = NULL;
	struct entries           entries = entries_of(names, ',');
	struct text              name;

	if (after && strcmp(names, present) == 0)
		return NULL;
	records = before ? aliases_of(host, view, &count) : NULL;
	for (size_t i = 0; i < count; i++) {
		if (after && (is_value(records[i], "domain", record_get(host, "domain")) ||
		              entries_have(names, ',', text_of(alias_name(records[i], before, view)))))
			continue;
		companion_add(&companions, record_copy(view->arena, records[i]), true, view);
	}
	const struct companion *added = NULL;

	while (entry_next(&entries, &name))
		if (!entries_have(present, ',', name))
			companion_add(&added, alias_make(host, name, view), false, view);
	/* The first name is to come first. */
	for (; added; added = added->next)
		companion_add(&companions, added->record, false, view);
	return companions;
}

const struct resource unbound_host_override_resource = {
	.name = "unbound.host_override",
	.summary = "Host records of the Unbound.Unbound model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "hostname",
	.model = "Unbound.Unbound",
	.path = "hosts.host",
	.spread = spread,
	.check = check,
	.touches = PART_RESOLVER,
	.faces = { [OPNSENSE] = FACES(
		{ "unbound/settings", "_host_override", "host", VERB_SEARCH | VERB_GET | VERB_ADD | VERB_SET | VERB_TOGGLE }) },
};
