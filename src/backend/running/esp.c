/* The kernel says so only when it is told to do it: whether it has the protocol is shown nowhere. */
#include "backend/running/esp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/xfrm.h>
#include <string.h>

#define NUMBER   0xff       /* RFC 4303: 1 to 255 are reserved */
#define ADDRESS  0xc0000201 /* 192.0.2.1, which is nobody (RFC 5737) */
#define KEY_BITS 256
#define ROOM     1024

/* An algorithm with a key of zeros: nothing is ever wrapped by it. */
static void
put_algorithm(struct nlmsghdr *request, uint16_t kind, const char *name)
{
	unsigned char      bytes[sizeof(struct xfrm_algo) + KEY_BITS / 8] = { 0 };
	struct xfrm_algo   algorithm = { .alg_key_len = KEY_BITS };

	memcpy(algorithm.alg_name, name, strlen(name));
	memcpy(bytes, &algorithm, sizeof(algorithm));
	mnl_attr_put(request, kind, sizeof(bytes), bytes);
}

static bool
send_and_hear(struct mnl_socket *socket, struct nlmsghdr *request)
{
	char    room[ROOM];
	ssize_t len;

	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return false;
	len = mnl_socket_recvfrom(socket, room, sizeof(room));
	return len > 0 && mnl_cb_run(room, (size_t)len, 0, mnl_socket_get_portid(socket), NULL, NULL) >= 0;
}

static bool
make_association(struct mnl_socket *socket)
{
	char                    room[ROOM];
	struct nlmsghdr        *request = mnl_nlmsg_put_header(room);
	struct xfrm_usersa_info association = {
		.family = AF_INET, .mode = XFRM_MODE_TUNNEL, .saddr.a4 = htonl(ADDRESS),
		.id = { .daddr.a4 = htonl(ADDRESS), .spi = htonl(NUMBER), .proto = IPPROTO_ESP },
		.lft = { XFRM_INF, XFRM_INF, XFRM_INF, XFRM_INF },
	};

	request->nlmsg_type = XFRM_MSG_NEWSA;
	memcpy(mnl_nlmsg_put_extra_header(request, sizeof(association)), &association, sizeof(association));
	put_algorithm(request, XFRMA_ALG_AUTH, "hmac(sha256)");
	put_algorithm(request, XFRMA_ALG_CRYPT, "cbc(aes)");
	/* One that was left there says the same. */
	return send_and_hear(socket, request) || errno == EEXIST;
}

static void
take_away(struct mnl_socket *socket)
{
	char                        room[ROOM];
	struct nlmsghdr            *request = mnl_nlmsg_put_header(room);
	const struct xfrm_usersa_id which = {
		.daddr.a4 = htonl(ADDRESS), .spi = htonl(NUMBER), .family = AF_INET, .proto = IPPROTO_ESP,
	};

	request->nlmsg_type = XFRM_MSG_DELSA;
	memcpy(mnl_nlmsg_put_extra_header(request, sizeof(which)), &which, sizeof(which));
	(void)send_and_hear(socket, request);
}

bool
kernel_has_esp(void)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_XFRM, SOCK_CLOEXEC);
	bool               has = false;

	if (!socket)
		return false;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0)
		has = make_association(socket);
	if (has)
		take_away(socket);
	mnl_socket_close(socket);
	return has;
}
