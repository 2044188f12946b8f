/* Comparing wanted with present. What is the same in both is not touched at all. */
#include "backend/network/step.h"

#include <string.h>

#include "base/bug.h"

/* --- Lists -------------------------------------------------------------------------------------- */

void
steps_add(struct steps *steps, const struct step *step)
{
	if (steps->n == steps->room) {
		struct step *more = ARENA_MAKE(steps->arena, struct step, steps->room * 2 + 16);

		if (steps->n > 0)
			memcpy(more, steps->steps, sizeof(*more) * steps->n);
		steps->steps = more;
		steps->room = steps->room * 2 + 16;
	}
	steps->steps[steps->n++] = *step;
}

struct step
step_back(const struct step *step)
{
	struct step back = *step;

	back.from = step->to;
	back.to = step->from;
	return back;
}

/* --- Links -------------------------------------------------------------------------------------- */

const char *
step_alias(struct arena *arena, const struct network_link *link)
{
	const char *local = link->local.family ? address_print(arena, &link->local) : "-";
	const char *remote = link->remote.family ? address_print(arena, &link->remote) : "-";
	const char *mac = network_mac_is_set(link->mac) ? arena_print(arena, " %s", mac_print(arena, link->mac)) : "";

	return arena_print(arena, NETWORK_ALIAS "%u %s %u %u %u %u %s %s %u %u%s", (unsigned)link->kind,
	                   *link->parent ? link->parent : "-", (unsigned)link->tag, (unsigned)link->outer_tag,
	                   (unsigned)link->remote_port, (unsigned)link->mode, local, remote, (unsigned)link->spanning,
	                   (unsigned)link->priority, mac);
}

static const struct network_link *
find_link(const struct network *network, const char *name)
{
	for (size_t i = 0; i < network->nlinks; i++)
		if (strcmp(network->links[i].name, name) == 0)
			return &network->links[i];
	return NULL;
}

bool
step_is_obsolete(struct arena *arena, const struct network *wanted, const struct present_link *link)
{
	const struct network_link *want = find_link(wanted, link->name);

	return present_link_is_ours(link) &&
	       (!want || want->kind == LINK_GIVEN || strcmp(step_alias(arena, want), link->alias) != 0);
}

static void
set_up(struct steps *steps, const char *device, bool is_up, bool wanted)
{
	if (is_up != wanted)
		steps_add(steps, &(struct step){ .kind = STEP_UP, .device = device,
						 .from = { .there = true, .number = is_up },
						 .to = { .there = true, .number = wanted } });
}

static void
drop_address(struct steps *steps, const struct present_link *link, const struct present_address *address)
{
	steps_add(steps, &(struct step){ .kind = STEP_ADDRESS, .device = link->name,
					 .from = { .there = true, .address = address->address, .ours = address->ours } });
}

/*
 * What is a port of a link that goes is let go from it by name, before any link goes, so that it is one again when this is undone.
 * Bonds take only what is down: it is down while it is let go, and so it is when it comes back.
 */
static void
drop_ports(struct steps *steps, const struct network *wanted, const struct present *present)
{
	for (size_t i = 0; i < present->nlinks; i++) {
		const struct present_link *port = &present->links[i];
		const struct present_link *master = port->master ? present_link_at(present, port->master) : NULL;

		if (!master || !step_is_obsolete(steps->arena, wanted, master))
			continue;
		const bool is_bond = strcmp(master->kind, "bond") == 0;

		if (is_bond)
			set_up(steps, port->name, port->up, false);
		steps_add(steps, &(struct step){ .kind = STEP_MASTER, .device = port->name,
						 .from = { .there = true, .text = master->name }, .to = { .there = true, .text = "" } });
		if (is_bond)
			set_up(steps, port->name, false, port->up);
	}
}

/* Its addresses are taken by name and it is set down, so that all comes back when this is undone. The last made goes first. */
static void
drop_links(struct steps *steps, const struct network *wanted, const struct network *before, const struct present *present)
{
	for (size_t i = present->nlinks; i-- > 0;) {
		const struct present_link *link = &present->links[i];

		if (!step_is_obsolete(steps->arena, wanted, link))
			continue;
		for (size_t k = 0; k < link->naddresses; k++)
			if (link->addresses[k].stays)
				drop_address(steps, link, &link->addresses[k]);
		set_up(steps, link->name, link->up, false);
		steps_add(steps, &(struct step){ .kind = STEP_LINK, .device = link->name,
						 .from = { .there = true, .link = find_link(before, link->name) } });
	}
}

