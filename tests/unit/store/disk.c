/* What only a store on disk has: files, permissions, damage. */
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>

#include "sample.h"

/* What opening says; "" when it opens without a remark. The store is given or closed. */
static const char *
opened(struct arena *arena, const char *folder, struct store **store)
{
	scoped_buffer message = BUFFER_NONE;
	struct store *made =
		store_open(&(struct store_setup){ .schema = sample_schema(), .folder = folder }, &message);

	CHECK(made || message.len > 0);
	if (store)
		*store = made;
	else
		store_close(made);
	return arena_copy(arena, buffer_text(&message));
}

static bool
says(const char *message, const char *part)
{
	return text_contains(text_of(message), text_of(part));
}

static void
run_sql(struct arena *arena, const char *folder, const char *sql)
{
	sqlite3 *db;

	CHECK(sqlite3_open(arena_print(arena, "%s/configuration.db", folder), &db) == SQLITE_OK);
	CHECK(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
}

TEST(two_daemons_do_not_share_a_folder)
{
	scoped_arena  arena = arena_new();
	const char   *folder = folder_make(arena);
	struct store *store;

	CHECK_STRING(opened(arena, folder, &store), "");
	CHECK(says(opened(arena, folder, NULL), "in use by another daemon"));
	store_close(store);
	CHECK_STRING(opened(arena, folder, NULL), "");
	folder_remove(folder);
}

TEST(files_are_for_the_daemon_alone)
{
	static const char *const names[] = { "configuration.db", "configuration.db-wal", "configuration.db-shm", "lock" };
	scoped_arena             arena = arena_new();
	const char              *folder = folder_make(arena);
	const mode_t             mask = umask(0);
	struct store            *store;

	CHECK_STRING(opened(arena, folder, &store), "");
	commit_rule(store, "a", "a");
	for (size_t i = 0; i < COUNT(names); i++) {
		struct stat info;

		CHECK(stat(arena_print(arena, "%s/%s", folder, names[i]), &info) == 0);
		CHECK_NUMBER(info.st_mode & 07777, 0600);
	}
	store_close(store);
	umask(mask);
	folder_remove(folder);
}

TEST(folders_and_files_that_are_open_to_others_are_refused)
{
	scoped_arena arena = arena_new();
	const char  *folder = folder_make(arena), *file = arena_print(arena, "%s/configuration.db", folder);

	CHECK(says(opened(arena, "/nowhere/at/all", NULL), "No such file"));
	CHECK(says(opened(arena, "/dev/null", NULL), "not a directory"));
	chmod(folder, 0770);
	CHECK(says(opened(arena, folder, NULL), "others may write"));
	chmod(folder, 0700);
	CHECK(symlink("/dev/null", file) == 0);
	CHECK(says(opened(arena, folder, NULL), "symbolic link"));
	unlink(file);
	CHECK(mkfifo(file, 0600) == 0);
	CHECK(says(opened(arena, folder, NULL), "not a regular file"));
	unlink(file);
	CHECK_STRING(opened(arena, folder, NULL), "");
	chmod(file, 0640);
	CHECK(says(opened(arena, folder, NULL), "others may read"));
	folder_remove(folder);
}

/* A folder whose store was written and closed. */
static const char *
used_folder(struct arena *arena)
{
	const char   *folder = folder_make(arena);
	struct store *store;

	CHECK_STRING(opened(arena, folder, &store), "");
	for (unsigned i = 0; i < 50; i++)
		commit_rule(store, arena_print(arena, "%u", i), "name");
	store_close(store);
	return folder;
}

TEST(a_damaged_store_is_refused_with_a_word)
{
	scoped_arena arena = arena_new();
	const char  *folder = used_folder(arena);
	const int    fd = open(arena_print(arena, "%s/configuration.db", folder), O_WRONLY);
	char         rubbish[4096];

	memset(rubbish, 'x', sizeof(rubbish));
	CHECK(pwrite(fd, rubbish, sizeof(rubbish), 4096) > 0 && pwrite(fd, rubbish, sizeof(rubbish), 4096 * 3) > 0);
	CHECK(says(opened(arena, folder, NULL), folder));
	CHECK(pwrite(fd, rubbish, sizeof(rubbish), 0) > 0);
	CHECK(says(opened(arena, folder, NULL), "damaged"));
	close(fd);
	folder_remove(folder);
}

TEST(a_record_that_cannot_be_read_is_named)
{
	scoped_arena arena = arena_new();
	const char  *folder = used_folder(arena);

	run_sql(arena, folder, "UPDATE record SET fields = '{broken' WHERE uuid = '7'");
	CHECK(says(opened(arena, folder, NULL), "test.rule 7 cannot be read"));
	folder_remove(folder);
}

TEST(files_of_other_programs_and_newer_versions_are_refused)
{
	scoped_arena arena = arena_new();
	const char  *folder = folder_make(arena);

	run_sql(arena, folder, "CREATE TABLE stranger(x)");
	chmod(arena_print(arena, "%s/configuration.db", folder), 0600);
	CHECK(says(opened(arena, folder, NULL), "not made by Drawbridge"));
	folder_remove(folder);
	folder = used_folder(arena);
	run_sql(arena, folder, "PRAGMA user_version=99");
	CHECK(says(opened(arena, folder, NULL), "newer version"));
	folder_remove(folder);
}

TEST(what_the_schema_does_not_know_is_left_alone)
{
	scoped_arena  arena = arena_new();
	const char   *folder = used_folder(arena);
	struct store *store;

	run_sql(arena, folder, "INSERT INTO record VALUES('test.gone', 'u', 1, '{\"x\":\"1\"}');"
	                       "INSERT INTO edit VALUES(51 << 24, 'test.gone', 'u', NULL, NULL, 1, '{}');"
	                       "INSERT INTO revision VALUES(51, 1, '', '', '', '', '', 0, 0, 0);"
	                       "UPDATE record SET fields = '{\"name\":\"n\",\"gone\":\"1\"}' WHERE uuid = '7'");
	CHECK(says(opened(arena, folder, &store), "1 records and 1 fields"));
	const struct snapshot *snapshot;

	CHECK(store_snapshot_at(store, 49, &snapshot) == RESULT_DONE);
	CHECK_NUMBER(collection_count(snapshot_collection(snapshot, &rules)), 49);
	snapshot_release(snapshot);
	store_close(store);
	CHECK(says(opened(arena, folder, NULL), "1 records"));
	folder_remove(folder);
}

RUN(cmocka_unit_test(two_daemons_do_not_share_a_folder),
    cmocka_unit_test(files_are_for_the_daemon_alone),
    cmocka_unit_test(folders_and_files_that_are_open_to_others_are_refused),
    cmocka_unit_test(a_damaged_store_is_refused_with_a_word),
    cmocka_unit_test(a_record_that_cannot_be_read_is_named),
    cmocka_unit_test(files_of_other_programs_and_newer_versions_are_refused),
    cmocka_unit_test(what_the_schema_does_not_know_is_left_alone));
