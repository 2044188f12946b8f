/* Each target gets the same datagrams. The sockets are the keeper's, made where the box is. */
#include "proc/flow/sender.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"
#include "proc/flow/datagram.h"
#include "proc/jobs/jobs.h"
#include "wire/order.h"

struct flow_sender {
	struct flow_target targets[FLOW_TARGETS_MAX];
	size_t             ntargets;
	int                sockets[2];
	struct datagram    datagram;
	uint64_t           lost;
};

static bool
is_inet6(const struct flow_target *target)
{
	return target->address.family == FAMILY_INET6;
}

/* --- Sockets ------------------------------------------------------------------------------------------------- */

struct flow_sockets
flow_sockets_ask(struct courier *courier, const struct flow_settings *settings, struct buffer *message)
{
	struct flow_sockets sockets = { { -1, -1 } };

	for (size_t i = 0; i < settings->ntargets; i++) {
		const bool inet6 = is_inet6(&settings->targets[i]);

		if (sockets.of[inet6] < 0)
			sockets.of[inet6] = jobs_socket(courier, PROBE_SOCKET_UDP, inet6, "", 0, message);
	}
	return sockets;
}

void
flow_sender_take(struct flow_sender *sender, struct flow_sockets sockets)
{
	for (size_t i = 0; i < COUNT(sender->sockets); i++) {
		if (sockets.of[i] < 0)
			continue;
		if (sender->sockets[i] >= 0)
			close(sender->sockets[i]);
		sender->sockets[i] = sockets.of[i];
	}
}

bool
flow_sender_is_ready(const struct flow_sender *sender)
{
	for (size_t i = 0; i < sender->ntargets; i++)
		if (sender->sockets[is_inet6(&sender->targets[i])] < 0)
			return false;
	return true;
}

/* --- Sending ---------------------------------------------------------------------------------------------------- */

static bool
send_to(const struct flow_sender *sender, const struct flow_target *target, struct text bytes)
{
	struct sockaddr_in  four = { .sin_family = AF_INET, .sin_port = htons(target->port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(target->port) };
	const bool          inet6 = is_inet6(target);
	const void         *to = inet6 ? (const void *)&six : (const void *)&four;

	memcpy(&six.sin6_addr, target->address.bytes, 16);
	memcpy(&four.sin_addr, target->address.bytes, 4);
	return sendto(sender->sockets[inet6], bytes.ptr, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL, to,
		      inet6 ? sizeof(six) : sizeof(four)) == (ssize_t)bytes.len;
}

void
flow_sender_flush(struct flow_sender *sender, int64_t now)
{
	const struct text bytes = datagram_finish(&sender->datagram, now);

	for (size_t i = 0; bytes.len && i < sender->ntargets; i++)
		sender->lost += !send_to(sender, &sender->targets[i], bytes);
}

void
flow_sender_tell(struct flow_sender *sender, const struct passing *passing, int64_t now)
{
	struct passing rest = *passing, part;

	if (sender->ntargets == 0 || !datagram_can_tell(&sender->datagram, passing))
		return;
	while (datagram_part(sender->datagram.version, &rest, &part)) {
		if (datagram_add(&sender->datagram, &part))
			continue;
		flow_sender_flush(sender, now);
		BUG_IF(!datagram_add(&sender->datagram, &part), "an empty datagram has no room");
	}
}

uint64_t
flow_sender_lost(const struct flow_sender *sender)
{
	return sender->lost;
}

/* --- Life -------------------------------------------------------------------------------------------------------- */

void
flow_sender_set(struct flow_sender *sender, const struct flow_settings *settings, int64_t now)
{
	flow_sender_flush(sender, now);
	/* Who is told in another version begins anew. */
	if (sender->datagram.version != settings->version)
		datagram_init(&sender->datagram, settings->version, now);
	sender->ntargets = settings->links.n > 0 ? settings->ntargets : 0;
	memcpy(sender->targets, settings->targets, sizeof(sender->targets));
}

struct flow_sender *
flow_sender_new(void)
{
	struct flow_sender *sender = calloc(1, sizeof(*sender));

	BUG_IF(!sender, "out of memory");
	sender->sockets[0] = sender->sockets[1] = -1;
	return sender;
}

void
flow_sender_free(struct flow_sender *sender)
{
	if (!sender)
		return;
	for (size_t i = 0; i < COUNT(sender->sockets); i++)
		if (sender->sockets[i] >= 0)
			close(sender->sockets[i]);
	free(sender);
}
