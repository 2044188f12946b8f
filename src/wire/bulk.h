/* wire/bulk.h: putting together what is too big for a writer: payloads of sealed memory. reader.h takes it apart. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/buffer.h"
#include "wire/reader.h"
#include "wire/writer.h"

void bulk_u8(struct buffer *, uint8_t);
void bulk_u16(struct buffer *, uint16_t);
void bulk_u32(struct buffer *, uint32_t);
void bulk_u64(struct buffer *, uint64_t);
void bulk_text(struct buffer *, struct text);
void bulk_address(struct buffer *, const struct address *); /* FAMILY_NONE is fine */
void bulk_prefix(struct buffer *, const struct prefix *);

/* The same for orders, which are small. */
void put_address(struct writer *, const struct address *);
void put_prefix(struct writer *, const struct prefix *);

struct address get_address(struct reader *);
struct prefix  get_prefix(struct reader *);
