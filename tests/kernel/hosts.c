/* Namespaces are kept as descriptors; sockets stay in the namespace they were made in. */
#include "hosts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bug.h"
#include "lab.h"

#define PATIENCE 250 /* ms until silence is believed */

static int spaces[HOSTS] = { -1, -1, -1, -1, -1 };

void
host_enter(enum host host)
{
	BUG_IF(setns(spaces[host], CLONE_NEWNET) != 0, "cannot enter host %d: %s", host, strerror(errno));
}

void
host_ip(enum host host, const char *const *argv)
{
	scoped_buffer said = BUFFER_NONE;

	host_enter(host);
	if (!lab_run(&said, argv))
		fprintf(stderr, "ip %s %s...: %s", argv[1], argv[2], buffer_string(&said));
	host_enter(HOST_ROUTER);
}

static void
write_file(const char *path, const char *value)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	BUG_IF(fd < 0 || write(fd, value, strlen(value)) < 0, "cannot write %s", path);
	close(fd);
}

static void
new_space(enum host host)
{
	lab_fresh();
	write_file("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
	write_file("/proc/sys/net/ipv6/conf/all/accept_dad", "0");
	spaces[host] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	BUG_IF(spaces[host] < 0, "no namespace");
}

/* A link of the router whose other end is a host's. */
static void
connect_host(struct arena *arena, const char *device, enum host host, const char *end)
{
	const char *path = arena_print(arena, "/proc/%d/fd/%d", (int)getpid(), spaces[host]);

	HOST_IP(HOST_ROUTER, "link", "add", device, "type", "veth", "peer", "name", end);
	HOST_IP(HOST_ROUTER, "link", "set", end, "netns", path);
	HOST_IP(HOST_ROUTER, "link", "set", device, "up");
	HOST_IP(host, "link", "set", end, "up");
}

static void
give(enum host host, const char *device, const char *v4, const char *v6)
{
	HOST_IP(host, "address", "add", v4, "dev", device);
	HOST_IP(host, "address", "add", v6, "dev", device, "nodad");
}

static void
route(enum host host, const char *v4, const char *v6)
{
	HOST_IP(host, "route", "add", "default", "via", v4);
	HOST_IP(host, "-6", "route", "add", "default", "via", v6);
}

/* The lan is a bridge in the lan host, with the server behind it. */
static void
make_lan(struct arena *arena)
{
	const char *path = arena_print(arena, "/proc/%d/fd/%d", (int)getpid(), spaces[HOST_SERVER]);

	HOST_IP(HOST_LAN, "link", "add", "br0", "type", "bridge");
	HOST_IP(HOST_LAN, "link", "set", "br0", "up");
	HOST_IP(HOST_LAN, "link", "set", "eth0", "master", "br0");
	HOST_IP(HOST_LAN, "link", "add", "eth1", "type", "veth", "peer", "name", "srv0");
	HOST_IP(HOST_LAN, "link", "set", "eth1", "master", "br0");
	HOST_IP(HOST_LAN, "link", "set", "eth1", "up");
	HOST_IP(HOST_LAN, "link", "set", "srv0", "netns", path);
	HOST_IP(HOST_SERVER, "link", "set", "srv0", "name", "eth0");
	HOST_IP(HOST_SERVER, "link", "set", "eth0", "up");
}

void
hosts_up(void)
{
	scoped_arena arena = arena_new();

	for (unsigned i = HOSTS; i-- > 0;)
		new_space(i);
	write_file("/proc/sys/net/ipv4/ip_forward", "1");
	write_file("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	write_file("/proc/sys/net/ipv4/icmp_ratelimit", "0");
	connect_host(arena, "em0", HOST_WAN, "eth0");
	connect_host(arena, "em1", HOST_LAN, "eth0");
	connect_host(arena, "em2", HOST_OPT, "eth0");
	make_lan(arena);
	give(HOST_ROUTER, "em0", "192.0.2.1/24", "2001:db8::1/64");
	give(HOST_ROUTER, "em1", "10.1.0.1/24", "fd00:1::1/64");
	give(HOST_ROUTER, "em2", "10.2.0.1/24", "fd00:2::1/64");
	give(HOST_WAN, "eth0", "192.0.2.10/24", "2001:db8::10/64");
	give(HOST_LAN, "br0", "10.1.0.10/24", "fd00:1::10/64");
	give(HOST_SERVER, "eth0", "10.1.0.20/24", "fd00:1::20/64");
	give(HOST_OPT, "eth0", "10.2.0.10/24", "fd00:2::10/64");
	route(HOST_WAN, "192.0.2.1", "2001:db8::1");
	route(HOST_LAN, "10.1.0.1", "fd00:1::1");
	route(HOST_SERVER, "10.1.0.1", "fd00:1::1");
	route(HOST_OPT, "10.2.0.1", "fd00:2::1");
}

void
hosts_down(void)
{
	for (unsigned i = 0; i < HOSTS; i++) {
		if (spaces[i] >= 0)
			close(spaces[i]);
		spaces[i] = -1;
	}
}

/* --- Talk -------------------------------------------------------------------------------------------- */

const char *
talk_word(enum talk how)
{
	static const char *const words[] = { "open", "reset", "unreachable", "silent" };

	return words[how];
}

static socklen_t
address_of(const char *text, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in  *v4 = (void *)out;
	struct sockaddr_in6 *v6 = (void *)out;

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	BUG_IF(inet_pton(AF_INET6, text, &v6->sin6_addr) != 1, "no address: %s", text);
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	return sizeof(*v6);
}

static int
open_socket(enum host host, int type, const char *address, uint16_t port)
{
	struct sockaddr_storage at;
	const socklen_t         len = address_of(address, port, &at);
	const int               on = 1;

	host_enter(host);
	const int fd = socket(at.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	host_enter(HOST_ROUTER);
	BUG_IF(fd < 0, "no socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (at.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	BUG_IF(port && bind(fd, (struct sockaddr *)&at, len) != 0, "cannot bind port %u: %s", port, strerror(errno));
	return fd;
}

/* Listening in every host but one; -1 there. */
static void
listen_everywhere(int *fds, enum host but, int type, const char *any, uint16_t port)
{
	for (unsigned i = 0; i < HOSTS; i++) {
		fds[i] = i == but ? -1 : open_socket(i, type, any, port);
		if (fds[i] >= 0 && type == SOCK_STREAM)
			BUG_IF(listen(fds[i], 8) != 0, "cannot listen");
	}
}

static void
close_all(const int *fds)
{
	for (unsigned i = 0; i < HOSTS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void
note_peer(struct talked *out, const struct sockaddr_storage *peer)
{
	const struct sockaddr_in  *v4 = (const void *)peer;
	const struct sockaddr_in6 *v6 = (const void *)peer;

	if (peer->ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, out->seen_from, sizeof(out->seen_from));
	else
		inet_ntop(AF_INET6, &v6->sin6_addr, out->seen_from, sizeof(out->seen_from));
	out->seen_port = ntohs(peer->ss_family == AF_INET ? v4->sin_port : v6->sin6_port);
}

/* What was reset later was open. */
static enum talk
talk_of(int error)
{
	return error == 0 || error == ECONNRESET ? TALK_OPEN : error == ECONNREFUSED ? TALK_RESET : error == ETIMEDOUT ? TALK_SILENT : TALK_UNREACHABLE;
}

static int
wait_connected(int fd)
{
	struct pollfd one = { fd, POLLOUT, 0 };
	int           error = 0;
	socklen_t     len = sizeof(error);

	if (poll(&one, 1, PATIENCE) <= 0)
		return ETIMEDOUT;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error;
}

static const char *
any_like(const char *address)
{
	return strchr(address, ':') ? "::" : "0.0.0.0";
}

struct talked
talk_tcp(enum host from, const char *to, uint16_t port, uint16_t port_listened)
{
	struct talked           out = { .how = TALK_SILENT };
	struct sockaddr_storage peer;
	socklen_t               len = address_of(to, port, &peer);
	int                     fds[HOSTS];

	listen_everywhere(fds, from, SOCK_STREAM, any_like(to), port_listened ? port_listened : port);
	const int client = open_socket(from, SOCK_STREAM, any_like(to), 0);

	if (connect(client, (struct sockaddr *)&peer, len) != 0 && errno != EINPROGRESS)
		out.how = talk_of(errno);
	else
		out.how = talk_of(wait_connected(client));
	for (unsigned i = 0; i < HOSTS && out.how == TALK_OPEN; i++) {
		len = sizeof(peer);
		const int accepted = fds[i] < 0 ? -1 : accept(fds[i], (struct sockaddr *)&peer, &len);

		if (accepted < 0)
			continue;
		out.server = i;
		note_peer(&out, &peer);
		close(accepted);
	}
	close(client);
	close_all(fds);
	return out;
}

static bool
answer_udp(const int *fds, struct talked *out)
{
	struct pollfd           polls[HOSTS];
	struct sockaddr_storage peer;
	socklen_t               len = sizeof(peer);
	char                    bytes[16];

	for (unsigned i = 0; i < HOSTS; i++)
		polls[i] = (struct pollfd){ fds[i], POLLIN, 0 };
	if (poll(polls, HOSTS, PATIENCE) <= 0)
		return false;
	for (unsigned i = 0; i < HOSTS; i++) {
		if (fds[i] < 0 || recvfrom(fds[i], bytes, sizeof(bytes), 0, (struct sockaddr *)&peer, &len) < 0)
			continue;
		out->server = i;
		note_peer(out, &peer);
		return sendto(fds[i], "pong", 4, 0, (struct sockaddr *)&peer, len) == 4;
	}
	return false;
}

struct talked
talk_udp(enum host from, uint16_t from_port, const char *to, uint16_t port, uint16_t port_listened)
{
	struct talked           out = { .how = TALK_SILENT };
	struct sockaddr_storage peer;
	const socklen_t         len = address_of(to, port, &peer);
	int                     fds[HOSTS];
	char                    bytes[16];

	listen_everywhere(fds, from, SOCK_DGRAM, any_like(to), port_listened ? port_listened : port);
	const int     client = open_socket(from, SOCK_DGRAM, any_like(to), from_port);
	struct pollfd one = { client, POLLIN, 0 };

	if (connect(client, (struct sockaddr *)&peer, len) != 0 || send(client, "ping", 4, 0) != 4) {
		out.how = talk_of(errno);
	} else {
		const bool heard = answer_udp(fds, &out);

		if (poll(&one, 1, heard ? PATIENCE : 10) > 0)
			out.how = recv(client, bytes, sizeof(bytes), 0) == 4 ? TALK_OPEN : talk_of(errno);
	}
	close(client);
	close_all(fds);
	return out;
}

struct talked
talk_ping(enum host from, const char *to)
{
	struct talked           out = { .how = TALK_SILENT };
	struct sockaddr_storage peer;
	const socklen_t         len = address_of(to, 0, &peer);
	const bool              v4 = peer.ss_family == AF_INET;
	uint8_t                 bytes[64] = { 0 };
	static uint16_t         number;

	host_enter(from);
	const int     fd = socket(peer.ss_family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	struct pollfd one = { fd, POLLIN, 0 };

	host_enter(HOST_ROUTER);
	number++;
	bytes[0] = v4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	bytes[4] = (uint8_t)(number >> 8);
	bytes[5] = (uint8_t)number;
	const uint16_t sum = (uint16_t)~(uint16_t)((bytes[0] << 8) + number);

	if (v4) {
		bytes[2] = (uint8_t)(sum >> 8);
		bytes[3] = (uint8_t)sum;
	}
	if (sendto(fd, bytes, 8, 0, (struct sockaddr *)&peer, len) != 8)
		out.how = talk_of(errno);
	while (out.how == TALK_SILENT && poll(&one, 1, PATIENCE) > 0) {
		const ssize_t  got = recv(fd, bytes, sizeof(bytes), 0);
		const uint8_t *icmp = bytes + (v4 ? 20 : 0);

		if (got >= 8 && icmp[0] == (v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY) &&
		    (uint16_t)(icmp[4] << 8 | icmp[5]) == number)
			out.how = TALK_OPEN;
	}
	close(fd);
	return out;
}

/* --- Lines --------------------------------------------------------------------------------------------- */

bool
line_begin(struct line_open *line, enum host from, const char *to, uint16_t port, enum host server)
{
	struct sockaddr_storage peer;
	const socklen_t         len = address_of(to, port, &peer);
	const int               listening = open_socket(server, SOCK_STREAM, any_like(to), port);

	BUG_IF(listen(listening, 1) != 0, "cannot listen");
	line->client = open_socket(from, SOCK_STREAM, any_like(to), 0);
	line->server = -1;
	if ((connect(line->client, (struct sockaddr *)&peer, len) == 0 || errno == EINPROGRESS) &&
	    wait_connected(line->client) == 0)
		line->server = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	close(listening);
	return line->server >= 0;
}

static bool
passes(int from, int to)
{
	struct pollfd one = { to, POLLIN, 0 };
	char          byte;

	return send(from, "x", 1, MSG_NOSIGNAL) == 1 && poll(&one, 1, PATIENCE) > 0 && recv(to, &byte, 1, 0) == 1;
}

bool
line_works(const struct line_open *line)
{
	return passes(line->client, line->server) && passes(line->server, line->client);
}

void
line_finish(struct line_open *line)
{
	close(line->client);
	if (line->server >= 0)
		close(line->server);
}
