/*
 * auth/apikey.h: the API keys of a user, kept in the field "apikeys" as lines "key|hash of the
 * secret". Neither keys nor secrets hold "|" or newlines.
 */
#pragma once

#include "schema/snapshot.h"

struct apikey {
	struct text key;
	struct text hash; /* SHA-512 crypt */
};

/* The next one of a field's value; false after the last. */
bool                 apikey_next(struct text *rest, struct apikey *);
/* The user who owns a key, and the hash of its secret (a copy in the arena); NULL when nobody does. */
const struct record *apikey_owner(const struct snapshot *, struct arena *, struct text key, const char **hash);
/* The field's value with one more, or without one (itself when it had none such). In the arena. */
const char *apikey_add(struct arena *, const char *value, const char *key, const char *hash);
const char *apikey_remove(struct arena *, const char *value, struct text key);
