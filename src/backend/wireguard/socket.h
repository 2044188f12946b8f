/* backend/wireguard/socket.h: WireGuard outside of the kernel, in a daemon that is asked and told on a socket. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "plan/wireguard/wireguard.h"

/* MISSING: nobody has such a device. Waits for the answer, some seconds at most. Made in the arena. */
enum result wireguard_socket_get(struct arena *, const char *name, struct wireguard *out);
enum result wireguard_socket_set(const char *name, const struct wireguard_change *, struct buffer *message);
