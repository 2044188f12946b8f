/* One file, read once, and an index of where in it each name is. */
#include "proc/record/makers.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/bug.h"
#include "base/cleanup.h"

#define FILE_MAX   ((size_t)32 * 1024 * 1024)
#define MAKERS_MAX 200000

struct maker {
	uint32_t    prefix;
	struct text name;
};

struct makers {
	pthread_mutex_t lock;
	char           *path;
	bool            is_read;
	struct buffer   file; /* names only */
	struct maker   *list;
	size_t          count;
};

static int
compare(const void *a, const void *b)
{
	const uint32_t left = ((const struct maker *)a)->prefix, right = ((const struct maker *)b)->prefix;

	return (left > right) - (left < right);
}

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "00-22-72   (hex)\t\tName" */
static bool
read_line(struct text line, struct maker *out)
{
	uint32_t prefix = 0;

	if (line.len < 18 || !text_starts(text_trim(text_after(line, 8)), TEXT("(hex)")))
		return false;
	for (size_t i = 0; i < 8; i++) {
		const int value = digit(line.ptr[i]);

		if (i % 3 == 2 ? line.ptr[i] != '-' : value < 0)
			return false;
		if (i % 3 != 2)
			prefix = prefix << 4 | (uint32_t)value;
	}
	*out = (struct maker){ prefix, text_trim(text_after(text_trim(text_after(line, 8)), 5)) };
	return out->name.len > 0;
}

static void
read_file(struct makers *makers)
{
	scoped_fd     fd = open(makers->path, O_RDONLY | O_CLOEXEC);
	scoped_buffer all = BUFFER_NONE;
	char          piece[65536];
	ssize_t       got;
	struct text   rest, line;
	struct maker  maker;

	while (fd >= 0 && all.len < FILE_MAX && (got = read(fd, piece, sizeof(piece))) > 0)
		buffer_add(&all, (struct text){ piece, (size_t)got });
	makers->list = calloc(MAKERS_MAX, sizeof(*makers->list));
	BUG_IF(!makers->list, "out of memory");
	for (rest = buffer_text(&all); makers->count < MAKERS_MAX && text_next(&rest, "\n", &line);) {
		if (!read_line(line, &maker))
			continue;
		/* Where it will lie is known when all are there. */
		makers->list[makers->count++] = (struct maker){ maker.prefix, { NULL, maker.name.len } };
		buffer_add(&makers->file, maker.name);
	}
	for (size_t i = 0, at = 0; i < makers->count; i++) {
		makers->list[i].name.ptr = makers->file.bytes + at;
		at += makers->list[i].name.len;
	}
	if (makers->count > 0)
		qsort(makers->list, makers->count, sizeof(*makers->list), compare);
}

struct makers *
makers_new(const char *path)
{
	struct makers *makers = calloc(1, sizeof(*makers));

	BUG_IF(!makers, "out of memory");
	makers->path = strdup(path);
	BUG_IF(!makers->path, "out of memory");
	pthread_mutex_init(&makers->lock, NULL);
	return makers;
}

void
makers_free(struct makers *makers)
{
	if (!makers)
		return;
	pthread_mutex_destroy(&makers->lock);
	buffer_clear(&makers->file);
	free(makers->list);
	free(makers->path);
	free(makers);
}

struct text
makers_find(struct makers *makers, const uint8_t mac[6])
{
	const struct maker wanted = { .prefix = (uint32_t)mac[0] << 16 | (uint32_t)mac[1] << 8 | mac[2] };

	pthread_mutex_lock(&makers->lock);
	if (!makers->is_read)
		read_file(makers);
	makers->is_read = true;
	const struct maker *found =
		makers->count > 0 ? bsearch(&wanted, makers->list, makers->count, sizeof(wanted), compare) : NULL;

	pthread_mutex_unlock(&makers->lock);
	return found ? found->name : TEXT_NONE;
}
