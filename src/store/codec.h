/* store/codec.h: a record as the store keeps it: JSON of the fields that differ from their preset, by name. */
#pragma once

#include "base/buffer.h"
#include "schema/schema.h"

void record_write(struct buffer *, const struct record *);
/*
 * A record of the arena with these fields; what is missing has its preset, names the resource does not
 * have are counted in *unknown. NULL: not what record_write() writes.
 */
struct record *record_read(struct arena *, const struct resource *, struct text json, size_t *unknown);
/* About how many bytes it takes in a configuration file. */
size_t record_bytes(const struct record *);
