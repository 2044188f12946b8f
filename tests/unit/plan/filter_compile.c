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
	const struct ruleset *first = filter_compile(cache, many(arena, 1000, 0));
	const struct ruleset *second = filter_compile(cache, many(arena, 1000, 500));

	CHECK_NUMBER(count_different(first, second), 1);
	filter_cache_free(cache);
}

TEST(a_new_rule_changes_few_chains)
{
	scoped_arena          arena = arena_new();
	struct filter_cache  *cache = filter_cache_new();
	const struct ruleset *first = filter_compile(cache, many(arena, 1000, 0));
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
    cmocka_unit_test(a_rule_keeps_its_index), cmocka_unit_test(indexes_come_back_when_neither_rules_nor_connections_have_them),
    cmocka_unit_test(indexes_never_run_out),
    cmocka_unit_test(indexes_are_the_same_after_a_restart), cmocka_unit_test(a_rule_without_its_interface_is_not_applied));
