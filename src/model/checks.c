/* Shapes of checks between fields. */
#include "model/checks.h"

#include <string.h>

bool
is_set(const struct record *record, const char *field)
{
	return record_get(record, field)[0] != '\0';
}

bool
is_value(const struct record *record, const char *field, const char *value)
{
	return strcmp(record_get(record, field), value) == 0;
}

bool
is_one_of(const struct record *record, const char *field, const char *values)
{
	return entries_have(values, ',', record_text(record, field));
}

bool
is_list(const struct record *record, const char *field)
{
	return entries_count(record_get(record, field), ',') > 1;
}

int64_t
bounded_number(const struct record *record, const char *field, int64_t otherwise)
{
	static const int64_t limit = (int64_t)1 << 53;
	const int64_t        number = record_number(record, field, otherwise);

	return number > limit ? limit : number < -limit ? -limit : number;
}

void
must_be_set(const struct record *record, const char *field, struct faults *faults, const char *why)
{
	if (!is_set(record, field))
		faults_add(faults, field, FAULT_REQUIRED, "%s", why);
}

void
must_be_empty(const struct record *record, const char *field, struct faults *faults, const char *why)
{
	if (is_set(record, field))
		faults_add(faults, field, FAULT_CONFLICT, "%s", why);
}

void
must_suit(const struct record *record, const struct condition_on *conditions, size_t count, const char *other,
          struct faults *faults, const char *why)
{
	for (size_t i = 0; i < count; i++)
		if (record_has(record, conditions[i].field) && !is_one_of(record, other, conditions[i].values))
			faults_add(faults, conditions[i].field, FAULT_CONFLICT, "%s %s.", why, conditions[i].values);
}

enum family
literal_family(const char *value)
{
	struct prefix prefix;

	return prefix_read(text_of(value), &prefix) ? prefix.address.family : FAMILY_NONE;
}

unsigned
literal_bits(const char *value)
{
	struct prefix prefix;

	return prefix_read(text_of(value), &prefix) ? prefix.bits : 0;
}

enum family
family_of(const char *name)
{
	return strcmp(name, "inet") == 0 ? FAMILY_INET : strcmp(name, "inet6") == 0 ? FAMILY_INET6 : FAMILY_NONE;
}

void
must_be_family(const struct record *record, const char *field, enum family wanted, struct faults *faults)
{
	const enum family family = literal_family(record_get(record, field));

	if (family != FAMILY_NONE && family != wanted)
		faults_add(faults, field, FAULT_CONFLICT, "This address is not of the chosen family.");
}

void
must_share_family(const struct record *record, const char *first, const char *second, struct faults *faults)
{
	const enum family one = literal_family(record_get(record, first)), other = literal_family(record_get(record, second));

	if (one != FAMILY_NONE && other != FAMILY_NONE && one != other)
		faults_add(faults, second, FAULT_CONFLICT, "Both addresses must be of one family.");
}

bool
literal_is_address(const char *value, enum family family)
{
	struct address address;

	return address_read(text_of(value), &address) && address.family == family;
}

bool
literal_is_in(const char *value, const char *network)
{
	struct prefix inner, outer;

	return prefix_read(text_of(value), &inner) && prefix_read(text_of(network), &outer) && inner.bits >= outer.bits &&
	       inner.address.family == outer.address.family && prefix_covers(&outer, &inner.address);
}

const struct record *
stored_of(const struct record *record, const struct view *view)
{
	return view->snapshot && record->uuid[0] ?
	               collection_find(snapshot_collection(view->snapshot, record->resource), text_of(record->uuid)) : NULL;
}

const struct record *
interface_record(const struct view *view, const char *key)
{
	return view->snapshot ? collection_find(snapshot_named(view->snapshot, "interfaces.interface"), text_of(key)) : NULL;
}

const char *
shown_of_naming(const struct naming *naming, struct text entry, const struct view *view)
{
	size_t        count;
	scoped_buffer shown = BUFFER_NONE;

	if (!view->snapshot)
		return "";
	const struct record **records =
		collection_naming(view->arena, snapshot_named(view->snapshot, naming->resource), naming->list, entry, &count);

	for (size_t i = 0; i < count; i++)
		buffer_print(&shown, "%s%s", i ? "," : "", naming->shown ? record_get(records[i], naming->shown) : records[i]->uuid);
	return arena_copy(view->arena, buffer_text(&shown));
}

