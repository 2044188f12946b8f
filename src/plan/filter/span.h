/* plan/filter/span.h: ranges of keys, to be sorted and joined. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	uint8_t first[16], last[16]; /* what is past the key's size is 0 */
};

/* The list is malloc'ed and freed by whoever made the struct, with .size set. */
struct spans {
	struct span *list;
	size_t       count, room;
	unsigned     size; /* of a key, at most 16 bytes */
};

void spans_add(struct spans *, const uint8_t *first, const uint8_t *last);
/* Sorted, without doubles; with `join`, what overlaps or touches becomes one. */
void spans_merge(struct spans *, bool join);
/* The keys one after the other; with `pairs`, first and last of each. */
void spans_write(const struct spans *, bool pairs, char *out);
