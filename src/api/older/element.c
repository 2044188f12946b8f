/* Each element has a field, is history, or is reported. */
#include "api/older/element.h"

#include <ctype.h>
#include <string.h>

#include "base/bug.h"
#include "schema/record.h"
#include "schema/schema.h"

/* clang-format off */
/* Who made it, when, and numbers that meant something there. */
static const char *const history[] = { "id", "tracker", "ridentifier", "associated-rule-id", "created", "updated" };

/* Elements without a field that change what becomes of a packet, but not which it is about. */
static const char *const harmless[] = { "ackqueue", "defaultqueue", "dnpipe", "pdnpipe", "vlanprioset" };
/* clang-format on */

static bool
is_one_of(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static void
use_all(struct xml *node)
{
	node->is_used = true;
	for (struct xml *child = node->first; child; child = child->next)
		use_all(child);
}

const char *
element_take(struct xml *rule, const char *path)
{
	struct xml *node = xml_path(rule, path);

	if (!node)
		return "";
	node->is_used = true;
	return node->text.len ? node->text.ptr : "";
}

bool
element_is_set(struct xml *rule, const char *path)
{
	return xml_path(rule, path) && strcmp(element_take(rule, path), "0") != 0;
}

/* NULL: there is none of that name. */
static const char *
uuids_of(struct arena *arena, const struct snapshot *snapshot, const char *resource, struct text names)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   name;

	while (text_next(&names, ",", &name)) {
		const struct record *record = collection_where(snapshot_named(snapshot, resource), "name", name);

		if (!record)
			return NULL;
		if (out.len)
			buffer_add_byte(&out, ',');
		buffer_add_string(&out, record->uuid);
	}
	return arena_copy(arena, buffer_text(&out));
}

const char *
element_in_case(struct arena *arena, const char *word, int change(int))
{
	char *copy = arena_copy(arena, text_of(word));

	for (char *at = copy; *at; at++)
		*at = (char)change((unsigned char)*at);
	return copy;
}

/* "1024:65535" is "1024-65535" here. */
static const char *
ports_of(struct arena *arena, const char *value)
{
	char *copy = arena_copy(arena, text_of(value)), *colon = strchr(copy, ':');

	if (colon)
		*colon = '-';
	return copy;
}

static void
fill(struct change *change, struct arena *arena, const struct element *element, struct xml *node, struct record *rule)
{
	const bool  is_on = strcmp(node->text.len ? node->text.ptr : "", "0") != 0;
	const char *value = node->text.len ? node->text.ptr : "";

	if (element->form == AS_FLAG || element->form == AS_UNFLAG)
		value = is_on == (element->form == AS_FLAG) ? "1" : "0";
	else if (element->form == BY_NAME)
		value = uuids_of(arena, change_snapshot(change), element->resource, node->text);
	else if (element->form == IN_LOWER_CASE)
		value = element_in_case(arena, value, tolower);
	else if (element->form == AS_PORTS)
		value = ports_of(arena, value);
	if (!value)
		return;
	node->is_used = true;
	if (value[0])
		record_set(rule, element->field, value);
}

struct record *
element_begin(struct change *change, struct arena *arena, struct xml *node, const char *resource,
	      const struct element *elements, size_t count)
{
	struct record *record = record_make(arena, schema_named(snapshot_schema(change_snapshot(change)), resource));

	node->is_used = true;
	for (size_t i = 0; i < count; i++) {
		struct xml *place = xml_path(node, elements[i].path);

		if (place)
			fill(change, arena, &elements[i], place, record);
	}
	return record;
}

static bool
has_text(const struct xml *node)
{
	bool has = node->text.len > 0;

	for (const struct xml *child = node->first; child && !has; child = child->next)
		has = has_text(child);
	return has;
}

/* What nobody took. True: without it the rule would be for more. */
bool
element_report(const struct element_of *of, struct xml *node, struct buffer *report)
{
	bool is_wider = false;

	for (struct xml *child = node->first; child; child = child->next) {
		if (is_one_of(history, COUNT(history), child->name)) {
			use_all(child);
		} else if (child->first) {
			child->is_used = true;
			is_wider |= element_report(of, child, report);
		} else if (!child->is_used && has_text(child)) {
			child->is_used = true;
			buffer_print(report, "not mapped: %s %zu (%s): %s \"%s\"\n", of->place, of->number, of->descr,
				     child->name, child->text.ptr);
			is_wider |= !is_one_of(harmless, COUNT(harmless), child->name) &&
				    strcmp(child->name, "category") != 0 && strcmp(child->name, "overload") != 0;
		}
	}
	return is_wider;
}
