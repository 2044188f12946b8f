/* Reading address lists, line by line or out of a tree of values. */
#include "plan/address_list.h"

#include <string.h>

#include "base/value.h"

#define DEPTH_MAX 32

void
address_list_append(struct arena *arena, struct address_list *list, struct address first, struct address last)
{
	if (list->count >= ADDRESS_LIST_MAX)
		return;
	if (list->count == list->room) {
		const size_t          room = list->room ? list->room * 2 : 256;
		struct address_range *ranges = ARENA_MAKE(arena, struct address_range, room);

		if (list->count)
			memcpy(ranges, list->ranges, list->count * sizeof(*ranges));
		list->ranges = ranges;
		list->room = room;
	}
	list->ranges[list->count++] = (struct address_range){ first, last };
}

bool
address_list_add(struct arena *arena, struct address_list *list, struct text t)
{
	struct prefix  prefix;
	struct address first, last;
	struct text    rest = t;

	if (prefix_read(t, &prefix)) {
		address_list_append(arena, list, prefix_first(&prefix), prefix_last(&prefix));
		return true;
	}
	const struct text low = text_until(&rest, '-');

	if (low.len == t.len || !address_read(low, &first) || !address_read(rest, &last) ||
	    first.family != last.family || address_compare(&first, &last) > 0)
		return false;
	address_list_append(arena, list, first, last);
	return true;
}

void
address_list_read(struct arena *arena, struct text text, struct address_list *list)
{
	struct text line, word;

	while (text_next(&text, "\n", &line)) {
		line = text_trim(line);
		if (line.len == 0 || strchr("#;", line.ptr[0]))
			continue;
		if (text_next(&line, " \t\r,;#", &word) && !address_list_add(arena, list, word))
			list->ignored++;
	}
}

static void
select_at(struct arena *arena, const struct value *value, struct text path, struct address_list *list, unsigned depth)
{
	path = text_trim(path);
	while (path.len > 0 && (path.ptr[0] == '|' || path.ptr[0] == ' '))
		path = text_after(path, 1);
	if (!value || depth > DEPTH_MAX)
		return;
	if (path.len == 0 || text_is(path, ".")) {
		if (value->kind == VALUE_TEXT && !address_list_add(arena, list, value->text))
			list->ignored++;
		for (size_t i = 0; i < value->count; i++)
			select_at(arena, value->members[i].value, path, list, depth + 1);
		return;
	}
	if (text_starts(path, TEXT(".[]")) || text_starts(path, TEXT("[]"))) {
		const struct text rest = text_after(path, path.ptr[0] == '.' ? 3 : 2);

		for (size_t i = 0; i < value->count; i++)
			select_at(arena, value->members[i].value, rest, list, depth + 1);
		return;
	}
	size_t end = path.ptr[0] == '.';

	while (end < path.len && !strchr(".[| ", path.ptr[end]))
		end++;
	const struct text name = text_after(text_first(path, end), path.ptr[0] == '.');

	select_at(arena, value_get_text(value, name), text_after(path, end), list, depth + 1);
}

void
address_list_select(struct arena *arena, const struct value *value, struct text path, struct address_list *list)
{
	select_at(arena, value, path, list, 0);
}