static const uint8_t no_mac[6];

/* --- The state of links ------------------------------------------------------------------------- */

/* A port that nobody wants as one is only let go from what is ours. */
static void
set_master(struct steps *steps, const struct network *wanted, const struct present *present,
           const struct network_link *want, const struct present_link *have, bool *is_up)
{
	const struct present_link *master = have && have->master ? present_link_at(present, have->master) : NULL;
	const struct network_link *lead = *want->master ? find_link(wanted, want->master) : NULL;
	const bool                 stays = master && !step_is_obsolete(steps->arena, wanted, master);
	const char                *now = stays ? master->name : "";

	if (strcmp(now, want->master) == 0 || (!*want->master && !present_link_is_ours(master)))
		return;
	/* Bonds take only what is down. */
	if (lead && lead->kind == LINK_BOND) {
		set_up(steps, want->name, *is_up, false);
		*is_up = false;
	}
	steps_add(steps, &(struct step){ .kind = STEP_MASTER, .device = want->name, .from = { .there = true, .text = now },
					 .to = { .there = true, .text = want->master } });
}

static bool
has_address(const struct present *present, const struct address *address)
{
	for (size_t i = 0; i < present->nlinks; i++)
		for (size_t k = 0; k < present->links[i].naddresses; k++) {
			const struct address *have = &present->links[i].addresses[k].address.prefix.address;

			if (have->family == address->family && address_compare(have, address) == 0)
				return true;
		}
	return false;
}

static bool
is_to_be_up(const struct present *present, const struct network_link *want)
{
	return want->up && (want->while_here.family == FAMILY_NONE || has_address(present, &want->while_here));
}

static void
set_state(struct steps *steps, const struct network *wanted, const struct network *before, const struct present *present,
          const struct network_link *want, const struct present_link *have)
{
	const struct network_link *lead = *want->master ? find_link(wanted, want->master) : NULL;
	bool                       is_up = have && have->up;

	if (have && want->kind == LINK_GIVEN)
		steps_for_mac(steps, present, have, lead && lead->kind == LINK_BOND ? no_mac : want->mac,
		         find_link(before, want->name));
	set_master(steps, wanted, present, want, have, &is_up);
	if (want->mtu && (!have || have->mtu != want->mtu))
		steps_add(steps, &(struct step){ .kind = STEP_MTU, .device = want->name,
						 .from = { .there = have, .number = have ? have->mtu : 0 },
						 .to = { .there = true, .number = want->mtu } });
	set_up(steps, want->name, is_up, is_to_be_up(present, want));
}

/* --- Addresses ---------------------------------------------------------------------------------- */

static bool
same_address(const struct network_address *a, const struct network_address *b)
{
	const bool peers = a->peer.family == b->peer.family &&
			   (!a->peer.family || address_compare(&a->peer, &b->peer) == 0);

	return peers && a->prefix.bits == b->prefix.bits && a->prefix.address.family == b->prefix.address.family &&
	       address_compare(&a->prefix.address, &b->prefix.address) == 0;
}

static bool
is_wanted(const struct network_link *want, const struct network_address *address)
{
	for (size_t i = 0; want && i < want->naddresses; i++)
		if (same_address(&want->addresses[i], address))
			return true;
	return false;
}

static bool
is_present(const struct present_link *have, const struct network_address *address)
{
	for (size_t i = 0; have && i < have->naddresses; i++)
		if (same_address(&have->addresses[i].address, address))
			return true;
	return false;
}

/* IPv6 has an address only once on a link, whatever its prefix. */
static bool
is_in_the_way(const struct network_link *want, const struct network_address *have)
{
	for (size_t i = 0; want && i < want->naddresses; i++)
		if (have->prefix.address.family == FAMILY_INET6 &&
		    want->addresses[i].prefix.address.family == FAMILY_INET6 &&
		    address_compare(&want->addresses[i].prefix.address, &have->prefix.address) == 0)
			return true;
	return false;
}

/* What was given to a link that is given nothing any more. */
static bool
is_left_over(const struct network_link *want, const struct present_address *have)
{
	const bool six = have->address.prefix.address.family == FAMILY_INET6;

	return want && (six ? want->own6 : want->own4) && !have->stays &&
	       !address_is_link_local(&have->address.prefix.address);
}

