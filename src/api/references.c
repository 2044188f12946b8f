/*
 * Looking for references. The table says which fields name which kind of record; a value is a list whose entries are
 * separated by commas or newlines. Collections keep an index of the uuids and one of the names in their records, so that
 * only those are looked at that may be meant.
 */
#include "api/references.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"
#include "base/map.h"
#include "schema/types.h"

/* A field that names records of a kind: by its type, or by where it is. */
struct naming {
	const char        *target;
	const struct type *type;
	unsigned           settings; /* of the type: needed */
	const char        *source;   /* of the field: needed at its start */
	const char        *resource; /* instead of the type */
	const char        *field;
	const char        *behind; /* may follow the name: "ip" for the address of an interface */
};

/* clang-format off */
static const struct naming namings[] = {
	{ "firewall.alias", &type_network_alias },
	{ "firewall.alias", &type_port, ALIASES },
	{ "firewall.alias", .resource = "firewall.alias", .field = "content" },
	{ "firewall.alias", .resource = "firewall.destination_nat", .field = "source.network" },
	{ "firewall.alias", .resource = "firewall.destination_nat", .field = "source.port" },
	{ "firewall.alias", .resource = "firewall.destination_nat", .field = "destination.network" },
	{ "firewall.alias", .resource = "firewall.destination_nat", .field = "destination.port" },
	{ "firewall.category", .resource = "firewall.destination_nat", .field = "category" },
	{ "firewall.group", &type_interface },
	{ "firewall.group", &type_network_alias, .behind = "ip" },
	{ "firewall.group", .resource = "firewall.destination_nat", .field = "source.network", .behind = "ip" },
	{ "firewall.group", .resource = "firewall.destination_nat", .field = "destination.network", .behind = "ip" },
	{ "interfaces.interface", &type_interface },
	{ "interfaces.interface", &type_network_alias, .behind = "ip" },
	{ "interfaces.interface", .resource = "firewall.group", .field = "members" },
	{ "routing.gateway", &type_key_value, .source = "interface gateways list" },
	{ "routing.gateway", .resource = "routes.route", .field = "gateway" },
	{ "routing.gateway", .resource = "interfaces.interface", .field = "gateway" },
	{ "routing.gateway", .resource = "interfaces.interface", .field = "gatewayv6" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item2" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item3" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item4" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item5" },
	{ "routing.gateway_group", &type_key_value, .source = "interface gateways list -g" },
};
/* clang-format on */

static bool
names(const struct naming *naming, const char *target, const struct resource *resource, const struct field *field)
{
	if (strcmp(naming->target, target) != 0)
		return false;
	if (naming->resource)
		return strcmp(naming->resource, resource->name) == 0 && strcmp(naming->field, field->name) == 0;
	if (field->type != naming->type || (field->settings & naming->settings) != naming->settings)
		return false;
	return !naming->source ||
	       (field->source && text_starts(text_of(field->source), text_of(naming->source)));
}

static const struct naming *
find_naming(const char *target, const struct resource *resource, const struct field *field)
{
	if (field->flags & VOLATILE)
		return NULL;
	for (size_t i = 0; i < COUNT(namings); i++)
		if (names(&namings[i], target, resource, field))
			return &namings[i];
	return NULL;
}

/* Is this entry of a list the name? Gives what follows the name, or NULL. */
static const char *
entry_behind(const struct naming *naming, struct text entry, struct text name)
{
	if (text_equal(entry, name))
		return "";
	if (naming->behind && text_starts(entry, name) && text_is(text_after(entry, name.len), naming->behind))
		return naming->behind;
	return NULL;
}

static size_t
entry_length(const char *at)
{
	return strcspn(at, ",\n");
}

static bool
value_names(const struct naming *naming, const char *value, struct text name)
{
	while (*value) {
		const size_t      len = entry_length(value);
		const struct text entry = { value, len };

		if (entry_behind(naming, len && value[0] == '!' ? text_after(entry, 1) : entry, name))
			return true;
		value += len + (value[len] != '\0');
	}
	return false;
}

