/*
 * Who is sent into which class of the shaper. What is forwarded is looked at where it is known how it came and how it leaves, after
 * destinations are translated and before sources are, which is what upstream's rules see; so is what this box sends. What matches
 * gets the number of its class as priority, and a mark by which the links know that it has to wait. What is for the box itself leaves by no link,
 * so nothing can wait: there what exceeds the pipe is dropped.
 */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/cache.h"
#include "plan/filter/rule.h"
#include "plan/shaper/shaper.h"

enum { PRIORITY_SHAPE = 10 }; /* after the rules that decide */

#define CHAIN_RULES "q_rules"
#define CHAIN_LOCAL "q_local"
#define MAP_PIPES   "v_pipe"
#define MAP_POLICED "v_police"
#define BUCKET_LEAST 131072U /* bytes: two of the biggest packets that come joined together */
#define PACKET       1514U
#define POLICED_MAX 65535U    /* hosts that are counted at once */
#define POLICED_SECONDS 600U

struct shaping {
	struct build        *build;
	const struct shaper *shaper;
	struct line          line;
	struct lines         lines;
};

bool
shape_is_on(const struct build *build)
{
	return build->filter->shaper && build->filter->shaper->ntargets > 0;
}

static struct line *
begin(struct shaping *s)
{
	line_start(&s->line, s->build);
	return &s->line;
}

static void
end(struct shaping *s)
{
	line_end(&s->line, s->build->once, &s->lines);
}

static void
end_chain(struct shaping *s, const char *name)
{
	build_chain(s->build, name, &s->lines);
	s->lines = (struct lines){ 0 };
}

static const char *
chain_of(struct shaping *s, const char *stem, const struct shaper_target *target)
{
	return arena_print(s->build->once, "%s_%u", stem, target->class);
}

/* --- Where they go ------------------------------------------------------------------------------------ */

static enum step_key
mask_key(const struct shaper_target *target)
{
	if (target->family == FAMILY_INET6)
		return target->mask == SHAPER_SOURCE ? KEY_IP6_SADDR : KEY_IP6_DADDR;
	return target->mask == SHAPER_SOURCE ? KEY_IP_SADDR : KEY_IP_DADDR;
}

static void
set_number(struct line *line, enum step_key key, uint32_t mask, uint32_t number)
{
	struct step step = { .kind = STEP_SET, .key = key, .has_mask = mask != 0 };

	step_put_number(key, step.mask, mask);
	step_put_number(key, step.value, number);
	line_add(line, &step);
}

static uint32_t
class_id(uint32_t class)
{
	return SHAPER_HANDLE << 16 | class;
}

/* The class that a host was given, if it was. */
static void
take_class_of_host(struct shaping *s, const struct shaper_target *target, const char *map)
{
	line_protocol(begin(s), PROTOCOL_ANY, target->family);
	line_add(&s->line, &(struct step){ .kind = STEP_MAPPED, .key = KEY_PRIORITY, .from = mask_key(target), .name = text_of(map) });
	line_verdict(&s->line, VERDICT_ACCEPT, NULL);
	end(s);
}

/*
 * Each host has the class that the map gives it. Who is new gets the next one in turn: as hosts are forgotten after a while and there is no
 * room for more than there are classes, nobody else has it. Whoever finds no room shares the first class with the others.
 */
static void
make_hosts(struct shaping *s, const struct shaper_target *target)
{
	struct ruleset_set *map = build_map(s->build, arena_print(s->build->once, SHAPER_HOSTS "%u", target->class),
					    target->family == FAMILY_INET6 ? SET_IPV6 : SET_IPV4, GIVES_CLASS, 0);

	map->dynamic = map->counted = true;
	map->timeout = SHAPER_HOST_STAYS;
	map->size = SHAPER_GROUP - 1;
	build_seal_map(map);
	map->hash = ruleset_mix(map->hash, (uint64_t)map->timeout << 32 | map->size);
	const char *name = map->name;

	take_class_of_host(s, target, name);
	line_protocol(begin(s), PROTOCOL_ANY, target->family);
	line_add(&s->line, &(struct step){ .kind = STEP_ASSIGN, .key = mask_key(target), .name = text_of(name),
					   .number = SHAPER_GROUP - 1, .number2 = class_id(target->class + 1) });
	end(s);
	take_class_of_host(s, target, name);
}

