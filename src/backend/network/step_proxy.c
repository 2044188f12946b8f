/*
 * Answering for addresses that nobody has: an entry of the kernel for each, and a table for what comes in by the link, with
 * routes to nowhere, so that the kernel does not send it back out of the link. For all other packets the addresses are where
 * they always were. Of other people's entries none is taken away.
 */
#include <string.h>

#include "backend/network/setting.h"
#include "backend/network/step.h"
#include "base/bug.h"
#include "base/map.h"

#define RULE_PRIORITY 900 /* before the gateways */
#define PROXY_DELAY   "80" /* the kernel's; namespaces do not say what theirs is */

/* --- Settings ----------------------------------------------------------------------------------- */

static void
want(struct steps *steps, bool is_made, const char *path, const char *value)
{
	const char *now = is_made ? setting_read(steps->arena, path) : NULL;

	if (!now || strcmp(now, value) != 0)
		steps_add(steps, &(struct step){ .kind = STEP_SETTING, .device = path, .from = { .there = now, .text = now },
						 .to = { .there = true, .text = value } });
}

static const char *
delay_of(struct arena *arena, const char *device, bool six)
{
	return arena_print(arena, "net/ipv%d/neigh/%s/proxy_delay", six ? 6 : 4, device);
}

static const char *
ndp_of(struct arena *arena, const char *device)
{
	return arena_print(arena, "net/ipv6/conf/%s/proxy_ndp", device);
}

/* Answers come at once, not after up to 0.8 s. */
static void
want_settings(struct steps *steps, const struct network *wanted, const struct network_proxy *proxy, const struct present *present)
{
	const bool is_made = network_present_link(present, proxy->device);
	const bool six = proxy->prefix.address.family == FAMILY_INET6;

	for (const struct network_proxy *other = wanted->proxies; other < proxy; other++)
		if (other->prefix.address.family == proxy->prefix.address.family && strcmp(other->device, proxy->device) == 0)
			return;
	want(steps, is_made, delay_of(steps->arena, proxy->device, six), "0");
	if (six)
		want(steps, is_made, ndp_of(steps->arena, proxy->device), "1");
}

/* --- What is wanted ----------------------------------------------------------------------------- */

struct answers {
	struct map           *addresses; /* by key_of() */
	struct present_route *routes;
	struct present_rule  *rules;
	size_t                nroutes, nrules;
};

static struct text
key_of(struct arena *arena, const char *device, const struct address *address)
{
	return text_of(arena_print(arena, "%s %s", device, address_print(arena, address)));
}

static bool
is_route_among(const struct present_route *routes, size_t n, const struct present_route *route)
{
	for (size_t i = 0; i < n; i++)
		if (routes[i].destination.bits == route->destination.bits &&
		    address_compare(&routes[i].destination.address, &route->destination.address) == 0)
			return true;
	return false;
}

static bool
is_rule_among(const struct present_rule *rules, size_t n, const char *incoming)
{
	for (size_t i = 0; i < n; i++)
		if (rules[i].table == NETWORK_AWAY_TABLE && strcmp(rules[i].incoming, incoming) == 0)
			return true;
	return false;
}

static void
lead_away(struct answers *answers, const struct network_proxy *proxy)
{
	const struct present_route route = { .destination = proxy->prefix, .table = NETWORK_AWAY_TABLE, .protocol = NETWORK_OURS };

	if (!is_route_among(answers->routes, answers->nroutes, &route))
		answers->routes[answers->nroutes++] = route;
	if (!is_rule_among(answers->rules, answers->nrules, proxy->device))
		answers->rules[answers->nrules++] = (struct present_rule){
			.family = FAMILY_INET, .priority = RULE_PRIORITY, .table = NETWORK_AWAY_TABLE, .incoming = proxy->device,
		};
}

static bool
is_there(const struct network *wanted, const struct present *present, const char *device)
{
	for (size_t i = 0; i < wanted->nlinks; i++)
		if (strcmp(wanted->links[i].name, device) == 0)
			return wanted->links[i].kind != LINK_GIVEN || network_present_link(present, device);
	return false;
}

