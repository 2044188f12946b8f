/* ipsec/phase1 and ipsec/phase2: what the configuration of the other dialect has in other shapes. */
#include "dialect/pfsense/mount.h"

#include <string.h>

#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed phase1_members[] = {
	{ "ikeid",                 NULL, FORM_TEXT },
	{ "disabled",              NULL, FORM_FLAG },
	{ "iketype",               NULL, FORM_TEXT },
	{ "interface",             NULL, FORM_TEXT },
	{ "protocol",              NULL, FORM_TEXT },
	{ "mode",                  NULL, FORM_TEXT },
	{ "remote-gateway",        NULL, FORM_TEXT },
	{ "authentication_method", NULL, FORM_TEXT },
	{ "myid_type",             NULL, FORM_TEXT },
	{ "myid_data",             NULL, FORM_ALWAYS },
	{ "peerid_type",           NULL, FORM_TEXT },
	{ "peerid_data",           NULL, FORM_ALWAYS },
	{ "pre-shared-key",        NULL, FORM_TEXT },
	{ "certref",               NULL, FORM_TEXT },
	{ "caref",                 NULL, FORM_TEXT },
	{ "lifetime",              NULL, FORM_TEXT },
	{ "nat_traversal",         NULL, FORM_TEXT },
	{ "mobike",                NULL, FORM_TEXT },
	{ "dpd_delay",             NULL, FORM_TEXT },
	{ "dpd_maxfail",           NULL, FORM_TEXT },
	{ "descr",                 NULL, FORM_ALWAYS },
	{ NULL },
};

/* Here IPsec is on as soon as there is a tunnel; the other dialect has a switch for it. */
static const struct renamed ipsec_members[] = {
	{ "enable", "general.enabled", FORM_FLAG },
	{ NULL },
};

static const struct renamed phase2_members[] = {
	{ "ikeid",                 NULL, FORM_TEXT },
	{ "uniqid",                NULL, FORM_TEXT },
	{ "reqid",                 NULL, FORM_TEXT },
	{ "disabled",              NULL, FORM_FLAG },
	{ "mode",                  NULL, FORM_TEXT },
	{ "protocol",              NULL, FORM_TEXT },
	{ "localid",               NULL, FORM_OWN },
	{ "remoteid",              NULL, FORM_OWN },
	{ "hash-algorithm-option", NULL, FORM_ITEMS },
	{ "pfsgroup",              NULL, FORM_TEXT },
	{ "lifetime",              NULL, FORM_TEXT },
	{ "pinghost",              NULL, FORM_ALWAYS },
	{ "descr",                 NULL, FORM_ALWAYS },
	{ NULL },
};
/* clang-format on */

const struct mount mount_ipsec = {
	.path = "ipsec",
	.resource = "ipsec.settings",
	.shape = MOUNT_SINGLE,
	.members = ipsec_members,
};

/* --- ciphers: {name: aes256gcm, keylen: 128} is aes256gcm16 elsewhere ----------------------------------------- */

static const char *
cipher_of(struct arena *arena, const struct value *algorithm)
{
	const char   *name = to_string(arena, value_get(algorithm, "name"));
	const int64_t length = to_integer(value_get(algorithm, "keylen"));

	if (length <= 0)
		return name;
	return text_ends(text_of(name), TEXT("gcm")) ? arena_print(arena, "%s%lld", name, (long long)length / 8)
						     : arena_print(arena, "%s%lld", name, (long long)length);
}

/* Back again: the digits at the end are the length. */
static struct value *
algorithm_of(struct arena *arena, struct text cipher)
{
	struct value *algorithm = value_object(arena);
	size_t        len = cipher.len;

	while (len > 0 && cipher.ptr[len - 1] >= '0' && cipher.ptr[len - 1] <= '9')
		len--;
	const bool        is_gcm = text_ends(text_first(cipher, len), TEXT("gcm"));
	const struct text digits = text_after(cipher, len);

	value_set(arena, algorithm, "name", value_text(arena, text_first(cipher, len)));
	if (digits.len > 0)
		value_set_string(arena, algorithm, "keylen",
				 is_gcm ? arena_print(arena, "%lld", (long long)to_integer(value_text(arena, digits)) * 8)
					: arena_copy(arena, digits));
	return algorithm;
}

/* --- phase 1 ------------------------------------------------------------------------------------------------------ */

