/* Asking the box, and telling it to apply. Not on workers. */
#include "api/topics.h"

static struct value *
ask(const struct service *service, struct arena *arena, struct buffer *message, const char *topic, va_list args)
{
	const struct box *box = service->box;
	struct value     *argument = value_object(arena), *answer = NULL;
	const char       *name;

	while ((name = va_arg(args, const char *)))
		value_set_string(arena, argument, name, va_arg(args, const char *));
	if (!box || box->ask(box->context, arena, topic, argument, &answer, message) != RESULT_DONE)
		return NULL;
	return answer;
}

struct value *
topic_ask_args(struct request *request, struct buffer *message, const char *topic, va_list args)
{
	return ask(request->service, request->arena, message, topic, args);
}

struct value *
topic_ask(struct request *request, struct buffer *message, const char *topic, ...)
{
	va_list args;

	va_start(args, topic);
	struct value *answer = ask(request->service, request->arena, message, topic, args);

	va_end(args);
	return answer;
}

struct value *
topic_ask_again(const struct service *service, struct arena *arena, const char *topic, ...)
{
	scoped_buffer message = BUFFER_NONE;
	va_list       args;

	va_start(args, topic);
	struct value *answer = ask(service, arena, &message, topic, args);

	va_end(args);
	return answer;
}

static size_t
lines_of(struct text text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n';
	return count;
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
	if (result == RESULT_DONE)
		request->notes = lines_of(buffer_text(&said));
	else if (said.len)
		*message = arena_copy(request->arena, buffer_text(&said));
	return result;
}
