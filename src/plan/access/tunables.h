/* plan/access/tunables.h: settings of the kernel by name. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "schema/snapshot.h"

#define TUNABLE_NAME_MAX   128
#define TUNABLE_VALUE_MAX  255
#define TUNABLES_MAX       1000
#define TUNABLES_BYTES_MAX ((size_t)TUNABLES_MAX * (TUNABLE_NAME_MAX + TUNABLE_VALUE_MAX + 8))

struct tunable {
	const char *path;  /* below /proc/sys: "net/ipv4/ip_default_ttl" */
	const char *value; /* printable ASCII */
};

struct tunables {
	const struct tunable *tunables; /* no two of a path */
	size_t                n;
};

/* Names of the BSDs that Linux has something like; the n-th, NULL behind the last. *help says what it is. */
const char *tunable_known(size_t n, const char **help);

/* *missing says in words what Linux has not, or cannot be called or set so. In the arena. */
void tunables_read(struct arena *, const struct snapshot *, struct tunables *out, struct buffer *missing);

void tunables_encode(struct buffer *, const struct tunables *);
/* Strict; false leaves *out as it was. */
bool tunables_decode(struct arena *, struct text bytes, struct tunables *out);

/*
 * May clients set it? No program may be run by it, nor anything be read or written that is not its own; and in a namespace it must
 * be the namespace's own.
 */
bool tunable_is_allowed(struct text path, bool is_namespace);
bool tunable_path_is_valid(struct text);
bool tunable_value_is_valid(struct text);
