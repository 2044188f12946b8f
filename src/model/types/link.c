/* Fields of tunnels, virtual addresses and router advertisements. */
#include "model/types.h"

#include <string.h>

#include "schema/hosts.h"
#include "schema/interfaces.h"
#include "schema/lists.h"
#include "schema/snapshot.h"

#define DUID_OCTETS_MIN 6
#define DUID_OCTETS_MAX 254

/* --- the near end of a tunnel --------------------------------------------------------------------- */

/* An interface by its key, a virtual address, or any address. */
static bool
is_link_address(const char *value, const struct view *view)
{
	const struct interface *interface = interfaces_find(view, text_of(value));
	struct address          address;

	return (interface && !interface->dynamic) || address_read(text_of(value), &address);
}

static void
check_link_address(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	if (!is_link_address(value, view))
		faults_add(faults, field->name, FAULT_REFERENCE, "This must be an interface or an address.");
}

static const char *
normal_link_address(const struct field *field, const char *value, const struct view *view)
{
	(void)field;
	(void)view;
	return strcmp(value, "0") == 0 ? "" : value;
}

static void
link_address_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                     void *context)
{
	size_t                  count;
	const struct interface *interfaces = interfaces_list(view, &count);

	(void)field;
	(void)value;
	for (size_t i = 0; i < count; i++)
		if (!interfaces[i].dynamic)
			choose_one(context, &(struct choice){ interfaces[i].key, interfaces[i].label, NULL });
}

static const struct choice *
link_address_find(const struct field *field, struct text key, const struct view *view)
{
	const struct interface *interface = interfaces_find(view, key);

	(void)field;
	return interface && !interface->dynamic ? choice_make(view, interface->key, interface->label) : NULL;
}

const struct type type_link_address = {
	.name = "link_address", .check = check_link_address, .normal = normal_link_address, .choices = link_address_choices,
	.find = link_address_find,
};

/* --- virtual addresses ------------------------------------------------------------------------------ */

/* Address and bits are two fields that only make sense together. */
static void
check_vip_network(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct prefix prefix;
	const char   *whole;

	if (strcmp(field->name, "subnet") != 0 || !view->record)
		return;
	whole = arena_print(view->arena, "%s/%s", value, record_get(view->record, "subnet_bits"));
	if (!prefix_read(text_of(whole), &prefix))
		faults_add(faults, field->name, FAULT_FORMAT, "This must be an address with its prefix length.");
}

const struct type type_vip_network = { .name = "vip_network", .check = check_vip_network };

/* A link-local address that is a virtual address of the record's interface. */
static bool
is_vip_of(const char *interface, const struct address *wanted, const struct view *view)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, "interfaces.vip") : NULL;
	struct address           address;

	for (size_t i = 0; records && i < collection_count(records); i++) {
		const struct record *vip = collection_at(records, i);

		if (strcmp(record_get(vip, "interface"), interface) == 0 && address_read(record_text(vip, "subnet"), &address) &&
		    address_compare(&address, wanted) == 0)
			return true;
	}
	return false;
}

static void
check_vip_link_local(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	static const struct prefix link_local = { { FAMILY_INET6, { 0xfe, 0x80 } }, 10 };
	const size_t at = view->record ? resource_find_field(view->record->resource, TEXT("interface")) : SIZE_MAX;
	struct address address;

	if (!address_read(text_of(value), &address) || !prefix_covers(&link_local, &address))
		faults_add(faults, field->name, FAULT_FORMAT, "This must be a link-local address.");
	else if (at == SIZE_MAX || !is_vip_of(view->record->values[at], &address, view))
		faults_add(faults, field->name, FAULT_REFERENCE, "The interface has no such virtual address.");
}

const struct type type_vip_link_local = { .name = "vip_link_local", .check = check_vip_link_local };

/* --- identifiers -------------------------------------------------------------------------------------- */

static bool
is_octets(struct text value, char separator)
{
	for (size_t i = 0; i < value.len; i++) {
		const char c = value.ptr[i];

		if (i % 3 == 2 ? c != separator : !((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f')))
			return false;
	}
	return value.len % 3 == 2;
}

/* RFC 8415, 11: two octets of type, then what the type wants. */
static void
check_duid(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	const size_t octets = (strlen(value) + 1) / 3;
	const bool   typed = octets >= 2 && strncmp(value, "00:0", 4) == 0 && value[4] >= '1' && value[4] <= '4';

	(void)view;
	/* Older interfaces send it for "none". */
	if (strcmp(value, "0") == 0)
		return;
	if (!is_octets(text_of(value), ':') || octets < DUID_OCTETS_MIN || octets > DUID_OCTETS_MAX || !typed)
		faults_add(faults, field->name, FAULT_FORMAT, "This must be a DUID of type 1 to 4: octets joined by colons.");
}

const struct type type_duid = { .name = "duid", .check = check_duid };

/* --- what to capture ------------------------------------------------------------------------------------ */

static bool
is_capture_host(struct text word)
{
	struct prefix prefix;

	return prefix_read(word, &prefix) || mac_address_is_valid(word);
}

/* Hosts joined by "and" and "or", each with "not" in front if wanted. */
static void
check_host(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct text rest = text_of(lowered(value, view)), word;
	bool        want_host = true, good = true;

	while (good && text_next(&rest, " \t", &word)) {
		if (word.len == 0)
			continue;
		if (want_host && text_is(word, "not"))
			continue;
		good = want_host ? is_capture_host(word) : text_is(word, "and") || text_is(word, "or");
		want_host = !want_host;
	}
	if (!good || want_host)
		faults_add(faults, field->name, FAULT_FORMAT, "This must be addresses or networks joined by and, or, not.");
}

const struct type type_host = { .name = "host", .check = check_host };
