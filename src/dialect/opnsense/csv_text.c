/* Quotes enclose, doubled quotes stand for one, a backslash keeps the quote behind it from ending the cell. */
#include "dialect/opnsense/csv_text.h"

struct csv
csv_start(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == ',' || text.ptr[i] == ';')
			return (struct csv){ text, text.ptr[i] };
	return (struct csv){ text, ';' };
}

static bool
at_end(const struct csv *csv, size_t at)
{
	return at >= csv->rest.len || csv->rest.ptr[at] == csv->separator || csv->rest.ptr[at] == '\n' ||
	       (csv->rest.ptr[at] == '\r' && (at + 1 >= csv->rest.len || csv->rest.ptr[at + 1] == '\n'));
}

/* One cell from the front; what follows it stays. */
static struct text
next_cell(struct csv *csv, struct arena *arena)
{
	const char *in = csv->rest.ptr;
	size_t      at = 0, len = 0, end = 0;
	bool        quoted = csv->rest.len && in[0] == '"';

	if (!quoted) {
		while (!at_end(csv, at))
			at++;
		const struct text cell = { in, at };

		csv->rest = text_after(csv->rest, at);
		return (struct text){ arena_copy(arena, cell), cell.len };
	}
	for (end = 1; end < csv->rest.len; end++) {
		if (in[end] == '\\' && end + 1 < csv->rest.len)
			end++;
		else if (in[end] == '"' && end + 1 < csv->rest.len && in[end + 1] == '"')
			end++;
		else if (in[end] == '"')
			break;
	}
	char *out = arena_take(arena, end + 1);

	for (at = 1; at < end; at++) {
		out[len++] = in[at];
		if (in[at] == '\\' && at + 1 < end)
			out[len++] = in[++at];
		else if (in[at] == '"')
			at++;
	}
	while (!at_end(csv, end))
		end++;
	csv->rest = text_after(csv->rest, end);
	return (struct text){ out, len };
}

static void
read_row(struct csv *csv, struct arena *arena, struct csv_row *row)
{
	struct text cells[CSV_COLUMNS_MAX];

	row->count = 0;
	for (;;) {
		const struct text cell = next_cell(csv, arena);

		if (row->count < CSV_COLUMNS_MAX)
			cells[row->count++] = cell;
		if (csv->rest.len && csv->rest.ptr[0] == csv->separator) {
			csv->rest = text_after(csv->rest, 1);
			if (csv->rest.len == 0 && row->count < CSV_COLUMNS_MAX)
				cells[row->count++] = TEXT("");
			if (csv->rest.len)
				continue;
		}
		break;
	}
	if (csv->rest.len && csv->rest.ptr[0] == '\r')
		csv->rest = text_after(csv->rest, 1);
	if (csv->rest.len && csv->rest.ptr[0] == '\n')
		csv->rest = text_after(csv->rest, 1);
	row->cells = ARENA_MAKE(arena, struct text, row->count);
	memcpy(row->cells, cells, row->count * sizeof(*cells));
}

bool
csv_next(struct csv *csv, struct arena *arena, struct csv_row *row)
{
	while (csv->rest.len) {
		read_row(csv, arena, row);
		if (row->count > 1 || row->cells[0].len)
			return true;
	}
	return false;
}

void
csv_put(struct buffer *out, bool first, const char *cell)
{
	if (!first)
		buffer_add_byte(out, ';');
	if (!strpbrk(cell, ";\"\\\n\r\t ")) {
		buffer_add_string(out, cell);
		return;
	}
	buffer_add_byte(out, '"');
	for (; *cell; cell++) {
		if (*cell == '\\' && cell[1] == '"') {
			buffer_add_byte(out, *cell++);
			buffer_add_byte(out, *cell);
			continue;
		}
		if (*cell == '"')
			buffer_add_byte(out, '"');
		buffer_add_byte(out, *cell);
	}
	buffer_add_byte(out, '"');
}
