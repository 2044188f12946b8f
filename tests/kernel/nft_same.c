/*
 * What we send is what nft makes of the same rule set: each golden file is loaded by nft -f and by us,
 * and nft lists the same both times.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/nft.h"
#include "filter_text.h"
#include "lab.h"
#include "plan/filter/compile.h"
#include "test.h"

static const char *folder;

static void
list(struct buffer *out)
{
	CHECK(LAB(out, "nft", "list", "ruleset"));
}

static const struct ruleset *
ruleset_of(struct arena *arena, struct filter_cache *cache, const char *path)
{
	const char *input = file_read(arena, path);

	assert_non_null(input);
	return filter_compile(cache, filter_text_make(arena, input));
}

/* The first lines that differ. */
static void
compare(const char *path, const struct buffer *ours, const struct buffer *theirs)
{
	struct text a = buffer_text(ours), b = buffer_text(theirs), x, y;

	while (a.len > 0 && b.len > 0) {
		x = text_until(&a, '\n');
		y = text_until(&b, '\n');
		if (!text_equal(x, y))
			fail_msg("%s:\n ours: %.*s\n nft's: %.*s", path, TEXT_ARGS(x), TEXT_ARGS(y));
	}
	CHECK(a.len == b.len);
}

static void
check_one(const char *path)
{
	scoped_arena         arena = arena_new();
	scoped_buffer        theirs = BUFFER_NONE, ours = BUFFER_NONE, said = BUFFER_NONE;
	struct filter_cache *cache = filter_cache_new();
	struct nft_outcome   outcome;
	struct nft          *nft = NULL;

	lab_fresh();
	if (!LAB(&said, "nft", "-f", arena_print(arena, "%.*s.nft", (int)(strlen(path) - 4), path)))
		fail_msg("nft -f %s: %s", path, buffer_string(&said));
	list(&theirs);
	lab_fresh();
	CHECK_NUMBER(nft_open(&nft), RESULT_DONE);
	const struct ruleset *ruleset = ruleset_of(arena, cache, path);

	if (nft_check(nft, ruleset, &outcome) != RESULT_DONE || nft_apply(nft, ruleset, &outcome) != RESULT_DONE)
		fail_msg("%s: %s", path, outcome.message);
	list(&ours);
	compare(path, &ours, &theirs);
	/* Once more from nothing known, and then nothing is to be done. */
	nft_close(nft);
	CHECK_NUMBER(nft_open(&nft), RESULT_DONE);
	if (nft_apply(nft, ruleset, &outcome) != RESULT_DONE)
		fail_msg("%s, again: %s", path, outcome.message);
	CHECK(outcome.full);
	buffer_cut(&ours, 0);
	list(&ours);
	compare(path, &ours, &theirs);
	CHECK_NUMBER(nft_apply(nft, ruleset, &outcome), RESULT_DONE);
	CHECK(!outcome.changed);
	nft_close(nft);
	filter_cache_free(cache);
}

/* --- one rule after the other --------------------------------------------------------------------------- */

#define RULES_MOST 90
#define CHANGES    120
#define LOOK_EVERY 20

/* Rules by uuid, in their order; which port each is about says what it is now. */
struct rule_list {
	struct {
		unsigned uuid, port;
	} list[RULES_MOST];
	size_t   count;
	unsigned newest;
};

/* Changed, made, removed or moved: one rule, somewhere. */
static void
change_one(struct rule_list *rules, unsigned kind, size_t at)
{
	if (kind == 1 && rules->count < RULES_MOST) {
		memmove(&rules->list[at + 1], &rules->list[at], (rules->count - at) * sizeof(rules->list[0]));
		rules->list[at].uuid = ++rules->newest;
		rules->list[at].port = 1;
		rules->count++;
	} else if (kind == 2 && rules->count > RULES_MOST / 2) {
		memmove(&rules->list[at], &rules->list[at + 1], (--rules->count - at) * sizeof(rules->list[0]));
	} else if (kind == 3 && at > 0) {
		const unsigned uuid = rules->list[at].uuid, port = rules->list[at].port;

		rules->list[at] = rules->list[at - 1];
		rules->list[at - 1].uuid = uuid;
		rules->list[at - 1].port = port;
	} else {
		rules->list[at].port++;
	}
}

static const struct ruleset *
ruleset_of_list(struct arena *arena, struct filter_cache *cache, const struct rule_list *rules)
{
	scoped_buffer text = BUFFER_NONE;

	buffer_add_string(&text, "interface wan em0 192.0.2.1/24\nmode disabled\n");
	for (size_t i = 0; i < rules->count; i++)
		buffer_print(&text, "rule pass in on wan inet proto tcp to 10.0.0.%u port %u uuid u%u\n", rules->list[i].uuid % 250,
			     rules->list[i].port, rules->list[i].uuid);
	struct filter *filter = filter_text_make(arena, buffer_string(&text));

	for (size_t i = 0; i < filter->nrules; i++)
		((struct filter_rule *)filter->rules[i])->stamp = 0;
	return filter_compile(cache, filter);
}

/* What the kernel holds is what a backend that remembers nothing makes of the same rules. */
static void
check_anew(const struct ruleset *ruleset)
{
	scoped_buffer      before = BUFFER_NONE, after = BUFFER_NONE;
	struct nft_outcome outcome;
	struct nft        *fresh = NULL;

	list(&before);
	CHECK_NUMBER(nft_open(&fresh), RESULT_DONE);
	if (nft_apply(fresh, ruleset, &outcome) != RESULT_DONE)
		fail_msg("anew: %s", outcome.message);
	nft_close(fresh);
	list(&after);
	compare("changed one by one", &before, &after);
}

TEST(rules_changed_one_by_one_are_those_loaded_at_once)
{
	scoped_arena         arena = arena_new();
	struct filter_cache *cache = filter_cache_new();
	struct rule_list     rules = { .newest = 0 };
	struct nft_outcome   outcome;
	struct nft          *nft = NULL;
	unsigned             seed = 7;

	for (unsigned i = 0; i < RULES_MOST * 2 / 3; i++)
		change_one(&rules, 1, i);
	lab_fresh();
	CHECK_NUMBER(nft_open(&nft), RESULT_DONE);
	for (unsigned i = 0; i <= CHANGES; i++) {
		const unsigned kind = (unsigned)rand_r(&seed) % 5;

		change_one(&rules, kind, (size_t)rand_r(&seed) % rules.count);
		const struct ruleset *ruleset = ruleset_of_list(arena, cache, &rules);

		if (nft_apply(nft, ruleset, &outcome) != RESULT_DONE)
			fail_msg("change %u: %s", i, outcome.message);
		/* After a look somebody else has changed them. */
		CHECK(outcome.full == (i % LOOK_EVERY == 0));
		if (i % LOOK_EVERY == LOOK_EVERY - 1)
			check_anew(ruleset);
	}
	nft_close(nft);
	filter_cache_free(cache);
}

TEST(what_is_sent_is_what_nft_would_send)
{
	scoped_arena arena = arena_new();
	glob_t       found;

	CHECK(glob(arena_print(arena, "%s/*.txt", folder), 0, NULL, &found) == 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_one(found.gl_pathv[i]);
	globfree(&found);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent_is_what_nft_would_send),
		cmocka_unit_test(rules_changed_one_by_one_are_those_loaded_at_once),
	};

	lab_need("nft");
	folder = argc > 1 ? argv[1] : "golden/rules";
	return cmocka_run_group_tests(tests, NULL, NULL);
}
