/* Records as the objects of this dialect, and back. */
#include "dialect/pfsense/mount.h"

#include <stdlib.h>

#include "base/map.h"
#include "dialect/pfsense/cache.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/keep.h"
#include "dialect/pfsense/sections/said.h"
#include "json/read.h"
#include "json/write.h"

#define REST_FIELD "pfsense"

/* Sequences are this far apart, so that one more between two moves no other. */
#define SEQUENCE_STEP 10

#define REPLACED_MAX 16

struct numbered {
	const struct record *record;
	int64_t              number;
	size_t               index;
};

const struct mount *const mounts[] = {
	&mount_aliases,
	&mount_rules,
	&mount_schedules,
	&mount_outbound_mode,
	&mount_forwards,
	&mount_outbound,
	&mount_one_to_one,
	&mount_interfaces,
	&mount_interface_groups,
	&mount_vips,
	&mount_vlans,
	&mount_bridges,
	&mount_gateways,
	&mount_default_gateways,
	&mount_routes,
	&mount_box,
	&mount_time,
	&mount_users,
	&mount_groups,
	&mount_resolver,
	&mount_hosts,
	&mount_acls,
	&mount_tunables,
	&mount_authorities,
	&mount_certificates,
	&mount_revocations,
};
const size_t nmounts = COUNT(mounts);

static bool
has_field(const struct resource *resource, const char *name)
{
	for (size_t i = 0; i < resource->nfields; i++)
		if (strcmp(resource->fields[i].name, name) == 0)
			return true;
	return false;
}

static void
show_member(struct arena *arena, const struct record *record, const struct renamed *renamed,
            struct value *object)
{
	const char   *text = renamed->form == FORM_OWN || renamed->form == FORM_SECRET ?
				     "" :
				     record_get(record, renamed->field ? renamed->field : renamed->name);
	struct value *list;
	struct text   rest = text_of(text), piece;
	char         *words;

	switch (renamed->form) {
	case FORM_TEXT:
		if (*text)
			value_set_string(arena, object, renamed->name, text);
		break;
	case FORM_ALWAYS:
		value_set_string(arena, object, renamed->name, text);
		break;
	case FORM_FLAG:
		if (strcmp(text, "1") == 0)
			value_set_string(arena, object, renamed->name, "");
		break;
	case FORM_UNFLAG:
		if (strcmp(text, "1") != 0)
			value_set_string(arena, object, renamed->name, "");
		break;
	case FORM_YES:
		if (strcmp(text, "1") == 0)
			value_set_string(arena, object, renamed->name, "yes");
		break;
	case FORM_SPACES:
	case FORM_WORDS:
		words = arena_copy(arena, rest);
		for (char *at = words; *at; at++)
			if (*at == '\n' || *at == ',')
				*at = ' ';
		value_set_string(arena, object, renamed->name, words);
		break;
	case FORM_ITEMS:
	case FORM_LIST:
		list = value_list(arena);
		while (text_next(&rest, ",\n", &piece))
			value_add(arena, list, value_text(arena, piece));
		if (list->count || renamed->form == FORM_LIST)
			value_set(arena, object, renamed->name, list);
		break;
	case FORM_OWN:
	case FORM_SECRET:
		break;
	}
}

static struct value *
show_record(struct tree *tree, const struct mount *mount, const struct record *record)
{
	struct arena *arena = tree_arena(tree);
	struct value *object = value_object(arena), *rest = NULL;

	value_set_string(arena, object, OWN_MEMBER, record->uuid);
	for (const struct renamed *renamed = mount->members; renamed->name; renamed++)
		show_member(arena, record, renamed, object);
	if (mount->show)
		mount->show(tree, record, object);
	if (has_field(record->resource, REST_FIELD))
		json_read(arena, record_text(record, REST_FIELD), NULL, &rest, NULL);
	for (size_t i = 0; i < value_count(rest); i++)
		if (!text_is(rest->members[i].name, SAID_MEMBER))
			value_set_text(arena, object, rest->members[i].name, rest->members[i].value);
	if (mount->settle)
		mount->settle(tree, record, object);
	said_show(arena, value_get(rest, SAID_MEMBER), object);
	return object;
}

