/*
 * The whole filter: what all rules depend on is looked up, each rule becomes a fragment or is remembered
 * as one, and the fragments in pf's order go to the layers.
 */
#include "plan/filter/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "plan/filter/automatic.h"
#include "plan/filter/cache.h"
#include "plan/shaper/shaper.h"

#define WASTE_MIN 20000 /* fragments that may lie unused before all are forgotten */

/* --- Looking things up --------------------------------------------------------------------- */

const struct filter_interface *
build_interface(const struct build *build, const char *name)
{
	return map_get(build->interfaces, text_of(name));
}

const struct filter_interface *
build_ipsec(const struct build *build)
{
	for (size_t i = 0; i < build->filter->ninterfaces; i++)
		if (text_is(TEXT(FILTER_IPSEC_DEVICE), build->filter->interfaces[i].device))
			return &build->filter->interfaces[i];
	return NULL;
}

const struct filter_group *
build_group(const struct build *build, const char *name)
{
	return map_get(build->groups, text_of(name));
}

const struct alias_info *
build_alias(const struct build *build, const char *name)
{
	return map_get(build->aliases, text_of(name));
}

static void
index_interfaces(struct build *build)
{
	const struct filter *filter = build->filter;

	build->interfaces = map_make(build->once);
	build->groups = map_make(build->once);
	for (size_t i = 0; i < filter->ninterfaces; i++)
		map_set(build->interfaces, text_of(filter->interfaces[i].name), (void *)&filter->interfaces[i]);
	for (size_t i = 0; i < filter->ngroups; i++)
		map_set(build->groups, text_of(filter->groups[i].name), (void *)&filter->groups[i]);
}

/* What is known of an alias is kept for as long as its stamp is the same. */
static void
index_aliases(struct build *build)
{
	const struct filter *filter = build->filter;
	struct alias_info   *infos = ARENA_MAKE(build->once, struct alias_info, filter->naliases);
	struct map          *before = build->cache->alias_infos;

	build->aliases = map_make(build->once);
	for (size_t i = 0; i < filter->naliases; i++) {
		const struct filter_alias *alias = filter->aliases[i];
		const struct text          name = text_of(alias->name);
		const struct alias_info   *old = before && alias->stamp ? map_get(before, name) : NULL;

		infos[i] = (struct alias_info){ .alias = alias, .stamp = alias->stamp };
		if (old && old->stamp == alias->stamp) {
			infos[i].interval4 = old->interval4;
			infos[i].interval6 = old->interval6;
		} else {
			want_look(&infos[i]);
		}
		/* The name is looked up in the next round too, when the filter is gone. */
		infos[i].single = alias->single;
		map_set(build->aliases, (struct text){ arena_copy(build->once, name), name.len }, &infos[i]);
	}
	for (size_t i = 0; i < filter->nrules; i++) {
		if (!(build->seats[i].facts & FACT_OVERLOAD))
			continue;
		struct alias_info *info = map_get(build->aliases, text_of(filter->rules[i]->overload));

		if (info)
			info->single = true;
	}
}

/* --- What cannot be named ------------------------------------------------------------------- */

static bool
is_sound_interface(const struct filter_interface *interface)
{
	uint8_t device[16] = { 0 };

	if (strlen(interface->device) > 15)
		return false;
	memcpy(device, interface->device, strlen(interface->device));
	return step_device_is_valid(device) && step_name_is_valid(text_of(interface->name)) && strlen(interface->name) <= 32;
}

/* Interfaces and aliases with names that the kernel or a step could not have are as if they were not there. */
static struct filter
without_unsound(struct build *build, const struct filter *filter)
{
	struct filter               clean = *filter;
	struct filter_interface    *interfaces = ARENA_MAKE(build->once, struct filter_interface, filter->ninterfaces);
	const struct filter_alias **aliases = ARENA_MAKE(build->once, const struct filter_alias *, filter->naliases);

	clean.interfaces = interfaces;
	clean.aliases = aliases;
	clean.ninterfaces = clean.naliases = 0;
	for (size_t i = 0; i < filter->ninterfaces; i++)
		if (is_sound_interface(&filter->interfaces[i]))
			interfaces[clean.ninterfaces++] = filter->interfaces[i];
	for (size_t i = 0; i < filter->naliases; i++)
		if (step_name_is_valid(text_of(filter->aliases[i]->name)) && strlen(filter->aliases[i]->name) <= 64)
			aliases[clean.naliases++] = filter->aliases[i];
	return clean;
}

/* --- What all lines depend on --------------------------------------------------------------- */

