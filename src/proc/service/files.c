/*
 * The new directory is made beside the old one and changes places with it. Nothing here follows links: the directories
 * are root's alone.
 */
#include "proc/service/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "proc/service/move.h"

#define SUFFIX_NEW ".new"
#define SUFFIX_OLD ".old"

struct path {
	char bytes[PATH_MAX];
};

static struct path
beside(const char *directory, const char *suffix)
{
	struct path path;

	snprintf(path.bytes, sizeof(path.bytes), "%s%s", directory, suffix);
	return path;
}

/* --- Taking away ----------------------------------------------------------------------------------- */

static void
empty(int parent, const char *name, int depth)
{
	const int            fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR                 *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!list) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(list))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(list), entry->d_name, 0) == 0 || depth == 0)
			continue;
		empty(dirfd(list), entry->d_name, depth - 1);
		unlinkat(dirfd(list), entry->d_name, AT_REMOVEDIR);
	}
	closedir(list);
}

void
files_remove(const char *directory)
{
	empty(AT_FDCWD, directory, 2);
	rmdir(directory);
}

/* --- Comparing -------------------------------------------------------------------------------------- */

static bool
is_same(int directory, const struct service_file *file)
{
	scoped_fd   fd = openat(directory, file->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat about;
	size_t      at = 0;
	char        bytes[65536];
	ssize_t     n = 0;

	if (fd < 0 || fstat(fd, &about) != 0 || (size_t)about.st_size != file->content.len)
		return false;
	while (at < file->content.len && (n = read(fd, bytes, sizeof(bytes))) > 0) {
		if ((size_t)n > file->content.len - at || memcmp(bytes, file->content.ptr + at, (size_t)n) != 0)
			return false;
		at += (size_t)n;
	}
	return at == file->content.len;
}

static size_t
count_files(int parent, const char *name, int depth)
{
	const int            fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR                 *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	size_t               n = 0;

	if (!list) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while ((entry = readdir(list))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		n += entry->d_type == DT_DIR && depth > 0 ? count_files(dirfd(list), entry->d_name, depth - 1) : 1;
	}
	closedir(list);
	return n;
}

bool
files_are(const char *directory, const struct service_plan *plan)
{
	scoped_fd fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || count_files(AT_FDCWD, directory, 1) != plan->nfiles)
		return false;
	for (size_t i = 0; i < plan->nfiles; i++)
		if (!is_same(fd, &plan->files[i]))
			return false;
	return true;
}

bool
files_have(const char *directory, const struct service_plan *plan, const char *name)
{
	scoped_fd fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; fd >= 0 && i < plan->nfiles; i++)
		if (strcmp(plan->files[i].name, name) == 0)
			return is_same(fd, &plan->files[i]);
	return false;
}

static bool
is_inside(const struct service_file *file, const char *inner)
{
	struct text       rest = text_of(file->name);
	const struct text first = text_until(&rest, '/');

	return rest.len > 0 && text_is(first, inner);
}

bool
files_are_but(const char *directory, const struct service_plan *plan, const char *inner)
{
	scoped_fd fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t    n = 0;

	if (fd < 0)
		return false;
	for (size_t i = 0; i < plan->nfiles; i++) {
		if (is_inside(&plan->files[i], inner))
			continue;
		if (!is_same(fd, &plan->files[i]))
			return false;
		n++;
	}
	return count_files(AT_FDCWD, directory, 1) - count_files(fd, inner, 0) == n;
}

bool
files_read(const char *directory, const char *name, struct buffer *out)
{
	scoped_fd folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	scoped_fd fd = folder < 0 ? -1 : openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char      bytes[65536];
	ssize_t   n = -1;

	while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(out, (struct text){ bytes, (size_t)n });
	return n == 0;
}

/* --- Making ------------------------------------------------------------------------------------------ */

/* `mode` is what a group may, when there is one. */
static bool
hand_over(int fd, struct files_owner owner, bool is_secret, mode_t mode)
{
	if (owner.is_public && !is_secret)
		return fchmod(fd, mode | (mode >> 3 & 07)) == 0;
	if (owner.group == (gid_t)-1)
		return fchmod(fd, mode & 0700) == 0;
	return fchown(fd, (uid_t)-1, owner.group) == 0 && fchmod(fd, mode) == 0;
}

/* The directory a name with a slash lies in. */
static bool
make_inner(int directory, const char *name, struct files_owner owner)
{
	struct text  rest = text_of(name);
	char         inner[SERVICE_FILE_NAME_MAX + 1] = "";
	const struct text first = text_until(&rest, '/');

	if (first.len == strlen(name))
		return true;
	memcpy(inner, first.ptr, first.len);
	if (mkdirat(directory, inner, 0700) != 0)
		return errno == EEXIST;
	scoped_fd fd = openat(directory, inner, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 && hand_over(fd, owner, false, 0750);
}

static bool
make_file(int directory, const struct service_file *file, struct files_owner owner)
{
	if (!make_inner(directory, file->name, owner))
		return false;
	scoped_fd fd = openat(directory, file->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd >= 0 && file_write(fd, file->content) && hand_over(fd, owner, file->secret, 0640);
}

static bool
make_all(const char *directory, const struct service_plan *plan, struct files_owner owner)
{
	files_remove(directory);
	if (mkdir(directory, 0700) != 0)
		return false;
	scoped_fd fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || !hand_over(fd, owner, false, 0750))
		return false;
	for (size_t i = 0; i < plan->nfiles; i++)
		if (!make_file(fd, &plan->files[i], owner))
			return false;
	return true;
}

enum result
files_place(const char *directory, const struct service_plan *plan, struct files_owner owner, struct buffer *message)
{
	const struct path made = beside(directory, SUFFIX_NEW), old = beside(directory, SUFFIX_OLD);

	if (!make_all(made.bytes, plan, owner)) {
		buffer_print(message, "the files of %s cannot be written: %s", plan->name, strerror(errno));
		files_remove(made.bytes);
		return RESULT_FAILED;
	}
	files_remove(old.bytes);
	if ((!move_directory(directory, old.bytes) && errno != ENOENT) || !move_directory(made.bytes, directory)) {
		buffer_print(message, "the files of %s cannot be put in place: %s", plan->name, strerror(errno));
		files_remove(made.bytes);
		if (access(directory, F_OK) != 0)
			files_restore(directory);
		return RESULT_FAILED;
	}
	return RESULT_DONE;
}

void
files_keep(const char *directory)
{
	files_remove(beside(directory, SUFFIX_OLD).bytes);
}

bool
files_restore(const char *directory)
{
	files_remove(directory);
	return move_directory(beside(directory, SUFFIX_OLD).bytes, directory);
}
