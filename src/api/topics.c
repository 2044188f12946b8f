/* Asking the box, and telling it to apply. LANE_SLOW and LANE_APPLY only. */
#include "api/topics.h"

#include <stdarg.h>

struct value *
topic_ask(struct request *request, struct buffer *message, const char *topic, ...)
{
	const struct box *box = request->service->box;
	struct value     *argument = value_object(request->arena), *answer = NULL;
	const char       *name;
	va_list           args;

	va_start(args, topic);
	while ((name = va_arg(args, const char *)))
		value_set_string(request->arena, argument, name, va_arg(args, const char *));
	va_end(args);
	if (!box || box->ask(box->context, request->arena, topic, argument, &answer, message) != RESULT_DONE)
		return NULL;
	return answer;
}

enum result
topic_apply(struct request *request, unsigned parts, const char **message)
{
	const struct service *service = request->service;
	scoped_buffer         said = BUFFER_NONE;
	enum result           result = RESULT_UNAVAILABLE;

	*message = "";
	if (service->box)
		result = service->box->apply(service->box->context, request->snapshot, parts, &said);
	if (result == RESULT_DONE && service->pending)
		atomic_fetch_and(service->pending, ~parts);
	if (said.len)
		*message = arena_copy(request->arena, buffer_text(&said));
	return result;
}
