/*
 * The chains at the kernel's hooks: what is known passes, what is no connection is refused, and the rest
 * walks the rules. backends.md 5.1 says why they stand where they do.
 */
#include "base/bug.h"
#include "plan/filter/automatic.h"
#include "plan/filter/build.h"

enum {
	PRIORITY_FILTER_IN = -90,
	PRIORITY_ROUTE = -150,
	PRIORITY_MANGLE = -150,
	PRIORITY_PROXY = -5, /* before rules for "out", which decide on the connection that we make */
	PRIORITY_FILTER_OUT = 0,
	PRIORITY_FILTER_POST = 110,
	PRIORITY_KEEP = 150,
};

enum { PROTO_TCP = 6, FIB_LOCAL = 2 };
enum { SEGMENT_MAX4 = 1460, SEGMENT_MAX6 = 1440 }; /* what Ethernet takes */
enum { HEADERS_IPV4 = 40, HEADERS_IPV6 = 60 };     /* of IP and TCP, before the segment */
enum { FLAG_SYN = 2, FLAG_RST = 4 };

struct part {
	struct build *build;
	struct line   line;
	struct lines  lines;
};

static struct line *
begin(struct part *part)
{
	line_start(&part->line, part->build);
	return &part->line;
}

static void
end(struct part *part)
{
	line_end(&part->line, part->build->once, &part->lines);
}

/* The line ends with this verdict. */
static void
finish(struct part *part, enum step_verdict verdict, const char *chain)
{
	line_verdict(&part->line, verdict, chain);
	end(part);
}

static void
state_is(struct line *line, uint32_t bits)
{
	line_bits(line, KEY_CT_STATE, bits);
}

/* For the rule whose index is in this mark. */
static void
count_by(struct part *part, enum step_key mark)
{
	struct step step = { .kind = STEP_COUNTERS, .key = mark, .has_mask = true, .name = TEXT("m_rule") };

	step_put_number(mark, step.mask, MARK_RULE);
	line_add(begin(part), &step);
	end(part);
}

/* What has no gateway keeps the mark that whoever sent it gave it. */
static void
copy_gateway(struct part *part, uint32_t direction, bool reply_to)
{
	struct step step = { .kind = STEP_COPY, .key = KEY_MARK, .from = KEY_CT_MARK, .has_mask = true };

	line_number(begin(part), KEY_CT_DIRECTION, COMPARE_IS, direction);
	line_masked(&part->line, KEY_CT_MARK, MARK_REPLY_TO, reply_to ? MARK_REPLY_TO : 0);
	if (!reply_to)
		line_bits(&part->line, KEY_CT_MARK, MARK_GATEWAY);
	step_put_number(KEY_CT_MARK, step.mask, MARK_GATEWAY);
	line_add(&part->line, &step);
	end(part);
}

/* The chain that a map has for the rule of the connection. */
static void
ask_map(struct part *part, const char *map)
{
	struct step step = { .kind = STEP_VERDICTS, .key = KEY_CT_MARK, .has_mask = true, .name = text_of(map) };

	step_put_number(KEY_CT_MARK, step.mask, MARK_RULE);
	line_add(&part->line, &step);
	end(part);
}

/* Packets in the direction of the first one, when rules limit their rate. */
static void
limit_rates(struct part *part)
{
	if (!part->build->limits_rates)
		return;
	line_number(begin(part), KEY_CT_DIRECTION, COMPARE_IS, 0);
	ask_map(part, MAP_RATES);
}

/* Packets of connections: they keep to their gateway and count for their rule. */
static void
make_known(struct part *part)
{
	if (part->build->uses_gateways) {
		copy_gateway(part, 0, false);
		copy_gateway(part, 1, true);
	}
	limit_rates(part);
	count_by(part, KEY_CT_MARK);
	begin(part);
	finish(part, VERDICT_ACCEPT, NULL);
	build_chain(part->build, "f_known", &part->lines);
	part->lines = (struct lines){ 0 };
}

