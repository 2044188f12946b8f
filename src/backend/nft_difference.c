/*
 * One walk over what is wanted, one over what is there. The order within the transaction: what is new
 * and empty, elements, rules, elements of maps to chains, and last what nothing refers to any more.
 */
#include "backend/nft_difference.h"

#include <stdlib.h>
#include <string.h>

#include "backend/nft_encode.h"

struct walk {
	struct haves         *haves;
	const struct ruleset *wanted;
	struct batch         *batch;
	struct nft_outcome   *outcome;
};

static const struct ruleset_set rule_map = { .name = "m_rule", .type = SET_MARK, .gives = GIVES_COUNTER };

/* --- Shapes ------------------------------------------------------------------------------------ */

static bool
is_same_head(const struct ruleset_chain *a, const struct ruleset_chain *b)
{
	return a->type == b->type && a->hook == b->hook && a->priority == b->priority && a->drops == b->drops;
}

static bool
is_same_shape(const struct ruleset_set *a, const struct ruleset_set *b)
{
	return a->type == b->type && a->gives == b->gives && a->interval == b->interval && a->counted == b->counted &&
	       a->timeout == b->timeout && (!a->dynamic || a->size == b->size);
}

/* --- Counters ---------------------------------------------------------------------------------- */

static void
counter_element(struct elements *elements, unsigned index)
{
	struct ruleset_entry entry = { 0 };
	char                 name[16];

	snprintf(name, sizeof(name), "r%u", index);
	step_put_number(KEY_CT_MARK, entry.key, index);
	entry.name = name;
	elements_add_entry(elements, &entry);
}

/* The map's elements of the counters that are in one set of bits and not in another. */
static void
counter_elements(struct walk *walk, const uint64_t *in, const uint64_t *not_in, bool is_delete)
{
	struct elements elements = { .batch = walk->batch, .set = &rule_map, .is_delete = is_delete };

	for (unsigned word = 0; word < RULESET_RULES / 64; word++) {
		const uint64_t bits = in[word] & (not_in ? ~not_in[word] : ~0ULL);

		for (unsigned bit = 0; bits >> bit; bit++) {
			if (bits >> bit & 1)
				counter_element(&elements, word * 64 + bit);
			if (bit == 63)
				break;
		}
	}
	elements_end(&elements);
}

static void
each_counter(struct walk *walk, const uint64_t *in, const uint64_t *not_in,
	     void (*encode)(struct batch *, unsigned))
{
	for (unsigned i = 0; i < RULESET_RULES; i++) {
		if (i % 64 == 0 && (in[i / 64] & ~not_in[i / 64]) == 0) {
			i += 63;
			continue;
		}
		if ((in[i / 64] & ~not_in[i / 64]) >> (i % 64) & 1)
			encode(walk->batch, i);
	}
}

static void
add_counters(struct walk *walk)
{
	struct have *map = haves_find(walk->haves, HAVE_SET, rule_map.name);

	each_counter(walk, walk->wanted->counters, walk->haves->counters, encode_counter);
	if (!map)
		encode_set(walk->batch, &rule_map);
	else if (!map->is_known)
		encode_set_flush(walk->batch, rule_map.name);
	counter_elements(walk, walk->wanted->counters, map && map->is_known ? walk->haves->counters : NULL, false);
	if (map)
		map->round = walk->haves->round;
}

static void
remove_counters(struct walk *walk)
{
	struct have *map = haves_find(walk->haves, HAVE_SET, rule_map.name);

	if (map && map->is_known)
		counter_elements(walk, walk->haves->counters, walk->wanted->counters, true);
	each_counter(walk, walk->haves->counters, walk->wanted->counters, encode_counter_delete);
}

/* --- Objects ----------------------------------------------------------------------------------- */

