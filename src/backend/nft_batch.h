/* backend/nft_batch.h: netlink to nftables: transactions and dumps. */
#pragma once

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"

struct nft_socket {
	int      fd;      /* -1: closed */
	uint32_t port;
	uint32_t sequence;
};

/* UNAVAILABLE: the kernel has no nftables. FAILED: errno says why. */
enum result nft_socket_open(struct nft_socket *);
void        nft_socket_close(struct nft_socket *);

/*
 * Messages one after the other, to be sent as one transaction. `here` is the message being
 * made; making the next one ends it. A message may be BATCH_MESSAGE_MAX bytes.
 */
#define BATCH_MESSAGE_MAX (96 * 1024)

struct batch {
	struct buffer    bytes;
	struct buffer    told; /* of the rules that batch_echo() was for: their handles, uint64_t each, in their order */
	struct nlmsghdr *here;
	uint32_t         sequence; /* of the next message */
	uint32_t         first;
	size_t           count;
};

void batch_start(struct batch *, struct nft_socket *, uint32_t generation);
void batch_clear(struct batch *);
/* A new message of family inet; `type` is NFT_MSG_*. */
struct nlmsghdr *batch_message(struct batch *, unsigned type, unsigned flags);

/* When the transaction has gone through, the kernel says the handle of the rule that is being made. */
void             batch_echo(struct batch *);

/* What the kernel said. */
struct batch_answer {
	int    error;    /* errno of the first refused message, 0: none */
	size_t message;  /* which one, from 0 */
};

/*
 * Ends and sends it. With `try_only` the kernel checks all of it and forgets it. CONFLICT: the
 * generation was another one. FAILED: refused as a whole; `answer` says by what.
 */
enum result batch_send(struct batch *, struct nft_socket *, bool try_only, struct batch_answer *answer);

/* The generation of all of the network namespace's rules. */
enum result nft_generation(struct nft_socket *, uint32_t *out);
/* Asks for a dump (NFT_MSG_GET*) and gives each message to the function. `request` may add attributes. */
enum result nft_dump(struct nft_socket *, unsigned type, void (*request)(struct nlmsghdr *, void *),
		     mnl_cb_t each, void *self);
