/* The block of blocklists that came before unbound.dnsbl. */
#include <string.h>

#include "api/older/older.h"
#include "base/bug.h"
#include "schema/record.h"
#include "schema/schema.h"

#define BLOCK    "OPNsense/unboundplus/dnsbl"
#define POLICIES "unbound.dnsbl"
#define SETTINGS "unbound.settings"

const struct older_member older_blocklist[] = {
	{ "enabled", POLICIES, "enabled" },       { "safesearch", SETTINGS, "general.safesearch" },
	{ "type", POLICIES, "type" },             { "lists", POLICIES, "lists" },
	{ "whitelists", POLICIES, "allowlists" }, { "blocklists", POLICIES, "blocklists" },
	{ "wildcards", POLICIES, "wildcards" },   { "address", POLICIES, "address" },
	{ "nxdomain", POLICIES, "nxdomain" },
};
const size_t older_blocklist_count = COUNT(older_blocklist);

struct record *
older_blocklist_blank(struct arena *arena, const struct schema *schema)
{
	struct record *policy = record_make(arena, schema_named(schema, POLICIES));

	record_set(policy, "enabled", "0");
	record_set(policy, "description", "Blocklist");
	return policy;
}

/* What the block says of one resource goes into its record. */
static void
fill(struct xml *block, struct record *record)
{
	for (size_t i = 0; i < COUNT(older_blocklist); i++) {
		struct xml *member = xml_child(block, older_blocklist[i].name);

		if (!member || strcmp(older_blocklist[i].resource, record->resource->name) != 0)
			continue;
		member->is_used = true;
		/* What is off is often not written down here. */
		if (member->text.len > 0 && (!text_is(member->text, "0") || record_has(record, older_blocklist[i].field)))
			record_set(record, older_blocklist[i].field, member->text.ptr);
	}
}

static void
put_if_other(struct change *change, const struct record *before, const struct record *record)
{
	if (!record_same(before, record))
		change_put(change, record);
}

void
older_blocklist_import(struct change *change, struct arena *arena, struct xml *root)
{
	const struct snapshot *snapshot = change_snapshot(change);
	struct xml            *block = xml_path(root, BLOCK);

	if (!block || !block->first || xml_child(block, "blocklist"))
		return;
	struct record *policy = older_blocklist_blank(arena, snapshot_schema(snapshot));
	struct record *settings = record_copy(arena, snapshot_single(snapshot, SETTINGS));

	fill(block, policy);
	fill(block, settings);
	put_if_other(change, snapshot_single(snapshot, SETTINGS), settings);
	put_if_other(change, older_blocklist_blank(arena, snapshot_schema(snapshot)), policy);
}
