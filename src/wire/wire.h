/* wire/wire.h: the limits and words of what our processes say to each other. */
#pragma once

/*
 * One message is one packet of a SOCK_SEQPACKET pair: a header, a body, and perhaps
 * descriptors. Both ends are the same build on the same machine, so numbers travel
 * in the machine's own order. What does not fit into a packet travels as a sealed memfd.
 */
#define WIRE_MESSAGE_MAX (64 * 1024) /* bytes of a packet, header included */
#define WIRE_FDS_MAX     4           /* descriptors that come with one packet */

/* How sending or receiving ended. */
enum wire_state {
	WIRE_DONE,
	WIRE_AGAIN,  /* nothing there, or no room: not now */
	WIRE_ENDED,  /* the other side is gone */
	WIRE_BROKEN, /* what came is malformed, or the system said no: give up on the peer */
};