static bool
must_go(const struct network_link *want, const struct present_address *have)
{
	const bool six = have->address.prefix.address.family == FAMILY_INET6;

	if (is_wanted(want, &have->address))
		return false;
	return have->ours || is_in_the_way(want, &have->address) || is_left_over(want, have) ||
	       (have->stays && want && (six ? want->fixed6 : want->fixed4));
}

/* New ones come before old ones go, so that the link is never without. */
static void
set_addresses(struct steps *steps, const struct network_link *want, const struct present_link *have)
{
	for (size_t i = 0; have && i < have->naddresses; i++)
		if (must_go(want, &have->addresses[i]) && is_in_the_way(want, &have->addresses[i].address))
			drop_address(steps, have, &have->addresses[i]);
	for (size_t i = 0; want && i < want->naddresses; i++)
		if (!want->addresses[i].floats && !is_present(have, &want->addresses[i]))
			steps_add(steps, &(struct step){ .kind = STEP_ADDRESS, .device = want->name,
							 .to = { .there = true, .address = want->addresses[i],
								 .ours = true } });
	for (size_t i = 0; have && i < have->naddresses; i++)
		if (must_go(want, &have->addresses[i]) && !is_in_the_way(want, &have->addresses[i].address))
			drop_address(steps, have, &have->addresses[i]);
}

/* --- Neighbours --------------------------------------------------------------------------------- */

static bool
same_neighbour(const struct present *present, const struct present_neighbour *have, const struct network_neighbour *want)
{
	const struct present_link *link = present_link_at(present, have->link);

	return link && strcmp(link->name, want->device) == 0 && have->address.family == want->address.family &&
	       address_compare(&have->address, &want->address) == 0;
}

static void
set_neighbour(struct steps *steps, const struct network_neighbour *want, const struct present *present)
{
	struct step step = { .kind = STEP_NEIGHBOUR, .device = want->device, .neighbour = want->address,
			     .to = { .there = true, .ours = true } };

	memcpy(step.to.mac, want->mac, sizeof(want->mac));
	for (size_t i = 0; i < present->nneighbours; i++) {
		const struct present_neighbour *have = &present->neighbours[i];

		if (!same_neighbour(present, have, want))
			continue;
		if (memcmp(have->mac, want->mac, sizeof(have->mac)) == 0)
			return;
		step.from.there = true;
		step.from.ours = have->ours;
		memcpy(step.from.mac, have->mac, sizeof(have->mac));
	}
	steps_add(steps, &step);
}

static void
drop_neighbours(struct steps *steps, const struct network *wanted, const struct present *present)
{
	for (size_t i = 0; i < present->nneighbours; i++) {
		const struct present_neighbour *have = &present->neighbours[i];
		const struct present_link      *link = present_link_at(present, have->link);
		bool                            stays = !have->ours || !link;
		struct step                     step = { .kind = STEP_NEIGHBOUR, .neighbour = have->address,
							 .from = { .there = true, .ours = true } };

		for (size_t k = 0; k < wanted->nneighbours && !stays; k++)
			stays = same_neighbour(present, have, &wanted->neighbours[k]);
		if (stays || step_is_obsolete(steps->arena, wanted, link))
			continue;
		step.device = link->name;
		memcpy(step.from.mac, have->mac, sizeof(have->mac));
		steps_add(steps, &step);
	}
}

/* --- All links ---------------------------------------------------------------------------------- */

struct pair {
	const struct network_link *want;
	const struct present_link *have; /* NULL: it is made */
};

/* What there is to work on; links that nobody can make are left out. */
static size_t
pair_links(struct steps *steps, struct pair *pairs, const struct network *wanted, const struct present *present,
           struct buffer *absent)
{
	size_t n = 0;

	for (size_t i = 0; i < wanted->nlinks; i++) {
		const struct network_link *want = &wanted->links[i];
		const struct present_link *have = network_present_link(present, want->name);

		if (have && (step_is_obsolete(steps->arena, wanted, have) || (have->is_fallback && want->kind != LINK_GIVEN)))
			have = NULL;
		if (!have && want->kind == LINK_GIVEN) {
			if (!want->comes)
				buffer_print(absent, "%s%s", absent->len ? ", " : "", want->name);
			continue;
		}
		pairs[n++] = (struct pair){ want, have };
	}
	return n;
}

static bool
is_paired(const struct pair *pairs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(pairs[i].want->name, name) == 0)
			return true;
	return false;
}

