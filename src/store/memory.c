/* The shelf of a store in memory: the history and nothing else, lost with the process. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "store/shelf.h"

/* A revision in one block of memory; its texts stand behind its edits. */
struct memo {
	struct revision revision;
	bool            hidden;
	size_t          nedits;
	struct edit     edits[];
};

/* One block of memory, texts and all. */
struct memory_copy {
	struct copy         copy;
	struct text         content;
	struct memory_copy *next;
};

struct memory {
	struct shelf    shelf;
	pthread_mutex_t lock;
	struct memo   **memos; /* oldest first, without gaps */
	size_t          count, room;
	size_t          nhidden;
	struct memory_copy *copies; /* oldest first */
};

static enum result
memory_load(struct shelf *shelf, const struct schema *schema, struct found *found, struct buffer *message)
{
	(void)shelf, (void)schema, (void)found, (void)message;
	return RESULT_DONE;
}

static const char *
put_text(char **at, const char *text)
{
	const size_t size = strlen(text) + 1;
	char        *copy = memcpy(*at, text, size);

	*at += size;
	return copy;
}

static struct memo *
memo_new(const struct kept *kept)
{
	const struct author *author = &kept->revision.author;
	size_t               nedits = 0, size = strlen(author->user) + strlen(author->address) +
                                  strlen(author->dialect) + strlen(author->endpoint) +
                                  strlen(kept->revision.note) + 5;

	for (const struct edit *edit = kept->edits; edit; edit = edit->next)
		nedits++;
	struct memo *memo = malloc(sizeof(*memo) + nedits * sizeof(struct edit) + size);

	BUG_IF(!memo, "out of memory");
	char *texts = (char *)&memo->edits[nedits];

	memo->revision = kept->revision;
	memo->revision.author = (struct author){ put_text(&texts, author->user), put_text(&texts, author->address),
		                                 put_text(&texts, author->dialect),
		                                 put_text(&texts, author->endpoint) };
	memo->revision.note = put_text(&texts, kept->revision.note);
	memo->hidden = false;
	memo->nedits = 0;
	for (const struct edit *edit = kept->edits; edit; edit = edit->next)
		memo->edits[memo->nedits++] = (struct edit){
			edit->before ? record_hold(edit->before) : NULL,
			edit->after ? record_hold(edit->after) : NULL,
			NULL,
		};
	return memo;
}

static void
memo_free(struct memo *memo)
{
	for (size_t i = 0; i < memo->nedits; i++) {
		record_release(memo->edits[i].before);
		record_release(memo->edits[i].after);
	}
	free(memo);
}

static void
add_memo(struct memory *memory, struct memo *memo)
{
	if (memory->count == memory->room) {
		memory->room = memory->room * 2 + 16;
		memory->memos = realloc(memory->memos, memory->room * sizeof(struct memo *));
		BUG_IF(!memory->memos, "out of memory");
	}
	memory->memos[memory->count++] = memo;
}

/* Some more than are to go are kept, so that the list need not be moved each time. */
static void
prune(struct memory *memory, uint64_t oldest)
{
	size_t gone = 0;

	while (gone < memory->count && memory->memos[gone]->revision.id < oldest)
		gone++;
	if (gone == 0 || gone < memory->count / 16)
		return;
	for (size_t i = 0; i < gone; i++) {
		memory->nhidden -= memory->memos[i]->hidden;
		memo_free(memory->memos[i]);
	}
	memory->count -= gone;
	memmove(memory->memos, memory->memos + gone, memory->count * sizeof(struct memo *));
}

static enum result
memory_write(struct shelf *shelf, const struct parcel *parcel, struct buffer *message)
{
	struct memory *memory = (struct memory *)shelf;

	(void)message;
	pthread_mutex_lock(&memory->lock);
	for (const struct kept *kept = parcel->kept; kept; kept = kept->next)
		add_memo(memory, memo_new(kept));
	prune(memory, parcel->oldest);
	pthread_mutex_unlock(&memory->lock);
	return RESULT_DONE;
}

/* The memo of a revision; NULL: none. */
static struct memo *
find(const struct memory *memory, uint64_t id)
{
	if (memory->count == 0 || id < memory->memos[0]->revision.id)
		return NULL;
	const uint64_t at = id - memory->memos[0]->revision.id;

	return at < memory->count ? memory->memos[at] : NULL;
}

static enum result
memory_hide(struct shelf *shelf, uint64_t revision, struct buffer *message)
{
	struct memory *memory = (struct memory *)shelf;

	(void)message;
	pthread_mutex_lock(&memory->lock);
	struct memo *memo = find(memory, revision);
	const bool   was_there = memo && !memo->hidden;

	if (was_there) {
		memo->hidden = true;
		memory->nhidden++;
	}
	pthread_mutex_unlock(&memory->lock);
	return was_there ? RESULT_DONE : RESULT_MISSING;
}

static struct revision
copy_revision(struct arena *arena, const struct revision *from)
{
	struct revision copy = *from;

	copy.author.user = arena_copy(arena, text_of(from->author.user));
	copy.author.address = arena_copy(arena, text_of(from->author.address));
	copy.author.dialect = arena_copy(arena, text_of(from->author.dialect));
	copy.author.endpoint = arena_copy(arena, text_of(from->author.endpoint));
	copy.note = arena_copy(arena, text_of(from->note));
	return copy;
}

static bool
is_asked_for(const struct memo *memo, const struct history_query *query)
{
	return !memo->hidden && (query->id == 0 || memo->revision.id == query->id) &&
	       (query->time == 0 || memo->revision.time == query->time);
}

