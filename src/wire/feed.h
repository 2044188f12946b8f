/* wire/feed.h: what happens unasked (logged packets, ended connections, lines of logs), on its way from the keeper to the gate. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "wire/states.h"

/* The keeper keeps the newest of each in order, numbered from 1; what nobody fetched in time is lost. */
enum feed {
	FEED_PACKETS, /* struct feed_packet */
	FEED_FLOWS,   /* struct feed_flow */
	FEED_LINES,   /* struct feed_line */
	FEEDS
};

#define FEED_ENTRY_MAX  4096                     /* bytes of one entry */
#define FEED_KEPT_MAX   ((size_t)4 * 1024 * 1024) /* bytes of the entries of one feed */
#define FEED_BYTES_MAX  ((size_t)8 * 1024 * 1024) /* an answer */
#define FEED_ENTRIES_MAX 100000                   /* in one answer */

struct feed_entry {
	uint64_t    number;
	int64_t     time; /* microseconds since 1970 */
	struct text bytes;
};

struct feed_entries {
	const struct feed_entry *entries;
	size_t                   n;
};

/* A packet that a rule logged, as far as it was copied. */
#define FEED_PREFIX_MAX  127
#define FEED_PAYLOAD_MAX 256

struct feed_packet {
	uint32_t    in, out;  /* links; 0: none */
	uint16_t    protocol; /* ETH_P_* */
	uint8_t     hook;     /* NF_INET_* */
	struct text prefix;   /* the rule's; may be anything */
	struct text payload;  /* from the network header on */
};

/* A connection that the kernel has forgotten. */
struct feed_flow {
	struct state state;
	int64_t      started; /* milliseconds since 1970; 0: not known */
};

#define FEED_PROGRAM_MAX 63
#define FEED_TEXT_MAX    3072

/* One line of a log. */
struct feed_line {
	uint8_t     severity; /* as of RFC 5424: 0 emergency to 7 debug */
	uint32_t    pid;
	struct text program;
	struct text text;
};

/* Decoding is false when the bytes are anything but what encoding makes; *out is untouched then. Texts stay in the bytes. */
void feed_entries_encode(struct buffer *, const struct feed_entries *);
bool feed_entries_decode(struct arena *, struct text bytes, struct feed_entries *out);
void feed_packet_encode(struct buffer *, const struct feed_packet *);
bool feed_packet_decode(struct text bytes, struct feed_packet *out);
void feed_flow_encode(struct buffer *, const struct feed_flow *);
bool feed_flow_decode(struct text bytes, struct feed_flow *out);
void feed_line_encode(struct buffer *, const struct feed_line *);
bool feed_line_decode(struct text bytes, struct feed_line *out);
