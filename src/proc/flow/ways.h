/* proc/flow/ways.h: by which links a connection passes: from routes, and from the gateways that rules choose. */
#pragma once

#include "wire/links.h"
#include "wire/routes.h"
#include "wire/states.h"

#define WAYS_NAME_MAX LINK_NAME_MAX

struct ways;

/* Copies what it needs. */
struct ways *ways_new(const struct links *, const struct routes *);
void         ways_free(struct ways *); /* NULL is fine */

/* Numbers of links; 0: none, it begins or ends in this machine, or there is no way. */
struct way {
	uint32_t in;  /* by which packets of whoever began it come, and answers to him leave */
	uint32_t out; /* by which they leave, and the answers come */
};

struct way  ways_of(const struct ways *, const struct state *);
/* "" for none. */
const char *ways_name(const struct ways *, uint32_t link);
/* 0: there is none. */
uint32_t    ways_link(const struct ways *, const char *name);
