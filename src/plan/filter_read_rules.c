/* Filter rules. */
#include <stdio.h>
#include <string.h>

#include "base/icmp.h"
#include "base/number.h"
#include "plan/filter_reader.h"
#include "plan/schedule.h"
#include "plan/shaper/shaper.h"

/* False: one of them is none. */
static bool
read_icmp(enum family family, struct text list, struct icmp_types *types)
{
	bool        is_whole = true;
	struct text one;

	while (text_next(&list, ",", &one)) {
		const int type = icmp_type_read(family, one);

		if (type >= 0)
			types->bits[type / 64] |= 1ULL << (type % 64);
		is_whole &= type >= 0;
	}
	return is_whole;
}

/* A rule for both families has one list: the type that is called the same is meant in the other one too. */
static void
add_namesakes(struct text list, struct icmp_types *types)
{
	struct text one;

	while (text_next(&list, ",", &one)) {
		const char *name = icmp_type_name(FAMILY_INET, icmp_type_read(FAMILY_INET, one));
		const int   type = icmp_type_read(FAMILY_INET6, text_of(name));

		if (type >= 0)
			types->bits[type / 64] |= 1ULL << (type % 64);
	}
}

static uint8_t
read_flags(struct text list)
{
	static const char *const names[] = { "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr" };
	uint8_t                  flags = 0;
	struct text              one;

	while (text_next(&list, ",", &one))
		for (size_t i = 0; i < COUNT(names); i++)
			if (text_is(one, names[i]))
				flags |= (uint8_t)(1U << i);
	return flags;
}

/* The upper six bits, as `ip dscp` has them; -1: any. */
static int
read_tos(struct text t)
{
	static const struct {
		const char *name;
		int         dscp;
	} names[] = { { "lowdelay", 4 }, { "throughput", 2 }, { "reliability", 1 }, { "critical", 40 },
		      { "inetcontrol", 48 }, { "netcontrol", 56 }, { "ef", 46 },
		      { "af11", 10 }, { "af12", 12 }, { "af13", 14 }, { "af21", 18 }, { "af22", 20 }, { "af23", 22 },
		      { "af31", 26 }, { "af32", 28 }, { "af33", 30 }, { "af41", 34 }, { "af42", 36 }, { "af43", 38 },
		      { "cs0", 0 }, { "cs1", 8 }, { "cs2", 16 }, { "cs3", 24 }, { "cs4", 32 }, { "cs5", 40 },
		      { "cs6", 48 }, { "cs7", 56 } };
	static const char digits[] = "0123456789abcdef";
	int               value = 0;

	for (size_t i = 0; i < COUNT(names); i++)
		if (text_is(t, names[i].name))
			return names[i].dscp;
	if (!text_starts(t, TEXT("0x")) || t.len > 4)
		return -1;
	for (size_t i = 2; i < t.len; i++) {
		const char *digit = strchr(digits, t.ptr[i]);

		if (!digit || !*digit)
			return -1;
		value = value * 16 + (int)(digit - digits);
	}
	return value >> 2;
}

static unsigned
limit(const struct record *record, const char *field)
{
	const int64_t number = record_number(record, field, 0);

	return number > 0 && number <= UINT32_MAX ? (unsigned)number : 0;
}

/* What a rule matches. NULL, or which of its fields names something that is not there. */
static const char *
read_match(const struct filter_reader *reader, struct arena *arena, const struct record *record,
           struct filter_rule *rule)
{
	const bool is_icmp4 = read_icmp(FAMILY_INET, record_text(record, "icmptype"), &rule->icmp4);
	const bool is_icmp6 = read_icmp(FAMILY_INET6, record_text(record, "icmp6type"), &rule->icmp6);

