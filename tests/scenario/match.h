/* tests/scenario/match.h: comparing an answer with a recorded one that has placeholders in it. */
#pragma once

#include "base/buffer.h"
#include "base/map.h"
#include "base/value.h"

/* What placeholders that are bound ("<uuid1>") stand for so far. */
struct bindings {
	struct arena *arena;
	struct map   *values; /* "<uuid1>" -> text */
	struct text   beside; /* lines "+PATH reason": a key that may be there and was not recorded */
};

/* Does the answer fit? Else the first difference, with its path, is written to difference. */
bool        value_fits(struct bindings *, const struct value *want, const struct value *have, bool unordered,
                       struct buffer *difference);
bool        text_fits(struct bindings *, struct text want, struct text have);
/* The text with all bound placeholders replaced; in the arena of the bindings. */
const char *fill_in(struct bindings *, struct text);
struct value *fill_in_value(struct bindings *, const struct value *);
