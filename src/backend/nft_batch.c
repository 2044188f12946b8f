/*
 * A transaction is one sendmsg() between BATCH_BEGIN and BATCH_END. Without the END the kernel checks
 * everything and throws it away, which is a dry run by the judge itself.
 */
#include "backend/nft_batch.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"

#define RECEIVE_MAX  (256 * 1024)
#define RECEIVE_ROOM (8 * 1024 * 1024)
#define BATCH_KEPT   (512 * 1024)

enum result
nft_socket_open(struct nft_socket *out)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	struct sockaddr_nl       self;
	socklen_t                len = sizeof(self);
	const int                room = RECEIVE_ROOM, on = 1;
	const struct timeval     patience = { 20, 0 };
	int                      fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0)
		return errno == EPROTONOSUPPORT ? RESULT_UNAVAILABLE : RESULT_FAILED;
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&self, &len) != 0) {
		close(fd);
		return RESULT_FAILED;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	*out = (struct nft_socket){ fd, self.nl_pid, 1 };
	return RESULT_DONE;
}

void
nft_socket_close(struct nft_socket *socket)
{
	if (socket->fd >= 0)
		close(socket->fd);
	socket->fd = -1;
}

static struct nlmsghdr *
put_head(struct batch *batch, uint16_t type, uint16_t flags, uint8_t family, uint16_t resource)
{
	buffer_reserve(&batch->bytes, BATCH_MESSAGE_MAX);
	struct nlmsghdr  *message = mnl_nlmsg_put_header(batch->bytes.bytes + batch->bytes.len);
	struct nfgenmsg  *general = mnl_nlmsg_put_extra_header(message, sizeof(*general));

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = batch->sequence++;
	*general = (struct nfgenmsg){ family, NFNETLINK_V0, htons(resource) };
	batch->here = message;
	return message;
}

/* The message being made becomes part of the bytes. */
static void
end_message(struct batch *batch)
{
	if (!batch->here)
		return;
	BUG_IF(batch->here->nlmsg_len > BATCH_MESSAGE_MAX, "a netlink message is too long");
	batch->bytes.len += MNL_ALIGN(batch->here->nlmsg_len);
	batch->here = NULL;
}

void
batch_start(struct batch *batch, struct nft_socket *socket, uint32_t generation)
{
	*batch = (struct batch){ .sequence = socket->sequence, .bytes = batch->bytes, .told = batch->told };
	buffer_cut(&batch->bytes, 0);
	buffer_cut(&batch->told, 0);
	put_head(batch, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	if (generation)
		mnl_attr_put_u32(batch->here, NFNL_BATCH_GENID, htonl(generation));
	end_message(batch);
	batch->first = batch->sequence;
}

void
batch_clear(struct batch *batch)
{
	buffer_clear(&batch->bytes);
	buffer_clear(&batch->told);
}

void
batch_echo(struct batch *batch)
{
	batch->here->nlmsg_flags |= NLM_F_ECHO;
}

struct nlmsghdr *
batch_message(struct batch *batch, unsigned type, unsigned flags)
{
	end_message(batch);
	batch->count++;
	return put_head(batch, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), (uint16_t)flags, NFPROTO_INET, 0);
}

/* The whole transaction must fit into the socket's buffer. */
static void
make_room(int fd, size_t bytes)
{
	int room = bytes > INT32_MAX / 4 ? INT32_MAX / 2 : (int)bytes * 2 + 65536;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
}

static void
take_error(const struct batch *batch, const struct nlmsghdr *message, struct batch_answer *answer)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(message);

	if (error->error == 0 || answer->error)
		return;
	answer->error = -error->error;
	answer->message = message->nlmsg_seq - batch->first;
}

static void
take_rule(struct batch *batch, const struct nlmsghdr *message)
{
	struct nlattr *attribute;

	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg)) {
		const uint64_t handle = mnl_attr_get_type(attribute) == NFTA_RULE_HANDLE ? be64toh(mnl_attr_get_u64(attribute)) : 0;

		if (handle)
			buffer_add(&batch->told, (struct text){ (const char *)&handle, sizeof(handle) });
	}
}

