/*
 * Writing and reading the bytes. The reader remembers its first short read; loops ask after each
 * round, so that a wrong count cannot make it run on.
 */
#include "plan/ruleset_code.h"

#include <string.h>

#include "base/bug.h"

#define MAGIC 0x64627231U /* "dbr1" */

/* --- writing -------------------------------------------------------------------------------------------- */

static void
put(struct buffer *out, const void *bytes, size_t len)
{
	buffer_add(out, (struct text){ bytes, len });
}

static void
put_u32(struct buffer *out, uint32_t number)
{
	put(out, &number, sizeof(number));
}

static void
put_text(struct buffer *out, struct text t)
{
	put_u32(out, (uint32_t)t.len);
	buffer_add(out, t);
}

static void
put_chain(struct buffer *out, const struct ruleset_chain *chain)
{
	put_text(out, text_of(chain->name));
	put_u32(out, chain->type);
	put_u32(out, chain->hook);
	put(out, &chain->priority, sizeof(chain->priority));
	put_u32(out, chain->drops);
	put(out, &chain->hash, sizeof(chain->hash));
	put_u32(out, (uint32_t)chain->nrules);
	for (size_t i = 0; i < chain->nrules; i++)
		put_text(out, chain->rules[i]);
}

static void
put_set(struct buffer *out, const struct ruleset_set *set)
{
	put_text(out, text_of(set->name));
	put_u32(out, set->type);
	put_u32(out, set->gives);
	put_u32(out, (set->interval ? 1U : 0U) | (set->dynamic ? 2U : 0U) | (set->counted ? 4U : 0U));
	put_u32(out, set->timeout);
	put_u32(out, set->size);
	put(out, &set->hash, sizeof(set->hash));
	put_u32(out, (uint32_t)set->count);
	if (set->gives == GIVES_NOTHING) {
		put_text(out, set->elements);
		return;
	}
	for (size_t i = 0; i < set->count; i++) {
		const struct ruleset_entry *entry = &set->entries[i];

		put(out, entry->key, sizeof(entry->key));
		put_u32(out, entry->verdict);
		put_text(out, text_of(entry->name));
		put(out, entry->value, sizeof(entry->value));
	}
}

void
ruleset_encode(struct buffer *out, const struct ruleset *ruleset)
{
	put_u32(out, MAGIC);
	put_u32(out, (uint32_t)ruleset->nchains);
	for (size_t i = 0; i < ruleset->nchains; i++)
		put_chain(out, &ruleset->chains[i]);
	put_u32(out, (uint32_t)ruleset->nsets);
	for (size_t i = 0; i < ruleset->nsets; i++)
		put_set(out, &ruleset->sets[i]);
	put(out, ruleset->counters, sizeof(ruleset->counters));
}

/* --- reading ---------------------------------------------------------------------------------------------- */

struct decoding {
	struct arena *arena;
	struct text   left;
	const char   *why; /* the first thing that was wrong */
};

static void
fail(struct decoding *in, const char *why)
{
	if (!in->why)
		in->why = why;
	in->left = TEXT_NONE;
}

static bool
get(struct decoding *in, void *out, size_t len)
{
	if (in->left.len < len) {
		memset(out, 0, len);
		fail(in, "it ends too soon");
		return false;
	}
	memcpy(out, in->left.ptr, len);
	in->left = text_after(in->left, len);
	return true;
}

static uint32_t
get_u32(struct decoding *in)
{
	uint32_t number;

	get(in, &number, sizeof(number));
	return number;
}

/* A number below a limit. */
static uint32_t
get_below(struct decoding *in, uint32_t limit, const char *what)
{
	const uint32_t number = get_u32(in);

	if (number < limit)
		return number;
	fail(in, what);
	return 0;
}

static struct text
get_text(struct decoding *in)
{
	const uint32_t    len = get_u32(in);
	const struct text text = text_first(in->left, len);

	if (in->left.len < len) {
		fail(in, "it ends too soon");
		return TEXT_NONE;
	}
	in->left = text_after(in->left, len);
	return text;
}

static const char *
get_name(struct decoding *in, bool may_be_empty)
{
	const struct text name = get_text(in);

	if (name.len == 0 && may_be_empty)
		return NULL;
	if (!step_name_is_valid(name))
		fail(in, "a name is none");
	return arena_copy(in->arena, text_first(name, STEP_NAME_MAX));
}

static struct text
get_rule(struct decoding *in)
{
	const struct text rule = get_text(in);
	struct text       rest = rule;
	struct step       step;

	while (step_next(&rest, &step))
		;
	if (rest.len > 0 || rule.len == 0)
		fail(in, "a rule is malformed");
	return rule;
}

