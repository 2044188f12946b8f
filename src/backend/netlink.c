/* Asking rtnetlink: for all of a kind, and for one thing at a time. */
#include "backend/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define ANSWER_MAX 32768 /* one packet of a dump */

bool
netlink_hear(struct mnl_socket *socket, netlink_take *take, void *self)
{
	char room[ANSWER_MAX];
	int  state = MNL_CB_OK;

	while (state == MNL_CB_OK) {
		const ssize_t len = mnl_socket_recvfrom(socket, room, sizeof(room));

		if (len <= 0)
			return false;
		state = mnl_cb_run(room, (size_t)len, 0, 0, take, self);
	}
	return state == MNL_CB_STOP;
}

int
netlink_once(int bus, struct nlmsghdr *message, netlink_take *take, void *self)
{
	struct mnl_socket *socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
	int                error = 0;

	/* A dump ends by itself; half of its mark means something else (NLM_F_EXCL). */
	message->nlmsg_flags |= NLM_F_REQUEST | ((message->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP ? 0 : NLM_F_ACK);
	if (!socket || mnl_socket_sendto(socket, message, message->nlmsg_len) < 0 || !netlink_hear(socket, take, self))
		error = errno ? errno : EIO;
	if (socket)
		mnl_socket_close(socket);
	return error;
}

bool
netlink_dump_of(uint16_t type, const void *header, size_t size, netlink_take *take, void *self)
{
	char               room[128];
	struct nlmsghdr   *request = mnl_nlmsg_put_header(room);
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	if (!socket)
		return false;
	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	memcpy(mnl_nlmsg_put_extra_header(request, size), header, size);
	const bool done = mnl_socket_sendto(socket, request, request->nlmsg_len) >= 0 && netlink_hear(socket, take, self);

	mnl_socket_close(socket);
	return done;
}

bool
netlink_dump(uint16_t type, netlink_take *take, void *self)
{
	/* The biggest of the headers that such requests have; zeros: all. */
	static const struct ifinfomsg all;

	return netlink_dump_of(type, &all, sizeof(all), take, self);
}

/* --- One request and one answer --------------------------------------------------------------------- */

struct nlmsghdr *
netlink_request(struct netlink *netlink, uint16_t type, uint16_t flags, size_t head, void *out)
{
	struct nlmsghdr *message;

	memset(netlink->room, 0, sizeof(netlink->room));
	message = mnl_nlmsg_put_header(netlink->room);
	message->nlmsg_type = type;
	message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	message->nlmsg_seq = ++netlink->sequence;
	*(void **)out = mnl_nlmsg_put_extra_header(message, head);
	return message;
}

static void
remember(struct netlink *netlink, const struct nlmsghdr *answer, const struct nlmsgerr *error)
{
	size_t         skip = sizeof(*error);
	struct nlattr *attribute;

	netlink->said[0] = '\0';
	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		skip += MNL_ALIGN(error->msg.nlmsg_len) - sizeof(error->msg);
	mnl_attr_for_each(attribute, answer, skip)
		if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG)
			snprintf(netlink->said, sizeof(netlink->said), "%.*s", (int)mnl_attr_get_payload_len(attribute),
			         mnl_attr_get_str(attribute));
}

int
netlink_ask(struct netlink *netlink, const struct nlmsghdr *message)
{
	char answer[NETLINK_ROOM * 2] __attribute__((aligned(8)));

	if (mnl_socket_sendto(netlink->socket, message, message->nlmsg_len) < 0)
		return errno;
	for (;;) {
		const ssize_t          len = mnl_socket_recvfrom(netlink->socket, answer, sizeof(answer));
		const struct nlmsghdr *head = (const struct nlmsghdr *)answer;
		const struct nlmsgerr *error;

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return errno;
		if (!mnl_nlmsg_ok(head, (int)len) || head->nlmsg_type != NLMSG_ERROR || head->nlmsg_seq != message->nlmsg_seq)
			continue;
		error = mnl_nlmsg_get_payload(head);
		if (error->error)
			remember(netlink, head, error);
		return -error->error;
	}
}

bool
netlink_open(struct netlink *netlink)
{
	int on = 1;

	*netlink = (struct netlink){ .socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC) };
	if (!netlink->socket)
		return false;
	mnl_socket_setsockopt(netlink->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(netlink->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	return true;
}

void
netlink_close(struct netlink *netlink)
{
	mnl_socket_close(netlink->socket);
}
