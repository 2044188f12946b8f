/*
 * Layers. Rules are sorted into them by upstream's priorities; on each way the quick ones of all
 * layers come first, in order, then the others of all layers in reverse order: that is what "the
 * first quick rule that matches, else the last other one" means when every line ends the
 * walk. What belongs to one interface hangs in a verdict map.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/build.h"

static const char *const way_names[WAYS] = { "in", "out", "post" };

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
	struct place *last; /* that was asked for */
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
	for (enum way way = 0; way < WAYS; way++)
		list->nlines[way] += one->lines[way].count;
}

static struct place *
place_for(struct places *places, const struct fragment *one)
{
	struct place *place = places->last;

	/* Names of places are the same when they are at the same address. */
	if (place && place->name == one->place)
		return place;
	place = map_get(places->by_name, text_of(one->place));
	if (!place) {
		place = &places->list[places->count++];
		*place = (struct place){ .name = one->place, .priority = one->priority };
		map_set(places->by_name, text_of(one->place), place);
	}
	return places->last = place;
}

static void
sort_out(struct build *build, const struct fragment_list *all, struct places *places, struct place *before,
	 struct place *after)
{
	for (size_t i = 0; i < all->count; i++) {
		struct fragment *one = all->list[i];
		struct place    *place = one->priority > PRIORITY_INTERFACE ? after : before;

		if (i + READ_AHEAD < all->count)
			__builtin_prefetch(&all->list[i + READ_AHEAD]->lines);
		if (one->place)
			place = place_for(places, one);
		push(build->once, one->quick ? &place->quick : &place->other, one);
	}
}

static struct fragment_list
reversed(struct build *build, const struct fragment_list *list)
{
	struct fragment_list out = *list;

	out.list = ARENA_MAKE(build->once, struct fragment *, list->count);
	for (size_t i = 0; i < list->count; i++)
		out.list[i] = list->list[list->count - 1 - i];
	return out;
}

/* Jumps to the chains of one layer at one place: quick ones in order, or the others in reverse. */
static void
add_part(struct build *build, const char *stem, const struct place *place, bool quick, enum way way,
	 struct lines *jumps)
{
	struct fragment_list list = quick ? place->quick : reversed(build, &place->other);
	char                 name[STEP_NAME_MAX];

	list.way = way;
	snprintf(name, sizeof(name), "%s_%s%s", stem, way_names[way], quick ? "" : "_last");
	build_list(build, name, &list, jumps);
}

/* The chains of groups are made once and jumped to by each member. */
struct group_chains {
	unsigned     sequence;
	struct lines jumps[WAYS][2]; /* quick and last */
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
		for (enum way way = 0; way < WAYS; way++)
			for (int last = 0; last < 2; last++)
				add_part(build, stem, place, !last, way, &out[count].jumps[way][last]);
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
	enum way                   way;
	int                        last;
};

