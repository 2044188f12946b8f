/*
 * dhcpd: servers by interface, and in each the mappings, which are records of their own. What a client stored is kept as it is; the
 * records' other fields say the same in the words of the plan.
 */
#include "dialect/pfsense/mount.h"

#include "base/base64.h"
#include "base/map.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/keep.h"
#include "json/read.h"
#include "json/write.h"

#define MAPPINGS "dhcp.mapping"

/* clang-format off */
static const struct renamed server_members[] = {
	{ "staticmap", NULL, FORM_OWN },
	{ NULL },
};
/* clang-format on */

/* --- words -------------------------------------------------------------------------------------- */

static const char *
member(struct tree *tree, const struct value *object, const char *name)
{
	return to_string(tree_arena(tree), value_get(object, name));
}

/* A list, or a text with other separators, with commas. */
static const char *
commas(struct tree *tree, const struct value *object, const char *name)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *value = value_get(object, name);
	scoped_buffer       out = BUFFER_NONE;
	struct text         rest, one;

	if (!value_is(value, VALUE_LIST)) {
		rest = to_text(arena, value);
		while (text_next(&rest, ";, ", &one))
			if (one.len > 0)
				buffer_print(&out, "%s%.*s", out.len ? "," : "", TEXT_ARGS(one));
	}
	for (size_t i = 0; value_is(value, VALUE_LIST) && i < value->count; i++)
		buffer_print(&out, "%s%s", out.len ? "," : "", to_string(arena, value->members[i].value));
	return arena_copy(arena, buffer_text(&out));
}

static const char *
flag(const struct value *object, const char *name)
{
	return is_none(value_get(object, name)) ? "0" : "1";
}

static void
add_pool(struct tree *tree, struct buffer *out, const struct value *object)
{
	const struct value *range = value_get(object, "range");
	const char         *from = member(tree, range, "from"), *to = member(tree, range, "to");

	if (from[0] && to[0])
		buffer_print(out, "%s%s-%s", out->len ? "\n" : "", from, to);
}

static const char *
pools_of(struct tree *tree, const struct value *object)
{
	const struct value *more = value_get(object, "pool");
	scoped_buffer       out = BUFFER_NONE;

	add_pool(tree, &out, object);
	for (size_t i = 0; i < value_count(more); i++)
		add_pool(tree, &out, more->members[i].value);
	return arena_copy(tree_arena(tree), buffer_text(&out));
}

/* --- options ------------------------------------------------------------------------------------ */

static void
add_hex(struct buffer *out, struct text bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		buffer_print(out, "%02x", (unsigned char)bytes.ptr[i]);
}

/* "unsigned integer 16": its last word is how many bits. */
static void
add_integer(struct buffer *out, struct text type, int64_t number)
{
	const int bits = text_ends(type, TEXT("32")) ? 32 : text_ends(type, TEXT("16")) ? 16 : 8;

	for (int shift = bits - 8; shift >= 0; shift -= 8)
		buffer_print(out, "%02x", (unsigned)((uint64_t)number >> shift & 0xff));
}

/* A "string" in quotes is a text, else bytes in hexadecimal with colons. */
static void
add_string(struct buffer *out, struct text value)
{
	if (value.len >= 2 && value.ptr[0] == '"') {
		add_hex(out, (struct text){ value.ptr + 1, value.len - 2 });
		return;
	}
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] != ':')
			buffer_add_byte(out, value.ptr[i]);
}

static void
add_option(struct tree *tree, struct buffer *out, const struct value *option)
{
	struct arena     *arena = tree_arena(tree);
	const struct text type = to_text(arena, value_get(option, "type"));
	size_t            len = 0;
	const char       *bytes = base64_decode(arena, to_text(arena, value_get(option, "value")), &len);
	const struct text value = { bytes, bytes ? len : 0 };
	struct address    address;

	buffer_print(out, "%s%s:", out->len ? "\n" : "", member(tree, option, "number"));
	if (text_is(type, "text"))
		add_hex(out, value);
	else if (text_is(type, "string"))
		add_string(out, value);
	else if (text_is(type, "boolean"))
		buffer_add_string(out, text_is(value, "true") || text_is(value, "on") || text_is(value, "1") ? "01" : "00");
	else if (text_is(type, "ip-address") && address_read(value, &address))
		add_hex(out, (struct text){ (const char *)address.bytes, address_bits(address.family) / 8 });
	else if (text_contains(type, TEXT("integer")))
		add_integer(out, type, to_integer(value_text(arena, value)));
}

static const char *
options_of(struct tree *tree, const struct value *object)
{
	const struct value *items = value_get(value_get(object, "numberoptions"), "item");
	scoped_buffer       out = BUFFER_NONE;

	for (size_t i = 0; i < value_count(items); i++)
		add_option(tree, &out, items->members[i].value);
	return arena_copy(tree_arena(tree), buffer_text(&out));
}

/* --- mappings ----------------------------------------------------------------------------------- */

static const struct resource *
mappings_resource(struct tree *tree)
{
	return schema_named(snapshot_schema(tree_snapshot(tree)), MAPPINGS);
}

