/* The frame of streams: headers, events, signs of life. */
#include "dialect/opnsense/diagnostics/stream.h"

#include "json/write.h"

struct follow *
stream_begin(struct call *call, unsigned every, bool (*more)(struct follow *, const struct service *, struct buffer *))
{
	answer_begin(call, 200, "text/event-stream");
	reply_header(call->request, "Cache-Control", "no-cache");
	/* For proxies in front of us. */
	reply_header(call->request, "X-Accel-Buffering", "no");
	return reply_follow(call->request, every, more);
}

void
stream_put(struct buffer *out, const char *event, const struct value *data)
{
	struct json json = { .out = out, .options = JSON_ESCAPE_SLASH | JSON_ASCII };

	buffer_print(out, "event: %s\n", event);
	if (data) {
		buffer_add_string(out, "data: ");
		json_value(&json, data);
		buffer_add_byte(out, '\n');
	}
	buffer_add_byte(out, '\n');
}

void
pulse_beat(struct pulse *pulse, struct buffer *out, bool had_event)
{
	pulse->quiet = had_event ? 0 : pulse->quiet + 1;
	if (pulse->quiet < pulse->limit)
		return;
	stream_put(out, "keepalive", NULL);
	pulse->quiet = 0;
}