	add_namesakes(record_text(record, "icmptype"), &rule->icmp6);
	rule->tcp_flags_any = record_bool(record, "tcpflags_any");
	rule->tcp_flags_set = read_flags(record_text(record, "tcpflags1"));
	rule->tcp_flags_mask = read_flags(record_text(record, "tcpflags2"));
	rule->tos = read_tos(record_text(record, "tos"));
	rule->prio = (int)record_number(record, "prio", -1);
	rule->tagged = text_or_null(record, "tagged");
	if (!read_protocol(record_text(record, "protocol"), &rule->protocol))
		return "protocol";
	if (!is_icmp4 || !is_icmp6)
		return is_icmp4 ? "icmp6type" : "icmptype";
	if (rule->tos < 0 && record_has(record, "tos"))
		return "tos";
	if (!read_nets(reader, arena, record_text(record, "source_net"), record_bool(record, "source_not"), &rule->source))
		return "source_net";
	if (!read_nets(reader, arena, record_text(record, "destination_net"), record_bool(record, "destination_not"),
	               &rule->destination))
		return "destination_net";
	if (!read_ports(reader, arena, record_text(record, "source_port"), &rule->source_port))
		return "source_port";
	if (!read_ports(reader, arena, record_text(record, "destination_port"), &rule->destination_port))
		return "destination_port";
	return NULL;
}

/* Before there is an answer there are two in pf, one for one packet and one for several. Here it is the longer. */
static void
read_udp_timeouts(const struct record *record, struct filter_rule *rule)
{
	const unsigned first = limit(record, "udp-first"), single = limit(record, "udp-single");

	rule->udp_unreplied = first > single ? first : single;
	rule->udp_replied = limit(record, "udp-multiple");
}

/* The word that a member has which only pfSense knows; "" when it has none, or something that is no word. */
static struct text
member_of(const struct record *record, const char *name)
{
	struct text rest = record_text(record, "pfsense"), written;
	char        before[32];
	size_t      at = 0;

	snprintf(before, sizeof(before), "\"%s\":\"", name);
	written = text_of(before);
	while (at < rest.len && !text_starts(text_after(rest, at), written))
		at++;
	rest = text_after(rest, at);
	return text_starts(rest, written) ? text_until(&(struct text){ rest.ptr + written.len, rest.len - written.len }, '"')
					  : TEXT_NONE;
}

/* Pipes and queues by their uuids, limiters by their names. */
static void
read_pipes(struct arena *arena, const struct record *record, struct filter_rule *rule)
{
	const struct text limiter = member_of(record, "dnpipe"), back = member_of(record, "pdnpipe");

	rule->pipe = text_or_null(record, "shaper1");
	rule->pipe_back = text_or_null(record, "shaper2");
	if (!rule->pipe && limiter.len > 0)
		rule->pipe = arena_print(arena, SHAPER_LIMITER "%.*s", TEXT_ARGS(limiter));
	if (!rule->pipe_back && back.len > 0)
		rule->pipe_back = arena_print(arena, SHAPER_LIMITER "%.*s", TEXT_ARGS(back));
}

/* What becomes of what matches. */
static void
read_effects(const struct filter_reader *reader, struct arena *arena, const struct record *record,
             struct filter_rule *rule)
{
	const struct text    table = record_text(record, "overload");
	const struct record *stored = collection_find(snapshot_named(reader->snapshot, "firewall.alias"), table);
	/* Those that are built in go by their names. */
	const struct record *overload = stored ? stored : map_get(reader->aliases, table);

	rule->set_prio = (int)record_number(record, "set-prio", -1);
	rule->set_prio_low = (int)record_number(record, "set-prio-low", -1);
	rule->tag = text_or_null(record, "tag");
	rule->gateway = text_or_null(record, "gateway");
	read_pipes(arena, record, rule);
	rule->reply_to = read_gateway(reader, record_text(record, "replyto"));
	rule->disable_reply_to = record_bool(record, "disablereplyto");
	rule->max_states = limit(record, "max");
	rule->max_source_states = limit(record, "max-src-states");
	rule->max_source_nodes = limit(record, "max-src-nodes");
	rule->max_source_connections = limit(record, "max-src-conn");
	rule->rate_connections = limit(record, "max-src-conn-rate");
	rule->rate_seconds = limit(record, "max-src-conn-rates");
	rule->rate_packets = limit(record, "max-pkt-rate-number");
	rule->rate_packet_seconds = limit(record, "max-pkt-rate-seconds");
	rule->state_timeout = limit(record, "statetimeout");
	read_udp_timeouts(record, rule);
	rule->overload = overload ? arena_copy(arena, record_text(overload, "name")) : NULL;
}

