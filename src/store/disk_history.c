/* The history on the SQLite shelf, read through a connection of its own. */
#include <string.h>

#include "store/codec.h"
#include "store/disk_inside.h"

/* Begin to read: what is read until end_reading() is of one moment. */
static void
begin_reading(struct disk *disk)
{
	pthread_mutex_lock(&disk->reading);
	sqlite3_step(disk->statements[SQL_READ_BEGIN]);
	sqlite3_reset(disk->statements[SQL_READ_BEGIN]);
}

static void
end_reading(struct disk *disk)
{
	sqlite3_step(disk->statements[SQL_READ_END]);
	sqlite3_reset(disk->statements[SQL_READ_END]);
	pthread_mutex_unlock(&disk->reading);
}

static struct revision
read_revision(struct arena *arena, sqlite3_stmt *row)
{
	return (struct revision){
		.id = (uint64_t)sqlite3_column_int64(row, 0),
		.time = sqlite3_column_int64(row, 1),
		.author = { arena_copy(arena, column_text(row, 2)), arena_copy(arena, column_text(row, 3)),
			    arena_copy(arena, column_text(row, 4)), arena_copy(arena, column_text(row, 5)) },
		.note = arena_copy(arena, column_text(row, 6)),
		.touched = (unsigned)sqlite3_column_int64(row, 7),
		.bytes = (size_t)sqlite3_column_int64(row, 8),
	};
}

static void
add_revision(struct arena *arena, struct history *history, size_t *room, struct revision revision)
{
	if (history->count == *room) {
		struct revision *old = history->revisions;

		*room = *room * 2 + 16;
		history->revisions = ARENA_MAKE(arena, struct revision, *room);
		if (old)
			memcpy(history->revisions, old, history->count * sizeof(*old));
	}
	history->revisions[history->count++] = revision;
}

static bool
count_all(struct disk *disk, size_t *total)
{
	sqlite3_stmt *row = disk->statements[SQL_TOTAL];
	const bool    is_there = sqlite3_step(row) == SQLITE_ROW;

	if (is_there)
		*total = (size_t)sqlite3_column_int64(row, 0);
	sqlite3_reset(row);
	return is_there;
}

enum result
disk_list(struct shelf *shelf, struct arena *arena, const struct history_query *query, struct history *out)
{
	struct disk   *disk = (struct disk *)shelf;
	sqlite3_stmt  *rows = disk->statements[SQL_LIST];
	struct history found = { NULL };
	size_t         room = 0;
	int            code;

	begin_reading(disk);
	bind_number(rows, 1, (int64_t)query->id);
	bind_number(rows, 2, query->time);
	bind_number(rows, 3, query->limit > 0 && query->limit < INT64_MAX ? (int64_t)query->limit : -1);
	bind_number(rows, 4, query->offset < INT64_MAX ? (int64_t)query->offset : INT64_MAX);
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		add_revision(arena, &found, &room, read_revision(arena, rows));
	sqlite3_reset(rows);
	const bool is_counted = count_all(disk, &found.total);

	end_reading(disk);
	if (code != SQLITE_DONE || !is_counted)
		return RESULT_FAILED;
	*out = found;
	return RESULT_DONE;
}

static bool
exists(struct disk *disk, uint64_t revision)
{
	sqlite3_stmt *row = disk->statements[SQL_EXISTS];

	bind_number(row, 1, (int64_t)revision);
	const bool is_there = sqlite3_step(row) == SQLITE_ROW;

	sqlite3_reset(row);
	return is_there;
}

/* One side of an edit, sealed. False: damaged. NULL in *out: there is none. */
static bool
read_side(sqlite3_stmt *row, int at, const struct resource *resource, const struct record **out)
{
	scoped_arena      scratch = arena_new();
	const struct text uuid = column_text(row, 2);
	size_t            unknown = 0;

	*out = NULL;
	if (sqlite3_column_type(row, at) == SQLITE_NULL)
		return true;
	struct record *record = record_read(scratch, resource, column_text(row, at + 1), &unknown);

	if (!record || uuid.len == 0 || uuid.len >= sizeof(record->uuid))
		return false;
	memcpy(record->uuid, uuid.ptr, uuid.len);
	record->place = sqlite3_column_int64(row, at);
	*out = record_seal(record);
	return true;
}

/* Edits of resources that are no more are passed over. */
static bool
read_edit(sqlite3_stmt *row, const struct schema *schema, each_edit *each, void *context)
{
	const struct resource *resource = schema_find(schema, column_text(row, 1));
	const struct record   *before = NULL, *after = NULL;

	if (!resource)
		return true;
	const bool is_whole = read_side(row, 3, resource, &before) && read_side(row, 5, resource, &after) &&
	                      (before || after);

	if (is_whole)
		each(context, (uint64_t)sqlite3_column_int64(row, 0) >> EDIT_BITS, before, after);
	record_release(before);
	record_release(after);
	return is_whole;
}

static enum result
read_edits(const struct schema *schema, sqlite3_stmt *rows, each_edit *each, void *context)
{
	int code;

	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		if (!read_edit(rows, schema, each, context))
			break;
	sqlite3_reset(rows);
	return code == SQLITE_DONE ? RESULT_DONE : RESULT_FAILED;
}

enum result
disk_edits(struct shelf *shelf, const struct schema *schema, uint64_t first, uint64_t last, each_edit *each,
           void *context)
{
	struct disk  *disk = (struct disk *)shelf;
	sqlite3_stmt *rows = disk->statements[SQL_EDITS];
	enum result   result = RESULT_MISSING;

	if (first >= last || last >= UINT64_C(1) << (63 - EDIT_BITS))
		return RESULT_MISSING;
	begin_reading(disk);
	if (exists(disk, first + 1) && exists(disk, last)) {
		bind_number(rows, 1, (int64_t)((first + 1) << EDIT_BITS));
		bind_number(rows, 2, (int64_t)((last + 1) << EDIT_BITS));
		result = read_edits(schema, rows, each, context);
	}
	end_reading(disk);
	return result;
}
