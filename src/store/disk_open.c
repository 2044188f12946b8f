/*
 * Opening the SQLite shelf: whose the files are, that nobody else uses them, that they are whole,
 * and bringing older ones to the form of today.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/disk_inside.h"

#define FILE_NAME      "configuration.db"
#define LOCK_NAME      "lock"
#define APPLICATION_ID 0x44726264 /* "Drbd" */
#define BUSY_TIMEOUT   5000       /* milliseconds; an administrator may be looking with another program */

/* Each brings the file from the version before to its own; the first makes it. Never change one that was released. */
static const char *const migrations[] = {
	"CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE revision(id INTEGER PRIMARY KEY, time INTEGER NOT NULL UNIQUE, user TEXT NOT NULL,"
	" address TEXT NOT NULL, dialect TEXT NOT NULL, endpoint TEXT NOT NULL, note TEXT NOT NULL,"
	" touched INTEGER NOT NULL, bytes INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0);"
	"CREATE TABLE edit(id INTEGER PRIMARY KEY, resource TEXT NOT NULL, uuid TEXT NOT NULL,"
	" before_place INTEGER, before TEXT, after_place INTEGER, after TEXT);"
	"CREATE TABLE record(resource TEXT NOT NULL, uuid TEXT NOT NULL, place INTEGER NOT NULL,"
	" fields TEXT NOT NULL, PRIMARY KEY(resource, uuid)) WITHOUT ROWID;",
	"CREATE TABLE copy(uuid TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, note TEXT NOT NULL, time INTEGER NOT NULL,"
	" revision INTEGER NOT NULL, bytes INTEGER NOT NULL, content BLOB NOT NULL);",
};

static bool
check_folder(const char *folder, struct buffer *message)
{
	struct stat info;

	if (stat(folder, &info) != 0)
		buffer_print(message, "%s: %s", folder, strerror(errno));
	else if (!S_ISDIR(info.st_mode))
		buffer_print(message, "%s: not a directory", folder);
	else if (info.st_uid != geteuid() && geteuid() != 0)
		buffer_print(message, "%s: belongs to another user", folder);
	else if (info.st_mode & (S_IWGRP | S_IWOTH))
		buffer_print(message, "%s: others may write to it (chmod go-w)", folder);
	else
		return true;
	return false;
}

/* A file of ours, for us alone; -1: the message says why not. */
static int
open_file(const char *path, struct buffer *message)
{
	const int   fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	struct stat info;

	if (fd < 0) {
		buffer_print(message, "%s: %s", path, errno == ELOOP ? "a symbolic link" : strerror(errno));
		return -1;
	}
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) == 0)
		return fd;
	buffer_print(message, "%s: %s", path,
	             S_ISREG(info.st_mode) ? "others may read it (chmod go-rwx)" : "not a regular file");
	close(fd);
	return -1;
}

static bool
take_lock(struct disk *disk, const char *path, struct buffer *message)
{
	disk->lock = open_file(path, message);
	if (disk->lock < 0)
		return false;
	if (flock(disk->lock, LOCK_EX | LOCK_NB) != 0) {
		buffer_print(message, "%s: in use by another daemon", disk->folder);
		return false;
	}
	return true;
}

static bool
say(sqlite3 *db, const char *doing, const struct disk *disk, struct buffer *message)
{
	const int code = sqlite3_errcode(db);

	buffer_print(message, "%s: %s: %s%s", disk->folder, doing, sqlite3_errmsg(db),
	             code == SQLITE_CORRUPT || code == SQLITE_NOTADB
	                     ? " (the store is damaged; restore its files or move them away)"
	                     : "");
	return false;
}

static bool
run(sqlite3 *db, const char *sql, const struct disk *disk, struct buffer *message)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || say(db, "cannot be opened", disk, message);
}

/* The number a pragma gives. */
static bool
ask_number(sqlite3 *db, const char *sql, const struct disk *disk, int64_t *out, struct buffer *message)
{
	sqlite3_stmt *statement = NULL;
	bool          is_there = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
	                sqlite3_step(statement) == SQLITE_ROW;

	if (is_there)
		*out = sqlite3_column_int64(statement, 0);
	else
		say(db, "cannot be read", disk, message);
	sqlite3_finalize(statement);
	return is_there;
}

static bool
check_whole(const struct disk *disk, struct buffer *message)
{
	sqlite3_stmt *statement = NULL;
	bool          is_whole = sqlite3_prepare_v2(disk->writer, "PRAGMA quick_check(1)", -1, &statement, NULL) ==
	                        SQLITE_OK &&
	                sqlite3_step(statement) == SQLITE_ROW;

	if (!is_whole) {
		say(disk->writer, "cannot be checked", disk, message);
	} else if (!text_is(column_text(statement, 0), "ok")) {
		buffer_print(message, "%s: the store is damaged (%.*s); restore its files or move them away",
		             disk->folder, TEXT_ARGS(column_text(statement, 0)));
		is_whole = false;
	}
	sqlite3_finalize(statement);
	return is_whole;
}

