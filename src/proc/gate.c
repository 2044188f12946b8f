/* The gate's inside, as far as it goes: it says hello, says that it is ready, and waits for the end. */
#include "proc/gate.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "proc/build.h"
#include "wire/courier.h"
#include "wire/order.h"

static void
keeper_gone(void *self)
{
	(void)self;
	kill(getpid(), SIGTERM);
}

static bool
say_hello(struct courier *courier)
{
	struct writer  body;
	struct message reply;

	writer_init(&body);
	message_init(&reply);
	put_text(&body, build_id());

	const enum result result = courier_ask(courier, ORDER_HELLO, &body, ORDER_TIMEOUT, &reply);

	message_clear(&reply);
	if (result != RESULT_DONE)
		log_error("the keeper does not know us: %s", result_word(result));
	return result == RESULT_DONE;
}

static bool
say_ready(struct courier *courier, const struct gate_setup *setup)
{
	struct writer  body;
	struct message reply;

	writer_init(&body);
	message_init(&reply);
	put_string(&body, "");
	put_string(&body, setup->user);
	put_string(&body, setup->password);
	put_string(&body, setup->key);
	put_string(&body, setup->secret);

	const enum result result = courier_ask(courier, ORDER_READY, &body, ORDER_TIMEOUT, &reply);

	message_clear(&reply);
	return result == RESULT_DONE;
}

int
gate_run(const struct gate_setup *setup)
{
	const struct courier_hooks hooks = { .ended = keeper_gone };
	sigset_t                  set;
	int                       number;

	/* Before there are threads: they inherit it. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);

	struct courier *courier = courier_new(setup->wire, &hooks);

	if (!courier || !say_hello(courier) || !say_ready(courier, setup)) {
		courier_free(courier);
		return 1;
	}
	sigwait(&set, &number);
	courier_free(courier);
	return 0;
}
