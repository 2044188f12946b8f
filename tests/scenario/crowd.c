/* Filling collections. What is put was not checked: it only has to look like what was. */
#include "scenario/crowd.h"

#include <string.h>

#include "base/address.h"
#include "base/number.h"
#include "schema/types.h"

#define UUID_START "c0000000-"

const char *
crowd_uuid(struct arena *arena, unsigned n)
{
	return arena_print(arena, UUID_START "0000-4000-8000-%012u", n);
}

/*
 * Where a value of another form tells records apart better: for '#' the record's number, for '~' the same in sixteens, for '$' and
 * '%' its two lower bytes, for '@' the uuid of such a record in any collection.
 */
static const struct {
	const char *resource, *field, *form;
} forms[] = {
	{ "dhcrelay.relay", "interface", "@" },
	{ "dnsmasq.host", "cnames", "a#.example.net,b#.example.net" },
	{ "dnsmasq.range", "domain", "d#.example.net" },
	{ "firewall.group", "ifname", "g#x" },
	{ "interfaces.bridge", "bridgeif", "bridge#" },
	{ "interfaces.gif", "gifif", "gif#" },
	{ "interfaces.gre", "greif", "gre#" },
	{ "interfaces.lagg", "laggif", "lagg#" },
	{ "interfaces.lagg", "members", "a#,b#" },
	{ "interfaces.vip", "subnet", "10.77.$.%" },
	{ "interfaces.vip", "subnet_bits", "16" },
	{ "interfaces.vlan", "vlanif", "vlan0#" },
	{ "kea.pd_pool", "prefix", "2001:db9:~:100::" },
	{ "kea.pd_pool", "prefix_len", "56" },
	{ "kea.pd_pool", "delegated_len", "64" },
	{ "routing.gateway", "monitor", "10.77.$.%" },
	{ "routing.gateway_group", "item", "WALK_#" },
	{ "auth.group", "member", "#" },
};

static const char *
form_for(const struct resource *resource, const struct field *field)
{
	for (size_t i = 0; i < COUNT(forms); i++)
		if (strcmp(forms[i].resource, resource->name) == 0 && strcmp(forms[i].field, field->name) == 0)
			return forms[i].form;
	return NULL;
}

static const char *
formed(struct arena *arena, const char *form, unsigned n)
{
	scoped_buffer out = BUFFER_NONE;

	for (; *form; form++) {
		if (*form == '#')
			buffer_print(&out, "%u", n + 1);
		else if (*form == '~')
			buffer_print(&out, "%x", n);
		else if (*form == '@')
			buffer_add_string(&out, crowd_uuid(arena, n));
		else if (*form == '$' || *form == '%')
			buffer_print(&out, "%u", (*form == '$' ? n >> 8 : n) & 255);
		else
			buffer_add_byte(&out, *form);
	}
	return arena_copy(arena, buffer_text(&out));
}

/* A value of the same form as this one, but the n-th's own. */
static const char *
varied(struct arena *arena, const char *value, unsigned n)
{
	const struct text text = text_of(value);
	struct address    address;
	struct prefix     prefix;
	int64_t           number;

	if (number_read(text, 0, 1000000000, &number))
		return arena_print(arena, "%lld", (long long)number + 100 + n);
	if (address_read(text, &address))
		return strchr(value, ':') ? arena_print(arena, "2001:db8:77::%x", n) :
					    arena_print(arena, "10.77.%u.%u", n >> 8 & 255, n & 255);
	if (prefix_read(text, &prefix))
		return strchr(value, ':') ? arena_print(arena, "2001:db8:%x::/48", n) :
					    arena_print(arena, "10.%u.%u.0/24", n >> 8 & 255, n & 255);
	if (text.len == 17 && value[2] == ':')
		return arena_print(arena, "02:00:00:%02x:%02x:%02x", n >> 16 & 255, n >> 8 & 255, n & 255);
	return arena_print(arena, "%s_%u", value, n);
}

/* Does it tell records apart, or is it free text that somebody wrote? */
static bool
is_varied(const struct record *record, size_t at)
{
	const struct resource *resource = record->resource;
	const struct field    *field = &resource->fields[at];
	const char            *value = record->values[at];

	if (value[0] == '\0' || field->type == &type_boolean)
		return false;
	if (resource->key && strcmp(resource->key, field->name) == 0)
		return true;
	for (size_t i = 0; i < field->nconstraints; i++)
		if (field->constraints[i].kind == CONSTRAINT_UNIQUE)
			return true;
	return !field->type->is_list && !field->nchoices && !field->nrelations && !(field->flags & (VOLATILE | SECRET)) &&
	       !(field->preset && strcmp(field->preset, value) == 0);
}

void
crowd_fill(struct walk_box *box, const struct resource *resource, const char *like, unsigned count)
{
	const struct snapshot *snapshot = store_snapshot(harness_store(box->harness));
	const struct record   *model = collection_find(snapshot_collection(snapshot, resource), text_of(like));
	struct snapshot       *draft = snapshot_new(snapshot_schema(snapshot));

	for (unsigned n = 0; n < count; n++) {
		scoped_arena   arena = arena_new();
		struct record *record = record_copy(arena, model);

		memcpy(record->uuid, crowd_uuid(arena, n), UUID_LENGTH + 1);
		for (size_t i = 0; i < resource->nfields; i++) {
			const char *form = form_for(resource, &resource->fields[i]);

			if (form)
				record_put(record, i, formed(arena, form, n));
			else if (is_varied(record, i))
				record_put(record, i, varied(arena, record->values[i], n));
		}
		record->place = n;
		struct record *sealed = record_seal(record);

		snapshot_put(draft, sealed);
		record_release(sealed);
	}
	harness_fill(box->harness, draft);
	snapshot_release(draft);
	snapshot_release(snapshot);
}

void
crowd_clear(struct walk_box *box, const struct resource *resource)
{
	scoped_arena             arena = arena_new();
	const struct snapshot   *snapshot = store_snapshot(harness_store(box->harness));
	const struct collection *records = snapshot_collection(snapshot, resource);
	struct batch            *batch = store_begin(harness_store(box->harness));
	struct change           *change = batch_change(batch, arena, NULL);

	for (size_t i = 0; i < collection_count(records); i++)
		if (text_starts(text_of(collection_at(records, i)->uuid), TEXT(UUID_START)))
			change_remove(change, resource, text_of(collection_at(records, i)->uuid));
	batch_accept(batch, change, true);
	BUG_IF(batch_commit(batch, NULL) != RESULT_DONE, "nothing can be taken away");
	snapshot_release(snapshot);
}
