/*
 * Looking for references. Collections keep an index of the uuids and one of the names in their records, so that
 * only those are looked at that may be meant.
 */
#include "api/references.h"

#include <ctype.h>
#include <string.h>

#include "api/naming.h"
#include "base/map.h"
#include "schema/gateways.h"
#include "schema/types.h"

/* --- indexes -------------------------------------------------------------------------------- */

/* Longer values are not taken apart: their records are looked at each time. */
#define VALUE_MAX ((size_t)64 * 1024)
#define LONG_ONES TEXT("\001")

static bool
is_uuid_at(const char *at)
{
	for (size_t i = 0; i < UUID_LENGTH; i++) {
		const bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? at[i] != '-' : !isxdigit((unsigned char)at[i]))
			return false;
	}
	return true;
}

/* What has the form of a uuid, anywhere in the value. */
static void
uuids_in(const char *value, size_t len, void (*add)(void *, struct text), void *context)
{
	const char *end = value + len;

	for (const char *dash = memchr(value, '-', len); dash; dash = memchr(dash + 1, '-', (size_t)(end - dash - 1)))
		if (dash - value >= 8 && end - dash >= UUID_LENGTH - 8 && is_uuid_at(dash - 8))
			add(context, (struct text){ dash - 8, UUID_LENGTH });
}

static void
uuids_of(const struct index *by, const struct record *record, void (*add)(void *, struct text), void *context)
{
	(void)by;
	for (size_t i = 0; i < record->resource->nfields; i++) {
		const size_t len = strlen(record->values[i]);

		if (len > VALUE_MAX)
			add(context, LONG_ONES);
		else if (len >= UUID_LENGTH)
			uuids_in(record->values[i], len, add, context);
	}
}

static const struct index by_uuid = { .words = uuids_of };

/* An entry as it stands, without a "!" before it, and without an "ip" behind it. */
static void
names_in(const char *value, void (*add)(void *, struct text), void *context)
{
	while (*value) {
		const size_t len = naming_entry_length(value);
		struct text  entry = { value, len };

		if (len && value[0] == '!')
			entry = text_after(entry, 1);
		if (entry.len)
			add(context, entry);
		if (entry.len > 2 && text_ends(entry, TEXT("ip")))
			add(context, text_first(entry, entry.len - 2));
		value += len + (value[len] != '\0');
	}
}

static void
names_of(const struct index *by, const struct record *record, void (*add)(void *, struct text), void *context)
{
	(void)by;
	for (size_t i = 0; i < record->resource->nfields; i++) {
		if (record->values[i][0] == '\0' || !naming_may(record->resource, &record->resource->fields[i]))
			continue;
		if (strnlen(record->values[i], VALUE_MAX + 1) > VALUE_MAX)
			add(context, LONG_ONES);
		else
			names_in(record->values[i], add, context);
	}
}

static const struct index by_name = { .words = names_of };

/* Those that may have the word, in order. */
static const struct record **
candidates(struct arena *arena, const struct collection *collection, const struct index *by, struct text word, size_t *count)
{
	size_t                some, long_ones;
	const struct record **first = collection_having(arena, collection, by, word, &some);
	const struct record **second = collection_having(arena, collection, by, LONG_ONES, &long_ones);
	const struct record **both;

	*count = some;
	if (long_ones == 0 || some == collection_count(collection))
		return first;
	both = ARENA_MAKE(arena, const struct record *, some + long_ones);
	*count = 0;
	for (size_t i = 0, j = 0; i < some || j < long_ones;) {
		const bool second_next = i == some || (j < long_ones && second[j]->place < first[i]->place);

		both[*count] = second_next ? second[j++] : first[i++];
		*count += *count == 0 || both[*count] != both[*count - 1];
	}
	return both;
}

/* --- finding -------------------------------------------------------------------------------- */

static struct reference ***
append(struct arena *arena, struct reference ***tail, const struct record *record, const struct field *field)
{
	struct reference *reference = ARENA_MAKE(arena, struct reference, 1);

	*reference = (struct reference){ record, field, NULL };
	**tail = reference;
	*tail = &reference->next;
	return tail;
}