static enum result
memory_list(struct shelf *shelf, struct arena *arena, const struct history_query *query, struct history *out)
{
	struct memory *memory = (struct memory *)shelf;
	struct history found = { NULL };
	size_t         skip = query->offset;

	pthread_mutex_lock(&memory->lock);
	const size_t limit = query->limit > 0 && query->limit < memory->count ? query->limit : memory->count;

	found.total = memory->count - memory->nhidden;
	found.revisions = ARENA_MAKE(arena, struct revision, limit);
	for (size_t i = memory->count; i-- > 0 && found.count < limit;)
		if (is_asked_for(memory->memos[i], query) && (skip == 0 || skip-- == 0))
			found.revisions[found.count++] = copy_revision(arena, &memory->memos[i]->revision);
	pthread_mutex_unlock(&memory->lock);
	*out = found;
	return RESULT_DONE;
}

static enum result
memory_edits(struct shelf *shelf, const struct schema *schema, uint64_t first, uint64_t last, each_edit *each,
             void *context)
{
	struct memory *memory = (struct memory *)shelf;
	enum result    result = RESULT_MISSING;

	(void)schema;
	pthread_mutex_lock(&memory->lock);
	if (find(memory, first + 1) && find(memory, last)) {
		for (uint64_t id = last; id > first; id--) {
			const struct memo *memo = find(memory, id);

			for (size_t i = memo->nedits; i-- > 0;)
				each(context, id, memo->edits[i].before, memo->edits[i].after);
		}
		result = RESULT_DONE;
	}
	pthread_mutex_unlock(&memory->lock);
	return result;
}

/* --- copies --------------------------------------------------------------------------------- */

static struct memory_copy **
find_copy(struct memory *memory, const char *uuid)
{
	struct memory_copy **at = &memory->copies;

	while (*at && strcmp((*at)->copy.uuid, uuid) != 0)
		at = &(*at)->next;
	return at;
}

static struct memory_copy *
copy_new(const struct copy *copy, struct text content)
{
	const size_t        name = strlen(copy->name) + 1, note = strlen(copy->note) + 1;
	struct memory_copy *made = malloc(sizeof(*made) + name + note + content.len);

	BUG_IF(!made, "out of memory");
	char *texts = (char *)(made + 1);

	*made = (struct memory_copy){ .copy = *copy };
	made->copy.name = put_text(&texts, copy->name);
	made->copy.note = put_text(&texts, copy->note);
	if (content.len)
		memcpy(texts, content.ptr, content.len);
	made->content = (struct text){ texts, content.len };
	return made;
}

static enum result
memory_copy_put(struct shelf *shelf, const struct copy *copy, struct text content, struct buffer *message)
{
	struct memory *memory = (struct memory *)shelf;

	(void)message;
	pthread_mutex_lock(&memory->lock);
	struct memory_copy **at = find_copy(memory, copy->uuid), *old = *at;
	const bool           is_there = old || content.ptr;

	if (is_there) {
		*at = copy_new(copy, content.ptr ? content : old->content);
		(*at)->next = old ? old->next : NULL;
		free(old);
	}
	pthread_mutex_unlock(&memory->lock);
	return is_there ? RESULT_DONE : RESULT_MISSING;
}

static enum result
memory_copy_remove(struct shelf *shelf, const char *uuid, struct buffer *message)
{
	struct memory *memory = (struct memory *)shelf;

	(void)message;
	pthread_mutex_lock(&memory->lock);
	struct memory_copy **at = find_copy(memory, uuid), *old = *at;

	if (old)
		*at = old->next;
	free(old);
	pthread_mutex_unlock(&memory->lock);
	return old ? RESULT_DONE : RESULT_MISSING;
}

static enum result
memory_copy_list(struct shelf *shelf, struct arena *arena, struct copies *out)
{
	struct memory *memory = (struct memory *)shelf;
	struct copies  found = { ARENA_MAKE(arena, struct copy, STORE_COPIES_MAX), 0 };

	pthread_mutex_lock(&memory->lock);
	for (const struct memory_copy *one = memory->copies; one && found.count < STORE_COPIES_MAX; one = one->next) {
		struct copy *copy = &found.copies[found.count++];

		*copy = one->copy;
		copy->name = arena_copy(arena, text_of(one->copy.name));
		copy->note = arena_copy(arena, text_of(one->copy.note));
	}
	pthread_mutex_unlock(&memory->lock);
	*out = found;
	return RESULT_DONE;
}

static enum result
memory_copy_read(struct shelf *shelf, struct arena *arena, const char *uuid, struct text *content)
{
	struct memory *memory = (struct memory *)shelf;

	pthread_mutex_lock(&memory->lock);
	const struct memory_copy *one = *find_copy(memory, uuid);

	if (one)
		*content = (struct text){ arena_copy(arena, one->content), one->content.len };
	pthread_mutex_unlock(&memory->lock);
	return one ? RESULT_DONE : RESULT_MISSING;
}

static void
memory_close(struct shelf *shelf)
{
	struct memory *memory = (struct memory *)shelf;

	for (size_t i = 0; i < memory->count; i++)
		memo_free(memory->memos[i]);
	free(memory->memos);
	for (struct memory_copy *one = memory->copies, *next; one; one = next) {
		next = one->next;
		free(one);
	}
	pthread_mutex_destroy(&memory->lock);
	free(memory);
}

struct shelf *
memory_shelf(void)
{
	static const struct shelf_kind kind = {
		memory_load, memory_write, memory_hide, memory_close, memory_list, memory_edits,
		memory_copy_put, memory_copy_remove, memory_copy_list, memory_copy_read,
	};
	struct memory *memory = calloc(1, sizeof(*memory));

	BUG_IF(!memory, "out of memory");
	memory->shelf.kind = &kind;
	pthread_mutex_init(&memory->lock, NULL);
	return &memory->shelf;
}
