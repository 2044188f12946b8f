/* proc/offer/peers.h: api/peers.h by libcurl. */
#pragma once

#include <stdint.h>

#include "api/keepsakes.h"
#include "api/peers.h"

struct peer_pusher;

struct peer_setup {
	bool        tls;  /* how this box is reached, and so are its peers */
	uint16_t    port; /* 0: it is not, and nobody is told */
	const char *state; /* absolute path of the state directory; NULL: none */
	const struct keepsakes *keepsakes; /* in the same */
};

struct peer_pusher *peer_pusher_new(const struct peer_setup *); /* what is in it must outlive this */
/* What is under way is called off. */
void                peer_pusher_free(struct peer_pusher *);
struct peers        peer_pusher_face(struct peer_pusher *);
