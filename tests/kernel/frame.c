/* Ethernet, IPv4, IPv6, TCP, UDP and ICMP just well enough to be believed by connection tracking. */
#include "frame.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"

enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMP6 = 58 };

static void
put16(uint8_t *at, uint32_t number)
{
	at[0] = (uint8_t)(number >> 8);
	at[1] = (uint8_t)number;
}

static uint32_t
sum(const uint8_t *bytes, size_t len, uint32_t start)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		start += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	if (len % 2)
		start += (uint32_t)bytes[len - 1] << 8;
	return start;
}

static uint16_t
fold(uint32_t number)
{
	while (number >> 16)
		number = (number & 0xffff) + (number >> 16);
	return (uint16_t)~number;
}

static size_t
put_transport(const struct packet *p, uint32_t id, uint8_t *out)
{
	switch (p->protocol) {
	case PROTO_TCP:
		put16(out, p->source_port);
		put16(out + 2, p->destination_port);
		put16(out + 6, id);
		out[12] = 5 << 4;
		out[13] = p->tcp_flags;
		put16(out + 14, 1024);
		return 20;
	case PROTO_UDP:
		put16(out, p->source_port);
		put16(out + 2, p->destination_port);
		put16(out + 4, 12);
		return 12;
	case PROTO_ICMP:
	case PROTO_ICMP6:
		out[0] = p->icmp_type;
		put16(out + 4, id);
		put16(out + 6, id >> 8);
		return 16;
	default:
		return 16;
	}
}

/* With the pseudo header, but for ICMP over IPv4. */
static void
put_checksum(const struct packet *p, uint8_t *transport, size_t len)
{
	const unsigned size = address_bits(p->source.family) / 8;
	const size_t   at = p->protocol == PROTO_TCP ? 16 : p->protocol == PROTO_UDP ? 6 : 2;
	uint32_t       total = 0;

	if (p->protocol != PROTO_TCP && p->protocol != PROTO_UDP && p->protocol != PROTO_ICMP && p->protocol != PROTO_ICMP6)
		return;
	if (p->protocol != PROTO_ICMP) {
		total = sum(p->source.bytes, size, 0);
		total = sum(p->destination.bytes, size, total) + (uint32_t)p->protocol + (uint32_t)len;
	}
	put16(transport + at, fold(sum(transport, len, total)));
}

static size_t
put_ip4(const struct packet *p, uint32_t id, size_t len, uint8_t *out)
{
	out[0] = 0x45;
	put16(out + 2, (uint32_t)len + 20);
	put16(out + 4, id);
	out[8] = 64;
	out[9] = (uint8_t)p->protocol;
	memcpy(out + 12, p->source.bytes, 4);
	memcpy(out + 16, p->destination.bytes, 4);
	put16(out + 10, fold(sum(out, 20, 0)));
	return 20;
}

static size_t
put_ip6(const struct packet *p, uint32_t id, size_t len, uint8_t *out)
{
	out[0] = 0x60;
	out[1] = (uint8_t)(id >> 16 & 15);
	put16(out + 2, id);
	put16(out + 4, (uint32_t)len);
	out[6] = (uint8_t)p->protocol;
	out[7] = 64;
	memcpy(out + 8, p->source.bytes, 16);
	memcpy(out + 24, p->destination.bytes, 16);
	return 40;
}

size_t
frame_make(const struct packet *p, uint32_t id, const uint8_t *to_mac, uint8_t *out, size_t room)
{
	const bool   v4 = p->source.family == FAMILY_INET;
	const size_t head = v4 ? 20 : 40;

	BUG_IF(room < 128, "frame: no room");
	memset(out, 0, room);
	memcpy(out, to_mac, 6);
	memcpy(out + 6, p->mac.bytes, 6);
	put16(out + 12, v4 ? ETH_P_IP : ETH_P_IPV6);
	const size_t len = put_transport(p, id, out + 14 + head);

	put_checksum(p, out + 14 + head, len);
	(v4 ? put_ip4 : put_ip6)(p, id, len, out + 14);
	return 14 + head + len;
}

int
frame_socket(const char *link)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	int                fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	address.sll_ifindex = (int)if_nametoindex(link);
	BUG_IF(fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0, "no socket on %s: %s", link,
	       strerror(errno));
	return fd;
}

bool
frame_send(int socket, const uint8_t *frame, size_t len)
{
	return send(socket, frame, len, 0) == (ssize_t)len;
}

void
frame_mac(const char *link, uint8_t *mac)
{
	struct ifreq request = { 0 };
	const int    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(request.ifr_name, link, strnlen(link, IFNAMSIZ - 1));
	BUG_IF(ioctl(fd, SIOCGIFHWADDR, &request) != 0, "no address of %s", link);
	memcpy(mac, request.ifr_hwaddr.sa_data, 6);
	close(fd);
}

