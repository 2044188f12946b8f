/* One way to ask rtnetlink for all of a kind and to hear the answer. */
#include "backend/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
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
netlink_ask(int bus, struct nlmsghdr *message, netlink_take *take, void *self)
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
