/* One file each. The notes are lines of path, blank and value. */
#include "backend/access/tunables.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/access/files.h"
#include "base/cleanup.h"

#define NOTES     "tunables"
#define NOTES_MAX (TUNABLES_BYTES_MAX + TUNABLES_MAX)
#define VALUE_MAX 4096

struct writing {
	int            sys;
	bool           is_namespace;
	enum result    result;
	struct buffer *message;
	struct buffer  before, after; /* the notes */
};

static void
miss(struct writing *writing, enum result result, struct text path, const char *why)
{
	if (writing->result == RESULT_DONE)
		writing->result = result;
	buffer_print(writing->message, "%s%.*s: %s", writing->message->len > 0 ? "; " : "", TEXT_ARGS(path), why);
}

static int
open_one(const struct writing *writing, struct text path, int how)
{
	char name[TUNABLE_NAME_MAX + 1] = "";

	memcpy(name, path.ptr, path.len);
	return openat(writing->sys, name, how | O_NOFOLLOW | O_CLOEXEC);
}

/* Without the end of its line; numbers are divided by one blank each. False: it cannot be read. */
static bool
read_one(const struct writing *writing, struct text path, struct buffer *out)
{
	scoped_fd     fd = open_one(writing, path, O_RDONLY);
	char          bytes[VALUE_MAX];
	const ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
	struct text   value = { bytes, n > 0 ? (size_t)n : 0 };

	value = text_trim(value);
	for (size_t i = 0; i < value.len; i++)
		bytes[value.ptr - bytes + (ptrdiff_t)i] = value.ptr[i] == '\t' ? ' ' : value.ptr[i];
	buffer_add(out, value);
	return n >= 0;
}

static bool
write_one(const struct writing *writing, struct text path, struct text value)
{
	scoped_fd fd = open_one(writing, path, O_WRONLY);

	return fd >= 0 && write(fd, value.ptr, value.len) == (ssize_t)value.len;
}

static const struct tunable *
find(const struct tunables *all, struct text path)
{
	for (size_t i = 0; i < all->n; i++)
		if (text_is(path, all->tunables[i].path))
			return &all->tunables[i];
	return NULL;
}

static bool
is_noted(const struct buffer *notes, struct text path)
{
	struct text rest = buffer_text(notes), line;

	while (text_next(&rest, "\n", &line))
		if (text_equal(text_until(&line, ' '), path))
			return true;
	return false;
}

static const char *
why(int number)
{
	return number == ENOENT                      ? "the kernel has none here" :
	       number == EINVAL || number == ERANGE  ? "the kernel does not take this value" :
	       number == EACCES || number == EPERM   ? "it cannot be set here" :
						       strerror(number);
}

/* What is noted stays noted, what is new is added before it is touched. */
static void
note(struct writing *writing, const struct tunables *all)
{
	struct text rest = buffer_text(&writing->before), line;

	while (text_next(&rest, "\n", &line)) {
		buffer_add(&writing->after, line);
		buffer_add_byte(&writing->after, '\n');
	}
	for (size_t i = 0; i < all->n; i++) {
		const struct text path = text_of(all->tunables[i].path);
		scoped_buffer     value = BUFFER_NONE;

		if (!tunable_is_allowed(path, writing->is_namespace) || is_noted(&writing->before, path) ||
		    !read_one(writing, path, &value))
			continue;
		buffer_print(&writing->after, "%.*s %s\n", TEXT_ARGS(path), buffer_string(&value));
	}
}

static void
set_one(struct writing *writing, const struct tunable *tunable)
{
	const struct text path = text_of(tunable->path);
	scoped_buffer     have = BUFFER_NONE;

	if (!tunable_is_allowed(path, writing->is_namespace)) {
		miss(writing, RESULT_REFUSED, path,
		     writing->is_namespace ? "it belongs to the whole machine, of which only a part is ours" : "it is not for clients");
		return;
	}
	if (read_one(writing, path, &have) && text_is(buffer_text(&have), tunable->value))
		return;
	if (!write_one(writing, path, text_of(tunable->value)))
		miss(writing, errno == ENOENT ? RESULT_UNAVAILABLE : RESULT_REFUSED, path, why(errno));
}

/* Those that nobody wants any more get what they had; what they had is forgotten. */
static void
put_back(struct writing *writing, const struct tunables *all)
{
	struct text   rest = buffer_text(&writing->after), line;
	scoped_buffer kept = BUFFER_NONE;

	while (text_next(&rest, "\n", &line)) {
		struct text       value = line;
		const struct text path = text_until(&value, ' ');

		if (find(all, path)) {
			buffer_add(&kept, line);
			buffer_add_byte(&kept, '\n');
		} else if (tunable_path_is_valid(path) && !write_one(writing, path, value)) {
			miss(writing, RESULT_REFUSED, path, why(errno));
		}
	}
	buffer_cut(&writing->after, 0);
	buffer_add(&writing->after, buffer_text(&kept));
}

enum result
tunables_write(int sys, int notes, const struct tunables *all, bool is_namespace, struct buffer *message)
{
	struct writing writing = { .sys = sys, .is_namespace = is_namespace, .result = RESULT_DONE, .message = message };

	if (!file_read_whole(notes, NOTES, NOTES_MAX, &writing.before)) {
		buffer_print(message, "what the tunables were cannot be read: %s", strerror(errno));
		buffer_clear(&writing.before);
		return RESULT_FAILED;
	}
	note(&writing, all);
	if (!file_replace(notes, NOTES, buffer_text(&writing.after), 0600)) {
		buffer_print(message, "what the tunables were cannot be noted: %s", strerror(errno));
		writing.result = RESULT_FAILED;
	} else {
		for (size_t i = 0; i < all->n; i++)
			set_one(&writing, &all->tunables[i]);
		put_back(&writing, all);
		(void)file_replace(notes, NOTES, buffer_text(&writing.after), 0600);
	}
	buffer_clear(&writing.before);
	buffer_clear(&writing.after);
	return writing.result;
}

enum result
tunables_apply(const struct tunables *all, bool is_namespace, struct buffer *message)
{
	mkdir("/run/drawbridge", 0755);
	scoped_fd sys = open("/proc/sys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	scoped_fd notes = open("/run/drawbridge", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (sys >= 0 && notes >= 0)
		return tunables_write(sys, notes, all, is_namespace, message);
	buffer_print(message, "tunables cannot be set: %s", strerror(errno));
	return RESULT_FAILED;
}
