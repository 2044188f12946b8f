/* http/sockaddr.h: between the kernel's socket addresses, text and ours; sockets that listen. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/address.h"
#include "base/arena.h"

/* Family NONE and port 0 for what is neither IPv4 nor IPv6; a mapped IPv4 address comes as IPv4. */
void sockaddr_read(const struct sockaddr *, struct address *, uint16_t *port);

/* "192.0.2.1:80", "[2001:db8::1]:443", "[fe80::1%eth0]:443"; false when it is none. */
bool sockaddr_parse(struct text, struct sockaddr_storage *, socklen_t *);

/*
 * A listening socket, closed over exec, or -1 and a message. A path ("/...") is a unix socket made
 * with the mode; a file left over there is replaced only when it is a socket nobody listens on.
 */
int sockaddr_listen(const char *address, mode_t mode, struct arena *, const char **message);