static uint64_t
hash_environment(const struct build *build)
{
	const struct filter *filter = build->filter;
	uint64_t             hash = build->loose | (uint64_t)build->allows_options << 1 | (uint64_t)build->untracks << 2 |
			(uint64_t)build->proxies << 3 | (uint64_t)filter->lacks_synproxy << 4 |
			(uint64_t)filter->lacks_timeouts << 5 | (uint64_t)filter->log_group << 8;

	if (filter->shaper)
		hash = ruleset_mix(hash, filter->shaper->stamp);
	for (size_t i = 0; i < filter->ninterfaces; i++) {
		const struct filter_interface *one = &filter->interfaces[i];

		hash = ruleset_mix_string(hash, one->name);
		hash = ruleset_mix_string(hash, one->device);
		hash = ruleset_mix(hash, one->gateway4 | one->gateway6 << 8 | one->is_wan << 16 | build->is_late[i] << 17);
	}
	for (size_t i = 0; i < filter->ngateways; i++)
		hash = ruleset_mix_string(hash, filter->gateways[i].name);
	for (size_t i = 0; i < filter->ngroups; i++) {
		hash = ruleset_mix_string(hash, filter->groups[i].name);
		hash = ruleset_mix(hash, filter->groups[i].sequence);
		for (size_t k = 0; k < filter->groups[i].nmembers; k++)
			hash = ruleset_mix_string(hash, filter->groups[i].members[k]);
	}
	for (size_t i = 0; i < filter->naliases; i++) {
		const struct alias_info *info = build_alias(build, filter->aliases[i]->name);

		hash = ruleset_mix_string(hash, info->alias->name);
		hash = ruleset_mix(hash, (uint64_t)info->alias->timeout << 8 | info->alias->kind | info->interval4 << 4 |
						 info->interval6 << 5 | info->alias->dynamic << 6 | info->single << 7);
	}
	return hash;
}

/* --- Fragments in their order --------------------------------------------------------------- */

