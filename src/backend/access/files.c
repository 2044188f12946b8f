/* Nothing here follows a link in the last part of a name. */
#include "backend/access/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define NAME_MAX_OURS 128

bool
file_read_whole(int directory, const char *name, size_t max, struct buffer *out)
{
	scoped_fd   fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat about;
	char        bytes[65536];
	ssize_t     n;

	if (fd < 0)
		return errno == ENOENT;
	if (fstat(fd, &about) != 0)
		return false;
	errno = EINVAL;
	if (!S_ISREG(about.st_mode))
		return false;
	errno = EFBIG;
	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		if (out->len + (size_t)n > max)
			return false;
		buffer_add(out, (struct text){ bytes, (size_t)n });
	}
	return n == 0;
}

static bool
make(int directory, const char *name, struct text content, const struct stat *like)
{
	unlinkat(directory, name, 0);
	scoped_fd fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd >= 0 && file_write(fd, content) && fsync(fd) == 0 && fchown(fd, like->st_uid, like->st_gid) == 0 &&
	       fchmod(fd, like->st_mode & 07777) == 0;
}

bool
file_replace(int directory, const char *name, struct text content, mode_t mode)
{
	scoped_buffer old = BUFFER_NONE;
	struct stat   like = { .st_uid = geteuid(), .st_gid = getegid(), .st_mode = mode };
	char          made[NAME_MAX_OURS + 32];
	const bool    is_there = fstatat(directory, name, &like, AT_SYMLINK_NOFOLLOW) == 0;

	if (is_there && file_read_whole(directory, name, content.len + 1, &old) && text_equal(buffer_text(&old), content))
		return true;
	snprintf(made, sizeof(made), ".%.*s.drawbridge", NAME_MAX_OURS, name);
	if (make(directory, made, content, &like) && renameat(directory, made, directory, name) == 0)
		return true;
	const int why = errno;

	unlinkat(directory, made, 0);
	errno = why;
	return false;
}
