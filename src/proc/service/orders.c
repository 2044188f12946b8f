/* Handlers that hand on to the runner; their answers come when it is done. */
#include "proc/service/orders.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "plan/service/service.h"
#include "proc/service/query.h"
#include "proc/service/runner.h"
#include "proc/service/ticket.h"
#include "wire/sealed.h"

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
	if (runner_apply(post->runner, bytes, ticket_answer, ticket))
		return true;
	ticket_free(ticket);
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
	runner_act(post->runner, name, action, ticket_answer, ticket_new(post, ORDER_SERVICE));
	return true;
}

bool
ask_service(struct post *post, struct reader *in, struct answer *out)
{
	const struct text name = get_word(in, QUERY_NAME_MAX), argument = get_text(in, QUERY_ARGUMENT_MAX);
	struct ticket    *ticket;

	if (!got_all(in))
		return false;
	out->is_later = true;
	ticket = ticket_new(post, ORDER_ASK_SERVICE);
	const struct query_order order = { name, argument, ticket_answer_sealed, ticket };

	if (query_start(post->loop, post->children, post->runner, &order))
		return true;
	ticket_free(ticket);
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
		put_u32(&out->body, status.losses);
		put_bool(&out->body, runner_wants(post->runner, text_of(name)));
	}
	return true;
}
