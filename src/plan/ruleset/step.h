/* plan/ruleset/step.h: the parts a compiled packet filter rule is made of, as bytes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/buffer.h"

/*
 * A rule is a row of steps, each a match that may end it or something that is done. They
 * travel from the gate to the keeper as bytes in a grammar that leaves no room for
 * anything else: a step says its kind and which of its fields are there. step_next() is strict,
 * so what it accepts can be printed or given to the kernel without another look.
 */

enum step_kind {
	STEP_MATCH = 1,  /* key [& mask] compare value [..value_to] */
	STEP_LOOKUP,     /* key in set `name` (COMPARE_NOT: not in it) */
	STEP_VERDICTS,   /* the verdict that map `name` has for key [& mask] */
	STEP_COUNTER,    /* count in the object `name` */
	STEP_COUNTERS,   /* count in the object that map `name` has for key & mask */
	STEP_LOG,        /* to NFLOG group `number` with prefix `name` */
	STEP_SET,        /* key = (key & mask) | value */
	STEP_COPY,       /* key = from & mask */
	STEP_LABEL,      /* set bit `number` of the connection's label */
	STEP_HAS_LABEL,  /* bit `number` is set */
	STEP_VERDICT,    /* `verdict`, with chain `name` for jump and goto */
	STEP_REJECT,     /* `number`: enum reject */
	STEP_NAT,        /* `nat`; value..value_to: addresses; number: ports; number2: flags; name: map of ports */
	STEP_NOTRACK,
	STEP_LIMIT,      /* at most `number` per unit (COMPARE_NOT: more than); number2: unit, LIMIT_BYTES, burst << 8 */
	STEP_STATES,     /* at most `number` connections (COMPARE_NOT: more than) */
	STEP_SOURCES,    /* add key to set `name`; `extra` is per element: see number2 */
	STEP_SYNPROXY,   /* answers handshakes; number: the segment size that it offers */
	STEP_PICK,       /* one in `number`, chosen by `pick`, is number2 */
	STEP_MSS,        /* no TCP segment larger than `number` */
	STEP_OBJECT,     /* what object `name` does; number: its kind */
	STEP_MAPPED,     /* key = what map `name` has for from; it has to have something */
	STEP_ASSIGN,     /* to the key that map `name` has not: one of `number` numbers from number2 on, in turn */
	STEP_COMMENT,    /* the record's uuid; last */
	STEP_KINDS
};

enum step_key {
	KEY_IIFNAME = 1,
	KEY_OIFNAME,
	KEY_NFPROTO,
	KEY_L4PROTO,
	KEY_IP_SADDR,
	KEY_IP_DADDR,
	KEY_IP6_SADDR,
	KEY_IP6_DADDR,
	KEY_SPORT,
	KEY_DPORT,
	KEY_ICMP_TYPE,
	KEY_ICMP6_TYPE,
	KEY_TCP_FLAGS,
	KEY_CT_STATE,
	KEY_CT_STATUS,
	KEY_CT_MARK,
	KEY_CT_DIRECTION,
	KEY_MARK,
	KEY_PRIORITY,
	KEY_FIB_SADDR,  /* type of the source address: local, broadcast... */
	KEY_FIB_DADDR,
	KEY_IP_TOS,     /* the DSCP byte */
	KEY_IP6_TOS,    /* the two bytes with the DSCP in 0x0fc0 */
	KEY_IP_FIRST,   /* version and header length: options are there when its low half is not 5 */
	KEY_ETHER_SADDR,
	KEY_IIFTYPE,
	KEY_SECPATH,    /* the kernel unwrapped it */
	KEY_RT_IPSEC,   /* the kernel will wrap it */
	KEY_LENGTH,     /* bytes of the packet */
	KEY_TCP_OFFSET, /* length of TCP's header in its upper half, in words */
	KEY_COUNT
};

enum step_compare {
	COMPARE_IS,
	COMPARE_NOT,
};

enum step_verdict { VERDICT_ACCEPT, VERDICT_DROP, VERDICT_JUMP, VERDICT_GOTO, VERDICT_RETURN };
enum step_reject { REJECT_RESET, REJECT_PORT, REJECT_PROHIBITED };
enum step_nat { NAT_SOURCE, NAT_DESTINATION, NAT_MASQUERADE };

enum step_nat_flag {
	NAT_RANDOM = 1, /* fully random ports */
	NAT_PERSISTENT = 2,
	NAT_NETMAP = 4, /* the address keeps its host bits: value..value_to is a prefix */
};

enum step_pick { PICK_IN_TURN, PICK_RANDOM, PICK_SOURCE4, PICK_SOURCE6 };

#define STEP_NAME_MAX 127
#define LIMIT_BYTES   0x80U /* of a limit: bytes are counted, not packets */

struct step {
	enum step_kind    kind;
	enum step_key     key, from;
	enum step_compare compare;
	enum step_verdict verdict;
	enum step_nat     nat;
	enum step_pick    pick;
	enum family       family; /* of a nat's addresses */
	bool              has_range, has_mask;
	struct text       name;
	uint8_t           value[16], value_to[16], mask[16];
	uint32_t          number, number2;
};

/* Connection states as the kernel's bits. */
enum {
	CT_INVALID = 1,
	CT_ESTABLISHED = 2,
	CT_RELATED = 4,
	CT_NEW = 8,
	CT_UNTRACKED = 64,
};

/* And their statuses. */
enum {
	CT_SNAT = 16,
	CT_DNAT = 32,
};

/* How many bytes a key has, and its name in nft's language. */
unsigned    step_key_size(enum step_key);
const char *step_key_word(enum step_key);
/* Numbers in the machine's byte order (marks, states), as the kernel keeps them. */
bool        step_key_is_host_order(enum step_key);

/* Adds what step_next() reads. A step that it would refuse is a bug. */
void step_add(struct buffer *, const struct step *);
/* The next step; false when the bytes are used up (*rest empty) or wrong (*rest not empty). */
bool step_next(struct text *rest, struct step *out);
/* Names of chains, sets, counters: [A-Za-z0-9_]{1,127}. */
bool step_name_is_valid(struct text);
/* Interface names as the kernel has them: 15 plain bytes at most, padded with zeros to 16. */
bool step_device_is_valid(const uint8_t *value);
/* One rule in nft's language, without the line's end. */
void step_print_rule(struct buffer *, struct text steps);
/* A value of a key as nft writes it. */
void step_print_value(struct buffer *, enum step_key, const uint8_t *value);

/* The step's value from a number of the key's size and byte order. */
void step_put_number(enum step_key, uint8_t *value, uint32_t number);
