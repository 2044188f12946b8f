/* Reading XML through expat: no entities of the document's own, nothing from outside. */
#include "api/xml.h"

#include <ctype.h>
#include <expat.h>
#include <string.h>

struct reading {
	struct arena *arena;
	XML_Parser    parser;
	struct xml   *root, *open;
	struct buffer text;
	size_t        depth, nodes;
	const char   *refusal;
};

static void
refuse(struct reading *reading, const char *why)
{
	reading->refusal = why;
	XML_StopParser(reading->parser, XML_FALSE);
}

static void
take_attributes(struct reading *reading, struct xml *node, const char **attributes)
{
	const char **taken;
	size_t       n = 0;

	while (attributes[n])
		n++;
	if (n == 0)
		return;
	taken = ARENA_MAKE(reading->arena, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		taken[i] = arena_copy(reading->arena, text_of(attributes[i]));
	for (size_t i = 0; i < n; i += 2)
		if (strcmp(taken[i], "uuid") == 0)
			node->uuid = taken[i + 1];
	node->attributes = taken;
}

static void
start(void *context, const char *name, const char **attributes)
{
	struct reading *reading = context;

	if (++reading->depth > XML_DEPTH_MAX || ++reading->nodes > XML_NODES_MAX) {
		refuse(reading, "too deep or too many elements");
		return;
	}
	struct xml *node = xml_make(reading->arena, reading->open, arena_copy(reading->arena, text_of(name)));

	take_attributes(reading, node, attributes);
	if (!reading->open)
		reading->root = node;
	reading->open = node;
	buffer_cut(&reading->text, 0);
}

static void
characters(void *context, const char *bytes, int len)
{
	struct reading *reading = context;

	buffer_add(&reading->text, (struct text){ bytes, (size_t)len });
}

static void
end(void *context, const char *name)
{
	struct reading   *reading = context;
	struct xml       *node = reading->open;
	const struct text text = buffer_text(&reading->text);

	(void)name;
	/* Text of an element with children is only the layout of the file, and so are blanks alone. */
	if (!node->first && text_trim(text).len > 0)
		node->text = (struct text){ arena_copy(reading->arena, text), text.len };
	buffer_cut(&reading->text, 0);
	reading->open = node->parent;
	reading->depth--;
}

static void
declares_entity(void *context, const char *name, int is_parameter, const char *value, int len, const char *base,
                const char *outside, const char *name_of_it, const char *notation)
{
	(void)name, (void)is_parameter, (void)value, (void)len, (void)base, (void)outside, (void)name_of_it, (void)notation;
	refuse(context, "it declares entities");
}

struct xml *
xml_read(struct arena *arena, struct text text, const char **message)
{
	struct reading reading = { .arena = arena, .parser = XML_ParserCreate(NULL) };

	if (!reading.parser || text.len > XML_BYTES_MAX) {
		*message = "too big";
		XML_ParserFree(reading.parser);
		return NULL;
	}
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, start, end);
	XML_SetCharacterDataHandler(reading.parser, characters);
	XML_SetEntityDeclHandler(reading.parser, declares_entity);
	const bool well = XML_Parse(reading.parser, text.ptr ? text.ptr : "", (int)text.len, 1) == XML_STATUS_OK;

	if (reading.refusal)
		*message = reading.refusal;
	else if (!well)
		*message = arena_print(arena, "line %lu: %s", XML_GetCurrentLineNumber(reading.parser),
				       XML_ErrorString(XML_GetErrorCode(reading.parser)));
	XML_ParserFree(reading.parser);
	buffer_clear(&reading.text);
	return well && !reading.refusal ? reading.root : NULL;
}

/* --- making one ---------------------------------------------------------------------------------------- */

struct xml *
xml_make(struct arena *arena, struct xml *parent, const char *name)
{
	struct xml *node = ARENA_MAKE(arena, struct xml, 1);

	node->name = name;
	node->text = TEXT("");
	node->parent = parent;
	if (!parent)
		return node;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

/* --- moving in the tree ------------------------------------------------------------------------------ */

static struct xml *
find(struct xml *node, struct text name)
{
	while (node && !text_is(name, node->name))
		node = node->next;
	return node;
}

struct xml *
xml_child(const struct xml *parent, const char *name)
{
	return parent ? find(parent->first, text_of(name)) : NULL;
}

struct xml *
xml_next(const struct xml *node)
{
	return node ? find(node->next, text_of(node->name)) : NULL;
}

struct xml *
xml_path(const struct xml *from, const char *path)
{
	struct text rest = text_of(path), step;

	while (from && text_next(&rest, "/.", &step))
		if (step.len > 0)
			from = find(from->first, step);
	return (struct xml *)from;
}

struct xml *
xml_make_path(struct arena *arena, struct xml *from, const char *path)
{
	struct text rest = text_of(path), step;

	while (text_next(&rest, "/.", &step)) {
		if (step.len == 0)
			continue;
		struct xml *next = find(from->first, step);

		from = next ? next : xml_make(arena, from, arena_copy(arena, step));
	}
	return from;
}

const char *
xml_value(const struct xml *parent, const char *name)
{
	const struct xml *child = xml_child(parent, name);

	return child ? child->text.ptr : "";
}

/* --- writing ---------------------------------------------------------------------------------------------- */

void
xml_write_text(struct buffer *buffer, const char *string)
{
	for (; *string; string++) {
		const unsigned char c = (unsigned char)*string;

		if (c == '&')
			buffer_add_string(buffer, "&amp;");
		else if (c == '<')
			buffer_add_string(buffer, "&lt;");
		else if (c == '>')
			buffer_add_string(buffer, "&gt;");
		else if (c == '\r')
			buffer_add_string(buffer, "&#13;");
		else if (c >= 0x20 || c == '\n' || c == '\t')
			buffer_add_byte(buffer, *string);
	}
}

static void
write_node(struct buffer *buffer, const struct xml *node, int depth)
{
	buffer_print(buffer, "%*s<%s", depth * 2, "", node->name);
	if (node->uuid)
		buffer_print(buffer, " uuid=\"%s\"", node->uuid);
	if (!node->first && node->text.len == 0) {
		buffer_add_string(buffer, "/>\n");
		return;
	}
	buffer_add_byte(buffer, '>');
	xml_write_text(buffer, node->text.ptr);
	if (node->first) {
		buffer_add_byte(buffer, '\n');
		for (const struct xml *child = node->first; child; child = child->next)
			write_node(buffer, child, depth + 1);
		buffer_print(buffer, "%*s", depth * 2, "");
	}
	buffer_print(buffer, "</%s>\n", node->name);
}

void
xml_write(struct buffer *buffer, const struct xml *root)
{
	buffer_add_string(buffer, "<?xml version=\"1.0\"?>\n");
	write_node(buffer, root, 0);
}

bool
xml_is_name(struct text t)
{
	if (t.len == 0 || !(isalpha((unsigned char)t.ptr[0]) || t.ptr[0] == '_'))
		return false;
	for (size_t i = 1; i < t.len; i++)
		if (!isalnum((unsigned char)t.ptr[i]) && !strchr("-_.", t.ptr[i]))
			return false;
	return true;
}
