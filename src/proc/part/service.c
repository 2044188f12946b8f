/* What is there already costs the keeper a comparison of files: so all of a part goes to it each time. */
#include "proc/part/service.h"

#include "base/cleanup.h"
#include "wire/order.h"
#include "wire/sealed.h"

/* What is answered is left in *reply. */
static enum result
send_plan(struct courier *courier, unsigned number, const struct services *services, struct message *reply, struct buffer *message)
{
	scoped_buffer plan = BUFFER_NONE;
	struct reader in;

	services_encode(&plan, services);
	if (plan.len > SERVICES_BYTES_MAX) {
		buffer_add_string(message, "the files of the services are too big");
		return RESULT_TOO_BIG;
	}
	scoped_writer order;

	writer_init(&order);
	put_fd(&order, sealed_new("drawbridge-services", buffer_text(&plan)));
	const enum result result = courier_ask(courier, number, &order, ORDER_APPLY_TIMEOUT, reply);

	in = message_reader(reply);
	if (result != RESULT_DONE)
		buffer_add(message, get_text(&in, ORDER_MESSAGE_MAX));
	if (result != RESULT_DONE && message->len == 0)
		buffer_add_string(message, "the keeper does not answer");
	return result;
}

enum result
service_part_apply(struct courier *courier, const struct service_view *view, unsigned parts, const char *program,
		   struct buffer *message)
{
	scoped_buffer   missing = BUFFER_NONE;
	scoped_message  reply;
	struct services services;
	enum result     result = RESULT_DONE;

	message_init(&reply);
	services_read(view, parts, program, &services, &missing);
	if (services.nprograms > 0)
		result = send_plan(courier, ORDER_LOAD_SERVICES, &services, &reply, message);
	if (result != RESULT_DONE || missing.len == 0)
		return result;
	buffer_add(message, buffer_text(&missing));
	return RESULT_UNAVAILABLE;
}

enum result
service_part_try(struct courier *courier, const struct service_view *view, const char *program, struct buffer *said,
		 struct buffer *message)
{
	scoped_buffer   missing = BUFFER_NONE;
	scoped_message  reply;
	scoped_sealed   text = TEXT_NONE;
	struct services services;

	message_init(&reply);
	services_read(view, 0, program, &services, &missing);
	if (services.n == 0 || !services.plans[0].wanted) {
		buffer_print(message, "%s is switched off: there is nothing to check", program);
		return RESULT_MISSING;
	}
	const enum result result = send_plan(courier, ORDER_TRY_SERVICES, &services, &reply, message);

	if (result != RESULT_DONE)
		return result;
	struct reader   in = message_reader(&reply);
	scoped_fd       fd = get_fd(&in);

	if (!got_all(&in) || !sealed_map(fd, ORDER_MESSAGE_MAX, &text))
		return RESULT_FAILED;
	buffer_add(said, text);
	buffer_add(message, buffer_text(&missing));
	return missing.len > 0 ? RESULT_UNAVAILABLE : RESULT_DONE;
}
