/* Raw sockets: the mark that leads a probe by its gateway goes with each packet. */
#include "backend/probe/echo.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "plan/network/network.h"

#define FOREIGN_MAX  64   /* packets that are none of ours, thrown away at one time */
#define PACKET_MAX   2048
#define IP4_HEAD_MAX 60

/* Behind the head of an echo request. */
struct payload {
	uint64_t secret;
	uint32_t number;
	uint32_t gateway;
};

struct echo {
	int      fd4, fd6;
	uint16_t id;
	uint64_t secret;
};

/* --- Opening ---------------------------------------------------------------------------------- */

#define BYTE(at)    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, at)
#define IS(what)    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, what, 1, 0)
#define REFUSE      BPF_STMT(BPF_RET | BPF_K, 0)
#define ACCEPT      BPF_STMT(BPF_RET | BPF_K, PACKET_MAX)

/* Of IPv4 the packet begins with the head of IP. */
static bool
attach_filter(int fd, bool six, uint16_t id)
{
	struct sock_filter four[] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0), IS(ICMP_ECHOREPLY), REFUSE,
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4), IS(id), REFUSE, ACCEPT,
	};
	struct sock_filter        other[] = { BYTE(0), IS(ICMP6_ECHO_REPLY), REFUSE, BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4), IS(id),
					      REFUSE, ACCEPT };
	const struct sock_fprog program = { six ? COUNT(other) : COUNT(four), six ? other : four };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

static int
open_family(bool six, uint16_t id)
{
	const int fd = socket(six ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			      six ? (int)IPPROTO_ICMPV6 : (int)IPPROTO_ICMP);
	const int on = 1;

	if (fd < 0)
		return -1;
	if (attach_filter(fd, six, id) && setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) == 0)
		return fd;
	close(fd);
	return -1;
}

enum result
echo_open(struct echo **out, struct buffer *message)
{
	struct echo *echo = calloc(1, sizeof(*echo));

	BUG_IF(!echo, "out of memory");
	BUG_IF(getrandom(&echo->secret, sizeof(echo->secret), 0) != sizeof(echo->secret) ||
	               getrandom(&echo->id, sizeof(echo->id), 0) != sizeof(echo->id),
	       "no random numbers");
	echo->fd4 = open_family(false, echo->id);
	echo->fd6 = open_family(true, echo->id);
	if (echo->fd4 < 0 && echo->fd6 < 0) {
		buffer_print(message, "gateways cannot be probed: %s (CAP_NET_RAW)", strerror(errno));
		free(echo);
		return RESULT_FAILED;
	}
	*out = echo;
	return RESULT_DONE;
}

void
echo_close(struct echo *echo)
{
	if (!echo)
		return;
	if (echo->fd4 >= 0)
		close(echo->fd4);
	if (echo->fd6 >= 0)
		close(echo->fd6);
	free(echo);
}

int
echo_fd(const struct echo *echo, enum family family)
{
	return family == FAMILY_INET6 ? echo->fd6 : echo->fd4;
}

/* --- Sending ---------------------------------------------------------------------------------- */