static const struct field *
field_with(const struct record *record, const char *uuid)
{
	for (size_t i = 0; i < record->resource->nfields; i++) {
		const char *value = record->values[i];

		if (value[0] != '\0' && strnlen(value, UUID_LENGTH) == UUID_LENGTH && strstr(value, uuid))
			return &record->resource->fields[i];
	}
	return NULL;
}

struct reference *
references_to(struct arena *arena, const struct snapshot *snapshot, const struct record *target)
{
	const struct schema *schema = snapshot_schema(snapshot);
	struct reference    *first = NULL, **tail = &first;
	scoped_arena         scratch = arena_new();

	if (strlen(target->uuid) != UUID_LENGTH || !is_uuid_at(target->uuid))
		return NULL;
	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct collection *collection = snapshot_collection(snapshot, schema_at(schema, i));

		size_t                   count;
		const struct record    **records = candidates(scratch, collection, &by_uuid, text_of(target->uuid), &count);

		for (size_t j = 0; j < count; j++) {
			const struct field *field = records[j] == target ? NULL : field_with(records[j], target->uuid);

			if (field)
				append(arena, &tail, records[j], field);
		}
	}
	return first;
}

/* What people call the record, when others may name it. */
static const char *
name_of(const struct record *record)
{
	if (!record->resource->key)
		return NULL;
	const char *name = record_get(record, record->resource->key);

	return name[0] && naming_knows(record->resource->name) ? name : NULL;
}

/* What is looked for: a kind of record, what one of them is called, and itself: that does not count. */
struct target {
	const char *resource, *name, *uuid;
};

typedef void visit(void *context, const struct record *, size_t field, const struct naming *);

/* Visit those of one collection whose field names the target; the visitor may change the collection. */
static void
visit_field(const struct snapshot *snapshot, const struct target *target, size_t field, const struct naming *naming,
	    const struct record **records, size_t count, visit *visitor, void *context)
{
	for (size_t i = 0; i < count; i++) {
		const struct record *record =
			collection_find(snapshot_collection(snapshot, records[i]->resource), text_of(records[i]->uuid));

		if (record && record->values[field][0] && strcmp(record->uuid, target->uuid) != 0 &&
		    naming_matches(naming, record->values[field], text_of(target->name)))
			visitor(context, record, field, naming);
	}
}

static void
visit_names(const struct snapshot *snapshot, const struct target *target, visit *visitor, void *context)
{
	const struct schema *schema = snapshot_schema(snapshot);
	scoped_arena         scratch = arena_new();

	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct resource   *resource = schema_at(schema, i);
		const struct collection *collection = snapshot_collection(snapshot, resource);
		const struct record    **records = NULL;
		size_t                   count = 0;

		for (size_t f = 0; collection_count(collection) > 0 && f < resource->nfields; f++) {
			const struct naming *naming =
				naming_find(target->resource, resource, &resource->fields[f]);

			if (naming && !records)
				records = candidates(scratch, collection, &by_name, text_of(target->name), &count);
			if (naming && count)
				visit_field(snapshot, target, f, naming, records, count, visitor, context);
			/* Visiting may have put another in its place. */
			collection = snapshot_collection(snapshot, resource);
		}
	}
}

struct gathering {
	struct arena      *arena;
	struct reference **tail;
};

static void
gather(void *context, const struct record *record, size_t field, const struct naming *naming)
{
	struct gathering *gathering = context;

	(void)naming;
	append(gathering->arena, &gathering->tail, record, &record->resource->fields[field]);
}

struct reference *
references_by_name(struct arena *arena, const struct snapshot *snapshot, const struct record *target)
{
	struct reference *first = NULL;
	struct gathering  gathering = { arena, &first };
	const char       *name = name_of(target);

	if (name)
		visit_names(snapshot, &(struct target){ target->resource->name, name, target->uuid }, gather, &gathering);
	return first;
}

/* --- whole collections ---------------------------------------------------------------------- */

/* What goes: by uuid, and by the name under which others may know it. */
struct leaving {
	struct map *uuids, *names; /* to records; names with their resource in front */
};

static struct text
name_key(struct arena *arena, const char *resource, struct text name)
{
	return text_of(arena_print(arena, "%s %.*s", resource, TEXT_ARGS(name)));
}