/* One with the same name is the same. */
static void
want_object(struct walk *walk, const struct ruleset_object *object)
{
	struct have *have = haves_find(walk->haves, HAVE_OBJECT, object->name);

	if (have)
		have->round = walk->haves->round;
	else
		encode_object(walk->batch, object);
}

/* --- Elements ------------------------------------------------------------------------------------ */

static size_t
element_size(const struct ruleset_set *set)
{
	return set_key_size(set->type) * (set->interval ? 2 : 1);
}

static void
add_all(struct walk *walk, const struct ruleset_set *set)
{
	const size_t    size = element_size(set);
	struct elements elements = { .batch = walk->batch, .set = set };

	for (size_t i = 0; i < set->count; i++) {
		if (set->gives)
			elements_add_entry(&elements, &set->entries[i]);
		else
			elements_add(&elements, (const uint8_t *)set->elements.ptr + i * size);
	}
	elements_end(&elements);
	walk->outcome->added += set->count;
}

/* Both lists are sorted: what is in the first and not in the second, to be added or deleted. */
static size_t
send_missing(struct walk *walk, const struct ruleset_set *set, struct text in, struct text not_in, bool is_delete)
{
	const size_t    size = element_size(set);
	struct elements elements = { .batch = walk->batch, .set = set, .is_delete = is_delete };
	size_t          at = 0, sent = 0;

	for (size_t i = 0; i < in.len; i += size) {
		int order = -1;

		while (at < not_in.len && (order = memcmp(in.ptr + i, not_in.ptr + at, size)) > 0)
			at += size;
		if (at < not_in.len && order == 0)
			continue;
		elements_add(&elements, (const uint8_t *)in.ptr + i);
		sent++;
	}
	elements_end(&elements);
	return sent;
}

static void
change_elements(struct walk *walk, const struct have *have, const struct ruleset_set *set)
{
	const struct text before = { (const char *)have->elements, have->len };

	if (set->dynamic)
		return;
	if (!have->is_known) {
		encode_set_flush(walk->batch, set->name);
		add_all(walk, set);
		return;
	}
	walk->outcome->deleted += send_missing(walk, set, before, set->elements, true);
	walk->outcome->added += send_missing(walk, set, set->elements, before, false);
}

/* --- Sets ------------------------------------------------------------------------------------------ */

static void
new_set(struct walk *walk, const struct ruleset_set *set)
{
	encode_set(walk->batch, set);
	if (!set->gives)
		add_all(walk, set);
}

/*
 * A set that changes its shape under the same name is taken away and made again; that goes only in a
 * full apply, when no rule refers to it. Names are chosen so that it does not happen otherwise.
 */
static void
want_set(struct walk *walk, const struct ruleset_set *set)
{
	struct have *have = haves_find(walk->haves, HAVE_SET, set->name);

	if (have && !is_same_shape(&have->shape, set)) {
		encode_set_delete(walk->batch, set->name);
		have->round = walk->haves->round;
		have = NULL;
	}
	if (!have) {
		new_set(walk, set);
		return;
	}
	have->round = walk->haves->round;
	if (!set->gives && (!have->is_known || have->hash != set->hash))
		change_elements(walk, have, set);
}

/* Maps lead to chains, so they are filled when those are there. */
static void
fill_map(struct walk *walk, const struct ruleset_set *set)
{
	const struct have *have = haves_find(walk->haves, HAVE_SET, set->name);

	if (!set->gives || (have && have->is_known && have->hash == set->hash))
		return;
	if (have && is_same_shape(&have->shape, set))
		encode_set_flush(walk->batch, set->name);
	add_all(walk, set);
}

/* --- Chains ------------------------------------------------------------------------------------------ */

static void
want_chain(struct walk *walk, const struct ruleset_chain *chain)
{
	struct have *have = haves_find(walk->haves, HAVE_CHAIN, chain->name);

	if (have)
		have->round = walk->haves->round;
	if (have && !is_same_head(&have->head, chain)) {
		encode_flush(walk->batch, chain->name);
		encode_chain_delete(walk->batch, chain->name);
		have = NULL;
	}
	if (!have)
		encode_chain(walk->batch, chain);
}

