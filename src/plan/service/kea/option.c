/*
 * Options as bytes: RFC 2132 and others for IPv4, RFC 8415 and others for IPv6. Those that clients chose the encoding of, and those
 * that have a field of their own.
 */
#include <string.h>

#include "base/number.h"
#include "plan/service/kea/kea.h"

#define OPTION_MAX 255 /* bytes, of IPv4; longer ones take several */

/* --- Bytes ------------------------------------------------------------------------------------------ */

/* False: the text is no such thing; what was added before stays. */
typedef bool encode(struct buffer *out, struct text value);

static void
add_number(struct buffer *out, int64_t number, unsigned bytes)
{
	while (bytes-- > 0)
		buffer_add_byte(out, (char)(uint64_t)(number >> bytes * 8));
}

static bool
add_address(struct buffer *out, struct text value)
{
	struct address address;

	if (!address_read(value, &address))
		return false;
	buffer_add(out, (struct text){ (const char *)address.bytes, address_bits(address.family) / 8 });
	return true;
}

static bool
add_bool(struct buffer *out, struct text value)
{
	buffer_add_byte(out, text_is(value, "true") || text_is(value, "1"));
	return true;
}

/* Labels with their lengths, RFC 1035 section 3.1. */
static bool
add_domain(struct buffer *out, struct text value)
{
	struct text label;

	if (text_ends(value, TEXT(".")))
		value.len--;
	if (value.len == 0 || value.len > 253)
		return false;
	while (text_next(&value, ".", &label)) {
		if (label.len == 0 || label.len > 63)
			return false;
		buffer_add_byte(out, (char)label.len);
		buffer_add(out, label);
	}
	buffer_add_byte(out, '\0');
	return true;
}

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static bool
add_hex(struct buffer *out, struct text value)
{
	for (size_t i = 0; i + 1 < value.len; i += 2) {
		if (digit(value.ptr[i]) < 0 || digit(value.ptr[i + 1]) < 0)
			return false;
		buffer_add_byte(out, (char)(digit(value.ptr[i]) << 4 | digit(value.ptr[i + 1])));
	}
	return value.len % 2 == 0;
}

/* "10.0.0.0/8 - 192.0.2.1": as many bytes of the network as its length needs, RFC 3442. */
static bool
add_route(struct buffer *out, struct text value)
{
	struct text       router = value;
	const struct text network = text_trim(text_until(&router, '-'));
	struct prefix     prefix;

	if (!prefix_read(network, &prefix) || prefix.address.family != FAMILY_INET)
		return false;
	prefix.address = prefix_first(&prefix);
	buffer_add_byte(out, (char)prefix.bits);
	buffer_add(out, (struct text){ (const char *)prefix.address.bytes, (prefix.bits + 7) / 8 });
	return add_address(out, text_trim(router));
}

#define NUMBER(name, bytes, min, max)                                           \
	static bool                                                             \
	name(struct buffer *out, struct text value)                             \
	{                                                                       \
		int64_t number;                                                 \
                                                                                \
		if (!number_read(value, min, max, &number))                     \
			return false;                                           \
		add_number(out, number, bytes);                                 \
		return true;                                                    \
	}

NUMBER(add_uint8, 1, 0, UINT8_MAX)
NUMBER(add_uint16, 2, 0, UINT16_MAX)
NUMBER(add_uint32, 4, 0, UINT32_MAX)
NUMBER(add_int32, 4, INT32_MIN, INT32_MAX)

/* clang-format off */
static const struct encoding {
	const char *name;
	encode     *add; /* one entry between commas; NULL: the text as it is */
} encodings[] = {
	{ "hex", add_hex }, { "ipv4-address", add_address }, { "ipv6-address", add_address }, { "uint8", add_uint8 },
	{ "uint16", add_uint16 }, { "uint32", add_uint32 }, { "int32", add_int32 }, { "boolean", add_bool }, { "string", NULL },
	{ "fqdn", add_domain },
};
/* clang-format on */

static bool
encode_list(struct buffer *out, encode *add, struct text value)
{
	struct text one;

	if (!add) {
		buffer_add(out, value);
		return value.len > 0;
	}
	while (text_next(&value, ",", &one))
		if (!add(out, text_trim(one)))
			return false;
	return out->len > 0;
}

/* A domain name alone is no labels, RFC 2132 section 3.17. */
static bool
encode_as(struct buffer *out, struct text encoding, int64_t code, bool is_six, struct text value)
{
	if (!is_six && code == 15 && text_is(encoding, "fqdn"))
		encoding = TEXT("string");
	for (size_t i = 0; i < COUNT(encodings); i++)
		if (text_is(encoding, encodings[i].name))
			return encode_list(out, encodings[i].add, value);
	return false;
}

