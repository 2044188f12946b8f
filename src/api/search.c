/*
 * Searching goes once over the rows. For one page of many, only that page is put in order: each row is compared with the
 * last that is on it so far. What is sorted knows how its texts begin as a number, which mostly tells the order.
 */
#include "api/search.h"

#include <stdlib.h>
#include <string.h>

#include "api/phrase.h"

#define AHEAD       6 /* records */
#define AHEAD_BYTES 384
#define DIGITS_MAX  253 /* of a number that a head tells from others */

struct sorted {
	uint64_t             head;  /* how the texts begin, so that texts of which one has less come in this order; or the rank */
	const struct text   *texts; /* what is sorted by */
	size_t               count;
	const struct record *record;
	size_t               at; /* equal ranks stay in the order of the collection; 0: equal texts go by uuid */
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
 * The first of the bytes that compare as the text does naturally: a number becomes a mark, its length without leading zeros,
 * and its digits. Numbers that are too long for that are all alike here, and what is behind them does not count.
 */
static size_t
begin_key(unsigned char *out, size_t room, struct text t)
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

		while (i < t.len && is_digit(t.ptr[i]) && i - from <= DIGITS_MAX)
			i++;
		out[at++] = '0';
		if (at < room)
			out[at++] = (unsigned char)(i - from + 1);
		if (i - from > DIGITS_MAX)
			return room;
		for (size_t digit = from; digit < i && at < room; digit++)
			out[at++] = (unsigned char)t.ptr[digit];
	}
	return at;
}

/* Of all texts behind each other, with a byte between them that is lower than any other. */
static uint64_t
head_of(const struct text *texts, size_t count)
{
	unsigned char bytes[sizeof(uint64_t)] = { 0 };
	uint64_t      head = 0;

	for (size_t i = 0, len = 0; i < count && len < sizeof(bytes); i++)
		len += begin_key(bytes + len, sizeof(bytes) - len, texts[i]) + 1;
	for (size_t i = 0; i < sizeof(bytes); i++)
		head = head << 8 | bytes[i];
	return head;
}

static int
compare_texts(const struct text *a, const struct text *b, size_t count)
{
	int order = 0;

	for (size_t i = 0; order == 0 && i < count; i++)
		order = text_compare_natural(a[i], b[i]);
	return order;
}

static int
compare(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;

	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	const int order = compare_texts(a->texts, b->texts, a->count);

	if (order != 0)
		return order;
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

static void
enter(struct sorting *sorting, struct sorted one)
{
	if (sorting->count < sorting->n) {
		sorting->heap[sorting->count++] = one;
		for (size_t i = sorting->count / 2; sorting->count == sorting->n && i-- > 0;)
			sift_down(sorting, i);
		return;
	}
	sorting->heap[0] = one;
	sift_down(sorting, 0);
}

static void
offer_ranked(struct sorting *sorting, const struct record *record, size_t at)
{
	const struct search *search = sorting->search;
	const struct sorted  one = { .head = search->rank(record, search->rank_context), .record = record, .at = at };

	if (sorting->count < sorting->n || sorting->order(&one, &sorting->heap[0]) < 0)
		enter(sorting, one);
}

/* Most records are known to come later from the first letters of their texts. */
static void
offer(struct sorting *sorting, const struct record *record)
{
	const size_t  count = sorting->search->nsort;
	struct text   texts[SEARCH_KEYS_MAX];
	struct sorted one = { .count = count, .record = record };

	for (size_t i = 0; i < count; i++)
		texts[i] = text_of(sorting->fields[i] == SIZE_MAX ? "" : labels_text(sorting->labels, record, sorting->fields[i]));
	if (sorting->count == sorting->n) {
		const struct sorted *last = &sorting->heap[0];
		const int            order = compare_texts(texts, last->texts, count);
		const int            way = order != 0 ? order : strcmp(record->uuid, last->record->uuid);

		if (sorting->search->descending ? way <= 0 : way >= 0)
			return;
	}
	one.head = head_of(texts, count);
	one.texts = memcpy(arena_take(sorting->arena, count * sizeof(texts[0])), texts, count * sizeof(texts[0]));
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
		if (search->nsort)
			offer(&sorting, records[i]);
		else
			offer_ranked(&sorting, records[i], i);
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
