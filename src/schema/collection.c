/*
 * The records of a resource: in order (order.h), by uuid, by the field people know them by, and by what else somebody
 * has asked for (lookup.h, ranks.h).
 */
#include "schema/collection.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "schema/lists.h"
#include "schema/lookup.h"
#include "schema/order.h"
#include "schema/ranks.h"
#include "schema/shared.h"

#define FEW 16 /* records that are not worth a table */

/* A table that was asked for. Readers put new ones in front of the list, so that what is in it never goes away. */
struct table {
	struct lookup lookup;
	struct ranks  ranks; /* in place of it, when there is a function that gives them */
	struct table *next;
};

struct collection {
	_Atomic(unsigned)      holds;
	const struct resource *resource;
	uint64_t               stamp;
	struct order           order;
	struct lookup          uuids;
	struct lookup          keys;   /* unused without a key */
	_Atomic(struct table *) tables;
};

static _Atomic(uint64_t) last_stamp;

struct collection *
collection_new(const struct resource *resource)
{
	struct collection *collection = take_memory(sizeof(*collection));

	atomic_store_explicit(&collection->holds, 1, memory_order_relaxed);
	collection->resource = resource;
	collection->stamp = atomic_fetch_add(&last_stamp, 1) + 1;
	if (resource->key)
		collection->keys.by = (struct index){ .fields = { resource_field(resource, resource->key) }, .count = 1 };
	return collection;
}

const struct collection *
collection_hold(const struct collection *collection)
{
	hold(&((struct collection *)collection)->holds);
	return collection;
}

static void
table_free(struct table *table)
{
	lookup_clear(&table->lookup);
	ranks_clear(&table->ranks);
	free(table);
}

static void
table_replace(struct table *table, const struct record *before, const struct record *after)
{
	if (table->ranks.by.rank)
		ranks_replace(&table->ranks, before, after);
	else
		lookup_replace(&table->lookup, before, after);
}

void
collection_release(const struct collection *held)
{
	struct collection *collection = (struct collection *)held;

	if (!let_go(&collection->holds))
		return;
	order_clear(&collection->order);
	lookup_clear(&collection->uuids);
	lookup_clear(&collection->keys);
	for (struct table *table = atomic_load(&collection->tables), *next; table; table = next) {
		next = table->next;
		table_free(table);
	}
	free(collection);
}

static struct table *
tables_share(const struct collection *from)
{
	struct table *first = NULL;

	for (const struct table *table = atomic_load_explicit(&from->tables, memory_order_acquire); table; table = table->next) {
		struct table *copy = take_memory(sizeof(*copy));

		copy->next = first;
		lookup_share(&copy->lookup, &table->lookup);
		ranks_share(&copy->ranks, &table->ranks);
		first = copy;
	}
	return first;
}

/* Make sure that nobody else has it, and that it is known as changed. */
static struct collection *
own(struct collection **slot)
{
	struct collection *old = *slot;

	if (!is_shared(&old->holds)) {
		old->stamp = atomic_fetch_add(&last_stamp, 1) + 1;
		return old;
	}
	*slot = collection_new(old->resource);
	order_share(&(*slot)->order, &old->order);
	lookup_share(&(*slot)->uuids, &old->uuids);
	lookup_share(&(*slot)->keys, &old->keys);
	atomic_store_explicit(&(*slot)->tables, tables_share(old), memory_order_relaxed);
	collection_release(old);
	return *slot;
}

/* All tables learn that a record takes the place of another; either may be NULL. */
static void
replace(struct collection *collection, const struct record *before, const struct record *after)
{
	lookup_replace(&collection->uuids, before, after);
	if (collection->keys.by.count)
		lookup_replace(&collection->keys, before, after);
	for (struct table *table = atomic_load_explicit(&collection->tables, memory_order_relaxed); table; table = table->next)
		table_replace(table, before, after);
}

void
collection_put(struct collection **slot, const struct record *record)
{
	struct collection   *collection = own(slot);
	const struct record *before = lookup_find(&collection->uuids, text_of(record->uuid));

	record_hold(record);
	replace(collection, before, record);
	if (before && before->place == record->place) {
		order_replace(&collection->order, order_position(&collection->order, before), record);
	} else {
		if (before)
			order_remove(&collection->order, order_position(&collection->order, before));
		order_insert(&collection->order, record);
	}
	record_release(before);
}

