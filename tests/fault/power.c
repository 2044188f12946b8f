/*
 * A crash at every step that SQLite takes on the disk, in four ways each: the process killed, killed within a
 * write, power lost, and power lost with some sectors written. After each the store is opened and
 * must have every acknowledged revision, nothing never tried, and no half batch.
 *
 * usage: test_fault_power [BATCHES]
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/number.h"
#include "image.h"
#include "workload.h"

#define BATCHES_PER_RUN 9 /* then the store is closed and opened */
#define LONG_LOG        ((size_t)256 * 1024)

struct mark {
	size_t   step;
	uint64_t revision;
};

static struct mark *tried, *acknowledged; /* one for each batch */
static size_t       batches;

static struct store *
must_open(const char *folder)
{
	scoped_buffer message = BUFFER_NONE;
	struct store *store = workload_open(folder, IMAGE_VFS, &message);

	BUG_IF(!store, "cannot be opened: %s", buffer_string(&message));
	return store;
}

static void
work(const char *folder, size_t want)
{
	struct store *store = must_open(folder);

	for (batches = 0; batches < want; batches++) {
		scoped_buffer  message = BUFFER_NONE;
		const unsigned changes = 1 + batches % WORKLOAD_BATCH_MAX;

		tried[batches] = (struct mark){ image_count(), workload_revision(store) + changes };
		BUG_IF(workload_commit(store, changes, &message) != RESULT_DONE, "%s", buffer_string(&message));
		acknowledged[batches] = (struct mark){ image_count(), workload_revision(store) };
		/* The second half in one go, so that the log gets long and is emptied while in use. */
		if (batches % BATCHES_PER_RUN == 0 && batches < want / 2) {
			store_close(store);
			store = must_open(folder);
		}
	}
	store_close(store);
}

/* The last mark before a step. */
static uint64_t
mark_before(const struct mark *marks, size_t step, bool inclusive)
{
	uint64_t revision = 0;

	for (size_t i = 0; i < batches && (marks[i].step < step || (inclusive && marks[i].step == step)); i++)
		revision = marks[i].revision;
	return revision;
}

static void
check_pages(const char *folder)
{
	scoped_buffer path = BUFFER_NONE;
	sqlite3      *db;
	sqlite3_stmt *row;

	buffer_print(&path, "%s/configuration.db", folder);
	BUG_IF(sqlite3_open_v2(buffer_string(&path), &db, SQLITE_OPEN_READWRITE, IMAGE_VFS) != SQLITE_OK, "no file");
	BUG_IF(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &row, NULL) != SQLITE_OK, "no check");
	BUG_IF(sqlite3_step(row) != SQLITE_ROW || strcmp((const char *)sqlite3_column_text(row, 0), "ok") != 0,
	       "damaged pages");
	sqlite3_finalize(row);
	sqlite3_close(db);
}

static void
crash(const char *folder, size_t step, enum crash how, uint32_t random)
{
	image_put(step, how, random);
	struct store *store = must_open(folder);

	workload_check(store, mark_before(acknowledged, step, true), mark_before(tried, step + 1, false));
	/* It goes on from here. */
	if (random % 16 == 0) {
		scoped_buffer message = BUFFER_NONE;

		BUG_IF(workload_commit(store, 1, &message) != RESULT_DONE, "%s", buffer_string(&message));
		workload_check(store, workload_revision(store), workload_revision(store));
	}
	store_close(store);
	if (random % 32 == 1)
		check_pages(folder);
}

int
main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	char        folder[256];
	int64_t     want = 24;
	size_t      points = 0;

	if (argc > 1 && !number_read(text_of(argv[1]), 1, 100000, &want))
		return 2;
	snprintf(folder, sizeof(folder), "%s/drawbridge-power-XXXXXX", tmp ? tmp : "/tmp");
	BUG_IF(!mkdtemp(folder), "no folder");
	tried = calloc((size_t)want, sizeof(*tried));
	acknowledged = calloc((size_t)want, sizeof(*acknowledged));
	image_start();
	work(folder, (size_t)want);
	image_stop_logging();
	for (size_t step = 0; step <= image_count(); step++)
		for (int how = 0; how < CRASH_KINDS; how++) {
			/* Reading a long log back takes its time, and one write to it is as good as the next. */
			if (step < image_count() && image_is_in_long_log(step, LONG_LOG) && step % 16 != 0)
				continue;
			crash(folder, step, how, (uint32_t)(step * 2654435761U + (unsigned)how * 40503U) >> 3);
			points++;
		}
	printf("%zu crashes in %zu steps of %zu batches: every acknowledged revision was there, no half batch\n", points,
	       image_count(), batches);
	image_end();
	free(tried);
	free(acknowledged);
	workload_remove(folder);
	return 0;
}
