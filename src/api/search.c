/*
 * Searching goes once over the rows. Sorting compares keys that were made beforehand so that memcmp()
 * gives the natural order; for one page of many, only that page is put in order.
 */
#include "api/search.h"

#include <stdlib.h>
#include <string.h>

#include "api/phrase.h"

#define AHEAD       6 /* records */
#define AHEAD_BYTES 384
#define DIGITS_MAX  254 /* of a run that is compared as a number */

struct sorted {
	uint64_t             head; /* the first bytes of the key, as a number */
	const unsigned char *key;
	size_t               len;
	const struct record *record;
	size_t               at; /* equal ranks stay in the order of the collection; 0: equal keys go by uuid */
};

/* --- rows ----------------------------------------------------------------------------------- */

static size_t
count_builtin(const struct view *view, const struct resource *resource)
{
	size_t count = 0;

	while (resource->builtin && resource->builtin(count, view))
		count++;
	return count;
}

struct rows
rows_of(const struct view *view, const struct resource *resource)
{
	const struct collection *collection = snapshot_collection(view->snapshot, resource);
	const size_t             stored = collection_count(collection);
	struct rows              rows = { NULL, stored + count_builtin(view, resource) };

	rows.records = ARENA_MAKE(view->arena, const struct record *, rows.count + 1);
	collection_copy(collection, rows.records);
	for (size_t i = stored; i < rows.count; i++)
		rows.records[i] = resource->builtin(i - stored, view);
	return rows;
}

const struct record *
rows_find(const struct view *view, const struct resource *resource, struct text uuid)
{
	const struct record *record = collection_find(snapshot_collection(view->snapshot, resource), uuid);

	for (size_t i = 0; !record && resource->builtin; i++) {
		const struct record *row = resource->builtin(i, view);

		if (!row)
			break;
		if (text_is(uuid, row->uuid))
			record = row;
	}
	return record;
}

static void
fetch(const struct record *record)
{
	for (size_t i = 0; i < AHEAD_BYTES; i += 64)
		__builtin_prefetch((const char *)record + i);
}

static size_t
filter(const struct search *search, struct labels *labels, struct rows rows, const struct record **kept,
       struct arena *arena)
{
	struct phrase *phrase = phrase_make(arena, search->phrase, search->fields, search->both, labels);
	size_t         count = 0;

	for (size_t i = 0; i < rows.count; i++) {
		const struct record *record = rows.records[i];

		/* Records lie far apart. */
		if (i + AHEAD < rows.count)
			fetch(rows.records[i + AHEAD]);
		if (search->wanted && !search->wanted(record, search->context))
			continue;
		if (!phrase || phrase_matches(phrase, record))
			kept[count++] = record;
	}
	return count;
}

/* --- the order ------------------------------------------------------------------------------ */

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline unsigned char
upper(char c)
{
	return (unsigned char)(c >= 'a' && c <= 'z' ? c & ~0x20 : c);
}

/*
 * Bytes that compare as the text does naturally: a run of digits becomes a mark, its length
 * without leading zeros, and its digits. As many of them as there is room for; never more than
 * two and a half times the text.
 */
static size_t
natural_key(unsigned char *out, size_t room, struct text t)
{
	size_t at = 0, i = 0;

	while (i < t.len && at < room) {
		if (!is_digit(t.ptr[i])) {
			out[at++] = upper(t.ptr[i++]);
			continue;
		}
		while (i < t.len && t.ptr[i] == '0')
			i++;
		const size_t from = i;

		while (i < t.len && is_digit(t.ptr[i]) && i - from < DIGITS_MAX)
			i++;
		out[at++] = '0';
		if (at < room)
			out[at++] = (unsigned char)(i - from + 1);
		for (size_t digit = from; digit < i && at < room; digit++)
			out[at++] = (unsigned char)t.ptr[digit];
	}
	return at;
}

/* The keys of all texts behind each other, with a byte between them that is lower than any other. */
static size_t
join_keys(unsigned char *out, size_t room, const struct text *texts, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count && len < room; i++) {
		len += natural_key(out + len, room - len, texts[i]);
		if (len < room)
			out[len++] = 0;
	}
	return len;
}

static uint64_t
head_of(const struct text *texts, size_t count)
{
	unsigned char bytes[sizeof(uint64_t)] = { 0 };
	uint64_t      head = 0;

	join_keys(bytes, sizeof(bytes), texts, count);
	for (size_t i = 0; i < sizeof(bytes); i++)
		head = head << 8 | bytes[i];
	return head;
}

static int
compare(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;

	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	const size_t common = a->len < b->len ? a->len : b->len;
	const int    order = common ? memcmp(a->key, b->key, common) : 0;

	if (order != 0)
		return order;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return strcmp(a->record->uuid, b->record->uuid);
}

static int
compare_descending(const void *left, const void *right)
{
	return compare(right, left);
}

