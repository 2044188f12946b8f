/* Taking a single route out of the main table. */
#include "backend/running/route_delete.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <time.h>

enum result
route_delete(const struct prefix *destination, const struct address *gateway, uint32_t link)
{
	const bool         inet6 = destination->address.family == FAMILY_INET6;
	const size_t       size = inet6 ? 16 : 4;
	char               room[512], answer[8192];
	struct nlmsghdr   *request = mnl_nlmsg_put_header(room);
	struct rtmsg      *route = mnl_nlmsg_put_extra_header(request, sizeof(*route));
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	enum result        result = RESULT_FAILED;

	if (!socket)
		return RESULT_FAILED;
	request->nlmsg_type = RTM_DELROUTE;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	request->nlmsg_seq = (uint32_t)time(NULL);
	*route = (struct rtmsg){ .rtm_family = inet6 ? AF_INET6 : AF_INET, .rtm_dst_len = (unsigned char)destination->bits,
				 .rtm_table = RT_TABLE_MAIN, .rtm_scope = RT_SCOPE_NOWHERE };
	if (destination->bits > 0)
		mnl_attr_put(request, RTA_DST, size, destination->address.bytes);
	if (gateway->family != FAMILY_NONE)
		mnl_attr_put(request, RTA_GATEWAY, size, gateway->bytes);
	if (link != 0)
		mnl_attr_put_u32(request, RTA_OIF, link);
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(socket, request, request->nlmsg_len) > 0) {
		const ssize_t len = mnl_socket_recvfrom(socket, answer, sizeof(answer));

		if (len > 0 && mnl_cb_run(answer, (size_t)len, request->nlmsg_seq, mnl_socket_get_portid(socket), NULL, NULL) >= 0)
			result = RESULT_DONE;
		else if (errno == ESRCH || errno == ENOENT || errno == ENODEV)
			result = RESULT_MISSING;
	}
	mnl_socket_close(socket);
	return result;
}
