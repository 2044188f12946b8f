/* Sockets stay in the namespace they were made in, so one thread is all ends of a connection. */
#include "talk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"

#define PATIENCE 30000 /* ms for what should come: a busy machine takes its time, and a lost packet is sent again after seconds */
#define SILENCE  250   /* ms until silence is believed where it may be */

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
	if (type == SOCK_DGRAM)
		setsockopt(fd, at.ss_family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6,
			   at.ss_family == AF_INET ? IP_PKTINFO : IPV6_RECVPKTINFO, &on, sizeof(on));
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
wait_connected(int fd, int patience)
{
	struct pollfd one = { fd, POLLOUT, 0 };
	int           error = 0;
	socklen_t     len = sizeof(error);

	if (poll(&one, 1, patience) <= 0)
		return ETIMEDOUT;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error;
}

/* 0, or why not. */
static int
connect_to(int client, const char *to, uint16_t port, int patience)
{
	struct sockaddr_storage peer;
	const socklen_t         len = address_of(to, port, &peer);

	if (connect(client, (struct sockaddr *)&peer, len) == 0)
		return 0;
	return errno == EINPROGRESS ? wait_connected(client, patience) : errno;
}

static const char *
any_like(const char *address)
{
	return strchr(address, ':') ? "::" : "0.0.0.0";
}

enum talk
talk_handshake(enum host from, const char *to, uint16_t port)
{
	const int       client = open_socket(from, SOCK_STREAM, any_like(to), 0);
	const enum talk how = talk_of(connect_to(client, to, port, PATIENCE));

	close(client);
	return how;
}

/* Until there is something on one of them: which; HOSTS: on none. */
static enum host
wait_for_any(const int *fds, int other, int patience)
{
	struct pollfd polls[HOSTS + 1] = { [HOSTS] = { other, POLLIN, 0 } };

	for (unsigned i = 0; i < HOSTS; i++)
		polls[i] = (struct pollfd){ fds[i], POLLIN, 0 };
	if (poll(polls, HOSTS + 1, patience) > 0)
		for (unsigned i = 0; i < HOSTS; i++)
			if (polls[i].revents)
				return i;
	return HOSTS;
}

/* Who was connected to may know of it a little later than who did. */
static void
note_server(const int *fds, int patience, struct talked *out)
{
	struct sockaddr_storage peer;
	socklen_t               len = sizeof(peer);

	out->server = wait_for_any(fds, -1, patience);
	const int accepted = out->server == HOSTS ? -1 : accept(fds[out->server], (struct sockaddr *)&peer, &len);

	if (accepted < 0)
		return;
	note_peer(out, &peer);
	close(accepted);
}

static struct talked
tcp(enum host from, const char *to, uint16_t port, uint16_t port_listened, int patience)
{
	struct talked out = { .server = HOSTS };
	int           fds[HOSTS];

	listen_everywhere(fds, from, SOCK_STREAM, any_like(to), port_listened ? port_listened : port);
	const int client = open_socket(from, SOCK_STREAM, any_like(to), 0);

	out.how = talk_of(connect_to(client, to, port, patience));
	if (out.how == TALK_OPEN)
		note_server(fds, patience, &out);
	close(client);
	close_all(fds);
	return out;
}

struct talked
talk_tcp(enum host from, const char *to, uint16_t port, uint16_t port_listened)
{
	return tcp(from, to, port, port_listened, PATIENCE);
}

struct talked
try_tcp(enum host from, const char *to, uint16_t port, uint16_t port_listened)
{
	return tcp(from, to, port, port_listened, SILENCE);
}

/* Whom it comes to answers, from the address that was asked; unless who asked hears something else before. */
static bool
answer_udp(const int *fds, int client, int patience, struct talked *out)
{
	struct sockaddr_storage peer;
	char                    bytes[16], control[128];
	struct iovec            piece = { bytes, sizeof(bytes) };
	struct msghdr           message = { .msg_name = &peer, .msg_namelen = sizeof(peer), .msg_iov = &piece, .msg_iovlen = 1,
					    .msg_control = control, .msg_controllen = sizeof(control) };

	out->server = wait_for_any(fds, client, patience);
	if (out->server == HOSTS || recvmsg(fds[out->server], &message, 0) < 0)
		return false;
	note_peer(out, &peer);
	piece = (struct iovec){ "pong", 4 };
	return sendmsg(fds[out->server], &message, 0) == 4;
}

