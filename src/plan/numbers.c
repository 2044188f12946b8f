/*
 * A table by number and a map by name. The map cannot forget, so that both are made anew when more was
 * released than is left.
 */
#include "plan/numbers.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/map.h"
#include "base/number.h"

#define NAME_MAX_BYTES 127
#define WASTE_MIN      1024 /* released names that may lie about */

struct numbers {
	unsigned      most, next, count, released;
	uint64_t      version;
	struct arena *arena; /* names and the map */
	struct map   *by_name;
	const char  **names; /* most + 1 of them */
};

struct numbers *
numbers_new(unsigned most)
{
	struct numbers *numbers = calloc(1, sizeof(*numbers));

	BUG_IF(!numbers, "out of memory");
	numbers->names = calloc((size_t)most + 1, sizeof(char *));
	BUG_IF(!numbers->names, "out of memory");
	numbers->most = most;
	numbers->next = 1;
	numbers->arena = arena_new();
	numbers->by_name = map_make(numbers->arena);
	return numbers;
}

void
numbers_free(struct numbers *numbers)
{
	if (!numbers)
		return;
	arena_free(numbers->arena);
	free(numbers->names);
	free(numbers);
}

unsigned
numbers_find(const struct numbers *numbers, const char *name)
{
	const unsigned number = (unsigned)(uintptr_t)map_get(numbers->by_name, text_of(name));

	/* A released number leaves its name behind in the map. */
	return number && numbers->names[number] && strcmp(name, numbers->names[number]) == 0 ? number : 0;
}

const char *
numbers_name(const struct numbers *numbers, unsigned number)
{
	return number <= numbers->most ? numbers->names[number] : NULL;
}

static void
put(struct numbers *numbers, const char *name, unsigned number)
{
	const char *copy = arena_copy(numbers->arena, text_of(name));

	numbers->names[number] = copy;
	map_set(numbers->by_name, text_of(copy), (void *)(uintptr_t)number);
}

bool
numbers_take(struct numbers *numbers, const char *name, unsigned number)
{
	if (number == 0 || number > numbers->most || numbers->names[number] || numbers_find(numbers, name))
		return false;
	put(numbers, name, number);
	numbers->count++;
	numbers->version++;
	return true;
}

/* Going round, so that what was released last is given last. */
static unsigned
next_free(struct numbers *numbers)
{
	for (unsigned tries = 0; tries < numbers->most; tries++) {
		const unsigned number = numbers->next;

		numbers->next = number < numbers->most ? number + 1 : 1;
		if (!numbers->names[number])
			return number;
	}
	return 0;
}

unsigned
numbers_give(struct numbers *numbers, const char *name)
{
	const unsigned have = numbers_find(numbers, name);
	const unsigned number = have || numbers->count == numbers->most ? have : next_free(numbers);

	if (number && !have)
		numbers_take(numbers, name, number);
	return number;
}

static void
make_anew(struct numbers *numbers)
{
	struct arena *const old = numbers->arena;

	numbers->arena = arena_new();
	numbers->by_name = map_make(numbers->arena);
	for (unsigned i = 1; i <= numbers->most; i++)
		if (numbers->names[i])
			put(numbers, numbers->names[i], i);
	numbers->released = 0;
	arena_free(old);
}

void
numbers_release(struct numbers *numbers, unsigned number)
{
	if (!numbers_name(numbers, number))
		return;
	numbers->names[number] = NULL;
	numbers->count--;
	numbers->version++;
	if (++numbers->released > numbers->count + WASTE_MIN)
		make_anew(numbers);
}

unsigned
numbers_count(const struct numbers *numbers)
{
	return numbers->count;
}

uint64_t
numbers_version(const struct numbers *numbers)
{
	return numbers->version;
}

void
numbers_write(const struct numbers *numbers, struct buffer *out)
{
	for (unsigned i = 1; i <= numbers->most; i++)
		if (numbers->names[i])
			buffer_print(out, "%u %s\n", i, numbers->names[i]);
}

static bool
read_line(const struct numbers *numbers, struct text line, int64_t *number, struct text *name)
{
	*name = line;
	return number_read(text_until(name, ' '), 1, numbers->most, number) && name->len > 0 && name->len <= NAME_MAX_BYTES;
}

bool
numbers_read(struct numbers *numbers, struct text text)
{
	scoped_arena arena = arena_new();
	struct text  rest = text, line, name;
	int64_t      number;

	while (text_next(&rest, "\n", &line))
		if (!read_line(numbers, line, &number, &name))
			return false;
	while (text_next(&text, "\n", &line))
		if (read_line(numbers, line, &number, &name))
			numbers_take(numbers, arena_copy(arena, name), (unsigned)number);
	return true;
}