/* What a rule lets pass ends here. */
static void
make_pass(struct part *part, const char *name, enum step_key mark)
{
	count_by(part, mark);
	begin(part);
	finish(part, VERDICT_ACCEPT, NULL);
	build_chain(part->build, name, &part->lines);
	part->lines = (struct lines){ 0 };
}

static void
make_deny(struct part *part, const char *name, const char *direction)
{
	const unsigned index = build_index(part->build, UUID_DEFAULT_DENY);
	char           counter[16], prefix[STEP_NAME_MAX];
	struct line   *line = begin(part);

	snprintf(counter, sizeof(counter), "r%u", index);
	line_add(line, &(struct step){ .kind = STEP_COUNTER, .name = text_of(counter) });
	snprintf(prefix, sizeof(prefix), "%u:block:%s:%s", index, direction, UUID_DEFAULT_DENY);
	if (part->build->filter->log_default_block)
		line_add(line, &(struct step){ .kind = STEP_LOG, .name = text_of(prefix),
					       .number = part->build->filter->log_group });
	line_verdict(line, VERDICT_DROP, NULL);
	line_add(line, &(struct step){ .kind = STEP_COMMENT, .name = TEXT(UUID_DEFAULT_DENY) });
	end(part);
	build_chain(part->build, name, &part->lines);
	part->lines = (struct lines){ 0 };
}

static void
make_base(struct part *part, const struct ruleset_chain *head)
{
	build_base(part->build, head, &part->lines);
	part->lines = (struct lines){ 0 };
}

static void
refuse_invalid(struct part *part, const char *chain)
{
	if (part->build->loose)
		return;
	state_is(begin(part), CT_INVALID);
	finish(part, VERDICT_GOTO, chain);
}

/* No rule lets packets with IPv4 options pass: they need not walk. */
static void
refuse_options(struct part *part)
{
	struct step step = { .kind = STEP_MATCH, .key = KEY_IP_FIRST, .compare = COMPARE_NOT, .has_mask = true };

	if (part->build->allows_options)
		return;
	line_number(begin(part), KEY_NFPROTO, COMPARE_IS, 2);
	step_put_number(KEY_IP_FIRST, step.mask, 0x0f);
	step_put_number(KEY_IP_FIRST, step.value, 5);
	line_add(&part->line, &step);
	finish(part, VERDICT_GOTO, "f_deny_in");
}

static void
make_in(struct part *part)
{
	line_device(begin(part), KEY_IIFNAME, COMPARE_IS, "lo");
	finish(part, VERDICT_ACCEPT, NULL);
	state_is(begin(part), CT_ESTABLISHED | CT_RELATED);
	finish(part, VERDICT_GOTO, "f_known");
	refuse_invalid(part, "f_deny_in");
	refuse_options(part);
	if (part->build->passes_forwards) {
		line_bits(begin(part), KEY_CT_MARK, MARK_RULE);
		finish(part, VERDICT_ACCEPT, NULL);
	}
	begin(part);
	finish(part, VERDICT_JUMP, "walk_in");
	begin(part);
	finish(part, VERDICT_GOTO, "f_deny_in");
	make_base(part, &(struct ruleset_chain){ "f_in", CHAIN_FILTER, HOOK_PREROUTING, PRIORITY_FILTER_IN, true });
}

/* Going out where rules are asked after translation, or elsewhere. */
static void
match_late(struct line *line, enum step_compare compare)
{
	struct build         *build = line->build;
	const struct filter  *filter = build->filter;
	const char          **devices = ARENA_MAKE(build->once, const char *, filter->ninterfaces);
	size_t                count = 0;

	for (size_t i = 0; i < filter->ninterfaces; i++)
		if (build->is_late[i])
			devices[count++] = filter->interfaces[i].device;
	if (count == 1)
		line_device(line, KEY_OIFNAME, compare, devices[0]);
	else
		line_lookup(line, KEY_OIFNAME, compare, want_devices(build, devices, count));
}

