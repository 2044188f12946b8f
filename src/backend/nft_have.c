/* Chains and sets by name. What is gone keeps its place in the map until it comes again. */
#include "backend/nft_have.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

void
haves_init(struct haves *haves)
{
	*haves = (struct haves){ .arena = arena_new() };
	haves->chains = map_make(haves->arena);
	haves->sets = map_make(haves->arena);
	haves->objects = map_make(haves->arena);
}

static void
forget_content(struct have *have)
{
	free(have->elements);
	free(have->lines);
	free(have->handles);
	have->elements = NULL;
	have->lines = have->handles = NULL;
	have->count = have->len = 0;
}

void
haves_clear(struct haves *haves)
{
	for (struct have *have = haves->list; have; have = have->next)
		forget_content(have);
	arena_free(haves->arena);
	*haves = (struct haves){ 0 };
}

static struct map *
map_of(const struct haves *haves, enum have_kind kind)
{
	return kind == HAVE_CHAIN ? haves->chains : kind == HAVE_SET ? haves->sets : haves->objects;
}

struct have *
haves_find(const struct haves *haves, enum have_kind kind, const char *name)
{
	struct have *have = map_get(map_of(haves, kind), text_of(name));

	return have && have->is_there ? have : NULL;
}

struct have *
haves_add(struct haves *haves, enum have_kind kind, const char *name)
{
	struct have *have = map_get(map_of(haves, kind), text_of(name));

	if (!have) {
		have = ARENA_MAKE(haves->arena, struct have, 1);
		have->kind = kind;
		have->name = arena_copy(haves->arena, text_of(name));
		have->next = haves->list;
		haves->list = have;
		map_set(map_of(haves, kind), text_of(have->name), have);
		haves->count++;
	} else if (!have->is_there) {
		haves->gone--;
	}
	have->is_there = true;
	have->is_known = false;
	return have;
}

void
haves_drop(struct haves *haves, struct have *have)
{
	have->is_there = have->is_known = false;
	forget_content(have);
	haves->gone++;
}

void
have_forget_handles(struct have *have)
{
	free(have->handles);
	have->handles = NULL;
}

void
have_keep_handles(struct have *have, const struct ruleset_chain *chain, const uint64_t *new_ones)
{
	uint64_t    *handles = calloc(chain->nrules + 1, sizeof(*handles));
	const size_t nnew = chain->nrules - have->first - have->last;

	BUG_IF(!handles, "out of memory");
	memcpy(handles, have->handles, have->first * sizeof(*handles));
	if (nnew > 0)
		memcpy(handles + have->first, new_ones, nnew * sizeof(*handles));
	memcpy(handles + have->first + nnew, have->handles + have->count - have->last, have->last * sizeof(*handles));
	free(have->handles);
	have->handles = handles;
}

void
have_keep_rules(struct have *have, const struct ruleset_chain *chain)
{
	have->count = chain->nrules;
	have->lines = realloc(have->lines, (have->count + 1) * sizeof(*have->lines));
	BUG_IF(!have->lines, "out of memory");
	for (size_t i = 0; i < have->count; i++)
		have->lines[i] = ruleset_mix_bytes(0, chain->rules[i]);
}

void
have_keep(struct have *have, const struct ruleset_set *set)
{
	have->shape = *set;
	have->shape.name = have->name;
	have->shape.entries = NULL;
	have->shape.elements = TEXT_NONE;
	have->hash = set->hash;
	have->count = set->count;
	if (set->gives || set->dynamic)
		return;
	have->len = set->elements.len;
	have->elements = realloc(have->elements, have->len + 1);
	BUG_IF(!have->elements, "out of memory");
	if (have->len > 0)
		memcpy(have->elements, set->elements.ptr, have->len);
}
