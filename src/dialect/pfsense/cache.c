/*
 * The cache of shown objects: one list for each mount, the latest that was made. It is the process's, like
 * the store's snapshots are; what a request holds stays until it lets go.
 */
#include "dialect/pfsense/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/bug.h"

/* One object, in one piece of memory. */
struct shown {
	_Atomic(unsigned)    holds;
	const struct record *record;
	struct value        *value;
};

struct shown_list {
	_Atomic(unsigned) holds;
	struct shown_key  key;
	struct value      value;
	struct shown    **items;
	size_t            count;
	struct shown    **table; /* by record; room is a power of two */
	size_t            room;
};

static struct {
	pthread_mutex_t    lock;
	struct shown_list *latest[CACHE_MOUNTS];
} cache = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* --- one object ------------------------------------------------------------------------------ */

static size_t
rounded(size_t size)
{
	return (size + 15) & ~(size_t)15;
}

static size_t
packed_size(const struct value *value)
{
	size_t size = rounded(sizeof(*value)) + rounded(value->count * sizeof(*value->members));

	if (value->kind == VALUE_TEXT)
		size += rounded(value->text.len + 1);
	for (size_t i = 0; i < value->count; i++)
		size += rounded(value->members[i].name.len + 1) + packed_size(value->members[i].value);
	return size;
}

static void *
take(char **at, size_t size)
{
	void *taken = *at;

	*at += rounded(size);
	return taken;
}

static struct text
pack_text(struct text text, char **at)
{
	char *copy = take(at, text.len + 1);

	if (text.len)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return (struct text){ copy, text.len };
}

static struct value *
pack(const struct value *value, char **at)
{
	struct value *copy = take(at, sizeof(*copy));

	*copy = *value;
	copy->room = value->count;
	copy->members = take(at, value->count * sizeof(*value->members));
	if (value->kind == VALUE_TEXT)
		copy->text = pack_text(value->text, at);
	for (size_t i = 0; i < value->count; i++)
		copy->members[i] = (struct member){ pack_text(value->members[i].name, at),
						    pack(value->members[i].value, at) };
	return copy;
}

static struct shown *
shown_new(const struct record *record, const struct value *value)
{
	char         *memory = malloc(rounded(sizeof(struct shown)) + packed_size(value));
	struct shown *shown = (struct shown *)memory;

	BUG_IF(!memory, "out of memory");
	memory += rounded(sizeof(struct shown));
	atomic_init(&shown->holds, 1);
	shown->record = record_hold(record);
	shown->value = pack(value, &memory);
	return shown;
}

static void
shown_drop(struct shown *shown)
{
	if (atomic_fetch_sub(&shown->holds, 1) != 1)
		return;
	record_release(shown->record);
	free(shown);
}

/* --- a list ---------------------------------------------------------------------------------- */

static size_t
slot_of(const struct shown_list *list, const struct record *record)
{
	size_t at = ((uintptr_t)record >> 4) * 0x9e3779b97f4a7c15ULL >> 32 & (list->room - 1);

	while (list->table[at] && list->table[at]->record != record)
		at = (at + 1) & (list->room - 1);
	return at;
}

static struct shown *
find_shown(const struct shown_list *list, const struct record *record)
{
	return list ? list->table[slot_of(list, record)] : NULL;
}

struct value *
shown_of(const struct shown_list *list, const struct record *record)
{
	const struct shown *shown = find_shown(list, record);

	return shown ? shown->value : NULL;
}

struct value *
shown_value(struct shown_list *list)
{
	return &list->value;
}

void
shown_release(void *what)
{
	struct shown_list *list = what;

	if (!list || atomic_fetch_sub(&list->holds, 1) != 1)
		return;
	for (size_t i = 0; i < list->count; i++)
		shown_drop(list->items[i]);
	free(list->items);
	free(list->table);
	free(list->value.members);
	free(list);
}

static void *
allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	BUG_IF(!memory, "out of memory");
	return memory;
}

/* --- the cache ------------------------------------------------------------------------------- */

static struct shown_list *
hold_latest(const struct shown_key *key, bool same_records)
{
	struct shown_list *list;

	pthread_mutex_lock(&cache.lock);
	list = cache.latest[key->mount];
	if (list && (list->key.others != key->others || (same_records && list->key.records != key->records)))
		list = NULL;
	if (list)
		atomic_fetch_add(&list->holds, 1);
	pthread_mutex_unlock(&cache.lock);
	return list;
}

struct shown_list *
cache_find(const struct shown_key *key)
{
	return hold_latest(key, true);
}

struct shown_list *
cache_latest(const struct shown_key *key)
{
	return hold_latest(key, false);
}

struct shown_list *
cache_keep(const struct shown_key *key, const struct shown_list *previous,
           const struct record *const *records, struct value *const *objects, size_t count, bool named)
{
	struct shown_list *list = allocate(1, sizeof(*list)), *old;

	list->key = *key;
	list->count = count;
	list->items = allocate(count, sizeof(struct shown *));
	for (list->room = 16; list->room < count * 2; list->room *= 2)
		;
	list->table = allocate(list->room, sizeof(struct shown *));
	list->value.kind = named ? VALUE_OBJECT : VALUE_LIST;
	list->value.count = list->value.room = count;
	list->value.members = allocate(count, sizeof(struct member));
	for (size_t i = 0; i < count; i++) {
		struct shown *shown = find_shown(previous, records[i]);

		if (shown)
			atomic_fetch_add(&shown->holds, 1);
		else
			shown = shown_new(records[i], objects[i]);
		list->items[i] = shown;
		list->table[slot_of(list, records[i])] = shown;
		list->value.members[i].value = shown->value;
		if (named)
			list->value.members[i].name = text_of(shown->record->uuid);
	}
	atomic_init(&list->holds, 2);
	pthread_mutex_lock(&cache.lock);
	old = cache.latest[key->mount];
	cache.latest[key->mount] = list;
	pthread_mutex_unlock(&cache.lock);
	shown_release(old);
	return list;
}