static int
compare_fragments(const void *a, const void *b)
{
	const struct fragment *x = *(struct fragment *const *)a, *y = *(struct fragment *const *)b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	if (x->sequence != y->sequence)
		return x->sequence < y->sequence ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static struct fragment *
make_fragment(struct build *build, const struct filter_rule *rule)
{
	struct fragment *fragment;

	build->lines = rule->stamp ? build->keep : build->once;
	fragment = ARENA_MAKE(build->lines, struct fragment, 1);
	rule_compile(build, rule, fragment);
	cache_keep_fragment(build->cache, rule->stamp, fragment);
	return fragment;
}

struct fragment *
build_fragment(struct build *build, const struct filter_rule *rule, struct seat *seat)
{
	if (!seat->fragment) {
		seat->fragment = make_fragment(build, rule);
		seat->facts |= seat->fragment->nnotes > 0 ? FACT_NOTED : 0;
	}
	return seat->fragment;
}

static void
take_note(struct build *build, const char *uuid, const char *text)
{
	struct filter_cache *cache = build->cache;

	if ((cache->nnotes & (cache->nnotes - 1)) == 0) {
		struct filter_note *more = ARENA_MAKE(build->once, struct filter_note, cache->nnotes ? cache->nnotes * 2 : 1);

		if (cache->nnotes > 0)
			memcpy(more, cache->notes, cache->nnotes * sizeof(*more));
		cache->notes = more;
	}
	cache->notes[cache->nnotes++] = (struct filter_note){ uuid, text };
}

/* Its rule may be at another address than it was. */
static void
take_fragment(struct build *build, const struct filter_rule *rule, struct fragment *fragment, struct fragment_list *all)
{
	fragment->rule = rule;
	memset(fragment->run, 0, sizeof(fragment->run));
	if (fragment->priority == 0 || fragment->index == 0)
		return;
	fragment->order = (unsigned)all->count;
	all->is_unsorted |= all->count > 0 && compare_fragments(&all->list[all->count - 1], &fragment) > 0;
	all->list[all->count++] = fragment;
	build->out->counters[fragment->index / 64] |= 1ULL << (fragment->index % 64);
	want_use(build, fragment->wants, fragment->nwants);
	build->uses_gateways |= fragment->uses_gateway;
	build->names_gateways |= fragment->names_gateway;
	build->extras |= fragment->has_extras;
}

/* Of rules: what is noted of those in force came with what they were made into. */
static void
take_rule_notes(struct build *build, const struct fragment_list *automatic)
{
	for (size_t i = 0; i < automatic->count; i++)
		for (size_t k = 0; k < automatic->list[i]->nnotes; k++)
			take_note(build, automatic->list[i]->rule->uuid, automatic->list[i]->notes[k]);
	for (size_t i = 0; i < build->filter->nrules; i++) {
		const struct seat *seat = &build->seats[i];
		const bool         is_asleep = seat->facts & FACT_ASLEEP;

		for (size_t k = 0; is_asleep && k < seat->rule->nnotes; k++)
			take_note(build, seat->rule->uuid, seat->rule->notes[k]);
		for (size_t k = 0; !is_asleep && seat->facts & FACT_NOTED && k < seat->fragment->nnotes; k++)
			take_note(build, seat->rule->uuid, seat->fragment->notes[k]);
	}
}

/* Of translations and aliases, in force or not. */
static void
take_other_notes(struct build *build)
{
	const struct filter *filter = build->filter;

	for (size_t i = 0; i < filter->nforwards; i++)
		if (filter->forwards[i]->note)
			take_note(build, filter->forwards[i]->uuid, filter->forwards[i]->note);
	for (size_t i = 0; i < filter->noutbound; i++)
		if (filter->outbound[i]->note)
			take_note(build, filter->outbound[i]->uuid, filter->outbound[i]->note);
	for (size_t i = 0; i < filter->none_to_one; i++)
		if (filter->one_to_one[i]->note)
			take_note(build, filter->one_to_one[i]->uuid, filter->one_to_one[i]->note);
	for (size_t i = 0; i < filter->nprefixes; i++)
		if (filter->prefixes[i]->note)
			take_note(build, filter->prefixes[i]->uuid, filter->prefixes[i]->note);
	for (size_t i = 0; i < filter->naliases; i++)
		if (filter->aliases[i]->note)
			take_note(build, filter->aliases[i]->uuid, filter->aliases[i]->note);
}

static void
take_notes(struct build *build, const struct fragment_list *automatic)
{
	build->cache->notes = NULL;
	build->cache->nnotes = 0;
	take_rule_notes(build, automatic);
	take_other_notes(build);
}

/* They follow from all of the configuration, and are made anew each time. */
static struct fragment_list
automatic_fragments(struct build *build)
{
	struct filter_automatic automatic = { 0 };

	filter_automatic(build->once, build->filter, &automatic);
	struct fragment_list all = { ARENA_MAKE(build->once, struct fragment *, automatic.count + 1), automatic.count };

	for (size_t i = 0; i < automatic.count; i++)
		all.list[i] = make_fragment(build, automatic.rules[i]);
	return all;
}

static struct fragment_list
all_fragments(struct build *build, const struct fragment_list *automatic)
{
	const struct filter *filter = build->filter;
	struct fragment_list all = { ARENA_MAKE(build->once, struct fragment *, filter->nrules + automatic->count + 1), 0 };

	for (size_t i = 0; i < automatic->count; i++)
		take_fragment(build, automatic->list[i]->rule, automatic->list[i], &all);
	for (size_t i = 0; i < filter->nrules; i++) {
		if (i + READ_AHEAD < filter->nrules)
			__builtin_prefetch(build->seats[i + READ_AHEAD].fragment, 1);
		if (!(build->seats[i].facts & FACT_ASLEEP))
			take_fragment(build, filter->rules[i], build_fragment(build, filter->rules[i], &build->seats[i]), &all);
	}
	if (!all.is_unsorted)
		return all;
	qsort(all.list, all.count, sizeof(*all.list), compare_fragments);
	for (size_t i = 0; i < all.count; i++)
		all.list[i]->order = (unsigned)i;
	return all;
}

/* Everything that rules become, in chains; as it was laid out the last time when that fits. */
static void
make_rules(struct build *build)
{
	const struct fragment_list automatic = automatic_fragments(build);
	const bool                 is_laid = layout_change(build, &automatic);
	const struct fragment_list all = is_laid ? *layout_all(build) : all_fragments(build, &automatic);

	build->nwants_of_rules = build->cache->nused;
	take_notes(build, &automatic);
	raw_make(build, &all);
	extras_make(build, &all);
	gateways_make(build, &all);
	if (is_laid) {
		layout_add(build);
		return;
	}
	layout_begin(build);
	layers_make(build, &all);
	layout_end(build, &all, &automatic);
}

const struct ruleset *
filter_compile(struct filter_cache *cache, const struct filter *given)
{
	struct build build = { .cache = cache };

	struct arena *const older = cache->before;

	cache->before = cache->once;
	cache->once = older;
	arena_reset(cache->once);
	build.once = cache->once;
	build.keep = cache->keep;
	build.round = ++cache->round;
	build.out = ARENA_MAKE(build.once, struct ruleset, 1);
	build.chain_names = map_make(build.once);
	cache->nused = 0;
	const struct filter        clean = without_unsound(&build, given);
	const struct filter *const filter = build.filter = &clean;

	seats_take(&build);
	index_interfaces(&build);
	index_aliases(&build);
	build.loose = build.facts & FACT_LOOSE;
	build.allows_options = build.facts & FACT_OPTIONS;
	late_find(&build);
	raw_find(&build);
	build.loose |= build.proxies;
	const uint64_t environment = hash_environment(&build);

	if (environment != cache->environment || cache->is_stale || cache->nfragments > filter->nrules * 2 + WASTE_MIN)
		cache_forget(cache);
	cache->is_stale = false;
	cache->environment = environment;
	make_rules(&build);
	nat_compile(&build);
	filter_base(&build);
	shape_make(&build);
	want_dynamic(&build);
	want_fill(&build);
	build.out->chains = build.chains.list;
	build.out->nchains = build.chains.count;
	cache->alias_infos = build.aliases;
	memcpy(cache->in_force, build.out->counters, sizeof(cache->in_force));
	free(build.wants);
	return build.out;
}
