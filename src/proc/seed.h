/* proc/seed.h: the first configuration of a new box. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"
#include "store/store.h"

/* The administrator: clear text, shown once to whoever starts an ephemeral instance. */
struct credentials {
	const char *user, *password, *key, *secret;
};

/* Choose at random what is NULL ("admin" for the user); all in the arena. */
void credentials_complete(struct arena *, struct credentials *);
/* Put the factory configuration and this administrator into an empty store, as its first revision. */
enum result seed_store(struct store *, const struct schema *, const struct credentials *, struct buffer *message);
