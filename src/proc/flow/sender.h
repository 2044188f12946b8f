/* proc/flow/sender.h: telling collectors. One caller at a time. */
#pragma once

#include "base/buffer.h"
#include "proc/flow/settings.h"
#include "wire/courier.h"

struct flow_sender;

struct flow_sender *flow_sender_new(void);
void                flow_sender_free(struct flow_sender *); /* NULL is fine */

/* From now on these are told, in this version; what was not sent yet is. Nobody: no targets. */
void flow_sender_set(struct flow_sender *, const struct flow_settings *, int64_t now);
/*
 * Sockets for the targets of these settings, from the keeper, each family of which has none yet: made before the sender is locked, and
 * given with flow_sender_take(). -1: none is wanted, or there is none, of which the message says why.
 */
struct flow_sockets {
	int of[2]; /* IPv4, IPv6 */
};

struct flow_sockets flow_sockets_ask(struct courier *, const struct flow_settings *, struct buffer *message);
void                flow_sender_take(struct flow_sender *, struct flow_sockets);
/* Is there a socket for each target? */
bool                flow_sender_is_ready(const struct flow_sender *);

/* What cannot be sent at once is lost, as datagrams are. */
void     flow_sender_tell(struct flow_sender *, const struct passing *, int64_t now);
void     flow_sender_flush(struct flow_sender *, int64_t now);
uint64_t flow_sender_lost(const struct flow_sender *);
