/* A virtual file system for SQLite: files in memory and a log of steps. */
#include "image.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

#define FILES_MAX   8
#define HANDLES_MAX 16
#define SECTOR      512
#define REGIONS_MAX 64

struct file {
	char   name[256]; /* "": free */
	bool   exists;
	char  *bytes;
	size_t size, room;
};

enum kind {
	STEP_CREATE,
	STEP_DELETE,
	STEP_WRITE,
	STEP_TRUNCATE,
	STEP_SYNC,
};

struct step {
	enum kind kind;
	size_t    file;
	size_t    offset, size; /* of the write; size: the new one of a truncation */
	char     *bytes;
};

struct handle {
	sqlite3_file base;
	size_t       file;
	int          lock;
	bool         delete_on_close;
};

static struct file    live[FILES_MAX];    /* what SQLite sees */
static struct file    full[FILES_MAX];    /* with the steps before `reached` */
static struct file    durable[FILES_MAX]; /* of these, what was synced */
static size_t         synced_to[FILES_MAX]; /* steps before are in durable */
static struct step   *steps;
static size_t         count, room, reached;
static bool           is_logging, has_failed;
static struct handle *handles[HANDLES_MAX];
static void          *regions[REGIONS_MAX]; /* the index of the log that connections share */
static unsigned       fail_after, fail_count;
static int            fail_code;

/* --- files ---------------------------------------------------------------------------------- */

static void
file_resize(struct file *file, size_t size)
{
	if (size > file->room) {
		file->room = size * 2;
		file->bytes = realloc(file->bytes, file->room);
		BUG_IF(!file->bytes, "out of memory");
	}
	if (size > file->size)
		memset(file->bytes + file->size, 0, size - file->size);
	file->size = size;
}

static void
file_write(struct file *file, size_t offset, const char *bytes, size_t size)
{
	if (offset + size > file->size)
		file_resize(file, offset + size);
	memcpy(file->bytes + offset, bytes, size);
}

static void
file_copy(struct file *to, const struct file *from)
{
	memcpy(to->name, from->name, sizeof(to->name));
	to->exists = from->exists;
	file_resize(to, from->size);
	if (from->size > 0)
		memcpy(to->bytes, from->bytes, from->size);
}

static void
file_take_step(struct file *file, const struct step *step)
{
	switch (step->kind) {
	case STEP_CREATE:
		file->exists = true;
		break;
	case STEP_DELETE:
		file->exists = false;
		file->size = 0;
		break;
	case STEP_WRITE:
		file_write(file, step->offset, step->bytes, step->size);
		break;
	case STEP_TRUNCATE:
		file_resize(file, step->size);
		break;
	case STEP_SYNC:
		break;
	}
}

static size_t
find_file(const char *name)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		if (live[i].name[0] == '\0')
			snprintf(live[i].name, sizeof(live[i].name), "%s", name);
		if (strcmp(live[i].name, name) == 0)
			return i;
	}
	bug_report(__FILE__, __LINE__, "too many files");
}

/* --- the log -------------------------------------------------------------------------------- */

static int
take_step(enum kind kind, size_t file, size_t offset, const void *bytes, size_t size)
{
	struct step step = { kind, file, offset, size, NULL };

	if (fail_count > 0 && fail_after-- == 0) {
		fail_count--;
		fail_after = 0;
		has_failed = true;
		return fail_code;
	}
	if (bytes) {
		step.bytes = malloc(size);
		BUG_IF(!step.bytes, "out of memory");
		memcpy(step.bytes, bytes, size);
	}
	file_take_step(&live[file], &step);
	if (!is_logging) {
		free(step.bytes);
		return SQLITE_OK;
	}
	if (count == room) {
		room = room * 2 + 1024;
		steps = realloc(steps, room * sizeof(*steps));
		BUG_IF(!steps, "out of memory");
	}
	steps[count++] = step;
	return SQLITE_OK;
}

size_t
image_count(void)
{
	return count;
}

bool
image_is_in_long_log(size_t step, size_t bytes)
{
	return steps[step].kind == STEP_WRITE && steps[step].offset > bytes &&
	       strstr(live[steps[step].file].name, "-wal");
}

void
image_stop_logging(void)
{
	is_logging = false;
	for (size_t i = 0; i < FILES_MAX; i++) {
		memcpy(full[i].name, live[i].name, sizeof(full[i].name));
		memcpy(durable[i].name, live[i].name, sizeof(durable[i].name));
	}
}

