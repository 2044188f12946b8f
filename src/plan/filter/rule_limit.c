/*
 * Limits: on the sources of a rule's connections, on their number, on the rate of its packets; and for how long they stay.
 * What the lines of a rule must count together is counted in a set, a chain or an object of its own.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/rule.h"

#define TRACKED_MAX 65535 /* sources that are counted at once */
#define NO_LIMIT    1000000000
#define BURST_MAX   0xffffff

bool
rule_has_limits(const struct filter_rule *rule)
{
	return rule->action == RULE_PASS && (rule->max_source_states || rule->max_source_nodes ||
					     rule->max_source_connections || rule->rate_connections);
}

static bool
is_limited(const struct variant *v)
{
	return rule_has_limits(v->rule) && v->family != FAMILY_NONE;
}

/* So many in so many seconds, in a unit that nft has. */
struct rate {
	uint32_t         number, burst;
	enum object_unit unit;
};

static struct rate
rate_of(unsigned number, unsigned in_seconds)
{
	static const unsigned seconds[] = { 1, 60, 3600, 86400 };
	const uint64_t        per = in_seconds ? in_seconds : 1;
	struct rate           rate = { .burst = number < BURST_MAX ? number : BURST_MAX };

	while (rate.unit < UNIT_DAY && (uint64_t)number * seconds[rate.unit] % per != 0)
		rate.unit++;
	const uint64_t count = (uint64_t)number * seconds[rate.unit] / per;

	rate.number = count < 1 ? 1 : count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
	return rate;
}

/* --- By source ------------------------------------------------------------------------------------------ */

/* A step that counts the source in a set of its own; `letter` says what for. */
static void
add_source(struct line *line, const struct variant *v, char letter, struct step *step, uint32_t size)
{
	const bool     v4 = v->family == FAMILY_INET;
	const uint32_t timeout = letter == 'k' ? v->rule->rate_seconds * 2 + 60 : 0;
	char           name[STEP_NAME_MAX];

	snprintf(name, sizeof(name), "%c_%016llx_%c", letter, (unsigned long long)v->fragment->mark, v4 ? '4' : '6');
	step->kind = STEP_SOURCES;
	step->key = v4 ? KEY_IP_SADDR : KEY_IP6_SADDR;
	step->name = text_of(want_counted(line->build, name, v4 ? SET_IPV4 : SET_IPV6, timeout, size));
	line_add(line, step);
}

/* Into the table, and whoever listens to the log ends the connections that the source still has (proc/record/overload.c). */
static void
add_overload(struct line *line, const struct variant *v)
{
	const bool               v4 = v->family == FAMILY_INET;
	const struct alias_info *info = v->rule->overload ? build_alias(line->build, v->rule->overload) : NULL;

	if (!info || !info->alias->dynamic)
		return;
	rule_tell(line, v, "flush");
	line_add(line, &(struct step){
		.kind = STEP_SOURCES, .key = v4 ? KEY_IP_SADDR : KEY_IP6_SADDR,
		.name = text_of(want_alias(line->build, v->rule->overload, v4 ? SET_IPV4 : SET_IPV6)) });
}

/* What exceeds a limit is dropped before the rule can pass it. */
static void
add_excess(struct build *build, const struct variant *v, char letter, struct step step, struct lines *out)
{
	struct line line = { 0 };

	step.compare = COMPARE_NOT;
	if (rule_begin(&line, build, v)) {
		add_source(&line, v, letter, &step, TRACKED_MAX);
		if (letter != 's')
			add_overload(&line, v);
		rule_count(&line, v);
		line_verdict(&line, VERDICT_DROP, NULL);
		rule_end(&line, v, out);
	}
	buffer_clear(&line.bytes);
}

static void
add_source_limits(struct build *build, const struct variant *v, struct lines *out)
{
	const struct filter_rule *rule = v->rule;

	if (rule->max_source_states)
		add_excess(build, v, 's', (struct step){ .number = rule->max_source_states }, out);
	if (rule->max_source_connections)
		add_excess(build, v, 'c', (struct step){ .number = rule->max_source_connections }, out);
	if (rule->rate_connections) {
		const struct rate rate = rate_of(rule->rate_connections, rule->rate_seconds);

		add_excess(build, v, 'k', (struct step){ .number = rate.number, .number2 = rate.unit | rate.burst << 8 }, out);
	}
}

/* --- All together --------------------------------------------------------------------------------------- */

/* The chain of this name with this one line more. */
static void
add_to_chain(const struct variant *v, struct line *line, struct lines *chain)
{
	rule_end(line, v, chain);
	buffer_clear(&line->bytes);
}

