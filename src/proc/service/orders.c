/* Handlers that hand on to the runner; their answers come when it is done. */
#include "proc/service/orders.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "plan/service/service.h"
#include "proc/service/query.h"
#include "proc/service/runner.h"
#include "wire/sealed.h"

/* An order that waits. The gate that gave it may be replaced meanwhile. */
struct ticket {
	struct post *post;
	uint32_t     order;
	unsigned     number, gate;
};

static struct ticket *
ticket_new(struct post *post, unsigned number)
{
	struct ticket *ticket = malloc(sizeof(*ticket));

	BUG_IF(!ticket, "out of memory");
	*ticket = (struct ticket){ post, post->order, number, post->gates };
	return ticket;
}

static void
answer(void *self, enum result result, struct text message)
{
	struct ticket *ticket = self;

	if (ticket->gate == ticket->post->gates)
		ticket->post->answer(ticket->post->self, ticket->order, ticket->number, result, message, -1);
	free(ticket);
}

/* What a daemon says is too long for a packet. */
static void
answer_sealed(void *self, enum result result, struct text text)
{
	struct ticket *ticket = self;
	const int      fd = result == RESULT_DONE ? sealed_new("drawbridge-answer", text) : -1;

	if (result == RESULT_DONE && fd < 0) {
		answer(self, RESULT_FAILED, TEXT("no memory for the answer"));
		return;
	}
	if (ticket->gate == ticket->post->gates)
		ticket->post->answer(ticket->post->self, ticket->order, ticket->number, result, text, fd);
	else if (fd >= 0)
		close(fd);
	free(ticket);
}

/* Where no daemon is ours: nowhere means that all is as if done. */
static bool
refuse(const struct post *post, struct answer *out)
{
	return post->apply == APPLY_NONE ||
	       answer_refuse(out, RESULT_UNAVAILABLE, TEXT("only a network is ours, not the services of the machine"));
}

bool
load_services(struct post *post, struct reader *in, struct answer *out)
{
	scoped_fd       fd = get_fd(in);
	struct text     bytes = TEXT_NONE;
	struct ticket  *ticket;
	scoped_arena    arena = arena_new();
	struct services services;

	if (!got_all(in) || !sealed_map(fd, SERVICES_BYTES_MAX, &bytes))
		return false;
	if (!post->runner) {
		const bool is_good = services_decode(arena, bytes, &services);

		sealed_unmap(&bytes);
		return is_good && refuse(post, out);
	}
	out->is_later = true;
	ticket = ticket_new(post, ORDER_LOAD_SERVICES);
	if (runner_apply(post->runner, bytes, answer, ticket))
		return true;
	free(ticket);
	return false;
}

bool
act_on_service(struct post *post, struct reader *in, struct answer *out)
{
	const struct text name = get_word(in, SERVICE_NAME_MAX);
	const unsigned    action = get_choice(in, SERVICE_ACTIONS);

	if (!got_all(in) || !service_name_is_valid(name))
		return false;
	if (!post->runner)
		return refuse(post, out);
	out->is_later = true;
	runner_act(post->runner, name, action, answer, ticket_new(post, ORDER_SERVICE));
	return true;
}

bool
ask_service(struct post *post, struct reader *in, struct answer *out)
{
	const struct text name = get_word(in, QUERY_NAME_MAX), argument = get_text(in, QUERY_ARGUMENT_MAX);
	struct ticket    *ticket;

	if (!got_all(in))
		return false;
	if (!post->runner)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("the services of the machine are not ours"));
	out->is_later = true;
	ticket = ticket_new(post, ORDER_ASK_SERVICE);
	if (query_start(post->loop, post->children, name, argument, answer_sealed, ticket))
		return true;
	free(ticket);
	return false;
}

bool
hear_service(struct post *post, struct reader *in, struct answer *out)
{
	const struct text name = get_word(in, SERVICE_NAME_MAX);
	int               fd;

	if (!got_all(in) || !service_name_is_valid(name))
		return false;
	fd = post->runner ? runner_hear(post->runner, name) : -1;
	if (fd < 0)
		return answer_refuse(out, RESULT_MISSING, TEXT("no such service is heard"));
	put_fd(&out->body, fd);
	return true;
}

bool
show_services(struct post *post, struct reader *in, struct answer *out)
{
	uint32_t             count = 0;
	const char          *name;
	struct daemon_status status = { 0 };

	if (!got_all(in))
		return false;
	if (!post->runner)
		return refuse(post, out);
	while (runner_name(post->runner, count))
		count++;
	put_u32(&out->body, count);
	for (uint32_t i = 0; (name = runner_name(post->runner, i)); i++) {
		(void)runner_status(post->runner, text_of(name), &status);
		put_string(&out->body, name);
		put_u32(&out->body, status.state);
		put_u32(&out->body, (uint32_t)status.pid);
		put_u32(&out->body, (uint32_t)((loop_clock() - status.since) / 1000));
		put_u32(&out->body, status.starts);
	}
	return true;
}