static bool
migrate_one(const struct disk *disk, size_t version, struct buffer *message)
{
	scoped_buffer sql = BUFFER_NONE;

	buffer_print(&sql, "BEGIN IMMEDIATE; %s PRAGMA application_id=%d; PRAGMA user_version=%zu; COMMIT;",
	             migrations[version], APPLICATION_ID, version + 1);
	return run(disk->writer, buffer_string(&sql), disk, message);
}

static bool
migrate(const struct disk *disk, struct buffer *message)
{
	int64_t application, version, tables;

	if (!ask_number(disk->writer, "PRAGMA application_id", disk, &application, message) ||
	    !ask_number(disk->writer, "PRAGMA user_version", disk, &version, message) ||
	    !ask_number(disk->writer, "SELECT count(*) FROM sqlite_schema", disk, &tables, message))
		return false;
	if (tables > 0 && application != APPLICATION_ID) {
		buffer_print(message, "%s/" FILE_NAME ": not made by Drawbridge", disk->folder);
		return false;
	}
	if (version > (int64_t)COUNT(migrations)) {
		buffer_print(message, "%s/" FILE_NAME ": made by a newer version (%lld; this one knows %zu)", disk->folder,
		             (long long)version, COUNT(migrations));
		return false;
	}
	for (size_t i = (size_t)version; i < COUNT(migrations); i++)
		if (!migrate_one(disk, i, message))
			return false;
	return true;
}

static bool
connect_to(const char *path, const char *vfs, sqlite3 **db, const struct disk *disk, struct buffer *message)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;

	if (sqlite3_open_v2(path, db, flags, vfs) != SQLITE_OK)
		return say(*db, "cannot be opened", disk, message);
	sqlite3_extended_result_codes(*db, 0);
	sqlite3_busy_timeout(*db, BUSY_TIMEOUT);
	return run(*db, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
	                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216;",
	           disk, message);
}

static bool
prepare(struct disk *disk, struct buffer *message)
{
	for (size_t i = 0; i < SQL_COUNT; i++) {
		sqlite3 *db = i < SQL_READ_BEGIN ? disk->writer : disk->reader;

		if (sqlite3_prepare_v3(db, disk_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &disk->statements[i], NULL) !=
		    SQLITE_OK)
			return say(db, "cannot be used", disk, message);
	}
	return true;
}

/* A log that is left over says that the last daemon did not end in good order. */
static bool
was_unclean(const char *path)
{
	scoped_buffer log = BUFFER_NONE;
	struct stat   info;

	buffer_print(&log, "%s-wal", path);
	return stat(buffer_string(&log), &info) == 0 && info.st_size > 0;
}

static bool
open_all(struct disk *disk, const char *vfs, struct buffer *message)
{
	scoped_buffer path = BUFFER_NONE, lock = BUFFER_NONE;

	buffer_print(&path, "%s/" FILE_NAME, disk->folder);
	buffer_print(&lock, "%s/" LOCK_NAME, disk->folder);
	if (!check_folder(disk->folder, message) || !take_lock(disk, buffer_string(&lock), message))
		return false;
	/* SQLite gives the files beside it the same permissions. */
	scoped_fd  file = open_file(buffer_string(&path), message);
	const bool unclean = was_unclean(buffer_string(&path));

	return file >= 0 && connect_to(buffer_string(&path), vfs, &disk->writer, disk, message) &&
	       (!unclean || check_whole(disk, message)) && migrate(disk, message) &&
	       connect_to(buffer_string(&path), vfs, &disk->reader, disk, message) && prepare(disk, message);
}

void
disk_close(struct shelf *shelf)
{
	struct disk *disk = (struct disk *)shelf;

	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(disk->statements[i]);
	sqlite3_close(disk->reader);
	sqlite3_close(disk->writer); /* the last one to go empties the log */
	if (disk->lock >= 0)
		close(disk->lock);
	pthread_mutex_destroy(&disk->reading);
	free(disk->folder);
	free(disk);
}

struct shelf *
disk_shelf(const char *folder, const char *vfs, struct buffer *message)
{
	static const struct shelf_kind kind = {
		disk_load, disk_write, disk_hide, disk_close, disk_list, disk_edits,
		disk_copy_put, disk_copy_remove, disk_copy_list, disk_copy_read,
	};
	struct disk *disk = calloc(1, sizeof(*disk));

	BUG_IF(!disk, "out of memory");
	disk->shelf.kind = &kind;
	disk->folder = strdup(folder);
	disk->lock = -1;
	BUG_IF(!disk->folder, "out of memory");
	pthread_mutex_init(&disk->reading, NULL);
	if (open_all(disk, vfs, message))
		return &disk->shelf;
	disk_close(&disk->shelf);
	return NULL;
}
