/* Words, numbers and counters. */
#include "proc/diagnose/parse.h"

#include <ctype.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"

#define PAIRS_MAX 256 /* names in one line */

bool
parse_word(struct text *rest, struct text *word)
{
	while (rest->len > 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t'))
		*rest = text_after(*rest, 1);
	size_t len = 0;

	while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t')
		len++;
	*word = text_first(*rest, len);
	*rest = text_after(*rest, len);
	return len > 0;
}

int64_t
parse_number(struct text *rest)
{
	struct text word;
	int64_t     number = 0;

	if (parse_word(rest, &word))
		number_read(word, INT64_MIN, INT64_MAX, &number);
	return number;
}

/* --- Counters --------------------------------------------------------------------------------------------- */

static struct counter *
new_counter(struct counter *list, size_t *n)
{
	return *n < COUNTERS_MAX ? &list[(*n)++] : NULL;
}

struct counters
parse_counters(struct arena *arena, struct text file)
{
	struct counter *list = ARENA_MAKE(arena, struct counter, COUNTERS_MAX);
	struct text     names, numbers;
	size_t          n = 0;

	while (text_next(&file, "\n", &names) && text_next(&file, "\n", &numbers)) {
		const struct text section = text_until(&names, ':');
		struct text       name, number;

		if (!text_equal(section, text_until(&numbers, ':')))
			continue;
		while (parse_word(&names, &name) && parse_word(&numbers, &number)) {
			struct counter *counter = new_counter(list, &n);

			if (!counter)
				break;
			*counter = (struct counter){ section, name, 0 };
			number_read(number, INT64_MIN, INT64_MAX, &counter->number);
		}
	}
	return (struct counters){ list, n };
}

struct counters
parse_counters6(struct arena *arena, struct text file)
{
	struct counter *list = ARENA_MAKE(arena, struct counter, COUNTERS_MAX);
	struct text     line, name;
	size_t          n = 0;

	while (text_next(&file, "\n", &line)) {
		struct counter *counter = parse_word(&line, &name) ? new_counter(list, &n) : NULL;
		size_t          six = 0;

		if (!counter)
			continue;
		while (six < name.len && name.ptr[six] != '6')
			six++;
		six = six < name.len ? six + 1 : 0;
		*counter = (struct counter){ text_first(name, six), text_after(name, six), parse_number(&line) };
	}
	return (struct counters){ list, n };
}

int64_t
counters_get(const struct counters *counters, const char *section, const char *name)
{
	for (size_t i = 0; i < counters->n; i++)
		if (text_is(counters->list[i].section, section) && text_is(counters->list[i].name, name))
			return counters->list[i].number;
	return 0;
}

const char *
counter_name(struct arena *arena, struct text name)
{
	char  *out = arena_take(arena, name.len * 2 + 1);
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++) {
		const bool upper = isupper((unsigned char)name.ptr[i]);
		const bool after_lower = i > 0 && !isupper((unsigned char)name.ptr[i - 1]);
		/* The last letter of a run begins the next word, but for a plural: "ReasmOKs". */
		const bool before_lower = i + 1 < name.len && islower((unsigned char)name.ptr[i + 1]) &&
					  !(i + 2 == name.len && name.ptr[i + 1] == 's');

		if (upper && i > 0 && (after_lower || before_lower))
			out[len++] = '-';
		out[len++] = (char)tolower((unsigned char)name.ptr[i]);
	}
	return out;
}

int64_t
parse_named(struct text file, const char *name)
{
	struct text line, word;

	while (text_next(&file, "\n", &line)) {
		if (!parse_word(&line, &word))
			continue;
		if (text_ends(word, TEXT(":")))
			word.len--;
		if (text_is(word, name))
			return parse_number(&line);
	}
	return 0;
}
