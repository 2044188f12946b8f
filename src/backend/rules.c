/* From checked bytes to the packet filter. */
#include "backend/rules.h"

#include "base/bug.h"
#include "plan/ruleset/wire.h"

enum result
rules_load(struct nft *nft, struct text rules, struct buffer *message)
{
	scoped_arena       arena = arena_new();
	struct ruleset     ruleset;
	struct nft_outcome outcome = { 0 };
	const char        *why = "";

	if (!ruleset_decode(arena, rules, &ruleset, &why)) {
		buffer_print(message, "malformed rules: %s", why);
		return RESULT_INVALID;
	}
	const enum result result = nft_apply(nft, &ruleset, &outcome);

	if (result != RESULT_DONE)
		buffer_add_string(message, outcome.message);
	return result;
}

/* How many bytes an element of that set has; 0: no such set. */
static size_t
element_size(struct nft *nft, const char *table)
{
	scoped_arena      arena = arena_new();
	struct table_keys about;

	if (nft_set_list(nft, arena, table, 0, &about) != RESULT_DONE)
		return 0;
	return set_key_size((enum set_type)about.type) * (about.interval ? 2 : 1);
}

enum result
rules_change_table(struct nft *nft, const struct table_change *change, struct buffer *message)
{
	const size_t size = element_size(nft, change->table);

	if (size == 0)
		return RESULT_MISSING;
	if (change->deleted.len % size || change->added.len % size) {
		buffer_print(message, "keys of another length than those of %s", change->table);
		return RESULT_INVALID;
	}
	const struct nft_change elements = {
		.set = change->table, .seconds = change->seconds, .counts = change->counts,
		.deleted = (const uint8_t *)change->deleted.ptr, .ndeleted = change->deleted.len / size,
		.added = (const uint8_t *)change->added.ptr, .nadded = change->added.len / size,
	};

	return nft_set_change(nft, &elements);
}

enum result
rules_count(struct nft *nft, struct arena *arena, struct rule_counts *out)
{
	struct nft_counter *counters;
	size_t              count;
	const enum result   result = nft_counters(nft, arena, &counters, &count);

	if (result != RESULT_DONE)
		return result;
	struct rule_count *counts = ARENA_MAKE(arena, struct rule_count, count);

	for (size_t i = 0; i < count; i++)
		counts[i] = (struct rule_count){ counters[i].index, counters[i].packets, counters[i].bytes, 0 };
	*out = (struct rule_counts){ counts, count };
	return RESULT_DONE;
}
