/*
 * Sections are made the trees that this API's clients write, and then are kept as theirs: what has a record becomes one, the rest
 * stays beside it.
 */
#include "dialect/pfsense/import.h"

#include <string.h>

#include "api/request.h"
#include "api/xml.h"
#include "dialect/pfsense/tree.h"

/* Who was read already, even in part, is passed over. */
static const struct section_row {
	const char *name;
	const char *only; /* its members that count, comma separated; NULL: all */
	bool        is_idle; /* nothing here acts on it yet */
} sections[] = {
	{ "dhcpd" },
	{ "unbound" },
	{ "syslog" },
	{ "notifications", "smtp" },
	{ "installedpackages", "servicewatchdog,package" },
	{ "openvpn" },
	{ "dyndnses", .is_idle = true },
	{ "shaper", .is_idle = true },
	{ "dnshaper" },
};

/* Elements that are a list also when there is one of them only. */
static const char *const lists[] = {
	"acls", "domainoverrides", "dnsserver", "dyndns", "hosts", "item", "key", "ntpserver", "openvpn-client", "openvpn-csc", "openvpn-server",
	"package", "pool", "queue", "row", "staticmap", "winsserver",
};

static bool
is_list(const struct xml *node)
{
	for (size_t i = 0; i < COUNT(lists); i++)
		if (strcmp(lists[i], node->name) == 0)
			return true;
	return xml_next(node) != NULL;
}

static bool
any_used(const struct xml *node)
{
	bool is_used = node->is_used;

	for (const struct xml *child = node->first; child && !is_used; child = child->next)
		is_used = any_used(child);
	return is_used;
}

static struct value *value_of(struct arena *, struct xml *);

static void
add_child(struct arena *arena, struct value *object, struct xml *child)
{
	struct value *one = value_of(arena, child), *before = value_get(object, child->name);

	if (!value_is(before, VALUE_LIST) && is_list(child)) {
		before = value_list(arena);
		value_set(arena, object, child->name, before);
	}
	if (value_is(before, VALUE_LIST))
		value_add(arena, before, one);
	else
		value_set(arena, object, child->name, one);
}

/* Depth is bounded by the reader of the file. */
static struct value *
value_of(struct arena *arena, struct xml *node)
{
	struct value *object = value_object(arena);

	node->is_used = true;
	if (!node->first)
		return value_text(arena, node->text);
	for (struct xml *child = node->first; child; child = child->next)
		add_child(arena, object, child);
	return object;
}

/* Of packages only this API itself. */
static bool
counts(const struct section_row *row, const struct xml *child)
{
	if (strcmp(child->name, "package") == 0)
		return strcmp(xml_value(child, "name"), "API") == 0 && xml_child(child, "conf");
	return !row->only || text_lists(text_of(row->only), text_of(child->name));
}

static struct value *
read_section(struct arena *arena, const struct section_row *row, struct xml *node)
{
	struct value *section = value_object(arena);

	for (struct xml *child = node->first; child; child = child->next)
		if (counts(row, child))
			add_child(arena, section, child);
	return section;
}

void
pfsense_import(struct change *change, struct arena *arena, struct xml *root, struct buffer *report)
{
	struct request request = { .arena = arena, .change = change, .snapshot = change_snapshot(change), .lane = LANE_COMMIT };
	struct tree   *tree = tree_make(&request);
	const char    *message = NULL;

	if (strcmp(root->name, "pfsense") != 0)
		return;
	for (size_t i = 0; i < COUNT(sections); i++) {
		struct xml       *node = xml_child(root, sections[i].name);
		const struct text name = text_of(sections[i].name);

		if (!node || !node->first || any_used(node))
			continue;
		struct value *section = read_section(arena, &sections[i], node);

		if (section->count == 0)
			continue;
		tree_set(tree, &name, 1, section);
		if (sections[i].is_idle)
			buffer_print(report, "kept for pfSense's API, without effect: %s\n", sections[i].name);
	}
	if (tree_is_changed(tree) && tree_save(tree, &message) != RESULT_DONE)
		buffer_print(report, "not kept for pfSense's API: %s\n", message ? message : "");
}
