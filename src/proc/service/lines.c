/* Two sets of lines; their order means nothing. */
#include "proc/service/lines.h"

#include "base/arena.h"
#include "base/map.h"

static char mark; /* what is in a map has this as its value */

static struct map *
read_lines(struct arena *arena, struct text text)
{
	struct map *lines = map_make(arena);
	struct text line;

	while (text_next(&text, "\n", &line))
		map_set(lines, line, &mark);
	return lines;
}

static struct text
about(struct text line)
{
	return text_until(&line, ' ');
}

/* What the lines are about that the other side lacks. */
static void
note_changed(struct text text, const struct map *other, struct map *changed)
{
	struct text line;

	while (text_next(&text, "\n", &line))
		if (!map_get(other, line))
			map_set(changed, about(line), &mark);
}

static void
add_line(struct buffer *out, struct text line)
{
	buffer_add(out, line);
	buffer_add_byte(out, '\n');
}

/* Without the lines that both begin with and those that both end with: mostly they are nearly all. */
static void
leave_difference(struct text *a, struct text *b)
{
	const size_t most = a->len < b->len ? a->len : b->len;
	size_t       start = 0, end = 0;

	for (size_t i = 0; i < most && a->ptr[i] == b->ptr[i]; i++)
		if (a->ptr[i] == '\n')
			start = i + 1;
	for (size_t i = 0; i < most - start && a->ptr[a->len - 1 - i] == b->ptr[b->len - 1 - i]; i++)
		if (a->ptr[a->len - 1 - i] == '\n')
			end = i;
	*a = text_after(text_first(*a, a->len - end), start);
	*b = text_after(text_first(*b, b->len - end), start);
}

bool
lines_compare(struct text old, struct text now, struct buffer *gone, struct buffer *told)
{
	scoped_arena arena = arena_new();
	struct map  *changed = map_make(arena), *taken = map_make(arena);
	struct text  line, before = old, after = now;

	leave_difference(&before, &after);
	note_changed(before, read_lines(arena, after), changed);
	note_changed(after, read_lines(arena, before), changed);
	while (text_next(&old, "\n", &line))
		if (map_get(changed, about(line)) && !map_set(taken, about(line), &mark))
			add_line(gone, about(line));
	while (text_next(&now, "\n", &line))
		if (map_get(changed, about(line)))
			add_line(told, line);
	return gone->len <= LINES_MAX && told->len <= LINES_MAX;
}
