/*
 * proc/lane/tags.h: a client that wants to change only what it has seen (RFC 9110, 13.1.1).
 *
 * The tag of an answer is the revision of the whole configuration: a change of anything makes it another. A client asks for
 * it with the header X-Drawbridge-ETag, and sends it in If-Match with what is to be done only if nothing has changed since.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define TAG_MAX 24 /* bytes, with the NUL */

void tag_print(char tag[static TAG_MAX], uint64_t revision);
/* Is the revision's tag in the list, or is it "*"? An empty header asks for nothing. */
bool tag_matches(struct text header, uint64_t revision);