void
image_fail(unsigned after, unsigned fails, int code)
{
	fail_after = after;
	fail_count = fails;
	fail_code = code;
	has_failed = false;
}

bool
image_has_failed(void)
{
	return has_failed;
}

static void
drop_regions(void)
{
	for (size_t i = 0; i < REGIONS_MAX; i++) {
		free(regions[i]);
		regions[i] = NULL;
	}
}

static void
reach(size_t step)
{
	BUG_IF(step < reached, "back in time");
	for (; reached < step; reached++) {
		const size_t file = steps[reached].file;
		const enum kind kind = steps[reached].kind;

		file_take_step(&full[file], &steps[reached]);
		/* A name that appears or goes does so at once. */
		if (kind == STEP_CREATE || kind == STEP_DELETE)
			file_take_step(&durable[file], &steps[reached]);
		if (kind != STEP_SYNC && kind != STEP_DELETE)
			continue;
		for (; synced_to[file] < reached; synced_to[file]++)
			if (steps[synced_to[file]].file == file && kind == STEP_SYNC)
				file_take_step(&durable[file], &steps[synced_to[file]]);
	}
}

/* Some sectors of a write. */
static void
write_some(struct file *file, const struct step *step, uint32_t *random)
{
	for (size_t at = 0, next; at < step->size; at = next) {
		next = ((step->offset + at) / SECTOR + 1) * SECTOR - step->offset;
		next = next < step->size ? next : step->size;
		*random = *random * 1664525 + 1013904223;
		if (*random >> 16 & 1)
			file_write(file, step->offset + at, step->bytes + at, next - at);
	}
}

static void
put_some(size_t file, uint32_t random)
{
	const bool all_or_nothing = random >> 8 & 1;

	for (size_t i = synced_to[file]; i < reached; i++) {
		if (steps[i].file != file)
			continue;
		random = random * 1664525 + 1013904223;
		if (steps[i].kind == STEP_WRITE && !all_or_nothing)
			write_some(&live[file], &steps[i], &random);
		else if (random >> 16 & 1)
			file_take_step(&live[file], &steps[i]);
	}
}

void
image_put(size_t step, enum crash crash, uint32_t random)
{
	reach(step);
	drop_regions();
	for (size_t i = 0; i < FILES_MAX; i++) {
		file_copy(&live[i], crash == CRASH_KILL || crash == CRASH_TORN ? &full[i] : &durable[i]);
		if (crash == CRASH_SOME)
			put_some(i, random + (uint32_t)i);
	}
	if (crash == CRASH_TORN && step < count && steps[step].kind == STEP_WRITE)
		file_write(&live[steps[step].file], steps[step].offset, steps[step].bytes,
		           random % (steps[step].size + 1));
}

/* --- what SQLite calls ---------------------------------------------------------------------- */

static int
do_close(sqlite3_file *file)
{
	struct handle *handle = (struct handle *)file;

	for (size_t i = 0; i < HANDLES_MAX; i++)
		if (handles[i] == handle)
			handles[i] = NULL;
	return handle->delete_on_close ? take_step(STEP_DELETE, handle->file, 0, NULL, 0) : SQLITE_OK;
}

static int
do_read(sqlite3_file *base, void *out, int size, sqlite3_int64 offset)
{
	const struct file *file = &live[((struct handle *)base)->file];
	const size_t       from = (size_t)offset, want = (size_t)size;
	const size_t       have = from >= file->size ? 0 : file->size - from < want ? file->size - from : want;

	if (have > 0)
		memcpy(out, file->bytes + from, have);
	memset((char *)out + have, 0, want - have);
	return have == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
do_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
	return take_step(STEP_WRITE, ((struct handle *)file)->file, (size_t)offset, bytes, (size_t)size);
}

static int
do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return take_step(STEP_TRUNCATE, ((struct handle *)file)->file, 0, NULL, (size_t)size);
}

static int
do_sync(sqlite3_file *file, int flags)
{
	(void)flags;
	return take_step(STEP_SYNC, ((struct handle *)file)->file, 0, NULL, 0);
}

static int
do_size(sqlite3_file *file, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)live[((struct handle *)file)->file].size;
	return SQLITE_OK;
}

static int
do_lock(sqlite3_file *file, int level)
{
	struct handle *mine = (struct handle *)file;

	for (size_t i = 0; i < HANDLES_MAX; i++)
		if (handles[i] && handles[i] != mine && handles[i]->file == mine->file &&
		    (level > SQLITE_LOCK_RESERVED ? handles[i]->lock > 0 : handles[i]->lock > SQLITE_LOCK_RESERVED))
			return SQLITE_BUSY;
	if (level > mine->lock)
		mine->lock = level;
	return SQLITE_OK;
}

