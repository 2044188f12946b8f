/*
 * json/write.h: JSON printed straight into a buffer, without a tree.
 *
 * The writer puts the commas; the caller closes what it opened. Text that is not
 * valid UTF-8 comes out with U+FFFD for each bad byte, so that the result always is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"
#include "base/value.h"

enum {
	JSON_ESCAPE_SLASH = 1 << 0, /* "\/" */
	JSON_ASCII = 1 << 1,        /* everything past U+007F as \uXXXX, in lower case */
};

/* Made by { .out = buffer, .options = ... }; there is nothing to clear. */
struct json {
	struct buffer *out;
	unsigned       options;
	bool           comma; /* the next value needs one in front */
	unsigned       open;  /* objects and lists not closed yet */
};

void json_object(struct json *);
void json_object_end(struct json *);
void json_list(struct json *);
void json_list_end(struct json *);
/* The name of the next member of the object that is open. */
void json_name(struct json *, const char *);
void json_name_text(struct json *, struct text);

void json_text(struct json *, struct text);
void json_string(struct json *, const char *); /* NULL: null */
void json_number(struct json *, int64_t);
/* The shortest form that reads back the same; null when it is not a number. A whole one has no fraction. */
void json_real(struct json *, double);
void json_bool(struct json *, bool);
void json_null(struct json *);
void json_raw(struct json *, struct text); /* JSON already: copied as it is */
void json_value(struct json *, const struct value *); /* NULL: null */

/* A name and its value at once. */
void json_put_text(struct json *, const char *name, struct text);
void json_put_string(struct json *, const char *name, const char *);
void json_put_number(struct json *, const char *name, int64_t);
void json_put_bool(struct json *, const char *name, bool);
void json_put_null(struct json *, const char *name);
void json_put_value(struct json *, const char *name, const struct value *);
