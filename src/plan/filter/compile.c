/*
 * The whole filter. Rules are sorted into layers by upstream's priorities; in each direction the
 * quick ones of all layers come first, in order, then the others of all layers in reverse order:
 * that is what "the first quick rule that matches, else the last other one" means when
 * every line ends the walk. What belongs to one interface hangs in a verdict map.
 */
#include "plan/filter/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "plan/filter/automatic.h"
#include "plan/filter/cache.h"

#define WASTE_MIN 20000 /* fragments that may lie unused before all are forgotten */

/* --- Looking things up --------------------------------------------------------------------- */

const struct filter_interface *
build_interface(const struct build *build, const char *name)
{
	return map_get(build->interfaces, text_of(name));
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
		map_set(build->aliases, (struct text){ arena_copy(build->once, name), name.len }, &infos[i]);
	}
}

/* --- What all lines depend on --------------------------------------------------------------- */

static bool
is_loose(const struct filter_rule *rule)
{
	return !rule->is_inactive && rule->action == RULE_PASS &&
	       (rule->state == STATE_SLOPPY || rule->state == STATE_NONE || rule->tcp_flags_any || rule->tcp_flags_mask);
}

static bool
allows_options(const struct filter_rule *rule)
{
	return !rule->is_inactive && rule->action == RULE_PASS && rule->allow_options;
}

static uint64_t
hash_environment(const struct build *build)
{
	const struct filter *filter = build->filter;
	uint64_t             hash = build->loose | (uint64_t)build->allows_options << 1 | (uint64_t)filter->log_group << 8;

	for (size_t i = 0; i < filter->ninterfaces; i++) {
		const struct filter_interface *one = &filter->interfaces[i];

		hash = ruleset_mix_string(hash, one->name);
		hash = ruleset_mix_string(hash, one->device);
		hash = ruleset_mix(hash, one->gateway4 | one->gateway6 << 8 | one->is_wan << 16);
	}
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
						 info->interval6 << 5 | info->alias->dynamic << 6);
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
	if (x->rule->sequence != y->rule->sequence)
		return x->rule->sequence < y->rule->sequence ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static struct fragment *
fragment_for(struct build *build, const struct filter_rule *rule)
{
	struct fragment *fragment = cache_fragment(build->cache, rule->stamp);

	if (fragment) {
		fragment->rule = rule;
		return fragment;
	}
	build->lines = rule->stamp ? build->keep : build->once;
	fragment = ARENA_MAKE(build->lines, struct fragment, 1);
	rule_compile(build, rule, fragment);
	cache_keep_fragment(build->cache, rule->stamp, fragment);
	return fragment;
}

static void
take_rule(struct build *build, const struct filter_rule *rule, struct fragment_list *all)
{
	if (rule->is_inactive)
		return;
	struct fragment *fragment = fragment_for(build, rule);

	if (fragment->priority == 0 || fragment->index == 0)
		return;
	fragment->order = (unsigned)all->count;
	all->list[all->count++] = fragment;
	build->out->counters[fragment->index / 64] |= 1ULL << (fragment->index % 64);
	want_use(build, fragment->wants, fragment->nwants);
	if (fragment->note)
		build->cache->notes[build->cache->nnotes++] = (struct filter_note){ rule->uuid, fragment->note };
	for (int is_out = 0; is_out < 2; is_out++)
		for (size_t i = 0; i < fragment->raw[is_out].count; i++)
			lines_add(build->once, &build->raw[is_out], fragment->raw[is_out].list[i]);
	build->uses_gateways |= fragment->rule->gateway || fragment->rule->reply_to;
}

static struct fragment_list
all_fragments(struct build *build)
{
	const struct filter    *filter = build->filter;
	struct filter_automatic automatic = { 0 };
	struct fragment_list    all = { 0 };
	bool                    sorted = true;

	filter_automatic(build->once, filter, &automatic);
	build->cache->notes = ARENA_MAKE(build->once, struct filter_note, filter->nrules);
	build->cache->nnotes = 0;
	all.list = ARENA_MAKE(build->once, struct fragment *, filter->nrules + automatic.count);
	for (size_t i = 0; i < automatic.count; i++)
		take_rule(build, automatic.rules[i], &all);
	for (size_t i = 0; i < filter->nrules; i++)
		take_rule(build, filter->rules[i], &all);
	for (size_t i = 1; i < all.count && sorted; i++)
		sorted = compare_fragments(&all.list[i - 1], &all.list[i]) < 0;
	if (!sorted)
		qsort(all.list, all.count, sizeof(*all.list), compare_fragments);
	return all;
}