static void
make_post(struct part *part)
{
	if (!part->build->any_late)
		return;
	match_late(begin(part), COMPARE_NOT);
	finish(part, VERDICT_ACCEPT, NULL);
	state_is(begin(part), CT_ESTABLISHED | CT_RELATED);
	finish(part, VERDICT_ACCEPT, NULL);
	begin(part);
	finish(part, VERDICT_JUMP, "walk_post");
	begin(part);
	finish(part, VERDICT_GOTO, "f_deny_out");
	make_base(part, &(struct ruleset_chain){ "f_post", CHAIN_FILTER, HOOK_POSTROUTING, PRIORITY_FILTER_POST, true });
}

static void
make_out(struct part *part, const char *name, enum chain_hook hook)
{
	if (hook == HOOK_OUTPUT) {
		if (part->build->proxies) {
			state_is(begin(part), CT_NEW);
			line_number(&part->line, KEY_FIB_SADDR, COMPARE_NOT, FIB_LOCAL);
			finish(part, VERDICT_JUMP, PROXIED_CHAIN);
		}
		limit_rates(part);
		line_device(begin(part), KEY_OIFNAME, COMPARE_IS, "lo");
		finish(part, VERDICT_ACCEPT, NULL);
		count_by(part, KEY_CT_MARK);
	}
	state_is(begin(part), CT_ESTABLISHED | CT_RELATED);
	finish(part, VERDICT_ACCEPT, NULL);
	if (part->build->any_late) {
		match_late(begin(part), COMPARE_IS);
		finish(part, VERDICT_ACCEPT, NULL);
	}
	begin(part);
	finish(part, VERDICT_JUMP, "walk_out");
	begin(part);
	finish(part, VERDICT_GOTO, "f_deny_out");
	/* Where a rule chooses the gateway of our own packets, they are routed again. */
	make_base(part, &(struct ruleset_chain){ name, hook == HOOK_OUTPUT && part->build->routes_own ? CHAIN_ROUTE : CHAIN_FILTER,
						 hook, PRIORITY_FILTER_OUT, true });
}

/* Answers of this box itself to what came in by a gateway are routed again, and what it sent by one. */
static void
make_route(struct part *part)
{
	if (!part->build->uses_gateways)
		return;
	copy_gateway(part, 1, true);
	if (part->build->routes_own)
		copy_gateway(part, 0, false);
	make_base(part, &(struct ruleset_chain){ "r_out", CHAIN_ROUTE, HOOK_OUTPUT, PRIORITY_ROUTE });
}

/*
 * Segments through a link that is narrower than what follows it: what the packet may hold less its headers. As pf does it,
 * for all that comes or goes there: what is forwarded, and the box's own connections.
 */
static void
add_clamp(struct part *part, const struct filter_interface *interface, bool is_out, bool v6)
{
	line_device(begin(part), is_out ? KEY_OIFNAME : KEY_IIFNAME, COMPARE_IS, interface->device);
	line_number(&part->line, KEY_NFPROTO, COMPARE_IS, v6 ? 10 : 2);
	line_number(&part->line, KEY_L4PROTO, COMPARE_IS, PROTO_TCP);
	line_masked(&part->line, KEY_TCP_FLAGS, FLAG_SYN | FLAG_RST, FLAG_SYN);
	line_add(&part->line, &(struct step){ .kind = STEP_MSS,
		.number = (uint32_t)interface->mss - (v6 ? HEADERS_IPV6 : HEADERS_IPV4) });
	end(part);
}

static void
make_mangle(struct part *part, bool is_out)
{
	const struct filter *filter = part->build->filter;

	for (size_t i = 0; i < filter->ninterfaces; i++)
		for (unsigned v6 = 0; filter->interfaces[i].mss > HEADERS_IPV6 && v6 < 2; v6++)
			add_clamp(part, &filter->interfaces[i], is_out, v6);
	if (part->lines.count > 0)
		make_base(part, is_out ? &(struct ruleset_chain){ "f_mangle_out", CHAIN_FILTER, HOOK_POSTROUTING, PRIORITY_MANGLE }
				       : &(struct ruleset_chain){ "f_mangle_in", CHAIN_FILTER, HOOK_PREROUTING, PRIORITY_MANGLE });
}