bool
has_twin(const struct record *record, const char *field, const struct view *view)
{
	const struct index by = { .fields = { resource_field(record->resource, field) }, .count = 1 };

	return collection_twin(snapshot_collection(view->snapshot, record->resource), &by, record) != NULL;
}

/* The number behind the prefix; "vlan01" is not called as "vlan001". */
static bool
rank_of_name(const struct index *by, const struct record *record, struct rank *rank)
{
	const struct text name = text_of(record->values[by->fields[0]]), prefix = text_of(by->prefix);
	int64_t           number;

	if (!text_starts(name, prefix) || (name.len > prefix.len + 1 && name.ptr[prefix.len] == '0') ||
	    !number_read(text_after(name, prefix.len), 0, INT64_MAX, &number))
		return false;
	*rank = rank_of_number(number);
	return true;
}

const char *
first_free_name(const struct record *record, const char *field, const char *prefix, size_t from, const struct view *view)
{
	const struct collection *records = snapshot_collection(view->snapshot, record->resource);
	const struct index       by = { .fields = { resource_field(record->resource, field) }, .count = 1, .rank = rank_of_name,
					.prefix = prefix };

	return arena_print(view->arena, "%s%lld", prefix, (long long)collection_lowest_free(records, &by, (int64_t)from));
}

const char *
link_address(const struct record *tunnel, const struct view *view)
{
	(void)view;
	return is_set(tunnel, "if") ? record_get(tunnel, "if") : record_get(tunnel, "ipaddr");
}

void
link_address_complete(struct record *tunnel, const struct record *before, const struct view *view)
{
	const char    *sent = record_get(tunnel, "local-addr");
	struct address address;

	/* Not sent, or the same: what the siblings say counts. */
	if (before && (sent[0] == '\0' || strcmp(sent, link_address(before, view)) == 0)) {
		record_set(tunnel, "local-addr", link_address(tunnel, view));
		return;
	}
	if (sent[0] == '\0')
		return;
	const bool literal = address_read(text_of(sent), &address);

	record_set(tunnel, "if", literal ? "" : sent);
	record_set(tunnel, "ipaddr", literal ? sent : "");
}

/* --- records that go along with another ------------------------------------------------------- */

void
companion_add(const struct companion **list, struct record *record, bool remove, const struct view *view)
{
	struct companion *companion = ARENA_MAKE(view->arena, struct companion, 1);

	*companion = (struct companion){ record, remove, *list };
	*list = companion;
}

/* A list with the name at its end, or without it. */
static const char *
list_with(const char *list, struct text name, bool with, const struct view *view)
{
	struct entries entries = entries_of(list, ',');
	struct text    entry;
	scoped_buffer  out = BUFFER_NONE;

	while (entry_next(&entries, &entry))
		if (!text_equal(entry, name))
			buffer_print(&out, "%s%.*s", out.len ? "," : "", TEXT_ARGS(entry));
	if (with)
		buffer_print(&out, "%s%.*s", out.len ? "," : "", TEXT_ARGS(name));
	return arena_copy(view->arena, buffer_text(&out));
}

const struct companion *
companions_naming(const char *resource, const char *list_field, struct text name, should_name *should,
                  const void *context, const struct view *view)
{
	const struct collection *holders = snapshot_named(view->snapshot, resource);
	const struct companion  *companions = NULL;

	for (size_t i = 0; i < collection_count(holders); i++) {
		const struct record *holder = collection_at(holders, i);
		const char          *list = record_get(holder, list_field);
		const bool           wanted = should(holder, context);

		if (wanted == entries_have(list, ',', name))
			continue;
		struct record *changed = record_copy(view->arena, holder);

		record_set(changed, list_field, list_with(list, name, wanted, view));
		companion_add(&companions, changed, false, view);
	}
	return companions;
}