static bool
has_handles(const struct have *have, const struct ruleset_chain *chain)
{
	return have && have->handles && is_same_head(&have->head, chain);
}

static bool
is_rule(const struct have *have, size_t at, const struct ruleset_chain *chain, size_t wanted)
{
	return have->lines[at] == ruleset_mix_bytes(0, chain->rules[wanted]);
}

/* Rules at the beginning and at the end of a chain stay, those between them are others now. */
static void
change_rules(struct walk *walk, struct have *have, const struct ruleset_chain *chain)
{
	const size_t most = have->count < chain->nrules ? have->count : chain->nrules;
	size_t       first = 0, last = 0;

	while (first < most && is_rule(have, first, chain, first))
		first++;
	while (last < most - first && is_rule(have, have->count - 1 - last, chain, chain->nrules - 1 - last))
		last++;
	for (size_t i = first; i < have->count - last; i++)
		encode_rule_delete(walk->batch, chain->name, have->handles[i]);
	for (size_t i = first; i < chain->nrules - last; i++) {
		if (last > 0)
			encode_rule_before(walk->batch, chain->name, chain->rules[i], have->handles[have->count - last]);
		else
			encode_rule(walk->batch, chain->name, chain->rules[i]);
		batch_echo(walk->batch);
	}
	walk->outcome->chains++;
	walk->outcome->rules += chain->nrules - last - first;
	have->first = first;
	have->last = last;
}

struct have *
difference_within(const struct haves *haves, const struct ruleset_chain *chain)
{
	struct have *have = haves_find(haves, HAVE_CHAIN, chain->name);
	const bool   is_other = have && have->is_known && have->lines && have->hash != chain->hash;

	return is_other && is_same_head(&have->head, chain) ? have : NULL;
}

static void
fill_chain(struct walk *walk, const struct ruleset_chain *chain)
{
	struct have *have = haves_find(walk->haves, HAVE_CHAIN, chain->name);

	if (have && have->is_known && have->hash == chain->hash)
		return;
	if (has_handles(have, chain)) {
		change_rules(walk, have, chain);
		return;
	}
	if (have && is_same_head(&have->head, chain))
		encode_flush(walk->batch, chain->name);
	for (size_t i = 0; i < chain->nrules; i++)
		encode_rule(walk->batch, chain->name, chain->rules[i]);
	walk->outcome->chains++;
	walk->outcome->rules += chain->nrules;
}

static bool
is_leftover(const struct walk *walk, const struct have *have)
{
	return have->is_there && have->round != walk->haves->round;
}

static void
remove_leftovers(struct walk *walk)
{
	for (struct have *have = walk->haves->list; have; have = have->next)
		if (is_leftover(walk, have) && have->kind == HAVE_CHAIN)
			encode_flush(walk->batch, have->name);
	/* Maps first: they hold on to chains. */
	for (struct have *have = walk->haves->list; have; have = have->next) {
		if (!is_leftover(walk, have) || have->kind != HAVE_SET)
			continue;
		encode_set_delete(walk->batch, have->name);
		walk->outcome->removed++;
	}
	for (struct have *have = walk->haves->list; have; have = have->next) {
		if (!is_leftover(walk, have) || have->kind == HAVE_SET)
			continue;
		if (have->kind == HAVE_CHAIN)
			encode_chain_delete(walk->batch, have->name);
		else
			encode_object_delete(walk->batch, have->object, have->name);
		walk->outcome->removed++;
	}
}

static bool
is_here(const struct haves *haves, enum have_kind kind, const char *name, uint64_t hash)
{
	const struct have *have = haves_find(haves, kind, name);

	return have && have->is_known && have->hash == hash;
}

