/* The filter compiler: what stays the same, and what a cache may not change. */
#include "filter_text.h"
#include "plan/filter/compile.h"
#include "plan/ruleset/wire.h"
#include "test.h"

static const char head[] = "interface wan em0 192.0.2.1/24 wan\ninterface lan em1 192.168.1.1/24\nmanagement 443\n";

/* A filter of `count` rules; the rule `changed` has another port. */
static struct filter *
many(struct arena *arena, unsigned count, unsigned changed)
{
	scoped_buffer text = BUFFER_NONE;

	buffer_add_string(&text, head);
	for (unsigned i = 1; i <= count; i++)
		buffer_print(&text, "rule pass in on lan inet proto tcp to 10.%u.%u.0/24 port %u uuid u%u\n", i / 250, i % 250,
			     i == changed ? 9999 : 80, i);
	struct filter *filter = filter_text_make(arena, buffer_string(&text));

	for (size_t i = 0; i < filter->nrules; i++)
		if (i + 1 == changed)
			((struct filter_rule *)filter->rules[i])->stamp = 1000000 + i;
	return filter;
}

/* Names and hashes of its chains, for after the next compilation. */
static const struct ruleset *
remember(struct arena *arena, const struct ruleset *ruleset)
{
	struct ruleset       *copy = ARENA_MAKE(arena, struct ruleset, 1);
	struct ruleset_chain *chains = ARENA_MAKE(arena, struct ruleset_chain, ruleset->nchains);

	for (size_t i = 0; i < ruleset->nchains; i++)
		chains[i] = (struct ruleset_chain){ .name = arena_copy(arena, text_of(ruleset->chains[i].name)),
						    .hash = ruleset->chains[i].hash };
	*copy = (struct ruleset){ .chains = chains, .nchains = ruleset->nchains };
	return copy;
}

static size_t
count_different(const struct ruleset *a, const struct ruleset *b)
{
	size_t different = 0;

	for (size_t i = 0; i < b->nchains; i++) {
		bool same = false;

		for (size_t k = 0; k < a->nchains; k++)
			same |= a->chains[k].hash == b->chains[i].hash && strcmp(a->chains[k].name, b->chains[i].name) == 0;
		different += !same;
	}
	return different;
}

TEST(a_changed_rule_changes_one_chain)
{
	scoped_arena          arena = arena_new();
	struct filter_cache  *cache = filter_cache_new();
	const struct ruleset *first = remember(arena, filter_compile(cache, many(arena, 1000, 0)));
	const struct ruleset *second = filter_compile(cache, many(arena, 1000, 500));

	CHECK_NUMBER(count_different(first, second), 1);
	filter_cache_free(cache);
}

TEST(a_new_rule_changes_few_chains)
{
	scoped_arena          arena = arena_new();
	struct filter_cache  *cache = filter_cache_new();
	const struct ruleset *first = remember(arena, filter_compile(cache, many(arena, 1000, 0)));
	const struct ruleset *second = filter_compile(cache, many(arena, 1001, 0));

	/* Its own chain; and the list of chains, when it begins one. */
	CHECK(count_different(first, second) <= 3);
	filter_cache_free(cache);
}

TEST(no_chain_is_long)
{
	scoped_arena          arena = arena_new();
	struct filter_cache  *cache = filter_cache_new();
	const struct ruleset *ruleset = filter_compile(cache, many(arena, 3000, 0));

	for (size_t i = 0; i < ruleset->nchains; i++)
		CHECK(ruleset->chains[i].nrules <= 128);
	filter_cache_free(cache);
}

TEST(a_cache_makes_no_difference_but_speed)
{
	scoped_arena         arena = arena_new();
	struct filter_cache *warm = filter_cache_new(), *cold = filter_cache_new();
	scoped_buffer        first = BUFFER_NONE, second = BUFFER_NONE;

	filter_compile(warm, many(arena, 300, 0));
	ruleset_print(&first, filter_compile(warm, many(arena, 300, 77)));
	ruleset_print(&second, filter_compile(cold, many(arena, 300, 77)));
	CHECK_STRING(buffer_string(&first), buffer_string(&second));
	filter_cache_free(warm);
	filter_cache_free(cold);
}

/* --- One change after the other ----------------------------------------------------------------- */

#define VARIED 160

