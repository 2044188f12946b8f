/*
 * Looking for references by going over all values. The table says which fields name which
 * kind of record; a value is a list whose entries are separated by commas or newlines.
 */
#include "api/references.h"

#include <string.h>

#include "base/buffer.h"
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

	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct collection *collection = snapshot_collection(snapshot, schema_at(schema, i));

		for (size_t j = 0; j < collection_count(collection); j++) {
			const struct record *record = collection_at(collection, j);
			const struct field  *field = record == target ? NULL : field_with(record, target->uuid);

			if (field)
				append(arena, &tail, record, field);
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

static void
visit_names(const struct snapshot *snapshot, const struct record *target, const char *name, visit *visitor,
	    void *context)
{
	const struct schema *schema = snapshot_schema(snapshot);

	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct resource *resource = schema_at(schema, i);

		for (size_t f = 0; f < resource->nfields; f++) {
			const struct naming *naming =
				find_naming(target->resource->name, resource, &resource->fields[f]);

			for (size_t j = 0; naming; j++) {
				/* Looked up each time: the visitor may change the collection. */
				const struct collection *collection = snapshot_collection(snapshot, resource);

				if (j >= collection_count(collection))
					break;
				const struct record *record = collection_at(collection, j);

				if (record->values[f][0] && strcmp(record->uuid, target->uuid) != 0 &&
				    value_names(naming, record->values[f], text_of(name)))
					visitor(context, record, f, naming);
			}
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
