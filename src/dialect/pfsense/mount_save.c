/*
 * Making records of the objects in a list. What stands in it as it was shown is passed over: the work is that of what
 * changed. Records keep their numbers and places unless they stand elsewhere among those that stay where they are.
 */
#include <stdlib.h>

#include "base/map.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/keep.h"
#include "dialect/pfsense/mount.h"
#include "dialect/pfsense/sections/said.h"
#include "json/write.h"

/* Sequences are this far apart, so that one more between two moves no other. */
#define SEQUENCE_STEP 10

static void
fill_member(struct arena *arena, const struct value *object, const struct renamed *renamed,
            struct record *record)
{
	const struct value *value = value_get(object, renamed->name);
	const char         *field = renamed->field ? renamed->field : renamed->name;
	scoped_buffer       joined = BUFFER_NONE;
	char               *words;

	switch (renamed->form) {
	case FORM_TEXT:
	case FORM_ALWAYS:
		record_set(record, field, to_string(arena, value));
		break;
	case FORM_FLAG:
	case FORM_YES:
	case FORM_ENABLED:
		record_set(record, field, is_none(value) ? "0" : "1");
		break;
	case FORM_UNFLAG:
		record_set(record, field, is_none(value) ? "1" : "0");
		break;
	case FORM_SPACES:
	case FORM_WORDS:
		words = arena_copy(arena, to_text(arena, value));
		for (char *at = words; *at; at++)
			if (*at == ' ')
				*at = renamed->form == FORM_WORDS ? ',' : '\n';
		record_set(record, field, words);
		break;
	case FORM_ITEMS:
	case FORM_LIST:
		value = to_list(arena, (struct value *)value);
		for (size_t i = 0; i < value_count(value); i++) {
			if (i)
				buffer_add_byte(&joined, ',');
			buffer_add(&joined, to_text(arena, value->members[i].value));
		}
		record_set(record, field, arena_copy(arena, buffer_text(&joined)));
		break;
	case FORM_OWN:
	case FORM_SECRET:
		break;
	}
}

static bool
is_claimed(const struct mount *mount, struct text name)
{
	if (text_is(name, OWN_MEMBER))
		return true;
	for (const struct renamed *renamed = mount->members; renamed->name; renamed++)
		if (text_is(name, renamed->name))
			return true;
	return false;
}

static void
fill_rest(struct arena *arena, const struct mount *mount, const struct value *object,
          const struct value *said, struct record *record)
{
	scoped_buffer out = BUFFER_NONE;
	struct json   json = { .out = &out };
	bool          any = false;

	json_object(&json);
	for (size_t i = 0; i < value_count(object); i++) {
		if (is_claimed(mount, object->members[i].name))
			continue;
		json_name_text(&json, object->members[i].name);
		json_value(&json, object->members[i].value);
		any = true;
	}
	if (said) {
		json_name(&json, SAID_MEMBER);
		json_value(&json, said);
	}
	json_object_end(&json);
	record_set(record, REST_FIELD, any || said ? arena_copy(arena, buffer_text(&out)) : "");
}

static struct record *
fill_record(struct tree *tree, const struct mount *mount, const struct value *object,
            struct record *record)
{
	struct arena *arena = tree_arena(tree);

	for (const struct renamed *renamed = mount->members; renamed->name; renamed++)
		fill_member(arena, object, renamed, record);
	if (mount->fill)
		mount->fill(tree, object, record);
	if (resource_find_field(record->resource, TEXT(REST_FIELD)) != SIZE_MAX) {
		fill_rest(arena, mount, object, NULL, record);
		fill_rest(arena, mount, object, said_note(arena, mount, mount_show_record(tree, mount, record), object), record);
	}
	return record;
}

static const struct resource *
resource_of(struct tree *tree, const struct mount *mount)
{
	return schema_named(snapshot_schema(tree_snapshot(tree)), mount->resource);
}

/* The record that an object stands for, when it says so or has its name; NULL: a new one. */
static const struct record *
record_for(struct tree *tree, const struct mount *mount, const struct member *member, struct text own)
{
	const struct collection *records = snapshot_named(tree_snapshot(tree), mount->resource);
	const struct value      *name = mount->identity ? value_get(member->value, mount->identity) : NULL;

	if (own.len)
		return collection_find(records, own);
	return is_true(name) ? collection_where(records, mount->identity, to_text(tree_arena(tree), name)) : NULL;
}