/* Errors come at once, since the kernel works while we send; the acknowledgement is the last. */
static enum result
hear(struct batch *batch, int fd, uint32_t last, struct batch_answer *answer)
{
	scoped_free char *bytes = malloc(RECEIVE_MAX);
	bool              ended = false;

	BUG_IF(!bytes, "out of memory");
	while (!ended) {
		ssize_t got = recv(fd, bytes, RECEIVE_MAX, answer->error ? MSG_DONTWAIT : 0);
		int     len = (int)got;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && answer->error)
			break;
		if (got < 0) {
			answer->error = errno;
			return RESULT_FAILED;
		}
		for (const struct nlmsghdr *m = (void *)bytes; mnl_nlmsg_ok(m, len); m = mnl_nlmsg_next(m, &len)) {
			if (m->nlmsg_seq < batch->first - 1)
				continue;
			if (m->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE))
				take_rule(batch, m);
			if (m->nlmsg_type != NLMSG_ERROR)
				continue;
			take_error(batch, m, answer);
			ended |= m->nlmsg_seq == last;
		}
	}
	if (answer->error == ERESTART || answer->error == 512 /* ERESTARTSYS, as some kernels say */)
		return RESULT_CONFLICT;
	return answer->error ? RESULT_FAILED : RESULT_DONE;
}

enum result
batch_send(struct batch *batch, struct nft_socket *socket, bool try_only, struct batch_answer *answer)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	*answer = (struct batch_answer){ 0 };
	if (batch->here)
		batch->here->nlmsg_flags |= NLM_F_ACK;
	end_message(batch);
	const uint32_t last = batch->sequence - 1;

	if (!try_only) {
		put_head(batch, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
		end_message(batch);
	}
	socket->sequence = batch->sequence;
	make_room(socket->fd, batch->bytes.len);
	if (sendto(socket->fd, batch->bytes.bytes, batch->bytes.len, 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0) {
		answer->error = errno;
		return RESULT_FAILED;
	}
	/* The first load of thousands of rules is not worth keeping room for. */
	if (batch->bytes.room > BATCH_KEPT)
		buffer_clear(&batch->bytes);
	return hear(batch, socket->fd, last, answer);
}

/* --- Questions --------------------------------------------------------------------------- */

static int
take_generation(const struct nlmsghdr *message, void *self)
{
	struct nlattr *attribute;

	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attribute) == NFTA_GEN_ID)
			*(uint32_t *)self = ntohl(mnl_attr_get_u32(attribute));
	return MNL_CB_OK;
}

static enum result
ask(struct nft_socket *socket, unsigned type, unsigned flags, void (*request)(struct nlmsghdr *, void *),
    mnl_cb_t each, void *self)
{
	scoped_free char *bytes = malloc(RECEIVE_MAX);
	struct nlmsghdr  *message;
	struct nfgenmsg  *general;
	int               more = MNL_CB_OK;

	BUG_IF(!bytes, "out of memory");
	message = mnl_nlmsg_put_header(bytes);
	general = mnl_nlmsg_put_extra_header(message, sizeof(*general));
	message->nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type);
	message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	message->nlmsg_seq = ++socket->sequence;
	*general = (struct nfgenmsg){ NFPROTO_INET, NFNETLINK_V0, 0 };
	if (request)
		request(message, self);
	if (send(socket->fd, message, message->nlmsg_len, 0) < 0)
		return RESULT_FAILED;
	while (more == MNL_CB_OK) {
		const ssize_t got = recv(socket->fd, bytes, RECEIVE_MAX, 0);

		if (got < 0)
			return RESULT_FAILED;
		more = mnl_cb_run(bytes, (size_t)got, socket->sequence, 0, each, self);
	}
	socket->sequence++;
	return more < 0 ? RESULT_FAILED : RESULT_DONE;
}

enum result
nft_generation(struct nft_socket *socket, uint32_t *out)
{
	/* An acknowledgement follows the answer, so that the end is known. */
	return ask(socket, NFT_MSG_GETGEN, NLM_F_ACK, NULL, take_generation, out);
}

enum result
nft_dump(struct nft_socket *socket, unsigned type, void (*request)(struct nlmsghdr *, void *), mnl_cb_t each,
	 void *self)
{
	return ask(socket, type, NLM_F_DUMP, request, each, self);
}