/* --- Layers -------------------------------------------------------------------------------- */

/* The rules of one interface, or of the groups with one sequence, as they came. */
struct place {
	const char          *name;     /* of the interface, or the sequence */
	unsigned             priority;
	struct fragment_list quick, other;
};

struct places {
	struct place *list;
	size_t        count;
	struct map   *by_name;
};

static void
push(struct arena *arena, struct fragment_list *list, struct fragment *one)
{
	if ((list->count & (list->count - 1)) == 0) {
		struct fragment **more = ARENA_MAKE(arena, struct fragment *, list->count ? list->count * 2 : 1);

		if (list->count > 0)
			memcpy(more, list->list, list->count * sizeof(*more));
		list->list = more;
	}
	list->list[list->count++] = one;
}

static struct place *
place_for(struct build *build, struct places *places, const struct fragment *one)
{
	const char *name = one->rule->interfaces[0];

	if (one->priority < PRIORITY_INTERFACE)
		name = arena_print(build->once, "%u", one->priority - PRIORITY_GROUP);
	struct place *place = map_get(places->by_name, text_of(name));

	if (!place) {
		place = &places->list[places->count++];
		*place = (struct place){ .name = name, .priority = one->priority };
		map_set(places->by_name, text_of(name), place);
	}
	return place;
}

static void
sort_out(struct build *build, const struct fragment_list *all, struct places *places, struct place *before,
	 struct place *after)
{
	for (size_t i = 0; i < all->count; i++) {
		struct fragment *one = all->list[i];
		struct place    *place = one->priority > PRIORITY_INTERFACE ? after : before;

		if (one->per_interface)
			place = place_for(build, places, one);
		push(build->once, one->rule->quick ? &place->quick : &place->other, one);
	}
}

static struct fragment_list
reversed(struct build *build, const struct fragment_list *list)
{
	struct fragment_list out = { ARENA_MAKE(build->once, struct fragment *, list->count), list->count };

	for (size_t i = 0; i < list->count; i++)
		out.list[i] = list->list[list->count - 1 - i];
	return out;
}

/* Jumps to the chains of one layer at one place: quick ones in order, or the others in reverse. */
static void
add_part(struct build *build, const char *stem, const struct place *place, bool quick, bool is_out,
	 struct lines *jumps)
{
	struct fragment_list list = quick ? place->quick : reversed(build, &place->other);
	char                 name[STEP_NAME_MAX];

	list.is_out = is_out;
	snprintf(name, sizeof(name), "%s_%s%s", stem, is_out ? "out" : "in", quick ? "" : "_last");
	build_list(build, name, &list, jumps);
}

/* The chains of groups are made once and jumped to by each member. */
struct group_chains {
	unsigned     sequence;
	struct lines jumps[2][2]; /* in and out; quick and last */
};

static void
append(struct arena *arena, struct lines *to, const struct lines *from)
{
	for (size_t i = 0; i < from->count; i++)
		lines_add(arena, to, from->list[i]);
}

static size_t
make_groups(struct build *build, const struct places *places, struct group_chains *out)
{
	size_t count = 0;

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->list[i];
		char                stem[STEP_NAME_MAX];

		if (place->priority >= PRIORITY_INTERFACE)
			continue;
		snprintf(stem, sizeof(stem), "g_%s", place->name);
		for (int is_out = 0; is_out < 2; is_out++)
			for (int last = 0; last < 2; last++)
				add_part(build, stem, place, !last, is_out, &out[count].jumps[is_out][last]);
		out[count++].sequence = place->priority - PRIORITY_GROUP;
	}
	return count;
}

static bool
is_member(const struct filter *filter, unsigned sequence, const char *interface)
{
	for (size_t i = 0; i < filter->ngroups; i++) {
		const struct filter_group *group = &filter->groups[i];

		for (size_t k = 0; group->sequence == sequence && k < group->nmembers; k++)
			if (text_is(text_of(group->members[k]), interface))
				return true;
	}
	return false;
}

/* One way through the rules: direction, and quick ones or the others. */
struct pass {
	const struct places       *places;
	const struct group_chains *groups;
	size_t                     ngroups;
	int                        is_out, last;
};