static void
make_class(struct shaping *s, const struct shaper_target *target)
{
	set_number(begin(s), KEY_MARK, ~MARK_SHAPED, MARK_SHAPED);
	end(s);
	if (target->mask)
		make_hosts(s, target);
	set_number(begin(s), KEY_PRIORITY, 0, class_id(target->class));
	line_verdict(&s->line, VERDICT_ACCEPT, NULL);
	end(s);
	end_chain(s, chain_of(s, "qt", target));
}

/* Nothing can wait: what is too much is dropped. The kernel's bucket holds what a second lets through, and the burst. */
static void
make_police(struct shaping *s, const struct shaper_target *target)
{
	const uint32_t burst = target->rate + PACKET < BUCKET_LEAST ? BUCKET_LEAST - target->rate : PACKET;
	struct step    limit = { .kind = STEP_LIMIT, .compare = COMPARE_NOT, .number = target->rate,
				 .number2 = UNIT_SECOND | LIMIT_BYTES | burst << 8 };

	if (target->mask && !target->pipe) {
		const enum set_type type = target->family == FAMILY_INET6 ? SET_IPV6 : SET_IPV4;
		struct step         each = limit;

		each.kind = STEP_SOURCES;
		each.key = mask_key(target);
		each.name = text_of(want_counted(s->build, chain_of(s, "hp", target), type, POLICED_SECONDS, POLICED_MAX));
		line_protocol(begin(s), PROTOCOL_ANY, target->family);
		line_add(&s->line, &each);
		line_verdict(&s->line, VERDICT_DROP, NULL);
		end(s);
		line_number(begin(s), KEY_NFPROTO, COMPARE_NOT, target->family == FAMILY_INET6 ? 10 : 2);
		line_add(&s->line, &limit);
	} else {
		line_add(begin(s), &limit);
	}
	line_verdict(&s->line, VERDICT_DROP, NULL);
	end(s);
	begin(s);
	line_verdict(&s->line, VERDICT_ACCEPT, NULL);
	end(s);
	end_chain(s, chain_of(s, "qp", target));
}

/* A queue's pipe; the pipe itself otherwise. */
static const struct shaper_target *
pipe_of(const struct shaping *s, const struct shaper_target *target)
{
	return target->pipe ? shaper_target(s->shaper, target->pipe) : target;
}

/* Queues that share a class with their pipe lead there too. */
static void
make_targets(struct shaping *s)
{
	uint8_t *made = ARENA_MAKE(s->build->once, uint8_t, UINT16_MAX + 1);

	for (size_t i = 0; i < s->shaper->ntargets; i++) {
		const struct shaper_target *target = &s->shaper->targets[i];

		if (!made[target->class])
			make_class(s, target);
		made[target->class] = true;
		if (!target->pipe)
			make_police(s, target);
	}
}

/* --- Rules of the shaper -------------------------------------------------------------------------------- */

/* One line of a rule: which links, and what of it. */
struct passage {
	const struct shaper_rule *rule;
	unsigned                  index;
	const char               *from, *to; /* links, NULL: any */
	const char               *chain;
};

