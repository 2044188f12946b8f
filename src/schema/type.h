/* schema/type.h: the functions behind a kind of field. */
#pragma once

#include "schema/schema.h"

/* Called for each choice of a list, in the order it is shown. Its texts may be gone when it returns, unless value is "". */
typedef void choose(void *context, const struct choice *);

struct type {
	const char *name;
	bool        is_list; /* shown as an option map (fields with AS_LIST are too) */
	bool        is_bare; /* no choice has a label of its own */

	/*
	 * Say what is wrong with a value that is not empty (REQUIRED is checked by the caller, as is
	 * UPPER and LOWER). The view's record is the one being checked.
	 */
	void (*check)(const struct field *, const char *value, const struct view *, struct faults *);

	/* What is stored for it: trimmed, lower case... NULL: as sent. Gives value itself or a text from view->arena. */
	const char *(*normal)(const struct field *, const char *value, const struct view *);

	/* Every choice, without the blank one. NULL for plain types. */
	void (*choices)(const struct field *, const char *value, const struct view *, choose *, void *context);

	/* The choice with this key, or NULL; when the type knows a faster way than asking for all. */
	const struct choice *(*find)(const struct field *, struct text key, const struct view *);
	/* The same, but NULL as well when the choice is called by its key; when that is quicker to say. */
	const struct choice *(*labelled)(const struct field *, struct text key, const struct view *);

	/* What a new record gets when the client sends nothing; NULL: the preset. */
	const char *(*fresh)(const struct field *, const struct view *);
};

/* The text people see for a stored value; the value itself when it has no other. Lists: labels joined by ", ". */
const char *field_label(const struct field *, const char *value, const struct view *);
/* All that is wrong with one value of a field by itself: REQUIRED, the type, the mask, the limits. */
void        field_check(const struct field *, const char *value, const struct view *, struct faults *);
/* Case changed and normalised, as it is stored. */
const char *field_normal(const struct field *, const char *value, const struct view *);
bool        field_accepts(const struct field *, const char *value, const struct view *);
/* Is it shown as an option map? */
static inline bool
field_is_list(const struct field *field)
{
	return field->type->is_list || (field->flags & AS_LIST);
}
/*
 * A copy to be changed: what is derived stands in its volatile fields as clients see it, so that sending
 * nothing, the same, or something else for them can be told apart (by comparing with before's derived value).
 */
struct record *record_edit(const struct record *before, const struct view *);
/* The constraints of all fields, for a record that is new (before NULL) or changed. */
void constraints_check(const struct record *, const struct record *before, const struct view *, struct faults *);

/*
 * Everything: fields (all of them, or those that differ from before when only_changed), constraints,
 * the resource's own check. The record's uuid must be set when it is stored already, so that
 * uniqueness does not meet itself.
 */
void record_check(const struct record *, const struct record *before, bool only_changed,
                  const struct view *, struct faults *);