static const char *
replace_names(struct arena *arena, const struct naming *naming, const char *value, struct text from, const char *to)
{
	scoped_buffer out = BUFFER_NONE;

	while (*value) {
		const size_t len = entry_length(value);
		const size_t not = len && value[0] == '!';
		const char  *behind = entry_behind(naming, (struct text){ value + not, len - not }, from);

		if (behind)
			buffer_print(&out, "%s%s%s", not ? "!" : "", to, behind);
		else
			buffer_add(&out, (struct text){ value, len });
		value += len;
		if (*value)
			buffer_add_byte(&out, *value++);
	}
	return arena_copy(arena, buffer_text(&out));
}

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
uuids_of(const struct record *record, void (*add)(void *, struct text), void *context)
{
	for (size_t i = 0; i < record->resource->nfields; i++) {
		const size_t len = strlen(record->values[i]);

		if (len > VALUE_MAX)
			add(context, LONG_ONES);
		else if (len >= UUID_LENGTH)
			uuids_in(record->values[i], len, add, context);
	}
}

static const struct index by_uuid = { .words = uuids_of };

static bool
may_name(const struct resource *resource, const struct field *field)
{
	for (size_t i = 0; i < COUNT(namings); i++)
		if (!namings[i].resource ? field->type == namings[i].type :
					   strcmp(field->name, namings[i].field) == 0 &&
						   strcmp(resource->name, namings[i].resource) == 0)
			return !(field->flags & VOLATILE);
	return false;
}

/* An entry as it stands, without a "!" before it, and without an "ip" behind it. */
static void
names_in(const char *value, void (*add)(void *, struct text), void *context)
{
	while (*value) {
		const size_t len = entry_length(value);
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
names_of(const struct record *record, void (*add)(void *, struct text), void *context)
{
	for (size_t i = 0; i < record->resource->nfields; i++) {
		if (record->values[i][0] == '\0' || !may_name(record->resource, &record->resource->fields[i]))
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

	for (size_t i = 0; i < COUNT(namings); i++)
		if (strcmp(namings[i].target, record->resource->name) == 0)
			return name[0] ? name : NULL;
	return NULL;
}

typedef void visit(void *context, const struct record *, size_t field, const struct naming *);

/* Visit those of one collection whose field names the target; the visitor may change the collection. */
static void
visit_field(const struct snapshot *snapshot, const struct record *target, const char *name, size_t field,
	    const struct naming *naming, const struct record **records, size_t count, visit *visitor, void *context)
{
	for (size_t i = 0; i < count; i++) {
		const struct record *record =
			collection_find(snapshot_collection(snapshot, records[i]->resource), text_of(records[i]->uuid));

		if (record && record->values[field][0] && strcmp(record->uuid, target->uuid) != 0 &&
		    value_names(naming, record->values[field], text_of(name)))
			visitor(context, record, field, naming);
	}
}

static void
visit_names(const struct snapshot *snapshot, const struct record *target, const char *name, visit *visitor,
	    void *context)
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
				find_naming(target->resource->name, resource, &resource->fields[f]);

			if (naming && !records)
				records = candidates(scratch, collection, &by_name, text_of(name), &count);
			if (naming && count)
				visit_field(snapshot, target, name, f, naming, records, count, visitor, context);
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
		visit_names(snapshot, target, name, gather, &gathering);
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
		for (size_t i = 0; !used && i < COUNT(namings); i++)
			if (names(&namings[i], namings[i].target, resource, &resource->fields[field]))
				used = map_get(leaving->names, name_key(arena, namings[i].target, entry));
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
		   replace_names(arena, naming, record->values[field], text_of(renaming->from), renaming->to));
	change_put(renaming->request->change, changed);
}

void
references_rename(struct request *request, const struct record *before, const struct record *after)
{
	const char *from = name_of(before), *to = name_of(after);

	if (!from || !to || strcmp(from, to) == 0)
		return;
	struct renaming renaming = { request, from, to };

	visit_names(request->snapshot, after, from, rename_in, &renaming);
}
