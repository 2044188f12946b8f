/* What rules refer to: <aliases><alias> and <schedules><schedule>. */
#include <string.h>

#include "api/older/element.h"
#include "api/older/older.h"
#include "base/bug.h"
#include "schema/record.h"
#include "schema/schema.h"

#define ALIAS_MODEL "OPNsense/Firewall/Alias"

/* clang-format off */
static const struct element alias_elements[] = {
	{ "name", "name" },
	{ "type", "type" },
	{ "updatefreq", "updatefreq" },
	{ "proto", "proto" },
	{ "descr", "description" },
};

static const struct element schedule_elements[] = {
	{ "name", "name" },
	{ "schedlabel", "label" },
	{ "descr", "descr" },
};

static const char *const range_elements[] = { "position", "month", "day", "hour", "rangedescr" };
/* clang-format on */

void
older_make_room(struct change *change, const char *name)
{
	const struct resource   *resource = schema_named(snapshot_schema(change_snapshot(change)), name);
	const struct collection *records = snapshot_collection(change_snapshot(change), resource);

	while (collection_count(records) > 0) {
		change_remove(change, resource, text_of(collection_at(records, collection_count(records) - 1)->uuid));
		records = snapshot_collection(change_snapshot(change), resource);
	}
}

/* --- Aliases ----------------------------------------------------------------------------------------------- */

static void
add_member(struct buffer *out, struct text member)
{
	if (member.len == 0)
		return;
	if (out->len)
		buffer_add_byte(out, '\n');
	buffer_add(out, member);
}

/* Members between blanks; URLs have elements of their own, and what they said then stands beside them. */
static const char *
members_of(struct arena *arena, struct xml *node, bool is_fetched)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   rest = text_of(element_take(node, "address")), member;

	for (size_t i = 0; i < 2; i++)
		for (struct xml *url = xml_child(node, i ? "url" : "aliasurl"); url; url = xml_next(url)) {
			url->is_used = true;
			if (is_fetched)
				add_member(&out, text_trim(url->text));
		}
	while ((!is_fetched || out.len == 0) && text_next(&rest, " ", &member))
		add_member(&out, member);
	return arena_copy(arena, buffer_text(&out));
}

/* Notes of members are kept where the other dialect looks for them, as JSON. */
static void
fill_notes(struct arena *arena, struct xml *node, struct record *alias)
{
	const struct text notes = text_of(element_take(node, "detail"));
	scoped_buffer     out = BUFFER_NONE;

	if (notes.len == 0)
		return;
	buffer_add_string(&out, "{\"detail\":\"");
	for (size_t i = 0; i < notes.len; i++) {
		const char c = notes.ptr[i];

		if (c == '"' || c == '\\')
			buffer_add_byte(&out, '\\');
		buffer_add_byte(&out, (unsigned char)c < ' ' ? ' ' : c);
	}
	buffer_add_string(&out, "\"}");
	record_set(alias, "pfsense", arena_copy(arena, buffer_text(&out)));
}

static void
import_alias(struct change *change, struct arena *arena, struct xml *node, size_t number, struct buffer *report)
{
	struct record    *alias = element_begin(change, arena, node, "firewall.alias", alias_elements, COUNT(alias_elements));
	const char       *type = element_take(node, "type");
	const bool        is_fetched = strncmp(type, "url", 3) == 0, is_ports = strcmp(type, "url_ports") == 0;
	struct element_of of = { "aliases/alias", number, record_get(alias, "name") };

	record_set(alias, "content", members_of(arena, node, is_fetched && !is_ports));
	if (strcmp(type, "urltable_ports") == 0 || (is_ports && !element_take(node, "address")[0])) {
		buffer_print(report, "not mapped: %s %zu (%s): ports from a URL\n", of.place, of.number, of.descr);
		return;
	}
	if (is_ports) {
		record_set(alias, "type", "port");
		buffer_print(report, "not mapped: %s %zu (%s): its ports stay as they are, and are not fetched again\n", of.place,
			     of.number, of.descr);
	}
	fill_notes(arena, node, alias);
	element_report(&of, node, report);
	change_put(change, alias);
}

void
older_aliases_import(struct change *change, struct arena *arena, struct xml *root, struct buffer *report)
{
	struct xml *node = xml_path(root, "aliases/alias");
	size_t      number = 0;

	/* What has moved to the model counts. */
	if (!node || !node->first || xml_path(root, ALIAS_MODEL))
		return;
	older_make_room(change, "firewall.alias");
	for (; node; node = xml_next(node))
		import_alias(change, arena, node, ++number, report);
}

/* --- Schedules ---------------------------------------------------------------------------------------------- */

/* A line each: position|month|day|hour|rangedescr. */
static const char *
ranges_of(struct arena *arena, struct xml *node)
{
	scoped_buffer out = BUFFER_NONE;

	for (struct xml *range = xml_child(node, "timerange"); range; range = xml_next(range)) {
		range->is_used = true;
		if (out.len)
			buffer_add_byte(&out, '\n');
		for (size_t i = 0; i < COUNT(range_elements); i++) {
			const struct text part = text_of(element_take(range, range_elements[i]));

			if (i)
				buffer_add_byte(&out, '|');
			for (size_t n = 0; n < part.len; n++)
				buffer_add_byte(&out, part.ptr[n] == '\n' || part.ptr[n] == '|' ? ' ' : part.ptr[n]);
		}
	}
	return arena_copy(arena, buffer_text(&out));
}

void
older_schedules_import(struct change *change, struct arena *arena, struct xml *root, struct buffer *report)
{
	struct xml       *node = xml_path(root, "schedules/schedule");
	struct element_of of = { "schedules/schedule", 0, "" };

	if (!node || !node->first)
		return;
	older_make_room(change, "firewall.schedule");
	for (; node; node = xml_next(node)) {
		struct record *schedule =
			element_begin(change, arena, node, "firewall.schedule", schedule_elements, COUNT(schedule_elements));

		of.number++;
		of.descr = record_get(schedule, "name");
		record_set(schedule, "ranges", ranges_of(arena, node));
		element_report(&of, node, report);
		change_put(change, schedule);
	}
}
