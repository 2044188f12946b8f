/* Files are written beside and renamed, so that a crash leaves the old one or the new one. */
#include "proc/offer/keepsakes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define NAME_BYTES_MAX 64

static enum result
refuse(struct buffer *message, const char *name, int error)
{
	buffer_print(message, "%s: %s", name, strerror(error));
	return RESULT_FAILED;
}

static enum result
keep(void *context, const char *name, struct text content, struct buffer *message)
{
	const int folder = *(const int *)context;
	char      fresh[NAME_BYTES_MAX];

	if (folder < 0) {
		buffer_add_string(message, "this instance keeps nothing: it has no state directory");
		return RESULT_UNAVAILABLE;
	}
	if (content.len > KEEPSAKE_MAX)
		return refuse(message, name, EFBIG);
	snprintf(fresh, sizeof(fresh), "%s.new", name);
	scoped_fd fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return refuse(message, name, errno);
	if (file_write(fd, content) && fdatasync(fd) == 0 && renameat(folder, fresh, folder, name) == 0 && fsync(folder) == 0)
		return RESULT_DONE;
	const int error = errno;

	unlinkat(folder, fresh, 0);
	return refuse(message, name, error);
}

static enum result
look(void *context, struct arena *arena, const char *name, struct text *content, struct buffer *message)
{
	const int   folder = *(const int *)context;
	struct stat about;

	if (folder < 0) {
		buffer_add_string(message, "this instance keeps nothing: it has no state directory");
		return RESULT_UNAVAILABLE;
	}
	scoped_fd fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0) {
		refuse(message, name, errno);
		return errno == ENOENT ? RESULT_MISSING : RESULT_FAILED;
	}
	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > (off_t)KEEPSAKE_MAX)
		return refuse(message, name, EFBIG);
	char *bytes = arena_take(arena, (size_t)about.st_size + 1);

	for (size_t len = 0;;) {
		const ssize_t got = read(fd, bytes + len, (size_t)about.st_size - len);

		if (got < 0)
			return refuse(message, name, errno);
		if (got == 0) {
			*content = (struct text){ bytes, len };
			return RESULT_DONE;
		}
		len += (size_t)got;
	}
}

struct keepsakes
keepsakes_in(const int *state_fd)
{
	return (struct keepsakes){ (void *)state_fd, keep, look };
}