static int
compare_sequences(const void *left, const void *right)
{
	const struct numbered *a = left, *b = right;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* The records that are shown, in the order in which they are. */
static struct numbered *
sorted_records(struct tree *tree, const struct mount *mount, size_t *count)
{
	const struct collection *records = snapshot_named(tree_snapshot(tree), mount->resource);
	struct numbered *list = ARENA_MAKE(tree_arena(tree), struct numbered, collection_count(records) + 1);

	*count = 0;
	for (size_t i = 0; i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);

		if (mount->belongs && !mount->belongs(record))
			continue;
		list[*count] = (struct numbered){
			record, mount->sequence ? record_number(record, mount->sequence, 0) : 0, i
		};
		(*count)++;
	}
	if (mount->sequence)
		qsort(list, *count, sizeof(*list), compare_sequences);
	return list;
}

/* Where the mount stands among all. */
static size_t
index_of(const struct mount *mount)
{
	for (size_t i = 0; i < nmounts; i++)
		if (mounts[i] == mount)
			return i;
	BUG_IF(true, "%s is mounted nowhere", mount->path);
	return 0;
}

/* The members of the list, those that are new made and kept for others. */
static struct value *
make_list(struct tree *tree, const struct mount *mount, const struct shown_key *key)
{
	struct arena           *arena = tree_arena(tree);
	size_t                  count;
	const struct numbered  *list = sorted_records(tree, mount, &count);
	const struct record   **records = ARENA_MAKE(arena, const struct record *, count + 1);
	struct value          **objects = ARENA_MAKE(arena, struct value *, count + 1);
	struct shown_list      *latest = cache_latest(key), *made;

	for (size_t i = 0; i < count; i++) {
		records[i] = list[i].record;
		objects[i] = latest && shown_of(latest, records[i]) ? NULL : show_record(tree, mount, records[i]);
	}
	made = cache_keep(key, latest, records, objects, count, mount->shape == MOUNT_NAMED);
	shown_release(latest);
	arena_defer(arena, shown_release, made);
	return shown_value(made);
}

static uint64_t
stamp_of(struct tree *tree, const char *resource)
{
	return resource ? collection_stamp(snapshot_named(tree_snapshot(tree), resource)) : 0;
}

struct value *
mount_show(struct tree *tree, const struct mount *mount)
{
	const struct snapshot *snapshot = tree_snapshot(tree);
	struct value          *all;

	if (mount->shape == MOUNT_SINGLE)
		return show_record(tree, mount, snapshot_single(snapshot, mount->resource));
	const struct shown_key key = { index_of(mount), stamp_of(tree, mount->resource),
				       stamp_of(tree, mount->depends) };
	struct shown_list     *found = cache_find(&key);

	if (found) {
		arena_defer(tree_arena(tree), shown_release, found);
		all = shown_value(found);
	} else {
		all = make_list(tree, mount, &key);
	}
	return all->count ? all : NULL;
}

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
	if (has_field(record->resource, REST_FIELD)) {
		fill_rest(arena, mount, object, NULL, record);
		fill_rest(arena, mount, object, said_note(arena, mount, show_record(tree, mount, record), object), record);
	}
	return record;
}