static struct talked
udp(enum host from, uint16_t from_port, const char *to, uint16_t port, uint16_t port_listened, int patience)
{
	struct talked           out = { .how = TALK_SILENT, .server = HOSTS };
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
		const bool heard = answer_udp(fds, client, patience, &out);

		if (poll(&one, 1, heard ? patience : 10) > 0)
			out.how = recv(client, bytes, sizeof(bytes), 0) == 4 ? TALK_OPEN : talk_of(errno);
	}
	close(client);
	close_all(fds);
	return out;
}

struct talked
talk_udp(enum host from, uint16_t from_port, const char *to, uint16_t port, uint16_t port_listened)
{
	return udp(from, from_port, to, port, port_listened, PATIENCE);
}

static struct talked
ping(enum host from, const char *to, int patience)
{
	struct talked           out = { .how = TALK_SILENT, .server = HOSTS };
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
	while (out.how == TALK_SILENT && poll(&one, 1, patience) > 0) {
		const ssize_t  got = recv(fd, bytes, sizeof(bytes), 0);
		const uint8_t *icmp = bytes + (v4 ? 20 : 0);

		if (got >= 8 && icmp[0] == (v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY) &&
		    (uint16_t)(icmp[4] << 8 | icmp[5]) == number)
			out.how = TALK_OPEN;
	}
	close(fd);
	return out;
}

struct talked
talk_ping(enum host from, const char *to)
{
	return ping(from, to, PATIENCE);
}

struct talked
try_ping(enum host from, const char *to)
{
	return ping(from, to, SILENCE);
}

static int
patience_for(const char *wanted)
{
	return strcmp(wanted, talk_word(TALK_SILENT)) == 0 ? SILENCE : PATIENCE;
}

const char *
word_of_tcp(enum host from, const char *to, uint16_t port, const char *wanted)
{
	return talk_word(tcp(from, to, port, 0, patience_for(wanted)).how);
}

const char *
word_of_udp(enum host from, const char *to, uint16_t port, const char *wanted)
{
	return talk_word(udp(from, 0, to, port, 0, patience_for(wanted)).how);
}

const char *
word_of_ping(enum host from, const char *to, const char *wanted)
{
	return talk_word(ping(from, to, patience_for(wanted)).how);
}

/* --- Lines --------------------------------------------------------------------------------------------- */

static bool
begin(struct line_open *line, enum host from, const char *to, uint16_t port, enum host server, int patience)
{
	const int     listening = open_socket(server, SOCK_STREAM, any_like(to), port);
	struct pollfd one = { listening, POLLIN, 0 };

	BUG_IF(listen(listening, 1) != 0, "cannot listen");
	line->client = open_socket(from, SOCK_STREAM, any_like(to), 0);
	line->server = -1;
	if (connect_to(line->client, to, port, patience) == 0 && poll(&one, 1, patience) > 0)
		line->server = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	close(listening);
	return line->server >= 0;
}

bool
line_begin(struct line_open *line, enum host from, const char *to, uint16_t port, enum host server)
{
	return begin(line, from, to, port, server, PATIENCE);
}

bool
line_try(struct line_open *line, enum host from, const char *to, uint16_t port, enum host server)
{
	return begin(line, from, to, port, server, SILENCE);
}

static bool
passes(int from, int to, int patience)
{
	struct pollfd one = { to, POLLIN, 0 };
	char          byte;

	return send(from, "x", 1, MSG_NOSIGNAL) == 1 && poll(&one, 1, patience) > 0 && recv(to, &byte, 1, 0) == 1;
}

bool
line_works(const struct line_open *line)
{
	return passes(line->client, line->server, PATIENCE) && passes(line->server, line->client, PATIENCE);
}

bool
line_still_works(const struct line_open *line)
{
	return passes(line->client, line->server, SILENCE) && passes(line->server, line->client, SILENCE);
}

void
line_finish(struct line_open *line)
{
	close(line->client);
	if (line->server >= 0)
		close(line->server);
}