bool
collection_remove(struct collection **slot, struct text uuid)
{
	const struct record *record = collection_find(*slot, uuid);

	if (!record)
		return false;
	struct collection *collection = own(slot);

	replace(collection, record, NULL);
	order_remove(&collection->order, order_position(&collection->order, record));
	record_release(record);
	return true;
}

/* --- tables that were asked for --------------------------------------------------------------- */

static bool
same_index(const struct index *a, const struct index *b)
{
	return a->words == b->words && a->rank == b->rank && a->prefix == b->prefix && a->count == b->count &&
	       a->any_case == b->any_case && memcmp(a->fields, b->fields, a->count * sizeof(a->fields[0])) == 0;
}

static const struct table *
find_table(const struct table *first, const struct index *by)
{
	for (; first; first = first->next)
		if (same_index(by->rank ? &first->ranks.by : &first->lookup.by, by))
			return first;
	return NULL;
}

static struct table *
table_new(const struct collection *collection, const struct index *by)
{
	struct table *table = take_memory(sizeof(*table));

	if (by->rank)
		table->ranks.by = *by;
	else
		table->lookup.by = *by;
	for (size_t i = 0; i < collection->order.count; i++)
		table_replace(table, NULL, order_at(&collection->order, i));
	return table;
}

static const struct table *
table_by(const struct collection *collection, const struct index *by)
{
	struct collection  *whole = (struct collection *)collection;
	struct table       *first = atomic_load_explicit(&whole->tables, memory_order_acquire);
	const struct table *table = find_table(first, by);

	if (!table) {
		struct table *made = table_new(collection, by);

		do {
			made->next = first;
			table = find_table(first, by);
		} while (!table && !atomic_compare_exchange_weak_explicit(&whole->tables, &first, made, memory_order_release,
									  memory_order_acquire));
		if (table)
			table_free(made);
		else
			table = made;
	}
	return table;
}

/* NULL: look at each record. */
static const struct lookup *
lookup_by(const struct collection *collection, const struct index *by)
{
	if (same_index(by, &collection->keys.by))
		return &collection->keys;
	return collection->order.count <= FEW ? NULL : &table_by(collection, by)->lookup;
}

/* --- readers -------------------------------------------------------------------------------- */

size_t
collection_count(const struct collection *collection)
{
	return collection->order.count;
}

const struct record *
collection_at(const struct collection *collection, size_t position)
{
	BUG_IF(position >= collection->order.count, "%s: no record %zu", collection->resource->name, position);
	return order_at(&collection->order, position);
}

const struct record *
collection_find(const struct collection *collection, struct text uuid)
{
	return lookup_find(&collection->uuids, uuid);
}

size_t
collection_position(const struct collection *collection, struct text uuid)
{
	const struct record *record = collection_find(collection, uuid);

	return record ? order_position(&collection->order, record) : SIZE_MAX;
}

const struct record *
collection_where(const struct collection *collection, const char *field, struct text value)
{
	const struct index   by = { .fields = { resource_field(collection->resource, field) }, .count = 1 };
	const size_t         at = by.fields[0];
	const struct lookup *lookup = value.len ? lookup_by(collection, &by) : NULL;

	if (lookup && !lookup_is_common(lookup, value))
		return lookup_find(lookup, value);
	for (size_t i = 0; i < collection->order.count; i++) {
		const struct record *record = order_at(&collection->order, i);

		if (text_is(value, record->values[at]))
			return record;
	}
	return NULL;
}

uint64_t
collection_stamp(const struct collection *collection)
{
	return collection->stamp;
}

void
collection_copy(const struct collection *collection, const struct record **out)
{
	order_copy(&collection->order, out);
}

const struct record *
collection_twin(const struct collection *collection, const struct index *by, const struct record *like)
{
	const bool           is_empty = like->values[by->fields[0]][0] == '\0';
	const struct lookup *lookup = is_empty ? NULL : lookup_by(collection, by);

	if (lookup && !lookup_is_common_like(lookup, like))
		return lookup_twin(lookup, like);
	for (size_t i = 0; i < collection->order.count; i++) {
		const struct record *record = order_at(&collection->order, i);

		if (lookup_is_twin(by, record, like))
			return record;
	}
	return NULL;
}

