/* Copies of the configuration under a name, in memory and on disk. */
#include "store/store.h"

#include <string.h>

#include "sample.h"

struct bench {
	struct arena *arena;
	struct store *store;
	const char   *folder; /* NULL: in memory */
};

static void
open_store(struct bench *bench)
{
	scoped_buffer message = BUFFER_NONE;

	bench->store = store_open(&(struct store_setup){ .schema = sample_schema(), .folder = bench->folder, .keep_revisions = 2 },
				  &message);
	CHECK_STRING(buffer_string(&message), "");
	CHECK(bench->store);
}

static void
reopen(struct bench *bench)
{
	if (!bench->folder)
		return;
	store_close(bench->store);
	open_store(bench);
}

static void
on_both(void (*test)(struct bench *))
{
	for (int on_disk = 0; on_disk < 2; on_disk++) {
		scoped_arena arena = arena_new();
		struct bench bench = { arena, NULL, on_disk ? folder_make(arena) : NULL };

		open_store(&bench);
		test(&bench);
		store_close(bench.store);
		if (on_disk)
			folder_remove(bench.folder);
	}
}

static enum result
add(struct bench *bench, struct copy *copy)
{
	scoped_buffer          message = BUFFER_NONE;
	const struct snapshot *snapshot = store_snapshot(bench->store);
	const enum result      result = store_copy_add(bench->store, snapshot, copy, &message);

	snapshot_release(snapshot);
	return result;
}

/* Make the configuration the copy; the result is that of reading it. */
static enum result
restore(struct bench *bench, const char *uuid)
{
	scoped_buffer     message = BUFFER_NONE;
	struct batch     *batch = store_begin(bench->store);
	struct change    *change = batch_change(batch, bench->arena, NULL);
	const enum result result = store_copy_into(bench->store, change, text_of(uuid));

	if (result == RESULT_DONE)
		batch_accept(batch, change, true);
	CHECK_NUMBER(batch_commit(batch, &message), RESULT_DONE);
	return result;
}

static void
survives(struct bench *bench)
{
	struct copy   copy = { .name = "first", .note = "before\nit all" };
	struct copies copies;

	commit_rule(bench->store, "a", "a\"\n\\\x01");
	commit_rule(bench->store, "b", "b");
	CHECK_NUMBER(add(bench, &copy), RESULT_DONE);
	CHECK(uuid_is_valid(text_of(copy.uuid)) && copy.revision == 2 && copy.bytes > 20 && copy.time > 0);
	for (int i = 0; i < 40; i++)
		commit_rule(bench->store, "c", i % 2 ? "c" : "d");
	reopen(bench);
	CHECK_NUMBER(store_copies(bench->store, bench->arena, &copies), RESULT_DONE);
	CHECK_NUMBER(copies.count, 1);
	CHECK_STRING(copies.copies[0].name, "first");
	CHECK_STRING(copies.copies[0].note, "before\nit all");
	CHECK_NUMBER(copies.copies[0].revision, 2);
	CHECK_NUMBER(restore(bench, copy.uuid), RESULT_DONE);
	CHECK_STRING(stored_names(bench->arena, bench->store), "a\"\n\\\x01" "b");
}

TEST(a_copy_survives_the_revisions_after_it)
{
	on_both(survives);
}

static void
named_once(struct bench *bench)
{
	scoped_buffer message = BUFFER_NONE;
	struct copy   copy = { .name = "one", .note = "" }, clone = { .name = "one", .note = "" };
	struct copy   gone = { .uuid = "00000000-0000-4000-8000-000000000000", .name = "x", .note = "" };
	struct copies copies;

	commit_rule(bench->store, "a", "a");
	CHECK_NUMBER(add(bench, &copy), RESULT_DONE);
	CHECK_NUMBER(add(bench, &clone), RESULT_CONFLICT);
	clone.name = "two";
	CHECK_NUMBER(store_copy_clone(bench->store, TEXT("none"), &clone, &message), RESULT_MISSING);
	clone.uuid[0] = '\0';
	CHECK_NUMBER(store_copy_clone(bench->store, text_of(copy.uuid), &clone, &message), RESULT_DONE);
	clone.name = "one";
	CHECK_NUMBER(store_copy_change(bench->store, &clone, &message), RESULT_CONFLICT);
	clone.name = "three";
	clone.note = "changed";
	CHECK_NUMBER(store_copy_change(bench->store, &clone, &message), RESULT_DONE);
	CHECK_NUMBER(store_copy_change(bench->store, &gone, &message), RESULT_MISSING);
	commit_rule(bench->store, "a", "b");
	CHECK_NUMBER(restore(bench, clone.uuid), RESULT_DONE);
	CHECK_STRING(stored_names(bench->arena, bench->store), "a");
	CHECK_NUMBER(store_copy_remove(bench->store, text_of(copy.uuid), &message), RESULT_DONE);
	CHECK_NUMBER(store_copy_remove(bench->store, text_of(copy.uuid), &message), RESULT_MISSING);
	CHECK_NUMBER(restore(bench, copy.uuid), RESULT_MISSING);
	CHECK_NUMBER(store_copies(bench->store, bench->arena, &copies), RESULT_DONE);
	CHECK_NUMBER(copies.count, 1);
	CHECK_STRING(copies.copies[0].note, "changed");
}

TEST(no_two_copies_have_one_name)
{
	on_both(named_once);
}

static void
limited(struct bench *bench)
{
	struct copy long_name = { .note = "", .name = arena_print(bench->arena, "%0*d", STORE_COPY_NAME_MAX + 1, 1) };
	struct copy long_note = { .name = "x", .note = arena_print(bench->arena, "%0*d", STORE_COPY_NOTE_MAX + 1, 1) };

	CHECK_NUMBER(add(bench, &long_name), RESULT_TOO_BIG);
	CHECK_NUMBER(add(bench, &long_note), RESULT_TOO_BIG);
	long_name.name++;
	long_note.note++;
	CHECK_NUMBER(add(bench, &long_name), RESULT_DONE);
	CHECK_NUMBER(add(bench, &long_note), RESULT_DONE);
	for (int i = 2; i < STORE_COPIES_MAX; i++)
		CHECK_NUMBER(add(bench, &(struct copy){ .name = arena_print(bench->arena, "n%d", i), .note = "" }), RESULT_DONE);
	CHECK_NUMBER(add(bench, &(struct copy){ .name = "one more", .note = "" }), RESULT_TOO_BIG);
}

TEST(there_are_only_so_many_copies)
{
	on_both(limited);
}

RUN(cmocka_unit_test(a_copy_survives_the_revisions_after_it), cmocka_unit_test(no_two_copies_have_one_name),
    cmocka_unit_test(there_are_only_so_many_copies));
