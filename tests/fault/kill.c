/*
 * A store on real files whose process is killed (SIGKILL) at a random step it takes on the disk, again and
 * again: before the step, in the middle of a write, or after it. Every process first looks whether all is there
 * that the ones before it acknowledged, then goes on until it is killed.
 *
 * usage: test_fault_kill [KILLS]
 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/number.h"
#include "workload.h"

#define STEPS_MAX 90 /* a process lives through fewer than this */

/* Outlives the killed. */
struct shared {
	uint64_t acknowledged, tried;
};

static sqlite3_vfs *real;
static unsigned     steps_left;
static bool         tears; /* it is killed within a write, if it is one */

struct handle {
	sqlite3_file  base;
	sqlite3_file *real; /* right behind */
};

/* --- a file system that kills ---------------------------------------------------------------- */

static void
die(void)
{
	kill(getpid(), SIGKILL);
}

static bool
is_last_step(void)
{
	return steps_left-- == 1;
}

static sqlite3_file *
behind(sqlite3_file *file)
{
	return ((struct handle *)file)->real;
}

static int
do_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
	const bool is_last = is_last_step();

	if (is_last && tears)
		size = size / 2 + 1;
	const int code = behind(file)->pMethods->xWrite(behind(file), bytes, size, offset);

	if (is_last)
		die();
	return code;
}

static int
do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (is_last_step())
		die();
	return behind(file)->pMethods->xTruncate(behind(file), size);
}

static int
do_sync(sqlite3_file *file, int flags)
{
	if (is_last_step())
		die();
	return behind(file)->pMethods->xSync(behind(file), flags);
}

static int
do_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	const bool is_last = is_last_step();

	(void)vfs;
	if (is_last && tears)
		die();
	const int code = real->xDelete(real, name, sync);

	if (is_last)
		die();
	return code;
}

#define PASS_ON(type, name, method, parameters, ...)                                  \
	static type name parameters                                                   \
	{                                                                             \
		return behind(file)->pMethods->method(behind(file), ##__VA_ARGS__);   \
	}

PASS_ON(int, do_close, xClose, (sqlite3_file * file))
PASS_ON(int, do_read, xRead, (sqlite3_file * file, void *out, int size, sqlite3_int64 at), out, size, at)
PASS_ON(int, do_size, xFileSize, (sqlite3_file * file, sqlite3_int64 *size), size)
PASS_ON(int, do_lock, xLock, (sqlite3_file * file, int level), level)
PASS_ON(int, do_unlock, xUnlock, (sqlite3_file * file, int level), level)
PASS_ON(int, do_check_lock, xCheckReservedLock, (sqlite3_file * file, int *out), out)
PASS_ON(int, do_control, xFileControl, (sqlite3_file * file, int op, void *argument), op, argument)
PASS_ON(int, do_sector, xSectorSize, (sqlite3_file * file))
PASS_ON(int, do_traits, xDeviceCharacteristics, (sqlite3_file * file))
PASS_ON(int, do_map, xShmMap, (sqlite3_file * file, int at, int size, int extend, void volatile **out), at, size,
        extend, out)
PASS_ON(int, do_map_lock, xShmLock, (sqlite3_file * file, int at, int n, int flags), at, n, flags)
PASS_ON(void, do_barrier, xShmBarrier, (sqlite3_file * file))
PASS_ON(int, do_unmap, xShmUnmap, (sqlite3_file * file, int is_delete), is_delete)

static int
do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
	static const sqlite3_io_methods methods = {
		2,           do_close,   do_read,   do_write,  do_truncate, do_sync,     do_size,    do_lock,  do_unlock,
		do_check_lock, do_control, do_sector, do_traits, do_map,      do_map_lock, do_barrier, do_unmap, NULL, NULL,
	};
	struct handle *handle = (struct handle *)file;

	(void)vfs;
	*handle = (struct handle){ .real = (sqlite3_file *)(handle + 1) };
	const int code = real->xOpen(real, name, handle->real, flags, out_flags);

	if (handle->real->pMethods)
		handle->base.pMethods = &methods;
	return code;
}

static void
install(void)
{
	static sqlite3_vfs killing;

	real = sqlite3_vfs_find(NULL);
	killing = *real;
	killing.zName = "killing";
	killing.szOsFile = (int)sizeof(struct handle) + real->szOsFile;
	killing.xOpen = do_open;
	killing.xDelete = do_delete;
	killing.pNext = NULL;
	sqlite3_vfs_register(&killing, 0);
}

/* --- processes ------------------------------------------------------------------------------ */

static _Noreturn void
live_and_die(const char *folder, struct shared *shared, unsigned random)
{
	scoped_buffer message = BUFFER_NONE;

	install();
	tears = random & 1;
	steps_left = 1 + random / 2 % STEPS_MAX;
	struct store *store = workload_open(folder, "killing", &message);

	BUG_IF(!store, "cannot be opened: %s", buffer_string(&message));
	workload_check(store, shared->acknowledged, shared->tried);
	for (unsigned i = 0; i < 4 + random % 3; i++) {
		const unsigned changes = 1 + (random >> i) % WORKLOAD_BATCH_MAX;

		shared->tried = workload_revision(store) + changes;
		BUG_IF(workload_commit(store, changes, &message) != RESULT_DONE, "%s", buffer_string(&message));
		shared->acknowledged = workload_revision(store);
	}
	store_close(store);
	_exit(0);
}

/* True when it was killed, false when it ended by itself. */
static bool
run_one(const char *folder, struct shared *shared, unsigned random)
{
	const pid_t pid = fork();
	int         status;

	if (pid == 0)
		live_and_die(folder, shared, random);
	BUG_IF(pid < 0 || waitpid(pid, &status, 0) != pid, "no process");
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return true;
	BUG_IF(!WIFEXITED(status) || WEXITSTATUS(status) != 0, "a process found something wrong");
	return false;
}

int
main(int argc, char **argv)
{
	const char    *tmp = getenv("TMPDIR");
	char           folder[256];
	int64_t        want = 300;
	unsigned       random = 4711;
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (argc > 1 && !number_read(text_of(argv[1]), 1, 1000000, &want))
		return 2;
	/* What was written before a kill is there whatever the disk: the fastest will do. */
	snprintf(folder, sizeof(folder), "%s/drawbridge-kill-XXXXXX",
	         tmp ? tmp : access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	BUG_IF(shared == MAP_FAILED || !mkdtemp(folder), "no folder");
	for (int64_t kills = 0; kills < want;) {
		random = random * 1664525 + 1013904223;
		kills += run_one(folder, shared, random >> 8);
	}
	printf("%lld kills, %llu revisions acknowledged: none was lost\n", (long long)want,
	       (unsigned long long)shared->acknowledged);
	workload_remove(folder);
	return 0;
}
