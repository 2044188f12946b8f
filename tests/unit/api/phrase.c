/* What a phrase finds: what people see, word by word, in any case; and the quick way finds what the plain way does. */
#include "api/phrase.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "schema/types.h"
#include "test.h"

#define FIELDS  70 /* more than one mask is for */
#define RECORDS 400
#define PHRASES 300

static const char *
say_length(const struct record *record, const struct view *view)
{
	return arena_print(view->arena, "%zu", strlen(record->values[0]));
}

/* clang-format off */
static const struct field known[] = {
	{ "name", &type_text },
	{ "level", &type_option, .preset = "5",
	  .choices = CHOICES({ "0", "None" }, { "1", "Voice" }, { "5", "Best effort" }, { "bb", "aab" }) },
	{ "ways", &type_option, .flags = MANY, .preset = "in,out", .choices = CHOICES({ "in", "Inwards" }, { "out", "Out" }) },
	{ "note", &type_text, .preset = "abba" },
	{ "enabled", &type_boolean, .preset = "1" },
	{ "secret", &type_text, .flags = SECRET },
	{ "ours", &type_text, .flags = HIDDEN },
	{ "length", &type_text, .flags = VOLATILE, .derive = say_length },
};
/* clang-format on */

static struct field    fields[FIELDS];
static struct resource things = { .name = "test.thing", .fields = fields, .nfields = FIELDS };

struct ground {
	struct schema         *schema;
	struct view            view;
	const struct snapshot *snapshot;
	const struct record   *records[RECORDS];
};

static void
fill_fields(struct arena *arena)
{
	memcpy(fields, known, sizeof(known));
	for (size_t i = COUNT(known); i < FIELDS; i++)
		fields[i] = (struct field){ arena_print(arena, "more%zu", i), i % 3 ? &type_text : &type_option,
					    .choices = known[1].choices, .nchoices = known[1].nchoices, .preset = i % 7 ? NULL : "ab" };
}

static void
ground_end(void *context)
{
	struct ground *ground = context;

	snapshot_release(ground->snapshot);
	schema_free(ground->schema);
	for (size_t i = 0; i < RECORDS; i++)
		record_release(ground->records[i]);
}

static struct ground *
ground_make(struct arena *arena)
{
	static const struct resource *const all[] = { &things };
	struct ground                      *ground = ARENA_MAKE(arena, struct ground, 1);

	fill_fields(arena);
	ground->schema = schema_new(all, 1);
	ground->snapshot = snapshot_new(ground->schema);
	ground->view = (struct view){ .arena = arena, .snapshot = ground->snapshot };
	arena_defer(arena, ground_end, ground);
	return ground;
}

/* The same each time. */
static unsigned
draw(unsigned below)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state % below);
}

static const char *
draw_text(struct arena *arena, unsigned longest)
{
	char     text[16];
	unsigned len = draw(longest + 1);

	for (unsigned i = 0; i < len; i++)
		text[i] = "aAbB01"[draw(6)];
	return arena_copy(arena, (struct text){ text, len });
}

static const struct record *
draw_record(struct arena *arena)
{
	static const char *const levels[] = { "0", "1", "5", "bb", "" }, *const ways[] = { "in", "out", "out,in", "", "in,out" };
	struct record           *record = record_make(arena, &things);
	const struct uuid        uuid = uuid_new();

	memcpy(record->uuid, uuid.text, sizeof(record->uuid));
	for (unsigned n = draw(6); n > 0; n--)
		record_put(record, draw(FIELDS), draw_text(arena, 6));
	record_set(record, "level", levels[draw(COUNT(levels))]);
	record_set(record, "ways", ways[draw(COUNT(ways))]);
	record_set(record, "enabled", draw(2) ? "1" : "0");
	return record_seal(record);
}

/* As it is told in words: what is shown for the field, or its value too, has the word in it. */
static bool
field_has(struct labels *labels, const struct record *record, size_t field, struct text word, bool both)
{
	const char *value = labels_value(labels, record, field);

	if (value[0] == '\0' || strcmp(value, "0") == 0)
		return false;
	return text_contains_any_case(text_of(labels_text(labels, record, field)), word) ||
	       (both && text_contains_any_case(text_of(value), word));
}

static bool
is_searched(const struct field *field, const char *names)
{
	if (names)
		return strstr(names, field->name) != NULL;
	return !(field->flags & (SECRET | HIDDEN)) && !field->derive;
}

