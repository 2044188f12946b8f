/* wire/sealed.h: big payloads: memory that nobody can change any more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* A memfd with this content, sealed against everything; -1 and errno when the system refuses. */
int sealed_new(const char *name, struct text content);

/*
 * Look at what came from a peer. False unless it is a memfd sealed against writing, growing, shrinking
 * and unsealing, of at most max bytes. The descriptor stays the caller's; *content lives until
 * sealed_unmap(), whatever becomes of the descriptor.
 */
bool sealed_map(int fd, size_t max, struct text *content);
void sealed_unmap(struct text *content);

#define scoped_sealed __attribute__((cleanup(sealed_unmap))) struct text