static void
get_chain(struct decoding *in, struct ruleset_chain *chain, size_t *rules_left)
{
	chain->name = get_name(in, false);
	chain->type = (enum chain_type)get_below(in, CHAIN_ROUTE + 1, "a chain has no such type");
	chain->hook = (enum chain_hook)get_below(in, HOOK_POSTROUTING + 1, "a chain has no such hook");
	get(in, &chain->priority, sizeof(chain->priority));
	chain->drops = get_below(in, 2, "a policy is none");
	get(in, &chain->hash, sizeof(chain->hash));
	chain->nrules = get_below(in, (uint32_t)*rules_left + 1, "too many rules");
	/* A rule takes four bytes at least. */
	if (chain->nrules > in->left.len / 4) {
		fail(in, "it ends too soon");
		chain->nrules = 0;
		return;
	}
	*rules_left -= chain->nrules;
	struct text *rules = ARENA_MAKE(in->arena, struct text, chain->nrules + 1);

	for (size_t i = 0; i < chain->nrules && !in->why; i++)
		rules[i] = get_rule(in);
	chain->rules = rules;
}

/* Keys one after the other, each greater than the one before; the two of an interval in order. */
static bool
is_sorted(const struct ruleset_set *set)
{
	const size_t size = set_key_size(set->type), keys = set->elements.len / size;

	for (size_t i = 1; i < keys; i++) {
		const int  order = memcmp(set->elements.ptr + (i - 1) * size, set->elements.ptr + i * size, size);
		const bool may_be_equal = set->interval && i % 2 == 1;

		if (order > 0 || (order == 0 && !may_be_equal))
			return false;
	}
	return true;
}

static void
get_entries(struct decoding *in, struct ruleset_set *set)
{
	if (set->count > in->left.len / (2 * 16)) {
		fail(in, "it ends too soon");
		set->count = 0;
		return;
	}
	struct ruleset_entry *entries = ARENA_MAKE(in->arena, struct ruleset_entry, set->count + 1);

	for (size_t i = 0; i < set->count && !in->why; i++) {
		get(in, entries[i].key, sizeof(entries[i].key));
		entries[i].verdict = (enum step_verdict)get_below(in, VERDICT_RETURN + 1, "a verdict is none");
		entries[i].name = get_name(in, true);
		get(in, entries[i].value, sizeof(entries[i].value));
	}
	set->entries = entries;
}

static void
get_set(struct decoding *in, struct ruleset_set *set)
{
	set->name = get_name(in, false);
	set->type = (enum set_type)get_below(in, SET_TYPES, "a set has no such type");
	set->gives = (enum set_gives)get_below(in, GIVES_IPV6 + 1, "a map gives no such thing");
	const uint32_t flags = get_below(in, 8, "a set has no such flags");

	set->interval = flags & 1;
	set->dynamic = flags & 2;
	set->counted = flags & 4;
	set->timeout = get_u32(in);
	set->size = get_u32(in);
	get(in, &set->hash, sizeof(set->hash));
	set->count = get_below(in, RULESET_ELEMENT_MAX + 1, "too many elements");
	if (in->why || set->type == 0) {
		fail(in, "a set has no type");
		return;
	}
	if (set->gives != GIVES_NOTHING) {
		get_entries(in, set);
		return;
	}
	set->elements = get_text(in);
	if (set->elements.len != set->count * set_key_size(set->type) * (set->interval ? 2 : 1) || !is_sorted(set))
		fail(in, "the elements of a set are wrong");
}

bool
ruleset_decode(struct arena *arena, struct text bytes, struct ruleset *out, const char **why)
{
	struct decoding in = { arena, bytes, NULL };
	struct ruleset  ruleset = { .chains = NULL };
	size_t          rules_left = RULESET_RULE_MAX;

	if (get_u32(&in) != MAGIC)
		fail(&in, "it is no rule set");
	ruleset.nchains = get_below(&in, RULESET_CHAIN_MAX + 1, "too many chains");
	struct ruleset_chain *chains = ARENA_MAKE(arena, struct ruleset_chain, ruleset.nchains + 1);

	for (size_t i = 0; i < ruleset.nchains && !in.why; i++)
		get_chain(&in, &chains[i], &rules_left);
	ruleset.nsets = get_below(&in, RULESET_SET_MAX + 1, "too many sets");
	struct ruleset_set *sets = ARENA_MAKE(arena, struct ruleset_set, ruleset.nsets + 1);

	for (size_t i = 0; i < ruleset.nsets && !in.why; i++)
		get_set(&in, &sets[i]);
	ruleset.chains = chains;
	ruleset.sets = sets;
	get(&in, ruleset.counters, sizeof(ruleset.counters));
	if (in.left.len > 0)
		fail(&in, "something is left over");
	if (in.why) {
		*why = in.why;
		return false;
	}
	*out = ruleset;
	return true;
}
