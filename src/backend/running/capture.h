/* backend/running/capture.h: a socket that gets copies of the packets of a link. */
#pragma once

#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"
#include "base/text.h"

#define CAPTURE_PROGRAM_MAX 4096 /* bytes of a filter: struct sock_filter */

struct capture_wish {
	const char *link;
	bool        promiscuous;
	struct text program; /* of the kernel's machine, which checks it; empty: everything */
};

struct capture_socket {
	int  fd;     /* the caller's; -1 in a simulated box, where no packet ever comes */
	bool is_raw; /* packets begin with their IP header */
};

/* MISSING: no such link. INVALID: the kernel does not take the program. */
enum result capture_open(const struct capture_wish *, struct capture_socket *, struct buffer *message);