/* Rules of all layers and ways. */
static struct filter *
varied(struct arena *arena)
{
	static const char *const patterns[] = {
		"pass in on lan inet proto tcp to 10.%u.0.0/16 port 80", "block in on opt1 from @web to 10.%u.0.0/16",
		"reject in on inner proto tcp port %u", "pass any inet proto udp port %u", "pass in last on lan inet6 proto udp port %u",
		"block any last noton lan proto tcp port %u", "pass out on wan inet from 192.168.%u.0/24",
		"pass in on lan inet proto tcp port %u gateway two", "pass in on ipsec inet to 10.%u.0.0/16",
		"pass in on gone port %u proto tcp", "pass in on wan inet proto tcp to 10.%u.0.0/16 maxsrcstates 5 max 100",
		"block in proto udp to 10.%u.0.0/16 off",
	};
	scoped_buffer text = BUFFER_NONE;

	buffer_add_string(&text, "interface wan em0 192.0.2.1/24 2001:db8::1/64 wan gateway 1\ninterface lan em1 192.168.1.1/24\n"
		"interface opt1 em2 10.9.0.1/24\ninterface ipsec ipsec0 169.254.1.1/32\ngroup inner 5 lan opt1\ngateway two inet 2:1\n"
		"alias web 192.168.1.10 192.168.1.11\nalias rare 192.168.1.12\nmanagement 443\n"
		"forward on wan inet proto tcp to wan:address port 8080 target 192.168.1.10 local 80 pass\n");
	for (unsigned i = 0; i < VARIED; i++) {
		/* Mostly ordinary ones. */
		const char *pattern = patterns[i % 2 ? i % 9 : i / 2 % COUNT(patterns)];
		const char *rest = strchr(pattern, '%');

		buffer_print(&text, "rule %.*s%u%s uuid v%u\n", (int)(rest - pattern), pattern, i, rest + 2, i);
	}
	return filter_text_make(arena, buffer_string(&text));
}

static uint32_t
next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static uint64_t last_stamp = 1 << 20;

static const struct filter_rule *
edited(struct arena *arena, const struct filter_rule *rule, uint32_t *random)
{
	static const char *const note = "as somebody says";
	struct filter_rule      *copy = ARENA_MAKE(arena, struct filter_rule, 1);
	struct net              *net = ARENA_MAKE(arena, struct net, 1);
	const unsigned           what = next_random(random) % 20;

	*copy = *rule;
	if (what == 0)
		return copy; /* the same at another address */
	copy->stamp = ++last_stamp;
	*net = what == 1 ? (struct net){ .kind = NET_ALIAS, .name = "rare" }
			 : (struct net){ .kind = NET_PREFIX, .prefix = { { FAMILY_INET, { 10, (uint8_t)last_stamp } }, 16 } };
	if (what <= 3)
		copy->source = (struct nets){ net, 1 };
	else if (what == 4)
		copy->quick = !copy->quick;
	else if (what == 5)
		copy->is_inactive = !copy->is_inactive;
	else if (what == 6)
		copy->nnotes = (copy->notes = &note) && !copy->nnotes;
	else if (what == 7)
		copy->direction = (enum rule_direction)(next_random(random) % 3);
	else if (what == 8)
		copy->action = (enum rule_action)(next_random(random) % 3);
	else if (what == 9)
		copy->protocol = PROTOCOL_ANY;
	else if (what == 10)
		copy->gateway = copy->gateway ? NULL : "two";
	else if (what <= 12)
		copy->log = !copy->log;
	else
		copy->destination_port.range.first = copy->destination_port.range.last = (uint16_t)last_stamp;
	return copy;
}

static void
change(struct arena *arena, struct filter *filter, uint32_t *random)
{
	const struct filter_rule **rules = (const struct filter_rule **)filter->rules;
	const unsigned             what = next_random(random) % 60, a = next_random(random) % filter->nrules;

	for (unsigned i = next_random(random) % 3; i < 2; i++) {
		const unsigned which = next_random(random) % filter->nrules;

		rules[which] = edited(arena, rules[which], random);
	}
	if (what == 0)
		filter->nforwards = !filter->nforwards;
	if (what == 1)
		filter->lacks_timeouts = !filter->lacks_timeouts;
	if (what == 2)
		filter->ngateways = !filter->ngateways;
	if (what == 3)
		filter->nrules = filter->nrules == VARIED ? VARIED - 1 : VARIED;
	if (what >= 30)
		filter->log_default_block = !filter->log_default_block;
	if (what == 4) {
		const struct filter_rule *rule = rules[a];

		rules[a] = rules[0];
		rules[0] = rule;
	}
}

