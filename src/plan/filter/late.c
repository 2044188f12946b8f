/*
 * On which interfaces rules for "out" have to see translated sources, as pf's do: where some rule names a
 * source, and sources are translated. There they are asked after translation, and cannot reject any more.
 */
#include "base/bug.h"
#include "plan/filter/build.h"

static bool
is_translated(const struct filter *filter, const struct filter_interface *interface)
{
	const struct text name = text_of(interface->name);

	if (interface->is_wan && (filter->outbound_mode == OUTBOUND_AUTOMATIC || filter->outbound_mode == OUTBOUND_HYBRID))
		return true;
	for (size_t i = 0; i < filter->none_to_one; i++)
		if (!filter->one_to_one[i]->is_inactive && text_is(name, filter->one_to_one[i]->interface))
			return true;
	for (size_t i = 0; i < filter->nprefixes; i++)
		if (!filter->prefixes[i]->is_inactive && text_is(name, filter->prefixes[i]->interface))
			return true;
	if (filter->outbound_mode != OUTBOUND_HYBRID && filter->outbound_mode != OUTBOUND_MANUAL)
		return false;
	for (size_t i = 0; i < filter->noutbound; i++)
		if (!filter->outbound[i]->is_inactive && text_is(name, filter->outbound[i]->interface))
			return true;
	return false;
}

static bool
is_on(const struct build *build, const struct filter_rule *rule, const char *interface)
{
	bool found = rule->ninterfaces == 0;

	for (size_t i = 0; i < rule->ninterfaces && !found; i++) {
		const struct filter_group *group = build_group(build, rule->interfaces[i]);

		found = text_is(text_of(interface), rule->interfaces[i]);
		for (size_t k = 0; group && k < group->nmembers && !found; k++)
			found = text_is(text_of(interface), group->members[k]);
	}
	return found != rule->interface_not;
}

void
late_find(struct build *build)
{
	const struct filter *filter = build->filter;
	const size_t         count = filter->ninterfaces;

	build->is_late = ARENA_MAKE(build->once, bool, count + 1);
	for (size_t k = 0; k < filter->nrules; k++) {
		if (!(build->seats[k].facts & FACT_SOURCE))
			continue;
		for (size_t i = 0; i < count; i++)
			if (!build->is_late[i] && is_on(build, filter->rules[k], filter->interfaces[i].name) &&
			    is_translated(filter, &filter->interfaces[i]))
				build->is_late[i] = build->any_late = true;
	}
}
