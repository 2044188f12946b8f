/* A write may be short, or be interrupted before it began. */
#include "base/file.h"

#include <errno.h>
#include <unistd.h>

bool
file_write(int fd, struct text content)
{
	while (content.len > 0) {
		const ssize_t n = write(fd, content.ptr, content.len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			content = text_after(content, (size_t)n);
	}
	return true;
}
