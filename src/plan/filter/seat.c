/*
 * What is known of each rule before any is compiled: a few facts, and what it became the last time. From one compilation to
 * the next little changes, so rules are first looked for where they were; what is known of all lies close together, where
 * going through thousands of them costs little.
 */
#include <stdlib.h>

#include "base/bug.h"
#include "plan/filter/cache.h"

static bool
is_loose(const struct filter_rule *rule)
{
	return rule->state == STATE_SLOPPY || rule->state == STATE_NONE || rule->tcp_flags_any || rule->tcp_flags_mask;
}

static bool
is_about_source(const struct filter_rule *rule)
{
	return rule->direction != DIRECTION_IN && (rule->source.count > 0 || rule->source_port.kind != PORTS_ANY);
}

static unsigned
facts_of(const struct filter_rule *rule)
{
	const unsigned overload = rule->overload ? FACT_OVERLOAD : 0;

	if (rule->is_inactive)
		return overload | FACT_ASLEEP;
	const unsigned source = is_about_source(rule) ? FACT_SOURCE : 0;

	if (rule->action != RULE_PASS)
		return overload | source;
	return overload | source | (is_loose(rule) ? FACT_LOOSE : 0) | (rule->allow_options ? FACT_OPTIONS : 0) |
	       (rule->state == STATE_NONE ? FACT_STATELESS : 0) | (rule->state == STATE_SYNPROXY ? FACT_PROXY : 0) |
	       (rule->pipe || rule->pipe_back ? FACT_SHAPED : 0);
}

/* Where it was, one further when something is gone, one back when something is new. */
static const struct seat *
seat_before(const struct filter_cache *cache, uint64_t stamp, size_t *at)
{
	static const size_t steps[] = { 0, 1, (size_t)-1 };

	for (size_t i = 0; i < COUNT(steps) && stamp; i++) {
		const size_t where = *at + steps[i];

		if (where >= cache->nseats || cache->seats[where].stamp != stamp)
			continue;
		*at = where;
		return &cache->seats[where];
	}
	return NULL;
}

static struct seat
new_seat(struct filter_cache *cache, const struct filter_rule *rule)
{
	struct seat seat = { rule, rule->stamp, cache_fragment(cache, rule->stamp), facts_of(rule) };

	if (seat.fragment && seat.fragment->nnotes > 0)
		seat.facts |= FACT_NOTED;
	return seat;
}

static void
take_change(struct build *build, size_t at, const struct seat *before)
{
	struct seat_changes *changes = &build->changes;

	if (changes->count < CHANGES_MAX)
		changes->list[changes->count] = (struct seat_change){ at, *before };
	changes->count += changes->count <= CHANGES_MAX;
}

void
seats_take(struct build *build)
{
	struct filter_cache *cache = build->cache;
	const struct filter *filter = build->filter;
	struct seat         *seats = calloc(filter->nrules + 1, sizeof(*seats));
	const bool           is_as_long = filter->nrules == cache->nseats;
	size_t               at = 0;

	build->changes.count = is_as_long ? 0 : CHANGES_MAX + 1;
	BUG_IF(!seats, "out of memory");
	for (size_t i = 0; i < filter->nrules; i++, at++) {
		const struct filter_rule *rule = filter->rules[i];
		const struct seat        *before = seat_before(cache, rule->stamp, &at);

		if (i + READ_AHEAD < filter->nrules)
			__builtin_prefetch(filter->rules[i + READ_AHEAD]);
		seats[i] = before ? *before : new_seat(cache, rule);
		seats[i].rule = rule;
		if (is_as_long && (before != &cache->seats[i] || before->rule != rule))
			take_change(build, i, &cache->seats[i]);
		build->facts |= seats[i].facts & FACT_ASLEEP ? 0 : seats[i].facts;
	}
	free(cache->seats);
	cache->seats = build->seats = seats;
	cache->nseats = filter->nrules;
}