/* --- One option ---------------------------------------------------------------------------------------- */

static const char *
hex(struct kea *kea, struct text bytes)
{
	scoped_buffer out = BUFFER_NONE;

	for (size_t i = 0; i < bytes.len; i++)
		buffer_print(&out, "%02X", (unsigned char)bytes.ptr[i]);
	return arena_copy(kea->view->arena, buffer_text(&out));
}

static void
put_option(struct kea *kea, int64_t code, struct text bytes, bool is_forced)
{
	json_object(&kea->json);
	json_put_number(&kea->json, "code", code);
	json_put_bool(&kea->json, "csv-format", false);
	json_put_string(&kea->json, "data", hex(kea, bytes));
	if (is_forced)
		json_put_bool(&kea->json, "always-send", true);
	json_object_end(&kea->json);
}

bool
kea_put_encoded(struct kea *kea, uint8_t code, enum kea_encoding encoding, struct text value)
{
	static encode *const encoders[] = {
		[KEA_HEX] = add_hex, [KEA_ADDRESSES] = add_address, [KEA_TEXT] = NULL, [KEA_DOMAINS] = add_domain,
	};
	scoped_buffer bytes = BUFFER_NONE;

	if (!encode_list(&bytes, encoders[encoding], value))
		return false;
	put_option(kea, code, buffer_text(&bytes), false);
	return true;
}

/* clang-format off */
static const struct own_option {
	const char *field;
	uint8_t     code;
	encode     *add;
} own4[] = {
	{ "option_data.routers",                3, add_address },
	{ "option_data.time_servers",           4, add_address },
	{ "option_data.domain_name_servers",    6, add_address },
	{ "option_data.domain_name",           15, NULL },
	{ "option_data.static_routes",         33, add_address },
	{ "option_data.ntp_servers",           42, add_address },
	{ "option_data.tftp_server_name",      66, NULL },
	{ "option_data.boot_file_name",        67, NULL },
	{ "option_data.v6_only_preferred",    108, add_uint32 },
	{ "option_data.domain_search",        119, add_domain },
	{ "option_data.classless_static_route", 121, add_route },
}, own6[] = {
	{ "option_data.dns_servers",           23, add_address },
	{ "option_data.domain_search",         24, add_domain },
	{ "domain_search",                     24, add_domain },
};
/* clang-format on */

static bool
has_field(const struct record *record, const char *field)
{
	return resource_find_field(record->resource, text_of(field)) != SIZE_MAX && record_has(record, field);
}

static void
put_own(struct kea *kea, const struct record *record, const struct own_option *own)
{
	scoped_buffer bytes = BUFFER_NONE;

	if (encode_list(&bytes, own->add, record_text(record, own->field)))
		put_option(kea, own->code, buffer_text(&bytes), false);
	else
		service_miss(kea->draft, "%s cannot send %s", kea->kind->program, own->field);
}

/* This box is the router, the name server and the clock of a subnet that says nothing else. */
static void
put_collected(struct kea *kea, const struct record *subnet)
{
	static const struct {
		const char *field;
		uint8_t     code;
	} collected4[] = { { "option_data.routers", 3 }, { "option_data.domain_name_servers", 6 }, { "option_data.ntp_servers", 42 } };
	const struct record *general = snapshot_single(kea->view->snapshot, "system.general");
	struct prefix        network;
	struct address       own;
	scoped_buffer        bytes = BUFFER_NONE, domain = BUFFER_NONE;

	if (!prefix_read(record_text(subnet, "subnet"), &network))
		return;
	own = kea_own_address(kea, &network);
	buffer_add(&bytes, (struct text){ (const char *)own.bytes, own.family == FAMILY_NONE ? 0 : address_bits(own.family) / 8 });
	if (kea->kind->family == FAMILY_INET6) {
		if (bytes.len > 0)
			put_option(kea, 23, buffer_text(&bytes), false);
		if (add_domain(&domain, record_text(general, "domain")))
			put_option(kea, 24, buffer_text(&domain), false);
		return;
	}
	for (size_t i = 0; i < COUNT(collected4) && bytes.len > 0; i++)
		if (!record_has(subnet, collected4[i].field))
			put_option(kea, collected4[i].code, buffer_text(&bytes), false);
}

/* --- Options that are records ---------------------------------------------------------------------------- */

