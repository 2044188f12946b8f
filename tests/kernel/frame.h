/* tests/kernel/frame.h: packets by hand, onto a link and back from the kernel's log. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/filter/evaluate.h"

/* A number that stands in the packet: the id of IPv4, the flow label of IPv6. */
size_t frame_make(const struct packet *, uint32_t id, const uint8_t *to_mac, uint8_t *out, size_t room);

/* A socket that sends frames on a link; -1 and errno. */
int  frame_socket(const char *link);
bool frame_send(int socket, const uint8_t *frame, size_t len);
void frame_mac(const char *link, uint8_t *mac);

/* One logged packet. */
struct logged {
	char           prefix[128];
	uint32_t       id;
	struct address source, destination;
	uint16_t       source_port; /* TCP, UDP */
};

int  log_open(uint16_t group);
/* The next one; false after `milliseconds` without any. */
bool log_next(int socket, int milliseconds, struct logged *out);
void log_close(int socket);
/* Forget all connections of this network namespace. */
void connections_flush(void);
