/* Copies on the SQLite shelf. They are few and seldom asked for: each statement is made when it is needed. */
#include <string.h>

#include "store/disk_inside.h"

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	return sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

/* Run one that changes something. MISSING: there was nothing to change. */
static enum result
finish(struct disk *disk, sqlite3_stmt *statement, struct buffer *message)
{
	const int code = statement ? sqlite3_step(statement) : SQLITE_ERROR;

	if (code != SQLITE_DONE)
		buffer_print(message, "%s: cannot be written: %s", disk->folder, sqlite3_errmsg(disk->writer));
	sqlite3_finalize(statement);
	if (code != SQLITE_DONE)
		return RESULT_FAILED;
	return sqlite3_changes(disk->writer) > 0 ? RESULT_DONE : RESULT_MISSING;
}

static void
bind_copy(sqlite3_stmt *statement, const struct copy *copy)
{
	bind_text(statement, 1, text_of(copy->uuid));
	bind_text(statement, 2, text_of(copy->name));
	bind_text(statement, 3, text_of(copy->note));
	bind_number(statement, 4, (int64_t)copy->revision);
}

enum result
disk_copy_put(struct shelf *shelf, const struct copy *copy, struct text content, struct buffer *message)
{
	struct disk  *disk = (struct disk *)shelf;
	sqlite3_stmt *statement =
		prepare(disk->writer, content.ptr ? "INSERT INTO copy(uuid, name, note, revision, time, bytes, content)"
						    " VALUES(?, ?, ?, ?, ?, ?, ?)"
						  : "UPDATE copy SET name = ?2, note = ?3, revision = ?4 WHERE uuid = ?1");

	if (statement)
		bind_copy(statement, copy);
	if (statement && content.ptr) {
		bind_number(statement, 5, copy->time);
		bind_number(statement, 6, (int64_t)copy->bytes);
		sqlite3_bind_blob64(statement, 7, content.ptr, content.len, SQLITE_STATIC);
	}
	return finish(disk, statement, message);
}

enum result
disk_copy_remove(struct shelf *shelf, const char *uuid, struct buffer *message)
{
	struct disk  *disk = (struct disk *)shelf;
	sqlite3_stmt *statement = prepare(disk->writer, "DELETE FROM copy WHERE uuid = ?");

	if (statement)
		bind_text(statement, 1, text_of(uuid));
	return finish(disk, statement, message);
}

static void
read_copy(sqlite3_stmt *row, struct arena *arena, struct copy *out)
{
	const struct text uuid = text_first(column_text(row, 0), UUID_LENGTH);

	*out = (struct copy){ .name = arena_copy(arena, column_text(row, 1)),
			      .note = arena_copy(arena, column_text(row, 2)),
			      .time = sqlite3_column_int64(row, 3),
			      .revision = (uint64_t)sqlite3_column_int64(row, 4),
			      .bytes = (size_t)sqlite3_column_int64(row, 5) };
	memcpy(out->uuid, uuid.ptr, uuid.len);
}

enum result
disk_copy_list(struct shelf *shelf, struct arena *arena, struct copies *out)
{
	struct disk  *disk = (struct disk *)shelf;
	struct copies found = { ARENA_MAKE(arena, struct copy, STORE_COPIES_MAX), 0 };
	int           code = SQLITE_ERROR;

	pthread_mutex_lock(&disk->reading);
	sqlite3_stmt *rows =
		prepare(disk->reader, "SELECT uuid, name, note, time, revision, bytes FROM copy ORDER BY time, uuid");

	while (rows && (code = sqlite3_step(rows)) == SQLITE_ROW && found.count < STORE_COPIES_MAX)
		read_copy(rows, arena, &found.copies[found.count++]);
	sqlite3_finalize(rows);
	pthread_mutex_unlock(&disk->reading);
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		return RESULT_FAILED;
	*out = found;
	return RESULT_DONE;
}

enum result
disk_copy_read(struct shelf *shelf, struct arena *arena, const char *uuid, struct text *content)
{
	struct disk *disk = (struct disk *)shelf;
	int          code = SQLITE_ERROR;

	pthread_mutex_lock(&disk->reading);
	sqlite3_stmt *row = prepare(disk->reader, "SELECT content FROM copy WHERE uuid = ?");

	if (row) {
		bind_text(row, 1, text_of(uuid));
		code = sqlite3_step(row);
	}
	if (code == SQLITE_ROW) {
		const struct text bytes = { sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0) };

		*content = (struct text){ arena_copy(arena, bytes), bytes.len };
	}
	sqlite3_finalize(row);
	pthread_mutex_unlock(&disk->reading);
	return code == SQLITE_ROW ? RESULT_DONE : code == SQLITE_DONE ? RESULT_MISSING : RESULT_FAILED;
}