static int
do_unlock(sqlite3_file *file, int level)
{
	((struct handle *)file)->lock = level;
	return SQLITE_OK;
}

static int
do_check_lock(sqlite3_file *file, int *out)
{
	(void)file;
	*out = 0;
	return SQLITE_OK;
}

static int
do_control(sqlite3_file *file, int op, void *argument)
{
	(void)file, (void)op, (void)argument;
	return SQLITE_NOTFOUND;
}

static int
do_sector(sqlite3_file *file)
{
	(void)file;
	return SECTOR;
}

/* As SQLite takes it to be of files on Linux: a write leaves the bytes beside it alone. */
static int
do_traits(sqlite3_file *file)
{
	(void)file;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
do_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
	(void)file;
	BUG_IF(region >= REGIONS_MAX, "a log this long was not expected");
	if (!regions[region] && extend)
		regions[region] = calloc(1, (size_t)size);
	*out = regions[region];
	return SQLITE_OK;
}

/* One thread: nobody is ever in the middle of something. */
static int
do_map_lock(sqlite3_file *file, int offset, int n, int flags)
{
	(void)file, (void)offset, (void)n, (void)flags;
	return SQLITE_OK;
}

static void
do_barrier(sqlite3_file *file)
{
	(void)file;
}

static int
do_unmap(sqlite3_file *file, int is_delete)
{
	(void)file;
	if (is_delete)
		drop_regions();
	return SQLITE_OK;
}

static int
do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
	static const sqlite3_io_methods methods = {
		2,         do_close,      do_read,    do_write,  do_truncate, do_sync, do_size,     do_lock,    do_unlock,
		do_check_lock, do_control, do_sector, do_traits, do_map,      do_map_lock, do_barrier, do_unmap, NULL, NULL,
	};
	struct handle *handle = (struct handle *)file;

	(void)vfs;
	*handle = (struct handle){ .file = find_file(name ? name : "temporary"),
		                   .delete_on_close = flags & SQLITE_OPEN_DELETEONCLOSE };
	if (!live[handle->file].exists) {
		/* The main file is made by the store itself, with the right permissions. */
		const int code = take_step(STEP_CREATE, handle->file, 0, NULL, 0);

		if (code != SQLITE_OK)
			return SQLITE_CANTOPEN;
	}
	handle->base.pMethods = &methods;
	for (size_t i = 0; i < HANDLES_MAX; i++)
		if (!handles[i]) {
			handles[i] = handle;
			break;
		}
	if (out_flags)
		*out_flags = flags;
	return SQLITE_OK;
}

static int
do_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs, (void)sync;
	return take_step(STEP_DELETE, find_file(name), 0, NULL, 0);
}

static int
do_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	const struct file *file = &live[find_file(name)];

	(void)vfs, (void)flags;
	*out = file->exists && file->size > 0;
	return SQLITE_OK;
}

static int
do_full_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	(void)vfs;
	snprintf(out, (size_t)size, "%s", name);
	return SQLITE_OK;
}

static int
do_random(sqlite3_vfs *vfs, int size, char *out)
{
	static uint32_t random = 99;

	(void)vfs;
	for (int i = 0; i < size; i++)
		out[i] = (char)((random = random * 1664525 + 1013904223) >> 16);
	return size;
}

static int
do_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

static int
do_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 2460000.5;
	return SQLITE_OK;
}

static sqlite3_vfs vfs = {
	.iVersion = 1,
	.szOsFile = sizeof(struct handle),
	.mxPathname = 255,
	.zName = IMAGE_VFS,
	.xOpen = do_open,
	.xDelete = do_delete,
	.xAccess = do_access,
	.xFullPathname = do_full_name,
	.xRandomness = do_random,
	.xSleep = do_sleep,
	.xCurrentTime = do_time,
};

static void
forget(struct file *files)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		free(files[i].bytes);
		files[i] = (struct file){ .exists = false };
		synced_to[i] = 0;
	}
}

void
image_end(void)
{
	forget(live);
	forget(full);
	forget(durable);
	drop_regions();
	for (size_t i = 0; i < count; i++)
		free(steps[i].bytes);
	free(steps);
	steps = NULL;
	count = room = reached = 0;
	fail_count = 0;
	is_logging = false;
	sqlite3_vfs_unregister(&vfs);
}

void
image_start(void)
{
	image_end();
	is_logging = true;
	sqlite3_vfs_register(&vfs, 0);
}
