/* wire/states.h: connections as the kernel tracks them, on their way from the keeper to the gate. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "wire/reader.h"
#include "wire/writer.h"

#define STATES_MAX       1000000 /* in one answer */
#define STATES_BYTES_MAX ((size_t)STATES_MAX * 200)

struct state_end {
	struct address address;
	uint16_t       port; /* of ICMP: its identifier */
};

struct state {
	uint32_t         id;    /* the kernel's; short */
	uint32_t         mark;  /* backends.md 5.2 */
	uint32_t         left;  /* seconds until it is forgotten if nothing comes */
	uint32_t         age;   /* seconds; 0 where the kernel does not keep time */
	uint8_t          protocol;
	uint8_t          progress; /* of TCP: the kernel's number, TCP_CONNTRACK_* */
	bool             replied;
	bool             assured;
	struct state_end source, destination;       /* of the first packet */
	struct state_end reply_source, reply_destination; /* of the answers */
	uint64_t         packets[2], bytes[2];      /* there and back */
};

struct states {
	const struct state *states;
	size_t              n;
	uint64_t            total; /* how many there are that match */
};

/* One. The reader is the caller's to ask whether it got all. */
void         state_encode(struct buffer *, const struct state *);
struct state state_decode(struct reader *);
void states_encode(struct buffer *, const struct states *);
/* False when the bytes are anything but what states_encode() makes; *out is untouched then. */
bool states_decode(struct arena *, struct text bytes, struct states *out);

/* Which ones. Everything that is zero does not matter. */
struct state_filter {
	uint32_t      mark, mask;
	uint32_t      id;
	uint8_t       protocol;
	struct prefix source, destination; /* of the first packet, before any translation, or as translated */
	struct prefix either;              /* any of the four addresses */
	uint16_t      source_port, destination_port;
};

void                put_state_filter(struct writer *, const struct state_filter *);
struct state_filter get_state_filter(struct reader *);
/* Does nothing matter? */
bool                state_filter_is_empty(const struct state_filter *);
bool                state_matches(const struct state_filter *, const struct state *);
