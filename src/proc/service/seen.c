/* The other end of show_services(). */
#include "proc/service/seen.h"

#include <string.h>

#include "wire/order.h"
#include "wire/reader.h"

enum result
seen_services(struct courier *courier, struct arena *arena, struct seen_service **out, size_t *count, struct message *reply)
{
	scoped_writer order;

	writer_init(&order);
	const enum result result = courier_ask(courier, ORDER_SERVICES, &order, ORDER_TIMEOUT, reply);

	if (result != RESULT_DONE)
		return result;
	struct reader        in = message_reader(reply);
	const size_t         n = get_choice(&in, SERVICES_MAX + 1);
	struct seen_service *seen = ARENA_MAKE(arena, struct seen_service, n + 1);

	for (size_t i = 0; i < n; i++) {
		const struct text name = get_text(&in, SERVICE_NAME_MAX);

		memcpy(seen[i].name, name.ptr ? name.ptr : "", name.len);
		seen[i].state = get_choice(&in, DAEMON_STOPPING + 1);
		(void)get_u32(&in); /* its process */
		(void)get_u32(&in); /* for how long */
		(void)get_u32(&in); /* how often it was started */
		seen[i].losses = get_u32(&in);
		seen[i].is_wanted = get_bool(&in);
	}
	if (!got_all(&in))
		return RESULT_FAILED;
	*out = seen;
	*count = n;
	return RESULT_DONE;
}
