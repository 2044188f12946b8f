/*
 * The way to a host: packets that live one hop longer each time, and who says that they died. Needs no rights: the kernel
 * puts what others say of a socket's packets into its error queue.
 */
#include "proc/jobs/looks.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/address.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "proc/jobs/jobs.h"
#include "wire/order.h"

#define HOPS_MAX    30
#define PROBES      3
#define PATIENCE_MS 1000 /* for one packet */
#define SECONDS_MAX 60   /* for all of it */
#define SILENT_MAX  8    /* hops in a row without an answer: nobody will */
#define FIRST_PORT  33434

struct tracing {
	int                     fd;
	bool                    inet6, is_icmp;
	struct sockaddr_storage to;
	unsigned                to_size;
	unsigned                sent; /* packets so far */
};

/* What became of one packet. */
struct heard {
	bool           is_answered, is_end;
	struct address from;
	double         milliseconds;
};

static double
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static struct address
address_of(const void *place)
{
	const struct sockaddr *any = place;
	struct address         address = { FAMILY_NONE };

	if (any->sa_family == AF_INET6) {
		address.family = FAMILY_INET6;
		memcpy(address.bytes, &((const struct sockaddr_in6 *)place)->sin6_addr, 16);
	} else if (any->sa_family == AF_INET) {
		address.family = FAMILY_INET;
		memcpy(address.bytes, &((const struct sockaddr_in *)place)->sin_addr, 4);
	}
	return address;
}

static bool
send_probe(struct tracing *tracing, int hops)
{
	const int level = tracing->inet6 ? IPPROTO_IPV6 : IPPROTO_IP;
	uint8_t   packet[32] = { tracing->is_icmp ? (tracing->inet6 ? 128 : 8) : 0 };
	const uint16_t port = htons((uint16_t)(FIRST_PORT + tracing->sent));

	tracing->sent++;
	packet[7] = (uint8_t)tracing->sent;
	if (tracing->inet6)
		((struct sockaddr_in6 *)&tracing->to)->sin6_port = tracing->is_icmp ? 0 : port;
	else
		((struct sockaddr_in *)&tracing->to)->sin_port = tracing->is_icmp ? 0 : port;
	if (setsockopt(tracing->fd, level, tracing->inet6 ? IPV6_UNICAST_HOPS : IP_TTL, &hops, sizeof(hops)) != 0)
		return false;
	/* What was said of an earlier packet comes out here. */
	for (int i = 0; i < 3; i++)
		if (sendto(tracing->fd, packet, sizeof(packet), 0, (const struct sockaddr *)&tracing->to, tracing->to_size) > 0)
			return true;
	return false;
}

/* False: nothing was in the queue. */
static bool
take_error(struct tracing *tracing, struct heard *heard)
{
	char          control[512], payload[256];
	struct iovec  part = { payload, sizeof(payload) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };

	if (recvmsg(tracing->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
		struct {
			struct sock_extended_err error;
			struct sockaddr_in6      from; /* big enough for both */
		} said = { 0 };
		const size_t have = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_type != (tracing->inet6 ? IPV6_RECVERR : IP_RECVERR))
			continue;
		memcpy(&said, CMSG_DATA(c), have < sizeof(said) ? have : sizeof(said));
		if (said.error.ee_origin != SO_EE_ORIGIN_ICMP && said.error.ee_origin != SO_EE_ORIGIN_ICMP6)
			continue;
		heard->is_answered = true;
		heard->from = address_of(&said.from);
		/* Everything else than a death on the way is the end of it. */
		heard->is_end = said.error.ee_type != (tracing->inet6 ? 3 : 11);
	}
	return true;
}

static struct heard
hear(struct tracing *tracing)
{
	const double  begun = now_ms();
	struct pollfd wait = { .fd = tracing->fd, .events = POLLIN };
	struct heard  heard = { .is_answered = false };
	char          answer[512];

	for (double left = PATIENCE_MS; left > 0 && !heard.is_answered; left = begun + PATIENCE_MS - now_ms()) {
		if (poll(&wait, 1, (int)left + 1) <= 0)
			break;
		while (!heard.is_answered && take_error(tracing, &heard))
			;
		if (heard.is_answered || !(wait.revents & POLLIN))
			continue;
		/* An answer from the host itself. */
		if (recv(tracing->fd, answer, sizeof(answer), MSG_DONTWAIT) > 0) {
			heard = (struct heard){ true, true, address_of(&tracing->to), 0 };
		}
	}
	heard.milliseconds = now_ms() - begun;
	return heard;
}

