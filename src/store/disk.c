/* The SQLite shelf: reading all of it at start, and writing a parcel in one transaction. */
#include <string.h>

#include "store/codec.h"
#include "store/disk_inside.h"

/* clang-format off */
const char *const disk_sql[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_ADD_REVISION] = "INSERT INTO revision(id, time, user, address, dialect, endpoint, note, touched, bytes)"
	                     " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[SQL_ADD_EDIT] = "INSERT INTO edit VALUES(?, ?, ?, ?, ?, ?, ?)",
	[SQL_PUT_RECORD] = "REPLACE INTO record VALUES(?, ?, ?, ?)",
	[SQL_REMOVE_RECORD] = "DELETE FROM record WHERE resource = ? AND uuid = ?",
	[SQL_PUT_SETTING] = "REPLACE INTO setting VALUES(?, ?)",
	[SQL_REMOVE_SETTING] = "DELETE FROM setting WHERE name = ?",
	[SQL_PRUNE_EDITS] = "DELETE FROM edit WHERE id < ?",
	[SQL_PRUNE_REVISIONS] = "DELETE FROM revision WHERE id < ?",
	[SQL_HIDE] = "UPDATE revision SET hidden = 1 WHERE id = ? AND hidden = 0",

	[SQL_READ_BEGIN] = "BEGIN",
	[SQL_READ_END] = "COMMIT",
	[SQL_LIST] = "SELECT id, time, user, address, dialect, endpoint, note, touched, bytes FROM revision"
	             " WHERE hidden = 0 AND (?1 = 0 OR id = ?1) AND (?2 = 0 OR time = ?2)"
	             " ORDER BY id DESC LIMIT ?3 OFFSET ?4",
	[SQL_TOTAL] = "SELECT count(*) FROM revision WHERE hidden = 0",
	[SQL_EXISTS] = "SELECT 1 FROM revision WHERE id = ?",
	[SQL_EDITS] = "SELECT id, resource, uuid, before_place, before, after_place, after FROM edit"
	              " WHERE id >= ? AND id < ? ORDER BY id DESC",
};
/* clang-format on */

/* --- reading -------------------------------------------------------------------------------- */

static bool
say(const struct disk *disk, const char *doing, struct buffer *message)
{
	buffer_print(message, "%s: %s: %s", disk->folder, doing, sqlite3_errmsg(disk->writer));
	return false;
}

/* One row of the table of records goes into the draft. */
static bool
load_record(sqlite3_stmt *row, const struct schema *schema, struct found *found, struct arena *scratch)
{
	const struct resource *resource = schema_find(schema, column_text(row, 0));
	const struct text      uuid = column_text(row, 1);

	if (!resource || (resource->flags & IN_MEMORY)) {
		found->strange_records++;
		return true;
	}
	struct record *record = record_read(scratch, resource, column_text(row, 3), &found->strange_fields);

	if (!record || uuid.len == 0 || uuid.len >= sizeof(record->uuid) || memchr(uuid.ptr, '\0', uuid.len))
		return false;
	memcpy(record->uuid, uuid.ptr, uuid.len);
	record->place = sqlite3_column_int64(row, 2);
	const struct record *sealed = record_seal(record);

	snapshot_put(found->draft, sealed);
	record_release(sealed);
	return true;
}

static bool
load_records(struct disk *disk, const struct schema *schema, struct found *found, struct buffer *message)
{
	scoped_arena  scratch = arena_new();
	sqlite3_stmt *rows = NULL;
	int           code = sqlite3_prepare_v2(disk->writer,
	                                        "SELECT resource, uuid, place, fields FROM record ORDER BY resource, place",
	                                        -1, &rows, NULL);
	bool          is_readable = true;

	while (code == SQLITE_OK && is_readable && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		is_readable = load_record(rows, schema, found, scratch);
		arena_reset(scratch);
		code = SQLITE_OK;
	}
	if (!is_readable)
		buffer_print(message, "%s: the store is damaged: %.*s %.*s cannot be read", disk->folder,
		             TEXT_ARGS(column_text(rows, 0)), TEXT_ARGS(column_text(rows, 1)));
	else if (code != SQLITE_DONE)
		say(disk, "cannot be read", message);
	sqlite3_finalize(rows);
	return is_readable && code == SQLITE_DONE;
}

