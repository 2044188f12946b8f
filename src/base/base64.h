/* base/base64.h: bytes as letters (RFC 4648). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* Strict, with padding; NULL when malformed. *len may be NULL. */
const char *base64_decode(struct arena *, struct text, size_t *len);
const char *base64_encode(struct arena *, struct text);

/* Without padding, into at least t.len / 4 * 3 + 4 bytes; false when a character or the length is wrong. */
bool   base64_take(struct text, char *out, size_t *len);
/* With padding, into (t.len + 2) / 3 * 4 bytes; how many there are. */
size_t base64_put(struct text, char *out);