/* --- what is new in a list ----------------------------------------------------------------------- */

/* The part of a list that is not as it was: behind what is the same at the front, in front of what is at the end. */
struct saving {
	struct tree           *tree;
	const struct mount    *mount;
	const struct resource *resource;
	const struct value    *before, *now; /* NULL: empty */
	size_t                 first, before_end, now_end;
	size_t                *was;          /* of each in the part: where it stood before, from 1; 0: nowhere */
	bool                  *stays;        /* it follows the others that stay as it did before */
};

static struct text
own_uuid(const struct saving *saving, const struct member *member)
{
	return saving->mount->shape == MOUNT_NAMED ? member->name :
						     to_text(tree_arena(saving->tree), value_get(member->value, OWN_MEMBER));
}

static bool
same_member(const struct saving *saving, const struct member *a, const struct member *b)
{
	return a->value == b->value && (saving->mount->shape != MOUNT_NAMED || text_equal(a->name, b->name));
}

static void
find_changed(struct saving *saving)
{
	const size_t nbefore = value_count(saving->before), nnow = value_count(saving->now);
	size_t       first = 0, end = 0;

	while (first < nbefore && first < nnow && same_member(saving, &saving->before->members[first], &saving->now->members[first]))
		first++;
	while (first + end < nbefore && first + end < nnow &&
	       same_member(saving, &saving->before->members[nbefore - 1 - end], &saving->now->members[nnow - 1 - end]))
		end++;
	saving->first = first;
	saving->before_end = nbefore - end;
	saving->now_end = nnow - end;
}

/* Among places that each had before (0: none), those of the longest list that rises. */
static void
mark_rising(struct arena *arena, const size_t *places, size_t count, bool *rises)
{
	size_t *ends = ARENA_MAKE(arena, size_t, count + 1), *previous = ARENA_MAKE(arena, size_t, count + 1);
	size_t  length = 0;

	for (size_t i = 0; i < count; i++) {
		size_t low = 0, high = length;

		if (places[i] == 0)
			continue;
		while (low < high) {
			const size_t middle = low + (high - low) / 2;

			if (places[ends[middle]] < places[i])
				low = middle + 1;
			else
				high = middle;
		}
		previous[i] = low ? ends[low - 1] : SIZE_MAX;
		ends[low] = i;
		length = low == length ? length + 1 : length;
	}
	for (size_t i = length ? ends[length - 1] : SIZE_MAX; i != SIZE_MAX; i = previous[i])
		rises[i] = true;
}

static void
find_staying(struct saving *saving)
{
	struct arena *arena = tree_arena(saving->tree);
	const size_t  count = saving->now_end - saving->first;
	struct map   *places = map_make(arena);

	saving->was = ARENA_MAKE(arena, size_t, count + 1);
	saving->stays = ARENA_MAKE(arena, bool, count + 1);
	for (size_t i = saving->first; i < saving->before_end; i++)
		map_set(places, own_uuid(saving, &saving->before->members[i]), (void *)(i + 1));
	for (size_t i = 0; i < count; i++) {
		const struct text uuid = own_uuid(saving, &saving->now->members[saving->first + i]);

		saving->was[i] = uuid.len ? (size_t)map_get(places, uuid) : 0;
	}
	mark_rising(arena, saving->was, count, saving->stays);
}

static int64_t
sequence_of(const struct saving *saving, struct text uuid)
{
	const struct record *record = collection_find(snapshot_collection(tree_snapshot(saving->tree), saving->resource), uuid);

	return record ? record_number(record, saving->mount->sequence, 0) : 0;
}

/* A number between its neighbours'; when there is none, that of the one before it: then the places count. */
static int64_t
sequence_between(const struct saving *saving, const char *previous, const struct member *next)
{
	const int64_t before = previous ? sequence_of(saving, text_of(previous)) : 0;

	if (!next)
		return before + SEQUENCE_STEP;
	const int64_t after = sequence_of(saving, own_uuid(saving, next));

	if (after > before + 1)
		return before + (after - before) / 2;
	return previous ? before : after;
}