static void
add_proposal(struct arena *arena, struct value *items, struct text cipher, struct text hash, struct text group)
{
	struct value *item = value_object(arena);

	value_set(arena, item, "encryption-algorithm", algorithm_of(arena, cipher));
	value_set(arena, item, "hash-algorithm", value_text(arena, hash));
	value_set(arena, item, "dhgroup", value_text(arena, group));
	value_add(arena, items, item);
}

/* Of those that were not made here: what was, is kept as it came and shown in place of this. */
static void
show_phase1(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena *arena = tree_arena(tree);
	struct value *items = value_list(arena), *encryption = value_object(arena);
	const char   *name = record_get(record, "encryption-algorithm.name");
	const char   *cipher = arena_print(arena, "%s%s", name, record_get(record, "encryption-algorithm.keylen"));
	struct text   hashes = record_text(record, "hash-algorithm"), hash, group;

	while (name[0] && text_next(&hashes, ",", &hash))
		for (struct text groups = record_text(record, "dhgroup"); text_next(&groups, ",", &group);)
			add_proposal(arena, items, text_of(cipher), hash, group);
	if (items->count == 0)
		return;
	value_set(arena, encryption, "item", items);
	value_set(arena, object, "encryption", encryption);
}

static void
fill_phase1(struct tree *tree, const struct value *object, struct record *record)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *items = value_path(object, "encryption.item");
	scoped_buffer       out = BUFFER_NONE;

	for (size_t i = 0; i < value_count(items); i++) {
		const struct value *item = value_at(items, i);

		buffer_print(&out, "%s%s|%s|%s|%s", out.len ? "\n" : "",
			     cipher_of(arena, value_get(item, "encryption-algorithm")),
			     to_string(arena, value_get(item, "hash-algorithm")), to_string(arena, value_get(item, "dhgroup")),
			     to_string(arena, value_get(item, "prf-algorithm")));
	}
	record_set(record, "proposals", arena_copy(arena, buffer_text(&out)));
}

const struct mount mount_phases1 = {
	.path = "ipsec/phase1",
	.resource = "ipsec.phase1",
	.shape = MOUNT_LIST,
	.members = phase1_members,
	.show = show_phase1,
	.fill = fill_phase1,
};

/* --- phase 2 ------------------------------------------------------------------------------------------------------ */

static const char *const id_members[] = { "type", "address", "netbits" };

static void
show_id(struct arena *arena, const struct record *record, const char *name, struct value *object)
{
	struct value *id = value_object(arena);

	for (size_t i = 0; i < COUNT(id_members); i++) {
		const char *text = record_get(record, arena_print(arena, "%s.%s", name, id_members[i]));

		if (text[0])
			value_set_string(arena, id, id_members[i], text);
	}
	if (id->count)
		value_set(arena, object, name, id);
}

static void
show_phase2(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena *arena = tree_arena(tree);
	struct value *ciphers = value_list(arena);
	struct text   rest = record_text(record, "encryption-algorithm-option"), cipher;

	show_id(arena, record, "localid", object);
	show_id(arena, record, "remoteid", object);
	while (text_next(&rest, ",", &cipher))
		value_add(arena, ciphers, algorithm_of(arena, cipher));
	if (ciphers->count)
		value_set(arena, object, "encryption-algorithm-option", ciphers);
}

static void
fill_phase2(struct tree *tree, const struct value *object, struct record *record)
{
	static const char *const ids[] = { "localid", "remoteid" };
	struct arena            *arena = tree_arena(tree);
	const struct value      *ciphers = value_get(object, "encryption-algorithm-option");
	scoped_buffer            out = BUFFER_NONE;

	for (size_t i = 0; i < COUNT(ids); i++)
		for (size_t j = 0; j < COUNT(id_members); j++)
			record_set(record, arena_print(arena, "%s.%s", ids[i], id_members[j]),
				   to_string(arena, value_get(value_get(object, ids[i]), id_members[j])));
	for (size_t i = 0; i < value_count(ciphers); i++)
		buffer_print(&out, "%s%s", out.len ? "," : "", cipher_of(arena, value_at(ciphers, i)));
	record_set(record, "encryption-algorithm-option", arena_copy(arena, buffer_text(&out)));
}

const struct mount mount_phases2 = {
	.path = "ipsec/phase2",
	.resource = "ipsec.phase2",
	.shape = MOUNT_LIST,
	.members = phase2_members,
	.show = show_phase2,
	.fill = fill_phase2,
};
