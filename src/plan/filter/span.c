/* Ranges of keys as bytes in network order, so that comparing bytes compares numbers. */
#include "plan/filter/span.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

void
spans_add(struct spans *spans, const uint8_t *first, const uint8_t *last)
{
	if (spans->count == spans->room) {
		spans->room = spans->room ? spans->room * 2 : 16;
		spans->list = realloc(spans->list, spans->room * sizeof(*spans->list));
		BUG_IF(!spans->list, "out of memory");
	}
	struct span *span = &spans->list[spans->count++];

	*span = (struct span){ 0 };
	memcpy(span->first, first, spans->size);
	memcpy(span->last, last, spans->size);
}

static int
compare_spans(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct span));
}

static bool
is_sorted(const struct spans *spans)
{
	for (size_t i = 1; i < spans->count; i++)
		if (memcmp(&spans->list[i - 1], &spans->list[i], sizeof(struct span)) > 0)
			return false;
	return true;
}

/* Does `next` begin at or before what follows `last`? */
static bool
touches(const uint8_t *last, const uint8_t *next, unsigned size)
{
	uint8_t after[16];

	memcpy(after, last, size);
	for (unsigned i = size; i-- > 0;)
		if (++after[i] != 0)
			return memcmp(next, after, size) <= 0;
	return true;
}

void
spans_merge(struct spans *spans, bool join)
{
	size_t kept = 0;

	if (spans->count == 0)
		return;
	if (!is_sorted(spans))
		qsort(spans->list, spans->count, sizeof(struct span), compare_spans);
	for (size_t i = 1; i < spans->count; i++) {
		struct span *have = &spans->list[kept];
		struct span *next = &spans->list[i];
		const bool   same = memcmp(have->first, next->first, spans->size) == 0;

		if (join ? touches(have->last, next->first, spans->size) : same) {
			if (memcmp(next->last, have->last, spans->size) > 0)
				memcpy(have->last, next->last, spans->size);
		} else if (++kept != i) {
			spans->list[kept] = *next;
		}
	}
	spans->count = kept + 1;
}

void
spans_write(const struct spans *spans, bool pairs, char *out)
{
	for (size_t i = 0; i < spans->count; i++) {
		memcpy(out, spans->list[i].first, spans->size);
		out += spans->size;
		if (!pairs)
			continue;
		memcpy(out, spans->list[i].last, spans->size);
		out += spans->size;
	}
}
