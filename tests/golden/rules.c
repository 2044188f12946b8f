/*
 * Every golden/rules/NAME.txt gives NAME.nft, byte for byte. GOLDEN_UPDATE=1 writes what
 * came out instead, to be reviewed like code.
 */
#include <glob.h>
#include <stdio.h>

#include "base/buffer.h"
#include "filter_text.h"
#include "plan/filter/compile.h"
#include "plan/ruleset/wire.h"
#include "test.h"

static const char *folder;

/* What the keeper reads is what the gate compiled, and nothing shorter is taken for it. */
static void
check_coding(const struct ruleset *ruleset, const char *printed)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  bytes = BUFFER_NONE, again = BUFFER_NONE;
	struct ruleset decoded;
	const char    *why = NULL;

	ruleset_encode(&bytes, ruleset, NULL);
	CHECK(ruleset_decode(arena, buffer_text(&bytes), &decoded, &why));
	ruleset_print(&again, &decoded);
	CHECK_STRING(buffer_string(&again), printed);
	for (size_t len = 0; len < bytes.len; len += 1 + len / 64)
		CHECK(!ruleset_decode(arena, text_first(buffer_text(&bytes), len), &decoded, &why));
	buffer_add_byte(&bytes, 0);
	CHECK(!ruleset_decode(arena, buffer_text(&bytes), &decoded, &why));
}

static void
compile(const char *path, struct buffer *out)
{
	scoped_arena         arena = arena_new();
	struct filter_cache *cache = filter_cache_new();
	const char          *input = file_read(arena, path);

	assert_non_null(input);
	const struct ruleset *ruleset = filter_compile(cache, filter_text_make(arena, input));

	ruleset_print(out, ruleset);
	check_coding(ruleset, buffer_string(out));
	filter_cache_free(cache);
}

static void
check_one(const char *input)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  have = BUFFER_NONE;
	const char    *path = arena_print(arena, "%.*s.nft", (int)(strlen(input) - 4), input);

	compile(input, &have);
	if (getenv("GOLDEN_UPDATE")) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fputs(buffer_string(&have), file);
		fclose(file);
		return;
	}
	const char *want = file_read(arena, path);

	print_message("%s\n", input);
	assert_non_null(want);
	CHECK_STRING(buffer_string(&have), want);
}

TEST(each_filter_gives_the_rules_that_were_reviewed)
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
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_filter_gives_the_rules_that_were_reviewed) };

	folder = argc > 1 ? argv[1] : "golden/rules";
	return cmocka_run_group_tests(tests, NULL, NULL);
}
