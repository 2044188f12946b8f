/* One pipe for all the lives of a daemon. It is read whenever something comes, so that nobody waits for us for long. */
#include "proc/service/words.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"

#define READS_MAX 16  /* in a row */
#define LAST_MAX  500 /* bytes of the end that are kept */

struct words {
	struct loop *loop;
	struct watch watch;
	const char  *program, *unsaid;
	words_said  *said;
	void        *self;
	int          to;
	size_t       len;
	char         line[WORDS_LINE_MAX];
	char         last[LAST_MAX];
	size_t       nlast;
};

static bool
is_said(const struct words *words)
{
	return words->len > 0 && !(words->unsaid && text_contains((struct text){ words->line, words->len }, text_of(words->unsaid)));
}

static void
keep(struct words *words, struct text more)
{
	if (more.len > LAST_MAX)
		more = text_after(more, more.len - LAST_MAX);
	if (words->nlast + more.len > LAST_MAX) {
		const size_t gone = words->nlast + more.len - LAST_MAX;

		memmove(words->last, words->last + gone, words->nlast - gone);
		words->nlast -= gone;
	}
	memcpy(words->last + words->nlast, more.ptr, more.len);
	words->nlast += more.len;
}

static void
say(struct words *words)
{
	for (size_t i = 0; i < words->len; i++)
		if ((unsigned char)words->line[i] < ' ' || words->line[i] == 0x7f)
			words->line[i] = ' ';
	if (is_said(words)) {
		words->said(words->self, words->program, (struct text){ words->line, words->len });
		if (words->nlast > 0)
			keep(words, TEXT("; "));
		keep(words, (struct text){ words->line, words->len });
	}
	words->len = 0;
}

static void
hear(void *self)
{
	struct words *words = self;
	char          bytes[4096];
	ssize_t       n;

	for (int i = 0; i < READS_MAX && (n = read(words->watch.fd, bytes, sizeof(bytes))) > 0; i++)
		for (ssize_t k = 0; k < n; k++) {
			if (bytes[k] != '\n')
				words->line[words->len++] = bytes[k];
			if (bytes[k] == '\n' || words->len == WORDS_LINE_MAX)
				say(words);
		}
}

struct words *
words_new(struct loop *loop, const struct program *program, words_said *said, void *self)
{
	struct words *words = calloc(1, sizeof(*words));
	int           ends[2];

	BUG_IF(!words, "out of memory");
	if (pipe2(ends, O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
		free(words);
		return NULL;
	}
	*words = (struct words){ .loop = loop, .watch = { ends[0], hear, words }, .program = strrchr(program->run[0], '/') + 1,
				 .unsaid = program->unsaid, .said = said, .self = self, .to = ends[1] };
	loop_watch(loop, &words->watch);
	return words;
}

void
words_free(struct words *words)
{
	if (!words)
		return;
	loop_unwatch(words->loop, &words->watch);
	close(words->watch.fd);
	close(words->to);
	free(words);
}

struct text
words_last(struct words *words)
{
	if (!words)
		return TEXT_NONE;
	hear(words);
	return (struct text){ words->last, words->nlast };
}

int
words_fd(const struct words *words)
{
	return words ? words->to : 0;
}
