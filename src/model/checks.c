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

bool
has_twin(const struct record *record, const char *field, const struct view *view)
{
	const struct collection *records = snapshot_collection(view->snapshot, record->resource);

	for (size_t i = 0; i < collection_count(records); i++) {
		const struct record *other = collection_at(records, i);

		if (strcmp(other->uuid, record->uuid) != 0 && is_value(other, field, record_get(record, field)))
			return true;
	}
	return false;
}

const char *
first_free_name(const struct record *record, const char *field, const char *prefix, size_t from, const struct view *view)
{
	const struct collection *records = snapshot_collection(view->snapshot, record->resource);

	for (size_t number = from;; number++) {
		const char *name = arena_print(view->arena, "%s%zu", prefix, number);

		if (!collection_where(records, field, text_of(name)))
			return name;
	}
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

	if (sent[0] == '\0' && before)
		record_set(tunnel, "local-addr", sent = link_address(before, view));
	if (sent[0] == '\0')
		return;
	const bool literal = address_read(text_of(sent), &address);

	record_set(tunnel, "if", literal ? "" : sent);
	record_set(tunnel, "ipaddr", literal ? sent : "");
}