static bool
encode_record(struct kea *kea, struct buffer *out, const struct record *option, const char *code, const char *encoding,
	      const char *data)
{
	return encode_as(out, record_text(option, encoding), record_number(option, code, 0), kea->kind->family == FAMILY_INET6,
			 record_text(option, data));
}

static void
put_record(struct kea *kea, const struct record *option)
{
	scoped_buffer bytes = BUFFER_NONE;

	if (encode_record(kea, &bytes, option, "code", "encoding", "data"))
		put_option(kea, record_number(option, "code", 0), buffer_text(&bytes), record_bool(option, "force"));
	else
		service_miss(kea->draft, "%s cannot send option %s", kea->kind->program, record_get(option, "code"));
}

static const struct record *
find_option(const struct kea *kea, struct text uuid)
{
	return collection_find(snapshot_named(kea->view->snapshot, kea->kind->options), uuid);
}

static const char *
class_name(struct kea *kea, const struct record *option)
{
	return arena_print(kea->view->arena, "option_%s", option->uuid);
}

void
kea_put_options(struct kea *kea, const struct record *record)
{
	const bool               is_six = kea->kind->family == FAMILY_INET6;
	const struct own_option *own = is_six ? own6 : own4;
	const size_t             count = is_six ? COUNT(own6) : COUNT(own4);
	struct text              rest = record_text(record, "option"), uuid;

	json_name(&kea->json, "option-data");
	json_list(&kea->json);
	if (has_field(record, "option_data_autocollect"))
		put_collected(kea, record);
	for (size_t i = 0; i < count; i++)
		if (has_field(record, own[i].field))
			put_own(kea, record, &own[i]);
	while (text_next(&rest, ",", &uuid)) {
		const struct record *option = find_option(kea, uuid);

		if (option && !record_has(option, "match_code"))
			put_record(kea, option);
		else if (option && strcmp(record->resource->name, kea->kind->reservations) == 0)
			service_miss(kea->draft, "%s sends option %s of a reservation only without a condition", kea->kind->program,
				     record_get(option, "code"));
	}
	json_list_end(&kea->json);
	if (has_field(record, "option_data.v4_dnr") || has_field(record, "option_data.v6_dnr"))
		service_miss(kea->draft, "%s of Debian 12 has no DNR", kea->kind->program);
}

/* --- Options for some ------------------------------------------------------------------------------------- */

static void
put_class(struct kea *kea, const struct record *option)
{
	scoped_buffer match = BUFFER_NONE;

	if (!encode_record(kea, &match, option, "match_code", "match_encoding", "match_data")) {
		service_miss(kea->draft, "%s cannot look for option %s", kea->kind->program, record_get(option, "match_code"));
		return;
	}
	json_object(&kea->json);
	json_put_string(&kea->json, "name", class_name(kea, option));
	json_put_bool(&kea->json, "only-if-required", true);
	json_put_string(&kea->json, "test", arena_print(kea->view->arena, "option[%lld].hex == 0x%s",
							(long long)record_number(option, "match_code", 0),
							hex(kea, buffer_text(&match))));
	json_name(&kea->json, "option-data");
	json_list(&kea->json);
	put_record(kea, option);
	json_list_end(&kea->json);
	json_object_end(&kea->json);
}

void
kea_put_classes(struct kea *kea)
{
	const struct collection *options = snapshot_named(kea->view->snapshot, kea->kind->options);
	bool                     is_any = kea_count_server_classes(kea) > 0;

	for (size_t i = 0; i < collection_count(options); i++)
		is_any |= record_has(collection_at(options, i), "match_code");
	/* An empty list is wrong. */
	if (!is_any)
		return;
	json_name(&kea->json, "client-classes");
	json_list(&kea->json);
	for (size_t i = 0; i < collection_count(options); i++)
		if (record_has(collection_at(options, i), "match_code"))
			put_class(kea, collection_at(options, i));
	kea_put_server_classes(kea);
	json_list_end(&kea->json);
}

void
kea_put_class_names(struct kea *kea, const struct record *subnet)
{
	struct text rest = record_text(subnet, "option"), uuid;

	json_name(&kea->json, "require-client-classes");
	json_list(&kea->json);
	while (text_next(&rest, ",", &uuid)) {
		const struct record *option = find_option(kea, uuid);
		scoped_buffer        match = BUFFER_NONE;

		if (option && record_has(option, "match_code") &&
		    encode_record(kea, &match, option, "match_code", "match_encoding", "match_data"))
			json_string(&kea->json, class_name(kea, option));
	}
	json_list_end(&kea->json);
}
