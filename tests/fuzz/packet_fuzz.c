/*
 * Packets as the kernel's log gives them, with any prefix: the first byte is the length of the prefix. Whatever becomes a line
 * must be read as a record again, and be one line.
 */
#include <stdint.h>

#include "base/bug.h"
#include "proc/record/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	scoped_arena  arena = arena_new();
	scoped_buffer line = BUFFER_NONE;

	if (size < 1)
		return 0;
	const struct text all = { (const char *)bytes + 1, size - 1 };
	const struct text prefix = text_first(all, bytes[0] & 127);
	const struct feed_packet packet = { .prefix = prefix, .payload = text_first(text_after(all, prefix.len), FEED_PAYLOAD_MAX) };
	struct value  *record = value_object(arena);
	struct address source;

	/* A line from somewhere else is not trusted either. */
	packet_record(arena, all, value_object(arena));
	packet_field(all, TEXT("srcport"));
	const bool flushes = packet_flushes(&packet, &source);

	if (!packet_line(&line, &packet, "em0"))
		return 0;
	BUG_IF(flushes, "both for the log and not");
	for (size_t i = 0; i < line.len; i++)
		BUG_IF(line.bytes[i] < ' ' || line.bytes[i] > '~', "a byte that is none of a line");
	BUG_IF(!packet_record(arena, buffer_text(&line), record), "no record: %s", buffer_string(&line));
	BUG_IF(!text_equal(value_get(record, "rid")->text, packet_rule(&packet)), "another rule");
	return 0;
}
