/*
 * The reader remembers its first fault and gives zeros from then on; who uses it asks at points from
 * where a zero would lead astray. What it lets through is safe to print and to give to the kernel.
 */
#include <netinet/in.h>
#include <string.h>

#include "base/map.h"
#include "plan/ruleset/mark.h"
#include "plan/ruleset/wire.h"

#define STEPS_MAX 4096 /* bytes of one rule */

struct reader {
	struct text   rest;
	bool          failed;
	struct arena *arena;
	struct map   *names; /* of what is being read: no two alike */
	size_t        rules, elements;
};

static const void *
take(struct reader *in, size_t n)
{
	const void *at = in->rest.ptr;

	if (in->failed || in->rest.len < n) {
		in->failed = true;
		return NULL;
	}
	in->rest = (struct text){ in->rest.ptr + n, in->rest.len - n };
	return at;
}

static void
take_into(struct reader *in, void *out, size_t n)
{
	const void *from = take(in, n);

	if (from)
		memcpy(out, from, n);
}

/* Below `limit`. */
static unsigned
take8(struct reader *in, unsigned limit)
{
	uint8_t byte = 0;

	take_into(in, &byte, 1);
	in->failed |= byte >= limit;
	return in->failed ? 0 : byte;
}

static uint32_t
take32(struct reader *in)
{
	uint32_t number = 0;

	take_into(in, &number, sizeof(number));
	return number;
}

static uint64_t
take64(struct reader *in)
{
	uint64_t number = 0;

	take_into(in, &number, sizeof(number));
	return number;
}

/* A count of things that take up at least `size` bytes each, so that it cannot be larger than what is left. */
static size_t
take_count(struct reader *in, size_t most, size_t size)
{
	const uint32_t count = take32(in);

	if (count > most || count > in->rest.len / size)
		in->failed = true;
	return in->failed ? 0 : count;
}

static const char *
take_name(struct reader *in, bool may_be_empty)
{
	const unsigned len = take8(in, STEP_NAME_MAX + 1);
	const char    *name = take(in, len + 1);

	if (!name || name[len] != '\0' || (len == 0 ? !may_be_empty : !step_name_is_valid((struct text){ name, len }))) {
		in->failed = true;
		return "";
	}
	return name;
}

static const char *
take_new_name(struct reader *in)
{
	const char *name = take_name(in, false);

	if (!in->failed && map_set(in->names, text_of(name), (void *)name))
		in->failed = true;
	return name;
}

/* --- Sets --------------------------------------------------------------------------------------------- */

/* Each element after the one before; an interval's first not after its last. */
static bool
is_in_order(const struct ruleset_set *set)
{
	const unsigned size = set_key_size(set->type);
	const size_t   step = size * (set->interval ? 2 : 1);

	for (size_t at = 0; at < set->elements.len; at += step) {
		const char *element = set->elements.ptr + at;

		if (at > 0 && memcmp(element - size, element, size) >= 0)
			return false;
		if (set->interval && memcmp(element, element + size, size) > 0)
			return false;
	}
	return true;
}

static void
take_elements(struct reader *in, struct ruleset_set *set)
{
	const size_t size = set_key_size(set->type) * (set->interval ? 2 : 1);

	set->count = take_count(in, RULESET_ELEMENT_MAX, size);
	set->elements = (struct text){ take(in, set->count * size), set->count * size };
	in->elements += set->count;
	in->failed |= in->elements > RULESET_ELEMENT_MAX || (!in->failed && !is_in_order(set));
	for (size_t i = 0; set->type == SET_DEVICE && !in->failed && i < set->count; i++)
		in->failed |= set->interval || !step_device_is_valid((const uint8_t *)set->elements.ptr + i * 16);
}

static void
take_entry(struct reader *in, const struct ruleset_set *set, struct ruleset_entry *entry)
{
	take_into(in, entry->key, set_key_size(set->type));
	in->failed |= set->type == SET_DEVICE && !in->failed && !step_device_is_valid(entry->key);
	if (set->gives != GIVES_VERDICT) {
		take_into(in, entry->value, sizeof(entry->value));
		return;
	}
	entry->verdict = take8(in, VERDICT_RETURN + 1);
	entry->name = take_name(in, true);
	in->failed |= (entry->verdict == VERDICT_JUMP || entry->verdict == VERDICT_GOTO) != (*entry->name != '\0');
}

static void
take_entries(struct reader *in, struct ruleset_set *set)
{
	set->count = take_count(in, RULESET_RULES, set_key_size(set->type) + 2);
	struct ruleset_entry *entries = ARENA_MAKE(in->arena, struct ruleset_entry, set->count);

	for (size_t i = 0; i < set->count && !in->failed; i++)
		take_entry(in, set, &entries[i]);
	set->entries = entries;
	in->failed |= set->gives == GIVES_CLASS && set->count > 0;
}

static void
take_set(struct reader *in, struct ruleset_set *set)
{
	set->name = take_new_name(in);
	set->hash = take64(in);
	set->type = take8(in, SET_TYPES);
	set->gives = take8(in, GIVES_CLASS + 1);
	const unsigned bits = take8(in, SET_BITS + 1);

	set->interval = bits & SET_INTERVAL;
	set->dynamic = bits & SET_DYNAMIC;
	set->counted = bits & SET_COUNTED;
	set->is_omitted = bits & SET_OMITTED;
	set->timeout = take32(in);
	set->size = take32(in);
	/* The map of counters is not sent: it follows from their numbers. */
	in->failed |= set->type == 0 || set->gives == GIVES_COUNTER || (set->gives && (set->interval || set->dynamic != (set->gives == GIVES_CLASS))) ||
		      strcmp(set->name, "m_rule") == 0;
	if (in->failed || set->is_omitted)
		return;
	(set->gives ? take_entries : take_elements)(in, set);
}

