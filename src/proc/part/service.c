/* What is there already costs the keeper a comparison of files: so all of a part goes to it each time. */
#include "proc/part/service.h"

#include "wire/order.h"
#include "wire/sealed.h"

static enum result
send_plan(struct courier *courier, const struct services *services, struct buffer *message)
{
	scoped_buffer  plan = BUFFER_NONE;
	scoped_writer  order;
	scoped_message reply;
	struct reader  in;

	services_encode(&plan, services);
	if (plan.len > SERVICES_BYTES_MAX) {
		buffer_add_string(message, "the files of the services are too big");
		return RESULT_TOO_BIG;
	}
	writer_init(&order);
	message_init(&reply);
	put_fd(&order, sealed_new("drawbridge-services", buffer_text(&plan)));
	const enum result result = courier_ask(courier, ORDER_LOAD_SERVICES, &order, ORDER_APPLY_TIMEOUT, &reply);

	in = message_reader(&reply);
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
	struct services services;
	enum result     result = RESULT_DONE;

	services_read(view, parts, program, &services, &missing);
	if (services.nprograms > 0)
		result = send_plan(courier, &services, message);
	if (result != RESULT_DONE || missing.len == 0)
		return result;
	buffer_add(message, buffer_text(&missing));
	return RESULT_UNAVAILABLE;
}
