/* Framing: the header of a packet, and descriptors that travel with it. What is in the body is not looked at here. */
#include "wire/message.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_SIZE 16 /* kind, id, number and result, each a u32 */

_Static_assert(HEAD_SIZE + WRITER_MAX == WIRE_MESSAGE_MAX, "a full writer fills a packet");

union control {
	struct cmsghdr align;
	char           bytes[CMSG_SPACE(sizeof(int) * WIRE_FDS_MAX)];
};

void
message_init(struct message *message)
{
	message->head = (struct message_head){ 0 };
	message->body = TEXT_NONE;
	message->nfds = 0;
}

void
message_clear(struct message *message)
{
	for (size_t i = 0; i < message->nfds; i++)
		if (message->fds[i] >= 0)
			close(message->fds[i]);
	message_init(message);
}

static enum wire_state
state_of_errno(void)
{
	switch (errno) {
	case EAGAIN:
	case EINTR:
	case ENOBUFS:
		return WIRE_AGAIN;
	case EPIPE:
	case ECONNRESET:
		return WIRE_ENDED;
	default:
		return WIRE_BROKEN;
	}
}

enum wire_state
message_send(int socket, struct message_head head, const struct writer *body)
{
	uint32_t      words[] = { head.kind, head.id, head.number, head.result };
	union control control = { 0 };
	struct iovec  parts[] = { { words, sizeof(words) }, { (void *)(uintptr_t)body->bytes, body->len } };
	struct msghdr packet = { .msg_iov = parts, .msg_iovlen = 2 };

	if (body->failed)
		return WIRE_BROKEN;
	if (body->nfds > 0) {
		const size_t    size = sizeof(int) * body->nfds;
		struct cmsghdr *rights = &control.align;

		*rights = (struct cmsghdr){ CMSG_LEN(size), SOL_SOCKET, SCM_RIGHTS };
		memcpy(CMSG_DATA(rights), body->fds, size);
		packet.msg_control = &control;
		packet.msg_controllen = CMSG_SPACE(size);
	}
	if (sendmsg(socket, &packet, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return state_of_errno();
	return WIRE_DONE;
}

/* Take over the descriptors, before anything can refuse the packet and leak them. */
static void
take_fds(struct message *message, struct msghdr *packet)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(packet); part; part = CMSG_NXTHDR(packet, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;

		const size_t n = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		for (size_t i = 0; i < n && message->nfds < WIRE_FDS_MAX; i++)
			memcpy(&message->fds[message->nfds++], CMSG_DATA(part) + i * sizeof(int), sizeof(int));
	}
}

bool
message_parse(struct message *message, size_t len)
{
	struct reader  in = reader_of((struct text){ message->bytes, len });
	const uint32_t kind = get_u32(&in), id = get_u32(&in), number = get_u32(&in);
	const enum result result = get_result(&in);

	if (in.failed || kind < MESSAGE_ORDER || kind > MESSAGE_EVENT)
		return false;
	if (kind != MESSAGE_REPLY && result != RESULT_DONE)
		return false;
	message->head = (struct message_head){ (enum message_kind)kind, id, number, result };
	message->body = in.left;
	return true;
}

enum wire_state
message_receive(int socket, struct message *message)
{
	union control control;
	struct iovec  part = { message->bytes, sizeof(message->bytes) };
	struct msghdr packet = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	message_init(message);

	const ssize_t len = recvmsg(socket, &packet, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (len < 0)
		return state_of_errno();
	take_fds(message, &packet);
	if (len == 0)
		return WIRE_ENDED;
	if ((packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) || !message_parse(message, (size_t)len)) {
		message_clear(message);
		return WIRE_BROKEN;
	}
	return WIRE_DONE;
}

struct reader
message_reader(struct message *message)
{
	return (struct reader){ .left = message->body, .fds = message->fds, .nfds = message->nfds };
}
