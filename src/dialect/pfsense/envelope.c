/* The one form that every answer of this dialect has. */
#include "dialect/pfsense/envelope.h"

#include "dialect/pfsense/settings.h"
#include "json/write.h"

#define OPTIONS JSON_ESCAPE_SLASH

const struct code *
code_find(unsigned number)
{
	size_t low = 0, high = ncodes;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (codes[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ncodes && codes[low].number == number ? &codes[low] : code_find(1);
}

/* For what brings its JSON along: growing bit by bit copies what is there again and again. */
static void
make_room(struct json *json, const struct value *value)
{
	size_t len = 0;

	for (size_t i = 0; i < value->count; i++)
		len += value->members[i].value ? value->members[i].value->text.len + 1 : 0;
	buffer_reserve(json->out, len);
}

/* As json_value(), without members whose name is a control character: they are ours. Some objects bring their JSON along. */
static void
write_value(struct json *json, const struct value *value)
{
	if (!value_is(value, VALUE_LIST) && !value_is(value, VALUE_OBJECT)) {
		json_value(json, value);
		return;
	}
	if (value->text.len) {
		json_raw(json, value->text);
		return;
	}
	make_room(json, value);
	if (value->kind == VALUE_LIST)
		json_list(json);
	else
		json_object(json);
	for (size_t i = 0; i < value->count; i++) {
		const struct text name = value->members[i].name;

		if (value->kind == VALUE_OBJECT && name.len == 1 && name.ptr[0] == '\001')
			continue;
		if (value->kind == VALUE_OBJECT)
			json_name_text(json, name);
		write_value(json, value->members[i].value);
	}
	if (value->kind == VALUE_LIST)
		json_list_end(json);
	else
		json_object_end(json);
}

void
envelope_value(struct buffer *out, const struct value *value)
{
	write_value(&(struct json){ .out = out, .options = OPTIONS }, value);
}

static void
write_code(struct request *request, const struct code *code, const char *message, const struct value *data)
{
	struct json json = { .out = &request->reply.body, .options = OPTIONS };

	reply_reset(request);
	settings_headers(request);
	reply_header(request, "Referer", "no-referrer");
	request->reply.status = code->http;
	request->reply.content_type = "application/json";
	json_object(&json);
	json_put_string(&json, "status", code->status);
	json_put_number(&json, "code", code->http);
	json_put_number(&json, "return", code->number);
	json_put_string(&json, "message", message ? message : code->message);
	json_name(&json, "data");
	if (data) {
		write_value(&json, data);
	} else {
		json_list(&json);
		json_list_end(&json);
	}
	json_object_end(&json);
	buffer_add_byte(&request->reply.body, '\n');
}

void
envelope_write(struct request *request, unsigned number, const char *message,
               const struct value *data)
{
	write_code(request, code_find(number), message, data);
}

void
envelope_write_conflict(struct request *request, const char *message)
{
	static const struct code conflict = { 1, 412, "precondition failed", NULL, NULL };

	write_code(request, &conflict, message, NULL);
}