/* What comes from those that a zone has let in, and what goes to them, is counted by the element of each. */
static void
make_zones(struct part *part, bool is_out)
{
	const struct filter *filter = part->build->filter;

	for (size_t i = 0; i < filter->nzones; i++)
		for (unsigned v6 = 0; v6 < 2; v6++) {
			const char *alias = is_out ? filter->zones[i].to : filter->zones[i].from;
			enum step_key key = is_out ? KEY_IP_DADDR : KEY_IP_SADDR;

			if (v6)
				key = is_out ? KEY_IP6_DADDR : KEY_IP6_SADDR;
			line_number(begin(part), KEY_NFPROTO, COMPARE_IS, v6 ? 10 : 2);
			line_lookup(&part->line, key, COMPARE_IS, want_alias(part->build, alias, v6 ? SET_IPV6 : SET_IPV4));
			end(part);
		}
	if (part->lines.count > 0)
		make_base(part, is_out ? &(struct ruleset_chain){ "p_out", CHAIN_FILTER, HOOK_POSTROUTING, PRIORITY_MANGLE }
				       : &(struct ruleset_chain){ "p_in", CHAIN_FILTER, HOOK_PREROUTING, PRIORITY_MANGLE });
}

/* A connection that no inbound rule let in belongs to the outbound rule that did, and keeps to its gateway. */
static void
make_keep(struct part *part)
{
	struct step step = { .kind = STEP_COPY, .key = KEY_CT_MARK, .from = KEY_MARK, .has_mask = true };

	state_is(begin(part), CT_NEW);
	line_number(&part->line, KEY_CT_MARK, COMPARE_IS, 0);
	step_put_number(KEY_MARK, step.mask, part->build->routes_own ? MARK_RULE | MARK_GATEWAY : MARK_RULE);
	line_add(&part->line, &step);
	end(part);
	if (part->build->sets_priorities) {
		begin(part);
		/* The class of the shaper is in the same place. */
		if (shape_is_on(part->build))
			line_masked(&part->line, KEY_MARK, MARK_SHAPED, 0);
		ask_map(part, MAP_PRIORITIES);
	}
	make_base(part, &(struct ruleset_chain){ "f_keep", CHAIN_FILTER, HOOK_POSTROUTING, PRIORITY_KEEP });
}

/*
 * Handshakes that are ours: the kernel answers the first packet, and makes the connection when the client answers in turn.
 * It offers the client nothing but a segment size, as pf does, since what the server can do is not known.
 */
static void
make_proxy(struct part *part, const char *name, enum chain_hook hook)
{
	if (!part->build->proxies)
		return;
	for (int v6 = 0; v6 < 2; v6++) {
		line_bits(begin(part), KEY_MARK, MARK_SYNPROXY);
		line_number(&part->line, KEY_NFPROTO, COMPARE_IS, v6 ? 10 : 2);
		line_add(&part->line, &(struct step){ .kind = STEP_SYNPROXY, .number = v6 ? SEGMENT_MAX6 : SEGMENT_MAX4 });
		end(part);
	}
	line_bits(begin(part), KEY_MARK, MARK_SYNPROXY);
	finish(part, VERDICT_DROP, NULL);
	make_base(part, &(struct ruleset_chain){ name, CHAIN_FILTER, hook, PRIORITY_PROXY });
}

void
filter_base(struct build *build)
{
	struct part part = { .build = build };

	build->nwants = 0;
	make_known(&part);
	make_pass(&part, CHAIN_PASS_IN, KEY_CT_MARK);
	make_pass(&part, CHAIN_PASS_OUT, KEY_MARK);
	make_deny(&part, "f_deny_in", "in");
	make_deny(&part, "f_deny_out", "out");
	make_in(&part);
	make_out(&part, "f_forward", HOOK_FORWARD);
	make_out(&part, "f_output", HOOK_OUTPUT);
	make_post(&part);
	make_route(&part);
	make_mangle(&part, false);
	make_mangle(&part, true);
	make_zones(&part, false);
	make_zones(&part, true);
	make_proxy(&part, "s_input", HOOK_INPUT);
	make_proxy(&part, "s_forward", HOOK_FORWARD);
	make_keep(&part);
	want_use(build, build->wants, build->nwants);
	buffer_clear(&part.line.bytes);
}