static void
add_line(struct shaping *s, const struct passage *way, const struct variant *v)
{
	struct line *line = begin(s);
	char         counter[16];

	if (way->from)
		line_device(line, KEY_IIFNAME, COMPARE_IS, way->from);
	if (way->to)
		line_device(line, KEY_OIFNAME, COMPARE_IS, way->to);
	rule_add_match(line, v);
	if (way->rule->length) {
		struct step length = { .kind = STEP_MATCH, .key = KEY_LENGTH, .has_range = true };

		step_put_number(KEY_LENGTH, length.value_to, way->rule->length);
		line_add(line, &length);
	}
	snprintf(counter, sizeof(counter), "r%u", way->index);
	if (way->index)
		line_add(line, &(struct step){ .kind = STEP_COUNTER, .name = text_of(counter) });
	line_verdict(line, VERDICT_GOTO, way->chain);
	line_add(line, &(struct step){ .kind = STEP_COMMENT, .name = text_of(way->rule->uuid) });
	end(s);
}

static void
add_family(struct shaping *s, const struct passage *way, enum family family)
{
	struct filter_rule match = way->rule->match;
	struct term        sources[TERMS_MAX], destinations[TERMS_MAX];
	const size_t       nsources = terms_of(s->build, &match.source, true, family, sources);
	const size_t       ndestinations = terms_of(s->build, &match.destination, false, family, destinations);
	struct variant     v = { .rule = &match, .family = family, .protocol = match.protocol, .reject = -1 };

	for (size_t d = 0; d < (way->rule->ndscp ? way->rule->ndscp : 1); d++) {
		match.tos = way->rule->ndscp ? way->rule->dscp[d] : -1;
		for (size_t i = 0; i < nsources; i++)
			for (size_t k = 0; k < ndestinations; k++) {
				v.source = &sources[i];
				v.destination = &destinations[k];
				add_line(s, way, &v);
			}
	}
}

static void
add_passage(struct shaping *s, const struct passage *way)
{
	const struct filter_rule *match = &way->rule->match;

	if (match->family == RULE_INET46 && match->source.count == 0 && match->destination.count == 0 && way->rule->ndscp == 0) {
		add_family(s, way, FAMILY_NONE);
		return;
	}
	if (match->family != RULE_INET6)
		add_family(s, way, FAMILY_INET);
	if (match->family != RULE_INET)
		add_family(s, way, FAMILY_INET6);
}

static const char *
device_of(const struct shaping *s, const char *name)
{
	const struct filter_interface *interface = build_interface(s->build, name);

	return interface ? interface->device : NULL;
}

static unsigned
count_for(struct shaping *s, const struct shaper_rule *rule)
{
	const unsigned index = build_index(s->build, rule->uuid);

	if (index)
		s->build->out->counters[index / 64] |= 1ULL << (index % 64);
	return index;
}

/* In and out are of its interface; the second one is on the other side. */
static void
add_rule(struct shaping *s, const struct shaper_rule *rule, bool is_local)
{
	const char    *device = device_of(s, rule->match.interfaces[0]);
	const char    *second = rule->second ? device_of(s, rule->second) : NULL;
	struct passage way = { .rule = rule, .chain = is_local ? chain_of(s, "qp", pipe_of(s, rule->target))
							       : chain_of(s, "qt", rule->target) };

	if (!device || (rule->second && !second) || (is_local && (rule->second || rule->match.direction == DIRECTION_OUT)))
		return;
	way.index = count_for(s, rule);
	way.from = device;
	way.to = second;
	if (rule->match.direction != DIRECTION_OUT)
		add_passage(s, &way);
	way.from = second;
	way.to = device;
	if (rule->match.direction != DIRECTION_IN && !is_local)
		add_passage(s, &way);
}

static void
make_rules(struct shaping *s)
{
	for (size_t i = 0; i < s->shaper->nrules; i++)
		add_rule(s, &s->shaper->rules[i], false);
	end_chain(s, CHAIN_RULES);
	for (size_t i = 0; i < s->shaper->nrules; i++)
		add_rule(s, &s->shaper->rules[i], true);
	end_chain(s, CHAIN_LOCAL);
}

/* --- Rules of the filter ---------------------------------------------------------------------------------- */