static uint16_t
checksum(const void *bytes, size_t n)
{
	const uint8_t *at = bytes;
	uint32_t       sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	if (n % 2)
		sum += (uint32_t)at[n - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static socklen_t
put_target(const struct probe *probe, struct sockaddr_storage *out)
{
	struct sockaddr_in  *four = (struct sockaddr_in *)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

	*out = (struct sockaddr_storage){ 0 };
	if (probe->target.family == FAMILY_INET) {
		four->sin_family = AF_INET;
		memcpy(&four->sin_addr, probe->target.bytes, sizeof(four->sin_addr));
		return sizeof(*four);
	}
	six->sin6_family = AF_INET6;
	memcpy(&six->sin6_addr, probe->target.bytes, sizeof(six->sin6_addr));
	if (address_is_link_local(&probe->target))
		six->sin6_scope_id = if_nametoindex(probe->device);
	return sizeof(*six);
}

/* The kernel sums ICMPv6 up by itself. */
static size_t
put_request(const struct echo *echo, const struct probe *probe, uint32_t number, uint8_t *packet)
{
	const bool           six = probe->target.family == FAMILY_INET6;
	const struct payload payload = { echo->secret, number, probe->number };
	struct icmphdr       head = { .type = six ? ICMP6_ECHO_REQUEST : ICMP_ECHO };
	const size_t         size = probe->size > sizeof(payload) ? probe->size : sizeof(payload);

	head.un.echo.id = htons(echo->id);
	head.un.echo.sequence = htons((uint16_t)number);
	memset(packet, 0, sizeof(head) + size);
	memcpy(packet, &head, sizeof(head));
	memcpy(packet + sizeof(head), &payload, sizeof(payload));
	if (!six) {
		head.checksum = checksum(packet, sizeof(head) + size);
		memcpy(packet, &head, sizeof(head));
	}
	return sizeof(head) + size;
}

bool
echo_send(struct echo *echo, const struct probe *probe, uint32_t number)
{
	uint8_t                 packet[sizeof(struct icmphdr) + PROBE_SIZE_MAX];
	struct sockaddr_storage target;
	struct iovec            iov = { packet, put_request(echo, probe, number, packet) };
	union {
		struct cmsghdr head;
		char           room[CMSG_SPACE(sizeof(uint32_t))];
	} control = { .head = { 0 } };
	struct msghdr   message = { .msg_name = &target, .msg_namelen = put_target(probe, &target), .msg_iov = &iov, .msg_iovlen = 1 };
	const uint32_t  mark = NETWORK_MARK(probe->number);
	struct cmsghdr *head;

	if (echo_fd(echo, probe->target.family) < 0)
		return false;
	if (probe->is_routed) {
		message.msg_control = control.room;
		message.msg_controllen = sizeof(control.room);
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SO_MARK;
		head->cmsg_len = CMSG_LEN(sizeof(mark));
		memcpy(CMSG_DATA(head), &mark, sizeof(mark));
	}
	return sendmsg(echo_fd(echo, probe->target.family), &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

/* --- Receiving -------------------------------------------------------------------------------- */

static int64_t
waited(struct msghdr *message)
{
	struct timespec came, now;

	for (struct cmsghdr *head = CMSG_FIRSTHDR(message); head; head = CMSG_NXTHDR(message, head)) {
		if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&came, CMSG_DATA(head), sizeof(came));
		clock_gettime(CLOCK_REALTIME, &now);
		const int64_t us = (int64_t)(now.tv_sec - came.tv_sec) * 1000000 + (now.tv_nsec - came.tv_nsec) / 1000;

		/* The clock may have been set meanwhile. */
		return us < 0 || us > PROBE_TIME_MAX * (int64_t)1000 ? 0 : us;
	}
	return 0;
}

static bool
is_ours(const struct echo *echo, const uint8_t *packet, size_t n, struct echo_answer *out)
{
	struct payload payload;

	if (n < sizeof(struct icmphdr) + sizeof(payload))
		return false;
	memcpy(&payload, packet + sizeof(struct icmphdr), sizeof(payload));
	if (payload.secret != echo->secret || payload.gateway == 0 || payload.gateway > PROBES_MAX)
		return false;
	out->gateway = (uint8_t)payload.gateway;
	out->number = payload.number;
	return true;
}

bool
echo_receive(struct echo *echo, enum family family, struct echo_answer *out)
{
	uint8_t       packet[PACKET_MAX];
	char          control[CMSG_SPACE(sizeof(struct timespec)) * 2] __attribute__((aligned(8)));
	struct iovec  iov = { packet, sizeof(packet) };
	const int     fd = echo_fd(echo, family);

	for (int i = 0; fd >= 0 && i < FOREIGN_MAX; i++) {
		struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
		const ssize_t n = recvmsg(fd, &message, MSG_DONTWAIT);
		const size_t  skip = family == FAMILY_INET && n > 0 ? (size_t)(packet[0] & 15) * 4 : 0;

		if (n < 0 && errno != EINTR)
			return false;
		if (n < 0 || skip > IP4_HEAD_MAX || (size_t)n < skip || !is_ours(echo, packet + skip, (size_t)n - skip, out))
			continue;
		out->waited = waited(&message);
		return true;
	}
	return false;
}
