/*
 * MAC addresses instead of those that links have of themselves. What a link had is told by its alias, so that it is known after the
 * keeper has started again; a link with an alias of somebody else keeps that, and its permanent address says what to go back to.
 */
#include <string.h>

#include "backend/network/step.h"

static bool
is_marked(const struct present_link *link, uint8_t own[6])
{
	const struct text alias = text_of(link->alias);

	return text_starts(alias, TEXT(NETWORK_MAC_ALIAS)) &&
	       network_mac_read(text_after(alias, strlen(NETWORK_MAC_ALIAS)), own);
}

static bool
is_port_of_bond(const struct present *present, const struct present_link *link)
{
	const struct present_link *master = link->master ? present_link_at(present, link->master) : NULL;

	return master && strcmp(master->kind, "bond") == 0;
}

static bool
is_left_behind(const struct present_link *have, const struct network_link *before)
{
	return before && network_mac_is_set(before->mac) && memcmp(have->mac, before->mac, sizeof(have->mac)) == 0 &&
	       network_mac_is_set(have->permanent);
}

void
steps_for_mac(struct steps *steps, const struct present *present, const struct present_link *have, const uint8_t wanted[6],
              const struct network_link *before)
{
	uint8_t     own[6];
	const bool  marked = is_marked(have, own);
	struct step step = { .kind = STEP_MAC, .device = have->name, .from = { .there = true, .text = have->alias },
			     .to = { .there = true, .text = have->alias } };

	if (is_port_of_bond(present, have))
		return;
	if (!marked)
		memcpy(own, network_mac_is_set(have->permanent) ? have->permanent : have->mac, sizeof(own));
	memcpy(step.from.mac, have->mac, sizeof(have->mac));
	if (network_mac_is_set(wanted)) {
		if (memcmp(have->mac, wanted, sizeof(have->mac)) == 0)
			return;
		memcpy(step.to.mac, wanted, sizeof(step.to.mac));
		if (!*have->alias)
			step.to.text = arena_print(steps->arena, NETWORK_MAC_ALIAS "%s", mac_print(steps->arena, own));
	} else {
		if (!marked && !is_left_behind(have, before))
			return;
		memcpy(step.to.mac, own, sizeof(own));
		if (marked)
			step.to.text = "";
	}
	steps_add(steps, &step);
}