static void
add_direction(struct shaping *s, unsigned direction, const char *uuid, bool is_local)
{
	const struct shaper_target *target = uuid ? shaper_target(s->shaper, uuid) : NULL;

	if (!target)
		return;
	line_number(begin(s), KEY_CT_DIRECTION, COMPARE_IS, direction);
	line_verdict(&s->line, VERDICT_GOTO, is_local ? chain_of(s, "qp", pipe_of(s, target)) : chain_of(s, "qt", target));
	end(s);
}

static bool
is_shaped(const struct seat *seat)
{
	return !(seat->facts & FACT_ASLEEP) && (seat->facts & FACT_SHAPED) && seat->fragment && seat->fragment->index;
}

/* From the index of a rule to the chain that knows its pipes, for the packets of its connections. */
static void
make_pipes(struct shaping *s, const char *name, const char *stem, bool is_local)
{
	struct build       *build = s->build;
	struct ruleset_set *map;
	size_t              count = 0;

	for (size_t i = 0; i < build->filter->nrules; i++)
		count += is_shaped(&build->seats[i]);
	map = build_map(build, name, SET_MARK, GIVES_VERDICT, count);
	for (size_t i = 0; i < build->filter->nrules; i++) {
		const struct seat    *seat = &build->seats[i];
		struct ruleset_entry *entry;

		if (!is_shaped(seat))
			continue;
		add_direction(s, 0, seat->rule->pipe, is_local);
		add_direction(s, 1, seat->rule->pipe_back, is_local);
		if (s->lines.count == 0)
			continue;
		entry = (struct ruleset_entry *)&map->entries[map->count++];
		entry->verdict = VERDICT_JUMP;
		entry->name = arena_print(build->once, "%s_%u", stem, seat->fragment->index);
		step_put_number(KEY_CT_MARK, entry->key, seat->fragment->index);
		end_chain(s, entry->name);
	}
	build_seal_map(map);
}

static void
ask_pipes(struct shaping *s, const char *map)
{
	struct step step = { .kind = STEP_VERDICTS, .key = KEY_CT_MARK, .has_mask = true, .name = text_of(map) };

	if (!(s->build->facts & FACT_SHAPED))
		return;
	step_put_number(KEY_CT_MARK, step.mask, MARK_RULE);
	line_add(begin(s), &step);
	end(s);
}

/* --- Hooks -------------------------------------------------------------------------------------------------- */

static void
make_base(struct shaping *s, const char *name, enum chain_hook hook)
{
	const bool is_local = hook == HOOK_INPUT;

	/* What a tunnel of ours wraps has waited inside. */
	line_bits(begin(s), KEY_MARK, MARK_SHAPED);
	set_number(&s->line, KEY_MARK, ~MARK_SHAPED, 0);
	end(s);
	ask_pipes(s, is_local ? MAP_POLICED : MAP_PIPES);
	line_verdict(begin(s), VERDICT_JUMP, is_local ? CHAIN_LOCAL : CHAIN_RULES);
	end(s);
	build_base(s->build, &(struct ruleset_chain){ name, CHAIN_FILTER, hook, PRIORITY_SHAPE }, &s->lines);
	s->lines = (struct lines){ 0 };
}

void
shape_make(struct build *build)
{
	struct shaping s = { .build = build, .shaper = build->filter->shaper };

	if (!shape_is_on(build))
		return;
	build->nwants = 0;
	build->lines = build->once;
	make_targets(&s);
	make_rules(&s);
	if (build->facts & FACT_SHAPED) {
		make_pipes(&s, MAP_PIPES, "qf", false);
		make_pipes(&s, MAP_POLICED, "qi", true);
	}
	make_base(&s, "q_forward", HOOK_FORWARD);
	make_base(&s, "q_output", HOOK_OUTPUT);
	make_base(&s, "q_input", HOOK_INPUT);
	want_use(build, build->wants, build->nwants);
	buffer_clear(&s.line.bytes);
}
