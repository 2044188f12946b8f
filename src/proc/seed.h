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
struct seed {
	const struct schema *schema;
	const struct facts  *facts;
	struct credentials   administrator;
	struct text          import; /* a config.xml that takes the place of what it covers; empty: none */
};

/*
 * Put the factory configuration and the administrator into an empty store, as its first revision. The report
 * gets a line for each thing of the import that was not understood.
 */
enum result seed_store(struct store *, const struct seed *, struct buffer *report, struct buffer *message);
