/* backend/running/wake.h: waking machines by a magic packet (wake on LAN). */
#pragma once

#include "base/address.h"
#include "base/buffer.h"
#include "base/result.h"
#include "wire/links.h"

struct wake_wish {
	const char    *link;
	uint8_t        mac[6];
	struct address source, destination; /* IPv4: ours on the link, and the broadcast address */
};

/* By UDP to port 9 (discard), and out of that link whatever the routes say. REFUSED: it was not sent, the message says why. */
enum result wake_send(const struct wake_wish *, struct buffer *message);
