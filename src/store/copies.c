/*
 * Whole configurations kept under a name. One is a text: for each record a line with its resource, place and uuid,
 * and a line with its fields, as the shelf keeps them.
 */
#include <string.h>

#include "base/number.h"
#include "store/codec.h"
#include "store/store_inside.h"

static struct text
write_content(struct buffer *out, const struct snapshot *snapshot)
{
	const struct schema *schema = snapshot_schema(snapshot);

	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct resource   *resource = schema_at(schema, i);
		const struct collection *collection = snapshot_collection(snapshot, resource);

		for (size_t j = 0; !(resource->flags & IN_MEMORY) && j < collection_count(collection); j++) {
			const struct record *record = collection_at(collection, j);

			buffer_print(out, "%s %lld %s\n", resource->name, (long long)record->place, record->uuid);
			record_write(out, record);
			buffer_add_byte(out, '\n');
		}
	}
	buffer_add_byte(out, '\n'); /* of nothing, there is something too */
	return buffer_text(out);
}

/* Records of resources that are no more are passed over. False: damaged. */
static bool
read_record(struct snapshot *draft, struct arena *arena, struct text head, struct text fields)
{
	const struct resource *resource = schema_find(snapshot_schema(draft), text_until(&head, ' '));
	const struct text      number = text_until(&head, ' '), uuid = head;
	size_t                 unknown;
	int64_t                place;

	if (!resource)
		return true;
	struct record *record = record_read(arena, resource, fields, &unknown);

	if (!record || uuid.len == 0 || uuid.len > UUID_LENGTH || !number_read(number, INT64_MIN, INT64_MAX, &place))
		return false;
	memcpy(record->uuid, uuid.ptr, uuid.len);
	record->place = place;
	const struct record *sealed = record_seal(record);

	snapshot_put(draft, sealed);
	record_release(sealed);
	return true;
}

static bool
read_content(struct snapshot *draft, struct text content)
{
	scoped_arena arena = arena_new();
	struct text  head, fields;
	bool         is_whole = true;

	while (is_whole && text_next(&content, "\n", &head) && head.len > 0) {
		is_whole = text_next(&content, "\n", &fields) && read_record(draft, arena, head, fields);
		arena_reset(arena);
	}
	return is_whole;
}

/* --- writing: the lock of writers is held ---------------------------------------------------- */

/* May a copy be called so, and is there room for one more? */
static enum result
check(struct store *store, struct arena *arena, const struct copy *copy, bool is_new)
{
	struct copies     copies;
	const enum result result = store->shelf->kind->copy_list(store->shelf, arena, &copies);

	if (result != RESULT_DONE)
		return result;
	if (strlen(copy->name) > STORE_COPY_NAME_MAX || strlen(copy->note) > STORE_COPY_NOTE_MAX ||
	    (is_new && copies.count >= STORE_COPIES_MAX))
		return RESULT_TOO_BIG;
	for (size_t i = 0; i < copies.count; i++)
		if (strcmp(copies.copies[i].name, copy->name) == 0 && strcmp(copies.copies[i].uuid, copy->uuid) != 0)
			return RESULT_CONFLICT;
	return RESULT_DONE;
}

static enum result
put(struct store *store, struct copy *copy, struct text content, struct buffer *message)
{
	scoped_arena arena = arena_new();

	if (copy->uuid[0] == '\0')
		memcpy(copy->uuid, uuid_new().text, sizeof(copy->uuid));
	const enum result result = check(store, arena, copy, content.ptr != NULL);

	return result == RESULT_DONE ? store->shelf->kind->copy_put(store->shelf, copy, content, message) : result;
}

enum result
store_copy_add(struct store *store, const struct snapshot *snapshot, struct copy *copy, struct buffer *message)
{
	scoped_buffer     content = BUFFER_NONE;
	const struct text text = write_content(&content, snapshot);

	copy->time = store->setup.now(store->setup.context);
	copy->revision = snapshot_revision(snapshot);
	copy->bytes = text.len;
	pthread_mutex_lock(&store->writing);
	const enum result result = put(store, copy, text, message);

	pthread_mutex_unlock(&store->writing);
	return result;
}

static const struct copy *
find(const struct copies *copies, struct text uuid)
{
	for (size_t i = 0; i < copies->count; i++)
		if (text_is(uuid, copies->copies[i].uuid))
			return &copies->copies[i];
	return NULL;
}

enum result
store_copy_clone(struct store *store, struct text from, struct copy *copy, struct buffer *message)
{
	scoped_arena       arena = arena_new();
	struct text        content;
	struct copies      copies;
	enum result        result = store->shelf->kind->copy_list(store->shelf, arena, &copies);
	const struct copy *first = result == RESULT_DONE ? find(&copies, from) : NULL;

	if (result == RESULT_DONE && !first)
		result = RESULT_MISSING;
	if (result == RESULT_DONE)
		result = store->shelf->kind->copy_read(store->shelf, arena, first->uuid, &content);
	if (result != RESULT_DONE)
		return result;
	copy->time = store->setup.now(store->setup.context);
	copy->revision = first->revision;
	copy->bytes = first->bytes;
	pthread_mutex_lock(&store->writing);
	result = put(store, copy, content, message);
	pthread_mutex_unlock(&store->writing);
	return result;
}

enum result
store_copy_change(struct store *store, const struct copy *copy, struct buffer *message)
{
	scoped_arena arena = arena_new();

	pthread_mutex_lock(&store->writing);
	enum result result = check(store, arena, copy, false);

	if (result == RESULT_DONE)
		result = store->shelf->kind->copy_put(store->shelf, copy, TEXT_NONE, message);
	pthread_mutex_unlock(&store->writing);
	return result;
}

enum result
store_copy_remove(struct store *store, struct text uuid, struct buffer *message)
{
	scoped_arena arena = arena_new();

	pthread_mutex_lock(&store->writing);
	const enum result result =
		store->shelf->kind->copy_remove(store->shelf, arena_copy(arena, uuid), message);

	pthread_mutex_unlock(&store->writing);
	return result;
}

/* --- reading ---------------------------------------------------------------------------------- */

enum result
store_copies(struct store *store, struct arena *arena, struct copies *out)
{
	return store->shelf->kind->copy_list(store->shelf, arena, out);
}

enum result
store_copy_into(struct store *store, struct change *change, struct text uuid)
{
	scoped_arena arena = arena_new();
	struct text  content;
	enum result  result = store->shelf->kind->copy_read(store->shelf, arena, arena_copy(arena, uuid), &content);

	if (result != RESULT_DONE)
		return result;
	struct snapshot *target = snapshot_new(store->schema);

	if (read_content(target, content))
		change_toward(change, target, NULL);
	else
		result = RESULT_FAILED;
	snapshot_release(target);
	return result;
}