static void
show_server(struct tree *tree, const struct record *server, struct value *object)
{
	struct arena            *arena = tree_arena(tree);
	const struct collection *mappings = snapshot_named(tree_snapshot(tree), MAPPINGS);
	struct value            *list = value_list(arena);

	for (size_t i = 0; i < collection_count(mappings); i++) {
		const struct record *one = collection_at(mappings, i);
		struct value        *shown = NULL;

		if (!text_is(record_text(one, "server"), server->uuid) ||
		    json_read(arena, record_text(one, REST_FIELD), NULL, &shown, NULL) != RESULT_DONE)
			continue;
		value_set_string(arena, shown, OWN_MEMBER, one->uuid);
		value_add(arena, list, shown);
	}
	if (list->count)
		value_set(arena, object, "staticmap", list);
}

static const char *
kept_as(struct tree *tree, const struct value *object)
{
	scoped_buffer out = BUFFER_NONE;
	struct json   json = { .out = &out };

	json_object(&json);
	for (size_t i = 0; i < value_count(object); i++) {
		if (text_is(object->members[i].name, OWN_MEMBER))
			continue;
		json_name_text(&json, object->members[i].name);
		json_value(&json, object->members[i].value);
	}
	json_object_end(&json);
	return arena_copy(tree_arena(tree), buffer_text(&out));
}

static void
fill_mapping(struct tree *tree, const struct value *object, const char *server, struct record *record)
{
	static const char *const same[][2] = {
		{ "mac", "mac" }, { "client_id", "cid" }, { "address", "ipaddr" }, { "hostname", "hostname" }, { "domain", "domain" },
		{ "router", "gateway" },
	};

	record_set(record, "server", server);
	for (size_t i = 0; i < COUNT(same); i++)
		record_set(record, same[i][0], member(tree, object, same[i][1]));
	record_set(record, "name_servers", commas(tree, object, "dnsserver"));
	record_set(record, "search", commas(tree, object, "domainsearchlist"));
	record_set(record, "static_arp", flag(object, "arp_table_static_entry"));
	record_set(record, REST_FIELD, kept_as(tree, object));
}

/* Those that are as they were are not touched; gives the uuids of all. */
static struct map *
save_mappings(struct tree *tree, const struct value *list, const char *server)
{
	struct arena            *arena = tree_arena(tree);
	const struct collection *mappings = snapshot_named(tree_snapshot(tree), MAPPINGS);
	struct map              *present = map_make(arena);

	for (size_t i = 0; i < value_count(list); i++) {
		const struct value  *object = list->members[i].value;
		const char          *own = member(tree, object, OWN_MEMBER);
		const struct record *before = own[0] ? collection_find(mappings, text_of(own)) : NULL;
		struct record       *record = before ? record_copy(arena, before) : record_make(arena, mappings_resource(tree));

		fill_mapping(tree, object, server, record);
		if (!before || !record_same(before, record))
			own = keep_record(tree_request(tree), record);
		map_set(present, text_of(own), record);
		mappings = snapshot_named(tree_snapshot(tree), MAPPINGS);
	}
	return present;
}

static void
fill_server(struct tree *tree, const struct value *object, struct record *server)
{
	struct arena            *arena = tree_arena(tree);
	const char              *name = arena_copy(arena, text_of(server->uuid));
	const struct value      *list = value_get(object, "staticmap");
	const struct map        *present = save_mappings(tree, list, name);
	const struct collection *mappings = snapshot_named(tree_snapshot(tree), MAPPINGS);
	const char             **gone = ARENA_MAKE(arena, const char *, collection_count(mappings) + 1);
	size_t                   ngone = 0;

	for (size_t i = 0; i < collection_count(mappings); i++) {
		const struct record *one = collection_at(mappings, i);

		if (text_is(record_text(one, "server"), name) && !map_get(present, text_of(one->uuid)))
			gone[ngone++] = arena_copy(arena, text_of(one->uuid));
	}
	for (size_t i = 0; i < ngone; i++)
		keep_removed(tree_request(tree), mappings_resource(tree), text_of(gone[i]));
	record_set(server, "enabled", flag(object, "enable"));
	record_set(server, "pools", pools_of(tree, object));
	record_set(server, "lease_time", member(tree, object, "defaultleasetime"));
	record_set(server, "max_lease_time", member(tree, object, "maxleasetime"));
	record_set(server, "router", member(tree, object, "gateway"));
	record_set(server, "name_servers", commas(tree, object, "dnsserver"));
	record_set(server, "domain", member(tree, object, "domain"));
	record_set(server, "search", commas(tree, object, "domainsearchlist"));
	record_set(server, "known_only", flag(object, "denyunknown"));
	record_set(server, "allow", commas(tree, object, "mac_allow"));
	record_set(server, "deny", commas(tree, object, "mac_deny"));
	record_set(server, "options", options_of(tree, object));
	record_set(server, "static_arp", flag(object, "staticarp"));
}

const struct mount mount_dhcp = {
	.path = "dhcpd",
	.resource = "dhcp.server",
	.shape = MOUNT_NAMED,
	.members = server_members,
	.depends = MAPPINGS,
	.show = show_server,
	.fill = fill_server,
};