/* --- Chains ------------------------------------------------------------------------------------------- */

static bool
are_steps(struct text rule)
{
	struct step step;

	while (step_next(&rule, &step))
		if (step.kind == STEP_COMMENT && rule.len > 0)
			return false;
	return rule.len == 0;
}

static void
take_rules(struct reader *in, struct ruleset_chain *chain)
{
	chain->nrules = take_count(in, RULESET_RULE_MAX, sizeof(uint32_t));
	struct text *rules = ARENA_MAKE(in->arena, struct text, chain->nrules);

	for (size_t i = 0; i < chain->nrules && !in->failed; i++) {
		const uint32_t len = take32(in);

		rules[i] = (struct text){ take(in, len), len };
		in->failed |= len > STEPS_MAX || in->rules++ >= RULESET_RULE_MAX || (!in->failed && !are_steps(rules[i]));
	}
	chain->rules = rules;
}

static void
take_chain(struct reader *in, struct ruleset_chain *chain)
{
	chain->name = take_new_name(in);
	chain->hash = take64(in);
	chain->type = take8(in, CHAIN_ROUTE + 1);
	chain->hook = take8(in, HOOK_POSTROUTING + 1);
	chain->drops = take8(in, 2);
	chain->is_omitted = take8(in, 2);
	chain->priority = (int32_t)take32(in);
	if (!in->failed && !chain->is_omitted)
		take_rules(in, chain);
}

/* --- Objects ------------------------------------------------------------------------------------------ */

#define OBJECT_LEAST 14 /* bytes */
#define SECONDS_MAX  ((uint32_t)INT32_MAX)

static bool
is_sound(const struct ruleset_object *object)
{
	switch (object->kind) {
	case OBJECT_TIMEOUT:
		return (object->protocol == IPPROTO_TCP ? object->numbers[1] == 0 : object->protocol == IPPROTO_UDP) &&
		       (object->numbers[0] || object->numbers[1]) && object->unit == 0 && object->numbers[0] <= SECONDS_MAX &&
		       object->numbers[1] <= SECONDS_MAX;
	case OBJECT_LIMIT:
		return object->protocol == 0 && object->numbers[0] > 0 && object->numbers[1] > 0;
	default:
		return false;
	}
}

/* One called like a counter would be taken for one. */
static void
take_object(struct reader *in, struct ruleset_object *object)
{
	object->name = take_new_name(in);
	object->kind = take8(in, OBJECT_KINDS);
	object->protocol = (uint8_t)take8(in, 256);
	object->unit = take8(in, UNITS);
	object->numbers[0] = take32(in);
	object->numbers[1] = take32(in);
	in->failed |= !is_sound(object) || object->name[0] == 'r';
}

static void
take_objects(struct reader *in, struct ruleset *out)
{
	out->nobjects = take_count(in, RULESET_OBJECT_MAX, OBJECT_LEAST);
	struct ruleset_object *objects = ARENA_MAKE(in->arena, struct ruleset_object, out->nobjects);

	in->names = map_make(in->arena);
	for (size_t i = 0; i < out->nobjects && !in->failed; i++)
		take_object(in, &objects[i]);
	out->objects = objects;
}

/* A chain's or set's least bytes, so that a count cannot make us take memory for nothing. */
#define LEAST 20

static void
take_sets(struct reader *in, struct ruleset *out)
{
	out->nsets = take_count(in, RULESET_SET_MAX, LEAST);
	struct ruleset_set *sets = ARENA_MAKE(in->arena, struct ruleset_set, out->nsets);

	in->names = map_make(in->arena);
	for (size_t i = 0; i < out->nsets && !in->failed; i++)
		take_set(in, &sets[i]);
	out->sets = sets;
}

static void
take_chains(struct reader *in, struct ruleset *out)
{
	out->nchains = take_count(in, RULESET_CHAIN_MAX, LEAST);
	struct ruleset_chain *chains = ARENA_MAKE(in->arena, struct ruleset_chain, out->nchains);

	in->names = map_make(in->arena);
	for (size_t i = 0; i < out->nchains && !in->failed; i++)
		take_chain(in, &chains[i]);
	out->chains = chains;
}

bool
ruleset_decode(struct arena *arena, struct text bytes, struct ruleset *out, const char **why)
{
	struct reader   in = { .rest = bytes, .arena = arena };
	struct ruleset *read = ARENA_MAKE(arena, struct ruleset, 1);

	*why = "it is no rule set";
	in.failed = bytes.len > RULESET_BYTES_MAX || take64(&in) != RULESET_MAGIC;
	take_into(&in, read->counters, sizeof(read->counters));
	if (in.failed || read->counters[0] & 1)
		return false;
	take_objects(&in, read);
	*why = "an object is malformed";
	if (in.failed)
		return false;
	take_sets(&in, read);
	*why = "a set is malformed";
	if (in.failed)
		return false;
	take_chains(&in, read);
	*why = "a chain is malformed";
	if (in.failed)
		return false;
	*why = "something is left over";
	if (in.rest.len > 0)
		return false;
	*out = *read;
	return true;
}
