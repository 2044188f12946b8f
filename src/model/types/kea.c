/* Fields of DHCP servers: pools, routes, and options in the encoding they have. */
#include "model/types.h"

#include <string.h>

#include "schema/hosts.h"
#include "schema/lists.h"

/* --- pools -------------------------------------------------------------------------------------- */

static bool
is_pool(struct text entry)
{
	struct address first, last;
	struct prefix  prefix;
	struct text    rest = entry;
	struct text    before = text_trim(text_until(&rest, '-'));

	if (rest.len > 0)
		return address_read(before, &first) && address_read(text_trim(rest), &last) && first.family == last.family;
	return text_contains(entry, TEXT("/")) && prefix_read(entry, &prefix);
}

static void
check_kea_pools(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(value, '\n');
	struct text    entry;

	(void)view;
	while (entry_next(&entries, &entry))
		if (!is_pool(text_trim(entry)))
			faults_add(faults, field->name, FAULT_FORMAT, "Pool \"%.*s\" is neither a range of addresses nor a network.",
			           TEXT_ARGS(text_first(entry, 80)));
}

const struct type type_kea_pools = { .name = "kea_pools", .check = check_kea_pools };

/* --- routes ------------------------------------------------------------------------------------- */

/* "destination,router,destination,router..." */
static void
check_kea_static_routes(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(value, ',');
	struct text    entry;
	struct address address;
	size_t         count = 0;
	bool           good = true;

	(void)view;
	for (; good && entry_next(&entries, &entry); count++)
		good = address_read(text_trim(entry), &address);
	if (!good || count % 2 != 0)
		faults_add(faults, field->name, FAULT_FORMAT, "This must be pairs of addresses: destination,router,...");
}

const struct type type_kea_static_routes = { .name = "kea_static_routes", .check = check_kea_static_routes };

/* "10.0.0.0/8 - 192.0.2.1, ..." */
static void
check_classless_route(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(value, ',');
	struct text    entry;
	bool           good = true;

	(void)view;
	while (good && entry_next(&entries, &entry)) {
		struct text    router = entry;
		struct text    network = text_trim(text_until(&router, '-'));
		struct prefix  prefix;
		struct address address;

		good = text_contains(network, TEXT("/")) && prefix_read(network, &prefix) &&
		       address_read(text_trim(router), &address) && prefix.address.family == FAMILY_INET &&
		       address.family == FAMILY_INET;
	}
	if (!good)
		faults_add(faults, field->name, FAULT_FORMAT, "This must be networks with their routers: 10.0.0.0/8 - 192.0.2.1");
}

const struct type type_kea_classless_static_route = {
	.name = "kea_classless_static_route", .check = check_classless_route,
};

/* --- options ------------------------------------------------------------------------------------ */

/* clang-format off */
/* The encoding that an option has by its standard; the others are taken in hex alone. */
static const struct encoded {
	const char *encoding, *codes;
} encoded4[] = {
	{ "ipv4-address", "1,3,4,5,6,7,8,9,10,11,16,28,32,33,41,42,44,45,48,49,65,68,69,70,71,72,73,74,75,"
	  "76,85,89,112,136,138,150" },
	{ "int32", "2" },
	{ "string", "12,14,17,18,40,47,60,62,64,66,67,86,87,98,100,101,113,114" },
	{ "uint16", "13,22,25,26,93,117" },
	{ "fqdn", "15,88,119,137,141,213" },
	{ "boolean", "19,20,27,29,30,31,34,36,39" },
	{ "uint8", "23,37,46,116" },
	{ "uint32", "24,35,38,108" },
}, encoded6[] = {
	{ "uint8", "7" },
	{ "ipv6-address", "12,22,23,27,28,31,34,52,88,143" },
	{ "fqdn", "21,24,29,30,33,51,57,58,64" },
	{ "uint32", "32,82,83" },
	{ "string", "41,42,59,103" },
};
/* clang-format on */

static bool
code_has(const char *code, const char *encoding, bool six)
{
	const struct encoded *table = six ? encoded6 : encoded4;
	const size_t          count = six ? COUNT(encoded6) : COUNT(encoded4);

	if (strcmp(encoding, "hex") == 0)
		return true;
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].encoding, encoding) == 0 && entries_have(table[i].codes, ',', text_of(code)))
			return true;
	return false;
}

static bool
is_hex(struct text value)
{
	for (size_t i = 0; i < value.len; i++) {
		const char c = value.ptr[i];

		if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f')))
			return false;
	}
	return value.len > 0 && value.len % 2 == 0;
}

static bool
is_number_of(struct text entry, const char *encoding)
{
	static const struct {
		const char *encoding;
		int64_t     min, max;
	} ranges[] = {
		{ "uint8", 0, UINT8_MAX }, { "uint16", 0, UINT16_MAX }, { "uint32", 0, UINT32_MAX }, { "int32", INT32_MIN, INT32_MAX },
	};
	int64_t number;

	for (size_t i = 0; i < COUNT(ranges); i++)
		if (strcmp(ranges[i].encoding, encoding) == 0)
			return number_read(entry, ranges[i].min, ranges[i].max, &number);
	return false;
}

static bool
is_encoded(struct text entry, const char *encoding)
{
	struct address address;

	if (strcmp(encoding, "ipv4-address") == 0)
		return address_read(entry, &address) && address.family == FAMILY_INET;
	if (strcmp(encoding, "ipv6-address") == 0)
		return address_read(entry, &address) && address.family == FAMILY_INET6;
	if (strcmp(encoding, "boolean") == 0)
		return text_is(entry, "true") || text_is(entry, "false") || text_is(entry, "0") || text_is(entry, "1");
	if (strcmp(encoding, "fqdn") == 0)
		return host_name_is_valid(entry);
	return is_number_of(entry, encoding);
}

static bool
data_is_encoded(const char *value, const char *encoding)
{
	struct entries entries = entries_of(value, ',');
	struct text    entry;

	if (strcmp(encoding, "hex") == 0)
		return is_hex(text_of(value));
	if (strcmp(encoding, "string") == 0)
		return !strpbrk(value, "\r\n\"");
	while (entry_next(&entries, &entry))
		if (!is_encoded(text_trim(entry), encoding))
			return false;
	return true;
}

/* .source names the siblings with code and encoding, and the option space. */
static void
check_option_data(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct text space = text_of(field->source);
	const char *code_field = arena_copy(view->arena, text_until(&space, ','));
	const char *encoding_field = arena_copy(view->arena, text_until(&space, ','));

	if (!view->record)
		return;
	const char *code = record_get(view->record, code_field), *encoding = record_get(view->record, encoding_field);

	if (!data_is_encoded(value, encoding))
		faults_add(faults, field->name, FAULT_FORMAT, "This is not what the chosen encoding looks like.");
	else if (code[0] && !code_has(code, encoding, text_is(space, "dhcp6")))
		faults_add(faults, field->name, FAULT_CONFLICT, "This option is not encoded that way; hex always is.");
}

const struct type type_kea_option_data = { .name = "kea_option_data", .check = check_option_data };