static void
let_go(struct steps *steps, const struct network *wanted, const struct network *before, const struct present *present,
       const struct present_link *have)
{
	bool is_up = have->up;

	steps_for_mac(steps, present, have, no_mac, find_link(before, have->name));
	set_master(steps, wanted, present, &(struct network_link){ .name = have->name, .master = "" }, have, &is_up);
	set_addresses(steps, NULL, have);
}

void
steps_for_links(struct steps *steps, const struct network *wanted, const struct network *before,
                const struct present *present, struct buffer *absent)
{
	struct pair *pairs = ARENA_MAKE(steps->arena, struct pair, wanted->nlinks + 1);
	const size_t n = pair_links(steps, pairs, wanted, present, absent);

	if (!wanted->leaves_links) {
		drop_ports(steps, wanted, present);
		drop_links(steps, wanted, before, present);
	}
	for (size_t i = 0; i < n; i++)
		if (!pairs[i].have)
			steps_add(steps, &(struct step){ .kind = STEP_LINK, .device = pairs[i].want->name,
							 .to = { .there = true, .link = pairs[i].want } });
	for (size_t i = 0; i < n; i++)
		set_state(steps, wanted, before, present, pairs[i].want, pairs[i].have);
	for (size_t i = 0; i < n; i++)
		set_addresses(steps, pairs[i].want, pairs[i].have);
	if (wanted->leaves_links)
		return;
	/* What is no longer configured keeps nothing of ours. */
	for (size_t i = 0; i < present->nlinks; i++)
		if (!find_link(wanted, present->links[i].name) && !step_is_obsolete(steps->arena, wanted, &present->links[i]))
			let_go(steps, wanted, before, present, &present->links[i]);
	drop_neighbours(steps, wanted, present);
	for (size_t i = 0; i < wanted->nneighbours; i++)
		if (is_paired(pairs, n, wanted->neighbours[i].device))
			set_neighbour(steps, &wanted->neighbours[i], present);
}

/* --- For people --------------------------------------------------------------------------------- */

static void
print_route(struct arena *arena, const struct step *step, struct buffer *out)
{
	const struct present_route *route = step->to.there ? &step->to.route.route : &step->from.route.route;

	buffer_print(out, "%s route to %s", !step->to.there ? "drop" : step->from.there ? "change" : "add",
	             prefix_print(arena, &route->destination));
	if (route->gateway.family)
		buffer_print(out, " by %s", address_print(arena, &route->gateway));
	if (route->table != NETWORK_MAIN_TABLE)
		buffer_print(out, " in table %u", (unsigned)route->table);
}

void
step_print(struct arena *arena, const struct step *step, struct buffer *out)
{
	const struct step_side *side = step->to.there ? &step->to : &step->from;

	switch (step->kind) {
	case STEP_SETTING:
		buffer_print(out, "set %s to %s", step->device, step->to.text);
		break;
	case STEP_LINK:
		buffer_print(out, "%s link %s", step->to.there ? "make" : "drop", step->device);
		break;
	case STEP_UP:
		buffer_print(out, "set %s %s", step->device, step->to.number ? "up" : "down");
		break;
	case STEP_MTU:
		buffer_print(out, "set MTU of %s to %u", step->device, (unsigned)step->to.number);
		break;
	case STEP_MAC:
		buffer_print(out, "set MAC address of %s to %s", step->device, mac_print(arena, step->to.mac));
		break;
	case STEP_MASTER:
		buffer_print(out, *step->to.text ? "make %s a port of %s" : "let %s go%s", step->device, step->to.text);
		break;
	case STEP_ADDRESS:
		buffer_print(out, "%s %s %s %s", step->to.there ? "add" : "drop", prefix_print(arena, &side->address.prefix),
		             step->to.there ? "to" : "from", step->device);
		break;
	case STEP_NEIGHBOUR:
		buffer_print(out, "%s neighbour %s on %s", step->to.there ? "set" : "drop",
		             address_print(arena, &step->neighbour), step->device);
		break;
	case STEP_PROXY:
		buffer_print(out, "%s answering for %s on %s", step->to.there ? "begin" : "end",
		             address_print(arena, &step->neighbour), step->device);
		break;
	case STEP_ROUTE:
		print_route(arena, step, out);
		break;
	case STEP_RULE:
		buffer_print(out, "%s rule for table %u", step->to.there ? "add" : "drop", (unsigned)side->rule.table);
		break;
	}
}
