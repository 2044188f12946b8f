/* proc/listen.h: the sockets that clients come to, bound before anything is given up. */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "proc/gate.h"
#include "proc/options.h"

/*
 * Bind all that the options want. False and a message when one cannot be had; those that were opened stay
 * open (the process is about to end anyway). *out has room for LISTENERS_MAX.
 */
bool listen_all(const struct options *, struct arena *, struct listener *out, size_t *n, struct buffer *message);
