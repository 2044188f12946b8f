/* AF_PACKET. The filter is there before the socket hears of any packet, and cannot be taken off again. */
#include "backend/running/capture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

#define RECEIVE_ROOM (4 * 1024 * 1024)

static enum result
failed(struct buffer *message, const char *what)
{
	const enum result result = errno == ENODEV || errno == ENXIO ? RESULT_MISSING
				   : errno == EINVAL                 ? RESULT_INVALID
				   : errno == EAFNOSUPPORT           ? RESULT_UNAVAILABLE
								     : RESULT_FAILED;

	buffer_print(message, "%s: %s", what, strerror(errno));
	return result;
}

static bool
set_filter(int fd, struct text program)
{
	struct sock_filter       code[CAPTURE_PROGRAM_MAX / sizeof(struct sock_filter)];
	const struct sock_fprog  filter = { (unsigned short)(program.len / sizeof(*code)), code };
	const int                on = 1;

	if (program.len == 0)
		return true;
	if (program.len > sizeof(code) || program.len % sizeof(*code) != 0) {
		errno = EINVAL;
		return false;
	}
	memcpy(code, program.ptr, program.len);
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) == 0 &&
	       setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on)) == 0;
}

/* Which link it is, and whether it has hardware addresses. */
static bool
find_link(int fd, const char *name, int *index, bool *is_raw)
{
	struct ifreq request = { 0 };

	memcpy(request.ifr_name, name, strnlen(name, IFNAMSIZ - 1));
	if (ioctl(fd, SIOCGIFINDEX, &request) != 0)
		return false;
	*index = request.ifr_ifindex;
	if (ioctl(fd, SIOCGIFHWADDR, &request) != 0)
		return false;
	*is_raw = request.ifr_hwaddr.sa_family != ARPHRD_ETHER && request.ifr_hwaddr.sa_family != ARPHRD_LOOPBACK;
	return true;
}

static bool
join(int fd, int index, bool promiscuous)
{
	const struct sockaddr_ll place = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = index };
	const struct packet_mreq all = { .mr_ifindex = index, .mr_type = PACKET_MR_PROMISC };
	const int                room = RECEIVE_ROOM;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (promiscuous && setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) != 0)
		return false;
	return bind(fd, (const struct sockaddr *)&place, sizeof(place)) == 0;
}

enum result
capture_open(const struct capture_wish *wish, struct capture_socket *out, struct buffer *message)
{
	/* Protocol 0: nothing is heard until it is bound. */
	const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int       index;
	bool      is_raw;

	if (fd < 0)
		return failed(message, "packet sockets");
	if (!find_link(fd, wish->link, &index, &is_raw) || !set_filter(fd, wish->program) || !join(fd, index, wish->promiscuous)) {
		const enum result result = failed(message, wish->link);

		close(fd);
		return result;
	}
	*out = (struct capture_socket){ fd, is_raw };
	return RESULT_DONE;
}
