/* backend/wireguard/kernel.h: WireGuard of the kernel: its links, and what they are told through the generic netlink family "wireguard". */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "plan/wireguard/wireguard.h"

/* Does it have no such links? It makes none, but may load what it takes. */
bool        wireguard_kernel_lacks(void);
/* Make the link, down; one of ours that is there already will do. UNAVAILABLE: the kernel has no WireGuard. CONFLICT: it is somebody else's. */
enum result wireguard_kernel_make(const char *name, struct buffer *message);
/* Gone is gone. */
void        wireguard_kernel_drop(const char *name);
/* MISSING: there is no such device of the kernel's. Made in the arena. */
enum result wireguard_kernel_get(struct arena *, const char *name, struct wireguard *out);
enum result wireguard_kernel_set(const char *name, const struct wireguard_change *, struct buffer *message);