/* --- The log -------------------------------------------------------------------------------------------- */

static struct nlmsghdr *
log_message(char *bytes, uint16_t group)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(bytes);
	struct nfgenmsg *general = mnl_nlmsg_put_extra_header(message, sizeof(*general));

	message->nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG;
	message->nlmsg_flags = NLM_F_REQUEST;
	*general = (struct nfgenmsg){ AF_UNSPEC, NFNETLINK_V0, htons(group) };
	return message;
}

int
log_open(uint16_t group)
{
	char                           bytes[512];
	const int                      room = 64 * 1024 * 1024;
	struct nfulnl_msg_config_cmd   command = { NFULNL_CFG_CMD_BIND };
	struct nfulnl_msg_config_mode  mode = { htonl(96), NFULNL_COPY_PACKET, 0 };
	const struct sockaddr_nl       any = { .nl_family = AF_NETLINK };
	int                            fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	struct nlmsghdr               *message = log_message(bytes, group);

	BUG_IF(fd < 0 || bind(fd, (const struct sockaddr *)&any, sizeof(any)) != 0, "no log socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	mnl_attr_put(message, NFULA_CFG_CMD, sizeof(command), &command);
	BUG_IF(send(fd, bytes, message->nlmsg_len, 0) < 0, "no log");
	message = log_message(bytes, group);
	mnl_attr_put(message, NFULA_CFG_MODE, sizeof(mode), &mode);
	/* One packet a message: nothing is kept back. */
	mnl_attr_put_u32(message, NFULA_CFG_QTHRESH, htonl(1));
	BUG_IF(send(fd, bytes, message->nlmsg_len, 0) < 0, "no log");
	return fd;
}

void
log_close(int socket)
{
	close(socket);
}

static void
read_packet(const uint8_t *ip, size_t len, struct logged *out)
{
	const bool v4 = len >= 20 && ip[0] >> 4 == 4;

	if (!v4 && len < 40)
		return;
	out->source.family = out->destination.family = v4 ? FAMILY_INET : FAMILY_INET6;
	out->id = v4 ? (uint32_t)ip[4] << 8 | ip[5] : (uint32_t)(ip[1] & 15) << 16 | (uint32_t)ip[2] << 8 | ip[3];
	memcpy(out->source.bytes, ip + (v4 ? 12 : 8), v4 ? 4 : 16);
	memcpy(out->destination.bytes, ip + (v4 ? 16 : 24), v4 ? 4 : 16);
	const size_t head = v4 ? 20 : 40;

	if (len >= head + 4)
		out->source_port = (uint16_t)(ip[head] << 8 | ip[head + 1]);
}

static bool
read_message(const struct nlmsghdr *message, struct logged *out)
{
	const struct nlattr *attribute;

	*out = (struct logged){ 0 };
	if (message->nlmsg_type != (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET))
		return false;
	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attribute) == NFULA_PREFIX)
			snprintf(out->prefix, sizeof(out->prefix), "%s", mnl_attr_get_str(attribute));
		if (mnl_attr_get_type(attribute) == NFULA_PAYLOAD)
			read_packet(mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute), out);
	}
	return out->source.family != FAMILY_NONE;
}

bool
log_next(int socket, int milliseconds, struct logged *out)
{
	static char bytes[65536];
	static int  left;
	static const struct nlmsghdr *message;

	for (;;) {
		while (left > 0 && mnl_nlmsg_ok(message, left)) {
			const bool found = read_message(message, out);

			message = mnl_nlmsg_next(message, &left);
			if (found)
				return true;
		}
		struct pollfd one = { socket, POLLIN, 0 };

		if (poll(&one, 1, milliseconds) <= 0)
			return false;
		left = (int)recv(socket, bytes, sizeof(bytes), 0);
		message = (const struct nlmsghdr *)bytes;
	}
}

void
connections_flush(void)
{
	char             bytes[512];
	struct nlmsghdr *message = mnl_nlmsg_put_header(bytes);
	struct nfgenmsg *general = mnl_nlmsg_put_extra_header(message, sizeof(*general));
	const int        fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	for (int family = 0; family < 2; family++) {
		message->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE;
		message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
		*general = (struct nfgenmsg){ (uint8_t)(family ? AF_INET6 : AF_INET), NFNETLINK_V0, 0 };
		BUG_IF(send(fd, bytes, message->nlmsg_len, 0) < 0 || recv(fd, bytes + 256, 256, 0) < 0, "no flush");
	}
	close(fd);
}
