/* Lists of entries and lists of choices: what most types are made of. */
#include "schema/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "schema/snapshot.h"

char
field_separator(const struct field *field)
{
	return field->settings & BY_NEWLINE ? '\n' : ',';
}

bool
field_holds_many(const struct field *field)
{
	return field->flags & (MANY | AS_LIST);
}

struct entries
entries_of(const char *value, char separator)
{
	return (struct entries){ text_of(value), separator, value[0] != '\0' };
}

bool
entry_next(struct entries *entries, struct text *entry)
{
	if (!entries->more)
		return false;
	const char *at = entries->rest.len ? memchr(entries->rest.ptr, entries->separator, entries->rest.len) : NULL;

	*entry = entries->rest;
	entries->more = at != NULL;
	if (at) {
		entry->len = (size_t)(at - entries->rest.ptr);
		entries->rest = (struct text){ at + 1, entries->rest.len - entry->len - 1 };
	}
	return true;
}

size_t
entries_count(const char *value, char separator)
{
	struct entries entries = entries_of(value, separator);
	struct text    entry;
	size_t         count = 0;

	while (entry_next(&entries, &entry))
		count++;
	return count;
}

bool
entries_have(const char *value, char separator, struct text wanted)
{
	struct entries entries = entries_of(value, separator);
	struct text    entry;

	while (entry_next(&entries, &entry))
		if (text_equal(entry, wanted))
			return true;
	return false;
}

void
check_entries(const struct field *field, const char *value, const struct view *view, struct faults *faults,
              entry_test *test, const char *message)
{
	struct entries entries = entries_of(value, field_separator(field));
	struct text    entry;

	if (!field_holds_many(field)) {
		if (!test(field, text_of(value), view))
			faults_add(faults, field->name, FAULT_FORMAT, "%s", message);
		return;
	}
	while (entry_next(&entries, &entry)) {
		if (test(field, entry, view))
			continue;
		faults_add(faults, field->name, FAULT_FORMAT, "%s", message);
		return;
	}
}

struct search {
	struct text          key;
	struct arena        *arena;
	const struct choice *found;
};

static void
compare_choice(void *context, const struct choice *choice)
{
	struct search *search = context;

	if (search->found || !text_is(search->key, choice->key))
		return;
	struct choice *copy = ARENA_MAKE(search->arena, struct choice, 1);

	*copy = *choice;
	search->found = copy;
}

const struct choice *
field_choice(const struct field *field, struct text key, const struct view *view)
{
	struct search search = { key, view->arena, NULL };

	if (field->type->find)
		return field->type->find(field, key, view);
	if (field->type->choices)
		field->type->choices(field, "", view, compare_choice, &search);
	return search.found;
}

const struct choice *
choice_make(const struct view *view, const char *key, const char *label)
{
	struct choice *choice = ARENA_MAKE(view->arena, struct choice, 1);

	*choice = (struct choice){ key, label, NULL };
	return choice;
}

const struct choice *
choice_of_record(const struct choice_records *from, struct text key, const struct view *view)
{
	const struct record *record =
		view->snapshot && key.len ? collection_where(snapshot_named(view->snapshot, from->resource), from->key, key) : NULL;

	return record ? choice_make(view, record_get(record, from->key), from->label ? record_get(record, from->label) : NULL) : NULL;
}

static bool
is_choice(const struct field *field, struct text entry, const struct view *view)
{
	return field_choice(field, entry, view) != NULL;
}

void
check_choices(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(value, field_separator(field));
	struct text    entry = text_of(value);

	if (!field_holds_many(field)) {
		if (!is_choice(field, entry, view))
			faults_add(faults, field->name, FAULT_CHOICE, "This is not one of the choices.");
		return;
	}
	while (entry_next(&entries, &entry)) {
		if (is_choice(field, entry, view))
			continue;
		faults_add(faults, field->name, FAULT_CHOICE, "An entry is not one of the choices.");
		return;
	}
}

/* --- lists that are sorted before they are given ------------------------------------------------ */

void
choice_list_add(struct choice_list *list, const char *key, const char *label, const char *group)
{
	if (list->count == list->room) {
		const size_t   room = list->room ? list->room * 2 : 32;
		struct choice *items = ARENA_MAKE(list->arena, struct choice, room);

		if (list->count)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
		list->room = room;
	}
	list->items[list->count++] = (struct choice){ key, label, group };
	if (list->keys)
		map_set(list->keys, text_of(key), list);
}

bool
choice_list_has(struct choice_list *list, struct text key)
{
	if (!list->keys) {
		list->keys = map_make(list->arena);
		for (size_t i = 0; i < list->count; i++)
			map_set(list->keys, text_of(list->items[i].key), list);
	}
	return map_get(list->keys, key) != NULL;
}

/* A choice and where it was: those with one label stay in their order. */
struct ranked {
	struct choice choice;
	size_t        place;
};

static int
compare_labels(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	const int order = text_compare_natural(text_of(x->choice.label ? x->choice.label : x->choice.key),
	                                       text_of(y->choice.label ? y->choice.label : y->choice.key));

	return order ? order : x->place < y->place ? -1 : x->place > y->place;
}

static int
compare_keys(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;
	const int            order = text_compare_natural(text_of(x->key), text_of(y->key));

	return order ? order : text_compare(text_of(x->key), text_of(y->key));
}

void
choice_list_sort_labels(struct choice_list *list)
{
	struct ranked *ranked = ARENA_MAKE(list->arena, struct ranked, list->count + 1);

	for (size_t i = 0; i < list->count; i++)
		ranked[i] = (struct ranked){ list->items[i], i };
	if (list->count > 1)
		qsort(ranked, list->count, sizeof(*ranked), compare_labels);
	for (size_t i = 0; i < list->count; i++)
		list->items[i] = ranked[i].choice;
}

void
choice_list_sort_keys(struct choice_list *list)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), compare_keys);
}

void
choice_list_give(const struct choice_list *list, choose *choose_one, void *context)
{
	for (size_t i = 0; i < list->count; i++)
		choose_one(context, &list->items[i]);
}

void
choices_of_source(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                  void *context)
{
	size_t               count;
	const struct choice *list = facts_list(view->facts, field->source ? field->source : "", &count);

	(void)value;
	for (size_t i = 0; i < count; i++)
		choose_one(context, &list[i]);
}

/* --- values ----------------------------------------------------------------------------------------- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v';
}

const char *
trimmed(const char *value, const struct view *view)
{
	size_t len = strlen(value), from = 0;

	while (from < len && is_blank(value[from]))
		from++;
	while (len > from && is_blank(value[len - 1]))
		len--;
	if (from == 0 && value[len] == '\0')
		return value;
	return arena_copy(view->arena, (struct text){ value + from, len - from });
}

static const char *
shifted(const char *value, const struct view *view, char first, char last, int by)
{
	char *copy = NULL;

	for (size_t i = 0; value[i]; i++) {
		if (value[i] < first || value[i] > last)
			continue;
		if (!copy)
			copy = arena_copy(view->arena, text_of(value));
		copy[i] = (char)(value[i] + by);
	}
	return copy ? copy : value;
}

const char *
lowered(const char *value, const struct view *view)
{
	return shifted(value, view, 'A', 'Z', 'a' - 'A');
}

const char *
uppered(const char *value, const struct view *view)
{
	return shifted(value, view, 'a', 'z', 'A' - 'a');
}
