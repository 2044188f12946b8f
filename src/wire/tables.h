/* wire/tables.h: sets of the packet filter and its counters, on their way from the keeper to the gate. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

#define TABLE_NAME_MAX     127
#define TABLE_KEYS_MAX     ((size_t)64 * 1024 * 1024) /* bytes of a listing */
#define TABLE_CHANGE_MAX   16384                      /* bytes of the keys one order adds or deletes */
#define RULE_COUNTS_MAX    65536
#define ELEMENT_COUNTS_MAX 262144 /* of one set */
#define ELEMENT_COUNTS_BYTES_MAX ((size_t)ELEMENT_COUNTS_MAX * 32 + 64)

/* One set as a whole. */
struct table {
	const char *name;
	uint8_t     type;     /* enum set_type */
	bool        interval; /* its keys come in pairs, first and last */
	bool        dynamic;  /* filled at run time */
	uint64_t    count;
};

struct tables {
	const struct table *tables;
	size_t              n;
};

/* The keys of one set, one behind the other. */
struct table_keys {
	uint8_t     type;
	bool        interval;
	uint64_t    count; /* how many there are; `keys` may have fewer */
	struct text keys;
};

/* What rules have counted and how many connections carry their mark, by index. */
struct rule_count {
	uint32_t index;
	uint64_t packets, bytes, states;
};

/* Of all that count, and of those that are gone but still have connections. */
struct rule_counts {
	const struct rule_count *counts;
	size_t                   n;
};

/* What the single elements of a set have counted, if they count. */
struct element_count {
	uint8_t  key[16]; /* as many bytes count as the type has */
	uint64_t packets, bytes;
};

struct element_counts {
	uint8_t                     type; /* enum set_type */
	const struct element_count *counts;
	size_t                      n;
};

/* Decoding is false when the bytes are anything but what encoding makes; *out is untouched then. */
void tables_encode(struct buffer *, const struct tables *);
bool tables_decode(struct arena *, struct text bytes, struct tables *out);
void table_keys_encode(struct buffer *, const struct table_keys *);
/* The keys stay in the bytes. */
bool table_keys_decode(struct text bytes, struct table_keys *out);
void rule_counts_encode(struct buffer *, const struct rule_counts *);
bool rule_counts_decode(struct arena *, struct text bytes, struct rule_counts *out);
void element_counts_encode(struct buffer *, const struct element_counts *);
bool element_counts_decode(struct arena *, struct text bytes, struct element_counts *out);
