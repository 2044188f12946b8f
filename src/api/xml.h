/* api/xml.h: XML as a tree, with limits. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

#define XML_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define XML_DEPTH_MAX 64
#define XML_NODES_MAX 4000000

/* An element. */
struct xml {
	const char *name;
	const char *uuid; /* NULL: none */
	const char *const *attributes; /* names and values by turns, NULL behind the last; NULL: none */
	struct text text; /* of an element without children, unless it is blank; references resolved; ends in NUL */
	bool        is_used; /* for whoever wants to know what was left over */
	struct xml *parent, *first, *last, *next;
};

/* The root element, made in the arena; NULL with a message when it is not well-formed, too big, or defines entities. */
struct xml *xml_read(struct arena *, struct text, const char **message);

/* The first child of that name; NULL when there is none or the parent is NULL. */
struct xml *xml_child(const struct xml *, const char *name);
/* The next element of the same name behind this one. */
struct xml *xml_next(const struct xml *);
/* Down a path of names between "/" (or "."); the element itself for "". */
struct xml *xml_path(const struct xml *, const char *path);
/* The text of a child, "" when there is none. */
const char *xml_value(const struct xml *, const char *name);

/* A new last child; a root when parent is NULL. The name is not copied. */
struct xml *xml_make(struct arena *, struct xml *parent, const char *name);
/* The element at a path of names between "/" or ".", made where it is missing. */
struct xml *xml_make_path(struct arena *, struct xml *from, const char *path);
/* The whole below (and with) an element, indented, as a document. */
void xml_write(struct buffer *, const struct xml *root);
/* A text between tags: "&", "<", ">" escaped; what XML 1.0 does not allow is left out. */
void xml_write_text(struct buffer *, const char *);
bool xml_is_name(struct text); /* may it be a tag of ours: letter or "_", then letters, digits, "-", "_", "." */
