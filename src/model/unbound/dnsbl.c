/* Blocklist records of the Unbound.Unbound model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "type", &type_option, .flags = MANY,
	  .choices = CHOICES({ "atf", "Abuse.ch - ThreatFox IOC", "General Blocklists" },
		{ "ag", "AdGuard List", "General Blocklists" }, { "el", "EasyList", "General Blocklists" },
		{ "ep", "EasyPrivacy", "General Blocklists" }, { "sb", "Steven Black List", "General Blocklists" },
		{ "yy", "YoYo List", "General Blocklists" },
		{ "hgz001", "LIGHT - Relaxed Blocking", "Hagezi Multi - Clean the Internet" },
		{ "hgz002", "NORMAL - Relaxed/Balanced Blocking", "Hagezi Multi - Clean the Internet" },
		{ "hgz003", "PRO - Balanced Blocking", "Hagezi Multi - Clean the Internet" },
		{ "hgz005", "PRO++ - Balanced/Aggressive Blocking", "Hagezi Multi - Clean the Internet" },
		{ "hgz007", "ULTIMATE - Aggressive Blocking", "Hagezi Multi - Clean the Internet" },
		{ "oisd0", "Ads Blocklist", "OISD Blocklists" },
		{ "oisd1", "Big Blocklist (incl. Ads)", "OISD Blocklists" },
		{ "oisd2", "NSFW Blocklist", "OISD Blocklists" },
		{ "hgz011", "Threat Intelligence Feeds", "Hagezi Targeted Lists" },
		{ "hgz009", "Fake - scams / fakes", "Hagezi Targeted Lists" },
		{ "hgz010", "Pop-Up Ads", "Hagezi Targeted Lists" },
		{ "hgz014", "DoH/VPN/TOR/Proxy Bypass", "Hagezi Targeted Lists" },
		{ "hgz015", "Safesearch not supported", "Hagezi Targeted Lists" },
		{ "hgz016", "Dynamic DNS blocking", "Hagezi Targeted Lists" },
		{ "hgz017", "Badware Hoster blocking", "Hagezi Targeted Lists" },
		{ "hgz018", "Anti Piracy", "Hagezi Targeted Lists" }, { "hgz019", "Gambling", "Hagezi Targeted Lists" },
		{ "hgz022", "Social Networks", "Hagezi Targeted Lists" },
		{ "hgz004", "Multi PRO - Mini", "Minimal Hardware Requirements" },
		{ "hgz006", "Multi PRO++ - Mini", "Minimal Hardware Requirements" },
		{ "hgz008", "Multi ULTIMATE - Mini", "Minimal Hardware Requirements" },
		{ "hgz012", "Threat Intelligence Feeds - Medium", "Minimal Hardware Requirements" },
		{ "hgz013", "Threat Intelligence Feeds - Mini", "Minimal Hardware Requirements" },
		{ "hgz020", "Gambling - Medium", "Minimal Hardware Requirements" },
		{ "hgz021", "Gambling - Mini", "Minimal Hardware Requirements" }) },
	{ "lists", &type_csv, .flags = MASK_PER_ITEM, .mask = "\\A[^\\r\\n]*\\z" },
	{ "allowlists", &type_csv, .flags = MASK_PER_ITEM, .mask = "\\A[^\\r\\n]*\\z" },
	{ "blocklists", &type_csv, .flags = MASK_PER_ITEM, .mask = "\\A[^\\r\\n]*\\z" },
	{ "wildcards", &type_csv, .flags = MASK_PER_ITEM | MASK_ANY_CASE,
	  .mask = "\\A((?:(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.){1,})(?:[a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\z" },
	{ "source_nets", &type_network, .flags = AS_LIST, .settings = HOST_BITS_ZERO | NO_WILDCARD },
	{ "address", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET },
	{ "nxdomain", &type_boolean },
	{ "cache_ttl", &type_integer, .flags = REQUIRED, .preset = "72000" },
	{ "description", &type_description, .flags = REQUIRED },
};
/* clang-format on */

static void
check(const struct record *list, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(record_get(list, "source_nets"), ',');
	struct text    entry;
	struct prefix  first = { { FAMILY_NONE, { 0 } }, 0 }, prefix;

	(void)view;
	while (entry_next(&entries, &entry)) {
		if (!prefix_read(entry, &prefix))
			return;
		if (first.address.family == FAMILY_NONE)
			first = prefix;
		if (prefix.bits == first.bits && prefix.address.family == first.address.family)
			continue;
		faults_add(faults, "source_nets", FAULT_CONFLICT, "All networks must be of one family and one length.");
		return;
	}
}

const struct resource unbound_dnsbl_resource = {
	.name = "unbound.dnsbl",
	.summary = "Blocklist records of the Unbound.Unbound model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Unbound.Unbound",
	.path = "dnsbl.blocklist",
	.check = check,
	.touches = PART_RESOLVER,
	.faces = { [OPNSENSE] = FACES(
		{ "unbound/settings", "_dnsbl", "blocklist", CRUD | VERB_TOGGLE,
		  .search = "enabled,description" }) },
};
