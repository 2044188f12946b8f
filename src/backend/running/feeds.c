/* The kernel's log (NFLOG) and the events of connection tracking, read from netlink sockets of their own. */
#include "backend/running/feeds.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "backend/running/conntrack.h"
#include "base/bug.h"

#define RECEIVE_ROOM  (1024 * 1024)
#define BUFFER_SIZE   65536
#define DATAGRAMS_MAX 16 /* at one time */
#define BATCH         32 /* packets that may come in one datagram */
#define BATCH_DELAY   5  /* hundredths of a second that one waits for others */
#define PATIENCE      5  /* seconds for an acknowledgement */

static int64_t
now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static int
open_netlink(void)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	const struct timeval     patience = { PATIENCE, 0 };
	const int                room = RECEIVE_ROOM;
	const int                fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0)
		return -1;
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) != 0) {
		close(fd);
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static int
refused(int fd, struct buffer *message, const char *what)
{
	buffer_print(message, "%s: %s", what, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* --- Logged packets -------------------------------------------------------------------------- */

static struct nlmsghdr *
configure(char *room, uint16_t group)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);
	struct nfgenmsg *general = mnl_nlmsg_put_extra_header(message, sizeof(*general));

	message->nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	*general = (struct nfgenmsg){ AF_UNSPEC, NFNETLINK_V0, htons(group) };
	return message;
}

/* Send and wait for the acknowledgement; packets that come before it are lost, which nobody can tell. */
static bool
tell(int fd, const struct nlmsghdr *request)
{
	char room[BUFFER_SIZE];

	if (send(fd, request, request->nlmsg_len, 0) < 0)
		return false;
	for (int tries = 0; tries < 100; tries++) {
		const ssize_t len = recv(fd, room, sizeof(room), 0);
		int           left = (int)len;

		if (len <= 0 && errno != ENOBUFS)
			return false;
		for (const struct nlmsghdr *m = (const void *)room; mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left))
			if (m->nlmsg_type == NLMSG_ERROR) {
				errno = -((const struct nlmsgerr *)mnl_nlmsg_get_payload(m))->error;
				return errno == 0;
			}
	}
	errno = ETIMEDOUT;
	return false;
}

int
packets_open(uint16_t group, struct buffer *message)
{
	const struct nfulnl_msg_config_cmd  bind_command = { NFULNL_CFG_CMD_BIND };
	const struct nfulnl_msg_config_mode mode = { htonl(FEED_PAYLOAD_MAX), NFULNL_COPY_PACKET, 0 };
	char                                room[512];
	struct nlmsghdr                    *request;
	const int                           fd = open_netlink();

	if (fd < 0)
		return refused(fd, message, "no socket for logged packets");
	request = configure(room, group);
	mnl_attr_put(request, NFULA_CFG_CMD, sizeof(bind_command), &bind_command);
	if (!tell(fd, request))
		return refused(fd, message, errno == EPERM || errno == EBUSY
						    ? "somebody else reads the log group of the packet filter, or we may not"
						    : "logged packets (nfnetlink_log)");
	request = configure(room, group);
	mnl_attr_put(request, NFULA_CFG_MODE, sizeof(mode), &mode);
	mnl_attr_put_u32(request, NFULA_CFG_QTHRESH, htonl(BATCH));
	mnl_attr_put_u32(request, NFULA_CFG_TIMEOUT, htonl(BATCH_DELAY));
	if (!tell(fd, request))
		return refused(fd, message, "logged packets (nfnetlink_log)");
	return fd;
}

static struct text
bytes_of(const struct nlattr *attribute, size_t max)
{
	return text_first((struct text){ mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute) }, max);
}

static uint32_t
number_of(const struct nlattr *attribute)
{
	return mnl_attr_get_payload_len(attribute) >= 4 ? ntohl(mnl_attr_get_u32(attribute)) : 0;
}

static void
read_packet_attribute(const struct nlattr *attribute, struct feed_packet *out)
{
	const struct nfulnl_msg_packet_hdr *head = mnl_attr_get_payload(attribute);

	switch (mnl_attr_get_type(attribute)) {
	case NFULA_PACKET_HDR:
		if (mnl_attr_get_payload_len(attribute) >= sizeof(*head)) {
			out->protocol = ntohs(head->hw_protocol);
			out->hook = head->hook;
		}
		break;
	case NFULA_IFINDEX_INDEV:
		out->in = number_of(attribute);
		break;
	case NFULA_IFINDEX_OUTDEV:
		out->out = number_of(attribute);
		break;
	case NFULA_PREFIX:
		/* With its NUL. */
		out->prefix = text_first(bytes_of(attribute, FEED_PREFIX_MAX), strnlen(mnl_attr_get_payload(attribute),
			mnl_attr_get_payload_len(attribute)));
		break;
	case NFULA_PAYLOAD:
		out->payload = bytes_of(attribute, FEED_PAYLOAD_MAX);
		break;
	default:
		break;
	}
}

static bool
take_packet(const struct nlmsghdr *message, const struct feed_taker *taker)
{
	struct feed_packet   packet = { 0 };
	const struct nlattr *attribute;

	if (message->nlmsg_type != (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET))
		return false;
	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg))
		read_packet_attribute(attribute, &packet);
	taker->packet(taker->self, now(), &packet);
	return true;
}

/* --- Ended connections -------------------------------------------------------------------------- */

int
flows_open(struct buffer *message)
{
	const int group = NFNLGRP_CONNTRACK_DESTROY;
	const int fd = open_netlink();

	if (fd < 0 || setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) != 0)
		return refused(fd, message, "ended connections (nf_conntrack_netlink)");
	return fd;
}

static bool
take_flow(const struct nlmsghdr *message, const struct feed_taker *taker)
{
	struct feed_flow flow = { 0 };

	if (message->nlmsg_type != (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE))
		return false;
	conntrack_read(message, &flow.state, &flow.started);
	taker->flow(taker->self, now(), &flow);
	return true;
}

/* --- Reading ------------------------------------------------------------------------------------- */

static size_t
read_all(int fd, const struct feed_taker *taker, uint64_t *lost,
	 bool (*take)(const struct nlmsghdr *, const struct feed_taker *))
{
	char   room[BUFFER_SIZE];
	size_t taken = 0;

	for (int i = 0; i < DATAGRAMS_MAX; i++) {
		const ssize_t len = recv(fd, room, sizeof(room), MSG_DONTWAIT);
		int           left = (int)len;

		if (len < 0 && errno == ENOBUFS) {
			(*lost)++;
			continue;
		}
		if (len <= 0)
			break;
		for (const struct nlmsghdr *m = (const void *)room; mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left))
			taken += take(m, taker);
	}
	return taken;
}

size_t
packets_read(int fd, const struct feed_taker *taker, uint64_t *lost)
{
	return read_all(fd, taker, lost, take_packet);
}

size_t
flows_read(int fd, const struct feed_taker *taker, uint64_t *lost)
{
	return read_all(fd, taker, lost, take_flow);
}