struct gathered {
	struct arena         *arena;
	const struct record **records;
	size_t                count, room;
};

static void
gather(void *context, const struct record *record)
{
	struct gathered *gathered = context;

	if (gathered->count == gathered->room) {
		const struct record **more = ARENA_MAKE(gathered->arena, const struct record *, gathered->room * 2 + 8);

		if (gathered->count)
			memcpy(more, gathered->records, gathered->count * sizeof(*more));
		gathered->room = gathered->room * 2 + 8;
		gathered->records = more;
	}
	gathered->records[gathered->count++] = record;
}

static int
compare_places(const void *left, const void *right)
{
	const struct record *a = *(const struct record *const *)left, *b = *(const struct record *const *)right;

	return a->place != b->place ? (a->place < b->place ? -1 : 1) : strcmp(a->uuid, b->uuid);
}

const struct record **
collection_having(struct arena *arena, const struct collection *collection, const struct index *by, struct text word,
		  size_t *count)
{
	const struct lookup *lookup = lookup_by(collection, by);
	struct gathered      gathered = { .arena = arena };
	size_t               kept = 0;

	if (lookup && lookup_is_common(lookup, word))
		lookup = NULL;
	for (size_t i = 0; !lookup && i < collection->order.count; i++)
		gather(&gathered, order_at(&collection->order, i));
	if (lookup)
		lookup_visit(lookup, word, gather, &gathered);
	if (lookup && gathered.count > 1)
		qsort(gathered.records, gathered.count, sizeof(*gathered.records), compare_places);
	for (size_t i = 0; i < gathered.count; i++)
		if (i == 0 || gathered.records[i] != gathered.records[kept - 1])
			gathered.records[kept++] = gathered.records[i];
	*count = kept;
	return gathered.records;
}

static void
entries_in(const struct index *by, const struct record *record, void (*add)(void *, struct text), void *context)
{
	struct entries entries = entries_of(record->values[by->fields[0]], ',');
	struct text    entry;

	while (entry_next(&entries, &entry))
		add(context, entry);
}

const struct record **
collection_naming(struct arena *arena, const struct collection *collection, const char *field, struct text entry, size_t *count)
{
	const struct index    by = { .fields = { resource_field(collection->resource, field) }, .count = 1, .words = entries_in };
	size_t                some = 0, kept = 0;
	const struct record **records = entry.len ? collection_having(arena, collection, &by, entry, &some) : NULL;

	for (size_t i = 0; i < some; i++)
		if (entries_have(records[i]->values[by.fields[0]], ',', entry))
			records[kept++] = records[i];
	*count = kept;
	return records;
}

const struct record *
collection_from(const struct collection *collection, const struct index *by, const struct rank *rank, const char *without,
		struct rank *found)
{
	return ranks_from(&table_by(collection, by)->ranks, rank, without, found);
}

const struct record *
collection_to(const struct collection *collection, const struct index *by, const struct rank *rank, const char *without,
	      struct rank *found)
{
	return ranks_to(&table_by(collection, by)->ranks, rank, without, found);
}

int64_t
collection_lowest_free(const struct collection *collection, const struct index *by, int64_t from)
{
	return ranks_lowest_free(&table_by(collection, by)->ranks, from);
}

struct differences {
	struct arena      *arena;
	struct difference *list;
	size_t             count, room;
};

static void
add_difference(void *context, const struct record *before, const struct record *after)
{
	struct differences *differences = context;

	if (differences->count == differences->room) {
		struct difference *more = ARENA_MAKE(differences->arena, struct difference, differences->room * 2 + 8);

		if (differences->count)
			memcpy(more, differences->list, differences->count * sizeof(*more));
		differences->room = differences->room * 2 + 8;
		differences->list = more;
	}
	differences->list[differences->count++] = (struct difference){ before, after };
}

struct difference *
collection_compare(struct arena *arena, const struct collection *from, const struct collection *to, size_t *count)
{
	struct differences differences = { .arena = arena };

	if (from->stamp != to->stamp)
		order_compare(&from->order, &to->order, add_difference, &differences);
	*count = differences.count;
	return differences.list;
}
