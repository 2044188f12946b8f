/*
 * What was laid out the last time. Of thousands of rules one or two change at once, and most often a rule stays what it is in
 * all that the layout depends on: then its lines take the place of those that it had, and nobody looks at the others.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/cache.h"

/* --- Remembering ----------------------------------------------------------------------------------- */

void
layout_begin(struct build *build)
{
	struct layout *layout = &build->cache->layout;

	arena_reset(layout->arena);
	*layout = (struct layout){ .arena = layout->arena, .once = build->once, .nchains = build->chains.count, .nmaps = build->nmaps };
	build->once = layout->arena;
}

void
layout_run(struct build *build, struct fragment **first, size_t count, enum way way)
{
	struct layout *layout = &build->cache->layout;

	if ((layout->nruns & (layout->nruns - 1)) == 0) {
		struct run *more = ARENA_MAKE(layout->arena, struct run, layout->nruns ? layout->nruns * 2 : 1);

		if (layout->nruns > 0)
			memcpy(more, layout->runs, layout->nruns * sizeof(*more));
		layout->runs = more;
	}
	layout->runs[layout->nruns++] = (struct run){ first, count, build->chains.count - layout->nchains };
	for (size_t i = 0; i < count; i++) {
		BUG_IF(first[i]->run[way], "a rule is laid out twice: %s", first[i]->rule->uuid);
		first[i]->run[way] = (unsigned)layout->nruns;
	}
}

static void *
copy(struct arena *arena, const void *from, size_t size)
{
	void *to = arena_take(arena, size + 1);

	if (size > 0)
		memcpy(to, from, size);
	return to;
}

void
layout_end(struct build *build, const struct fragment_list *all, const struct fragment_list *automatic)
{
	struct layout *layout = &build->cache->layout;
	const size_t   chains = layout->nchains, maps = layout->nmaps;

	layout->nchains = build->chains.count - chains;
	layout->chains = copy(layout->arena, build->chains.list + chains, layout->nchains * sizeof(*layout->chains));
	layout->nmaps = build->nmaps - maps;
	layout->maps = copy(layout->arena, build->maps + maps, layout->nmaps * sizeof(*layout->maps));
	layout->all = *all;
	layout->all.list = copy(layout->arena, all->list, all->count * sizeof(struct fragment *));
	layout->automatic = *automatic;
	layout->uses_gateways = build->uses_gateways;
	layout->names_gateways = build->names_gateways;
	layout->extras = build->extras;
	layout->nwants = build->nwants_of_rules;
	memcpy(layout->counters, build->out->counters, sizeof(layout->counters));
	layout->is_valid = true;
	build->once = layout->once;
}

/* --- Using it again -------------------------------------------------------------------------------- */

static bool
is_listed(const struct fragment *one)
{
	return one->priority != 0 && one->index != 0;
}

/* May one take the place of the other? */
static bool
is_alike(const struct fragment *a, const struct fragment *b)
{
	if (!a || is_listed(a) != is_listed(b))
		return false;
	if (!is_listed(a))
		return true;
	for (enum way way = 0; way < WAYS; way++)
		if (a->lines[way].count != b->lines[way].count)
			return false;
	return a->priority == b->priority && a->sequence == b->sequence && a->index == b->index && a->place == b->place &&
	       a->quick == b->quick && a->uses_gateway == b->uses_gateway && a->names_gateway == b->names_gateway &&
	       a->has_extras == b->has_extras && a->mark == b->mark && a->nwants == b->nwants &&
	       (a->nwants == 0 || memcmp(a->wants, b->wants, a->nwants * sizeof(struct want *)) == 0);
}

static bool
are_alike(struct build *build, const struct fragment_list *automatic)
{
	const struct layout *layout = &build->cache->layout;

	for (size_t i = 0; i < build->changes.count; i++) {
		const struct seat *before = &build->changes.list[i].before;
		struct seat       *seat = &build->seats[build->changes.list[i].at];

		if ((before->facts & FACT_ASLEEP) != (seat->facts & FACT_ASLEEP))
			return false;
		if (!(seat->facts & FACT_ASLEEP) && !is_alike(before->fragment, build_fragment(build, seat->rule, seat)))
			return false;
	}
	for (size_t i = 0; i < automatic->count; i++)
		if (!is_alike(layout->automatic.list[i], automatic->list[i]))
			return false;
	return true;
}

/* The lines of a run again, with those of the new one in place of the old one's. */
static void
lay(struct layout *layout, const struct run *run, enum way way, struct fragment *before, struct fragment *now)
{
	struct ruleset_chain *chain = &layout->chains[run->chain];
	struct text          *rules = (struct text *)chain->rules;

	chain->hash = 0;
	for (size_t i = 0; i < run->count; i++) {
		if (run->first[i] == before)
			run->first[i] = now;
		const struct fragment *one = run->first[i];

		if (one->lines[way].count == 0)
			continue;
		if (one == now)
			memcpy(rules, one->lines[way].list, one->lines[way].count * sizeof(*rules));
		rules += one->lines[way].count;
		chain->hash = ruleset_mix(chain->hash, one->hash[way]);
	}
}

static void
replace(struct layout *layout, struct fragment *before, struct fragment *now)
{
	if (before == now || !is_listed(before))
		return;
	BUG_IF(layout->all.list[before->order] != before, "%s is not where it was laid out", now->rule->uuid);
	now->order = before->order;
	layout->all.list[now->order] = now;
	memcpy(now->run, before->run, sizeof(now->run));
	for (enum way way = 0; way < WAYS; way++)
		if (now->run[way])
			lay(layout, &layout->runs[now->run[way] - 1], way, before, now);
}

bool
layout_change(struct build *build, const struct fragment_list *automatic)
{
	struct filter_cache *cache = build->cache;
	struct layout       *layout = &cache->layout;

	if (!layout->is_valid || build->changes.count > CHANGES_MAX || automatic->count != layout->automatic.count ||
	    !are_alike(build, automatic))
		return false;
	for (size_t i = 0; i < build->changes.count; i++) {
		const struct seat *seat = &build->seats[build->changes.list[i].at];

		if (seat->facts & FACT_ASLEEP)
			continue;
		/* It may be at another address than it was. */
		seat->fragment->rule = seat->rule;
		replace(layout, build->changes.list[i].before.fragment, seat->fragment);
	}
	for (size_t i = 0; i < automatic->count; i++)
		replace(layout, layout->automatic.list[i], automatic->list[i]);
	layout->automatic = *automatic;
	build->uses_gateways = layout->uses_gateways;
	build->names_gateways = layout->names_gateways;
	build->extras = layout->extras;
	memcpy(build->out->counters, layout->counters, sizeof(layout->counters));
	/* They are used again, in the same order. */
	for (size_t i = 0; i < layout->nwants; i++)
		want_use(build, &cache->used[i], 1);
	return true;
}

const struct fragment_list *
layout_all(const struct build *build)
{
	return &build->cache->layout.all;
}

void
layout_add(struct build *build)
{
	const struct layout *layout = &build->cache->layout;

	for (size_t i = 0; i < layout->nchains; i++)
		build_add_chain(build, &layout->chains[i]);
	for (size_t i = 0; i < layout->nmaps; i++)
		build_add_map(build, &layout->maps[i]);
}