static const struct resource *
resource_of(struct tree *tree, const struct mount *mount)
{
	return schema_find(snapshot_schema(tree_snapshot(tree)), text_of(mount->resource));
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

/* One member of the list: keep it when it is new or differs. Gives its uuid. */
static const char *
save_member(struct tree *tree, const struct mount *mount, const struct member *member, int64_t sequence)
{
	struct arena            *arena = tree_arena(tree);
	const struct resource   *resource = resource_of(tree, mount);
	const struct text        own = mount->shape == MOUNT_NAMED ?
					       member->name :
					       to_text(arena, value_get(member->value, OWN_MEMBER));
	const struct record *before = record_for(tree, mount, member, own);
	struct record       *record = before ? record_copy(arena, before) : record_make(arena, resource);

	if (!before && mount->shape == MOUNT_NAMED)
		memcpy(record->uuid, own.ptr, own.len < UUID_LENGTH ? own.len : UUID_LENGTH);
	if (!record->uuid[0])
		memcpy(record->uuid, uuid_new().text, UUID_LENGTH + 1);
	fill_record(tree, mount, member->value, record);
	if (mount->sequence)
		record_set(record, mount->sequence, arena_print(arena, "%lld", (long long)sequence));
	if (before && record_same(before, record))
		return before->uuid;
	return keep_record(tree_request(tree), record);
}

/* The number that a list's member has already; 0: it is new. */
static int64_t
present_sequence(struct tree *tree, const struct mount *mount, const struct value *object)
{
	const struct text    own = to_text(tree_arena(tree), value_get(object, OWN_MEMBER));
	const struct record *record =
		own.len ? collection_find(snapshot_named(tree_snapshot(tree), mount->resource), own) : NULL;

	return record ? record_number(record, mount->sequence, 0) : 0;
}

/* Numbers that rise along the list, as few of them changed as that allows. */
static const int64_t *
sequences_for(struct tree *tree, const struct mount *mount, const struct value *now)
{
	const size_t count = value_count(now);
	int64_t     *numbers = ARENA_MAKE(tree_arena(tree), int64_t, count + 1);
	int64_t      last = 0;

	if (!mount->sequence)
		return numbers;
	for (size_t i = 0; i < count; i++)
		numbers[i] = present_sequence(tree, mount, now->members[i].value);
	for (size_t i = 0; i < count; i++) {
		const int64_t next = i + 1 < count ? numbers[i + 1] : 0;

		if (numbers[i] <= last)
			numbers[i] = next > last + 1 ? last + (next - last) / 2 :
				     i + 1 == count  ? last + SEQUENCE_STEP :
						       last + 1;
		last = numbers[i];
	}
	return numbers;
}

static struct text
own_uuid(struct tree *tree, const struct mount *mount, const struct member *member)
{
	return mount->shape == MOUNT_NAMED ? member->name :
					     to_text(tree_arena(tree), value_get(member->value, OWN_MEMBER));
}

/* The usual change among thousands: some stand where they stood, as something else. False: it is more than that. */
static bool
save_replaced(struct tree *tree, const struct mount *mount, const struct value *before, const struct value *now)
{
	const size_t count = value_count(now);
	size_t       replaced[REPLACED_MAX], nreplaced = 0;

	if (count == 0 || value_count(before) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct member *old = &before->members[i], *new = &now->members[i];

		if (old->value == new->value && (mount->shape != MOUNT_NAMED || text_equal(old->name, new->name)))
			continue;
		const struct text uuid = own_uuid(tree, mount, new);

		if (nreplaced == REPLACED_MAX || uuid.len == 0 || !text_equal(uuid, own_uuid(tree, mount, old)) ||
		    (mount->sequence && present_sequence(tree, mount, new->value) == 0))
			return false;
		replaced[nreplaced++] = i;
	}
	for (size_t i = 0; i < nreplaced; i++) {
		const struct member *member = &now->members[replaced[i]];

		save_member(tree, mount, member, mount->sequence ? present_sequence(tree, mount, member->value) : 0);
	}
	return true;
}

void
mount_save(struct tree *tree, const struct mount *mount, const struct value *before, const struct value *now)
{
	struct arena *arena = tree_arena(tree);

	if (mount->shape == MOUNT_SINGLE) {
		struct record *record = record_copy(
			arena, snapshot_single(tree_snapshot(tree), mount->resource));

		keep_record(tree_request(tree), fill_record(tree, mount, now, record));
		return;
	}
	if (save_replaced(tree, mount, before, now))
		return;
	const struct resource *resource = resource_of(tree, mount);
	struct map            *present = map_make(arena);
	const char           **order = ARENA_MAKE(arena, const char *, value_count(now) + 1);

	const int64_t *sequences = sequences_for(tree, mount, now);

	for (size_t i = 0, at = 0; i < value_count(now); i++) {
		const struct value *value = now->members[i].value;

		/* Shown and put back as it was: nothing to do, unless it gets another number. */
		if (at + 1 < value_count(before) && before->members[at + 1].value == value)
			at++;
		const bool same = at < value_count(before) && before->members[at].value == value;

		at += same ? 1 : 0;
		order[i] = same && (!mount->sequence || sequences[i] == present_sequence(tree, mount, value)) ?
				   to_string(arena, value_get(value, OWN_MEMBER)) :
				   save_member(tree, mount, &now->members[i], sequences[i]);
		map_set(present, text_of(order[i]), (void *)order[i]);
	}
	const struct collection *records = snapshot_collection(tree_snapshot(tree), resource);
	const char             **gone = ARENA_MAKE(arena, const char *, collection_count(records) + 1);
	size_t                   ngone = 0;

	for (size_t i = 0; i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);

		if ((!mount->belongs || mount->belongs(record)) &&
		    !map_get(present, text_of(record->uuid)))
			gone[ngone++] = arena_copy(arena, text_of(record->uuid));
	}
	for (size_t i = 0; i < ngone; i++)
		keep_removed(tree_request(tree), resource, text_of(gone[i]));
	if (mount->shape == MOUNT_LIST && (resource->flags & ORDERED))
		keep_order(tree_request(tree), resource, order, value_count(now));
}
