/* backend/network/network.h: making links, addresses, neighbours and routes as planned, by the smallest change. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "plan/network/network.h"

struct network_backend;

struct network_backend *network_backend_new(void);
void                    network_backend_free(struct network_backend *);
/*
 * Only what differs is touched; a step that fails undoes those before it. DONE may leave something in *message: configured
 * links that are not there, and of a plan that mends what could not be done. INVALID: malformed. UNAVAILABLE: the kernel lacks something, FAILED: it refused; *message says what.
 */
enum result network_apply(struct network_backend *, struct text plan, struct buffer *message);
/*
 * Which of these kinds of links (bits by enum link_kind; in kinds6 tunnels over IPv6) the kernel cannot make. It may load what it takes
 * to make them, but makes none. FAILED: no socket.
 */
enum result network_lacks(uint32_t kinds, uint32_t kinds6, uint32_t *lacks);
/* How many steps the last apply took. */
size_t      network_steps(const struct network_backend *);
