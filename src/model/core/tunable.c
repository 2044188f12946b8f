/* Item records of the Core.Tunables model. */
#include "model/checks.h"
#include "model/types.h"

#include <gnutls/crypto.h>

/* What the machine says of it: label and group of the fact are its description and its default. */
static const struct choice *
known(const struct record *tunable, const struct view *view)
{
	return facts_find(view->facts, "tunables", record_text(tunable, "tunable"));
}

static const char *
default_value(const struct record *tunable, const struct view *view)
{
	const struct choice *fact = known(tunable, view);

	return fact && fact->group ? fact->group : "";
}

/* "w": can be set. */
static const char *
type(const struct record *tunable, const struct view *view)
{
	return known(tunable, view) ? "w" : "";
}

/* clang-format off */
static const struct field fields[] = {
	{ "tunable", &type_text },
	{ "value", &type_text },
	{ "descr", &type_text },
	{ "default_value", &type_text, .flags = VOLATILE, .derive = default_value },
	{ "type", &type_text, .flags = VOLATILE, .derive = type },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

extern const struct resource core_tunable_resource;

/* Its key is the MD5 of its name: clients keep such keys. */
static const struct record *
builtin_make(const struct choice *fact, const struct view *view)
{
	struct record *record = record_make(view->arena, &core_tunable_resource);
	unsigned char  digest[16];

	BUG_IF(gnutls_hash_fast(GNUTLS_DIG_MD5, fact->key, strlen(fact->key), digest) != 0, "no MD5");
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(record->uuid + 2 * i, 3, "%02x", digest[i]);
	record_set(record, "tunable", fact->key);
	record_set(record, "descr", fact->label ? fact->label : "");
	return record;
}

/* Those of the machine that nobody has set. */
static const struct record *
builtin(size_t n, const struct view *view)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, "core.tunable") : NULL;
	size_t                   count;
	const struct choice     *facts = facts_list(view->facts, "tunables", &count);

	for (size_t i = 0; i < count; i++)
		if (!(records && collection_where(records, "tunable", text_of(facts[i].key))) && n-- == 0)
			return builtin_make(&facts[i], view);
	return NULL;
}

const struct resource core_tunable_resource = {
	.name = "core.tunable",
	.summary = "Item records of the Core.Tunables model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "tunable",
	.model = "Core.Tunables",
	.path = "item",
	.builtin = builtin,
	.touches = PART_TUNABLES,
	.faces = { [OPNSENSE] = FACES(
		{ "core/tunables", "_item", "sysctl", CRUD }) },
};
