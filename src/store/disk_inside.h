/*
 * store/disk_inside.h: the SQLite shelf. Two connections: one writes, under the store's own lock; one reads the
 * history, under a lock of the shelf, and never waits for the writer (WAL).
 */
#pragma once

#include <pthread.h>
#include <sqlite3.h>

#include "store/shelf.h"

/* An edit's row id is its revision and its number in it. */
#define EDIT_BITS 24

enum statement {
	/* of the writer */
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_ADD_REVISION,
	SQL_ADD_EDIT,
	SQL_PUT_RECORD,
	SQL_REMOVE_RECORD,
	SQL_PUT_SETTING,
	SQL_REMOVE_SETTING,
	SQL_PRUNE_EDITS,
	SQL_PRUNE_REVISIONS,
	SQL_HIDE,
	/* of the reader */
	SQL_READ_BEGIN,
	SQL_READ_END,
	SQL_LIST,
	SQL_TOTAL,
	SQL_EXISTS,
	SQL_EDITS,
	SQL_COUNT,
};

struct disk {
	struct shelf    shelf;
	char           *folder;
	int             lock;
	sqlite3        *writer, *reader;
	sqlite3_stmt   *statements[SQL_COUNT];
	pthread_mutex_t reading;
	uint64_t        oldest; /* revision there may be */
};

/* disk_open.c */
void disk_close(struct shelf *);

/* disk.c: the text of each statement. */
extern const char *const disk_sql[SQL_COUNT];
enum result disk_load(struct shelf *, const struct schema *, struct found *, struct buffer *message);
enum result disk_write(struct shelf *, const struct parcel *, struct buffer *message);
enum result disk_hide(struct shelf *, uint64_t revision, struct buffer *message);

/* disk_history.c */
enum result disk_list(struct shelf *, struct arena *, const struct history_query *, struct history *);
enum result disk_edits(struct shelf *, const struct schema *, uint64_t first, uint64_t last, each_edit *, void *context);

/* disk_copies.c */
enum result disk_copy_put(struct shelf *, const struct copy *, struct text content, struct buffer *message);
enum result disk_copy_remove(struct shelf *, const char *uuid, struct buffer *message);
enum result disk_copy_list(struct shelf *, struct arena *, struct copies *);
enum result disk_copy_read(struct shelf *, struct arena *, const char *uuid, struct text *content);

/* Binding and reading, shorter. Texts are not copied: they must live until the statement is reset. */
static inline void
bind_number(sqlite3_stmt *statement, int at, int64_t number)
{
	sqlite3_bind_int64(statement, at, number);
}

static inline void
bind_text(sqlite3_stmt *statement, int at, struct text text)
{
	sqlite3_bind_text64(statement, at, text.ptr ? text.ptr : "", text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static inline struct text
column_text(sqlite3_stmt *statement, int at)
{
	const char *text = (const char *)sqlite3_column_text(statement, at);

	return (struct text){ text, (size_t)sqlite3_column_bytes(statement, at) };
}
