/* {"descr": [null, ""]}: by name what is shown, and what was said; null is nothing at all. */
#include "dialect/pfsense/sections/said.h"

#include "dialect/pfsense/coerce.h"

static bool
is_shown_so(const struct value *shown, const struct value *said)
{
	return is_none(shown) || is_none(said) ? is_none(shown) && is_none(said) : value_equal(shown, said);
}

static struct value *
or_null(struct arena *arena, const struct value *value)
{
	return value ? value_copy(arena, value) : value_null(arena);
}

struct value *
said_note(struct arena *arena, const struct mount *mount, const struct value *shown, const struct value *said)
{
	struct value *notes = NULL;

	for (const struct renamed *renamed = mount->members; renamed->name; renamed++) {
		const struct value *one = value_get(shown, renamed->name), *other = value_get(said, renamed->name);

		if (renamed->form == FORM_SECRET || is_shown_so(one, other))
			continue;
		struct value *pair = value_list(arena);

		value_add(arena, pair, or_null(arena, one));
		value_add(arena, pair, or_null(arena, other));
		notes = notes ? notes : value_object(arena);
		value_set(arena, notes, renamed->name, pair);
	}
	return notes;
}

void
said_show(struct arena *arena, const struct value *notes, struct value *object)
{
	for (size_t i = 0; i < value_count(notes); i++) {
		const char         *name = arena_copy(arena, notes->members[i].name);
		const struct value *pair = notes->members[i].value;
		struct value       *said = value_at(pair, 1);

		if (!is_shown_so(value_get(object, name), value_at(pair, 0)))
			continue;
		if (is_none(said))
			value_remove(object, name);
		else
			value_set(arena, object, name, said);
	}
}