/* Fields that nothing here acts on, and what that means; the second list is of members that only pfSense knows. */
static const struct unheeded {
	const char *field, *value; /* NULL: any */
	const char *note;
} unheeded[] = {
	{ "statetype", "modulate", "sequence numbers are not modulated: its states are ordinary ones" },
	{ "state-policy", "if-bound", "states cannot be bound to an interface" },
	{ "adaptivestart", NULL, "time-outs do not adapt to the number of states (adaptivestart, adaptiveend)" },
	{ "divert-to", NULL, "nothing is diverted: there is no intrusion prevention to take it" },
}, unheeded_members[] = {
	{ "defaultqueue", NULL, "Linux has no queues of ALTQ: its queue is not used" },
	{ "os", NULL, "operating systems of sources are not told apart: it blocks all of them, or passes none" },
};

static bool
has_member(const struct record *record, const char *name)
{
	char written[32];

	snprintf(written, sizeof(written), "\"%s\":\"", name);
	return text_contains(record_text(record, "pfsense"), text_of(written));
}

static void
note_unheeded(struct noting *notes, const struct filter_reader *reader, const struct record *record)
{
	for (size_t i = 0; i < COUNT(unheeded); i++)
		if (record_has(record, unheeded[i].field) &&
		    (!unheeded[i].value || text_is(record_text(record, unheeded[i].field), unheeded[i].value)))
			note_add(notes, "%s", unheeded[i].note);
	for (size_t i = 0; i < COUNT(unheeded_members); i++)
		if (has_member(record, unheeded_members[i].field))
			note_add(notes, "%s", unheeded_members[i].note);
	if (record_has(record, "udp-first") && record_has(record, "udp-single") &&
	    !text_equal(record_text(record, "udp-first"), record_text(record, "udp-single")))
		note_add(notes, "udp-first and udp-single are one here: the longer");
	if (record_has(record, "replyto") && !read_gateway(reader, record_text(record, "replyto")))
		note_add(notes, "the gateway for its answers is not there (%s): they go by the routes", record_get(record, "replyto"));
}

static void
read_rule(struct filter_reader *reader, struct arena *arena, const struct record *record, struct filter_rule *rule)
{
	struct noting            notes = { .arena = arena };
	const char              *missing;
	static const char *const actions[] = { "pass", "block", "reject", NULL };
	static const char *const directions[] = { "in", "out", "any", NULL };
	static const char *const states[] = { "keep", "sloppy", "modulate", "synproxy", "none", NULL };

	*rule = (struct filter_rule){
		.uuid = record->uuid,
		.stamp = fresh_stamp(reader),
		.action = (enum rule_action)record_choice(record, "action", actions, RULE_BLOCK),
		.direction = (enum rule_direction)record_choice(record, "direction", directions, DIRECTION_IN),
		.state = (enum rule_state)record_choice(record, "statetype", states, STATE_KEEP),
		.family = read_family(record_text(record, "ipprotocol")),
		.sequence = (unsigned)record_number(record, "sequence", 0),
		.quick = record_bool(record, "quick"),
		.log = record_bool(record, "log"),
		.is_inactive = !record_bool(record, "enabled"),
		.interface_not = record_bool(record, "interfacenot"),
		.priority = record_bool(record, "floating") ? PRIORITY_FLOATING : 0,
		.allow_options = record_bool(record, "allowopts"),
		.is_scheduled = record_has(record, "sched"),
		.label = record_get(record, "description"),
	};
	rule->interfaces = read_names(arena, record_text(record, "interface"), &rule->ninterfaces);
	missing = read_match(reader, arena, record, rule);
	read_effects(reader, arena, record, rule);
	if (rule->is_inactive)
		return;
	if (missing)
		note_missing(&notes, record, missing);
	note_unheeded(&notes, reader, record);
	/* Where it cannot be told whom it is for, nobody passes. */
	rule->is_inactive = missing || (rule->action == RULE_PASS && has_member(record, "os"));
	if (notes.count == 0)
		return;
	rule->nnotes = notes.count;
	rule->notes = ARENA_MAKE(arena, const char *, notes.count);
	memcpy((void *)rule->notes, notes.list, notes.count * sizeof(*notes.list));
}

