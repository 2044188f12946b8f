/* backend/feeds.h: hearing from the kernel of packets that rules log and of connections that ended. */
#pragma once

#include "base/buffer.h"
#include "wire/feed.h"

/* Whoever takes what is heard; texts live as long as the call. Times in microseconds since 1970. */
struct feed_taker {
	void (*packet)(void *self, int64_t time, const struct feed_packet *);
	void (*flow)(void *self, int64_t time, const struct feed_flow *);
	void  *self;
};

/*
 * A descriptor of this network namespace that becomes readable when there is something; -1 and a message. To be closed
 * by the caller. Of a log group there is one reader only.
 */
int packets_open(uint16_t group, struct buffer *message);
int flows_open(struct buffer *message);

/* Take some of what is there, never waiting; how many were taken. *lost is added to when the kernel had no room. */
size_t packets_read(int fd, const struct feed_taker *, uint64_t *lost);
size_t flows_read(int fd, const struct feed_taker *, uint64_t *lost);
