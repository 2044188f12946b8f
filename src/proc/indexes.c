/* One small text file, replaced as a whole. Losing it costs nothing but a wrong rule beside old connections. */
#include "proc/indexes.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"

#define NAME     "rule-indexes"
#define FRESH    "rule-indexes.new"
#define SIZE_MOST (16 * 1024 * 1024)

void
indexes_load(int state_fd, struct filter_cache *cache)
{
	scoped_fd     fd = state_fd >= 0 ? openat(state_fd, NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	scoped_buffer text = BUFFER_NONE;
	char          bytes[16384];
	ssize_t       got;

	while (fd >= 0 && text.len < SIZE_MOST && (got = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(&text, (struct text){ bytes, (size_t)got });
	filter_cache_read(cache, buffer_text(&text));
}

static bool
write_all(int fd, struct text text)
{
	while (text.len > 0) {
		const ssize_t done = write(fd, text.ptr, text.len);

		if (done <= 0)
			return false;
		text = text_after(text, (size_t)done);
	}
	return true;
}

void
indexes_save(int state_fd, const struct filter_cache *cache, uint64_t *saved)
{
	const uint64_t version = filter_cache_version(cache);
	scoped_buffer  text = BUFFER_NONE;

	if (state_fd < 0 || version == *saved)
		return;
	scoped_fd fd = openat(state_fd, FRESH, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return;
	filter_cache_write(cache, &text);
	if (write_all(fd, buffer_text(&text)) && renameat(state_fd, FRESH, state_fd, NAME) == 0)
		*saved = version;
}