static void
add_groups(struct build *build, const struct pass *pass, const char *interface, struct lines *out)
{
	for (size_t i = 0; i < pass->ngroups; i++) {
		const struct group_chains *one = &pass->groups[pass->last ? pass->ngroups - 1 - i : i];

		if (is_member(build->filter, one->sequence, interface))
			append(build->once, out, &one->jumps[pass->is_out][pass->last]);
	}
}

static void
make_interface(struct build *build, const struct pass *pass, const char *interface, struct lines *out)
{
	const struct place *place = map_get(pass->places->by_name, text_of(interface));
	char                stem[STEP_NAME_MAX];

	snprintf(stem, sizeof(stem), "i_%s", interface);
	if (!pass->last)
		add_groups(build, pass, interface, out);
	if (place)
		add_part(build, stem, place, !pass->last, pass->is_out, out);
	if (pass->last)
		add_groups(build, pass, interface, out);
}

/* The verdict map from device to its chain, and the line that asks it; nothing when no interface has such rules. */
static void
make_dispatch(struct build *build, const struct pass *pass, struct lines *walk)
{
	const struct filter  *filter = build->filter;
	const char           *name = pass->is_out ? pass->last ? "v_out_last" : "v_out" : pass->last ? "v_in_last" : "v_in";
	struct ruleset_entry *entries = ARENA_MAKE(build->once, struct ruleset_entry, filter->ninterfaces + 1);
	size_t                count = 0;

	for (size_t i = 0; i < filter->ninterfaces; i++) {
		const struct filter_interface *interface = &filter->interfaces[i];
		struct lines                   lines = { 0 };
		char                           chain[STEP_NAME_MAX];

		make_interface(build, pass, interface->name, &lines);
		if (lines.count == 0)
			continue;
		snprintf(chain, sizeof(chain), "%s_%s%s", pass->is_out ? "out" : "in", interface->name,
			 pass->last ? "_last" : "");
		entries[count] = (struct ruleset_entry){ .verdict = VERDICT_JUMP, .name = build_chain(build, chain, &lines) };
		memcpy(entries[count++].key, interface->device, strnlen(interface->device, 15));
	}
	if (count > 0)
		build_dispatch(build, name, pass->is_out ? KEY_OIFNAME : KEY_IIFNAME, entries, count, walk);
}

/* --- All together ------------------------------------------------------------------------- */

static void
make_rules(struct build *build)
{
	const struct fragment_list all = all_fragments(build);
	struct places              places = { .by_name = map_make(build->once) };
	struct place               before = { 0 }, after = { 0 };
	const size_t               most = build->filter->ninterfaces + build->filter->ngroups + 1;

	places.list = ARENA_MAKE(build->once, struct place, most);
	sort_out(build, &all, &places, &before, &after);
	struct group_chains *groups = ARENA_MAKE(build->once, struct group_chains, most);
	struct pass          pass = { &places, groups, make_groups(build, &places, groups) };

	for (int is_out = 0; is_out < 2; is_out++) {
		struct lines walk = { 0 };

		pass.is_out = is_out;
		pass.last = 0;
		add_part(build, "x", &before, true, is_out, &walk);
		make_dispatch(build, &pass, &walk);
		add_part(build, "z", &after, true, is_out, &walk);
		pass.last = 1;
		add_part(build, "z", &after, false, is_out, &walk);
		make_dispatch(build, &pass, &walk);
		add_part(build, "x", &before, false, is_out, &walk);
		build_chain(build, is_out ? "walk_out" : "walk_in", &walk);
	}
}

const struct ruleset *
filter_compile(struct filter_cache *cache, const struct filter *filter)
{
	struct build build = { .cache = cache, .filter = filter };

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
	index_interfaces(&build);
	index_aliases(&build);
	for (size_t i = 0; i < filter->nrules; i++) {
		build.loose |= is_loose(filter->rules[i]);
		build.allows_options |= allows_options(filter->rules[i]);
	}
	const uint64_t environment = hash_environment(&build);

	if (environment != cache->environment || cache->nfragments > filter->nrules * 2 + WASTE_MIN)
		cache_forget(cache);
	cache->environment = environment;
	make_rules(&build);
	nat_compile(&build);
	filter_base(&build);
	want_fill(&build);
	build.out->chains = build.chains.list;
	build.out->nchains = build.chains.count;
	cache->alias_infos = build.aliases;
	free(build.wants);
	return build.out;
}