static bool
matches_plainly(struct labels *labels, const struct record *record, struct text phrase, const char *names, bool both)
{
	struct text word;

	while (text_next(&phrase, " ", &word)) {
		bool found = word.len == 0 || (uuid_is_valid(word) && text_contains_any_case(text_of(record->uuid), word));

		for (size_t i = 0; !found && i < FIELDS; i++)
			found = is_searched(&fields[i], names) && field_has(labels, record, i, word, both);
		if (!found)
			return false;
	}
	return true;
}

static const char *
draw_phrase(struct arena *arena, const struct ground *ground)
{
	static const char *const words[] = { "voice", "EFFORT", "in", "outwards", "o", "inwards,", "a", "BB", "1", "0", "aab" };

	switch (draw(6)) {
	case 0:
		return draw_text(arena, 2);
	case 1:
		return arena_print(arena, "%s  %s", draw_text(arena, 2), words[draw(COUNT(words))]);
	case 2:
		return arena_print(arena, "%s ", ground->records[draw(RECORDS)]->uuid);
	case 3:
		return arena_print(arena, " %s %s %s", draw_text(arena, 2), draw_text(arena, 1), draw_text(arena, 3));
	case 4:
		return arena_print(arena, "a b a %s in %s", draw_text(arena, 2), draw_text(arena, 1));
	default:
		return words[draw(COUNT(words))];
	}
}

TEST(what_is_found_is_what_looking_at_each_field_finds)
{
	static const char *const names[] = { NULL, NULL, NULL, "name,ways,more66,length", "nothing", "level,more9,secret" };
	scoped_arena             arena = arena_new();
	struct ground           *ground = ground_make(arena);
	size_t                   found = 0, missed = 0;

	for (size_t i = 0; i < RECORDS; i++)
		ground->records[i] = draw_record(arena);
	for (size_t n = 0; n < PHRASES; n++) {
		const char    *words = draw_phrase(arena, ground), *in = names[draw(COUNT(names))];
		const bool     both = draw(2);
		struct labels *quick = labels_make(&ground->view, &things), *plain = labels_make(&ground->view, &things);
		struct phrase *phrase = phrase_make(arena, text_of(words), in, both, quick);

		for (size_t i = 0; i < RECORDS; i++) {
			const bool wanted = matches_plainly(plain, ground->records[i], text_of(words), in, both);

			if ((!phrase || phrase_matches(phrase, ground->records[i])) != wanted)
				fail_msg("\"%s\" in %s: record %zu", words, in ? in : "all", i);
			found += wanted;
			missed += !wanted;
		}
	}
	CHECK(found > RECORDS && missed > RECORDS);
}

static bool
finds(const struct ground *ground, const char *words, const char *level)
{
	struct record *record = record_make(ground->view.arena, &things);

	record_set(record, "level", level);
	return phrase_matches(phrase_make(ground->view.arena, text_of(words), "level", false, labels_make(&ground->view, &things)), record);
}

TEST(what_a_value_of_one_letter_is_called_is_found)
{
	scoped_arena         arena = arena_new();
	const struct ground *ground = ground_make(arena);

	CHECK(finds(ground, "voice", "1"));
	CHECK(finds(ground, "effort", "5"));
	CHECK(!finds(ground, "1", "1"));
	CHECK(!finds(ground, "none", "0"));
}

TEST(further_words_than_the_limit_are_not_looked_at)
{
	scoped_arena         arena = arena_new();
	const struct ground *ground = ground_make(arena);
	scoped_buffer        most = BUFFER_NONE;

	for (size_t i = 0; i < PHRASE_WORDS_MAX - 1; i++)
		buffer_add_string(&most, "e ");
	CHECK(finds(ground, arena_print(arena, "%sbest", buffer_string(&most)), "5"));
	CHECK(finds(ground, arena_print(arena, "%sbest nowhere", buffer_string(&most)), "5"));
	CHECK(!finds(ground, arena_print(arena, "%snowhere", buffer_string(&most)), "5"));
}

TEST(a_phrase_without_words_is_none)
{
	scoped_arena         arena = arena_new();
	const struct ground *ground = ground_make(arena);

	CHECK(!phrase_make(arena, TEXT("  "), NULL, false, labels_make(&ground->view, &things)));
}

RUN(cmocka_unit_test(what_is_found_is_what_looking_at_each_field_finds), cmocka_unit_test(what_a_value_of_one_letter_is_called_is_found),
    cmocka_unit_test(further_words_than_the_limit_are_not_looked_at), cmocka_unit_test(a_phrase_without_words_is_none));