static bool
load_settings(struct disk *disk, struct found *found, struct buffer *message)
{
	sqlite3_stmt *rows = NULL;
	int           code = sqlite3_prepare_v2(disk->writer, "SELECT name, value FROM setting", -1, &rows, NULL);

	while (code == SQLITE_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct setting *setting = ARENA_MAKE(found->arena, struct setting, 1);

		*setting = (struct setting){ arena_copy(found->arena, column_text(rows, 0)),
			                     arena_copy(found->arena, column_text(rows, 1)), found->settings };
		found->settings = setting;
		code = SQLITE_OK;
	}
	sqlite3_finalize(rows);
	return code == SQLITE_DONE || say(disk, "cannot be read", message);
}

static bool
load_ends(struct disk *disk, struct found *found, struct buffer *message)
{
	sqlite3_stmt *row = NULL;
	const bool    is_there =
		sqlite3_prepare_v2(disk->writer,
	                           "SELECT coalesce(min(id), 0), coalesce(max(id), 0), coalesce(max(time), 0) FROM revision",
	                           -1, &row, NULL) == SQLITE_OK &&
		sqlite3_step(row) == SQLITE_ROW;

	if (is_there) {
		disk->oldest = (uint64_t)sqlite3_column_int64(row, 0);
		found->newest = (uint64_t)sqlite3_column_int64(row, 1);
		found->time = sqlite3_column_int64(row, 2);
	}
	sqlite3_finalize(row);
	return is_there || say(disk, "cannot be read", message);
}

enum result
disk_load(struct shelf *shelf, const struct schema *schema, struct found *found, struct buffer *message)
{
	struct disk *disk = (struct disk *)shelf;

	return load_records(disk, schema, found, message) && load_settings(disk, found, message) &&
	                       load_ends(disk, found, message)
	               ? RESULT_DONE
	               : RESULT_FAILED;
}

/* --- writing -------------------------------------------------------------------------------- */

/* Run one that was bound and gives no rows. */
static bool
run(struct disk *disk, enum statement which)
{
	const int code = sqlite3_step(disk->statements[which]);

	/* Once more what step() said: after reset() the error is still in the connection. */
	sqlite3_reset(disk->statements[which]);
	return code == SQLITE_DONE;
}

static bool
add_revision(struct disk *disk, const struct revision *revision)
{
	sqlite3_stmt *statement = disk->statements[SQL_ADD_REVISION];

	bind_number(statement, 1, (int64_t)revision->id);
	bind_number(statement, 2, revision->time);
	bind_text(statement, 3, text_of(revision->author.user));
	bind_text(statement, 4, text_of(revision->author.address));
	bind_text(statement, 5, text_of(revision->author.dialect));
	bind_text(statement, 6, text_of(revision->author.endpoint));
	bind_text(statement, 7, text_of(revision->note));
	bind_number(statement, 8, revision->touched);
	bind_number(statement, 9, (int64_t)revision->bytes);
	return run(disk, SQL_ADD_REVISION);
}

/* One side of an edit: the place and the fields, or twice NULL. */
static void
bind_side(sqlite3_stmt *statement, int at, const struct record *record, struct text fields)
{
	if (record) {
		bind_number(statement, at, record->place);
		bind_text(statement, at + 1, fields);
	} else {
		sqlite3_bind_null(statement, at);
		sqlite3_bind_null(statement, at + 1);
	}
}

static bool
put_record(struct disk *disk, const struct record *record, struct text fields)
{
	sqlite3_stmt *statement = disk->statements[SQL_PUT_RECORD];

	bind_text(statement, 1, text_of(record->resource->name));
	bind_text(statement, 2, text_of(record->uuid));
	bind_number(statement, 3, record->place);
	bind_text(statement, 4, fields);
	return run(disk, SQL_PUT_RECORD);
}

static bool
remove_record(struct disk *disk, const struct record *record)
{
	sqlite3_stmt *statement = disk->statements[SQL_REMOVE_RECORD];

	bind_text(statement, 1, text_of(record->resource->name));
	bind_text(statement, 2, text_of(record->uuid));
	return run(disk, SQL_REMOVE_RECORD);
}

