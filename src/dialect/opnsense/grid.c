/* Grid requests and replies, of records and of rows that come from elsewhere. */
#include "dialect/opnsense/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

static int64_t
read_number(struct arena *arena, const struct value *from, const char *name, int64_t otherwise)
{
	int64_t     number = otherwise;
	const char *text = value_as_string(arena, value_get(from, name));

	if (text && !number_read(text_trim(text_of(text)), INT32_MIN, INT32_MAX, &number) && *text)
		number = 0;
	return number;
}

static void
read_sort(struct search *search, const struct value *sort)
{
	if (!value_is(sort, VALUE_OBJECT))
		return;
	for (size_t i = 0; i < sort->count && search->nsort < SEARCH_KEYS_MAX; i++)
		search->sort[search->nsort++] = sort->members[i].name;
	if (sort->count)
		search->descending = value_is(sort->members[0].value, VALUE_TEXT) &&
				     text_is(sort->members[0].value->text, "desc");
}

static void
set_page(struct grid *grid)
{
	const int64_t page = grid->current < 1 ? 1 : grid->current;

	grid->search.take = grid->size < 0 ? SIZE_MAX : (size_t)grid->size;
	grid->search.skip = grid->size <= 0 ? 0 : (size_t)(page - 1) * (size_t)grid->size;
}

struct grid
grid_read(struct call *call, int64_t size)
{
	struct arena       *arena = call->request->arena;
	const bool          post = call_is_post(call);
	const struct value *from = post ? call->input : call_query(call);
	const char         *phrase = value_as_string(arena, value_get(from, "searchPhrase"));
	struct grid         grid = {
                .current = read_number(arena, from, "current", 1),
                .size = read_number(arena, from, "rowCount", size),
                .search.phrase = text_of(phrase ? html_escaped(arena, text_of(phrase)) : ""),
	};

	if (post)
		read_sort(&grid.search, value_get(from, "sort"));
	set_page(&grid);
	return grid;
}

void
grid_begin(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "rows");
	json_list(&call->json);
}

void
grid_end(struct call *call, const struct grid *grid, size_t count, size_t total)
{
	json_list_end(&call->json);
	json_put_number(&call->json, "rowCount", (int64_t)count);
	json_put_number(&call->json, "total", (int64_t)total);
	json_put_number(&call->json, "current", grid->current);
	json_object_end(&call->json);
}

/* --- rows from elsewhere -------------------------------------------------------------------- */

/* All texts in a row, nested ones too, behind each other. */
static void
gather_texts(struct arena *arena, const struct value *row, struct buffer *out)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct value *value = row->members[i].value;
		const char         *text = value_as_string(arena, value);

		if (text)
			buffer_add_string(out, text);
		else
			gather_texts(arena, value, out);
		buffer_add_byte(out, '\n');
	}
}

static bool
row_matches(struct arena *arena, const struct value *row, struct text phrase)
{
	scoped_buffer all = BUFFER_NONE;
	struct text   word;

	if (text_trim(phrase).len == 0)
		return true;
	gather_texts(arena, row, &all);
	while (text_next(&phrase, " \t\r\n", &word))
		if (!text_contains_any_case(buffer_text(&all), word))
			return false;
	return true;
}

struct sorting {
	struct arena *arena;
	struct text   field;
	bool          descending;
};

struct ranked {
	struct value *row;
	const char   *text;
	size_t        place;
};

static int
compare_rows(const void *left, const void *right, void *context)
{
	const struct ranked  *a = left, *b = right;
	const struct sorting *sorting = context;
	const int             order = text_compare_natural(text_of(a->text), text_of(b->text));

	if (order != 0)
		return sorting->descending ? -order : order;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* False: no row has the field. */
static bool
sort_rows(struct arena *arena, struct value *rows, struct sorting sorting)
{
	struct ranked *ranked = ARENA_MAKE(arena, struct ranked, rows->count + 1);
	bool           known = false;

	for (size_t i = 0; i < rows->count; i++) {
		const struct value *value = value_get_text(rows->members[i].value, sorting.field);
		const char         *text = value_as_string(arena, value);

		known = known || value;
		ranked[i] = (struct ranked){ rows->members[i].value, text ? text : "", i };
	}
	if (!known)
		return false;
	qsort_r(ranked, rows->count, sizeof(*ranked), compare_rows, &sorting);
	for (size_t i = 0; i < rows->count; i++)
		rows->members[i].value = ranked[i].row;
	return true;
}

static void
null_column(struct arena *arena, struct value *rows, struct text name)
{
	for (size_t i = 0; i < rows->count; i++)
		value_set_text(arena, rows->members[i].value, name, value_null(arena));
}

void
grid_answer(struct call *call, struct value *rows, int64_t size)
{
	struct arena       *arena = call->request->arena;
	const struct value *from = call_is_post(call) ? call->input : NULL;
	const char         *phrase = value_as_string(arena, value_get(from, "searchPhrase"));
	struct grid         grid = {
                .current = read_number(arena, from, "current", 1),
                .size = read_number(arena, from, "rowCount", size),
	};
	struct value *found = value_list(arena), *page = value_list(arena), *answer = value_object(arena);
	const struct value *sort = value_get(from, "sort");

	for (size_t i = 0; i < rows->count; i++)
		if (row_matches(arena, rows->members[i].value, text_of(phrase ? phrase : "")))
			value_add(arena, found, rows->members[i].value);
	if (value_is(sort, VALUE_OBJECT) && sort->count > 0) {
		const struct value  *way = sort->members[0].value;
		const struct sorting sorting = { arena, sort->members[0].name,
						 !value_is(way, VALUE_TEXT) || !text_is(way->text, "asc") };

		if (!sort_rows(arena, found, sorting))
			null_column(arena, found, sorting.field);
	}
	set_page(&grid);
	for (size_t i = grid.search.skip; i < found->count && page->count < grid.search.take; i++)
		value_add(arena, page, found->members[i].value);
	value_set(arena, answer, "total", value_integer(arena, (int64_t)found->count));
	value_set(arena, answer, "rowCount", value_integer(arena, (int64_t)page->count));
	value_set(arena, answer, "current", value_integer(arena, grid.current));
	value_set(arena, answer, "rows", page);
	answer_value(call, answer);
}
