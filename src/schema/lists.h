/* schema/lists.h: what the types have in common: cutting lists, looking among choices, finding fault. */
#pragma once

#include "base/buffer.h"
#include "base/number.h"
#include "schema/facts.h"
#include "schema/type.h"

/* Between the entries of a value: a comma, or a newline with BY_NEWLINE. */
char field_separator(const struct field *);
bool field_holds_many(const struct field *); /* MANY or AS_LIST */

/*
 * Cut the next entry off the front. Unlike text_next() it gives the empty entry behind a last separator
 * too. Begin with struct entries from entries_of().
 */
struct entries {
	struct text rest;
	char        separator;
	bool        more;
};
struct entries entries_of(const char *value, char separator);
bool           entry_next(struct entries *, struct text *entry);
size_t         entries_count(const char *value, char separator);
bool           entries_have(const char *value, char separator, struct text entry);

/* One fault for the value when any entry (or the value, when it is no list) fails the test. */
typedef bool entry_test(const struct field *, struct text entry, const struct view *);
void check_entries(const struct field *, const char *value, const struct view *, struct faults *,
                   entry_test *, const char *message);

/* Every entry must be a choice of the type; the check of most list types. */
void check_choices(const struct field *, const char *value, const struct view *, struct faults *);
/* The choice with this key, or NULL; in the arena or static. */
const struct choice *field_choice(const struct field *, struct text key, const struct view *);
const struct choice *choice_make(const struct view *, const char *key, const char *label);
/* Choices that are records: the fields that hold key and label (NULL: the key itself). */
struct choice_records {
	const char *resource, *key, *label;
};
const struct choice *choice_of_record(const struct choice_records *, struct text key, const struct view *);

/* The list of facts that .source names, as choices; .check and .choices of types that draw on nothing else. */
void choices_of_source(const struct field *, const char *value, const struct view *, choose *, void *context);

/* Choices that wait for being sorted. */
struct choice_list {
	struct arena  *arena;
	struct choice *items;
	size_t         count, room;
	struct map    *keys; /* NULL: nobody has asked yet */
};
void choice_list_add(struct choice_list *, const char *key, const char *label, const char *group);
bool choice_list_has(struct choice_list *, struct text key);
void choice_list_sort_labels(struct choice_list *); /* natural order; stable */
void choice_list_sort_keys(struct choice_list *);
void choice_list_give(const struct choice_list *, choose *, void *context);

/* Whole value as PHP trims it: blanks, tabs, newlines, VT; in the arena when something was cut. */
const char *trimmed(const char *value, const struct view *);
const char *lowered(const char *value, const struct view *); /* ASCII */
const char *uppered(const char *value, const struct view *);

/* Numbers that records of the view's resource have in this field: the lowest none has, from a first one up; the highest. */
int64_t number_lowest_free(const struct field *, const struct view *, int64_t from);
int64_t number_highest(const struct field *, const struct view *, int64_t otherwise);