/* One member of the list: keep it when it is new or differs. Gives its uuid. */
static const char *
save_member(const struct saving *saving, const struct member *member, const int64_t *sequence)
{
	struct arena        *arena = tree_arena(saving->tree);
	const struct mount  *mount = saving->mount;
	const struct text    own = own_uuid(saving, member);
	const struct record *before = record_for(saving->tree, mount, member, own);
	struct record       *record = before ? record_copy(arena, before) : record_make(arena, saving->resource);

	if (!before && mount->shape == MOUNT_NAMED)
		memcpy(record->uuid, own.ptr, own.len < UUID_LENGTH ? own.len : UUID_LENGTH);
	if (!record->uuid[0])
		memcpy(record->uuid, uuid_new().text, UUID_LENGTH + 1);
	fill_record(saving->tree, mount, member->value, record);
	if (sequence)
		record_set(record, mount->sequence, arena_print(arena, "%lld", (long long)*sequence));
	if (before && record_same(before, record))
		return before->uuid;
	if (before)
		tree_follow(saving->tree, before, record);
	return keep_record(tree_request(saving->tree), record);
}

/* One that new ones are put behind, or that goes elsewhere. Gives its uuid. */
static const char *
save_placed(const struct saving *saving, size_t at, const char *previous, const struct member *next)
{
	const struct member *member = &saving->now->members[at];
	const bool           placed = saving->mount->shape == MOUNT_LIST && (saving->resource->flags & ORDERED);
	int64_t              sequence = 0;

	if (saving->mount->sequence)
		sequence = sequence_between(saving, previous, next);
	const char *uuid = save_member(saving, member, saving->mount->sequence ? &sequence : NULL);

	if (placed)
		keep_behind(tree_request(saving->tree), saving->resource, uuid, previous);
	return uuid;
}

static bool
is_as_it_was(const struct saving *saving, size_t at)
{
	const size_t was = saving->was[at - saving->first];

	return saving->stays[at - saving->first] && saving->before->members[was - 1].value == saving->now->members[at].value;
}

/* Keep what is not as it was, each in its place. Gives the uuids of all in the changed part. */
static const struct map *
save_changed(const struct saving *saving)
{
	struct arena *arena = tree_arena(saving->tree);
	struct map   *kept = map_make(arena);
	const char   *previous =
		saving->first > 0 ? arena_copy(arena, own_uuid(saving, &saving->now->members[saving->first - 1])) : NULL;

	for (size_t i = saving->first, next = i; i < saving->now_end; i++) {
		const struct member *member = &saving->now->members[i];
		const char          *uuid;

		while (next <= i || (next < saving->now_end && !saving->stays[next - saving->first]))
			next++;
		if (is_as_it_was(saving, i))
			uuid = to_string(arena, value_get(member->value, OWN_MEMBER));
		else if (saving->stays[i - saving->first])
			uuid = save_member(saving, member, NULL);
		else
			uuid = save_placed(saving, i, previous, next < value_count(saving->now) ? &saving->now->members[next] : NULL);
		previous = arena_copy(arena, text_of(uuid));
		map_set(kept, text_of(previous), (void *)previous);
	}
	return kept;
}

void
mount_save(struct tree *tree, const struct mount *mount, const struct value *before, const struct value *now)
{
	struct saving saving = { .tree = tree, .mount = mount, .resource = resource_of(tree, mount), .before = before, .now = now };

	if (mount->shape == MOUNT_SINGLE) {
		struct record *record = record_copy(
			tree_arena(tree), snapshot_single(tree_snapshot(tree), mount->resource));

		keep_record(tree_request(tree), fill_record(tree, mount, now, record));
		return;
	}
	find_changed(&saving);
	find_staying(&saving);
	const struct map *kept = save_changed(&saving);

	for (size_t i = saving.first; i < saving.before_end; i++) {
		const struct text uuid = own_uuid(&saving, &before->members[i]);

		if (!map_get(kept, uuid))
			keep_removed(tree_request(tree), saving.resource, uuid);
	}
}