static const char *
name_of(struct arena *arena, const struct address *address)
{
	struct sockaddr_storage place = { 0 };
	char                    host[NI_MAXHOST];

	if (address->family == FAMILY_INET6) {
		((struct sockaddr_in6 *)&place)->sin6_family = AF_INET6;
		memcpy(&((struct sockaddr_in6 *)&place)->sin6_addr, address->bytes, 16);
	} else {
		((struct sockaddr_in *)&place)->sin_family = AF_INET;
		memcpy(&((struct sockaddr_in *)&place)->sin_addr, address->bytes, 4);
	}
	const socklen_t size = address->family == FAMILY_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);

	return getnameinfo((const struct sockaddr *)&place, size, host, sizeof(host), NULL, 0, NI_NAMEREQD) == 0
		       ? arena_copy(arena, text_of(host))
		       : address_print(arena, address);
}

/* False: that was the last hop. */
static bool
trace_hop(struct arena *arena, struct tracing *tracing, struct value *rows, int hops, unsigned *silent)
{
	struct value  *row = value_object(arena);
	struct address from = { FAMILY_NONE };
	scoped_buffer  times = BUFFER_NONE;
	bool           is_end = false;

	for (int i = 0; i < PROBES; i++) {
		const bool         is_sent = send_probe(tracing, hops);
		const struct heard heard = is_sent ? hear(tracing) : (struct heard){ .is_answered = false };

		if (i > 0)
			buffer_add_byte(&times, ' ');
		if (!heard.is_answered) {
			buffer_add_byte(&times, '*');
			/* One packet is enough to see that a hop is silent. */
			if (from.family == FAMILY_NONE && i == 0)
				break;
			continue;
		}
		buffer_print(&times, "%.3f ms", heard.milliseconds);
		from = heard.from;
		is_end = is_end || heard.is_end;
	}
	*silent = from.family == FAMILY_NONE ? *silent + 1 : 0;
	value_set(arena, row, "ttl", value_integer(arena, hops));
	value_set_string(arena, row, "AS", "");
	value_set_string(arena, row, "host", from.family ? name_of(arena, &from) : "*");
	value_set_string(arena, row, "address", from.family ? address_print(arena, &from) : "");
	value_set(arena, row, "probes", value_text(arena, buffer_text(&times)));
	value_add(arena, rows, row);
	return !is_end && *silent < SILENT_MAX;
}

struct value *
look_route(struct arena *arena, struct courier *courier, const struct look_wish *wish)
{
	struct value  *out = value_object(arena), *rows = value_list(arena);
	scoped_buffer  message = BUFFER_NONE;
	struct tracing tracing = { .inet6 = wish->inet6, .is_icmp = wish->is_icmp };
	const double   end = now_ms() + SECONDS_MAX * 1000;
	const int      on = 1;
	unsigned       silent = 0;

	value_set(arena, out, "rows", rows);
	if (!jobs_resolve(wish->host, wish->inet6, &tracing.to, &tracing.to_size)) {
		value_set_string(arena, out, "error", arena_print(arena, "unknown host %s", wish->host));
		return out;
	}
	tracing.fd = jobs_socket(courier, wish->is_icmp ? PROBE_SOCKET_ICMP : PROBE_SOCKET_UDP, wish->inet6, wish->source, 0, &message);
	scoped_fd fd = tracing.fd;

	if (fd < 0) {
		value_set_string(arena, out, "error", buffer_string(&message));
		return out;
	}
	setsockopt(fd, wish->inet6 ? IPPROTO_IPV6 : IPPROTO_IP, wish->inet6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof(on));
	const struct address goal = address_of(&tracing.to);

	value_set_string(arena, out, "notice", arena_print(arena, "traceroute to %s (%s), %d hops max", wish->host,
							   address_print(arena, &goal), HOPS_MAX));
	for (int hops = 1; hops <= HOPS_MAX && now_ms() < end; hops++)
		if (!trace_hop(arena, &tracing, rows, hops, &silent))
			break;
	return out;
}
