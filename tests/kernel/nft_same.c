/*
 * What we send is what nft makes of the same rule set: each golden file is loaded by nft -f and by us,
 * and nft lists the same both times.
 */
#include <glob.h>
#include <stdio.h>
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
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_sent_is_what_nft_would_send) };

	lab_need("nft");
	folder = argc > 1 ? argv[1] : "golden/rules";
	return cmocka_run_group_tests(tests, NULL, NULL);
}