static void
want_addresses(struct answers *answers, struct steps *steps, const struct network_proxy *proxy)
{
	const struct address last = prefix_last(&proxy->prefix);
	struct address       address = proxy->prefix.address;

	do
		map_set(answers->addresses, key_of(steps->arena, proxy->device, &address), answers);
	while (address_compare(&address, &last) != 0 && address_next(&address));
}

static struct answers
want_answers(struct steps *steps, const struct network *wanted, const struct present *present)
{
	struct answers answers = { map_make(steps->arena), ARENA_MAKE(steps->arena, struct present_route, wanted->nproxies + 1),
				   ARENA_MAKE(steps->arena, struct present_rule, wanted->nproxies + 1), 0, 0 };

	for (size_t i = 0; i < wanted->nproxies; i++) {
		if (!is_there(wanted, present, wanted->proxies[i].device))
			continue;
		want_addresses(&answers, steps, &wanted->proxies[i]);
		if (wanted->proxies[i].leads_away)
			lead_away(&answers, &wanted->proxies[i]);
	}
	return answers;
}

/* --- Steps -------------------------------------------------------------------------------------- */

static void
change_address(struct steps *steps, const char *device, const struct address *address, bool begins)
{
	steps_add(steps, &(struct step){ .kind = STEP_PROXY, .device = device, .neighbour = *address,
					 .from = { .there = !begins }, .to = { .there = begins } });
}

static void
change_route(struct steps *steps, const struct present_route *route, bool adds)
{
	struct step step = { .kind = STEP_ROUTE, .device = "" };

	*(adds ? &step.to : &step.from) = (struct step_side){ .there = true, .route = { *route, NETWORK_NOWHERE } };
	steps_add(steps, &step);
}

static void
change_rule(struct steps *steps, const struct present_rule *rule, bool adds)
{
	struct step step = { .kind = STEP_RULE, .device = "" };

	*(adds ? &step.to : &step.from) = (struct step_side){ .there = true, .rule = *rule };
	steps_add(steps, &step);
}

/* --- Ending ------------------------------------------------------------------------------------- */

/* Whose link stays; NULL: it goes with its link. */
static const struct present_link *
lasting_link(struct arena *arena, const struct network *wanted, const struct present *present, uint32_t index)
{
	const struct present_link *link = present_link_at(present, index);

	return link && !step_is_obsolete(arena, wanted, link) ? link : NULL;
}

static bool
is_answered(const struct network *wanted, const char *device, enum family family)
{
	for (size_t i = 0; i < wanted->nproxies; i++)
		if (wanted->proxies[i].prefix.address.family == family && strcmp(wanted->proxies[i].device, device) == 0)
			return true;
	return false;
}

/* Ours: 1, others': 2; or-ed. */
static unsigned
whose_answers(const struct present *present, uint32_t link, enum family family)
{
	unsigned whose = 0;

	for (size_t i = 0; i < present->nproxies; i++)
		if (present->proxies[i].link == link && present->proxies[i].address.family == family)
			whose |= present->proxies[i].ours ? 1 : 2;
	return whose;
}

/* Where the last entry of a family was ours and goes, its settings are again those that a new link has. */
static void
end_settings(struct steps *steps, const struct network *wanted, const struct present *present)
{
	static const enum family families[] = { FAMILY_INET, FAMILY_INET6 };

	for (size_t i = 0; i < present->nlinks * COUNT(families); i++) {
		const struct present_link *link = &present->links[i / COUNT(families)];
		const enum family          family = families[i % COUNT(families)];
		const bool                 six = family == FAMILY_INET6;

		if (whose_answers(present, link->index, family) != 1 || is_answered(wanted, link->name, family) ||
		    step_is_obsolete(steps->arena, wanted, link))
			continue;
		const char *delay = setting_read(steps->arena, delay_of(steps->arena, "default", six));
		const char *ndp = setting_read(steps->arena, ndp_of(steps->arena, "default"));

		want(steps, true, delay_of(steps->arena, link->name, six), delay ? delay : PROXY_DELAY);
		if (six)
			want(steps, true, ndp_of(steps->arena, link->name), ndp ? ndp : "0");
	}
}

