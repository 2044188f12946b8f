/* tests/kernel/router.h: the router between the hosts, with the rules of a few lines of text in force. */
#pragma once

#include "backend/nft.h"
#include "hosts.h"
#include "plan/filter/compile.h"
#include "talk.h"

struct router {
	struct nft          *nft;
	struct filter_cache *cache;
	struct arena        *arena; /* of a whole test program */
	struct nft_outcome   outcome; /* of the last apply */
};

extern struct router router;

/* What is in force from now on: filter_text.h, with the interfaces wan, lan and opt1 before it or without. */
void apply(const char *text);
void apply_whole(const char *text);
/* What the rule has counted. */
uint64_t packets_of(const char *uuid);

/* For cmocka_run_group_tests(). */
int router_up(void **state);
int router_down(void **state);
