/* What is configured, as typed orders. */
#include "proc/part/access.h"

#include <time.h>

#include "plan/access/accounts.h"
#include "plan/access/jobs.h"
#include "plan/access/ssh.h"
#include "plan/access/tunables.h"
#include "wire/bulk.h"
#include "wire/order.h"
#include "wire/sealed.h"

#define DAY_SECONDS 86400

/* Give the order and hear what is said; what was missing before is part of it. */
static enum result
give(struct courier *courier, unsigned order, const struct writer *body, const struct buffer *missing, struct buffer *message)
{
	scoped_message reply;
	struct reader  in;
	struct text    said;

	message_init(&reply);
	const enum result result = courier_ask(courier, order, body, ORDER_APPLY_TIMEOUT, &reply);

	buffer_add(message, buffer_text(missing));
	if (result == RESULT_DONE)
		return missing->len > 0 ? RESULT_REFUSED : RESULT_DONE;
	in = message_reader(&reply);
	said = get_text(&in, ORDER_MESSAGE_MAX);
	if (message->len > 0)
		buffer_add_string(message, "; ");
	buffer_add(message, said.len > 0 ? said : TEXT("the keeper does not answer"));
	return result;
}

enum result
access_part_accounts(struct courier *courier, const struct snapshot *snapshot, struct buffer *message)
{
	scoped_arena    arena = arena_new();
	scoped_buffer   missing = BUFFER_NONE, bytes = BUFFER_NONE;
	scoped_writer   order;
	struct accounts accounts;

	accounts_read(arena, snapshot, time(NULL) / DAY_SECONDS, &accounts, &missing);
	accounts_encode(&bytes, &accounts);
	writer_init(&order);
	put_fd(&order, sealed_new("drawbridge-accounts", buffer_text(&bytes)));
	return give(courier, ORDER_SET_ACCOUNTS, &order, &missing, message);
}

enum result
access_part_tunables(struct courier *courier, const struct snapshot *snapshot, struct buffer *message)
{
	scoped_arena    arena = arena_new();
	scoped_buffer   missing = BUFFER_NONE, bytes = BUFFER_NONE;
	scoped_writer   order;
	struct tunables tunables;

	tunables_read(arena, snapshot, &tunables, &missing);
	tunables_encode(&bytes, &tunables);
	writer_init(&order);
	put_fd(&order, sealed_new("drawbridge-tunables", buffer_text(&bytes)));
	return give(courier, ORDER_SET_TUNABLES, &order, &missing, message);
}

enum result
access_part_jobs(struct courier *courier, const struct snapshot *snapshot, struct buffer *message)
{
	scoped_arena  arena = arena_new();
	scoped_buffer missing = BUFFER_NONE, bytes = BUFFER_NONE;
	scoped_writer order;
	struct jobs   jobs;

	jobs_read(arena, snapshot, &jobs, &missing);
	jobs_encode(&bytes, &jobs);
	writer_init(&order);
	put_fd(&order, sealed_new("drawbridge-jobs", buffer_text(&bytes)));
	return give(courier, ORDER_SET_JOBS, &order, &missing, message);
}

enum result
access_part_ssh(struct courier *courier, const struct snapshot *snapshot, struct buffer *message)
{
	scoped_buffer missing = BUFFER_NONE;
	scoped_writer order;
	struct ssh    ssh;

	ssh_read(snapshot, &ssh, &missing);
	writer_init(&order);
	put_bool(&order, ssh.enabled);
	put_u16(&order, ssh.port);
	put_u32(&order, ssh.login);
	put_bool(&order, ssh.forwards_agent);
	put_bool(&order, ssh.admits_root);
	put_u32(&order, (uint32_t)ssh.naddresses);
	for (size_t i = 0; i < ssh.naddresses; i++)
		put_address(&order, &ssh.addresses[i]);
	return give(courier, ORDER_SET_SSH, &order, &missing, message);
}
