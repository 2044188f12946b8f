/*
 * Which gateways are taken. A group uses the first of its tiers in which somebody is well enough for it. The default route
 * goes by whom the configuration names, else by the most preferred gateway that is not down; when all are down, by the most
 * preferred one that is there, because nothing is gained by having no route.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/gateway/making.h"

/* --- Groups ----------------------------------------------------------------------------------- */

enum trigger { TRIGGER_DOWN, TRIGGER_LOSS, TRIGGER_DELAY, TRIGGER_BOTH };

static bool
is_usable(const struct gateway *gateway, enum trigger trigger)
{
	if (!gateway->is_there || gateway->number == 0 || gateway->health >= GATEWAY_DOWN)
		return false;
	if ((trigger == TRIGGER_LOSS || trigger == TRIGGER_BOTH) &&
	    (gateway->health == GATEWAY_LOSSY || gateway->health == GATEWAY_POOR))
		return false;
	return !((trigger == TRIGGER_DELAY || trigger == TRIGGER_BOTH) &&
	         (gateway->health == GATEWAY_DELAYED || gateway->health == GATEWAY_POOR));
}

static size_t
count_members(const struct record *record, const char *const *fields)
{
	struct text list, one;
	size_t      count = 0;

	for (size_t i = 0; i < GATEWAY_TIERS; i++)
		for (list = record_text(record, fields[i]); text_next(&list, ",", &one);)
			count++;
	return count;
}

/* All of one family, the first one's: a connection cannot change it. */
static void
add_members(struct gateway_group *group, const struct gateways *gateways, struct text list)
{
	struct text          one;
	const struct gateway *gateway;

	while (text_next(&list, ",", &one)) {
		gateway = gateways_find(gateways, one);
		if (!gateway || (group->family != FAMILY_NONE && gateway->family != group->family))
			continue;
		group->family = gateway->family;
		group->members[group->tiers[GATEWAY_TIERS]++] = gateway;
	}
}

static void
choose_members(struct arena *arena, struct gateway_group *group, enum trigger trigger)
{
	struct gateway_choice *choices = ARENA_MAKE(arena, struct gateway_choice, group->tiers[GATEWAY_TIERS] + 1);

	for (size_t tier = 0; tier < GATEWAY_TIERS && group->nchoices == 0; tier++)
		for (size_t i = group->tiers[tier]; i < group->tiers[tier + 1]; i++)
			if (is_usable(group->members[i], trigger))
				choices[group->nchoices++] = (struct gateway_choice){ group->members[i],
										      group->members[i]->weight };
	group->choices = choices;
}

static struct gateway_group
read_group(struct arena *arena, const struct record *record, const struct gateways *gateways)
{
	static const char *const fields[GATEWAY_TIERS] = { "item", "item2", "item3", "item4", "item5" };
	static const char *const triggers[] = { "down", "downloss", "downlatency", "downlosslatency", NULL };
	struct gateway_group     group = {
		.name = record_get(record, "name"),
		.is_sticky = text_contains(record_text(record, "poolopts"), TEXT("sticky")),
		.members = ARENA_MAKE(arena, const struct gateway *, count_members(record, fields) + 1),
	};

	for (size_t tier = 0; tier < GATEWAY_TIERS; tier++) {
		group.tiers[tier] = group.tiers[GATEWAY_TIERS];
		add_members(&group, gateways, record_text(record, fields[tier]));
	}
	choose_members(arena, &group, (enum trigger)record_choice(record, "trigger", triggers, TRIGGER_DOWN));
	return group;
}

/* --- Default gateways ------------------------------------------------------------------------- */

static const struct gateway *
best(const struct gateways *gateways, enum family family, enum gateway_health worst)
{
	for (size_t i = 0; i < gateways->n; i++)
		if (gateways->list[i].family == family && gateways->list[i].is_there && gateways->list[i].health <= worst)
			return &gateways->list[i];
	return NULL;
}

/* A gateway that was chosen by name stays it, however it is; a group is as good as its members. */
static const struct gateway *
standard(const struct gateways *gateways, const struct record *wanted, enum family family)
{
	const struct text           name = record_text(wanted, family == FAMILY_INET6 ? "gateway6" : "gateway4");
	const struct gateway       *gateway = gateways_find(gateways, name);
	const struct gateway_group *group = gateways_group(gateways, name);

	if (text_is(name, "-"))
		return NULL;
	if (gateway && gateway->family == family && gateway->is_there && gateway->health != GATEWAY_FORCED_DOWN)
		return gateway;
	if (group && group->family == family && group->nchoices > 0)
		return group->choices[0].gateway;
	gateway = best(gateways, family, GATEWAY_POOR);
	return gateway ? gateway : best(gateways, family, GATEWAY_DOWN);
}

void
gateways_choose(struct arena *arena, const struct snapshot *snapshot, struct gateways *gateways)
{
	const struct collection *records = snapshot_named(snapshot, "routing.gateway_group");
	const struct record     *wanted = snapshot_single(snapshot, "routing.default_gateway");
	const size_t             count = collection_count(records);
	struct gateway_group    *groups = ARENA_MAKE(arena, struct gateway_group, count + 1);

	for (size_t i = 0; i < count; i++)
		groups[i] = read_group(arena, collection_at(records, i), gateways);
	gateways->groups = groups;
	gateways->ngroups = count;
	gateways->standard4 = standard(gateways, wanted, FAMILY_INET);
	gateways->standard6 = standard(gateways, wanted, FAMILY_INET6);
}