static bool
add_edit(struct disk *disk, uint64_t id, const struct edit *edit)
{
	sqlite3_stmt        *statement = disk->statements[SQL_ADD_EDIT];
	const struct record *record = edit->after ? edit->after : edit->before;
	scoped_buffer        before = BUFFER_NONE, after = BUFFER_NONE;

	if (edit->before)
		record_write(&before, edit->before);
	if (edit->after)
		record_write(&after, edit->after);
	bind_number(statement, 1, (int64_t)id);
	bind_text(statement, 2, text_of(record->resource->name));
	bind_text(statement, 3, text_of(record->uuid));
	bind_side(statement, 4, edit->before, buffer_text(&before));
	bind_side(statement, 6, edit->after, buffer_text(&after));
	return run(disk, SQL_ADD_EDIT) &&
	       (edit->after ? put_record(disk, record, buffer_text(&after)) : remove_record(disk, record));
}

static bool
add_kept(struct disk *disk, const struct kept *kept)
{
	uint64_t id = kept->revision.id << EDIT_BITS;

	if (!add_revision(disk, &kept->revision))
		return false;
	for (const struct edit *edit = kept->edits; edit; edit = edit->next)
		if (!add_edit(disk, id++, edit))
			return false;
	return true;
}

static bool
put_setting(struct disk *disk, const struct setting *setting)
{
	const enum statement which = setting->value ? SQL_PUT_SETTING : SQL_REMOVE_SETTING;

	bind_text(disk->statements[which], 1, text_of(setting->name));
	if (setting->value)
		bind_text(disk->statements[which], 2, text_of(setting->value));
	return run(disk, which);
}

/* Some more than are to go are kept, so that not every write has to. */
static bool
is_prune_due(const struct disk *disk, uint64_t oldest, uint64_t newest)
{
	return oldest > disk->oldest && oldest - disk->oldest > (newest - oldest) / 16;
}

static bool
prune(struct disk *disk, uint64_t oldest)
{
	bind_number(disk->statements[SQL_PRUNE_EDITS], 1, (int64_t)(oldest << EDIT_BITS));
	bind_number(disk->statements[SQL_PRUNE_REVISIONS], 1, (int64_t)oldest);
	return run(disk, SQL_PRUNE_EDITS) && run(disk, SQL_PRUNE_REVISIONS);
}

static bool
write_all(struct disk *disk, const struct parcel *parcel)
{
	uint64_t newest = parcel->oldest;

	if (!run(disk, SQL_BEGIN))
		return false;
	for (const struct kept *kept = parcel->kept; kept; kept = kept->next) {
		if (!add_kept(disk, kept))
			return false;
		newest = kept->revision.id;
	}
	for (const struct setting *setting = parcel->settings; setting; setting = setting->next)
		if (!put_setting(disk, setting))
			return false;
	const bool is_due = is_prune_due(disk, parcel->oldest, newest);

	if ((is_due && !prune(disk, parcel->oldest)) || !run(disk, SQL_COMMIT))
		return false;
	if (is_due)
		disk->oldest = parcel->oldest;
	return true;
}

enum result
disk_write(struct shelf *shelf, const struct parcel *parcel, struct buffer *message)
{
	struct disk *disk = (struct disk *)shelf;

	if (write_all(disk, parcel))
		return RESULT_DONE;
	say(disk, "cannot be written", message);
	if (!sqlite3_get_autocommit(disk->writer))
		run(disk, SQL_ROLLBACK);
	return RESULT_FAILED;
}

enum result
disk_hide(struct shelf *shelf, uint64_t revision, struct buffer *message)
{
	struct disk *disk = (struct disk *)shelf;

	bind_number(disk->statements[SQL_HIDE], 1, (int64_t)revision);
	if (!run(disk, SQL_HIDE)) {
		say(disk, "cannot be written", message);
		return RESULT_FAILED;
	}
	return sqlite3_changes(disk->writer) > 0 ? RESULT_DONE : RESULT_MISSING;
}
