/*
 * Searching goes once over the rows. What a choice is called is compared with the words once,
 * not once for each row. Sorting compares keys that were made beforehand so that memcmp()
 * gives the natural order; for one page of many, only that page is put in order.
 */
#include "api/search.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define AHEAD       6 /* records */
#define AHEAD_BYTES 384
#define DIGITS_MAX  254 /* of a run that is compared as a number */

struct words {
	struct text words[SEARCH_WORDS_MAX];
	size_t      count;
	uint64_t    all;
	uint64_t    begins[256]; /* with each byte, in either case: which words */
	size_t      shortest;
	bool        uuid; /* one of them is a uuid: then that is searched too */
};

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
	for (size_t i = 0; i < stored; i++)
		rows.records[i] = collection_at(collection, i);
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

/* --- the phrase ----------------------------------------------------------------------------- */

static struct words
split(struct text phrase, struct arena *arena)
{
	struct words words = { .shortest = SIZE_MAX };
	struct text  word;

	while (words.count < SEARCH_WORDS_MAX && text_next(&phrase, " ", &word)) {
		if (word.len == 0)
			continue;
		words.uuid |= uuid_is_valid(word);
		words.shortest = word.len < words.shortest ? word.len : words.shortest;
		words.all |= (uint64_t)1 << words.count;
		char *own = arena_copy(arena, word);

		for (size_t i = 0; i < word.len; i++)
			own[i] = (char)(own[i] >= 'A' && own[i] <= 'Z' ? own[i] | 0x20 : own[i]);
		words.begins[(unsigned char)own[0]] |= (uint64_t)1 << words.count;
		words.begins[(unsigned char)toupper((unsigned char)own[0])] |= (uint64_t)1 << words.count;
		words.words[words.count++] = (struct text){ own, word.len };
	}
	return words;
}

static inline unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* The word is in lower case already. */
static bool
is_here(const char *in, struct text word)
{
	size_t i = 1;

	while (i < word.len && lower(in[i]) == (unsigned char)word.ptr[i])
		i++;
	return i == word.len;
}

static uint64_t
occur(const struct words *words, uint64_t missing, const char *in)
{
	uint64_t found = 0;

	for (; *in && missing != found; in++) {
		uint64_t begin = words->begins[(unsigned char)*in] & missing & ~found;

		for (; begin; begin &= begin - 1)
			if (is_here(in, words->words[__builtin_ctzll(begin)]))
				found |= begin & -begin;
	}
	return found;
}

/* A field that is searched. Defaults have one address in all records, so most values were seen just before. */
struct searched {
	size_t      field;
	const char *last;  /* NULL: not known, or computed */
	uint64_t    words; /* that occur in the last one */
};

static uint64_t
look_into(const struct words *words, uint64_t missing, struct labels *labels, const struct record *record,
	  struct searched *searched, bool both)
{
	const struct field *field = &record->resource->fields[searched->field];
	const char         *value = labels_value(labels, record, searched->field);
	uint64_t            found = 0;

	if (value[0] != '\0' && (value[1] != '\0' || (value[0] != '0' && words->shortest == 1))) {
		struct label *label = labels_find(labels, record, searched->field);

		if (!label && value != field->preset)
			return occur(words, missing, value);
		if (label && !label->looked) {
			label->words = occur(words, words->all, label->text);
			if (both)
				label->words |= occur(words, words->all, value);
			label->looked = true;
		}
		found = label ? label->words : occur(words, words->all, value);
	}
	if (!field->derive) {
		searched->last = value;
		searched->words = found;
	}
	return found;
}

static bool
matches(const struct words *words, struct labels *labels, const struct record *record, struct searched *fields,
	size_t nfields, bool both)
{
	uint64_t missing = words->all;

	if (words->uuid)
		missing &= ~occur(words, missing, record->uuid);
	for (size_t i = 0; missing && i < nfields; i++) {
		struct searched *searched = &fields[i];

		missing &= ~(record->values[searched->field] == searched->last ?
				     searched->words :
				     look_into(words, missing, labels, record, searched, both));
	}
	return !missing;
}

/* Computed for each row and of no interest to people: not worth it unless it is asked for by name. */
static bool
is_computed(const struct field *field)
{
	return field->derive && !field->type->is_list;
}

static size_t
fields_to_search(const struct resource *resource, const char *names, struct searched *fields)
{
	size_t count = 0;

	if (!names) {
		for (size_t i = 0; i < resource->nfields; i++)
			if (!(resource->fields[i].flags & (HIDDEN | SECRET)) && !is_computed(&resource->fields[i]))
				fields[count++].field = i;
		return count;
	}
	struct text rest = text_of(names), name;

	while (text_next(&rest, ",", &name)) {
		const size_t field = resource_find_field(resource, name);

		if (field != SIZE_MAX)
			fields[count++].field = field;
	}
	return count;
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
	const struct words words = split(search->phrase, arena);

	if (rows.count == 0)
		return 0;
	struct searched *fields = ARENA_MAKE(arena, struct searched, rows.records[0]->resource->nfields + 1);
	const size_t     nfields = fields_to_search(rows.records[0]->resource, search->fields, fields);
	size_t           count = 0;

	for (size_t i = 0; i < rows.count; i++) {
		const struct record *record = rows.records[i];

		/* Records lie far apart. */
		if (i + AHEAD < rows.count)
			fetch(rows.records[i + AHEAD]);
		if (search->wanted && !search->wanted(record, search->context))
			continue;
		if (words.count == 0 || matches(&words, labels, record, fields, nfields, search->both))
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
