/*
 * The disk says no at every step of opening, committing and closing: full, a write that fails, a sync that
 * fails. What fails is reported, changes nothing, and does not stand in the way of what comes later.
 *
 * usage: test_fault_errors [STRIDE]   (every so many steps; 1: all)
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/number.h"
#include "image.h"
#include "workload.h"

#define STEPS_MAX 400 /* far more than a run has */

static const int codes[] = { SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC };

static char folder[256];

/* Opening may fail, with a word, while the disk does; not afterwards. */
static struct store *
open_somehow(void)
{
	for (unsigned attempt = 0; attempt < 20; attempt++) {
		scoped_buffer message = BUFFER_NONE;
		struct store *store = workload_open(folder, IMAGE_VFS, &message);

		if (store)
			return store;
		BUG_IF(message.len == 0, "refused without a word");
		BUG_IF(!image_has_failed(), "refused without a reason: %s", buffer_string(&message));
	}
	bug_report(__FILE__, __LINE__, "cannot be opened after the disk is well again");
}

/* Commit until it works; what failed may not have changed anything. */
static void
commit_somehow(struct store *store, unsigned changes)
{
	for (unsigned attempt = 0; attempt < 20; attempt++) {
		scoped_buffer  message = BUFFER_NONE;
		const uint64_t before = workload_revision(store);

		if (workload_commit(store, changes, &message) == RESULT_DONE) {
			workload_check(store, before + changes, before + changes);
			return;
		}
		BUG_IF(message.len == 0, "failed without a word");
		BUG_IF(!image_has_failed(), "failed without a reason: %s", buffer_string(&message));
		workload_check(store, before, before);
	}
	bug_report(__FILE__, __LINE__, "cannot be written after the disk is well again");
}

/* One run in which the n-th step, and some after it, fail. True when it came to that. */
static bool
run(unsigned step, unsigned fails, int code)
{
	image_start();
	image_stop_logging();
	image_fail(step, fails, code);
	struct store *store = open_somehow();

	for (unsigned i = 1; i <= 3; i++)
		commit_somehow(store, i);
	store_close(store);
	store = open_somehow();
	workload_check(store, 6, 6);
	commit_somehow(store, 1);
	store_close(store);
	const bool was_reached = image_has_failed();

	image_end();
	return was_reached;
}

int
main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	size_t      runs = 0;
	int64_t     stride = 1;

	if (argc > 1 && !number_read(text_of(argv[1]), 1, STEPS_MAX, &stride))
		return 2;
	snprintf(folder, sizeof(folder), "%s/drawbridge-errors-XXXXXX", tmp ? tmp : "/tmp");
	BUG_IF(!mkdtemp(folder), "no folder");
	for (size_t i = 0; i < COUNT(codes); i++)
		for (unsigned fails = 1; fails <= 5; fails += 2)
			for (unsigned step = 0; step < STEPS_MAX && run(step, fails, codes[i]); step += (unsigned)stride)
				runs++;
	BUG_IF(runs < 300 / (size_t)stride, "only %zu steps: the disk was not asked", runs);
	printf("%zu failures: each was reported, none did harm\n", runs);
	workload_remove(folder);
	return 0;
}
