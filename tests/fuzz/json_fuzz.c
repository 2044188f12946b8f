/*
 * Whatever the JSON reader takes, the writer must print, and reading that must give the same tree.
 * Built for libFuzzer; the corpus is replayed by the plain tests.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/bug.h"
#include "json/read.h"
#include "json/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
round_trip(const struct value *value, unsigned options)
{
	scoped_arena  arena = arena_new();
	scoped_buffer out = BUFFER_NONE;
	struct json   json = { .out = &out, .options = options };
	struct value *again = NULL;

	json_value(&json, value);
	BUG_IF(json.open != 0, "brackets left open");
	BUG_IF(json_read(arena, buffer_text(&out), NULL, &again, NULL) != RESULT_DONE, "printed no JSON: %s",
	       buffer_string(&out));
	scoped_buffer second = BUFFER_NONE;
	struct json   writer = { .out = &second, .options = options };

	json_value(&writer, again);
	BUG_IF(!text_equal(buffer_text(&out), buffer_text(&second)), "printed two ways");
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	scoped_arena  arena = arena_new();
	struct value *value = NULL;
	const char   *message = NULL;
	/* A copy of just this size, so that reading past its end is seen. */
	char *copy = malloc(size ? size : 1);

	for (size_t i = 0; i < size; i++)
		copy[i] = (char)bytes[i];
	if (json_read(arena, (struct text){ copy, size }, NULL, &value, &message) == RESULT_DONE) {
		round_trip(value, 0);
		round_trip(value, JSON_ASCII | JSON_ESCAPE_SLASH);
	} else {
		BUG_IF(!message, "refused without a word");
	}
	free(copy);
	return 0;
}
