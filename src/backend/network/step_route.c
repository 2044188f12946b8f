/* Routes by their place: table, destination and metric. Ours are told from others' by who made them. */
#include "backend/network/step.h"

#include <string.h>

#include "base/bug.h"

#define METRIC6       1000 /* before what routers advertise (1024) */
#define RULE_PRIORITY 1000 /* of gateway 0: behind the addresses of this machine, before the main table */

/* --- Routes ------------------------------------------------------------------------------------- */

static bool
same_place(const struct present_route *a, const struct present_route *b)
{
	return a->table == b->table && a->destination.address.family == b->destination.address.family &&
	       a->destination.bits == b->destination.bits && a->metric == b->metric &&
	       address_compare(&a->destination.address, &b->destination.address) == 0;
}

static bool
same_way(const struct present_route *a, const struct present_route *b)
{
	return a->discards == b->discards && a->gateway.family == b->gateway.family &&
	       (!a->gateway.family || address_compare(&a->gateway, &b->gateway) == 0) &&
	       (a->discards || a->link == b->link);
}

static struct present_route
route_of(const struct network_route *want, const struct present *present)
{
	const struct present_link *link = network_present_link(present, want->device);

	return (struct present_route){
		.table = NETWORK_MAIN_TABLE, .destination = want->destination, .gateway = want->gateway, .link = link ? link->index : 0,
		.metric = want->destination.address.family == FAMILY_INET6 ? METRIC6 : 0, .protocol = NETWORK_OURS,
		.discards = want->discards, .far = want->far,
	};
}

static struct present_route
way_of(const struct network_gateway *gateway, const struct present *present)
{
	const struct network_route route = { .destination = { { .family = gateway->family }, 0 }, .gateway = gateway->address,
		                             .device = gateway->device, .far = gateway->far };
	struct present_route       way = route_of(&route, present);

	way.table = NETWORK_TABLE(gateway->number);
	return way;
}

/* A gateway on a link that has no address yet is out of reach until it has; a link that is down leads nowhere. */
static bool
is_waiting(const struct present_route *route, const struct present *present)
{
	const struct present_link *link = present_link_at(present, route->link);

	if (route->gateway.family == FAMILY_NONE)
		return link && !link->up;
	if (route->far || address_is_link_local(&route->gateway))
		return false;
	for (size_t i = 0; link && i < link->naddresses; i++) {
		const struct address *have = &link->addresses[i].address.prefix.address;

		if (have->family == route->gateway.family && !address_is_link_local(have))
			return false;
	}
	return true;
}

static void
set_route(struct steps *steps, const struct present_route *want, const char *device, const struct present *present)
{
	struct step step = { .kind = STEP_ROUTE, .device = device, .to = { .there = true, .route = { *want, "" } } };

	for (size_t i = 0; i < present->nroutes; i++) {
		if (!same_place(&present->routes[i], want))
			continue;
		if (same_way(&present->routes[i], want))
			return;
		step.from = (struct step_side){ .there = true, .route = { present->routes[i], "" } };
	}
	steps_add(steps, &step);
}

/* --- Rules -------------------------------------------------------------------------------------- */

static bool
same_rule(const struct present_rule *a, const struct present_rule *b)
{
	return a->family == b->family && a->priority == b->priority && a->mark == b->mark && a->mask == b->mask &&
	       a->table == b->table && strcmp(a->incoming, b->incoming) == 0;
}

static bool
has_rule(const struct present_rule *rules, size_t n, const struct present_rule *rule)
{
	for (size_t i = 0; i < n; i++)
		if (same_rule(&rules[i], rule))
			return true;
	return false;
}

/* Packets for a gateway that is not there go as all others do. */
static void
set_rules(struct steps *steps, const struct network *wanted, const struct present *present)
{
	struct present_rule *list = ARENA_MAKE(steps->arena, struct present_rule, wanted->ngateways + 1);

	for (size_t i = 0; i < wanted->ngateways; i++) {
		const struct network_gateway *gateway = &wanted->gateways[i];

		list[i] = (struct present_rule){ gateway->family, RULE_PRIORITY + gateway->number, NETWORK_MARK(gateway->number),
			                         NETWORK_MARK_MASK, NETWORK_TABLE(gateway->number), "" };
		if (!has_rule(present->rules, present->nrules, &list[i]))
			steps_add(steps, &(struct step){ .kind = STEP_RULE, .device = "", .to = { .there = true, .rule = list[i] } });
	}
	for (size_t i = 0; i < present->nrules && !wanted->leaves_routes; i++)
		if (present->rules[i].table != NETWORK_AWAY_TABLE && !has_rule(list, wanted->ngateways, &present->rules[i]))
			steps_add(steps, &(struct step){ .kind = STEP_RULE, .device = "",
							 .from = { .there = true, .rule = present->rules[i] } });
}

/* --- All of it ---------------------------------------------------------------------------------- */

/* Is it by a link that the plan is about? */
static bool
is_by_named(const struct network *wanted, const struct present *present, const struct present_route *route)
{
	const struct present_link *link = present_link_at(present, route->link);

	for (size_t i = 0; link && i < wanted->nlinks; i++)
		if (strcmp(wanted->links[i].name, link->name) == 0)
			return true;
	return false;
}

void
steps_for_routes(struct steps *steps, const struct network *wanted, const struct present *present)
{
	struct present_route *list =
		ARENA_MAKE(steps->arena, struct present_route, wanted->nroutes + wanted->ngateways + 1);
	size_t                n = 0;

	/* Through a link that is not there, or has no address: left out, as the link itself is. */
	for (size_t i = 0; i < wanted->nroutes; i++) {
		list[n] = route_of(&wanted->routes[i], present);
		n += list[n].discards || (list[n].link && !is_waiting(&list[n], present));
	}
	for (size_t i = 0; i < wanted->ngateways; i++) {
		list[n] = way_of(&wanted->gateways[i], present);
		n += list[n].link && !is_waiting(&list[n], present);
	}
	set_rules(steps, wanted, present);
	for (size_t i = 0; i < n; i++)
		set_route(steps, &list[i], "", present);
	for (size_t i = 0; i < present->nroutes; i++) {
		bool stays = present->routes[i].protocol != NETWORK_OURS || present->routes[i].table == NETWORK_AWAY_TABLE;

		stays |= wanted->leaves_routes && !is_by_named(wanted, present, &present->routes[i]);
		for (size_t k = 0; k < n && !stays; k++)
			stays = same_place(&present->routes[i], &list[k]);
		if (!stays)
			steps_add(steps, &(struct step){ .kind = STEP_ROUTE, .device = "",
							 .from = { .there = true, .route = { present->routes[i], "" } } });
	}
}

void
steps_for_lost_routes(struct steps *steps, const struct present *old, const struct present *present)
{
	for (size_t i = 0; i < old->nroutes; i++)
		if (old->routes[i].table != NETWORK_AWAY_TABLE)
			set_route(steps, &old->routes[i], "", present);
}
