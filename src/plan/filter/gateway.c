/*
 * A rule with a gateway leaves its decision to a chain of the gateway's: when gateways come or go, only that chain changes.
 * A group of gateways is one chain too, which gives each member as many connections as it weighs.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/build.h"

#define SLOTS_MAX 256 /* lines of one group */

bool
gateway_is_known(const struct build *build, const char *name)
{
	const struct filter *filter = build->filter;

	for (size_t i = 0; i < filter->ngateways; i++)
		if (strcmp(filter->gateways[i].name, name) == 0)
			return true;
	return false;
}

/* Gateways may be called what chains may not. */
const char *
gateway_chain(struct arena *arena, const char *name, enum way way)
{
	const char *prefix = way == WAY_IN ? "w" : "w_out";
	char       *plain = arena_copy(arena, text_first(text_of(name), GATEWAY_CHAIN_MAX));
	bool        is_plain = strlen(name) <= GATEWAY_CHAIN_MAX;

	for (char *at = plain; *at; at++) {
		if (step_name_is_valid((struct text){ at, 1 }))
			continue;
		*at = '_';
		is_plain = false;
	}
	if (is_plain)
		return arena_print(arena, "%s_%s", prefix, plain);
	return arena_print(arena, "%s_%s_%016llx", prefix, plain, (unsigned long long)ruleset_mix_string(0, name));
}

static void
set_bits(struct line *line, enum step_key key, uint32_t kept, uint32_t number)
{
	struct step step = { .kind = STEP_SET, .key = key, .has_mask = kept != 0 };

	step_put_number(key, step.mask, kept);
	step_put_number(key, step.value, number);
	line_add(line, &step);
}

/* On the way out the connection is marked later, together with the index of its rule. */
static void
add_way(struct line *line, const struct filter_hop *hop, enum way way)
{
	const uint32_t mark = (uint32_t)hop->number << MARK_GATEWAY_SHIFT;

	if (way == WAY_IN)
		set_bits(line, KEY_CT_MARK, ~MARK_GATEWAY, mark);
	set_bits(line, KEY_MARK, way == WAY_IN ? 0 : ~MARK_GATEWAY, mark);
	line_verdict(line, VERDICT_ACCEPT, NULL);
}

static unsigned
common_divisor(unsigned a, unsigned b)
{
	return b == 0 ? a : common_divisor(b, a % b);
}

/* Each member as often as it weighs, in lowest terms. */
static size_t
make_slots(const struct filter_gateway *gateway, const struct filter_hop **slots)
{
	unsigned common = 0;
	size_t   count = 0;

	for (size_t i = 0; i < gateway->nhops; i++)
		common = common_divisor(gateway->hops[i].weight, common);
	for (size_t i = 0; i < gateway->nhops; i++)
		for (unsigned k = 0; k < gateway->hops[i].weight / common && count < SLOTS_MAX; k++)
			slots[count++] = &gateway->hops[i];
	return count;
}

/*
 * One line for each slot. In turn, a line only sees what those before it left, so the first of three takes one in
 * three, the second one in two, the last all.
 */
static void
make_chain(struct build *build, const struct filter_gateway *gateway, enum way way)
{
	const struct filter_hop *slots[SLOTS_MAX];
	const size_t             count = make_slots(gateway, slots);
	const bool               v4 = gateway->family == FAMILY_INET;
	struct lines             lines = { 0 };
	struct line              line = { 0 };

	for (size_t i = 0; i < count; i++) {
		line_start(&line, build);
		line_protocol(&line, PROTOCOL_ANY, gateway->family);
		if (i + 1 < count)
			line_add(&line, &(struct step){
				.kind = STEP_PICK, .pick = !gateway->is_sticky ? PICK_IN_TURN : v4 ? PICK_SOURCE4 : PICK_SOURCE6,
				.number = (uint32_t)(gateway->is_sticky ? count : count - i),
				.number2 = (uint32_t)(gateway->is_sticky ? i : 0) });
		add_way(&line, slots[i], way);
		line_end(&line, build->once, &lines);
	}
	/* The other family, and everything when all members are down: by the routes. */
	line_start(&line, build);
	line_verdict(&line, VERDICT_ACCEPT, NULL);
	line_end(&line, build->once, &lines);
	buffer_clear(&line.bytes);
	build_chain(build, gateway_chain(build->once, gateway->name, way), &lines);
}

void
gateways_make(struct build *build, const struct fragment_list *all)
{
	const struct filter *filter = build->filter;
	struct map          *in = map_make(build->once), *out = map_make(build->once);

	for (size_t i = 0; build->names_gateways && i < all->count; i++) {
		const struct filter_rule *rule = all->list[i]->rule;

		if (!all->list[i]->names_gateway)
			continue;
		if (rule->direction != DIRECTION_OUT)
			map_set(in, text_of(rule->gateway), (void *)rule);
		if (rule->direction != DIRECTION_IN)
			map_set(out, text_of(rule->gateway), (void *)rule);
	}
	for (size_t i = 0; i < filter->ngateways; i++) {
		const struct text name = text_of(filter->gateways[i].name);

		if (map_get(in, name))
			make_chain(build, &filter->gateways[i], WAY_IN);
		if (map_get(out, name))
			make_chain(build, &filter->gateways[i], WAY_OUT);
		build->uses_gateways |= map_get(in, name) || map_get(out, name);
		build->routes_own |= map_get(out, name) != NULL;
	}
}
