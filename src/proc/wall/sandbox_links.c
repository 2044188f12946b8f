/*
 * The links of a sandbox, by rtnetlink. Two network namespaces are made: the first has the far
 * ends, the second is where the process ends up. Links do not keep their namespace: when nobody holds the
 * far one any more, the pairs go with it.
 */
#include "proc/wall/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

#define MESSAGE_MAX 1024

struct link_request {
	union {
		char            bytes[MESSAGE_MAX];
		struct nlmsghdr head;
	};
	struct ifinfomsg *about;
};

static void
begin(struct link_request *request, unsigned flags)
{
	struct nlmsghdr *head = mnl_nlmsg_put_header(request->bytes);

	head->nlmsg_type = RTM_NEWLINK;
	head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	request->about = mnl_nlmsg_put_extra_header(head, sizeof(*request->about));
}

/* Send it to the kernel of the namespace we are in, and wait for what it says. */
static bool
ask(struct link_request *request)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	char               answer[MESSAGE_MAX * 4];
	bool               done = false;

	if (!socket)
		return false;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(socket, &request->head, request->head.nlmsg_len) > 0) {
		const ssize_t len = mnl_socket_recvfrom(socket, answer, sizeof(answer));

		done = len > 0 && mnl_cb_run(answer, (size_t)len, 0, mnl_socket_get_portid(socket), NULL, NULL) >= 0;
	}

	const int why = errno;

	mnl_socket_close(socket);
	errno = why;
	return done;
}

static bool
set_up(const char *name)
{
	struct link_request request;

	begin(&request, 0);
	request.about->ifi_flags = IFF_UP;
	request.about->ifi_change = IFF_UP;
	mnl_attr_put_strz(&request.head, IFLA_IFNAME, name);
	return ask(&request);
}

/* The same addresses each time, so that what people see and test is the same; the last but one byte tells the ends apart. */
static void
put_identity(struct link_request *request, unsigned number, uint8_t end)
{
	const uint8_t address[6] = { 0x02, 0xdb, 0x00, 0x00, end, (uint8_t)number };
	char          name[IFNAMSIZ];

	snprintf(name, sizeof(name), "em%u", number);
	mnl_attr_put_strz(&request->head, IFLA_IFNAME, name);
	mnl_attr_put(&request->head, IFLA_ADDRESS, sizeof(address), address);
}

/* A pair of the same name at both ends; the other is in the namespace `far`. */
static bool
make_pair(unsigned number, int far)
{
	struct link_request request;
	struct nlattr      *info, *data, *peer;

	begin(&request, NLM_F_CREATE | NLM_F_EXCL);
	put_identity(&request, number, 0);
	info = mnl_attr_nest_start(&request.head, IFLA_LINKINFO);
	mnl_attr_put_strz(&request.head, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(&request.head, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(&request.head, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(&request.head, sizeof(struct ifinfomsg));
	put_identity(&request, number, 1);
	mnl_attr_put_u32(&request.head, IFLA_NET_NS_FD, (uint32_t)far);
	mnl_attr_nest_end(&request.head, peer);
	mnl_attr_nest_end(&request.head, data);
	mnl_attr_nest_end(&request.head, info);
	return ask(&request);
}

static bool
for_each_link(bool (*act)(const char *name))
{
	char name[IFNAMSIZ];

	for (unsigned i = 0; i < SANDBOX_LINKS; i++) {
		snprintf(name, sizeof(name), "em%u", i);
		if (!act(name))
			return false;
	}
	return true;
}

static int
new_network(void)
{
	return unshare(CLONE_NEWNET) == 0 ? open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC) : -1;
}

static bool
make_links(int far, int near)
{
	for (unsigned i = 0; i < SANDBOX_LINKS; i++)
		if (!make_pair(i, far))
			return false;
	if (setns(far, CLONE_NEWNET) < 0 || !for_each_link(set_up))
		return false;
	return setns(near, CLONE_NEWNET) == 0 && set_up("lo") && for_each_link(set_up);
}

bool
sandbox_links(int *outside, struct buffer *message)
{
	scoped_fd far = new_network();
	scoped_fd near = far < 0 ? -1 : new_network();

	if (near < 0 || !make_links(far, near)) {
		buffer_print(message, "cannot make a sandbox: links: %s", strerror(errno));
		return false;
	}
	*outside = far;
	far = -1;
	return true;
}