static struct leaving
leaving_of(struct arena *arena, const struct snapshot *snapshot, const bool *is_going)
{
	const struct schema *schema = snapshot_schema(snapshot);
	struct leaving       leaving = { map_make(arena), map_make(arena) };

	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct collection *collection = snapshot_collection(snapshot, schema_at(schema, i));

		for (size_t j = 0; is_going[i] && j < collection_count(collection); j++) {
			const struct record *record = collection_at(collection, j);
			const char          *name = name_of(record);

			map_set(leaving.uuids, text_of(record->uuid), (void *)record);
			if (name)
				map_set(leaving.names, name_key(arena, record->resource->name, text_of(name)),
					(void *)record);
		}
	}
	return leaving;
}

/* Which of those that go does a value mean? */
static const struct record *
used_by_value(struct arena *arena, const struct leaving *leaving, const struct resource *resource, size_t field,
	      const char *value)
{
	struct text rest = text_of(value), entry;

	while (text_next(&rest, ",\n", &entry)) {
		const struct record *used = entry.len == UUID_LENGTH ? map_get(leaving->uuids, entry) : NULL;

		if (entry.len && entry.ptr[0] == '!')
			entry = text_after(entry, 1);
		for (const struct naming *naming = NULL;
		     !used && (naming = naming_next(naming, resource, &resource->fields[field]));)
			used = map_get(leaving->names, name_key(arena, naming->target, entry));
		if (used)
			return used;
	}
	return NULL;
}

bool
references_remain(struct arena *arena, const struct snapshot *snapshot, const bool *is_going, struct reference *user,
		  const struct record **used)
{
	const struct schema *schema = snapshot_schema(snapshot);
	const struct leaving leaving = leaving_of(arena, snapshot, is_going);

	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct resource   *resource = schema_at(schema, i);
		const struct collection *collection = snapshot_collection(snapshot, resource);

		for (size_t j = 0; !is_going[i] && j < collection_count(collection); j++) {
			const struct record *record = collection_at(collection, j);

			for (size_t f = 0; f < resource->nfields; f++) {
				scoped_arena scratch = arena_new_small(256);

				if (record->values[f][0] == '\0' || (resource->fields[f].flags & VOLATILE))
					continue;
				*used = used_by_value(scratch, &leaving, resource, f, record->values[f]);
				if (*used) {
					*user = (struct reference){ record, &resource->fields[f], NULL };
					return true;
				}
			}
		}
	}
	return false;
}

/* --- renaming ------------------------------------------------------------------------------- */

struct renaming {
	struct request *request;
	const char     *from, *to;
};

static void
rename_in(void *context, const struct record *record, size_t field, const struct naming *naming)
{
	struct renaming *renaming = context;
	struct arena    *arena = renaming->request->arena;
	struct record   *changed = record_copy(arena, record);

	record_put(changed, field,
		   naming_replace(arena, naming, record->values[field], text_of(renaming->from), renaming->to));
	change_put(renaming->request->change, changed);
}

static void
rename_all(struct request *request, const struct target *target, const char *to)
{
	struct renaming renaming = { request, target->name, to };

	if (target->name && to && strcmp(target->name, to) != 0)
		visit_names(request->snapshot, target, rename_in, &renaming);
}

/*
 * The gateway that an interface is given is called after its description. When a configured one has the name, that is what
 * others mean.
 */
static void
rename_found(struct request *request, const struct record *before, const struct record *after)
{
	const struct collection *gateways = snapshot_named(request->snapshot, "routing.gateway");
	struct arena            *arena = request->arena;

	static const enum family families[] = { FAMILY_INET, FAMILY_INET6 };

	for (size_t i = 0; i < COUNT(families); i++) {
		const char *suffix = gateway_found_suffix(before, families[i]), *now = gateway_found_suffix(after, families[i]);

		if (!suffix || !now || strcmp(suffix, now) != 0)
			continue;
		const char *name = gateway_found_name(arena, before, suffix);

		if (!collection_where(gateways, "name", text_of(name)))
			rename_all(request, &(struct target){ "routing.gateway", name, "" },
				   gateway_found_name(arena, after, suffix));
	}
}

void
references_rename(struct request *request, const struct record *before, const struct record *after)
{
	const struct target target = { before->resource->name, name_of(before), after->uuid };

	rename_all(request, &target, name_of(after));
	if (strcmp(target.resource, "interfaces.interface") == 0)
		rename_found(request, before, after);
}