/* A rule and its twins that are not in force, one for want of its schedule: each has a stamp of its own, for good. */
struct timed_rule {
	struct filter_rule        rule;
	const struct filter_rule *asleep, *lost; /* NULL where the rule has no schedule */
	const char               *schedule;
};

static struct filter_rule *
not_in_force(struct filter_reader *reader, struct arena *arena, const struct filter_rule *rule)
{
	struct filter_rule *twin = ARENA_MAKE(arena, struct filter_rule, 1);

	*twin = *rule;
	twin->is_inactive = true;
	twin->stamp = fresh_stamp(reader);
	return twin;
}

static const struct filter_rule *
without_schedule(struct filter_reader *reader, struct arena *arena, const struct filter_rule *rule, const char *schedule)
{
	struct filter_rule *twin = not_in_force(reader, arena, rule);
	const char        **note = ARENA_MAKE(arena, const char *, 1);

	if (rule->is_inactive)
		return twin;
	*note = arena_print(arena, "there is no schedule %s: the rule is not applied", schedule);
	twin->notes = note;
	twin->nnotes = 1;
	return twin;
}

static void *
make_rule(struct filter_reader *reader, struct arena *arena, const struct record *record)
{
	struct timed_rule *timed = ARENA_MAKE(arena, struct timed_rule, 1);

	read_rule(reader, arena, record, &timed->rule);
	if (!timed->rule.is_scheduled)
		return timed;
	timed->schedule = record_get(record, "sched");
	timed->asleep = not_in_force(reader, arena, &timed->rule);
	timed->lost = without_schedule(reader, arena, &timed->rule, timed->schedule);
	return timed;
}

static const struct filter_rule *
now_in_force(const struct filter_reader *reader, const struct timed_rule *timed)
{
	const time_t         now = reader->live ? reader->live->now : 0;
	const struct record *schedule = collection_where(snapshot_named(reader->snapshot, "firewall.schedule"), "name",
							 text_of(timed->schedule));
	struct tm            local;

	if (!schedule)
		return timed->lost;
	return now && localtime_r(&now, &local) && schedule_is_active(record_text(schedule, "ranges"), &local) ? &timed->rule
													      : timed->asleep;
}

static void
list_scheduled(struct filter_reader *reader, const struct filter_rule *const *rules, size_t nrules, size_t count)
{
	const struct filter_rule **list = ARENA_MAKE(reader->once, const struct filter_rule *, count);
	size_t                     used = 0;

	for (size_t i = 0; i < nrules && used < count; i++)
		if (rules[i]->is_scheduled)
			list[used++] = rules[i];
	reader->filter.scheduled = list;
	reader->filter.nscheduled = used;
}

void
read_rules(struct filter_reader *reader)
{
	size_t                     count, nscheduled = 0;
	void *const               *made = read_all(reader, "firewall.rule", make_rule, &count);
	const struct filter_rule **rules = ARENA_MAKE(reader->once, const struct filter_rule *, count + 1);

	for (size_t i = 0; i < count; i++) {
		const struct timed_rule *timed = made[i];

		if (i + READ_AHEAD < count)
			__builtin_prefetch(made[i + READ_AHEAD]);
		rules[i] = timed->rule.is_scheduled ? now_in_force(reader, timed) : &timed->rule;
		nscheduled += timed->rule.is_scheduled;
	}
	reader->filter.rules = rules;
	reader->filter.nrules = count;
	if (nscheduled > 0)
		list_scheduled(reader, rules, count, nscheduled);
}
