/* The envelopes: what success, refusal and trouble look like on the wire. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api/topics.h"
#include "base/bug.h"
#include "dialect/opnsense/body.h"
#include "dialect/opnsense/call.h"

const char *
call_param_string(const struct call *call, size_t n)
{
	return arena_copy(call->request->arena, call_param(call, n));
}

const struct value *
call_query(struct call *call)
{
	if (!call->query)
		call->query = form_read(call->request->arena, call->request->query);
	return call->query;
}

const char *
call_text(struct call *call, const char *name)
{
	const struct value *value = value_get(call->input, name);

	if (!value)
		value = value_get(call_query(call), name);
	return value_as_string(call->request->arena, value);
}

struct view
call_view(const struct call *call, const struct record *record)
{
	return request_view(call->request, record);
}

const struct resource *
call_resource(const struct call *call, const char *name)
{
	const struct resource *resource = schema_named(call->request->service->schema, name);

	BUG_IF(!resource, "no resource %s", name);
	return resource;
}

/* --- the envelopes -------------------------------------------------------------------------- */

static void
start(struct request *request, unsigned status, const char *type)
{
	reply_reset(request);
	request->reply.status = status;
	request->reply.content_type = type;
}

void
answer_begin(struct call *call, unsigned status, const char *type)
{
	start(call->request, status, type);
	call->json = (struct json){ .out = &call->request->reply.body, .options = JSON_ESCAPE_SLASH | JSON_ASCII };
}

void
answer_word(struct call *call, const char *name, const char *value)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, name, value);
	json_object_end(&call->json);
}

void
answer_empty(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_list(&call->json);
	json_list_end(&call->json);
}

/* Is it empty, or are its names 0, 1, 2... in that order? */
static bool
is_counted(const struct value *value)
{
	char number[24];

	for (size_t i = 0; i < value->count; i++) {
		snprintf(number, sizeof(number), "%zu", i);
		if (!text_is(value->members[i].name, number))
			return false;
	}
	return true;
}

/* As json_value(), but such a map is a list here. */
static void
write_value(struct json *json, const struct value *value)
{
	if (!value_is(value, VALUE_OBJECT) && !value_is(value, VALUE_LIST)) {
		json_value(json, value);
		return;
	}
	if (value->kind == VALUE_LIST || is_counted(value)) {
		json_list(json);
		for (size_t i = 0; i < value->count; i++)
			write_value(json, value->members[i].value);
		json_list_end(json);
		return;
	}
	json_object(json);
	for (size_t i = 0; i < value->count; i++) {
		json_name_text(json, value->members[i].name);
		write_value(json, value->members[i].value);
	}
	json_object_end(json);
}

void
answer_value(struct call *call, const struct value *value)
{
	answer_begin(call, 200, TYPE_JSON);
	write_value(&call->json, value);
}

/* The messages of one field: a text, or a list when it came up more than once; each message once. */
static void
write_messages(struct json *json, const struct fault *first)
{
	size_t count = 0;

	for (const struct fault *fault = first; fault; fault = fault->next)
		count += strcmp(fault->field, first->field) == 0;
	if (count == 1) {
		json_string(json, first->message);
		return;
	}
	json_list(json);
	for (const struct fault *fault = first; fault; fault = fault->next) {
		bool again = strcmp(fault->field, first->field) != 0;

		for (const struct fault *before = first; !again && before != fault; before = before->next)
			again = strcmp(before->field, fault->field) == 0 &&
				strcmp(before->message, fault->message) == 0;
		if (!again)
			json_string(json, fault->message);
	}
	json_list_end(json);
}

void
answer_invalid(struct call *call, const char *root, const struct faults *faults)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", "failed");
	if (faults && !faults_none(faults)) {
		json_name(&call->json, "validations");
		json_object(&call->json);
		for (const struct fault *fault = faults->first; fault; fault = fault->next) {
			bool again = false;

			for (const struct fault *b = faults->first; !again && b != fault; b = b->next)
				again = strcmp(b->field, fault->field) == 0;
			if (again)
				continue;
			json_name(&call->json, arena_print(call->request->arena, "%s.%s", root, fault->field));
			write_messages(&call->json, fault);
		}
		json_object_end(&call->json);
	}
	json_object_end(&call->json);
}

void
answer_file(struct call *call, const char *type, const char *name)
{
	answer_begin(call, 200, type);
	if (name)
		reply_header(call->request, "Content-Disposition",
			     arena_print(call->request->arena, "attachment; filename=\"%s\"", name));
}

const char *
html_escaped(struct arena *arena, struct text text)
{
	scoped_buffer out = BUFFER_NONE;

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];

		if (c == '&')
			buffer_add_string(&out, "&amp;");
		else if (c == '<')
			buffer_add_string(&out, "&lt;");
		else if (c == '>')
			buffer_add_string(&out, "&gt;");
		else
			buffer_add_byte(&out, c);
	}
	return arena_copy(arena, buffer_text(&out));
}

static void
exception(struct call *call, const char *message, const char *title, const char *level)
{
	struct arena *arena = call->request->arena;

	call->request->keep = false;
	call->request->always = false;
	answer_begin(call, 500, TYPE_ERROR);
	call->json.options = JSON_ASCII;
	json_object(&call->json);
	json_put_string(&call->json, "errorMessage", html_escaped(arena, text_of(message)));
	if (title) {
		json_put_string(&call->json, "errorTitle", html_escaped(arena, text_of(title)));
		json_put_string(&call->json, "errorLevel", level);
	}
	json_object_end(&call->json);
}

#define UNEXPECTED "Unexpected error, check log for details"

void
answer_refusal(struct call *call, const char *title, const char *format, ...)
{
	scoped_buffer message = BUFFER_NONE;
	va_list       args;

	va_start(args, format);
	buffer_print_args(&message, format, args);
	va_end(args);
	exception(call, buffer_string(&message), title, "error");
}

void
answer_asked(struct call *call, const char *title, const char *topic, ...)
{
	scoped_buffer message = BUFFER_NONE;
	va_list       args;

	va_start(args, topic);
	const struct value *said = topic_ask_args(call->request, &message, topic, args);

	va_end(args);
	if (said)
		answer_value(call, said);
	else
		exception(call, buffer_string(&message), title, "error");
}

void
answer_warning(struct call *call, const char *title)
{
	exception(call, UNEXPECTED, title, "warning");
}

void
answer_broken(struct call *call)
{
	exception(call, UNEXPECTED, NULL, NULL);
}

void
reply_missing(struct request *request)
{
	start(request, 404, TYPE_ERROR);
	buffer_add_string(&request->reply.body, "{\"errorMessage\":\"Endpoint not found\"}");
}

void
reply_status(struct request *request, unsigned status, const char *message)
{
	start(request, status, TYPE_JSON);
	buffer_print(&request->reply.body, "{\"status\":%u,\"message\":\"%s\"}", status, message);
}
