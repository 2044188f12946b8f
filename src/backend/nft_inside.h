/* backend/nft_inside.h: the inside of struct nft, for nft.c and nft_elements.c. */
#pragma once

#include "backend/nft.h"
#include "backend/nft_batch.h"
#include "backend/nft_have.h"

/* When an element of the twin's sets ends. */
struct expiry {
	const char *set; /* its name lives as long as the haves */
	uint8_t     key[32];
	int64_t     due; /* seconds of the steady clock */
};

struct nft {
	struct nft_socket socket;
	struct haves      haves;
	struct batch      batch;
	uint32_t          generation;
	bool              is_synced;    /* the haves are what the kernel had in that generation */
	bool              is_recording; /* there is no kernel */
	struct buffer     recorded;
	struct expiry    *expiries;     /* of the recording */
	size_t            nexpiries;
};

/* Look at what is there. */
enum result nft_synchronise(struct nft *);
