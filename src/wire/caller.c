/* One reader thread, one order at a time; a reply that comes too late is dropped because its id is not waited for. */
#include "wire/caller.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"

struct caller {
	int                 socket;
	struct caller_hooks hooks;
	pthread_t           thread;
	pthread_mutex_t     lock;
	pthread_cond_t      changed; /* any of what follows */
	bool                busy;    /* somebody's call is under way */
	bool                ended;
	uint32_t            last_id;
	uint32_t            waiting; /* id of the call under way, 0: none, or answered */
	struct message     *reply;   /* where its answer goes */
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
take_reply(struct caller *caller)
{
	struct message *received = &caller->received;

	pthread_mutex_lock(&caller->lock);
	if (received->head.id != 0 && received->head.id == caller->waiting) {
		move_message(caller->reply, received);
		caller->waiting = 0;
		pthread_cond_broadcast(&caller->changed);
	}
	pthread_mutex_unlock(&caller->lock);
}

/* False at the end. */
static bool
take_message(struct caller *caller)
{
	struct message *received = &caller->received;
	struct pollfd   wait = { .fd = caller->socket, .events = POLLIN };
	bool            going = true;

	poll(&wait, 1, -1);
	switch (message_receive(caller->socket, received)) {
	case WIRE_AGAIN:
		return true;
	case WIRE_ENDED:
	case WIRE_BROKEN:
		return false;
	case WIRE_DONE:
		break;
	}
	if (received->head.kind == MESSAGE_REPLY) {
		take_reply(caller);
	} else if (received->head.kind == MESSAGE_EVENT) {
		struct reader in = message_reader(received);

		if (caller->hooks.event)
			caller->hooks.event(caller->hooks.self, received->head.number, &in);
	} else {
		going = false; /* nobody orders this side about */
	}
	message_clear(received);
	return going;
}

static void *
read_socket(void *self)
{
	struct caller *caller = self;

	while (take_message(caller))
		;
	pthread_mutex_lock(&caller->lock);
	caller->ended = true;
	pthread_cond_broadcast(&caller->changed);
	pthread_mutex_unlock(&caller->lock);
	if (caller->hooks.ended)
		caller->hooks.ended(caller->hooks.self);
	return NULL;
}

struct caller *
caller_new(int socket, const struct caller_hooks *hooks)
{
	struct caller     *caller = calloc(1, sizeof(*caller));
	pthread_condattr_t clock;

	BUG_IF(!caller, "out of memory");
	caller->socket = socket;
	caller->hooks = *hooks;
	pthread_mutex_init(&caller->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&caller->changed, &clock);
	pthread_condattr_destroy(&clock);
	message_init(&caller->received);
	if (pthread_create(&caller->thread, NULL, read_socket, caller) == 0)
		return caller;
	close(socket);
	free(caller);
	return NULL;
}

void
caller_free(struct caller *caller)
{
	if (!caller)
		return;
	shutdown(caller->socket, SHUT_RDWR);
	pthread_join(caller->thread, NULL);
	message_clear(&caller->received);
	close(caller->socket);
	pthread_cond_destroy(&caller->changed);
	pthread_mutex_destroy(&caller->lock);
	free(caller);
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
send_order(struct caller *caller, struct message_head head, const struct writer *body)
{
	struct pollfd wait = { .fd = caller->socket, .events = POLLOUT };

	for (int tries = 0; tries < 50; tries++) {
		const enum wire_state state = message_send(caller->socket, head, body);

		if (state != WIRE_AGAIN)
			return state;
		poll(&wait, 1, 20);
	}
	return WIRE_AGAIN;
}

/* Until it is so or the time is over; the lock is held. False when the time is over. */
static bool
wait_change(struct caller *caller, const struct timespec *deadline)
{
	return pthread_cond_timedwait(&caller->changed, &caller->lock, deadline) == 0;
}

/* Send the order and wait for its answer; the lock is held. */
static bool
exchange(struct caller *caller, struct message_head head, const struct writer *body,
	 const struct timespec *deadline)
{
	if (send_order(caller, head, body) != WIRE_DONE)
		return false;
	while (caller->waiting == head.id && !caller->ended)
		if (!wait_change(caller, deadline))
			break;
	return caller->waiting == 0;
}

enum result
caller_ask(struct caller *caller, unsigned number, const struct writer *body, unsigned timeout,
	   struct message *reply)
{
	const struct timespec deadline = deadline_in(timeout);
	bool                  late = false, answered = false;

	message_clear(reply);
	if (body->failed)
		return RESULT_TOO_BIG;
	pthread_mutex_lock(&caller->lock);
	while (caller->busy && !caller->ended && !late)
		late = !wait_change(caller, &deadline);
	if (!caller->busy && !caller->ended) {
		if (++caller->last_id == 0)
			caller->last_id = 1;
		caller->busy = true;
		caller->waiting = caller->last_id;
		caller->reply = reply;
		answered = exchange(caller, (struct message_head){ .kind = MESSAGE_ORDER,
			.id = caller->last_id, .number = number }, body, &deadline);
		caller->waiting = 0;
		caller->reply = NULL;
		caller->busy = false;
		pthread_cond_broadcast(&caller->changed);
	}
	pthread_mutex_unlock(&caller->lock);
	return answered ? reply->head.result : RESULT_UNAVAILABLE;
}
