/*
 * dialect/opnsense/former.h: what clients of older releases send and read, told as what there is
 * today. Where a client sends what is of today too, that counts.
 */
#pragma once

#include "dialect/opnsense/call.h"

/* Fields of a record that had another name or other words: false when one is no switch. */
bool former_fill(struct call *, struct record *, const struct value *sent);

/* A field that one of today stands for: how it is called in the model, and whose value it is. */
struct former {
	const char          *path;
	const struct record *record;
	size_t               field;
};

/*
 * The block of settings that were one and are records now: those of the first record, or as if it
 * were there and switched off. NULL: the model has none.
 */
const struct former *former_block(const struct view *, const char *model, size_t *count);

/*
 * The block as it was sent goes to the first record, which is made when there is none and the block
 * says anything. False: something is no text. In LANE_COMMIT.
 */
bool former_set_block(struct call *, const char *model, const struct value *sent, struct faults *);
