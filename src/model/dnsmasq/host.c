/* Hosts records of the Dnsmasq.Dnsmasq model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "host", &type_dnsmasq_name, .settings = HOST_WILDCARD },
	{ "domain", &type_dnsmasq_name, .settings = IS_DOMAIN },
	{ "local", &type_boolean },
	{ "ip", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN },
	{ "cnames", &type_dnsmasq_name, .flags = AS_LIST, .settings = IS_DOMAIN },
	{ "client_id", &type_text, .mask = "^(?:\\*|(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+))$" },
	{ "hwaddr", &type_mac_address, .flags = AS_LIST },
	{ "lease_time", &type_integer },
	{ "ignore", &type_boolean },
	{ "set_tag", &type_relation, .relations = RELATIONS({ "dnsmasq.tag", "tag" }) },
	{ "descr", &type_text },
	{ "comments", &type_text },
	{ "aliases", &type_dnsmasq_name, .flags = AS_LIST, .settings = IS_DOMAIN },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

static bool
is_reservation(const struct record *host)
{
	return is_set(host, "hwaddr") || is_set(host, "client_id");
}

/* Its own name, its other names and its addresses, in lower case. */
static void
words_of(const struct index *by, const struct record *host, void (*add)(void *, struct text), void *context)
{
	static const char *const lists[] = { "cnames", "ip" };
	scoped_arena             scratch = arena_new();
	const struct view        view = { .arena = scratch };

	(void)by;
	add(context, text_of(lowered(arena_print(scratch, "%s.%s", record_get(host, "host"), record_get(host, "domain")), &view)));
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct entries entries = entries_of(lowered(record_get(host, lists[i]), &view), ',');
		struct text    entry;

		while (entry_next(&entries, &entry))
			add(context, entry);
	}
}

static const struct index by_words = { .words = words_of };

/* The hosts that may have the name or address. */
static const struct record **
hosts_with(const struct record *host, struct text word, const struct view *view, size_t *count)
{
	const char *lower = lowered(arena_copy(view->arena, word), view);

	return collection_having(view->arena, snapshot_collection(view->snapshot, host->resource), &by_words, text_of(lower), count);
}

/* An address that another reservation has; the host part of an IPv6 address may repeat. */
static bool
is_reserved(const struct record *host, struct text address, const struct view *view)
{
	size_t                count;
	const struct record **hosts = hosts_with(host, address, view, &count);

	for (size_t i = 0; !text_starts(address, TEXT("::")) && i < count; i++) {
		const struct record *other = hosts[i];

		if (strcmp(other->uuid, host->uuid) != 0 && is_reservation(other) &&
		    entries_have(record_get(other, "ip"), ',', address))
			return true;
	}
	return false;
}

static void
check_reservation(const struct record *host, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(record_get(host, "ip"), ',');
	struct text    entry;
	size_t         inet = 0;

	while (entry_next(&entries, &entry)) {
		inet += !text_contains(entry, TEXT(":"));
		if (is_reserved(host, entry, view))
			faults_add(faults, "ip", FAULT_UNIQUE, "%.*s is reserved for another host.", TEXT_ARGS(entry));
	}
	if (inet > 1)
		faults_add(faults, "ip", FAULT_CONFLICT, "A reservation has at most one IPv4 address.");
	if (is_value(host, "host", "*"))
		faults_add(faults, "host", FAULT_CONFLICT, "A reservation is for one host.");
	if (is_set(host, "host") || is_set(host, "ip"))
		return;
	faults_add(faults, "host", FAULT_REQUIRED, "A reservation needs a name or an address.");
	faults_add(faults, "ip", FAULT_REQUIRED, "A reservation needs a name or an address.");
}

/* Other names are unique, and no host's own. */
static bool
is_name_taken(const struct record *host, struct text name, const struct view *view)
{
	size_t                count;
	const struct record **hosts = hosts_with(host, name, view, &count);

	for (size_t i = 0; i < count; i++) {
		const struct record *other = hosts[i];
		const char          *own = arena_print(view->arena, "%s.%s", record_get(other, "host"), record_get(other, "domain"));

		if (text_equal_any_case(name, text_of(own)))
			return true;
		if (strcmp(other->uuid, host->uuid) != 0 && entries_have(record_get(other, "cnames"), ',', name))
			return true;
	}
	return false;
}

static void
check(const struct record *host, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(record_get(host, "cnames"), ',');
	struct text    entry;

	if (is_reservation(host)) {
		check_reservation(host, view, faults);
	} else if (!is_set(host, "host") || !is_set(host, "ip")) {
		faults_add(faults, "host", FAULT_REQUIRED, "A host needs a name and an address.");
		faults_add(faults, "ip", FAULT_REQUIRED, "A host needs a name and an address.");
	}
	while (entry_next(&entries, &entry))
		if (is_name_taken(host, entry, view))
			faults_add(faults, "cnames", FAULT_UNIQUE, "%.*s is in use.", TEXT_ARGS(entry));
}

const struct resource dnsmasq_host_resource = {
	.name = "dnsmasq.host",
	.summary = "Hosts records of the Dnsmasq.Dnsmasq model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Dnsmasq.Dnsmasq",
	.path = "hosts",
	.check = check,
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "_host", "host", CRUD | FACE_GUARDED }) },
};
