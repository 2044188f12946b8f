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
	const char *last;
	uint64_t    words; /* that occur in the last one */
};

static uint64_t
look_into(const struct words *words, uint64_t missing, struct labels *labels, const struct record *record,
	  struct searched *searched, bool both)
{
	const struct field *field = &record->resource->fields[searched->field];
	const char         *value = record->values[searched->field];

	if (field->derive)
		value = labels_value(labels, record, searched->field);
	else if (value == searched->last)
		return searched->words;
	uint64_t found = 0;

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
	searched->last = value;
	searched->words = found;
	return found;
}

static bool
matches(const struct words *words, struct labels *labels, const struct record *record, struct searched *fields,
	size_t nfields, bool both)
{
	uint64_t missing = words->all;

	if (words->uuid)
		missing &= ~occur(words, missing, record->uuid);
	for (size_t i = 0; missing && i < nfields; i++)
		missing &= ~look_into(words, missing, labels, record, &fields[i], both);
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

/*
 * Bytes that compare as the text does naturally: a run of digits becomes a mark, its length
 * without leading zeros, and its digits. Never longer than two and a half times the text.
 */
static size_t
natural_key(unsigned char *out, struct text t)
{
	size_t at = 0;

	for (size_t i = 0; i < t.len;) {
		if (!isdigit((unsigned char)t.ptr[i])) {
			out[at++] = (unsigned char)toupper((unsigned char)t.ptr[i++]);
			continue;
		}
		while (i < t.len && t.ptr[i] == '0')
			i++;
		size_t digits = 0;

		while (i + digits < t.len && isdigit((unsigned char)t.ptr[i + digits]) && digits < 254)
			digits++;
		out[at++] = '0';
		out[at++] = (unsigned char)(digits + 1);
		memcpy(out + at, t.ptr + i, digits);
		at += digits;
		i += digits;
	}
	return at;
}

static uint64_t
head_of(const unsigned char *key, size_t len)
{
	uint64_t head = 0;

	for (size_t i = 0; i < sizeof(head); i++)
		head = head << 8 | (i < len ? key[i] : 0);
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

/* All keys of a record behind each other, with a byte between them that is lower than any other. */
static struct sorted
make_sorted(const struct search *search, const size_t *keys, struct labels *labels, const struct record *record,
	    struct arena *arena)
{
	const char *texts[SEARCH_KEYS_MAX];
	size_t      room = 0, len = 0;

	for (size_t i = 0; i < search->nsort; i++) {
		texts[i] = keys[i] == SIZE_MAX ? "" : labels_text(labels, record, keys[i]);
		room += strlen(texts[i]) * 5 / 2 + 3;
	}
	unsigned char *key = arena_take(arena, room);

	for (size_t i = 0; i < search->nsort; i++) {
		len += natural_key(key + len, text_of(texts[i]));
		key[len++] = 0;
	}
	return (struct sorted){ head_of(key, len), key, len, record };
}

/* Let the smallest n come to the front, in order: a heap of those found so far, the largest on top. */
static void
sift_down(struct sorted *heap, size_t n, size_t at, int (*order)(const void *, const void *))
{
	for (size_t child; (child = at * 2 + 1) < n; at = child) {
		if (child + 1 < n && order(&heap[child], &heap[child + 1]) < 0)
			child++;
		if (order(&heap[at], &heap[child]) >= 0)
			return;
		const struct sorted moved = heap[at];

		heap[at] = heap[child];
		heap[child] = moved;
	}
}

static void
order_first(struct sorted *all, size_t count, size_t n, int (*order)(const void *, const void *))
{
	if (n > count / 8) {
		qsort(all, count, sizeof(*all), order);
		return;
	}
	for (size_t i = n / 2; i-- > 0;)
		sift_down(all, n, i, order);
	for (size_t i = n; n && i < count; i++) {
		if (order(&all[i], &all[0]) >= 0)
			continue;
		all[0] = all[i];
		sift_down(all, n, 0, order);
	}
	qsort(all, n, sizeof(*all), order);
}

static void
put_in_order(const struct search *search, struct labels *labels, const struct record **records, size_t count,
	     struct arena *arena)
{
	size_t         keys[SEARCH_KEYS_MAX];
	struct sorted *all = ARENA_MAKE(arena, struct sorted, count);
	size_t         n = search->take > count || search->skip > count ? count : search->skip + search->take;

	if (n > count)
		n = count;
	for (size_t i = 0; i < search->nsort; i++)
		keys[i] = resource_find_field(records[0]->resource, search->sort[i]);
	for (size_t i = 0; i < count; i++)
		all[i] = search->nsort ? make_sorted(search, keys, labels, records[i], arena)
				       : (struct sorted){ .head = search->rank(records[i], search->rank_context),
							  .record = records[i], .at = i };
	order_first(all, count, n, search->descending ? compare_descending : compare);
	for (size_t i = 0; i < n; i++)
		records[i] = all[i].record;
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