static void
add_groups(struct build *build, const struct pass *pass, const char *interface, struct lines *out)
{
	for (size_t i = 0; i < pass->ngroups; i++) {
		const struct group_chains *one = &pass->groups[pass->last ? pass->ngroups - 1 - i : i];

		if (is_member(build->filter, one->sequence, interface))
			append(build->once, out, &one->jumps[pass->way][pass->last]);
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
		add_part(build, stem, place, !pass->last, pass->way, out);
	if (pass->last)
		add_groups(build, pass, interface, out);
}

/* The verdict map from device to its chain, and the line that asks it; nothing when no interface has such rules. */
static void
make_dispatch(struct build *build, const struct pass *pass, struct lines *walk)
{
	const struct filter  *filter = build->filter;
	const char           *suffix = pass->last ? "_last" : "";
	struct ruleset_entry *entries = ARENA_MAKE(build->once, struct ruleset_entry, filter->ninterfaces + 1);
	size_t                count = 0;

	for (size_t i = 0; i < filter->ninterfaces; i++) {
		const struct filter_interface *interface = &filter->interfaces[i];
		struct lines                   lines = { 0 };
		char                           chain[STEP_NAME_MAX];

		if (text_is(TEXT(FILTER_IPSEC_DEVICE), interface->device))
			continue; /* add_ipsec() */
		if (pass->way != WAY_IN && build->is_late[i] != (pass->way == WAY_POST))
			continue;
		make_interface(build, pass, interface->name, &lines);
		if (lines.count == 0)
			continue;
		snprintf(chain, sizeof(chain), "%s_%s%s", way_names[pass->way], interface->name, suffix);
		entries[count] = (struct ruleset_entry){ .verdict = VERDICT_JUMP, .name = build_chain(build, chain, &lines) };
		memcpy(entries[count++].key, interface->device, strnlen(interface->device, 15));
	}
	if (count > 0)
		build_dispatch(build, arena_print(build->once, "v_%s%s", way_names[pass->way], suffix),
			       pass->way == WAY_IN ? KEY_IIFNAME : KEY_OIFNAME, entries, count, walk);
}

/* --- All together ------------------------------------------------------------------------- */

/* The pieces of one way through the rules, in their order, each a row of jumps. */
struct walk {
	struct lines before, after, after_last, before_last; /* floating rules, and those of port forwards */
};

/*
 * Packets that the kernel unwraps and wraps come and go by the device that they are wrapped for, those of the daemon by a device of its
 * own. They walk the rules of IPsec's interface and no other's.
 */
static void
add_ipsec(struct build *build, struct pass *pass, const struct walk *walk, struct lines *out)
{
	const struct filter_interface *enc = build_ipsec(build);
	const bool                     is_in = pass->way == WAY_IN;
	struct lines                   own = { 0 };
	struct line                    line = { 0 };

	if (!enc)
		return;
	const bool is_here = is_in || build->is_late[enc - build->filter->interfaces] == (pass->way == WAY_POST);

	pass->last = 0;
	if (is_here)
		make_interface(build, pass, enc->name, &own);
	append(build->once, &own, &walk->after);
	append(build->once, &own, &walk->after_last);
	pass->last = 1;
	if (is_here)
		make_interface(build, pass, enc->name, &own);
	append(build->once, &own, &walk->before_last);
	const char *chain = build_chain(build, arena_print(build->once, is_in ? "walk_ipsec" : "walk_ipsec_%s", way_names[pass->way]), &own);

	for (int by_device = 0; by_device < 2; by_device++) {
		line_start(&line, build);
		if (by_device)
			line_device(&line, is_in ? KEY_IIFNAME : KEY_OIFNAME, COMPARE_IS, enc->device);
		else
			line_number(&line, is_in ? KEY_SECPATH : KEY_RT_IPSEC, COMPARE_IS, 1);
		line_verdict(&line, VERDICT_GOTO, chain);
		line_end(&line, build->once, out);
	}
	buffer_clear(&line.bytes);
}

/* All that is asked on one way: quick rules in order, then the others in reverse order. */
static void
make_walk(struct build *build, struct pass *pass, const struct place *before, const struct place *after)
{
	struct walk  walk = { 0 };
	struct lines all = { 0 };

	add_part(build, "x", before, true, pass->way, &walk.before);
	add_part(build, "z", after, true, pass->way, &walk.after);
	add_part(build, "z", after, false, pass->way, &walk.after_last);
	add_part(build, "x", before, false, pass->way, &walk.before_last);
	append(build->once, &all, &walk.before);
	add_ipsec(build, pass, &walk, &all);
	pass->last = 0;
	make_dispatch(build, pass, &all);
	append(build->once, &all, &walk.after);
	append(build->once, &all, &walk.after_last);
	pass->last = 1;
	make_dispatch(build, pass, &all);
	append(build->once, &all, &walk.before_last);
	build_chain(build, arena_print(build->once, "walk_%s", way_names[pass->way]), &all);
}

void
layers_make(struct build *build, const struct fragment_list *all)
{
	struct places places = { .by_name = map_make(build->once) };
	struct place  before = { 0 }, after = { 0 };
	const size_t  most = build->filter->ninterfaces + build->filter->ngroups + 1;

	places.list = ARENA_MAKE(build->once, struct place, most);
	sort_out(build, all, &places, &before, &after);
	struct group_chains *groups = ARENA_MAKE(build->once, struct group_chains, most);
	struct pass          pass = { &places, groups, make_groups(build, &places, groups) };

	for (pass.way = 0; pass.way < (build->any_late ? WAYS : WAY_POST); pass.way++)
		make_walk(build, &pass, &before, &after);
}