static void
print_all(struct buffer *out, struct filter_cache *cache, const struct filter *filter)
{
	const struct ruleset     *ruleset = filter_compile(cache, filter);
	size_t                    count;
	const struct filter_note *notes = filter_cache_notes(cache, &count);

	ruleset_print(out, ruleset);
	for (size_t i = 0; i < ruleset->nchains; i++)
		buffer_print(out, "%s %016llx\n", ruleset->chains[i].name, (unsigned long long)ruleset->chains[i].hash);
	for (size_t i = 0; i < count; i++)
		buffer_print(out, "note %s: %s\n", notes[i].uuid, notes[i].text);
}

TEST(after_any_changes_it_is_as_if_made_anew)
{
	scoped_arena         arena = arena_new();
	struct filter_cache *warm = filter_cache_new();
	struct filter       *filter = varied(arena);
	uint32_t             random = 5;

	for (unsigned round = 0; round < 300; round++) {
		struct filter_cache *cold = filter_cache_new();
		scoped_buffer        first = BUFFER_NONE, second = BUFFER_NONE, indexes = BUFFER_NONE;

		print_all(&first, warm, filter);
		filter_cache_write(warm, &indexes);
		CHECK(filter_cache_read(cold, buffer_text(&indexes)));
		print_all(&second, cold, filter);
		CHECK_STRING(buffer_string(&first), buffer_string(&second));
		filter_cache_free(cold);
		change(arena, filter, &random);
	}
	filter_cache_free(warm);
}

/* --- Indexes ------------------------------------------------------------------------------------ */

TEST(a_rule_keeps_its_index)
{
	scoped_arena         arena = arena_new();
	struct filter_cache *cache = filter_cache_new();

	filter_compile(cache, many(arena, 10, 0));
	const unsigned index = filter_cache_index(cache, "u7");

	CHECK(index > 0);
	filter_compile(cache, many(arena, 3, 0));
	filter_compile(cache, many(arena, 20, 0));
	CHECK_NUMBER(filter_cache_index(cache, "u7"), index);
	CHECK_STRING(filter_cache_uuid(cache, index), "u7");
	CHECK(!filter_cache_restore(cache, "other", index));
	filter_cache_free(cache);
}

TEST(indexes_come_back_when_neither_rules_nor_connections_have_them)
{
	scoped_arena         arena = arena_new();
	struct filter_cache *cache = filter_cache_new();
	uint64_t             carried[RULESET_RULES / 64] = { 0 };

	filter_compile(cache, many(arena, 10, 0));
	const unsigned gone = filter_cache_index(cache, "u7"), carries = filter_cache_index(cache, "u8");

	CHECK_NUMBER(filter_cache_idle(cache), 0);
	CHECK_NUMBER(filter_cache_release(cache, carried), 0);
	filter_compile(cache, many(arena, 5, 0));
	CHECK_NUMBER(filter_cache_idle(cache), 5);
	carried[carries / 64] |= 1ULL << (carries % 64);
	CHECK_NUMBER(filter_cache_release(cache, carried), 4);
	CHECK_NUMBER(filter_cache_idle(cache), 1);
	CHECK_NUMBER(filter_cache_index(cache, "u7"), 0);
	CHECK_NUMBER(filter_cache_index(cache, "u8"), carries);
	CHECK(filter_cache_index(cache, "u3") > 0);
	CHECK(filter_cache_restore(cache, "other", gone));
	/* A rule that comes again counts by the index it is given now, not by the one it had. */
	const struct ruleset *ruleset = filter_compile(cache, many(arena, 10, 0));
	const unsigned        fresh = filter_cache_index(cache, "u7");
	scoped_buffer         text = BUFFER_NONE;

	CHECK(fresh > 0 && fresh != gone);
	CHECK(ruleset_counts(ruleset, fresh));
	CHECK(!ruleset_counts(ruleset, gone));
	ruleset_print(&text, ruleset);
	CHECK(!text_contains(buffer_text(&text), text_of(arena_print(arena, "\"r%u\"", gone))));
	filter_cache_free(cache);
}

/* There are rules that come and go for years. */
TEST(indexes_never_run_out)
{
	struct filter_cache *cache = filter_cache_new();
	const uint64_t       carried[RULESET_RULES / 64] = { 0 };

	for (unsigned round = 0; round < 70; round++) {
		scoped_arena         once = arena_new();
		struct filter       *filter = many(once, 1000, 0);
		struct filter_rule **rules = (struct filter_rule **)filter->rules;

		for (size_t i = 0; i < filter->nrules; i++)
			rules[i]->uuid = arena_print(once, "u%u-%zu", round, i);
		for (size_t i = 0; i < filter->nrules; i++)
			rules[i]->stamp = 0;
		filter_compile(cache, filter);
		CHECK(filter_cache_index(cache, "u0-0") == 0 || round < 2);
		CHECK_NUMBER(filter_cache_idle(cache), round ? 1000 : 0);
		CHECK_NUMBER(filter_cache_release(cache, carried), round ? 1000 : 0);
	}
	filter_cache_free(cache);
}

