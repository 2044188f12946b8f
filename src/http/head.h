/* http/head.h: is the head of a request one that every server reads alike? */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/*
 * libmicrohttpd leaves a head in one piece of memory: it puts NULs for the blanks of the request
 * line, for the colons and for the ends of lines, and a name or value ends at its first NUL. Given
 * the parts where they lie, what is between them tells about folded lines and NULs inside of lines.
 * One thing cannot be told: a NUL right before a bare LF looks like CR LF.
 */
struct head {
	const char *end;    /* of what was looked at, inside the head */
	unsigned    status; /* 0: fine so far, otherwise the answer to give: 400, 413 */
	bool        old;    /* HTTP/1.0 */
	bool        chunked;
	uint64_t    length; /* of the body, as announced */
	unsigned    fields;
	unsigned    hosts, lengths, codings;
};

/* Method and version end in NUL. The place is where the target lies in the head; what lies there is
 * not looked at. */
void head_begin(struct head *, const char *method, const char *place, struct text target,
		const char *version);
void head_field(struct head *, struct text name, struct text value);
/* The end of the empty line. Returns the status. */
unsigned head_finish(struct head *, const char *end);

/* The path of a target: what the absolute form has in front is cut off. Empty when it is no target
 * for us. */
struct text head_path(struct text target);