static bool
is_away(const struct present_route *route)
{
	return route->table == NETWORK_AWAY_TABLE && route->protocol == NETWORK_OURS;
}

void
steps_to_end_answers(struct steps *steps, const struct network *wanted, const struct present *present)
{
	const struct answers answers = want_answers(steps, wanted, present);

	for (size_t i = 0; i < present->nrules; i++)
		if (present->rules[i].table == NETWORK_AWAY_TABLE &&
		    !is_rule_among(answers.rules, answers.nrules, present->rules[i].incoming))
			change_rule(steps, &present->rules[i], false);
	/* What goes with its link is ended as well, so that it comes back when this is undone. */
	for (size_t i = 0; i < present->nroutes; i++)
		if (is_away(&present->routes[i]) && (!lasting_link(steps->arena, wanted, present, present->routes[i].link) ||
						     !is_route_among(answers.routes, answers.nroutes, &present->routes[i])))
			change_route(steps, &present->routes[i], false);
	for (size_t i = 0; i < present->nproxies; i++) {
		const struct present_neighbour *one = &present->proxies[i];
		const struct present_link      *link = present_link_at(present, one->link);

		if (one->ours && link && (step_is_obsolete(steps->arena, wanted, link) ||
					  !map_get(answers.addresses, key_of(steps->arena, link->name, &one->address))))
			change_address(steps, link->name, &one->address, false);
	}
	end_settings(steps, wanted, present);
}

/* --- Beginning ---------------------------------------------------------------------------------- */

static struct map *
map_present(struct arena *arena, const struct network *wanted, const struct present *present)
{
	struct map *map = map_make(arena);

	for (size_t i = 0; i < present->nproxies; i++) {
		struct present_neighbour  *one = &present->proxies[i];
		const struct present_link *link = lasting_link(arena, wanted, present, one->link);

		if (link)
			map_set(map, key_of(arena, link->name, &one->address), one);
	}
	return map;
}

/* An address may be in several. */
static void
begin_addresses(struct steps *steps, const struct network_proxy *proxy, struct map *have)
{
	const struct address last = prefix_last(&proxy->prefix);
	struct address       address = proxy->prefix.address;

	do
		if (!map_set(have, key_of(steps->arena, proxy->device, &address), steps))
			change_address(steps, proxy->device, &address, true);
	while (address_compare(&address, &last) != 0 && address_next(&address));
}

static void
begin_leading(struct steps *steps, const struct network *wanted, const struct present *present)
{
	const struct answers  answers = want_answers(steps, wanted, present);
	struct present_route *have = ARENA_MAKE(steps->arena, struct present_route, present->nroutes + 1);
	size_t                nhave = 0;

	for (size_t i = 0; i < present->nroutes; i++)
		if (is_away(&present->routes[i]) && lasting_link(steps->arena, wanted, present, present->routes[i].link))
			have[nhave++] = present->routes[i];
	for (size_t i = 0; i < answers.nroutes; i++)
		if (!is_route_among(have, nhave, &answers.routes[i]))
			change_route(steps, &answers.routes[i], true);
	for (size_t i = 0; i < answers.nrules; i++)
		if (!is_rule_among(present->rules, present->nrules, answers.rules[i].incoming))
			change_rule(steps, &answers.rules[i], true);
}

void
steps_to_begin_answers(struct steps *steps, const struct network *wanted, const struct present *present)
{
	struct map *have = map_present(steps->arena, wanted, present);

	for (size_t i = 0; i < wanted->nproxies; i++) {
		const struct network_proxy *proxy = &wanted->proxies[i];

		if (!is_there(wanted, present, proxy->device))
			continue;
		want_settings(steps, wanted, proxy, present);
		begin_addresses(steps, proxy, have);
	}
	begin_leading(steps, wanted, present);
}
