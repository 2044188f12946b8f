/*
 * Sockets bound to what is asked. For ICMP the kernel's own kind is used, which sends echo requests and nothing else; it
 * is there for groups that net.ipv4.ping_group_range names, which by itself names none. Only those of the captive portal
 * wait for others.
 */
#include "backend/running/probe_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "plan/portal.h"
#include "wire/order.h"

#define PORTAL_BACKLOG 256

#define PING_GROUPS "/proc/sys/net/ipv4/ping_group_range"

/* "1 0": nobody. Then we are let in, and nobody else. */
static bool
let_us_ping(void)
{
	scoped_fd fd = open(PING_GROUPS, O_RDWR | O_CLOEXEC);
	char      text[64];
	ssize_t   n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;

	if (n <= 0)
		return false;
	text[n] = '\0';
	if (strncmp(text, "1\t0", 3) != 0)
		return false;
	const int len = snprintf(text, sizeof(text), "%u %u", (unsigned)getegid(), (unsigned)getegid());

	return pwrite(fd, text, (size_t)len, 0) == len;
}

static int
open_socket(const struct probe_socket_wish *wish)
{
	static const int types[] = {
		[PROBE_SOCKET_TCP] = SOCK_STREAM, [PROBE_SOCKET_UDP] = SOCK_DGRAM, [PROBE_SOCKET_ICMP] = SOCK_DGRAM,
		[PROBE_SOCKET_PORTAL] = SOCK_STREAM,
	};
	const bool inet6 = wish->family == FAMILY_INET6;
	const int  family = inet6 ? AF_INET6 : AF_INET, type = types[wish->kind] | SOCK_CLOEXEC | SOCK_NONBLOCK;
	const int  protocol = wish->kind != PROBE_SOCKET_ICMP ? 0 : inet6 ? (int)IPPROTO_ICMPV6 : (int)IPPROTO_ICMP;
	int        fd = socket(family, type, protocol);

	if (fd < 0 && errno == EACCES && wish->kind == PROBE_SOCKET_ICMP && let_us_ping())
		fd = socket(family, type, protocol);
	return fd;
}

static bool
bind_socket(int fd, const struct probe_socket_wish *wish)
{
	struct sockaddr_in  four = { .sin_family = AF_INET, .sin_port = htons(wish->port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(wish->port) };

	if (wish->source.family == FAMILY_NONE && wish->port == 0)
		return true;
	if (wish->family == FAMILY_INET6) {
		memcpy(&six.sin6_addr, wish->source.bytes, 16);
		return bind(fd, (const struct sockaddr *)&six, sizeof(six)) == 0;
	}
	memcpy(&four.sin_addr, wish->source.bytes, 4);
	return bind(fd, (const struct sockaddr *)&four, sizeof(four)) == 0;
}

static bool
is_of_portal(const struct probe_socket_wish *wish)
{
	return wish->source.family == FAMILY_NONE &&
	       ((wish->port >= PORTAL_PAGE_PORT && wish->port < PORTAL_PAGE_PORT + PORTAL_ZONES_MAX) ||
		(wish->port >= PORTAL_REDIRECT_PORT && wish->port < PORTAL_REDIRECT_PORT + PORTAL_ZONES_MAX));
}

/* A gate that starts again has it while the last connections of the one before it end. */
static bool
listen_socket(int fd, const struct probe_socket_wish *wish)
{
	const int on = 1, off = 0;

	return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	       (wish->family != FAMILY_INET6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) == 0) &&
	       bind_socket(fd, wish) && listen(fd, PORTAL_BACKLOG) == 0;
}

enum result
probe_socket_open(const struct probe_socket_wish *wish, int *out, struct buffer *message)
{
	const int fd = wish->kind != PROBE_SOCKET_PORTAL || is_of_portal(wish) ? open_socket(wish) : -1;

	if (fd < 0 && wish->kind == PROBE_SOCKET_PORTAL && !is_of_portal(wish)) {
		buffer_add_string(message, "not a port of the captive portal");
		return RESULT_REFUSED;
	}
	if (fd < 0) {
		buffer_print(message, "no socket: %s%s", strerror(errno),
			     errno == EACCES ? " (net.ipv4.ping_group_range does not let us)" : "");
		return RESULT_UNAVAILABLE;
	}
	if (wish->kind == PROBE_SOCKET_PORTAL ? !listen_socket(fd, wish) : !bind_socket(fd, wish)) {
		buffer_print(message, "this address or port cannot be used: %s", strerror(errno));
		close(fd);
		return RESULT_REFUSED;
	}
	*out = fd;
	return RESULT_DONE;
}
