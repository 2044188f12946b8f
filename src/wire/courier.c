/* One reader thread; a reply that comes too late is dropped because its id is not waited for. */
#include "wire/courier.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/steady.h"

/* On the stack of who waits. */
struct call {
	struct call    *next;
	uint32_t        id;
	bool            answered;
	struct message *reply; /* where the answer goes */
};

struct courier {
	int                 socket;
	struct courier_hooks hooks;
	pthread_t           thread;
	pthread_mutex_t     lock;
	pthread_cond_t      changed; /* any of what follows */
	bool                ended;
	uint32_t            last_id;
	struct call        *calls;   /* that wait for an answer */
	struct message      received; /* the reader thread's only */
};

static void
move_message(struct message *to, struct message *from)
{
	message_clear(to);
	to->head = from->head;
	to->nfds = from->nfds;
	memcpy(to->fds, from->fds, sizeof(from->fds));
	if (from->body.len > 0)
		memcpy(to->bytes, from->body.ptr, from->body.len);
	to->body = (struct text){ to->bytes, from->body.len };
	message_init(from);
}

static void
take_reply(struct courier *courier)
{
	struct message *received = &courier->received;

	pthread_mutex_lock(&courier->lock);
	for (struct call *call = courier->calls; call; call = call->next) {
		if (call->id != received->head.id || call->answered)
			continue;
		move_message(call->reply, received);
		call->answered = true;
		pthread_cond_broadcast(&courier->changed);
		break;
	}
	pthread_mutex_unlock(&courier->lock);
}

/* False at the end. */
static bool
take_message(struct courier *courier)
{
	struct message *received = &courier->received;
	struct pollfd   wait = { .fd = courier->socket, .events = POLLIN };
	bool            going = true;

	poll(&wait, 1, -1);
	switch (message_receive(courier->socket, received)) {
	case WIRE_AGAIN:
		return true;
	case WIRE_ENDED:
	case WIRE_BROKEN:
		return false;
	case WIRE_DONE:
		break;
	}
	if (received->head.kind == MESSAGE_REPLY) {
		take_reply(courier);
	} else if (received->head.kind == MESSAGE_EVENT) {
		struct reader in = message_reader(received);

		if (courier->hooks.event)
			courier->hooks.event(courier->hooks.self, received->head.number, &in);
	} else {
		going = false; /* nobody orders this side about */
	}
	message_clear(received);
	return going;
}

static void *
read_socket(void *self)
{
	struct courier *courier = self;

	while (take_message(courier))
		;
	pthread_mutex_lock(&courier->lock);
	courier->ended = true;
	pthread_cond_broadcast(&courier->changed);
	pthread_mutex_unlock(&courier->lock);
	if (courier->hooks.ended)
		courier->hooks.ended(courier->hooks.self);
	return NULL;
}

struct courier *
courier_new(int socket, const struct courier_hooks *hooks)
{
	struct courier *courier = calloc(1, sizeof(*courier));

	BUG_IF(!courier, "out of memory");
	courier->socket = socket;
	courier->hooks = *hooks;
	pthread_mutex_init(&courier->lock, NULL);
	steady_condition_init(&courier->changed);
	message_init(&courier->received);
	if (pthread_create(&courier->thread, NULL, read_socket, courier) == 0)
		return courier;
	close(socket);
	free(courier);
	return NULL;
}

void
courier_end(struct courier *courier)
{
	shutdown(courier->socket, SHUT_RDWR);
}

void
courier_free(struct courier *courier)
{
	if (!courier)
		return;
	shutdown(courier->socket, SHUT_RDWR);
	pthread_join(courier->thread, NULL);
	message_clear(&courier->received);
	close(courier->socket);
	pthread_cond_destroy(&courier->changed);
	pthread_mutex_destroy(&courier->lock);
	free(courier);
}

static struct timespec
deadline_in(unsigned ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += (long)(ms % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

/* Send it, waiting a little while the other side has no room. The lock is held; it is one packet, so nothing mixes. */
static enum wire_state
send_order(struct courier *courier, struct message_head head, const struct writer *body)
{
	struct pollfd wait = { .fd = courier->socket, .events = POLLOUT };

	for (int tries = 0; tries < 50; tries++) {
		const enum wire_state state = message_send(courier->socket, head, body);

		if (state != WIRE_AGAIN)
			return state;
		poll(&wait, 1, 20);
	}
	return WIRE_AGAIN;
}

/* Until it is so or the time is over; the lock is held. False when the time is over. */
static bool
wait_change(struct courier *courier, const struct timespec *deadline)
{
	return pthread_cond_timedwait(&courier->changed, &courier->lock, deadline) == 0;
}

/* An id that nobody waits for. */
static uint32_t
next_id(struct courier *courier)
{
	const struct call *call;

	do {
		courier->last_id += courier->last_id == UINT32_MAX ? 2 : 1;
		for (call = courier->calls; call && call->id != courier->last_id; call = call->next)
			;
	} while (call);
	return courier->last_id;
}

static void
forget_call(struct courier *courier, const struct call *call)
{
	struct call **at = &courier->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
}

/* Send the order and wait for its answer; the lock is held. */
static bool
exchange(struct courier *courier, const struct courier_order *order, const struct timespec *deadline)
{
	struct call call = { .next = courier->calls, .id = next_id(courier), .reply = order->reply };
	const struct message_head head = { .kind = MESSAGE_ORDER, .id = call.id, .number = order->number };

	courier->calls = &call;
	const bool is_sent = send_order(courier, head, order->body) == WIRE_DONE;

	if (is_sent && order->meanwhile) {
		pthread_mutex_unlock(&courier->lock);
		order->meanwhile(order->context);
		pthread_mutex_lock(&courier->lock);
	}
	while (is_sent && !call.answered && !courier->ended)
		if (!wait_change(courier, deadline))
			break;
	forget_call(courier, &call);
	return call.answered;
}

enum result
courier_give(struct courier *courier, const struct courier_order *order)
{
	const struct timespec deadline = deadline_in(order->timeout);
	bool                  answered = false;

	message_clear(order->reply);
	if (order->body->failed)
		return RESULT_TOO_BIG;
	pthread_mutex_lock(&courier->lock);
	if (!courier->ended)
		answered = exchange(courier, order, &deadline);
	pthread_mutex_unlock(&courier->lock);
	return answered ? order->reply->head.result : RESULT_UNAVAILABLE;
}

enum result
courier_ask(struct courier *courier, unsigned number, const struct writer *body, unsigned timeout,
	   struct message *reply)
{
	return courier_give(courier, &(struct courier_order){ number, body, timeout, reply, NULL, NULL });
}
