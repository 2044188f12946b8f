/*
 * Login protection: who failed too often is put into the table `sshlockout` for a time, and the connections he has to
 * the management of this box end. The automatic rule that goes with the table is in plan/filter/automatic.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/number.h"
#include "proc/ask/ask.h"
#include "proc/part/connections.h"

#define TABLE       "sshlockout"
#define WAITING_MAX 1024
#define SECONDS_MAX 604800

struct waiting {
	struct address  address;
	uint32_t        seconds;
	struct waiting *next;
};

struct lockout {
	struct keeper_box *box;
	pthread_mutex_t    lock;
	pthread_cond_t     wake;
	pthread_t          thread;
	struct waiting    *first, **last;
	size_t             count;
	bool               is_ending;
};

/* --- The thread ------------------------------------------------------------------------------ */

static void
end_connections(struct asking *asking, const struct address *address)
{
	const struct filter *filter = asking->box->filter;

	for (size_t i = 0; i < filter->nmanagement_ports; i++) {
		const struct state_filter which = {
			.source = { *address, address_bits(address->family) }, .protocol = 6,
			.destination_port = filter->management_ports[i],
		};

		connections_end(asking->box->setup.courier, &which);
	}
}

static void
lock_out(struct lockout *lockout, const struct waiting *one)
{
	scoped_arena               arena = arena_new();
	scoped_buffer              message = BUFFER_NONE;
	struct asking              asking = { lockout->box, arena, NULL, NULL, &message };
	const struct address_range range = { one->address, one->address };
	enum result                result = RESULT_UNAVAILABLE;

	pthread_mutex_lock(&lockout->box->lock);
	if (lockout->box->filter)
		result = table_change(&asking, TABLE, &range, false, one->seconds);
	if (result == RESULT_DONE)
		end_connections(&asking, &one->address);
	pthread_mutex_unlock(&lockout->box->lock);
	if (result == RESULT_DONE)
		log_warning("%s is locked out for %u seconds", address_print(arena, &one->address), one->seconds);
	else
		log_warning("%s cannot be locked out: %s", address_print(arena, &one->address), buffer_string(&message));
}

static void *
run(void *context)
{
	struct lockout *lockout = context;

	pthread_mutex_lock(&lockout->lock);
	for (;;) {
		struct waiting *one = lockout->first;

		if (!one && lockout->is_ending)
			break;
		if (!one) {
			pthread_cond_wait(&lockout->wake, &lockout->lock);
			continue;
		}
		lockout->first = one->next;
		if (!lockout->first)
			lockout->last = &lockout->first;
		lockout->count--;
		pthread_mutex_unlock(&lockout->lock);
		if (!lockout->is_ending)
			lock_out(lockout, one);
		free(one);
		pthread_mutex_lock(&lockout->lock);
	}
	pthread_mutex_unlock(&lockout->lock);
	return NULL;
}

struct lockout *
lockout_new(struct keeper_box *box)
{
	struct lockout *lockout = calloc(1, sizeof(*lockout));

	BUG_IF(!lockout, "out of memory");
	lockout->box = box;
	lockout->last = &lockout->first;
	pthread_mutex_init(&lockout->lock, NULL);
	pthread_cond_init(&lockout->wake, NULL);
	BUG_IF(pthread_create(&lockout->thread, NULL, run, lockout) != 0, "no thread");
	return lockout;
}

void
lockout_free(struct lockout *lockout)
{
	if (!lockout)
		return;
	pthread_mutex_lock(&lockout->lock);
	lockout->is_ending = true;
	pthread_cond_signal(&lockout->wake);
	pthread_mutex_unlock(&lockout->lock);
	pthread_join(lockout->thread, NULL);
	pthread_cond_destroy(&lockout->wake);
	pthread_mutex_destroy(&lockout->lock);
	free(lockout);
}

/* --- Asking for it ------------------------------------------------------------------------------ */

static bool
is_loopback(const struct address *address)
{
	static const struct address six = { FAMILY_INET6, { [15] = 1 } };

	return address->family == FAMILY_INET ? address->bytes[0] == 127 : address_compare(address, &six) == 0;
}

enum result
lockout_add(struct lockout *lockout, const struct value *argument, struct buffer *message)
{
	const struct value *address = value_get(argument, "address"), *seconds = value_get(argument, "seconds");
	struct waiting     *one = calloc(1, sizeof(*one));
	bool                taken = false;

	BUG_IF(!one, "out of memory");
	if (!value_is(address, VALUE_TEXT) || !address_read(address->text, &one->address) || is_loopback(&one->address)) {
		buffer_add_string(message, "no address that can be locked out");
		free(one);
		return RESULT_INVALID;
	}
	one->seconds = value_is(seconds, VALUE_INTEGER) && seconds->integer > 0
			       ? (uint32_t)(seconds->integer < SECONDS_MAX ? seconds->integer : SECONDS_MAX)
			       : 0;
	pthread_mutex_lock(&lockout->lock);
	if (lockout->count < WAITING_MAX) {
		*lockout->last = one;
		lockout->last = &one->next;
		lockout->count++;
		taken = true;
		pthread_cond_signal(&lockout->wake);
	}
	pthread_mutex_unlock(&lockout->lock);
	if (taken)
		return RESULT_DONE;
	free(one);
	buffer_add_string(message, "too many addresses wait to be locked out");
	return RESULT_TOO_BIG;
}