/* The first n of many, as they are found: a heap of those so far, the last of them on top. */
struct sorting {
	const struct search *search;
	struct labels       *labels;
	struct arena        *arena;
	size_t               fields[SEARCH_KEYS_MAX]; /* SIZE_MAX: no such field */
	int (*order)(const void *, const void *);
	struct sorted *heap;
	size_t         n, count;
	unsigned char *key; /* of the one being looked at */
	size_t         room;
};

static void
sift_down(struct sorting *sorting, size_t at)
{
	struct sorted *heap = sorting->heap;

	for (size_t child; (child = at * 2 + 1) < sorting->count; at = child) {
		if (child + 1 < sorting->count && sorting->order(&heap[child], &heap[child + 1]) < 0)
			child++;
		if (sorting->order(&heap[at], &heap[child]) >= 0)
			return;
		const struct sorted moved = heap[at];

		heap[at] = heap[child];
		heap[child] = moved;
	}
}

/* The whole key of the one being looked at. */
static void
make_key(struct sorting *sorting, struct sorted *one, const struct text *texts, size_t count)
{
	size_t room = 0;

	for (size_t i = 0; i < count; i++)
		room += texts[i].len * 5 / 2 + 3;
	if (room > sorting->room) {
		sorting->room = room * 2;
		sorting->key = arena_take(sorting->arena, sorting->room);
	}
	one->key = sorting->key;
	one->len = join_keys(sorting->key, room, texts, count);
}

/* It comes before the last of those so far. */
static void
enter(struct sorting *sorting, struct sorted one)
{
	if (one.len)
		one.key = memcpy(arena_take(sorting->arena, one.len), one.key, one.len);
	if (sorting->count < sorting->n) {
		sorting->heap[sorting->count++] = one;
		for (size_t i = sorting->count / 2; sorting->count == sorting->n && i-- > 0;)
			sift_down(sorting, i);
		return;
	}
	sorting->heap[0] = one;
	sift_down(sorting, 0);
}

/* Most records are known to come later from how their keys begin. */
static void
offer(struct sorting *sorting, const struct record *record, size_t at)
{
	const struct search *search = sorting->search;
	const bool           is_full = sorting->count == sorting->n;
	const uint64_t       last = is_full ? sorting->heap[0].head : 0;
	struct text          texts[SEARCH_KEYS_MAX];
	struct sorted        one = { .record = record };

	for (size_t i = 0; i < search->nsort; i++)
		texts[i] = text_of(sorting->fields[i] == SIZE_MAX ? "" : labels_text(sorting->labels, record, sorting->fields[i]));
	one.head = search->nsort ? head_of(texts, search->nsort) : search->rank(record, search->rank_context);
	if (is_full && (search->descending ? one.head < last : one.head > last))
		return;
	if (search->nsort)
		make_key(sorting, &one, texts, search->nsort);
	else
		one.at = at;
	if (!is_full || sorting->order(&one, &sorting->heap[0]) < 0)
		enter(sorting, one);
}

static void
put_in_order(const struct search *search, struct labels *labels, const struct record **records, size_t count,
	     struct arena *arena)
{
	const size_t   wanted = search->take > count || search->skip > count ? count : search->skip + search->take;
	struct sorting sorting = { .search = search, .labels = labels, .arena = arena,
				   .order = search->descending ? compare_descending : compare, .n = wanted < count ? wanted : count };

	if (sorting.n == 0)
		return;
	for (size_t i = 0; i < search->nsort; i++)
		sorting.fields[i] = resource_find_field(records[0]->resource, search->sort[i]);
	sorting.heap = ARENA_MAKE(arena, struct sorted, sorting.n);
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			fetch(records[i + AHEAD]);
		offer(&sorting, records[i], i);
	}
	qsort(sorting.heap, sorting.n, sizeof(*sorting.heap), sorting.order);
	for (size_t i = 0; i < sorting.n; i++)
		records[i] = sorting.heap[i].record;
}

struct found
search_run(const struct search *search, const struct view *view, struct labels *labels, struct rows rows)
{
	const struct record **kept = ARENA_MAKE(view->arena, const struct record *, rows.count + 1);
	const size_t          total = filter(search, labels, rows, kept, view->arena);

	if (total > 1 && (search->nsort > 0 || search->rank))
		put_in_order(search, labels, kept, total, view->arena);
	if (search->skip >= total)
		return (struct found){ kept, 0, total };
	const size_t left = total - search->skip;

	return (struct found){ kept + search->skip, search->take < left ? search->take : left, total };
}

static int
compare_names(const void *left, const void *right)
{
	return text_compare_natural(*(const struct text *)left, *(const struct text *)right);
}

void
names_sort(struct text *names, size_t count)
{
	if (count)
		qsort(names, count, sizeof(*names), compare_names);
}
