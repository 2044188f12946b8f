/* Objects in one piece of memory, and tables to find them by. */
#include "dialect/pfsense/shown.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/map.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/envelope.h"

static void *
allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	BUG_IF(!memory, "out of memory");
	return memory;
}

/* --- names that objects share ------------------------------------------------------------------ */

/* Objects of a list name their members alike and in the same order, so it is mostly the one behind the last. TEXT_NONE: not shared. */
static struct text
shared_name(struct shown_names *names, struct text name)
{
	for (size_t i = 0; i < names->count; i++) {
		const size_t at = (names->next + i) % names->count;

		if (text_equal(names->names[at], name)) {
			names->next = at + 1;
			return names->names[at];
		}
	}
	if (names->count == SHOWN_NAMES_MAX || name.len > SHOWN_NAME_MAX)
		return TEXT_NONE;
	char *copy = allocate(name.len + 1, 1);

	if (name.len)
		memcpy(copy, name.ptr, name.len);
	return names->names[names->count++] = (struct text){ copy, name.len };
}

/* --- one object ------------------------------------------------------------------------------ */

static size_t
rounded(size_t size)
{
	return (size + 15) & ~(size_t)15;
}

static size_t
packed_size(const struct value *value, struct shown_names *names)
{
	size_t size = rounded(sizeof(*value)) + rounded(value->count * sizeof(*value->members));

	if (value->kind == VALUE_TEXT)
		size += rounded(value->text.len + 1);
	for (size_t i = 0; i < value->count; i++) {
		if (!shared_name(names, value->members[i].name).ptr)
			size += rounded(value->members[i].name.len + 1);
		size += packed_size(value->members[i].value, names);
	}
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

static void
pack_into(struct value *copy, const struct value *value, struct shown_names *names, char **at)
{
	*copy = *value;
	copy->room = value->count;
	copy->members = take(at, value->count * sizeof(*value->members));
	copy->text = value->kind == VALUE_TEXT ? pack_text(value->text, at) : TEXT_NONE;
	for (size_t i = 0; i < value->count; i++) {
		const struct text name = value->members[i].name, shared = shared_name(names, name);

		copy->members[i].name = shared.ptr ? shared : pack_text(name, at);
		copy->members[i].value = take(at, sizeof(struct value));
		pack_into(copy->members[i].value, value->members[i].value, names, at);
	}
}

struct shown *
shown_new(const struct record *record, const struct value *value, struct shown_names *names)
{
	const size_t  size = rounded(sizeof(struct shown)) + packed_size(value, names);
	scoped_buffer json = BUFFER_NONE;

	if (size <= SHOWN_JSON_MAX)
		envelope_value(&json, value);
	struct shown *shown = allocate(1, size + rounded(json.len + 1));
	char         *behind = (char *)shown + rounded(sizeof(struct shown));

	shown->record = record_hold(record);
	pack_into(&shown->value, value, names, &behind);
	if (json.len && value->kind == VALUE_OBJECT)
		shown->value.text = pack_text(buffer_text(&json), &behind);
	return shown;
}

void
shown_free(struct shown *shown)
{
	record_release(shown->record);
	free(shown);
}

/* --- tables ---------------------------------------------------------------------------------- */

struct key {
	struct text text;
	int64_t     number;
	bool        absent; /* it is not listed */
};

static struct key
key_of(struct shown_index *index, const struct shown *shown)
{
	const struct value *member = value_path(&shown->value, index->member);

	if (index->by_number)
		return (struct key){ .number = to_integer(member) };
	if (value_is(member, VALUE_TEXT))
		return (struct key){ .text = member->text };
	index->is_odd = index->is_odd || !is_none(member);
	return (struct key){ .absent = true };
}

static size_t
slot_of(const struct shown_index *index, struct text text, int64_t number)
{
	const uint64_t hash = index->by_number ? (uint64_t)number * 0x9e3779b97f4a7c15ULL : text_spread(text);

	return (size_t)(hash ^ hash >> 32) & (index->room - 1);
}

static size_t
home_of(const struct shown_index *index, const struct shown *shown)
{
	const struct value *member = value_path(&shown->value, index->member);

	return index->by_number ? slot_of(index, TEXT_NONE, to_integer(member)) : slot_of(index, member->text, 0);
}

static void
insert(struct shown_index *index, struct shown *shown)
{
	size_t at = home_of(index, shown);

	while (index->table[at])
		at = (at + 1) & (index->room - 1);
	index->table[at] = shown;
}

static void
grow(struct shown_index *index)
{
	struct shown **old = index->table;
	const size_t   room = index->room;

	index->room = room * 2;
	index->table = allocate(index->room, sizeof(*index->table));
	for (size_t i = 0; i < room; i++)
		if (old[i])
			insert(index, old[i]);
	free(old);
}

void
index_add(struct shown_index *index, struct shown *shown)
{
	if (key_of(index, shown).absent)
		return;
	if (++index->count * 4 > index->room * 3)
		grow(index);
	insert(index, shown);
}

void
index_remove(struct shown_index *index, struct shown *shown)
{
	const size_t mask = index->room - 1;

	if (key_of(index, shown).absent)
		return;
	size_t at = home_of(index, shown);

	while (index->table[at] != shown)
		at = (at + 1) & mask;
	index->table[at] = NULL;
	index->count--;
	/* Those behind it that would not be found across the gap move up. */
	for (size_t next = (at + 1) & mask; index->table[next]; next = (next + 1) & mask) {
		const size_t home = home_of(index, index->table[next]);

		if (((next - home) & mask) < ((next - at) & mask))
			continue;
		index->table[at] = index->table[next];
		index->table[next] = NULL;
		at = next;
	}
}

struct shown_index *
index_new(const char *member, bool by_number, const struct value *list)
{
	struct shown_index *index = allocate(1, sizeof(*index));
	char               *name = allocate(strlen(member) + 1, 1);

	memcpy(name, member, strlen(member));
	index->member = name;
	index->by_number = by_number;
	index->room = 64;
	index->table = allocate(index->room, sizeof(*index->table));
	for (size_t i = 0; i < list->count; i++)
		index_add(index, shown_of(list->members[i].value));
	return index;
}

void
index_free(struct shown_index *index)
{
	free((char *)index->member);
	free(index->table);
	free(index);
}

bool
index_find(const struct shown_index *index, struct text text, int64_t number, struct shown **found, size_t *count)
{
	const size_t mask = index->room - 1;

	*count = 0;
	for (size_t at = slot_of(index, text, number); index->table[at]; at = (at + 1) & mask) {
		const struct value *member = value_path(&index->table[at]->value, index->member);

		if (index->by_number ? to_integer(member) != number : !text_equal(member->text, text))
			continue;
		if (*count == FOUND_MAX)
			return false;
		found[(*count)++] = index->table[at];
	}
	return true;
}
