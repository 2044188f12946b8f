/* backend/running/probe_socket.h: sockets that may do nothing worse than look, or wait for clients of the captive portal. */
#pragma once

#include <stdint.h>

#include "base/address.h"
#include "base/buffer.h"
#include "base/result.h"

struct probe_socket_wish {
	unsigned       kind; /* enum probe_socket (wire/order.h) */
	enum family    family;
	struct address source; /* FAMILY_NONE: the kernel's choice */
	uint16_t       port;   /* of ours; 0: any */
};

/* The caller's to close. REFUSED: the address is not ours, or the port in use. UNAVAILABLE: the kernel has no such sockets for us. */
enum result probe_socket_open(const struct probe_socket_wish *, int *fd, struct buffer *message);