/* "max": when there are so many connections, what would be one more is dropped. */
static void
add_max(struct build *build, const struct variant *v, struct lines *out)
{
	struct fragment *fragment = v->fragment;
	struct line      line = { 0 };

	if (fragment->max.count == 0) {
		line_start(&line, build);
		line_add(&line, &(struct step){ .kind = STEP_STATES, .number = v->rule->max_states, .compare = COMPARE_NOT });
		rule_count(&line, v);
		line_verdict(&line, VERDICT_DROP, NULL);
		add_to_chain(v, &line, &fragment->max);
	}
	if (rule_begin(&line, build, v)) {
		line_verdict(&line, VERDICT_JUMP, arena_print(build->lines, MAX_CHAIN, fragment->index));
		rule_end(&line, v, out);
	}
	buffer_clear(&line.bytes);
}

static const char *
add_object(struct build *build, struct variant const *v, struct ruleset_object object)
{
	struct fragment *fragment = v->fragment;

	if (!fragment->objects)
		fragment->objects = ARENA_MAKE(build->lines, struct ruleset_object, FRAGMENT_OBJECTS);
	for (size_t i = 0; i < fragment->nobjects; i++)
		if (strcmp(fragment->objects[i].name, object.name) == 0)
			return fragment->objects[i].name;
	BUG_IF(fragment->nobjects == FRAGMENT_OBJECTS, "too many objects of one rule");
	fragment->objects[fragment->nobjects++] = object;
	return object.name;
}

/* "max-pkt-rate": beyond it the rule matches nothing new, and packets of its connections are dropped. */
static void
add_packet_rate(struct line *line, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;
	struct fragment          *fragment = v->fragment;
	const struct rate         rate = rate_of(rule->rate_packets, rule->rate_packet_seconds);
	struct build             *build = line->build;
	struct line               own = { 0 };
	const char               *name = add_object(build, v, (struct ruleset_object){
		.kind = OBJECT_LIMIT, .numbers = { rate.number, rate.burst }, .unit = rate.unit,
		.name = arena_print(build->lines, "q_%016llx_%u_%u", (unsigned long long)fragment->mark, rule->rate_packets,
				    rule->rate_packet_seconds) });
	const struct step         step = { .kind = STEP_OBJECT, .name = text_of(name), .number = OBJECT_LIMIT };

	line_add(line, &step);
	if (fragment->rate.count > 0)
		return;
	line_start(&own, build);
	line_add(&own, &step);
	line_verdict(&own, VERDICT_RETURN, NULL);
	add_to_chain(v, &own, &fragment->rate);
	line_start(&own, build);
	line_verdict(&own, VERDICT_DROP, NULL);
	add_to_chain(v, &own, &fragment->rate);
}

/* --- Around the line that decides --------------------------------------------------------------------------- */

void
rule_add_limits(struct build *build, const struct variant *v, struct lines *out)
{
	if (is_limited(v))
		add_source_limits(build, v, out);
	if (v->rule->action == RULE_PASS && v->rule->max_states)
		add_max(build, v, out);
}

void
rule_add_allowances(struct line *line, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;

	if (is_limited(v) && rule->max_source_nodes)
		add_source(line, v, 'n', &(struct step){ .number = NO_LIMIT }, rule->max_source_nodes);
	if (rule->rate_packets && rule->action == RULE_PASS)
		add_packet_rate(line, v);
}

/* One more source than there is room for does not get past the line that decides. */
void
rule_add_rest(struct build *build, const struct variant *v, struct lines *out)
{
	struct line line = { 0 };

	if (!is_limited(v) || !v->rule->max_source_nodes)
		return;
	if (rule_begin(&line, build, v)) {
		rule_count(&line, v);
		line_verdict(&line, VERDICT_DROP, NULL);
		rule_end(&line, v, out);
	}
	buffer_clear(&line.bytes);
}

/* --- Time-outs ------------------------------------------------------------------------------------------------ */

static void
add_timeout(struct line *line, const struct variant *v, uint8_t protocol, uint32_t first, uint32_t second)
{
	if ((first == 0 && second == 0) || (v->protocol != protocol && v->protocol != PROTOCOL_ANY &&
					    v->protocol != PROTOCOL_TCP_UDP))
		return;
	const char *name = add_object(line->build, v, (struct ruleset_object){
		.kind = OBJECT_TIMEOUT, .protocol = protocol, .numbers = { first, second },
		.name = arena_print(line->build->lines, "ct_%u_%u_%u", protocol, first, second) });

	line_add(line, &(struct step){ .kind = STEP_OBJECT, .name = text_of(name), .number = OBJECT_TIMEOUT });
}

/* The kernel passes over those of another protocol than the packet's. */
void
rule_add_timeouts(struct line *line, const struct variant *v)
{
	const struct filter_rule *rule = v->rule;

	if (rule->action != RULE_PASS || rule->state == STATE_NONE || line->build->filter->lacks_timeouts)
		return;
	add_timeout(line, v, PROTO_TCP, rule->state_timeout, 0);
	add_timeout(line, v, PROTO_UDP, rule->udp_unreplied, rule->udp_replied);
}
