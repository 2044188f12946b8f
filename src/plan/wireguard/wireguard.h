/*
 * plan/wireguard/wireguard.h: one device of WireGuard and its peers, and the text of the documented "cross-platform userspace
 * implementation" that says so: what is planned is written in it, and whoever runs the device is asked and told in it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"

#define WIREGUARD_KEY         32 /* bytes */
#define WIREGUARD_PEERS_MAX   20000 /* of a device */
#define WIREGUARD_ALLOWED_MAX 100000 /* prefixes of all its peers */
#define WIREGUARD_BYTES_MAX   ((size_t)64 * 1024 * 1024)

/* Prefixes have no host bits. */
struct wireguard_peer {
	uint8_t              key[WIREGUARD_KEY];    /* the public one */
	uint8_t              shared[WIREGUARD_KEY]; /* zeros: none */
	struct address       endpoint;  /* no family: none, or it is not known */
	uint16_t             port;      /* of the endpoint */
	uint16_t             keepalive; /* seconds; 0: none is sent */
	const struct prefix *allowed;
	size_t               nallowed;
	/* Of one that runs. */
	int64_t              handshake; /* seconds since 1970; 0: never */
	uint64_t             received, sent; /* bytes */
};

struct wireguard {
	uint8_t                      key[WIREGUARD_KEY]; /* the private one */
	uint16_t                     port; /* 0: any */
	uint32_t                     mark;
	const struct wireguard_peer *peers;
	size_t                       npeers;
};

/* What has to be told so that a device is as wanted. Peers are others' memory. */
struct wireguard_peer_change {
	const struct wireguard_peer *peer;
	bool                         goes; /* nothing else is said of it then */
	bool                         sets_shared, sets_endpoint, sets_keepalive, sets_allowed;
};

struct wireguard_change {
	const struct wireguard             *device;
	bool                                sets_key, sets_port;
	const struct wireguard_peer_change *peers;
	size_t                              n;
};

bool wireguard_key_is_set(const uint8_t key[WIREGUARD_KEY]);
/* From base64, with line breaks anywhere; *key is undefined when false. */
bool wireguard_key_read(struct text, uint8_t key[WIREGUARD_KEY]);
/* As private keys are kept by all who have one (RFC 7748): what is told otherwise would seem to be another one. False: it is none. */
bool wireguard_key_clamp(uint8_t key[WIREGUARD_KEY]);
/* "wg" and a number, as links may be called. */
bool wireguard_name_is_valid(struct text);

/* Lines "key=value". Without secrets neither private nor pre-shared keys are in it. */
void wireguard_print(struct buffer *, const struct wireguard *, bool has_secrets);
/* What is in no line that is known is passed over. False: a line is malformed, or there are too many. Made in the arena. */
bool wireguard_read(struct arena *, struct text, struct wireguard *out);

/*
 * From what is there to what is wanted; peers that are the same are not in it. `told` is what was wanted last, NULL: not known: a peer that
 * moved since it was told where it is, is not told again. False: there is nothing to do.
 */
bool wireguard_compare(struct arena *, const struct wireguard *want, const struct wireguard *have, const struct wireguard *told,
		       struct wireguard_change *out);
/* As a request, "set=1" and the empty line at its end included. */
void wireguard_change_print(struct buffer *, const struct wireguard_change *);
