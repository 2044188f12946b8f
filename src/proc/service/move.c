/*
 * An overlay whose upper side knows no extended attributes (memory without privileges, before Linux 6.6) gives files other
 * names, but no directories. There a directory is made under the new name, and what is in the old one is moved.
 */
#include "proc/service/move.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define DEPTH 2 /* directories in each other */

static bool move_at(int from_parent, const char *from, int to_parent, const char *to, int depth);

static bool
move_entries(DIR *from, int to, int depth)
{
	const struct dirent *entry;

	while ((entry = readdir(from)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    !move_at(dirfd(from), entry->d_name, to, entry->d_name, depth - 1))
			return false;
	return true;
}

static bool
copy_owner(int from, int to)
{
	struct stat about;

	return fstat(from, &about) == 0 && fchown(to, about.st_uid, about.st_gid) == 0 && fchmod(to, about.st_mode & 07777) == 0;
}

/* Nobody but its owner looks into the new one before it is complete. */
static bool
move_inside(int from_parent, const char *from, int to_parent, const char *to, int depth)
{
	const int fd = openat(from_parent, from, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR      *list = fd < 0 ? NULL : fdopendir(fd);
	bool      done;

	if (!list) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	scoped_fd made = mkdirat(to_parent, to, 0700) == 0
	                         ? openat(to_parent, to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
	                         : -1;

	done = made >= 0 && move_entries(list, made, depth) && copy_owner(fd, made);
	closedir(list);
	return done && unlinkat(from_parent, from, AT_REMOVEDIR) == 0;
}

static bool
move_at(int from_parent, const char *from, int to_parent, const char *to, int depth)
{
	if (renameat(from_parent, from, to_parent, to) == 0)
		return true;
	return errno == EXDEV && depth > 0 && move_inside(from_parent, from, to_parent, to, depth);
}

bool
move_directory(const char *from, const char *to)
{
	return move_at(AT_FDCWD, from, AT_FDCWD, to, DEPTH);
}
