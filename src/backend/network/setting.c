/* Files under /proc/sys. */
#include "backend/network/setting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

#define SETTING_MAX 256

static int
open_setting(const char *path, int flags)
{
	char full[SETTING_MAX];

	if (snprintf(full, sizeof(full), "/proc/sys/%s", path) >= (int)sizeof(full))
		return -1;
	return open(full, flags | O_CLOEXEC | O_NOFOLLOW);
}

const char *
setting_read(struct arena *arena, const char *path)
{
	scoped_fd     fd = open_setting(path, O_RDONLY);
	char          bytes[64];
	const ssize_t n = fd >= 0 ? read(fd, bytes, sizeof(bytes)) : -1;

	return n < 0 ? NULL : arena_copy(arena, text_trim((struct text){ bytes, (size_t)n }));
}

int
setting_write(const char *path, const char *value)
{
	scoped_fd fd = open_setting(path, O_WRONLY);

	if (fd < 0)
		return errno;
	return write(fd, value, strlen(value)) < 0 ? errno : 0;
}