TEST(indexes_are_the_same_after_a_restart)
{
	scoped_arena         arena = arena_new();
	struct filter_cache *before = filter_cache_new(), *after = filter_cache_new();
	scoped_buffer        kept = BUFFER_NONE;

	filter_compile(before, many(arena, 10, 0));
	filter_cache_write(before, &kept);
	CHECK(!filter_cache_read(after, TEXT("1 a\nx b\n")));
	CHECK_NUMBER(filter_cache_index(after, "a"), 0);
	CHECK(filter_cache_read(after, buffer_text(&kept)));
	filter_compile(after, many(arena, 3, 0));
	CHECK_NUMBER(filter_cache_index(after, "u3"), filter_cache_index(before, "u3"));
	CHECK_NUMBER(filter_cache_index(after, "u9"), filter_cache_index(before, "u9"));
	filter_cache_free(before);
	filter_cache_free(after);
}

TEST(a_rule_without_its_interface_is_not_applied)
{
	scoped_arena          arena = arena_new();
	struct filter_cache  *cache = filter_cache_new();
	const struct filter  *filter = filter_text_make(arena, "interface lan em1 192.168.1.1/24\nrule pass in on gone\n");

	filter_compile(cache, filter);
	CHECK_NUMBER(filter_cache_index(cache, "r1"), 0);
	filter_cache_free(cache);
}

/* Whatever gets as far as here, the keeper can read what comes of it. */
TEST(what_makes_no_sense_does_no_harm)
{
	scoped_arena                  arena = arena_new();
	struct filter_cache          *cache = filter_cache_new();
	struct filter                *filter = filter_text_make(arena, "interface lan em1 192.168.1.1/24\nalias a 10.0.0.9-10.0.0.1 10.0.0.5\n"
		"ports p 90-80 5\nrule pass in on lan inet proto tcp from @a to @nobody port 90:80\nrule block in on lan from @p port @a proto udp\n"
		"forward on lan inet proto tcp to lan:address port 9000:8000 target 10.0.0.5 local 65535\n"
		"forward on lan inet proto tcp to lan:address port 9000:9100 target 10.0.0.5 local 65500\n");
	const struct filter_interface odd[] = { { "lan", "em1" }, { "a b", "em2" }, { "opt1", "much too long a name" }, { "opt2", "em\"3" } };
	const struct filter_alias     quoted = { .name = "a\"b" };
	const struct net              net = { .kind = NET_ALIAS, .name = "a\"b" };
	const struct filter_alias    *aliases[] = { filter->aliases[0], filter->aliases[1], &quoted };
	scoped_buffer                 bytes = BUFFER_NONE;
	struct ruleset                read;
	const char                   *why = "";

	filter->interfaces = odd;
	filter->ninterfaces = COUNT(odd);
	filter->aliases = aliases;
	filter->naliases = COUNT(aliases);
	((struct filter_rule *)filter->rules[1])->destination = (struct nets){ &net, 1 };
	ruleset_encode(&bytes, filter_compile(cache, filter), NULL);
	if (!ruleset_decode(arena, buffer_text(&bytes), &read, &why))
		fail_msg("%s", why);
	for (size_t i = 0; i < read.nsets; i++)
		if (strcmp(read.sets[i].name, "a_a_4") == 0)
			CHECK_NUMBER(read.sets[i].count, 1);
	filter_cache_free(cache);
}

RUN(cmocka_unit_test(what_makes_no_sense_does_no_harm), cmocka_unit_test(a_changed_rule_changes_one_chain), cmocka_unit_test(a_new_rule_changes_few_chains),
    cmocka_unit_test(no_chain_is_long), cmocka_unit_test(a_cache_makes_no_difference_but_speed),
    cmocka_unit_test(after_any_changes_it_is_as_if_made_anew),
    cmocka_unit_test(a_rule_keeps_its_index), cmocka_unit_test(indexes_come_back_when_neither_rules_nor_connections_have_them),
    cmocka_unit_test(indexes_never_run_out),
    cmocka_unit_test(indexes_are_the_same_after_a_restart), cmocka_unit_test(a_rule_without_its_interface_is_not_applied));