bool
difference_is_whole(const struct haves *haves, const struct ruleset *wanted)
{
	for (size_t i = 0; i < wanted->nchains; i++)
		if (wanted->chains[i].is_omitted &&
		    !is_here(haves, HAVE_CHAIN, wanted->chains[i].name, wanted->chains[i].hash))
			return false;
	for (size_t i = 0; i < wanted->nsets; i++)
		if (wanted->sets[i].is_omitted && !is_here(haves, HAVE_SET, wanted->sets[i].name, wanted->sets[i].hash))
			return false;
	return true;
}

void
difference_make(struct haves *haves, const struct ruleset *wanted, struct batch *batch, struct nft_outcome *outcome)
{
	struct walk walk = { haves, wanted, batch, outcome };

	haves->round++;
	if (!haves->has_table)
		encode_table(batch);
	for (size_t i = 0; i < wanted->nchains; i++)
		want_chain(&walk, &wanted->chains[i]);
	add_counters(&walk);
	for (size_t i = 0; i < wanted->nobjects; i++)
		want_object(&walk, &wanted->objects[i]);
	for (size_t i = 0; i < wanted->nsets; i++)
		want_set(&walk, &wanted->sets[i]);
	for (size_t i = 0; i < wanted->nsets; i++)
		fill_map(&walk, &wanted->sets[i]);
	for (size_t i = 0; i < wanted->nchains; i++)
		fill_chain(&walk, &wanted->chains[i]);
	remove_leftovers(&walk);
	remove_counters(&walk);
	outcome->changed = batch->count > 0;
}

/* The kernel told the handles of new rules in the order in which they were sent, when it did: then they are not asked for again. */
static void
keep_handles(struct have *have, const struct ruleset_chain *chain, struct text *told)
{
	const bool   is_changed = has_handles(have, chain);
	const size_t size = is_changed ? (chain->nrules - have->first - have->last) * sizeof(uint64_t) : 0;

	if (is_changed && told->len >= size) {
		have_keep_handles(have, chain, (const uint64_t *)(const void *)told->ptr);
		*told = text_after(*told, size);
	} else {
		have_forget_handles(have);
	}
}

void
difference_keep(struct haves *haves, const struct ruleset *wanted, struct text told)
{
	struct have *map;

	for (struct have *have = haves->list; have; have = have->next)
		if (have->is_there && have->round != haves->round)
			haves_drop(haves, have);
	for (size_t i = 0; i < wanted->nchains; i++) {
		const struct ruleset_chain *chain = &wanted->chains[i];
		struct have                *have = haves_find(haves, HAVE_CHAIN, chain->name);

		if (have && have->is_known && have->hash == chain->hash)
			continue;
		have = haves_add(haves, HAVE_CHAIN, chain->name);
		keep_handles(have, chain, &told);
		have->head = *chain;
		have->hash = chain->hash;
		have_keep_rules(have, chain);
		have->round = haves->round;
		have->is_known = true;
	}
	for (size_t i = 0; i < wanted->nsets; i++) {
		const struct ruleset_set *set = &wanted->sets[i];
		struct have              *have = haves_find(haves, HAVE_SET, set->name);

		if (have && have->is_known && have->hash == set->hash)
			continue;
		have = haves_add(haves, HAVE_SET, set->name);
		have_keep(have, set);
		have->round = haves->round;
		have->is_known = true;
	}
	for (size_t i = 0; i < wanted->nobjects; i++) {
		struct have *have = haves_add(haves, HAVE_OBJECT, wanted->objects[i].name);

		have->object = wanted->objects[i].kind;
		have->round = haves->round;
		have->is_known = true;
	}
	map = haves_add(haves, HAVE_SET, rule_map.name);
	have_keep(map, &rule_map);
	map->round = haves->round;
	map->is_known = true;
	memcpy(haves->counters, wanted->counters, sizeof(haves->counters));
	haves->has_table = true;
	haves->is_bare = false;
}
